//! The import dialog: settings at the reading start, what would come of them beside.

use std::sync::Arc;

use egui::{Id, Key, Layout, Modifiers, Rect, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

use super::problems::{self, Asked, problems_ui};
use super::record::{Record, record_ui};
use super::table::{Source, TableUi, table_ui};
use super::trial::{STRIP, count, plural, strip_ui};
use super::{afar, codes, issues, saved, settings};
use crate::model::import::{Issue, Report};
use crate::state::{
    Command, Commands, ImportChange, ImportCommand, ImportDraft, ReportForm, ViewCommand, action,
};
use crate::ui::FrameCtx;
use crate::ui::chrome::parts::{self, Strip};
use crate::ui::chrome::{FieldLook, foot_ui, paragraph_ui, shell_ui, text_field};
use crate::ui::map::small::SmallMap;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{list_style, start_align};
use crate::ui::widgets::words::{self, Style};

const WIDTH: f32 = 1218.0;
const HEIGHT: f32 = 720.0;
const HEAD: f32 = 48.0;
const FOOT: f32 = 56.0;
const SIDE: f32 = 252.0;
const INSET: f32 = 16.0;
/// Room beside the buttons from which on there is enough for more than they need.
const ROOM_TO_TELL: f32 = 740.0;
/// Groups of problems that are seen without scrolling.
const MAX_GROUPS: usize = 4;

/// What stands below the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Preview,
    Map,
    Timeline,
    Codes,
}

impl Tab {
    const ALL: [(Tab, &str); 4] = [
        (Tab::Preview, "import-preview"),
        (Tab::Map, "import-map"),
        (Tab::Timeline, "import-timeline"),
        (Tab::Codes, "import-codes"),
    ];
}

/// State of the dialog.
#[derive(Default)]
pub struct ImportUi {
    /// The file of the last frame.
    file: Option<u64>,
    tab: Tab,
    /// The group of findings whose rows are shown.
    shown: Option<(Issue, String)>,
    table: TableUi,
    /// The row that is shown as a whole, and the wish that it is of.
    record: Option<(Record, u64)>,
    map: SmallMap,
    codes: codes::CodesUi,
    /// The settings are saved under this name.
    remember: Option<String>,
    saved: Option<saved::SavedUi>,
    /// Whether the last frame drew the small map.
    draws_map: bool,
    /// The button that reads the file is to get the keyboard.
    wants_focus: bool,
}

impl ImportUi {
    /// Whether a second map was drawn in the last frame.
    pub fn draws_map(&self) -> bool {
        self.draws_map
    }

    fn shown_in<'a>(&self, report: &'a Report) -> Option<(usize, &'a crate::model::import::Findings)> {
        let (issue, column) = self.shown.as_ref()?;
        report.findings.iter().enumerate().find(|(_, found)| found.issue == *issue && found.column == *column)
    }
}

/// The dialog for the file that waits, if there is one.
pub fn import_ui(ui: &Ui, cx: &FrameCtx<'_>, state: &mut ImportUi, commands: &mut Commands) {
    state.draws_map = false;
    let Some(draft) = cx.state.imports.draft.as_deref() else { return };
    let is_new = state.file != Some(draft.file);
    if is_new {
        *state = ImportUi { file: Some(draft.file), ..ImportUi::default() };
    }
    let window = ui.ctx().content_rect();
    let full = vec2(WIDTH.min(window.width() - 48.0), HEIGHT.min(window.height() - 48.0)).round();
    let id = Id::unique("import");
    let area = egui::Modal::default_area(id).accessible_name(cx.t("import-title")).role(egui::Role::Dialog);
    // A click outside closes nothing here: what was set by hand would be lost.
    parts::modal(cx.theme, id, area).show(ui.ctx(), |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let (rect, _) = ui.allocate_exact_size(full, Sense::hover());
        whole_ui(ui, cx, rect, state, draft, is_new, commands);
    });
    if let Some(saved) = &mut state.saved
        && !saved::saved_ui(ui, cx, saved, commands)
    {
        state.saved = None;
    }
}

