//! Painting of laid out text with an egui painter: anchored, clipped with an ellipsis, with a halo.
//!
//! Baselines are put on whole physical pixels, glyphs on quarter pixels along the line.

use std::sync::Arc;

use egui::epaint::Mesh;
use egui::mutex::Mutex;
use egui::{Align2, Color32, Context, Id, Painter, Pos2, Rect, Shape, Vec2, pos2, vec2};

use super::text_atlas::GlyphAtlas;
use crate::text::{
    Align, BaseDirection, FontSpec, GlyphKey, Line, MAX_SIZE_PX, TextEngine, TextLayout, TextSpec, Weight,
};

/// Layout engine, glyph atlas and direction of the interface; one for each egui context.
#[derive(Default)]
pub struct TextUi {
    pub engine: TextEngine,
    atlas: GlyphAtlas,
    rtl: bool,
}

/// Horizontal anchor. `Start` and `End` follow the direction of the interface, not that of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorX {
    Start,
    End,
    Left,
    Center,
    Right,
}

/// Vertical anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorY {
    Top,
    Center,
    Bottom,
    /// The baseline of the first line.
    Baseline,
}

/// Which point of a text is put at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextAnchor(pub AnchorX, pub AnchorY);

impl TextAnchor {
    pub const START_TOP: Self = Self(AnchorX::Start, AnchorY::Top);
    pub const START_CENTER: Self = Self(AnchorX::Start, AnchorY::Center);
    pub const END_TOP: Self = Self(AnchorX::End, AnchorY::Top);
    pub const END_CENTER: Self = Self(AnchorX::End, AnchorY::Center);
    pub const LEFT_CENTER: Self = Self(AnchorX::Left, AnchorY::Center);
    pub const RIGHT_CENTER: Self = Self(AnchorX::Right, AnchorY::Center);
    pub const CENTER: Self = Self(AnchorX::Center, AnchorY::Center);
    pub const CENTER_TOP: Self = Self(AnchorX::Center, AnchorY::Top);
    pub const CENTER_BOTTOM: Self = Self(AnchorX::Center, AnchorY::Bottom);
}

impl From<Align2> for TextAnchor {
    fn from(align: Align2) -> Self {
        let x = match align.x() {
            egui::Align::Min => AnchorX::Left,
            egui::Align::Center => AnchorX::Center,
            egui::Align::Max => AnchorX::Right,
        };
        let y = match align.y() {
            egui::Align::Min => AnchorY::Top,
            egui::Align::Center => AnchorY::Center,
            egui::Align::Max => AnchorY::Bottom,
        };
        Self(x, y)
    }
}

/// A text to paint or measure.
#[derive(Clone, Copy, Debug)]
pub struct PaintText<'a> {
    spec: TextSpec<'a>,
    color: Color32,
    halo: Option<(Color32, f32)>,
}

impl<'a> PaintText<'a> {
    pub fn new(text: &'a str, font: impl Into<FontSpec>, color: Color32) -> Self {
        Self { spec: TextSpec::new(text, font), color, halo: None }
    }

    #[must_use]
    pub fn weight(mut self, weight: Weight) -> Self {
        self.spec.font.weight = weight;
        self
    }

    #[must_use]
    pub fn semi_bold(self) -> Self {
        self.weight(Weight::SemiBold)
    }

    /// Eight copies in `color`, `radius` points away, behind the text.
    #[must_use]
    pub fn halo(mut self, color: Color32, radius: f32) -> Self {
        self.halo = Some((color, radius));
        self
    }

    /// One line of at most `width` points.
    #[must_use]
    pub fn truncate(mut self, width: f32) -> Self {
        self.spec = self.spec.truncate(width);
        self
    }

    #[must_use]
    pub fn wrap(mut self, width: f32) -> Self {
        self.spec = self.spec.wrap(width);
        self
    }

    #[must_use]
    pub fn max_lines(mut self, lines: usize) -> Self {
        self.spec = self.spec.max_lines(lines);
        self
    }

    /// Alignment of lines among each other.
    #[must_use]
    pub fn align(mut self, align: Align) -> Self {
        self.spec.align = align;
        self
    }

    #[must_use]
    pub fn direction(mut self, direction: BaseDirection) -> Self {
        self.spec.direction = direction;
        self
    }

    /// Width and height in points.
    pub fn measure(&self, ctx: &Context) -> Vec2 {
        with_text_ui(ctx, |text| {
            let (width, height) = text.engine.measure(&self.spec);
            vec2(width, height)
        })
    }

