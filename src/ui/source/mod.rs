//! The source text with its spans: which document, which form of it, the text, and what its marks mean.
//!
//! Invariants: what is made from a text is kept until document, form or store change; the size of the
//! panel is a setting, of which only the drag in progress is kept here.

mod row;
pub mod spans;
pub mod text;

use egui::{Panel, Popup, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::FrameCtx;
use super::details::StoreKey;
use super::details::empty::{SEPARATOR, outlet_words};
use super::details::flow::tip;
use super::details::line::{Line, inside};
use super::theme::{TextKind, icon_font, icons, size};
use super::widgets::controls;
use super::widgets::words::{self, Style, Words};
use crate::model::document::{Document, TextForm};
use crate::model::time::DateStyle;
use crate::model::{DocumentId, SpanRole};
use crate::state::{Command, Commands, TextCommand, ViewCommand};
use crate::store::Store;
use text::Shown;

/// Share of the panel that the text takes unless the user says otherwise.
const SHARE: f32 = 0.35;
const LEAST: f32 = 130.0;
const HEAD: f32 = 36.0;
const FOOT: f32 = 28.0;
const TAB: f32 = 32.0;

/// Which text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextKey {
    pub store: StoreKey,
    pub document: DocumentId,
    pub form: TextForm,
}

/// State of the panel's widgets.
#[derive(Default)]
pub struct SourceUi {
    shown: Option<Shown>,
    /// The note of the selected row of a flat dataset.
    note: Option<row::Note>,
    /// Serial number of the last place that was scrolled to.
    seen_target: u64,
    /// The last frame's click selected a claim: what was clicked on is in view and stays where it is.
    clicked_here: bool,
    /// Roles whose spans are not drawn.
    hidden: [bool; SpanRole::ALL.len()],
    /// Height of the panel while its edge is dragged.
    dragged: Option<f32>,
}

impl SourceUi {
    /// The text that was shown last.
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }
}

/// The lower part of the panel at the reading end.
pub fn source_panel(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut SourceUi, commands: &mut Commands) {
    let Some(case) = &cx.state.case else { return };
    let store = &*case.store;
    let whole = ui.max_rect().height();
    let most = (whole - LEAST).max(LEAST);
    let share = cx.state.settings.source_share.unwrap_or(SHARE).clamp(0.0, 1.0);
    let height = state.dragged.unwrap_or(share * whole).clamp(LEAST, most).round();
    let top = Panel::bottom("source")
        .resizable(false)
        .show_separator_line(false)
        .exact_size(height)
        .frame(egui::Frame::new().fill(cx.theme.panel))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            let rect = ui.max_rect();
            contents_ui(ui, cx, store, StoreKey::of(case), rect, state, commands);
            rect
        })
        .inner;
    splitter_ui(ui, cx, top, whole, state, commands);
}

