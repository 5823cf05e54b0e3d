//! Foldable sections with the values of each facet and their live counts.
//!
//! Invariants
//! * A row's count is the number of events that pass all *other* filters and have the value, so it does
//!   not change when its own box is ticked, and rows keep their order under the pointer. Only in lists
//!   of hundreds of values do the chosen ones go to the top, where they can be found again.
//! * Nothing is made anew in a frame in which neither the filter nor what is typed changed, and of a
//!   long list only as many rows are put in order as are looked at.

use std::collections::{HashMap, HashSet};

use egui::{Rect, Response, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use super::names;
use crate::lang::thousands;
use crate::model::{EventType, Lang};
use crate::state::{Commands, FilterCommand};
use crate::store::Store;
use crate::store::filter::{self, Dim};
use crate::store::fold::{FoldOptions, fold};
use crate::ui::theme::{self, TextKind, Theme, size};
use crate::ui::widgets::rows::{Strip, end_align, fold_caret, row_focus, start_align};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{TextField, TextFieldColors};
use crate::ui::{FrameCtx, shapes};

/// Lists longer than this get a field to find a value.
const FIND_FROM: usize = 12;
/// Longer lists scroll within so many rows.
const MAX_ROWS: usize = 9;
const BAR: f32 = 40.0;
/// Least room of a row's count.
const NUMBER: f32 = 28.0;

/// Lists longer than this are long: the chosen values stand first, then the most frequent ones, and
/// the rest unfolds.
const LONG: usize = 200;
/// Cases with more events are not searched for the values that they have: counts tell.
const MANY_EVENTS: usize = 20_000;
/// Names that are folded in one frame of the window.
const NAMES_AT_ONCE: usize = 20_000;

/// What the sections keep between frames.
#[derive(Default)]
pub struct Facets {
    /// Typed into the field of a long list.
    find: HashMap<Dim, String>,
    case_key: Option<CaseKey>,
    present: HashMap<Dim, Present>,
    /// Per facet, the codes that the case has in the order of their names in a language.
    by_name: HashMap<Dim, (Lang, Vec<u32>)>,
    sums: HashMap<Dim, (u64, Sums)>,
    lists: HashMap<Dim, List>,
    /// Folded names of long lists in which something was typed.
    folded: HashMap<Dim, FoldedNames>,
    /// Long lists of which all rows are listed.
    whole: HashSet<Dim>,
}

/// What tells one state of a case from another.
type CaseKey = (u64, usize, usize, usize, usize);

/// Which codes the case has.
struct Present {
    codes: Vec<bool>,
    /// Up to when this may hold: `None` if it was found under no filter and so holds for good.
    until: Option<u64>,
}

/// What the head of a section tells.
#[derive(Clone, Copy, Default)]
struct Sums {
    /// How many values the case has, and how many have events under the other filters.
    all: usize,
    live: usize,
    largest: u32,
}

/// The values of one facet in the order of their rows.
#[derive(Default)]
struct List {
    key: Option<ListKey>,
    /// Values that the case has, those found if something is typed.
    codes: Vec<u32>,
    /// How many of them are in order, from the first.
    sorted: usize,
    /// How many of them are chosen ones that stand first.
    chosen: usize,
    long: bool,
}

/// Generation, language of names, what is typed, and how many names were searched.
type ListKey = (u64, Lang, String, usize);

impl List {
    /// Puts the first rows in order: by count, the most frequent first. `chosen` ones stay before all.
    fn sort_to(&mut self, end: usize, counts: &[u32]) {
        let end = end.min(self.codes.len());
        if end <= self.sorted {
            return;
        }
        // Ever larger parts, so that scrolling through all of it sorts few times.
        let end = end.next_power_of_two().max(64).min(self.codes.len());
        let rank = |code: &u32| (std::cmp::Reverse(counts.get(*code as usize).copied().unwrap_or(0)), *code);
        if let Some(rest) = self.codes.get_mut(self.sorted..) {
            let wanted = end - self.sorted;
            if wanted < rest.len() {
                rest.select_nth_unstable_by_key(wanted, rank);
            }
            if let Some(first) = rest.get_mut(..wanted) {
                first.sort_unstable_by_key(rank);
            }
        }
        self.sorted = end;
    }
}

/// All names of a facet's codes in one folded text, a line for each; made bit by bit.
#[derive(Default)]
struct FoldedNames {
    options: FoldOptions,
    text: String,
    /// Where the names of each code end.
    ends: Vec<usize>,
}

impl FoldedNames {
    fn go_on(&mut self, store: &Store, dim: Dim) {
        let from = self.ends.len();
        let to = (from + NAMES_AT_ONCE).min(filter::num_codes(store, dim));
        for code in from..to {
            each_name(store, dim, code as u32, |name| {
                self.text.push_str(&fold(name, self.options));
                self.text.push('\n');
            });
            self.ends.push(self.text.len());
        }
    }

    /// The codes that have a name with a folded text in it.
    fn find(&self, needle: &str) -> Vec<u32> {
        let hits = self.text.match_indices(needle);
        let mut codes: Vec<u32> =
            hits.map(|(at, _)| self.ends.partition_point(|end| *end <= at) as u32).collect();
        codes.dedup();
        codes
    }
}

impl Facets {
    /// Forgets what belongs to another case.
    fn refresh(&mut self, store: &Store) {
        let case_key = (
            store.generation,
            store.num_events(),
            store.documents.len(),
            store.places.len(),
            store.actors.len(),
        );
        if self.case_key != Some(case_key) {
            // What was typed and unfolded belongs to the user, not to the state of the case.
            let (find, whole) = (std::mem::take(&mut self.find), std::mem::take(&mut self.whole));
            *self = Self { case_key: Some(case_key), find, whole, ..Self::default() };
        }
    }

    fn present(&mut self, cx: &FrameCtx<'_>, store: &Store, dim: Dim) -> &[bool] {
        self.refresh(store);
        let generation = cx.derived.generation;
        let holds = |present: &Present| present.until.is_none_or(|until| until == generation);
        if !self.present.get(&dim).is_some_and(holds) {
            let present = if store.num_events() <= MANY_EVENTS {
                Present { codes: present(store, dim), until: None }
            } else {
                counted(cx, dim, self.present.remove(&dim))
            };
            self.present.insert(dim, present);
        }
        self.present.get(&dim).map_or(&[], |present| &present.codes)
    }

    fn sums(&mut self, cx: &FrameCtx<'_>, store: &Store, dim: Dim) -> Sums {
        self.refresh(store);
        let generation = cx.derived.generation;
        if let Some((counted, sums)) = self.sums.get(&dim)
            && *counted == generation
        {
            return *sums;
        }
        let counts = cx.derived.facet(dim);
        let mut sums = Sums::default();
        for (code, present) in self.present(cx, store, dim).iter().enumerate() {
            let count = counts.get(code).copied().unwrap_or(0);
            sums.all += usize::from(*present);
            sums.live += usize::from(count > 0);
            sums.largest = sums.largest.max(count);
        }
        self.sums.insert(dim, (generation, sums));
        sums
    }

    /// The values of a facet, brought up to date.
    fn list(&mut self, ui: &Ui, cx: &FrameCtx<'_>, store: &Store, dim: Dim) -> &mut List {
        self.refresh(store);
        let long = self.sums(cx, store, dim).all > LONG;
        let found = self.find.get(&dim).map(|text| text.trim().to_owned()).unwrap_or_default();
        let searched = if long && !found.is_empty() { self.fold_names(ui, cx, store, dim) } else { 0 };
        let key = (cx.derived.generation, cx.state.settings.label_lang, found, searched);
        if self.lists.get(&dim).and_then(|list| list.key.as_ref()) != Some(&key) {
            let list = if long {
                self.made_long(cx, store, dim, key)
            } else {
                let codes = self.made(cx, store, dim, &key.2);
                List { sorted: codes.len(), codes, key: Some(key), ..List::default() }
            };
            self.lists.insert(dim, list);
        }
        self.lists.entry(dim).or_default()
    }

    /// Goes on folding names. Returns of how many codes they are folded.
    fn fold_names(&mut self, ui: &Ui, cx: &FrameCtx<'_>, store: &Store, dim: Dim) -> usize {
        let options = FoldOptions { ta_marbuta: cx.state.settings.fold_ta_marbuta };
        let names = self.folded.entry(dim).or_default();
        if names.options != options {
            *names = FoldedNames { options, ..FoldedNames::default() };
        }
        if names.ends.len() < filter::num_codes(store, dim) {
            names.go_on(store, dim);
            ui.ctx().request_repaint();
        }
        names.ends.len()
    }

    /// A long list: the chosen values, then the others, not yet in order.
    fn made_long(&mut self, cx: &FrameCtx<'_>, store: &Store, dim: Dim, key: ListKey) -> List {
        let counts = cx.derived.facet(dim);
        let chosen = cx.state.view.filter.codes(dim);
        let is_chosen = |code: u32| chosen.is_some_and(|chosen| chosen.contains(&code));
        let mut codes: Vec<u32> = chosen.into_iter().flatten().copied().collect();
        if key.2.is_empty() {
            // Values without events under the other filters are found by their names only.
            let live = (0u32..).zip(counts).filter(|(_, count)| **count > 0).map(|(code, _)| code);
            let first = codes.len();
            codes.extend(live.filter(|code| first == 0 || !is_chosen(*code)));
        } else if let Some(names) = self.folded.get(&dim) {
            let options = FoldOptions { ta_marbuta: cx.state.settings.fold_ta_marbuta };
            let found = names.find(&fold(&key.2, options));
            let present = self.present(cx, store, dim);
            codes.retain(|code| found.binary_search(code).is_ok());
            let others = found.iter().copied().filter(|code| !is_chosen(*code));
            codes.extend(others.filter(|code| present.get(*code as usize) == Some(&true)));
        }
        let num_chosen = codes.iter().take_while(|code| is_chosen(**code)).count();
        let mut list = List { key: Some(key), codes, sorted: 0, chosen: num_chosen, long: true };
        let count = |code: &u32| std::cmp::Reverse(counts.get(*code as usize).copied().unwrap_or(0));
        if let Some(first) = list.codes.get_mut(..num_chosen) {
            first.sort_by_key(count);
        }
        list.sorted = num_chosen;
        list
    }

    fn made(&mut self, cx: &FrameCtx<'_>, store: &Store, dim: Dim, found: &str) -> Vec<u32> {
        let lang = cx.state.settings.label_lang;
        // Of very many events the values that there are become known little by little.
        let known = self.by_name.get(&dim).is_some_and(|(made, _)| *made == lang);
        if !known || self.present.get(&dim).is_some_and(|present| present.until.is_some()) {
            let present = self.present(cx, store, dim);
            let codes = (0..present.len() as u32).filter(|code| present.get(*code as usize) == Some(&true));
            let mut codes: Vec<u32> = codes.collect();
            if is_open_list(dim) {
                codes.sort_by_cached_key(|code| names::code(cx, store, dim, *code).to_lowercase());
            }
            self.by_name.insert(dim, (lang, codes));
        }
        let mut codes = self.by_name.get(&dim).map(|(_, codes)| codes.clone()).unwrap_or_default();
        // What is chosen is listed even if no event has it.
        for code in cx.state.view.filter.codes(dim).into_iter().flatten() {
            if !codes.contains(code) {
                codes.push(*code);
            }
        }
        if !found.is_empty() {
            let options = FoldOptions { ta_marbuta: cx.state.settings.fold_ta_marbuta };
            let needle = fold(found, options);
            codes.retain(|code| {
                let mut has = !has_names(dim);
                each_name(store, dim, *code, |name| has |= fold(name, options).contains(&needle));
                has
            });
        }
        if is_open_list(dim) {
            let counts = cx.derived.facet(dim);
            codes.sort_by_key(|code| std::cmp::Reverse(counts.get(*code as usize).copied().unwrap_or(0)));
        }
        codes
    }
}

/// The codes that have events: for good under no filter, else together with those known before.
fn counted(cx: &FrameCtx<'_>, dim: Dim, before: Option<Present>) -> Present {
    let mut codes: Vec<bool> = cx.derived.facet(dim).iter().map(|count| *count > 0).collect();
    mark_types(dim, &mut codes);
    let filter = &cx.state.view.filter;
    // A facet is counted under all filters but its own.
    if !Dim::ALL.into_iter().any(|other| other != dim && filter.is_active(other)) {
        return Present { codes, until: None };
    }
    for (code, was) in codes.iter_mut().zip(before.iter().flat_map(|before| &before.codes)) {
        *code |= *was;
    }
    Present { codes, until: Some(cx.derived.generation) }
}

/// Lists that a case makes, ordered by count; the others have an order of their own.
fn is_open_list(dim: Dim) -> bool {
    matches!(dim, Dim::Actor | Dim::Place | Dim::Claimant | Dim::SubType)
}

/// Whether any event has a code; all codes of ACLED's own types.
fn present(store: &Store, dim: Dim) -> Vec<bool> {
    let mut present = vec![false; filter::num_codes(store, dim)];
    for row in 0..store.num_events() {
        filter::each_code(store, dim, row, |code| {
            if let Some(slot) = present.get_mut(code as usize) {
                *slot = true;
            }
        });
    }
    mark_types(dim, &mut present);
    present
}

/// ACLED's own types are listed even if no event is of one.
fn mark_types(dim: Dim, present: &mut [bool]) {
    if dim == Dim::Type {
        for (index, slot) in present.iter_mut().enumerate() {
            *slot |= EventType::from_index(index).is_some_and(|t| t != EventType::Other);
        }
    }
}

/// Whether the values of a facet have names of their own.
fn has_names(dim: Dim) -> bool {
    matches!(dim, Dim::Actor | Dim::Claimant | Dim::Place | Dim::Document | Dim::SubType)
}

/// All names of a value, in any language and form.
fn each_name(store: &Store, dim: Dim, code: u32, mut each: impl FnMut(&str)) {
    use crate::model::{ActorId, DocumentId, PlaceId};
    match dim {
        Dim::Actor | Dim::Claimant => {
            if let Some(actor) = store.actor(ActorId(code)) {
                let forms = actor.forms.iter().map(String::as_str);
                actor.names.all().chain(actor.short.all()).chain(forms).for_each(each);
            }
        }
        Dim::Place => {
            if let Some(place) = store.place(PlaceId(code)) {
                place.names.all().chain(place.forms.iter().map(String::as_str)).for_each(each);
            }
        }
        Dim::Document => {
            if let Some(document) = store.document(DocumentId(code)) {
                document.titles.all().chain([document.key.as_str()]).for_each(each);
            }
        }
        Dim::SubType => each(store.sub_types.get(code)),
        _ => {}
    }
}

/// Whether a facet can narrow anything: a flat dataset gives many of them one value only.
pub fn is_of_use(cx: &FrameCtx<'_>, store: &Store, facets: &mut Facets, dim: Dim) -> bool {
    cx.state.view.filter.is_active(dim) || facets.sums(cx, store, dim).all > 1
}

/// What the head of a facet's section says at its end, and whether something is chosen.
pub fn head_value(cx: &FrameCtx<'_>, store: &Store, facets: &mut Facets, dim: Dim) -> (String, bool) {
    let chosen = cx.state.view.filter.codes(dim);
    let Sums { all, live, .. } = facets.sums(cx, store, dim);
    match chosen.map_or(0, |codes| codes.len()) {
        0 if matches!(dim, Dim::Type | Dim::GeoPrecision | Dim::DatePrecision | Dim::Prominence) => {
            (cx.t("facet-any"), false)
        }
        0 => (thousands(live as i64), false),
        1 => {
            let code = chosen.and_then(|codes| codes.first()).copied().unwrap_or(0);
            (names::code_short(cx, store, dim, code), true)
        }
        n => (cx.catalog.f("facet-of", &[("chosen", n.into()), ("all", all.into())]), true),
    }
}

/// Head of a foldable section: caret, title, a value at the end, a line above. `name` is the accessible
/// one.
pub fn head_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    name: &str,
    title: &str,
    value: &str,
    value_on: bool,
    open: bool,
) -> Response {
    let theme = cx.theme;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::SECTION_HEAD), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::DisclosureTriangle, true, open, name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(rect, 0.0, theme.active);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(6.0);
    let caret = strip.start(16.0).center();
    strip.start(4.0);
    strip.end(size::INSET);
    let font = theme::icon_bold_font(12.0);
    let glyph = fold_caret(open, cx.rtl());
    ui.painter().text(caret, egui::Align2::CENTER_CENTER, glyph, font, theme.text_muted);
    let title_style = Style::strong(TextKind::List, theme.text_strong);
    let value_color = if value_on { theme.accent } else { theme.text_muted };
    let value_style = Style { strong: value_on, ..Style::new(TextKind::List, value_color) };
    let title_width = words::measure(ui.painter(), title, title_style).x.ceil();
    let value_width = words::measure(ui.painter(), value, value_style).x.ceil();
    let room = strip.rest().width();
    // The title comes first; a long value is cut.
    let value_room = value_width.min((room - title_width - 12.0).max(room * 0.3));
    let value_rect = strip.end(value_room);
    strip.end(8.0);
    words::paint_in(ui.painter(), value_rect, value, value_style, end_align(cx.rtl()), Some(1));
    words::paint_in(ui.painter(), strip.rest(), title, title_style, start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    response
}

