//! The column of settings at the reading start of the import dialog: how the file is read, with what
//! was seen of it, and what is kept.

use egui::{Sense, Stroke, Ui, vec2};

use super::pick::{Look, Pick, Tick, check_ui, pick_ui};
use crate::model::import::{
    DateOrder, DecimalMark, Detected, Dialect, Encoding, Evidence, Format, Header, Numbers, Part, Remedy,
    Setting,
};
use crate::state::{Commands, ImportChange, ImportCommand, ImportDraft};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icons};
use crate::ui::widgets::rows::{MenuRow, start_align};
use crate::ui::widgets::words::{self, Style};

/// Separators that are offered.
const DELIMITERS: [(u8, &str); 5] = [
    (b',', "import-comma"),
    (b';', "import-semicolon"),
    (b'\t', "import-tab"),
    (b'|', "import-bar"),
    (b' ', "import-blank"),
];
/// Lines that are offered as the header.
const HEADER_LINES: u32 = 12;

/// The parts of the settings that a kind of file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    text: bool,
    header: bool,
}

impl Parts {
    fn of(format: Format) -> Self {
        match format {
            Format::Delimited => Self { text: true, header: true },
            Format::Xlsx | Format::Xls | Format::Ods => Self { text: false, header: true },
            _ => Self { text: false, header: false },
        }
    }
}

/// The whole column. Whether the saved mappings are to be looked at.
pub fn settings_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) -> bool {
    let mut wants_saved = false;
    head_ui(ui, cx, "import-read-as");
    ui.add_space(2.0);
    wants_saved |= known_ui(ui, cx, draft, commands);
    let settings = &draft.settings;
    let parts = Parts::of(settings.format);
    if draft.detected.sheets.len() > 1 {
        sheet_ui(ui, cx, draft, commands);
    }
    if parts.text {
        encoding_ui(ui, cx, draft, commands);
        delimiter_ui(ui, cx, draft, commands);
    }
    if parts.header {
        header_ui(ui, cx, draft, commands);
    }
    dates_ui(ui, cx, draft, commands);
    decimal_ui(ui, cx, draft, commands);
    coordinates_ui(ui, cx, draft, commands);
    ui.add_space(4.0);
    rule_ui(ui, cx);
    head_ui(ui, cx, "import-keep");
    let Part { undated, unplaced } = settings.keep;
    if check_ui(ui, cx, &cx.t("import-keep-undated"), undated) {
        change(commands, ImportChange::Keep(Part { undated: !undated, unplaced }));
    }
    if check_ui(ui, cx, &cx.t("import-keep-unplaced"), unplaced) {
        change(commands, ImportChange::Keep(Part { undated, unplaced: !unplaced }));
    }
    if parts.text && check_ui(ui, cx, &cx.t("import-quotes"), settings.quotes) {
        change(commands, ImportChange::Quotes(!settings.quotes));
    }
    remedies_ui(ui, cx, draft, commands);
    ui.add_space(8.0);
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    ui.add(words::Words::new(&cx.t("import-note"), style).wrap().halign(start_align(cx.rtl())));
    ui.add_space(8.0);
    wants_saved
}

fn change(commands: &mut Commands, change: ImportChange) {
    commands.push(ImportCommand::Change(change));
}

fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, key: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let text = cx.t(key);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, &text));
    let style = Style::strong(TextKind::List, cx.theme.text_strong);
    words::paint_in(ui.painter(), rect, &text, style, start_align(cx.rtl()), Some(1));
}

fn rule_ui(ui: &mut Ui, cx: &FrameCtx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 13.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, cx.theme.line));
}

/// What was seen of a setting.
fn tick(cx: &FrameCtx<'_>, draft: &ImportDraft, setting: Setting) -> Option<Tick> {
    let Evidence { sureness, why, .. } = draft.detected.evidence_of(setting)?;
    Some(Tick::of(cx, *sureness, why))
}

/// Lines of a menu, one of which is the present choice.
fn rows<T: Copy + PartialEq>(choices: &[T], present: T, name: impl Fn(T) -> String) -> Vec<MenuRow<'static>> {
    choices.iter().map(|choice| MenuRow { icon: "", text: name(*choice), on: *choice == present }).collect()
}

/// A field of a setting with a few values.
fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    label: &str,
    tick: Option<Tick>,
    (choices, present): (&[T], T),
    name: impl Fn(T) -> String,
) -> Option<T> {
    let (label, value) = (cx.t(label), name(present));
    let pick = Pick { label: &label, value: &value, tick };
    let chosen = pick_ui(ui, cx, &pick, &rows(choices, present, name))?;
    choices.get(chosen).copied().filter(|choice| *choice != present)
}

