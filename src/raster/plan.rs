//! What of a frame is drawn anew.
//!
//! The canvas is a picture of the last frame, and the ground one of what that frame drew up to the last
//! callback of others, as far as such callbacks draw at all. A frame draws anew only those cells of
//! both that differ; in the canvas, it begins with the ground where there is one.

use std::ops::Range;

use egui::epaint::{Mesh, TextureId};
use egui::{Rect, pos2};

use super::runs::{CELL, Draw, Frame, Kind, Pixels};

/// Bytes of a vertex: position, place in the texture, colour.
pub const VERTEX_SIZE: usize = 20;
/// More rectangles than this are not told apart: each costs a look at everything that is drawn.
const MOST_RECTANGLES: usize = 40;
/// How far apart in the list rectangles may be that are joined.
const NEAR: usize = 6;

/// Triangles that are drawn at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub kind: Kind,
    pub texture: TextureId,
    pub scissor: Pixels,
    /// Of the plan's indices.
    pub indices: Range<u32>,
}

/// Sums of what the cells of the two pictures show; `None` for those that show nothing of use.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub canvas: Vec<Option<u64>>,
    pub ground: Vec<Option<u64>>,
}

/// A part of the canvas that is drawn anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub rect: Pixels,
    /// Whether it begins as the ground, or blank.
    pub on_ground: bool,
}

/// How a frame is drawn.
#[derive(Default)]
pub struct Plan {
    /// What is drawn anew in the ground: a rectangle, blank at first, and what lies in it, by run.
    pub ground: Vec<(Pixels, Vec<Vec<Item>>)>,
    /// What is drawn anew in the canvas; no two share a pixel.
    pub canvas: Vec<Part>,
    /// What is drawn in these parts, in an order in which most follow one of their own kind.
    pub items: Vec<Item>,
    /// [`VERTEX_SIZE`] bytes each.
    pub vertices: Vec<u8>,
    /// Native `u32`s.
    pub indices: Vec<u8>,
}

impl Plan {
    /// Plans a frame where `shown` holds what the pictures show, and takes up what they will show.
    pub fn make(&mut self, frame: &Frame, shown: &mut Shown) {
        self.ground.clear();
        self.canvas.clear();
        self.vertices.clear();
        self.indices.clear();
        let mut placed = vec![None; frame.meshes.len()];
        let (below, above) = frame.runs.split_at_checked(frame.ground_runs).unwrap_or((&[], &frame.runs));
        let columns = frame.columns();
        let hole = frame.foreign;
        let ground = differing(&frame.ground, &mut shown.ground, |cell| frame.reaches(cell, hole));
        for rect in rectangles(ground, columns, hole) {
            let runs = below.iter().map(|run| items(run.iter(), rect, frame, &mut placed, self));
            let runs = runs.collect();
            self.ground.push((rect, runs));
        }
        let canvas = differing(&frame.cells, &mut shown.canvas, |_| true);
        let mut by_part = Vec::new();
        for rect in rectangles(canvas, columns, frame.screen()) {
            let on_ground = rect.intersect(hole);
            if !on_ground.is_empty() {
                by_part.push(items(above.iter().flatten(), on_ground, frame, &mut placed, self));
                self.canvas.push(Part { rect: on_ground, on_ground: true });
            }
            for rect in rect.around(hole).into_iter().filter(|rect| !rect.is_empty()) {
                by_part.push(items(frame.runs.iter().flatten(), rect, frame, &mut placed, self));
                self.canvas.push(Part { rect, on_ground: false });
            }
        }
        self.items = layered(by_part);
    }
}

/// What is drawn in several parts, without those that share pixels changing their order. Going from one
/// kind to another costs more than most of what is drawn: a software driver copies all of its state.
fn layered(by_part: Vec<Vec<Item>>) -> Vec<Item> {
    let needs = |item: &Item| (item.kind, (item.kind == Kind::Textured).then_some(item.texture));
    let mut items = Vec::with_capacity(by_part.iter().map(Vec::len).sum());
    let mut parts: Vec<_> = by_part.into_iter().map(|items| items.into_iter().peekable()).collect();
    loop {
        // What most parts go on with is drawn next in all of them.
        let mut next: Vec<(_, u32)> = Vec::new();
        for needed in parts.iter_mut().filter_map(|part| part.peek().map(needs)) {
            match next.iter_mut().find(|(other, _)| *other == needed) {
                Some((_, times)) => *times += 1,
                None => next.push((needed, 1)),
            }
        }
        let Some((needed, _)) = next.into_iter().max_by_key(|(_, times)| *times) else {
            return items;
        };
        for part in &mut parts {
            items.extend(std::iter::from_fn(|| part.next_if(|item| needs(item) == needed)));
        }
    }
}

