//! What the palette finds: actions, recent files, and places, actors and events of the open case.
//!
//! All typed words must occur, in the name or in the note beside it, in any order and folded as the
//! search folds.

use std::cmp::Reverse;

use super::parts;
use crate::lang::Catalog;
use crate::model::time::{DateStyle, date_of, format_day};
use crate::model::{ActorId, EventId, Lang, Names, PlaceId};
use crate::state::{Action, AppState, Needs, actions};
use crate::store::Store;
use crate::store::fold::{FoldOptions, Folded, fold};
use crate::store::search::named;
use crate::ui::format;
use crate::ui::theme::icons;

/// How many events are listed at most.
const MAX_EVENTS: usize = 40;
/// How many places, and how many actors, are listed at most.
const MAX_NAMES: usize = 200;

/// Where a found thing stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Actions,
    Recent,
    Places,
    Actors,
    Events,
}

impl Section {
    /// Message key of the heading.
    pub fn key(self) -> &'static str {
        match self {
            Section::Actions => "palette-actions",
            Section::Recent => "palette-recent",
            Section::Places => "palette-places",
            Section::Actors => "palette-actors",
            Section::Events => "palette-events",
        }
    }
}

/// What is done when an item is chosen.
#[derive(Clone, Debug)]
pub enum Target {
    Action(&'static Action),
    Recent(String),
    Place(PlaceId),
    Actor(ActorId),
    Event(EventId),
}

/// One row of the palette.
#[derive(Clone, Debug)]
pub struct Item {
    pub section: Section,
    pub target: Target,
    pub icon: &'static str,
    pub title: String,
    pub note: String,
    /// What is searched beside the title; the note may say what is missing instead.
    hint: String,
    /// Scalar ranges of the title that match what was typed.
    pub marks: Vec<(u32, u32)>,
}

/// What was found, and of how many things.
#[derive(Clone, Debug, Default)]
pub struct Finds {
    pub items: Vec<Item>,
    pub total: usize,
}

/// Typed words, folded.
struct Typed {
    words: Vec<String>,
    options: FoldOptions,
}

impl Typed {
    fn new(text: &str, options: FoldOptions) -> Self {
        let words = fold(text, options).split_whitespace().map(str::to_owned).collect();
        Self { words, options }
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a title with its note fits, small is good, and where; `None` if a word is missing.
    fn fit(&self, title: &str, note: &str) -> Option<(u8, Vec<(u32, u32)>)> {
        let folded = Folded::new(title, self.options);
        let note = fold(note, self.options);
        let in_title = |word: &String| folded.text.contains(word.as_str());
        if !self.words.iter().all(|word| in_title(word) || note.contains(word.as_str())) {
            return None;
        }
        let begins = |word: &String| {
            folded.text.match_indices(word.as_str()).any(|(at, _)| {
                folded
                    .text
                    .get(..at)
                    .and_then(|before| before.chars().next_back())
                    .is_none_or(|c| !c.is_alphanumeric())
            })
        };
        let first = self.words.first().is_some_and(|word| folded.text.starts_with(word.as_str()));
        let score = if !self.words.iter().all(in_title) {
            3
        } else if !self.words.iter().all(begins) {
            2
        } else {
            u8::from(!first)
        };
        let mut marks: Vec<(u32, u32)> = self.words.iter().flat_map(|word| folded.find_all(word)).collect();
        marks.sort_unstable();
        marks.dedup_by(|next, kept| {
            let overlap = next.0 < kept.1;
            if overlap {
                kept.1 = kept.1.max(next.1);
            }
            overlap
        });
        Some((score, marks))
    }
}

/// What fits a typed text; everything that can be done if nothing is typed.
pub fn find(state: &AppState, catalog: &Catalog, text: &str) -> Finds {
    let options = FoldOptions { ta_marbuta: state.settings.fold_ta_marbuta };
    let typed = Typed::new(text, options);
    let mut ranked: Vec<(u8, Item)> = Vec::new();
    let mut add = |mut item: Item| {
        if typed.is_empty() {
            ranked.push((0, item));
        } else if let Some((score, marks)) = typed.fit(&item.title, &item.hint) {
            item.marks = marks;
            ranked.push((score, item));
        }
    };
    let mut total = 0;
    for action in actions() {
        total += 1;
        add(action_item(state, catalog, action));
    }
    for recent in &state.settings.recent {
        total += 1;
        let (name, folder) = parts::split_path(&recent.path);
        add(Item {
            section: Section::Recent,
            target: Target::Recent(recent.path.clone()),
            icon: file_icon(name),
            title: catalog.f("palette-open", &[("name", parts::island(name, true).into_owned().into())]),
            note: join(&[&parts::island(folder, true), &opened_on(recent.opened_at, catalog.lang())]),
            hint: folder.to_owned(),
            marks: Vec::new(),
        });
    }
    ranked.sort_by_key(|(score, item)| (item.section, *score));
    let mut items: Vec<Item> = ranked.into_iter().map(|(_, item)| item).collect();
    if let Some(store) = state.store() {
        total += store.places.len() + store.actors.len() + store.num_events();
        if !typed.is_empty() {
            find_in_case(store, state, catalog.lang(), text, &typed, &mut items);
        }
    }
    Finds { items, total }
}

fn find_in_case(
    store: &Store,
    state: &AppState,
    lang: Lang,
    text: &str,
    typed: &Typed,
    items: &mut Vec<Item>,
) {
    let (places, actors) = named(store, text, typed.options);
    let labels = state.settings.label_lang;
    let item = |section, target, icon, names: &Names, lang: Lang, note: &str| {
        let title = names.get(lang).to_owned();
        let marks = typed.fit(&title, "").map_or_else(Vec::new, |(_, marks)| marks);
        Item { section, target, icon, title, note: note.to_owned(), hint: String::new(), marks }
    };
    let begin = items.len();
    for id in places.into_iter().take(MAX_NAMES) {
        if let Some(place) = store.place(id) {
            let note = place.names.beside(labels).unwrap_or_default();
            let target = Target::Place(id);
            items.push(item(Section::Places, target, icons::MAP_PIN, &place.names, labels, note));
        }
    }
    rank(items, begin);
    let begin = items.len();
    for id in actors.into_iter().take(MAX_NAMES) {
        if let Some(actor) = store.actor(id) {
            let note = actor.names.beside(labels).unwrap_or_default();
            let target = Target::Actor(id);
            items.push(item(Section::Actors, target, icons::USERS, &actor.names, labels, note));
        }
    }
    rank(items, begin);
    let begin = items.len();
    // Rows of flat datasets have no titles of their own; the search finds them.
    let titled = store.events().zip(&store.details);
    let fitting =
        titled.filter(|(_, detail)| detail.titles.all().any(|title| typed.fit(title, "").is_some()));
    for (id, _) in fitting.take(MAX_EVENTS) {
        let Some(detail) = store.detail(id) else { continue };
        let date = format::event_date(store, id, lang, DateStyle::Short);
        let note = join(&[&date, &parts::island(format::first_place(store, id, labels), false)]);
        items.push(item(Section::Events, Target::Event(id), icons::CROSSHAIR, &detail.titles, lang, &note));
    }
    rank(items, begin);
}

/// Puts names that show what was typed before those that have it in another language.
fn rank(items: &mut [Item], begin: usize) {
    if let Some(added) = items.get_mut(begin..) {
        added.sort_by_key(|item| Reverse(!item.marks.is_empty()));
    }
}

fn action_item(state: &AppState, catalog: &Catalog, action: &'static Action) -> Item {
    let key = format!("action-{}", action.name);
    let hint = catalog.get(&format!("{key}.hint")).unwrap_or_default();
    let note = if action.enabled(state) { hint.clone() } else { catalog.t(needs_key(action)) };
    Item {
        section: Section::Actions,
        target: Target::Action(action),
        icon: action_icon(action.name),
        title: catalog.t(&key),
        note,
        hint,
        marks: Vec::new(),
    }
}

/// Message key of why an action cannot be done now.
pub fn needs_key(action: &Action) -> &'static str {
    match action.needs {
        Needs::Selection => "needs-selection",
        Needs::SearchHits => "needs-search",
        Needs::Done => "needs-done",
        Needs::Undone => "needs-undone",
        Needs::Case | Needs::Nothing => "needs-case",
    }
}

/// Texts with a dot between them, without the empty ones.
pub fn join(texts: &[&str]) -> String {
    let present: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    present.join(" · ")
}

/// The day on which a file was last opened.
pub fn opened_on(unix_secs: i64, lang: Lang) -> String {
    date_of(unix_secs).map_or_else(String::new, |date| format_day(date, lang, DateStyle::Short))
}

/// Icon for a file by its name.
pub fn file_icon(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        None => icons::FOLDER_OPEN,
        Some("csv" | "tsv") => icons::FILE_CSV,
        Some("json" | "geojson") => icons::DATABASE,
        Some("txt" | "md" | "text") => icons::FILE_TEXT,
        Some(_) => icons::FILE,
    }
}