fn whole_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    state: &mut ImportUi,
    draft: &ImportDraft,
    is_new: bool,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let (head, below) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    let (middle, foot) = below.split_top_bottom_at_y(rect.bottom() - FOOT);
    let side_x = if cx.rtl() { middle.right() - SIDE } else { middle.left() + SIDE };
    let (left, right) = middle.split_left_right_at_x(side_x);
    let (side, main) = if cx.rtl() { (right, left) } else { (left, right) };
    ui.painter().rect_filled(side, 0.0, theme.panel);
    let corner = egui::CornerRadius { sw: 8, se: 8, nw: 0, ne: 0 };
    ui.painter().rect_filled(foot, corner, theme.header);
    let line = Stroke::new(1.0, theme.line);
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, line);
    ui.painter().hline(foot.x_range(), foot.top() + 0.5, line);
    ui.painter().vline(side_x.round() - 0.5, middle.y_range(), line);
    title_ui(ui, cx, head, draft, commands);
    let inner = Rect::from_min_max(side.min, side.max - vec2(0.0, 1.0));
    super::part(ui, inner, "side", Layout::top_down(egui::Align::Min), |ui| {
        list_style(ui, theme);
        ui.set_clip_rect(inner.intersect(ui.clip_rect()));
        ScrollArea::vertical().id_salt(("import-side", draft.file)).auto_shrink([false, false]).show(
            ui,
            |ui| {
                egui::Frame::new().inner_margin(vec2(INSET, 8.0)).show(ui, |ui| {
                    if settings::settings_ui(ui, cx, draft, commands) {
                        state.saved = Some(saved::SavedUi::default());
                    }
                });
            },
        );
    });
    main_ui(ui, cx, main.shrink2(vec2(INSET, 0.0)), state, draft, commands);
    end_ui(ui, cx, foot, state, draft, is_new, commands);
}

/// `11.8 MB`, as file managers say.
fn size_text(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1000.0 && unit + 1 < units.len() {
        (value, unit) = (value / 1000.0, unit + 1);
    }
    let unit_name = units.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{bytes} {unit_name}") } else { format!("{value:.1} {unit_name}") }
}

fn title_ui(ui: &mut Ui, cx: &FrameCtx<'_>, head: Rect, draft: &ImportDraft, commands: &mut Commands) {
    let theme = cx.theme;
    let mut strip = Strip::new(head.shrink2(vec2(INSET, 0.0)), cx.rtl());
    let icon = super::format_icon(draft.settings.format);
    parts::icon(ui.painter(), strip.start(18.0).center(), icon, 20.0, theme.accent);
    strip.start(10.0);
    let place =
        Rect::from_center_size(strip.end(size::CONTROL).center().round(), parts::square(size::CONTROL));
    let close = super::part(ui, place, "close", Layout::default(), |ui| {
        controls::icon_button(ui, theme, icons::X, &cx.t("close"), size::CONTROL)
    });
    if close.clicked() {
        commands.push(ViewCommand::Dialog(None));
    }
    let title = cx.t(if draft.replaces.is_some() { "import-title-again" } else { "import-title" });
    let strong = Style::strong(TextKind::Heading, theme.text_strong);
    parts::text_start(ui.painter(), &mut strip, &title, strong);
    strip.start(8.0);
    let mut parts_of = vec![
        parts::island(&super::shown(&draft.name), true).into_owned(),
        settings::format_name(cx, draft.settings.format),
        size_text(draft.bytes),
    ];
    let waiting = cx.state.imports.waiting.len();
    if waiting > 0 {
        parts_of.push(cx.catalog.f("import-waiting", &[("n", waiting.into())]));
    }
    let muted = Style::new(TextKind::Body, theme.text_muted);
    let note = parts_of.join(" · ");
    let drawn = words::paint_in(ui.painter(), strip.rest(), &note, muted, start_align(cx.rtl()), Some(1));
    let response = ui.interact(drawn, ui.scope_id().with("import-file"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &note));
    parts::hint(response, theme, &draft.path);
}

