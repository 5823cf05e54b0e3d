//! What lies over the map: legend, tools, scale bar, credits, the date while playing.

use egui::{Align2, Color32, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::model::time::{self, DateStyle};
use crate::model::{EventType, GeoPrecision};
use crate::state::{BasemapChoice, Commands, MapCommand, PlayMode, StartTab, ViewCommand};
use crate::ui::theme::{TextKind, Theme, icons};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format, shapes};

/// Background of a card on the map.
pub fn card(painter: &egui::Painter, theme: &Theme, rect: Rect) {
    painter.add(theme.card_shadow().as_shape(rect, 6));
    painter.rect(rect, 6.0, theme.overlay, Stroke::new(1.0, theme.line), StrokeKind::Inside);
}

const LEGEND_ROW: f32 = 18.0;

fn legend_types() -> Vec<EventType> {
    EventType::ALL.iter().copied().filter(|t| *t != EventType::Other).collect()
}

/// The room that the legend takes.
pub fn legend_rect(view: Rect, open: bool) -> Rect {
    let rows = LEGEND_ROW * legend_types().len() as f32;
    let size = if open { vec2(182.0, 28.0 + rows + 8.0 + 54.0 + 8.0 + 56.0) } else { vec2(88.0, 30.0) };
    Rect::from_min_size(view.min + vec2(12.0, 12.0), size)
}

/// Types with shape and colour, sizes, and kinds of place. Returns the room it takes.
pub fn legend_ui(ui: &mut Ui, cx: &FrameCtx<'_>, view: Rect, commands: &mut Commands) {
    let theme = cx.theme;
    let open = cx.state.view.show_legend;
    let types = legend_types();
    let title = cx.t("legend-type");
    let row = LEGEND_ROW;
    let rect = legend_rect(view, open);
    let width = rect.width();
    let painter = ui.painter().clone();
    card(&painter, theme, rect);

    let head = Rect::from_min_size(rect.min, vec2(width, 30.0));
    let response = ui.interact(head, ui.scope_id().with("legend"), Sense::click());
    let name = cx.t("action-toggle-legend");
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, &name));
    if response.clicked() {
        commands.push(ViewCommand::ToggleLegend);
    }
    let strong = Style::strong(TextKind::List, theme.text_strong);
    words::paint(&painter, head.min + vec2(10.0, 7.0), Align2::LEFT_TOP, &title, strong);
    let caret = if open { icons::CARET_UP } else { icons::CARET_DOWN };
    let font = crate::ui::theme::icon_font(13.0);
    let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
    painter.text(head.right_center() - vec2(15.0, 0.0), Align2::CENTER_CENTER, caret, font, color);
    controls::focus_ring(ui, &response, theme);
    if !open {
        return;
    }

    let plain = Style::new(TextKind::List, theme.text);
    let mut y = rect.top() + 28.0;
    for event_type in types {
        let center = pos2(rect.left() + 19.0, y + row / 2.0);
        let color = theme.event_type(event_type);
        shapes::paint(&painter, event_type, center, 5.0, shapes::Fill::Solid, color, theme.overlay);
        let at = pos2(rect.left() + 34.0, center.y);
        words::paint(&painter, at, Align2::LEFT_CENTER, &format::event_type(cx.catalog, event_type), plain);
        y += row;
    }
    let line = |y: f32| painter.hline(rect.x_range().shrink(10.0), y.round() + 0.5, theme.hairline());
    y += 4.0;
    line(y);
    y += 4.0;
    words::paint(&painter, pos2(rect.left() + 10.0, y), Align2::LEFT_TOP, &cx.t("legend-size"), strong);
    let sizes = [0u32, 20, 70, 200];
    let step = (width - 24.0) / sizes.len() as f32;
    for (i, killed) in sizes.into_iter().enumerate() {
        let x = rect.left() + 12.0 + step * (i as f32 + 0.5);
        let radius = shapes::radius(Some(killed));
        painter.circle_stroke(pos2(x, y + 29.0), radius, Stroke::new(1.0, theme.text_muted));
        let style = Style::new(TextKind::Caption, theme.text_muted);
        words::paint(&painter, pos2(x, y + 50.0), Align2::CENTER_CENTER, &killed.to_string(), style);
    }
    y += 60.0;
    line(y);
    y += 4.0;
    words::paint(&painter, pos2(rect.left() + 10.0, y), Align2::LEFT_TOP, &cx.t("legend-precision"), strong);
    y += 17.0;
    let kinds = [(GeoPrecision::Exact, "legend-exact"), (GeoPrecision::Region, "legend-region")];
    for (precision, key) in kinds {
        let center = pos2(rect.left() + 19.0, y + 8.0);
        let color = theme.event_type(EventType::StrategicDevelopments);
        let fill = match precision {
            GeoPrecision::Region => {
                soft_disc(&painter, center, 9.0, color, 0.3);
                shapes::Fill::Hollow
            }
            _ => shapes::Fill::Solid,
        };
        let r = if precision == GeoPrecision::Region { 4.0 } else { 5.0 };
        shapes::paint(&painter, EventType::StrategicDevelopments, center, r, fill, color, theme.overlay);
        words::paint(&painter, pos2(rect.left() + 34.0, center.y), Align2::LEFT_CENTER, &cx.t(key), plain);
        y += row;
    }
}

