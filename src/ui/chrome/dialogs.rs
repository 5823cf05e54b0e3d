//! Dialogs over the window, and the shell that they share.

use std::collections::BTreeSet;
use std::mem::{Discriminant, discriminant};

use egui::{Align, Layout, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::parts::{self, Strip};
use super::{ChromeUi, help, palette, problems, twins, welcome};
use crate::model::time::DateStyle;
use crate::model::{Document, EventId};
use crate::state::{Command, Commands, Dialog, OpenTarget, SelectCommand, ViewCommand};
use crate::ui::import;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format, shapes};

const HEAD: f32 = 48.0;
const FOOT: f32 = 52.0;

/// State of the dialogs.
#[derive(Default)]
pub struct DialogsUi {
    /// The dialog of the last frame, to tell when another one opens.
    shown: Option<Discriminant<Dialog>>,
    /// Keys of documents that the user does not want to add.
    unwanted: BTreeSet<String>,
    pub problems: problems::ProblemsUi,
    pub import: import::ImportUi,
    pub report: import::ReportUi,
    twins: twins::TwinsUi,
}

pub fn dialogs_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut ChromeUi, commands: &mut Commands) {
    let dialog = cx.state.view.dialog.as_ref();
    let shown = dialog.map(discriminant);
    if shown != state.dialogs.shown {
        // What was typed for a file stays while another dialog lies over it.
        let import = std::mem::take(&mut state.dialogs.import);
        state.dialogs = DialogsUi { shown, import, ..DialogsUi::default() };
        state.palette = palette::PaletteUi::default();
        if shown.is_some() {
            // What lies below does not go on taking keys.
            ui.memory_mut(|memory| {
                if let Some(focused) = memory.focused() {
                    memory.surrender_focus(focused);
                }
            });
        }
    }
    match dialog {
        None | Some(Dialog::Tray(_)) => {}
        Some(Dialog::Palette) => palette::palette_ui(ui, cx, &mut state.palette, commands),
        Some(Dialog::Keys) => help::keys_ui(ui, cx, commands),
        Some(Dialog::About) => help::about_ui(ui, cx, commands),
        Some(Dialog::Problems) => problems::problems_ui(ui, cx, &mut state.dialogs.problems, commands),
        Some(Dialog::Twins) => twins::twins_ui(ui, cx, &mut state.dialogs.twins, commands),
        Some(Dialog::Chooser(events)) => chooser_ui(ui, cx, events, commands),
        Some(Dialog::NewDocuments(documents)) => {
            new_documents_ui(ui, cx, documents, &mut state.dialogs.unwanted, commands);
        }
        Some(Dialog::CannotOpen(files)) => cannot_open_ui(ui, cx, files, commands),
        Some(Dialog::Import) => import::import_ui(ui, cx, &mut state.dialogs.import, commands),
        Some(Dialog::Report(dataset)) => {
            import::report_ui(ui, cx, &mut state.dialogs.report, *dataset, commands);
        }
        Some(Dialog::LargeFile { path, sentence }) => import::large_ui(ui, cx, path, sentence, commands),
    }
    welcome::drop_hint_ui(ui, cx);
}

/// A dialog: title, a cross, and a body that is as wide as asked for. Esc and a click outside close it.
pub fn shell_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    title: &str,
    width: f32,
    commands: &mut Commands,
    body: impl FnOnce(&mut Ui, &mut Commands),
) {
    let theme = cx.theme;
    let window = ui.ctx().content_rect();
    let width = width.min(window.width() - 48.0);
    let id = egui::Id::unique(("dialog", title));
    let area = egui::Modal::default_area(id).accessible_name(title).role(egui::Role::Dialog);
    let response = parts::modal(theme, id, area).show(ui.ctx(), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let (rect, _) = ui.allocate_exact_size(vec2(width, HEAD), Sense::hover());
        let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
        let cross = strip.end(size::CONTROL);
        let cross = Rect::from_center_size(cross.center().round(), parts::square(size::CONTROL));
        let close = parts::inside(ui, cross, Layout::default(), |ui| {
            controls::icon_button(ui, theme, icons::X, &cx.t("close"), size::CONTROL)
        });
        if close.clicked() {
            commands.push(ViewCommand::Dialog(None));
        }
        let style = Style::strong(TextKind::Heading, theme.text_strong);
        words::paint_in(ui.painter(), strip.rest(), title, style, parts::start_align(cx.rtl()), Some(1));
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
        body(ui, commands);
    });
    // Esc is a key of the whole window; closing twice would close what comes next, too.
    if response.backdrop_response.clicked() {
        commands.push(ViewCommand::Dialog(None));
    }
}

