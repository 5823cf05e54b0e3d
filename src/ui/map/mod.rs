//! The map: basemap, events by type and precision, and what can be done with them.
//!
//! Every shown and placed event is in exactly one marker. walkers' `MapMemory` owns the camera; the
//! state asks for moves by serial number.

pub mod archive;
pub mod basemap;
pub mod basemap_style;
pub mod camera;
pub mod crowd;
pub mod gather;
pub mod labels;
mod markers;
mod overlay;
pub mod points;
pub mod small;
mod tooltip;

pub use overlay::{basemap_menu_ui, playing_caption};

use std::sync::Arc;

use egui::{PointerButton, Rect, Ui, vec2};
use walkers::{Map, MapMemory, MercatorProjection, Projector, lon_lat};

use super::FrameCtx;
use super::theme::Theme;
use crate::model::{BBox, EventId, Lang, LatLon};
use crate::state::{
    BasemapChoice, CameraTarget, Command, Commands, EventSet, FilterCommand, MapCommand, SelectCommand,
};
use basemap::{BasemapSource, BasemapStatus, BasemapTiles};
use basemap_style::BasemapColors;
use camera::{Camera, FLIGHT_SECS, MAX_ZOOM, MIN_ZOOM, from_mercator, mercator};
use crowd::frame::Frame;
use crowd::{Crowd, Drawn, MAX_EVENTS};
use gather::{Marker, Stack};
use labels::{GeoBox, LabelLanguage, LabelPlacer};
use points::Points;

/// Most selected events that are drawn one by one over a crowded map.
const MOST_SELECTED: usize = 500;

/// Room around what is fitted into the view, in points.
const FIT_MARGIN: f32 = 60.0;
/// How much lower the tooltip of a fan is, in points.
const FAN_ROOM: f32 = 40.0;
/// Turning the wheel by so many points zooms by one level.
const WHEEL_POINTS_PER_LEVEL: f32 = 100.0;
/// What lies nearer to the edge of the view than this is brought further in when it is selected.
const REVEAL_MARGIN: f32 = 28.0;

/// Stacks of more events than this are selected as a whole instead of fanned out.
const MAX_FAN: usize = 60;
/// Symbols are gathered for a view that is larger than what is seen by this share of its sides on each
/// of them, so that dragging seldom gathers anew.
const GATHER_MARGIN: f64 = 0.25;
/// Names of places are left out of a crowded map from farther away than this.
const CROWDED_NAMES_FROM: f64 = 3.0;

/// Smaller maps have no room for the legend.
const LEGEND_FROM: egui::Vec2 = vec2(360.0, 330.0);

/// What the status bar tells of the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapStatus {
    /// Under the pointer.
    pub pointer: Option<LatLon>,
    pub zoom: f64,
    /// What the map shows, in degrees; `None` before the first frame.
    pub frame: Option<BBox>,
    /// Message key of the basemap's name.
    pub basemap: &'static str,
    pub drawn: Drawn,
    /// Shown events in view.
    pub in_view: u32,
    /// Whether symbols are made for the view alone: there are too many for all of the world.
    pub many: bool,
    /// Greatest count of a density cell in view.
    pub max_per_cell: u32,
}

/// Where a flight started, where it ends, and when it began.
#[derive(Clone, Copy, Debug)]
struct Flight {
    from: Camera,
    to: Camera,
    begun_secs: f64,
}

/// State of the map's widgets. Owns the camera.
pub struct MapUi {
    tiles: Option<BasemapTiles>,
    colors: Option<BasemapColors>,
    source: Option<BasemapChoice>,
    memory: MapMemory,
    flight: Option<Flight>,
    seen_camera: u64,
    placer: LabelPlacer,
    label_lang: Lang,
    crowd: Crowd,
    points: Points,
    gathered: Gathered,
    box_mode: bool,
    box_from: Option<egui::Pos2>,
    status: MapStatus,
    /// No flights and no tiles left for later: for pictures.
    unhurried: bool,
    /// Where the Tab key has come to.
    stepped: Option<Stepped>,
    /// What had the focus in the last frame: Tab over a stack leaves it there.
    focus: Option<egui::Id>,
    menu_at: Option<LatLon>,
    /// Legend and tools of the last frame: what lies under them is not in view.
    covered: Vec<Rect>,
    /// Scale and credits of the last frame.
    scale: Rect,
    /// Where the map was in the last frame: left, top, width and height in parts of the window.
    share: Option<[f32; 4]>,
}