    /// Paints with the anchor point of the text at `pos`. Returns where it lies.
    pub fn paint(&self, painter: &Painter, pos: Pos2, anchor: TextAnchor) -> Rect {
        with_text_ui(painter.ctx(), |text| {
            let layout = text.engine.layout(&self.spec);
            let rect = anchored(&layout, pos, anchor, text.rtl);
            let origin = rect.min - vec2(layout.ink_rect().left, 0.0);
            text.paint_layout(painter, &layout, origin, self.halo, |_| self.color);
            rect
        })
    }

    /// Paints one line inside `rect`, cut with an ellipsis if it is too wide. Returns where the text lies.
    pub fn paint_in(mut self, painter: &Painter, rect: Rect, anchor: TextAnchor) -> Rect {
        if self.spec.max_lines.is_none() {
            self.spec.max_lines = Some(1);
        }
        self.spec.max_width = Some(rect.width().max(0.0));
        let TextAnchor(x, y) = anchor;
        let rtl = ui_rtl(painter.ctx());
        let pos_x = match resolve(x, rtl) {
            AnchorX::Center => rect.center().x,
            AnchorX::Right => rect.right(),
            _ => rect.left(),
        };
        let pos_y = match y {
            AnchorY::Top => rect.top(),
            AnchorY::Bottom => rect.bottom(),
            AnchorY::Center | AnchorY::Baseline => rect.center().y,
        };
        let y = if y == AnchorY::Baseline { AnchorY::Center } else { y };
        self.paint(painter, pos2(pos_x, pos_y), TextAnchor(x, y))
    }
}

/// Paints one text with its anchor at `pos`. Returns where it lies.
pub fn paint_text(
    painter: &Painter,
    pos: Pos2,
    anchor: impl Into<TextAnchor>,
    text: &str,
    font: impl Into<FontSpec>,
    color: Color32,
) -> Rect {
    PaintText::new(text, font, color).paint(painter, pos, anchor.into())
}

/// Paints one line inside `rect`, cut with an ellipsis at its reading end. Returns where the text lies.
pub fn paint_text_clipped(
    painter: &Painter,
    rect: Rect,
    anchor: impl Into<TextAnchor>,
    text: &str,
    font: impl Into<FontSpec>,
    color: Color32,
) -> Rect {
    PaintText::new(text, font, color).paint_in(painter, rect, anchor.into())
}

/// Width and height of a text that does not wrap, in points.
pub fn measure_text(ctx: &Context, text: &str, font: impl Into<FontSpec>) -> Vec2 {
    PaintText::new(text, font, Color32::WHITE).measure(ctx)
}

/// Mirrors `Start` and `End` for the whole interface.
pub fn set_ui_rtl(ctx: &Context, rtl: bool) {
    with_text_ui(ctx, |text| text.rtl = rtl);
}

pub fn ui_rtl(ctx: &Context) -> bool {
    with_text_ui(ctx, |text| text.rtl)
}

/// See [`TextEngine::allow_system_fonts`].
pub fn allow_system_fonts(ctx: &Context) {
    with_text_ui(ctx, |text| text.engine.allow_system_fonts());
}

/// Access to the shared state. Must not be nested; egui may be called from inside.
pub fn with_text_ui<R>(ctx: &Context, run: impl FnOnce(&mut TextUi) -> R) -> R {
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<TextUi>>);
    let shared: Shared = ctx.data_mut(|data| data.get_temp_mut_or_default::<Shared>(Id::NULL).clone());
    let mut text = shared.0.lock();
    run(&mut text)
}

impl TextUi {
    /// Paints a layout with its origin at `origin`; `color_of` gives the colour of the glyphs of a byte.
    /// Lines outside the clip rectangle are skipped.
    pub fn paint_layout(
        &mut self,
        painter: &Painter,
        layout: &TextLayout,
        origin: Pos2,
        halo: Option<(Color32, f32)>,
        color_of: impl Fn(usize) -> Color32,
    ) {
        let ctx = painter.ctx().clone();
        let is_dark = ctx.global_style().visuals.dark_mode;
        self.atlas.begin(ctx.cumulative_pass_nr(), is_dark);
        let mut paint =
            GlyphPainter { pixels_per_point: painter.pixels_per_point().max(0.1), quads: Vec::new() };
        let clip = painter.clip_rect();
        for line in layout.lines() {
            let slack = line.bottom - line.top;
            if origin.y + line.bottom + slack < clip.top() {
                continue;
            }
            if origin.y + line.top - slack > clip.bottom() {
                break;
            }
            paint.line(self, &ctx, layout, line, origin, &color_of);
        }
        paint.finish(painter, halo);
    }

