//! The palette: everything that can be done, found by typing.

use egui::{Align2, EventFilter, Id, Key, Modifiers, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::find::{self, Finds, Item, Target};
use super::menu;
use super::parts::{self, KeyPart, Strip};
use super::search::{FieldLook, text_field};
use crate::model::{LatLon, Place};
use crate::state::{Command, Commands, FilterCommand, MapCommand, OpenTarget, SelectCommand, ViewCommand};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::words::{self, Style};

const HEAD: f32 = 48.0;
const SECTION: f32 = 26.0;
const FOOT: f32 = 34.0;
const PAD: f32 = 14.0;
/// Where titles begin.
const TITLE: f32 = 42.0;
const MAX_LIST: f32 = 12.5 * size::PALETTE_ROW;

/// State of the palette.
#[derive(Default)]
pub struct PaletteUi {
    text: String,
    chosen: usize,
    /// What was found for a text in a case.
    found: Option<((String, u64), Finds)>,
    /// The chosen row is to be brought into view.
    reveal: bool,
}

impl PaletteUi {
    fn refresh(&mut self, cx: &FrameCtx<'_>) {
        let key = (self.text.clone(), cx.store().map_or(0, |store| store.generation + 1));
        if self.found.as_ref().is_none_or(|(found, _)| *found != key) {
            let finds = find::find(cx.state, cx.catalog, &self.text);
            self.chosen = finds.items.iter().position(|item| is_enabled(cx, item)).unwrap_or(0);
            self.reveal = true;
            self.found = Some((key, finds));
        }
    }
}

fn is_enabled(cx: &FrameCtx<'_>, item: &Item) -> bool {
    match &item.target {
        Target::Action(action) => action.enabled(cx.state),
        _ => true,
    }
}

/// The palette over the window.
pub fn palette_ui(ui: &Ui, cx: &FrameCtx<'_>, state: &mut PaletteUi, commands: &mut Commands) {
    let window = ui.ctx().content_rect();
    let top = size::PALETTE_TOP.min(window.height() * 0.12).round();
    // The edge is part of the width.
    let width = size::PALETTE.min(window.width() - 32.0) - 2.0;
    let theme = cx.theme;
    let id = Id::unique("palette");
    let area = egui::Modal::default_area(id)
        .anchor(Align2::CENTER_TOP, vec2(0.0, top))
        .accessible_name(cx.t("palette"))
        .role(egui::Role::Dialog);
    let response = parts::modal(theme, id, area).show(ui.ctx(), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let run = head_ui(ui, cx, state);
        let room = window.height() - top - HEAD - FOOT - 24.0;
        let clicked = list_ui(ui, cx, state, room.clamp(80.0, MAX_LIST));
        foot_ui(ui, cx);
        let chosen = if run { Some(state.chosen) } else { clicked };
        let item = chosen.and_then(|at| state.found.as_ref()?.1.items.get(at));
        if let Some(item) = item.filter(|item| is_enabled(cx, item)) {
            commands.push(ViewCommand::Dialog(None));
            run_item(cx, item, commands);
        }
    });
    if response.should_close() {
        commands.push(ViewCommand::Dialog(None));
    }
}

/// The field; true if Enter was pressed.
fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut PaletteUi) -> bool {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let painter = ui.painter().clone();
    let mut strip = Strip::new(rect.shrink2(vec2(PAD, 0.0)), cx.rtl());
    parts::icon(&painter, strip.start(17.0).center(), icons::MAGNIFYING_GLASS, 17.0, theme.text_muted);
    strip.start(TITLE - PAD - 17.0);
    state.refresh(cx);
    let (shown, total) = state.found.as_ref().map_or((0, 0), |(_, finds)| (finds.items.len(), finds.total));
    let escape = [KeyPart::Text(cx.t("key-escape"))];
    parts::key_end(&painter, theme, &mut strip, &escape);
    strip.end(12.0);
    let count = cx.catalog.f("palette-count", &[("n", shown.into()), ("total", total.into())]);
    parts::text_end(&painter, &mut strip, &count, Style::new(TextKind::List, theme.text_muted));
    strip.end(8.0);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));

    let id = Id::unique("palette-field");
    if !ui.memory(|memory| memory.has_focus(id)) {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    let (placeholder, name) = (cx.t("palette-placeholder"), cx.t("palette"));
    let look = FieldLook {
        id,
        placeholder: &placeholder,
        name: &name,
        kind: TextKind::Heading,
        height: HEAD,
        padding: (0.0, 0.0),
        framed: false,
    };
    let output = parts::inside(ui, strip.rest(), egui::Layout::default(), |ui| {
        text_field(ui, theme, look, &mut state.text)
    });
    // The keyboard stays in the field, whose rows are chosen with the arrows.
    let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    if output.changed {
        state.refresh(cx);
    }
    move_choice(ui, state);
    output.submitted
}