/// Which cells are not yet shown as wanted. Those that do not count show nothing from now on.
fn differing(wanted: &[u64], shown: &mut Vec<Option<u64>>, counts: impl Fn(usize) -> bool) -> Vec<bool> {
    shown.resize(wanted.len(), None);
    let cells = shown.iter_mut().zip(wanted).enumerate();
    let differs = cells.map(|(number, (shown, wanted))| {
        let wanted = counts(number).then_some(*wanted);
        std::mem::replace(shown, wanted) != wanted && wanted.is_some()
    });
    differs.collect()
}

/// Rectangles that cover all of these cells and few others; no two share a pixel.
fn rectangles(cells: Vec<bool>, columns: usize, screen: Pixels) -> Vec<Pixels> {
    let mut done: Vec<Pixels> = Vec::new();
    // Those that the row before ended with, which may go on.
    let mut open: Vec<Pixels> = Vec::new();
    for (row, cells) in cells.chunks(columns.max(1)).enumerate() {
        let (top, bottom) = (row as u32 * CELL, (row as u32 + 1) * CELL);
        let mut next: Vec<Pixels> = Vec::new();
        let mut column = 0;
        for stretch in cells.chunk_by(|a, b| a == b) {
            let (left, right) = (column * CELL, (column + stretch.len() as u32) * CELL);
            column += stretch.len() as u32;
            if stretch.first() != Some(&true) {
                continue;
            }
            let goes_on = open.iter().position(|rect| rect.left == left && rect.right == right);
            next.push(match goes_on {
                Some(at) => Pixels { bottom, ..open.swap_remove(at) },
                None => Pixels { left, top, right, bottom },
            });
        }
        done.append(&mut open);
        open = next;
    }
    done.append(&mut open);
    while done.len() > MOST_RECTANGLES && join(&mut done) {}
    while join_overlapping(&mut done) {}
    done.into_iter().map(|rect| rect.intersect(screen)).filter(|rect| !rect.is_empty()).collect()
}

/// Joins the two rectangles that lead to the fewest needless pixels, of those that are near each other
/// in the list. Whether there were two.
fn join(rectangles: &mut Vec<Pixels>) -> bool {
    let near = |first: usize| (first + 1..first + 1 + NEAR).map(move |second| (first, second));
    let waste = |(first, second): (usize, usize)| {
        let (a, b) = (rectangles.get(first)?, rectangles.get(second)?);
        Some((a.union(*b).area().saturating_sub(a.area() + b.area()), first, second))
    };
    let Some((_, first, second)) = (0..rectangles.len()).flat_map(near).filter_map(waste).min() else {
        return false;
    };
    let joined = rectangles.swap_remove(second);
    rectangles.get_mut(first).into_iter().for_each(|rect| *rect = rect.union(joined));
    true
}

/// Joins two rectangles that share pixels, if there are such.
fn join_overlapping(rectangles: &mut Vec<Pixels>) -> bool {
    let pairs = rectangles.iter().enumerate().flat_map(|(first, a)| {
        let later = rectangles.iter().enumerate().skip(first + 1);
        later.filter(|(_, b)| !a.intersect(**b).is_empty()).map(move |(second, _)| (first, second))
    });
    let Some((first, second)) = { pairs }.next() else {
        return false;
    };
    let joined = rectangles.swap_remove(second);
    rectangles.get_mut(first).into_iter().for_each(|rect| *rect = rect.union(joined));
    true
}

/// What is to be drawn within a rectangle. Meshes that are needed for the first time are added to the
/// plan's vertices; `placed` knows where the others begin.
fn items<'a>(
    draws: impl Iterator<Item = &'a Draw>,
    within: Pixels,
    frame: &Frame,
    placed: &mut [Option<u32>],
    plan: &mut Plan,
) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let begun = plan.indices.len();
    for draw in draws {
        if draw.bounds.intersect(within).is_empty() {
            continue;
        }
        let Some((mesh, place)) = frame.meshes.get(draw.mesh).zip(placed.get_mut(draw.mesh)) else {
            continue;
        };
        let scissor = draw.clip.intersect(within);
        if draw.kind == Kind::Opaque && scissor == within && covers(mesh, draw, within, frame) {
            // Nothing of what lies beneath is seen.
            items.clear();
            plan.indices.truncate(begun);
        }
        let base = *place.get_or_insert_with(|| plan.place(mesh));
        let from = plan.num_indices();
        plan.place_triangles(mesh, draw, base, within, frame);
        let to = plan.num_indices();
        match items.last_mut() {
            _ if from == to => {}
            Some(last)
                if last.kind == draw.kind && last.texture == draw.texture && last.scissor == scissor =>
            {
                last.indices.end = to;
            }
            _ => items.push(Item { kind: draw.kind, texture: draw.texture, scissor, indices: from..to }),
        }
    }
    items
}

