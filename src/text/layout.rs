//! A laid out text as plain values, and the questions one can ask of it.
//!
//! Clusters are the unit of the caret, of hit tests and of highlights: one grapheme, for example a letter with
//! its vowel marks. Each is a slice of the text and a span of x on one line. Clusters of a line touch each
//! other and are stored left to right, so everything here is arithmetic on spans, the same for both directions.

use std::ops::Range;
use std::sync::Arc;

use super::fonts::FontId;
use super::geometry::{Point, Rect};

/// One glyph, positioned on its baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    pub id: u32,
    pub x: f32,
    pub y: f32,
    /// Start of the cluster the glyph belongs to.
    pub byte: u32,
}

/// Consecutive glyphs of one line that share a font, size and direction.
#[derive(Clone, Debug, PartialEq)]
pub struct GlyphRun {
    pub font: FontId,
    pub size: f32,
    pub rtl: bool,
    pub bytes: Range<usize>,
    /// Into [`TextLayout::glyphs`].
    pub glyphs: Range<u32>,
}

/// A grapheme on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    pub start: u32,
    pub end: u32,
    /// Left edge.
    pub x: f32,
    pub width: f32,
    pub rtl: bool,
    /// A word (UAX #29) starts here.
    pub word_start: bool,
    pub space: bool,
}

impl Cluster {
    pub fn bytes(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The edge where reading enters the cluster.
    fn leading_x(&self) -> f32 {
        if self.rtl { self.x + self.width } else { self.x }
    }

    fn trailing_x(&self) -> f32 {
        if self.rtl { self.x } else { self.x + self.width }
    }
}

/// A line of a layout. Its width does not count the spaces that hang past its reading end.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
    pub baseline: f32,
    pub bytes: Range<usize>,
    /// Base direction of the paragraph.
    pub rtl: bool,
    /// Into [`TextLayout::paragraphs`].
    pub paragraph: u32,
    /// Into [`TextLayout::clusters`], left to right.
    pub clusters: Range<u32>,
    /// Into [`TextLayout::runs`].
    pub runs: Range<u32>,
}

impl Line {
    pub fn rect(&self) -> Rect {
        Rect::new(self.left, self.top, self.right, self.bottom)
    }

    fn caret(&self, x: f32) -> Caret {
        Caret { x, top: self.top, bottom: self.bottom }
    }
}

/// A paragraph of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParagraphSpan {
    /// Without its separator.
    pub bytes: Range<usize>,
    /// Into [`TextLayout::lines`].
    pub lines: Range<usize>,
    pub rtl: bool,
}

/// Which of the two clusters around an offset a caret stands at; they differ where directions meet and at
/// soft line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Affinity {
    /// At the leading edge of the character that follows the offset.
    #[default]
    Downstream,
    /// At the trailing edge of the character before the offset.
    Upstream,
}

/// Where a caret stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Caret {
    pub x: f32,
    pub top: f32,
    pub bottom: f32,
}

/// A text laid out for one width. Made by [`super::TextEngine::layout`].
#[derive(Clone, Debug, Default)]
pub struct TextLayout {
    pub(super) text: Arc<str>,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) lines: Vec<Line>,
    pub(super) clusters: Vec<Cluster>,
    pub(super) runs: Vec<GlyphRun>,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) paragraphs: Vec<ParagraphSpan>,
    /// Indices into `clusters` in order of `start`.
    pub(super) by_start: Vec<u32>,
    /// First byte that the ellipsis stands for.
    pub(super) cut_at: Option<usize>,
    pub(super) lacks_glyphs: bool,
}

impl TextLayout {
    /// The whole text, also what the ellipsis hides.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The width asked for if there was one, else the width of the widest line.
    pub fn width(&self) -> f32 {
        self.width
    }

    pub fn height(&self) -> f32 {
        self.height
    }

