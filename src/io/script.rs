//! Scripts of `waqai replay`: a session written down as JSON.
//!
//! ```json
//! {
//!   "size": [1440, 900],
//!   "steps": [
//!     {"open": "mali"},
//!     {"filter": {"type": "Battles", "from": "2024", "to": "2024"}},
//!     {"select": "e38"},
//!     {"shot": "tinzaouaten.png"},
//!     {"expect": {"shown": 12, "selected": ["e38"]}}
//!   ]
//! }
//! ```
//!
//! Each step is an object with one field, whose name says what is done ([`Step`]). Time in a script
//! passes by frames of 1/60 s, so that a session runs the same on any machine. Files that a script
//! reads are relative to the script; files that it writes are relative to the output folder.

use std::path::Path;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::files::read_file;

const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A session to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Size of the window in points.
    pub size: [f32; 2],
    /// Pixels per point.
    pub scale: f32,
    pub steps: Vec<ScriptStep>,
}

/// A step and how the script words it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptStep {
    pub words: String,
    pub step: Step,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    #[serde(default)]
    size: Option<[f32; 2]>,
    #[serde(default)]
    scale: Option<f32>,
    /// For readers of the script.
    #[serde(default, rename = "about")]
    _about: Option<String>,
    steps: Vec<Value>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Files and folders to open; `mali` is the built-in case.
    Open(OneOrMany),
    /// Folders and files with original texts.
    Attach(OneOrMany),
    Close(Nothing),
    /// Keys of events; the last one is the primary one, `[]` selects none.
    Select(OneOrMany),
    /// A claim of the primary event by its number, beginning with 1, or its key.
    Claim(ClaimChoice),
    /// Replaces the filter. The window stays unless the filter has one.
    Filter(Box<FilterSpec>),
    /// Time window in EDTF; `null` is all of time.
    Window(Option<String>),
    /// Only events that lie in the window with certainty.
    Certainly(bool),
    /// Latitude, longitude, zoom.
    FlyTo([f64; 3]),
    /// A key with modifiers: `Ctrl+F`, `Shift+ArrowRight`, `Escape`.
    Key(String),
    /// Text that is typed into what has the focus, one character per frame.
    Type(String),
    Click(Target),
    /// Moves the pointer there.
    Hover(Target),
    Drag(Drag),
    Scroll(Scroll),
    /// Starts or stops the player.
    Play(bool),
    /// Moves the window by one step.
    Step(StepDirection),
    /// What the player and the step keys move by: `day`, `week`, `month`, `year`, `event`.
    StepBy(String),
    /// An action of the menu by its name: `fit-all`, `toggle-legend`, …
    Action(String),
    /// Lets this many frames pass.
    Frames(u32),
    /// Lets this much of the session's time pass.
    WaitSecs(f64),
    /// Writes a picture of the window.
    Shot(String),
    Export(ExportSpec),
    /// `dark` or `light`.
    Theme(String),
    /// Language of the interface.
    Lang(String),
    /// Language of labels and names.
    LabelLang(String),
    /// Shows a document by its key.
    Document(String),
    /// `original` or `brief`.
    Form(String),
    /// `palette`, `import`, `report`, `keys`, `about`, `problems`, `tray-undated`, …; `null` closes.
    Dialog(Option<String>),
    /// New size of the window in points.
    Size([f32; 2]),
    Expect(Box<Expect>),
}

/// A step without an argument is written with `true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? {
            Ok(Self)
        } else {
            Err(serde::de::Error::custom("this step is written with true"))
        }
    }
}

