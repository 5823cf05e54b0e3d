//! The crowded map: what is drawn in which way, and what is kept for it until the counts, the camera
//! or the settings change.
//!
//! Works on sites, never on events. Nothing is left out: what is not drawn as symbols is in a density
//! cell, in a dot, and in exactly one count.

pub mod chips;
pub mod density;
pub mod dots;
pub mod frame;
mod under;

use std::ops::Range;

use egui::{
    Align2, Color32, ColorImage, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, pos2, vec2,
};

use crate::lang::thousands;
use crate::model::EventType;
use crate::state::{Commands, Derived, MapLayers, MapMode};
use crate::store::cross::SiteCount;
use crate::store::sites::Sites;
use crate::ui::FrameCtx;
use crate::ui::paint::Looks;
use crate::ui::theme::TextKind;
use crate::ui::widgets::words::{self, Style};
use chips::{Chip, Groups, HEIGHT};
use density::{Grid, Ramp};
use frame::{Census, Frame, Places};

pub use under::{Target, click, tooltip_ui};

/// Symbols are drawn while no more places and events than this are in view.
pub const MAX_SITES: u32 = 2_000;
pub const MAX_EVENTS: u32 = 20_000;
/// Room of chips from the edges of the view and from what lies over the map, in points.
const INSET: f32 = 4.0;
/// Sides of textures are multiples of this, so that they are seldom made anew.
const TEXTURE_STEP: usize = 64;
/// Chips have their own nodes for assistive technology up to this number.
const MAX_NODES: usize = 60;

/// How the events in view are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawn {
    /// Not at all: the layer is off.
    Hidden,
    #[default]
    Symbols,
    /// A dot per site, or per event if the graphics device draws them.
    Dots,
    /// Density with chips.
    Density,
    /// Chips alone.
    Chips,
}

/// All that the pictures depend on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    generations: (u64, u64),
    frame: Frame,
    layers: MapLayers,
    looks: Looks,
    dark: bool,
    per_point: f32,
    covered: Vec<Rect>,
    by_device: bool,
}

/// What is kept of the crowded map.
#[derive(Default)]
pub struct Crowd {
    key: Option<Key>,
    drawn: Drawn,
    census: Census,
    /// Sites in and about the view.
    ranges: Vec<Range<u32>>,
    ranges_key: Option<(u64, Frame)>,
    grid: Grid,
    groups: Groups,
    chips: Vec<Chip>,
    texture: Option<TextureHandle>,
    /// Part of the texture that is drawn, and where in the view, in points.
    image: Option<(Rect, Rect)>,
    /// Widths of a digit and of the mark of thousands.
    digits: Option<(f32, f32)>,
}

/// The shown events of each site.
pub fn places<'a>(sites: &'a Sites, derived: &'a Derived) -> Places<'a> {
    Places { points: sites.points(), counts: derived.per_site() }
}

impl Crowd {
    pub fn drawn(&self) -> Drawn {
        self.drawn
    }

    /// Shown events in view.
    pub fn in_view(&self) -> u32 {
        self.census.events
    }

    /// Greatest count of a density cell in view.
    pub fn max(&self) -> u32 {
        self.grid.max()
    }

    pub fn clear(&mut self) {
        *self = Self { texture: self.texture.take(), ..Self::default() };
    }

    /// Where chips lie, in a view.
    pub fn chip_rects(&self, view: Rect) -> impl Iterator<Item = Rect> {
        self.chips.iter().map(move |chip| chip_rect(chip, view))
    }

    /// The view, if the graphics device is to draw a point for each shown event in it.
    pub fn points(&self) -> Option<&Frame> {
        let key = self.key.as_ref().filter(|key| key.by_device && self.drawn == Drawn::Dots)?;
        Some(&key.frame)
    }

