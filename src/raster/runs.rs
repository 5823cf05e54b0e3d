//! Triangles in the order in which they are drawn, told apart by the work that their pixels need, and
//! summed up by cells of the screen, so that a later frame can tell where it differs.

use std::ops::Range;

use egui::epaint::{ClippedPrimitive, Mesh, PaintCallback, Primitive, TextureId, Vertex, WHITE_UV};
use egui::{Pos2, Rect, pos2};

use super::content::Content;

/// Smaller areas, in square points, are not worth a draw of their own.
const WORTHWHILE: f32 = 256.0;
/// Most triangles in one part: large meshes hold much that has little to do with each other.
const PART: usize = 64;
/// Side of a cell in pixels.
pub const CELL: u32 = 32;

/// What the pixels of a triangle need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A texture is looked up, and blended with what lies beneath.
    Textured,
    /// Colours are those of the corners, and blended.
    Plain,
    /// Colours are those of the corners and cover what lies beneath.
    Opaque,
}

/// Pixels from left and top up to, and without, right and bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pixels {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Pixels {
    /// The pixels that a rectangle in points is cut off at.
    pub fn of(rect: Rect, pixels_per_point: f32, [width, height]: [u32; 2]) -> Self {
        // A cast of a float takes what is below zero or not a number as zero.
        let pixel = |points: f32, most: u32| ((points * pixels_per_point).round() as u32).min(most);
        Self {
            left: pixel(rect.min.x, width),
            top: pixel(rect.min.y, height),
            right: pixel(rect.max.x, width),
            bottom: pixel(rect.max.y, height),
        }
    }

    /// The pixels that a triangle within a rectangle in points may touch.
    pub fn touched(around: Rect, pixels_per_point: f32, size: [u32; 2]) -> Self {
        // Where a triangle touches a pixel is up to the driver; one pixel more is safe. A cast of a float
        // cuts off, and takes what is below zero or not a number as zero: this rounds.
        let [width, height] = size;
        let min = |points: f32, most: u32| ((points * pixels_per_point - 0.5) as u32).min(most);
        let max = |points: f32, most: u32| ((points * pixels_per_point + 1.5) as u32).min(most);
        Self {
            left: min(around.min.x, width),
            top: min(around.min.y, height),
            right: max(around.max.x, width),
            bottom: max(around.max.y, height),
        }
    }

    pub fn is_empty(self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    pub fn area(self) -> u32 {
        self.right.saturating_sub(self.left) * self.bottom.saturating_sub(self.top)
    }

    pub fn intersect(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The least rectangle around both; an empty one adds nothing.
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What is left around a hole: above, below, left and right of it.
    pub fn around(self, hole: Self) -> [Self; 4] {
        let hole = self.intersect(hole);
        if hole.is_empty() {
            return [self, Self::default(), Self::default(), Self::default()];
        }
        [
            Self { bottom: hole.top, ..self },
            Self { top: hole.bottom, ..self },
            Self { top: hole.top, bottom: hole.bottom, right: hole.left, ..self },
            Self { top: hole.top, bottom: hole.bottom, left: hole.right, ..self },
        ]
    }

    /// The cells that have some of these pixels: columns and rows.
    pub fn cells(self) -> (Range<usize>, Range<usize>) {
        if self.is_empty() {
            return (0..0, 0..0);
        }
        let range = |from: u32, to: u32| (from / CELL) as usize..to.div_ceil(CELL) as usize;
        (range(self.left, self.right), range(self.top, self.bottom))
    }
}

/// Triangles that are drawn at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    pub kind: Kind,
    pub texture: TextureId,
    /// What they are cut off at.
    pub clip: Pixels,
    /// The pixels that they may touch, within `clip`.
    pub bounds: Pixels,
    /// Number of the mesh in the frame, and places in its indices.
    pub mesh: usize,
    pub indices: Range<usize>,
}

/// All triangles of a frame.
pub struct Frame {
    pub number: u64,
    pub size: [u32; 2],
    pub points_per_pixel: f32,
    pub meshes: Vec<Mesh>,
    /// What is drawn between two callbacks of others.
    pub runs: Vec<Vec<Draw>>,
    /// What is drawn, in order.
    pub order: Vec<Step>,
    /// Sums of what is drawn in each cell, row by row. Two frames of one size whose sums are equal
    /// have the same pixels there.
    pub cells: Vec<u64>,
    /// The same up to the last callback of others, and within all of them alone: what changes beside
    /// them, if only by a pixel, does not change them. Empty where there is none.
    pub ground: Vec<u64>,
    /// How many of the steps and of the runs are the ground's.
    pub ground_steps: usize,
    pub ground_runs: usize,
    /// Around all callbacks of others.
    pub foreign: Pixels,
}