/// The edge between details and source.
fn splitter_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    panel: Rect,
    whole: f32,
    state: &mut SourceUi,
    commands: &mut Commands,
) {
    let y = panel.top();
    let grab = Rect::from_min_max(pos2(panel.left(), y - 3.0), pos2(panel.right(), y + 3.0));
    let response = ui.interact(grab, ui.scope_id().with("source splitter"), Sense::click_and_drag());
    let name = cx.t("source-splitter");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Splitter, true, &name));
    let active = response.hovered() || response.dragged() || response.has_focus();
    if active {
        ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeVertical);
    }
    let stroke =
        if active { Stroke::new(2.0, cx.theme.accent_line) } else { Stroke::new(1.0, cx.theme.line) };
    ui.painter().hline(panel.x_range(), y.round() + 0.5, stroke);
    if response.dragged() {
        let from = state.dragged.unwrap_or(panel.height());
        state.dragged = Some(from - response.drag_delta().y);
    } else if state.dragged.take().is_some() {
        // The height that was shown, not the one beyond the limits.
        commands.push(ViewCommand::SourceShare(panel.height() / whole.max(1.0)));
    }
    if response.double_clicked() {
        commands.push(ViewCommand::SourceShare(SHARE));
    }
    if response.has_focus() {
        let step = ui.input_mut(|input| {
            let up = input.consume_key(egui::Modifiers::NONE, egui::Key::ArrowUp);
            let down = input.consume_key(egui::Modifiers::NONE, egui::Key::ArrowDown);
            f32::from(u8::from(up)) - f32::from(u8::from(down))
        });
        if step != 0.0 {
            commands.push(ViewCommand::SourceShare((panel.height() + 24.0 * step) / whole.max(1.0)));
        }
        let filter = egui::EventFilter { vertical_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
}

fn contents_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    store_key: StoreKey,
    rect: Rect,
    state: &mut SourceUi,
    commands: &mut Commands,
) {
    if let Some(event) = cx.state.primary()
        && let Some(table) = store.table_of(event)
    {
        row::row_ui(ui, cx, (store, store_key), (table, event), rect, &mut state.note, commands);
        return;
    }
    let document_id =
        cx.state.view.document.or_else(|| (!store.documents.is_empty()).then_some(DocumentId(0)));
    let document = document_id.and_then(|id| Some((id, store.document(id)?)));
    let line = Line::new(rect, cx.rtl());
    let head = line.rows(0.0, HEAD);
    let foot = line.rows(rect.height() - FOOT, rect.height());
    let area = Rect::from_min_max(pos2(rect.left(), head.rect.bottom()), pos2(rect.right(), foot.rect.top()));
    head_ui(ui, cx, store, head, document, commands);
    let form = document_id.and_then(|id| cx.state.shown_form(id));
    match document_id.zip(form) {
        Some((document, form)) => {
            let key = TextKey { store: store_key, document, form };
            if state.shown.as_ref().is_none_or(|shown| shown.key != key) {
                state.shown = Shown::new(key, cx);
            }
            text::text_ui(ui, cx, area, state, commands);
        }
        None => {
            state.shown = None;
            let message = if document.is_some() { "source-no-text" } else { "source-no-documents" };
            nothing_ui(ui, cx, area, message, commands);
        }
    }
    foot_ui(ui, cx, foot, state, commands);
}

fn nothing_ui(ui: &mut Ui, cx: &FrameCtx<'_>, area: Rect, message: &str, commands: &mut Commands) {
    inside(ui, area.shrink2(vec2(size::INSET, 14.0)), |ui| {
        ui.spacing_mut().item_spacing.y = 10.0;
        ui.add(Words::new(&cx.t(message), Style::new(TextKind::Body, cx.theme.text)).wrap());
        if controls::button(ui, cx.theme, &cx.t("source-attach"), false, true).clicked() {
            commands.push(Command::Attach(None));
        }
    });
}

/// Tabs of documents, where the text is from, and which form of it.
fn head_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    line: Line,
    document: Option<(DocumentId, &Document)>,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    ui.painter().rect_filled(line.rect, 0.0, theme.header);
    ui.painter().hline(line.rect.x_range(), line.rect.bottom() - 0.5, theme.hairline());
    let end = line.width() - size::INSET;
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let title_end = line.text(ui.painter(), size::INSET, end, &cx.t("source-title"), strong);
    let Some((shown, document)) = document else { return };

    let forms = form_width(ui, cx, document);
    let forms_start = end - forms;
    forms_ui(ui, cx, line, forms_start, shown, document, commands);

    let documents = tabs(cx, store, shown);
    let tabs_start = title_end + 12.0;
    // The name of the outlet keeps some room.
    let room = (forms_start - 10.0 - tabs_start - 92.0).max(TAB);
    let tabs_end = tabs_ui(ui, cx, store, line, tabs_start, room, &documents, shown, commands);

    let about = outlet_words(cx, document, DateStyle::Short);
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    let (from, until) = (tabs_end + 8.0, forms_start - 8.0);
    if until - from > 24.0 {
        // Outlet and date stand above each other where they do not fit side by side.
        let fits = words::measure(ui.painter(), &about, muted).x <= until - from;
        match about.split_once(SEPARATOR).filter(|_| !fits) {
            Some((outlet, date)) => {
                line.rows(4.0, 18.0).text(ui.painter(), from, until, outlet, muted);
                line.rows(18.0, 32.0).text(ui.painter(), from, until, date, muted);
            }
            None => {
                line.text(ui.painter(), from, until, &about, muted);
            }
        }
        let id = ui.scope_id().with("outlet");
        let response = ui.interact(line.part(from, until), id, Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &about));
        tip(response, cx, || document_lines(cx, document));
    }
}