fn main_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    state: &mut ImportUi,
    draft: &ImportDraft,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let top = rect.top() + 14.0;
    let strip = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), STRIP));
    super::part(ui, strip, "counts", Layout::default(), |ui| strip_ui(ui, cx, draft));
    let line =
        Rect::from_min_size(pos2(rect.left(), strip.bottom() + 12.0), vec2(rect.width(), size::COMPACT));
    let report = draft.counted.as_ref().map(|counted| &*counted.report);
    let shown = report.and_then(|report| state.shown_in(report)).map(|(at, _)| at);
    tabs_ui(ui, cx, line, state, draft, shown);
    let groups = report.map_or(0, |report| report.findings.len());
    let box_height = problems::HEAD + problems::ROW * groups.min(MAX_GROUPS) as f32 + 2.0;
    let bottom = rect.bottom() - 14.0;
    let body_bottom = if report.is_some() { bottom - box_height - 12.0 } else { bottom };
    let body = Rect::from_min_max(pos2(rect.left(), line.bottom() + 12.0), pos2(rect.right(), body_bottom));
    if let Some(reason) = &draft.failure {
        failure_ui(ui, cx, body, reason);
    } else {
        body_ui(ui, cx, body, state, draft, commands);
    }
    let Some(report) = report else { return };
    let place = Rect::from_min_max(pos2(rect.left(), bottom - box_height), pos2(rect.right(), bottom));
    let settings = &draft.settings;
    let asked = problems_ui(ui, cx, place, report, &|remedy| settings.has(remedy), shown);
    match asked {
        Some(Asked::Rows(at)) => {
            let group = report.findings.get(at).filter(|_| shown != Some(at));
            state.shown = group.map(|found| (found.issue, found.column.clone()));
            state.tab = Tab::Preview;
            state.record = None;
            state.table.go_to_top();
        }
        Some(Asked::Remedy(remedy, on)) => {
            commands.push(ImportCommand::Change(ImportChange::Remedy(remedy, on)))
        }
        Some(Asked::Copy) => commands.push(Command::Copy(issues::lines(&report.findings))),
        None => {}
    }
    if !draft.is_counted() {
        // What is shown is of the settings before.
        ui.painter().rect_filled(place.shrink(1.0), 4.0, crate::ui::theme::Theme::faded(theme.raised, 0.55));
    }
}

/// What the rows are, and the choice between looks at them.
fn tabs_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    line: Rect,
    state: &mut ImportUi,
    draft: &ImportDraft,
    shown: Option<usize>,
) {
    let theme = cx.theme;
    let names = Tab::ALL.map(|(_, key)| cx.t(key));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let chosen = Tab::ALL.iter().position(|(tab, _)| *tab == state.tab).unwrap_or(0);
    let mut strip = Strip::new(line, cx.rtl());
    let style = Style::new(TextKind::List, theme.text);
    let width: f32 = names.iter().map(|name| words::measure(ui.painter(), name, style).x + 20.0).sum();
    let place = strip.end(width.ceil());
    let clicked =
        super::part(ui, place, "tabs", Layout::default(), |ui| controls::segments(ui, theme, &names, chosen));
    if let Some((tab, _)) = clicked.and_then(|at| Tab::ALL.get(at)) {
        state.tab = *tab;
    }
    strip.end(12.0);
    let group = shown.and_then(|at| draft.counted.as_ref()?.report.findings.get(at));
    let (title, note) = match (state.tab, group) {
        (Tab::Preview, Some(found)) => (
            cx.catalog.f("import-rows-of", &[("what", issues::what(cx, found).into())]),
            listed_note(cx, found.count, found.list.len()),
        ),
        (Tab::Preview, None) => (cx.t("import-first-rows"), cx.t("import-first-rows-note")),
        (Tab::Map, _) => (cx.t("import-map-title"), String::new()),
        (Tab::Timeline, _) => (cx.t("import-timeline-title"), String::new()),
        (Tab::Codes, _) => (cx.t("import-codes-title"), cx.t("import-codes-note")),
    };
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let width = words::measure(ui.painter(), &title, strong).x.ceil() + 1.0;
    let room = strip.rest().width();
    let first = strip.start(width.min(room));
    words::paint_in(ui.painter(), first, &title, strong, start_align(cx.rtl()), Some(1));
    strip.start(8.0);
    let muted = Style::new(TextKind::List, theme.text_muted);
    words::paint_in(ui.painter(), strip.rest(), &note, muted, start_align(cx.rtl()), Some(1));
}

/// Says how many of the rows are listed, if these are not all.
pub fn listed_note(cx: &FrameCtx<'_>, all: u64, listed: usize) -> String {
    if all > listed as u64 {
        cx.catalog.f("import-listed", &[("n", listed.into()), ("all", count(all).into())])
    } else {
        String::new()
    }
}

