//! Editing of bidi text: caret, selection, composition and undo over a [`TextLayout`].
//!
//! The text is edited in logical order. Left and right are visual: they cross the cluster on that side of the
//! caret, whatever its direction. Offsets always lie on cluster boundaries of the current layout.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::engine::TextEngine;
use super::geometry::{Point, Rect};
use super::layout::{Affinity, Caret, Cluster, TextLayout};
use super::style::{Align, BaseDirection, FontSpec, TextSpec};

/// Where to move the caret, or up to where to delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Visually to the left.
    Left,
    /// Visually to the right.
    Right,
    /// To the next word boundary on the left.
    WordLeft,
    /// To the next word boundary on the right.
    WordRight,
    Up,
    Down,
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    /// Backwards in reading order; what backspace deletes.
    Previous,
    /// Forwards in reading order; what delete deletes.
    Next,
    PreviousWord,
    NextWord,
}

/// What a press of the pointer selects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Granularity {
    #[default]
    Cluster,
    Word,
    Paragraph,
}

/// A text being edited.
#[derive(Clone, Debug)]
pub struct Editor {
    text: String,
    multi_line: bool,
    /// The text is shown exactly as it came, to be selected from only.
    verbatim: bool,
    /// The fixed end of the selection.
    anchor: usize,
    /// The moving end, where the caret is.
    focus: usize,
    affinity: Affinity,
    /// Column to keep while moving up and down.
    column_x: Option<f32>,
    /// What a drag extends by, and the stretch it started from.
    drag_from: (Granularity, Range<usize>),
    compose: Option<Range<usize>>,
    font: FontSpec,
    max_width: Option<f32>,
    align: Align,
    direction: BaseDirection,
    layout: Option<Arc<TextLayout>>,
    undo: Vec<Snapshot>,
    redo: Vec<Snapshot>,
    last_edit: Edit,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Snapshot {
    text: String,
    anchor: usize,
    focus: usize,
}

/// Kind of the latest change; changes of one kind in a row are undone together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    None,
    Typing,
    Deleting,
}

const MAX_UNDO_STEPS: usize = 256;

impl Default for Editor {
    fn default() -> Self {
        Self::single_line()
    }
}

impl Editor {
    pub fn single_line() -> Self {
        Self {
            text: String::new(),
            multi_line: false,
            verbatim: false,
            anchor: 0,
            focus: 0,
            affinity: Affinity::Downstream,
            column_x: None,
            drag_from: (Granularity::Cluster, 0..0),
            compose: None,
            font: FontSpec::new(13.0, 18.0),
            max_width: None,
            align: Align::Start,
            direction: BaseDirection::Auto,
            layout: None,
            undo: Vec::new(),
            redo: Vec::new(),
            last_edit: Edit::None,
        }
    }

    pub fn multi_line() -> Self {
        Self { multi_line: true, ..Self::single_line() }
    }

    /// For text that can be selected and copied but not edited; no character of it is replaced.
    pub fn viewer() -> Self {
        Self { multi_line: true, verbatim: true, ..Self::single_line() }
    }

    pub fn set_style(
        &mut self,
        font: FontSpec,
        max_width: Option<f32>,
        align: Align,
        direction: BaseDirection,
    ) {
        let unchanged = self.font == font
            && self.max_width == max_width
            && self.align == align
            && self.direction == direction;
        if !unchanged {
            self.font = font;
            self.max_width = max_width;
            self.align = align;
            self.direction = direction;
            self.layout = None;
        }
    }

