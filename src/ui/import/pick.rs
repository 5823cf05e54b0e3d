//! A field that opens a list of choices, and the ticks beside such fields.

use egui::{Popup, Rect, Response, Sense, Stroke, StrokeKind, Ui, vec2};

use crate::model::import::Sureness;
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls::focus_ring;
use crate::ui::widgets::rows::{MenuRow, Strip, end_align, menu_ui, start_align, tip};
use crate::ui::widgets::words::{self, Style};

/// Height of a field with its caption and the room below it.
pub const FIELD: f32 = 55.0;
const CAPTION: f32 = 20.0;
/// Height of a button in the head of a table.
pub const MARK: f32 = 24.0;
/// Longer lists scroll.
const MAX_LIST: f32 = 380.0;

/// How sure a setting is, in a few words, with what was seen.
pub struct Tick {
    pub text: String,
    pub look: Look,
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Sure,
    Doubtful,
    Plain,
}

impl Tick {
    pub fn of(cx: &FrameCtx<'_>, sureness: Sureness, why: &str) -> Self {
        let (text, look) = match sureness {
            Sureness::Certain => (cx.t("import-certain"), Look::Sure),
            Sureness::Share(share) if share >= 0.9995 => (cx.t("import-certain"), Look::Sure),
            Sureness::Share(share) => {
                // Rounded down: only all is 100 %.
                let percent = format!("{:.1}", (f64::from(share) * 1000.0).floor() / 10.0);
                let look = if share >= 0.9 { Look::Sure } else { Look::Doubtful };
                (cx.catalog.f("import-percent", &[("n", percent.into())]), look)
            }
            Sureness::Guess => (cx.t("import-guess"), Look::Doubtful),
            Sureness::Chosen => (cx.t("import-chosen"), Look::Plain),
        };
        Self { text, look, why: why.to_owned() }
    }
}

/// What a field shows.
pub struct Pick<'a> {
    pub label: &'a str,
    pub value: &'a str,
    pub tick: Option<Tick>,
}

/// A caption with a tick over a field that opens a list. Returns the place of the chosen line.
pub fn pick_ui(ui: &mut Ui, cx: &FrameCtx<'_>, pick: &Pick<'_>, rows: &[MenuRow<'_>]) -> Option<usize> {
    let response = field_ui(ui, cx, pick);
    let mut chosen = None;
    Popup::menu(&response).show(|ui| {
        egui::ScrollArea::vertical().max_height(MAX_LIST).show(ui, |ui| {
            chosen = menu_ui(ui, cx.theme, cx.rtl(), rows);
        });
    });
    chosen
}

/// The caption and the field alone.
pub fn field_ui(ui: &mut Ui, cx: &FrameCtx<'_>, pick: &Pick<'_>) -> Response {
    let theme = cx.theme;
    let Pick { label, value, tick } = pick;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FIELD), Sense::hover());
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), CAPTION));
    let mut strip = Strip::new(head, cx.rtl());
    if let Some(tick) = tick {
        tick_ui(ui, cx, &mut strip, tick, label);
    }
    let style = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), strip.rest(), label, style, start_align(cx.rtl()), Some(1));
    let field = Rect::from_min_size(head.left_bottom(), vec2(rect.width(), size::CONTROL));
    drop_ui(ui, cx, field, value, &format!("{label}: {value}"))
}

fn tick_ui(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip, tick: &Tick, label: &str) {
    let theme = cx.theme;
    let (icon, color) = match tick.look {
        Look::Sure => (Some(icons::CHECK), theme.ok),
        Look::Doubtful => (Some(icons::WARNING), theme.warning),
        Look::Plain => (None, theme.text_muted),
    };
    let style = Style::new(TextKind::Caption, color);
    let width = words::measure(ui.painter(), &tick.text, style).x.ceil() + 1.0;
    let text = strip.end(width.min(strip.rest().width() * 0.7));
    words::paint_in(ui.painter(), text, &tick.text, style, end_align(cx.rtl()), Some(1));
    let mut whole = text;
    if let Some(icon) = icon {
        strip.end(4.0);
        let place = strip.end(11.0);
        let font = theme::icon_font(11.0);
        ui.painter().text(place.center(), egui::Align2::CENTER_CENTER, icon, font, color);
        whole = whole.union(place);
    }
    strip.end(6.0);
    let response = ui.interact(whole, ui.scope_id().with(("tick", label)), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{label}: {}", tick.text))
    });
    if !tick.why.is_empty() {
        tip(response, theme, &super::shown(&tick.why));
    }
}

/// A field that opens a list.
pub fn drop_ui(ui: &Ui, cx: &FrameCtx<'_>, rect: Rect, value: &str, named: &str) -> Response {
    let theme = cx.theme;
    let id = ui.scope_id().with(("drop", rect.min.x as i32, rect.min.y as i32));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, named));
    let (fill, edge) = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => (theme.active, theme.line_strong),
        (_, true) => (theme.hover, theme.line_strong),
        _ => (theme.raised, theme.line),
    };
    ui.painter().rect(rect, 4.0, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let mut strip = Strip::new(rect.shrink2(vec2(9.0, 0.0)), cx.rtl());
    let caret = strip.end(12.0).center();
    let font = theme::icon_font(12.0);
    ui.painter().text(caret, egui::Align2::CENTER_CENTER, icons::CARET_DOWN, font, theme.text_muted);
    strip.end(4.0);
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), value, style, start_align(cx.rtl()), Some(1));
    focus_ring(ui, &response, theme);
    response
}

/// A box to tick with a text. Whether it was changed.
pub fn check_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str, on: bool) -> bool {
    let theme = cx.theme;
    let width = ui.available_width();
    let style = Style::new(TextKind::List, theme.text);
    let height = words::measure_in(ui.painter(), text, style, width - 24.0, None).y.ceil().max(16.0) + 10.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, text));
    let mut strip = Strip::new(rect, cx.rtl());
    let place = strip.start(14.0);
    let center = egui::pos2(place.center().x, rect.top() + 13.0).round();
    crate::ui::widgets::controls::paint_checkbox(ui, theme, center, on, true);
    strip.start(9.0);
    let color = if response.hovered() { theme.text_strong } else { theme.text };
    let room = strip.rest().shrink2(vec2(0.0, 5.0));
    words::paint_in(ui.painter(), room, text, Style { color, ..style }, start_align(cx.rtl()), None);
    focus_ring(ui, &response, theme);
    response.clicked()
}
