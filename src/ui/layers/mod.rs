//! What lies on the map: the datasets with the way each is drawn, names, borders and the basemap.

mod datasets;

use egui::{
    Align, Align2, Color32, CornerRadius, Popup, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    pos2, vec2,
};

use super::FrameCtx;
use super::map::MapStatus;
use super::map::crowd::density::{self, Ramp};
use super::map::crowd::{Drawn, MAX_EVENTS};
use super::theme::{self, TextKind, icons, size};
use super::widgets::controls::{self, focus_ring};
use super::widgets::rows::{MenuRow, Strip, end_align, list_style, menu_ui, row_focus, start_align};
use super::widgets::words::{self, Style};
use crate::lang::thousands;
use crate::model::Lang;
use crate::state::{
    BasemapChoice, Command, Commands, DensityScale, MapCommand, MapLayers, MapMode, OpenTarget, StartTab,
    ViewCommand,
};

const ROW: f32 = 44.0;
const TAB: f32 = 34.0;
/// Where controls begin, from the reading start.
const LABELS: f32 = 104.0;
const OPEN: &str = "layers-dataset";

/// The tabs of the panel at the reading start.
pub fn tabs_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TAB), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(6.0);
    for tab in StartTab::ALL {
        let on = cx.state.view.start_tab == tab;
        let text = cx.t(&format!("tab-{}", tab.name()));
        let color = if on { theme.text_strong } else { theme.text_muted };
        let style = if on { Style::strong(TextKind::Body, color) } else { Style::new(TextKind::Body, color) };
        let widest = words::measure(ui.painter(), &text, Style::strong(TextKind::Body, color)).x;
        let at = strip.start(widest.ceil() + 24.0);
        let response = ui.interact(at, ui.scope_id().with(("tab", tab.name())), Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Tab, true, on, &text));
        if response.hovered() && !on {
            ui.painter().rect_filled(at.shrink2(vec2(4.0, 5.0)), 4.0, theme.hover);
        }
        words::paint_in(ui.painter(), at, &text, style, Align::Center, Some(1));
        if on {
            let line =
                Rect::from_min_max(at.left_bottom() + vec2(6.0, -3.0), at.right_bottom() - vec2(6.0, 0.0));
            ui.painter().rect_filled(line, 0.0, theme.accent);
        }
        row_focus(ui, &response, theme);
        if response.clicked() {
            commands.push(ViewCommand::StartTab(tab));
        }
    }
    strip.end(6.0);
    let at = Rect::from_center_size(strip.end(26.0).center().round(), vec2(26.0, 26.0));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(at).id_salt("add"));
    let name = cx.t("layers-add");
    if controls::icon_button(&mut child, theme, icons::PLUS, &name, 26.0).clicked() {
        commands.push(Command::Open(OpenTarget::Ask));
    }
}

/// State of the panel's widgets.
#[derive(Default)]
pub struct LayersUi {
    datasets: datasets::DatasetsUi,
}

/// The whole tab.
pub fn layers_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut LayersUi,
    map: &MapStatus,
    commands: &mut Commands,
) {
    ui.scope(|ui| {
        list_style(ui, cx.theme);
        ScrollArea::vertical().id_salt("layers").auto_shrink([false, false]).show(ui, |ui| {
            datasets::rows_ui(ui, cx, &mut state.datasets, map, commands);
            rows_ui(ui, cx, map, commands);
            dataset_ui(ui, cx, map, commands);
        });
    });
}

/// One layer: eye, sign, name and what there is to say of it.
struct Row<'a> {
    /// `None` for what cannot be hidden.
    shown: Option<bool>,
    sign: Sign,
    name: &'a str,
    note: &'a str,
    end: String,
    chosen: bool,
    /// Room before the eye.
    indent: f32,
}

