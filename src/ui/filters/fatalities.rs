//! The facet of fatalities: a range typed as two numbers, or picked from a histogram.

use egui::{Rect, Sense, Ui, UiBuilder, pos2, vec2};

use super::facets::{field_colors, note_ui};
use crate::lang::thousands;
use crate::state::{Commands, FilterCommand};
use crate::store::Store;
use crate::store::cross::{TOLL_BINS as BINS, toll_bin as bin_of};
use crate::text::BaseDirection;
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, size};
use crate::ui::widgets::TextField;
use crate::ui::widgets::controls::focus_ring;
use crate::ui::widgets::rows::{Strip, tip};
use crate::ui::widgets::words::{self, Style};

const BARS_HEIGHT: f32 = 32.0;

type Range = (Option<u32>, Option<u32>);

/// What the section keeps between frames.
#[derive(Default)]
pub struct FatalitiesUi {
    min: String,
    max: String,
    /// The range that the fields were last brought in line with.
    synced: Range,
    key: Option<u64>,
    counts: [u32; BINS.len()],
    without: u32,
    /// Bins are shown up to the highest one in the case.
    num_bins: usize,
}

/// The tolls of a bin; the last one is open.
fn range_of(first: usize, last: usize) -> Range {
    (BINS.get(first).copied(), BINS.get(last + 1).map(|next| next - 1))
}

/// A typed number; Arabic-Indic digits count, an empty field is no limit.
fn parsed(text: &str) -> Result<Option<u32>, ()> {
    let mut digits = String::new();
    for c in text.trim().chars().filter(|c| !matches!(c, ',' | '\u{202F}' | '٬')) {
        let digit = match c {
            '0'..='9' => c,
            '٠'..='٩' => char::from_digit(c as u32 - '٠' as u32, 10).ok_or(())?,
            '۰'..='۹' => char::from_digit(c as u32 - '۰' as u32, 10).ok_or(())?,
            _ => return Err(()),
        };
        digits.push(digit);
    }
    if digits.is_empty() { Ok(None) } else { digits.parse().map(Some).map_err(|_| ()) }
}

/// The typed range; an error if a field is no number or the range is empty.
fn typed(min: &str, max: &str) -> Result<Range, ()> {
    let (min, max) = (parsed(min)?, parsed(max)?);
    if min.zip(max).is_some_and(|(min, max)| min > max) { Err(()) } else { Ok((min, max)) }
}

impl FatalitiesUi {
    fn refresh(&mut self, cx: &FrameCtx<'_>, store: &Store) {
        let filter = &cx.state.view.filter;
        let range = (filter.min_fatalities, filter.max_fatalities);
        if self.synced != range {
            let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
            (self.min, self.max) = (text(range.0), text(range.1));
            self.synced = range;
        }
        if self.key == Some(cx.derived.generation) {
            return;
        }
        self.key = Some(cx.derived.generation);
        let tolls = cx.derived.tolls();
        (self.counts, self.without) = (tolls.per_bin, tolls.without);
        self.num_bins = store.index.max_toll.map_or(0, |toll| bin_of(toll) + 1);
        self.num_bins = self.num_bins.clamp(6, BINS.len());
    }
}

/// The section's body.
pub fn fatalities_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    state: &mut FatalitiesUi,
    commands: &mut Commands,
) {
    state.refresh(cx, store);
    fields_ui(ui, cx, state, commands);
    bars_ui(ui, cx, state, commands);
    note_ui(ui, cx, &cx.catalog.f("facet-killed-none", &[("n", state.without.into())]));
}

fn fields_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut FatalitiesUi, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::COMPACT + 2.0), Sense::hover());
    let rect = Rect::from_min_size(rect.min, vec2(rect.width(), size::COMPACT));
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    let bad = typed(&state.min, &state.max).is_err();
    let mut changed = false;
    for (label, name, text) in [
        ("facet-killed-from", "facet-killed-from-name", &mut state.min),
        ("facet-killed-to", "facet-killed-to-name", &mut state.max),
    ] {
        let label = cx.t(label);
        let style = Style::new(TextKind::List, theme.text_muted);
        let width = words::measure(ui.painter(), &label, style).x.ceil();
        words::paint_in(ui.painter(), strip.start(width), &label, style, egui::Align::Center, Some(1));
        strip.start(8.0);
        let room = strip.start(68.0);
        strip.start(8.0);
        let mut child = ui.new_child(UiBuilder::new().max_rect(room));
        let output = TextField::new(text, field_colors(theme, bad))
            .id(ui.scope_id().with(name))
            .name(&cx.t(name))
            .width(room.width())
            .height(size::COMPACT)
            .direction(BaseDirection::Ltr)
            .show(&mut child);
        changed |= output.changed;
    }
    match typed(&state.min, &state.max) {
        Ok(range) if changed => {
            state.synced = range;
            commands.push(FilterCommand::Fatalities { min: range.0, max: range.1 });
        }
        Ok(_) => {}
        Err(()) => note_ui(ui, cx, &cx.t("facet-killed-bad")),
    }
}

