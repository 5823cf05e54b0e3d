//! [`TextField`]: a one-line field for text of any direction.

use std::sync::Arc;

use egui::accesskit::{Action, ActionData, ActionRequest};
use egui::mutex::Mutex;
use egui::{
    Color32, CornerRadius, Event, EventFilter, Id, ImeEvent, Key, Modifiers, Pos2, Rect, Response, Sense,
    Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo, pos2, vec2,
};

use super::text_label::drag_to_select;
use super::text_paint::{AnchorX, AnchorY, PaintText, TextAnchor, ui_rtl, with_text_ui};
use crate::text::{Align, BaseDirection, Editor, FontSpec, Motion, TextEngine, TextLayout};
use crate::ui::theme::TextKind;

/// Colours of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextFieldColors {
    pub text: Color32,
    pub placeholder: Color32,
    pub fill: Color32,
    pub edge: Color32,
    /// Ring around the field while it has the keyboard.
    pub focus: Color32,
    pub selection: Color32,
    pub caret: Color32,
}

/// A field bound to a string.
#[must_use = "a field does nothing until it is added to a ui"]
pub struct TextField<'a> {
    text: &'a mut String,
    colors: TextFieldColors,
    id: Option<Id>,
    placeholder: &'a str,
    name: &'a str,
    font: FontSpec,
    width: Option<f32>,
    height: f32,
    pad_start: f32,
    pad_end: f32,
    framed: bool,
    direction: BaseDirection,
}

/// What [`TextField::show`] found.
pub struct TextFieldOutput {
    pub response: Response,
    /// The text was edited in this frame.
    pub changed: bool,
    /// Enter was pressed.
    pub submitted: bool,
    /// Escape was pressed.
    pub cancelled: bool,
}

#[derive(Clone, Default)]
struct FieldState(Arc<Mutex<Field>>);

#[derive(Default)]
struct Field {
    editor: Editor,
    scroll_x: f32,
    /// Time of the latest key or press, for the blinking of the caret.
    touched_secs: f64,
    had_focus: bool,
}

const BLINK_SECS: f64 = 0.5;
/// The caret stops blinking after this long, so that an idle window is not drawn.
const BLINKING_SECS: f64 = 20.0;

impl<'a> TextField<'a> {
    pub fn new(text: &'a mut String, colors: TextFieldColors) -> Self {
        Self {
            text,
            colors,
            id: None,
            placeholder: "",
            name: "",
            font: TextKind::List.font_spec(),
            width: None,
            height: 28.0,
            pad_start: 8.0,
            pad_end: 8.0,
            framed: true,
            direction: BaseDirection::Auto,
        }
    }

    /// A fixed id, to give the field the keyboard from elsewhere.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Shown while the field is empty.
    pub fn placeholder(mut self, placeholder: &'a str) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// What assistive technology calls the field; the placeholder if not given.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    pub fn size(mut self, font: impl Into<FontSpec>) -> Self {
        self.font = font.into();
        self
    }

    /// The available width if not given.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Space at the interface's start and end, for an icon or a key hint drawn by the caller.
    pub fn padding(mut self, start: f32, end: f32) -> Self {
        self.pad_start = start;
        self.pad_end = end;
        self
    }

    /// Without fill and edge, for a field inside another frame.
    pub fn frameless(mut self) -> Self {
        self.framed = false;
        self
    }

    /// For example left to right for dates, coordinates and file names.
    pub fn direction(mut self, direction: BaseDirection) -> Self {
        self.direction = direction;
        self
    }