enum Sign {
    Icon(&'static str),
    /// An icon of a dataset with a colour of its own.
    Colored(&'static str, Color32),
    /// The letters of the alphabet that stand for names.
    Letters,
}

fn rows_ui(ui: &mut Ui, cx: &FrameCtx<'_>, map: &MapStatus, commands: &mut Commands) {
    if cx.store().is_none() {
        return;
    }
    let layers = cx.state.settings.layers;
    // Where rows can be dragged, all make room for it.
    let several = cx.state.case.as_ref().is_some_and(|case| case.datasets.len() > 1);
    let indent = if several { 18.0 } else { 8.0 };
    let language = cx.t(match cx.state.settings.label_lang {
        Lang::En => "layers-names-en",
        Lang::Fr => "layers-names-fr",
        Lang::Ar => "layers-names-ar",
    });
    let row = Row {
        shown: Some(layers.place_names),
        sign: Sign::Letters,
        name: &cx.t("layers-names"),
        note: &language,
        end: String::new(),
        chosen: false,
        indent,
    };
    if row_ui(ui, cx, &row).0 {
        commands.push(ViewCommand::Layers(MapLayers { place_names: !layers.place_names, ..layers }));
    }
    let basemap = cx.t(map.basemap);
    let offline = matches!(cx.state.settings.basemap, BasemapChoice::Offline | BasemapChoice::PmTiles(_));
    let row = Row {
        shown: offline.then_some(layers.borders),
        sign: Sign::Icon(icons::LINE_SEGMENTS),
        name: &cx.t("layers-borders"),
        note: if offline { &basemap } else { &cx.t("layers-borders-drawn") },
        end: String::new(),
        chosen: false,
        indent,
    };
    if row_ui(ui, cx, &row).0 {
        commands.push(ViewCommand::Layers(MapLayers { borders: !layers.borders, ..layers }));
    }
    let shown = cx.state.settings.basemap != BasemapChoice::None;
    let row = Row {
        shown: Some(shown),
        sign: Sign::Icon(icons::GLOBE),
        name: &cx.t("map-layers"),
        note: &basemap,
        end: String::new(),
        chosen: false,
        indent,
    };
    let (clicked, rect, _) = row_ui(ui, cx, &row);
    if clicked {
        let choice = if shown { BasemapChoice::None } else { BasemapChoice::Offline };
        commands.push(MapCommand::Basemap(choice));
    }
    basemap_ui(ui, cx, rect, commands);
}

/// A row; whether its eye was clicked, its end for a control of its own, and where it is.
fn row_ui(ui: &mut Ui, cx: &FrameCtx<'_>, row: &Row<'_>) -> (bool, Rect, Rect) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if row.chosen {
        ui.painter().rect_filled(rect, 0.0, theme.selection);
        let edge = Strip::new(rect, cx.rtl()).start(3.0);
        ui.painter().rect_filled(edge, 0.0, theme.accent);
    }
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(row.indent);
    strip.end(size::INSET);
    let eye = Rect::from_center_size(strip.start(26.0).center().round(), vec2(24.0, 24.0));
    let mut clicked = false;
    if let Some(shown) = row.shown {
        let key = if shown { "layers-hide" } else { "layers-show" };
        let name = cx.catalog.f(key, &[("name", row.name.into())]);
        let icon = if shown { icons::EYE } else { icons::EYE_SLASH };
        let mut child =
            ui.new_child(egui::UiBuilder::new().max_rect(eye).id_salt((row.name, rect.top() as i32)));
        clicked = controls::icon_button(&mut child, theme, icon, &name, 24.0).clicked();
    }
    strip.start(7.0);
    let tile = Rect::from_center_size(strip.start(22.0).center().round(), vec2(22.0, 22.0));
    ui.painter().rect_filled(tile, 4.0, theme.active);
    match row.sign {
        Sign::Icon(icon) => {
            let font = theme::icon_font(14.0);
            ui.painter().text(tile.center(), Align2::CENTER_CENTER, icon, font, theme.text);
        }
        Sign::Colored(icon, color) => {
            let font = theme::icon_font(14.0);
            ui.painter().text(tile.center(), Align2::CENTER_CENTER, icon, font, color);
        }
        Sign::Letters => {
            let style = Style::new(TextKind::List, theme.text);
            words::paint(ui.painter(), tile.center(), Align2::CENTER_CENTER, "Aa", style);
        }
    }
    strip.start(8.0);
    if !row.end.is_empty() {
        let style = Style::new(TextKind::Caption, theme.text_muted);
        let width = words::measure(ui.painter(), &row.end, style).x.ceil();
        words::paint_in(ui.painter(), strip.end(width), &row.end, style, end_align(cx.rtl()), Some(1));
    }
    let end = Strip::new(strip.rest(), cx.rtl()).end(26.0);
    strip.end(6.0);
    let rest = strip.rest();
    let lit = row.shown != Some(false);
    let color = if lit { theme.text_strong } else { theme.text_muted };
    let style = if lit { Style::strong(TextKind::Body, color) } else { Style::new(TextKind::Body, color) };
    let upper = Rect::from_min_size(rest.min + vec2(0.0, 5.0), vec2(rest.width(), 18.0));
    words::paint_in(ui.painter(), upper, row.name, style, start_align(cx.rtl()), Some(1));
    let note = Style::new(TextKind::List, theme.text_muted);
    let lower = upper.translate(vec2(0.0, 16.0));
    words::paint_in(ui.painter(), lower, row.note, note, start_align(cx.rtl()), Some(1));
    (clicked, end, rect)
}

/// The button that opens the list of basemaps.
fn basemap_ui(ui: &mut Ui, cx: &FrameCtx<'_>, at: Rect, commands: &mut Commands) {
    let at = Rect::from_center_size(at.center().round(), vec2(24.0, 24.0));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(at).id_salt("basemap"));
    let name = cx.t("layers-basemap");
    let response = controls::icon_button(&mut child, cx.theme, icons::CARET_DOWN, &name, 24.0);
    Popup::menu(&response).show(|ui| super::map::basemap_menu_ui(ui, cx, commands));
}

