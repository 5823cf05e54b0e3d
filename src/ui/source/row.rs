//! The note of a row of a flat dataset, which is all there is of its source's text.

use std::ops::Range;

use egui::{Rect, Sense, Ui, pos2, vec2};

use super::{FOOT, HEAD};
use crate::model::time::DateStyle;
use crate::model::{EventId, Lang};
use crate::state::{Command, Commands, TextCommand};
use crate::store::{Store, Table};
use crate::ui::details::StoreKey;
use crate::ui::details::empty::SEPARATOR;
use crate::ui::details::flow::tip;
use crate::ui::details::line::{Line, inside};
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style, Words};
use crate::ui::widgets::{TextDocumentState, TextDocumentView};
use crate::ui::{FrameCtx, format};

/// The note that is shown, and what it was made from.
pub struct Note {
    of: (StoreKey, EventId),
    /// Who reports it, and when.
    about: String,
    /// Where in which file it stands.
    place: String,
    view: TextDocumentState,
    finds: (u64, Vec<Range<usize>>),
}

impl Note {
    fn new(of: (StoreKey, EventId), cx: &FrameCtx<'_>, store: &Store, table: &Table) -> Option<Self> {
        let event = of.1;
        let detail = store.detail(event)?;
        let claim = detail.claims.first();
        let text = claim.map_or("", |claim| claim.statement.get(Lang::En));
        let date = format::event_date(store, event, cx.lang(), DateStyle::Short);
        let names = claim.map(|claim| format::isolated(&claim.attribution, cx.lang()));
        let about: Vec<String> = names.into_iter().chain([date]).filter(|part| !part.is_empty()).collect();
        let mut place = vec![format::isolated(&table.name, cx.lang())];
        if !detail.key.is_empty() {
            place.push(cx.catalog.f("source-row-record", &[("key", detail.key.as_str().into())]));
        }
        Some(Self {
            of,
            about: about.join(SEPARATOR),
            place: place.join(SEPARATOR),
            view: TextDocumentState::new(text),
            finds: (u64::MAX, Vec::new()),
        })
    }
}

/// Head, note and foot in the room of the panel.
pub fn row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    (store, store_key): (&Store, StoreKey),
    (table, event): (&Table, EventId),
    rect: Rect,
    kept: &mut Option<Note>,
    commands: &mut Commands,
) {
    let of = (store_key, event);
    if kept.as_ref().is_none_or(|note| note.of != of) {
        *kept = Note::new(of, cx, store, table);
    }
    let Some(note) = kept else { return };
    let line = Line::new(rect, cx.rtl());
    head_ui(ui, cx, line.rows(0.0, HEAD), &note.about);
    let area = Rect::from_min_max(
        pos2(rect.left(), rect.top() + HEAD),
        pos2(rect.right(), (rect.bottom() - FOOT).max(rect.top() + HEAD)),
    );
    if note.finds.0 != cx.derived.generation {
        let index = note.view.char_index();
        let query = &cx.derived.found.query;
        let hits = if query.is_empty() { Vec::new() } else { query.hits(note.view.text()) };
        let bytes = hits.iter().map(|(start, end)| index.byte_range(*start as usize..*end as usize));
        note.finds = (cx.derived.generation, bytes.collect());
    }
    if note.view.text().is_empty() {
        inside(ui, area.shrink2(vec2(size::INSET, 14.0)), |ui| {
            let style = Style::new(TextKind::Body, cx.theme.text_muted);
            ui.add(Words::new(&cx.t("source-row-none"), style).wrap());
        });
    } else {
        text_ui(ui, cx, area, note, commands);
    }
    foot_ui(ui, cx, line.rows(rect.height() - FOOT, rect.height()), note, commands);
}

fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, line: Line, about: &str) {
    let theme = cx.theme;
    ui.painter().rect_filled(line.rect, 0.0, theme.header);
    ui.painter().hline(line.rect.x_range(), line.rect.bottom() - 0.5, theme.hairline());
    let end = line.width() - size::INSET;
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let title_end = line.text(ui.painter(), size::INSET, end, &cx.t("source-title"), strong);
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    line.text(ui.painter(), title_end + 10.0, end, about, muted);
    let response =
        ui.interact(line.part(title_end + 10.0, end), ui.scope_id().with("row source"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, about));
    tip(response, cx, || vec![(about.to_owned(), false)]);
}

fn text_ui(ui: &mut Ui, cx: &FrameCtx<'_>, area: Rect, note: &mut Note, commands: &mut Commands) {
    let mut zoom = cx.state.settings.text_zoom;
    let font = super::text::font(area.width());
    let name = cx.catalog.f("source-text", &[("document", note.place.as_str().into())]);
    let gap = super::text::paragraph_gap(note.view.text());
    let Note { view, finds, .. } = note;
    inside(ui, area, |ui| {
        TextDocumentView::new(view, &mut zoom, super::text::colors(cx.theme))
            .font(font)
            .finds(&finds.1, None)
            .name(&name)
            .margin(8.0)
            .paragraph_gap(gap)
            .show(ui)
    });
    if (zoom - cx.state.settings.text_zoom).abs() > 1e-4 {
        commands.push(TextCommand::Zoom(zoom));
    }
}

/// File and record, and how often the searched text occurs.
fn foot_ui(ui: &mut Ui, cx: &FrameCtx<'_>, line: Line, note: &Note, commands: &mut Commands) {
    let theme = cx.theme;
    ui.painter().rect_filled(line.rect, 0.0, theme.panel);
    ui.painter().hline(line.rect.x_range(), line.rect.top() + 0.5, theme.hairline());
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    let mut end = line.width() - size::INSET + 4.0;
    if !note.view.text().is_empty() {
        let slot = line.part(end - size::TINY, end);
        let slot = Rect::from_center_size(slot.center(), vec2(size::TINY, size::TINY));
        let name = cx.t("source-row-copy");
        let copies =
            inside(ui, slot, |ui| controls::icon_button(ui, theme, icons::COPY, &name, size::TINY).clicked());
        if copies {
            let selected = note.view.selected_text();
            let text = if selected.is_empty() { note.view.text() } else { selected };
            commands.push(Command::Copy(text.to_owned()));
        }
        end -= size::TINY + 6.0;
    }
    if !cx.derived.found.query.is_empty() {
        let hits = cx.catalog.f("source-row-hits", &[("n", note.finds.1.len().into())]);
        let width = words::measure(ui.painter(), &hits, muted).x.ceil() + 1.0;
        line.text_end(ui.painter(), end - width, end, &hits, muted);
        let response =
            ui.interact(line.part(end - width, end), ui.scope_id().with("row hits"), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &hits));
        end -= width + 10.0;
    }
    line.text(ui.painter(), size::INSET, end, &note.place, muted);
    let response = ui.interact(line.part(size::INSET, end), ui.scope_id().with("row place"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &note.place));
}
