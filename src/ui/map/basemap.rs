//! The basemap: tiles of the built-in archive, of the user's own archive, or from the network.
//!
//! Invariants:
//! * There is always a map. The built-in archive lies beneath every other source, so a tile that a
//!   source lacks, or cannot deliver, leaves no hole.
//! * No network before the user picks an online source: [`walkers::HttpTiles`] is constructed in
//!   [`BasemapTiles::select`] and nowhere else.
//! * A frame is never held up: decoding stops after [`SOFT_BUDGET`], what is missing is shown from a
//!   parent tile meanwhile, and another frame is asked for. Only where there is no parent either does
//!   it go on, up to [`HARD_BUDGET`].
//! * Caches are bounded by count and by bytes.
//! * walkers asks for 512 px tiles at map zoom − 1. Beyond the deepest tile there is, the nearest
//!   parent is stretched (overzoom).

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Rect, Vec2, pos2};
use lru::LruCache;
use walkers::sources::{Attribution, TileSource as _};
use walkers::{
    Canvas, Drawable, HeaderValue, HttpOptions, HttpTiles, Layer, Projector, Style, Tile, TileId, TilePiece,
    Tiles,
};

use super::archive::{Archive, ArchiveError, TileBytes, TileKind};
use super::basemap_style::{BasemapColors, WidthBand, openmaptiles_style, protomaps_style};
use super::labels::{
    BasemapLabel, GeoBox, LabelLanguage, OwnPlaces, PlaceLabel, decode_labels, select_labels,
};

/// The archive built into the program: see `data/basemap/README.md`.
pub static WORLD_ARCHIVE: &[u8] = include_bytes!("../../../data/basemap/world.pmtiles");

/// Decoding in one frame stops after this, as long as there is something else to show.
pub const SOFT_BUDGET: Duration = Duration::from_millis(6);
/// Decoding in one frame stops after this even if that leaves a hole.
pub const HARD_BUDGET: Duration = Duration::from_millis(60);

const TILES_KEPT: NonZeroUsize = at_least_one(384);
const LABEL_TILES_KEPT: NonZeroUsize = at_least_one(512);
const TILE_BYTES_KEPT: usize = 96 << 20;
/// Tiles a view is asked for labels of. A 4K screen shows about 50.
const LABEL_TILES_IN_VIEW: usize = 96;

const WHOLE_TILE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

const fn at_least_one(count: usize) -> NonZeroUsize {
    match NonZeroUsize::new(count) {
        Some(count) => count,
        None => NonZeroUsize::MIN,
    }
}

/// walkers asks every source for this and does nothing with it; [`BasemapTiles::credits`] is what the
/// program shows.
const UNUSED_ATTRIBUTION: Attribution = Attribution { text: "", url: "", logo_light: None, logo_dark: None };

/// How many bytes a decoded tile holds on to, near enough to bound a cache with.
fn tile_size_bytes(tile: &Tile) -> usize {
    match tile {
        Tile::Raster(texture) => texture.byte_size(),
        Tile::Vector { drawables, .. } => drawables
            .iter()
            .map(|drawable| match drawable {
                Drawable::Fill(mesh) => mesh.vertices.len() * 12 + mesh.indices.len() * 4,
                Drawable::Lines(lines) => lines.iter().map(|line| 96 + line.points.len() * 8).sum::<usize>(),
            })
            .sum(),
    }
}

/// The part of `ancestor` that covers `id`.
fn part_of(ancestor: TileId, id: TileId) -> Rect {
    let deeper = u32::from(id.zoom.saturating_sub(ancestor.zoom)).min(31);
    let side = (1u64 << deeper) as f32;
    let within = |child: u32, parent: u32| {
        (u64::from(child).saturating_sub(u64::from(parent) << deeper)) as f32 / side
    };
    Rect::from_min_size(pos2(within(id.x, ancestor.x), within(id.y, ancestor.y)), Vec2::splat(1.0 / side))
}

/// The tile that covers `id` at a lower zoom.
fn ancestor(id: TileId, zoom: u8) -> TileId {
    let up = u32::from(id.zoom.saturating_sub(zoom)).min(31);
    TileId { x: id.x >> up, y: id.y >> up, zoom: id.zoom.min(zoom) }
}

/// A decoded tile, or `None` for one that could not be decoded, so that it is not tried again.
struct CachedTile {
    tile: Option<Tile>,
    size_bytes: usize,
}

/// Tiles of one archive, decoded when they are needed.
pub struct OfflineTiles {
    archive: Archive,
    colors: BasemapColors,
    style: Style,
    tiles: LruCache<(TileId, WidthBand), CachedTile>,
    tiles_size_bytes: usize,
    labels: LruCache<TileId, Arc<[PlaceLabel]>>,
    /// Always the same, so that nothing has to be handed to the graphics device in each frame.
    water: Option<Arc<Vec<Drawable>>>,
    /// Whether ground without a tile is open water. Only the built-in archive covers the world.
    covers_world: bool,
    /// What the archive says whom to credit.
    credit: Option<String>,
    /// Set by [`Self::begin_frame`], to ask for another frame and to make textures with.
    ctx: Option<egui::Context>,
    spent: Duration,
    budget: Option<(Duration, Duration)>,
    pending: bool,
    /// What the frame before asked for, whose parents are decoded in time to spare.
    wanted: Vec<(TileId, WidthBand)>,
}

