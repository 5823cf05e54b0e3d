//! The text itself with its marks.

use std::ops::Range;

use egui::{Color32, Rect, Ui};

use super::spans::{self, Mark};
use super::{SourceUi, TextKey};
use crate::model::{EventId, SpanRole};
use crate::state::{Commands, Dialog, EventSet, SelectCommand, TextCommand, ViewCommand};
use crate::ui::FrameCtx;
use crate::ui::details::flow::lines_ui;
use crate::ui::details::line::inside;
use crate::ui::format;
use crate::ui::theme::{TextKind, Theme};
use crate::ui::widgets::{
    Span, SpanStyle, TextDocumentColors, TextDocumentOutput, TextDocumentState, TextDocumentView, Underline,
};

/// Panels narrower than this set Arabic a little smaller.
const NARROW: f32 = 460.0;

/// The text that is shown and all that is made from it.
pub struct Shown {
    pub key: TextKey,
    pub view: TextDocumentState,
    pub marks: Vec<Mark>,
    pub dimmed: Vec<Range<usize>>,
    styled: Option<(StyleKey, Vec<Span>)>,
    finds: (u64, Vec<Range<usize>>),
}

/// What the look of the marks depends on.
#[derive(Clone, Debug, PartialEq)]
struct StyleKey {
    selected: EventSet,
    claim: Option<usize>,
    hover: Option<EventId>,
    dark: bool,
    hidden: [bool; SpanRole::ALL.len()],
}

impl Shown {
    pub fn new(key: TextKey, cx: &FrameCtx<'_>) -> Option<Self> {
        let store = cx.store()?;
        let text = store.document(key.document)?.text(key.form)?;
        let view = TextDocumentState::new(text);
        let marks = spans::marks(store, key.document, key.form, view.char_index());
        let dimmed = spans::boilerplate(store, key.document, key.form, view.char_index());
        Some(Self { key, view, marks, dimmed, styled: None, finds: (u64::MAX, Vec::new()) })
    }

    /// How many marks belong to what is selected; all if nothing is.
    pub fn num_selected(&self, cx: &FrameCtx<'_>) -> usize {
        let selection = &cx.state.view.selection;
        let primary = selection.primary();
        let own = |mark: &&Mark| match (selection.claim, primary) {
            (Some(claim), Some(event)) => mark.owners.contains(&(event, claim)),
            (None, Some(_)) => mark.owners.iter().any(|(event, _)| selection.contains(*event)),
            (_, None) => true,
        };
        self.marks.iter().filter(own).count()
    }
}

/// Colours of source texts.
pub fn colors(theme: &Theme) -> TextDocumentColors {
    TextDocumentColors {
        text: theme.text,
        dimmed: theme.disabled,
        selection: Theme::faded(theme.accent_line, 0.6),
        find: Theme::faded(theme.warning, 0.35),
        find_current: Theme::faded(theme.warning, 0.75),
    }
}

/// Sizes of type for a panel of a width.
pub fn font(width: f32) -> TextKind {
    if width < NARROW { TextKind::SourceNarrow } else { TextKind::Source }
}

/// Gap between paragraphs in points: where an empty line parts them, it is gap enough.
pub fn paragraph_gap(text: &str) -> f32 {
    if text.contains("\n\n") { 0.0 } else { 8.0 }
}

