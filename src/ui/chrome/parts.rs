//! Small things that the frame is made of: the mark, key caps, strips of room.

use egui::{Align, Align2, Layout, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use crate::lang::Catalog;
use crate::state::Shortcut;
use crate::ui::theme::{self, TextKind, Theme, icons};
use crate::ui::widgets::words::{self, Style};

/// A window over the window: what is behind is dimmed, the rest waits.
pub fn modal(theme: &Theme, id: egui::Id, area: egui::Area) -> egui::Modal {
    let frame = egui::Frame::new()
        .fill(theme.overlay)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(8)
        .shadow(theme.popup_shadow());
    egui::Modal::new(id).area(area).backdrop_color(theme.scrim).frame(frame)
}

/// A strip of room that is handed out piece by piece from its reading start or end.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    pub rect: Rect,
    rtl: bool,
}

impl Strip {
    pub fn new(rect: Rect, rtl: bool) -> Self {
        Self { rect, rtl }
    }

    /// Takes a piece at the reading start.
    pub fn start(&mut self, width: f32) -> Rect {
        let width = width.clamp(0.0, self.rect.width().max(0.0));
        let piece = if self.rtl {
            Rect::from_min_max(pos2(self.rect.right() - width, self.rect.top()), self.rect.max)
        } else {
            Rect::from_min_max(self.rect.min, pos2(self.rect.left() + width, self.rect.bottom()))
        };
        if self.rtl {
            self.rect.max.x -= width;
        } else {
            self.rect.min.x += width;
        }
        piece
    }

    /// Takes a piece at the reading end.
    pub fn end(&mut self, width: f32) -> Rect {
        self.rtl = !self.rtl;
        let piece = self.start(width);
        self.rtl = !self.rtl;
        piece
    }

    /// What is left.
    pub fn rest(&self) -> Rect {
        self.rect
    }
}

/// Where text stands that belongs to the reading start.
pub fn start_align(rtl: bool) -> Align {
    if rtl { Align::Max } else { Align::Min }
}

/// Where text stands that belongs to the reading end.
pub fn end_align(rtl: bool) -> Align {
    if rtl { Align::Min } else { Align::Max }
}

/// A row that grows from the reading start.
pub fn start_layout(rtl: bool) -> Layout {
    if rtl { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) }
}

/// A row that grows from the reading end.
pub fn end_layout(rtl: bool) -> Layout {
    start_layout(!rtl)
}

/// Takes one line's text from the reading start of a strip and paints it; returns where.
pub fn text_start(painter: &Painter, strip: &mut Strip, text: &str, style: Style) -> Rect {
    let width = words::measure(painter, text, style).x.ceil() + 1.0;
    let rect = strip.start(width);
    words::paint_in(painter, rect, text, style, start_align(strip.rtl), Some(1));
    rect
}

/// Takes one line's text from the reading end of a strip and paints it; returns where.
pub fn text_end(painter: &Painter, strip: &mut Strip, text: &str, style: Style) -> Rect {
    let width = words::measure(painter, text, style).x.ceil() + 1.0;
    let rect = strip.end(width);
    words::paint_in(painter, rect, text, style, end_align(strip.rtl), Some(1));
    rect
}

/// Paints an icon about a point.
pub fn icon(painter: &Painter, center: Pos2, icon: &str, size: f32, color: egui::Color32) {
    painter.text(center, Align2::CENTER_CENTER, icon, theme::icon_font(size), color);
}

/// The program's mark: a rounded square in the accent with a W.
pub fn mark(painter: &Painter, rect: Rect, theme: &Theme) {
    let side = rect.width();
    painter.rect_filled(rect, side * 0.25, theme.accent);
    let at = |x: f32, y: f32| rect.min + vec2(x, y) * side;
    let corners = [at(0.20, 0.35), at(0.33, 0.70), at(0.50, 0.375), at(0.67, 0.70), at(0.80, 0.35)];
    let width = side * 0.105;
    for pair in corners.windows(2) {
        if let [a, b] = pair {
            painter.line_segment([*a, *b], Stroke::new(width, theme.on_accent));
        }
    }
    for corner in corners {
        painter.circle_filled(corner, width / 2.0, theme.on_accent);
    }
}

/// A part of what is written on a key cap.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyPart {
    Text(String),
    Icon(&'static str),
}

