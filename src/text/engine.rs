//! [`TextEngine`]: fonts, scratch space and the cache of layouts. One per thread that lays out text.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use lru::LruCache;
use parley::LayoutContext;

use super::direction::{Direction, Paragraph, split_paragraphs};
use super::fonts::Fonts;
use super::layout::{ParagraphSpan, TextLayout};
use super::raster::{GlyphBitmap, GlyphKey, Rasterizer};
use super::shape::{ParagraphStyle, ShapedParagraph, index, shape};
use super::style::{Align, BaseDirection, FontSpec, TextSpec};

/// Lays out text and rasterises glyphs.
pub struct TextEngine {
    pub(super) fonts: Fonts,
    pub(super) context: LayoutContext<()>,
    rasterizer: Rasterizer,
    cache: LruCache<u64, CachedLayout>,
    cached_bytes: usize,
}

struct CachedLayout {
    key: SpecKey,
    layout: Arc<TextLayout>,
}

/// A [`TextSpec`] without its text, comparable bit by bit. The text is compared with the layout's own.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct SpecKey {
    size: u32,
    line_height: u32,
    arabic: Option<(u32, u32)>,
    weight: super::style::Weight,
    max_width: Option<u32>,
    max_lines: Option<usize>,
    align: Align,
    direction: BaseDirection,
}

/// Cached layouts above this are dropped, the least recently used first.
const CACHE_BYTES: usize = 24 << 20;
const CACHE_ENTRIES: NonZeroUsize = NonZeroUsize::new(8192).unwrap();
const ELLIPSIS: &str = "…";

impl Default for TextEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl TextEngine {
    /// With the bundled fonts alone.
    pub fn new() -> Self {
        Self {
            fonts: Fonts::bundled(),
            context: LayoutContext::new(),
            rasterizer: Rasterizer::default(),
            cache: LruCache::new(CACHE_ENTRIES),
            cached_bytes: 0,
        }
    }

    /// Lets characters that the bundled fonts lack be looked up in the system's fonts. These are opened at the
    /// first such character, not before.
    pub fn allow_system_fonts(&mut self) {
        self.fonts.allow_system();
    }

    /// The layout of a text, from the cache if it was laid out before.
    pub fn layout(&mut self, spec: &TextSpec<'_>) -> Arc<TextLayout> {
        let key = SpecKey::of(spec);
        let mut hasher = DefaultHasher::new();
        spec.text.hash(&mut hasher);
        key.hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(cached) = self.cache.get(&hash)
            && cached.key == key
            && *cached.layout.text == *spec.text
        {
            return Arc::clone(&cached.layout);
        }
        let layout = Arc::new(self.layout_uncached(spec));
        self.cached_bytes += layout.heap_bytes();
        let entry = CachedLayout { key, layout: Arc::clone(&layout) };
        if let Some((_, old)) = self.cache.push(hash, entry) {
            self.cached_bytes = self.cached_bytes.saturating_sub(old.layout.heap_bytes());
        }
        while self.cached_bytes > CACHE_BYTES && self.cache.len() > 1 {
            if let Some((_, old)) = self.cache.pop_lru() {
                self.cached_bytes = self.cached_bytes.saturating_sub(old.layout.heap_bytes());
            }
        }
        layout
    }

    /// The layout of a text that the caller keeps itself.
    pub fn layout_uncached(&mut self, spec: &TextSpec<'_>) -> TextLayout {
        let mut layout = self.compose(spec);
        if layout.lacks_glyphs && self.fonts.load_system() {
            self.forget_layouts();
            layout = self.compose(spec);
        }
        layout
    }

    /// The size a text takes, as (width, height) in points.
    pub fn measure(&mut self, spec: &TextSpec<'_>) -> (f32, f32) {
        let layout = self.layout(spec);
        (layout.ink_rect().width(), layout.height())
    }

    /// Drops every cached layout.
    pub fn forget_layouts(&mut self) {
        self.cache.clear();
        self.cached_bytes = 0;
    }

    /// The coverage of one glyph; `None` if the font is unknown. A glyph without ink has no pixels.
    pub fn rasterize(&mut self, key: GlyphKey) -> Option<GlyphBitmap> {
        let entry = self.fonts.entry(key.font)?;
        Some(self.rasterizer.rasterize(entry, key))
    }

