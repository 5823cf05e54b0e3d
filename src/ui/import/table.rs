//! Rows of a file as it has them, under a head that says what each column is. Only what is in view is
//! laid out: a file may have thousands of columns and of problem rows.

use std::borrow::Cow;
use std::sync::Arc;

use egui::{Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::issues::tint;
use super::marks::{SIDE, is_number, mark_ui, mark_width};
use super::record::Record;
use super::{pick, shown};
use crate::model::import::{Field, Findings, Issue, Outcome, PreviewRow};
use crate::state::{Commands, ImportDraft};
use crate::store::table::Records;
use crate::ui::FrameCtx;
use crate::ui::theme::TextKind;
use crate::ui::widgets::rows::{end_align, list_style, row_focus, start_align, tip};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{LongList, LongListLayout};

const HEAD: f32 = 58.0;
const ROW: f32 = 25.0;
const PAD: f32 = 8.0;
/// Widths of columns, in points.
const WIDTHS: std::ops::RangeInclusive<f32> = 78.0..=220.0;
/// Width of the column that says where a row stands in the file.
const PLACES: f32 = 92.0;
/// Rows that widths are taken from.
const SAMPLE: usize = 40;
/// Characters of a value that are laid out.
const MAX_CHARS: usize = 120;

/// What the table shows.
pub enum Source<'a> {
    /// First rows and rows with problems.
    Preview(&'a [PreviewRow]),
    /// The rows of one group of findings.
    Findings { found: &'a Findings, records: &'a dyn Records },
}

impl Source<'_> {
    fn num_rows(&self) -> usize {
        match self {
            Source::Preview(rows) => rows.len(),
            Source::Findings { found, .. } => found.list.len(),
        }
    }
}

/// A row in view.
struct Row<'a> {
    at: &'a str,
    cells: Cow<'a, [String]>,
    marks: Cow<'a, [(usize, Issue)]>,
    row_marks: Cow<'a, [Issue]>,
}

/// State of the table.
#[derive(Default)]
pub struct TableUi {
    list: LongList,
    widths: Vec<f32>,
    /// The rows, the wish and the room that the widths are for.
    widths_for: Option<(usize, u64, i32)>,
    /// Width of all columns in the last frame, and how far their reading start is out of view.
    scrolled: Option<(f32, f32)>,
}

impl TableUi {
    /// Goes to the first row.
    pub fn go_to_top(&mut self) {
        self.list = LongList::default();
    }

    fn measure(&mut self, ui: &Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, room: f32) {
        let columns = &draft.detected.columns;
        let key = (Arc::as_ptr(&draft.preview) as usize, draft.wish, room as i32);
        if self.widths_for == Some(key) {
            return;
        }
        self.widths_for = Some(key);
        let style = Style::new(TextKind::List, cx.theme.text);
        let (least, most) = (*WIDTHS.start(), *WIDTHS.end());
        let width = |(at, name): (usize, &String)| {
            let cells = draft.preview.iter().take(SAMPLE).filter_map(|row| row.cells.get(at));
            let widest = cells
                .chain([name])
                .map(|text| words::measure(ui.painter(), clipped(text, 36).as_ref(), style).x)
                .fold(0.0, f32::max);
            let mark = mark_width(ui, cx, draft, at).min(most);
            (widest.ceil() + 2.0 * PAD + 1.0).clamp(least, most).max(mark)
        };
        self.widths = columns.iter().enumerate().map(width).collect();
        let rest = room - self.widths.iter().sum::<f32>();
        if rest > 0.0 && !self.widths.is_empty() {
            let each = (rest / self.widths.len() as f32).floor();
            self.widths.iter_mut().for_each(|width| *width += each);
            if let Some(last) = self.widths.last_mut() {
                *last += rest - each * columns.len() as f32;
            }
        }
    }
}