impl OfflineTiles {
    /// Over the archive built into the program.
    pub fn built_in(colors: BasemapColors) -> Result<Self, ArchiveError> {
        let mut tiles = Self::open(Arc::new(WORLD_ARCHIVE), colors)?;
        tiles.covers_world = true;
        Ok(tiles)
    }

    /// Over an archive of the user's.
    pub fn open(bytes: Arc<dyn TileBytes>, colors: BasemapColors) -> Result<Self, ArchiveError> {
        let archive = Archive::open(bytes)?;
        Ok(Self {
            credit: archive.attribution(),
            archive,
            style: protomaps_style(&colors),
            colors,
            tiles: LruCache::new(TILES_KEPT),
            tiles_size_bytes: 0,
            labels: LruCache::new(LABEL_TILES_KEPT),
            water: None,
            covers_world: false,
            ctx: None,
            spent: Duration::ZERO,
            budget: Some((SOFT_BUDGET, HARD_BUDGET)),
            pending: false,
            wanted: Vec::new(),
        })
    }

    /// Changes the colours, at the price of decoding again. Costs nothing when they are the same.
    pub fn set_colors(&mut self, colors: BasemapColors) {
        if colors != self.colors {
            self.colors = colors;
            self.style = protomaps_style(&colors);
            self.tiles.clear();
            self.tiles_size_bytes = 0;
            self.water = None;
        }
    }

    /// Lifts the limits on time, for pictures that have to be complete in their first frame.
    pub fn set_unhurried(&mut self, unhurried: bool) {
        self.budget = (!unhurried).then_some((SOFT_BUDGET, HARD_BUDGET));
    }

    /// To be called once in every frame, before the map is drawn.
    pub fn begin_frame(&mut self, ctx: &egui::Context) {
        self.ctx = Some(ctx.clone());
        let complete = !std::mem::take(&mut self.pending);
        self.spent = Duration::ZERO;
        let wanted = std::mem::take(&mut self.wanted);
        if complete && self.budget.is_some() {
            self.decode_parents(&wanted);
        }
    }

    /// Whether the last frame lacked tiles for want of time.
    pub fn is_pending(&self) -> bool {
        self.pending
    }

    /// With time to spare, decodes what zooming out one step will need.
    fn decode_parents(&mut self, wanted: &[(TileId, WidthBand)]) {
        for (id, _) in wanted {
            if self.spent >= SOFT_BUDGET / 2 {
                return;
            }
            let Some(zoom) = id.zoom.checked_sub(1) else {
                continue;
            };
            let parent = ancestor(*id, zoom);
            let key = (parent, WidthBand::of_tile_zoom(zoom));
            if zoom >= self.archive.min_zoom() && !self.tiles.contains(&key) {
                self.decode(key);
            }
        }
    }

    /// The deepest tile of the archive that covers `id`.
    fn source_of(&mut self, id: TileId) -> Option<TileId> {
        let deepest = id.zoom.min(self.archive.max_zoom());
        (self.archive.min_zoom()..=deepest)
            .rev()
            .map(|zoom| ancestor(id, zoom))
            .find(|candidate| self.archive.contains(*candidate))
    }

    fn may_decode(&self, has_substitute: bool) -> bool {
        match self.budget {
            None => true,
            Some((soft, hard)) => self.spent < if has_substitute { soft } else { hard },
        }
    }

    /// Decodes a tile and its labels into the caches.
    fn decode(&mut self, key: (TileId, WidthBand)) {
        let started = Instant::now();
        let (id, band) = key;
        let content = self.archive.tile(id).unwrap_or_else(|error| {
            log::warn!("Basemap tile {}/{}/{}: {error}.", id.zoom, id.x, id.y);
            None
        });
        let tile = content.as_ref().and_then(|content| self.tile_of(content, band));
        if let Some(content) = content
            && self.archive.tile_kind() == TileKind::Vector
            && !self.labels.contains(&id)
        {
            self.labels.put(id, decode_guarded(content, id).into());
        }
        self.keep(key, tile);
        self.spent += started.elapsed();
    }

    fn tile_of(&self, content: &[u8], band: WidthBand) -> Option<Tile> {
        let decoded = || match self.archive.tile_kind() {
            TileKind::Vector => Tile::from_mvt(content, &self.style, band.style_zoom(), self.tile_size()),
            TileKind::Raster => Tile::new(
                content,
                &self.style,
                band.style_zoom(),
                self.tile_size(),
                self.ctx.as_ref().unwrap_or(&egui::Context::default()),
            ),
        };
        // The decoders are not ours, and the archive may be anybody's.
        match catch_unwind(AssertUnwindSafe(decoded)) {
            Ok(Ok(tile)) => Some(tile),
            Ok(Err(error)) => {
                log::warn!("A basemap tile could not be decoded: {error}.");
                None
            }
            Err(_) => {
                log::warn!("A basemap tile broke its decoder.");
                None
            }
        }
    }

