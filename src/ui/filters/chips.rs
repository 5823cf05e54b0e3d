//! One chip per active dimension of the filter: what it lets through, in words; a click takes it back.

use egui::{Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::names;
use crate::lang::{Catalog, thousands};
use crate::model::{DatePrecision, Prominence};
use crate::state::{Commands, DatasetCommand, FilterCommand, TimeCommand};
use crate::store::Store;
use crate::store::filter::{Dim, WindowMode};
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls::focus_ring;
use crate::ui::widgets::rows::{Strip, start_align};
use crate::ui::widgets::words::{self, Style};

/// Order of the chips: what kind, how well known, who and where, when.
const ORDER: [Dim; Dim::ALL.len()] = [
    Dim::Type,
    Dim::SubType,
    Dim::Prominence,
    Dim::GeoPrecision,
    Dim::DatePrecision,
    Dim::Actor,
    Dim::Place,
    Dim::Claimant,
    Dim::Document,
    Dim::Fatalities,
    Dim::Text,
    Dim::Area,
    Dim::Dataset,
    Dim::Layer,
    Dim::Twin,
    Dim::Window,
];
/// Up to so many values are named.
const MAX_NAMED: usize = 3;
const GAP: f32 = 4.0;
/// More lines than this scroll.
const MAX_LINES: f32 = 4.0;

/// Joins names with commas and a last "or".
pub fn join_or(catalog: &Catalog, names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => {
            format!("{}{}{last}", before.join(&catalog.t("join-comma")), catalog.t("join-or"))
        }
    }
}

/// The first letter large, as a chip begins.
fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What an active dimension lets through. `None` if the dimension is not active.
pub fn text(cx: &FrameCtx<'_>, store: &Store, dim: Dim) -> Option<String> {
    let filter = &cx.state.view.filter;
    if !filter.is_active(dim) {
        return None;
    }
    let number = |n: u32| thousands(i64::from(n));
    Some(match dim {
        Dim::Window => {
            let window = filter.window?;
            let style = crate::model::time::DateStyle::Short;
            let words = crate::model::time::format_interval(window, DatePrecision::Day, cx.lang(), style);
            match filter.window_mode {
                WindowMode::Possibly => words,
                WindowMode::Certainly => cx.catalog.f("chip-certainly", &[("window", words.into())]),
            }
        }
        Dim::Fatalities => match (filter.min_fatalities, filter.max_fatalities) {
            (Some(min), Some(max)) if min == max => {
                cx.catalog.f("chip-killed-one", &[("n", number(min).into())])
            }
            (Some(min), Some(max)) => {
                cx.catalog.f("chip-killed-range", &[("min", number(min).into()), ("max", number(max).into())])
            }
            (Some(min), None) => cx.catalog.f("chip-killed-min", &[("n", number(min).into())]),
            (None, max) => cx.catalog.f("chip-killed-max", &[("n", number(max.unwrap_or(0)).into())]),
        },
        Dim::Text => cx.catalog.f("chip-text", &[("text", filter.text.trim().into())]),
        Dim::Area => cx.t("chip-area"),
        Dim::Layer => cx.catalog.f("chip-layer", &[("n", filter.hidden.len().into())]),
        Dim::Twin => cx.t("chip-twin"),
        facet => {
            let codes = filter.codes(facet)?;
            if codes.len() > MAX_NAMED {
                let key = format!("chip-many-{}", names::key(cx, facet));
                return Some(cx.catalog.f(&key, &[("n", codes.len().into())]));
            }
            if facet == Dim::Prominence && codes.len() == 1 {
                let main = codes.contains(&(Prominence::Main as u32));
                return Some(cx.t(if main { "chip-main" } else { "chip-background" }));
            }
            let names: Vec<String> = codes.iter().map(|code| names::code(cx, store, facet, *code)).collect();
            let joined = join_or(cx.catalog, &names);
            if facet == Dim::Claimant {
                cx.catalog.f(&format!("chip-{}", names::key(cx, facet)), &[("names", joined.into())])
            } else {
                capitalized(&joined)
            }
        }
    })
}