fn move_choice(ui: &mut Ui, state: &mut PaletteUi) {
    const PAGE: isize = 8;
    let count = state.found.as_ref().map_or(0, |(_, finds)| finds.items.len());
    let keys = [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)];
    for (key, by) in keys {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) && count > 0 {
            let last = count - 1;
            state.chosen = match (by, state.chosen) {
                // One step past either end goes to the other one.
                (1, at) if at == last => 0,
                (-1, 0) => last,
                (by, at) => at.saturating_add_signed(by).min(last),
            };
            state.reveal = true;
        }
    }
}

/// The rows; returns the clicked one.
fn list_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut PaletteUi, max_height: f32) -> Option<usize> {
    let Some((_, finds)) = &state.found else { return None };
    let mut clicked = None;
    let reveal = std::mem::take(&mut state.reveal);
    let moved = ui.input(|input| input.pointer.delta() != egui::Vec2::ZERO);
    parts::scroll_ui(ui, max_height, |ui| {
        if finds.items.is_empty() {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
            let text = cx.catalog.f("palette-nothing", &[("text", state.text.trim().into())]);
            let style = Style::new(TextKind::Body, cx.theme.text_muted);
            words::paint_in(ui.painter(), rect, &text, style, egui::Align::Center, Some(1));
        }
        let mut section = None;
        for (at, item) in finds.items.iter().enumerate() {
            if section != Some(item.section) {
                section = Some(item.section);
                section_ui(ui, cx, &cx.t(item.section.key()));
            }
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), size::PALETTE_ROW), Sense::click());
            if reveal && at == state.chosen {
                ui.scroll_to_rect(rect.expand2(vec2(0.0, SECTION)), None);
            }
            if !ui.is_rect_visible(rect) {
                continue;
            }
            let enabled = is_enabled(cx, item);
            response.widget_info(|| {
                egui::WidgetInfo::selected(
                    egui::Role::ListBoxOption,
                    enabled,
                    at == state.chosen,
                    &item.title,
                )
            });
            if response.hovered() && moved {
                state.chosen = at;
            }
            if response.clicked() {
                clicked = Some(at);
            }
            row_ui(ui, rect, cx, item, enabled, at == state.chosen);
        }
        ui.add_space(4.0);
    });
    clicked
}

fn section_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), SECTION), Sense::hover());
    let rect = rect.shrink2(vec2(PAD, 0.0)).translate(vec2(0.0, 2.0));
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    words::paint_in(ui.painter(), rect, text, style, parts::start_align(cx.rtl()), Some(1));
}

fn row_ui(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>, item: &Item, enabled: bool, chosen: bool) {
    let theme = cx.theme;
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, 0.0, theme.selection);
        painter.rect_filled(Strip::new(rect, cx.rtl()).start(3.0), 0.0, theme.accent);
    }
    let mut strip = Strip::new(rect.shrink2(vec2(PAD, 0.0)), cx.rtl());
    parts::icon(painter, strip.start(17.0).center(), item.icon, 15.0, theme.text_muted);
    strip.start(TITLE - PAD - 17.0);
    if let Target::Action(action) = &item.target {
        if menu::is_on(action, cx.state) == Some(true) {
            let place = strip.end(16.0);
            let font = crate::ui::theme::icon_bold_font(12.0);
            painter.text(place.center(), Align2::CENTER_CENTER, icons::CHECK, font, theme.accent);
            strip.end(6.0);
        }
        if let Some(keys) = action.shortcut {
            parts::key_end(painter, theme, &mut strip, &parts::shortcut_parts(cx.catalog, keys));
            strip.end(10.0);
        }
    }
    let color = if enabled { theme.text_strong } else { theme.text_muted };
    let style = Style::new(TextKind::Body, color);
    title_ui(ui, &mut strip, cx, item, style, enabled);
    strip.start(12.0);
    if strip.rest().width() > 40.0 {
        let style = Style::new(TextKind::List, theme.text_muted);
        let align = parts::start_align(cx.rtl());
        words::paint_in(painter, strip.rest(), &item.note, style, align, Some(1));
    }
}

/// The title with what was typed in it strong in the accent.
fn title_ui(ui: &Ui, strip: &mut Strip, cx: &FrameCtx<'_>, item: &Item, style: Style, enabled: bool) {
    let painter = ui.painter();
    let whole = item.marks.is_empty() || !enabled || cx.rtl() || parts::has_rtl(&item.title);
    if whole {
        let width = words::measure(painter, &item.title, style).x.ceil() + 1.0;
        let rect = strip.start(width);
        words::paint_in(painter, rect, &item.title, style, parts::start_align(cx.rtl()), Some(1));
        return;
    }
    let strong = Style::strong(style.kind, cx.theme.accent);
    let y = strip.rest().center().y;
    let mut x = strip.rest().left();
    for (text, marked) in pieces(&item.title, &item.marks) {
        let style = if marked { strong } else { style };
        let room = strip.rest().right() - x;
        // Spaces at the ends of a piece count too.
        let width =
            words::measure(painter, &format!("{text}|"), style).x - words::measure(painter, "|", style).x;
        let top = y - style.kind.latin().1 / 2.0;
        let rect = Rect::from_min_size(pos2(x, top), vec2((width + 1.0).min(room), style.kind.latin().1));
        if width > room {
            words::paint_in(painter, rect, text, style, egui::Align::Min, Some(1));
            x += room;
            break;
        }
        words::paint(painter, pos2(x, rect.top().round()), Align2::LEFT_TOP, text, style);
        x += width;
    }
    let used = x - strip.rest().left();
    strip.start(used);
}