    fn compose(&mut self, spec: &TextSpec<'_>) -> TextLayout {
        let max_width = spec.max_width.filter(|width| width.is_finite()).map(|width| width.max(0.0));
        let max_lines = spec.max_lines.map(|lines| lines.max(1));
        let mut layout = TextLayout { text: Arc::from(spec.text), ..TextLayout::default() };
        let paragraphs = split_paragraphs(spec.text);
        let count = paragraphs.len();
        for (number, paragraph) in paragraphs.into_iter().enumerate() {
            let lines_left = max_lines.map(|lines| lines.saturating_sub(layout.lines.len()));
            if lines_left == Some(0) {
                break;
            }
            let style = paragraph_style(spec, &paragraph);
            let more_follow = number + 1 < count;
            let (shaped, cut_at) = match lines_left {
                None => (self.shape(spec.text, paragraph.bytes.clone(), style, max_width), None),
                Some(lines_left) => self.shape_cut(
                    spec.text,
                    paragraph.bytes.clone(),
                    style,
                    max_width,
                    lines_left,
                    more_follow,
                ),
            };
            layout.append(&paragraph, shaped, style.rtl, cut_at);
            if cut_at.is_some() {
                layout.cut_at = cut_at;
                break;
            }
        }
        layout.align(spec.align, max_width);
        layout.index_clusters();
        layout
    }

    fn shape(
        &mut self,
        text: &str,
        bytes: Range<usize>,
        style: ParagraphStyle,
        max_width: Option<f32>,
    ) -> ShapedParagraph {
        let text = text.get(bytes).unwrap_or_default();
        shape(&mut self.fonts, &mut self.context, text, style, max_width)
    }

    /// As [`Self::shape`], cut to `lines_left` lines. The second value is the first byte that is hidden,
    /// an offset into `text`; `more_follow` says that text after `bytes` is hidden in any case.
    fn shape_cut(
        &mut self,
        text: &str,
        bytes: Range<usize>,
        style: ParagraphStyle,
        max_width: Option<f32>,
        lines_left: usize,
        more_follow: bool,
    ) -> (ShapedParagraph, Option<usize>) {
        let paragraph = text.get(bytes.clone()).unwrap_or_default();
        let (head, is_whole) = plausible_head(paragraph, style.size, max_width, lines_left);
        let shaped = self.shape(head, 0..head.len(), style, max_width);
        let fits = is_whole
            && (shaped.lines.len() < lines_left || (shaped.lines.len() == lines_left && !more_follow));
        if fits && max_width.is_none_or(|width| lines_left > 1 || shaped.widest() <= width + 0.01) {
            return (shaped, None);
        }
        // What the last line could hold, character by character instead of word by word.
        let last_line_start = shaped.lines.get(lines_left - 1).map_or(head.len(), |line| line.bytes.start);
        let rest = head.get(last_line_start..).unwrap_or_default();
        let unwrapped = self.shape(rest, 0..rest.len(), style, None);
        let ellipsis = self.shape(ELLIPSIS, 0..ELLIPSIS.len(), style, None);
        let budget = max_width.map_or(f32::INFINITY, |width| width - ellipsis.widest());
        let mut ends: Vec<(u32, f32)> = unwrapped.clusters.iter().map(|c| (c.end, c.width)).collect();
        ends.sort_by_key(|(end, _)| *end);
        let mut used = 0.0;
        let mut keep = 0;
        for (_, width) in &ends {
            used += width;
            if used > budget {
                break;
            }
            keep += 1;
        }
        loop {
            let end = match keep {
                0 => last_line_start,
                _ => ends.get(keep - 1).map_or(last_line_start, |(end, _)| last_line_start + *end as usize),
            };
            let kept = head.get(..end).unwrap_or_default().trim_end();
            let with_ellipsis = format!("{kept}{ELLIPSIS}");
            let mut cut = self.shape(&with_ellipsis, 0..with_ellipsis.len(), style, max_width);
            let too_long =
                cut.lines.len() > lines_left || max_width.is_some_and(|width| cut.widest() > width + 0.01);
            if too_long && keep > 0 {
                keep -= 1;
                continue;
            }
            cut.lacks_glyphs |= shaped.lacks_glyphs;
            cut.clamp_bytes(kept.len());
            return (cut, Some(bytes.start + kept.len()));
        }
    }
}

impl SpecKey {
    fn of(spec: &TextSpec<'_>) -> Self {
        let FontSpec { size, line_height, weight, arabic } = spec.font;
        Self {
            size: size.to_bits(),
            line_height: line_height.to_bits(),
            arabic: arabic.map(|(size, line_height)| (size.to_bits(), line_height.to_bits())),
            weight,
            max_width: spec.max_width.map(f32::to_bits),
            max_lines: spec.max_lines,
            align: spec.align,
            direction: spec.direction,
        }
    }
}

impl ShapedParagraph {
    fn widest(&self) -> f32 {
        self.lines.iter().map(|l| l.right).fold(0.0, f32::max)
    }

    /// The ellipsis belongs to no character: its cluster becomes empty at the end of what is kept.
    fn clamp_bytes(&mut self, len: usize) {
        for line in &mut self.lines {
            line.bytes = line.bytes.start.min(len)..line.bytes.end.min(len);
        }
        let len_bytes = index(len);
        for cluster in &mut self.clusters {
            cluster.start = cluster.start.min(len_bytes);
            cluster.end = cluster.end.min(len_bytes);
        }
        for glyph in &mut self.glyphs {
            glyph.byte = glyph.byte.min(len_bytes.saturating_sub(1));
        }
        for run in &mut self.runs {
            run.bytes = run.bytes.start.min(len)..run.bytes.end.min(len);
        }
    }
}

