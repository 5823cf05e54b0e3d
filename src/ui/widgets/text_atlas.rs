//! Glyph bitmaps packed into textures.
//!
//! Glyphs are white with their coverage as alpha, so that one copy serves every colour. A page fills from the
//! top in shelves; when all pages are full, everything is dropped at the start of the next pass and what is
//! still needed comes back by itself. Nothing that a pass has used disappears during that pass.

use std::collections::HashMap;

use egui::{
    Color32, ColorImage, Context, Pos2, Rect, TextureHandle, TextureId, TextureOptions, Vec2, pos2, vec2,
};

use crate::text::{GlyphBitmap, GlyphKey, TextEngine};

/// Where a glyph lies in the atlas and relative to its pen position, in physical pixels.
#[derive(Clone, Copy, Debug)]
pub struct AtlasGlyph {
    pub texture: TextureId,
    pub uv: Rect,
    pub offset_px: Vec2,
    pub size_px: Vec2,
}

#[derive(Default)]
pub struct GlyphAtlas {
    pages: Vec<Page>,
    /// `None` for glyphs without ink.
    glyphs: HashMap<GlyphKey, Option<AtlasGlyph>>,
    pass: u64,
    is_dark: bool,
    is_full: bool,
}

struct Page {
    texture: TextureHandle,
    side: usize,
    shelves: Vec<Shelf>,
}

struct Shelf {
    top: usize,
    height: usize,
    used: usize,
}

const PAGE_SIDE: usize = 1024;
/// 4 MiB each.
const MAX_PAGES: usize = 4;
/// Empty pixels between glyphs, so that no glyph bleeds into its neighbour.
const GAP: usize = 1;
const OPTIONS: TextureOptions = TextureOptions::LINEAR;

impl GlyphAtlas {
    /// The glyph for a key, rasterised on first use. `None` if it has no ink or is too large for a page.
    pub fn glyph(&mut self, ctx: &Context, engine: &mut TextEngine, key: GlyphKey) -> Option<AtlasGlyph> {
        if let Some(known) = self.glyphs.get(&key) {
            return *known;
        }
        let placed = engine
            .rasterize(key)
            .filter(|bitmap| bitmap.width > 0)
            .and_then(|bitmap| self.place(ctx, &bitmap));
        self.glyphs.insert(key, placed);
        placed
    }

    /// To be called before painting; notices a new pass and a change between dark and light.
    pub fn begin(&mut self, pass: u64, is_dark: bool) {
        if self.pass != pass {
            self.pass = pass;
            if self.is_full || self.is_dark != is_dark {
                self.is_dark = is_dark;
                self.pages.clear();
                self.glyphs.clear();
                self.is_full = false;
            }
        }
    }

    fn place(&mut self, ctx: &Context, bitmap: &GlyphBitmap) -> Option<AtlasGlyph> {
        let (width, height) = (bitmap.width as usize, bitmap.height as usize);
        let side = PAGE_SIDE.min(ctx.input(|i| i.max_texture_side));
        if width + 2 * GAP > side || height + 2 * GAP > side {
            return None;
        }
        let in_page = self
            .pages
            .iter_mut()
            .enumerate()
            .find_map(|(number, page)| Some((number, page.reserve(width, height)?)));
        let (number, (x, y)) = match in_page {
            Some(found) => found,
            None => {
                // Pages over the limit live until the next pass.
                self.is_full |= self.pages.len() >= MAX_PAGES;
                let mut page = Page::new(ctx, side, self.pages.len());
                let place = page.reserve(width, height)?;
                self.pages.push(page);
                (self.pages.len() - 1, place)
            }
        };
        let page = self.pages.get_mut(number)?;
        let pixels = bitmap
            .alpha
            .iter()
            .map(|coverage| {
                let alpha = if self.is_dark { bolder(*coverage) } else { *coverage };
                Color32::from_rgba_premultiplied(alpha, alpha, alpha, alpha)
            })
            .collect();
        let image = ColorImage::new([width, height], pixels);
        page.texture.set_partial([x, y], image, OPTIONS);
        let scale = 1.0 / page.side as f32;
        let min: Pos2 = pos2(x as f32 * scale, y as f32 * scale);
        Some(AtlasGlyph {
            texture: page.texture.id(),
            uv: Rect::from_min_size(min, vec2(width as f32 * scale, height as f32 * scale)),
            offset_px: vec2(bitmap.left as f32, bitmap.top as f32),
            size_px: vec2(width as f32, height as f32),
        })
    }
}

/// Light text on dark looks thinner than it is, because colours are not blended in linear light.
fn bolder(coverage: u8) -> u8 {
    const STRENGTH: f32 = 0.6;
    let c = f32::from(coverage) / 255.0;
    ((c + STRENGTH * (c - c * c)) * 255.0).round() as u8
}

impl Page {
    fn new(ctx: &Context, side: usize, number: usize) -> Self {
        let image = ColorImage::filled([side, side], Color32::TRANSPARENT);
        Self {
            texture: ctx.load_texture(format!("glyphs {number}"), image, OPTIONS),
            side,
            shelves: Vec::new(),
        }
    }

    /// The lowest shelf that is high enough and not wastefully higher, else a new one.
    fn reserve(&mut self, width: usize, height: usize) -> Option<(usize, usize)> {
        let (needed_width, needed_height) = (width + GAP, height + GAP);
        let fitting = self
            .shelves
            .iter_mut()
            .filter(|shelf| {
                shelf.height >= needed_height
                    && shelf.height <= needed_height + needed_height / 2 + 4
                    && shelf.used + needed_width <= self.side
            })
            .min_by_key(|shelf| shelf.height);
        if let Some(shelf) = fitting {
            let place = (shelf.used, shelf.top);
            shelf.used += needed_width;
            return Some(place);
        }
        let top = self.shelves.last().map_or(GAP, |shelf| shelf.top + shelf.height);
        if top + needed_height > self.side {
            return None;
        }
        // Round up, so that glyphs of nearly the same height share a shelf.
        let height = needed_height.next_multiple_of(4).min(self.side - top);
        self.shelves.push(Shelf { top, height, used: GAP + needed_width });
        Some((GAP, top))
    }
}