fn body_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    body: Rect,
    state: &mut ImportUi,
    draft: &ImportDraft,
    commands: &mut Commands,
) {
    match (state.tab, &draft.counted) {
        (Tab::Codes, _) => codes::codes_ui(ui, cx, body, &mut state.codes, draft.settings.dialect, commands),
        (Tab::Map, Some(counted)) => {
            state.draws_map = true;
            afar::map_ui(ui, cx, &mut state.map, body, counted);
        }
        (Tab::Timeline, Some(counted)) => afar::timeline_ui(ui, cx, body, counted),
        (Tab::Map | Tab::Timeline, None) => {
            let style = Style::new(TextKind::List, cx.theme.text_muted);
            let text = cx.t("import-counting");
            words::paint_in(ui.painter(), body, &text, style, egui::Align::Center, Some(1));
        }
        (Tab::Preview, counted) => {
            let group = counted.as_ref().and_then(|counted| {
                let (_, found) = state.shown_in(&counted.report)?;
                Some((found, Arc::clone(&counted.records)))
            });
            let source = match &group {
                Some((found, records)) => Source::Findings { found, records: &**records },
                None => Source::Preview(&draft.preview),
            };
            if let Some((record, _)) = state.record.as_ref().filter(|(_, wish)| *wish == draft.wish) {
                if record_ui(ui, cx, body, record, "import-back", commands) {
                    state.record = None;
                }
                return;
            }
            let clicked = table_ui(ui, cx, &mut state.table, body, draft, &source, commands);
            state.record = clicked.map(|record| (record, draft.wish));
        }
    }
}

/// Why nothing can be read so.
fn failure_ui(ui: &mut Ui, cx: &FrameCtx<'_>, body: Rect, reason: &str) {
    let theme = cx.theme;
    let line = Stroke::new(1.0, theme.line);
    ui.painter().rect(body, 4.0, theme.error_bg, line, egui::StrokeKind::Inside);
    let mut strip = Strip::new(body.shrink(16.0), cx.rtl());
    let icon = strip.start(20.0);
    let center = pos2(icon.center().x, body.top() + 26.0);
    parts::icon(ui.painter(), center, icons::WARNING_CIRCLE, 18.0, theme.error);
    strip.start(8.0);
    super::part(ui, strip.rest(), "failure", Layout::top_down(egui::Align::Min), |ui| {
        paragraph_ui(ui, cx, &super::shown(reason));
        ui.add_space(6.0);
        paragraph_ui(ui, cx, &cx.t("import-failure-hint"));
    });
}

fn end_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    foot: Rect,
    state: &mut ImportUi,
    draft: &ImportDraft,
    is_new: bool,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let inner = foot.shrink2(vec2(INSET, 0.0));
    let events = draft.counted.as_ref().filter(|_| draft.is_counted()).map(|counted| counted.report.events);
    let text = match (draft.replaces, events) {
        (None, Some(n)) => cx.catalog.f("import-do-n", &[("n", plural(n).into())]),
        (None, None) => cx.t("import-do"),
        (Some(_), Some(n)) => cx.catalog.f("import-again-n", &[("n", plural(n).into())]),
        (Some(_), None) => cx.t("import-again"),
    };
    let enabled = draft.failure.is_none() && events != Some(0);
    let (import, cancel) = super::part(ui, inner, "end", parts::end_layout(cx.rtl()), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let import = controls::button(ui, theme, &text, true, enabled);
        let cancel = controls::button(ui, theme, &cx.t("cancel"), false, true);
        (import, cancel)
    });
    state.wants_focus |= is_new;
    // What is only measured is not shown yet and cannot have the keyboard.
    if state.wants_focus && !ui.is_sizing_pass() && ui.is_enabled() {
        state.wants_focus = false;
        import.request_focus();
    }
    let mut strip = Strip::new(inner, cx.rtl());
    let buttons =
        if cx.rtl() { cancel.rect.right() - inner.left() } else { inner.right() - cancel.rect.left() };
    strip.end(buttons.max(0.0) + 16.0);
    undone_ui(ui, cx, &mut strip);
    if draft.counted.is_some() {
        let report = cx.t("import-report-csv");
        let style = Style::new(TextKind::List, theme.accent);
        let width = words::measure(ui.painter(), &report, style).x.ceil() + 1.0;
        let place = Rect::from_center_size(strip.end(width).center(), vec2(width, 16.0));
        let clicked = super::part(ui, place, "list", Layout::default(), |ui| {
            controls::link(ui, theme, &report, TextKind::List).clicked()
        });
        if clicked {
            commands.push(ImportCommand::ExportReport { dataset: None, form: ReportForm::Csv, path: None });
        }
        strip.end(16.0);
    }
    let entered = remember_ui(ui, cx, strip.rest(), state, draft);
    // Enter reads the file unless something else has the keyboard.
    let free = ui.memory(|memory| memory.focused().is_none()) && !egui::Popup::is_any_open(ui.ctx());
    let pressed = free && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    if enabled && (import.clicked() || pressed || entered) {
        let remember = state.remember.clone().filter(|name| !name.trim().is_empty());
        commands.push(ImportCommand::Read { remember });
    }
    if cancel.clicked() {
        commands.push(ViewCommand::Dialog(None));
    }
}