/// Stepping through the events of the stack under the pointer.
#[derive(Clone, Copy, PartialEq)]
struct Stepped {
    stack: usize,
    /// The leg of the fan under the pointer, where stepping begins.
    leg: Option<usize>,
    at: usize,
}

/// Markers of the present filter and zoom.
#[derive(Default)]
struct Gathered {
    key: Option<GatherKey>,
    /// One per coordinate, then those that stand for several near ones at this zoom.
    stacks: Vec<Stack>,
    num_coordinates: usize,
    /// Quarters of levels of zoom that the markers are for.
    quarter: Option<i64>,
    markers: Vec<Marker>,
    /// Per stack: whether one of its events is selected.
    selected: Vec<bool>,
    /// The selection that this is true of.
    selected_of: Option<EventSet>,
}

/// Which events are drawn as symbols.
#[derive(Clone, Debug, PartialEq)]
struct GatherKey {
    /// Of the store and of the filter.
    generations: (u64, u64),
    of: GatherOf,
}

#[derive(Clone, Debug, PartialEq)]
enum GatherOf {
    /// All that are shown.
    Shown,
    /// Those in a part of the world.
    Frame(Frame),
    /// These: over a crowded map, only what is selected or under the pointer.
    Events(Vec<EventId>),
}

impl Default for MapUi {
    fn default() -> Self {
        let mut memory = MapMemory::default();
        // West Africa, until a case says otherwise.
        memory.center_at(lon_lat(2.0, 18.0));
        let _ = memory.set_zoom(4.0);
        Self {
            tiles: None,
            colors: None,
            source: None,
            memory,
            flight: None,
            seen_camera: 0,
            placer: LabelPlacer::default(),
            label_lang: Lang::En,
            crowd: Crowd::default(),
            points: Points::default(),
            gathered: Gathered::default(),
            box_mode: false,
            box_from: None,
            status: MapStatus::default(),
            unhurried: false,
            stepped: None,
            focus: None,
            menu_at: None,
            covered: Vec::new(),
            scale: Rect::NOTHING,
            share: None,
        }
    }
}

impl MapUi {
    pub fn status(&self) -> &MapStatus {
        &self.status
    }

    /// Where the map was in the last frame: left, top, width and height in parts of the window.
    pub fn share_of_window(&self) -> Option<[f32; 4]> {
        self.share
    }

    /// Changes with what the basemap's tiles show and where; `None` before the first frame, and while
    /// the graphics device draws points over them, which change with the filter as well.
    pub fn callback_content(&self) -> Option<u64> {
        if self.crowd.points().is_some() {
            return None;
        }
        self.tiles.as_ref().map(BasemapTiles::content)
    }

    /// For pictures: no flights, and every tile is there in the same frame.
    pub fn set_unhurried(&mut self) {
        self.unhurried = true;
    }

    /// Points that the graphics device draws, where there is one.
    pub fn points_mut(&mut self) -> &mut Points {
        &mut self.points
    }

    /// Shows a basemap archive of the user's.
    pub fn set_archive(
        &mut self,
        ctx: &egui::Context,
        path: &str,
        bytes: Arc<dyn archive::TileBytes>,
    ) -> Result<(), archive::ArchiveError> {
        // The first frame may be still to come; it sets the colours.
        let tiles = self.tiles.get_or_insert_with(|| BasemapTiles::new(basemap_colors(&Theme::dark())));
        tiles.select_archive(path.to_owned(), bytes, ctx)?;
        self.source = Some(BasemapChoice::PmTiles(path.to_owned()));
        Ok(())
    }

    /// Where the map looks.
    pub fn camera(&self) -> Camera {
        let center = self.memory.detached().unwrap_or(lon_lat(2.0, 18.0));
        Camera { center: LatLon { lat: center.y(), lon: center.x() }, zoom: self.memory.zoom() }
    }