/// Draws the table. A row that is clicked comes back as a record.
pub fn table_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut TableUi,
    rect: Rect,
    draft: &ImportDraft,
    source: &Source<'_>,
    commands: &mut Commands,
) -> Option<Record> {
    let theme = cx.theme;
    ui.painter().rect(rect, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let inner = rect.shrink(1.0);
    let places = if matches!(source, Source::Findings { .. }) { PLACES } else { 0.0 };
    state.measure(ui, cx, draft, inner.width());
    let total = (state.widths.iter().sum::<f32>() + places).max(inner.width());
    let layout = egui::Layout::default();
    super::part(ui, inner, "table", layout, |ui| {
        inner_ui(ui, cx, state, (inner, total, places), draft, source, commands)
    })
}

fn inner_ui(
    child: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut TableUi,
    (inner, total, places): (Rect, f32, f32),
    draft: &ImportDraft,
    source: &Source<'_>,
    commands: &mut Commands,
) -> Option<Record> {
    let mut clicked = None;
    child.set_clip_rect(inner.intersect(child.clip_rect()));
    list_style(child, cx.theme);
    let mut area = ScrollArea::horizontal().auto_shrink([false, false]);
    if cx.rtl() && state.scrolled.is_none_or(|(width, _)| width != total) {
        // The first column is at the right, and stays where it is when others come.
        let out_of_view = state.scrolled.map_or(0.0, |(_, out_of_view)| out_of_view);
        area = area.horizontal_scroll_offset((total - inner.width() - out_of_view).max(0.0));
    }
    area.show_viewport(child, |ui, viewport| {
        state.scrolled = cx.rtl().then(|| (total, (total - inner.width() - viewport.left()).max(0.0)));
        let (content, _) = ui.allocate_exact_size(vec2(total, inner.height()), Sense::hover());
        let columns = Columns::new(content, &state.widths, places, viewport.x_range(), cx.rtl());
        let head = Rect::from_min_size(content.min, vec2(total, HEAD));
        head_ui(ui, cx, head, &columns, draft, commands);
        let body = Rect::from_min_max(pos2(inner.left(), head.bottom()), inner.max);
        let num_rows = source.num_rows();
        let layout = LongListLayout { rect: body, row_height: ROW, num_rows, reveal: None };
        let num_columns = draft.detected.columns.len();
        state.list.show(ui, "rows", layout, |ui, at| {
            let Some(row) = row_of(source, at, num_columns) else { return };
            if row_ui(ui, cx, &columns, draft, &row) {
                clicked = Some(record_of(&row, &draft.detected.columns));
            }
        });
    });
    clicked
}

fn row_of<'a>(source: &Source<'a>, at: usize, num_columns: usize) -> Option<Row<'a>> {
    match source {
        Source::Preview(rows) => rows.get(at).map(|row| Row {
            at: &row.at,
            cells: Cow::Borrowed(&row.cells),
            marks: Cow::Borrowed(&row.marks),
            row_marks: Cow::Borrowed(&row.row_marks),
        }),
        Source::Findings { found, records } => {
            let finding = found.list.get(at)?;
            let column = records.header().iter().position(|name| *name == finding.column);
            let mut cells = records.fields(finding.offset);
            if cells.is_empty() {
                cells = vec![finding.value.clone()];
            }
            cells.resize(num_columns.max(1), String::new());
            Some(Row {
                at: &finding.at,
                cells: Cow::Owned(cells),
                marks: Cow::Owned(column.map(|column| (column, found.issue)).into_iter().collect()),
                row_marks: Cow::Owned(if column.is_none() { vec![found.issue] } else { Vec::new() }),
            })
        }
    }
}

/// Where columns are, as far as they are in view.
struct Columns {
    /// Column and its left and right edge.
    seen: Vec<(usize, egui::Rangef)>,
    /// The place of a row in the file, if it is shown.
    places: Option<egui::Rangef>,
}

