//! The search field of the bar, and the field that it shares with the palette.

use egui::{Id, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::parts::{self, Strip};
use crate::state::{Commands, FilterCommand, Task, TextCommand};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, Theme, icons};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{TextField, TextFieldColors, TextFieldOutput, controls};

/// How a field of the frame looks.
#[derive(Clone, Copy, Debug)]
pub struct FieldLook<'a> {
    pub id: Id,
    pub placeholder: &'a str,
    /// What assistive technology calls the field.
    pub name: &'a str,
    pub kind: TextKind,
    pub height: f32,
    /// Room kept free at the reading start and end.
    pub padding: (f32, f32),
    pub framed: bool,
}

/// A one-line field as wide as the room.
pub fn text_field(ui: &mut Ui, theme: &Theme, look: FieldLook<'_>, text: &mut String) -> TextFieldOutput {
    let colors = TextFieldColors {
        text: theme.text_strong,
        placeholder: theme.text_muted,
        fill: theme.field,
        edge: theme.line,
        focus: theme.focus,
        selection: theme.selection,
        caret: theme.accent,
    };
    let field = TextField::new(text, colors)
        .id(look.id)
        .placeholder(look.placeholder)
        .name(look.name)
        .size(Style::new(look.kind, theme.text_strong).font())
        .height(look.height)
        .padding(look.padding.0, look.padding.1);
    if look.framed { field.show(ui) } else { field.frameless().show(ui) }
}

/// State of the search field.
#[derive(Default)]
pub struct SearchField {
    /// What stands in the field; runs ahead of the filter by the frame that a command takes.
    text: String,
    /// The filter's text when it was last looked at.
    seen: String,
    /// The last wish for focus that was followed.
    focus_serial: u64,
    /// Events and hits found, with the generation they were counted for.
    counts: Option<(u64, [usize; 2])>,
}

impl SearchField {
    /// Takes over a filter text that came from elsewhere.
    fn follow(&mut self, filter_text: &str) {
        if self.seen != filter_text {
            filter_text.clone_into(&mut self.seen);
            filter_text.clone_into(&mut self.text);
        }
    }

    fn counts(&mut self, cx: &FrameCtx<'_>) -> [usize; 2] {
        // Of the whole case, whatever the window.
        let generation = cx.derived.base_generation;
        match self.counts {
            Some((counted, counts)) if counted == generation => counts,
            _ => {
                let counts = count(cx);
                self.counts = Some((generation, counts));
                counts
            }
        }
    }
}

/// Events found, and hits in the texts as they are shown.
fn count(cx: &FrameCtx<'_>) -> [usize; 2] {
    let found = &cx.derived.found;
    let documents = cx.store().map_or(0, |store| store.documents.len());
    let hits = (0..documents).map(crate::model::DocumentId::from_index).filter_map(|document| {
        let form = cx.state.shown_form(document)?;
        Some(found.hits(document, form).len())
    });
    [found.num_events(), hits.sum()]
}