/// How high the scrolled part of a dialog may be.
pub fn room_for_body(ui: &Ui, max: f32) -> f32 {
    (ui.ctx().content_rect().height() - HEAD - FOOT - 64.0).clamp(80.0, max)
}

/// The lower edge of a dialog: a note at the start, buttons from the end inwards.
pub fn foot_ui<R>(ui: &mut Ui, cx: &FrameCtx<'_>, note: &str, buttons: impl FnOnce(&mut Ui) -> R) -> R {
    let note = |ui: &mut Ui| {
        let style = Style::new(TextKind::List, cx.theme.text_muted);
        let align = parts::start_align(cx.rtl());
        words::paint_in(ui.painter(), ui.max_rect(), note, style, align, Some(1));
    };
    foot_with_ui(ui, cx, note, buttons).1
}

/// The lower edge of a dialog: something to press at the start, buttons from the end inwards.
pub fn foot_with_ui<L, R>(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    start: impl FnOnce(&mut Ui) -> L,
    buttons: impl FnOnce(&mut Ui) -> R,
) -> (L, R) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, cx.theme.line));
    let inner = rect.shrink2(vec2(size::DIALOG_INSET, 0.0));
    let pressed = parts::inside(ui, inner, parts::start_layout(cx.rtl()), start);
    let done = parts::inside(ui, inner, parts::end_layout(cx.rtl()), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        buttons(ui)
    });
    (pressed, done)
}

/// A paragraph of a dialog.
pub fn paragraph_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    let style = Style::new(TextKind::Body, cx.theme.text);
    ui.add(words::Words::new(text, style).wrap().halign(parts::start_align(cx.rtl())));
}

/// Several events share the clicked text.
fn chooser_ui(ui: &Ui, cx: &FrameCtx<'_>, events: &[EventId], commands: &mut Commands) {
    let Some(store) = cx.store() else { return };
    let title = cx.catalog.f("chooser-title", &[("n", events.len().into())]);
    shell_ui(ui, cx, &title, 420.0, commands, |ui, commands| {
        let height = room_for_body(ui, 420.0);
        parts::scroll_ui(ui, height, |ui| {
            ui.add_space(6.0);
            for event in events {
                let title = format::event_title(cx.catalog, store, *event, cx.lang());
                let date = format::event_date(store, *event, cx.lang(), DateStyle::Short);
                let place = format::first_place(store, *event, cx.lang());
                let note = super::find::join(&[&date, &parts::island(place, false)]);
                let row = vec2(ui.available_width(), size::LIST_ROW + 4.0);
                let (rect, response) = ui.allocate_exact_size(row, Sense::click());
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &title));
                if response.hovered() {
                    commands.hover(*event);
                }
                let theme = cx.theme;
                if cx.is_primary(*event) {
                    ui.painter().rect_filled(rect, 0.0, theme.selection);
                } else if response.hovered() || response.has_focus() {
                    ui.painter().rect_filled(rect, 0.0, theme.hover);
                }
                let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
                let kind = store.event_type(*event);
                let center = strip.start(16.0).center();
                let (color, edge) = (cx.event_color(store, *event), theme.symbol_edge);
                shapes::paint(ui.painter(), kind, center, 5.5, shapes::Fill::Solid, color, edge);
                strip.start(10.0);
                two_lines(ui, strip.rest(), cx, &title, &note);
                if response.clicked() {
                    commands.push(SelectCommand::Event(*event));
                }
            }
            ui.add_space(6.0);
        });
    });
}

/// A line over a muted one.
fn two_lines(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>, title: &str, note: &str) {
    let align = parts::start_align(cx.rtl());
    let middle = rect.center().y;
    let line = |top: f32| Rect::from_min_size(pos2(rect.left(), middle + top), vec2(rect.width(), 16.0));
    let first = Style::new(TextKind::Body, cx.theme.text_strong);
    words::paint_in(ui.painter(), line(-17.0), title, first, align, Some(1));
    let second = Style::new(TextKind::List, cx.theme.text_muted);
    words::paint_in(ui.painter(), line(1.0), note, second, align, Some(1));
}