/// The rows of a facet.
pub fn values_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    facets: &mut Facets,
    dim: Dim,
    commands: &mut Commands,
) {
    let sums = facets.sums(cx, store, dim);
    if sums.all > FIND_FROM {
        find_ui(ui, cx, facets, dim);
    }
    let whole = facets.whole.contains(&dim);
    let list = facets.list(ui, cx, store, dim);
    let typed = list.key.as_ref().map(|(_, _, typed, _)| typed.clone()).unwrap_or_default();
    if list.codes.is_empty() {
        note_ui(ui, cx, &cx.catalog.f("facet-none-found", &[("text", typed.as_str().into())]));
        return;
    }
    let counts = cx.derived.facet(dim);
    let chosen = cx.state.view.filter.codes(dim);
    let style = Style::new(TextKind::List, cx.theme.text);
    let widest = thousands(i64::from(sums.largest));
    let number_width = words::measure(ui.painter(), &widest, style).x.ceil().max(NUMBER);
    let num_rows = list.codes.len();
    // Of a long list first only what is chosen and what is most frequent.
    let few = MAX_ROWS - 1;
    let cut = list.long && !whole && typed.is_empty() && num_rows > few + 1;
    let listed = if cut { few.max(list.chosen.min(3 * MAX_ROWS)) } else { num_rows }.min(num_rows);
    let mut rows = |ui: &mut Ui, range: std::ops::Range<usize>| {
        list.sort_to(range.end, counts);
        for code in list.codes.get(range).unwrap_or_default().iter().copied() {
            let row = Row {
                dim,
                code,
                count: counts.get(code as usize).copied().unwrap_or(0),
                largest: sums.largest,
                number_width,
                on: chosen.is_some_and(|codes| codes.contains(&code)),
            };
            row_ui(ui, cx, store, row, commands);
        }
    };
    if listed > MAX_ROWS && !cut {
        ScrollArea::vertical()
            .id_salt(("facet", dim))
            .max_height(MAX_ROWS as f32 * size::FACET_ROW)
            .auto_shrink([false, true])
            .show_rows(ui, size::FACET_ROW, listed, rows);
    } else {
        rows(ui, 0..listed);
    }
    let fewer = whole && typed.is_empty() && num_rows > few + 1;
    if cut || fewer {
        let text = if cut {
            cx.catalog.f("facet-more-values", &[("n", (num_rows - listed).into())])
        } else {
            cx.t("facet-fewer-values")
        };
        if more_ui(ui, cx, dim, &text).clicked() && !facets.whole.remove(&dim) {
            facets.whole.insert(dim);
        }
    }
    ui.add_space(5.0);
}

