//! Menus that hang from buttons of the bar.

use egui::{Align2, Popup, PopupCloseBehavior, RectAlign, Response, Sense, Stroke, Ui, vec2};

use super::find;
use super::parts::{self, Strip};
use crate::state::settings::{BasemapChoice, ThemeChoice};
use crate::state::{
    Action, AppState, Command, Commands, MapCommand, Menu, TimeCommand, ViewCommand, actions,
};
use crate::ui::FrameCtx;
use crate::ui::theme::{self, TextKind, Theme, icons};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

const ROW: f32 = 26.0;
/// Room for the tick before the text.
const TICK: f32 = 24.0;
const PAD: f32 = 8.0;

/// Whether a choice or toggle is on; `None` for actions that are neither.
pub fn is_on(action: &Action, state: &AppState) -> Option<bool> {
    let (view, settings) = (&state.view, &state.settings);
    Some(match &action.command {
        Command::View(ViewCommand::ToggleStart) => view.show_start,
        Command::View(ViewCommand::ToggleEnd) => view.show_end,
        Command::View(ViewCommand::ToggleTimeline) => view.show_timeline,
        Command::View(ViewCommand::ToggleLegend) => view.show_legend,
        Command::View(ViewCommand::FullScreen) => view.full_screen,
        Command::View(ViewCommand::ToggleTaMarbuta) => settings.fold_ta_marbuta,
        Command::View(ViewCommand::ToggleReducedMotion) => settings.reduced_motion,
        Command::View(ViewCommand::Theme(theme)) => settings.theme == *theme,
        Command::View(ViewCommand::LabelLang(lang)) => settings.label_lang == *lang,
        Command::View(ViewCommand::Lang(lang)) => settings.lang == *lang,
        Command::Map(MapCommand::Basemap(choice)) => settings.basemap == *choice,
        Command::Map(MapCommand::OpenPmTiles) => matches!(settings.basemap, BasemapChoice::PmTiles(_)),
        Command::Time(TimeCommand::ToggleRepeat) => view.playback.repeat,
        Command::Time(TimeCommand::ToggleGaps) => view.collapse_gaps,
        Command::Time(TimeCommand::Mode(mode)) => view.filter.window_mode == *mode,
        Command::Time(TimeCommand::SetStep(step)) => view.playback.step == *step,
        Command::Time(TimeCommand::Lanes(lanes)) => view.lanes == *lanes,
        Command::Time(TimeCommand::Window(None)) => view.filter.window.is_none(),
        _ => return None,
    })
}

/// Why an action cannot be done now.
pub fn reason(cx: &FrameCtx<'_>, action: &Action) -> Option<String> {
    (!action.enabled(cx.state)).then(|| cx.t(find::needs_key(action)))
}

/// Whether the window is dark now, as the choice says.
pub fn shows_sun(theme: &Theme, choice: ThemeChoice) -> bool {
    match choice {
        ThemeChoice::Dark => true,
        ThemeChoice::Light => false,
        ThemeChoice::System => theme.dark,
    }
}

/// A word in the bar that opens a menu.
pub fn menu_button(ui: &mut Ui, theme: &Theme, text: &str, open: bool) -> Response {
    let style = Style::new(TextKind::Body, theme.text);
    let width = words::measure(ui.painter(), text, style).x.floor() + 20.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::size::CONTROL), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, text));
    let lit = open || response.is_pointer_button_down_on();
    let (fill, color) = match (lit, response.hovered()) {
        (true, _) => (theme.active, theme.text_strong),
        (_, true) => (theme.hover, theme.text_strong),
        _ => (egui::Color32::TRANSPARENT, theme.text),
    };
    ui.painter().rect_filled(rect, 4.0, fill);
    words::paint_in(ui.painter(), rect, text, Style { color, ..style }, egui::Align::Center, Some(1));
    controls::focus_ring(ui, &response, theme);
    response
}

/// Opens a menu below a button. While a menu of the bar is open, pointing at another opens that one.
pub fn hang(
    response: &Response,
    cx: &FrameCtx<'_>,
    siblings: &[egui::Id],
    at_end: bool,
    width: f32,
    add: impl FnOnce(&mut Ui),
) {
    let ctx = &response.ctx;
    let id = Popup::default_response_id(response);
    let other_open = siblings.iter().any(|other| *other != id && Popup::is_id_open(ctx, *other));
    if other_open && response.hovered() && !response.clicked() {
        Popup::open_id(ctx, id);
    }
    let align = if at_end != cx.rtl() { RectAlign::BOTTOM_END } else { RectAlign::BOTTOM_START };
    let height = ctx.content_rect().height() - theme::size::BAR - 32.0;
    Popup::menu(response)
        .align(align)
        .gap(3.0)
        .width(width)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name(cx.t("menu"))
        .show(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            parts::scroll_ui(ui, height, add);
        });
}

/// What a row of a menu says.
pub struct Row<'a> {
    pub text: &'a str,
    pub keys: Vec<parts::KeyPart>,
    /// Ticked or not; `None` for rows that are no choice.
    pub on: Option<bool>,
    /// Why it cannot be chosen now.
    pub reason: Option<String>,
    pub hint: Option<String>,
    /// Whether the menu stays open.
    pub stays: bool,
}