impl TextLayout {
    /// Adds the lines of a paragraph below what is there.
    fn append(&mut self, paragraph: &Paragraph, shaped: ShapedParagraph, rtl: bool, cut_at: Option<usize>) {
        let Self { lines, clusters, runs, glyphs, paragraphs, height, lacks_glyphs, .. } = self;
        let byte = paragraph.bytes.start;
        let byte_index = index(byte);
        let (first_line, top) = (lines.len(), *height);
        let (cluster_base, run_base, glyph_base) =
            (index(clusters.len()), index(runs.len()), index(glyphs.len()));
        let paragraph_number = index(paragraphs.len());
        lines.extend(shaped.lines.into_iter().map(|mut line| {
            line.top += top;
            line.bottom += top;
            line.baseline += top;
            line.bytes = line.bytes.start + byte..line.bytes.end + byte;
            line.clusters = line.clusters.start + cluster_base..line.clusters.end + cluster_base;
            line.runs = line.runs.start + run_base..line.runs.end + run_base;
            line.paragraph = paragraph_number;
            line
        }));
        clusters.extend(shaped.clusters.into_iter().map(|mut cluster| {
            cluster.start += byte_index;
            cluster.end += byte_index;
            cluster
        }));
        runs.extend(shaped.runs.into_iter().map(|mut run| {
            run.bytes = run.bytes.start + byte..run.bytes.end + byte;
            run.glyphs = run.glyphs.start + glyph_base..run.glyphs.end + glyph_base;
            run
        }));
        glyphs.extend(shaped.glyphs.into_iter().map(|mut glyph| {
            glyph.byte += byte_index;
            glyph.y += top;
            glyph
        }));
        paragraphs.push(ParagraphSpan {
            bytes: byte..cut_at.unwrap_or(paragraph.bytes.end),
            lines: first_line..lines.len(),
            rtl,
        });
        *height += shaped.height;
        *lacks_glyphs |= shaped.lacks_glyphs;
    }

    /// Moves every line to its place in the width.
    pub(super) fn align(&mut self, align: Align, max_width: Option<f32>) {
        let widest = self.lines.iter().map(|l| l.right).fold(0.0, f32::max);
        self.width = max_width.unwrap_or(widest);
        let Self { lines, clusters, runs, glyphs, width, .. } = self;
        for line in lines {
            let free = *width - line.right;
            let shift = match (align, line.rtl) {
                (Align::Left, _) | (Align::Start, false) | (Align::End, true) => 0.0,
                (Align::Right, _) | (Align::Start, true) | (Align::End, false) => free,
                (Align::Center, _) => free * 0.5,
            };
            line.left += shift;
            line.right += shift;
            let own_clusters = line.clusters.start as usize..line.clusters.end as usize;
            for cluster in clusters.get_mut(own_clusters).unwrap_or_default() {
                cluster.x += shift;
            }
            let own_runs = line.runs.start as usize..line.runs.end as usize;
            for run in runs.get(own_runs).unwrap_or_default() {
                let own_glyphs = run.glyphs.start as usize..run.glyphs.end as usize;
                for glyph in glyphs.get_mut(own_glyphs).unwrap_or_default() {
                    glyph.x += shift;
                }
            }
        }
    }
}

pub(super) fn paragraph_style(spec: &TextSpec<'_>, paragraph: &Paragraph) -> ParagraphStyle {
    let rtl = match spec.direction {
        BaseDirection::Auto => paragraph.direction == Direction::Rtl,
        BaseDirection::Ltr => false,
        BaseDirection::Rtl => true,
    };
    let (size, line_height) = spec.font.metrics(rtl);
    ParagraphStyle {
        size: sane_length(size),
        line_height: sane_length(line_height),
        weight: spec.font.weight,
        rtl,
    }
}

/// Sizes that a font can be drawn at.
fn sane_length(points: f32) -> f32 {
    if points.is_finite() { points.clamp(1.0, 2000.0) } else { 12.0 }
}

/// The part of a paragraph that can possibly be seen in `lines` lines, and whether that is all of it.
/// Spares laying out a whole article for a one-line label.
fn plausible_head(text: &str, size: f32, max_width: Option<f32>, lines: usize) -> (&str, bool) {
    const SLACK: f32 = 256.0;
    let Some(width) = max_width else {
        return (text, true);
    };
    // No script averages eight characters to the em.
    let limit = (width / size * 8.0 * lines.min(1 << 20) as f32 + SLACK) as usize;
    match text.char_indices().nth(limit) {
        Some((byte, _)) => (text.get(..byte).unwrap_or(text), false),
        None => (text, true),
    }
}
