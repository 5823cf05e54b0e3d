//! The row of controls above the lanes.
//!
//! Where the row is too narrow, whole groups go into a menu, the least important first; nothing is
//! cut. Typed text of the window field is kept until it is a date or the user takes it back.

use egui::{
    Align2, Color32, CornerRadius, Key, Margin, Popup, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use crate::model::Interval;
use crate::model::time::{DateError, DateStyle, month_name, parse_edtf};
use crate::state::{Commands, LaneMode, PlayMode, Playback, Step, TimeCommand};
use crate::store::bins::{Unit, unit_window};
use crate::store::filter::WindowMode;
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, Theme, icons, size};
use crate::ui::widgets::controls::{focus_ring, icon_button_with};
use crate::ui::widgets::words::{self, Style};

const GAP: f32 = 8.0;
const FIELD: f32 = 206.0;

/// State of the controls' widgets.
#[derive(Default)]
pub struct ControlsUi {
    /// What is typed into the window field and not yet taken over.
    typed: Option<String>,
    /// Why the typed text is no date.
    error: Option<String>,
    /// The year that the calendar shows.
    year: Option<i16>,
    /// First and last known moment of the case, as of this frame.
    extent: Option<Interval>,
}

/// Groups of controls, in their order in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Transport,
    Repeat,
    Step,
    Speed,
    Mode,
    Window,
    Presets,
    Certainty,
    Lanes,
    Gaps,
    Zoom,
    Fit,
}

const START: [Group; 8] = [
    Group::Transport,
    Group::Repeat,
    Group::Step,
    Group::Speed,
    Group::Mode,
    Group::Window,
    Group::Presets,
    Group::Certainty,
];
const END: [Group; 4] = [Group::Lanes, Group::Gaps, Group::Zoom, Group::Fit];
/// Which groups leave the row first.
const LEAVING: [Group; 10] = [
    Group::Fit,
    Group::Speed,
    Group::Certainty,
    Group::Repeat,
    Group::Mode,
    Group::Zoom,
    Group::Gaps,
    Group::Presets,
    Group::Step,
    Group::Lanes,
];

/// Which groups stay in a row of a width, given the width of each.
fn fitting(width: f32, width_of: impl Fn(Group) -> f32, menu: f32) -> Vec<Group> {
    let all = START.into_iter().chain(END);
    let mut kept: Vec<Group> = all.collect();
    let needed = |kept: &[Group], menu: f32| kept.iter().map(|g| width_of(*g) + GAP).sum::<f32>() + menu;
    if needed(&kept, 0.0) <= width {
        return kept;
    }
    for group in LEAVING {
        kept.retain(|kept| *kept != group);
        if needed(&kept, menu + GAP) <= width {
            break;
        }
    }
    kept
}

/// A choice among few, side by side.
struct Choice {
    text: String,
    on: bool,
    enabled: bool,
    tip: Option<String>,
}

impl Choice {
    fn new(text: String, on: bool) -> Self {
        Self { text, on, enabled: true, tip: None }
    }
}

fn choices_width(ui: &Ui, theme: &Theme, choices: &[Choice]) -> f32 {
    let style = Style::new(TextKind::List, theme.text);
    choices.iter().map(|choice| (words::measure(ui.painter(), &choice.text, style).x + 20.0).ceil()).sum()
}