/// A part of a frame.
pub enum Step {
    /// The run of this number.
    Own(usize),
    /// Callbacks of others.
    Foreign(Vec<ClippedPrimitive>),
}

impl Frame {
    pub fn screen(&self) -> Pixels {
        let [right, bottom] = self.size;
        Pixels { left: 0, top: 0, right, bottom }
    }

    /// Cells in a row.
    pub fn columns(&self) -> usize {
        self.screen().cells().0.len()
    }

    /// Whether a cell has some of these pixels.
    pub fn reaches(&self, cell: usize, pixels: Pixels) -> bool {
        let columns = self.columns().max(1);
        let (within, rows) = pixels.cells();
        within.contains(&(cell % columns)) && rows.contains(&(cell / columns))
    }

    /// Takes something that is drawn in these pixels into the sums.
    fn sum_up(&mut self, columns: usize, pixels: Pixels, sum: u64, of_ground: bool) {
        take_in(&mut self.cells, columns, pixels, sum);
        if of_ground {
            take_in(&mut self.ground, columns, pixels.intersect(self.foreign), sum);
        }
    }

    /// Takes what a picture shows in each cell into the sums.
    fn sum_up_picture(
        &mut self,
        columns: usize,
        bounds: Pixels,
        content: &Content,
        picture: &Picture,
        of_ground: bool,
    ) {
        let (within, rows) = bounds.cells();
        for row in rows {
            for column in within.clone() {
                let (left, top) = (column as u32 * CELL, row as u32 * CELL);
                let cell = Pixels { left, top, right: left + CELL, bottom: top + CELL }.intersect(bounds);
                let point = |x: u32, y: u32| pos2(x as f32, y as f32) * self.points_per_pixel;
                let at = Rect::from_min_max(point(cell.left, cell.top), point(cell.right, cell.bottom));
                let sum = content.sum(picture.part(at));
                self.sum_up(columns, cell, sum, of_ground);
            }
        }
    }
}

/// Takes something that is drawn in these pixels into sums of cells.
fn take_in(sums: &mut [u64], columns: usize, pixels: Pixels, sum: u64) {
    let (within, rows) = pixels.cells();
    for row in rows {
        let cells = row * columns + within.start..row * columns + within.end;
        for cell in sums.get_mut(cells).into_iter().flatten() {
            *cell = mix(*cell, sum);
        }
    }
}

/// Puts a frame together.
pub struct FrameBuilder {
    frame: Frame,
    pixels_per_point: f32,
    columns: usize,
    /// Callbacks of others that are still to come.
    to_come: usize,
    /// Sums of the vertices of the mesh at hand.
    sums: Vec<u64>,
}

/// An upright rectangle that shows a part of a texture.
struct Picture {
    at: Rect,
    part: Rect,
}

impl Picture {
    /// If the mesh is one, and large enough to be worth telling its parts apart.
    fn of(mesh: &Mesh) -> Option<Self> {
        let [a, b, c, d] = mesh.vertices.as_slice() else { return None };
        let at = Rect::from_min_max(a.pos, d.pos);
        let part = Rect::from_min_max(a.uv, d.uv);
        let corners =
            |rect: Rect| [rect.left_top(), rect.right_top(), rect.left_bottom(), rect.right_bottom()];
        let upright =
            corners(at) == [a.pos, b.pos, c.pos, d.pos] && corners(part) == [a.uv, b.uv, c.uv, d.uv];
        (upright && at.is_positive() && part.is_positive() && at.area() > WORTHWHILE * 4.0)
            .then_some(Self { at, part })
    }

    /// The part of the texture that is shown within a rectangle.
    fn part(&self, within: Rect) -> Rect {
        let within = within.intersect(self.at);
        let scale = self.part.size() / self.at.size();
        let place = |pos: Pos2| self.part.min + (pos - self.at.min) * scale;
        Rect::from_min_max(place(within.min), place(within.max)).intersect(self.part)
    }
}

/// A stretch of a mesh's triangles of one kind.
#[derive(Clone)]
struct Stretch {
    kind: Kind,
    /// Indices of the mesh.
    range: Range<usize>,
    area: f32,
}