    pub fn show(self, ui: &mut Ui) -> TextFieldOutput {
        let Self {
            text,
            colors,
            id,
            placeholder,
            name,
            font,
            width,
            height,
            pad_start,
            pad_end,
            framed,
            direction,
        } = self;
        let rtl = ui_rtl(ui.ctx());
        let width = width.unwrap_or_else(|| ui.available_width()).max(16.0);
        let (rect, auto_response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::hover());
        let id = id.unwrap_or(auto_response.id.with("field"));
        let mut response = ui.interact(rect, id, Sense::click_and_drag());
        // Pressed and let go within one frame, it was never seen pressed.
        if response.clicked() {
            response.request_focus();
        }
        let (pad_left, pad_right) = if rtl { (pad_end, pad_start) } else { (pad_start, pad_end) };
        let inner = Rect::from_min_max(
            pos2(rect.left() + pad_left, rect.top()),
            pos2((rect.right() - pad_right).max(rect.left() + pad_left + 8.0), rect.bottom()),
        );
        let shared: FieldState = ui.data_mut(|data| data.get_temp_mut_or_default::<FieldState>(id).clone());
        let mut field = shared.0.lock();
        let previous = text.clone();
        if *field.editor.text() != **text && !field.editor.is_composing() {
            field.editor.set_text(text);
        }
        field.editor.set_style(font, None, Align::Left, direction);

        let gained_focus = response.has_focus() && !field.had_focus;
        field.had_focus = response.has_focus();
        if gained_focus && !ui.input(|i| i.pointer.any_down()) {
            field.editor.select_all();
        }
        if !response.has_focus() && field.editor.is_composing() {
            field.editor.commit_composition("");
        }

        let mut keys = Keys::default();
        if ui.is_enabled() {
            field.handle_requests(ui, id);
        }
        with_text_ui(ui.ctx(), |text_ui| {
            if response.has_focus() {
                keys = field.handle_events(ui, id, &mut text_ui.engine);
            }
            let origin = field.origin(&mut text_ui.engine, inner, rtl);
            drag_to_select(ui, &response, &mut field.editor, &mut text_ui.engine, origin);
        });
        let now = ui.input(|i| i.time);
        let pressed = response.is_pointer_button_down_on();
        if keys.any || pressed || gained_focus {
            field.touched_secs = now;
        }
        let new_text = field.editor.text();
        let changed = *new_text != *previous;
        if changed {
            *text = new_text.into_owned();
            response.mark_changed();
        }
        if keys.submitted || keys.cancelled {
            response.surrender_focus();
        }
        if response.hovered() {
            ui.set_cursor_icon(egui::CursorIcon::Text);
        }
        if ui.is_rect_visible(rect) {
            if framed {
                paint_frame(ui, rect, colors, response.has_focus());
            }
            if text.is_empty() && !field.editor.is_composing() {
                let anchor = TextAnchor(AnchorX::Start, AnchorY::Center);
                PaintText::new(placeholder, font, colors.placeholder).paint_in(ui.painter(), inner, anchor);
            }
            field.paint(ui, inner, rtl, colors, response.has_focus(), now);
        }
        let hint = if name.is_empty() { placeholder } else { name };
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(ui.is_enabled(), &previous, text.as_str(), hint);
            info.label = Some(hint.to_owned());
            info
        });
        ui.ctx().accesskit_node_builder(id, |node| {
            node.add_action(Action::SetValue);
            node.add_action(Action::ReplaceSelectedText);
        });
        TextFieldOutput { changed, submitted: keys.submitted, cancelled: keys.cancelled, response }
    }
}

impl Widget for TextField<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui).response
    }
}

#[derive(Default)]
struct Keys {
    any: bool,
    submitted: bool,
    cancelled: bool,
}

impl Field {
    /// What assistive technology asks for; it need not give the field the keyboard first.
    fn handle_requests(&mut self, ui: &Ui, id: Id) {
        let requests: Vec<ActionRequest> = ui.input(|i| {
            let requests = i.events.iter().filter_map(|event| match event {
                Event::AccessKitActionRequest(request) => Some(request.clone()),
                _ => None,
            });
            requests.collect()
        });
        for request in requests {
            if request.target_node == id.accesskit_id()
                && let Some(ActionData::Value(value)) = request.data
            {
                match request.action {
                    Action::SetValue => {
                        self.editor.select_all();
                        self.editor.insert(&value);
                    }
                    Action::ReplaceSelectedText => self.editor.insert(&value),
                    _ => {}
                }
            }
        }
    }

    fn handle_events(&mut self, ui: &Ui, id: Id, engine: &mut TextEngine) -> Keys {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: false, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        super::mark_text_focus(ui.ctx(), id, super::TextFocus::Typing);
        let mut keys = Keys::default();
        for event in ui.input(|i| i.filtered_events(&filter)) {
            keys.any = true;
            match event {
                Event::Text(typed) => {
                    if !matches!(typed.as_str(), "\n" | "\r") {
                        self.editor.insert(&typed);
                    }
                }
                Event::Paste(pasted) => self.editor.insert(pasted.trim_end_matches(['\r', '\n'])),
                Event::Copy => copy(ui, self.editor.selected_text()),
                Event::Cut => copy(ui, &self.editor.cut()),
                Event::Ime(ImeEvent::Preedit { text, .. }) => self.editor.set_composition(&text),
                Event::Ime(ImeEvent::Commit(text)) => self.editor.commit_composition(&text),
                Event::Key { key, pressed: true, modifiers, .. } => match key {
                    Key::Enter => keys.submitted = true,
                    Key::Escape => keys.cancelled = true,
                    _ => self.handle_key(engine, key, modifiers),
                },
                _ => keys.any = false,
            }
        }
        keys
    }