pub fn dialect_name(cx: &FrameCtx<'_>, dialect: Option<Dialect>) -> String {
    cx.t(&format!("import-dialect-{}", dialect.map_or("none", Dialect::code)))
}

pub fn format_name(cx: &FrameCtx<'_>, format: Format) -> String {
    cx.t(&format!("import-format-{}", format.code()))
}

/// Known formats, and the mappings that the user saved. Whether these are to be looked at.
fn known_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) -> bool {
    let settings = &draft.settings;
    let fitting: Vec<&str> = {
        let saved = cx.state.imports.saved.iter();
        saved.filter(|saved| saved.fit(&draft.detected).is_some()).map(|saved| saved.name.as_str()).collect()
    };
    let value = match &draft.saved {
        Some(name) => super::shown(name).into_owned(),
        None => dialect_name(cx, settings.dialect),
    };
    let tick = match &draft.saved {
        Some(_) => Some(Tick {
            text: cx.t("import-saved-fits"),
            look: Look::Sure,
            why: cx.t("import-saved-fits.why"),
        }),
        // That a file has but some of a family's columns leaves no doubt about the family.
        None => tick(cx, draft, Setting::Dialect).map(|tick| match tick.look {
            Look::Doubtful if settings.dialect.is_some() => {
                Tick { text: cx.t("import-recognised"), look: Look::Sure, ..tick }
            }
            _ => tick,
        }),
    };
    let mut lines =
        vec![MenuRow { icon: icons::ARROW_COUNTER_CLOCKWISE, text: cx.t("import-as-detected"), on: false }];
    lines.extend(fitting.iter().map(|name| MenuRow {
        icon: icons::BOOKMARK_SIMPLE,
        text: super::shown(name).into_owned(),
        on: draft.saved.as_deref() == Some(name),
    }));
    let dialects: Vec<Option<Dialect>> = {
        let known = Dialect::ALL.iter().copied().map(Some);
        known.chain([None]).collect()
    };
    lines.extend(dialects.iter().map(|dialect| MenuRow {
        icon: "",
        text: dialect_name(cx, *dialect),
        on: draft.saved.is_none() && *dialect == settings.dialect,
    }));
    if !cx.state.imports.saved.is_empty() {
        lines.push(MenuRow { icon: icons::PENCIL_SIMPLE, text: cx.t("import-saved-manage"), on: false });
    }
    let label = cx.t("import-known");
    let chosen = pick_ui(ui, cx, &Pick { label: &label, value: &value, tick }, &lines);
    let Some(chosen) = chosen else { return false };
    if chosen == 0 {
        change(commands, ImportChange::Detected);
    } else if let Some(name) = fitting.get(chosen - 1) {
        change(commands, ImportChange::Saved((*name).to_owned()));
    } else if let Some(dialect) = dialects.get(chosen - 1 - fitting.len()) {
        change(commands, ImportChange::Dialect(*dialect));
    } else {
        return true;
    }
    false
}

fn sheet_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let Detected { sheets, settings, .. } = &draft.detected;
    let present = draft.settings.sheet.as_ref().or(settings.sheet.as_ref());
    let text = |(name, rows): &(String, Option<u64>)| {
        let name = super::shown(name);
        match rows {
            Some(n) => cx.catalog.f(
                "import-sheet-rows",
                &[("name", name.as_ref().into()), ("n", (usize::try_from(*n).unwrap_or(usize::MAX)).into())],
            ),
            None => name.into_owned(),
        }
    };
    let lines: Vec<MenuRow<'_>> = sheets
        .iter()
        .map(|sheet| MenuRow { icon: icons::TABLE, text: text(sheet), on: present == Some(&sheet.0) })
        .collect();
    let label =
        cx.t(if draft.settings.format == Format::GeoPackage { "import-layer" } else { "import-sheet" });
    let value = present.map_or_else(String::new, |name| super::shown(name).into_owned());
    let tick = tick(cx, draft, Setting::Sheet);
    let chosen = pick_ui(ui, cx, &Pick { label: &label, value: &value, tick }, &lines);
    if let Some((name, _)) = chosen.and_then(|at| sheets.get(at)).filter(|(name, _)| present != Some(name)) {
        change(commands, ImportChange::Sheet(name.clone()));
    }
}

fn encoding_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let tick = tick(cx, draft, Setting::Encoding);
    let name = |encoding: Encoding| cx.t(&format!("import-encoding-{}", encoding.code()));
    let choices = (Encoding::ALL, draft.settings.encoding);
    if let Some(encoding) = choice_ui(ui, cx, "import-encoding", tick, choices, name) {
        change(commands, ImportChange::Encoding(encoding));
    }
}

