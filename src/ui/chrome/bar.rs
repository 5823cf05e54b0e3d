//! The bar at the top: mark, menus, case, search, and buttons for what is used most.

use egui::{Popup, Sense, Ui, vec2};

use super::ChromeUi;
use super::menu::{self, Row};
use super::{parts, search};
use crate::lang::Catalog;
use crate::model::Lang;
use crate::state::{
    Command, Commands, Dialog, ExportFormat, ExportScope, Menu, Origin, SelectCommand, ViewCommand, actions,
};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

/// The least width that the search field keeps while the case's title is cut.
const SEARCH_MIN: f32 = 180.0;
/// Width of the buttons at the reading end.
const END_BUTTONS: f32 = 250.0;
const MARK: f32 = 20.0;

pub fn bar_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut ChromeUi, commands: &mut Commands) {
    let bar = ui.max_rect();
    ui.spacing_mut().item_spacing = vec2(2.0, 0.0);
    let siblings = std::mem::take(&mut state.menus);
    ui.with_layout(parts::start_layout(cx.rtl()), |ui| {
        ui.add_space(size::INSET + 1.0);
        let (rect, mark) = ui.allocate_exact_size(parts::square(MARK), Sense::hover());
        mark.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, cx.t("app-name")));
        parts::mark(ui.painter(), rect, cx.theme);
        ui.add_space(8.0);
        for menu in Menu::ALL {
            let text = cx.t(menu.key());
            let open = siblings.iter().any(|id| *id == menu_id(ui, menu) && Popup::is_id_open(ui.ctx(), *id));
            let response = ui.push_id(menu.key(), |ui| menu::menu_button(ui, cx.theme, &text, open)).inner;
            let id = Popup::default_response_id(&response);
            ui.data_mut(|data| data.insert_temp(menu_key(menu), id));
            state.menus.push(id);
            let width = menu::actions_width(ui, cx, menu);
            menu::hang(&response, cx, &siblings, false, width, |ui| {
                menu::actions_ui(ui, cx, menu, commands);
            });
        }
        ui.add_space(2.0);
        parts::divider_ui(ui, cx.theme);
        ui.add_space(3.0);
        let used = if cx.rtl() { bar.right() - ui.cursor().right() } else { ui.cursor().left() - bar.left() };
        case_ui(ui, cx, (bar.width() - used - SEARCH_MIN - END_BUTTONS).clamp(40.0, 420.0));
        ui.with_layout(parts::end_layout(cx.rtl()), |ui| {
            ui.add_space(6.0);
            end_ui(ui, cx, state, &siblings, commands);
            ui.add_space(8.0);
            let room = ui.available_rect_before_wrap();
            let room = egui::Rect::from_x_y_ranges(room.x_range(), bar.y_range()).shrink2(vec2(8.0, 0.0));
            let width = room.width().min(size::SEARCH);
            if width > 80.0 {
                let rect = search::centered(room, width.floor(), size::CONTROL);
                search::search_ui(ui, rect, cx, &mut state.search, commands);
            }
        });
    });
}

fn menu_key(menu: Menu) -> egui::Id {
    egui::Id::unique(("bar-menu", menu.key()))
}

/// The popup of a menu as it was in the last frame.
fn menu_id(ui: &Ui, menu: Menu) -> egui::Id {
    ui.data(|data| data.get_temp(menu_key(menu))).unwrap_or(egui::Id::NULL)
}

/// What is open.
fn case_ui(ui: &mut Ui, cx: &FrameCtx<'_>, room: f32) {
    let theme = cx.theme;
    let (title, note, path) = match &cx.state.case {
        None => (cx.t("no-case"), String::new(), None),
        Some(case) => {
            let title = case.store.titles.get(cx.lang()).to_owned();
            match &case.origin {
                _ if case.datasets.len() > 1 => {
                    let more = cx.catalog.f("and-more", &[("n", (case.datasets.len() - 1).into())]);
                    (title, more, None)
                }
                Origin::BuiltIn => (title, cx.t("built-in"), None),
                Origin::File(path) => {
                    let name = parts::split_path(path).0.to_owned();
                    let title = if title.is_empty() { name.clone() } else { title };
                    let note = if title == name { String::new() } else { name };
                    (title, note, Some(path))
                }
            }
        }
    };
    let strong = Style::strong(TextKind::Body, theme.text_strong);
    let muted = Style::new(TextKind::List, theme.text_muted);
    let painter = ui.painter().clone();
    let title_width = (words::measure(&painter, &title, strong).x.ceil() + 1.0).min(room - 21.0);
    let note_width = words::measure(&painter, &note, muted).x.ceil() + 1.0;
    let note_room = room - 21.0 - title_width - 8.0;
    let note_width = if note.is_empty() || note_room < 40.0 { 0.0 } else { note_width.min(note_room) + 7.0 };
    let (rect, response) =
        ui.allocate_exact_size(vec2(21.0 + title_width + note_width, size::CONTROL), Sense::hover());
    let said = if note.is_empty() { title.clone() } else { format!("{title}, {note}") };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    let mut strip = parts::Strip::new(rect, cx.rtl());
    parts::icon(&painter, strip.start(14.0).center(), icons::FOLDER_OPEN, 15.0, theme.text_muted);
    strip.start(7.0);
    let align = parts::start_align(cx.rtl());
    words::paint_in(&painter, strip.start(title_width), &title, strong, align, Some(1));
    if note_width > 0.0 {
        strip.start(7.0);
        words::paint_in(&painter, strip.rest(), &note, muted, align, Some(1));
    }
    if let Some(path) = path {
        parts::hint(response, theme, path);
    }
}

