//! Several events are selected: their sum and their list.

use egui::{Sense, Ui, pos2};

use super::StoreKey;
use super::line::{Line, inside};
use crate::model::time::{DateStyle, format_interval};
use crate::model::{DatePrecision, EventId, EventType, Interval};
use crate::state::{Commands, EventSet, OpenCase, SelectCommand};
use crate::store::Store;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style, Words};
use crate::ui::widgets::{LongList, LongListLayout};
use crate::ui::{FrameCtx, format, shapes};

/// Events that are summed up in one frame of the window: thousands of them must not hold it up.
const AT_ONCE: usize = 100_000;

/// State of the panel's widgets.
#[derive(Default)]
pub struct SeveralUi {
    summary: Option<Summary>,
    scroll: LongList,
}

/// What is said of a set of events, made from the columns bit by bit and kept until the set changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    key: StoreKey,
    events: EventSet,
    /// How many of the events are summed up.
    done: usize,
    types: [usize; EventType::ALL.len()],
    span: Option<Interval>,
    undated: usize,
    /// Sum of the lowest and of the highest tolls.
    low: u64,
    high: u64,
    open: bool,
    with_toll: usize,
    claims: usize,
}

impl Summary {
    pub fn new(key: StoreKey, events: EventSet) -> Self {
        Self { key, events, ..Self::default() }
    }

    pub fn is_complete(&self) -> bool {
        self.done == self.events.len()
    }

    /// Sums up some more events.
    pub fn go_on(&mut self, store: &Store) {
        let events = self.events.clone();
        let end = (self.done + AT_ONCE).min(events.len());
        for event in events.get(self.done..end).unwrap_or_default() {
            if let Some(count) = self.types.get_mut(store.event_type(*event).index()) {
                *count += 1;
            }
            let interval = store.interval(*event);
            if interval.is_unknown() {
                self.undated += 1;
            } else {
                self.span = Some(self.span.map_or(interval, |span| span.union(interval)));
            }
            let fatalities = store.fatalities(*event);
            if let (Some(low), Some(high)) = (fatalities.low, fatalities.high) {
                self.low += u64::from(low);
                self.high += u64::from(high);
                self.open |= fatalities.high_open;
                self.with_toll += 1;
            }
            self.claims += store.num_claims_of(*event);
        }
        self.done = end;
    }
}

