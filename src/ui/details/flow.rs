//! Short texts, links and tags that follow each other and break into lines like words do.

use std::borrow::Cow;

use egui::{Id, Rect, Response, Sense, Stroke, Ui, pos2, vec2};

use super::line::Line;
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icon_font, icons};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

/// Height of one line of a flow.
pub const LINE: f32 = 19.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    Link(u32),
    Tag,
    Icon,
}

/// One part of a flow. Parts are kept whole; lines break between them.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    text: Cow<'a, str>,
    style: Style,
    kind: Kind,
    /// Space before it unless it begins a line.
    gap: f32,
    /// Does not begin a line: a comma.
    sticks: bool,
    /// Does not end a line: a label before its value.
    holds: bool,
    /// Is not seen at the end of a line: a dot between values.
    between: bool,
}

impl<'a> Piece<'a> {
    pub fn new(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            kind: Kind::Text,
            gap: 4.0,
            sticks: false,
            holds: false,
            between: false,
        }
    }

    /// Something to click; `id` comes back with the response.
    pub fn link(text: impl Into<Cow<'a, str>>, style: Style, id: u32) -> Self {
        Self { kind: Kind::Link(id), ..Self::new(text, style) }
    }

    pub fn tag(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self { kind: Kind::Tag, gap: 8.0, ..Self::new(text, style) }
    }

    pub fn icon(icon: &'static str, style: Style) -> Self {
        debug_assert!(icon != icons::X, "a cross would be taken for a button");
        Self { kind: Kind::Icon, gap: 6.0, ..Self::new(icon, style) }
    }

    /// A mark that stays with the piece before it.
    pub fn mark(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self { gap: 0.0, sticks: true, ..Self::new(text, style) }
    }

    /// A dot between values; not seen where the line breaks.
    pub fn dot(style: Style) -> Self {
        Self { gap: 5.0, sticks: true, between: true, ..Self::new("·", style) }
    }

    /// Stays with the piece after it.
    pub fn holding(mut self) -> Self {
        self.holds = true;
        self
    }

    pub fn gap(mut self, gap: f32) -> Self {
        self.gap = gap;
        self
    }

    fn width(&self, ui: &Ui) -> f32 {
        match self.kind {
            Kind::Icon => 14.0,
            Kind::Tag => words::measure(ui.painter(), &self.text, self.style).x.ceil() + 12.0,
            Kind::Text | Kind::Link(_) => words::measure(ui.painter(), &self.text, self.style).x.ceil(),
        }
    }
}

/// Sets the pieces between two places, counted from the reading start; takes as many lines as they
/// need. Returns the responses of links by their ids, and that of the whole.
pub fn flow_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    pieces: &[Piece<'_>],
    from: f32,
    until_end: f32,
) -> (Response, Vec<(u32, Response)>) {
    let room = (ui.available_width() - from - until_end).max(24.0);
    let mut places: Vec<(f32, f32, f32)> = Vec::with_capacity(pieces.len());
    let (mut x, mut row) = (0.0f32, 0.0f32);
    for (at, piece) in pieces.iter().enumerate() {
        let width = piece.width(ui).min(room);
        let gap = if x == 0.0 { 0.0 } else { piece.gap };
        // A mark comes along when the piece before it is set, and a value with its label.
        let with = |next: &&Piece<'_>| (next.sticks && !next.between) || piece.holds;
        let mark = pieces.get(at + 1).filter(with).map_or(0.0, |next| next.width(ui) + next.gap);
        if x > 0.0 && !piece.sticks && x + gap + width + mark > room + 0.5 {
            (x, row) = (0.0, row + 1.0);
        } else {
            x += gap;
        }
        places.push((x, row, width));
        x += width;
    }
    let (line, response) = Line::allocate(ui, LINE * (row + 1.0), Sense::hover(), cx.rtl());
    let mut links = Vec::new();
    for (at, (piece, (x, row, width))) in pieces.iter().zip(places.iter().copied()).enumerate() {
        if piece.between && places.get(at + 1).is_none_or(|(_, next, _)| *next != row) {
            continue;
        }
        let strip = line.rows(row * LINE, (row + 1.0) * LINE);
        let rect = strip.part(from + x, from + x + width);
        match piece.kind {
            Kind::Text => {
                words::paint_in(
                    ui.painter(),
                    rect.expand2(vec2(0.5, 0.0)),
                    &piece.text,
                    piece.style,
                    line.start(),
                    Some(1),
                );
            }
            Kind::Icon => {
                let font = icon_font(13.0);
                ui.painter().text(
                    rect.center(),
                    egui::Align2::CENTER_CENTER,
                    &*piece.text,
                    font,
                    piece.style.color,
                );
            }
            Kind::Tag => {
                let rect = Rect::from_center_size(rect.center(), vec2(rect.width(), 18.0));
                ui.painter().rect_filled(rect, 3.0, cx.theme.active);
                words::paint_in(ui.painter(), rect, &piece.text, piece.style, egui::Align::Center, Some(1));
            }
            Kind::Link(id) => {
                let response = link_ui(ui, cx, rect, &piece.text, piece.style, response.id.with(at), line);
                links.push((id, response));
            }
        }
    }
    (response, links)
}

fn link_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    text: &str,
    style: Style,
    id: Id,
    line: Line,
) -> Response {
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, text));
    let set = words::paint_in(ui.painter(), rect.expand2(vec2(0.5, 0.0)), text, style, line.start(), Some(1));
    if response.hovered() {
        let y = set.bottom().round() - 1.0;
        ui.painter().hline(set.x_range(), y - 0.5, Stroke::new(1.0, style.color));
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    controls::focus_ring(ui, &response, cx.theme);
    response
}

/// A tooltip of lines; an empty string is a small gap.
pub fn tip(response: Response, cx: &FrameCtx<'_>, lines: impl FnOnce() -> Vec<(String, bool)>) -> Response {
    response.on_hover_ui(|ui| lines_ui(ui, cx, &lines()))
}

/// Lines of a tooltip or popup; strong ones are heads.
pub fn lines_ui(ui: &mut Ui, cx: &FrameCtx<'_>, lines: &[(String, bool)]) {
    ui.set_max_width(340.0);
    ui.spacing_mut().item_spacing.y = 2.0;
    for (text, strong) in lines {
        if text.is_empty() {
            ui.add_space(4.0);
            continue;
        }
        let style = if *strong {
            Style::strong(TextKind::List, cx.theme.text_strong)
        } else {
            Style::new(TextKind::List, cx.theme.text)
        };
        ui.add(words::Words::new(text, style).wrap());
    }
}

/// Whole pixels for an edge.
pub fn crisp(rect: Rect) -> Rect {
    Rect::from_min_max(
        pos2(rect.left().round(), rect.top().round()),
        pos2(rect.right().round(), rect.bottom().round()),
    )
}