impl<'a> Row<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, keys: Vec::new(), on: None, reason: None, hint: None, stays: false }
    }

    pub fn on(mut self, on: bool) -> Self {
        self.on = Some(on);
        self
    }

    pub fn reason(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }

    /// Choosing it leaves the menu open: another choice depends on it.
    pub fn stays(mut self) -> Self {
        self.stays = true;
        self
    }

    /// Paints the row; true if it was chosen, which closes the menu unless it stays.
    pub fn show(self, ui: &mut Ui, cx: &FrameCtx<'_>) -> bool {
        let theme = cx.theme;
        let enabled = self.reason.is_none();
        let sense = if enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
        let role = if self.on.is_some() { egui::Role::MenuItemCheckBox } else { egui::Role::MenuItem };
        response.widget_info(|| match self.on {
            Some(on) => egui::WidgetInfo::selected(role, enabled, on, self.text),
            None => egui::WidgetInfo::labeled(role, enabled, self.text),
        });
        let lit = enabled && (response.hovered() || response.has_focus());
        if lit {
            ui.painter().rect_filled(rect, 4.0, theme.active);
        }
        let color = match (enabled, lit) {
            (false, _) => theme.disabled,
            (_, true) => theme.text_strong,
            _ => theme.text,
        };
        let mut strip = Strip::new(rect.shrink2(vec2(PAD, 0.0)), cx.rtl());
        let tick = strip.start(TICK - 4.0);
        if self.on == Some(true) {
            let font = theme::icon_bold_font(12.0);
            let at = egui::pos2(tick.left() + 6.0, tick.center().y);
            let at = if cx.rtl() { egui::pos2(tick.right() - 6.0, at.y) } else { at };
            ui.painter().text(at, Align2::CENTER_CENTER, icons::CHECK, font, theme.accent);
        }
        if !self.keys.is_empty() {
            parts::key_end(ui.painter(), theme, &mut strip, &self.keys);
            strip.end(12.0);
        }
        let align = parts::start_align(cx.rtl());
        words::paint_in(
            ui.painter(),
            strip.rest(),
            self.text,
            Style::new(TextKind::Body, color),
            align,
            Some(1),
        );
        let chosen = response.clicked();
        if chosen && !self.stays {
            ui.close();
        }
        if let Some(said) = self.reason.or(self.hint) {
            response.on_hover_text(said);
        }
        chosen
    }
}

/// A heading in a menu.
pub fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    let align = parts::start_align(cx.rtl());
    words::paint_in(ui.painter(), rect.shrink2(vec2(PAD, 0.0)), text, style, align, Some(1));
}

/// A line between groups of a menu.
pub fn line_ui(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0), Sense::hover());
    let y = rect.center().y.round() + 0.5;
    ui.painter().hline(rect.x_range(), y, Stroke::new(1.0, theme.line));
}

/// The rows of one menu of the action table.
pub fn actions_ui(ui: &mut Ui, cx: &FrameCtx<'_>, menu: Menu, commands: &mut Commands) {
    let mut group = None;
    for action in actions().iter().filter(|action| action.menu == menu) {
        if group.is_some_and(|before| before != action.group) {
            line_ui(ui, cx.theme);
        }
        group = Some(action.group);
        let key = format!("action-{}", action.name);
        let text = cx.t(&key);
        let row = Row {
            text: &text,
            keys: action.shortcut.map_or_else(Vec::new, |keys| parts::shortcut_parts(cx.catalog, keys)),
            on: is_on(action, cx.state),
            reason: reason(cx, action),
            hint: cx.catalog.get(&format!("{key}.hint")),
            stays: false,
        };
        if row.show(ui, cx) {
            commands.push(action.command.clone());
        }
    }
}

/// Width that the rows of a menu of the action table need.
pub fn actions_width(ui: &Ui, cx: &FrameCtx<'_>, menu: Menu) -> f32 {
    let painter = ui.painter();
    let widest = actions().iter().filter(|action| action.menu == menu).map(|action| {
        let text = cx.t(&format!("action-{}", action.name));
        let text = words::measure(painter, &text, Style::new(TextKind::Body, cx.theme.text)).x;
        let keys = action.shortcut.map_or(0.0, |keys| {
            let name = parts::shortcut_name(cx.catalog, keys);
            words::measure(painter, &name, Style::new(TextKind::Caption, cx.theme.text)).x + 36.0
        });
        text + keys
    });
    (widest.fold(160.0, f32::max) + TICK + 2.0 * PAD + 8.0).ceil()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn exactly_one_of_each_choice_is_on() {
        let state = AppState::default();
        let on = |prefix: &str| {
            actions()
                .iter()
                .filter(|a| a.name.starts_with(prefix) && is_on(a, &state) == Some(true))
                .map(|a| a.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(on("theme-"), ["theme-dark"]);
        assert_eq!(on("lanes-"), ["lanes-type"]);
        assert_eq!(on("basemap-"), ["basemap-offline"]);
        assert_eq!(on("labels-"), ["labels-en"]);
        assert_eq!(on("step-"), ["step-week"]);
        let mut state = AppState::default();
        state.settings.label_lang = Lang::Ar;
        let arabic = crate::state::actions::action("labels-ar").and_then(|a| is_on(a, &state));
        assert_eq!(arabic, Some(true));
    }
}
