//! Messages at the lower right of the map: what happened, then numbers, then one action.

use egui::{Area, Color32, Id, Order, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::parts::{self, Strip};
use super::progress::progress_ui;
use crate::lang::Catalog;
use crate::state::{
    Command, Commands, Dialog, FilterCommand, ImportCommand, Notice, NoticeAction, NoticeKind, ViewCommand,
};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::raw::quoted;
use crate::ui::widgets::words::{self, Style};

/// Room kept below for the map's scale and attribution.
const BELOW: f32 = 44.0;
const PAD: f32 = 8.0;
const MAX_DETAIL_LINES: usize = 8;

/// Title and detail of a notice in words.
pub fn texts(catalog: &Catalog, notice: &Notice) -> (String, String) {
    let key = format!("notice-{}", notice.title);
    let detail = notice.detail.as_str();
    match notice.title.as_str() {
        "problems" => {
            let n: usize = detail.parse().unwrap_or(0);
            (catalog.f(&key, &[("n", n.into())]), catalog.t("notice-problems-detail"))
        }
        "attached" => {
            let numbers = detail
                .split_once('/')
                .and_then(|(n, total)| Some((n.parse::<usize>().ok()?, total.parse::<usize>().ok()?)));
            let Some((n, total)) = numbers else { return (catalog.t(&key), detail.to_owned()) };
            let title = if n == 0 { catalog.t("notice-attached-none") } else { catalog.t(&key) };
            (title, catalog.f("originals-some", &[("n", n.into()), ("total", total.into())]))
        }
        "exported" => {
            let (file, losses) = detail.split_once('\n').unwrap_or((detail, ""));
            let (rows, path) = file.split_once(" · ").unwrap_or(("", file));
            let (name, folder) = parts::split_path(path);
            let title = catalog.f(&key, &[("name", name.into())]);
            let detail = match rows.parse::<usize>() {
                Ok(rows) => {
                    catalog.f("notice-exported-detail", &[("n", rows.into()), ("folder", folder.into())])
                }
                Err(_) => folder.to_owned(),
            };
            if losses.is_empty() {
                return (title, detail);
            }
            let losses = losses.replace('\n', &catalog.t("notice-losses-join"));
            (title, catalog.f("notice-losses", &[("detail", detail.into()), ("losses", losses.into())]))
        }
        "read-as" => read_as(catalog, detail).unwrap_or_else(|| (catalog.t(&key), detail.to_owned())),
        title => (catalog.get(&key).unwrap_or_else(|| title.to_owned()), detail.to_owned()),
    }
}

/// `Read as ACLED export`, and how many events, gaps and rows that are left out.
fn read_as(catalog: &Catalog, detail: &str) -> Option<(String, String)> {
    let mut parts = detail.splitn(5, '/');
    let code = parts.next()?;
    let mut number = || parts.next()?.parse::<usize>().ok();
    let (events, gaps, left_out) = (number()?, number()?, number()?);
    let file = quoted(parts.next().unwrap_or_default()).into_owned();
    let named = |kind: &str| catalog.get(&format!("import-{kind}-{code}"));
    let format = named("dialect").or_else(|| named("format")).unwrap_or_else(|| code.to_owned());
    let args = [
        ("events", events.into()),
        ("gaps", gaps.into()),
        ("left_out", left_out.into()),
        ("file", file.into()),
    ];
    let title = catalog.f("notice-read-as", &[("format", format.into())]);
    Some((title, catalog.f("notice-read-as-detail", &args)))
}

pub fn notices_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let map = ui.max_rect();
    let width = size::TOAST.min(map.width() - 24.0);
    if width < 160.0 {
        return;
    }
    let mut bottom = progress_ui(ui, cx, map, map.bottom() - BELOW, commands);
    for notice in cx.state.notices.iter().rev() {
        let layout = CardLayout::new(ui, cx, notice, width);
        let top = (bottom - layout.height).round();
        if top < map.top() + 8.0 {
            break;
        }
        let min = pos2((map.right() - 12.0 - width).round(), top);
        Area::new(Id::unique(("notice", notice.id)))
            .order(Order::Middle)
            .fixed_pos(min)
            .movable(false)
            .constrain(false)
            .show(ui.ctx(), |ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(width, layout.height), Sense::click());
                card_ui(ui, rect, cx, notice, &layout, commands);
            });
        bottom = top - 8.0;
    }
}

struct CardLayout {
    title: String,
    detail: String,
    /// Names of what can be done, with their widths.
    actions: Vec<(String, f32)>,
    text_width: f32,
    title_height: f32,
    detail_height: f32,
    height: f32,
}

impl CardLayout {
    fn new(ui: &Ui, cx: &FrameCtx<'_>, notice: &Notice, width: f32) -> Self {
        let (title, detail) = texts(cx.catalog, notice);
        let painter = ui.painter();
        let style = Style::strong(TextKind::List, cx.theme.accent);
        let named = |(key, _): (&str, Command)| {
            let name = cx.t(key);
            let width = words::measure(painter, &name, style).x.ceil();
            (name, width)
        };
        let actions: Vec<(String, f32)> =
            notice.action.map_or_else(Vec::new, commands_of).into_iter().map(named).collect();
        let actions_width: f32 = actions.iter().map(|(_, width)| width + 11.0).sum();
        let text_width = width - 37.0 - 34.0 - actions_width;
        let height = |text: &str, kind, lines| {
            if text.is_empty() {
                return 0.0;
            }
            words::measure_in(painter, text, Style::new(kind, cx.theme.text), text_width, Some(lines))
                .y
                .ceil()
        };
        let title_height = height(&title, TextKind::Body, 2);
        let detail_height = height(&detail, TextKind::List, MAX_DETAIL_LINES);
        let height = (title_height + detail_height + 2.0 * PAD).max(44.0);
        Self { title, detail, actions, text_width, title_height, detail_height, height }
    }
}