    fn set_camera(&mut self, camera: Camera) {
        self.memory.center_at(lon_lat(camera.center.lon, camera.center.lat));
        let _ = self.memory.set_zoom(camera.zoom.clamp(MIN_ZOOM, MAX_ZOOM));
    }

    /// Takes up what the state wishes, and goes on with a flight.
    fn steer(&mut self, ui: &Ui, cx: &FrameCtx<'_>, view: Rect) {
        let now_secs = ui.input(|input| input.time);
        let wish = &cx.state.view.camera;
        if wish.serial != self.seen_camera {
            self.seen_camera = wish.serial;
            let present = self.flight.map_or(self.camera(), |flight| flight.to);
            if let Some(to) = wish.target.and_then(|target| wished(target, present, view, &self.covered)) {
                let far = (to.zoom - present.zoom).abs() > 6.0;
                if self.unhurried || far || cx.state.settings.reduced_motion || wish.serial == 1 {
                    self.flight = None;
                    self.set_camera(to);
                } else {
                    self.flight = Some(Flight { from: self.camera(), to, begun_secs: now_secs });
                }
            }
        }
        if let Some(flight) = self.flight {
            let t = (now_secs - flight.begun_secs) / FLIGHT_SECS;
            self.set_camera(flight.from.toward(&flight.to, t));
            if t >= 1.0 {
                self.flight = None;
            }
            ui.ctx().request_repaint();
        }
    }

    fn begin_basemap(&mut self, ui: &Ui, cx: &FrameCtx<'_>) {
        let mut colors = basemap_colors(cx.theme);
        if !cx.state.settings.layers.borders {
            (colors.country, colors.region) = (egui::Color32::TRANSPARENT, egui::Color32::TRANSPARENT);
        }
        let unhurried = self.unhurried;
        let tiles = self.tiles.get_or_insert_with(|| BasemapTiles::new(colors));
        tiles.set_unhurried(unhurried);
        if self.colors != Some(colors) {
            tiles.set_colors(colors, ui.ctx());
            self.colors = Some(colors);
        }
        let choice = &cx.state.settings.basemap;
        if self.source.as_ref() != Some(choice) {
            let source = match choice {
                BasemapChoice::Offline => Some(BasemapSource::Offline),
                BasemapChoice::OsmRaster => Some(BasemapSource::OsmRaster),
                BasemapChoice::OpenFreeMap => Some(BasemapSource::OpenFreeMap),
                BasemapChoice::None => Some(BasemapSource::None),
                // The archive's bytes come from outside, see `set_archive`.
                BasemapChoice::PmTiles(_) => None,
            };
            if let Some(source) = source {
                tiles.select(source, ui.ctx());
                self.source = Some(choice.clone());
            }
        }
        tiles.begin_frame(ui.ctx());
    }