/// Segments with lines between them. Returns the clicked one.
fn choices_ui(ui: &mut Ui, cx: &FrameCtx<'_>, choices: &[Choice]) -> Option<usize> {
    let (theme, rtl) = (cx.theme, cx.rtl());
    let style = Style::new(TextKind::List, theme.text_muted);
    let width = choices_width(ui, theme, choices);
    let (rect, whole) = ui.allocate_exact_size(vec2(width, size::COMPACT), Sense::hover());
    ui.painter().rect(rect, 4.0, theme.field, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut clicked = None;
    let mut x = 0.0;
    for (i, choice) in choices.iter().enumerate() {
        let wide = (words::measure(ui.painter(), &choice.text, style).x + 20.0).ceil();
        let left = if rtl { rect.right() - x - wide } else { rect.left() + x };
        let part = Rect::from_min_size(pos2(left, rect.top()), vec2(wide, rect.height()));
        x += wide;
        let sense = if choice.enabled { Sense::click() } else { Sense::hover() };
        let response = ui.interact(part, whole.id.with(i), sense);
        let (named, on) = (choice.text.clone(), choice.on);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, choice.enabled, on, &named));
        let fill = match (on, response.is_pointer_button_down_on(), response.hovered()) {
            _ if !choice.enabled => Color32::TRANSPARENT,
            (true, ..) | (_, true, _) => theme.active,
            (_, _, true) => theme.hover,
            _ => Color32::TRANSPARENT,
        };
        let end = i + 1 == choices.len();
        let (first, last) = if rtl { (end, i == 0) } else { (i == 0, end) };
        let side = |round: bool| if round { 3 } else { 0 };
        let corners = CornerRadius { nw: side(first), sw: side(first), ne: side(last), se: side(last) };
        ui.painter().rect_filled(part.shrink2(vec2(0.5, 1.0)), corners, fill);
        if i > 0 {
            let at = if rtl { part.right() } else { part.left() };
            let y = rect.top() + 1.0..=rect.bottom() - 1.0;
            ui.painter().vline(at.round() + 0.5, y, Stroke::new(1.0, theme.line));
        }
        let color = match (choice.enabled, on) {
            (false, _) => theme.disabled,
            (_, true) => theme.text_strong,
            _ => theme.text_muted,
        };
        words::paint_in(
            ui.painter(),
            part,
            &choice.text,
            Style { color, ..style },
            egui::Align::Center,
            Some(1),
        );
        focus_ring(ui, &response, theme);
        if response.clicked() {
            clicked = Some(i);
        }
        if let Some(tip) = &choice.tip {
            response.on_hover_text(tip);
        }
    }
    clicked
}

const CARET: f32 = 12.0;

fn picker_width(ui: &Ui, theme: &Theme, label: &str, value: &str) -> f32 {
    let style = Style::new(TextKind::List, theme.text);
    let label_width = if label.is_empty() { 0.0 } else { words::measure(ui.painter(), label, style).x + 5.0 };
    (10.0 + label_width + words::measure(ui.painter(), value, style).x + 7.0 + CARET + 8.0).ceil()
}

/// A button that shows a value and opens a menu.
fn picker_ui(ui: &mut Ui, cx: &FrameCtx<'_>, label: &str, value: &str) -> Response {
    let (theme, rtl) = (cx.theme, cx.rtl());
    let width = picker_width(ui, theme, label, value);
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::COMPACT), Sense::click());
    let named = format!("{label} {value}").trim().to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &named));
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let (fill, edge) = match (open || response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => (theme.active, theme.line_strong),
        (_, true) => (theme.hover, theme.line_strong),
        _ => (theme.field, theme.line),
    };
    ui.painter().rect(rect, 4.0, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let along = |x: f32| if rtl { rect.right() - x } else { rect.left() + x };
    let anchor = if rtl { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
    let mut x = 10.0;
    if !label.is_empty() {
        let style = Style::new(TextKind::List, theme.text_muted);
        x += words::paint(ui.painter(), pos2(along(x), rect.center().y), anchor, label, style).width() + 5.0;
    }
    let strong = Style::new(TextKind::List, theme.text_strong);
    words::paint(ui.painter(), pos2(along(x), rect.center().y), anchor, value, strong);
    let caret = pos2(along(rect.width() - 8.0 - CARET / 2.0), rect.center().y);
    let font = theme::icon_bold_font(CARET);
    ui.painter().text(caret, Align2::CENTER_CENTER, icons::CARET_DOWN, font, theme.text_muted);
    focus_ring(ui, &response, theme);
    response
}

/// A row of a menu; returns whether it was clicked.
fn menu_row_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str, on: bool) -> bool {
    let (theme, rtl) = (cx.theme, cx.rtl());
    let style = Style::new(TextKind::List, theme.text);
    let width = ui.available_width().max(words::measure(ui.painter(), text, style).x + 40.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::TINY), Sense::click());
    let named = text.to_owned();
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, on, &named));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, theme.hover);
    }
    let along = |x: f32| if rtl { rect.right() - x } else { rect.left() + x };
    let anchor = if rtl { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
    if on {
        let at = pos2(along(12.0), rect.center().y);
        let font = theme::icon_bold_font(12.0);
        ui.painter().text(at, Align2::CENTER_CENTER, icons::CHECK, font, theme.accent);
    }
    let color = if on { theme.text_strong } else { theme.text };
    let style = Style { color, ..style };
    words::paint(ui.painter(), pos2(along(26.0), rect.center().y), anchor, text, style);
    response.clicked()
}