    /// The rectangle that the lines themselves fill.
    pub fn ink_rect(&self) -> Rect {
        self.lines.iter().map(Line::rect).reduce(|a, b| a.union(&b)).unwrap_or_default()
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Every cluster, line by line, left to right.
    pub fn clusters(&self) -> &[Cluster] {
        &self.clusters
    }

    pub fn runs(&self) -> &[GlyphRun] {
        &self.runs
    }

    pub fn glyphs(&self) -> &[Glyph] {
        &self.glyphs
    }

    pub fn run_glyphs(&self, run: &GlyphRun) -> &[Glyph] {
        slice(&self.glyphs, &run.glyphs)
    }

    pub fn line_clusters(&self, line: &Line) -> &[Cluster] {
        slice(&self.clusters, &line.clusters)
    }

    pub fn line_runs(&self, line: &Line) -> &[GlyphRun] {
        slice(&self.runs, &line.runs)
    }

    pub fn paragraphs(&self) -> &[ParagraphSpan] {
        &self.paragraphs
    }

    /// Whether the first paragraph reads right to left.
    pub fn is_rtl(&self) -> bool {
        self.paragraphs.first().is_some_and(|p| p.rtl)
    }

    /// Whether something is hidden behind an ellipsis.
    pub fn is_cut(&self) -> bool {
        self.cut_at.is_some()
    }

    /// The byte offset nearest to a position, on a cluster boundary; positions above and below are clamped, and
    /// beside a line its reading start or end is given.
    pub fn hit(&self, pos: Point) -> usize {
        self.hit_with_affinity(pos).0
    }

    /// As [`Self::hit`], and which cluster the position belongs to.
    pub fn hit_with_affinity(&self, pos: Point) -> (usize, Affinity) {
        let Some(line) = self.line_at_y(pos.y) else {
            return (0, Affinity::Downstream);
        };
        let clusters = self.line_clusters(line);
        let Some(first) = clusters.first() else {
            return (line.bytes.start, Affinity::Downstream);
        };
        // Beside the line, its reading start or end is meant, whatever stands at that edge.
        let last = clusters.last().unwrap_or(first);
        let is_left = pos.x < first.x;
        if is_left || pos.x > last.x + last.width {
            return if is_left == line.rtl {
                (line.bytes.end, Affinity::Upstream)
            } else {
                (line.bytes.start, Affinity::Downstream)
            };
        }
        let mut nearest = first;
        for cluster in clusters {
            if pos.x < cluster.x {
                break;
            }
            nearest = cluster;
        }
        let in_left_half = pos.x < nearest.x + nearest.width * 0.5;
        if in_left_half != nearest.rtl {
            (nearest.start as usize, Affinity::Downstream)
        } else {
            (nearest.end as usize, Affinity::Upstream)
        }
    }

    /// The bytes of the cluster under a position, if there is one.
    pub fn hit_inside(&self, pos: Point) -> Option<Range<usize>> {
        let line = self.line_at_y(pos.y)?;
        if pos.y < line.top || pos.y >= line.bottom {
            return None;
        }
        self.line_clusters(line)
            .iter()
            .find(|cluster| pos.x >= cluster.x && pos.x < cluster.x + cluster.width)
            .map(Cluster::bytes)
    }

    /// The caret before the character at `byte`; after the last one of the line if nothing follows there.
    pub fn caret(&self, byte: usize) -> Caret {
        self.caret_with_affinity(byte, Affinity::Downstream)
    }

    /// The caret at `byte`, at the edge of the cluster that `affinity` names if there is one.
    pub fn caret_with_affinity(&self, byte: usize, affinity: Affinity) -> Caret {
        let upstream_line = match affinity {
            Affinity::Upstream => self.line_of(byte.saturating_sub(1)),
            Affinity::Downstream => None,
        };
        if let Some(line) = upstream_line
            && let Some(cluster) =
                self.line_clusters(line).iter().find(|c| c.end as usize == byte && c.start < c.end)
        {
            return line.caret(cluster.trailing_x());
        }
        let Some(line) = self.line_of(byte) else {
            return Caret { bottom: self.height, ..Caret::default() };
        };
        let clusters = self.line_clusters(line);
        let before = |c: &&Cluster| c.end as usize <= byte;
        let x = if let Some(cluster) = clusters.iter().find(|c| c.bytes().contains(&byte)) {
            cluster.leading_x()
        } else if let Some(cluster) = clusters.iter().filter(before).max_by_key(|c| c.end) {
            cluster.trailing_x()
        } else if line.rtl {
            line.right
        } else {
            line.left
        };
        line.caret(x)
    }

    /// Rectangles that cover exactly the clusters touched by `range`, at most one per stretch and line.
    pub fn range_rects(&self, range: Range<usize>) -> Vec<Rect> {
        let mut rects = Vec::new();
        for line in self.lines_touching(&range) {
            self.line_range_rects(line, &range, false, &mut rects);
        }
        rects
    }

    /// As [`Self::range_rects`], without the spaces that hang past the reading end of a line.
    pub fn highlight_rects(&self, range: Range<usize>) -> Vec<Rect> {
        let mut rects = Vec::new();
        for line in self.lines_touching(&range) {
            self.line_range_rects(line, &range, true, &mut rects);
        }
        rects
    }

    /// As [`Self::highlight_rects`], each with the line it lies on.
    pub fn highlight_pieces(&self, range: Range<usize>) -> Vec<(&Line, Rect)> {
        let mut pieces = Vec::new();
        let mut rects = Vec::new();
        for line in self.lines_touching(&range) {
            self.line_range_rects(line, &range, true, &mut rects);
            pieces.extend(rects.drain(..).map(|rect| (line, rect)));
        }
        pieces
    }

    /// Font size of the first glyph of a line.
    pub fn line_font_size(&self, line: &Line) -> Option<f32> {
        self.line_runs(line).first().map(|run| run.size)
    }

    /// As [`Self::highlight_rects`], with a stub where a selected line break is.
    pub fn selection_rects(&self, range: Range<usize>) -> Vec<Rect> {
        let mut rects = Vec::new();
        for line in self.lines_touching(&range) {
            self.line_range_rects(line, &range, true, &mut rects);
            let ends_paragraph =
                self.paragraphs.get(line.paragraph as usize).is_some_and(|p| p.bytes.end == line.bytes.end);
            if ends_paragraph && range.start <= line.bytes.end && range.end > line.bytes.end {
                let stub = (line.bottom - line.top) * 0.25;
                let (left, right) =
                    if line.rtl { (line.left - stub, line.left) } else { (line.right, line.right + stub) };
                rects.push(Rect::new(left, line.top, right, line.bottom));
            }
        }
        rects
    }

    /// The word at an offset; between words, the spaces or punctuation there.
    pub fn word_at(&self, byte: usize) -> Range<usize> {
        let Some(paragraph) = self.paragraph_span_at(byte) else {
            return 0..0;
        };
        let bounds = paragraph.bytes.clone();
        if bounds.is_empty() {
            return bounds;
        }
        let last = bounds.end.saturating_sub(1);
        let at = self.order_of(byte.min(last));
        let mut start = at;
        while let Some(cluster) = self.nth_logical(start) {
            if cluster.word_start || cluster.start as usize <= bounds.start || start == 0 {
                break;
            }
            start -= 1;
        }
        let mut end = at + 1;
        while let Some(cluster) = self.nth_logical(end) {
            if cluster.word_start || cluster.start as usize >= bounds.end {
                break;
            }
            end += 1;
        }
        let first_byte = self.nth_logical(start).map_or(bounds.start, |c| c.start as usize);
        let end_byte = self.nth_logical(end).map_or(bounds.end, |c| c.start as usize);
        first_byte.max(bounds.start)..end_byte.clamp(first_byte, bounds.end.max(first_byte))
    }

    /// The paragraph at an offset, without its separator.
    pub fn paragraph_at(&self, byte: usize) -> Range<usize> {
        self.paragraph_span_at(byte).map_or(0..0, |p| p.bytes.clone())
    }

    /// The cluster that holds `byte`, if it is shown.
    pub fn cluster_at(&self, byte: usize) -> Option<&Cluster> {
        let cluster = self.nth_logical(self.order_of(byte))?;
        cluster.bytes().contains(&byte).then_some(cluster)
    }

    /// The line that shows `byte`.
    pub fn line_of(&self, byte: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.bytes.start <= byte);
        self.lines.get(after.saturating_sub(1))
    }