    /// Brings everything up to date; does nothing where nothing changed. `by_device`: dots are drawn by
    /// the graphics device, which does not mind how many there are.
    pub fn refresh(
        &mut self,
        ui: &Ui,
        cx: &FrameCtx<'_>,
        frame: Frame,
        view: Rect,
        covered: &[Rect],
        by_device: bool,
    ) {
        let Some(store) = cx.store() else {
            self.clear();
            return;
        };
        let key = Key {
            generations: (store.generation, cx.derived.generation),
            frame,
            layers: cx.state.settings.layers,
            looks: cx.looks(),
            dark: cx.theme.dark,
            per_point: ui.ctx().pixels_per_point(),
            covered: covered.to_vec(),
            by_device,
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let sites = &store.index.sites;
        let places = places(sites, cx.derived);
        if self.ranges_key != Some((store.generation, frame)) {
            let margin = f64::from(*MapLayers::CELLS.end());
            let [left, top, right, bottom] = frame.expanded(margin).world();
            self.ranges = sites.in_box([left, top], [right, bottom]);
            self.ranges_key = Some((store.generation, frame));
        }
        self.census = places.census(&frame, &self.ranges);
        let few = self.census.sites <= MAX_SITES && self.census.events <= MAX_EVENTS;
        self.drawn = match (key.layers.events, key.layers.mode) {
            (false, _) => Drawn::Hidden,
            (_, MapMode::Points) if by_device => Drawn::Dots,
            (_, MapMode::Auto | MapMode::Points) if few => Drawn::Symbols,
            (_, MapMode::Points) => Drawn::Dots,
            (_, MapMode::Auto) if by_device => Drawn::Dots,
            (_, MapMode::Auto | MapMode::Density) => Drawn::Density,
            (_, MapMode::Clusters) => Drawn::Chips,
        };
        self.image = None;
        self.chips.clear();
        if matches!(self.drawn, Drawn::Density | Drawn::Chips) {
            let weight = |site| sites.events(site).len() as u32;
            let ranges = |min, max| sites.in_box(min, max);
            self.groups.refresh(store.generation, &frame, sites.points(), weight, ranges);
            let (digit, mark) = *self.digits.get_or_insert_with(|| {
                let width = |text| words::measure(ui.painter(), text, chip_style(cx)).x;
                (width("8888888888") / 10.0, width("8,8") - width("88"))
            });
            let width = |n: u32| {
                let digits = n.max(1).ilog10() + 1;
                (digits as f32 * digit + ((digits - 1) / 3) as f32 * mark).ceil() + 14.0
            };
            let place = |x: f32, y: f32, width: f32| {
                let center = view.min + vec2(x, y);
                let at = room_for(center, vec2(width, HEIGHT), view, covered) - view.min;
                (at.x, at.y)
            };
            self.chips = chips::chips(&self.groups, &frame, &places, width, place);
        }
        match self.drawn {
            Drawn::Density => self.density_image(ui, cx, &key, &places),
            Drawn::Dots if !by_device => self.dots_image(ui, cx, &key, &places, view),
            _ => {}
        }
        self.key = Some(key);
    }

    fn density_image(&mut self, ui: &Ui, cx: &FrameCtx<'_>, key: &Key, places: &Places<'_>) {
        let cell = f64::from(key.layers.cell);
        self.grid.fill(&key.frame, cell, places, &self.ranges);
        // A cell holds events of all datasets: it is as strong as the strongest.
        let percent = key.looks.iter().map(|(_, _, percent)| *percent).max().unwrap_or(100);
        let opacity = f32::from(key.layers.opacity) / 100.0 * f32::from(percent) / 100.0;
        let ramp = Ramp::new(&cx.theme.map.density, opacity);
        let size = [self.grid.columns, self.grid.rows];
        let grid = &self.grid;
        let mut pixels = std::mem::take(&mut image_of(size).pixels);
        let width = texture_side(size[0]);
        grid.shade(&ramp, key.layers.scale, width, &mut pixels);
        let offset = vec2(grid.offset.0 as f32, grid.offset.1 as f32);
        let points = vec2(size[0] as f32, size[1] as f32) * f32::from(key.layers.cell);
        self.show(ui, pixels, size, Rect::from_min_size(offset.to_pos2(), points));
    }

    fn dots_image(&mut self, ui: &Ui, cx: &FrameCtx<'_>, key: &Key, places: &Places<'_>, view: Rect) {
        let size = [view.width(), view.height()].map(|side| (side * key.per_point).ceil().max(1.0) as usize);
        let padded = size.map(texture_side);
        let mut pixels = vec![Color32::TRANSPARENT; padded[0] * padded[1]];
        let opacity = f32::from(key.layers.opacity) / 100.0;
        let per_point = f64::from(key.per_point);
        let Some(sites) = cx.store().map(|store| &store.index.sites) else { return };
        // From the lowest layer to the one on top.
        for (dataset, _, percent) in key.looks.iter().rev() {
            let opacity = opacity * f32::from(*percent) / 100.0;
            let mut colors = [cx.theme.text_muted; EventType::ALL.len()];
            for (color, event_type) in colors.iter_mut().zip(EventType::ALL) {
                *color = cx.color_of(*dataset, *event_type).gamma_multiply(opacity);
            }
            let edge = cx.theme.symbol_edge.gamma_multiply(opacity * 0.6);
            let color = |site: u32, count: &SiteCount| {
                let own = key.looks.len() == 1 || sites.dataset(site) == *dataset;
                own.then(|| colors.get(dots::main_type(count)).copied()).flatten()
            };
            dots::paint(&mut pixels, padded, per_point, &key.frame, places, &self.ranges, color, edge);
        }
        let points = vec2(size[0] as f32, size[1] as f32) / key.per_point;
        self.show(ui, pixels, size, Rect::from_min_size(Pos2::ZERO, points));
    }

    /// Hands an image over to be drawn. `size` is the part of it that is seen, in pixels.
    fn show(&mut self, ui: &Ui, pixels: Vec<Color32>, size: [usize; 2], at: Rect) {
        let padded = size.map(texture_side);
        let image = ColorImage::new(padded, pixels);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::NEAREST),
            None => self.texture = Some(ui.ctx().load_texture("crowd", image, TextureOptions::NEAREST)),
        }
        let part = vec2(size[0] as f32 / padded[0] as f32, size[1] as f32 / padded[1] as f32);
        self.image = Some((Rect::from_min_size(Pos2::ZERO, part), at));
    }

    /// Density or dots, over the basemap and under everything else.
    pub fn paint_image(&self, painter: &Painter, view: Rect) {
        let Some((texture, (part, at))) = self.texture.as_ref().zip(self.image) else { return };
        let per_point = painter.pixels_per_point();
        let snapped = |v: f32| (v * per_point).round() / per_point;
        let min = view.min + at.min.to_vec2();
        let rect = Rect::from_min_size(pos2(snapped(min.x), snapped(min.y)), at.size());
        painter.image(texture.id(), rect, part, Color32::WHITE);
    }

    /// The counts.
    pub fn paint_chips(&self, painter: &Painter, cx: &FrameCtx<'_>, view: Rect, target: Option<&Target>) {
        for (index, chip) in self.chips.iter().enumerate() {
            paint_chip(painter, cx, chip, view, target == Some(&Target::Chip(index)));
        }
    }

    /// Nodes for assistive technology and tests; a press on one does what a click does.
    pub fn accessible_ui(&self, ui: &Ui, cx: &FrameCtx<'_>, view: Rect, commands: &mut Commands) {
        let base = ui.scope_id().with("chip");
        for (index, chip) in self.chips.iter().enumerate().take(MAX_NODES) {
            let response = ui.interact(chip_rect(chip, view), base.with(chip.group), Sense::FOCUSABLE);
            let name = || cx.catalog.f("map-cluster", &[("n", chip.total.into())]);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name()));
            crate::ui::widgets::controls::focus_ring(ui, &response, cx.theme);
            let pressed = response.has_focus()
                && ui.input(|i| i.key_pressed(egui::Key::Enter) || i.key_pressed(egui::Key::Space));
            let asked = ui.input(|input| {
                input.has_accesskit_action_request(response.id, egui::accesskit::Action::Click)
            });
            if pressed || asked {
                click(cx, self, &Target::Chip(index), view, commands);
            }
        }
    }
}