/// Files that match no document, offered as new ones.
fn new_documents_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    documents: &[Document],
    unwanted: &mut BTreeSet<String>,
    commands: &mut Commands,
) {
    let title = cx.catalog.f("new-documents-title", &[("n", documents.len().into())]);
    shell_ui(ui, cx, &title, 520.0, commands, |ui, commands| {
        egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 12.0)).show(ui, |ui| {
            paragraph_ui(ui, cx, &cx.t("new-documents-note"));
        });
        let height = room_for_body(ui, 360.0);
        parts::scroll_ui(ui, height, |ui| {
            for document in documents {
                document_ui(ui, cx, document, unwanted);
            }
            ui.add_space(8.0);
        });
        let wanted = || documents.iter().filter(|document| !unwanted.contains(&document.key));
        let count = wanted().count();
        let (add, add_none) =
            (cx.catalog.f("new-documents-add", &[("n", count.into())]), cx.t("new-documents-none"));
        foot_ui(ui, cx, "", |ui| {
            if controls::button(ui, cx.theme, &add, true, count > 0).clicked() {
                commands.push(Command::AddDocuments(wanted().cloned().collect()));
            }
            if controls::button(ui, cx.theme, &add_none, false, true).clicked() {
                commands.push(ViewCommand::Dialog(None));
            }
        });
    });
}

fn document_ui(ui: &mut Ui, cx: &FrameCtx<'_>, document: &Document, unwanted: &mut BTreeSet<String>) {
    let theme = cx.theme;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::LIST_ROW + 4.0), Sense::click());
    let named = document.titles.get(cx.lang());
    let title = if named.is_empty() { document.key.as_str() } else { named };
    let wanted = !unwanted.contains(&document.key);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, wanted, title));
    if response.clicked() && !unwanted.remove(&document.key) {
        unwanted.insert(document.key.clone());
    }
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    controls::paint_checkbox(ui, theme, strip.start(14.0).center().round(), wanted, true);
    strip.start(10.0);
    let chars = document.attached.as_deref().map_or(0, |text| text.chars().count());
    let size = cx.catalog.f("characters", &[("n", chars.into())]);
    let key = if title == document.key { "" } else { document.key.as_str() };
    two_lines(ui, strip.rest(), cx, title, &super::find::join(&[key, &document.language, &size]));
    controls::focus_ring(ui, &response, theme);
}

/// Files that were dropped or picked but cannot be opened.
fn cannot_open_ui(ui: &Ui, cx: &FrameCtx<'_>, files: &[(String, String)], commands: &mut Commands) {
    let title = cx.catalog.f("cannot-open-title", &[("n", files.len().into())]);
    shell_ui(ui, cx, &title, 520.0, commands, |ui, commands| {
        let height = room_for_body(ui, 420.0);
        parts::scroll_ui(ui, height, |ui| {
            egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 12.0)).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 12.0;
                for (path, reason) in files {
                    refused_ui(ui, cx, path, reason, commands);
                }
            });
        });
        let (locate, close) = (cx.t("cannot-open-other"), cx.t("close"));
        foot_ui(ui, cx, "", |ui| {
            if controls::button(ui, cx.theme, &locate, true, true).clicked() {
                commands.push(ViewCommand::Dialog(None));
                commands.push(Command::Open(OpenTarget::Ask));
            }
            if controls::button(ui, cx.theme, &close, false, true).clicked() {
                commands.push(ViewCommand::Dialog(None));
            }
        });
    });
}

fn refused_ui(ui: &mut Ui, cx: &FrameCtx<'_>, path: &str, reason: &str, commands: &mut Commands) {
    let theme = cx.theme;
    let (name, folder) = parts::split_path(path);
    ui.with_layout(parts::start_layout(cx.rtl()).with_cross_align(Align::Min), |ui| {
        ui.spacing_mut().item_spacing = vec2(10.0, 2.0);
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        parts::icon(ui.painter(), rect.center(), icons::WARNING_CIRCLE, 16.0, theme.error);
        ui.vertical(|ui| {
            ui.add(words::Words::new(
                &parts::island(name, true),
                Style::strong(TextKind::Body, theme.text_strong),
            ));
            paragraph_ui(ui, cx, reason);
            if !folder.is_empty() {
                ui.add(words::Words::new(
                    &parts::island(folder, true),
                    Style::new(TextKind::Caption, theme.text_muted),
                ));
            }
            let is_recent = cx.state.settings.recent.iter().any(|recent| recent.path == path);
            if is_recent {
                let forget = cx.t("cannot-open-forget");
                let gone = ui.push_id(path, |ui| controls::link(ui, theme, &forget, TextKind::List)).inner;
                if gone.clicked() {
                    commands.push(Command::ForgetRecent(Some(path.to_owned())));
                }
            }
        });
    });
}