/// All that is known of a document, for tooltips.
fn document_lines(cx: &FrameCtx<'_>, document: &Document) -> Vec<(String, bool)> {
    let title = document.titles.get(cx.lang());
    let mut lines = vec![(format!("{} {title}", document.key), true)];
    lines.extend(document.titles.beside(cx.lang()).map(|other| (other.to_owned(), false)));
    if let Some(outlet) = &document.outlet {
        lines.push((outlet.names.get(cx.lang()).to_owned(), false));
        lines.extend(outlet.basis.clone().map(|basis| (basis, false)));
    }
    if let Some(when) = &document.published {
        let date =
            crate::model::time::format_interval(when.interval, when.precision, cx.lang(), DateStyle::Long);
        lines.push((cx.catalog.f("source-published", &[("date", date.into())]), false));
        lines.extend(when.basis.clone().map(|basis| (basis, false)));
    }
    if !document.language.is_empty() {
        let code = document.language.as_str();
        lines.push((cx.catalog.f("source-language", &[("code", code.into())]), false));
    }
    lines
}

/// The documents of the selected events, or all; the shown one is always among them.
fn tabs(cx: &FrameCtx<'_>, store: &Store, shown: DocumentId) -> Vec<DocumentId> {
    let mut documents: Vec<DocumentId> = match cx.state.primary() {
        Some(event) => store.documents_of(event).collect(),
        None => (0..store.documents.len()).map(DocumentId::from_index).collect(),
    };
    // So is every document in which the search has a hit.
    let all = (0..store.documents.len()).map(DocumentId::from_index);
    let found = |id: DocumentId| {
        cx.state.shown_form(id).is_some_and(|form| !cx.derived.found.hits(id, form).is_empty())
    };
    documents.extend(all.filter(|id| *id == shown || found(*id)));
    documents.sort_unstable();
    documents.dedup();
    documents
}

/// Returns where the tabs end. Those without room are in a menu.
#[expect(clippy::too_many_arguments, reason = "one call, from the head")]
fn tabs_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    line: Line,
    start: f32,
    room: f32,
    documents: &[DocumentId],
    shown: DocumentId,
    commands: &mut Commands,
) -> f32 {
    let theme = cx.theme;
    let style = Style::new(TextKind::List, theme.text_muted);
    let key_of = |id: DocumentId| store.document(id).map_or("", |document| document.key.as_str());
    // While something is searched, each tab counts the hits of its document.
    let label_of = |id: DocumentId| {
        let form = cx.state.shown_form(id);
        match form.map_or(0, |form| cx.derived.found.hits(id, form).len()) {
            0 => key_of(id).to_owned(),
            hits => cx.catalog.f("source-tab-hits", &[("key", key_of(id).into()), ("n", hits.into())]),
        }
    };
    let width_of = |id: DocumentId| {
        (words::measure(ui.painter(), &label_of(id), style).x.ceil() + 13.0).clamp(TAB, 120.0)
    };
    let mut fitting: Vec<(DocumentId, f32)> = Vec::new();
    let mut used = 0.0;
    for id in documents {
        let width = width_of(*id);
        // The last one needs no room for the menu after it.
        let reserve = if fitting.len() + 1 == documents.len() { 0.0 } else { TAB };
        if used + width + reserve > room && !fitting.is_empty() {
            break;
        }
        fitting.push((*id, width));
        used += width;
    }
    // The shown document has a tab in any case.
    if !fitting.iter().any(|(id, _)| *id == shown)
        && let Some(last) = fitting.last_mut()
    {
        used += width_of(shown) - last.1;
        *last = (shown, width_of(shown));
    }
    let more = documents.len() - fitting.len();
    let total = used + if more > 0 { TAB } else { 0.0 };
    let strip = Line::new(
        Rect::from_center_size(line.part(start, start + total).center(), vec2(total, size::COMPACT)),
        line.rtl,
    );
    ui.painter().rect(strip.rect, 4.0, theme.field, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut x = 0.0;
    for (id, width) in &fitting {
        let part = strip.part(x, x + width);
        if x > 0.0 {
            let (top, bottom) = (strip.rect.top() + 1.0, strip.rect.bottom() - 1.0);
            ui.painter().vline(strip.x(x).round() + 0.5, top..=bottom, Stroke::new(1.0, theme.line));
        }
        x += width;
        let document = store.document(*id);
        let response = ui.interact(part, ui.scope_id().with(("tab", *id)), Sense::click());
        let on = *id == shown;
        response.widget_info(|| {
            let name = cx.catalog.f("source-document", &[("key", key_of(*id).into())]);
            egui::WidgetInfo::selected(egui::Role::Tab, true, on, name)
        });
        let color = segment_fill(ui, cx, part, on, &response);
        words::paint_in(
            ui.painter(),
            part,
            &label_of(*id),
            Style { color, ..style },
            egui::Align::Center,
            Some(1),
        );
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            commands.push(TextCommand::Show(*id));
        }
        tip(response, cx, || document.map_or_else(Vec::new, |document| document_lines(cx, document)));
    }
    if more > 0 {
        let part = strip.part(x, x + TAB);
        let response = ui.interact(part, ui.scope_id().with("more tabs"), Sense::click());
        let name = cx.catalog.f("source-more-documents", &[("n", more.into())]);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &name));
        let color = segment_fill(ui, cx, part, false, &response);
        let text = format!("+{more}");
        words::paint_in(ui.painter(), part, &text, Style { color, ..style }, egui::Align::Center, Some(1));
        controls::focus_ring(ui, &response, theme);
        let popup = Popup::menu(&response).show(|ui| {
            let rest = || documents.iter().filter(|id| !fitting.iter().any(|(shown, _)| shown == *id));
            ui.set_width(320.0);
            let height = 22.0;
            let area = egui::ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]);
            area.show_rows(ui, height, more, |ui, rows| {
                for id in rest().skip(rows.start).take(rows.len()) {
                    let (row, response) = Line::allocate(ui, height, Sense::click(), cx.rtl());
                    let title = store.document(*id).map_or("", |document| document.titles.get(cx.lang()));
                    if response.hovered() {
                        ui.painter().rect_filled(row.rect, 3.0, theme.hover);
                    }
                    let key = Style::strong(TextKind::List, theme.text_strong);
                    row.text(ui.painter(), 6.0, 56.0, &label_of(*id), key);
                    row.text(
                        ui.painter(),
                        60.0,
                        row.width() - 6.0,
                        title,
                        Style::new(TextKind::List, theme.text),
                    );
                    response
                        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::MenuItem, true, key_of(*id)));
                    if response.clicked() {
                        commands.push(TextCommand::Show(*id));
                        ui.close();
                    }
                }
            });
        });
        if popup.is_none() {
            tip(response, cx, || vec![(name, false)]);
        }
    }
    start + total
}