/// Paints the text, and turns pointing and clicking into commands.
pub fn text_ui(ui: &mut Ui, cx: &FrameCtx<'_>, area: Rect, state: &mut SourceUi, commands: &mut Commands) {
    let Some(shown) = &mut state.shown else { return };
    let target = &cx.state.view.text_target;
    let clicked_here = std::mem::take(&mut state.clicked_here);
    if state.seen_target != target.serial {
        state.seen_target = target.serial;
        if !clicked_here {
            let byte = shown.view.char_index().byte(target.offset as usize);
            shown.view.scroll_to(byte);
        }
    }
    let selection = &cx.state.view.selection;
    let key = StyleKey {
        selected: selection.events.clone(),
        claim: selection.claim,
        hover: cx.state.view.hover,
        dark: cx.theme.dark,
        hidden: state.hidden,
    };
    if shown.styled.as_ref().is_none_or(|(known, _)| *known != key) {
        let spans = styled(&shown.marks, cx.theme, &key);
        shown.styled = Some((key, spans));
    }
    let hits = cx.derived.found.hits(shown.key.document, shown.key.form);
    if shown.finds.0 != cx.derived.generation {
        let index = shown.view.char_index();
        let bytes = hits.iter().map(|(start, end)| index.byte_range(*start as usize..*end as usize));
        shown.finds = (cx.derived.generation, bytes.collect());
    }
    let current = hits.iter().position(|(start, _)| *start == target.offset);
    let colors = colors(cx.theme);
    let mut zoom = cx.state.settings.text_zoom;
    let font = font(area.width());
    let name = cx.store().and_then(|store| store.document(shown.key.document));
    let name = name.map_or("", |document| document.key.as_str());
    let name = cx.catalog.f("source-text", &[("document", name.into())]);
    let Shown { view, marks, dimmed, styled, finds, .. } = shown;
    let spans = styled.as_ref().map_or(&[][..], |(_, spans)| spans);
    let gap = paragraph_gap(view.text());
    let output = inside(ui, area, |ui| {
        TextDocumentView::new(view, &mut zoom, colors)
            .font(font)
            .spans(spans)
            .dimmed(dimmed)
            .finds(&finds.1, current)
            .name(&name)
            .margin(8.0)
            .paragraph_gap(gap)
            .show(ui)
    });
    if (zoom - cx.state.settings.text_zoom).abs() > 1e-4 {
        commands.push(TextCommand::Zoom(zoom));
    }
    if let Some(command) = clicked(marks, &output.clicked, selection.primary(), selection.claim) {
        match command {
            Clicked::Claim(event, claim) => {
                state.clicked_here = true;
                commands.push(SelectCommand::Claim(event, claim));
            }
            Clicked::Choose(events) => commands.push(ViewCommand::Dialog(Some(Dialog::Chooser(events)))),
        }
    }
    hover_ui(cx, marks, output, commands);
}

/// The events that share the stretch under the pointer are named; the first is hovered everywhere.
fn hover_ui(cx: &FrameCtx<'_>, marks: &[Mark], output: TextDocumentOutput, commands: &mut Commands) {
    let Some(mark) = spans::innermost(marks, &output.hovered) else { return };
    let events = mark.events();
    if let Some(event) = events.first() {
        commands.hover(*event);
    }
    // Who reads about the selected event does not need to be told so at every sentence.
    if mark.role == SpanRole::Sentence && events.iter().all(|event| cx.is_selected(*event)) {
        return;
    }
    output.response.on_hover_ui_at_pointer(|ui| lines_ui(ui, cx, &mark_lines(cx, mark, &events)));
}

/// What a stretch is evidence for, and who says it.
fn mark_lines(cx: &FrameCtx<'_>, mark: &Mark, events: &[EventId]) -> Vec<(String, bool)> {
    let Some(store) = cx.store() else { return Vec::new() };
    let lang = cx.state.settings.label_lang;
    let mut says: Vec<&str> = Vec::new();
    for (event, claim) in &mark.owners {
        let claimant = store.detail(*event).and_then(|detail| Some(detail.claims.get(*claim)?.claimant));
        let name = claimant.and_then(|claimant| store.actor(claimant)).map(|actor| actor.short_name(lang));
        if let Some(name) = name.filter(|name| !says.contains(name)) {
            says.push(name);
        }
    }
    let mut head = vec![cx.t(&format!("role-{}", mark.role.code()))];
    head.extend(says.into_iter().map(str::to_owned));
    let mut lines = vec![(head.join(" · "), false)];
    if events.len() > 1 {
        lines.push((cx.catalog.f("source-several", &[("n", events.len().into())]), true));
    }
    for event in events {
        lines.push((format::event_title(cx.catalog, store, *event, cx.lang()).to_owned(), events.len() == 1));
    }
    lines
}

/// What a click on marks asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clicked {
    Claim(EventId, usize),
    Choose(Vec<EventId>),
}

/// The claim of the innermost mark, or a choice where several events share it. A claim that is
/// selected already stays so.
pub fn clicked(
    marks: &[Mark],
    ids: &[u64],
    primary: Option<EventId>,
    claim: Option<usize>,
) -> Option<Clicked> {
    let mark = spans::innermost(marks, ids)?;
    let events = mark.events();
    if events.len() > 1 {
        return Some(Clicked::Choose(events));
    }
    let chosen = primary.zip(claim).filter(|owner| mark.owners.contains(owner));
    let (event, claim) = chosen.or_else(|| mark.owners.first().copied())?;
    Some(Clicked::Claim(event, claim))
}

