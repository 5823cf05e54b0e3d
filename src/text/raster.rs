//! Glyphs as 8-bit coverage, through vello_cpu, without hinting; and whole layouts as pictures for tests.

use std::ops::Range;

use vello_cpu::kurbo::Affine;
use vello_cpu::peniko::{Color, ImageAlphaType};
use vello_cpu::{Pixmap, RenderContext, Resources};

use super::engine::TextEngine;
use super::fonts::{FontEntry, FontId};
use super::layout::TextLayout;

/// Horizontal positions within a pixel at which glyphs are drawn.
pub const SUBPIXEL_STEPS: u8 = 4;

/// What a glyph bitmap depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlyphKey {
    pub font: FontId,
    pub glyph: u32,
    /// Font size in sixty-fourths of a physical pixel.
    pub size_64: u32,
    /// Position within the pixel, in steps of one [`SUBPIXEL_STEPS`]th.
    pub subpixel_x: u8,
    /// As `subpixel_x`, downwards. Zero for glyphs on a baseline that lies on a whole pixel.
    pub subpixel_y: u8,
}

impl GlyphKey {
    /// The key of a glyph at a pen position in physical pixels, and the whole pixel to draw its bitmap from.
    pub fn at(font: FontId, glyph: u32, size_px: f32, x_px: f32, y_px: f32) -> (Self, [f32; 2]) {
        let steps = f32::from(SUBPIXEL_STEPS);
        let (x_steps, y_steps) = ((x_px * steps).round(), (y_px * steps).round());
        let (x, y) = ((x_steps / steps).floor(), (y_steps / steps).floor());
        let key = Self {
            font,
            glyph,
            size_64: (size_px.clamp(0.0, MAX_SIZE_PX) * 64.0).round() as u32,
            subpixel_x: (x_steps - x * steps) as u8 % SUBPIXEL_STEPS,
            subpixel_y: (y_steps - y * steps) as u8 % SUBPIXEL_STEPS,
        };
        (key, [x, y])
    }

    pub fn size_px(&self) -> f32 {
        self.size_64 as f32 / 64.0
    }
}

/// Coverage of one glyph. Pixel (0, 0) lies `left` right of and `top` below the pen position on the baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GlyphBitmap {
    pub left: i32,
    pub top: i32,
    pub width: u32,
    pub height: u32,
    /// Row by row, `width * height` values.
    pub alpha: Vec<u8>,
}

/// Largest size that is rasterised, in pixels; painters scale beyond it.
pub const MAX_SIZE_PX: f32 = 512.0;

pub(super) struct Rasterizer {
    context: RenderContext,
    resources: Resources,
    pixmap: Pixmap,
}

impl Default for Rasterizer {
    fn default() -> Self {
        Self { context: RenderContext::new(64, 64), resources: Resources::new(), pixmap: Pixmap::new(64, 64) }
    }
}

impl Rasterizer {
    pub fn rasterize(&mut self, entry: &FontEntry, key: GlyphKey) -> GlyphBitmap {
        let size_px = key.size_px();
        if size_px < 1.0 {
            return GlyphBitmap::default();
        }
        // Most glyphs fit into this box around the pen; one that touches its edge is drawn again in a larger one.
        let mut reach = (size_px * 1.5).ceil() + 2.0;
        loop {
            let side = (reach * 2.0) as u16;
            let bitmap = self.draw(entry, key, side, reach);
            let side = u32::from(side);
            let touches_edge = bitmap.width > 0
                && (bitmap.left <= -(reach as i32)
                    || bitmap.top <= -(reach as i32)
                    || bitmap.left + bitmap.width as i32 >= side as i32 - reach as i32
                    || bitmap.top + bitmap.height as i32 >= side as i32 - reach as i32);
            if !touches_edge || reach >= 4096.0 {
                return bitmap;
            }
            reach *= 2.5;
        }
    }

    fn draw(&mut self, entry: &FontEntry, key: GlyphKey, side: u16, origin: f32) -> GlyphBitmap {
        let Self { context, resources, pixmap } = self;
        if context.width() == side {
            context.reset();
        } else {
            context.reset_and_resize(side, side);
            pixmap.resize(side, side);
        }
        context.set_paint(Color::WHITE);
        let subpixel = |step: u8| f64::from(step) / f64::from(SUBPIXEL_STEPS);
        context.set_transform(Affine::translate((
            f64::from(origin) + subpixel(key.subpixel_x),
            f64::from(origin) + subpixel(key.subpixel_y),
        )));
        draw_glyphs(
            context,
            resources,
            entry,
            key.size_px(),
            std::iter::once(vello_cpu::Glyph { id: key.glyph, x: 0.0, y: 0.0 }),
        );
        context.flush();
        context.render(&mut *pixmap, resources);
        crop(pixmap, origin as i32)
    }
}

