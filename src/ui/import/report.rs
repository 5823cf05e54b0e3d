//! The report of a dataset that is open: sums that add up, what is odd in groups with their remedies, the
//! rows of a group, and the record of a row as the file has it.

use egui::{Layout, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::codes::{CodesUi, codes_ui};
use super::dialog::listed_note;
use super::issues;
use super::problems::{self, Asked, problems_ui};
use super::record::{Record, record_ui};
use super::settings::{dialect_name, format_name};
use super::trial::{count, plural};
use crate::model::EventId;
use crate::model::import::{Finding, Findings, Issue, Outcome, Report};
use crate::state::{Command, Commands, ImportCommand, ReportForm, SelectCommand, ViewCommand};
use crate::store::{DatasetId, Table};
use crate::ui::FrameCtx;
use crate::ui::chrome::parts::{self, Strip};
use crate::ui::chrome::{foot_with_ui, room_for_body, shell_ui};
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{row_focus, start_align, tip};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{LongList, LongListLayout};

const WIDTH: f32 = 980.0;
const HEIGHT: f32 = 620.0;
const SUMS: f32 = 74.0;
const ROW: f32 = 26.0;
/// Groups that are seen without scrolling while rows are shown below.
const MAX_GROUPS: usize = 5;

/// State of the report.
#[derive(Default)]
pub struct ReportUi {
    /// The group whose rows are shown.
    shown: Option<(Issue, String)>,
    rows: LongList,
    /// The row whose record is shown.
    record: Option<Record>,
    /// The table of codes is shown instead.
    codes: Option<CodesUi>,
}

pub fn report_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    state: &mut ReportUi,
    dataset: DatasetId,
    commands: &mut Commands,
) {
    let Some(table) = cx.store().and_then(|store| store.table(dataset)) else {
        commands.push(ViewCommand::Dialog(None));
        return;
    };
    let report = &*table.report;
    let title = cx.catalog.f("report-title", &[("file", super::quoted(&report.file).as_ref().into())]);
    shell_ui(ui, cx, &title, WIDTH, commands, |ui, commands| {
        let height = room_for_body(ui, height(report, state));
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let inner = rect.shrink2(vec2(size::DIALOG_INSET, 0.0));
        let (sums, rest) = inner.split_top_bottom_at_y(inner.top() + SUMS);
        sums_ui(ui, cx, sums, report);
        let body = Rect::from_min_max(rest.min, rest.max - vec2(0.0, 12.0));
        if let Some(codes) = &mut state.codes {
            let dialect = report.detected.settings.dialect;
            codes_ui(ui, cx, body, codes, dialect, commands);
        } else if let Some(record) = &state.record {
            if record_ui(ui, cx, body, record, "report-back", commands) {
                state.record = None;
            }
        } else {
            groups_ui(ui, cx, body, state, dataset, table, commands);
        }
        buttons_ui(ui, cx, state, dataset, commands);
    });
}

/// How high the report is: with rows, codes or a record as high as can be, else as high as its groups.
fn height(report: &Report, state: &ReportUi) -> f32 {
    if state.shown.is_some() || state.codes.is_some() || state.record.is_some() {
        return HEIGHT;
    }
    let groups = problems::HEAD + problems::ROW * report.findings.len() as f32;
    (SUMS + groups + ROW * report.detected.settings.remedies.len() as f32 + 30.0).clamp(150.0, HEIGHT)
}

