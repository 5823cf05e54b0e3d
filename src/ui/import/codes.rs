//! How the codes of a known format are read: the program's tables, to be looked up.

use std::sync::Arc;

use egui::{Rect, Sense, Stroke, StrokeKind, Ui, vec2};

use super::settings::dialect_name;
use crate::model::import::{CodeGroup, CodeKind, CodeMeaning, Dialect};
use crate::state::{Commands, ImportCommand};
use crate::ui::theme::{self, TextKind, icons};
use crate::ui::widgets::rows::{Strip, start_align, tip};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{LongList, LongListLayout};
use crate::ui::{FrameCtx, format, shapes};

const ROW: f32 = 25.0;
const CODE: f32 = 180.0;

/// State of the table.
#[derive(Default)]
pub struct CodesUi {
    list: LongList,
    /// The dialect that was asked for.
    asked: Option<Option<Dialect>>,
}

/// A line of the table.
enum Line<'a> {
    Head(CodeKind),
    Code(&'a (String, String, CodeMeaning)),
}

pub fn codes_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    rect: Rect,
    state: &mut CodesUi,
    dialect: Option<Dialect>,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    ui.painter().rect(rect, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let Some(groups) = cx.state.imports.codes.get(&dialect).map(Arc::clone) else {
        if state.asked != Some(dialect) {
            state.asked = Some(dialect);
            commands.push(ImportCommand::Codes(dialect));
        }
        return;
    };
    let num_rows: usize = groups.iter().map(|group| group.rows.len() + 1).sum();
    if num_rows == 0 {
        let text = cx.catalog.f("import-codes-none", &[("format", dialect_name(cx, dialect).into())]);
        let style = Style::new(TextKind::List, theme.text_muted);
        words::paint_in(ui.painter(), rect, &text, style, egui::Align::Center, Some(1));
        return;
    }
    let inner = rect.shrink(1.0);
    let layout = LongListLayout { rect: inner, row_height: ROW, num_rows, reveal: None };
    state.list.show(ui, "codes", layout, |ui, at| {
        match line_at(&groups, at) {
            Some(Line::Head(kind)) => head_ui(ui, cx, kind),
            Some(Line::Code(row)) => code_ui(ui, cx, row),
            None => {}
        };
    });
}

fn line_at(groups: &[CodeGroup], at: usize) -> Option<Line<'_>> {
    let mut rest = at;
    for group in groups {
        if rest == 0 {
            return Some(Line::Head(group.kind));
        }
        rest -= 1;
        if let Some(row) = group.rows.get(rest) {
            return Some(Line::Code(row));
        }
        rest -= group.rows.len();
    }
    None
}

fn head_ui(ui: &Ui, cx: &FrameCtx<'_>, kind: CodeKind) {
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0.0, cx.theme.header);
    let key = match kind {
        CodeKind::EventType => "import-codes-types",
        CodeKind::DatePrecision => "import-codes-dates",
        CodeKind::GeoPrecision => "import-codes-places",
    };
    let style = Style::strong(TextKind::List, cx.theme.text_strong);
    let room = rect.shrink2(vec2(12.0, 0.0));
    words::paint_in(ui.painter(), room, &cx.t(key), style, start_align(cx.rtl()), Some(1));
}

fn code_ui(ui: &Ui, cx: &FrameCtx<'_>, (code, text, meaning): &(String, String, CodeMeaning)) {
    let theme = cx.theme;
    let rect = ui.max_rect();
    let name = match *meaning {
        CodeMeaning::EventType(kind) => format::event_type(cx.catalog, kind),
        CodeMeaning::DatePrecision(precision) => format::date_precision(cx.catalog, precision),
        CodeMeaning::GeoPrecision(precision) => format::geo_precision(cx.catalog, precision),
    };
    let response = ui.interact(rect, ui.scope_id().with("code"), Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Row, true, format!("{code} {text}: {name}")));
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let align = start_align(cx.rtl());
    let mut strip = Strip::new(rect.shrink2(vec2(12.0, 0.0)), cx.rtl());
    let strong = Style::strong(TextKind::List, theme.text_strong);
    let mut end = Strip::new(strip.end(230.0), cx.rtl());
    strip.end(12.0);
    // A code that is its own text has the room of both.
    let room = if text.is_empty() { strip.rest().width() } else { CODE };
    words::paint_in(ui.painter(), strip.start(room), code, strong, align, Some(1));
    strip.start(8.0);
    let mark = end.start(18.0).center();
    match *meaning {
        CodeMeaning::EventType(kind) => {
            let (color, edge) = (theme.event_type(kind), theme.symbol_edge);
            shapes::paint(ui.painter(), kind, mark, 5.0, shapes::Fill::Solid, color, edge);
        }
        CodeMeaning::DatePrecision(_) | CodeMeaning::GeoPrecision(_) => {
            let font = theme::icon_font(12.0);
            ui.painter().text(mark, egui::Align2::CENTER_CENTER, icons::ARROW_RIGHT, font, theme.text_muted);
        }
    }
    end.start(6.0);
    let style = Style::new(TextKind::List, theme.text);
    words::paint_in(ui.painter(), end.rest(), &name, style, align, Some(1));
    let muted = Style::new(TextKind::List, theme.text_muted);
    let room = strip.rest();
    let drawn = words::paint_in(ui.painter(), room, text, muted, align, Some(1));
    if drawn.width() + 1.0 >= room.width() {
        tip(response, theme, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EventType;

    #[test]
    fn lines_are_heads_and_codes_in_turn() {
        let row = |code: &str| (code.to_owned(), String::new(), CodeMeaning::EventType(EventType::Riots));
        let groups = [
            CodeGroup { kind: CodeKind::EventType, rows: vec![row("a"), row("b")] },
            CodeGroup { kind: CodeKind::DatePrecision, rows: Vec::new() },
            CodeGroup { kind: CodeKind::GeoPrecision, rows: vec![row("c")] },
        ];
        let said: Vec<String> = (0..7)
            .map(|at| match line_at(&groups, at) {
                Some(Line::Head(kind)) => format!("{kind:?}"),
                Some(Line::Code((code, ..))) => code.clone(),
                None => "-".to_owned(),
            })
            .collect();
        assert_eq!(said, ["EventType", "a", "b", "DatePrecision", "GeoPrecision", "c", "-"]);
    }
}