/// One text or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrManyForm")]
pub struct OneOrMany(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrManyForm {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrManyForm> for OneOrMany {
    fn from(form: OneOrManyForm) -> Self {
        match form {
            OneOrManyForm::One(one) => Self(vec![one]),
            OneOrManyForm::Many(many) => Self(many),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ClaimChoice {
    Number(usize),
    Key(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepDirection {
    Forward,
    Back,
}

/// What a filter lets pass, in words; the same as the options of `waqai query`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct FilterSpec {
    /// First day of the window in EDTF.
    pub from: Option<String>,
    /// Last day of the window in EDTF, inclusive.
    pub to: Option<String>,
    /// The window in EDTF, instead of `from` and `to`.
    pub window: Option<String>,
    pub certainly: bool,
    #[serde(rename = "type")]
    pub types: OneOrMany,
    pub sub_type: OneOrMany,
    pub actor: OneOrMany,
    pub place: OneOrMany,
    /// `west,south,east,north` in degrees.
    pub bbox: Option<String>,
    pub min_fatalities: Option<u32>,
    pub max_fatalities: Option<u32>,
    pub text: Option<String>,
    pub claimant: OneOrMany,
    pub document: OneOrMany,
    pub date_precision: OneOrMany,
    pub geo_precision: OneOrMany,
    pub prominence: OneOrMany,
}

/// Where in the window something is done.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The accessible name of a widget: the whole of it, or else the only one that contains this.
    Label(String),
    /// Points from the upper left corner.
    At([f32; 2]),
}

/// Moves the pointer with the button held down.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drag {
    pub from: [f32; 2],
    pub to: [f32; 2],
    pub frames: u32,
}

/// Turns the wheel at a place.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scroll {
    pub at: [f32; 2],
    /// Points in each frame; down and to the right is negative, as the content moves.
    pub by: [f32; 2],
    pub frames: u32,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportSpec {
    /// `csv`, `geojson` or `png`.
    pub format: String,
    /// `visible`, `selected` or `all`.
    #[serde(default = "visible")]
    pub scope: String,
    pub path: String,
}

fn visible() -> String {
    "visible".to_owned()
}

/// What must be so now. Fields that are left out are not looked at.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expect {
    /// Number of events in the open case.
    pub total: Option<usize>,
    /// Number of shown events.
    pub shown: Option<usize>,
    pub undated: Option<usize>,
    pub outside_window: Option<usize>,
    pub filtered_out: Option<usize>,
    pub unplaced: Option<usize>,
    /// Keys of the selected events in order.
    pub selected: Option<Vec<String>>,
    /// Number of the emphasised claim, beginning with 1; `null` expects none.
    #[serde(deserialize_with = "present")]
    pub claim: Option<Option<usize>>,
    /// Key of the shown document.
    pub document: Option<String>,
    /// The window in EDTF; `null` expects none.
    #[serde(deserialize_with = "present")]
    pub window: Option<Option<String>>,
    /// Hits of the search in the shown texts of all documents.
    pub hits: Option<usize>,
    /// Text in the name or value of some widget in the window; all of them must be there.
    pub text_contains: Option<OneOrMany>,
    /// Problems of the open case.
    pub problems: Option<usize>,
    /// Documents with an attached original.
    pub attached: Option<usize>,
    pub playing: Option<bool>,
    /// Name of the open dialog; `null` expects none.
    #[serde(deserialize_with = "present")]
    pub dialog: Option<Option<String>>,
    /// What a written file holds.
    pub file: Option<ExpectFile>,
}

/// What a file in the output folder must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExpectFile {
    pub path: String,
    /// Number of lines of text.
    pub lines: Option<usize>,
    pub contains: OneOrMany,
    /// Size of a picture in pixels.
    pub pixels: Option<[u32; 2]>,
}

/// A field that is there, perhaps as `null`.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a script. The error is a sentence that names the file.
pub fn read_script(path: &Path) -> Result<Script, String> {
    let named = |reason: String| format!("{reason} ({})", path.display());
    let bytes = read_file(path, MAX_BYTES).map_err(|err| named(err.to_string()))?;
    parse_script(&bytes).map_err(named)
}

/// Reads a script from its bytes.
pub fn parse_script(bytes: &[u8]) -> Result<Script, String> {
    let raw: RawScript =
        serde_json::from_slice(bytes).map_err(|err| format!("the script cannot be read: {err}"))?;
    let mut steps = Vec::with_capacity(raw.steps.len());
    for (number, value) in (1..).zip(raw.steps) {
        let words = value.to_string();
        let step = serde_json::from_value(value)
            .map_err(|err| format!("step {number} of the script cannot be read: {err}: {words}"))?;
        steps.push(ScriptStep { words, step });
    }
    let size = raw.size.unwrap_or([1440.0, 900.0]);
    let scale = raw.scale.unwrap_or(1.0);
    if !size.iter().all(|side| (100.0..=8192.0).contains(side)) || !(0.25..=8.0).contains(&scale) {
        return Err("the script's size must lie in 100–8192 points and its scale in 0.25–8".to_owned());
    }
    Ok(Script { size, scale, steps })
}

/// Makes a folder and those above it, if it is missing.
pub fn make_folder(path: &Path) -> Result<(), String> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(path)
        .map_err(|err| format!("the folder cannot be made: {err} ({})", path.display()))
}

/// The text of a file that a script expects, for comparison.
pub fn read_text(path: &Path) -> Result<String, String> {
    let bytes = read_file(path, 64 * MAX_BYTES).map_err(|err| err.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// Width and height of a PNG picture, from its head.
pub fn read_png_size(path: &Path) -> Result<[u32; 2], String> {
    let bytes = read_file(path, 64 * MAX_BYTES).map_err(|err| err.to_string())?;
    // PNG (RFC 2083): eight bytes of signature, length and name of IHDR, then width and height.
    let number =
        |at: usize| -> Option<u32> { bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes) };
    match (bytes.starts_with(b"\x89PNG\r\n\x1a\n"), number(16), number(20)) {
        (true, Some(width), Some(height)) => Ok([width, height]),
        _ => Err("it is not a PNG picture".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(json: &str) -> Vec<Step> {
        let script = format!("{{\"steps\": [{json}]}}");
        parse_script(script.as_bytes()).expect("script").steps.into_iter().map(|step| step.step).collect()
    }

    #[test]
    fn steps_are_read_as_they_are_meant() {
        let many = |words: &[&str]| OneOrMany(words.iter().map(|w| (*w).to_owned()).collect());
        assert_eq!(steps(r#"{"open": "mali"}"#), [Step::Open(many(&["mali"]))]);
        assert_eq!(steps(r#"{"select": ["e1", "e2"]}"#), [Step::Select(many(&["e1", "e2"]))]);
        assert_eq!(steps(r#"{"window": null}"#), [Step::Window(None)]);
        assert_eq!(steps(r#"{"claim": 2}"#), [Step::Claim(ClaimChoice::Number(2))]);
        assert_eq!(steps(r#"{"click": {"label": "Play"}}"#), [Step::Click(Target::Label("Play".to_owned()))]);
        assert_eq!(
            steps(r#"{"filter": {"type": "Battles", "min-fatalities": 10}}"#),
            [Step::Filter(Box::new(FilterSpec {
                types: many(&["Battles"]),
                min_fatalities: Some(10),
                ..FilterSpec::default()
            }))]
        );
        let expect = |json: &str| match steps(&format!("{{\"expect\": {json}}}")).remove(0) {
            Step::Expect(expect) => *expect,
            step => panic!("{step:?}"),
        };
        assert_eq!(expect("{}").window, None);
        assert_eq!(expect(r#"{"window": null}"#).window, Some(None));
        assert_eq!(expect(r#"{"window": "2024"}"#).window, Some(Some("2024".to_owned())));
    }

    #[test]
    fn a_wrong_script_is_told_by_step_and_words() {
        let message = |json: &str| parse_script(json.as_bytes()).expect_err("a wrong script");
        let err = message(r#"{"steps": [{"open": "mali"}, {"selekt": "e38"}]}"#);
        assert!(err.starts_with("step 2 of the script cannot be read: unknown variant `selekt`"), "{err}");
        assert!(err.ends_with(r#"{"selekt":"e38"}"#), "{err}");
        assert!(message(r#"{"steps": [{"expect": {"shwon": 1}}]}"#).contains("unknown field `shwon`"));
        assert!(message("{").contains("line 1"));
        assert!(message(r#"{"size": [0, 5], "steps": []}"#).contains("size"));
    }
}
