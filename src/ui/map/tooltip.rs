//! What lies under the pointer, in words, beside it.

use egui::{Align2, LayerId, Order, Painter, Pos2, Rect, Ui, pos2, vec2};

use super::gather::Marker;
use super::overlay::card;
use crate::model::time::DateStyle;
use crate::model::{EventId, EventType};
use crate::ui::theme::TextKind;
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format, shapes};

const WIDTH: f32 = 236.0;
const INSET: f32 = 10.0;

/// Title, date with precision, type, toll and claims of an event; `here` is its number in a stack.
pub fn event_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    event: EventId,
    here: Option<(usize, usize)>,
    pointer: Option<Pos2>,
    view: Rect,
) {
    let (Some(store), Some(pointer)) = (cx.store(), pointer) else { return };
    let Some(detail) = store.detail(event) else { return };
    let painter = tooltip_painter(ui);
    let (theme, lang) = (cx.theme, cx.lang());
    let title = detail.titles.get(lang);
    let title_style = Style::strong(TextKind::Body, theme.text_strong);
    let title_size = words::measure_in(&painter, title, title_style, WIDTH - 2.0 * INSET, Some(3));
    let date = format::event_date(store, event, lang, DateStyle::Long);
    let precision = format::date_precision(cx.catalog, store.date_precision(event));
    let toll = format::toll(store.fatalities(event), lang).unwrap_or_else(|| cx.t("map-no-toll"));
    let claims = cx.catalog.f("claims", &[("n", detail.claims.len().into())]);
    // The sub-type "Other" says nothing without its type.
    let kind = match store.sub_type(event) {
        "" | "Other" => format::event_type(cx.catalog, store.event_type(event)),
        sub_type => sub_type.to_owned(),
    };
    let line = format!("{kind} · {toll} · {claims}");
    let line_style = Style::new(TextKind::List, theme.text_muted);
    let line_size = words::measure_in(&painter, &line, line_style, WIDTH - 2.0 * INSET, Some(2));
    let foot = if here.is_some() { 28.0 } else { 0.0 };
    let size = vec2(WIDTH, title_size.y + 22.0 + line_size.y + foot + 2.0 * INSET);
    let rect = place(size, pointer, view);
    card(&painter, theme, rect);
    let mut y = rect.top() + INSET - 2.0;
    let row = |y: f32, height: f32| {
        Rect::from_min_size(pos2(rect.left() + INSET, y), vec2(WIDTH - 2.0 * INSET, height))
    };
    words::paint_in(&painter, row(y, title_size.y), title, title_style, egui::Align::Min, Some(3));
    y += title_size.y + 3.0;
    let body = Style::new(TextKind::List, theme.text);
    let drawn = words::paint(&painter, pos2(rect.left() + INSET, y + 8.0), Align2::LEFT_CENTER, &date, body);
    let small = Style::new(TextKind::Caption, theme.text);
    let tag = words::measure(&painter, &precision, small);
    let tag_rect = Rect::from_min_size(pos2(drawn.right() + 8.0, y - 1.0), vec2(tag.x + 12.0, 18.0));
    painter.rect_filled(tag_rect, 3.0, theme.active);
    words::paint(&painter, tag_rect.center(), Align2::CENTER_CENTER, &precision, small);
    y += 20.0;
    words::paint_in(&painter, row(y, line_size.y), &line, line_style, egui::Align::Min, Some(2));
    if let Some((at, of)) = here {
        let text = cx.catalog.f("map-here", &[("at", at.into()), ("n", of.into())]);
        let y = rect.bottom() - INSET - 6.0;
        words::paint(&painter, pos2(rect.left() + INSET, y), Align2::LEFT_CENTER, &text, body);
        let next = cx.t("map-next");
        let end = pos2(rect.right() - INSET, y);
        let drawn = words::paint(&painter, end, Align2::RIGHT_CENTER, &next, body);
        let key = Rect::from_min_size(pos2(drawn.left() - 38.0, y - 9.0), vec2(32.0, 18.0));
        let stroke = egui::Stroke::new(1.0, theme.line_strong);
        painter.rect(key, 3.0, theme.field, stroke, egui::StrokeKind::Inside);
        words::paint(
            &painter,
            key.center(),
            Align2::CENTER_CENTER,
            "Tab",
            Style::new(TextKind::Caption, theme.text),
        );
    }
}

/// Events that are told by their number.
pub struct Counted<'a> {
    pub title: &'a str,
    /// Below the title.
    pub lines: &'a [String],
    /// Per type.
    pub counts: [u32; EventType::ALL.len()],
    /// What a click does.
    pub hint: &'a str,
}

