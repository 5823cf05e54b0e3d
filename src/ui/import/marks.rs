//! The list that says what a column is: every field of an event in three stacks, or an attribute.

use egui::{Popup, Rect, Response, Sense, Ui, pos2, vec2};

use crate::model::import::Field;
use crate::state::{Commands, ImportChange, ImportCommand, ImportDraft};
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, icons};
use crate::ui::widgets::controls::focus_ring;
use crate::ui::widgets::rows::{Strip, end_align, row_focus, start_align};
use crate::ui::widgets::words::{self, Style};

const ROW: f32 = 24.0;
const STACK: f32 = 208.0;
const GAP: f32 = 8.0;
/// Room of a mark between its edge and what is in it, and between the mark and its column's edge.
const INSET: f32 = 6.0;
pub const SIDE: f32 = 4.0;
const CARET: f32 = 10.0;
const CARET_GAP: f32 = 2.0;

/// Fields by what they tell, in three stacks.
const STACKS: [&[(&str, &[Field])]; 3] = [
    &[
        (
            "import-fields-when",
            &[
                Field::Date,
                Field::DateEnd,
                Field::Time,
                Field::Year,
                Field::Month,
                Field::Day,
                Field::DatePrecision,
            ],
        ),
        ("import-fields-what", &[Field::Id, Field::EventType, Field::SubType, Field::Title, Field::Notes]),
    ],
    &[
        (
            "import-fields-where",
            &[
                Field::Latitude,
                Field::Longitude,
                Field::Coordinates,
                Field::GeoPrecision,
                Field::Place,
                Field::Admin1,
                Field::Admin2,
                Field::Admin3,
                Field::Country,
            ],
        ),
        ("import-fields-source", &[Field::Source, Field::SourceUrl]),
    ],
    &[
        (
            "import-fields-who",
            &[Field::Actor1, Field::AssocActor1, Field::Actor2, Field::AssocActor2, Field::Actors],
        ),
        (
            "import-fields-toll",
            &[Field::Fatalities, Field::FatalitiesLow, Field::FatalitiesHigh, Field::Wounded],
        ),
    ],
];

pub fn field_name(cx: &FrameCtx<'_>, field: Field) -> String {
    cx.t(&format!("import-field-{}", field.code()))
}

/// Whether values of a field are numbers, which are aligned at their ends.
pub fn is_number(field: Field) -> bool {
    matches!(
        field,
        Field::Latitude
            | Field::Longitude
            | Field::Year
            | Field::Day
            | Field::Fatalities
            | Field::FatalitiesLow
            | Field::FatalitiesHigh
            | Field::Wounded
    )
}

/// What a column is, as its mark says it.
fn mark_style(cx: &FrameCtx<'_>, draft: &ImportDraft, column: usize) -> (String, Style) {
    match draft.field_of(column) {
        Some(field) => (field_name(cx, field), Style::strong(TextKind::Caption, cx.theme.text_strong)),
        None => (cx.t("import-attribute"), Style::new(TextKind::Caption, cx.theme.text_muted)),
    }
}

/// Width of a column whose mark is not cut.
pub fn mark_width(ui: &Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, column: usize) -> f32 {
    let (text, style) = mark_style(cx, draft, column);
    words::measure(ui.painter(), &text, style).x.ceil() + 2.0 * (INSET + SIDE) + CARET + CARET_GAP + 2.0
}

/// The field of a column as a button that opens the list.
pub fn mark_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    place: Rect,
    draft: &ImportDraft,
    column: usize,
    name: &str,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let field = draft.field_of(column);
    let (text, style) = mark_style(cx, draft, column);
    let id = ui.scope_id().with(("mark", column));
    let response = ui.interact(place, id, Sense::click());
    let named = cx.catalog.f("import-column-is", &[("column", name.into()), ("field", text.as_str().into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &named));
    let (fill, edge, color) = match (field, response.hovered()) {
        (Some(_), false) => (theme.accent_soft, theme.accent_line, theme.text_strong),
        (Some(_), true) => (theme.selection, theme.accent_line, theme.text_strong),
        (None, false) => (theme.header, theme.line, theme.text_muted),
        (None, true) => (theme.hover, theme.line_strong, theme.text_strong),
    };
    ui.painter().rect(place, 4.0, fill, egui::Stroke::new(1.0, edge), egui::StrokeKind::Inside);
    let mut strip = Strip::new(place.shrink2(vec2(INSET, 0.0)), cx.rtl());
    let caret = strip.end(CARET).center();
    let font = theme::icon_font(10.0);
    ui.painter().text(caret, egui::Align2::CENTER_CENTER, icons::CARET_DOWN, font, theme.text_muted);
    strip.end(CARET_GAP);
    let style = Style { color, ..style };
    words::paint_in(ui.painter(), strip.rest(), &text, style, start_align(cx.rtl()), Some(1));
    focus_ring(ui, &response, theme);
    let opened = response.clone();
    Popup::menu(&opened).show(|ui| {
        if let Some(chosen) = list_ui(ui, cx, draft, column) {
            commands.push(ImportCommand::Change(ImportChange::Column(column, chosen)));
            ui.close();
        }
    });
    crate::ui::widgets::rows::tip(response, theme, &super::shown(name));
}