fn step_words(cx: &FrameCtx<'_>, step: Step) -> String {
    cx.t(&format!("timeline-step-{}", step.name()))
}

fn speed_words(speed: f32) -> String {
    format!("{speed}×")
}

fn lanes_words(cx: &FrameCtx<'_>, mode: LaneMode) -> String {
    cx.t(&format!("timeline-lanes-{}", mode.name()))
}

fn mode_choices(cx: &FrameCtx<'_>) -> Vec<Choice> {
    let mode = cx.state.view.playback.mode;
    vec![
        Choice {
            tip: Some(cx.t("timeline-moving.hint")),
            ..Choice::new(cx.t("timeline-moving"), mode == PlayMode::Moving)
        },
        Choice {
            tip: Some(cx.t("timeline-cumulative.hint")),
            ..Choice::new(cx.t("timeline-cumulative"), mode == PlayMode::Cumulative)
        },
    ]
}

fn preset_choices(cx: &FrameCtx<'_>) -> Vec<Choice> {
    let view = &cx.state.view;
    let selection = !view.selection.events.is_empty();
    let no_selection = || Some(cx.t("timeline-needs-selection"));
    vec![
        Choice {
            tip: Some(cx.t("timeline-all.hint")),
            ..Choice::new(cx.t("timeline-all"), view.filter.window.is_none())
        },
        Choice { tip: Some(cx.t("timeline-year.hint")), ..Choice::new(cx.t("timeline-year"), false) },
        Choice { tip: Some(cx.t("timeline-month.hint")), ..Choice::new(cx.t("timeline-month"), false) },
        Choice {
            enabled: selection,
            tip: if selection { Some(cx.t("timeline-selection.hint")) } else { no_selection() },
            ..Choice::new(cx.t("timeline-selection"), false)
        },
    ]
}

fn preset_command(clicked: usize) -> TimeCommand {
    match clicked {
        0 => TimeCommand::Window(None),
        1 => TimeCommand::PresetYear,
        2 => TimeCommand::PresetMonth,
        _ => TimeCommand::PresetSelection,
    }
}

fn certainty_choices(cx: &FrameCtx<'_>) -> Vec<Choice> {
    let mode = cx.state.view.filter.window_mode;
    vec![
        Choice {
            tip: Some(cx.t("action-possibly.hint")),
            ..Choice::new(cx.t("timeline-possibly"), mode == WindowMode::Possibly)
        },
        Choice {
            tip: Some(cx.t("action-certainly.hint")),
            ..Choice::new(cx.t("timeline-certainly"), mode == WindowMode::Certainly)
        },
    ]
}

const CERTAINTIES: [WindowMode; 2] = [WindowMode::Possibly, WindowMode::Certainly];
const MODES: [PlayMode; 2] = [PlayMode::Moving, PlayMode::Cumulative];