fn bars_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &FatalitiesUi, commands: &mut Commands) {
    let theme = cx.theme;
    let height = BARS_HEIGHT + 18.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let area = rect.shrink2(vec2(size::INSET, 0.0));
    let step = (area.width() / state.num_bins as f32).floor().max(4.0);
    let largest = state.counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    let bin_rect = |bin: usize| {
        let x = bin as f32 * step;
        let left = if cx.rtl() { area.right() - x - step } else { area.left() + x };
        Rect::from_min_size(pos2(left, area.top()), vec2(step, height))
    };
    let filter = &cx.state.view.filter;
    let chosen: Range = (filter.min_fatalities, filter.max_fatalities);
    for bin in 0..state.num_bins {
        let (least, most) = range_of(bin, bin);
        let part = bin_rect(bin);
        let response = ui.interact(part, ui.scope_id().with(("killed", bin)), Sense::click_and_drag());
        let count = state.counts.get(bin).copied().unwrap_or(0);
        let inside = chosen.0.is_none_or(|min| most.is_none_or(|most| most >= min))
            && chosen.1.is_none_or(|max| least.is_none_or(|least| least <= max));
        let name = || {
            let least = least.unwrap_or(0);
            let number = |n: u32| thousands(i64::from(n));
            let range = match most {
                Some(most) if most == least => number(least),
                Some(most) => format!("{}–{}", number(least), number(most)),
                None => format!("≥ {}", number(least)),
            };
            cx.catalog.f("facet-killed-bin", &[("range", range.into()), ("n", count.into())])
        };
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, inside, name()));
        let bars = Rect::from_min_size(part.min, vec2(step, BARS_HEIGHT)).shrink2(vec2(1.0, 0.0));
        if response.hovered() {
            ui.painter().rect_filled(bars, 2.0, theme.hover);
        }
        let tall = (count as f32 / largest * (BARS_HEIGHT - 4.0)).round();
        let tall = if count > 0 { tall.max(2.0) } else { 0.0 };
        let bar = Rect::from_min_max(pos2(bars.left(), bars.bottom() - tall), bars.max);
        let active = chosen != (None, None);
        let color = match (active, inside) {
            (true, true) => theme.accent,
            (true, false) => theme.ghost_bar,
            (false, _) => theme.text_muted,
        };
        ui.painter().rect_filled(bar, 1.0, color);
        ui.painter().hline(bars.x_range(), bars.bottom() + 0.5, egui::Stroke::new(1.0, theme.line));
        if let Some(least) = BINS.get(bin) {
            let label = Rect::from_min_max(pos2(part.left(), bars.bottom() + 2.0), part.max);
            let style = Style::new(TextKind::Caption, theme.text_muted);
            let label_text = thousands(i64::from(*least));
            words::paint_in(ui.painter(), label, &label_text, style, egui::Align::Center, Some(1));
        }
        focus_ring(ui, &response, theme);
        let dragged_to = response.dragged().then(|| response.interact_pointer_pos()).flatten();
        if response.clicked() {
            let range = range_of(bin, bin);
            // A second click lets the range go.
            let (min, max) = if chosen == range { (None, None) } else { range };
            commands.push(FilterCommand::Fatalities { min, max });
        } else if let Some(pos) = dragged_to {
            let along = if cx.rtl() { area.right() - pos.x } else { pos.x - area.left() };
            let other = ((along / step).max(0.0) as usize).min(state.num_bins - 1);
            let (min, max) = range_of(bin.min(other), bin.max(other));
            if chosen != (min, max) {
                commands.push(FilterCommand::Fatalities { min, max });
            }
        }
        tip(response, theme, &name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_cover_all_tolls_without_gaps() {
        assert_eq!((bin_of(0), bin_of(1), bin_of(4), bin_of(5), bin_of(70_000)), (0, 1, 2, 3, 10));
        for toll in 0..2000 {
            let (least, most) = range_of(bin_of(toll), bin_of(toll));
            assert!(least.is_some_and(|least| least <= toll) && most.is_none_or(|most| toll <= most));
        }
        assert_eq!(range_of(4, 5), (Some(10), Some(49)));
    }

    #[test]
    fn typed_numbers_may_be_arabic_and_must_make_a_range() {
        assert_eq!(typed("٢٠", " 1,000 "), Ok((Some(20), Some(1000))));
        assert_eq!(typed("", ""), Ok((None, None)));
        assert_eq!(typed("5", "2"), Err(()));
        assert_eq!(typed("many", ""), Err(()));
        assert_eq!(typed("-1", ""), Err(()));
    }
}