impl Columns {
    fn new(content: Rect, widths: &[f32], places: f32, view: egui::Rangef, rtl: bool) -> Self {
        let range = |from: f32, width: f32| {
            if rtl {
                egui::Rangef::new(content.right() - from - width, content.right() - from)
            } else {
                egui::Rangef::new(content.left() + from, content.left() + from + width)
            }
        };
        let view = egui::Rangef::new(content.left() + view.min, content.left() + view.max);
        let mut from = places;
        let mut seen = Vec::new();
        for (at, width) in widths.iter().enumerate() {
            let column = range(from, *width);
            if column.max >= view.min && column.min <= view.max {
                seen.push((at, column));
            }
            from += width;
        }
        Self { seen, places: (places > 0.0).then(|| range(0.0, places)) }
    }
}

fn head_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    head: Rect,
    columns: &Columns,
    draft: &ImportDraft,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    ui.painter().rect_filled(head, 3.0, theme.header);
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, theme.line));
    let align = start_align(cx.rtl());
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let name_at = |x: egui::Rangef| {
        Rect::from_x_y_ranges(x, head.top() + 5.0..=head.top() + 22.0).shrink2(vec2(PAD, 0.0))
    };
    if let Some(places) = columns.places {
        words::paint_in(ui.painter(), name_at(places), &cx.t("import-place-in-file"), style, align, Some(1));
        edge(ui, cx, places, head.y_range());
    }
    for (at, x) in &columns.seen {
        let Some(name) = draft.detected.columns.get(*at) else { continue };
        let name = clipped(name, MAX_CHARS);
        words::paint_in(ui.painter(), name_at(*x), &name, style, align, Some(1));
        let mark = Rect::from_x_y_ranges(*x, head.top() + 24.0..=head.top() + 24.0 + pick::MARK);
        let mark = mark.shrink2(vec2(SIDE, 0.0)).round();
        mark_ui(ui, cx, mark, draft, *at, &name, commands);
        edge(ui, cx, *x, head.y_range());
    }
}

/// The line at the reading end of a column.
fn edge(ui: &Ui, cx: &FrameCtx<'_>, x: egui::Rangef, y: egui::Rangef) {
    let at = if cx.rtl() { x.min } else { x.max };
    ui.painter().vline(at.round() - 0.5, y, cx.theme.hairline());
}

/// The whole of a row, and what is odd about it.
fn record_of(row: &Row<'_>, names: &[String]) -> Record {
    let issues = row.row_marks.iter().chain(row.marks.iter().map(|(_, issue)| issue));
    let mut sentences: Vec<&str> = issues.map(|issue| issue.sentence()).collect();
    sentences.dedup();
    Record::new(row.at, &sentences.join(" · "), names, &row.cells)
}

