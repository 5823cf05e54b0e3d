//! A row of a flat dataset: what it says beyond its fields of time, place and actors, and the record
//! as the file has it.

use egui::{Sense, Ui};

use super::event::{field_ui, fold_ui};
use super::flow::{Piece, tip};
use super::line::{Line, inside};
use crate::model::{ActorId, EventId, Lang};
use crate::state::{Command, Commands, FilterCommand};
use crate::store::filter::Dim;
use crate::store::{EventDetail, Store, Table};
use crate::ui::theme::{TextKind, icon_font, icons, size};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{controls, raw};
use crate::ui::{FrameCtx, format};

const ROW: f32 = 20.0;
/// Share of the panel's width that names of fields take.
const NAMES: f32 = 0.36;

/// One row, read once from its file.
pub struct Row {
    pub detail: EventDetail,
    /// What the row's sources are reported to say, in the script that it is in.
    note: String,
    /// Name and value of each field, in the order of the file.
    record: Vec<(String, String)>,
}

impl Row {
    pub fn new(store: &Store, table: &Table, event: EventId) -> Option<Self> {
        let detail = store.detail(event)?.into_owned();
        let note = detail.claims.first().map_or("", |claim| claim.statement.get(Lang::En)).to_owned();
        let names = table.records.header();
        let fields = table.fields(event.index()).into_iter().enumerate();
        // A row may have more fields than the header has names.
        let named = |(at, value): (usize, String)| {
            (names.get(at).cloned().unwrap_or_else(|| (at + 1).to_string()), value)
        };
        let record = fields.map(named).collect();
        Some(Self { detail, note, record })
    }

    /// The record as lines of name and value.
    fn as_text(&self) -> String {
        let lines: Vec<String> = self.record.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        lines.join("\n")
    }
}

/// The dead, the sources, the note and the record.
pub fn row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    event: EventId,
    row: &Row,
    commands: &mut Commands,
) {
    what_ui(ui, cx, store, event);
    killed_ui(ui, cx, store, event);
    sources_ui(ui, cx, store, row, commands);
    ui.add_space(6.0);
    if !row.note.is_empty() && fold_ui(ui, cx, "details-row-note", true, &row.note, commands) {
        note_ui(ui, cx, &row.note);
        ui.add_space(6.0);
    }
    let preview = cx.catalog.f("details-record-fields", &[("n", row.record.len().into())]);
    if fold_ui(ui, cx, "details-record", false, &preview, commands) {
        record_ui(ui, cx, row, commands);
    }
}

/// The kind of event in the words of the dataset. The panel's head has no room for it beside numbers
/// of seven digits.
fn what_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId) {
    let sub_type = store.sub_type(event);
    if !sub_type.is_empty() {
        let piece = Piece::new(sub_type, Style::new(TextKind::List, cx.theme.text));
        field_ui(ui, cx, &cx.t("details-what"), &[piece]);
    }
}

/// Where a text of a dataset is set: it reads as it begins, as in the source panel, however many names
/// in other letters it holds.
fn side(text: &str) -> egui::Align {
    if crate::text::is_rtl(text) { egui::Align::Max } else { egui::Align::Min }
}

fn note_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    let style = Style::new(TextKind::List, cx.theme.text);
    let width = (ui.available_width() - 2.0 * size::INSET).max(40.0);
    let height = words::measure_in(ui.painter(), text, style, width, None).y.ceil();
    let (line, response) = Line::allocate(ui, height, Sense::hover(), cx.rtl());
    let slot = line.part(size::INSET, size::INSET + width);
    words::paint_in(ui.painter(), slot, text, style, side(text), None);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Paragraph, true, text));
}

fn killed_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId) {
    let theme = cx.theme;
    let piece = match format::toll(store.fatalities(event), cx.lang()) {
        Some(toll) => Piece::new(toll, Style::strong(TextKind::List, theme.text_strong)),
        None => Piece::new(cx.t("details-no-toll"), Style::new(TextKind::List, theme.text_muted)),
    };
    field_ui(ui, cx, &cx.t("details-killed"), &[piece]);
}