/// The row.
pub fn controls_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    extent: Option<Interval>,
    state: &mut ControlsUi,
    commands: &mut Commands,
) {
    state.extent = extent;
    let theme = cx.theme;
    let width_of = |group: Group| match group {
        Group::Transport => 3.0 * 28.0 + 4.0,
        Group::Repeat => 28.0,
        Group::Step => {
            picker_width(ui, theme, &cx.t("timeline-step"), &step_words(cx, cx.state.view.playback.step))
        }
        Group::Speed => picker_width(ui, theme, "", &speed_words(cx.state.view.playback.speed)),
        Group::Mode => choices_width(ui, theme, &mode_choices(cx)),
        // With the line before it.
        Group::Window => FIELD + 2.0 * GAP + 1.0,
        Group::Presets => choices_width(ui, theme, &preset_choices(cx)),
        Group::Certainty => choices_width(ui, theme, &certainty_choices(cx)),
        Group::Lanes => {
            picker_width(ui, theme, &cx.t("timeline-lanes-label"), &lanes_words(cx, cx.state.view.lanes))
        }
        Group::Gaps | Group::Fit => 26.0,
        Group::Zoom => 2.0 * 26.0 + GAP,
    };
    let inner = rect.shrink2(vec2(size::INSET, 0.0));
    let kept = fitting(inner.width(), width_of, 26.0);
    let (start_layout, end_layout) = {
        let ltr = egui::Layout::left_to_right(egui::Align::Center);
        let rtl = egui::Layout::right_to_left(egui::Align::Center);
        if cx.rtl() { (rtl, ltr) } else { (ltr, rtl) }
    };
    ui.scope_builder(UiBuilder::new().max_rect(inner).layout(start_layout).id_salt("controls"), |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        for group in START.iter().filter(|group| kept.contains(group)) {
            if *group == Group::Repeat {
                ui.add_space(2.0 - GAP);
            }
            group_ui(ui, cx, *group, state, commands);
        }
        if kept.len() < START.len() + END.len() {
            let more =
                icon_button_with(ui, theme, icons::DOTS_THREE, &cx.t("timeline-more"), 26.0, false, true);
            Popup::menu(&more).show(|ui| more_ui(ui, cx, &kept, more.rect.top(), commands));
        }
    });
    ui.scope_builder(UiBuilder::new().max_rect(inner).layout(end_layout).id_salt("controls-end"), |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        for group in END.iter().rev().filter(|group| kept.contains(group)) {
            group_ui(ui, cx, *group, state, commands);
        }
    });
}

fn group_ui(ui: &mut Ui, cx: &FrameCtx<'_>, group: Group, state: &mut ControlsUi, commands: &mut Commands) {
    let theme = cx.theme;
    let view = &cx.state.view;
    match group {
        Group::Transport => transport_ui(ui, cx, commands),
        Group::Repeat => {
            let name = cx.t("timeline-repeat");
            let on = view.playback.repeat;
            if icon_button_with(ui, theme, icons::REPEAT, &name, 28.0, on, true).clicked() {
                commands.push(TimeCommand::ToggleRepeat);
            }
        }
        Group::Step => {
            let value = step_words(cx, view.playback.step);
            let button = picker_ui(ui, cx, &cx.t("timeline-step"), &value);
            Popup::menu(&button).show(|ui| {
                ui.set_width(132.0);
                for step in Step::ALL {
                    if menu_row_ui(ui, cx, &step_words(cx, step), step == view.playback.step) {
                        commands.push(TimeCommand::SetStep(step));
                    }
                }
            });
            button.on_hover_text(cx.t("timeline-step.hint"));
        }
        Group::Speed => {
            let button = picker_ui(ui, cx, "", &speed_words(view.playback.speed));
            Popup::menu(&button).show(|ui| {
                ui.set_width(92.0);
                for speed in Playback::SPEEDS {
                    if menu_row_ui(ui, cx, &speed_words(speed), speed == view.playback.speed) {
                        commands.push(TimeCommand::SetSpeed(speed));
                    }
                }
            });
            button.on_hover_text(cx.t("timeline-speed.hint"));
        }
        Group::Mode => {
            let clicked = choices_ui(ui, cx, &mode_choices(cx)).and_then(|i| MODES.get(i).copied());
            if let Some(mode) = clicked {
                commands.push(TimeCommand::SetMode(mode));
            }
        }
        Group::Window => {
            let (line, _) = ui.allocate_exact_size(vec2(1.0, 20.0), Sense::hover());
            ui.painter().vline(line.center().x, line.y_range(), Stroke::new(1.0, theme.line));
            window_field_ui(ui, cx, state, commands);
        }
        Group::Presets => {
            if let Some(clicked) = choices_ui(ui, cx, &preset_choices(cx)) {
                commands.push(preset_command(clicked));
            }
        }
        Group::Certainty => {
            let clicked =
                choices_ui(ui, cx, &certainty_choices(cx)).and_then(|i| CERTAINTIES.get(i).copied());
            if let Some(mode) = clicked {
                commands.push(TimeCommand::Mode(mode));
            }
        }
        Group::Lanes => {
            let button = picker_ui(ui, cx, &cx.t("timeline-lanes-label"), &lanes_words(cx, view.lanes));
            Popup::menu(&button).show(|ui| {
                ui.set_width(132.0);
                for mode in LaneMode::ALL {
                    if menu_row_ui(ui, cx, &lanes_words(cx, mode), mode == view.lanes) {
                        commands.push(TimeCommand::Lanes(mode));
                    }
                }
            });
            button.on_hover_text(cx.t("timeline-lanes-label.hint"));
        }
        Group::Gaps => {
            let name = cx.t("timeline-gaps");
            let icon = icons::ARROWS_IN_LINE_HORIZONTAL;
            if icon_button_with(ui, theme, icon, &name, 26.0, view.collapse_gaps, true).clicked() {
                commands.push(TimeCommand::ToggleGaps);
            }
        }
        Group::Zoom => {
            let mut buttons = [
                (icons::MAGNIFYING_GLASS_MINUS, "timeline-zoom-out", 1.0 / ZOOM),
                (icons::MAGNIFYING_GLASS_PLUS, "timeline-zoom-in", ZOOM),
            ];
            // The end group is laid out from the end.
            buttons.reverse();
            for (icon, key, factor) in buttons {
                if icon_button_with(ui, theme, icon, &cx.t(key), 26.0, false, true).clicked() {
                    commands.push(TimeCommand::Zoom(factor));
                }
            }
        }
        Group::Fit => {
            let name = cx.t("timeline-fit");
            if icon_button_with(ui, theme, icons::ARROWS_OUT_LINE_HORIZONTAL, &name, 26.0, false, true)
                .clicked()
            {
                commands.push(TimeCommand::Show(None));
            }
        }
    }
}

