//! Events that two datasets may have in common: what to look for, what was found, and which of it the
//! user holds to be the same.

use egui::{Popup, Rect, ScrollArea, Sense, Ui, vec2};

use super::dialogs::{foot_ui, paragraph_ui, room_for_body, shell_ui};
use super::parts::{self, Strip};
use crate::model::EventId;
use crate::model::time::DateStyle;
use crate::state::{Command, Commands, DatasetCommand, OpenCase, SelectCommand};
use crate::store::twins::{Candidate, Candidates, TwinQuery};
use crate::store::{DatasetId, Store};
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{MenuRow, menu_ui, row_focus};
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format, shapes};

const ROW: f32 = 48.0;
/// Room of the score and of the box between the two events.
const MIDDLE: f32 = 86.0;
const DAYS: [u16; 6] = [0, 1, 2, 3, 7, 14];
const KM: [u16; 6] = [2, 5, 10, 25, 50, 100];
/// What is as likely as this can be marked all at once.
const LIKELY: u8 = 85;

/// What is to be looked for.
pub struct TwinsUi {
    a: Option<DatasetId>,
    b: Option<DatasetId>,
    days: u16,
    km: u16,
}

impl Default for TwinsUi {
    fn default() -> Self {
        Self { a: None, b: None, days: 1, km: 25 }
    }
}

impl TwinsUi {
    /// What was set, as far as it is open; else the two layers on top.
    fn query(&self, case: &OpenCase) -> Option<TwinQuery> {
        let open = |id: &DatasetId| case.store.rows_of(*id).is_some();
        let all: Vec<DatasetId> = case.datasets.iter().map(|dataset| dataset.id).filter(open).collect();
        let a = self.a.filter(open).or_else(|| all.first().copied())?;
        let b = self.b.filter(open).filter(|b| *b != a).or_else(|| all.iter().copied().find(|b| *b != a))?;
        Some(TwinQuery { a, b, days: self.days, km: self.km })
    }
}

pub fn twins_ui(ui: &Ui, cx: &FrameCtx<'_>, state: &mut TwinsUi, commands: &mut Commands) {
    let Some(case) = &cx.state.case else { return };
    let title = cx.t("twins-title");
    shell_ui(ui, cx, &title, 860.0, commands, |ui, commands| {
        let Some(query) = state.query(case) else {
            egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 20.0)).show(ui, |ui| {
                paragraph_ui(ui, cx, &cx.t("twins-one-dataset"));
            });
            return;
        };
        query_ui(ui, cx, case, query, state, commands);
        let found = case.candidates.as_deref().filter(|found| found.query == query);
        let height = room_for_body(ui, 480.0) - 44.0;
        match found {
            Some(found) if !found.list.is_empty() => list_ui(ui, cx, case, found, height, commands),
            _ => {
                let is_busy = cx.state.tasks.iter().any(|task| task.message == "finding-twins");
                let key = match found {
                    Some(_) => "twins-none",
                    None if is_busy => "twins-looking",
                    None => "twins-hint",
                };
                egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 20.0)).show(ui, |ui| {
                    paragraph_ui(ui, cx, &cx.t(key));
                });
            }
        }
        bottom_ui(ui, cx, case, found, commands);
    });
}