/// A stretch of text to tint in a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    pub bytes: Range<usize>,
    pub rgba: [u8; 4],
}

/// A picture, 8 bits per channel, not premultiplied, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RgbaImage {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

/// Draws a layout at `scale` pixels per point, independent of any window; for golden images and exports.
pub fn render_to_rgba(
    engine: &mut TextEngine,
    layout: &TextLayout,
    ink_rgba: [u8; 4],
    paper_rgba: [u8; 4],
    highlights: &[Highlight],
    margin: f32,
    scale: f32,
) -> RgbaImage {
    let to_px = |points: f32| (points * scale).ceil().clamp(1.0, 8192.0) as u16;
    let (width, height) = (to_px(layout.width() + margin * 2.0), to_px(layout.height() + margin * 2.0));
    let mut context = RenderContext::new(width, height);
    let mut resources = Resources::new();
    context.set_paint(color(paper_rgba));
    context.fill_rect(&vello_cpu::kurbo::Rect::new(0.0, 0.0, f64::from(width), f64::from(height)));
    context.set_transform(
        Affine::scale(f64::from(scale)) * Affine::translate((f64::from(margin), f64::from(margin))),
    );
    for highlight in highlights {
        context.set_paint(color(highlight.rgba));
        for rect in layout.highlight_rects(highlight.bytes.clone()) {
            context.fill_rect(&vello_cpu::kurbo::Rect::new(
                f64::from(rect.left),
                f64::from(rect.top),
                f64::from(rect.right),
                f64::from(rect.bottom),
            ));
        }
    }
    context.set_paint(color(ink_rgba));
    for run in layout.runs() {
        if let Some(entry) = engine.fonts.entry(run.font) {
            let glyphs = layout.run_glyphs(run).iter().map(|g| vello_cpu::Glyph { id: g.id, x: g.x, y: g.y });
            draw_glyphs(&mut context, &mut resources, entry, run.size, glyphs);
        }
    }
    context.flush();
    let mut pixmap = Pixmap::new(width, height);
    context.render(&mut pixmap, &mut resources);
    RgbaImage {
        width: u32::from(width),
        height: u32::from(height),
        pixels: pixmap.take_rgba8(ImageAlphaType::Alpha),
    }
}

fn draw_glyphs(
    context: &mut RenderContext,
    resources: &mut Resources,
    entry: &FontEntry,
    size: f32,
    glyphs: impl Iterator<Item = vello_cpu::Glyph> + Clone,
) {
    // A faux bold is the same ink twice, a little apart.
    let bold_shift = if entry.embolden { size / 40.0 } else { 0.0 };
    for shift in [0.0, bold_shift] {
        let mut run = context
            .glyph_run(resources, &entry.data)
            .font_size(size)
            .hint(false)
            .normalized_coords(&entry.coords);
        if entry.skew_degrees != 0.0 {
            let skew = f64::from(entry.skew_degrees).to_radians().tan();
            run = run.glyph_transform(Affine::skew(skew, 0.0));
        }
        let shifted = glyphs.clone().map(|g| vello_cpu::Glyph { x: g.x + shift, ..g });
        // A glyph that the font cannot draw stays blank.
        let _ = run.fill_glyphs(shifted);
        if !entry.embolden {
            break;
        }
    }
}

fn color([r, g, b, a]: [u8; 4]) -> Color {
    Color::from_rgba8(r, g, b, a)
}

/// The smallest rectangle with ink.
fn crop(pixmap: &Pixmap, origin: i32) -> GlyphBitmap {
    let width = usize::from(pixmap.width());
    let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
    for (y, row) in pixmap.data().chunks_exact(width.max(1)).enumerate() {
        let first = row.iter().position(|p| p.a != 0);
        let last = row.iter().rposition(|p| p.a != 0);
        if let (Some(first), Some(last)) = (first, last) {
            left = left.min(first);
            right = right.max(last + 1);
            top = top.min(y);
            bottom = y + 1;
        }
    }
    if right <= left || bottom <= top {
        return GlyphBitmap::default();
    }
    let alpha = pixmap
        .data()
        .chunks_exact(width)
        .take(bottom)
        .skip(top)
        .flat_map(|row| row.get(left..right).unwrap_or_default())
        .map(|p| p.a)
        .collect();
    GlyphBitmap {
        left: left as i32 - origin,
        top: top as i32 - origin,
        width: (right - left) as u32,
        height: (bottom - top) as u32,
        alpha,
    }
}