/// A text cut at its marks, with whether each piece is marked.
fn pieces<'a>(text: &'a str, marks: &[(u32, u32)]) -> Vec<(&'a str, bool)> {
    let byte = |scalar: u32| text.char_indices().nth(scalar as usize).map_or(text.len(), |(at, _)| at);
    let mut pieces = Vec::new();
    let mut done = 0;
    for (start, end) in marks {
        let (start, end) = (byte(*start).max(done), byte(*end));
        pieces.push((text.get(done..start).unwrap_or_default(), false));
        pieces.push((text.get(start..end).unwrap_or_default(), true));
        done = end.max(start);
    }
    pieces.push((text.get(done..).unwrap_or_default(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

fn foot_ui(ui: &mut Ui, cx: &FrameCtx<'_>) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    let painter = ui.painter();
    let corners = egui::CornerRadius { nw: 0, ne: 0, sw: 7, se: 7 };
    painter.rect_filled(rect, corners, theme.header);
    painter.hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.line));
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let mut strip = Strip::new(rect.shrink2(vec2(PAD, 0.0)), cx.rtl());
    let arrows = [KeyPart::Icon(icons::ARROW_UP), KeyPart::Icon(icons::ARROW_DOWN)];
    parts::key_start(painter, theme, &mut strip, &arrows);
    strip.start(6.0);
    parts::text_start(painter, &mut strip, &cx.t("palette-choose"), style);
    strip.start(16.0);
    parts::key_start(painter, theme, &mut strip, &[KeyPart::Text(cx.t("key-enter"))]);
    strip.start(6.0);
    parts::text_start(painter, &mut strip, &cx.t("palette-run"), style);
    strip.start(16.0);
    let note = cx.t(if cx.store().is_some() { "palette-note" } else { "palette-note-closed" });
    let align = parts::end_align(cx.rtl());
    words::paint_in(painter, strip.rest(), &note, style, align, Some(1));
}

fn run_item(cx: &FrameCtx<'_>, item: &Item, commands: &mut Commands) {
    match &item.target {
        Target::Action(action) => commands.push(action.command.clone()),
        Target::Recent(path) => commands.push(Command::Open(OpenTarget::Paths(vec![path.clone()]))),
        Target::Place(id) => {
            commands.push(FilterCommand::Place(*id));
            let place = cx.store().and_then(|store| store.place(*id));
            if let Some((place, center)) = place.and_then(|place| Some((place, place.position?))) {
                commands.push(MapCommand::FlyTo { center, zoom: zoom_for(place, center) });
            }
        }
        Target::Actor(id) => commands.push(FilterCommand::Actor(*id)),
        Target::Event(id) => commands.push(SelectCommand::Event(*id)),
    }
}

/// The zoom at which a place and its surroundings fill a good part of the map.
fn zoom_for(place: &Place, center: LatLon) -> f64 {
    /// Metres of a point at the equator at zoom 0.
    const METRES_PER_POINT: f64 = 156_543.034;
    const POINTS: f64 = 160.0;
    let radius_m = place.radius_m.max(3_000.0);
    let zoom = (METRES_PER_POINT * center.lat.to_radians().cos() * POINTS / radius_m).log2();
    zoom.clamp(3.0, 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Names;

    #[test]
    fn titles_are_cut_at_what_was_typed() {
        assert_eq!(pieces("Open files…", &[(0, 4)]), [("Open", true), (" files…", false)]);
        assert_eq!(pieces("Ménaka", &[(1, 3)]), [("M", false), ("én", true), ("aka", false)]);
        assert_eq!(pieces("x", &[]), [("x", false)]);
    }

    #[test]
    fn wide_places_are_shown_from_afar() {
        let place = |radius_m| Place {
            key: "p".to_owned(),
            names: Names::en("p"),
            kind: "town".to_owned(),
            position: None,
            radius_m,
            country: None,
            admin1: None,
            forms: Vec::new(),
            demonyms: Vec::new(),
            note: None,
        };
        let center = LatLon { lat: 17.0, lon: 0.0 };
        assert!(zoom_for(&place(0.0), center) > zoom_for(&place(150_000.0), center));
        assert!(zoom_for(&place(1e9), center) >= 3.0);
    }
}
