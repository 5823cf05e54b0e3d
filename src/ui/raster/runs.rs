//! Triangles in the order in which they are drawn, told apart by the work that their pixels need.

use std::ops::Range;

use egui::epaint::{Mesh, TextureId, Vertex, WHITE_UV};
use egui::{Pos2, Rect};

/// Smaller areas, in square points, are not worth a draw of their own: they are drawn as textured,
/// which is right for all.
const WORTHWHILE: f32 = 256.0;
/// Bytes of a vertex: position, place in the texture, colour.
pub const VERTEX_SIZE: usize = 20;

/// What the pixels of a triangle need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A texture is looked up, and blended with what lies beneath.
    Textured,
    /// Colours are those of the corners, and blended.
    Plain,
    /// Colours are those of the corners and cover what lies beneath.
    Opaque,
}

/// Triangles that are drawn at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    pub kind: Kind,
    pub texture: TextureId,
    /// In points.
    pub clip: Rect,
    /// Places in the frame's indices.
    pub indices: Range<u32>,
}

/// All triangles of a frame.
pub struct Frame {
    pub number: u64,
    /// [`VERTEX_SIZE`] bytes each.
    pub vertices: Vec<u8>,
    /// Native `u32` into the vertices of the whole frame.
    pub indices: Vec<u8>,
    /// What is drawn between two callbacks of others.
    pub runs: Vec<Vec<Draw>>,
}

/// Puts a frame together.
pub struct FrameBuilder {
    frame: Frame,
    num_vertices: u32,
    num_indices: u32,
}

/// A stretch of a mesh's triangles of one kind.
struct Stretch {
    kind: Kind,
    /// Indices of the mesh.
    range: Range<usize>,
    area: f32,
}

impl FrameBuilder {
    pub fn new(number: u64) -> Self {
        let frame = Frame { number, vertices: Vec::new(), indices: Vec::new(), runs: Vec::new() };
        Self { frame, num_vertices: 0, num_indices: 0 }
    }

    /// What is added from now on is drawn after the next callback of others.
    pub fn begin_run(&mut self) {
        self.frame.runs.push(Vec::new());
    }

    /// Adds a mesh, drawn within a rectangle in points. A mesh with indices beyond its vertices is
    /// left out.
    pub fn add(&mut self, clip: Rect, mesh: &Mesh) {
        let Self { frame, num_vertices, num_indices } = self;
        let Some(run) = frame.runs.last_mut() else { return };
        if !clip.is_positive() || !mesh.is_valid() {
            return;
        }
        for stretch in stretches(mesh) {
            let length = stretch.range.len() as u32;
            let indices = *num_indices..*num_indices + length;
            *num_indices += length;
            match run.last_mut() {
                // A mesh of the same texture goes on where the last one ended.
                Some(last)
                    if last.kind == stretch.kind && last.texture == mesh.texture_id && last.clip == clip =>
                {
                    last.indices.end = indices.end;
                }
                _ => run.push(Draw { kind: stretch.kind, texture: mesh.texture_id, clip, indices }),
            }
        }
        for index in &mesh.indices {
            frame.indices.extend_from_slice(&(*num_vertices + index).to_ne_bytes());
        }
        frame.vertices.reserve(mesh.vertices.len() * VERTEX_SIZE);
        for vertex in &mesh.vertices {
            frame.vertices.extend_from_slice(&bytes(vertex));
        }
        *num_vertices += mesh.vertices.len() as u32;
    }

    pub fn build(self) -> Frame {
        self.frame
    }
}

fn bytes(vertex: &Vertex) -> [u8; VERTEX_SIZE] {
    let Vertex { pos, uv, color } = vertex;
    let mut bytes = [0; VERTEX_SIZE];
    let parts = [pos.x, pos.y, uv.x, uv.y].map(f32::to_ne_bytes);
    let (floats, rest) = bytes.split_at_mut(16);
    floats.copy_from_slice(parts.as_flattened());
    rest.copy_from_slice(&color.to_array());
    bytes
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
    // What is small is drawn along with its neighbours.
    let mut merged: Vec<Stretch> = Vec::new();
    for mut stretch in found {
        if stretch.area < WORTHWHILE {
            stretch.kind = Kind::Textured;
        }
        match merged.last_mut() {
            Some(last) if last.kind == stretch.kind => last.range.end = stretch.range.end,
            _ => merged.push(stretch),
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
