//! The list of keys and mouse gestures, and what the program is made of.

use egui::{Rect, Sense, Ui, vec2};

use super::dialogs::{foot_ui, paragraph_ui, room_for_body, shell_ui};
use super::parts::{self, KeyPart, Strip};
use crate::state::{Commands, Menu, ViewCommand, actions};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

const ROW: f32 = 24.0;
const SECTION: f32 = 34.0;
/// Message keys of what the mouse does; `.with` of each says how.
const GESTURES: [&str; 10] = [
    "mouse-select",
    "mouse-add",
    "mouse-range",
    "mouse-pan",
    "mouse-zoom",
    "mouse-fan",
    "mouse-window",
    "mouse-handles",
    "mouse-source",
    "mouse-panels",
];
/// Message keys of the parts that come from others; `.by` of each says from whom and under what terms.
const PARTS: [&str; 6] =
    ["about-mali", "about-natural-earth", "about-geonames", "about-cldr", "about-noto", "about-phosphor"];

/// What a row of the list shows at its end.
enum How {
    Caps(Vec<Vec<KeyPart>>),
    Words(String),
}

struct Group {
    title: String,
    rows: Vec<(String, How)>,
}

impl Group {
    fn height(&self) -> f32 {
        SECTION + ROW * self.rows.len() as f32
    }
}

fn groups(cx: &FrameCtx<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Menu::ALL
        .into_iter()
        .map(|menu| {
            let with_keys =
                actions().iter().filter(|action| action.menu == menu && action.shortcut.is_some());
            let rows = with_keys.map(|action| {
                let keys = [action.shortcut, action.also].into_iter().flatten();
                let caps = keys.map(|keys| parts::shortcut_parts(cx.catalog, keys)).collect();
                (cx.t(&format!("action-{}", action.name)), How::Caps(caps))
            });
            let mut rows: Vec<(String, How)> = rows.collect();
            if menu == Menu::Help {
                let caps = vec![vec![KeyPart::Text(cx.t("key-escape"))]];
                rows.push((cx.t("keys-escape"), How::Caps(caps)));
            }
            Group { title: cx.t(menu.key()), rows }
        })
        .collect();
    groups.push(Group {
        title: cx.t("mouse"),
        rows: GESTURES.iter().map(|key| (cx.t(key), How::Words(cx.t(&format!("{key}.with"))))).collect(),
    });
    groups
}

/// How many of the groups go into the first column so that both are about equally high.
fn split(heights: &[f32]) -> usize {
    let total: f32 = heights.iter().sum();
    let mut above = 0.0;
    let mut best = (f32::INFINITY, 0);
    for (at, height) in heights.iter().enumerate() {
        let uneven = (2.0 * above - total).abs();
        if uneven < best.0 {
            best = (uneven, at);
        }
        above += height;
    }
    best.1
}

pub fn keys_ui(ui: &Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let groups = groups(cx);
    let heights: Vec<f32> = groups.iter().map(Group::height).collect();
    let first = split(&heights);
    shell_ui(ui, cx, &cx.t("keys-title"), 860.0, commands, |ui, _| {
        let height = room_for_body(ui, 640.0);
        parts::scroll_ui(ui, height, |ui| {
            let (before, after) = groups.split_at(first.min(groups.len()));
            let column = |groups: &[Group]| groups.iter().map(Group::height).sum::<f32>();
            let height = column(before).max(column(after)) + 16.0;
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
            let width = ((strip.rest().width() - 32.0) / 2.0).floor();
            let start = strip.start(width);
            strip.start(32.0);
            column_ui(ui, start, cx, before);
            column_ui(ui, strip.rest(), cx, after);
        });
    });
}