/// Icon and colour of a kind of notice.
fn look(cx: &FrameCtx<'_>, kind: NoticeKind) -> (&'static str, Color32) {
    let theme = cx.theme;
    match kind {
        NoticeKind::Info => (icons::INFO, theme.text_muted),
        NoticeKind::Success => (icons::CHECK_CIRCLE, theme.ok),
        NoticeKind::Warning => (icons::WARNING, theme.warning),
        NoticeKind::Error => (icons::WARNING_CIRCLE, theme.error),
    }
}

fn card_ui(
    ui: &mut Ui,
    rect: Rect,
    cx: &FrameCtx<'_>,
    notice: &Notice,
    layout: &CardLayout,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let painter = ui.painter().clone();
    painter.add(theme.card_shadow().as_shape(rect, 6.0));
    painter.rect(rect, 6.0, theme.overlay, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let (icon, color) = look(cx, notice.kind);
    let rtl = cx.rtl();
    let mut strip = Strip::new(rect, rtl);
    let place = strip.start(37.0);
    parts::icon(&painter, place.center(), icon, 16.0, color);
    strip.end(6.0);
    let cross = Rect::from_center_size(strip.end(22.0).center(), parts::square(22.0));
    let dismiss = cx.t("notice-dismiss");
    let dismissed = parts::inside(ui, cross, egui::Layout::default(), |ui| {
        controls::icon_button(ui, theme, icons::X, &dismiss, 22.0).clicked()
    });
    if dismissed {
        commands.push(ViewCommand::DismissNotice(notice.id));
    }
    let done = notice.action.map_or_else(Vec::new, commands_of);
    for ((key, command), (name, width)) in done.into_iter().zip(&layout.actions).rev() {
        strip.end(5.0);
        let piece = strip.end(*width);
        strip.end(6.0);
        let response = ui.interact(
            Rect::from_center_size(piece.center(), vec2(piece.width() + 8.0, 26.0)),
            ui.scope_id().with(("action", key)),
            Sense::click(),
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
        let style = Style::strong(TextKind::List, theme.accent);
        let drawn = words::paint_in(&painter, piece, name, style, parts::end_align(rtl), Some(1));
        if response.hovered() {
            painter.hline(drawn.x_range(), drawn.bottom() - 1.0, Stroke::new(1.0, theme.accent));
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            commands.push(command);
            commands.push(ViewCommand::DismissNotice(notice.id));
        }
    }
    let text = layout.title_height + layout.detail_height;
    let room = strip.rest();
    let left = if rtl { room.right() - layout.text_width } else { room.left() };
    let top = (rect.center().y - text / 2.0).round();
    let at = |y: f32, height: f32| Rect::from_min_size(pos2(left, y), vec2(layout.text_width, height));
    let align = parts::start_align(rtl);
    let title = Style::new(TextKind::Body, theme.text_strong);
    words::paint_in(&painter, at(top, layout.title_height), &layout.title, title, align, Some(2));
    let detail = Style::new(TextKind::List, theme.text_muted);
    let place = at(top + layout.title_height, layout.detail_height);
    if layout.detail_height > 0.0 {
        words::paint_in(&painter, place, &layout.detail, detail, align, Some(MAX_DETAIL_LINES));
    }
    let said = if layout.detail.is_empty() {
        layout.title.clone()
    } else {
        format!("{}. {}", layout.title, layout.detail)
    };
    let region = ui.interact(rect, ui.scope_id().with("text"), Sense::hover());
    region.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Alert, true, &said));
}

/// What a notice offers: message keys, and what they do.
fn commands_of(action: NoticeAction) -> Vec<(&'static str, Command)> {
    match action {
        NoticeAction::ShowProblems => {
            vec![("notice-show", ViewCommand::Dialog(Some(Dialog::Problems)).into())]
        }
        NoticeAction::ResetFilters => vec![("notice-reset", FilterCommand::Reset.into())],
        NoticeAction::AttachTexts => vec![("notice-attach", Command::Attach(None))],
        NoticeAction::Dataset(dataset) => vec![
            ("notice-dataset-report", ViewCommand::Dialog(Some(Dialog::Report(dataset))).into()),
            ("notice-dataset-settings", ImportCommand::Edit(dataset).into()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    fn check(title: &str, detail: &str, expected: (&str, &str)) {
        let notice = Notice {
            id: 1,
            kind: NoticeKind::Info,
            title: title.to_owned(),
            detail: detail.to_owned(),
            action: None,
            until_secs: None,
        };
        let (title, detail) = texts(&Catalog::new(Lang::En), &notice);
        assert_eq!((title.as_str(), detail.as_str()), expected);
    }

    #[test]
    fn keys_of_the_state_become_sentences() {
        check("attached", "4/5", ("Originals attached", "4 of 5 originals attached"));
        check("attached", "0/5", ("No original matched", "0 of 5 originals attached"));
        check("exported", "105 · /home/a/mali.csv", ("Exported mali.csv", "105 events · /home/a"));
        check("exported", "/home/a/view.png", ("Exported view.png", "/home/a"));
        check("problems", "3", ("3 problems while reading", "The rest was read"));
        check(
            "read-as",
            "acled/12/3/1/a/b.csv",
            ("Read as ACLED export", "a/b.csv: 12 events · 3 rows have gaps · 1 row left out"),
        );
        check("read-as", "kml/1/0/0/a.kml", ("Read as KML", "a.kml: 1 event"));
        check("something new", "as it is", ("something new", "as it is"));
    }
}