/// Fill of one of several segments; returns the colour of its text.
fn segment_fill(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    part: Rect,
    on: bool,
    response: &egui::Response,
) -> egui::Color32 {
    let theme = cx.theme;
    if on {
        ui.painter().rect_filled(part.shrink(1.0), 3.0, theme.active);
        theme.text_strong
    } else if response.hovered() {
        ui.painter().rect_filled(part.shrink(1.0), 3.0, theme.hover);
        theme.text_strong
    } else {
        theme.text_muted
    }
}

const FORM_PAD: f32 = 8.0;
const CLIP: f32 = 15.0;

/// Whether the case knows of an original that is not here.
fn can_attach(document: &Document) -> bool {
    document.attached.is_none() && document.original.is_some()
}

fn form_names(cx: &FrameCtx<'_>) -> [(TextForm, String); 2] {
    [(TextForm::Brief, cx.t("source-brief")), (TextForm::Original, cx.t("source-original"))]
}

fn form_width(ui: &Ui, cx: &FrameCtx<'_>, document: &Document) -> f32 {
    let style = Style::new(TextKind::List, cx.theme.text);
    let clip = if can_attach(document) { CLIP } else { 0.0 };
    let names = form_names(cx);
    names
        .iter()
        .map(|(_, name)| words::measure(ui.painter(), name, style).x.ceil() + 2.0 * FORM_PAD)
        .sum::<f32>()
        + clip
}