/// The line that lists the rest of a long list, or takes it back.
fn more_ui(ui: &mut Ui, cx: &FrameCtx<'_>, dim: Dim, text: &str) -> Response {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::FACET_ROW), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("more-values", dim)), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, text));
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    strip.start(22.0);
    let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
    let style = Style::new(TextKind::List, color);
    words::paint_in(ui.painter(), strip.rest(), text, style, start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    response
}

/// A line of muted text in a section.
pub fn note_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    let width = (ui.available_width() - 2.0 * size::INSET).max(10.0);
    let height = words::measure_in(ui.painter(), text, style, width, None).y + 8.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    crate::ui::widgets::rows::name_label(&response, text);
    let rect = rect.shrink2(vec2(size::INSET, 2.0));
    words::paint_in(ui.painter(), rect, text, style, start_align(cx.rtl()), None);
}

/// Colours of fields in the panels.
pub fn field_colors(theme: &Theme, bad: bool) -> TextFieldColors {
    TextFieldColors {
        text: theme.text_strong,
        placeholder: theme.text_muted,
        fill: theme.field,
        edge: if bad { theme.error } else { theme.line },
        focus: if bad { theme.error } else { theme.focus },
        selection: theme.selection,
        caret: theme.accent,
    }
}

fn find_ui(ui: &mut Ui, cx: &FrameCtx<'_>, facets: &mut Facets, dim: Dim) {
    let text = facets.find.entry(dim).or_default();
    let hint = cx.catalog.f("facet-find", &[("dim", names::dim_inline(cx, dim).into())]);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::COMPACT + 4.0), Sense::hover());
    let rect = Rect::from_min_max(
        pos2(rect.left() + size::INSET, rect.top()),
        pos2(rect.right() - size::INSET, rect.bottom() - 4.0),
    );
    let mut field = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(("find", dim)));
    let output = TextField::new(text, field_colors(cx.theme, false))
        .id(ui.scope_id().with(("find", dim)))
        .placeholder(&hint)
        .width(rect.width())
        .height(size::COMPACT)
        .show(&mut field);
    if output.cancelled {
        text.clear();
    }
}