fn delimiter_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let present = draft.settings.delimiter;
    let mut choices: Vec<u8> = DELIMITERS.iter().map(|(byte, _)| *byte).collect();
    if !choices.contains(&present) {
        choices.push(present);
    }
    let name = |byte: u8| match DELIMITERS.iter().find(|(known, _)| *known == byte) {
        Some((_, key)) => cx.t(key),
        None => char::from(byte).to_string(),
    };
    let tick = tick(cx, draft, Setting::Delimiter);
    if let Some(delimiter) = choice_ui(ui, cx, "import-separator", tick, (&choices, present), name) {
        change(commands, ImportChange::Delimiter(delimiter));
    }
}

fn header_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let present = draft.settings.header;
    let mut choices: Vec<Header> = (0..HEADER_LINES).map(Header::Line).collect();
    if !choices.contains(&present) && present != Header::None {
        choices.push(present);
    }
    choices.push(Header::None);
    let name = |header: Header| match header {
        Header::Line(line) => cx.catalog.f("import-header-line", &[("n", (line + 1).into())]),
        Header::None => cx.t("import-header-none"),
    };
    let tick = tick(cx, draft, Setting::Header);
    if let Some(header) = choice_ui(ui, cx, "import-header", tick, (&choices, present), name) {
        change(commands, ImportChange::Header(header));
    }
}

/// The order of day and month, and what dates that are only numbers count.
fn dates_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let settings = &draft.settings;
    let order = |order: DateOrder| cx.t(&format!("import-dates-{}", order.code()));
    let numbers = |numbers: Numbers| cx.t(&format!("import-numbers-{}", numbers.code()));
    let mut lines = rows(DateOrder::ALL, settings.date_order, order);
    lines.extend(rows(Numbers::ALL, settings.numbers, numbers));
    let value = match settings.numbers {
        Numbers::Digits => order(settings.date_order),
        other => numbers(other),
    };
    let label = cx.t("import-dates");
    let tick = tick(cx, draft, Setting::Dates);
    let Some(chosen) = pick_ui(ui, cx, &Pick { label: &label, value: &value, tick }, &lines) else { return };
    if let Some(order) = DateOrder::ALL.get(chosen) {
        change(commands, ImportChange::DateOrder(*order));
    } else if let Some(numbers) = Numbers::ALL.get(chosen - DateOrder::ALL.len()) {
        change(commands, ImportChange::Numbers(*numbers));
    }
}

fn decimal_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let tick = tick(cx, draft, Setting::Decimal);
    let name = |mark: DecimalMark| cx.t(&format!("import-decimal-{}", mark.code()));
    let choices = (DecimalMark::ALL, draft.settings.decimal);
    if let Some(mark) = choice_ui(ui, cx, "import-decimal", tick, choices, name) {
        change(commands, ImportChange::Decimal(mark));
    }
}

/// Which of two coordinates is which; whether they are in range is known once the file was counted.
fn coordinates_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    use crate::model::import::Issue::{BeyondDateLine, NoSuchCoordinate, SwappedCoordinates};
    let swapped = draft.settings.has(Remedy::SwapCoordinates);
    let tick = draft.counted.as_ref().filter(|_| draft.is_counted()).map(|counted| {
        let bad: u64 = [NoSuchCoordinate, SwappedCoordinates, BeyondDateLine]
            .into_iter()
            .map(|issue| counted.report.count_of(issue))
            .sum();
        match bad {
            0 => Tick { text: cx.t("import-in-range"), look: Look::Sure, why: String::new() },
            n => Tick {
                text: cx.catalog.f("import-out-of-range", &[("n", super::trial::count(n).into())]),
                look: Look::Doubtful,
                why: String::new(),
            },
        }
    });
    let name = |swapped: bool| cx.t(if swapped { "import-degrees-swapped" } else { "import-degrees" });
    if let Some(swapped) = choice_ui(ui, cx, "import-coordinates", tick, (&[false, true], swapped), name) {
        change(commands, ImportChange::Remedy(Remedy::SwapCoordinates, swapped));
    }
}

/// Changes that are made to every row, as long as there are any.
fn remedies_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, commands: &mut Commands) {
    let remedies: Vec<Remedy> =
        draft.settings.remedies.iter().copied().filter(|r| *r != Remedy::SwapCoordinates).collect();
    if remedies.is_empty() {
        return;
    }
    ui.add_space(6.0);
    rule_ui(ui, cx);
    head_ui(ui, cx, "import-remedies");
    for remedy in remedies {
        if check_ui(ui, cx, &cx.t(&format!("import-remedy-{}", remedy.code())), true) {
            change(commands, ImportChange::Remedy(remedy, false));
        }
    }
}