/// Which datasets, how near in time and space.
fn query_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    query: TwinQuery,
    state: &mut TwinsUi,
    commands: &mut Commands,
) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    let button = strip.end(96.0);
    let muted = Style::new(TextKind::List, cx.theme.text_muted);
    let names: Vec<(DatasetId, String)> = case
        .datasets
        .iter()
        .map(|dataset| (dataset.id, dataset.name(&case.store, cx.lang()).to_owned()))
        .collect();
    let name_of = |id: DatasetId| names.iter().find(|(known, _)| *known == id).map_or("", |(_, name)| name);
    let texts: Vec<String> = names.iter().map(|(_, name)| name.clone()).collect();
    let drop = |ui: &mut Ui, at: Rect, key: &str, text: &str, rows: &[String]| -> Option<usize> {
        let response = drop_ui(ui, cx, at, text, &cx.t(key));
        let mut picked = None;
        Popup::menu(&response).show(|ui| {
            let rows: Vec<MenuRow<'_>> =
                rows.iter().map(|row| MenuRow { icon: "", text: row.clone(), on: row == text }).collect();
            picked = menu_ui(ui, cx.theme, cx.rtl(), &rows);
        });
        picked
    };
    let wide = ((strip.rest().width() - 2.0 * 104.0 - 60.0) / 2.0).clamp(80.0, 240.0);
    if let Some(at) = drop(ui, strip.start(wide), "twins-first", name_of(query.a), &texts) {
        state.a = names.get(at).map(|(id, _)| *id);
        if state.a == Some(query.b) {
            state.b = Some(query.a);
        }
    }
    strip.start(8.0);
    parts::text_start(ui.painter(), &mut strip, &cx.t("twins-and"), muted);
    strip.start(8.0);
    if let Some(at) = drop(ui, strip.start(wide), "twins-second", name_of(query.b), &texts) {
        state.b = names.get(at).map(|(id, _)| *id);
        if state.b == Some(query.a) {
            state.a = Some(query.b);
        }
    }
    strip.start(12.0);
    let days = |n: u16| cx.catalog.f("twins-days", &[("n", u32::from(n).into())]);
    if let Some(at) = drop(ui, strip.start(104.0), "twins-days-name", &days(query.days), &DAYS.map(days)) {
        state.days = DAYS.get(at).copied().unwrap_or(query.days);
    }
    strip.start(8.0);
    let km = |n: u16| cx.catalog.f("twins-km", &[("n", u32::from(n).into())]);
    if let Some(at) = drop(ui, strip.start(104.0), "twins-km-name", &km(query.km), &KM.map(km)) {
        state.km = KM.get(at).copied().unwrap_or(query.km);
    }
    parts::inside(ui, button, parts::end_layout(cx.rtl()), |ui| {
        if controls::button(ui, cx.theme, &cx.t("twins-find"), true, true).clicked() {
            commands.push(DatasetCommand::FindTwins(query));
        }
    });
}

/// A field that opens a list.
fn drop_ui(ui: &Ui, cx: &FrameCtx<'_>, at: Rect, text: &str, key: &str) -> egui::Response {
    let theme = cx.theme;
    let rect = Rect::from_center_size(at.center(), vec2(at.width(), size::COMPACT)).round();
    let response = ui.interact(rect, ui.scope_id().with(("drop", key)), Sense::click());
    let named = format!("{key}: {text}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &named));
    let (fill, edge) =
        if response.hovered() { (theme.hover, theme.line_strong) } else { (theme.field, theme.line) };
    let stroke = egui::Stroke::new(1.0, edge);
    ui.painter().rect(rect, 4.0, fill, stroke, egui::StrokeKind::Inside);
    let mut strip = Strip::new(rect.shrink2(vec2(9.0, 0.0)), cx.rtl());
    parts::icon(ui.painter(), strip.end(12.0).center(), icons::CARET_DOWN, 12.0, theme.text_muted);
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), text, style, parts::start_align(cx.rtl()), Some(1));
    controls::focus_ring(ui, &response, theme);
    response
}

fn list_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    found: &Candidates,
    height: f32,
    commands: &mut Commands,
) {
    parts::float_scroll_bars(ui);
    let list =
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]);
    list.show_rows(ui, ROW, found.list.len(), |ui, rows| {
        for pair in found.list.get(rows).unwrap_or_default() {
            pair_ui(ui, cx, case, pair, commands);
        }
    });
}