    /// Whether the interface reads right to left.
    pub fn rtl(&self) -> bool {
        self.rtl
    }
}

struct GlyphPainter {
    pixels_per_point: f32,
    quads: Vec<Quad>,
}

#[derive(Clone, Copy)]
struct Quad {
    texture: egui::TextureId,
    rect: Rect,
    uv: Rect,
    color: Color32,
}

impl GlyphPainter {
    fn line(
        &mut self,
        text: &mut TextUi,
        ctx: &Context,
        layout: &TextLayout,
        line: &Line,
        origin: Pos2,
        color_of: &impl Fn(usize) -> Color32,
    ) {
        let scale = self.pixels_per_point;
        let baseline_px = ((origin.y + line.baseline) * scale).round();
        for run in layout.line_runs(line) {
            let size_px = run.size * scale;
            // Very large type is scaled up from the largest bitmap.
            let zoom = (size_px / MAX_SIZE_PX).max(1.0);
            for glyph in layout.run_glyphs(run) {
                let x_px = (origin.x + glyph.x) * scale / zoom;
                let y_px = (baseline_px + (glyph.y - line.baseline) * scale) / zoom;
                let (key, pen_px) = GlyphKey::at(run.font, glyph.id, size_px / zoom, x_px, y_px);
                let Some(placed) = text.atlas.glyph(ctx, &mut text.engine, key) else {
                    continue;
                };
                let min = (pos2(pen_px[0], pen_px[1]) + placed.offset_px) * (zoom / scale);
                self.quads.push(Quad {
                    texture: placed.texture,
                    rect: Rect::from_min_size(min, placed.size_px * (zoom / scale)),
                    uv: placed.uv,
                    color: color_of(glyph.byte as usize),
                });
            }
        }
    }

    fn finish(self, painter: &Painter, halo: Option<(Color32, f32)>) {
        let Self { quads, .. } = self;
        if quads.is_empty() {
            return;
        }
        let mut meshes: Vec<Mesh> = Vec::new();
        if let Some((color, radius)) = halo {
            for step in 0..8_u8 {
                let angle = f32::from(step) * std::f32::consts::FRAC_PI_4;
                let shift = vec2(angle.cos(), angle.sin()) * radius;
                for quad in &quads {
                    mesh_for(&mut meshes, quad.texture).add_rect_with_uv(
                        quad.rect.translate(shift),
                        quad.uv,
                        color,
                    );
                }
            }
        }
        for quad in &quads {
            mesh_for(&mut meshes, quad.texture).add_rect_with_uv(quad.rect, quad.uv, quad.color);
        }
        painter.extend(meshes.into_iter().map(Shape::mesh));
    }
}

fn mesh_for(meshes: &mut Vec<Mesh>, texture: egui::TextureId) -> &mut Mesh {
    let number = match meshes.iter().position(|mesh| mesh.texture_id == texture) {
        Some(number) => number,
        None => {
            meshes.push(Mesh::with_texture(texture));
            meshes.len() - 1
        }
    };
    &mut meshes[number]
}

fn resolve(x: AnchorX, rtl: bool) -> AnchorX {
    match (x, rtl) {
        (AnchorX::Start, false) | (AnchorX::End, true) => AnchorX::Left,
        (AnchorX::End, false) | (AnchorX::Start, true) => AnchorX::Right,
        (other, _) => other,
    }
}

/// The rectangle of a layout's lines when anchored at `pos`.
fn anchored(layout: &TextLayout, pos: Pos2, TextAnchor(x, y): TextAnchor, rtl: bool) -> Rect {
    let size = vec2(layout.ink_rect().width(), layout.height());
    let left = match resolve(x, rtl) {
        AnchorX::Center => pos.x - size.x * 0.5,
        AnchorX::Right => pos.x - size.x,
        _ => pos.x,
    };
    let top = match y {
        AnchorY::Top => pos.y,
        AnchorY::Center => pos.y - size.y * 0.5,
        AnchorY::Bottom => pos.y - size.y,
        AnchorY::Baseline => pos.y - layout.lines().first().map_or(0.0, |line| line.baseline),
    };
    Rect::from_min_size(pos2(left, top), size)
}
