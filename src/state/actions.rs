//! The one table of actions: menu, palette, keys and the list of keys all read it.

use std::sync::LazyLock;

use super::AppState;
use super::command::*;
use super::playback::Step;
use super::settings::{BasemapChoice, ThemeChoice};
use super::view::{Dialog, LaneMode, StartTab, Tray};
use crate::model::Lang;
use crate::store::filter::WindowMode;

/// Menus, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Menu {
    File,
    Edit,
    View,
    Map,
    Time,
    Help,
}

impl Menu {
    pub const ALL: [Menu; 6] = [Menu::File, Menu::Edit, Menu::View, Menu::Map, Menu::Time, Menu::Help];

    /// Message key of the menu's name.
    pub fn key(self) -> &'static str {
        match self {
            Menu::File => "menu-file",
            Menu::Edit => "menu-edit",
            Menu::View => "menu-view",
            Menu::Map => "menu-map",
            Menu::Time => "menu-time",
            Menu::Help => "menu-help",
        }
    }
}

/// What an action needs to make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    Case,
    Selection,
    SearchHits,
    /// Something that can be taken back.
    Done,
    /// Something that was taken back.
    Undone,
}

/// A key with modifiers. `key` is egui's name of the key (`A`, `F1`, `ArrowLeft`, `Space`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shortcut {
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
    pub key: &'static str,
}

/// Something the user can do.
#[derive(Clone, Debug)]
pub struct Action {
    /// Stable name; `action-<name>` is its message key, with the attribute `.hint` for the tooltip.
    pub name: &'static str,
    pub menu: Menu,
    /// Actions of one menu with different groups are separated by a line.
    pub group: u8,
    pub shortcut: Option<Shortcut>,
    /// A second key for the same.
    pub also: Option<Shortcut>,
    pub needs: Needs,
    pub command: Command,
}

impl Action {
    /// Whether it can be done now.
    pub fn enabled(&self, state: &AppState) -> bool {
        match self.needs {
            Needs::Nothing => true,
            Needs::Case => state.case.is_some(),
            Needs::Selection => !state.view.selection.events.is_empty(),
            Needs::SearchHits => !state.view.filter.text.is_empty(),
            Needs::Done => state.history.can_undo(),
            Needs::Undone => state.history.can_redo(),
        }
    }
}

fn plain(key: &'static str) -> Option<Shortcut> {
    Some(Shortcut { ctrl: false, shift: false, alt: false, key })
}

fn ctrl(key: &'static str) -> Option<Shortcut> {
    Some(Shortcut { ctrl: true, shift: false, alt: false, key })
}

fn shift(key: &'static str) -> Option<Shortcut> {
    Some(Shortcut { ctrl: false, shift: true, alt: false, key })
}

fn ctrl_shift(key: &'static str) -> Option<Shortcut> {
    Some(Shortcut { ctrl: true, shift: true, alt: false, key })
}

/// All actions in the order of the menus.
pub fn actions() -> &'static [Action] {
    static ACTIONS: LazyLock<Vec<Action>> = LazyLock::new(table);
    &ACTIONS
}

/// The action of a name.
pub fn action(name: &str) -> Option<&'static Action> {
    actions().iter().find(|action| action.name == name)
}

