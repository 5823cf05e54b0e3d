//! [`TextDocumentView`]: a long text to read, with marked stretches, selection, find hits and zoom.
//!
//! Only what is on screen is laid out. Offsets are bytes of the document's text; [`TextSelection`] also gives
//! Unicode scalar offsets, which is what case files store.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    Color32, Event, EventFilter, IdSalt, Key, Modifiers, Pos2, Rect, Response, Role, ScrollArea, Sense, Ui,
    WidgetInfo, pos2, vec2,
};

use super::text_highlight::{Span, paint_spans, spans_at, text_color, to_egui};
use super::text_paint::with_text_ui;
use crate::text::{CharIndex, DocumentLayout, FontSpec, Granularity, Point, TextEngine};
use crate::ui::theme::TextKind;

/// Colours of a document view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextDocumentColors {
    pub text: Color32,
    /// Text of dimmed stretches.
    pub dimmed: Color32,
    pub selection: Color32,
    /// Behind every find hit, and behind the current one.
    pub find: Color32,
    pub find_current: Color32,
}

/// A stretch the user selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSelection {
    pub bytes: Range<usize>,
    /// The same in Unicode scalar offsets.
    pub scalars: Range<usize>,
}

/// The document, its layout, selection and scroll position; owned by the panel that shows it.
pub struct TextDocumentState {
    text: Arc<str>,
    document: Option<DocumentLayout>,
    index: CharIndex,
    anchor: usize,
    focus: usize,
    /// What a drag extends by, and the stretch it started from.
    drag_from: (Granularity, Range<usize>),
    scroll_to: Option<usize>,
    scroll_y: f32,
    /// The scroll area must be moved to `scroll_y`.
    moved: bool,
    /// The scroll area refused `scroll_y` once, because it knew an older height.
    retried: bool,
    view_height: f32,
}

/// What [`TextDocumentView::show`] found.
pub struct TextDocumentOutput {
    pub response: Response,
    /// Ids of the spans under the pointer.
    pub hovered: Vec<u64>,
    /// Ids of the spans that were clicked; empty if the click ended a selection.
    pub clicked: Vec<u64>,
    /// The byte that was clicked, on a span or not.
    pub clicked_byte: Option<usize>,
    pub selection: Option<TextSelection>,
    /// Bytes on screen.
    pub visible: Range<usize>,
}

/// The widget. Fills the available space.
#[must_use = "a view does nothing until it is shown"]
pub struct TextDocumentView<'a> {
    state: &'a mut TextDocumentState,
    zoom: &'a mut f32,
    colors: TextDocumentColors,
    font: FontSpec,
    spans: &'a [Span],
    dimmed: &'a [Range<usize>],
    finds: &'a [Range<usize>],
    current_find: Option<usize>,
    name: &'a str,
    id_salt: IdSalt,
    margin: f32,
    paragraph_gap: f32,
}

pub const MIN_ZOOM: f32 = 0.5;
pub const MAX_ZOOM: f32 = 4.0;
const ZOOM_STEP: f32 = 1.1;

