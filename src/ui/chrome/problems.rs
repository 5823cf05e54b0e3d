//! Everything that was not read as it stands: message, file, place in the file, value.

use egui::{Rect, ScrollArea, Sense, Ui, pos2, vec2};

use super::dialogs::{foot_ui, paragraph_ui, room_for_body, shell_ui};
use super::find::join;
use super::parts::{self, Strip};
use crate::lang::thousands;
use crate::model::import::Report;
use crate::model::report::About;
use crate::model::{Problem, Severity};
use crate::state::{Command, Commands, Dialog, SelectCommand, TextCommand, ViewCommand};
use crate::store::DatasetId;
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::raw::quoted;
use crate::ui::widgets::words::{self, Style};

const ROW: f32 = 46.0;

/// State of the list.
#[derive(Default)]
pub struct ProblemsUi {
    /// Only problems of this severity.
    only: Option<Severity>,
}

pub fn problems_ui(ui: &Ui, cx: &FrameCtx<'_>, state: &mut ProblemsUi, commands: &mut Commands) {
    let problems = cx.store().map_or(&[][..], |store| store.problems.as_slice());
    let title = cx.catalog.f("problems", &[("n", problems.len().into())]);
    let tables = cx.store().map_or(&[][..], |store| store.tables.as_slice());
    shell_ui(ui, cx, &title, 720.0, commands, |ui, commands| {
        for table in tables {
            report_row_ui(ui, cx, table.id, &table.report, commands);
        }
        if problems.is_empty() && !tables.is_empty() {
            return;
        }
        if problems.is_empty() {
            egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 20.0)).show(ui, |ui| {
                paragraph_ui(ui, cx, &cx.t("problems-none"));
            });
            return;
        }
        severity_ui(ui, cx, problems, state);
        let shown: Vec<&Problem> = problems
            .iter()
            .filter(|problem| state.only.is_none_or(|severity| problem.severity == severity))
            .collect();
        let height = room_for_body(ui, 460.0);
        parts::float_scroll_bars(ui);
        let list =
            ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]);
        list.show_rows(ui, ROW, shown.len(), |ui, rows| {
            for problem in shown.get(rows).unwrap_or_default() {
                row_ui(ui, cx, problem, commands);
            }
        });
        let (copy, note) = (cx.t("problems-copy"), cx.t("problems-note"));
        foot_ui(ui, cx, &note, |ui| {
            if controls::button(ui, cx.theme, &copy, false, true).clicked() {
                let lines: Vec<String> = shown.iter().map(|problem| problem.to_string()).collect();
                commands.push(Command::Copy(lines.join("\n")));
            }
        });
    });
}

/// The way to the report of a dataset, and how much is in it.
fn report_row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    dataset: DatasetId,
    report: &Report,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let name = cx.catalog.f("report-title", &[("file", quoted(&report.file).as_ref().into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let odd: u64 = report.findings.iter().map(|found| found.count).sum();
    let worst = report.findings.iter().map(|found| found.issue.severity()).max();
    let (icon, color) = match worst {
        None => (icons::CHECK_CIRCLE, theme.ok),
        Some(Severity::Warning) => (icons::WARNING, theme.warning),
        Some(Severity::Error) => (icons::WARNING_CIRCLE, theme.error),
    };
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    parts::icon(ui.painter(), strip.start(16.0).center(), icon, 16.0, color);
    strip.start(10.0);
    let caret = if cx.rtl() { icons::CARET_LEFT } else { icons::CARET_RIGHT };
    parts::icon(ui.painter(), strip.end(12.0).center(), caret, 12.0, theme.text_muted);
    strip.end(8.0);
    let count = |n: u64| thousands(i64::try_from(n).unwrap_or(i64::MAX));
    let many = usize::try_from(odd).unwrap_or(usize::MAX);
    let key = if odd == 0 { "import-problems-none" } else { "import-problems-of" };
    let note = cx.catalog.f(key, &[("n", many.into()), ("rows", count(report.rows).into())]);
    let muted = Style::new(TextKind::List, theme.text_muted);
    parts::text_end(ui.painter(), &mut strip, &note, muted);
    strip.end(8.0);
    let title = Style::new(TextKind::Body, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), &name, title, parts::start_align(cx.rtl()), Some(1));
    if response.clicked() {
        commands.push(ViewCommand::Dialog(Some(Dialog::Report(dataset))));
    }
}

fn severity_ui(ui: &mut Ui, cx: &FrameCtx<'_>, problems: &[Problem], state: &mut ProblemsUi) {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let counts = [
        ("problems-all", problems.len()),
        ("problems-errors", errors),
        ("problems-warnings", problems.len() - errors),
    ];
    let texts = counts.map(|(key, n)| cx.catalog.f(key, &[("n", n.into())]));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let chosen = match state.only {
        None => 0,
        Some(Severity::Error) => 1,
        Some(Severity::Warning) => 2,
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::COMPACT + 20.0), Sense::hover());
    let inner = rect.shrink2(vec2(size::DIALOG_INSET, 10.0));
    let clicked = parts::inside(ui, inner, parts::start_layout(cx.rtl()), |ui| {
        controls::segments(ui, cx.theme, &texts, chosen)
    });
    if let Some(clicked) = clicked {
        state.only = match clicked {
            1 => Some(Severity::Error),
            2 => Some(Severity::Warning),
            _ => None,
        };
    }
}

fn row_ui(ui: &mut Ui, cx: &FrameCtx<'_>, problem: &Problem, commands: &mut Commands) {
    let theme = cx.theme;
    let leads = problem.about.is_some();
    let sense = if leads { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
    response.widget_info(|| {
        let role = if leads { egui::Role::Button } else { egui::Role::Label };
        egui::WidgetInfo::labeled(role, true, &problem.message)
    });
    if leads && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let (icon, color) = match problem.severity {
        Severity::Warning => (icons::WARNING, theme.warning),
        Severity::Error => (icons::WARNING_CIRCLE, theme.error),
    };
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    parts::icon(ui.painter(), strip.start(16.0).center(), icon, 16.0, color);
    strip.start(10.0);
    if leads {
        let caret = if cx.rtl() { icons::CARET_LEFT } else { icons::CARET_RIGHT };
        parts::icon(ui.painter(), strip.end(12.0).center(), caret, 12.0, theme.text_muted);
        strip.end(8.0);
    }
    let room = strip.rest();
    let align = parts::start_align(cx.rtl());
    let line = |top: f32| Rect::from_min_size(pos2(room.left(), rect.top() + top), vec2(room.width(), 18.0));
    let title = Style::new(TextKind::Body, theme.text_strong);
    words::paint_in(ui.painter(), line(5.0), &problem.message, title, align, Some(1));
    let note = join(&[&problem.value, &problem.at, &problem.file]);
    let muted = Style::new(TextKind::List, theme.text_muted);
    words::paint_in(ui.painter(), line(23.0), &note, muted, align, Some(1));
    let clicked = response.clicked();
    parts::hint(response, theme, &problem.to_string());
    if clicked {
        commands.push(ViewCommand::Dialog(None));
        match problem.about {
            Some(About::Event(event)) => commands.push(SelectCommand::Event(event)),
            Some(About::Document(document)) => commands.push(TextCommand::Show(document)),
            None => {}
        }
    }
}
