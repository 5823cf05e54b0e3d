//! [`TextLabel`]: the label to use for anything that may hold Arabic.

use std::borrow::Cow;
use std::sync::Arc;

use egui::mutex::Mutex;
use egui::{Color32, Event, Id, Response, Role, Sense, Ui, Vec2, Widget, WidgetInfo, pos2, vec2};

use super::text_paint::with_text_ui;
use crate::text::{
    Align, BaseDirection, Editor, FontSpec, Granularity, Point, TextEngine, TextLayout, TextSpec, Weight,
};
use crate::ui::theme::TextKind;

/// A label. By default body text on one line, in the colour of the surrounding ui.
///
/// It takes the width of its text; an Arabic text in a left-to-right panel hence stands on the left like any
/// other label, unless [`Self::fill_width`] gives it the whole width to align in.
#[must_use = "a label does nothing until it is added to a ui"]
pub struct TextLabel<'a> {
    text: Cow<'a, str>,
    font: FontSpec,
    color: Option<Color32>,
    mode: Mode,
    max_lines: Option<usize>,
    fill_width: bool,
    align: Align,
    direction: BaseDirection,
    sense: Sense,
    selectable: bool,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Extend,
    Truncate,
    Wrap,
}

/// Adds a label in one style and colour.
pub fn text_label(ui: &mut Ui, text: &str, font: impl Into<FontSpec>, color: Color32) -> Response {
    TextLabel::new(text).size(font).color(color).ui(ui)
}

impl<'a> TextLabel<'a> {
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            font: TextKind::Body.font_spec(),
            color: None,
            mode: Mode::Extend,
            max_lines: None,
            fill_width: false,
            align: Align::Start,
            direction: BaseDirection::Auto,
            sense: Sense::hover(),
            selectable: false,
            role: Role::Label,
        }
    }

    /// A step of the type scale, or any [`FontSpec`].
    pub fn size(mut self, font: impl Into<FontSpec>) -> Self {
        self.font = font.into();
        self
    }

    pub fn color(mut self, color: Color32) -> Self {
        self.color = Some(color);
        self
    }

    pub fn weight(mut self, weight: Weight) -> Self {
        self.font.weight = weight;
        self
    }

    pub fn semi_bold(self) -> Self {
        self.weight(Weight::SemiBold)
    }

    /// One line of at most the available width, cut with an ellipsis; the whole text shows on hover.
    pub fn truncate(mut self) -> Self {
        self.mode = Mode::Truncate;
        self
    }

    /// As many lines as needed in the available width.
    pub fn wrap(mut self) -> Self {
        self.mode = Mode::Wrap;
        self
    }

    /// Wraps, then cuts after this many lines.
    pub fn max_lines(mut self, lines: usize) -> Self {
        self.mode = Mode::Wrap;
        self.max_lines = Some(lines);
        self
    }

    /// Takes the whole available width and aligns in it.
    pub fn fill_width(mut self) -> Self {
        self.fill_width = true;
        self
    }

    pub fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    pub fn direction(mut self, direction: BaseDirection) -> Self {
        self.direction = direction;
        self
    }

    pub fn sense(mut self, sense: Sense) -> Self {
        self.sense = sense;
        self
    }

    /// Lets the text be selected with the pointer and copied.
    pub fn selectable(mut self, selectable: bool) -> Self {
        self.selectable = selectable;
        self
    }

    /// Role for assistive technology if it is not a plain label, for example a heading or a link.
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    fn spec(&self, available_width: f32) -> TextSpec<'_> {
        let mut spec = TextSpec::new(&self.text, self.font).align(self.align).direction(self.direction);
        match self.mode {
            Mode::Extend => {}
            Mode::Truncate => spec = spec.truncate(available_width),
            Mode::Wrap => {
                spec = spec.wrap(available_width);
                spec.max_lines = self.max_lines;
            }
        }
        if self.fill_width && spec.max_width.is_none() {
            spec.max_width = Some(available_width);
            spec.max_lines = Some(1);
        }
        spec
    }
}