/// Whether the row was clicked.
fn row_ui(ui: &mut Ui, cx: &FrameCtx<'_>, columns: &Columns, draft: &ImportDraft, row: &Row<'_>) -> bool {
    let theme = cx.theme;
    let rect = ui.max_rect();
    let left_out = row.row_marks.iter().any(|issue| issue.outcome() == Outcome::LeftOut);
    let response = ui.interact(rect, ui.scope_id().with("row"), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Row, true, said(row)));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let y = rect.y_range();
    let (start, end) = (start_align(cx.rtl()), end_align(cx.rtl()));
    if let Some(places) = columns.places {
        let place = Rect::from_x_y_ranges(places, y).shrink2(vec2(PAD, 0.0));
        let style = Style::new(TextKind::Caption, theme.text_muted);
        words::paint_in(ui.painter(), place, &shown(row.at), style, start, Some(1));
        edge(ui, cx, places, y);
    }
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let mut told: Option<String> = None;
    for (at, x) in &columns.seen {
        let cell = Rect::from_x_y_ranges(*x, y);
        let value = row.cells.get(*at).map_or("", String::as_str);
        let mark = row.marks.iter().filter(|(column, _)| column == at).map(|(_, issue)| *issue);
        let mark = mark.max_by_key(|issue| issue.outcome());
        let field = draft.field_of(*at);
        let (mut style, empty) = cell_style(cx, field, value.is_empty(), left_out);
        if let Some((fill, color)) = mark.and_then(|issue| tint(cx, issue)) {
            let fill_rect = Rect::from_min_max(cell.min, cell.max - vec2(1.0, 1.0));
            ui.painter().rect_filled(fill_rect, 0.0, fill);
            style = Style::strong(TextKind::List, color);
        }
        let text = if empty { Cow::Borrowed("–") } else { clipped(value, MAX_CHARS) };
        let align = if field.is_some_and(is_number) { end } else { start };
        let painted =
            words::paint_in(ui.painter(), cell.shrink2(vec2(PAD, 0.0)), &text, style, align, Some(1));
        edge(ui, cx, *x, y);
        if response.hovered() && pointer.is_some_and(|pos| cell.contains(pos)) {
            let cut = painted.width() + 2.0 * PAD >= cell.width() - 2.0;
            told = match (mark, cut) {
                (Some(issue), _) => Some(format!("{} · {text}\n{}", shown(row.at), issue.sentence())),
                (None, true) => Some(format!("{} · {text}", shown(row.at))),
                (None, false) => None,
            };
        }
    }
    if let Some(issue) = row.row_marks.iter().max_by_key(|issue| issue.outcome()) {
        let (_, color) = super::issues::look(cx, issue.outcome());
        let x = if cx.rtl() { rect.right() - 3.0 } else { rect.left() };
        ui.painter().rect_filled(Rect::from_min_size(pos2(x, rect.top()), vec2(3.0, ROW - 1.0)), 0.0, color);
        if response.hovered() {
            let sentences: Vec<&str> = row.row_marks.iter().map(|issue| issue.sentence()).collect();
            let reason = format!("{} · {}", shown(row.at), sentences.join("; "));
            told = Some(match told {
                Some(told) => format!("{told}\n{reason}"),
                None => reason,
            });
        }
    }
    row_focus(ui, &response, theme);
    let clicked = response.clicked();
    if let Some(told) = told {
        tip(response, theme, &told);
    }
    clicked
}

/// How a value is set, and whether there is none.
fn cell_style(cx: &FrameCtx<'_>, field: Option<Field>, is_empty: bool, left_out: bool) -> (Style, bool) {
    let theme = cx.theme;
    let color = match (is_empty, left_out, field) {
        (true, ..) => theme.disabled,
        (false, true, _) => theme.error,
        (false, false, None) => theme.disabled,
        (false, false, Some(_)) => theme.text,
    };
    (Style::new(TextKind::List, color), is_empty)
}

/// The beginning of a value, on one line.
fn clipped(value: &str, max_chars: usize) -> Cow<'_, str> {
    match value.char_indices().nth(max_chars) {
        Some((end, _)) => Cow::Owned(shown(value.get(..end).unwrap_or_default()).into_owned()),
        None => shown(value),
    }
}

/// A row for those who hear it.
fn said(row: &Row<'_>) -> String {
    let cells: Vec<Cow<'_, str>> = row.cells.iter().take(12).map(|cell| clipped(cell, 40)).collect();
    format!("{}: {}", row.at, cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns that are in view of some that stand side by side.
    fn seen(columns: &Columns) -> std::ops::Range<usize> {
        let first = columns.seen.first().map_or(0, |(at, _)| *at);
        first..columns.seen.last().map_or(0, |(at, _)| at + 1)
    }

    #[test]
    fn only_columns_in_view_are_laid_out() {
        let widths = [100.0; 4096];
        let content = Rect::from_min_size(pos2(10.0, 0.0), vec2(409_600.0, 100.0));
        let columns = Columns::new(content, &widths, 0.0, egui::Rangef::new(1000.0, 1450.0), false);
        assert_eq!(seen(&columns), 9..15);
        let mirrored = Columns::new(content, &widths, 90.0, egui::Rangef::new(0.0, 450.0), true);
        assert_eq!(mirrored.seen.len(), 6);
        assert_eq!(mirrored.places.map(|places| places.max), Some(content.right()));
    }

    #[test]
    fn values_are_cut_between_characters() {
        assert_eq!(clipped("مالي\n", 10), "مالي↵");
        assert_eq!(clipped("مالي", 2), "ما");
    }
}