impl TextDocumentState {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        Self {
            index: CharIndex::new(&text),
            text,
            document: None,
            anchor: 0,
            focus: 0,
            drag_from: (Granularity::Cluster, 0..0),
            scroll_to: None,
            scroll_y: 0.0,
            moved: true,
            retried: false,
            view_height: 0.0,
        }
    }

    /// Shows another text from its top; nothing happens if it is the same one.
    pub fn set_text(&mut self, text: &str) {
        if *self.text != *text {
            *self = Self::new(text);
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Converts between bytes and Unicode scalar offsets of this text.
    pub fn char_index(&self) -> &CharIndex {
        &self.index
    }

    /// Brings a byte into view, about a third from the top, at the next frame.
    pub fn scroll_to(&mut self, byte: usize) {
        self.scroll_to = Some(byte.min(self.text.len()));
    }

    pub fn select(&mut self, bytes: Range<usize>) {
        self.anchor = self.floor(bytes.start);
        self.focus = self.floor(bytes.end);
    }

    pub fn selection(&self) -> Option<TextSelection> {
        let bytes = self.anchor.min(self.focus)..self.anchor.max(self.focus);
        (!bytes.is_empty()).then(|| TextSelection { scalars: self.index.scalar_range(bytes.clone()), bytes })
    }

    /// The selected text in logical order.
    pub fn selected_text(&self) -> &str {
        self.selection().and_then(|selection| self.text.get(selection.bytes)).unwrap_or_default()
    }

    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }

    /// Brings layout and scroll position in line with width, type size and requests to scroll.
    fn prepare(&mut self, engine: &mut TextEngine, font: FontSpec, width: f32, gap: f32, height: f32) {
        let first_visible =
            self.document.as_ref().map(|document| document.visible_bytes(self.scroll_y..self.scroll_y).start);
        let text = Arc::clone(&self.text);
        let document = self.document.get_or_insert_with(|| DocumentLayout::new(text, font, width, gap));
        let old_height = document.height();
        let old_width = document.width();
        document.set_style(font, width, gap);
        let restyled =
            (document.width() - old_width).abs() > 0.01 || (document.height() - old_height).abs() > 0.01;
        if restyled && let Some(byte) = first_visible {
            self.scroll_y = if self.scroll_y <= 0.0 { 0.0 } else { document.y_of(engine, byte) };
            self.moved = true;
        }
        if let Some(byte) = self.scroll_to.take() {
            // What is above the target is laid out too, so that the place found is the place shown.
            let y = document.y_of(engine, byte);
            document.ensure(engine, (y - height).max(0.0)..y + height);
            let y = document.y_of(engine, byte);
            let is_comfortable = y >= self.scroll_y + 8.0 && y + 60.0 <= self.scroll_y + self.view_height;
            if !is_comfortable {
                self.scroll_y = y - height / 3.0;
                self.moved = true;
            }
        }
        let growth = document.ensure(engine, self.scroll_y..self.scroll_y + height);
        if growth != 0.0 {
            self.scroll_y += growth;
            self.moved = true;
        }
        let max_y = (document.height() - height).max(0.0);
        let clamped = self.scroll_y.clamp(0.0, max_y);
        if self.moved && clamped != self.scroll_y {
            self.scroll_y = clamped;
            document.ensure(engine, clamped..clamped + height);
        }
        self.view_height = height;
    }

    fn press(&mut self, engine: &mut TextEngine, pos: Point, granularity: Granularity, extend: bool) {
        let Some(document) = &mut self.document else {
            return;
        };
        let byte = document.hit(pos);
        if extend {
            self.focus = byte;
            return;
        }
        let stretch = stretch_at(document, engine, byte, pos, granularity);
        self.anchor = stretch.start;
        self.focus = stretch.end;
        self.drag_from = (granularity, stretch);
    }

    fn drag(&mut self, engine: &mut TextEngine, pos: Point) {
        let Some(document) = &mut self.document else {
            return;
        };
        let byte = document.hit(pos);
        let (granularity, from) = self.drag_from.clone();
        let to = stretch_at(document, engine, byte, pos, granularity);
        (self.anchor, self.focus) = if granularity == Granularity::Cluster {
            (self.anchor, byte)
        } else if to.start < from.start {
            (from.end, to.start)
        } else {
            (from.start, to.end.max(from.end))
        };
    }
}

fn stretch_at(
    document: &mut DocumentLayout,
    engine: &mut TextEngine,
    byte: usize,
    pos: Point,
    granularity: Granularity,
) -> Range<usize> {
    match granularity {
        Granularity::Cluster => byte..byte,
        Granularity::Word => {
            let at = document.hit_inside(pos).map_or(byte, |cluster| cluster.start);
            document.word_at(engine, at)
        }
        Granularity::Paragraph => document.paragraph_at(byte),
    }
}