    fn keep(&mut self, key: (TileId, WidthBand), tile: Option<Tile>) {
        let size_bytes = tile.as_ref().map_or(0, tile_size_bytes);
        self.tiles_size_bytes += size_bytes;
        if let Some((_, dropped)) = self.tiles.push(key, CachedTile { tile, size_bytes }) {
            self.tiles_size_bytes = self.tiles_size_bytes.saturating_sub(dropped.size_bytes);
        }
        while self.tiles_size_bytes > TILE_BYTES_KEPT && self.tiles.len() > 1 {
            let Some((_, dropped)) = self.tiles.pop_lru() else {
                break;
            };
            self.tiles_size_bytes = self.tiles_size_bytes.saturating_sub(dropped.size_bytes);
        }
    }

    /// A decoded tile of lower zoom that covers `id`, to show meanwhile.
    fn substitute(&mut self, id: TileId, below_zoom: u8) -> Option<TilePiece> {
        (self.archive.min_zoom()..below_zoom).rev().find_map(|zoom| {
            let parent = ancestor(id, zoom);
            WidthBand::ALL.into_iter().rev().find_map(|band| {
                let tile = self.tiles.get(&(parent, band))?.tile.clone()?;
                Some(TilePiece::new(tile, part_of(parent, id)))
            })
        })
    }

    /// Open water, where the archive of the world has no tile.
    fn water(&mut self) -> Tile {
        let size = self.tile_size() as f32;
        let color = self.colors.water;
        let background = || Arc::new(vec![Drawable::background(size, color)]);
        let drawables = self.water.get_or_insert_with(background).clone();
        Tile::Vector { drawables, texts: Vec::new() }
    }

    /// The labels of one tile of the archive, decoded at need.
    fn labels_of(&mut self, id: TileId) -> Arc<[PlaceLabel]> {
        if let Some(labels) = self.labels.get(&id) {
            return labels.clone();
        }
        let labels: Arc<[PlaceLabel]> = match self.archive.tile(id) {
            Ok(Some(content)) => decode_guarded(content, id).into(),
            _ => Arc::new([]),
        };
        self.labels.put(id, labels.clone());
        labels
    }

    /// The tiles of the archive that carry the labels of this view.
    fn label_tiles(&mut self, view: GeoBox, zoom: f64) -> Vec<TileId> {
        if self.archive.tile_kind() != TileKind::Vector {
            return Vec::new();
        }
        let tile_zoom = (zoom.round() - 1.0).clamp(0.0, f64::from(self.archive.max_zoom())) as u8;
        let mut found: Vec<TileId> = Vec::new();
        for id in view.tiles(tile_zoom, LABEL_TILES_IN_VIEW) {
            if let Some(source) = self.source_of(id)
                && !found.contains(&source)
            {
                found.push(source);
            }
        }
        found
    }
}

fn decode_guarded(content: Vec<u8>, id: TileId) -> Vec<PlaceLabel> {
    catch_unwind(AssertUnwindSafe(|| decode_labels(content, id))).unwrap_or_default()
}

impl Tiles for OfflineTiles {
    fn at(&mut self, id: TileId) -> Option<TilePiece> {
        if id.zoom > 31 || u64::from(id.x.max(id.y)) >= 1 << id.zoom {
            return None;
        }
        let Some(source) = self.source_of(id) else {
            return self.covers_world.then(|| TilePiece::new(self.water(), WHOLE_TILE));
        };
        let key = (source, WidthBand::of_tile_zoom(id.zoom));
        if !self.wanted.contains(&key) {
            self.wanted.push(key);
        }
        if !self.tiles.contains(&key) {
            // Looked up first: whether there is a substitute decides how much time there is.
            let substitute = self.substitute(id, source.zoom);
            if !self.may_decode(substitute.is_some()) {
                self.pending = true;
                if let Some(ctx) = &self.ctx {
                    ctx.request_repaint();
                }
                return substitute;
            }
            self.decode(key);
        }
        match self.tiles.get(&key).and_then(|cached| cached.tile.clone()) {
            Some(tile) => Some(TilePiece::new(tile, part_of(source, id))),
            None => self.substitute(id, source.zoom),
        }
    }

    fn attribution(&self) -> Attribution {
        UNUSED_ATTRIBUTION
    }

    fn tile_size(&self) -> u32 {
        match self.archive.tile_kind() {
            TileKind::Vector => 512,
            TileKind::Raster => 256,
        }
    }
}

