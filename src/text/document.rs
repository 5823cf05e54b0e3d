//! A long text laid out paragraph by paragraph, only where it is looked at.
//!
//! Paragraphs that have not been laid out yet have an estimated height. [`DocumentLayout::ensure`] makes a
//! stretch of y exact and says how far what follows it moved, so that a view can keep its place.

use std::ops::Range;
use std::sync::Arc;

use super::char_index::CharIndex;
use super::direction::{Direction, split_paragraphs};
use super::engine::TextEngine;
use super::geometry::{Point, Rect};
use super::layout::{Caret, TextLayout};
use super::style::{BaseDirection, FontSpec, TextSpec};

/// A document in one width and type size.
#[derive(Clone, Debug)]
pub struct DocumentLayout {
    text: Arc<str>,
    index: CharIndex,
    slots: Vec<Slot>,
    /// Top of every slot, and the height of the whole at the end.
    tops: Vec<f32>,
    font: FontSpec,
    width: f32,
    paragraph_gap: f32,
}

#[derive(Clone, Debug)]
struct Slot {
    bytes: Range<usize>,
    rtl: bool,
    num_chars: usize,
    /// Estimated until `layout` has been there once; without the gap that follows.
    height: f32,
    layout: Option<Arc<TextLayout>>,
}

/// Layouts of more characters than this are not kept all at once.
const MAX_LAID_OUT_CHARS: usize = 200_000;

impl DocumentLayout {
    pub fn new(text: impl Into<Arc<str>>, font: FontSpec, width: f32, paragraph_gap: f32) -> Self {
        let text: Arc<str> = text.into();
        let slots = split_paragraphs(&text)
            .into_iter()
            .map(|paragraph| Slot {
                num_chars: text.get(paragraph.bytes.clone()).map_or(0, |s| s.chars().count()),
                rtl: paragraph.direction == Direction::Rtl,
                bytes: paragraph.bytes,
                height: 0.0,
                layout: None,
            })
            .collect();
        let mut document = Self {
            index: CharIndex::new(&text),
            text,
            slots,
            tops: Vec::new(),
            font,
            width: width.max(1.0),
            paragraph_gap,
        };
        document.estimate();
        document
    }

    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub fn char_index(&self) -> &CharIndex {
        &self.index
    }

    pub fn width(&self) -> f32 {
        self.width
    }

    /// Height of the whole document, exact once everything has been laid out.
    pub fn height(&self) -> f32 {
        (self.tops.last().copied().unwrap_or(0.0) - self.paragraph_gap).max(0.0)
    }

    /// Changes type size or width (zoom, a resized panel). Everything is estimated anew if anything differs.
    pub fn set_style(&mut self, font: FontSpec, width: f32, paragraph_gap: f32) {
        let width = width.max(1.0);
        let unchanged = self.font == font
            && (self.width - width).abs() < 0.01
            && (self.paragraph_gap - paragraph_gap).abs() < 0.01;
        if unchanged {
            return;
        }
        self.font = font;
        self.width = width;
        self.paragraph_gap = paragraph_gap;
        for slot in &mut self.slots {
            slot.layout = None;
        }
        self.estimate();
    }

    /// Lays out what lies between two heights.
    ///
    /// Returns by how much the first paragraph there grew although it starts above the stretch: a view at
    /// `y.start` moves by that much to show the same text as before.
    pub fn ensure(&mut self, engine: &mut TextEngine, y: Range<f32>) -> f32 {
        let first = self.slot_at_y(y.start);
        let anchor_growth = {
            let starts_above = self.top(first) < y.start;
            let growth = self.lay_out(engine, first);
            if starts_above { growth } else { 0.0 }
        };
        let bottom = y.end + anchor_growth;
        let mut number = first + 1;
        while number < self.slots.len() && self.top(number) < bottom {
            self.lay_out(engine, number);
            number += 1;
        }
        self.forget_far_from(first..number);
        anchor_growth
    }

    /// Lays out everything.
    pub fn ensure_all(&mut self, engine: &mut TextEngine) {
        for number in 0..self.slots.len() {
            self.lay_out(engine, number);
        }
    }

    /// The caret at a byte offset, in document space. Lays its paragraph out; what is above may be estimated.
    pub fn caret(&mut self, engine: &mut TextEngine, byte: usize) -> Caret {
        let number = self.slot_at_byte(byte);
        self.lay_out(engine, number);
        let top = self.top(number);
        let Some((slot, layout)) = self.laid_out_slot(number) else {
            return Caret::default();
        };
        let caret = layout.caret(byte.saturating_sub(slot.bytes.start));
        Caret { x: caret.x, top: caret.top + top, bottom: caret.bottom + top }
    }

    /// The top of the line that shows a byte offset.
    pub fn y_of(&mut self, engine: &mut TextEngine, byte: usize) -> f32 {
        self.caret(engine, byte).top
    }

    /// The laid out paragraphs between two heights: top, first byte and layout, whose offsets count from there.
    pub fn visible(&self, y: Range<f32>) -> impl Iterator<Item = (f32, usize, &Arc<TextLayout>)> {
        let first = self.slot_at_y(y.start);
        (first..self.slots.len()).take_while(move |number| self.top(*number) < y.end).filter_map(|number| {
            let (slot, layout) = self.laid_out_slot(number)?;
            Some((self.top(number), slot.bytes.start, layout))
        })
    }

    /// The bytes shown between two heights.
    pub fn visible_bytes(&self, y: Range<f32>) -> Range<usize> {
        let start = self.hit(Point::new(f32::NEG_INFINITY, y.start));
        let start_rtl = self.hit(Point::new(f32::INFINITY, y.start));
        let end = self.hit(Point::new(f32::INFINITY, y.end));
        let end_rtl = self.hit(Point::new(f32::NEG_INFINITY, y.end));
        start.min(start_rtl)..end.max(end_rtl)
    }

