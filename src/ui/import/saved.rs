//! The saved ways to read files: their names can be changed, and they can be forgotten.

use egui::{Id, Layout, Rect, Sense, Ui, vec2};

use crate::state::{Commands, ImportCommand};
use crate::ui::FrameCtx;
use crate::ui::chrome::parts::{self, Strip};
use crate::ui::chrome::{FieldLook, paragraph_ui, text_field};
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{list_style, start_align};
use crate::ui::widgets::words::{self, Style};

const WIDTH: f32 = 460.0;
const ROW: f32 = 42.0;

/// State of the list.
#[derive(Default)]
pub struct SavedUi {
    /// The name that is being changed, and what is typed so far.
    renamed: Option<(String, String)>,
}

/// The list over the import dialog. Whether it stays open.
pub fn saved_ui(ui: &Ui, cx: &FrameCtx<'_>, state: &mut SavedUi, commands: &mut Commands) -> bool {
    let theme = cx.theme;
    let saved = &cx.state.imports.saved;
    let id = Id::unique("import-saved");
    let title = cx.t("import-saved-title");
    let area = egui::Modal::default_area(id).accessible_name(&title).role(egui::Role::Dialog);
    let mut open = true;
    let response = parts::modal(theme, id, area).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, 48.0), Sense::hover());
        let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
        let cross = strip.end(size::CONTROL).center().round();
        let cross = Rect::from_center_size(cross, parts::square(size::CONTROL));
        let close = parts::inside(ui, cross, Layout::default(), |ui| {
            controls::icon_button(ui, theme, icons::X, &cx.t("close"), size::CONTROL)
        });
        open &= !close.clicked();
        let style = Style::strong(TextKind::Heading, theme.text_strong);
        words::paint_in(ui.painter(), strip.rest(), &title, style, start_align(cx.rtl()), Some(1));
        list_style(ui, theme);
        let height = (ROW * saved.len() as f32).min(ui.ctx().content_rect().height() - 220.0).max(ROW);
        egui::ScrollArea::vertical().max_height(height).show_rows(ui, ROW, saved.len(), |ui, rows| {
            for mapping in saved.get(rows).unwrap_or_default() {
                ui.push_id(&mapping.name, |ui| {
                    row_ui(ui, cx, state, &mapping.name, mapping.fields.len(), commands)
                });
            }
        });
        egui::Frame::new().inner_margin(vec2(size::DIALOG_INSET, 12.0)).show(ui, |ui| {
            let key = if saved.is_empty() { "import-saved-none" } else { "import-saved-note" };
            paragraph_ui(ui, cx, &cx.t(key));
        });
    });
    open && !response.backdrop_response.clicked()
}

fn row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut SavedUi,
    name: &str,
    num_fields: usize,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    let button = |ui: &mut Ui, strip: &mut Strip, icon: &str, key: &str| {
        let place =
            Rect::from_center_size(strip.end(size::COMPACT).center().round(), parts::square(size::COMPACT));
        let named = cx.catalog.f(key, &[("name", super::shown(name).as_ref().into())]);
        parts::inside(ui, place, Layout::default(), |ui| {
            controls::icon_button(ui, theme, icon, &named, size::COMPACT).clicked()
        })
    };
    if button(ui, &mut strip, icons::TRASH, "import-saved-forget") {
        commands.push(ImportCommand::ForgetSaved(name.to_owned()));
    }
    if button(ui, &mut strip, icons::PENCIL_SIMPLE, "import-saved-rename") {
        state.renamed = match &state.renamed {
            Some((present, _)) if present == name => None,
            _ => Some((name.to_owned(), name.to_owned())),
        };
    }
    strip.end(8.0);
    if let Some((present, typed)) = &mut state.renamed
        && present == name
    {
        let room = strip.rest();
        let field = Rect::from_center_size(room.center(), vec2(room.width(), size::CONTROL)).round();
        let id = Id::unique("import-saved-name");
        let named = cx.t("import-remember-name");
        let look = FieldLook {
            id,
            placeholder: &named,
            name: &named,
            kind: TextKind::List,
            height: size::CONTROL,
            padding: (8.0, 8.0),
            framed: true,
        };
        let output = parts::inside(ui, field, Layout::default(), |ui| text_field(ui, theme, look, typed));
        if output.submitted {
            commands.push(ImportCommand::RenameSaved { from: name.to_owned(), to: typed.clone() });
            state.renamed = None;
        }
        return;
    }
    let note = cx.catalog.f("import-saved-fields", &[("n", num_fields.into())]);
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    parts::text_end(ui.painter(), &mut strip, &note, muted);
    strip.end(8.0);
    let style = Style::new(TextKind::Body, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), &super::shown(name), style, start_align(cx.rtl()), Some(1));
}