/// Where the basemap comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BasemapSource {
    /// The archive built into the program.
    #[default]
    Offline,
    /// Pictures from the OpenStreetMap Foundation's servers.
    OsmRaster,
    /// Vector tiles from OpenFreeMap, in our own style.
    OpenFreeMap,
    /// An archive of the user's, by what it is called on screen.
    PmTiles(String),
    /// No basemap at all.
    None,
}

impl BasemapSource {
    /// Whether showing it takes a network.
    pub fn is_online(&self) -> bool {
        matches!(self, Self::OsmRaster | Self::OpenFreeMap)
    }

    /// Whom to credit for it, and where that leads.
    pub fn credit(&self) -> Credit {
        let (text, url) = match self {
            Self::Offline => {
                ("Made with Natural Earth · GeoNames", "https://www.naturalearthdata.com/about/terms-of-use/")
            }
            Self::OsmRaster => ("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"),
            Self::OpenFreeMap => {
                ("OpenFreeMap © OpenMapTiles · Data from OpenStreetMap", "https://openfreemap.org")
            }
            // What the archive itself says is better: see `BasemapTiles::credits`.
            Self::PmTiles(_) | Self::None => ("", ""),
        };
        Credit { text: text.into(), url }
    }
}

/// A credit that has to stand on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub text: Cow<'static, str>,
    /// Where it leads; empty for nowhere.
    pub url: &'static str,
}

/// How the chosen source is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasemapStatus {
    Ok,
    /// The built-in map is shown instead, or shows through.
    OfflineFallback(FallbackReason),
}

/// Why the built-in map is shown instead of what was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FallbackReason {
    /// The part of the program that talks to the network could not be started, or broke.
    NoClient,
    /// Tiles were asked for and did not come.
    NoTiles,
}

/// No new tile in this time, while some are missing, counts as failure.
const ONLINE_PATIENCE_S: f64 = 8.0;

/// Tiles from the network, and how well they come.
struct OnlineTiles {
    /// `None` once the client could not be started or broke.
    tiles: Option<HttpTiles>,
    max_zoom: u8,
    asked: usize,
    complete: usize,
    /// How many were complete in the frame before, and since when tiles have been missing.
    complete_before: usize,
    waiting_since_s: Option<f64>,
    failed: Option<FallbackReason>,
}

impl OnlineTiles {
    fn start(source: &BasemapSource, colors: &BasemapColors, ctx: &egui::Context) -> Self {
        let options = HttpOptions {
            cache: None,
            user_agent: Some(HeaderValue::from_static(concat!("waqai/", env!("CARGO_PKG_VERSION")))),
            ..HttpOptions::default()
        };
        let start = || match source {
            BasemapSource::OpenFreeMap => HttpTiles::with_options_and_style(
                walkers::sources::OpenFreeMap,
                options,
                openmaptiles_style(colors),
                ctx.clone(),
            ),
            _ => HttpTiles::with_options(walkers::sources::OpenStreetMap, options, ctx.clone()),
        };
        // Building the client can panic, for instance where the system has no trusted roots.
        let tiles = catch_unwind(AssertUnwindSafe(start)).ok();
        Self {
            failed: tiles.is_none().then_some(FallbackReason::NoClient),
            tiles,
            max_zoom: match source {
                BasemapSource::OpenFreeMap => walkers::sources::OpenFreeMap.max_zoom(),
                _ => walkers::sources::OpenStreetMap.max_zoom(),
            },
            asked: 0,
            complete: 0,
            complete_before: 0,
            waiting_since_s: None,
        }
    }

    fn begin_frame(&mut self, now_s: f64) {
        if self.tiles.is_some() {
            self.judge(now_s);
        }
    }

    /// Judges the frame before by what came.
    fn judge(&mut self, now_s: f64) {
        let asked = std::mem::take(&mut self.asked);
        let complete = std::mem::take(&mut self.complete);
        if asked == 0 {
            return;
        }
        if complete == asked {
            self.waiting_since_s = None;
            self.failed = None;
        } else if complete > self.complete_before {
            self.waiting_since_s = Some(now_s);
        } else {
            let since_s = *self.waiting_since_s.get_or_insert(now_s);
            if now_s - since_s > ONLINE_PATIENCE_S {
                self.failed = Some(FallbackReason::NoTiles);
            }
        }
        self.complete_before = complete;
    }
}

impl Tiles for OnlineTiles {
    fn at(&mut self, id: TileId) -> Option<TilePiece> {
        let tiles = self.tiles.as_mut()?;
        // walkers panics here once its own thread is gone.
        let Ok(piece) = catch_unwind(AssertUnwindSafe(|| tiles.at(id))) else {
            self.tiles = None;
            self.failed = Some(FallbackReason::NoClient);
            return None;
        };
        self.asked += 1;
        // A piece of a parent stands in for a tile that is missing, unless there is none deeper.
        let is_complete = |piece: &TilePiece| piece.uv == WHOLE_TILE || id.zoom > self.max_zoom;
        self.complete += usize::from(piece.as_ref().is_some_and(is_complete));
        piece
    }