pub fn several_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    events: &EventSet,
    state: &mut SeveralUi,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let store = &*case.store;
    let key = StoreKey::of(case);
    let is_of = |kept: &Summary| kept.key == key && kept.events == *events;
    let mut summary = match state.summary.take().filter(is_of) {
        Some(summary) => summary,
        None => Summary::new(key, events.clone()),
    };
    if !summary.is_complete() {
        summary.go_on(store);
        ui.ctx().request_repaint();
    }
    let summary = &*state.summary.insert(summary);
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let muted = Style::new(TextKind::List, theme.text_muted);
    let text = Style::new(TextKind::List, theme.text);

    let (line, _) = Line::allocate(ui, size::PANEL_HEAD, Sense::hover(), cx.rtl());
    ui.painter().rect_filled(line.rect, 0.0, theme.header);
    ui.painter().hline(line.rect.x_range(), line.rect.bottom() - 0.5, theme.hairline());
    let end = line.width() - size::INSET;
    let title = cx.catalog.f("details-several", &[("n", events.len().into())]);
    let label =
        ui.interact(line.part(size::INSET, end - 24.0), ui.scope_id().with("several"), Sense::hover());
    label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, &title));
    line.text(ui.painter(), size::INSET, end - 24.0, &title, strong);
    let slot = line.part(line.width() - 4.0 - size::TINY, line.width() - 4.0);
    let slot = egui::Rect::from_center_size(slot.center(), egui::vec2(size::TINY, size::TINY));
    let close = cx.t("details-close");
    if inside(ui, slot, |ui| controls::icon_button(ui, theme, icons::X, &close, size::TINY).clicked()) {
        commands.push(SelectCommand::None);
    }

    super::twins::mark_ui(ui, cx, case, events, commands);
    ui.add_space(8.0);
    for event_type in EventType::ALL {
        let count = summary.types.get(event_type.index()).copied().unwrap_or(0);
        if count == 0 {
            continue;
        }
        let (line, _) = Line::allocate(ui, 19.0, Sense::hover(), cx.rtl());
        let at = pos2(line.x(size::INSET + 7.0), line.rect.center().y);
        let color = theme.event_type(*event_type);
        shapes::paint(ui.painter(), *event_type, at, 5.5, shapes::Fill::Solid, color, theme.symbol_edge);
        let name = format::event_type(cx.catalog, *event_type);
        let name_end = line.text(ui.painter(), 32.0, end - 40.0, &name, text);
        let n = crate::lang::thousands(count as i64);
        line.text(ui.painter(), name_end + 8.0, end, &n, strong);
    }
    ui.add_space(4.0);
    egui::Frame::new().inner_margin(egui::Margin::symmetric(size::INSET as i8, 0)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let mut facts: Vec<String> = Vec::new();
        if let Some(span) = summary.span {
            facts.push(format_interval(span, DatePrecision::Days, cx.lang(), DateStyle::Long));
        }
        if summary.undated > 0 {
            facts.push(format!("{} {}", summary.undated, cx.t("date-precision-unknown")));
        }
        facts.push(cx.catalog.f("claims", &[("n", summary.claims.into())]));
        ui.add(Words::new(&facts.join(" · "), text).wrap());
        if summary.with_toll == 0 {
            ui.add(Words::new(&cx.t("details-no-toll"), muted));
            return;
        }
        ui.add_space(6.0);
        let number = |n: u64| crate::lang::thousands(i64::try_from(n).unwrap_or(i64::MAX));
        let range = [("low", number(summary.low).into()), ("high", number(summary.high).into())];
        let toll = match (summary.low == summary.high, summary.open) {
            (true, false) => number(summary.low),
            (true, true) => format!("≥ {}", number(summary.low)),
            (false, false) => cx.catalog.f("claims-range", &range),
            (false, true) => cx.catalog.f("claims-range-open", &range),
        };
        ui.add(Words::new(&cx.t("details-several-toll"), muted));
        ui.add(Words::new(&toll, Style::strong(TextKind::KeyNumber, theme.text_strong)));
        let note = cx.catalog.f("details-several-toll-note", &[("n", summary.with_toll.into())]);
        ui.add(Words::new(&note, Style::new(TextKind::Caption, theme.warning)).wrap());
    });
    ui.add_space(8.0);
    let (head, _) = Line::allocate(ui, size::SECTION_HEAD, Sense::hover(), cx.rtl());
    ui.painter().rect_filled(head.rect, 0.0, theme.header);
    ui.painter().hline(head.rect.x_range(), head.rect.top() + 0.5, theme.hairline());
    head.text(ui.painter(), size::INSET, end, &cx.t("details-several-events"), strong);
    let body = ui.available_rect_before_wrap();
    let layout =
        LongListLayout { rect: body, row_height: size::LIST_ROW, num_rows: events.len(), reveal: None };
    ui.spacing_mut().scroll.floating_width = 4.0;
    state.scroll.show(ui, "several events", layout, |ui, row| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        if let Some(event) = events.get(row) {
            row_ui(ui, cx, store, *event, commands);
        }
    });
}

fn row_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, commands: &mut Commands) {
    let theme = cx.theme;
    let (line, response) = Line::allocate(ui, size::LIST_ROW, Sense::click(), cx.rtl());
    if response.hovered() {
        commands.hover(event);
    }
    if response.hovered() || cx.is_hovered(event) {
        ui.painter().rect_filled(line.rect, 0.0, theme.hover);
    }
    if cx.is_primary(event) {
        ui.painter().rect_filled(line.part(0.0, 3.0), 0.0, theme.accent);
    }
    let (upper, lower) = (line.rows(3.0, 20.0), line.rows(19.0, 36.0));
    let event_type = store.event_type(event);
    let at = pos2(line.x(size::INSET + 7.0), upper.rect.center().y);
    let color = theme.event_type(event_type);
    shapes::paint(ui.painter(), event_type, at, 5.5, shapes::Fill::Solid, color, theme.symbol_edge);
    let end = line.width() - size::INSET;
    let number = Style::new(TextKind::List, theme.text_strong);
    let toll = format::toll(store.fatalities(event), cx.lang()).unwrap_or_else(|| "–".to_owned());
    let width = words::measure(ui.painter(), &toll, number).x.ceil() + 1.0;
    upper.text_end(ui.painter(), end - width, end, &toll, number);
    let title = format::event_title(cx.catalog, store, event, cx.lang());
    upper.text(ui.painter(), 34.0, end - width - 8.0, &title, Style::new(TextKind::List, theme.text_strong));
    let date = format::event_date(store, event, cx.lang(), DateStyle::Short);
    let place = format::isolated(format::first_place(store, event, super::names_lang(cx)), cx.lang());
    let parts: Vec<&str> =
        [date.as_str(), place.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    lower.text(ui.painter(), 34.0, end, &parts.join(" · "), muted);
    controls::focus_ring(ui, &response, theme);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &title));
    if response.clicked() {
        commands.push(SelectCommand::Event(event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_over_nothing_says_nothing() {
        let mut summary = Summary::new(StoreKey::default(), EventSet::default());
        assert!(summary.is_complete());
        summary.go_on(&Store::default());
        assert_eq!((summary.with_toll, summary.span), (0, None));
    }
}
