//! What the views do not show, counted: a bar under the map, and a dialog per tray.
//!
//! Invariant: the parts of the bar's sum are disjoint and always add up to the number of events of
//! the case. Unplaced events are among the shown ones; mentions without a date are no events.

mod dialog;

use egui::{Rect, Sense, Ui, vec2};

use super::FrameCtx;
use super::map::MapStatus;
use super::map::crowd::Drawn;
use crate::lang::thousands;
use crate::state::{Commands, Dialog, Tray, ViewCommand};
use crate::store::Store;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::rows::{Strip, end_align, name_label, row_focus, start_align};
use crate::ui::widgets::words::{self, Style};

pub use dialog::tray_dialog_ui;

/// State of the trays' widgets.
#[derive(Default)]
pub struct TraysUi {
    dialog: dialog::DialogUi,
}

fn icon(tray: Tray) -> &'static str {
    match tray {
        Tray::Undated => icons::CALENDAR_X,
        Tray::Unplaced => icons::MAP_PIN,
        Tray::OutsideWindow => icons::CLOCK,
        Tray::FilteredOut => icons::FUNNEL,
    }
}

/// How many things a tray lists.
fn count(cx: &FrameCtx<'_>, store: &Store, tray: Tray) -> usize {
    let trays = &cx.derived.trays;
    match tray {
        Tray::Undated => trays.undated + store.mentions.len(),
        Tray::Unplaced => trays.unplaced,
        Tray::OutsideWindow => trays.outside_window,
        Tray::FilteredOut => trays.filtered_out,
    }
}

/// What a tray holds, in words.
fn tip(cx: &FrameCtx<'_>, store: &Store, tray: Tray) -> String {
    let key = format!("tray-{}.tip", tray.name());
    let args = [("events", cx.derived.trays.undated.into()), ("mentions", store.mentions.len().into())];
    cx.catalog.f(&key, &args).trim_end().to_owned()
}

/// The parts of the sum: how many events are shown, and how many not for which reason.
fn parts(cx: &FrameCtx<'_>) -> Vec<(&'static str, usize)> {
    let trays = &cx.derived.trays;
    let mut parts = vec![
        ("trays-part-shown", trays.shown),
        ("trays-part-outside", trays.outside_window),
        ("trays-part-undated", trays.undated),
        ("trays-part-filtered", trays.filtered_out),
    ];
    // Undated events are rare; their part is named only if there is one.
    parts.retain(|(key, n)| *key != "trays-part-undated" || *n > 0);
    parts
}

/// The bar under the map.
pub fn trays_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    _state: &mut TraysUi,
    map: &MapStatus,
    commands: &mut Commands,
) {
    let Some(store) = cx.store() else { return };
    let theme = cx.theme;
    let rect = ui.available_rect_before_wrap();
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let caption = Style::new(TextKind::Caption, theme.text_muted);
    let not_shown = cx.t("trays-not-shown");
    let sum = on_map_text(cx, map).unwrap_or_else(|| sum_text(cx, store));
    let not_shown_width = words::measure(ui.painter(), &not_shown, caption).x.ceil();
    let sum_width = words::measure(ui.painter(), &sum, caption).x.ceil();
    let items: Vec<Item> = Tray::ALL.into_iter().map(|tray| Item::new(ui, cx, store, tray)).collect();
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(15.0);
    strip.end(15.0);
    // Where room is short, first the words go, then what frames them.
    let wide: f32 = items.iter().map(|item| item.width(true)).sum();
    let narrow: f32 = items.iter().map(|item| item.width(false)).sum();
    let room = strip.rest().width();
    let framed = not_shown_width + 12.0 + sum_width + 12.0;
    let worded = room >= wide + framed;
    if room >= narrow + framed {
        let at = strip.start(not_shown_width);
        words::paint_in(ui.painter(), at, &not_shown, caption, start_align(cx.rtl()), Some(1));
        strip.start(12.0);
    }
    if room >= narrow + sum_width + 12.0 {
        sum_ui(ui, cx, store, &sum, strip.end(sum_width));
        strip.end(12.0);
    }
    for item in items {
        let at = strip.start(item.width(worded));
        item_ui(ui, cx, store, &item, worded, at, commands);
    }
}

/// One tray of the bar with its measured texts.
struct Item {
    tray: Tray,
    count: usize,
    number: String,
    word: String,
    number_width: f32,
    word_width: f32,
}

impl Item {
    const ICON: f32 = 16.0;