/// Counts per type of a cluster.
pub fn cluster_ui(ui: &Ui, cx: &FrameCtx<'_>, marker: &Marker, pointer: Option<Pos2>, view: Rect) {
    let title = cx.catalog.f("map-cluster", &[("n", marker.total.into())]);
    let hint = cx.t("map-cluster-hint");
    let counted = Counted { title: &title, lines: &[], counts: marker.counts, hint: &hint };
    counts_ui(ui, cx, &counted, pointer, view);
}

/// A title, and counts per type.
pub fn counts_ui(ui: &Ui, cx: &FrameCtx<'_>, counted: &Counted<'_>, pointer: Option<Pos2>, view: Rect) {
    let Some(pointer) = pointer else { return };
    let painter = tooltip_painter(ui);
    let theme = cx.theme;
    let kinds: Vec<(EventType, u32)> =
        EventType::ALL.iter().copied().zip(counted.counts).filter(|(_, count)| *count > 0).collect();
    let strong = Style::strong(TextKind::Body, theme.text_strong);
    let list = Style::new(TextKind::List, theme.text);
    let rows = kinds.iter().map(|(event_type, count)| {
        let name = words::measure(&painter, &format::event_type(cx.catalog, *event_type), list).x;
        name + words::measure(&painter, &crate::lang::thousands(i64::from(*count)), list).x + 36.0
    });
    let title_width = words::measure(&painter, counted.title, strong).x;
    let width = (rows.fold(title_width, f32::max) + 2.0 * INSET).ceil().clamp(180.0, 300.0);
    let above = 30.0 + counted.lines.len() as f32 * 17.0;
    let size = vec2(width, above + kinds.len() as f32 * 18.0 + 26.0);
    let rect = place(size, pointer, view);
    card(&painter, theme, rect);
    let title = Rect::from_min_size(rect.min + vec2(INSET, 7.0), vec2(width - 2.0 * INSET, 18.0));
    words::paint_in(&painter, title, counted.title, strong, egui::Align::Min, Some(1));
    let line_style = Style::new(TextKind::List, theme.text_muted);
    for (index, line) in counted.lines.iter().enumerate() {
        let at = rect.min + vec2(INSET, 27.0 + index as f32 * 17.0);
        words::paint(&painter, at, Align2::LEFT_TOP, line, line_style);
    }
    let mut y = rect.top() + above + 8.0;
    for (event_type, count) in kinds {
        let color = theme.event_type(event_type);
        let center = pos2(rect.left() + INSET + 6.0, y);
        shapes::paint(&painter, event_type, center, 5.0, shapes::Fill::Solid, color, theme.overlay);
        let name = format::event_type(cx.catalog, event_type);
        words::paint(&painter, pos2(rect.left() + INSET + 20.0, y), Align2::LEFT_CENTER, &name, list);
        let end = pos2(rect.right() - INSET, y);
        words::paint(&painter, end, Align2::RIGHT_CENTER, &crate::lang::thousands(i64::from(count)), list);
        y += 18.0;
    }
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    words::paint(&painter, pos2(rect.left() + INSET, y + 4.0), Align2::LEFT_CENTER, counted.hint, muted);
}

/// One line of words.
pub fn words_ui(ui: &Ui, cx: &FrameCtx<'_>, text: &str, pointer: Pos2, view: Rect) {
    let painter = tooltip_painter(ui);
    let style = Style::strong(TextKind::List, cx.theme.text_strong);
    let size = words::measure(&painter, text, style) + vec2(2.0 * INSET, 12.0);
    let rect = place(size, pointer, view);
    card(&painter, cx.theme, rect);
    words::paint(&painter, rect.center(), Align2::CENTER_CENTER, text, style);
}

fn tooltip_painter(ui: &Ui) -> Painter {
    ui.ctx().layer_painter(LayerId::new(Order::Tooltip, ui.scope_id().with("map-tooltip")))
}

/// Beside the pointer, inside the view.
fn place(size: egui::Vec2, pointer: Pos2, view: Rect) -> Rect {
    let room = view.shrink(6.0);
    let x =
        if pointer.x + 18.0 + size.x > room.right() { pointer.x - 18.0 - size.x } else { pointer.x + 18.0 };
    let y = (pointer.y + 14.0).min(room.bottom() - size.y).max(room.top());
    Rect::from_min_size(pos2(x.max(room.left()), y).round(), size)
}