    /// Brings the crowded map and the symbols up to date with the state and the camera.
    fn gather(&mut self, ui: &Ui, cx: &FrameCtx<'_>, view: Rect) {
        let by_device = self.points.refresh(ui.ctx(), cx);
        let Some(store) = cx.store() else {
            self.crowd.clear();
            self.gathered = Gathered::default();
            return;
        };
        let camera = self.camera();
        let (width, height) = (f64::from(view.width()), f64::from(view.height()));
        let frame = Frame::new(mercator(camera.center), camera.zoom, width, height);
        let mut covered = self.covered.clone();
        covered.push(self.scale);
        self.crowd.refresh(ui, cx, frame, view, &covered, by_device);
        let generations = (store.generation, cx.derived.generation);
        let shown = cx.derived.trays.shown;
        let present = self.gathered.key.take().filter(|key| key.generations == generations);
        let of = match self.crowd.drawn() {
            Drawn::Symbols if shown <= MAX_EVENTS as usize => GatherOf::Shown,
            Drawn::Symbols => match &present {
                Some(GatherKey { of: GatherOf::Frame(known), .. }) if known.holds(&frame) => {
                    GatherOf::Frame(*known)
                }
                _ => GatherOf::Frame(frame.expanded(width.max(height) * GATHER_MARGIN)),
            },
            _ => {
                let view = &cx.state.view;
                let selected: &[EventId] = &view.selection.events;
                // More would cover the map; of many selected events the last one is drawn.
                let begin = if selected.len() > MOST_SELECTED { selected.len() - 1 } else { 0 };
                let selected = selected.get(begin..).unwrap_or_default();
                let mut events: Vec<EventId> = selected.iter().chain(&view.hover).copied().collect();
                events.retain(|event| cx.derived.passes(*event));
                events.sort_unstable();
                events.dedup();
                GatherOf::Events(events)
            }
        };
        let gathered = &mut self.gathered;
        let key = GatherKey { generations, of };
        if present.as_ref() != Some(&key) {
            gathered.stacks = match &key.of {
                GatherOf::Shown => gather::stacks(store, cx.derived.by_time.iter()),
                GatherOf::Frame(frame) => gather::stacks_in(store, cx.derived, frame),
                GatherOf::Events(events) => gather::stacks(store, events.iter().copied()),
            };
            gathered.num_coordinates = gathered.stacks.len();
            gathered.quarter = None;
        }
        gathered.key = Some(key);
        // Quarter levels, so that clusters hold still while the wheel turns.
        let quarter = (camera.zoom * 4.0).round() as i64;
        if gathered.quarter != Some(quarter) {
            gathered.stacks.truncate(gathered.num_coordinates);
            gathered.markers = gather::markers(store, &mut gathered.stacks, quarter as f64 / 4.0);
            gathered.quarter = Some(quarter);
            gathered.selected_of = None;
        }
        let selection = &cx.state.view.selection.events;
        if gathered.selected_of.as_ref() != Some(selection) {
            let holds = |stack: &Stack| stack.events.iter().any(|event| selection.contains(event));
            let none = selection.is_empty();
            gathered.selected = gathered.stacks.iter().map(|stack| !none && holds(stack)).collect();
            gathered.selected_of = Some(selection.clone());
        }
    }
}

fn wished(target: CameraTarget, present: Camera, view: Rect, covered: &[Rect]) -> Option<Camera> {
    match target {
        CameraTarget::Fit(bbox) => Some(Camera::fitting(bbox, view.size(), FIT_MARGIN)),
        CameraTarget::Reveal(p) => {
            let (x, y) = present.offset(p);
            let pos = view.center() + vec2(x as f32, y as f32);
            let seen =
                present.shows(p, view, REVEAL_MARGIN) && !covered.iter().any(|rect| rect.contains(pos));
            (!seen).then_some(Camera { center: p, zoom: present.zoom })
        }
        CameraTarget::At { center, zoom } => Some(Camera { center, zoom: zoom.clamp(MIN_ZOOM, MAX_ZOOM) }),
        CameraTarget::ZoomBy(levels) => {
            Some(Camera { zoom: (present.zoom + levels).clamp(MIN_ZOOM, MAX_ZOOM), ..present })
        }
    }
}

fn basemap_colors(theme: &Theme) -> BasemapColors {
    let colors = &theme.map;
    BasemapColors {
        water: colors.water,
        land: colors.land,
        country: colors.country,
        region: colors.region,
        river: colors.river,
        lake: colors.lake,
    }
}

/// Left, top, width and height of a rectangle in parts of another one.
fn share_of(part: Rect, whole: Rect) -> Option<[f32; 4]> {
    let (from, size) = (part.min - whole.min, whole.size());
    let share = [from.x / size.x, from.y / size.y, part.width() / size.x, part.height() / size.y];
    share.iter().all(|share| (0.0..=1.0).contains(share)).then_some(share)
}

