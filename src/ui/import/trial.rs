//! What would come of the file with the present settings: the strip of counts over the preview.

use egui::{Color32, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::lang::thousands;
use crate::model::import::{Issue, Report};
use crate::model::time::{DateStyle, civil_from_days, format_day};
use crate::state::ImportDraft;
use crate::ui::FrameCtx;
use crate::ui::chrome::parts::island;
use crate::ui::theme::TextKind;
use crate::ui::widgets::rows::{Strip, start_align};
use crate::ui::widgets::words::{self, Style};

/// Height of the strip.
pub const STRIP: f32 = 70.0;

/// A number as messages take it.
pub fn count(n: u64) -> String {
    thousands(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A number for messages that have a plural.
pub fn plural(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// One of the five numbers.
struct Cell {
    number: String,
    color: Color32,
    name: String,
    note: String,
}

pub fn strip_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), STRIP), Sense::hover());
    ui.painter().rect(rect, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let cells = cells(cx, draft);
    let mut strip = Strip::new(rect, cx.rtl());
    let width = (rect.width() / cells.len().max(1) as f32).floor();
    let num_cells = cells.len();
    for (at, cell) in cells.into_iter().enumerate() {
        let place = if at + 1 == num_cells { strip.rest() } else { strip.start(width) };
        if at > 0 {
            let x = if cx.rtl() { place.right() } else { place.left() };
            ui.painter().vline(x.round() + 0.5, rect.shrink(1.0).y_range(), Stroke::new(1.0, theme.line));
        }
        cell_ui(ui, cx, place.shrink2(vec2(14.0, 0.0)), &cell);
    }
    if let Some((rows, total)) = draft.progress {
        let share = if total > 0 { (rows as f32 / total as f32).clamp(0.0, 1.0) } else { 0.0 };
        let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 2.0), rect.max);
        let done = Strip::new(line, cx.rtl()).start(line.width() * share);
        ui.painter().rect_filled(done, 1.0, theme.accent);
    }
}

fn cell_ui(ui: &Ui, cx: &FrameCtx<'_>, place: Rect, cell: &Cell) {
    let theme = cx.theme;
    let align = start_align(cx.rtl());
    let line =
        |top: f32, height: f32| Rect::from_min_size(place.min + vec2(0.0, top), vec2(place.width(), height));
    let number = Style::strong(TextKind::KeyNumber, cell.color);
    words::paint_in(ui.painter(), line(10.0, 24.0), &cell.number, number, align, Some(1));
    let name = Style::new(TextKind::Caption, theme.text_strong);
    words::paint_in(ui.painter(), line(33.0, 15.0), &cell.name, name, align, Some(1));
    let note = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), line(48.0, 15.0), &cell.note, note, align, Some(1));
    let response = ui.interact(place, ui.scope_id().with(("count", &cell.name)), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::Label,
            true,
            format!("{}: {}. {}", cell.name, cell.number, cell.note),
        )
    });
}