    /// The text without what is being composed.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.compose {
            Some(compose) => {
                let before = self.text.get(..compose.start).unwrap_or_default();
                let after = self.text.get(compose.end..).unwrap_or_default();
                Cow::Owned(format!("{before}{after}"))
            }
            None => Cow::Borrowed(&self.text),
        }
    }

    /// Replaces the text from outside; the caret stays where it can, history is dropped.
    pub fn set_text(&mut self, text: &str) {
        self.text = self.acceptable(text).into_owned();
        self.compose = None;
        self.anchor = floor_boundary(&self.text, self.anchor);
        self.focus = floor_boundary(&self.text, self.focus);
        self.drag_from = (Granularity::Cluster, self.focus..self.focus);
        self.undo.clear();
        self.redo.clear();
        self.last_edit = Edit::None;
        self.layout = None;
    }

    pub fn layout(&mut self, engine: &mut TextEngine) -> Arc<TextLayout> {
        if let Some(layout) = &self.layout {
            return Arc::clone(layout);
        }
        let spec = TextSpec {
            text: &self.text,
            font: self.font,
            max_width: self.max_width,
            max_lines: None,
            align: self.align,
            direction: self.direction,
        };
        let layout = engine.layout(&spec);
        self.layout = Some(Arc::clone(&layout));
        layout
    }

    pub fn selection(&self) -> Range<usize> {
        self.anchor.min(self.focus)..self.anchor.max(self.focus)
    }

    /// The selected text in logical order.
    pub fn selected_text(&self) -> &str {
        self.text.get(self.selection()).unwrap_or_default()
    }

    /// Byte offset of the caret.
    pub fn focus(&self) -> usize {
        self.focus
    }

    pub fn is_composing(&self) -> bool {
        self.compose.is_some()
    }

    /// The bytes being composed, to underline them.
    pub fn composing(&self) -> Option<Range<usize>> {
        self.compose.clone()
    }

    pub fn caret(&mut self, engine: &mut TextEngine) -> Caret {
        self.layout(engine).caret_with_affinity(self.focus, self.affinity)
    }

    pub fn selection_rects(&mut self, engine: &mut TextEngine) -> Vec<Rect> {
        let selection = self.selection();
        if selection.is_empty() {
            return Vec::new();
        }
        self.layout(engine).selection_rects(selection)
    }

    /// Puts text in place of the selection. Line breaks become spaces in a single-line editor.
    pub fn insert(&mut self, text: &str) {
        self.cancel_composition();
        let inserted = self.acceptable(text).into_owned();
        let is_word = inserted.chars().count() == 1 && !inserted.starts_with(char::is_whitespace);
        let merges = is_word && self.selection().is_empty() && self.last_edit == Edit::Typing;
        if !merges {
            self.remember();
        }
        self.last_edit = if is_word { Edit::Typing } else { Edit::None };
        self.replace(self.selection(), &inserted);
    }

    /// Deletes the selection, or else up to where `motion` leads. Returns whether anything was deleted.
    pub fn delete(&mut self, engine: &mut TextEngine, motion: Motion) -> bool {
        self.cancel_composition();
        let mut range = self.selection();
        if range.is_empty() {
            let (target, _) = self.target(engine, motion);
            range = self.focus.min(target)..self.focus.max(target);
            if motion == Motion::Previous {
                // Backspace takes one character, so that a wrong vowel mark goes without its letter.
                range.start = self.last_char_start(&range);
            }
        }
        if range.is_empty() {
            return false;
        }
        if self.last_edit != Edit::Deleting {
            self.remember();
        }
        self.last_edit = Edit::Deleting;
        self.replace(range, "");
        true
    }

    /// Takes the selected text out.
    pub fn cut(&mut self) -> String {
        let taken = self.selected_text().to_owned();
        if !taken.is_empty() {
            self.insert("");
        }
        taken
    }

    pub fn select_all(&mut self) {
        self.anchor = 0;
        self.focus = self.text.len();
        self.affinity = Affinity::Upstream;
        self.settle();
    }

    /// Selects a byte range; offsets inside a character move to its start.
    pub fn select(&mut self, anchor: usize, focus: usize) {
        self.anchor = floor_boundary(&self.text, anchor);
        self.focus = floor_boundary(&self.text, focus);
        self.affinity = Affinity::Downstream;
        self.settle();
    }

    pub fn move_caret(&mut self, engine: &mut TextEngine, motion: Motion, extend: bool) {
        let selection = self.selection();
        let collapses = !extend && !selection.is_empty();
        let column_x = self.column_x;
        let (target, affinity) = match motion {
            Motion::Left | Motion::Right if collapses => self.selection_edge(engine, motion == Motion::Left),
            Motion::Previous if collapses => (selection.start, Affinity::Downstream),
            Motion::Next if collapses => (selection.end, Affinity::Upstream),
            _ => self.target(engine, motion),
        };
        self.settle();
        if matches!(motion, Motion::Up | Motion::Down) {
            self.column_x = column_x.or_else(|| Some(self.caret(engine).x));
        }
        self.focus = target;
        self.affinity = affinity;
        if !extend {
            self.anchor = target;
        }
    }

    /// The pointer goes down at a position in layout space.
    pub fn press(&mut self, engine: &mut TextEngine, pos: Point, granularity: Granularity, extend: bool) {
        let layout = self.layout(engine);
        let (byte, affinity) = layout.hit_with_affinity(pos);
        self.settle();
        if extend {
            self.focus = byte;
            self.affinity = affinity;
            return;
        }
        let stretch = stretch_at(&layout, byte, pos, granularity);
        self.anchor = stretch.start;
        self.focus = stretch.end;
        self.affinity = affinity;
        self.drag_from = (granularity, stretch);
    }

    /// The pointer is dragged to a position in layout space.
    pub fn drag(&mut self, engine: &mut TextEngine, pos: Point) {
        let layout = self.layout(engine);
        let (byte, affinity) = layout.hit_with_affinity(pos);
        let (granularity, from) = self.drag_from.clone();
        let to = stretch_at(&layout, byte, pos, granularity);
        self.settle();
        (self.anchor, self.focus) =
            if to.start < from.start { (from.end, to.start) } else { (from.start, to.end.max(from.end)) };
        if granularity == Granularity::Cluster {
            (self.anchor, self.focus) = (from.start, byte);
        }
        self.affinity = affinity;
    }

    /// Shows text that an input method is composing in place of the selection; empty text stops.
    pub fn set_composition(&mut self, text: &str) {
        let text = self.acceptable(text).into_owned();
        let range = match self.compose.take() {
            Some(range) => range,
            None if text.is_empty() => return,
            None => {
                self.remember();
                self.selection()
            }
        };
        self.last_edit = Edit::None;
        let start = range.start;
        self.replace(range, &text);
        if !text.is_empty() {
            self.compose = Some(start..start + text.len());
        }
    }

    /// Ends a composition with the text it led to.
    pub fn commit_composition(&mut self, text: &str) {
        self.cancel_composition();
        if !text.is_empty() {
            self.insert(text);
        }
    }

    /// Returns whether there was anything to take back.
    pub fn undo(&mut self) -> bool {
        self.cancel_composition();
        let Some(snapshot) = self.undo.pop() else {
            return false;
        };
        let now = self.snapshot();
        self.redo.push(now);
        self.restore(snapshot);
        true
    }

    pub fn redo(&mut self) -> bool {
        self.cancel_composition();
        let Some(snapshot) = self.redo.pop() else {
            return false;
        };
        let now = self.snapshot();
        self.undo.push(now);
        self.restore(snapshot);
        true
    }

    fn cancel_composition(&mut self) {
        if let Some(range) = self.compose.take() {
            self.replace(range, "");
        }
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        let start = floor_boundary(&self.text, range.start);
        let end = floor_boundary(&self.text, range.end).max(start);
        self.text.replace_range(start..end, with);
        self.focus = start + with.len();
        self.anchor = self.focus;
        self.affinity = if with.is_empty() { Affinity::Downstream } else { Affinity::Upstream };
        self.column_x = None;
        self.drag_from = (Granularity::Cluster, self.focus..self.focus);
        self.layout = None;
    }

    fn acceptable<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        if self.verbatim || !text.contains(is_break) {
            return Cow::Borrowed(text);
        }
        let text = text.replace("\r\n", "\n");
        let kept = text.chars().map(|c| match c {
            '\n' if self.multi_line => '\n',
            c if is_break(c) => ' ',
            c => c,
        });
        Cow::Owned(kept.collect())
    }

    /// Typing and deleting after the caret moved is a new step of undo.
    fn settle(&mut self) {
        self.last_edit = Edit::None;
        self.column_x = None;
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { text: self.text.clone(), anchor: self.anchor, focus: self.focus }
    }

    fn remember(&mut self) {
        let now = self.snapshot();
        if self.undo.len() >= MAX_UNDO_STEPS {
            self.undo.remove(0);
        }
        self.undo.push(now);
        self.redo.clear();
    }

    fn restore(&mut self, snapshot: Snapshot) {
        let Snapshot { text, anchor, focus } = snapshot;
        self.text = text;
        self.anchor = anchor;
        self.focus = focus;
        self.affinity = Affinity::Downstream;
        self.drag_from = (Granularity::Cluster, focus..focus);
        self.layout = None;
        self.settle();
    }

    fn last_char_start(&self, range: &Range<usize>) -> usize {
        self.text.get(range.clone()).and_then(|s| s.char_indices().next_back()).map_or(
            range.start,
            |(offset, c)| {
                // An emoji made of several characters goes as a whole.
                let is_joined = c == '\u{fe0f}' || ('\u{1f000}'..='\u{1ffff}').contains(&c);
                if is_joined { range.start } else { range.start + offset }
            },
        )
    }

    /// The left or right end of the selection as it is drawn.
    fn selection_edge(&mut self, engine: &mut TextEngine, left: bool) -> (usize, Affinity) {
        let layout = self.layout(engine);
        let Range { start, end } = self.selection();
        let start_caret = layout.caret_with_affinity(start, Affinity::Downstream);
        let end_caret = layout.caret_with_affinity(end, Affinity::Upstream);
        let start_is_left = (start_caret.top, start_caret.x) <= (end_caret.top, end_caret.x);
        if start_is_left == left { (start, Affinity::Downstream) } else { (end, Affinity::Upstream) }
    }

    fn target(&mut self, engine: &mut TextEngine, motion: Motion) -> (usize, Affinity) {
        let layout = self.layout(engine);
        let here = (self.focus, self.affinity);
        let rtl = layout.line_of(self.focus).map_or_else(|| layout.is_rtl(), |line| line.rtl);
        match motion {
            Motion::Left => visual_step(&layout, here, false),
            Motion::Right => visual_step(&layout, here, true),
            Motion::WordLeft if rtl => (next_word(&layout, self.focus), Affinity::Upstream),
            Motion::WordRight if !rtl => (next_word(&layout, self.focus), Affinity::Upstream),
            Motion::NextWord => (next_word(&layout, self.focus), Affinity::Upstream),
            Motion::WordLeft | Motion::WordRight | Motion::PreviousWord => {
                (previous_word(&layout, self.focus), Affinity::Downstream)
            }
            Motion::Up | Motion::Down => self.vertical_step(&layout, motion == Motion::Down),
            Motion::LineStart => {
                let line = layout.line_at_y(caret_middle(&layout, here));
                let start = line.map_or(0, |line| line.bytes.start);
                (start, Affinity::Downstream)
            }
            Motion::LineEnd => {
                let line = layout.line_at_y(caret_middle(&layout, here));
                let end = line.map_or(self.text.len(), |line| line.bytes.end);
                (end, Affinity::Upstream)
            }
            Motion::TextStart => (0, Affinity::Downstream),
            Motion::TextEnd => (self.text.len(), Affinity::Upstream),
            Motion::Previous => (self.previous_boundary(&layout), Affinity::Downstream),
            Motion::Next => (self.next_boundary(&layout), Affinity::Upstream),
        }
    }

    fn vertical_step(&self, layout: &TextLayout, down: bool) -> (usize, Affinity) {
        let caret = layout.caret_with_affinity(self.focus, self.affinity);
        let x = self.column_x.unwrap_or(caret.x);
        let y = if down { caret.bottom + 1.0 } else { caret.top - 1.0 };
        if y < 0.0 {
            (0, Affinity::Downstream)
        } else if y >= layout.height() {
            (self.text.len(), Affinity::Upstream)
        } else {
            layout.hit_with_affinity(Point::new(x, y))
        }
    }

    fn previous_boundary(&self, layout: &TextLayout) -> usize {
        let before = self.focus.saturating_sub(1);
        layout.cluster_at(before).map_or_else(|| floor_boundary(&self.text, before), |c| c.start as usize)
    }

    fn next_boundary(&self, layout: &TextLayout) -> usize {
        match layout.cluster_at(self.focus) {
            Some(cluster) => cluster.end as usize,
            None => self
                .text
                .get(self.focus..)
                .and_then(|rest| rest.chars().next())
                .map_or(self.text.len(), |c| self.focus + c.len_utf8()),
        }
    }
}