#[derive(Clone, Copy)]
struct Row {
    dim: Dim,
    code: u32,
    count: u32,
    largest: u32,
    number_width: f32,
    on: bool,
}

fn row_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, row: Row, commands: &mut Commands) {
    let Row { dim, code, count, on, .. } = row;
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::FACET_ROW), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("value", dim, code)), Sense::click());
    let name = names::code(cx, store, dim, code);
    response.widget_info(|| {
        let dim_name = names::dim(cx, dim);
        let args = [("dim", dim_name.into()), ("name", name.as_str().into()), ("n", count.into())];
        egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, cx.catalog.f("facet-row", &args))
    });
    if ui.is_rect_visible(rect) {
        if response.is_pointer_button_down_on() {
            ui.painter().rect_filled(rect, 0.0, theme.active);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0.0, theme.hover);
        }
        let mut faded = ui.new_child(UiBuilder::new().max_rect(rect));
        if count == 0 && !on {
            faded.multiply_opacity(0.55);
        }
        paint_row(&faded, cx, row, &name, rect);
        row_focus(ui, &response, theme);
    }
    let response = response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        let (full, second) = names::code_full(cx, store, dim, code);
        ui.add(words::Words::new(&full, Style::strong(TextKind::List, theme.text_strong)).wrap());
        if let Some(second) = second {
            ui.add(words::Words::new(&second, Style::new(TextKind::List, theme.text)).wrap());
        }
        let counted = cx.catalog.f("facet-tip-count", &[("n", count.into())]);
        ui.add(words::Words::new(&counted, Style::new(TextKind::List, theme.text)).wrap());
        let hint = cx.t("facet-tip-only");
        ui.add(words::Words::new(&hint, Style::new(TextKind::Caption, theme.text_muted)).wrap());
    });
    if !response.clicked() && !response.double_clicked() {
        return;
    }
    let only = response.double_clicked() || ui.input(|input| input.modifiers.alt);
    let sole = on && cx.state.view.filter.codes(dim).is_some_and(|codes| codes.len() == 1);
    commands.push(match (only, sole) {
        // Taking the only value alone again would do nothing: it is let go.
        (true, true) if !response.double_clicked() => FilterCommand::Clear(dim),
        (true, _) => FilterCommand::Only(dim, code),
        (false, _) => FilterCommand::Toggle(dim, code),
    });
}