/// A disc that fades out to its rim: for places that are known as areas.
pub fn soft_disc(painter: &egui::Painter, center: Pos2, radius: f32, color: Color32, opacity: f32) {
    const STEPS: u32 = 48;
    let mut mesh = egui::Mesh::default();
    mesh.colored_vertex(center, color.gamma_multiply(opacity));
    for (share, strength) in [(0.5, 0.5), (1.0, 0.0)] {
        for i in 0..STEPS {
            let angle = std::f32::consts::TAU * i as f32 / STEPS as f32;
            mesh.colored_vertex(
                center + vec2(angle.cos(), angle.sin()) * radius * share,
                color.gamma_multiply(opacity * strength),
            );
        }
    }
    for i in 0..STEPS {
        let j = (i + 1) % STEPS;
        mesh.add_triangle(0, 1 + i, 1 + j);
        mesh.add_triangle(1 + i, 1 + STEPS + i, 1 + j);
        mesh.add_triangle(1 + j, 1 + STEPS + i, 1 + STEPS + j);
    }
    painter.add(egui::Shape::mesh(mesh));
}

const TOOL_SIDE: f32 = 28.0;
const TOOLS: [(&str, &str); 6] = [
    (icons::PLUS, "action-zoom-in"),
    (icons::MINUS, "action-zoom-out"),
    (icons::CORNERS_OUT, "action-fit-all"),
    (icons::CROSSHAIR, "action-fit-selection"),
    (icons::SELECTION, "map-box"),
    (icons::STACK, "map-layers"),
];

/// The room that the column of buttons takes.
pub fn tools_rect(view: Rect) -> Rect {
    let size = vec2(TOOL_SIDE, TOOL_SIDE * TOOLS.len() as f32);
    Rect::from_min_size(pos2(view.right() - 12.0 - TOOL_SIDE, view.top() + 12.0), size)
}

/// The column of buttons at the upper right.
pub fn tools_ui(ui: &mut Ui, cx: &FrameCtx<'_>, view: Rect, box_mode: &mut bool, commands: &mut Commands) {
    let theme = cx.theme;
    let side = TOOL_SIDE;
    let rect = tools_rect(view);
    card(ui.painter(), theme, rect);
    let mut child =
        ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(egui::Layout::top_down(egui::Align::Min)));
    child.spacing_mut().item_spacing = vec2(0.0, 0.0);
    for (icon, key) in TOOLS {
        let name = cx.t(key);
        let enabled = match key {
            "action-fit-all" => cx.store().is_some(),
            "action-fit-selection" => !cx.state.view.selection.events.is_empty(),
            _ => true,
        };
        let on = key == "map-box" && *box_mode;
        let response = controls::icon_button_with(&mut child, theme, icon, &name, side, on, enabled);
        if key == "map-layers" {
            egui::Popup::menu(&response).show(|ui| {
                basemap_menu_ui(ui, cx, commands);
                ui.separator();
                if ui.button(cx.t("action-layers")).clicked() {
                    commands.push(ViewCommand::StartTab(StartTab::Layers));
                    ui.close();
                }
            });
        }
        if !response.clicked() {
            continue;
        }
        match key {
            "action-zoom-in" => commands.push(MapCommand::ZoomBy(1.0)),
            "action-zoom-out" => commands.push(MapCommand::ZoomBy(-1.0)),
            "action-fit-all" => commands.push(MapCommand::FitAll),
            "action-fit-selection" => commands.push(MapCommand::FitSelection),
            "map-box" => *box_mode ^= true,
            _ => {}
        }
    }
}