fn cells(cx: &FrameCtx<'_>, draft: &ImportDraft) -> Vec<Cell> {
    let theme = cx.theme;
    let names = ["import-rows", "import-ready", "import-gaps", "import-left-out", "import-range"];
    let Some(counted) = &draft.counted else {
        let note = match (&draft.failure, draft.progress) {
            (Some(_), _) => String::new(),
            (None, Some((rows, _))) => cx.catalog.f("import-counted-so-far", &[("n", count(rows).into())]),
            (None, None) => cx.t("import-counting"),
        };
        let dash = "–".to_owned();
        let cell = |(at, name): (usize, &str)| Cell {
            number: dash.clone(),
            color: theme.text_muted,
            name: cx.t(name),
            note: if at == 0 { note.clone() } else { String::new() },
        };
        return names.into_iter().enumerate().map(cell).collect();
    };
    let report = &counted.report;
    let ready = report.events.saturating_sub(report.with_gaps);
    let stale = !draft.is_counted();
    let color = |color: Color32, n: u64| match (stale, n) {
        (true, _) => theme.text_muted,
        (false, 0) => theme.text_strong,
        (false, _) => color,
    };
    let seconds = format!("{:.1}", counted.seconds);
    let rows_note = match (stale, draft.progress, &report.cut_short) {
        (true, Some((rows, _)), _) => cx.catalog.f("import-counted-so-far", &[("n", count(rows).into())]),
        (true, None, _) => cx.t("import-counting"),
        (false, _, Some(_)) => cx.t("import-cut-short"),
        (false, _, None) => cx.catalog.f("import-whole-file", &[("seconds", seconds.into())]),
    };
    let (range, days) = range(cx, draft);
    let [rows, ready_name, gaps, left_out, range_name] = names.map(|name| cx.t(name));
    vec![
        Cell { number: count(report.rows), color: color(theme.text_strong, 0), name: rows, note: rows_note },
        Cell {
            number: count(ready),
            color: color(theme.ok, ready),
            name: ready_name,
            note: cx.t("import-ready-note"),
        },
        Cell {
            number: count(report.with_gaps),
            color: color(theme.warning, report.with_gaps),
            name: gaps,
            note: gaps_note(cx, report),
        },
        Cell {
            number: count(report.left_out),
            color: color(theme.error, report.left_out),
            name: left_out,
            note: cx.t(if report.left_out == 0 { "import-left-out-none" } else { "import-left-out-note" }),
        },
        Cell { number: range, color: color(theme.text_strong, 0), name: range_name, note: days },
    ]
}

/// What the gaps are: `137 dates, 2 tolls`.
fn gaps_note(cx: &FrameCtx<'_>, report: &Report) -> String {
    use Issue::*;
    let groups: [(&str, &[Issue]); 3] = [
        ("import-gaps-dates", &[NoDate, NoSuchDate, DateForm, EndBeforeBegin]),
        (
            "import-gaps-places",
            &[
                NoPlace,
                NoSuchCoordinate,
                HalfCoordinate,
                SwappedCoordinates,
                BeyondDateLine,
                NoGeometry,
                BadGeometry,
            ],
        ),
        ("import-gaps-tolls", &[NotANumber, UnknownCode]),
    ];
    let mut parts = Vec::new();
    for (key, issues) in groups {
        let n: u64 = issues.iter().map(|issue| report.count_of(*issue)).sum();
        if n > 0 {
            parts.push(cx.catalog.f(key, &[("n", plural(n).into())]));
        }
    }
    match (parts.is_empty(), report.with_gaps) {
        (true, 0) => cx.t("import-gaps-none"),
        (true, _) => cx.t("import-gaps-others"),
        (false, _) => parts.join(", "),
    }
}

/// `2022 – 2025`, and the days.
fn range(cx: &FrameCtx<'_>, draft: &ImportDraft) -> (String, String) {
    let days = draft.counted.as_ref().and_then(|counted| counted.sketch.days);
    let Some((first, last)) = days else { return ("–".to_owned(), cx.t("import-no-dates")) };
    let (from, to) = (civil_from_days(i64::from(first)), civil_from_days(i64::from(last)));
    let years = if from.0 == to.0 {
        from.0.to_string()
    } else {
        cx.catalog.f("import-years", &[("from", from.0.to_string().into()), ("to", to.0.to_string().into())])
    };
    let day = |(year, month, day): (i64, i64, i64)| {
        let date = jiff::civil::Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        date.ok().map(|date| format_day(date, cx.lang(), DateStyle::Short))
    };
    let days = match day(from).zip(day(to)) {
        Some((from, to)) if from == to => from,
        Some((from, to)) => {
            let (from, to) = (island(&from, false), island(&to, false));
            cx.catalog.f("import-days", &[("from", from.as_ref().into()), ("to", to.as_ref().into())])
        }
        None => String::new(),
    };
    (years, days)
}
