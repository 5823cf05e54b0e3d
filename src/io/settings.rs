//! The settings file: one versioned JSON object in the user's configuration folder.
//!
//! The one part of this layer that knows `state`: it maps the saved form to
//! [`Settings`] and back, so that no other module knows the saved
//! form. Fields of other versions of the program are kept when the file is written again. A file
//! that cannot be read is set aside under a new name, never overwritten.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::report::shorten;
use crate::model::{Lang, Problem};
use crate::state::settings::{
    BasemapChoice, DensityScale, MapLayers, MapMode, RecentFile, Settings, ThemeChoice,
};

use super::files::{ReadError, read_file};
use super::save::{SaveError, save_atomically};

const FILE_NAME: &str = "settings.json";
const VERSION: u64 = 1;
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Names the folder instead of the system's own.
const FOLDER_VARIABLE: &str = "WAQAI_CONFIG_DIR";
/// Whether the graphics device draws crowded maps' events one by one: 1 for any, also a driver that is
/// only software, 0 for none.
const POINTS_VARIABLE: &str = "WAQAI_GPU_POINTS";

/// What the environment says of points by the graphics device; `None` if it says nothing.
pub fn gpu_points() -> Option<bool> {
    let value = std::env::var(POINTS_VARIABLE).ok()?;
    match value.as_str() {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// The folder of the settings file; `None` if the system names none.
pub fn config_dir() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER_VARIABLE).filter(|folder| !folder.is_empty()) {
        return Some(PathBuf::from(folder));
    }
    directories::ProjectDirs::from("", "", "waqai").map(|dirs| dirs.config_dir().to_owned())
}

/// Reads the settings in a folder. What is missing has its default; what cannot be read too, and a
/// problem says so.
pub fn load(folder: &Path) -> (Settings, Option<Problem>) {
    let path = folder.join(FILE_NAME);
    let name = path.display().to_string();
    let (fields, mut problem) = match read_fields(&path) {
        Ok(fields) => (fields, None),
        Err(ReadFailure::Missing) => return (Settings::default(), None),
        Err(ReadFailure::Unreadable(reason)) => {
            return (Settings::default(), Some(Problem::error(&name, "", "", reason)));
        }
        Err(ReadFailure::Broken { at, reason }) => {
            let fate = match set_aside(&path) {
                Ok(aside) => format!("it is kept as {} and the settings start anew", aside.display()),
                Err(err) => format!("it cannot be set aside either: {err}"),
            };
            let message = format!("the settings file is broken: {reason}; {fate}");
            return (Settings::default(), Some(Problem::error(&name, at, "", message)));
        }
    };
    let mut sound = Map::new();
    for (key, value) in fields {
        let one = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
        match serde_json::from_value::<SavedSettings>(one) {
            Ok(_) => drop(sound.insert(key, value)),
            Err(err) => {
                let message = format!("this setting is not understood and has its default: {err}");
                problem.get_or_insert(Problem::warning(&name, key, shorten(&value.to_string(), 80), message));
            }
        }
    }
    let saved: SavedSettings = serde_json::from_value(Value::Object(sound)).unwrap_or_default();
    (saved.into_settings(), problem)
}

/// Writes the settings into a folder, which is made if it is missing.
pub fn save(folder: &Path, settings: &Settings) -> Result<(), SaveError> {
    let path = folder.join(FILE_NAME);
    let named = |source| SaveError { path: path.clone(), source };
    fs::create_dir_all(folder).map_err(named)?;
    let mut fields = match read_fields(&path) {
        Ok(fields) => fields,
        Err(ReadFailure::Missing) => Map::new(),
        Err(ReadFailure::Unreadable(reason)) => return Err(named(std::io::Error::other(reason))),
        Err(ReadFailure::Broken { .. }) => {
            set_aside(&path).map_err(named)?;
            Map::new()
        }
    };
    let version = fields.get("version").and_then(Value::as_u64).unwrap_or(VERSION).max(VERSION);
    let saved = serde_json::to_value(SavedSettings::from_settings(settings));
    if let Value::Object(saved) = saved.map_err(|err| named(err.into()))? {
        merge(&mut fields, saved);
    }
    fields.insert("version".to_owned(), version.into());
    save_atomically(&path, |out| {
        serde_json::to_writer_pretty(&mut *out, &fields)?;
        out.write_all(b"\n")
    })
}