/// The choice of basemaps.
pub fn basemap_menu_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let present = &cx.state.settings.basemap;
    let choices = [
        (BasemapChoice::Offline, "action-basemap-offline"),
        (BasemapChoice::OsmRaster, "action-basemap-osm"),
        (BasemapChoice::OpenFreeMap, "action-basemap-openfreemap"),
        (BasemapChoice::None, "action-basemap-none"),
    ];
    for (choice, key) in choices {
        let hint = cx.catalog.get(&format!("{key}.hint")).unwrap_or_default();
        if ui.radio(*present == choice, cx.t(key)).on_hover_text(hint).clicked() {
            commands.push(MapCommand::Basemap(choice));
            ui.close();
        }
    }
    let own = matches!(present, BasemapChoice::PmTiles(_));
    if ui.radio(own, cx.t("action-basemap-pmtiles")).clicked() {
        commands.push(MapCommand::OpenPmTiles);
        ui.close();
    }
}

/// Scale bar and credits at the lower right. Returns the room they take.
pub fn scale_ui(ui: &Ui, cx: &FrameCtx<'_>, view: Rect, points_per_metre: f32, credits: &str) -> Rect {
    let theme = cx.theme;
    let painter = ui.painter();
    let style = Style::new(TextKind::Caption, theme.text);
    let (metres, width) = scale_length(points_per_metre, 90.0);
    let text = if metres >= 1000.0 { format!("{} km", metres / 1000.0) } else { format!("{metres} m") };
    let right = view.right() - 12.0;
    let y = (view.bottom() - 12.0).round() - 0.5;
    let stroke = Stroke::new(1.0, theme.text);
    let halo = Stroke::new(3.0, theme.map.land.gamma_multiply(0.7));
    let points =
        vec![pos2(right - width, y - 5.0), pos2(right - width, y), pos2(right, y), pos2(right, y - 5.0)];
    painter.add(egui::Shape::line(points.clone(), halo));
    painter.add(egui::Shape::line(points, stroke));
    let middle = pos2(right - width / 2.0, y - 4.0);
    let label = words::paint_halo(painter, middle, Align2::CENTER_BOTTOM, &text, style, theme.map.land);
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    let at = pos2(right - width - 12.0, y + 3.0);
    let credit = words::paint_halo(painter, at, Align2::RIGHT_BOTTOM, credits, muted, theme.map.land);
    label.union(credit).union(Rect::from_min_max(pos2(right - width, y - 6.0), pos2(right, y)))
}

/// A round number of metres and its length in points, at most `max` long.
fn scale_length(points_per_metre: f32, max: f32) -> (f64, f32) {
    let metres = f64::from(max) / f64::from(points_per_metre.max(1e-12));
    let power = 10f64.powf(metres.max(1e-6).log10().floor());
    let round = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|n| *n <= metres).unwrap_or(power);
    (round, (round * f64::from(points_per_metre)) as f32)
}

/// The date that is shown while playing, and what it is: `27 July 2024`,
/// `Saturday · cumulative from 1 Aug 2022`.
pub fn playing_caption(cx: &FrameCtx<'_>) -> Option<(String, String)> {
    let playback = &cx.state.view.playback;
    let window = cx.state.view.filter.window.filter(|_| playback.playing)?;
    let last = window.last_day()?;
    let lang = cx.lang();
    let from =
        window.first_day().map(|day| time::format_day(day, lang, DateStyle::Short)).unwrap_or_default();
    let key = match playback.mode {
        PlayMode::Cumulative => "map-playing-cumulative",
        PlayMode::Moving => "map-playing-moving",
    };
    let args = [("weekday", time::weekday_name(last, lang).into()), ("from", from.into())];
    Some((time::format_day(last, lang, DateStyle::Long), cx.catalog.f(key, &args)))
}

/// The date in large type while playing.
pub fn playing_ui(ui: &Ui, cx: &FrameCtx<'_>, view: Rect) -> Option<Rect> {
    let (date, below) = playing_caption(cx)?;
    let theme = cx.theme;
    let at = view.left_bottom() + vec2(16.0, -10.0);
    let style = Style::new(TextKind::Body, theme.text);
    let small = words::paint_halo(ui.painter(), at, Align2::LEFT_BOTTOM, &below, style, theme.map.land);
    let big = Style::strong(TextKind::Display, theme.text_strong);
    let at = pos2(at.x, small.top() + 4.0);
    let large = words::paint_halo(ui.painter(), at, Align2::LEFT_BOTTOM, &date, big, theme.map.land);
    Some(small.union(large))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_bars_are_round_and_fit() {
        for exponent in -20..10 {
            let per_metre = 2f32.powi(exponent);
            let (metres, width) = scale_length(per_metre, 90.0);
            assert!(width <= 90.5, "{metres} {width}");
            let lead = metres / 10f64.powf(metres.log10().floor());
            assert!([1.0, 2.0, 5.0].iter().any(|n| (lead - n).abs() < 1e-6), "{metres}");
        }
    }
}
