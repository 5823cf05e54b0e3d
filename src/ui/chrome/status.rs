//! The line at the bottom: problems, what the case holds, running work; pointer, zoom and basemap.

use egui::{Rect, Response, Sense, Ui, vec2};

use super::parts::{self, Strip};
use super::progress::has_card;
use crate::lang::{Arg, thousands};
use crate::model::Severity;
use crate::state::{BasemapChoice, Command, Commands, Dialog, Task, ViewCommand};
use crate::store::Store;
use crate::ui::FrameCtx;
use crate::ui::format;
use crate::ui::map::MapUi;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

const GAP: f32 = 26.0;

pub fn status_ui(ui: &mut Ui, cx: &FrameCtx<'_>, map: &MapUi, commands: &mut Commands) {
    let rect = ui.max_rect();
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    end_ui(ui, cx, map, &mut strip);
    problems_ui(ui, cx, &mut strip, commands);
    bullet(ui, cx, &mut strip);
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    match cx.store() {
        Some(store) => {
            parts::text_start(ui.painter(), &mut strip, &contents(cx, store), style);
            attach_ui(ui, cx, store, &mut strip, commands);
        }
        None => {
            parts::text_start(ui.painter(), &mut strip, &cx.t("no-case"), style);
        }
    }
    for task in cx.state.tasks.iter().filter(|task| !has_card(task)) {
        task_ui(ui, cx, task, &mut strip, commands);
    }
}

/// `5 documents · 55 events · 105 claims`, or `1 dataset · 1,000,000 events`.
fn contents(cx: &FrameCtx<'_>, store: &Store) -> String {
    let count = |key, n: usize| cx.catalog.f(key, &[("n", n.into())]);
    let num_datasets = store.datasets().count();
    if num_datasets > 1 || (!store.tables.is_empty() && store.details.is_empty()) {
        let datasets = count("datasets", num_datasets);
        return format!("{datasets} · {}", count("events", store.num_events()));
    }
    let documents = count("documents", store.documents.len());
    let (events, claims) = (count("events", store.num_events()), count("claims", store.num_claims()));
    format!("{documents} · {events} · {claims}")
}

fn bullet(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip) {
    let rect = strip.start(GAP);
    ui.painter().circle_filled(rect.center(), 1.5, cx.theme.line_strong);
}

/// A part of the line that can be pressed: an icon and a text.
fn press_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    strip: &mut Strip,
    (icon, fill, color): (&str, bool, egui::Color32),
    text: &str,
    hint: &str,
) -> Response {
    let theme = cx.theme;
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let width = 18.0 + words::measure(ui.painter(), text, style).x.ceil() + 1.0;
    let rect = strip.start(width);
    let response = ui.interact(rect, ui.scope_id().with(("status", icon)), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, text));
    let color_text = if response.hovered() { theme.text_strong } else { theme.text_muted };
    let mut inner = Strip::new(rect, cx.rtl());
    let font = if fill { theme::icon_fill_font(13.0) } else { theme::icon_font(13.0) };
    let at = inner.start(13.0).center();
    ui.painter().text(at, egui::Align2::CENTER_CENTER, icon, font, color);
    inner.start(5.0);
    let style = Style { color: color_text, ..style };
    words::paint_in(ui.painter(), inner.rest(), text, style, parts::start_align(cx.rtl()), Some(1));
    controls::focus_ring(ui, &response, theme);
    response.on_hover_text(hint)
}

fn problems_ui(ui: &mut Ui, cx: &FrameCtx<'_>, strip: &mut Strip, commands: &mut Commands) {
    let problems = cx.store().map_or(&[][..], |store| store.problems.as_slice());
    let tables = cx.store().map_or(&[][..], |store| store.tables.as_slice());
    let odd = tables.iter().flat_map(|table| &table.report.findings);
    let severities = odd.clone().map(|found| found.issue.severity());
    let worst = problems.iter().map(|problem| problem.severity).chain(severities).max();
    let num_problems = problems.len() as u64 + odd.map(|found| found.count).sum::<u64>();
    let (icon, color) = match worst {
        None => (icons::CHECK_CIRCLE, cx.theme.ok),
        Some(Severity::Warning) => (icons::WARNING, cx.theme.warning),
        Some(Severity::Error) => (icons::WARNING_CIRCLE, cx.theme.error),
    };
    let num_problems = usize::try_from(num_problems).unwrap_or(usize::MAX);
    let text = cx.catalog.f("problems", &[("n", num_problems.into())]);
    let response = press_ui(ui, cx, strip, (icon, true, color), &text, &cx.t("problems-hint"));
    if response.clicked() {
        // What was odd about one file is in its report.
        let dialog = match tables {
            [table] if problems.is_empty() => Dialog::Report(table.id),
            _ => Dialog::Problems,
        };
        commands.push(ViewCommand::Dialog(Some(dialog)));
    }
}