/// The map in the room that is left.
pub fn map_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut MapUi, commands: &mut Commands) {
    let view = ui.max_rect();
    state.share = share_of(view, ui.ctx().content_rect());
    ui.painter().rect_filled(view, 0.0, cx.theme.map.water);
    state.begin_basemap(ui, cx);
    state.steer(ui, cx, view);
    let shift = ui.input(|input| input.modifiers.shift);
    let boxing = shift || state.box_mode || state.box_from.is_some();
    let center = lon_lat(2.0, 18.0);
    let mut map = Map::new(None, &mut state.memory, center)
        .zoom_with_ctrl(false)
        .double_click_to_zoom(true)
        .zoom_speed(1.0)
        .zoom_gesture(cx.state.view.dialog.is_none());
    if let Some(tiles) = &mut state.tiles {
        map = map.with_layer(tiles.layer(), 1.0);
    }
    if boxing {
        map = map.drag_pan_buttons(egui::containers::DragPanButtons::empty());
    }
    let turned = pace_wheel(ui);
    let response = map.show(ui, |_, _, _, _| ()).response;
    if turned != 0.0 {
        // What the map did not take is for others, as it was.
        ui.input_mut(|input| {
            if input.smooth_scroll_delta.y != 0.0 {
                input.smooth_scroll_delta.y = turned;
            }
        });
    }
    if response.changed() {
        state.flight = None;
    }
    let zoom = state.memory.zoom();
    if !(MIN_ZOOM..=MAX_ZOOM).contains(&zoom) {
        let _ = state.memory.set_zoom(zoom.clamp(MIN_ZOOM, MAX_ZOOM));
    }
    state.gather(ui, cx, view);
    let memory = state.memory.clone();
    let projector = Projector::new(view, &MercatorProjection, &memory, center);
    let project = |p: LatLon| projector.project(lon_lat(p.lon, p.lat)).to_pos2();
    let position_at = |pos: egui::Pos2| {
        let p = projector.unproject(pos.to_vec2());
        LatLon { lat: p.y(), lon: p.x() }
    };
    let (north_west, south_east) = (position_at(view.min), position_at(view.max));
    let pointer = response.hover_pos();
    let choice = &cx.state.settings.basemap;
    let drawn = state.crowd.drawn();
    let crowded = matches!(drawn, Drawn::Density | Drawn::Dots | Drawn::Chips);
    let frame = Some(BBox {
        min_lon: north_west.lon,
        min_lat: south_east.lat,
        max_lon: south_east.lon,
        max_lat: north_west.lat,
    });
    let status = MapStatus {
        pointer: pointer.map(position_at),
        zoom: memory.zoom(),
        frame,
        basemap: match choice {
            BasemapChoice::Offline => "map-basemap-offline",
            BasemapChoice::OsmRaster => "map-basemap-osm",
            BasemapChoice::OpenFreeMap => "map-basemap-openfreemap",
            BasemapChoice::PmTiles(_) => "action-basemap-pmtiles",
            BasemapChoice::None => "map-basemap-none",
        },
        drawn,
        in_view: state.crowd.in_view(),
        many: crowded || cx.derived.trays.shown > MAX_EVENTS as usize,
        max_per_cell: state.crowd.max(),
    };
    let told =
        |status: &MapStatus| (status.frame, status.drawn, status.in_view, status.many, status.max_per_cell);
    if told(&status) != told(&state.status) {
        // Panels that tell what is in the frame were laid out before the map.
        ui.ctx().request_repaint();
    }
    state.status = status;

    let roomy = view.width() >= LEGEND_FROM.x && view.height() >= LEGEND_FROM.y;
    // Symbols and their sizes mean nothing to cells and counts.
    let legend = roomy && cx.store().is_some() && !crowded;
    let legend_rect = legend.then(|| overlay::legend_rect(view, cx.state.view.show_legend));
    state.covered = legend_rect.into_iter().chain([overlay::tools_rect(view)]).collect();
    let covered = &state.covered;

    let painter = ui.painter().with_clip_rect(view);
    let per_metre = |p: LatLon| projector.scale_pixel_per_meter(lon_lat(p.lon, p.lat));
    let scene = markers::Scene {
        cx,
        view,
        project: &project,
        points_per_metre: &per_metre,
        stacks: &state.gathered.stacks,
        markers: &state.gathered.markers,
        selected: &state.gathered.selected,
        covered,
    };
    match state.crowd.points() {
        Some(frame) => state.points.paint(&painter, cx, frame, view),
        None => state.crowd.paint_image(&painter, view),
    }
    markers::paint_areas(&painter, &scene);

    // Overlays first decide where labels may not lie; they are painted on top at the end.
    let credits = state.tiles.as_ref().map(BasemapTiles::credits).unwrap_or_default();
    let credits: Vec<&str> = credits.iter().map(|credit| credit.text.as_ref()).collect();
    let middle = position_at(view.center());
    state.scale = overlay::scale_ui(ui, cx, view, per_metre(middle), &credits.join(" · "));
    let mut taken = vec![state.scale];
    taken.extend(overlay::playing_ui(ui, cx, view));

    let lang = cx.state.settings.label_lang;
    if lang != state.label_lang {
        state.placer.reset();
        state.label_lang = lang;
    }
    let geo_box =
        GeoBox { west: north_west.lon, north: north_west.lat, east: south_east.lon, south: south_east.lat };
    let language = match lang {
        Lang::En => LabelLanguage::English,
        Lang::Fr => LabelLanguage::French,
        Lang::Ar => LabelLanguage::Arabic,
    };
    let named = cx.state.settings.layers.place_names && !(crowded && memory.zoom() < CROWDED_NAMES_FROM);
    let basemap_labels = match &mut state.tiles {
        Some(tiles) if *choice != BasemapChoice::None && named => {
            tiles.labels_in_view(geo_box, memory.zoom(), language)
        }
        _ => Arc::default(),
    };
    let fallback =
        state.tiles.as_ref().is_some_and(|t| matches!(t.status(), BasemapStatus::OfflineFallback(_)));

    taken.extend(covered);
    taken.extend(state.crowd.chip_rects(view));
    markers::paint_labels(&painter, &scene, &mut state.placer, &basemap_labels, &taken);
    let pointed = pointer.filter(|pos| !covered.iter().any(|rect| rect.contains(*pos)));
    let picked = pointed.and_then(|pos| markers::pick(&scene, pos));
    let free = pointed.filter(|_| picked.is_none() && !boxing);
    let target = free.and_then(|pos| state.crowd.pick(cx, view, pos));
    state.crowd.paint_chips(&painter, cx, view, target.as_ref());
    if let Some(target) = &target {
        state.crowd.paint_target(&painter, cx, view, target);
    }
    markers::paint_markers(&painter, &scene, picked);
    markers::accessible_ui(ui, &scene, commands);
    state.crowd.accessible_ui(ui, cx, view, commands);
    if legend {
        overlay::legend_ui(ui, cx, view, commands);
    }
    overlay::tools_ui(ui, cx, view, &mut state.box_mode, commands);
    if fallback {
        let style = super::widgets::words::Style::new(super::theme::TextKind::Caption, cx.theme.warning);
        let at = view.center_top() + vec2(0.0, 12.0);
        let text = cx.t("map-fallback");
        super::widgets::words::paint_halo(
            &painter,
            at,
            egui::Align2::CENTER_TOP,
            &text,
            style,
            cx.theme.map.land,
        );
    }

    select_by_box(ui, cx, state, &response, boxing, view, commands);
    match target.filter(|_| state.box_from.is_none()) {
        Some(target) => {
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
            crowd::tooltip_ui(ui, cx, &state.crowd, &target, response.hover_pos(), view, commands);
            if response.clicked() {
                crowd::click(cx, &state.crowd, &target, view, commands);
            }
        }
        None => act(ui, cx, state, &response, picked, view, commands),
    }
    state.focus = ui.memory(|memory| memory.focused());
    if response.secondary_clicked() {
        state.menu_at = response.interact_pointer_pos().map(position_at);
    }
    if let Some(at) = state.menu_at {
        let bbox = BBox {
            min_lon: geo_box.west,
            min_lat: geo_box.south,
            max_lon: geo_box.east,
            max_lat: geo_box.north,
        };
        response.context_menu(|ui| context_menu_ui(ui, cx, at, bbox, memory.zoom(), commands));
    }
}

