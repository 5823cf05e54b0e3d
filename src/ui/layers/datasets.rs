//! The datasets as layers: a row for each, and what is set for the chosen one.

use egui::{Rect, Response, Sense, Stroke, Ui, vec2};

use super::{Row, Sign, row_ui, slider_ui};
use crate::state::{
    Command, Commands, Dataset, DatasetCommand, Dialog, ImportCommand, MapLayers, Origin, Paint, ViewCommand,
};
use crate::store::filter::Dim;
use crate::store::{DatasetId, Store};
use crate::ui::FrameCtx;
use crate::ui::map::MapStatus;
use crate::ui::map::crowd::Drawn;
use crate::ui::theme::{TextKind, Theme, icons, size};
use crate::ui::widgets::controls::{self, focus_ring};
use crate::ui::widgets::rows::{Strip, row_focus, tip};
use crate::ui::widgets::words::{self, Style};

/// Room of the handle by which a row is dragged.
const HANDLE: f32 = 18.0;
const SWATCH: f32 = 20.0;

/// State of the rows.
#[derive(Default)]
pub struct DatasetsUi {
    /// The row that is dragged, and before which row it would go.
    dragged: Option<(DatasetId, usize)>,
}

/// The dataset whose settings are shown: the chosen one, or the one on top.
pub fn chosen<'a>(cx: &FrameCtx<'a>) -> Option<&'a Dataset> {
    let case = cx.state.case.as_ref()?;
    case.chosen.and_then(|id| case.dataset(id)).or(case.datasets.first())
}

/// A row for each dataset, the layer on top first.
pub fn rows_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut DatasetsUi,
    map: &MapStatus,
    commands: &mut Commands,
) {
    let Some(case) = &cx.state.case else { return };
    let store = &*case.store;
    let several = case.datasets.len() > 1;
    let chosen = chosen(cx).map(|dataset| dataset.id);
    let top = ui.cursor().top();
    let mut rects: Vec<Rect> = Vec::with_capacity(case.datasets.len());
    for (place, dataset) in case.datasets.iter().enumerate() {
        let layers = cx.state.settings.layers;
        let hidden = cx.state.view.filter.hidden.contains(&u32::from(dataset.id.0));
        let shown = layers.events && !hidden;
        let name = dataset.name(store, cx.lang());
        let icon = store.table(dataset.id).map_or(icons::MAP_PIN, |table| {
            crate::ui::import::format_icon(table.report.detected.settings.format)
        });
        let sign = match dataset.paint {
            Paint::ByType => Sign::Icon(icon),
            Paint::Own(number) => Sign::Colored(icon, cx.theme.dataset(number)),
        };
        let percent = if several { dataset.opacity } else { layers.opacity };
        let row = Row {
            shown: Some(shown),
            sign,
            name,
            note: &note(cx, store, dataset, shown, map),
            end: format!("{percent}%"),
            chosen: chosen == Some(dataset.id),
            indent: if several { HANDLE } else { 8.0 },
        };
        let (eye, _, rect) = row_ui(ui, cx, &row);
        rects.push(rect);
        if eye {
            show(dataset.id, !shown, several, layers, commands);
        }
        let mut strip = Strip::new(rect, cx.rtl());
        let handle = strip.start(HANDLE);
        strip.start(if several { 30.0 } else { 20.0 });
        let response = ui.interact(strip.rest(), ui.scope_id().with(("row", dataset.id)), Sense::click());
        let on = chosen == Some(dataset.id);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on, name));
        row_focus(ui, &response, cx.theme);
        if response.clicked() {
            commands.push(DatasetCommand::Choose(dataset.id));
        }
        if several {
            handle_ui(ui, cx, state, handle, (dataset.id, place, name), case.datasets.len(), top, commands);
        }
    }
    if let Some((_, before)) = state.dragged
        && let Some(rect) = rects.first()
    {
        let y = rects.get(before).map_or_else(|| rects.last().map_or(top, |rect| rect.bottom()), |r| r.top());
        ui.painter().hline(rect.x_range(), y.round(), Stroke::new(2.0, cx.theme.accent));
    }
}