/// By what factor the zoom buttons zoom.
const ZOOM: f64 = 1.6;

/// To the beginning, play or pause, to the end. The triangle does not mirror.
fn transport_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    let playing = cx.state.view.playback.playing;
    let (play_icon, play_key) =
        if playing { (icons::PAUSE, "timeline-pause") } else { (icons::PLAY, "timeline-play") };
    let buttons = [
        (icons::SKIP_BACK, "timeline-to-first", TimeCommand::ToFirst, false),
        (play_icon, play_key, TimeCommand::TogglePlay, true),
        (icons::SKIP_FORWARD, "timeline-to-last", TimeCommand::ToLast, false),
    ];
    let width = 3.0 * 28.0 + 4.0;
    let (whole, _) = ui.allocate_exact_size(vec2(width, 28.0), Sense::hover());
    for (i, (icon, key, command, primary)) in buttons.into_iter().enumerate() {
        let at = whole.min + vec2(i as f32 * 30.0, 0.0);
        let rect = Rect::from_min_size(at, Vec2::splat(28.0));
        let name = cx.t(key);
        let response = ui.interact(rect, ui.scope_id().with(("transport", i)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let (down, hovered) = (response.is_pointer_button_down_on(), response.hovered());
        let (fill, color) = match (primary, down, hovered) {
            (true, true, _) => (Theme::faded(theme.accent, 0.7), theme.on_accent),
            (true, _, true) => (Theme::faded(theme.accent, 0.85), theme.on_accent),
            (true, ..) => (theme.accent, theme.on_accent),
            (_, true, _) => (theme.active, theme.text_strong),
            (_, _, true) => (theme.hover, theme.text_strong),
            _ => (Color32::TRANSPARENT, theme.text_muted),
        };
        ui.painter().rect_filled(rect, 4.0, fill);
        let font = theme::icon_fill_font(16.0);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, font, color);
        focus_ring(ui, &response, theme);
        if response.clicked() {
            commands.push(command);
        }
        response.on_hover_text(name);
    }
}