/// How the dataset is drawn.
fn dataset_ui(ui: &mut Ui, cx: &FrameCtx<'_>, map: &MapStatus, commands: &mut Commands) {
    let theme = cx.theme;
    let open = !cx.state.view.folded.get(OPEN).copied().unwrap_or(false);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEAD), Sense::click());
    let chosen = datasets::chosen(cx);
    let name = chosen.zip(cx.store()).map_or("", |(chosen, store)| chosen.name(store, cx.lang()));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, name));
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.line));
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::INSET);
    strip.end(size::INSET);
    let caret = if open { icons::CARET_UP } else { icons::CARET_DOWN };
    let center = strip.end(14.0).center();
    ui.painter().text(center, Align2::CENTER_CENTER, caret, theme::icon_font(14.0), theme.text_muted);
    let style = Style::strong(TextKind::Body, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), name, style, start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        commands.push(ViewCommand::Fold(OPEN.to_owned(), open));
    }
    if !open {
        return;
    }
    let layers = cx.state.settings.layers;
    let mut wanted = layers;
    ui.add_space(7.0);
    if let Some(chosen) = chosen {
        datasets::settings_ui(ui, cx, chosen, commands);
    }
    let several = cx.state.case.as_ref().is_some_and(|case| case.datasets.len() > 1);
    if several {
        heading_ui(ui, cx, &cx.t("layers-drawing"));
    }
    ui.add_space(2.0);
    mode_ui(ui, cx, &mut wanted);
    ui.add_space(5.0);
    let cells = (f32::from(*MapLayers::CELLS.start()), f32::from(*MapLayers::CELLS.end()));
    let value = cx.catalog.f("layers-px", &[("n", u32::from(layers.cell).into())]);
    let cell = slider_ui(ui, cx, "layers-cell", f32::from(layers.cell), cells, 1.0, &value);
    wanted.cell = cell.round() as u8;
    let percents = (f32::from(*MapLayers::OPACITIES.start()), f32::from(*MapLayers::OPACITIES.end()));
    let value = format!("{}%", layers.opacity);
    let opacity = slider_ui(ui, cx, "layers-opacity", f32::from(layers.opacity), percents, 5.0, &value);
    wanted.opacity = opacity.round() as u8;
    scale_ui(ui, cx, &mut wanted);
    ui.add_space(6.0);
    if map.drawn == Drawn::Density {
        legend_ui(ui, cx, map);
    }
    let limit = [("n", MAX_EVENTS.into())];
    let key = if layers.mode == MapMode::Auto { "layers-exact-auto" } else { "layers-exact" };
    note_ui(ui, cx, &cx.catalog.f(key, &limit));
    if wanted != layers {
        commands.push(ViewCommand::Layers(wanted));
    }
}

/// A caption over what follows, with a line above.
fn heading_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    ui.add_space(7.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    super::widgets::rows::name_label(&response, text);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, cx.theme.hairline());
    let at = rect.shrink2(vec2(size::INSET, 0.0));
    let style = Style::strong(TextKind::List, cx.theme.text_strong);
    words::paint_in(ui.painter(), at, text, style, start_align(cx.rtl()), Some(1));
}

