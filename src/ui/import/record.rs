//! A row as the file has it: every column with its name and its whole value.

use egui::{Layout, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::state::{Command, Commands};
use crate::ui::FrameCtx;
use crate::ui::chrome::parts::{self, Strip};
use crate::ui::theme::TextKind;
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{end_align, list_style, start_align};
use crate::ui::widgets::words::{self, Style};

const ROW: f32 = 22.0;

/// A record as the file has it, read once.
pub struct Record {
    /// Where it stands in the file.
    at: String,
    /// What is odd about it.
    reason: String,
    fields: Vec<(String, String)>,
}

impl Record {
    /// Values beyond the named columns go by their number.
    pub fn new(at: &str, reason: &str, names: &[String], values: &[String]) -> Self {
        let name = |at: usize| names.get(at).cloned().unwrap_or_else(|| (at + 1).to_string());
        let fields = values.iter().enumerate().map(|(at, value)| (name(at), value.clone())).collect();
        Self { at: at.to_owned(), reason: reason.to_owned(), fields }
    }
}

/// The record; whether the user goes back, with the words of `back`.
pub fn record_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    body: Rect,
    record: &Record,
    back: &str,
    commands: &mut Commands,
) -> bool {
    let theme = cx.theme;
    let head = Rect::from_min_size(body.min, vec2(body.width(), 24.0));
    let mut strip = Strip::new(head, cx.rtl());
    let link = |ui: &mut Ui, strip: &mut Strip, key: &str| {
        let text = cx.t(key);
        let width =
            words::measure(ui.painter(), &text, Style::new(TextKind::List, theme.accent)).x.ceil() + 1.0;
        let place = Rect::from_center_size(strip.end(width).center(), vec2(width, 16.0));
        strip.end(14.0);
        parts::inside(ui, place, Layout::default(), |ui| {
            ui.push_id(key, |ui| controls::link(ui, theme, &text, TextKind::List)).inner.clicked()
        })
    };
    let goes_back = link(ui, &mut strip, back);
    if link(ui, &mut strip, "report-copy-record") {
        let lines: Vec<String> =
            record.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        commands.push(Command::Copy(lines.join("\n")));
    }
    let strong = Style::strong(TextKind::List, theme.text_strong);
    parts::text_start(ui.painter(), &mut strip, &super::shown(&record.at), strong);
    strip.start(8.0);
    let muted = Style::new(TextKind::List, theme.text_muted);
    words::paint_in(ui.painter(), strip.rest(), &record.reason, muted, start_align(cx.rtl()), Some(1));
    let list = Rect::from_min_max(pos2(body.left(), head.bottom() + 6.0), body.max);
    ui.painter().rect(list, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    parts::inside(ui, list.shrink(1.0), Layout::top_down(egui::Align::Min), |ui| {
        ui.set_clip_rect(list.shrink(1.0).intersect(ui.clip_rect()));
        list_style(ui, theme);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            for (name, value) in &record.fields {
                field_ui(ui, cx, name, value);
            }
        });
    });
    goes_back
}

/// Name and value of a field.
fn field_ui(ui: &mut Ui, cx: &FrameCtx<'_>, name: &str, value: &str) {
    let theme = cx.theme;
    let width = ui.available_width();
    let names = (width * 0.26).round();
    let room = width - names - 24.0;
    let (text, color) = if value.is_empty() {
        (std::borrow::Cow::Borrowed("–"), theme.disabled)
    } else {
        (super::shown_lines(value), theme.text)
    };
    let style = Style::new(TextKind::List, color);
    let height = words::measure_in(ui.painter(), &text, style, room, None).y.ceil() + 6.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height.max(ROW)), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {value}")));
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let mut strip = Strip::new(rect.shrink2(vec2(12.0, 0.0)), cx.rtl());
    let first = strip.start(names - 12.0);
    let first = Rect::from_min_size(first.min, vec2(first.width() - 8.0, ROW));
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), first, &super::shown(name), muted, start_align(cx.rtl()), Some(1));
    let slot = strip.rest().shrink2(vec2(0.0, 3.0));
    let align = if crate::text::is_rtl(&text) { end_align(cx.rtl()) } else { start_align(cx.rtl()) };
    words::paint_in(ui.painter(), slot, &text, style, align, None);
}