impl FrameBuilder {
    /// For a screen of a size in pixels, with these callbacks of others, each cut off at a rectangle in
    /// points.
    pub fn new<'a>(
        number: u64,
        size: [u32; 2],
        pixels_per_point: f32,
        foreign: impl Iterator<Item = (Rect, &'a PaintCallback)>,
    ) -> Self {
        let mut frame = Frame {
            number,
            size,
            points_per_pixel: 1.0 / pixels_per_point,
            meshes: Vec::new(),
            runs: Vec::new(),
            order: Vec::new(),
            cells: Vec::new(),
            ground: Vec::new(),
            ground_steps: 0,
            ground_runs: 0,
            foreign: Pixels::default(),
        };
        let (columns, rows) = frame.screen().cells();
        frame.cells.resize(columns.len() * rows.len(), 0);
        let mut to_come = 0;
        for (clip, callback) in foreign {
            let pixels = Pixels::of(clip.intersect(callback.rect), pixels_per_point, size);
            frame.foreign = frame.foreign.union(pixels);
            to_come += 1;
        }
        if to_come > 0 {
            // Where the callbacks lie says how much of a cell its sum is about.
            let Pixels { left, top, right, bottom } = frame.foreign;
            let place = [left, top, right, bottom].map(u64::from).into_iter().fold(0, mix);
            frame.ground.resize(frame.cells.len(), place);
        }
        Self { frame, pixels_per_point, columns: columns.len(), to_come, sums: Vec::new() }
    }

    /// Adds the next callback of others, cut off at a rectangle in points. `number` changes with what it
    /// draws.
    pub fn add_foreign(&mut self, clip: Rect, callback: PaintCallback, number: u64) {
        let Self { frame, pixels_per_point, columns, to_come, .. } = self;
        let pixels = Pixels::of(clip.intersect(callback.rect), *pixels_per_point, frame.size);
        let content = [pixels.left, pixels.top, pixels.right, pixels.bottom].map(u64::from);
        frame.sum_up(*columns, pixels, content.into_iter().fold(number, mix), true);
        let callback = ClippedPrimitive { clip_rect: clip, primitive: Primitive::Callback(callback) };
        match frame.order.last_mut() {
            Some(Step::Foreign(callbacks)) => callbacks.push(callback),
            _ => frame.order.push(Step::Foreign(vec![callback])),
        }
        *to_come = to_come.saturating_sub(1);
        if *to_come == 0 {
            frame.ground_steps = frame.order.len();
            frame.ground_runs = frame.runs.len();
        }
    }

    /// Adds a mesh, drawn within a rectangle in points, and what its texture shows. A mesh with indices
    /// beyond its vertices is left out.
    pub fn add(&mut self, clip: Rect, mesh: Mesh, content: Option<&Content>) {
        let Self { frame, pixels_per_point, columns, to_come, sums } = self;
        let of_ground = *to_come > 0;
        let clip = Pixels::of(clip, *pixels_per_point, frame.size);
        if clip.is_empty() || mesh.indices.is_empty() || !mesh.is_valid() {
            return;
        }
        if !matches!(frame.order.last(), Some(Step::Own(_))) {
            frame.order.push(Step::Own(frame.runs.len()));
            frame.runs.push(Vec::new());
        }
        sums.clear();
        sums.extend(mesh.vertices.iter().map(sum_of));
        let texture = match mesh.texture_id {
            TextureId::Managed(id) => id.wrapping_mul(2),
            TextureId::User(id) => id.wrapping_mul(2).wrapping_add(1),
        };
        let begun = [texture, clip.left.into(), clip.top.into(), clip.right.into(), clip.bottom.into()];
        let begun = begun.into_iter().fold(1, mix);
        // A picture may change in some of its cells; all others are summed up by triangles.
        let picture = content.and_then(|content| Some((content, Picture::of(&mesh)?)));
        let content = content.filter(|_| picture.is_none());
        for Stretch { kind, range, .. } in stretches(&mesh) {
            for start in range.clone().step_by(PART * 3) {
                let indices = start..range.end.min(start + PART * 3);
                let part = mesh.indices.get(indices.clone()).unwrap_or_default();
                let mut bounds = Pixels::default();
                for corners in part.as_chunks::<3>().0 {
                    let mut sum = begun;
                    let mut shown = Rect::NOTHING;
                    let mut around = Rect::NOTHING;
                    for index in corners {
                        let index = *index as usize;
                        sum = mix(sum, sums.get(index).copied().unwrap_or_default());
                        let vertex = mesh.vertices.get(index).copied().unwrap_or_default();
                        around.extend_with(vertex.pos);
                        shown.extend_with(vertex.uv);
                    }
                    if kind == Kind::Textured
                        && let Some(content) = content
                    {
                        sum = mix(sum, content.sum(shown));
                    }
                    let touched = Pixels::touched(around, *pixels_per_point, frame.size).intersect(clip);
                    frame.sum_up(*columns, touched, sum, of_ground);
                    bounds = bounds.union(touched);
                }
                if bounds.is_empty() {
                    continue;
                }
                if let Some((content, picture)) = &picture {
                    frame.sum_up_picture(*columns, bounds, content, picture, of_ground);
                }
                let draw =
                    Draw { kind, texture: mesh.texture_id, clip, bounds, mesh: frame.meshes.len(), indices };
                frame.runs.last_mut().into_iter().for_each(|run| run.push(draw.clone()));
            }
        }
        frame.meshes.push(mesh);
    }