/// The four ways to draw, in parts of equal width.
fn mode_ui(ui: &mut Ui, cx: &FrameCtx<'_>, layers: &mut MapLayers) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::COMPACT), Sense::hover());
    let rect = rect.shrink2(vec2(size::INSET, 0.0));
    ui.painter().rect(rect, 4.0, theme.field, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut strip = Strip::new(rect, cx.rtl());
    let width = (rect.width() / MapMode::ALL.len() as f32).floor();
    for (index, mode) in MapMode::ALL.into_iter().enumerate() {
        let last = index + 1 == MapMode::ALL.len();
        let part = if last { strip.rest() } else { strip.start(width) };
        let response = ui.interact(part, ui.scope_id().with(("mode", mode.name())), Sense::click());
        let on = layers.mode == mode;
        let text = cx.t(&format!("layers-mode-{}", mode.name()));
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, &text));
        let fill = match (on, response.hovered()) {
            (true, _) => Some(theme.active),
            (false, true) => Some(theme.hover),
            _ => None,
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(part.shrink(1.0), 3.0, fill);
        }
        if index > 0 {
            let x = if cx.rtl() { part.right() } else { part.left() };
            ui.painter().vline(x.round() - 0.5, rect.shrink(1.0).y_range(), Stroke::new(1.0, theme.line));
        }
        let color = if on { theme.text_strong } else { theme.text_muted };
        let style = Style::new(TextKind::List, color);
        words::paint_in(ui.painter(), part, &text, style, Align::Center, Some(1));
        focus_ring(ui, &response, theme);
        let hint = cx.t(&format!("layers-mode-{}.hint", mode.name()));
        if response.clicked() {
            layers.mode = mode;
        }
        super::widgets::rows::tip(response, theme, &hint);
    }
}

/// A name at the start, the rest of the row.
fn labelled(ui: &mut Ui, cx: &FrameCtx<'_>, key: &str) -> (Rect, String) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::COMPACT), Sense::hover());
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    let label = cx.t(key);
    let style = Style::new(TextKind::List, cx.theme.text_muted);
    let at = strip.start(LABELS - size::INSET);
    words::paint_in(ui.painter(), at, &label, style, start_align(cx.rtl()), Some(1));
    (strip.rest(), label)
}

/// A value on a line. Returns the wanted value, in whole steps.
fn slider_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    key: &str,
    value: f32,
    (least, most): (f32, f32),
    step: f32,
    text: &str,
) -> f32 {
    let theme = cx.theme;
    let (rest, label) = labelled(ui, cx, key);
    let mut strip = Strip::new(rest, cx.rtl());
    let number = strip.end(40.0);
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), number, text, style, end_align(cx.rtl()), Some(1));
    let line = strip.rest();
    let mut response = ui.interact(line, ui.scope_id().with(key), Sense::click_and_drag());
    let named = format!("{label}: {text}");
    response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(value), &named));
    let share = ((value - least) / (most - least)).clamp(0.0, 1.0);
    let knob = 5.0;
    // The line begins where the other controls do; the knob reaches a little over its ends.
    let (from, to) = (line.left(), line.right() - knob);
    let at = |share: f32| if cx.rtl() { to - share * (to - from) } else { from + share * (to - from) };
    let y = line.center().y.round();
    let track = |a: f32, b: f32| Rect::from_x_y_ranges(a.min(b)..=a.max(b), y - 1.5..=y + 1.5);
    ui.painter().rect_filled(track(at(0.0), at(1.0)), 1.5, theme.line);
    ui.painter().rect_filled(track(at(0.0), at(share)), 1.5, theme.accent);
    let center = pos2(at(share), y);
    let grown = if response.hovered() || response.dragged() { 1.0 } else { 0.0 };
    let fill = if theme.dark { theme.text_strong } else { theme.raised };
    ui.painter().circle(center, knob + grown, fill, Stroke::new(2.0, theme.accent));
    focus_ring(ui, &response, theme);
    let mut wanted = value;
    let held = response.dragged() || response.clicked();
    if let Some(pos) = response.interact_pointer_pos().filter(|_| held) {
        let share = if cx.rtl() { (to - pos.x) / (to - from) } else { (pos.x - from) / (to - from) };
        wanted = least + (share.clamp(0.0, 1.0) * (most - least) / step).round() * step;
    }
    if response.has_focus() {
        let (more, less) = ui.input_mut(|input| {
            let none = egui::Modifiers::NONE;
            let mut any = |keys: [egui::Key; 2]| keys.into_iter().any(|key| input.consume_key(none, key));
            let (right, left) = (egui::Key::ArrowRight, egui::Key::ArrowLeft);
            let ahead = if cx.rtl() { left } else { right };
            let back = if cx.rtl() { right } else { left };
            (any([ahead, egui::Key::ArrowUp]), any([back, egui::Key::ArrowDown]))
        });
        wanted += step * (f32::from(u8::from(more)) - f32::from(u8::from(less)));
    }
    let wanted = wanted.clamp(least, most);
    if wanted != value {
        response.mark_changed();
    }
    wanted
}