/// `48,212 rows = 48,189 events + 23 left out`, and what of the events is in trays or has gaps.
fn sums_ui(ui: &mut Ui, cx: &FrameCtx<'_>, rect: Rect, report: &Report) {
    let theme = cx.theme;
    let settings = &report.detected.settings;
    let (rows, events, left_out) = (count(report.rows), count(report.events), count(report.left_out));
    let terms = [
        (rows.clone(), cx.t("report-rows"), theme.text_strong),
        ("=".to_owned(), String::new(), theme.text_muted),
        (events.clone(), cx.t("report-events"), theme.ok),
        ("+".to_owned(), String::new(), theme.text_muted),
        (
            left_out.clone(),
            cx.t("report-left-out"),
            if report.left_out > 0 { theme.error } else { theme.text_strong },
        ),
    ];
    let line = Rect::from_min_size(rect.min + vec2(0.0, 12.0), vec2(rect.width(), 26.0));
    let mut strip = Strip::new(line, cx.rtl());
    for (number, name, color) in &terms {
        let strong = Style::strong(TextKind::KeyNumber, *color);
        parts::text_start(ui.painter(), &mut strip, number, strong);
        strip.start(6.0);
        if !name.is_empty() {
            let plain = Style::new(TextKind::Body, theme.text);
            parts::text_start(ui.painter(), &mut strip, name, plain);
            strip.start(8.0);
        }
    }
    let said = format!("{rows} {} = {events} {} + {left_out} {}", terms[0].1, terms[2].1, terms[4].1);
    let response = ui.interact(line, ui.scope_id().with("sums"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    let counts = [
        ("report-undated", report.undated),
        ("report-unplaced", report.unplaced),
        ("report-gaps", report.with_gaps),
    ];
    let mut notes = vec![match settings.dialect {
        Some(dialect) => dialect_name(cx, Some(dialect)),
        None => format_name(cx, settings.format),
    }];
    notes.extend(counts.map(|(key, n)| cx.catalog.f(key, &[("n", plural(n).into())])));
    if let Some(why) = &report.cut_short {
        notes.push(super::shown(why).into_owned());
    }
    let note = notes.join(" · ");
    let muted = Style::new(TextKind::List, theme.text_muted);
    let below = Rect::from_min_size(rect.min + vec2(0.0, 42.0), vec2(rect.width(), 18.0));
    words::paint_in(ui.painter(), below, &note, muted, start_align(cx.rtl()), Some(1));
    let response = ui.interact(below, ui.scope_id().with("sums-note"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &note));
}

fn groups_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    body: Rect,
    state: &mut ReportUi,
    dataset: DatasetId,
    table: &Table,
    commands: &mut Commands,
) {
    let report = &*table.report;
    let settings = &report.detected.settings;
    // A remedy that is in use leaves no findings: it is undone in this line.
    let in_use = settings.remedies.len() as f32;
    let shown = state.shown.as_ref().and_then(|(issue, column)| {
        let is = |found: &&Findings| found.issue == *issue && found.column == *column;
        report.findings.iter().position(|found| is(&found))
    });
    let remedies = Rect::from_min_size(body.min, vec2(body.width(), in_use * ROW));
    remedies_ui(ui, cx, remedies, dataset, report, commands);
    let body = Rect::from_min_max(
        pos2(body.left(), remedies.bottom() + if in_use > 0.0 { 8.0 } else { 0.0 }),
        body.max,
    );
    let needed = problems::HEAD + problems::ROW * report.findings.len() as f32 + 2.0;
    let most = match shown {
        Some(_) => problems::HEAD + problems::ROW * MAX_GROUPS as f32 + 2.0,
        None => body.height(),
    };
    let place = Rect::from_min_size(body.min, vec2(body.width(), needed.min(most)));
    match problems_ui(ui, cx, place, report, &|remedy| settings.has(remedy), shown) {
        Some(Asked::Rows(at)) => {
            let group = report.findings.get(at).filter(|_| shown != Some(at));
            state.shown = group.map(|found| (found.issue, found.column.clone()));
            state.rows = LongList::default();
        }
        Some(Asked::Remedy(remedy, on)) => commands.push(ImportCommand::Remedy { dataset, remedy, on }),
        Some(Asked::Copy) => commands.push(Command::Copy(issues::lines(&report.findings))),
        None => {}
    }
    let Some(found) = shown.and_then(|at| report.findings.get(at)) else { return };
    let below = Rect::from_min_max(pos2(body.left(), place.bottom() + 10.0), body.max);
    let head = Rect::from_min_size(below.min, vec2(below.width(), 20.0));
    let mut strip = Strip::new(head, cx.rtl());
    let strong = Style::strong(TextKind::List, cx.theme.text_strong);
    parts::text_start(ui.painter(), &mut strip, &cx.t("report-rows-of"), strong);
    strip.start(8.0);
    let note = listed_note(cx, found.count, found.list.len());
    let note = if note.is_empty() { cx.t("report-rows-hint") } else { note };
    let muted = Style::new(TextKind::List, cx.theme.text_muted);
    words::paint_in(ui.painter(), strip.rest(), &note, muted, start_align(cx.rtl()), Some(1));
    let list = Rect::from_min_max(pos2(below.left(), head.bottom() + 6.0), below.max);
    ui.painter().rect(list, 4.0, cx.theme.raised, Stroke::new(1.0, cx.theme.line), StrokeKind::Inside);
    let layout =
        LongListLayout { rect: list.shrink(1.0), row_height: ROW, num_rows: found.list.len(), reveal: None };
    let mut clicked = None;
    state.rows.show(ui, "findings", layout, |ui, at| {
        let Some(finding) = found.list.get(at) else { return };
        if finding_ui(ui, cx, found.issue, finding) {
            clicked = Some(finding);
        }
    });
    if let Some(finding) = clicked {
        match event_of(table, finding) {
            Some(event) => {
                commands.push(ViewCommand::Dialog(None));
                commands.push(SelectCommand::Event(event));
            }
            None => state.record = Some(record_of(table, found.issue, finding)),
        }
    }
}

/// The remedies in use, each with a way back.
fn remedies_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    dataset: DatasetId,
    report: &Report,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    for (at, remedy) in report.detected.settings.remedies.iter().enumerate() {
        let row = Rect::from_min_size(rect.min + vec2(0.0, at as f32 * ROW), vec2(rect.width(), ROW));
        let mut strip = Strip::new(row, cx.rtl());
        parts::icon(ui.painter(), strip.start(16.0).center(), icons::CHECK_CIRCLE, 14.0, theme.ok);
        strip.start(6.0);
        let text = cx.t(&format!("import-remedy-{}", remedy.code()));
        parts::text_start(ui.painter(), &mut strip, &text, Style::new(TextKind::List, theme.text));
        strip.start(12.0);
        let undo = cx.t("import-remedy-undo");
        let width =
            words::measure(ui.painter(), &undo, Style::new(TextKind::List, theme.accent)).x.ceil() + 1.0;
        let place = Rect::from_center_size(strip.start(width).center(), vec2(width, 16.0));
        let clicked = parts::inside(ui, place, Layout::default(), |ui| {
            ui.push_id(remedy.code(), |ui| controls::link(ui, theme, &undo, TextKind::List)).inner.clicked()
        });
        if clicked {
            commands.push(ImportCommand::Remedy { dataset, remedy: *remedy, on: false });
        }
    }
}