    fn attribution(&self) -> Attribution {
        UNUSED_ATTRIBUTION
    }

    fn tile_size(&self) -> u32 {
        self.tiles.as_ref().map_or(256, Tiles::tile_size)
    }
}

/// What the label cache was made for.
#[derive(PartialEq)]
struct LabelsKey {
    tiles: Vec<TileId>,
    zoom: i32,
    language: LabelLanguage,
    from_archive: bool,
}

/// The basemap as the program uses it: the chosen source over the built-in archive.
pub struct BasemapTiles {
    colors: BasemapColors,
    /// `None` only if the built-in archive were damaged.
    built_in: Option<OfflineTiles>,
    archive: Option<OfflineTiles>,
    online: Option<OnlineTiles>,
    /// Online tiles no longer wanted, until their requests have ended: dropping them earlier could
    /// wait for the network.
    retired: Vec<HttpTiles>,
    source: BasemapSource,
    own_places: OwnPlaces,
    labels: Option<(LabelsKey, Arc<[BasemapLabel]>)>,
    /// What the last frame drew, and a number that changes with it.
    drawn: Drawn,
    content: u64,
}

/// All that the look of the basemap depends on, except where on the screen it may draw.
#[derive(Default)]
struct Drawn {
    /// Longitudes and latitudes of two points on the screen.
    view: [f64; 4],
    /// In the order in which they are drawn. Held, so that no other tile can come to lie at their place.
    pieces: Vec<(TileId, Rect, Arc<Vec<Drawable>>)>,
}

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        let same = |((id, part, drawables), of_other): (&(TileId, Rect, Arc<_>), &(TileId, Rect, Arc<_>))| {
            *id == of_other.0 && *part == of_other.1 && Arc::ptr_eq(drawables, &of_other.2)
        };
        self.view == other.view
            && self.pieces.len() == other.pieces.len()
            && self.pieces.iter().zip(&other.pieces).all(same)
    }
}

/// Tiles, and a note of each that is drawn.
struct Noted<'a, T> {
    tiles: &'a mut T,
    drawn: &'a mut Drawn,
}

impl<T: Tiles> Tiles for Noted<'_, T> {
    fn at(&mut self, id: TileId) -> Option<TilePiece> {
        let piece = self.tiles.at(id)?;
        if let Tile::Vector { drawables, .. } = &piece.tile {
            self.drawn.pieces.push((id, piece.uv, drawables.clone()));
        }
        Some(piece)
    }

    fn attribution(&self) -> Attribution {
        self.tiles.attribution()
    }

    fn tile_size(&self) -> u32 {
        self.tiles.tile_size()
    }
}

impl BasemapTiles {
    /// Over the built-in archive; touches neither disk nor network.
    pub fn new(colors: BasemapColors) -> Self {
        let built_in = OfflineTiles::built_in(colors)
            .inspect_err(|error| log::error!("The built-in basemap: {error}."))
            .ok();
        let (places, problems) = crate::model::gazetteer::parse_gazetteer(crate::model::gazetteer::BUILT_IN);
        for problem in problems {
            log::error!("The built-in gazetteer, line {}: {}.", problem.line, problem.message);
        }
        Self {
            colors,
            built_in,
            archive: None,
            online: None,
            retired: Vec::new(),
            source: BasemapSource::Offline,
            own_places: OwnPlaces::new(&places),
            labels: None,
            drawn: Drawn::default(),
            content: 0,
        }
    }

    /// Changes with what the last frame drew of tiles. Pictures among them are not counted.
    pub fn content(&self) -> u64 {
        self.content
    }

    /// To be called once in every frame, before the map is drawn.
    pub fn begin_frame(&mut self, ctx: &egui::Context) {
        for tiles in [&mut self.built_in, &mut self.archive].into_iter().flatten() {
            tiles.begin_frame(ctx);
        }
        if let Some(online) = &mut self.online {
            online.begin_frame(ctx.input(|input| input.time));
            if online.waiting_since_s.is_some() && online.failed.is_none() {
                // Nothing else wakes the program up when nothing comes.
                ctx.request_repaint_after(Duration::from_secs(1));
            }
        }
        self.retired.retain(|tiles| tiles.stats().in_progress > 0);
    }

    pub fn set_colors(&mut self, colors: BasemapColors, ctx: &egui::Context) {
        if colors == self.colors {
            return;
        }
        self.colors = colors;
        for tiles in [&mut self.built_in, &mut self.archive].into_iter().flatten() {
            tiles.set_colors(colors);
        }
        if self.source == BasemapSource::OpenFreeMap {
            self.select(BasemapSource::OpenFreeMap, ctx);
        }
    }

    /// Lifts the limits on time, for pictures that have to be complete in their first frame.
    pub fn set_unhurried(&mut self, unhurried: bool) {
        for tiles in [&mut self.built_in, &mut self.archive].into_iter().flatten() {
            tiles.set_unhurried(unhurried);
        }
    }