/// The groups that do not fit, one under the other, in the room `above` the row.
fn more_ui(ui: &mut Ui, cx: &FrameCtx<'_>, kept: &[Group], above: f32, commands: &mut Commands) {
    let theme = cx.theme;
    let view = &cx.state.view;
    ui.set_width(208.0);
    egui::ScrollArea::vertical().max_height((above - 32.0).max(160.0)).show(ui, |ui| {
        let mut first = true;
        let mut section = |ui: &mut Ui, title: &str| {
            if !std::mem::take(&mut first) {
                ui.add_space(2.0);
                let y = ui.cursor().top();
                ui.painter().hline(ui.max_rect().x_range(), y, Stroke::new(1.0, theme.line_subtle));
                ui.add_space(4.0);
            }
            if !title.is_empty() {
                ui.add(words::Words::new(title, Style::new(TextKind::Caption, theme.text_muted)));
            }
        };
        for group in START.into_iter().chain(END).filter(|group| !kept.contains(group)) {
            match group {
                Group::Transport | Group::Window => {}
                Group::Repeat => {
                    section(ui, "");
                    if menu_row_ui(ui, cx, &cx.t("timeline-repeat"), view.playback.repeat) {
                        commands.push(TimeCommand::ToggleRepeat);
                    }
                }
                Group::Step => {
                    section(ui, &cx.t("timeline-step"));
                    for step in Step::ALL {
                        if menu_row_ui(ui, cx, &step_words(cx, step), step == view.playback.step) {
                            commands.push(TimeCommand::SetStep(step));
                        }
                    }
                }
                Group::Speed => {
                    section(ui, &cx.t("timeline-speed"));
                    for speed in Playback::SPEEDS {
                        if menu_row_ui(ui, cx, &speed_words(speed), speed == view.playback.speed) {
                            commands.push(TimeCommand::SetSpeed(speed));
                        }
                    }
                }
                Group::Mode => {
                    section(ui, &cx.t("timeline-mode"));
                    for (choice, mode) in mode_choices(cx).iter().zip(MODES) {
                        if menu_row_ui(ui, cx, &choice.text, choice.on) {
                            commands.push(TimeCommand::SetMode(mode));
                        }
                    }
                }
                Group::Presets => {
                    section(ui, &cx.t("timeline-presets"));
                    for (i, choice) in preset_choices(cx).iter().enumerate().filter(|(_, c)| c.enabled) {
                        if menu_row_ui(ui, cx, &choice.text, choice.on) {
                            commands.push(preset_command(i));
                        }
                    }
                }
                Group::Certainty => {
                    section(ui, &cx.t("timeline-certainty"));
                    for (choice, mode) in certainty_choices(cx).iter().zip(CERTAINTIES) {
                        if menu_row_ui(ui, cx, &choice.text, choice.on) {
                            commands.push(TimeCommand::Mode(mode));
                        }
                    }
                }
                Group::Lanes => {
                    section(ui, &cx.t("timeline-lanes-label"));
                    for mode in LaneMode::ALL {
                        if menu_row_ui(ui, cx, &lanes_words(cx, mode), mode == view.lanes) {
                            commands.push(TimeCommand::Lanes(mode));
                        }
                    }
                }
                Group::Gaps => {
                    section(ui, "");
                    if menu_row_ui(ui, cx, &cx.t("timeline-gaps"), view.collapse_gaps) {
                        commands.push(TimeCommand::ToggleGaps);
                    }
                }
                Group::Zoom => {
                    section(ui, "");
                    for (key, factor) in [("timeline-zoom-in", ZOOM), ("timeline-zoom-out", 1.0 / ZOOM)] {
                        if menu_row_ui(ui, cx, &cx.t(key), false) {
                            commands.push(TimeCommand::Zoom(factor));
                        }
                    }
                }
                Group::Fit => {
                    section(ui, "");
                    if menu_row_ui(ui, cx, &cx.t("timeline-fit"), false) {
                        commands.push(TimeCommand::Show(None));
                    }
                }
            }
        }
    });
}

/// `2022-08-01 / 2024-12-31`, the last day inclusive.
fn window_text(window: Interval) -> String {
    let text = |day: Option<jiff::civil::Date>| day.map_or("..".to_owned(), |day| day.to_string());
    format!("{} / {}", text(window.first_day()), text(window.last_day()))
}

fn error_words(cx: &FrameCtx<'_>, error: &DateError) -> String {
    match error {
        DateError::Empty => cx.t("timeline-date-empty"),
        DateError::Form(text) => cx.catalog.f("timeline-date-form", &[("text", text.as_str().into())]),
        DateError::NoSuchDay(text) => {
            cx.catalog.f("timeline-date-missing", &[("text", text.as_str().into())])
        }
        DateError::Backwards(text) => {
            cx.catalog.f("timeline-date-backwards", &[("text", text.as_str().into())])
        }
    }
}