fn texture_side(side: usize) -> usize {
    side.max(1).next_multiple_of(TEXTURE_STEP)
}

/// A transparent image with room for a size.
fn image_of(size: [usize; 2]) -> ColorImage {
    ColorImage::filled(size.map(texture_side), Color32::TRANSPARENT)
}

fn chip_style(cx: &FrameCtx<'_>) -> Style {
    Style::strong(TextKind::List, cx.theme.text_strong)
}

fn chip_rect(chip: &Chip, view: Rect) -> Rect {
    Rect::from_center_size(view.min + vec2(chip.x, chip.y), vec2(chip.width, HEIGHT))
}

/// The nearest place to a point for something of a size that is in view and under nothing.
fn room_for(center: Pos2, size: egui::Vec2, view: Rect, covered: &[Rect]) -> Pos2 {
    let half = size / 2.0;
    let room = view.shrink2(half + vec2(INSET, INSET));
    let inside =
        |at: Pos2| pos2(at.x.min(room.right()).max(room.left()), at.y.min(room.bottom()).max(room.top()));
    let mut at = inside(center);
    for rect in covered {
        let kept_off = rect.expand2(half + vec2(INSET, INSET));
        if !kept_off.contains(at) || !rect.is_positive() {
            continue;
        }
        let ways = [
            pos2(kept_off.left(), at.y),
            pos2(kept_off.right(), at.y),
            pos2(at.x, kept_off.top()),
            pos2(at.x, kept_off.bottom()),
        ];
        let free = ways.into_iter().filter(|way| room.contains(*way));
        if let Some(nearest) = free.min_by(|a, b| a.distance(at).total_cmp(&b.distance(at))) {
            at = nearest;
        }
    }
    at
}