    /// Rectangles behind a range, for highlights; nothing for paragraphs that are not laid out.
    pub fn rects_for(&self, range: Range<usize>) -> Vec<Rect> {
        self.collect_rects(range, |layout, local| layout.highlight_rects(local))
    }

    /// As [`Self::rects_for`], with stubs where line breaks are selected.
    pub fn selection_rects(&self, range: Range<usize>) -> Vec<Rect> {
        self.collect_rects(range, |layout, local| layout.selection_rects(local))
    }

    /// The byte offset nearest to a position in document space.
    pub fn hit(&self, pos: Point) -> usize {
        let number = self.slot_at_y(pos.y);
        match self.laid_out_slot(number) {
            Some((slot, layout)) => {
                slot.bytes.start + layout.hit(Point::new(pos.x, pos.y - self.top(number)))
            }
            None => self.slots.get(number).map_or(0, |slot| slot.bytes.start),
        }
    }

    /// The bytes of the cluster under a position, if there is one.
    pub fn hit_inside(&self, pos: Point) -> Option<Range<usize>> {
        let number = self.slot_at_y(pos.y);
        let (slot, layout) = self.laid_out_slot(number)?;
        let local = layout.hit_inside(Point::new(pos.x, pos.y - self.top(number)))?;
        Some(local.start + slot.bytes.start..local.end + slot.bytes.start)
    }

    pub fn word_at(&mut self, engine: &mut TextEngine, byte: usize) -> Range<usize> {
        let number = self.slot_at_byte(byte);
        self.lay_out(engine, number);
        self.laid_out_slot(number).map_or(0..0, |(slot, layout)| {
            let start = slot.bytes.start;
            let word = layout.word_at(byte.saturating_sub(start));
            word.start + start..word.end + start
        })
    }

    /// The paragraph at an offset, without its separator.
    pub fn paragraph_at(&self, byte: usize) -> Range<usize> {
        self.slots.get(self.slot_at_byte(byte)).map_or(0..0, |slot| slot.bytes.clone())
    }

    /// Whether the paragraph at an offset reads right to left.
    pub fn is_rtl_at(&self, byte: usize) -> bool {
        self.slots.get(self.slot_at_byte(byte)).is_some_and(|slot| slot.rtl)
    }

    fn collect_rects(
        &self,
        range: Range<usize>,
        rects_of: impl Fn(&TextLayout, Range<usize>) -> Vec<Rect>,
    ) -> Vec<Rect> {
        let mut rects = Vec::new();
        for number in self.slot_at_byte(range.start)..self.slots.len() {
            let Some(slot) = self.slots.get(number) else {
                break;
            };
            if slot.bytes.start >= range.end {
                break;
            }
            let Some(layout) = &slot.layout else {
                continue;
            };
            let start = slot.bytes.start;
            let local = range.start.saturating_sub(start)..range.end.saturating_sub(start);
            let top = self.top(number);
            rects.extend(rects_of(layout, local).into_iter().map(|rect| rect.translated(0.0, top)));
        }
        rects
    }

    fn lay_out(&mut self, engine: &mut TextEngine, number: usize) -> f32 {
        let Self { text, slots, font, width, .. } = self;
        let Some(slot) = slots.get_mut(number) else {
            return 0.0;
        };
        if slot.layout.is_some() {
            return 0.0;
        }
        let direction = if slot.rtl { BaseDirection::Rtl } else { BaseDirection::Ltr };
        let paragraph = text.get(slot.bytes.clone()).unwrap_or_default();
        let spec = TextSpec::new(paragraph, *font).wrap(*width).direction(direction);
        let layout = engine.layout_uncached(&spec);
        let growth = layout.height() - slot.height;
        slot.height = layout.height();
        slot.layout = Some(Arc::new(layout));
        if growth != 0.0 {
            for top in self.tops.iter_mut().skip(number + 1) {
                *top += growth;
            }
        }
        growth
    }

    fn forget_far_from(&mut self, keep: Range<usize>) {
        let laid_out: usize =
            self.slots.iter().filter(|slot| slot.layout.is_some()).map(|slot| slot.num_chars).sum();
        if laid_out <= MAX_LAID_OUT_CHARS {
            return;
        }
        for (number, slot) in self.slots.iter_mut().enumerate() {
            if !keep.contains(&number) {
                slot.layout = None;
            }
        }
    }

    fn estimate(&mut self) {
        let mut top = 0.0;
        self.tops.clear();
        for slot in &mut self.slots {
            let (size, line_height) = self.font.metrics(slot.rtl);
            // Half an em per character is near for both scripts.
            let num_lines = (slot.num_chars as f32 * size * 0.5 / self.width).ceil().max(1.0);
            slot.height = num_lines * line_height;
            self.tops.push(top);
            top += slot.height + self.paragraph_gap;
        }
        self.tops.push(top);
    }

    fn top(&self, number: usize) -> f32 {
        self.tops.get(number).copied().unwrap_or(0.0)
    }

    fn slot_at_y(&self, y: f32) -> usize {
        self.tops.partition_point(|top| *top <= y).saturating_sub(1).min(self.slots.len().saturating_sub(1))
    }

    fn slot_at_byte(&self, byte: usize) -> usize {
        self.slots.partition_point(|slot| slot.bytes.start <= byte).saturating_sub(1)
    }

    fn laid_out_slot(&self, number: usize) -> Option<(&Slot, &Arc<TextLayout>)> {
        let slot = self.slots.get(number)?;
        Some((slot, slot.layout.as_ref()?))
    }
}