    fn new(ui: &Ui, cx: &FrameCtx<'_>, store: &Store, tray: Tray) -> Self {
        let count = count(cx, store, tray);
        let number = thousands(count as i64);
        let word = cx.t(&format!("tray-{}", tray.name()));
        let color = cx.theme.text;
        let strong = Style::strong(TextKind::List, color);
        let number_width = words::measure(ui.painter(), &number, strong).x.ceil();
        let word_width = words::measure(ui.painter(), &word, Style::new(TextKind::List, color)).x.ceil();
        Self { tray, count, number, word, number_width, word_width }
    }

    /// Inset, icon, number, word, inset.
    fn width(&self, worded: bool) -> f32 {
        let word = if worded { 5.0 + self.word_width } else { 0.0 };
        6.0 + Self::ICON + 4.0 + self.number_width + word + 12.0
    }
}

fn item_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    item: &Item,
    worded: bool,
    at: Rect,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let mut strip = Strip::new(at, cx.rtl());
    strip.end(6.0);
    let hit = Rect::from_center_size(strip.rest().center(), vec2(strip.rest().width(), size::TINY)).round();
    let response = ui.interact(hit, ui.scope_id().with(("tray", item.tray.name())), Sense::click());
    let args = [("n", item.number.as_str().into()), ("word", item.word.as_str().into())];
    let name = cx.catalog.f("trays-item", &args);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let lit = response.hovered();
    if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(hit, 4.0, theme.active);
    } else if lit {
        ui.painter().rect_filled(hit, 4.0, theme.hover);
    }
    let (word_color, number_color) = match (item.count, lit) {
        (0, false) => (theme.disabled, theme.text_muted),
        (_, true) => (theme.text_strong, theme.text_strong),
        _ => (theme.text_muted, theme.text_strong),
    };
    strip.start(6.0);
    let center = strip.start(Item::ICON).center().round();
    let font = theme::icon_font(15.0);
    ui.painter().text(center, egui::Align2::CENTER_CENTER, icon(item.tray), font, word_color);
    strip.start(4.0);
    let align = start_align(cx.rtl());
    let number = Style::strong(TextKind::List, number_color);
    let at = strip.start(item.number_width);
    words::paint_in(ui.painter(), at, &item.number, number, align, Some(1));
    if worded {
        strip.start(5.0);
        let word = Style::new(TextKind::List, word_color);
        let at = strip.start(item.word_width);
        words::paint_in(ui.painter(), at, &item.word, word, align, Some(1));
    }
    row_focus(ui, &response, theme);
    if response.clicked() {
        commands.push(ViewCommand::Dialog(Some(Dialog::Tray(item.tray))));
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(300.0);
        let title =
            if worded { tip(cx, store, item.tray) } else { format!("{name}. {}", tip(cx, store, item.tray)) };
        ui.add(words::Words::new(&title, Style::new(TextKind::List, theme.text)).wrap());
    });
}

/// What the map shows of a great number of events, of which the sum says little.
fn on_map_text(cx: &FrameCtx<'_>, map: &MapStatus) -> Option<String> {
    let key = match map.drawn {
        Drawn::Hidden => return Some(cx.t("trays-map-hidden")),
        _ if !map.many => return None,
        Drawn::Density | Drawn::Chips => "trays-in-clusters",
        Drawn::Symbols | Drawn::Dots => "trays-on-map",
    };
    Some(cx.catalog.f(key, &[("n", map.in_view.into())]))
}

fn sum_text(cx: &FrameCtx<'_>, store: &Store) -> String {
    let numbers: Vec<String> = parts(cx).iter().map(|(_, n)| thousands(*n as i64)).collect();
    format!("{} = {}", numbers.join(" + "), thousands(store.num_events() as i64))
}

fn sum_ui(ui: &Ui, cx: &FrameCtx<'_>, store: &Store, sum: &str, at: Rect) {
    let response = ui.interact(at, ui.scope_id().with("sum"), Sense::hover());
    name_label(&response, sum);
    let color = if response.hovered() { cx.theme.text } else { cx.theme.text_muted };
    let style = Style::new(TextKind::Caption, color);
    words::paint_in(ui.painter(), at, sum, style, end_align(cx.rtl()), Some(1));
    response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        let parts: Vec<String> =
            parts(cx).iter().map(|(key, n)| cx.catalog.f(key, &[("n", (*n).into())])).collect();
        let args = [("parts", parts.join(" + ").into()), ("n", store.num_events().into())];
        let mut text = cx.catalog.f("trays-sum-tip", &args);
        if !store.mentions.is_empty() {
            let mentions = cx.catalog.f("trays-sum-mentions", &[("n", store.mentions.len().into())]);
            text = format!("{text} {mentions}");
        }
        ui.add(words::Words::new(&text, Style::new(TextKind::List, cx.theme.text)).wrap());
    });
}