/// The search field in its place.
pub fn search_ui(
    ui: &mut Ui,
    rect: Rect,
    cx: &FrameCtx<'_>,
    state: &mut SearchField,
    commands: &mut Commands,
) {
    if cx.store().is_none() {
        closed_ui(ui, rect, cx);
        return;
    }
    state.follow(&cx.state.view.filter.text);
    let id = Id::unique("search-field");
    let serial = cx.state.view.focus_search;
    if serial > state.focus_serial {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    state.focus_serial = serial;

    let theme = cx.theme;
    let painter = ui.painter().clone();
    let is_empty = state.text.is_empty();
    // Blanks alone search for nothing.
    let is_blank = state.text.trim().is_empty();
    let hits = match preparing(cx) {
        _ if is_blank => String::new(),
        Some(preparing) => preparing,
        // What was found is that of an earlier text.
        None if cx.derived.is_pending(cx.state) => cx.t("search-running"),
        None => hits_text(cx, state.counts(cx)),
    };
    let hits_style = Style::new(TextKind::Caption, theme.text_muted);
    // The count gives way to the typed text where the field is narrow.
    let hits_width = words::measure(&painter, &hits, hits_style).x.ceil();
    let hits_width = if is_blank || hits_width > rect.width() * 0.5 { 0.0 } else { hits_width + 8.0 };
    let at_end = if is_empty { 60.0 } else { hits_width + 28.0 };
    let (placeholder, name) = (cx.t("search-placeholder"), cx.t("search-name"));
    let look = FieldLook {
        id,
        placeholder: &placeholder,
        name: &name,
        kind: TextKind::List,
        height: rect.height(),
        padding: (30.0, at_end),
        framed: true,
    };
    let output =
        parts::inside(ui, rect, egui::Layout::default(), |ui| text_field(ui, theme, look, &mut state.text));
    if output.changed {
        let is_blank = state.text.trim().is_empty();
        commands.push(FilterCommand::Text(if is_blank { String::new() } else { state.text.clone() }));
    }
    if output.submitted {
        let back = ui.input(|input| input.modifiers.shift);
        commands.push(if back { TextCommand::PreviousHit } else { TextCommand::NextHit });
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    if output.cancelled && !state.text.is_empty() {
        state.text.clear();
        commands.push(FilterCommand::Text(String::new()));
    }

    let mut strip = Strip::new(rect.shrink2(vec2(9.0, 0.0)), cx.rtl());
    let glass = strip.start(14.0);
    parts::icon(&painter, glass.center(), icons::MAGNIFYING_GLASS, 14.0, theme.text_muted);
    if is_empty {
        if let Some(keys) = crate::state::actions::action("find").and_then(|find| find.shortcut) {
            parts::key_end(&painter, theme, &mut strip, &parts::shortcut_parts(cx.catalog, keys));
        }
        return;
    }
    let cross = strip.end(18.0);
    let clears = parts::inside(
        ui,
        Rect::from_center_size(cross.center(), parts::square(22.0)),
        egui::Layout::default(),
        |ui| controls::icon_button(ui, theme, icons::X, &cx.t("search-clear"), 22.0).clicked(),
    );
    if clears {
        state.text.clear();
        commands.push(FilterCommand::Text(String::new()));
    }
    if hits_width > 0.0 {
        strip.end(4.0);
        let align = parts::end_align(cx.rtl());
        words::paint_in(&painter, strip.end(hits_width), &hits, hits_style, align, Some(1));
    }
}

/// How far the making of the search is, while it goes on.
fn preparing(cx: &FrameCtx<'_>) -> Option<String> {
    let task = cx.state.tasks.iter().find(|task| task.message == Task::PREPARING_SEARCH)?;
    let percent = (task.share().unwrap_or(0.0) * 100.0).floor() as usize;
    Some(cx.catalog.f("search-preparing", &[("n", percent.into())]))
}

fn hits_text(cx: &FrameCtx<'_>, [events, hits]: [usize; 2]) -> String {
    let is_flat = cx.store().is_some_and(|store| !store.tables.is_empty());
    if events == 0 && hits == 0 {
        cx.t("search-nothing")
    } else if hits == 0 && is_flat {
        cx.catalog.f("events", &[("n", events.into())])
    } else {
        cx.catalog.f("search-hits", &[("events", events.into()), ("hits", hits.into())])
    }
}

/// What stands in the field's place while there is nothing to search.
fn closed_ui(ui: &mut Ui, rect: Rect, cx: &FrameCtx<'_>) {
    let theme = cx.theme;
    let response = ui.allocate_rect(rect, Sense::hover());
    let text = cx.t("search-closed");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, false, &text));
    let painter = ui.painter();
    painter.rect(rect, 4.0, theme.field, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut strip = Strip::new(rect.shrink2(vec2(9.0, 0.0)), cx.rtl());
    let glass = strip.start(14.0);
    parts::icon(painter, glass.center(), icons::MAGNIFYING_GLASS, 14.0, theme.text_muted);
    strip.start(7.0);
    if let Some(keys) = crate::state::actions::action("find").and_then(|find| find.shortcut) {
        parts::key_end(painter, theme, &mut strip, &parts::shortcut_parts(cx.catalog, keys));
    }
    let style = Style::new(TextKind::List, theme.text_muted);
    words::paint_in(painter, strip.rest(), &text, style, parts::start_align(cx.rtl()), Some(1));
}

/// Where a field of a width goes in the middle of some room.
pub fn centered(room: Rect, width: f32, height: f32) -> Rect {
    let min = pos2((room.center().x - width / 2.0).round(), (room.center().y - height / 2.0).round());
    Rect::from_min_size(min, vec2(width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_follows_the_filter_but_keeps_what_is_typed() {
        let mut field = SearchField::default();
        field.follow("Gao");
        assert_eq!(field.text, "Gao");
        // Typed in this frame; the filter has not taken it in yet.
        field.text.push('s');
        field.follow("Gao");
        assert_eq!(field.text, "Gaos");
        field.follow("Gaos");
        assert_eq!(field.text, "Gaos");
        field.follow("");
        assert_eq!(field.text, "");
    }
}