/// Whether two triangles of this draw make a rectangle well around the centres of all these pixels.
/// Softened edges meet their inside at the centres of pixels, which are not covered, then.
fn covers(mesh: &Mesh, draw: &Draw, pixels: Pixels, frame: &Frame) -> bool {
    let scale = frame.points_per_pixel;
    let centre = |x: f32, y: f32| pos2(x * scale, y * scale);
    let centres = Rect::from_min_max(
        centre(pixels.left as f32 + 0.25, pixels.top as f32 + 0.25),
        centre(pixels.right as f32 - 0.25, pixels.bottom as f32 - 0.25),
    );
    let indices = mesh.indices.get(draw.indices.clone()).unwrap_or_default();
    let mut pairs = indices.as_chunks::<3>().0.windows(2);
    pairs.any(|pair| rectangle(mesh, pair).is_some_and(|rect| rect.contains_rect(centres)))
}

/// The upright rectangle that two triangles are the halves of.
fn rectangle(mesh: &Mesh, pair: &[[u32; 3]]) -> Option<Rect> {
    let [a, b] = pair else { return None };
    let pos = |index: &u32| mesh.vertices.get(*index as usize).map(|vertex| vertex.pos);
    let mut shared = a.iter().filter(|index| b.contains(index));
    let (from, to) = (pos(shared.next()?)?, pos(shared.next()?)?);
    let alone = |of: &[u32; 3], other: &[u32; 3]| pos(of.iter().find(|index| !other.contains(index))?);
    let (left, right) = (alone(a, b)?, alone(b, a)?);
    // The shared edge is a diagonal, and each triangle has one of the corners beside it.
    let beside = [pos2(from.x, to.y), pos2(to.x, from.y)];
    let halves = beside == [left, right] || beside == [right, left];
    (halves && from.x != to.x && from.y != to.y).then(|| Rect::from_two_pos(from, to))
}

impl Plan {
    /// How much is drawn anew, for the log.
    pub fn told(&self) -> String {
        let pixels = |rects: &mut dyn Iterator<Item = Pixels>| rects.map(Pixels::area).sum::<u32>();
        let parts = |on_ground| self.canvas.iter().filter(move |part| part.on_ground == on_ground);
        let triangles = self.items.iter().map(|item| (item.indices.end - item.indices.start) / 3);
        let turns = self.items.chunk_by(|a, b| a.kind == b.kind && a.texture == b.texture);
        format!(
            "{} pixels of the ground, {} in {} parts on it, {} in {} parts beside it, {} draws of {} triangles in {} turns",
            pixels(&mut self.ground.iter().map(|(rect, _)| *rect)),
            pixels(&mut parts(true).map(|part| part.rect)),
            parts(true).count(),
            pixels(&mut parts(false).map(|part| part.rect)),
            parts(false).count(),
            self.items.len(),
            triangles.sum::<u32>(),
            turns.count(),
        )
    }

    fn num_indices(&self) -> u32 {
        (self.indices.len() / size_of::<u32>()) as u32
    }

    /// Adds a mesh's vertices to the buffer; the number of the first one.
    fn place(&mut self, mesh: &Mesh) -> u32 {
        let first = (self.vertices.len() / VERTEX_SIZE) as u32;
        self.vertices.reserve(mesh.vertices.len() * VERTEX_SIZE);
        for vertex in &mesh.vertices {
            let mut bytes = [0; VERTEX_SIZE];
            let (floats, color) = bytes.split_at_mut(16);
            let parts = [vertex.pos.x, vertex.pos.y, vertex.uv.x, vertex.uv.y].map(f32::to_ne_bytes);
            floats.copy_from_slice(parts.as_flattened());
            color.copy_from_slice(&vertex.color.to_array());
            self.vertices.extend_from_slice(&bytes);
        }
        first
    }

    /// Adds those triangles of a mesh whose vertices begin at `base` that may touch these pixels.
    fn place_triangles(&mut self, mesh: &Mesh, draw: &Draw, base: u32, within: Pixels, frame: &Frame) {
        let all = draw.bounds.intersect(within) == draw.bounds;
        let scale = frame.points_per_pixel;
        let corner = |x: u32, y: u32| pos2(x as f32 * scale, y as f32 * scale);
        let (min, max) = (corner(within.left, within.top), corner(within.right, within.bottom));
        let within = Rect::from_min_max(min, max).expand(2.0 * scale);
        for corners in mesh.indices.get(draw.indices.clone()).unwrap_or_default().as_chunks::<3>().0 {
            let touches = || {
                let mut around = Rect::NOTHING;
                for index in corners {
                    let vertex = mesh.vertices.get(*index as usize);
                    vertex.into_iter().for_each(|vertex| around.extend_with(vertex.pos));
                }
                within.intersects(around)
            };
            if all || touches() {
                let indices = corners.map(|index| (base + index).to_ne_bytes());
                self.indices.extend_from_slice(indices.as_flattened());
            }
        }
    }
}
