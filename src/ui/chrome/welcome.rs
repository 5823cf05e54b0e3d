//! What lies over the map while no case is open, and the hint while files are dragged over the window.

use egui::{Align, Align2, Color32, FontId, Layout, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::find::{file_icon, join, opened_on};
use super::parts::{self, Strip};
use crate::state::{Command, Commands, OpenTarget, RecentFile, actions};
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, icons};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

const CARD: egui::Vec2 = vec2(998.0, 440.0);
const INSET: f32 = 32.0;
const START_WIDTH: f32 = 380.0;
const COLUMN_GAP: f32 = 28.0;
const START_ROW: f32 = 52.0;
const RECENT_ROW: f32 = 48.0;
const MARK: f32 = 40.0;

pub fn welcome_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    let window = ui.ctx().content_rect();
    let room = Rect::from_min_max(
        pos2(window.left(), window.top() + theme::size::BAR),
        pos2(window.right(), window.bottom() - theme::size::STATUS),
    );
    // The map is only a background here.
    ui.painter().rect_filled(room, 0.0, theme::Theme::faded(theme.map.water, 0.6));
    let size = CARD.min(room.size() - vec2(32.0, 32.0));
    if size.x < 240.0 || size.y < 160.0 {
        return;
    }
    let min = pos2((room.center().x - size.x / 2.0).round(), (room.center().y - size.y / 2.0).round());
    let card = Rect::from_min_size(min, size.floor());
    egui::Area::new(egui::Id::unique("welcome"))
        .order(egui::Order::Middle)
        .fixed_pos(card.min)
        .movable(false)
        .constrain(false)
        .show(ui.ctx(), |ui| {
            let (rect, _) = ui.allocate_exact_size(card.size(), Sense::click());
            let painter = ui.painter();
            painter.add(theme.popup_shadow().as_shape(rect, 8.0));
            painter.rect(rect, 8.0, theme.panel, Stroke::new(1.0, theme.line), StrokeKind::Inside);
            card_ui(ui, rect.shrink2(vec2(INSET, 0.0)), cx, commands);
        });
}

fn card_ui(ui: &mut Ui, rect: Rect, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let rtl = cx.rtl();
    head_ui(ui, Rect::from_min_size(rect.min + vec2(0.0, 34.0), vec2(rect.width(), 44.0)), cx);
    let body = Rect::from_min_max(pos2(rect.left(), rect.top() + 106.0), rect.max - vec2(0.0, 28.0));
    let mut strip = Strip::new(body, rtl);
    let start_width = START_WIDTH.min(body.width() * 0.45);
    let start = strip.start(start_width);
    strip.start(COLUMN_GAP.min(body.width() * 0.03));
    start_ui(ui, start, cx, commands);
    recent_ui(ui, strip.rest(), cx, commands);
}

fn head_ui(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>) {
    let theme = cx.theme;
    let painter = ui.painter();
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(2.0);
    let mark = Rect::from_center_size(strip.start(MARK).center(), parts::square(MARK));
    parts::mark(painter, Rect::from_min_size(mark.min.round(), mark.size()), theme);
    strip.start(18.0);
    let name = Style::new(TextKind::Title, theme.text);
    parts::text_end(painter, &mut strip, "وقائع", name);
    let room = strip.rest();
    let align = parts::start_align(cx.rtl());
    let top = Rect::from_min_size(room.min - vec2(0.0, 5.0), vec2(room.width(), 32.0));
    let title = Style::strong(TextKind::Title, theme.text_strong);
    words::paint_in(painter, top, &cx.t("app-name"), title, align, Some(1));
    let below = Rect::from_min_size(room.min + vec2(0.0, 26.0), vec2(room.width(), 18.0));
    let tagline = Style::new(TextKind::Body, theme.text_muted);
    words::paint_in(painter, below, &cx.t("app-tagline"), tagline, align, Some(1));
}

/// A heading over one of the two columns; what is below it.
fn column(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>, text: &str) -> Rect {
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), 16.0));
    let style = Style::strong(TextKind::List, cx.theme.text_strong);
    words::paint_in(ui.painter(), head, text, style, parts::start_align(cx.rtl()), Some(1));
    Rect::from_min_max(rect.min + vec2(0.0, 22.0), rect.max)
}

fn start_ui(ui: &mut Ui, rect: Rect, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let below = column(ui, rect, cx, &cx.t("welcome-start"));
    let row = |at: f32| {
        let top = below.top() + at * (START_ROW + 8.0);
        Rect::from_min_size(pos2(below.left(), top), vec2(below.width(), START_ROW))
    };
    let (title, note) = (cx.t("welcome-mali"), cx.t("welcome-mali-note"));
    if choice_ui(ui, row(0.0), cx, icons::MAP_TRIFOLD, &title, &note, None, true) {
        commands.push(Command::Open(OpenTarget::BuiltIn));
    }
    let (title, note) = (cx.t("action-open"), cx.t("welcome-open-note"));
    if choice_ui(ui, row(1.0), cx, icons::FOLDER_OPEN, &title, &note, Some("open"), false) {
        commands.push(Command::Open(OpenTarget::Ask));
    }
    let drop = Rect::from_min_max(row(2.0).min, below.max);
    if drop.height() > 40.0 {
        drop_zone(ui, drop, cx);
    }
}