impl<'a> TextDocumentView<'a> {
    /// `zoom` multiplies the type size; the view changes it on Ctrl with plus, minus, zero or the wheel.
    pub fn new(state: &'a mut TextDocumentState, zoom: &'a mut f32, colors: TextDocumentColors) -> Self {
        Self {
            state,
            zoom,
            colors,
            font: TextKind::Source.font_spec(),
            spans: &[],
            dimmed: &[],
            finds: &[],
            current_find: None,
            name: "",
            id_salt: IdSalt::new("document view"),
            margin: 12.0,
            paragraph_gap: 8.0,
        }
    }

    pub fn font(mut self, font: impl Into<FontSpec>) -> Self {
        self.font = font.into();
        self
    }

    pub fn spans(mut self, spans: &'a [Span]) -> Self {
        self.spans = spans;
        self
    }

    /// Stretches to show with lower contrast.
    pub fn dimmed(mut self, dimmed: &'a [Range<usize>]) -> Self {
        self.dimmed = dimmed;
        self
    }

    /// Find hits, and which of them is the current one.
    pub fn finds(mut self, finds: &'a [Range<usize>], current: Option<usize>) -> Self {
        self.finds = finds;
        self.current_find = current;
        self
    }

    /// What assistive technology calls the document; its text is the value.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    /// Needed where two views share a ui.
    pub fn id_salt(mut self, id_salt: IdSalt) -> Self {
        self.id_salt = id_salt;
        self
    }

    pub fn margin(mut self, margin: f32) -> Self {
        self.margin = margin;
        self
    }

    pub fn paragraph_gap(mut self, gap: f32) -> Self {
        self.paragraph_gap = gap;
        self
    }

    pub fn show(self, ui: &mut Ui) -> TextDocumentOutput {
        ui.push_id(self.id_salt, |ui| self.show_in(ui)).inner
    }