fn scale_ui(ui: &mut Ui, cx: &FrameCtx<'_>, layers: &mut MapLayers) {
    let (rest, label) = labelled(ui, cx, "layers-scale");
    let text = |scale: DensityScale| cx.t(&format!("layers-scale-{}", scale.name()));
    let at = Strip::new(rest, cx.rtl()).start(118.0);
    let named = format!("{label}: {}", text(layers.scale));
    let response = drop_ui(ui, cx, at, &text(layers.scale), &named);
    Popup::menu(&response).show(|ui| {
        let rows: Vec<MenuRow<'_>> = DensityScale::ALL
            .into_iter()
            .map(|scale| MenuRow { icon: "", text: text(scale), on: layers.scale == scale })
            .collect();
        let chosen = menu_ui(ui, cx.theme, cx.rtl(), &rows);
        if let Some(scale) = chosen.and_then(|at| DensityScale::ALL.get(at)) {
            layers.scale = *scale;
        }
    });
}

/// A button that opens a list.
fn drop_ui(ui: &Ui, cx: &FrameCtx<'_>, at: Rect, text: &str, named: &str) -> Response {
    let theme = cx.theme;
    let rect = Rect::from_center_size(at.center(), vec2(at.width(), size::TINY + 2.0)).round();
    let response =
        ui.interact(rect, ui.scope_id().with(("drop", rect.min.x as i32, rect.min.y as i32)), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, named));
    let (fill, edge) =
        if response.hovered() { (theme.hover, theme.line_strong) } else { (theme.field, theme.line) };
    ui.painter().rect(rect, 4.0, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let mut strip = Strip::new(rect.shrink2(vec2(9.0, 0.0)), cx.rtl());
    let caret = strip.end(12.0).center();
    let font = theme::icon_font(12.0);
    ui.painter().text(caret, Align2::CENTER_CENTER, icons::CARET_DOWN, font, theme.text_muted);
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), text, style, start_align(cx.rtl()), Some(1));
    focus_ring(ui, &response, theme);
    response
}

/// Which colour is how many events.
fn legend_ui(ui: &mut Ui, cx: &FrameCtx<'_>, map: &MapStatus) {
    let theme = cx.theme;
    let layers = cx.state.settings.layers;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 46.0), Sense::hover());
    let bar =
        Rect::from_min_size(rect.min + vec2(size::INSET, 1.0), vec2(rect.width() - 2.0 * size::INSET, 8.0));
    let ramp = Ramp::new(&theme.map.density, 1.0);
    let mut mesh = egui::Mesh::default();
    let steps = 64u32;
    for step in 0..=steps {
        let share = step as f32 / steps as f32;
        let along = if cx.rtl() { 1.0 - share } else { share };
        let x = bar.left() + along * bar.width();
        mesh.colored_vertex(pos2(x, bar.top()), ramp.of(share));
        mesh.colored_vertex(pos2(x, bar.bottom()), ramp.of(share));
        if step > 0 {
            mesh.add_triangle(2 * step - 2, 2 * step - 1, 2 * step);
            mesh.add_triangle(2 * step - 1, 2 * step, 2 * step + 1);
        }
    }
    ui.painter().add(egui::Shape::mesh(mesh));
    let edge = Stroke::new(1.0, theme.panel);
    ui.painter().rect_stroke(bar, CornerRadius::same(2), edge, StrokeKind::Outside);
    let caption = Style::new(TextKind::Caption, theme.text_muted);
    let top = map.max_per_cell.max(density::LEAST_TOP);
    // From the top downwards; what would touch what is written already is left out.
    let mut free = f32::INFINITY;
    for mark in density::marks(top).into_iter().rev() {
        let share = density::share(layers.scale, mark, top);
        let text = thousands(i64::from(mark));
        let width = words::measure(ui.painter(), &text, caption).x.ceil();
        let left = (share * bar.width() - width / 2.0).min(bar.width() - width).max(0.0).round();
        if left + width + 8.0 > free {
            continue;
        }
        free = left;
        let x = if cx.rtl() { bar.right() - left - width } else { bar.left() + left };
        words::paint(ui.painter(), pos2(x, bar.bottom() + 3.0), Align2::LEFT_TOP, &text, caption);
    }
    let text = cx.t("layers-per-cell");
    let below = Rect::from_min_size(pos2(bar.left(), bar.bottom() + 18.0), vec2(bar.width(), 16.0));
    words::paint_in(ui.painter(), below, &text, caption, start_align(cx.rtl()), Some(1));
    let args = [("n", map.max_per_cell.into())];
    let named = cx.catalog.f("layers-legend", &args);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &named));
}

fn note_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    ui.add_space(6.0);
    let margin = egui::Margin::symmetric(size::INSET as i8, 0);
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.add(words::Words::new(text, Style::new(TextKind::Caption, cx.theme.text_muted)).wrap());
    });
    ui.add_space(8.0);
}
