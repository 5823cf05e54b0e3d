//! One paragraph through parley, and parley's result as plain lines, clusters and glyphs.
//!
//! Text that reaches parley has no line breaks of its own (paragraphs are split before), so every line break
//! in a result is a soft one.

use std::borrow::Cow;

use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontContext, FontWeight, Layout, LayoutContext, LineHeight,
    OverflowWrap, StyleProperty,
};

use super::fonts::{Fonts, families};
use super::layout::{Cluster, Glyph, GlyphRun, Line};
use super::style::Weight;

/// Type of one paragraph after direction and Arabic sizes have been decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ParagraphStyle {
    pub size: f32,
    pub line_height: f32,
    pub weight: Weight,
    pub rtl: bool,
}

/// Lines of one paragraph, with x from the left edge of each line's ink and y from the paragraph's top.
#[derive(Clone, Debug, Default)]
pub(super) struct ShapedParagraph {
    pub lines: Vec<Line>,
    pub clusters: Vec<Cluster>,
    pub runs: Vec<GlyphRun>,
    pub glyphs: Vec<Glyph>,
    pub height: f32,
    /// A visible character had no glyph in any loaded font.
    pub lacks_glyphs: bool,
}

/// Lays out one paragraph without aligning it.
pub(super) fn shape(
    fonts: &mut Fonts,
    context: &mut LayoutContext<()>,
    text: &str,
    style: ParagraphStyle,
    max_width: Option<f32>,
) -> ShapedParagraph {
    let clean = without_controls(text);
    let mut layout = build(&mut fonts.context, context, &clean, style);
    layout.break_all_lines(max_width);
    layout.align(Alignment::Left, left_aligned());
    extract(fonts, &layout, &clean, style.rtl)
}

pub(super) fn left_aligned() -> AlignmentOptions {
    AlignmentOptions { align_when_overflowing: true, ..AlignmentOptions::default() }
}

/// The properties shared by layouts and editors.
pub(super) fn properties(style: ParagraphStyle) -> [StyleProperty<'static, ()>; 5] {
    let weight = match style.weight {
        Weight::Regular => FontWeight::NORMAL,
        Weight::SemiBold => FontWeight::SEMI_BOLD,
    };
    [
        StyleProperty::FontFamily(families(style.rtl)),
        StyleProperty::FontSize(style.size),
        StyleProperty::FontWeight(weight),
        StyleProperty::LineHeight(LineHeight::Absolute(style.line_height)),
        StyleProperty::OverflowWrap(OverflowWrap::BreakWord),
    ]
}

/// Control characters have no glyph; they are laid out as a space of the same length in bytes.
pub(super) fn without_controls(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match (c.is_control(), c.len_utf8()) {
                (true, 1) => ' ',
                (true, _) => '\u{a0}',
                (false, _) => c,
            })
            .collect(),
    )
}

/// Turns a broken and left-aligned parley layout into plain values; `text` is what it was built from.
pub(super) fn extract(fonts: &mut Fonts, layout: &Layout<()>, text: &str, rtl: bool) -> ShapedParagraph {
    let mut out = ShapedParagraph::default();
    for line in layout.lines() {
        let metrics = *line.metrics();
        let mut line_bytes = line.text_range();
        line_bytes.end = line_bytes.end.min(text.len());
        line_bytes.start = line_bytes.start.min(line_bytes.end);
        let first_cluster = out.clusters.len();
        let first_run = out.runs.len();
        let mut pen_x = metrics.offset + metrics.inline_min_coord;
        for run in line.runs() {
            if text.is_empty() {
                // parley lays out an empty text as one space, to have a height.
                break;
            }
            let font = fonts.register(&run);
            let first_glyph = out.glyphs.len();
            // A right-to-left ligature is met at its last character first, but its glyphs come with its first.
            let mut ligature_left = None;
            for cluster in run.visual_clusters() {
                let bytes = cluster.text_range();
                let advance = cluster.advance();
                let character = text.get(bytes.clone()).and_then(|s| s.chars().next());
                if cluster.is_rtl() && cluster.is_ligature_continuation() {
                    ligature_left.get_or_insert(pen_x);
                }
                let mut glyph_x = if cluster.is_ligature_continuation() {
                    pen_x
                } else {
                    ligature_left.take().unwrap_or(pen_x)
                };
                for glyph in cluster.glyphs() {
                    if glyph.id == 0 && character.is_some_and(is_visible) {
                        out.lacks_glyphs = true;
                    }
                    out.glyphs.push(Glyph {
                        id: glyph.id,
                        x: glyph_x + glyph.x,
                        y: metrics.baseline + glyph.y,
                        byte: index(bytes.start),
                    });
                    glyph_x += glyph.advance;
                }
                out.clusters.push(Cluster {
                    start: index(bytes.start),
                    end: index(bytes.end),
                    x: pen_x,
                    width: advance,
                    rtl: cluster.is_rtl(),
                    word_start: cluster.is_word_boundary(),
                    space: cluster.is_space_or_nbsp(),
                });
                pen_x += advance;
            }
            let glyphs = index(first_glyph)..index(out.glyphs.len());
            if !glyphs.is_empty() {
                out.runs.push(GlyphRun {
                    font,
                    size: run.font_size(),
                    rtl: run.is_rtl(),
                    bytes: run.text_range(),
                    glyphs,
                });
            }
        }
        out.lines.push(Line {
            left: 0.0,
            right: (metrics.advance - metrics.hanging_advance).max(0.0),
            top: metrics.block_min_coord,
            bottom: metrics.block_max_coord,
            baseline: metrics.baseline,
            bytes: line_bytes,
            rtl,
            paragraph: 0,
            clusters: index(first_cluster)..index(out.clusters.len()),
            runs: index(first_run)..index(out.runs.len()),
        });
    }
    out.height = out.lines.last().map_or(0.0, |line| line.bottom);
    out
}

/// Offsets and counts inside one text; texts above 4 GiB are cut by [`super::TextEngine`].
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn build(
    fonts: &mut FontContext,
    context: &mut LayoutContext<()>,
    text: &str,
    style: ParagraphStyle,
) -> Layout<()> {
    let mut builder = context.ranged_builder(fonts, text, 1.0, true);
    builder.set_base_direction(if style.rtl { BaseDirection::Rtl } else { BaseDirection::Ltr });
    for property in properties(style) {
        builder.push_default(property);
    }
    builder.build(text)
}

/// Whether a character without a glyph would be missed; marks of direction and joiners are not.
fn is_visible(c: char) -> bool {
    !(c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'))
}