/// Clicks, hover, and the Tab key in a stack.
fn act(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    state: &mut MapUi,
    response: &egui::Response,
    picked: Option<markers::Picked>,
    view: Rect,
    commands: &mut Commands,
) {
    let (ctrl, shift) = ui.input(|input| (input.modifiers.command, input.modifiers.shift));
    let Some(picked) = picked else {
        state.stepped = None;
        if response.clicked() && !shift {
            if cx.state.view.fan.is_some() {
                commands.push(MapCommand::Fan(None));
            } else if !ctrl && !cx.state.view.selection.events.is_empty() {
                commands.push(SelectCommand::None);
            }
        }
        return;
    };
    ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    let store_events =
        |stack: usize| state.gathered.stacks.get(stack).map_or(&[][..], |s| s.events.as_slice());
    let select = |event: EventId, commands: &mut Commands| {
        commands.push(if ctrl { SelectCommand::Toggle(event) } else { SelectCommand::Event(event) });
    };
    match picked {
        markers::Picked::Event(event) => {
            commands.hover(event);
            tooltip::event_ui(ui, cx, event, None, response.hover_pos(), view);
            if response.clicked() {
                select(event, commands);
            }
        }
        markers::Picked::Stack(stack) | markers::Picked::FanLeg(stack, _) => {
            let leg = if let markers::Picked::FanLeg(_, leg) = picked { Some(leg) } else { None };
            let events = store_events(stack);
            let open = cx.state.view.fan.is_some_and(|event| events.contains(&event));
            let begin = || leg.or_else(|| events.iter().position(|e| cx.is_primary(*e))).unwrap_or(0);
            let before = state.stepped.filter(|s| s.stack == stack && s.leg == leg);
            let tab = events.len() > 1 && take_tab(ui, state.focus);
            let at = (before.map_or_else(begin, |s| s.at) + usize::from(tab)) % events.len().max(1);
            state.stepped = Some(Stepped { stack, leg, at });
            if let Some(event) = events.get(at).copied() {
                commands.hover(event);
                let here = (events.len() > 1).then_some((at + 1, events.len()));
                // Below a fan, off its other legs.
                let down = if open { vec2(0.0, FAN_ROOM) } else { egui::Vec2::ZERO };
                tooltip::event_ui(ui, cx, event, here, response.hover_pos().map(|p| p + down), view);
                if tab {
                    commands.push(SelectCommand::Event(event));
                }
                if response.clicked() {
                    // A leg is what it shows, wherever Tab has gone from there.
                    let own = leg.and_then(|leg| events.get(leg).copied());
                    if let Some(event) = own.or((events.len() == 1).then_some(event)) {
                        select(event, commands);
                    } else if ctrl || events.len() > MAX_FAN {
                        commands.push(SelectCommand::Many(events.to_vec()));
                    } else {
                        commands.push(MapCommand::Fan((!open).then_some(event)));
                    }
                }
            }
        }
        markers::Picked::Cluster(marker) => {
            let Some(marker) = state.gathered.markers.get(marker) else { return };
            tooltip::cluster_ui(ui, cx, marker, response.hover_pos(), view);
            if response.clicked() {
                if ctrl {
                    let events =
                        marker.stacks.iter().flat_map(|stack| store_events(*stack)).copied().collect();
                    commands.push(SelectCommand::Many(events));
                } else {
                    let to = Camera::fitting(marker.bbox, view.size(), FIT_MARGIN * 2.0);
                    let zoom = to.zoom.max(state.memory.zoom() + 1.0).min(MAX_ZOOM);
                    commands.push(MapCommand::FlyTo { center: to.center, zoom });
                }
            }
        }
    }
}