/// Buttons at the reading end, from the outside in.
fn end_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut ChromeUi,
    siblings: &[egui::Id],
    commands: &mut Commands,
) {
    let theme = cx.theme;
    ui.spacing_mut().item_spacing.x = 4.0;
    let response = language_button(ui, cx);
    state.menus.push(Popup::default_response_id(&response));
    menu::hang(&response, cx, siblings, true, 220.0, |ui| language_ui(ui, cx, commands));

    let sun = menu::shows_sun(theme, cx.state.settings.theme);
    let icon = if sun { icons::SUN } else { icons::MOON };
    let name = named(cx, "toggle-theme");
    if controls::icon_button(ui, theme, icon, &name, size::CONTROL).clicked() {
        commands.push(ViewCommand::ToggleTheme);
    }

    let has_case = cx.store().is_some();
    let response = ui
        .push_id("export", |ui| {
            let name = cx.t("export");
            controls::icon_button_with(ui, theme, icons::EXPORT, &name, size::CONTROL, false, has_case)
        })
        .inner;
    state.menus.push(Popup::default_response_id(&response));
    if has_case {
        menu::hang(&response, cx, siblings, true, 236.0, |ui| export_ui(ui, cx, commands));
    } else {
        response.on_hover_text(cx.t("needs-case"));
    }

    if controls::icon_button(ui, theme, icons::COMMAND, &named(cx, "palette"), size::CONTROL).clicked() {
        commands.push(ViewCommand::Dialog(Some(Dialog::Palette)));
    }
    parts::divider_ui(ui, theme);
    let (back, forward) = (&cx.state.view.back, &cx.state.view.forward);
    let carets = if cx.rtl() {
        [icons::CARET_LEFT, icons::CARET_RIGHT]
    } else {
        [icons::CARET_RIGHT, icons::CARET_LEFT]
    };
    let steps = [
        ("forward", carets[0], !forward.is_empty(), SelectCommand::Forward),
        ("back", carets[1], !back.is_empty(), SelectCommand::Back),
    ];
    for (name, icon, enabled, command) in steps {
        let name = named(cx, name);
        let response =
            controls::icon_button_with(ui, theme, icon, &name, size::CONTROL, false, has_case && enabled);
        if response.clicked() {
            commands.push(command);
        }
    }
}

/// An action's name with its shortcut.
fn named(cx: &FrameCtx<'_>, action: &str) -> String {
    let name = cx.t(&format!("action-{action}"));
    match actions::action(action).and_then(|action| action.shortcut) {
        Some(keys) => cx.catalog.f(
            "named-keys",
            &[("name", name.into()), ("keys", parts::shortcut_name(cx.catalog, keys).into())],
        ),
        None => name,
    }
}

fn language_button(ui: &mut Ui, cx: &FrameCtx<'_>) -> egui::Response {
    let theme = cx.theme;
    let code = cx.lang().code().to_uppercase();
    let style = Style::new(TextKind::List, theme.text);
    let width = words::measure(ui.painter(), &code, style).x.ceil() + 36.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::click());
    let name = cx.t("language");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let lit = response.hovered() || Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    if lit {
        ui.painter().rect_filled(rect, 4.0, theme.hover);
    }
    let color = if lit { theme.text_strong } else { theme.text };
    let mut strip = parts::Strip::new(rect.shrink2(vec2(8.0, 0.0)), cx.rtl());
    parts::icon(ui.painter(), strip.start(15.0).center(), icons::TRANSLATE, 15.0, color);
    strip.start(4.0);
    let align = parts::start_align(cx.rtl());
    words::paint_in(ui.painter(), strip.rest(), &code, Style { color, ..style }, align, Some(1));
    controls::focus_ring(ui, &response, theme);
    response.on_hover_text(name)
}

fn language_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    menu::head_ui(ui, cx, &cx.t("language-interface"));
    for lang in Catalog::available() {
        if Row::new(lang.endonym()).on(cx.lang() == lang).show(ui, cx) {
            commands.push(ViewCommand::Lang(lang));
        }
    }
    menu::line_ui(ui, cx.theme);
    menu::head_ui(ui, cx, &cx.t("language-labels"));
    for lang in Lang::ALL {
        let on = cx.state.settings.label_lang == lang;
        let row = ui.push_id(("labels", lang.code()), |ui| Row::new(lang.endonym()).on(on).show(ui, cx));
        if row.inner {
            commands.push(ViewCommand::LabelLang(lang));
        }
    }
}

fn export_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let all = cx.store().map_or(0, |store| store.num_events());
    let scopes = [
        ("export-visible", ExportScope::Visible, cx.derived.list.len()),
        ("export-selected", ExportScope::Selected, cx.state.view.selection.events.len()),
        ("export-all", ExportScope::All, all),
    ];
    for (key, scope, count) in scopes {
        menu::head_ui(ui, cx, &cx.catalog.f(key, &[("n", count.into())]));
        let reason = (count == 0).then(|| match scope {
            ExportScope::Selected => cx.t("needs-selection"),
            _ => cx.t("needs-events"),
        });
        for (format, name) in [(ExportFormat::Csv, "export-csv"), (ExportFormat::GeoJson, "export-geojson")] {
            let text = cx.t(name);
            let chosen =
                ui.push_id((key, name), |ui| Row::new(&text).reason(reason.clone()).show(ui, cx)).inner;
            if chosen {
                commands.push(Command::Export { format, scope, path: None });
            }
        }
        menu::line_ui(ui, cx.theme);
    }
    let text = cx.t("action-export-png");
    if Row::new(&text).show(ui, cx) {
        commands.push(Command::Export { format: ExportFormat::Png, scope: ExportScope::Visible, path: None });
    }
}