/// Says how to take back what the button does, if there is room.
fn undone_ui(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip) {
    let Some(keys) = action("undo").and_then(|action| action.shortcut) else { return };
    if strip.rest().width() < ROOM_TO_TELL {
        return;
    }
    parts::key_end(ui.painter(), cx.theme, strip, &parts::shortcut_parts(cx.catalog, keys));
    strip.end(5.0);
    let text = cx.t("import-undone-with");
    let muted = Style::new(TextKind::List, cx.theme.text_muted);
    let width = words::measure(ui.painter(), &text, muted).x.ceil() + 1.0;
    words::paint_in(ui.painter(), strip.end(width), &text, muted, start_align(cx.rtl()), Some(1));
    strip.end(20.0);
}

/// Whether the settings are saved, and under which name. Whether Enter was pressed in the name.
fn remember_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    state: &mut ImportUi,
    draft: &ImportDraft,
) -> bool {
    let theme = cx.theme;
    let text = cx.t("import-remember");
    let style = Style::new(TextKind::List, theme.text);
    let mut strip = Strip::new(rect, cx.rtl());
    let width = words::measure(ui.painter(), &text, style).x.ceil() + 25.0;
    let place = strip.start(width);
    let response = ui.interact(place, ui.scope_id().with("remember"), Sense::click());
    let on = state.remember.is_some();
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, &text));
    let mut inner = Strip::new(place, cx.rtl());
    let mark = inner.start(16.0).center().round();
    controls::paint_checkbox(ui, theme, mark, on, true);
    inner.start(8.0);
    let color = if response.hovered() { theme.text_strong } else { theme.text };
    let align = start_align(cx.rtl());
    words::paint_in(ui.painter(), inner.rest(), &text, Style { color, ..style }, align, Some(1));
    controls::focus_ring(ui, &response, theme);
    let id = Id::unique("import-remember-name");
    if response.clicked() {
        state.remember = match state.remember {
            Some(_) => None,
            None => Some(draft.saved.clone().unwrap_or_else(|| stem(&draft.name))),
        };
        if state.remember.is_some() {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
    }
    let Some(name) = &mut state.remember else { return false };
    strip.start(12.0);
    let field = strip.start(220.0);
    let field = Rect::from_center_size(field.center(), vec2(field.width(), size::CONTROL)).round();
    let (placeholder, named) = (cx.t("import-remember-placeholder"), cx.t("import-remember-name"));
    let look = FieldLook {
        id,
        placeholder: &placeholder,
        name: &named,
        kind: TextKind::List,
        height: size::CONTROL,
        padding: (8.0, 8.0),
        framed: true,
    };
    super::part(ui, field, "name", Layout::default(), |ui| text_field(ui, theme, look, name)).submitted
}

/// A file's name without its ending.
fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// Asks whether a file is opened that takes much memory.
pub fn large_ui(ui: &Ui, cx: &FrameCtx<'_>, path: &str, sentence: &str, commands: &mut Commands) {
    shell_ui(ui, cx, &cx.t("large-title"), 480.0, commands, |ui, commands| {
        egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 16.0)).show(ui, |ui| {
            paragraph_ui(ui, cx, &super::shown(sentence));
            ui.add_space(8.0);
            paragraph_ui(ui, cx, &cx.t("large-question"));
        });
        let (open, leave) = (cx.t("large-open"), cx.t("large-leave"));
        foot_ui(ui, cx, "", |ui| {
            let answer = |open| ImportCommand::Large { path: path.to_owned(), open };
            if controls::button(ui, cx.theme, &open, true, true).clicked() {
                commands.push(answer(true));
            }
            if controls::button(ui, cx.theme, &leave, false, true).clicked() {
                commands.push(answer(false));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_decimal_units() {
        assert_eq!(size_text(512), "512 B");
        assert_eq!(size_text(11_812_000), "11.8 MB");
        assert_eq!(size_text(u64::MAX), "18446744.1 TB");
        assert_eq!(stem("a.b.csv"), "a.b");
        assert_eq!(stem("events"), "events");
    }
}
