//! Count, chips and facets.
//!
//! The panel's upper part. It never takes more than what leaves the event list its share of the
//! height; sections that do not fit fold under "more filters".

mod chips;
mod facets;
mod fatalities;
mod names;

pub use chips::in_words;

use egui::{Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use super::FrameCtx;
use crate::lang::thousands;
use crate::model::time::{DateStyle, format_interval};
use crate::model::{DatePrecision, Interval};
use crate::state::{Command, Commands, FilterCommand, TextCommand, ViewCommand};
use crate::store::Store;
use crate::store::cross::Rows;
use crate::store::filter::Dim;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{Strip, end_align, list_style, name_label, row_focus, start_align, tip};
use crate::ui::widgets::words::{self, Style};

/// Share of the panel's height that the event list keeps.
const LIST_SHARE: f32 = 0.37;
/// Sections with a fold of their own in `ViewState::folded`.
const MORE: &str = "filters-more";

/// State of the filters' widgets.
#[derive(Default)]
pub struct FiltersUi {
    facets: facets::Facets,
    fatalities: fatalities::FatalitiesUi,
    /// The section that was just opened and is to be seen.
    opened: Option<Dim>,
    /// The time that the shown events take, and the generation that it was found in.
    span: Option<(u64, Option<Interval>)>,
}

impl FiltersUi {
    /// From the first to the last of the shown events' days.
    fn span(&mut self, cx: &FrameCtx<'_>, store: &Store) -> Option<Interval> {
        let generation = cx.derived.generation;
        if let Some((found, span)) = self.span
            && found == generation
        {
            return span;
        }
        let span = span(store, &cx.derived.by_time);
        self.span = Some((generation, span));
        span
    }
}

/// The time from the begin of the first to the end of the last event of a list in order of time, whose
/// undated events are last.
fn span(store: &Store, by_time: &Rows) -> Option<Interval> {
    let (mut dated, mut end) = (0, by_time.len());
    while dated < end {
        let middle = dated + (end - dated) / 2;
        match by_time.get(middle).map(|event| store.interval(event).is_unknown()) {
            Some(false) => dated = middle + 1,
            _ => end = middle,
        }
    }
    let first = by_time.first().filter(|_| dated > 0)?;
    let last = by_time.get(dated - 1)?;
    Some(store.interval(first).union(store.interval(last)))
}

/// How many events are shown, and the active filters.
pub fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut FiltersUi, commands: &mut Commands) {
    let Some(store) = cx.store() else { return };
    // The list follows without a gap.
    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    ui.scope(|ui| {
        list_style(ui, cx.theme);
        count_ui(ui, cx, store, state, commands);
        if Dim::ALL.into_iter().any(|dim| cx.state.view.filter.is_active(dim)) {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 0.0), Sense::hover());
            let inside = Rect::from_x_y_ranges(
                rect.left() + size::INSET..=rect.right() - size::INSET,
                rect.top()..=f32::INFINITY,
            );
            ui.scope_builder(UiBuilder::new().max_rect(inside), |ui| {
                chips::chips_ui(ui, cx, store, commands);
            });
            ui.add_space(8.0);
        }
    });
}

/// The facets, in a panel of a height of which the head has taken its part.
pub fn filters_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    panel: Rect,
    state: &mut FiltersUi,
    commands: &mut Commands,
) {
    let Some(store) = cx.store() else { return };
    let (all, top) = (panel.height(), panel.top());
    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    ui.scope(|ui| {
        list_style(ui, cx.theme);
        let room = (all * (1.0 - LIST_SHARE) - (ui.cursor().top() - top)).max(2.0 * size::SECTION_HEAD);
        let room = room.round();
        ScrollArea::vertical()
            .id_salt("filters")
            .max_height(room)
            .auto_shrink([false, true])
            .show(ui, |ui| sections_ui(ui, cx, store, state, room, commands));
    });
}