/// What a shortcut's key cap says.
pub fn shortcut_parts(catalog: &Catalog, shortcut: Shortcut) -> Vec<KeyPart> {
    let mut words: Vec<String> = Vec::new();
    let modifiers = [(shortcut.ctrl, "key-ctrl"), (shortcut.shift, "key-shift"), (shortcut.alt, "key-alt")];
    words.extend(modifiers.iter().filter(|(on, _)| *on).map(|(_, key)| catalog.t(key)));
    let arrow = match shortcut.key {
        "ArrowLeft" => Some(icons::ARROW_LEFT),
        "ArrowRight" => Some(icons::ARROW_RIGHT),
        "ArrowUp" => Some(icons::ARROW_UP),
        "ArrowDown" => Some(icons::ARROW_DOWN),
        _ => None,
    };
    if arrow.is_none() {
        words.push(match shortcut.key {
            "OpenBracket" => "[".to_owned(),
            "CloseBracket" => "]".to_owned(),
            "Plus" => "+".to_owned(),
            "Minus" => "−".to_owned(),
            "Equals" => "=".to_owned(),
            key => match key.strip_prefix("Num") {
                Some(digit) if !digit.is_empty() => digit.to_owned(),
                _ => catalog.get(&format!("key-{}", key.to_lowercase())).unwrap_or_else(|| key.to_owned()),
            },
        });
    }
    let mut parts = Vec::new();
    if !words.is_empty() {
        parts.push(KeyPart::Text(words.join(" ")));
    }
    parts.extend(arrow.map(KeyPart::Icon));
    parts
}

/// What a shortcut's key cap says, for those who hear it.
pub fn shortcut_name(catalog: &Catalog, shortcut: Shortcut) -> String {
    let mut names = Vec::new();
    for part in shortcut_parts(catalog, shortcut) {
        names.push(match part {
            KeyPart::Text(text) => text,
            KeyPart::Icon(_) => catalog.t(&format!("key-{}", shortcut.key.to_lowercase())),
        });
    }
    names.join(" ")
}

const KEY_HEIGHT: f32 = 18.0;
const KEY_ICON: f32 = 11.0;

fn key_width(painter: &Painter, parts: &[KeyPart], style: Style) -> f32 {
    let widths = parts.iter().map(|part| match part {
        KeyPart::Text(text) => words::measure(painter, text, style).x.ceil(),
        KeyPart::Icon(_) => KEY_ICON,
    });
    widths.sum::<f32>() + 3.0 * parts.len().saturating_sub(1) as f32 + 10.0
}

/// Paints a key cap at the reading end of a strip, which it takes.
pub fn key_end(painter: &Painter, theme: &Theme, strip: &mut Strip, parts: &[KeyPart]) -> Rect {
    let width = key_width(painter, parts, Style::new(TextKind::Caption, theme.text_muted));
    let piece = strip.end(width);
    key_in(painter, theme, piece, parts)
}

/// Paints a key cap at the reading start of a strip, which it takes.
pub fn key_start(painter: &Painter, theme: &Theme, strip: &mut Strip, parts: &[KeyPart]) -> Rect {
    let width = key_width(painter, parts, Style::new(TextKind::Caption, theme.text_muted));
    let piece = strip.start(width);
    key_in(painter, theme, piece, parts)
}

fn key_in(painter: &Painter, theme: &Theme, piece: Rect, parts: &[KeyPart]) -> Rect {
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let top = (piece.center().y - KEY_HEIGHT / 2.0).round();
    let rect = Rect::from_min_size(pos2(piece.left().round(), top), vec2(piece.width(), KEY_HEIGHT));
    painter.rect(rect, 3.0, theme.field, Stroke::new(1.0, theme.line_strong), StrokeKind::Inside);
    let mut x = rect.left() + 5.0;
    for part in parts {
        x += 3.0
            + match part {
                KeyPart::Text(text) => {
                    let width = words::measure(painter, text, style).x.ceil();
                    // Half a point up: the line's centre lies below that of its letters.
                    let room =
                        Rect::from_min_max(pos2(x, rect.top() - 1.0), pos2(x + width + 1.0, rect.bottom()));
                    words::paint_in(painter, room, text, style, Align::Min, Some(1));
                    width
                }
                KeyPart::Icon(icon) => {
                    self::icon(
                        painter,
                        pos2(x + KEY_ICON / 2.0, rect.center().y),
                        icon,
                        KEY_ICON,
                        style.color,
                    );
                    KEY_ICON
                }
            };
    }
    rect
}