/// The typed window: ISO 8601 or EDTF. Taken over with Enter; wrong text stays and says why.
fn window_field_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut ControlsUi, commands: &mut Commands) {
    let theme = cx.theme;
    let window = cx.state.view.filter.window;
    let shown = window.or(state.extent).map_or_else(String::new, window_text);
    let (rect, _) = ui.allocate_exact_size(vec2(FIELD, size::COMPACT), Sense::hover());
    let rtl = cx.rtl();
    let (field, button) = if rtl {
        let (button, field) = rect.split_left_right_at_x(rect.left() + 26.0);
        (field, button)
    } else {
        rect.split_left_right_at_x(rect.right() - 26.0)
    };
    let wrong = state.error.is_some();
    let id = ui.scope_id().with("window-field");
    let focused = ui.memory(|memory| memory.has_focus(id));
    let edge = match (wrong, focused) {
        (true, _) => Stroke::new(1.0, theme.error),
        (_, true) => Stroke::new(1.0, theme.accent),
        _ => Stroke::new(1.0, theme.line),
    };
    ui.painter().rect(rect, 4.0, theme.field, edge, StrokeKind::Inside);
    let mut text = state.typed.clone().unwrap_or_else(|| shown.clone());
    let color = if wrong {
        theme.error
    } else if window.is_none() && state.typed.is_none() && !focused {
        theme.text_muted
    } else {
        theme.text_strong
    };
    let name = cx.t("timeline-window");
    let edit = egui::TextEdit::singleline(&mut text)
        .id(id)
        .font(theme::font(TextKind::List))
        .text_color(color)
        .frame(egui::Frame::new().inner_margin(Margin::symmetric(9, 0)))
        .align(Align2::LEFT_CENTER)
        .desired_width(f32::INFINITY)
        .char_limit(80);
    // A child of its own: the row goes on after the button, not after the text.
    let mut child = ui.new_child(UiBuilder::new().max_rect(field).id_salt("window-edit"));
    let response = child.add_sized(field.size(), edit);
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(name.as_str()));
    if focused {
        let ring = Stroke::new(2.0, if wrong { theme.error } else { theme.focus });
        ui.painter().rect_stroke(rect.expand(1.0), 5.0, ring, StrokeKind::Outside);
    }
    if response.changed() {
        state.typed = Some(text.clone());
        state.error = None;
    }
    let (enter, escape) = ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
    if escape && (response.lost_focus() || focused) {
        (state.typed, state.error) = (None, None);
    } else if response.lost_focus()
        && let Some(typed) = state.typed.clone()
    {
        if typed.trim().is_empty() {
            (state.typed, state.error) = (None, None);
            if enter {
                commands.push(TimeCommand::Window(None));
            }
        } else if typed == shown {
            (state.typed, state.error) = (None, None);
        } else {
            match parse_edtf(&typed) {
                Ok(_) => {
                    (state.typed, state.error) = (None, None);
                    commands.push(TimeCommand::Typed(typed));
                }
                Err(error) => {
                    state.error = Some(error_words(cx, &error));
                    if enter {
                        response.request_focus();
                    }
                }
            }
        }
    }
    if let Some(error) = &state.error {
        if focused || response.hovered() {
            error_ui(ui, theme, rect, error);
        }
    } else if !focused {
        response.on_hover_text(cx.t("timeline-window.hint"));
    }
    calendar_button_ui(ui, cx, button, state, commands);
}

/// What is wrong, under the field.
fn error_ui(ui: &Ui, theme: &Theme, field: Rect, error: &str) {
    let area = egui::Area::new(ui.scope_id().with("window-error"))
        .order(egui::Order::Tooltip)
        .fixed_pos(field.left_bottom() + vec2(0.0, 4.0))
        .interactable(false)
        .constrain(true);
    area.show(ui.ctx(), |ui| {
        egui::Frame::new()
            .fill(theme.error_bg)
            .stroke(Stroke::new(1.0, theme.error))
            .corner_radius(4.0)
            .inner_margin(Margin::symmetric(8, 5))
            .show(ui, |ui| {
                ui.set_max_width(320.0);
                ui.add(words::Words::new(error, Style::new(TextKind::List, theme.text_strong)).wrap());
            });
    });
}

/// Opens a year of months to pick a window from.
fn calendar_button_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    state: &mut ControlsUi,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let response = ui.interact(rect, ui.scope_id().with("calendar"), Sense::click());
    let name = cx.t("timeline-calendar");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let hot = response.hovered() || Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    if hot {
        ui.painter().rect_filled(rect.shrink(2.0), 3.0, theme.hover);
    }
    let color = if hot { theme.text_strong } else { theme.text_muted };
    let font = theme::icon_font(15.0);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icons::CALENDAR_BLANK, font, color);
    focus_ring(ui, &response, theme);
    let popup = Popup::menu(&response).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| calendar_ui(ui, cx, state, commands));
    if response.clicked() {
        state.year = None;
    }
    response.on_hover_text(name);
}