/// walkers zooms by the wheel times the length of the frame: the same turn would zoom twice as far
/// where frames are slow. Returns how far the wheel was turned.
fn pace_wheel(ui: &Ui) -> f32 {
    if !ui.ui_contains_pointer() {
        return 0.0;
    }
    ui.input_mut(|input| {
        let turned = input.smooth_scroll_delta.y;
        let secs = input.stable_dt.clamp(input.predicted_dt * 0.5, input.predicted_dt * 2.0);
        if turned != 0.0 && secs > 0.0 {
            input.smooth_scroll_delta.y = turned / WHEEL_POINTS_PER_LEVEL * 4.0 / secs;
        }
        turned
    })
}

/// Takes the Tab key from whatever else would move the focus by it.
fn take_tab(ui: &Ui, focus: Option<egui::Id>) -> bool {
    let tab = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Tab));
    if tab {
        ui.memory_mut(|memory| {
            memory.move_focus(egui::FocusDirection::None);
            match (focus, memory.focused()) {
                (Some(id), _) => memory.request_focus(id),
                (None, Some(now)) => memory.surrender_focus(now),
                (None, None) => {}
            }
        });
    }
    tab
}

/// Shift and drag, or the tool, counts what lies in a box, and selects it at the end; more than can be
/// told one by one is filtered instead.
fn select_by_box(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    state: &mut MapUi,
    response: &egui::Response,
    boxing: bool,
    view: Rect,
    commands: &mut Commands,
) {
    if boxing && response.drag_started_by(PointerButton::Primary) {
        state.box_from = ui.input(|input| input.pointer.press_origin());
    }
    let Some(from) = state.box_from else { return };
    let to = response.interact_pointer_pos().or(ui.input(|input| input.pointer.latest_pos())).unwrap_or(from);
    let area = Rect::from_two_pos(from, to).intersect(view);
    let accent = cx.theme.accent;
    let stroke = egui::Stroke::new(1.0, accent);
    ui.painter().rect(area, 2.0, accent.gamma_multiply(0.12), stroke, egui::StrokeKind::Inside);
    let Some(store) = cx.store() else { return };
    let camera = state.camera();
    let whole = Frame::new(mercator(camera.center), camera.zoom, view.width().into(), view.height().into());
    let offset = area.min - view.min;
    let frame = Frame {
        left: whole.left + f64::from(offset.x),
        top: whole.top + f64::from(offset.y),
        width: area.width().max(0.0).into(),
        height: area.height().max(0.0).into(),
        ..whole
    };
    let [left, top, right, bottom] = frame.world();
    let sites = &store.index.sites;
    let ranges = sites.in_box([left, top], [right, bottom]);
    let places = crowd::places(sites, cx.derived);
    let count = places.census(&frame, &ranges).events;
    let open = area.width() > 3.0 && area.height() > 3.0;
    if open {
        let key = if count <= MAX_EVENTS { "map-box-select" } else { "map-box-filter" };
        tooltip::words_ui(ui, cx, &cx.catalog.f(key, &[("n", count.into())]), to, view);
    }
    if ui.input(|input| input.pointer.primary_down()) {
        return;
    }
    state.box_from = None;
    state.box_mode = false;
    if open && count <= MAX_EVENTS {
        let mut events: Vec<EventId> = Vec::with_capacity(count as usize);
        places.each(&ranges, |site, point, count| {
            if count.total > 0 && frame.shows(point) {
                events.extend(sites.events(site).filter(|event| cx.derived.passes(*event)));
            }
        });
        events.sort_by_key(|event| (store.interval(*event).start, *event));
        commands.push(SelectCommand::Many(events));
    } else if open {
        let (north_west, south_east) = (from_mercator(left, top), from_mercator(right, bottom));
        let area = BBox {
            min_lon: north_west.lon,
            min_lat: south_east.lat,
            max_lon: south_east.lon,
            max_lat: north_west.lat,
        };
        commands.push(FilterCommand::Area(Some(area)));
    }
}

fn context_menu_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    at: LatLon,
    view: BBox,
    zoom: f64,
    commands: &mut Commands,
) {
    let text = format!("{:.5}, {:.5}", at.lat, at.lon);
    if ui.button(format!("{}: {text}", cx.t("map-copy-position"))).clicked() {
        commands.push(Command::Copy(text));
        ui.close();
    }
    if ui.button(cx.t("map-zoom-here")).clicked() {
        commands.push(MapCommand::FlyTo { center: at, zoom: zoom + 2.0 });
        ui.close();
    }
    ui.separator();
    if cx.state.view.filter.area.is_none() {
        if ui.button(cx.t("map-area-filter")).clicked() {
            commands.push(FilterCommand::Area(Some(view)));
            ui.close();
        }
    } else if ui.button(cx.t("map-area-clear")).clicked() {
        commands.push(FilterCommand::Area(None));
        ui.close();
    }
    if ui.button(cx.t("action-fit-all")).clicked() {
        commands.push(MapCommand::FitAll);
        ui.close();
    }
}