/// Where, in which column, which value. Whether it was clicked.
fn finding_ui(ui: &Ui, cx: &FrameCtx<'_>, issue: Issue, finding: &Finding) -> bool {
    let theme = cx.theme;
    let rect = ui.max_rect();
    let response = ui.interact(rect, ui.scope_id().with("finding"), Sense::click());
    let said = format!("{} {}: {}", finding.at, finding.column, finding.value);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let align = start_align(cx.rtl());
    let mut strip = Strip::new(rect.shrink2(vec2(12.0, 0.0)), cx.rtl());
    let muted = Style::new(TextKind::List, theme.text_muted);
    words::paint_in(ui.painter(), strip.start(120.0), &super::shown(&finding.at), muted, align, Some(1));
    strip.start(8.0);
    words::paint_in(ui.painter(), strip.start(150.0), &super::shown(&finding.column), muted, align, Some(1));
    strip.start(8.0);
    let color = match issue.outcome() {
        Outcome::LeftOut => theme.error,
        Outcome::KeptWithGap => theme.warning,
        Outcome::Kept => theme.text,
    };
    let style = Style::new(TextKind::List, color);
    words::paint_in(ui.painter(), strip.rest(), &super::shown(&finding.value), style, align, Some(1));
    row_focus(ui, &response, theme);
    let clicked = response.clicked();
    tip(response, theme, &format!("{}\n{}", super::shown(&finding.value), issue.sentence()));
    clicked
}

/// The event that a finding is about, if its row is one. Looks at the rows one by one.
fn event_of(table: &Table, finding: &Finding) -> Option<EventId> {
    let is_row = |row: &usize| table.offset_of(*row) == Some(finding.offset);
    table.rows.clone().find(is_row).map(EventId::from_index)
}

fn record_of(table: &Table, issue: Issue, finding: &Finding) -> Record {
    let mut values = table.records.fields(finding.offset);
    if values.is_empty() {
        values.push(finding.value.clone());
    }
    Record::new(&finding.at, issue.sentence(), table.records.header(), &values)
}

fn buttons_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut ReportUi,
    dataset: DatasetId,
    commands: &mut Commands,
) {
    let texts = ["report-settings", "report-json", "report-csv"].map(|key| cx.t(key));
    let codes = cx.t(if state.codes.is_some() { "report-problems" } else { "report-codes" });
    let asked = foot_with_ui(
        ui,
        cx,
        |ui| controls::link(ui, cx.theme, &codes, TextKind::List).clicked(),
        |ui| texts.each_ref().map(|text| controls::button(ui, cx.theme, text, false, true).clicked()),
    );
    if asked.0 {
        state.codes = if state.codes.is_some() { None } else { Some(CodesUi::default()) };
    }
    let [settings, json, csv] = asked.1;
    if settings {
        commands.push(ImportCommand::Edit(dataset));
    }
    for (wanted, form) in [(json, ReportForm::Json), (csv, ReportForm::Csv)] {
        if wanted {
            commands.push(ImportCommand::ExportReport { dataset: Some(dataset), form, path: None });
        }
    }
}