/// The list. The outer `None` is no choice, the inner one an attribute.
fn list_ui(ui: &mut Ui, cx: &FrameCtx<'_>, draft: &ImportDraft, column: usize) -> Option<Option<Field>> {
    let rows = |stack: &[(&str, &[Field])]| stack.iter().map(|(_, fields)| fields.len() + 1).sum::<usize>();
    let most = STACKS.iter().map(|stack| rows(stack)).max().unwrap_or(0);
    let width = STACK * STACKS.len() as f32 + GAP * (STACKS.len() - 1) as f32;
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW * (most as f32 + 1.0) + 6.0), Sense::hover());
    let mut chosen = None;
    let keep = Rect::from_min_size(rect.min, vec2(width, ROW));
    let text = cx.t("import-attribute-long");
    if line_ui(ui, cx, keep, "attribute", &text, "", draft.field_of(column).is_none()).clicked() {
        chosen = Some(None);
    }
    let below = Rect::from_min_max(pos2(rect.left(), keep.bottom() + 6.0), rect.max);
    ui.painter().hline(rect.x_range(), keep.bottom() + 2.5, cx.theme.hairline());
    let mut strip = Strip::new(below, cx.rtl());
    for stack in STACKS {
        let place = strip.start(STACK);
        strip.start(GAP);
        let mut top = place.top();
        let mut next = || {
            let row = Rect::from_min_size(pos2(place.left(), top), vec2(place.width(), ROW));
            top += ROW;
            row
        };
        for (head, fields) in stack {
            let style = Style::strong(TextKind::Caption, cx.theme.text_muted);
            let row = next().shrink2(vec2(8.0, 0.0));
            words::paint_in(ui.painter(), row, &cx.t(head), style, start_align(cx.rtl()), Some(1));
            for field in *fields {
                let taken = draft.settings.columns.iter().position(|other| *other == Some(*field));
                let note = taken
                    .filter(|other| *other != column && *field != Field::Actors)
                    .and_then(|other| draft.detected.columns.get(other))
                    .map_or_else(String::new, |name| super::shown(name).into_owned());
                let on = draft.field_of(column) == Some(*field);
                let name = field_name(cx, *field);
                if line_ui(ui, cx, next(), field.code(), &name, &note, on).clicked() {
                    chosen = Some(Some(*field));
                }
            }
        }
    }
    chosen
}

/// A line: the field, and the column that has it so far.
fn line_ui(ui: &Ui, cx: &FrameCtx<'_>, rect: Rect, id: &str, text: &str, note: &str, on: bool) -> Response {
    let theme = cx.theme;
    let response = ui.interact(rect, ui.scope_id().with(("field", id)), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::MenuItem, true, on, text));
    let lit = response.hovered() || response.has_focus();
    if lit {
        ui.painter().rect_filled(rect, 4.0, theme.hover);
    }
    let mut strip = Strip::new(rect.shrink2(vec2(8.0, 0.0)), cx.rtl());
    let mark = strip.start(12.0).center();
    if on {
        ui.painter().text(
            mark,
            egui::Align2::CENTER_CENTER,
            icons::CHECK,
            theme::icon_font(12.0),
            theme.accent,
        );
    }
    strip.start(6.0);
    let style = Style::new(TextKind::List, if lit || on { theme.text_strong } else { theme.text });
    let width = words::measure(ui.painter(), text, style).x.ceil() + 1.0;
    let name = strip.start(width);
    words::paint_in(ui.painter(), name, text, style, start_align(cx.rtl()), Some(1));
    strip.start(8.0);
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), strip.rest(), note, muted, end_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    response
}