    fn show_in(mut self, ui: &mut Ui) -> TextDocumentOutput {
        let view = Rect::from_min_size(ui.next_widget_position(), ui.available_size().max(vec2(16.0, 16.0)));
        let id = ui.make_persistent_id("document view");
        let response = ui.interact(view, id, Sense::click_and_drag());
        self.zoom_from_input(ui, &response);
        self.scroll_from_keys(ui, &response);

        let bar_width = ui.spacing().scroll.allocated_width();
        let width = (view.width() - self.margin * 2.0 - bar_width).max(16.0);
        let font = self.font.scaled(*self.zoom);
        let gap = self.paragraph_gap * *self.zoom;
        let inner_height = (view.height() - self.margin * 2.0).max(16.0);
        with_text_ui(ui.ctx(), |text| {
            self.state.prepare(&mut text.engine, font, width, gap, inner_height);
        });

        // The area knows only its former height, and would spring back from a place beyond it.
        ui.spacing_mut().scroll.kinetic.rubber_band = false;
        let mut area = ScrollArea::vertical()
            .id_salt("document scroll")
            .auto_shrink(false)
            .max_height(view.height())
            .scroll_source(egui::scroll_area::ScrollSource {
                scroll_bar: true,
                drag: egui::scroll_area::DragScroll::Never,
                mouse_wheel: true,
            });
        let wanted_y = std::mem::take(&mut self.state.moved).then_some(self.state.scroll_y);
        if let Some(y) = wanted_y {
            area = area.vertical_scroll_offset(y);
        }
        let content_height =
            self.state.document.as_ref().map_or(0.0, DocumentLayout::height) + self.margin * 2.0;
        let mut output = None;
        let scrolled = area.show_viewport(ui, |ui, viewport| {
            let top_left = ui.max_rect().min;
            ui.set_min_size(vec2(width + self.margin * 2.0, content_height));
            let origin = top_left + vec2(self.margin, self.margin);
            let y = viewport.top() - self.margin..viewport.bottom() - self.margin;
            output = Some(self.contents_ui(ui, response, origin, y));
        });
        let TextDocumentView { state, name, .. } = self;
        let shown_y = scrolled.state.clamped_offset().y;
        match wanted_y {
            Some(y) if (y - shown_y).abs() > 0.5 && !state.retried => {
                state.retried = true;
                state.moved = true;
                ui.ctx().request_discard("document scrolled beyond its former height");
            }
            _ => {
                state.retried = false;
                if !state.moved {
                    state.scroll_y = shown_y;
                }
            }
        }
        let output = output.unwrap_or_else(|| unreachable_output(ui));
        output.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Document, ui.is_enabled(), name);
            info.current_text_value = Some(state.text.to_string());
            info
        });
        output
    }

    fn contents_ui(
        &mut self,
        ui: &Ui,
        response: Response,
        origin: Pos2,
        y: Range<f32>,
    ) -> TextDocumentOutput {
        let ctx = ui.ctx().clone();
        let mut clicked_byte = None;
        with_text_ui(&ctx, |text| {
            if let Some(document) = &mut self.state.document {
                let growth = document.ensure(&mut text.engine, y.clone());
                if growth != 0.0 {
                    self.state.scroll_y = y.start + self.margin + growth;
                    self.state.moved = true;
                    ctx.request_repaint();
                }
            }
            clicked_byte = self.select_from_input(ui, &response, origin, &mut text.engine);
        });
        let keeps_selection = self.state.selection().is_some();
        let Some(document) = &self.state.document else {
            return unreachable_output(ui);
        };
        let local = |pos: Pos2| Point::new(pos.x - origin.x, pos.y - origin.y);
        let ids_at = |pos: Option<Pos2>| {
            pos.filter(|pos| response.rect.contains(*pos))
                .and_then(|pos| document.hit_inside(local(pos)))
                .map_or_else(Vec::new, |cluster| spans_at(self.spans, cluster.start))
        };
        let hovered = if response.hovered() || response.is_pointer_button_down_on() {
            ids_at(ui.input(|i| i.pointer.hover_pos()))
        } else {
            Vec::new()
        };
        let clicked = match clicked_byte {
            Some(_) if !keeps_selection => ids_at(response.interact_pointer_pos()),
            _ => Vec::new(),
        };
        if response.hovered() {
            ui.set_cursor_icon(if hovered.is_empty() {
                egui::CursorIcon::Text
            } else {
                egui::CursorIcon::PointingHand
            });
        }
        self.paint(ui, document, origin, y.clone());
        TextDocumentOutput {
            hovered,
            clicked,
            clicked_byte,
            selection: self.state.selection(),
            visible: document.visible_bytes(y),
            response,
        }
    }

    fn paint(&self, ui: &Ui, document: &DocumentLayout, origin: Pos2, y: Range<f32>) {
        let painter = ui.painter();
        for (top, first_byte, layout) in document.visible(y.clone()) {
            paint_spans(painter, layout, origin + vec2(0.0, top), first_byte, self.spans);
        }
        for (number, find) in self.finds.iter().enumerate() {
            let color =
                if self.current_find == Some(number) { self.colors.find_current } else { self.colors.find };
            for rect in document.rects_for(find.clone()) {
                painter.rect_filled(to_egui(rect, origin), 2.0, color);
            }
        }
        if let Some(selection) = self.state.selection() {
            for rect in document.selection_rects(selection.bytes) {
                painter.rect_filled(to_egui(rect, origin), 0.0, self.colors.selection);
            }
        }
        with_text_ui(ui.ctx(), |text| {
            for (top, first_byte, layout) in document.visible(y) {
                let origin = pos2(origin.x, origin.y + top);
                let end_byte = first_byte + layout.text().len();
                let touches = |range: &Range<usize>| range.start < end_byte && range.end > first_byte;
                let dimmed: Vec<&Range<usize>> = self.dimmed.iter().filter(|range| touches(range)).collect();
                let recolored: Vec<&Span> = self
                    .spans
                    .iter()
                    .filter(|span| span.style.text.is_some() && touches(&span.bytes))
                    .collect();
                text.paint_layout(painter, layout, origin, None, |byte| {
                    let byte = byte + first_byte;
                    if dimmed.iter().any(|range| range.contains(&byte)) {
                        self.colors.dimmed
                    } else {
                        text_color(recolored.iter().copied(), byte).unwrap_or(self.colors.text)
                    }
                });
            }
        });
    }

    /// Pointer and clipboard. Returns the byte that was clicked.
    fn select_from_input(
        &mut self,
        ui: &Ui,
        response: &Response,
        origin: Pos2,
        engine: &mut TextEngine,
    ) -> Option<usize> {
        let mut clicked_byte = None;
        if let Some(pointer) = response.interact_pointer_pos() {
            let pos = Point::new(pointer.x - origin.x, pointer.y - origin.y);
            let shift = ui.input(|i| i.modifiers.shift);
            let pressed = ui.input(|i| i.pointer.primary_pressed());
            if response.triple_clicked() {
                self.state.press(engine, pos, Granularity::Paragraph, false);
            } else if response.double_clicked() {
                self.state.press(engine, pos, Granularity::Word, false);
            } else if pressed && response.is_pointer_button_down_on() {
                response.request_focus();
                self.state.press(engine, pos, Granularity::Cluster, shift);
            } else if response.dragged_by(egui::PointerButton::Primary) {
                self.state.drag(engine, pos);
            }
            if response.clicked() {
                clicked_byte = self.state.document.as_ref().map(|document| document.hit(pos));
            }
        }
        if response.has_focus() {
            super::mark_text_focus(ui.ctx(), response.id, super::TextFocus::Reading);
            let copies = ui.input(|i| i.events.iter().any(|e| matches!(e, Event::Copy)));
            if copies && self.state.selection().is_some() {
                ui.copy_text(self.state.selected_text().to_owned());
            }
            if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::A)) {
                self.state.select(0..self.state.text.len());
            }
        }
        clicked_byte
    }

    fn zoom_from_input(&mut self, ui: &Ui, response: &Response) {
        let mut factor = 1.0;
        if response.contains_pointer() {
            factor *= ui.input(|i| i.zoom_delta());
        }
        if response.contains_pointer() || response.has_focus() {
            ui.input_mut(|i| {
                if i.consume_key(Modifiers::COMMAND, Key::Plus)
                    || i.consume_key(Modifiers::COMMAND, Key::Equals)
                {
                    factor *= ZOOM_STEP;
                }
                if i.consume_key(Modifiers::COMMAND, Key::Minus) {
                    factor /= ZOOM_STEP;
                }
                if i.consume_key(Modifiers::COMMAND, Key::Num0) {
                    factor = 1.0 / *self.zoom;
                }
            });
        }
        let zoom = (*self.zoom * factor).clamp(MIN_ZOOM, MAX_ZOOM);
        *self.zoom = if zoom.is_finite() { zoom } else { 1.0 };
    }

    fn scroll_from_keys(&mut self, ui: &Ui, response: &Response) {
        if !response.has_focus() {
            return;
        }
        ui.memory_mut(|memory| {
            memory.set_focus_lock_filter(
                response.id,
                EventFilter { vertical_arrows: true, ..EventFilter::default() },
            );
        });
        let line = self.font.line_height * *self.zoom;
        let page = (self.state.view_height - line).max(line);
        let mut delta_y = 0.0;
        ui.input_mut(|i| {
            let moves = [
                (Key::ArrowDown, line),
                (Key::ArrowUp, -line),
                (Key::PageDown, page),
                (Key::PageUp, -page),
                (Key::Space, page),
                (Key::Home, f32::MIN),
                (Key::End, f32::MAX),
            ];
            for (key, delta) in moves {
                if i.consume_key(Modifiers::NONE, key) {
                    delta_y += delta;
                }
            }
        });
        if delta_y != 0.0 {
            let height = self.state.document.as_ref().map_or(0.0, DocumentLayout::height);
            self.state.scroll_y = (self.state.scroll_y + delta_y).clamp(0.0, height);
            self.state.moved = true;
        }
    }
}

/// The output of a view that could not be shown, for example because nothing was laid out.
fn unreachable_output(ui: &Ui) -> TextDocumentOutput {
    TextDocumentOutput {
        response: ui.interact(Rect::NOTHING, ui.scope_id().with("no document"), Sense::hover()),
        hovered: Vec::new(),
        clicked: Vec::new(),
        clicked_byte: None,
        selection: None,
        visible: 0..0,
    }
}