/// Brief or original. An original that is not here says so and offers to attach it.
fn forms_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    line: Line,
    start: f32,
    shown: DocumentId,
    document: &Document,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let total = line.width() - size::INSET - start;
    let strip = Line::new(
        Rect::from_center_size(line.part(start, start + total).center(), vec2(total, size::COMPACT)),
        line.rtl,
    );
    ui.painter().rect(strip.rect, 4.0, theme.field, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let style = Style::new(TextKind::List, theme.text_muted);
    let form_shown = cx.state.shown_form(shown);
    let mut x = 0.0;
    for (form, name) in form_names(cx) {
        let attach = form == TextForm::Original && can_attach(document);
        let enabled = document.text(form).is_some();
        let clip = if attach { CLIP } else { 0.0 };
        let width = words::measure(ui.painter(), &name, style).x.ceil() + 2.0 * FORM_PAD + clip;
        let part = strip.part(x, x + width);
        let sense = if enabled || attach { Sense::click() } else { Sense::hover() };
        let response = ui.interact(part, ui.scope_id().with(("form", form == TextForm::Brief)), sense);
        let on = form_shown == Some(form);
        let spoken = if attach { cx.t("source-not-attached") } else { name.clone() };
        response.widget_info(|| {
            let role = if attach { egui::Role::Button } else { egui::Role::RadioButton };
            egui::WidgetInfo::selected(role, enabled || attach, on, &spoken)
        });
        let mut color = segment_fill(ui, cx, part, on, &response);
        if !enabled {
            color = if attach && response.hovered() { theme.text_strong } else { theme.disabled };
        }
        let room = strip.part(x + clip, x + width);
        if attach {
            let at = pos2(strip.x(x + FORM_PAD + 5.0), part.center().y);
            ui.painter().text(at, egui::Align2::CENTER_CENTER, icons::PAPERCLIP, icon_font(13.0), color);
        }
        words::paint_in(ui.painter(), room, &name, Style { color, ..style }, egui::Align::Center, Some(1));
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            if enabled {
                commands.push(TextCommand::Form(form));
            } else if attach {
                commands.push(Command::Attach(None));
            }
        }
        tip(response, cx, || {
            let key = match (form, enabled, attach) {
                (TextForm::Brief, true, _) => "source-brief.hint",
                (TextForm::Brief, false, _) => "source-no-brief",
                (TextForm::Original, true, _) => "source-original.hint",
                (TextForm::Original, false, true) => "source-not-attached.hint",
                (TextForm::Original, false, false) => "source-no-original",
            };
            vec![(cx.t(key), false)]
        });
        x += width;
    }
}

/// What the marks mean, how many there are, and ways to the hits of the search.
fn foot_ui(ui: &mut Ui, cx: &FrameCtx<'_>, line: Line, state: &mut SourceUi, commands: &mut Commands) {
    let theme = cx.theme;
    ui.painter().rect_filled(line.rect, 0.0, theme.panel);
    ui.painter().hline(line.rect.x_range(), line.rect.top() + 0.5, theme.hairline());
    let mut end = line.width() - size::INSET;
    if let Some(shown) = &state.shown {
        end = if cx.state.view.filter.text.is_empty() {
            spans_count(ui, cx, line, end, shown)
        } else {
            hits_ui(ui, cx, line, end, shown, commands)
        };
    }
    use SpanRole::{Actor, Count, Date, Place, Sentence, Trigger};
    let style = Style::new(TextKind::List, theme.text_strong);
    let mut x = size::INSET;
    for role in [Trigger, Place, Date, Actor, Count, Sentence] {
        let name = cx.t(&format!("role-{}", role.code()));
        let width = words::measure(ui.painter(), &name, style).x.ceil() + 8.0;
        if x + width > end - 8.0 {
            break;
        }
        let part = line.part(x, x + width);
        let part = Rect::from_center_size(part.center(), vec2(part.width(), 20.0));
        x += width + 10.0;
        let Some(hidden) = state.hidden.get_mut(role.index()) else { continue };
        let response = ui.interact(part, ui.scope_id().with(("role", role)), Sense::click());
        let on = !*hidden;
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, &name));
        paint_role(ui, cx, part, role, on, response.hovered());
        let color = if on { theme.text_strong } else { theme.disabled };
        words::paint_in(ui.painter(), part, &name, Style { color, ..style }, egui::Align::Center, Some(1));
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            *hidden = on;
        }
        tip(response, cx, || vec![(cx.t("source-role-hint"), false)]);
    }
}