fn attach_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, strip: &mut Strip, commands: &mut Commands) {
    let originals = store.documents.iter().filter(|document| document.original.is_some());
    let (mut total, mut attached) = (0_usize, 0_usize);
    for document in originals {
        total += 1;
        attached += usize::from(document.attached.is_some());
    }
    if total == 0 {
        return;
    }
    bullet(ui, cx, strip);
    let text = if attached == 0 {
        cx.t("originals-none")
    } else {
        cx.catalog.f("originals-some", &[("n", attached.into()), ("total", total.into())])
    };
    let look = (icons::PAPERCLIP, false, cx.theme.text_muted);
    if press_ui(ui, cx, strip, look, &text, &cx.t("originals-hint")).clicked() {
        commands.push(Command::Attach(None));
    }
}

/// What a piece of work does and how far it is.
pub fn task_text(cx: &FrameCtx<'_>, task: &Task) -> (String, String) {
    let what = cx.catalog.f(&format!("task-{}", task.message), &[("subject", task.subject.as_str().into())]);
    let number = |n: u64| Arg::from(thousands(i64::try_from(n).unwrap_or(i64::MAX)));
    let progress = match task.total {
        _ if task.done == 0 => String::new(),
        Some(total) => cx.catalog.f("task-of", &[("done", number(task.done)), ("total", number(total))]),
        None => cx.catalog.f("task-so-far", &[("done", number(task.done))]),
    };
    (what, progress)
}

fn task_ui(ui: &mut Ui, cx: &FrameCtx<'_>, task: &Task, strip: &mut Strip, commands: &mut Commands) {
    if strip.rest().width() < 160.0 {
        return;
    }
    bullet(ui, cx, strip);
    let theme = cx.theme;
    let (what, progress) = task_text(cx, task);
    let style = Style::new(TextKind::Caption, theme.text);
    parts::icon(ui.painter(), strip.start(11.0).center(), icons::CIRCLE_NOTCH, 13.0, theme.accent);
    strip.start(6.0);
    let text = if progress.is_empty() { what } else { format!("{what} · {progress}") };
    let room = strip.rest().width() - 70.0;
    let width = words::measure(ui.painter(), &text, style).x.ceil() + 1.0;
    let rect = strip.start(width.min(room));
    words::paint_in(ui.painter(), rect, &text, style, parts::start_align(cx.rtl()), Some(1));
    strip.start(10.0);
    let cancel = cx.t("cancel");
    let width = words::measure(ui.painter(), &cancel, style).x.ceil() + 1.0;
    let piece = strip.start(width);
    let height = TextKind::Caption.latin().1;
    let place = Rect::from_center_size(piece.center(), vec2(piece.width(), height));
    let clicked = parts::inside(ui, place, egui::Layout::default(), |ui| {
        ui.push_id(task.id, |ui| controls::link(ui, theme, &cancel, TextKind::Caption)).inner.clicked()
    });
    if clicked {
        commands.push(Command::CancelTask(task.id));
    }
}

/// Pointer, zoom and basemap; without a case the program's version.
fn end_ui(ui: &Ui, cx: &FrameCtx<'_>, map: &MapUi, strip: &mut Strip) {
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    let mut texts = Vec::new();
    if cx.store().is_some() {
        let status = map.status();
        if !status.basemap.is_empty() {
            texts.push(cx.t(status.basemap));
        }
        if status.zoom > 0.0 {
            texts.push(cx.catalog.f("zoom", &[("level", format!("{:.1}", status.zoom).into())]));
        }
        texts.extend(status.pointer.map(format::coordinates));
    } else {
        let version = env!("CARGO_PKG_VERSION").rsplit_once('.').map_or("", |(short, _)| short);
        let key = match cx.state.settings.basemap {
            BasemapChoice::OsmRaster | BasemapChoice::OpenFreeMap => "version",
            _ => "version-offline",
        };
        texts.push(cx.catalog.f(key, &[("version", version.into())]));
    }
    let mut first = true;
    for text in texts {
        // The start of the line is worth more than its end.
        if strip.rest().width() < 620.0 {
            break;
        }
        if !std::mem::take(&mut first) {
            let rect = strip.end(GAP);
            ui.painter().circle_filled(rect.center(), 1.5, cx.theme.line_strong);
        }
        parts::text_end(ui.painter(), strip, &text, style);
    }
}