/// Underline of a role.
pub fn underline(role: SpanRole) -> Underline {
    match role {
        SpanRole::Sentence => Underline::StartEdge(3.0),
        SpanRole::Trigger => Underline::Solid(2.0),
        SpanRole::Place => Underline::Dotted(2.0),
        SpanRole::Date => Underline::Dashed(2.0),
        SpanRole::Actor => Underline::Solid(1.0),
        SpanRole::Count => Underline::Double,
    }
}

/// Strength of the marks of events that are not selected.
const OTHERS: f32 = 0.38;

fn styled(marks: &[Mark], theme: &Theme, key: &StyleKey) -> Vec<Span> {
    let mut spans = Vec::with_capacity(marks.len());
    let primary = key.selected.last().copied();
    for (id, mark) in (0u64..).zip(marks) {
        if key.hidden.get(mark.role.index()).copied().unwrap_or(false) {
            continue;
        }
        let is_selected = mark.owners.iter().any(|(event, _)| key.selected.contains(event));
        let is_hovered = mark.owners.iter().any(|(event, _)| key.hover == Some(*event));
        let is_claim =
            key.claim.zip(primary).is_none_or(|(claim, event)| mark.owners.contains(&(event, claim)));
        let colors = theme.role(mark.role);
        let strong = is_selected || is_hovered || key.selected.is_empty();
        let style = if mark.role == SpanRole::Sentence {
            // Only the sentences of what is looked at: else the whole text would be tinted.
            match (is_selected && is_claim, is_hovered) {
                (true, _) => SpanStyle {
                    tint: colors.tint,
                    line: theme.accent,
                    underline: underline(mark.role),
                    text: None,
                },
                (false, true) => SpanStyle {
                    tint: colors.tint,
                    line: Color32::TRANSPARENT,
                    underline: Underline::None,
                    text: None,
                },
                // Kept without a look, so that it can be pointed at.
                (false, false) => SpanStyle {
                    tint: Color32::TRANSPARENT,
                    line: Color32::TRANSPARENT,
                    underline: Underline::None,
                    text: None,
                },
            }
        } else {
            let opacity = if strong { 1.0 } else { OTHERS };
            SpanStyle {
                tint: Theme::faded(colors.tint, opacity),
                line: Theme::faded(colors.line, opacity),
                underline: underline(mark.role),
                text: strong.then_some(theme.text_strong),
            }
        };
        spans.push(Span { id, bytes: mark.bytes.clone(), style });
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(bytes: Range<usize>, owners: &[(u32, usize)]) -> Mark {
        Mark {
            bytes,
            role: SpanRole::Trigger,
            owners: owners.iter().map(|(event, claim)| (EventId(*event), *claim)).collect(),
        }
    }

    #[test]
    fn a_click_takes_the_innermost_mark() {
        let marks =
            [mark(0..50, &[(1, 0)]), mark(10..20, &[(2, 3)]), mark(12..30, &[(1, 0), (1, 4), (2, 3)])];
        assert_eq!(clicked(&marks, &[0, 1], None, None), Some(Clicked::Claim(EventId(2), 3)));
        assert_eq!(clicked(&marks, &[0], None, None), Some(Clicked::Claim(EventId(1), 0)));
        assert_eq!(clicked(&marks, &[2], None, None), Some(Clicked::Choose(vec![EventId(1), EventId(2)])));
        assert_eq!(clicked(&marks, &[], None, None), None);
    }

    #[test]
    fn a_claim_that_shares_a_mark_stays_selected() {
        let marks = [mark(0..5, &[(1, 0), (1, 4)])];
        assert_eq!(clicked(&marks, &[0], Some(EventId(1)), Some(4)), Some(Clicked::Claim(EventId(1), 4)));
        assert_eq!(clicked(&marks, &[0], Some(EventId(2)), Some(4)), Some(Clicked::Claim(EventId(1), 0)));
    }

    #[test]
    fn hidden_roles_are_not_drawn() {
        let mut hidden = [false; SpanRole::ALL.len()];
        let key =
            |hidden| StyleKey { selected: EventSet::default(), claim: None, hover: None, dark: true, hidden };
        let marks = [mark(0..5, &[(1, 0)])];
        assert_eq!(styled(&marks, &Theme::dark(), &key(hidden)).len(), 1);
        hidden[SpanRole::Trigger.index()] = true;
        assert!(styled(&marks, &Theme::dark(), &key(hidden)).is_empty());
    }
}