/// Shows a dataset or hides it. The only one there is is hidden on the map alone: a filter that hides
/// everything would leave nothing to look at.
fn show(id: DatasetId, shown: bool, several: bool, layers: MapLayers, commands: &mut Commands) {
    if !several || (shown && !layers.events) {
        commands.push(ViewCommand::Layers(MapLayers { events: shown, ..layers }));
    }
    if several || shown {
        commands.push(DatasetCommand::Show(id, shown));
    }
}

/// How many events, and how they are drawn.
fn note(cx: &FrameCtx<'_>, store: &Store, dataset: &Dataset, shown: bool, map: &MapStatus) -> String {
    let Some(rows) = store.rows_of(dataset.id) else { return cx.t("layers-reading") };
    let total = rows.len();
    if dataset.growing.is_some() {
        return cx.catalog.f("layers-reading-so-far", &[("n", total.into())]);
    }
    let drawn = cx.t(match map.drawn {
        _ if !shown => "layers-drawn-hidden",
        Drawn::Hidden => "layers-drawn-hidden",
        Drawn::Symbols => "layers-drawn-symbols",
        Drawn::Dots => "layers-drawn-dots",
        Drawn::Density => "layers-drawn-density",
        Drawn::Chips => "layers-drawn-clusters",
    });
    let counts = cx.derived.facet(Dim::Dataset);
    let passing = counts.get(usize::from(dataset.id.0)).map_or(0, |count| *count as usize);
    if shown && passing < total {
        let args = [("n", passing.into()), ("total", total.into()), ("drawn", drawn.into())];
        return cx.catalog.f("layers-events-of", &args);
    }
    cx.catalog.f("layers-events", &[("n", total.into()), ("drawn", drawn.into())])
}

/// Six dots by which a row is dragged to another place; arrow keys move it as well.
#[expect(clippy::too_many_arguments, reason = "a row among rows")]
fn handle_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut DatasetsUi,
    at: Rect,
    (id, place, name): (DatasetId, usize, &str),
    num: usize,
    top: f32,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let response = ui.interact(at, ui.scope_id().with(("handle", id)), Sense::click_and_drag());
    let named = cx.catalog.f("layers-move", &[("name", name.into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &named));
    let color = if response.hovered() || response.dragged() { theme.text_strong } else { theme.line_strong };
    let center = at.center().round();
    for (x, y) in [(-2.0, -4.0), (2.0, -4.0), (-2.0, 0.0), (2.0, 0.0), (-2.0, 4.0), (2.0, 4.0)] {
        ui.painter().circle_filled(center + vec2(x, y), 1.0, color);
    }
    focus_ring(ui, &response, theme);
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grab);
    }
    if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let before = ((pos.y - top) / super::ROW).round().clamp(0.0, num as f32) as usize;
        state.dragged = Some((id, before));
    }
    if response.drag_stopped()
        && let Some((_, before)) = state.dragged.take_if(|(dragged, _)| *dragged == id)
    {
        // Its own row is not there any more when it is put in.
        let to = if before > place { before - 1 } else { before };
        if to != place {
            commands.push(DatasetCommand::Move(id, to));
        }
    }
    if response.has_focus() {
        let (up, down) = ui.input_mut(|input| {
            let none = egui::Modifiers::NONE;
            (input.consume_key(none, egui::Key::ArrowUp), input.consume_key(none, egui::Key::ArrowDown))
        });
        if up && place > 0 {
            commands.push(DatasetCommand::Move(id, place - 1));
        }
        if down && place + 1 < num {
            commands.push(DatasetCommand::Move(id, place + 1));
        }
    }
    tip(response, theme, &named);
}