fn paint_row(ui: &Ui, cx: &FrameCtx<'_>, row: Row, name: &str, rect: Rect) {
    let theme = cx.theme;
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::INSET);
    strip.end(size::INSET);
    let check = strip.start(14.0).center();
    crate::ui::widgets::controls::paint_checkbox(ui, theme, check, row.on, true);
    strip.start(8.0);
    let mut bar_color = if row.on { theme.accent } else { theme.text_muted };
    if let Some(event_type) = EventType::from_index(row.code as usize).filter(|_| row.dim == Dim::Type) {
        bar_color = theme.event_type(event_type);
        let center = strip.start(14.0).center();
        let fill = shapes::Fill::Solid;
        shapes::paint(ui.painter(), event_type, center, 5.5, fill, bar_color, theme.symbol_edge);
        strip.start(8.0);
    }
    let number = strip.end(row.number_width);
    if row.number_width > NUMBER {
        strip.end(8.0);
    }
    let track = strip.end(BAR);
    strip.end(8.0);
    let number_color = if row.count == 0 { theme.text_muted } else { theme.text_strong };
    let number_style = Style::new(TextKind::List, number_color);
    let text = thousands(i64::from(row.count));
    words::paint_in(ui.painter(), number, &text, number_style, end_align(cx.rtl()), Some(1));
    let track = Rect::from_center_size(track.center().round(), vec2(BAR, 4.0));
    ui.painter().rect_filled(track, 2.0, theme.ghost_bar);
    if row.count > 0 {
        let share = row.count as f32 / row.largest.max(1) as f32;
        let part = Strip::new(track, cx.rtl()).start((share * BAR).round().max(3.0));
        ui.painter().rect_filled(part, 2.0, bar_color);
    }
    let color = if row.on { theme.text_strong } else { theme.text };
    let style = Style::new(TextKind::List, color);
    words::paint_in(ui.painter(), strip.rest(), name, style, start_align(cx.rtl()), Some(1));
}