/// A sample of a role's marks.
fn paint_role(ui: &Ui, cx: &FrameCtx<'_>, part: Rect, role: SpanRole, on: bool, hovered: bool) {
    use super::widgets::Underline;
    let theme = cx.theme;
    let colors = theme.role(role);
    let painter = ui.painter();
    if on {
        painter.rect_filled(part, 2.0, colors.tint);
    } else if hovered {
        painter.rect_filled(part, 2.0, theme.hover);
    }
    let line = if on { colors.line } else { theme.disabled };
    let bottom = part.bottom();
    let bar = |top: f32, thick: f32| {
        let rect = Rect::from_min_max(pos2(part.left(), top), pos2(part.right(), top + thick));
        painter.rect_filled(rect, 0.0, line);
    };
    let steps = |length: f32, gap: f32| {
        let mut x = part.left();
        while x < part.right() {
            let until = (x + length).min(part.right());
            let rect = Rect::from_min_max(pos2(x, bottom - 2.0), pos2(until, bottom));
            painter.rect_filled(rect, 0.0, line);
            x += length + gap;
        }
    };
    match text::underline(role) {
        Underline::Solid(thick) => bar(bottom - thick, thick),
        Underline::Double => {
            bar(bottom - 1.0, 1.0);
            bar(bottom - 3.0, 1.0);
        }
        Underline::Dotted(_) => steps(2.0, 2.0),
        Underline::Dashed(_) => steps(6.0, 3.0),
        Underline::StartEdge(thick) => {
            let x = if cx.rtl() { part.right() - thick } else { part.left() };
            let rect = Rect::from_min_max(pos2(x, part.top()), pos2(x + thick, bottom));
            painter.rect_filled(rect, 0.0, if on { theme.accent } else { theme.disabled });
        }
        Underline::None => {}
    }
}

/// How many spans belong to what is selected. Returns where the text begins.
fn spans_count(ui: &mut Ui, cx: &FrameCtx<'_>, line: Line, end: f32, shown: &Shown) -> f32 {
    let muted = Style::new(TextKind::Caption, cx.theme.text_muted);
    let text = cx.catalog.f("source-spans", &[("n", shown.num_selected(cx).into())]);
    let start = end - words::measure(ui.painter(), &text, muted).x.ceil() - 1.0;
    line.text_end(ui.painter(), start, end, &text, muted);
    let response = ui.interact(line.part(start, end), ui.scope_id().with("spans"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
    let selection = &cx.state.view.selection;
    let key = match (selection.events.is_empty(), selection.claim) {
        (true, _) => "source-spans-all",
        (false, None) => "source-spans-event",
        (false, Some(_)) => "source-spans-claim",
    };
    tip(response, cx, || vec![(format!("{text} {}", cx.t(key)), false)]);
    start
}

/// Hits of the search in this text, with arrows. Returns where they begin.
fn hits_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    line: Line,
    end: f32,
    shown: &Shown,
    commands: &mut Commands,
) -> f32 {
    let muted = Style::new(TextKind::Caption, cx.theme.text_muted);
    let found = &cx.derived.found;
    let hits = found.hits(shown.key.document, shown.key.form);
    let documents = (0..cx.store().map_or(0, |store| store.documents.len())).map(DocumentId::from_index);
    let total: usize = documents
        .filter_map(|document| Some(found.hits(document, cx.state.shown_form(document)?).len()))
        .sum();
    let offset = cx.state.view.text_target.offset;
    let at = hits.iter().position(|(start, _)| *start == offset).map_or(0, |at| at + 1);
    let text = if hits.is_empty() {
        cx.t("source-no-hits")
    } else {
        cx.catalog.f("source-hits", &[("at", at.into()), ("n", hits.len().into())])
    };
    let mut x = end + 4.0;
    let buttons = [
        (icons::CARET_DOWN, "source-next-hit", TextCommand::NextHit),
        (icons::CARET_UP, "source-previous-hit", TextCommand::PreviousHit),
    ];
    for (icon, key, command) in buttons {
        let slot = line.part(x - size::TINY, x);
        let slot = Rect::from_center_size(slot.center(), vec2(size::TINY, size::TINY));
        let name = cx.t(key);
        let clicked = inside(ui, slot, |ui| {
            controls::icon_button_with(ui, cx.theme, icon, &name, size::TINY, false, total > 0).clicked()
        });
        if clicked {
            commands.push(command);
        }
        x -= size::TINY;
    }
    let start = x - 6.0 - words::measure(ui.painter(), &text, muted).x.ceil();
    line.text_end(ui.painter(), start - 1.0, x - 6.0, &text, muted);
    let response = ui.interact(line.part(start, x - 6.0), ui.scope_id().with("hits"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
    tip(response, cx, || vec![(cx.catalog.f("source-hits-all", &[("n", total.into())]), false)]);
    start
}