/// What can be set for one dataset, and done with it.
pub fn settings_ui(ui: &mut Ui, cx: &FrameCtx<'_>, dataset: &Dataset, commands: &mut Commands) {
    let Some(case) = &cx.state.case else { return };
    let several = case.datasets.len() > 1;
    paint_ui(ui, cx, dataset, commands);
    if several {
        ui.add_space(5.0);
        let limits = (f32::from(*Dataset::OPACITIES.start()), f32::from(*Dataset::OPACITIES.end()));
        let value = format!("{}%", dataset.opacity);
        let key = "layers-dataset-opacity";
        let wanted = slider_ui(ui, cx, key, f32::from(dataset.opacity), limits, 5.0, &value);
        if wanted.round() as u8 != dataset.opacity {
            commands.push(DatasetCommand::Opacity(dataset.id, wanted.round() as u8));
        }
    }
    ui.add_space(5.0);
    let mut actions: Vec<(&str, Command)> = vec![("layers-fit", DatasetCommand::Fit(dataset.id).into())];
    let is_table = case.store.table(dataset.id).is_some();
    let is_file = is_table && matches!(dataset.origin, Origin::File(_)) && dataset.growing.is_none();
    if is_file {
        actions.push(("layers-reread", DatasetCommand::Reread(dataset.id).into()));
    }
    actions.push(("layers-remove", DatasetCommand::Remove(dataset.id).into()));
    links_ui(ui, cx, actions, commands);
    let mut actions: Vec<(&str, Command)> = Vec::new();
    if is_file {
        let report = ViewCommand::Dialog(Some(Dialog::Report(dataset.id)));
        actions.push(("report-open", report.into()));
        actions.push(("report-settings", ImportCommand::Edit(dataset.id).into()));
    }
    links_ui(ui, cx, actions, commands);
    if several {
        let twins = ViewCommand::Dialog(Some(Dialog::Twins));
        links_ui(ui, cx, vec![("layers-twins", twins.into())], commands);
    }
}

/// Things to do in a line; no line if there is nothing.
fn links_ui(ui: &mut Ui, cx: &FrameCtx<'_>, actions: Vec<(&str, Command)>, commands: &mut Commands) {
    if actions.is_empty() {
        return;
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    for (key, command) in actions {
        if link_ui(ui, cx, &mut strip, key).clicked() {
            commands.push(command);
        }
    }
}

fn link_ui(ui: &mut Ui, cx: &FrameCtx<'_>, strip: &mut Strip, key: &str) -> Response {
    let text = cx.t(key);
    let style = Style::new(TextKind::List, cx.theme.accent);
    let width = words::measure(ui.painter(), &text, style).x.ceil() + 4.0;
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(strip.start(width)).id_salt(key));
    strip.start(14.0);
    controls::link(&mut child, cx.theme, &text, TextKind::List)
}

/// By type, or in one of the theme's colours.
fn paint_ui(ui: &mut Ui, cx: &FrameCtx<'_>, dataset: &Dataset, commands: &mut Commands) {
    let theme = cx.theme;
    let (rest, label) = super::labelled(ui, cx, "layers-color");
    let text = cx.t(match dataset.paint {
        Paint::ByType => "layers-color-type",
        Paint::Own(_) => "layers-color-own",
    });
    let at = Strip::new(rest, cx.rtl()).start(118.0);
    let response = super::drop_ui(ui, cx, at, &text, &format!("{label}: {text}"));
    let own = match dataset.paint {
        Paint::Own(number) => number,
        Paint::ByType => dataset.id.0 as u8 % Theme::DATASETS,
    };
    egui::Popup::menu(&response).show(|ui| {
        let rows = [("layers-color-type", Paint::ByType), ("layers-color-own", Paint::Own(own))];
        let menu: Vec<super::MenuRow<'_>> = rows
            .iter()
            .map(|(key, paint)| super::MenuRow { icon: "", text: cx.t(key), on: *paint == dataset.paint })
            .collect();
        let picked = super::menu_ui(ui, theme, cx.rtl(), &menu);
        if let Some((_, paint)) = picked.and_then(|at| rows.get(at)) {
            commands.push(DatasetCommand::Paint(dataset.id, *paint));
        }
    });
    let Paint::Own(own) = dataset.paint else { return };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), SWATCH + 6.0), Sense::hover());
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    for number in 0..Theme::DATASETS {
        let at = strip.start(SWATCH);
        strip.start(6.0);
        let at = Rect::from_center_size(at.center().round(), vec2(SWATCH, SWATCH));
        let response = ui.interact(at, ui.scope_id().with(("swatch", number)), Sense::click());
        let on = own == number;
        let named = cx.catalog.f("layers-swatch", &[("n", (u32::from(number) + 1).into())]);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, &named));
        ui.painter().circle_filled(at.center(), 7.0, theme.dataset(number));
        if on || response.hovered() {
            let color = if on { theme.text_strong } else { theme.line_strong };
            ui.painter().circle_stroke(at.center(), 9.0, Stroke::new(1.5, color));
        }
        focus_ring(ui, &response, theme);
        if response.clicked() {
            commands.push(DatasetCommand::Paint(dataset.id, Paint::Own(number)));
        }
    }
}