    pub fn build(self) -> Frame {
        self.frame
    }
}

/// Takes a number into a sum; the order matters.
pub fn mix(sum: u64, number: u64) -> u64 {
    let product = u128::from(sum ^ number ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd6e8_feb8_6659_fd93_u64);
    (product as u64) ^ ((product >> 64) as u64)
}

fn sum_of(vertex: &Vertex) -> u64 {
    let Vertex { pos, uv, color } = vertex;
    let pair = |[a, b]: [u32; 2]| u64::from(a) << 32 | u64::from(b);
    let pos = pair([pos.x.to_bits(), pos.y.to_bits()]);
    let uv = pair([uv.x.to_bits(), uv.y.to_bits()]);
    let color = u64::from(u32::from_ne_bytes(color.to_array())).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mix(pos, uv ^ color)
}

/// The triangles of a mesh, in order, in stretches that are each drawn with one pipeline.
fn stretches(mesh: &Mesh) -> Vec<Stretch> {
    // Only the fonts' texture has the white pixel that plain colours use.
    if mesh.texture_id != TextureId::default() {
        return vec![Stretch { kind: Kind::Textured, range: 0..mesh.indices.len(), area: 0.0 }];
    }
    let mut found: Vec<Stretch> = Vec::new();
    for (number, corners) in mesh.indices.as_chunks::<3>().0.iter().enumerate() {
        let corners = corners.map(|index| mesh.vertices.get(index as usize).copied().unwrap_or_default());
        let kind = kind_of(&corners);
        let area = area(corners.map(|corner| corner.pos));
        let range = number * 3..number * 3 + 3;
        match found.last_mut() {
            Some(last) if last.kind == kind => {
                last.range.end = range.end;
                last.area += area;
            }
            _ => found.push(Stretch { kind, range, area }),
        }
    }
    // What is small is drawn along with its neighbours: opaque triangles may be blended, and plain ones
    // may be looked up in the texture.
    let merged = merge(found, |stretch, _| match stretch.kind {
        Kind::Opaque if stretch.area < WORTHWHILE => Kind::Plain,
        kind => kind,
    });
    merge(merged, |stretch, beside_textured| match stretch.kind {
        Kind::Plain if beside_textured && stretch.area < WORTHWHILE => Kind::Textured,
        kind => kind,
    })
}

/// Gives each stretch another kind, for which it is told whether one beside it is textured, and joins
/// those that are then of one.
fn merge(stretches: Vec<Stretch>, kind: impl Fn(&Stretch, bool) -> Kind) -> Vec<Stretch> {
    let textured = |number: Option<usize>| {
        let stretch = number.and_then(|number| stretches.get(number));
        stretch.is_some_and(|stretch| stretch.kind == Kind::Textured)
    };
    let mut merged: Vec<Stretch> = Vec::new();
    for (number, stretch) in stretches.iter().enumerate() {
        let kind = kind(stretch, textured(number.checked_sub(1)) || textured(Some(number + 1)));
        match merged.last_mut() {
            Some(last) if last.kind == kind => {
                last.range.end = stretch.range.end;
                last.area += stretch.area;
            }
            _ => merged.push(Stretch { kind, ..stretch.clone() }),
        }
    }
    merged
}

fn kind_of(corners: &[Vertex; 3]) -> Kind {
    if corners.iter().any(|corner| corner.uv != WHITE_UV) {
        Kind::Textured
    } else if corners.iter().all(|corner| corner.color.is_opaque()) {
        Kind::Opaque
    } else {
        Kind::Plain
    }
}

/// Of a triangle, in square points.
fn area([a, b, c]: [Pos2; 3]) -> f32 {
    let (ab, ac) = (b - a, c - a);
    (ab.x * ac.y - ab.y * ac.x).abs() / 2.0
}