/// A thin upright line between groups of a row, as high as text.
pub fn divider_ui(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(13.0, 20.0), egui::Sense::hover());
    let x = rect.center().x.round() + 0.5;
    ui.painter().vline(x, rect.y_range(), Stroke::new(1.0, theme.line));
}

/// A rectangle drawn with dashes.
pub fn dashed_rect(painter: &Painter, rect: Rect, stroke: Stroke) {
    let corners =
        [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}

/// The part of a path after its last separator, and what is before it.
pub fn split_path(path: &str) -> (&str, &str) {
    let trimmed = path.trim_end_matches(['/', '\\']);
    match trimmed.rfind(['/', '\\']) {
        Some(at) => {
            let name = trimmed.get(at + 1..).unwrap_or(trimmed);
            (name, trimmed.get(..at).unwrap_or_default())
        }
        None => (trimmed, ""),
    }
}

/// A text that keeps its own order inside another one, whatever script either is in. Paths and file
/// names run from left to right.
pub fn island(text: &str, ltr: bool) -> std::borrow::Cow<'_, str> {
    if !has_rtl(text) {
        return text.into();
    }
    let opening = if ltr { '\u{2066}' } else { '\u{2068}' };
    format!("{opening}{text}\u{2069}").into()
}

/// Whether a text holds letters that run from right to left.
pub fn has_rtl(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'))
}

/// A list that scrolls; its bar floats over the rows, which are as wide as the list.
pub fn scroll_ui<R>(ui: &mut Ui, max_height: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    float_scroll_bars(ui);
    egui::ScrollArea::vertical()
        .max_height(max_height)
        .min_scrolled_height(max_height)
        .auto_shrink([false, true])
        .show(ui, add)
        .inner
}

/// Scroll bars over what scrolls instead of beside it.
pub fn float_scroll_bars(ui: &mut Ui) {
    let scroll = &mut ui.spacing_mut().scroll;
    scroll.floating_allocated_width = 0.0;
    scroll.dormant_background_opacity = 0.0;
}

/// A child ui in a rectangle of its own.
pub fn inside<R>(ui: &mut Ui, rect: Rect, layout: Layout, add: impl FnOnce(&mut Ui) -> R) -> R {
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
    add(&mut child)
}

/// A tooltip for text of the user's own, which may be in any script.
pub fn hint(response: egui::Response, theme: &Theme, text: &str) -> egui::Response {
    response.on_hover_ui(|ui| {
        ui.set_max_width(420.0);
        let text = island(text, true);
        ui.add(words::Words::new(&text, Style::new(TextKind::List, theme.text)).wrap());
    })
}

/// Size of a square.
pub fn square(side: f32) -> Vec2 {
    Vec2::splat(side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn a_strip_is_taken_from_both_ends_in_both_directions() {
        let rect = Rect::from_min_size(pos2(10.0, 0.0), vec2(100.0, 20.0));
        let mut strip = Strip::new(rect, false);
        assert_eq!(strip.start(30.0).x_range(), egui::Rangef::new(10.0, 40.0));
        assert_eq!(strip.end(20.0).x_range(), egui::Rangef::new(90.0, 110.0));
        assert_eq!(strip.rest().x_range(), egui::Rangef::new(40.0, 90.0));
        let mut strip = Strip::new(rect, true);
        assert_eq!(strip.start(30.0).x_range(), egui::Rangef::new(80.0, 110.0));
        assert_eq!(strip.end(90.0).width(), 70.0);
    }

    #[test]
    fn every_shortcut_has_a_cap_without_egui_names() {
        let catalog = Catalog::new(Lang::En);
        for action in crate::state::actions() {
            for shortcut in [action.shortcut, action.also].into_iter().flatten() {
                let name = shortcut_name(&catalog, shortcut);
                assert!(
                    !name.contains("Arrow") && !name.contains("Bracket") && !name.contains("Num"),
                    "{name}"
                );
            }
        }
        let find = crate::state::actions::action("find").and_then(|a| a.shortcut);
        assert_eq!(find.map(|s| shortcut_name(&catalog, s)).as_deref(), Some("Ctrl F"));
    }

    #[test]
    fn paths_are_split_at_either_separator() {
        assert_eq!(split_path("/a/b/c.json"), ("c.json", "/a/b"));
        assert_eq!(split_path("C:\\cases\\mali\\"), ("mali", "C:\\cases"));
        assert_eq!(split_path("x"), ("x", ""));
    }
}