    /// Changes the source. Picking the online source that is shown already tries it anew. For an
    /// archive that was not opened with [`Self::select_archive`], the built-in map is shown.
    pub fn select(&mut self, source: BasemapSource, ctx: &egui::Context) {
        self.labels = None;
        if let Some(tiles) = self.online.take().and_then(|online| online.tiles) {
            self.retired.push(tiles);
        }
        if !matches!(source, BasemapSource::PmTiles(_)) {
            self.archive = None;
        }
        if source.is_online() {
            self.online = Some(OnlineTiles::start(&source, &self.colors, ctx));
        }
        self.source = source;
    }

    /// Changes to an archive of the user's, which a loader has opened. On error everything stays as
    /// it was.
    pub fn select_archive(
        &mut self,
        label: String,
        bytes: Arc<dyn TileBytes>,
        ctx: &egui::Context,
    ) -> Result<(), ArchiveError> {
        let archive = OfflineTiles::open(bytes, self.colors)?;
        self.select(BasemapSource::PmTiles(label), ctx);
        self.archive = Some(archive);
        Ok(())
    }

    pub fn source(&self) -> &BasemapSource {
        &self.source
    }

    pub fn status(&self) -> BasemapStatus {
        match self.online.as_ref().and_then(|online| online.failed.clone()) {
            Some(reason) => BasemapStatus::OfflineFallback(reason),
            None => BasemapStatus::Ok,
        }
    }

    /// Whether any tile has come for the present view; before, the built-in map shows through.
    fn has_online_tiles(&self) -> bool {
        self.online.as_ref().is_some_and(|online| online.complete_before > 0)
    }

    /// The credits that have to stand on the map. More than one where the built-in map, or its names,
    /// show beside the chosen source.
    pub fn credits(&self) -> Vec<Credit> {
        let offline = BasemapSource::Offline.credit();
        match &self.source {
            BasemapSource::None => Vec::new(),
            BasemapSource::Offline => vec![offline],
            BasemapSource::PmTiles(label) => {
                let own =
                    self.archive.as_ref().map(|tiles| tiles.credit.clone().unwrap_or_else(|| label.clone()));
                own.map(|text| Credit { text: text.into(), url: "" }).into_iter().chain([offline]).collect()
            }
            online => match self.status() {
                BasemapStatus::Ok if *online == BasemapSource::OsmRaster && self.has_online_tiles() => {
                    vec![online.credit()]
                }
                BasemapStatus::OfflineFallback(FallbackReason::NoClient) => vec![offline],
                _ => vec![online.credit(), offline],
            },
        }
    }

    /// Whether tiles are still missing for want of time, so that the next frame will show more.
    pub fn is_pending(&self) -> bool {
        [&self.built_in, &self.archive].into_iter().flatten().any(OfflineTiles::is_pending)
    }

    /// For [`walkers::Map::with_layer`].
    pub fn layer(&mut self) -> BasemapLayer<'_> {
        BasemapLayer(self)
    }

    /// The labels of this view, most important first. Some lie a little outside: all labels of all
    /// tiles in view are given, so that the list, and what is left out as a duplicate, changes only
    /// when a tile comes into view. Empty where the source's own tiles carry labels.
    pub fn labels_in_view(
        &mut self,
        view: GeoBox,
        zoom: f64,
        language: LabelLanguage,
    ) -> Arc<[BasemapLabel]> {
        let carries_labels = match self.source {
            BasemapSource::None => true,
            BasemapSource::OsmRaster => self.status() == BasemapStatus::Ok && self.has_online_tiles(),
            BasemapSource::PmTiles(_) => {
                self.archive.as_ref().is_some_and(|tiles| tiles.archive.tile_kind() == TileKind::Raster)
            }
            BasemapSource::Offline | BasemapSource::OpenFreeMap => false,
        };
        let from_archive = self.archive.is_some();
        let tiles = if from_archive { &mut self.archive } else { &mut self.built_in };
        let (false, Some(tiles)) = (carries_labels, tiles) else {
            return Arc::new([]);
        };
        let key = LabelsKey {
            tiles: tiles.label_tiles(view, zoom),
            zoom: zoom.round() as i32,
            language,
            from_archive,
        };
        if let Some((made_for, labels)) = &self.labels
            && *made_for == key
        {
            return labels.clone();
        }
        let of_tiles: Vec<Arc<[PlaceLabel]>> = key.tiles.iter().map(|id| tiles.labels_of(*id)).collect();
        let labels: Arc<[BasemapLabel]> = select_labels(
            of_tiles.iter().flat_map(|labels| labels.iter()),
            &self.own_places,
            view,
            zoom,
            language,
        )
        .into();
        self.labels = Some((key, labels.clone()));
        labels
    }
}

impl Drop for BasemapTiles {
    fn drop(&mut self) {
        // Dropping tiles that are being fetched waits for the network. The program is ending, or a
        // window is closing: leave them be.
        let online = self.online.take().and_then(|online| online.tiles);
        for tiles in self.retired.drain(..).chain(online) {
            if tiles.stats().in_progress > 0 {
                std::mem::forget(tiles);
            }
        }
    }
}