/// The saved form. Every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SavedSettings {
    window: Option<SavedWindow>,
    panels: Option<SavedPanels>,
    /// `dark`, `light` or `system`.
    theme: Option<SavedTheme>,
    basemap: Option<SavedBasemap>,
    language: Option<SavedLang>,
    label_language: Option<SavedLang>,
    text_zoom: Option<f32>,
    recent: Option<Vec<SavedRecent>>,
    /// Attached originals.
    originals: Option<Vec<SavedOriginal>>,
    reduced_motion: Option<bool>,
    fold_ta_marbuta: Option<bool>,
    layers: Option<SavedLayers>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SavedWindow {
    size: Option<[f32; 2]>,
    position: Option<[f32; 2]>,
    maximized: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SavedPanels {
    start_width: Option<f32>,
    end_width: Option<f32>,
    timeline_height: Option<f32>,
    source_share: Option<f32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SavedLayers {
    events: Option<bool>,
    /// `auto`, `density`, `points` or `clusters`.
    mode: Option<String>,
    cell: Option<u8>,
    opacity: Option<u8>,
    /// `log`, `sqrt` or `linear`.
    scale: Option<String>,
    place_names: Option<bool>,
    borders: Option<bool>,
}

impl SavedLayers {
    fn from_layers(layers: MapLayers) -> Self {
        let MapLayers { events, mode, cell, opacity, scale, place_names, borders } = layers;
        Self {
            events: Some(events),
            mode: Some(mode.name().to_owned()),
            cell: Some(cell),
            opacity: Some(opacity),
            scale: Some(scale.name().to_owned()),
            place_names: Some(place_names),
            borders: Some(borders),
        }
    }

    fn into_layers(self) -> MapLayers {
        let Self { events, mode, cell, opacity, scale, place_names, borders } = self;
        let default = MapLayers::default();
        let mode = MapMode::ALL.into_iter().find(|known| Some(known.name()) == mode.as_deref());
        let scale = DensityScale::ALL.into_iter().find(|known| Some(known.name()) == scale.as_deref());
        MapLayers {
            events: events.unwrap_or(default.events),
            mode: mode.unwrap_or_default(),
            cell: cell.filter(|cell| MapLayers::CELLS.contains(cell)).unwrap_or(default.cell),
            opacity: opacity.filter(|part| MapLayers::OPACITIES.contains(part)).unwrap_or(default.opacity),
            scale: scale.unwrap_or_default(),
            place_names: place_names.unwrap_or(default.place_names),
            borders: borders.unwrap_or(default.borders),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SavedTheme {
    Dark,
    Light,
    System,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SavedBasemap {
    Offline,
    OsmRaster,
    OpenFreeMap,
    None,
    /// The path of a file.
    #[serde(rename = "pmtiles")]
    PmTiles(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SavedLang {
    En,
    Fr,
    Ar,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SavedRecent {
    path: String,
    #[serde(default)]
    note: String,
    /// Seconds since 1970.
    #[serde(default)]
    opened_at: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SavedOriginal {
    sha256: String,
    path: String,
}

impl SavedSettings {
    fn from_settings(settings: &Settings) -> Self {
        let Settings {
            window_size,
            window_pos,
            maximized,
            start_width,
            end_width,
            timeline_height,
            source_share,
            theme,
            basemap,
            lang,
            label_lang,
            text_zoom,
            recent,
            attached,
            reduced_motion,
            fold_ta_marbuta,
            layers,
        } = settings.clone();
        let lang_of = |lang| match lang {
            Lang::En => SavedLang::En,
            Lang::Fr => SavedLang::Fr,
            Lang::Ar => SavedLang::Ar,
        };
        let recent = recent.into_iter().map(|RecentFile { path, note, opened_at }| SavedRecent {
            path,
            note,
            opened_at,
        });
        Self {
            window: Some(SavedWindow {
                size: Some(window_size),
                position: window_pos,
                maximized: Some(maximized),
            }),
            panels: Some(SavedPanels { start_width, end_width, timeline_height, source_share }),
            theme: Some(match theme {
                ThemeChoice::Dark => SavedTheme::Dark,
                ThemeChoice::Light => SavedTheme::Light,
                ThemeChoice::System => SavedTheme::System,
            }),
            basemap: Some(match basemap {
                BasemapChoice::Offline => SavedBasemap::Offline,
                BasemapChoice::OsmRaster => SavedBasemap::OsmRaster,
                BasemapChoice::OpenFreeMap => SavedBasemap::OpenFreeMap,
                BasemapChoice::PmTiles(path) => SavedBasemap::PmTiles(path),
                BasemapChoice::None => SavedBasemap::None,
            }),
            language: Some(lang_of(lang)),
            label_language: Some(lang_of(label_lang)),
            text_zoom: Some(text_zoom),
            recent: Some(recent.collect()),
            originals: Some(
                attached.into_iter().map(|(sha256, path)| SavedOriginal { sha256, path }).collect(),
            ),
            reduced_motion: Some(reduced_motion),
            fold_ta_marbuta: Some(fold_ta_marbuta),
            layers: Some(SavedLayers::from_layers(layers)),
        }
    }

    fn into_settings(self) -> Settings {
        let Self {
            window,
            panels,
            theme,
            basemap,
            language,
            label_language,
            text_zoom,
            recent,
            originals,
            reduced_motion,
            fold_ta_marbuta,
            layers,
        } = self;
        let default = Settings::default();
        let window = window.unwrap_or_default();
        let panels = panels.unwrap_or_default();
        let lang_of = |lang| match lang {
            SavedLang::En => Lang::En,
            SavedLang::Fr => Lang::Fr,
            SavedLang::Ar => Lang::Ar,
        };
        let length = |value: Option<f32>| value.filter(|value| (1.0..=100_000.0).contains(value));
        let recent = recent.unwrap_or_default().into_iter();
        let originals = originals.unwrap_or_default().into_iter();
        Settings {
            window_size: window
                .size
                .filter(|size| size.iter().all(|side| (100.0..=100_000.0).contains(side)))
                .unwrap_or(default.window_size),
            window_pos: window
                .position
                .filter(|position| position.iter().all(|side| (-100_000.0..=100_000.0).contains(side))),
            maximized: window.maximized.unwrap_or(default.maximized),
            start_width: length(panels.start_width),
            end_width: length(panels.end_width),
            timeline_height: length(panels.timeline_height),
            source_share: panels.source_share.filter(|share| (0.0..=1.0).contains(share)),
            theme: theme.map_or(default.theme, |theme| match theme {
                SavedTheme::Dark => ThemeChoice::Dark,
                SavedTheme::Light => ThemeChoice::Light,
                SavedTheme::System => ThemeChoice::System,
            }),
            basemap: basemap.map_or(default.basemap, |basemap| match basemap {
                SavedBasemap::Offline => BasemapChoice::Offline,
                SavedBasemap::OsmRaster => BasemapChoice::OsmRaster,
                SavedBasemap::OpenFreeMap => BasemapChoice::OpenFreeMap,
                SavedBasemap::PmTiles(path) => BasemapChoice::PmTiles(path),
                SavedBasemap::None => BasemapChoice::None,
            }),
            lang: language.map_or(default.lang, lang_of),
            label_lang: label_language.map_or(default.label_lang, lang_of),
            text_zoom: text_zoom.filter(|zoom| (0.25..=8.0).contains(zoom)).unwrap_or(default.text_zoom),
            recent: recent
                .map(|SavedRecent { path, note, opened_at }| RecentFile { path, note, opened_at })
                .collect(),
            attached: originals.map(|SavedOriginal { sha256, path }| (sha256, path)).collect(),
            reduced_motion: reduced_motion.unwrap_or(default.reduced_motion),
            fold_ta_marbuta: fold_ta_marbuta.unwrap_or(default.fold_ta_marbuta),
            layers: layers.unwrap_or_default().into_layers(),
        }
    }
}

enum ReadFailure {
    Missing,
    /// Cannot be opened; it may be sound.
    Unreadable(String),
    Broken {
        at: String,
        reason: String,
    },
}

fn read_fields(path: &Path) -> Result<Map<String, Value>, ReadFailure> {
    let bytes = match read_file(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) => return Err(ReadFailure::Missing),
        Err(err @ ReadError::TooLarge(_)) => {
            return Err(ReadFailure::Broken { at: String::new(), reason: err.to_string() });
        }
        Err(err) => return Err(ReadFailure::Unreadable(err.to_string())),
    };
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ReadFailure::Broken { at: String::new(), reason: "it is not an object".to_owned() }),
        Err(err) => {
            let at = format!("line {}, column {}", err.line(), err.column());
            let reason = err.to_string();
            let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
            Err(ReadFailure::Broken { at, reason: reason.to_owned() })
        }
    }
}

/// Renames a file to the first free `settings.broken-N.json`.
fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    for number in 1..10_000 {
        let aside = path.with_file_name(format!("settings.broken-{number}.json"));
        // Making the file first keeps the name from anybody else.
        match OpenOptions::new().write(true).create_new(true).open(&aside) {
            Ok(_) => {
                fs::rename(path, &aside)?;
                return Ok(aside);
            }
            Err(err) if err.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(err) => return Err(err),
        }
    }
    Err(std::io::Error::other("there are too many broken settings files"))
}

/// Overwrites known fields and keeps unknown ones, also in the groups of fields.
fn merge(old: &mut Map<String, Value>, new: Map<String, Value>) {
    for (key, value) in new {
        let is_group = key == "window" || key == "panels" || key == "layers";
        match (old.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) if is_group => old.extend(new),
            (_, value) => drop(old.insert(key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::TempFolder;

    fn read(folder: &TempFolder, name: &str) -> String {
        fs::read_to_string(folder.path().join(name)).expect("file")
    }

    #[test]
    fn settings_come_back_as_they_were_saved() {
        let folder = TempFolder::new("settings");
        let folder_to_be = folder.path().join("a/b");
        assert_eq!(load(&folder_to_be), (Settings::default(), None));
        let settings = Settings {
            window_size: [1000.5, 700.0],
            window_pos: Some([-20.0, 10.0]),
            maximized: true,
            start_width: Some(333.0),
            source_share: Some(0.4),
            theme: ThemeChoice::Light,
            basemap: BasemapChoice::PmTiles("/maps/مالي.pmtiles".to_owned()),
            lang: Lang::Ar,
            label_lang: Lang::Fr,
            text_zoom: 1.25,
            recent: vec![RecentFile {
                path: "/c/mali".to_owned(),
                note: "55 events".to_owned(),
                opened_at: 1_700_000_000,
            }],
            attached: vec![("ab".repeat(32), "/texts/001.txt".to_owned())],
            reduced_motion: true,
            fold_ta_marbuta: false,
            layers: MapLayers {
                events: false,
                mode: MapMode::Clusters,
                cell: 5,
                opacity: 40,
                scale: DensityScale::Linear,
                place_names: false,
                borders: false,
            },
            ..Settings::default()
        };
        save(&folder_to_be, &settings).expect("saved");
        assert_eq!(load(&folder_to_be), (settings, None));
        let basemaps = [
            BasemapChoice::Offline,
            BasemapChoice::OsmRaster,
            BasemapChoice::OpenFreeMap,
            BasemapChoice::None,
        ];
        for basemap in basemaps {
            let settings = Settings { basemap, theme: ThemeChoice::System, ..Settings::default() };
            save(&folder_to_be, &settings).expect("saved");
            assert_eq!(load(&folder_to_be), (settings, None));
        }
    }

    #[test]
    fn unknown_fields_are_kept_when_the_file_is_written_again() {
        let folder = TempFolder::new("settings-unknown");
        let text =
            r#"{"version": 7, "colour": [1], "window": {"size": [800, 600], "screen": 2}, "text_zoom": 2}"#;
        fs::write(folder.path().join(FILE_NAME), text).expect("file");
        let (mut settings, problem) = load(folder.path());
        assert_eq!((settings.window_size, settings.text_zoom, problem), ([800.0, 600.0], 2.0, None));
        settings.text_zoom = 1.5;
        save(folder.path(), &settings).expect("saved");
        let saved: Value = serde_json::from_str(&read(&folder, FILE_NAME)).expect("JSON");
        assert_eq!(saved["version"], 7);
        assert_eq!(saved["colour"], serde_json::json!([1]));
        assert_eq!(saved["window"]["screen"], 2);
        assert_eq!(saved["text_zoom"], 1.5);
    }

    #[test]
    fn a_broken_file_is_set_aside_and_never_overwrites_an_earlier_one() {
        let folder = TempFolder::new("settings-broken");
        for (number, text) in [(1, "{\"theme\": "), (2, "[]"), (3, "\u{0}")] {
            fs::write(folder.path().join(FILE_NAME), text).expect("file");
            let (settings, problem) = load(folder.path());
            assert_eq!(settings, Settings::default());
            let problem = problem.expect("problem");
            assert!(problem.message.contains(&format!("settings.broken-{number}.json")), "{problem}");
            assert_eq!(problem.file, folder.path().join(FILE_NAME).display().to_string());
        }
        assert_eq!(read(&folder, "settings.broken-1.json"), "{\"theme\": ");
        assert_eq!(read(&folder, "settings.broken-2.json"), "[]");
        assert!(!folder.path().join(FILE_NAME).exists());
        fs::write(folder.path().join(FILE_NAME), "}").expect("file");
        save(folder.path(), &Settings::default()).expect("saved");
        assert_eq!(read(&folder, "settings.broken-4.json"), "}");
    }

    #[test]
    fn one_bad_setting_does_not_lose_the_others() {
        let folder = TempFolder::new("settings-field");
        let text = r#"{"theme": "purple", "language": "ar", "text_zoom": 1e30, "window": {"size": [0, -1]}}"#;
        fs::write(folder.path().join(FILE_NAME), text).expect("file");
        let (settings, problem) = load(folder.path());
        assert_eq!(settings, Settings { lang: Lang::Ar, ..Settings::default() });
        let problem = problem.expect("problem");
        assert_eq!((problem.at.as_str(), problem.value.as_str()), ("theme", "\"purple\""));
    }

    #[test]
    fn a_folder_in_the_files_place_is_left_alone() {
        let folder = TempFolder::new("settings-folder");
        fs::create_dir(folder.path().join(FILE_NAME)).expect("folder");
        let (settings, problem) = load(folder.path());
        assert_eq!(settings, Settings::default());
        assert!(problem.is_some_and(|problem| problem.message.contains("not a file")));
        assert!(save(folder.path(), &settings).is_err());
    }
}
