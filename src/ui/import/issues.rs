//! How groups of findings are worded and drawn, in the dialog and in the report alike.

use egui::Color32;

use super::trial::plural;
use crate::model::import::{Finding, Findings, Issue, Outcome};
use crate::ui::FrameCtx;
use crate::ui::theme::icons;

/// Icon and colour of what became of rows.
pub fn look(cx: &FrameCtx<'_>, outcome: Outcome) -> (&'static str, Color32) {
    match outcome {
        Outcome::LeftOut => (icons::X_CIRCLE, cx.theme.error),
        Outcome::KeptWithGap => (icons::WARNING, cx.theme.warning),
        Outcome::Kept => (icons::INFO, cx.theme.text_muted),
    }
}

/// Tint and text colour of a field that something is odd about.
pub fn tint(cx: &FrameCtx<'_>, issue: Issue) -> Option<(Color32, Color32)> {
    match issue.outcome() {
        Outcome::LeftOut => Some((cx.theme.error_bg, cx.theme.error)),
        Outcome::KeptWithGap => Some((cx.theme.warning_bg, cx.theme.warning)),
        Outcome::Kept => None,
    }
}

/// What happened, and what became of it: the two halves of a sentence, the second one perhaps empty.
fn halves(issue: Issue) -> (&'static str, &'static str) {
    let sentence = issue.sentence();
    match sentence.split_once("; ") {
        Some((what, fate)) => (what, fate),
        None => (sentence, ""),
    }
}

/// What happened, with the column and the first value.
pub fn what(cx: &FrameCtx<'_>, found: &Findings) -> String {
    let what = capital(halves(found.issue).0);
    let example = found.list.first().map(|first| first.value.as_str()).filter(|value| !value.is_empty());
    let column = super::shown(&found.column).into_owned();
    let value = example.map(|value| crate::model::report::shorten(&super::shown(value), 40));
    match (column.is_empty(), value) {
        (true, None) => what,
        (true, Some(value)) => {
            cx.catalog.f("import-as-in", &[("what", what.into()), ("value", value.into())])
        }
        (false, None) => {
            cx.catalog.f("import-in-column", &[("what", what.into()), ("column", column.into())])
        }
        (false, Some(value)) => cx.catalog.f(
            "import-as-in-column",
            &[("what", what.into()), ("column", column.into()), ("value", value.into())],
        ),
    }
}

/// What became of the rows.
pub fn fate(cx: &FrameCtx<'_>, issue: Issue) -> String {
    let fate = halves(issue).1;
    if !fate.is_empty() {
        return fate.to_owned();
    }
    cx.t(match issue.outcome() {
        Outcome::LeftOut => "import-fate-left-out",
        Outcome::KeptWithGap => "import-fate-gap",
        Outcome::Kept => "import-fate-kept",
    })
}

/// One finding on one line, as it is copied: place, column, value, reason.
pub fn line(found: &Findings, finding: &Finding) -> String {
    let parts = [finding.at.as_str(), &finding.column, &finding.value, found.issue.sentence()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\t")
}

/// All findings that are listed, one per line.
pub fn lines(findings: &[Findings]) -> String {
    let all = findings.iter().flat_map(|found| found.list.iter().map(|finding| line(found, finding)));
    all.collect::<Vec<_>>().join("\n")
}

/// What a group says besides its rows, for those who hear it.
pub fn said(cx: &FrameCtx<'_>, found: &Findings) -> String {
    let rows = cx.catalog.f("import-rows-n", &[("n", plural(found.count).into())]);
    format!("{}: {rows}, {}", what(cx, found), fate(cx, found.issue))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