fn calendar_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut ControlsUi, commands: &mut Commands) {
    let theme = cx.theme;
    let window = cx.state.view.filter.window;
    let about = window.or(state.extent);
    let about = about.and_then(|about| about.last_day().or_else(|| about.first_day()));
    let year = state.year.or(about.map(|day| day.year())).unwrap_or(2000);
    let mut next = year;
    ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
    let cell = vec2(62.0, 26.0);
    let width = 3.0 * cell.x + 8.0;
    ui.set_width(width);
    let button = |ui: &mut Ui, size: Vec2, text: &str, on: bool| {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let named = text.to_owned();
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &named));
        let fill = match (on, response.hovered()) {
            (true, _) => theme.selection,
            (_, true) => theme.hover,
            _ => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 4.0, fill);
        let style = Style::new(TextKind::List, if on { theme.text_strong } else { theme.text });
        words::paint_in(ui.painter(), rect, text, style, egui::Align::Center, Some(1));
        focus_ring(ui, &response, theme);
        response
    };
    let extend = ui.input(|input| input.modifiers.shift);
    let pick = |picked: Interval| {
        let base = window.filter(|w| extend && !w.open_start() && !w.open_end());
        TimeCommand::Window(Some(base.map_or(picked, |base| base.union(picked))))
    };
    let covers = |part: Interval| window.is_some_and(|window| part.within(window));
    let whole_year = |year: i16| {
        let first = jiff::civil::Date::new(year, 1, 1).unwrap_or_default();
        unit_window(Unit::Year, first)
    };
    ui.horizontal(|ui| {
        let earlier = cx.t("timeline-earlier-year");
        if icon_button_with(ui, theme, icons::CARET_LEFT, &earlier, 26.0, false, year > 1).clicked() {
            next = year - 1;
        }
        let picked = whole_year(year);
        if button(ui, vec2(width - 60.0, 26.0), &year.to_string(), covers(picked)).clicked() {
            commands.push(pick(picked));
        }
        let later = cx.t("timeline-later-year");
        if icon_button_with(ui, theme, icons::CARET_RIGHT, &later, 26.0, false, year < 9999).clicked() {
            next = year + 1;
        }
    });
    for row in 0..4 {
        ui.horizontal(|ui| {
            for column in 0..3 {
                let month = row * 3 + column + 1;
                let Ok(first) = jiff::civil::Date::new(year, month, 1) else { continue };
                let picked = unit_window(Unit::Month, first);
                let text = month_name(month, cx.lang(), DateStyle::Short);
                if button(ui, cell, text, covers(picked)).clicked() {
                    commands.push(pick(picked));
                }
            }
        });
    }
    let hint = cx.t("timeline-calendar.hint");
    ui.add(words::Words::new(&hint, Style::new(TextKind::Caption, theme.text_muted)).wrap());
    if next != year || state.year.is_none() {
        state.year = Some(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_leave_from_the_least_important_and_nothing_is_cut() {
        let width = |_: Group| 80.0;
        assert_eq!(fitting(12.0 * 88.0, width, 26.0).len(), 12);
        let kept = fitting(9.0 * 88.0, width, 26.0);
        assert!(!kept.contains(&Group::Speed) && kept.contains(&Group::Transport));
        for room in (200..1100).step_by(10) {
            let kept = fitting(room as f32, width, 26.0);
            let used = kept.len() as f32 * 88.0 + if kept.len() < 12 { 26.0 + GAP } else { 0.0 };
            assert!(used <= room as f32 || kept == [Group::Transport, Group::Window]);
        }
    }

    #[test]
    fn the_field_names_the_last_day() {
        let when = parse_edtf("2022-08-01 / 2024-12-31").expect("dates");
        assert_eq!(window_text(when.interval), "2022-08-01 / 2024-12-31");
        let open = parse_edtf("../2024").expect("dates");
        assert_eq!(window_text(open.interval), ".. / 2024-12-31");
        assert_eq!(parse_edtf(&window_text(open.interval)).expect("again").interval, open.interval);
    }
}
