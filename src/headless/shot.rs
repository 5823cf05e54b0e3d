//! A picture of the window in a described state.

use super::{Offscreen, choose, filter_commands};
use crate::app::Start;
use crate::io::script::{ClaimChoice, FilterSpec};
use crate::model::document::TextForm;
use crate::model::{LatLon, Problem, time};
use crate::state::{
    Command, Dialog, ImportCommand, MapCommand, Origin, SelectCommand, TextCommand, TimeCommand, Tray,
    ViewCommand,
};
use crate::store::{DatasetId, Store};

/// What the picture shows.
#[derive(Clone, Debug, Default)]
pub struct Shot {
    pub start: Start,
    /// What is shown instead of what `start` opens: a case that was read already.
    pub case: Option<(Box<Store>, Origin)>,
    /// In points.
    pub size: [f32; 2],
    /// Pixels per point.
    pub scale: f32,
    pub filter: FilterSpec,
    /// Keys of events; the last one is the primary one.
    pub select: Vec<String>,
    pub claim: Option<ClaimChoice>,
    /// The player runs and its window is this one.
    pub play_at: Option<String>,
    /// The document in the source panel.
    pub document: Option<String>,
    pub form: Option<TextForm>,
    /// Where the map looks: centre and zoom.
    pub camera: Option<(LatLon, f64)>,
    pub dialog: Option<String>,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShotError {
    /// A value names nothing that there is.
    Usage(String),
    Failed(String),
}

/// A picture, and what could not be read of the case that it shows.
pub struct Drawn {
    pub image: image::RgbaImage,
    /// The part of it that is the map; `None` if the window shows none.
    pub map: Option<image::RgbaImage>,
    pub problems: Vec<Problem>,
}

/// Draws the window.
pub fn shoot(shot: Shot) -> Result<Drawn, ShotError> {
    let Shot { mut start, case, size, scale, filter, select, claim, play_at, document, form, camera, dialog } =
        shot;
    let wants_case = !start.empty || case.is_some();
    start.empty |= case.is_some();
    let mut screen = Offscreen::open(start, size, scale).map_err(ShotError::Failed)?;
    // A picture shows all of the basemap, however long that takes; a session has the window's haste.
    screen.app().ui.map.set_unhurried();
    if let Some((store, origin)) = case {
        screen.app().show(store, origin);
    }
    let settle = |screen: &mut Offscreen| -> Result<(), ShotError> {
        let settled = screen.settle_without_notices();
        settled.then_some(()).ok_or_else(|| ShotError::Failed("the window does not come to rest".to_owned()))
    };
    settle(&mut screen)?;
    if let Some(err) = screen.error() {
        return Err(ShotError::Failed(err));
    }
    let mut commands = Vec::new();
    // Nothing of a file is open that waits to be told how to be read.
    let waits = screen.app().state.imports.draft.is_some();
    let has_case = wants_case && !waits;
    if has_case {
        let Some(store) = screen.app().state.store() else {
            return Err(ShotError::Failed("no case could be opened".to_owned()));
        };
        let chosen = choose::filter(store, &filter).map_err(ShotError::Usage)?;
        commands.extend(filter_commands(&chosen));
        if let Some(window) = filter.window {
            // As typed into the timeline, which then shows the window and what is about it.
            commands.push(TimeCommand::Typed(window).into());
        }
        let events: Result<Vec<_>, String> = select.iter().map(|key| choose::event(store, key)).collect();
        let events = events.map_err(ShotError::Usage)?;
        let primary = events.last().copied();
        match (events.as_slice(), claim) {
            ([], Some(_)) => {
                return Err(ShotError::Usage("a claim needs its event: add --select".to_owned()));
            }
            ([], None) => {}
            ([one], None) => commands.push(SelectCommand::Event(*one).into()),
            (_, None) => commands.push(SelectCommand::Many(events).into()),
            (_, Some(choice)) => {
                if let Some(event) = primary {
                    let claim = choose::claim(store, event, &choice).map_err(ShotError::Usage)?;
                    commands.push(SelectCommand::Claim(event, claim).into());
                }
            }
        }
        if let Some(key) = document {
            let document = choose::document(store, &key).map_err(ShotError::Usage)?;
            commands.push(TextCommand::Show(document).into());
        }
        if let Some(window) = &play_at {
            time::parse_edtf(window).map_err(|err| ShotError::Usage(err.to_string()))?;
            commands.push(TimeCommand::Typed(window.clone()).into());
        }
    }
    if let Some(form) = form {
        commands.push(TextCommand::Form(form).into());
    }
    if let Some((center, zoom)) = camera {
        commands.push(MapCommand::FlyTo { center, zoom }.into());
    }
    if let Some(name) = dialog {
        // A file that waits shows its dialog by itself.
        if !(waits && name == IMPORT) {
            commands.push(dialog_command(&name, screen.app().state.store()).map_err(ShotError::Usage)?);
        }
    }
    commands.into_iter().for_each(|command| screen.push(command));
    settle(&mut screen)?;
    if play_at.is_some() {
        // Two frames, so that the player has begun and has not moved yet.
        screen.push(TimeCommand::Play(true));
        screen.frame();
        screen.frame();
    }
    let image = screen.picture().map_err(ShotError::Failed)?;
    let map = screen.app().map_of(&image);
    Ok(Drawn { image, map, problems: screen.problems() })
}

/// The dialog in which it is changed how a file is read: that of the first dataset, unless a file waits.
const IMPORT: &str = "import";

/// Names of dialogs that can be asked for.
pub const DIALOGS: [&str; 11] = [
    "palette",
    IMPORT,
    "report",
    "keys",
    "about",
    "problems",
    "twins",
    "tray-undated",
    "tray-unplaced",
    "tray-outside",
    "tray-filtered",
];

/// What opens the dialog of a name. Those about a dataset are about the first one.
pub fn dialog_command(name: &str, store: Option<&Store>) -> Result<Command, String> {
    let first = store.and_then(|store| store.tables.first()).map_or(DatasetId(0), |table| table.id);
    Ok(match named_dialog(name)? {
        Dialog::Import => ImportCommand::Edit(first).into(),
        Dialog::Report(_) => ViewCommand::Dialog(Some(Dialog::Report(first))).into(),
        dialog => ViewCommand::Dialog(Some(dialog)).into(),
    })
}

/// The dialog of a name.
pub fn named_dialog(name: &str) -> Result<Dialog, String> {
    match name {
        "palette" => Ok(Dialog::Palette),
        "keys" => Ok(Dialog::Keys),
        "about" => Ok(Dialog::About),
        "problems" => Ok(Dialog::Problems),
        "report" => Ok(Dialog::Report(DatasetId::default())),
        IMPORT => Ok(Dialog::Import),
        "twins" => Ok(Dialog::Twins),
        _ => {
            let tray = name.strip_prefix("tray-").and_then(Tray::from_name);
            tray.map(Dialog::Tray)
                .ok_or_else(|| format!("no dialog is named “{name}”; there are {}", DIALOGS.join(", ")))
        }
    }
}

/// The name of a dialog.
pub fn dialog_name(dialog: &Dialog) -> String {
    match dialog {
        Dialog::Palette => "palette".to_owned(),
        Dialog::Keys => "keys".to_owned(),
        Dialog::About => "about".to_owned(),
        Dialog::Problems => "problems".to_owned(),
        Dialog::Twins => "twins".to_owned(),
        Dialog::Tray(tray) => format!("tray-{}", tray.name()),
        Dialog::Chooser(_) => "chooser".to_owned(),
        Dialog::NewDocuments(_) => "new-documents".to_owned(),
        Dialog::CannotOpen(_) => "cannot-open".to_owned(),
        Dialog::Import => IMPORT.to_owned(),
        Dialog::Report(DatasetId(0)) => "report".to_owned(),
        Dialog::Report(dataset) => format!("report-{}", dataset.0),
        Dialog::LargeFile { .. } => "large-file".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_dialog_is_one_and_has_its_name() {
        for name in DIALOGS {
            assert_eq!(named_dialog(name).map(|dialog| dialog_name(&dialog)).as_deref(), Ok(name));
        }
        assert!(named_dialog("tray-x").expect_err("no such tray").contains("tray-undated"));
    }
}