/// A large button: icon, title, note, key.
#[expect(clippy::too_many_arguments, reason = "each is one thing that the button shows")]
fn choice_ui(
    ui: &mut Ui,
    rect: Rect,
    cx: &FrameCtx<'_>,
    icon: &str,
    title: &str,
    note: &str,
    action: Option<&str>,
    first: bool,
) -> bool {
    let theme = cx.theme;
    let response = ui.interact(rect, ui.scope_id().with(("welcome", icon)), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, title));
    let lit = response.hovered();
    let (fill, edge, color) = match (first, lit || response.is_pointer_button_down_on()) {
        (true, false) => (theme.accent_soft, theme.accent_line, theme.accent),
        (true, true) => (theme.selection, theme.accent, theme.accent),
        (false, false) => (theme.raised, theme.line, theme.text_muted),
        (false, true) => (theme.hover, theme.line_strong, theme.text),
    };
    let painter = ui.painter().clone();
    painter.rect(rect, 4.0, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let mut strip = Strip::new(rect.shrink2(vec2(14.0, 0.0)), cx.rtl());
    parts::icon(&painter, strip.start(20.0).center(), icon, 20.0, color);
    strip.start(13.0);
    if let Some(keys) = action.and_then(actions::action).and_then(|action| action.shortcut) {
        parts::key_end(&painter, theme, &mut strip, &parts::shortcut_parts(cx.catalog, keys));
        strip.end(8.0);
    }
    two_lines(ui, strip.rest(), cx, title, note, theme.text_strong);
    controls::focus_ring(ui, &response, theme);
    response.clicked()
}

/// A strong line over a muted one.
fn two_lines(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>, title: &str, note: &str, color: Color32) {
    let align = parts::start_align(cx.rtl());
    let middle = rect.center().y;
    let line = |top: f32, height: f32| {
        Rect::from_min_size(pos2(rect.left(), (middle + top).round()), vec2(rect.width(), height))
    };
    let strong = Style::strong(TextKind::Body, color);
    words::paint_in(ui.painter(), line(-17.0, 18.0), title, strong, align, Some(1));
    let muted = Style::new(TextKind::Caption, cx.theme.text_muted);
    words::paint_in(ui.painter(), line(1.0, 15.0), note, muted, align, Some(1));
}

fn drop_zone(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>) {
    let theme = cx.theme;
    let painter = ui.painter();
    parts::dashed_rect(painter, rect.shrink(0.5), Stroke::new(1.0, theme.line_strong));
    let center = rect.center();
    parts::icon(painter, center - vec2(0.0, 22.0), icons::DOWNLOAD_SIMPLE, 20.0, theme.text_muted);
    let (first, second) = (cx.t("welcome-drop"), cx.t("welcome-private"));
    let title = Style::new(TextKind::Body, theme.text_strong);
    words::paint(painter, center + vec2(0.0, 3.0), Align2::CENTER_CENTER, &first, title);
    let note = Style::new(TextKind::Caption, theme.text_muted);
    words::paint(painter, center + vec2(0.0, 24.0), Align2::CENTER_CENTER, &second, note);
}

fn recent_ui(ui: &mut Ui, rect: Rect, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    let below = column(ui, rect, cx, &cx.t("welcome-recent"));
    let recent = &cx.state.settings.recent;
    if !recent.is_empty() {
        let head = Rect::from_min_size(rect.min, vec2(rect.width(), 16.0));
        let text = cx.t("welcome-clear");
        if quiet_link(ui, head, cx, &text, "clear") {
            commands.push(Command::ForgetRecent(None));
        }
    }
    let foot = 36.0;
    let fits = ((below.height() - foot) / RECENT_ROW).floor().max(1.0);
    let rows = (recent.len() as f32).clamp(1.0, fits);
    let list = Rect::from_min_size(below.min, vec2(below.width(), rows * RECENT_ROW + 2.0));
    let painter = ui.painter().clone();
    painter.rect(list, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    if recent.is_empty() {
        let style = Style::new(TextKind::List, theme.text_muted);
        let rect = list.shrink2(vec2(14.0, 0.0));
        let text = cx.t("welcome-no-recent");
        words::paint_in(&painter, rect, &text, style, parts::start_align(cx.rtl()), Some(1));
    } else {
        parts::inside(ui, list.shrink(1.0), Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            let height = ui.available_height();
            parts::scroll_ui(ui, height, |ui| {
                for (at, file) in recent.iter().enumerate() {
                    file_ui(ui, cx, file, at > 0, commands);
                }
            });
        });
    }
    let y = list.bottom() + 10.0;
    help_line(ui, Rect::from_min_size(pos2(below.left(), y), vec2(below.width(), 20.0)), cx);
}