/// "12 of 55 events" and the way back to all of them.
fn count_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, state: &mut FiltersUi, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    if !store.tables.is_empty() {
        dates_ui(ui, cx, store, state);
    }
    let (shown, total) = (cx.derived.trays.shown, store.num_events());
    let args = [("shown", shown.into()), ("total", total.into())];
    name_label(&response, &cx.catalog.f("filters-count", &args));
    let line =
        Rect::from_min_max(pos2(rect.left(), rect.top() + 10.0), pos2(rect.right(), rect.bottom() - 6.0));
    let mut strip = Strip::new(line, cx.rtl());
    strip.start(size::INSET);
    strip.end(size::INSET);
    if Dim::ALL.into_iter().any(|dim| cx.state.view.filter.is_active(dim)) {
        reset_ui(ui, cx, &mut strip, commands);
    }
    let number = thousands(shown as i64);
    let style = Style::strong(TextKind::KeyNumber, theme.text_strong);
    let width = words::measure(ui.painter(), &number, style).x.ceil();
    let at = strip.start(width);
    words::paint_in(ui.painter(), at, &number, style, start_align(cx.rtl()), Some(1));
    strip.start(8.0);
    // On the baseline of the number.
    let rest = strip.rest().translate(vec2(0.0, 2.0));
    let words = cx.catalog.f("filters-of", &[("n", total.into())]);
    let style = Style::new(TextKind::Body, theme.text_muted);
    words::paint_in(ui.painter(), rest, &words, style, start_align(cx.rtl()), Some(1));
}

/// The days of the shown events, and whether any filter is active.
fn dates_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, state: &mut FiltersUi) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let style = DateStyle::Short;
    let days = state.span(cx, store);
    let dates =
        days.map_or_else(String::new, |days| format_interval(days, DatePrecision::Days, cx.lang(), style));
    let active = Dim::ALL.into_iter().any(|dim| cx.state.view.filter.is_active(dim));
    let text = if active { dates } else { cx.catalog.f("filters-none-active", &[("dates", dates.into())]) };
    name_label(&response, &text);
    let line = Rect::from_min_size(rect.min - vec2(0.0, 3.0), vec2(rect.width(), 16.0));
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    let line = line.shrink2(vec2(size::INSET, 0.0));
    words::paint_in(ui.painter(), line, &text, style, start_align(cx.rtl()), Some(1));
}

fn reset_ui(ui: &mut Ui, cx: &FrameCtx<'_>, strip: &mut Strip, commands: &mut Commands) {
    let theme = cx.theme;
    let text = cx.t("filters-reset");
    let style = Style::new(TextKind::List, theme.accent);
    let width = words::measure(ui.painter(), &text, style).x.ceil() + 19.0;
    let rect = strip.end(width);
    strip.end(8.0);
    let rect = Rect::from_center_size(rect.center().round(), vec2(rect.width(), size::TINY));
    let response = ui.interact(rect.expand2(vec2(4.0, 0.0)), ui.scope_id().with("reset"), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &text));
    if response.hovered() {
        ui.painter().rect_filled(response.rect, 4.0, theme.hover);
    }
    let mut parts = Strip::new(rect, cx.rtl());
    let icon = parts.start(13.0).center();
    let font = theme::icon_font(13.0);
    let glyph = icons::ARROW_COUNTER_CLOCKWISE;
    ui.painter().text(icon, egui::Align2::CENTER_CENTER, glyph, font, theme.accent);
    words::paint_in(ui.painter(), parts.rest(), &text, style, end_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        commands.push(FilterCommand::Reset);
    }
    tip(response, theme, &cx.t("filters-reset.hint"));
}

/// The sections in their order; the section of the text only while one is searched. For flat datasets,
/// only those with a choice.
fn sections(cx: &FrameCtx<'_>, store: &Store, state: &mut FiltersUi) -> Vec<Dim> {
    let mut sections = Dim::FACETS.to_vec();
    if store.datasets().count() < 2 && !cx.state.view.filter.is_active(Dim::Dataset) {
        sections.retain(|dim| *dim != Dim::Dataset);
    }
    if !store.tables.is_empty() {
        sections.retain(|dim| facets::is_of_use(cx, store, &mut state.facets, *dim));
    }
    if store.datasets().count() < 2 {
        sections.retain(|dim| *dim != Dim::Dataset);
    }
    sections.push(Dim::Fatalities);
    if cx.state.view.filter.is_active(Dim::Text) {
        sections.push(Dim::Text);
    }
    sections
}

fn fold_key(dim: Dim) -> String {
    format!("filter-{}", dim.name())
}

fn is_open(cx: &FrameCtx<'_>, dim: Dim) -> bool {
    let folded = cx.state.view.folded.get(&fold_key(dim)).copied();
    !folded.unwrap_or(dim != Dim::Type)
}

/// How many sections are listed before the rest folds: all if they fit, else as many as leave room
/// for the line that opens the rest. What the user unfolds scrolls and hides nothing.
fn num_listed(num: usize, room: f32, type_rows: f32) -> usize {
    let fit = ((room - type_rows) / size::SECTION_HEAD).floor().max(0.0) as usize;
    if fit >= num { num } else { fit.saturating_sub(1).max(1) }
}