    fn handle_key(&mut self, engine: &mut TextEngine, key: Key, modifiers: Modifiers) {
        let word = modifiers.command || modifiers.alt;
        let motion = match key {
            Key::ArrowLeft if word => Motion::WordLeft,
            Key::ArrowRight if word => Motion::WordRight,
            Key::ArrowLeft => Motion::Left,
            Key::ArrowRight => Motion::Right,
            Key::Home => Motion::TextStart,
            Key::End => Motion::TextEnd,
            Key::Backspace | Key::Delete => {
                let motion = match (key, word) {
                    (Key::Backspace, true) => Motion::PreviousWord,
                    (Key::Backspace, false) => Motion::Previous,
                    (_, true) => Motion::NextWord,
                    (_, false) => Motion::Next,
                };
                self.editor.delete(engine, motion);
                return;
            }
            Key::A if modifiers.command => return self.editor.select_all(),
            Key::Z if modifiers.command && modifiers.shift => {
                self.editor.redo();
                return;
            }
            Key::Z if modifiers.command => {
                self.editor.undo();
                return;
            }
            Key::Y if modifiers.command => {
                self.editor.redo();
                return;
            }
            _ => return,
        };
        self.editor.move_caret(engine, motion, modifiers.shift);
    }

    /// Where the layout's origin is drawn, scrolled so that the caret shows.
    fn origin(&mut self, engine: &mut TextEngine, inner: Rect, ui_rtl: bool) -> Pos2 {
        let layout = self.editor.layout(engine);
        let caret_x = self.editor.caret(engine).x;
        let (left, right) = extent(&layout);
        let rtl = if layout.text().is_empty() { ui_rtl } else { layout.is_rtl() };
        let free = inner.width() - (right - left);
        let x = if free >= 0.0 {
            self.scroll_x = 0.0;
            if rtl { inner.right() - right } else { inner.left() - left }
        } else {
            let lowest = (caret_x - left - inner.width() + 1.0).max(0.0);
            let highest = (caret_x - left).min(-free);
            self.scroll_x = self.scroll_x.max(lowest).min(highest.max(lowest));
            inner.left() - left - self.scroll_x
        };
        pos2(x, inner.center().y - layout.height() * 0.5)
    }

    fn paint(
        &mut self,
        ui: &Ui,
        inner: Rect,
        ui_rtl: bool,
        colors: TextFieldColors,
        has_focus: bool,
        now_secs: f64,
    ) {
        let painter = ui.painter().with_clip_rect(inner.expand2(vec2(2.0, 0.0)).intersect(ui.clip_rect()));
        let (origin, caret) = with_text_ui(ui.ctx(), |text| {
            let origin = self.origin(&mut text.engine, inner, ui_rtl);
            let layout = self.editor.layout(&mut text.engine);
            if has_focus {
                for rect in self.editor.selection_rects(&mut text.engine) {
                    let rect = super::text_highlight::to_egui(rect, origin);
                    painter.rect_filled(rect, 0.0, colors.selection);
                }
            }
            if let Some(composing) = self.editor.composing() {
                for rect in layout.range_rects(composing) {
                    let rect = super::text_highlight::to_egui(rect, origin);
                    painter.hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(1.0, colors.caret));
                }
            }
            text.paint_layout(&painter, &layout, origin, None, |_| colors.text);
            (origin, self.editor.caret(&mut text.engine))
        });
        if !has_focus {
            return;
        }
        let scale = ui.pixels_per_point();
        let x = ((origin.x + caret.x) * scale).round() / scale;
        let caret_rect =
            Rect::from_min_max(pos2(x, origin.y + caret.top), pos2(x + 1.0, origin.y + caret.bottom));
        ui.output_mut(|output| {
            output.ime = Some(egui::output::IMEOutput {
                purpose: egui::IMEPurpose::Normal,
                rect: inner,
                cursor_rect: caret_rect,
                should_interrupt_composition: false,
            });
        });
        let since_touch_secs = now_secs - self.touched_secs;
        let blinks = since_touch_secs < BLINKING_SECS && ui.visuals().text_cursor.blink;
        let phase = (since_touch_secs / BLINK_SECS).floor();
        if !blinks || phase % 2.0 == 0.0 {
            painter.rect_filled(caret_rect, 0.0, colors.caret);
        }
        if blinks && ui.input(|i| i.focused) {
            let wait_secs = (phase + 1.0) * BLINK_SECS - since_touch_secs;
            ui.request_repaint_after_secs(wait_secs as f32);
        }
    }
}

fn copy(ui: &Ui, text: &str) {
    if !text.is_empty() {
        ui.copy_text(text.to_owned());
    }
}

/// Left and right edge of all clusters, with the spaces that hang past the line.
fn extent(layout: &TextLayout) -> (f32, f32) {
    layout.clusters().iter().fold((0.0, 0.0), |(left, right), cluster| {
        (cluster.x.min(left), (cluster.x + cluster.width).max(right))
    })
}

fn paint_frame(ui: &Ui, rect: Rect, colors: TextFieldColors, has_focus: bool) {
    let radius = CornerRadius::same(4);
    ui.painter().rect(rect, radius, colors.fill, Stroke::new(1.0, colors.edge), StrokeKind::Inside);
    if has_focus {
        ui.painter().rect_stroke(rect, radius, Stroke::new(2.0, colors.focus), StrokeKind::Outside);
    }
}