/// What a press or drag at `byte` selects.
fn stretch_at(layout: &TextLayout, byte: usize, pos: Point, granularity: Granularity) -> Range<usize> {
    match granularity {
        Granularity::Cluster => byte..byte,
        Granularity::Word => {
            let at = layout.hit_inside(pos).map_or(byte, |cluster| cluster.start);
            layout.word_at(at)
        }
        Granularity::Paragraph => layout.paragraph_at(byte),
    }
}

fn caret_middle(layout: &TextLayout, (byte, affinity): (usize, Affinity)) -> f32 {
    let caret = layout.caret_with_affinity(byte, affinity);
    (caret.top + caret.bottom) * 0.5
}

/// One cluster to the right or left on screen.
fn visual_step(
    layout: &TextLayout,
    (byte, affinity): (usize, Affinity),
    to_right: bool,
) -> (usize, Affinity) {
    let caret = layout.caret_with_affinity(byte, affinity);
    let Some(line) = layout.line_at_y((caret.top + caret.bottom) * 0.5) else {
        return (byte, affinity);
    };
    let edge = |c: &Cluster| -> (usize, Affinity) {
        if to_right != c.rtl {
            (c.end as usize, Affinity::Upstream)
        } else {
            (c.start as usize, Affinity::Downstream)
        }
    };
    let clusters = layout.line_clusters(line);
    let crossed = if to_right {
        clusters.iter().find(|c| c.x + c.width * 0.5 > caret.x)
    } else {
        clusters.iter().rev().find(|c| c.x + c.width * 0.5 < caret.x)
    };
    if let Some(cluster) = crossed {
        return edge(cluster);
    }
    // At the end of the line: reading goes on with the next line, or back to the one before.
    let forwards = to_right != line.rtl;
    let number = layout.lines().iter().position(|l| std::ptr::eq(l, line));
    let neighbour = number.and_then(|n| if forwards { Some(n + 1) } else { n.checked_sub(1) });
    match neighbour.and_then(|n| layout.lines().get(n)) {
        Some(next) if forwards => (next.bytes.start, Affinity::Downstream),
        Some(previous) => (previous.bytes.end, Affinity::Upstream),
        None => (byte, affinity),
    }
}

/// The end of the word at or after an offset.
fn next_word(layout: &TextLayout, byte: usize) -> usize {
    let text = layout.text();
    let mut at = byte;
    while at < text.len() {
        let word = layout.word_at(at);
        if word.end <= at {
            // A separator between paragraphs.
            at =
                text.get(at..).and_then(|rest| rest.chars().next()).map_or(text.len(), |c| at + c.len_utf8());
            continue;
        }
        at = word.end;
        if text.get(word).is_some_and(|w| w.contains(char::is_alphanumeric)) {
            break;
        }
    }
    at
}

/// The start of the word before an offset.
fn previous_word(layout: &TextLayout, byte: usize) -> usize {
    let text = layout.text();
    let mut at = byte.min(text.len());
    while at > 0 {
        let before = floor_boundary(text, at - 1);
        let word = layout.word_at(before);
        at = if word.contains(&before) { word.start } else { before };
        let is_word =
            word.contains(&before) && text.get(word).is_some_and(|w| w.contains(char::is_alphanumeric));
        if is_word {
            break;
        }
    }
    at
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}