/// Draws the basemap: the built-in archive, and over it what the user chose.
pub struct BasemapLayer<'a>(&'a mut BasemapTiles);

impl Layer for BasemapLayer<'_> {
    fn draw(&mut self, canvas: &mut Canvas, projector: &Projector) {
        if self.0.source == BasemapSource::None {
            return;
        }
        let corners = [Vec2::ZERO, Vec2::splat(1000.0)].map(|at| projector.unproject(at));
        let [a, b] = corners;
        let drawn = &mut Drawn { view: [a.x(), a.y(), b.x(), b.y()], pieces: Vec::new() };
        if let Some(tiles) = &mut self.0.built_in {
            Layer::draw(&mut &mut Noted { tiles, drawn }, canvas, projector);
        }
        if let Some(tiles) = &mut self.0.archive {
            Layer::draw(&mut &mut Noted { tiles, drawn }, canvas, projector);
        }
        if let Some(tiles) = &mut self.0.online {
            Layer::draw(&mut &mut Noted { tiles, drawn }, canvas, projector);
        }
        if *drawn != self.0.drawn {
            self.0.drawn = std::mem::take(drawn);
            self.0.content += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Color32;

    fn colors(land: u8) -> BasemapColors {
        BasemapColors {
            water: Color32::from_rgb(1, 1, 1),
            land: Color32::from_rgb(land, 2, 2),
            country: Color32::from_rgb(3, 3, 3),
            region: Color32::from_rgb(4, 4, 4),
            river: Color32::from_rgb(5, 5, 5),
            lake: Color32::from_rgb(6, 6, 6),
        }
    }

    fn id(zoom: u8, x: u32, y: u32) -> TileId {
        TileId { x, y, zoom }
    }

    fn world() -> OfflineTiles {
        OfflineTiles::built_in(colors(2)).expect("the built-in archive opens")
    }

    const MALI: GeoBox = GeoBox { west: -12.5, south: 10.0, east: 5.0, north: 25.2 };

    #[test]
    fn part_of_a_parent_is_where_the_child_lies() {
        assert_eq!(part_of(id(3, 1, 2), id(3, 1, 2)), WHOLE_TILE);
        let quarter = part_of(id(3, 1, 2), id(4, 3, 4));
        assert_eq!(quarter, Rect::from_min_max(pos2(0.5, 0.0), pos2(1.0, 0.5)));
        assert_eq!(ancestor(id(4, 3, 4), 3), id(3, 1, 2));
        assert_eq!(ancestor(id(31, u32::MAX >> 1, 0), 0), id(0, 0, 0));
    }

    #[test]
    fn beyond_the_deepest_tile_the_nearest_parent_is_stretched() {
        let mut world = world();
        // Tinzaouaten at map zoom 14, and London, where the archive ends at zoom 6.
        for (deep, side) in [(id(13, 4163, 3636), 1.0 / 8.0), (id(13, 4093, 2724), 1.0 / 128.0)] {
            let piece = world.at(deep).expect("a piece of a parent");
            assert_eq!(piece.uv.width(), side);
        }
        assert!(world.at(id(31, 1 << 30, 1 << 30)).is_some());
    }

    #[test]
    fn tiles_that_do_not_exist_are_not_drawn() {
        let mut world = world();
        assert!(world.at(id(1, 2, 0)).is_none());
        assert!(world.at(id(40, 0, 0)).is_none());
        assert!(world.at(id(31, u32::MAX, u32::MAX)).is_none());
    }

    #[test]
    fn an_archive_of_the_users_is_read_the_same_way() {
        let bytes = Arc::new(WORLD_ARCHIVE.to_vec());
        let mut tiles = OfflineTiles::open(bytes, colors(2)).expect("opens");
        assert!(tiles.at(id(5, 15, 14)).is_some());
        assert!(OfflineTiles::open(Arc::new(vec![0; 500]), colors(2)).is_err());
    }

    #[test]
    fn without_time_a_parent_stands_in_and_another_frame_is_asked_for() {
        let ctx = egui::Context::default();
        let mut world = world();
        world.begin_frame(&ctx);
        assert!(world.at(id(4, 7, 7)).is_some());
        // As if the time of this frame were up.
        world.spent = HARD_BUDGET;
        let piece = world.at(id(5, 15, 14)).expect("the parent");
        assert_eq!(piece.uv.width(), 0.5);
        assert!(world.is_pending() && ctx.has_requested_repaint());
        world.begin_frame(&ctx);
        assert_eq!(world.at(id(5, 15, 14)).map(|piece| piece.uv), Some(WHOLE_TILE));
        assert!(!world.is_pending());
    }

    #[test]
    fn without_time_or_parent_there_is_a_hole_for_one_frame() {
        let mut world = world();
        world.spent = HARD_BUDGET;
        assert!(world.at(id(5, 15, 14)).is_none());
        world.set_unhurried(true);
        assert!(world.at(id(5, 15, 14)).is_some());
    }

    #[test]
    fn caches_are_bounded() {
        let mut world = world();
        world.set_unhurried(true);
        for y in 0..32 {
            for x in 0..32 {
                world.at(id(5, x, y));
            }
        }
        assert!(world.tiles.len() <= TILES_KEPT.get());
        assert!(world.labels.len() <= LABEL_TILES_KEPT.get());
        assert!(world.tiles_size_bytes <= TILE_BYTES_KEPT);
        let counted: usize = world.tiles.iter().map(|(_, cached)| cached.size_bytes).sum();
        assert_eq!(world.tiles_size_bytes, counted);
    }

    #[test]
    fn new_colors_mean_new_tiles_and_the_same_colors_do_not() {
        let mut world = world();
        world.at(id(5, 15, 14));
        world.set_colors(colors(2));
        assert_eq!(world.tiles.len(), 1);
        world.set_colors(colors(9));
        assert_eq!((world.tiles.len(), world.tiles_size_bytes), (0, 0));
        assert!(world.at(id(5, 15, 14)).is_some());
    }

    #[test]
    fn labels_come_in_the_language_and_not_where_the_source_has_its_own() {
        let ctx = egui::Context::default();
        let mut basemap = BasemapTiles::new(colors(2));
        let has = |basemap: &mut BasemapTiles, language, text: &str| {
            basemap.labels_in_view(MALI, 6.0, language).iter().any(|label| label.text == text)
        };
        assert!(has(&mut basemap, LabelLanguage::English, "Timbuktu"));
        assert!(has(&mut basemap, LabelLanguage::French, "Tombouctou"));
        assert!(has(&mut basemap, LabelLanguage::Arabic, "تمبكتو"));
        assert!(has(&mut basemap, LabelLanguage::Russian, "Томбукту"));
        basemap.select(BasemapSource::None, &ctx);
        assert!(!has(&mut basemap, LabelLanguage::English, "Timbuktu"));
    }

    #[test]
    fn a_view_is_answered_from_the_cache_the_second_time() {
        let mut basemap = BasemapTiles::new(colors(2));
        let first = basemap.labels_in_view(MALI, 6.0, LabelLanguage::English);
        let second = basemap.labels_in_view(MALI, 6.2, LabelLanguage::English);
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn nothing_online_exists_before_it_is_picked() {
        let ctx = egui::Context::default();
        let mut basemap = BasemapTiles::new(colors(2));
        basemap.begin_frame(&ctx);
        assert!(basemap.online.is_none());
        assert_eq!(basemap.status(), BasemapStatus::Ok);
        let refused = basemap.select_archive("x".to_owned(), Arc::new(vec![1, 2, 3]), &ctx);
        assert!(refused.is_err());
        assert_eq!(*basemap.source(), BasemapSource::Offline);
        assert!(basemap.credits()[0].text.contains("Natural Earth"));
    }

    #[test]
    fn an_archive_of_the_users_takes_over_and_gives_back() {
        let ctx = egui::Context::default();
        let mut basemap = BasemapTiles::new(colors(2));
        let bytes = Arc::new(WORLD_ARCHIVE.to_vec());
        assert_eq!(basemap.select_archive("mine".to_owned(), bytes, &ctx), Ok(()));
        assert_eq!(*basemap.source(), BasemapSource::PmTiles("mine".to_owned()));
        assert!(basemap.archive.is_some());
        basemap.select(BasemapSource::Offline, &ctx);
        assert!(basemap.archive.is_none());
    }

    /// No network is touched: nothing is asked of the client here.
    #[test]
    fn tiles_that_do_not_come_are_reported_after_a_while() {
        let mut online = OnlineTiles {
            tiles: None,
            max_zoom: 19,
            asked: 0,
            complete: 0,
            complete_before: 0,
            waiting_since_s: None,
            failed: None,
        };
        let frame = |online: &mut OnlineTiles, now_s: f64, asked: usize, complete: usize| {
            (online.asked, online.complete) = (asked, complete);
            online.judge(now_s);
            online.failed.clone()
        };
        assert_eq!(frame(&mut online, 0.0, 6, 0), None);
        assert_eq!(frame(&mut online, 7.0, 6, 2), None);
        assert_eq!(frame(&mut online, 14.0, 6, 2), None);
        assert_eq!(frame(&mut online, 16.0, 6, 2), Some(FallbackReason::NoTiles));
        assert_eq!(frame(&mut online, 17.0, 6, 6), None);
        // Moved elsewhere: all are missing again, and the waiting begins anew.
        assert_eq!(frame(&mut online, 30.0, 6, 0), None);
        assert_eq!(frame(&mut online, 37.0, 6, 0), None);
        assert_eq!(frame(&mut online, 39.0, 6, 0), Some(FallbackReason::NoTiles));
    }
}