/// The names of the sources; a click shows only what they report.
fn sources_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, row: &Row, commands: &mut Commands) {
    let muted = Style::new(TextKind::List, cx.theme.text_muted);
    let link = Style::new(TextKind::List, cx.theme.accent);
    let Some(claim) = row.detail.claims.first() else { return };
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (at, id) in claim.chain.iter().enumerate() {
        let Some(actor) = store.actor(*id) else { continue };
        if at > 0 {
            pieces.push(Piece::mark(";", muted));
        }
        pieces.push(Piece::link(actor.names.get(super::names_lang(cx)).to_owned(), link, id.0));
    }
    if pieces.is_empty() {
        let text =
            if claim.attribution.is_empty() { cx.t("details-no-source") } else { claim.attribution.clone() };
        pieces.push(Piece::new(text, muted));
    }
    let (_, links) = field_ui(ui, cx, &cx.t("details-source"), &pieces);
    for (id, link) in links {
        if link.clicked() {
            commands.push(FilterCommand::Toggle(Dim::Claimant, id));
        }
        tip(link, cx, || {
            let name = store.actor(ActorId(id)).map(|actor| actor.names.get(cx.lang()).to_owned());
            let mut lines: Vec<(String, bool)> = name.into_iter().map(|name| (name, true)).collect();
            lines.push((cx.t("details-source-hint"), false));
            lines
        });
    }
}

/// All fields of the record, each to be copied by a click.
fn record_ui(ui: &mut Ui, cx: &FrameCtx<'_>, row: &Row, commands: &mut Commands) {
    let theme = cx.theme;
    inside_inset_ui(ui, |ui| {
        if controls::link(ui, theme, &cx.t("details-record-copy"), TextKind::Caption).clicked() {
            commands.push(Command::Copy(row.as_text()));
        }
    });
    ui.add_space(4.0);
    let name_style = Style::new(TextKind::Caption, theme.text_muted);
    for (at, (name, value)) in row.record.iter().enumerate() {
        let is_empty = value.is_empty();
        let style = Style::new(TextKind::List, if is_empty { theme.disabled } else { theme.text });
        let shown = if is_empty { "–".into() } else { raw::shown_lines(value) };
        let shown = shown.as_ref();
        let width = ui.available_width();
        let names_end = (width * NAMES).round();
        let room = (width - size::INSET - names_end - 20.0).max(40.0);
        let height = words::measure_in(ui.painter(), shown, style, room, None).y.ceil().max(16.0) + 4.0;
        let (line, _) = Line::allocate(ui, height.max(ROW), Sense::hover(), cx.rtl());
        let sense = if is_empty { Sense::hover() } else { Sense::click() };
        let response = ui.interact(line.rect, ui.scope_id().with(("field", at)), sense);
        response.widget_info(|| {
            let role = if is_empty { egui::Role::Label } else { egui::Role::Button };
            egui::WidgetInfo::labeled(role, true, format!("{name}: {value}"))
        });
        if response.hovered() && !is_empty {
            ui.painter().rect_filled(line.rect, 0.0, theme.hover);
            let place = line.part(width - size::INSET - 14.0, width - size::INSET);
            let font = icon_font(13.0);
            let center = egui::pos2(place.center().x, line.rect.top() + ROW / 2.0);
            ui.painter().text(center, egui::Align2::CENTER_CENTER, icons::COPY, font, theme.text_muted);
        }
        line.rows(0.0, ROW).text(ui.painter(), size::INSET, names_end - 6.0, &raw::shown(name), name_style);
        let slot = line.rows(2.0, height).part(names_end, names_end + room);
        words::paint_in(ui.painter(), slot, shown, style, side(shown), None);
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            commands.push(Command::Copy(value.clone()));
        }
        if !is_empty {
            tip(response, cx, || vec![(cx.t("details-record-hint"), false)]);
        }
    }
}

fn inside_inset_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let (line, _) = Line::allocate(ui, ROW, Sense::hover(), false);
    let place = line.part(size::INSET, line.width() - size::INSET);
    inside(ui, place, |ui| {
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), add);
    });
}