fn column_ui(ui: &Ui, rect: Rect, cx: &FrameCtx<'_>, groups: &[Group]) {
    let theme = cx.theme;
    let painter = ui.painter();
    let mut top = rect.top();
    let align = parts::start_align(cx.rtl());
    let mut take = |height: f32| {
        let row = Rect::from_min_size(egui::pos2(rect.left(), top), vec2(rect.width(), height));
        top += height;
        row
    };
    for group in groups {
        let head = take(SECTION).translate(vec2(0.0, 4.0));
        let style = Style::strong(TextKind::List, theme.text_strong);
        words::paint_in(painter, head, &group.title, style, align, Some(1));
        for (name, how) in &group.rows {
            let row = take(ROW);
            painter.hline(row.x_range(), row.top() + 0.5, theme.hairline());
            let response = ui.interact(row, ui.scope_id().with((&group.title, name)), Sense::hover());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, name));
            let mut strip = Strip::new(row, cx.rtl());
            match how {
                How::Caps(caps) => {
                    for caps in caps.iter().rev() {
                        parts::key_end(painter, theme, &mut strip, caps);
                        strip.end(6.0);
                    }
                }
                How::Words(text) => {
                    let muted = Style::new(TextKind::List, theme.text_muted);
                    parts::text_end(painter, &mut strip, text, muted);
                    strip.end(8.0);
                }
            }
            let style = Style::new(TextKind::List, theme.text);
            words::paint_in(painter, strip.rest(), name, style, align, Some(1));
        }
    }
}

pub fn about_ui(ui: &Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    shell_ui(ui, cx, &cx.t("about-title"), 560.0, commands, |ui, commands| {
        let height = room_for_body(ui, 560.0);
        parts::scroll_ui(ui, height, |ui| {
            egui::Frame::new().inner_margin(size::DIALOG_INSET).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(0.0, 10.0);
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
                let mut strip = Strip::new(rect, cx.rtl());
                let mark = Rect::from_center_size(strip.start(40.0).center(), parts::square(40.0));
                parts::mark(ui.painter(), mark, theme);
                strip.start(14.0);
                let align = parts::start_align(cx.rtl());
                let room = strip.rest();
                let version = env!("CARGO_PKG_VERSION");
                let name = cx.catalog.f("version", &[("version", version.into())]);
                let line = |top: f32, height: f32| {
                    Rect::from_min_size(room.min + vec2(0.0, top), vec2(room.width(), height))
                };
                let title = Style::strong(TextKind::KeyNumber, theme.text_strong);
                words::paint_in(ui.painter(), line(1.0, 24.0), &name, title, align, Some(1));
                let muted = Style::new(TextKind::Body, theme.text_muted);
                words::paint_in(ui.painter(), line(26.0, 18.0), &cx.t("app-tagline"), muted, align, Some(1));
                paragraph_ui(ui, cx, &cx.t("about-private"));
                ui.add_space(4.0);
                for key in PARTS {
                    part_ui(ui, cx, &cx.t(key), &cx.t(&format!("{key}.by")));
                }
            });
        });
        let close = cx.t("close");
        foot_ui(ui, cx, "", |ui| {
            if controls::button(ui, theme, &close, false, true).clicked() {
                commands.push(ViewCommand::Dialog(None));
            }
        });
    });
}

/// Something that comes from others, and from whom.
fn part_ui(ui: &mut Ui, cx: &FrameCtx<'_>, name: &str, by: &str) {
    let theme = cx.theme;
    let width = ui.available_width();
    let by_width = width - 180.0;
    let style = Style::new(TextKind::List, theme.text_muted);
    let height = words::measure_in(ui.painter(), by, style, by_width, None).y.ceil().max(16.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {by}")));
    let mut strip = Strip::new(rect, cx.rtl());
    let align = parts::start_align(cx.rtl());
    let strong = Style::strong(TextKind::List, theme.text);
    words::paint_in(ui.painter(), strip.start(172.0), name, strong, align, None);
    strip.start(8.0);
    words::paint_in(ui.painter(), strip.rest(), by, style, align, None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Catalog;
    use crate::model::Lang;

    #[test]
    fn columns_are_about_equally_high() {
        assert_eq!(split(&[10.0, 10.0, 10.0, 10.0]), 2);
        assert_eq!(split(&[30.0, 10.0, 10.0, 10.0]), 1);
        assert_eq!(split(&[]), 0);
    }

    #[test]
    fn gestures_and_parts_are_in_the_catalogue() {
        let catalog = Catalog::new(Lang::En);
        for key in GESTURES {
            assert!(catalog.get(&format!("{key}.with")).is_some(), "{key}");
        }
        for key in PARTS {
            assert!(catalog.get(&format!("{key}.by")).is_some(), "{key}");
        }
    }
}