/// A number over a strip of its types' shares.
fn paint_chip(painter: &Painter, cx: &FrameCtx<'_>, chip: &Chip, view: Rect, lit: bool) {
    let theme = cx.theme;
    let rect = chip_rect(chip, view);
    let rect = Rect::from_min_size(rect.min.round(), rect.size());
    let edge = if lit { Stroke::new(1.4, theme.text_strong) } else { Stroke::new(1.0, theme.line_strong) };
    let fill = if lit { theme.active } else { theme.overlay };
    painter.rect(rect, 4.0, fill, edge, StrokeKind::Inside);
    let middle = rect.center() - vec2(0.0, 2.5);
    words::paint(painter, middle, Align2::CENTER_CENTER, &thousands(i64::from(chip.total)), chip_style(cx));
    let strip =
        Rect::from_min_max(rect.left_bottom() + vec2(5.0, -5.0), rect.right_bottom() + vec2(-5.0, -3.0));
    let mut sum = 0u32;
    let mut mesh = egui::Mesh::default();
    for (event_type, count) in EventType::ALL.iter().zip(chip.counts) {
        let edge = |sum: u32| (strip.width() * sum as f32 / chip.total.max(1) as f32).round();
        let (from, to) = (edge(sum), edge(sum + count));
        sum += count;
        if to > from {
            let part = Rect::from_x_y_ranges(strip.left() + from..=strip.left() + to, strip.y_range());
            mesh.add_colored_rect(part, theme.event_type(*event_type));
        }
    }
    painter.add(egui::Shape::mesh(mesh));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_keep_off_edges_and_what_lies_over_the_map() {
        let view = Rect::from_min_size(pos2(100.0, 50.0), vec2(600.0, 400.0));
        let tools = Rect::from_min_size(pos2(650.0, 62.0), vec2(28.0, 168.0));
        let size = vec2(60.0, 24.0);
        for center in [pos2(0.0, 0.0), pos2(690.0, 60.0), pos2(660.0, 200.0), pos2(900.0, 900.0)] {
            let at = room_for(center, size, view, &[tools]);
            let rect = Rect::from_center_size(at, size);
            assert!(view.contains_rect(rect) && !rect.intersects(tools), "{center:?} {rect:?}");
        }
        assert_eq!(room_for(pos2(300.0, 200.0), size, view, &[tools]), pos2(300.0, 200.0));
    }
}