/// All values of a dimension, for the tooltip.
fn long_text(cx: &FrameCtx<'_>, store: &Store, dim: Dim) -> Option<String> {
    let codes = cx.state.view.filter.codes(dim)?;
    let shown = codes.iter().take(40).map(|code| names::code_full(cx, store, dim, *code).0);
    let mut all: Vec<String> = shown.collect();
    if codes.len() > all.len() {
        all.push("…".to_owned());
    }
    let names = all.join(&cx.t("join-comma"));
    let dim = names::dim(cx, dim);
    Some(cx.catalog.f("chip-tip-many", &[("dim", dim.into()), ("names", names.into())]))
}

/// The command that takes a dimension back. The window is cleared by its own command, which also
/// stops playing.
pub fn clear(dim: Dim, commands: &mut Commands) {
    match dim {
        Dim::Window => commands.push(TimeCommand::Window(None)),
        Dim::Twin => commands.push(DatasetCommand::TwinsOnce(false)),
        dim => commands.push(FilterCommand::Clear(dim)),
    }
}

/// The chips in lines; nothing if no dimension is active.
pub fn chips_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, commands: &mut Commands) {
    let width = ui.available_width();
    let style = Style::new(TextKind::List, cx.theme.text_strong);
    // Line by line: dimension, text, place of the start edge, width.
    let mut chips: Vec<(Dim, String, f32, f32, f32)> = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    for dim in ORDER {
        let Some(text) = text(cx, store, dim) else { continue };
        let needs = (words::measure(ui.painter(), &text, style).x.ceil() + 31.0).min(width);
        if x > 0.0 && x + needs > width {
            (x, y) = (0.0, y + size::TINY + GAP);
        }
        chips.push((dim, text, x, y, needs));
        x += needs + GAP;
    }
    if chips.is_empty() {
        return;
    }
    let height = y + size::TINY;
    let room = MAX_LINES * (size::TINY + GAP);
    ScrollArea::vertical().id_salt("chips").max_height(room).show(ui, |ui| {
        let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        for (dim, text, x, y, needs) in &chips {
            let left = if cx.rtl() { area.right() - x - needs } else { area.left() + x };
            let rect = Rect::from_min_size(pos2(left, area.top() + y), vec2(*needs, size::TINY));
            chip_ui(ui, cx, store, *dim, text, rect, commands);
        }
    });
}

fn chip_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    dim: Dim,
    text: &str,
    rect: Rect,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let response = ui.interact(rect, ui.scope_id().with(("chip", dim)), Sense::click());
    let named = cx.catalog.f("chip-remove", &[("name", text.into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &named));
    let fill = if response.hovered() { theme.selection } else { theme.accent_soft };
    ui.painter().rect(rect, 11.0, fill, Stroke::new(1.0, theme.accent_line), StrokeKind::Inside);
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(10.0);
    let cross = strip.end(21.0).center();
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), text, style, start_align(cx.rtl()), Some(1));
    let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
    ui.painter().text(cross, egui::Align2::CENTER_CENTER, icons::X, theme::icon_font(12.0), color);
    focus_ring(ui, &response, theme);
    if response.clicked() {
        clear(dim, commands);
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        let long = long_text(cx, store, dim).unwrap_or_else(|| text.to_owned());
        ui.add(words::Words::new(&long, Style::new(TextKind::List, theme.text_strong)).wrap());
        let hint = cx.t("chip-tip-remove");
        ui.add(words::Words::new(&hint, Style::new(TextKind::Caption, theme.text_muted)).wrap());
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn values_are_joined_as_in_speech() {
        let catalog = Catalog::new(Lang::En);
        let join =
            |names: &[&str]| join_or(&catalog, &names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(join(&["exact"]), "exact");
        assert_eq!(join(&["exact", "near"]), "exact or near");
        assert_eq!(capitalized(&join(&["exact", "near", "region"])), "Exact, near or region");
        assert_eq!(capitalized(""), "");
    }

    #[test]
    fn every_dimension_has_its_chip_once() {
        let mut order = ORDER.to_vec();
        order.sort_unstable();
        assert_eq!(order, Dim::ALL);
    }
}