fn sections_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    state: &mut FiltersUi,
    room: f32,
    commands: &mut Commands,
) {
    let sections = sections(cx, store, state);
    let type_rows = if is_open(cx, Dim::Type) { 6.0 * size::FACET_ROW + 5.0 } else { 0.0 };
    let listed = num_listed(sections.len(), room, type_rows);
    let (first, rest) = sections.split_at(listed.min(sections.len()));
    for dim in first {
        section_ui(ui, cx, store, state, *dim, commands);
    }
    if rest.is_empty() {
        return;
    }
    let open = cx.state.view.folded.get(MORE) == Some(&false);
    let title = cx.catalog.f("facet-more", &[("n", rest.len().into())]);
    // Names those that narrow something, else what there is.
    let active = rest.iter().any(|dim| cx.state.view.filter.is_active(*dim));
    let named = rest.iter().filter(|dim| !active || cx.state.view.filter.is_active(**dim));
    let names: Vec<String> = named.map(|dim| names::dim_inline(cx, *dim)).collect();
    let value = if open { String::new() } else { names.join(&cx.t("join-comma")) };
    let head = facets::head_ui(ui, cx, &title, &title, &value, active, open);
    if head.clicked() {
        commands.push(ViewCommand::Fold(MORE.to_owned(), open));
        if !open {
            state.opened = rest.first().copied();
        }
    }
    if open {
        for dim in rest {
            section_ui(ui, cx, store, state, *dim, commands);
        }
    }
}

fn section_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    state: &mut FiltersUi,
    dim: Dim,
    commands: &mut Commands,
) {
    let open = is_open(cx, dim);
    let top = ui.cursor().top();
    let title = names::dim(cx, dim);
    let (value, on) = match dim {
        Dim::Fatalities | Dim::Text => match chips::text(cx, store, dim) {
            Some(text) => (text, true),
            None => (cx.t("facet-any"), false),
        },
        facet => facets::head_value(cx, store, &mut state.facets, facet),
    };
    let args = [("dim", names::dim_inline(cx, dim).into()), ("value", value.as_str().into())];
    let name = cx.catalog.f("facet-head", &args);
    let head = facets::head_ui(ui, cx, &name, &title, &value, on, open);
    if head.clicked() {
        commands.push(ViewCommand::Fold(fold_key(dim), open));
        if !open {
            state.opened = Some(dim);
        }
    }
    if open {
        match dim {
            Dim::Fatalities => {
                fatalities::fatalities_ui(ui, cx, store, &mut state.fatalities, commands);
            }
            Dim::Text => text_ui(ui, cx, commands),
            facet => facets::values_ui(ui, cx, store, &mut state.facets, facet, commands),
        }
        if state.opened == Some(dim) && !head.clicked() {
            let rect = Rect::from_x_y_ranges(head.rect.x_range(), top..=ui.cursor().top());
            ui.scroll_to_rect(rect, None);
            state.opened = None;
        }
    } else if state.opened == Some(dim) && !head.clicked() {
        // "More filters" was opened: its first section is to be seen.
        ui.scroll_to_rect(head.rect, None);
        state.opened = None;
    }
}

/// What the searched text finds.
fn text_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let found = cx.derived.found.num_events();
    facets::note_ui(ui, cx, &cx.catalog.f("facet-text-found", &[("n", found.into())]));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::FACET_ROW + 4.0), Sense::hover());
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    for (key, command) in [
        ("facet-text-next", Command::from(TextCommand::NextHit)),
        ("facet-text-clear", FilterCommand::Text(String::new()).into()),
    ] {
        let text = cx.t(key);
        let style = Style::new(TextKind::List, cx.theme.accent);
        let width = words::measure(ui.painter(), &text, style).x.ceil() + 4.0;
        let mut child = ui.new_child(UiBuilder::new().max_rect(strip.start(width)).id_salt(key));
        strip.start(12.0);
        if controls::link(&mut child, cx.theme, &text, TextKind::List).clicked() {
            commands.push(command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_fold_when_room_is_short() {
        // All heads fit.
        assert_eq!(num_listed(10, 270.0, 0.0), 10);
        // One too many: a line for the rest takes the place of two.
        assert_eq!(num_listed(10, 269.0, 0.0), 8);
        assert_eq!(num_listed(10, 286.0, 137.0), 4);
        assert_eq!(num_listed(10, 10.0, 137.0), 1);
    }
}