    /// The line nearest to a height.
    pub fn line_at_y(&self, y: f32) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.top <= y);
        self.lines.get(after.saturating_sub(1))
    }

    /// Approximate heap use, for caches.
    pub fn heap_bytes(&self) -> usize {
        self.text.len()
            + size_of_val(&*self.glyphs)
            + size_of_val(&*self.clusters)
            + size_of_val(&*self.by_start)
            + size_of_val(&*self.runs)
            + size_of_val(&*self.lines)
            + size_of_val(&*self.paragraphs)
    }

    pub(super) fn index_clusters(&mut self) {
        let Self { clusters, by_start, .. } = self;
        by_start.clear();
        by_start.extend(0..super::shape::index(clusters.len()));
        by_start.sort_by_key(|i| clusters.get(*i as usize).map_or(0, |c| c.start));
    }

    fn paragraph_span_at(&self, byte: usize) -> Option<&ParagraphSpan> {
        let after = self.paragraphs.partition_point(|p| p.bytes.start <= byte);
        self.paragraphs.get(after.saturating_sub(1))
    }

    /// Position in logical order of the last cluster that starts at or before `byte`.
    fn order_of(&self, byte: usize) -> usize {
        let at = |i: &u32| self.clusters.get(*i as usize).map_or(0, |c| c.start as usize);
        self.by_start.partition_point(|i| at(i) <= byte).saturating_sub(1)
    }

    fn nth_logical(&self, order: usize) -> Option<&Cluster> {
        self.clusters.get(*self.by_start.get(order)? as usize)
    }

    fn lines_touching(&self, range: &Range<usize>) -> impl Iterator<Item = &Line> {
        let first = self.lines.partition_point(|line| line.bytes.end < range.start);
        let end = range.end;
        self.lines.get(first..).unwrap_or_default().iter().take_while(move |line| line.bytes.start <= end)
    }

    fn line_range_rects(&self, line: &Line, range: &Range<usize>, trim: bool, out: &mut Vec<Rect>) {
        let mut open: Option<(f32, f32)> = None;
        let mut close = |span: Option<(f32, f32)>| {
            if let Some((mut left, mut right)) = span {
                if trim {
                    left = left.max(line.left);
                    right = right.min(line.right);
                }
                if right > left {
                    out.push(Rect::new(left, line.top, right, line.bottom));
                }
            }
        };
        for cluster in self.line_clusters(line) {
            let touched = (cluster.start as usize) < range.end && cluster.end as usize > range.start;
            if touched {
                let right = cluster.x + cluster.width;
                open = Some(open.map_or((cluster.x, right), |(left, _)| (left, right)));
            } else {
                close(open.take());
            }
        }
        close(open.take());
    }
}

fn slice<'a, T>(items: &'a [T], range: &Range<u32>) -> &'a [T] {
    items.get(range.start as usize..range.end as usize).unwrap_or_default()
}
