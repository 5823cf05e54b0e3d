//! What is odd about the file, in groups: what, how many rows, what became of them, and what can be
//! done about it at once.

use egui::{Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::issues::{fate, look, said, what};
use super::trial::{count, plural};
use crate::lang::Arg;
use crate::model::import::{Findings, Remedy, Report};
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, icons};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{Strip, end_align, list_style, start_align, tip};
use crate::ui::widgets::words::{self, Style};

pub const HEAD: f32 = 29.0;
pub const ROW: f32 = 27.0;
/// Room for the name of a remedy.
const REMEDY: f32 = 116.0;

/// What the user asks for in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The rows of the group at this place of the report.
    Rows(usize),
    Remedy(Remedy, bool),
    Copy,
}

/// The box of groups. `remedies` says which remedies are in use.
pub fn problems_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    report: &Report,
    remedies: &dyn Fn(Remedy) -> bool,
    shown: Option<usize>,
) -> Option<Asked> {
    let theme = cx.theme;
    ui.painter().rect(rect, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let inner = rect.shrink(1.0);
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), HEAD));
    ui.painter().rect_filled(head, 3.0, theme.header);
    let mut strip = Strip::new(head.shrink2(vec2(12.0, 0.0)), cx.rtl());
    let title = cx.t("import-problems");
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let width = words::measure(ui.painter(), &title, strong).x.ceil() + 1.0;
    words::paint_in(ui.painter(), strip.start(width), &title, strong, start_align(cx.rtl()), Some(1));
    strip.start(8.0);
    let mut asked = None;
    if !report.findings.is_empty() {
        let copy = cx.t("import-copy-list");
        let style = Style::new(TextKind::List, theme.text_muted);
        let width = words::measure(ui.painter(), &copy, style).x.ceil() + 20.0;
        let place = strip.end(width);
        let response = ui.interact(place, ui.scope_id().with("copy-list"), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &copy));
        let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
        let mut button = Strip::new(place, cx.rtl());
        let icon = button.start(14.0).center();
        ui.painter().text(icon, egui::Align2::CENTER_CENTER, icons::COPY, theme::icon_font(13.0), color);
        button.start(5.0);
        words::paint_in(
            ui.painter(),
            button.rest(),
            &copy,
            Style { color, ..style },
            start_align(cx.rtl()),
            Some(1),
        );
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            asked = Some(Asked::Copy);
        }
    }
    let told: u64 = report.findings.iter().map(|found| found.count).sum();
    let key = if told == 0 { "import-problems-none" } else { "import-problems-of" };
    let (note, color) = match &report.cut_short {
        // That something is missing at the end matters more than what is odd before.
        Some(why) => (why.clone(), theme.warning),
        None => {
            let args = [("n", plural(told).into()), ("rows", Arg::from(count(report.rows)))];
            (cx.catalog.f(key, &args), theme.text_muted)
        }
    };
    let style = Style::new(TextKind::List, color);
    words::paint_in(ui.painter(), strip.rest(), &note, style, start_align(cx.rtl()), Some(1));
    let body = Rect::from_min_max(pos2(inner.left(), head.bottom()), inner.max);
    super::part(ui, body, "groups", egui::Layout::default(), |ui| {
        ui.set_clip_rect(body.intersect(ui.clip_rect()));
        list_style(ui, theme);
        let list = ScrollArea::vertical().auto_shrink([false, false]);
        list.show_rows(ui, ROW, report.findings.len(), |ui, rows| {
            for at in rows {
                let Some(found) = report.findings.get(at) else { continue };
                ui.push_id(at, |ui| {
                    let on = found.issue.remedy().is_some_and(remedies);
                    asked = asked.or(group_ui(ui, cx, at, found, on, shown == Some(at)));
                });
            }
        });
    });
    asked
}

fn group_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    at: usize,
    found: &Findings,
    remedied: bool,
    is_shown: bool,
) -> Option<Asked> {
    let theme = cx.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Row, true, said(cx, found)));
    if is_shown {
        ui.painter().rect_filled(rect, 0.0, theme.selection);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let mut strip = Strip::new(rect.shrink2(vec2(12.0, 0.0)), cx.rtl());
    let (icon, color) = look(cx, found.issue.outcome());
    let place = strip.start(14.0).center();
    ui.painter().text(place, egui::Align2::CENTER_CENTER, icon, theme::icon_fill_font(14.0), color);
    strip.start(8.0);
    let mut asked = None;
    let show = cx.t(if is_shown { "import-hide-rows" } else { "import-show-rows" });
    if link_ui(ui, cx, &mut strip, "rows", &show, &format!("{show}: {}", what(cx, found))) {
        asked = Some(Asked::Rows(at));
    }
    if let Some(remedy) = found.issue.remedy() {
        strip.end(16.0);
        let key = if remedied {
            "import-remedy-undo".to_owned()
        } else {
            format!("import-remedy-{}.do", remedy.code())
        };
        let text = cx.t(&key);
        let mut place = Strip::new(strip.end(REMEDY), cx.rtl());
        if link_ui(ui, cx, &mut place, "remedy", &text, &text) {
            asked = Some(Asked::Remedy(remedy, !remedied));
        }
    } else {
        strip.end(16.0 + REMEDY);
    }
    strip.end(12.0);
    let room = strip.rest();
    let half = (room.width() * 0.6).floor();
    let first = strip.start(half);
    let style = Style::new(TextKind::List, theme.text);
    let text = what(cx, found);
    words::paint_in(ui.painter(), first, &text, style, start_align(cx.rtl()), Some(1));
    let is_cut = response.hovered() && words::measure(ui.painter(), &text, style).x > first.width();
    let number = strip.start(54.0);
    let strong = Style::strong(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), number, &count(found.count), strong, end_align(cx.rtl()), Some(1));
    strip.start(8.0);
    let muted = Style::new(TextKind::List, theme.text_muted);
    words::paint_in(
        ui.painter(),
        strip.rest(),
        &fate(cx, found.issue),
        muted,
        start_align(cx.rtl()),
        Some(1),
    );
    if is_cut {
        tip(response, theme, &text);
    }
    asked
}

/// A text at the end of a strip that acts like a link.
fn link_ui(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip, id: &str, text: &str, named: &str) -> bool {
    let theme = cx.theme;
    let style = Style::new(TextKind::List, theme.accent);
    let width = words::measure(ui.painter(), text, style).x.ceil() + 1.0;
    let place = strip.end(width);
    let response = ui.interact(place, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, named));
    let drawn = words::paint_in(ui.painter(), place, text, style, end_align(cx.rtl()), Some(1));
    if response.hovered() {
        ui.painter().hline(drawn.x_range(), drawn.bottom() - 1.0, Stroke::new(1.0, theme.accent));
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    controls::focus_ring(ui, &response, theme);
    response.clicked()
}