fn action_icon(name: &str) -> &'static str {
    match name {
        "open" => icons::FOLDER_OPEN,
        "open-mali" => icons::MAP_TRIFOLD,
        "attach" => icons::PAPERCLIP,
        "export-png" => icons::IMAGE,
        name if name.starts_with("export") => icons::EXPORT,
        "close-case" => icons::X,
        "quit" => icons::SIGN_OUT,
        "undo" => icons::ARROW_COUNTER_CLOCKWISE,
        "redo" => icons::ARROW_CLOCKWISE,
        "back" => icons::CARET_LEFT,
        "forward" => icons::CARET_RIGHT,
        "select-all" | "select-none" => icons::SELECTION,
        "find" | "fold-ta-marbuta" => icons::MAGNIFYING_GLASS,
        "next-hit" => icons::ARROW_DOWN,
        "previous-hit" => icons::ARROW_UP,
        "reset-filters" => icons::ARROW_COUNTER_CLOCKWISE,
        "palette" => icons::COMMAND,
        "toggle-start" | "toggle-end" => icons::SIDEBAR_SIMPLE,
        "toggle-timeline" => icons::CHART_BAR,
        name if name.starts_with("text-") => icons::ARTICLE,
        "tray-undated" => icons::CALENDAR_X,
        "tray-unplaced" => icons::MAP_PIN,
        "tray-outside" => icons::CLOCK,
        "tray-filtered" => icons::FUNNEL,
        "problems" => icons::WARNING,
        "theme-light" => icons::SUN,
        "toggle-theme" | "theme-dark" | "theme-system" => icons::MOON,
        "full-screen" => icons::CORNERS_OUT,
        "reduced-motion" => icons::GAUGE,
        "fit-all" => icons::FRAME_CORNERS,
        "fit-selection" => icons::TARGET,
        "zoom-in" => icons::MAGNIFYING_GLASS_PLUS,
        "zoom-out" => icons::MAGNIFYING_GLASS_MINUS,
        "toggle-legend" => icons::LIST_BULLETS,
        name if name.starts_with("labels-") => icons::TRANSLATE,
        name if name.starts_with("basemap-") => icons::STACK,
        "play" => icons::PLAY,
        "step-forward" | "next-event" => icons::ARROW_RIGHT,
        "step-back" | "previous-event" => icons::ARROW_LEFT,
        "big-step-forward" => icons::CARET_DOUBLE_RIGHT,
        "big-step-back" => icons::CARET_DOUBLE_LEFT,
        "to-first" => icons::SKIP_BACK,
        "to-last" => icons::SKIP_FORWARD,
        "toggle-repeat" => icons::REPEAT,
        name if name.starts_with("step-") => icons::CLOCK,
        name if name.starts_with("lanes-") => icons::LIST,
        "toggle-gaps" => icons::ARROWS_IN_LINE_HORIZONTAL,
        "timeline-fit" => icons::ARROWS_OUT_LINE_HORIZONTAL,
        "keys" => icons::KEYBOARD,
        "about" => icons::INFO,
        _ => icons::CALENDAR_BLANK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::RecentFile;

    fn titles(finds: &Finds) -> Vec<&str> {
        finds.items.iter().map(|item| item.title.as_str()).collect()
    }

    #[test]
    fn nothing_typed_lists_every_action() {
        let finds = find(&AppState::default(), &Catalog::new(Lang::En), "  ");
        assert_eq!(finds.items.len(), actions().len());
        assert_eq!(finds.total, actions().len());
    }

    #[test]
    fn all_words_must_occur_and_names_that_begin_come_first() {
        let mut state = AppState::default();
        let recent = |path: &str| RecentFile { path: path.to_owned(), note: "3".to_owned(), opened_at: 0 };
        state.settings.recent = vec![recent("/cases/siege.json")];
        let finds = find(&state, &Catalog::new(Lang::En), "open");
        let titles_found = titles(&finds);
        assert_eq!(titles_found.first(), Some(&"Open files…"));
        assert!(!titles_found.contains(&"Close case"), "what it needs is no name of it");
        assert_eq!(titles_found.last(), Some(&"Open siege.json"));
        let finds = find(&state, &Catalog::new(Lang::En), "mali open");
        assert_eq!(titles(&finds), ["Open the Mali case"]);
        assert_eq!(finds.items.first().map(|item| item.marks.clone()), Some(vec![(0, 4), (9, 13)]));
    }
}