fn table() -> Vec<Action> {
    use Direction::{Backward, Forward};
    use Menu::{Edit, File, Help, Map, Time, View};
    use Needs::{Case, Done, Nothing, SearchHits, Selection, Undone};
    let mut table = Vec::new();
    let mut add = |menu, group, name, shortcut, needs, command: Command| {
        table.push(Action { name, menu, group, shortcut, also: None, needs, command });
    };
    let export = |format, scope| Command::Export { format, scope, path: None };

    add(File, 0, "open", ctrl("O"), Nothing, Command::Open(OpenTarget::Ask));
    add(File, 0, "open-instead", ctrl_shift("O"), Case, Command::Open(OpenTarget::AskInstead));
    add(File, 0, "open-mali", None, Nothing, Command::Open(OpenTarget::BuiltIn));
    add(File, 0, "attach", ctrl_shift("A"), Case, Command::Attach(None));
    for (name, shortcut, format) in [
        ("export-csv", ctrl("E"), ExportFormat::Csv),
        ("export-csv-claims", None, ExportFormat::CsvClaims),
        ("export-xlsx", None, ExportFormat::Xlsx),
        ("export-geojson", ctrl_shift("E"), ExportFormat::GeoJson),
        ("export-kml", None, ExportFormat::Kml),
        ("export-parquet", None, ExportFormat::GeoParquet),
        ("export-gpkg", None, ExportFormat::GeoPackage),
        ("export-html", None, ExportFormat::Html),
    ] {
        add(File, 1, name, shortcut, Case, export(format, ExportScope::Visible));
    }
    for (name, format) in [
        ("export-csv-selected", ExportFormat::Csv),
        ("export-xlsx-selected", ExportFormat::Xlsx),
        ("export-geojson-selected", ExportFormat::GeoJson),
        ("export-html-selected", ExportFormat::Html),
    ] {
        add(File, 2, name, None, Selection, export(format, ExportScope::Selected));
    }
    add(File, 3, "export-png", ctrl_shift("P"), Case, export(ExportFormat::Png, ExportScope::Visible));
    add(File, 4, "close-case", ctrl("W"), Case, Command::CloseCase);
    add(File, 4, "quit", ctrl("Q"), Nothing, Command::Quit);

    add(Edit, 0, "undo", ctrl("Z"), Done, Command::Undo);
    add(Edit, 0, "redo", ctrl_shift("Z"), Undone, Command::Redo);
    add(Edit, 1, "back", ctrl("OpenBracket"), Case, SelectCommand::Back.into());
    add(Edit, 1, "forward", ctrl("CloseBracket"), Case, SelectCommand::Forward.into());
    add(Edit, 2, "select-all", ctrl("A"), Case, SelectCommand::All.into());
    add(Edit, 2, "select-none", None, Selection, SelectCommand::None.into());
    add(Edit, 3, "find", ctrl("F"), Case, ViewCommand::FocusSearch.into());
    add(Edit, 3, "next-hit", plain("F3"), SearchHits, TextCommand::NextHit.into());
    add(Edit, 3, "previous-hit", shift("F3"), SearchHits, TextCommand::PreviousHit.into());
    add(Edit, 3, "fold-ta-marbuta", None, Nothing, ViewCommand::ToggleTaMarbuta.into());
    add(Edit, 4, "reset-filters", ctrl("R"), Case, FilterCommand::Reset.into());

    let dialog = |dialog| ViewCommand::Dialog(Some(dialog)).into();
    add(View, 0, "palette", ctrl("K"), Nothing, dialog(Dialog::Palette));
    add(View, 1, "toggle-start", ctrl("B"), Nothing, ViewCommand::ToggleStart.into());
    add(View, 1, "toggle-end", ctrl("D"), Nothing, ViewCommand::ToggleEnd.into());
    add(View, 1, "toggle-timeline", ctrl("T"), Nothing, ViewCommand::ToggleTimeline.into());
    add(View, 2, "text-larger", ctrl("Plus"), Nothing, TextCommand::ZoomIn.into());
    add(View, 2, "text-smaller", ctrl("Minus"), Nothing, TextCommand::ZoomOut.into());
    add(View, 2, "text-normal", ctrl("0"), Nothing, TextCommand::ZoomReset.into());
    add(View, 3, "tray-undated", None, Case, dialog(Dialog::Tray(Tray::Undated)));
    add(View, 3, "tray-unplaced", None, Case, dialog(Dialog::Tray(Tray::Unplaced)));
    add(View, 3, "tray-outside", None, Case, dialog(Dialog::Tray(Tray::OutsideWindow)));
    add(View, 3, "tray-filtered", None, Case, dialog(Dialog::Tray(Tray::FilteredOut)));
    add(View, 3, "problems", None, Case, dialog(Dialog::Problems));
    add(View, 3, "find-twins", None, Case, dialog(Dialog::Twins));
    add(View, 4, "toggle-theme", ctrl_shift("L"), Nothing, ViewCommand::ToggleTheme.into());
    add(View, 4, "theme-dark", None, Nothing, ViewCommand::Theme(ThemeChoice::Dark).into());
    add(View, 4, "theme-light", None, Nothing, ViewCommand::Theme(ThemeChoice::Light).into());
    add(View, 4, "theme-system", None, Nothing, ViewCommand::Theme(ThemeChoice::System).into());
    add(View, 4, "reduced-motion", None, Nothing, ViewCommand::ToggleReducedMotion.into());
    add(View, 4, "full-screen", plain("F11"), Nothing, ViewCommand::FullScreen.into());

    add(Map, 0, "fit-all", plain("F"), Case, MapCommand::FitAll.into());
    add(Map, 0, "fit-selection", shift("F"), Selection, MapCommand::FitSelection.into());
    add(Map, 0, "zoom-in", plain("Plus"), Nothing, MapCommand::ZoomBy(1.0).into());
    add(Map, 0, "zoom-out", plain("Minus"), Nothing, MapCommand::ZoomBy(-1.0).into());
    add(Map, 1, "toggle-legend", plain("L"), Case, ViewCommand::ToggleLegend.into());
    add(Map, 1, "layers", None, Case, ViewCommand::StartTab(StartTab::Layers).into());
    add(Map, 2, "labels-en", None, Nothing, ViewCommand::LabelLang(Lang::En).into());
    add(Map, 2, "labels-fr", None, Nothing, ViewCommand::LabelLang(Lang::Fr).into());
    add(Map, 2, "labels-ar", None, Nothing, ViewCommand::LabelLang(Lang::Ar).into());
    add(Map, 3, "basemap-offline", None, Nothing, MapCommand::Basemap(BasemapChoice::Offline).into());
    add(Map, 3, "basemap-osm", None, Nothing, MapCommand::Basemap(BasemapChoice::OsmRaster).into());
    add(Map, 3, "basemap-openfreemap", None, Nothing, MapCommand::Basemap(BasemapChoice::OpenFreeMap).into());
    add(Map, 3, "basemap-pmtiles", None, Nothing, MapCommand::OpenPmTiles.into());
    add(Map, 3, "basemap-none", None, Nothing, MapCommand::Basemap(BasemapChoice::None).into());

    add(Time, 0, "play", plain("Space"), Case, TimeCommand::TogglePlay.into());
    add(Time, 0, "step-forward", plain("ArrowRight"), Case, TimeCommand::Step(Forward).into());
    add(Time, 0, "step-back", plain("ArrowLeft"), Case, TimeCommand::Step(Backward).into());
    add(Time, 0, "big-step-forward", shift("ArrowRight"), Case, TimeCommand::BigStep(Forward).into());
    add(Time, 0, "big-step-back", shift("ArrowLeft"), Case, TimeCommand::BigStep(Backward).into());
    add(Time, 0, "to-first", plain("Home"), Case, TimeCommand::ToFirst.into());
    add(Time, 0, "to-last", plain("End"), Case, TimeCommand::ToLast.into());
    add(Time, 0, "toggle-repeat", None, Case, TimeCommand::ToggleRepeat.into());
    add(Time, 1, "next-event", ctrl("ArrowRight"), Case, SelectCommand::Next.into());
    add(Time, 1, "previous-event", ctrl("ArrowLeft"), Case, SelectCommand::Previous.into());
    add(Time, 2, "window-all", None, Case, TimeCommand::Window(None).into());
    add(Time, 2, "window-year", None, Case, TimeCommand::PresetYear.into());
    add(Time, 2, "window-month", None, Case, TimeCommand::PresetMonth.into());
    add(Time, 2, "window-selection", None, Selection, TimeCommand::PresetSelection.into());
    add(Time, 2, "possibly", None, Case, TimeCommand::Mode(WindowMode::Possibly).into());
    add(Time, 2, "certainly", None, Case, TimeCommand::Mode(WindowMode::Certainly).into());
    add(Time, 3, "step-day", None, Case, TimeCommand::SetStep(Step::Day).into());
    add(Time, 3, "step-week", None, Case, TimeCommand::SetStep(Step::Week).into());
    add(Time, 3, "step-month", None, Case, TimeCommand::SetStep(Step::Month).into());
    add(Time, 3, "step-year", None, Case, TimeCommand::SetStep(Step::Year).into());
    add(Time, 3, "step-event", None, Case, TimeCommand::SetStep(Step::Event).into());
    add(Time, 4, "lanes-type", None, Case, TimeCommand::Lanes(LaneMode::Type).into());
    add(Time, 4, "lanes-actor", None, Case, TimeCommand::Lanes(LaneMode::Actor).into());
    add(Time, 4, "lanes-place", None, Case, TimeCommand::Lanes(LaneMode::Place).into());
    add(Time, 4, "lanes-document", None, Case, TimeCommand::Lanes(LaneMode::Document).into());
    add(Time, 5, "toggle-gaps", None, Case, TimeCommand::ToggleGaps.into());
    add(Time, 5, "timeline-fit", None, Case, TimeCommand::Show(None).into());

    add(Help, 0, "keys", plain("F1"), Nothing, dialog(Dialog::Keys));
    add(Help, 0, "about", None, Nothing, dialog(Dialog::About));

    for action in &mut table {
        // On most keyboards plus is typed as Shift and equals.
        action.also = match action.name {
            "text-larger" => ctrl("Equals"),
            "zoom-in" => plain("Equals"),
            "palette" => ctrl("P"),
            _ => None,
        };
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_and_no_name_is_used_twice() {
        let mut keys: Vec<Shortcut> = actions().iter().flat_map(|a| [a.shortcut, a.also]).flatten().collect();
        let count = keys.len();
        keys.sort_by_key(|k| (k.key, k.ctrl, k.shift, k.alt));
        keys.dedup();
        assert_eq!(keys.len(), count, "a shortcut is used twice");
        let mut names: Vec<&str> = actions().iter().map(|a| a.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), actions().len(), "a name is used twice");
    }
}