/// Two events side by side, and between them how much speaks for it and the user's word.
fn pair_ui(ui: &mut Ui, cx: &FrameCtx<'_>, case: &OpenCase, pair: &Candidate, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    let side = ((strip.rest().width() - MIDDLE) / 2.0).floor();
    let (first, middle, second) = (strip.start(side), strip.start(MIDDLE), strip.rest());
    for (event, at) in [(pair.a, first), (pair.b, second)] {
        event_ui(ui, cx, &case.store, event, at, commands);
    }
    let same = case.twins.has(pair.a, pair.b);
    let id = ui.scope_id().with(("pair", pair.a, pair.b));
    let response = ui.interact(middle.shrink2(vec2(6.0, 6.0)), id, Sense::click());
    let score = format!("{}%", pair.score);
    let named = cx.catalog.f("twins-same", &[("score", score.as_str().into())]);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, same, &named));
    if response.hovered() {
        ui.painter().rect_filled(response.rect, 4.0, theme.hover);
    }
    let mut inner = Strip::new(middle.shrink2(vec2(12.0, 0.0)), cx.rtl());
    let at = inner.start(18.0).center().round();
    controls::paint_checkbox(ui, theme, at, same, true);
    inner.start(6.0);
    let color = if same { theme.text_strong } else { theme.text_muted };
    let style = Style::strong(TextKind::List, color);
    let upper = inner.rest().translate(vec2(0.0, -8.0));
    words::paint_in(ui.painter(), upper, &score, style, parts::start_align(cx.rtl()), Some(1));
    let far = format!("{:.0} km", pair.km);
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let lower = inner.rest().translate(vec2(0.0, 9.0));
    words::paint_in(ui.painter(), lower, &far, style, parts::start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        commands.push(DatasetCommand::Twin { a: pair.a, b: pair.b, same: !same });
    }
}

fn event_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    event: EventId,
    at: Rect,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let response = ui.interact(at, ui.scope_id().with(("event", event)), Sense::click());
    let title = format::event_title(cx.catalog, store, event, cx.lang());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &title));
    if response.hovered() {
        ui.painter().rect_filled(at.shrink2(vec2(0.0, 2.0)), 4.0, theme.hover);
        commands.hover(event);
    }
    let mut strip = Strip::new(at, cx.rtl());
    strip.start(4.0);
    let center = strip.start(14.0).center();
    let color = cx.event_color(store, event);
    let fill = shapes::Fill::Solid;
    shapes::paint(ui.painter(), store.event_type(event), center, 5.0, fill, color, theme.symbol_edge);
    strip.start(7.0);
    let toll = format::toll(store.fatalities(event), cx.lang()).unwrap_or_else(|| "–".to_owned());
    let style = Style::new(TextKind::List, theme.text_strong);
    parts::text_end(ui.painter(), &mut strip, &toll, style);
    strip.end(8.0);
    let align = parts::start_align(cx.rtl());
    let upper = strip.rest().translate(vec2(0.0, -9.0));
    words::paint_in(ui.painter(), upper, &title, style, align, Some(1));
    let date = format::event_date(store, event, cx.lang(), DateStyle::Short);
    let place = format::first_place(store, event, cx.lang());
    let second = super::find::join(&[&date, &parts::island(place, false)]);
    let lower = strip.rest().translate(vec2(0.0, 9.0));
    let style = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), lower, &second, style, align, Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        commands.push(SelectCommand::Event(event));
    }
}

/// How many, and what can be done with all of them.
fn bottom_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    found: Option<&Candidates>,
    commands: &mut Commands,
) {
    let marked = case.twins.pairs().len();
    let note = match found {
        Some(found) => {
            let args = [("n", found.found.into()), ("marked", marked.into())];
            cx.catalog.f("twins-found", &args)
        }
        None => cx.catalog.f("twins-marked", &[("n", marked.into())]),
    };
    let likely: Vec<(EventId, EventId)> = found
        .iter()
        .flat_map(|found| &found.list)
        .filter(|pair| pair.score >= LIKELY && !case.twins.has(pair.a, pair.b))
        .map(|pair| (pair.a, pair.b))
        .collect();
    foot_ui(ui, cx, &note, |ui| {
        let once = if case.twins.once { "twins-count-each" } else { "twins-count-once" };
        if controls::button(ui, cx.theme, &cx.t(once), false, marked > 0).clicked() {
            commands.push(DatasetCommand::TwinsOnce(!case.twins.once));
        }
        let args = [("n", likely.len().into()), ("score", u32::from(LIKELY).into())];
        let all = cx.catalog.f("twins-mark-likely", &args);
        if controls::button(ui, cx.theme, &all, false, !likely.is_empty()).clicked() {
            commands.push(Command::from(DatasetCommand::Twins { pairs: likely, same: true }));
        }
    });
}

/// The sign of an event that is in several datasets.
pub fn paint_sign(painter: &egui::Painter, at: egui::Pos2, theme: &theme::Theme) {
    painter.text(at, egui::Align2::CENTER_CENTER, icons::LINK, theme::icon_font(12.0), theme.text_muted);
}