impl Widget for TextLabel<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        // Half a point of slack, so that a label given back its own measured width is not cut by rounding.
        let available_width = ui.available_width().max(0.0) + 0.5;
        let layout = with_text_ui(ui.ctx(), |text| text.engine.layout(&self.spec(available_width)));
        let ink = layout.ink_rect();
        let (size, shift_x) = if self.fill_width {
            (vec2(ui.available_width(), layout.height()), 0.0)
        } else {
            (vec2(ink.width(), layout.height()), ink.left)
        };
        let mut sense = self.sense;
        if self.selectable {
            sense |= Sense::click_and_drag();
        }
        let (rect, mut response) = ui.allocate_exact_size(Vec2::new(size.x.ceil(), size.y), sense);
        if ui.is_rect_visible(rect) {
            let color = self.color.unwrap_or_else(|| ui.visuals().text_color());
            let origin = pos2(rect.left() - shift_x, rect.top());
            if self.selectable {
                self.select_ui(ui, &response, &layout, origin, available_width);
            }
            with_text_ui(ui.ctx(), |text| {
                text.paint_layout(ui.painter(), &layout, origin, None, |_| color);
            });
        }
        response.widget_info(|| WidgetInfo::labeled(self.role, ui.is_enabled(), &self.text));
        if layout.is_cut() {
            let Self { text, font, .. } = self;
            response = response.on_hover_ui(|ui| {
                ui.set_max_width(420.0);
                TextLabel::new(text).size(font).wrap().ui(ui);
            });
        }
        response
    }
}

impl TextLabel<'_> {
    fn select_ui(
        &self,
        ui: &Ui,
        response: &Response,
        layout: &TextLayout,
        origin: egui::Pos2,
        available_width: f32,
    ) {
        if response.hovered() {
            ui.set_cursor_icon(egui::CursorIcon::Text);
        }
        let editor = selection_state(ui, response.id);
        let mut editor = editor.lock();
        let spec = self.spec(available_width);
        if *editor.text() != *layout.text() {
            editor.set_text(layout.text());
        }
        editor.set_style(spec.font, spec.max_width, spec.align, spec.direction);
        with_text_ui(ui.ctx(), |text| {
            drag_to_select(ui, response, &mut editor, &mut text.engine, origin);
        });
        if !response.has_focus() {
            let start = editor.selection().start;
            editor.select(start, start);
            return;
        }
        let wants_copy = ui.input(|i| i.events.iter().any(|e| matches!(e, Event::Copy)));
        if wants_copy && !editor.selected_text().is_empty() {
            ui.copy_text(editor.selected_text().to_owned());
        }
        for rect in layout.selection_rects(editor.selection()) {
            let rect = super::text_highlight::to_egui(rect, origin);
            ui.painter().rect_filled(rect, 0.0, ui.visuals().selection.bg_fill);
        }
    }
}

fn selection_state(ui: &Ui, id: Id) -> Arc<Mutex<Editor>> {
    ui.data_mut(|data| {
        Arc::clone(data.get_temp_mut_or_insert_with(id, || Arc::new(Mutex::new(Editor::viewer()))))
    })
}

/// Press, double and triple press, shift-press and drag.
pub(super) fn drag_to_select(
    ui: &Ui,
    response: &Response,
    editor: &mut Editor,
    engine: &mut TextEngine,
    origin: egui::Pos2,
) {
    let Some(pointer) = response.interact_pointer_pos() else {
        return;
    };
    let pos = Point::new(pointer.x - origin.x, pointer.y - origin.y);
    let shift = ui.input(|i| i.modifiers.shift);
    if response.double_clicked() {
        editor.press(engine, pos, Granularity::Word, false);
    } else if response.triple_clicked() {
        editor.press(engine, pos, Granularity::Paragraph, false);
    } else if response.is_pointer_button_down_on() && ui.input(|i| i.pointer.primary_pressed()) {
        response.request_focus();
        editor.press(engine, pos, Granularity::Cluster, shift);
    } else if response.dragged_by(egui::PointerButton::Primary) {
        editor.drag(engine, pos);
    }
}