/// A muted text at the reading end that can be clicked.
fn quiet_link(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>, text: &str, salt: &str) -> bool {
    let theme = cx.theme;
    let style = Style::new(TextKind::List, theme.text_muted);
    let width = words::measure(ui.painter(), text, style).x.ceil() + 1.0;
    let piece = Strip::new(rect, cx.rtl()).end(width);
    let hit = Rect::from_center_size(piece.center(), vec2(piece.width() + 8.0, 22.0));
    let response = ui.interact(hit, ui.scope_id().with(("link", salt)), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, text));
    let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    let style = Style { color, ..style };
    words::paint_in(ui.painter(), piece, text, style, parts::end_align(cx.rtl()), Some(1));
    controls::focus_ring(ui, &response, theme);
    response.clicked()
}

fn file_ui(ui: &mut Ui, cx: &FrameCtx<'_>, file: &RecentFile, lined: bool, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), RECENT_ROW), Sense::click());
    let (name, folder) = parts::split_path(&file.path);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    let painter = ui.painter().clone();
    let inside = ui.rect_contains_pointer(rect);
    if inside || response.has_focus() {
        painter.rect_filled(rect, 3.0, theme.hover);
    }
    if lined {
        painter.hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    }
    let mut strip = Strip::new(rect.shrink2(vec2(14.0, 0.0)), cx.rtl());
    parts::icon(&painter, strip.start(17.0).center(), file_icon(name), 17.0, theme.text_muted);
    strip.start(13.0);
    let forget = cx.t("welcome-forget");
    let muted = Style::new(TextKind::List, theme.text_muted);
    let mut forgotten = false;
    if inside || response.has_focus() {
        forgotten = quiet_link(ui, strip.rest(), cx, &forget, &file.path);
        strip.end(words::measure(&painter, &forget, muted).x + 18.0);
    }
    let date = opened_on(file.opened_at, cx.lang());
    parts::text_end(&painter, &mut strip, &date, muted);
    strip.end(12.0);
    let count = match file.note.parse::<usize>() {
        Ok(events) => cx.catalog.f("events", &[("n", events.into())]),
        Err(_) => file.note.clone(),
    };
    let (name, folder) = (parts::island(name, true), parts::island(folder, true));
    two_lines(ui, strip.rest(), cx, &name, &join(&[&folder, &count]), theme.text_strong);
    controls::focus_ring(ui, &response, theme);
    if forgotten {
        commands.push(Command::ForgetRecent(Some(file.path.clone())));
    } else if parts::hint(response, theme, &file.path).clicked() {
        commands.push(Command::Open(OpenTarget::Paths(vec![file.path.clone()])));
    }
}

/// That nothing else is needed, and where the keys are listed.
fn help_line(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>) {
    let style = Style::new(TextKind::List, cx.theme.text_muted);
    let painter = ui.painter();
    let mut strip = Strip::new(rect, cx.rtl());
    parts::text_start(painter, &mut strip, &cx.t("welcome-offline"), style);
    if let Some(keys) = actions::action("keys").and_then(|action| action.shortcut) {
        strip.start(3.0);
        let caps = parts::shortcut_parts(cx.catalog, keys);
        parts::key_start(painter, cx.theme, &mut strip, &caps);
        strip.start(5.0);
        parts::text_start(painter, &mut strip, &cx.t("welcome-keys"), style);
    }
}

/// Over everything while files are dragged over the window.
pub fn drop_hint_ui(ui: &Ui, cx: &FrameCtx<'_>) {
    let ctx = ui.ctx();
    let count = ctx.input(|input| input.raw.hovered_files.len());
    if count == 0 {
        return;
    }
    let theme = cx.theme;
    let window = ctx.content_rect();
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("drop-hint"));
    let painter = ctx.layer_painter(layer);
    painter.rect_filled(window, 0.0, theme.scrim);
    let frame = window.shrink(12.0);
    painter.rect_stroke(frame, 8.0, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
    let card = Rect::from_center_size(window.center().round(), vec2(380.0, 108.0));
    painter.add(theme.popup_shadow().as_shape(card, 8.0));
    painter.rect(card, 8.0, theme.overlay, Stroke::new(1.0, theme.accent_line), StrokeKind::Inside);
    let icon: FontId = theme::icon_font(26.0);
    let at = card.center();
    painter.text(at - vec2(0.0, 28.0), Align2::CENTER_CENTER, icons::DOWNLOAD_SIMPLE, icon, theme.accent);
    let title = cx.catalog.f("drop-title", &[("n", count.into())]);
    let note = cx.t(if cx.store().is_some() { "drop-note-case" } else { "drop-note" });
    let strong = Style::strong(TextKind::Heading, theme.text_strong);
    words::paint(&painter, at + vec2(0.0, 4.0), Align2::CENTER_CENTER, &title, strong);
    let muted = Style::new(TextKind::List, theme.text_muted);
    words::paint(&painter, at + vec2(0.0, 28.0), Align2::CENTER_CENTER, &note, muted);
}
