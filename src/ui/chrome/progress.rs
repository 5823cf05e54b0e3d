//! How far the reading of a dataset is: a card at the lower end of the map, above it the notices.

use egui::{Area, Id, Order, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::parts::{self, Strip};
use crate::lang::{Arg, thousands};
use crate::state::{Command, Commands, Dialog, Task, ViewCommand};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::words::{self, Style};

/// Work that ends sooner than this needs no card.
const PATIENCE_SECS: f64 = 0.3;
const PAD: f32 = 12.0;
const LINE: f32 = 20.0;
const BAR: f32 = 4.0;

/// Whether a task has a card, and so no line of its own in the status bar.
pub fn has_card(task: &Task) -> bool {
    task.rows.is_some()
}

/// The cards of running work from `bottom` upwards. Returns where the next card may end.
pub fn progress_ui(ui: &mut Ui, cx: &FrameCtx<'_>, map: Rect, bottom: f32, commands: &mut Commands) -> f32 {
    let width = size::TOAST.min(map.width() - 24.0);
    let mut bottom = bottom;
    for task in cx.state.tasks.iter().filter(|task| has_card(task)) {
        if cx.state.now_secs - task.begun_secs < PATIENCE_SECS {
            ui.ctx().request_repaint();
            continue;
        }
        let height = 2.0 * PAD + 22.0 + 8.0 + BAR + 6.0 + LINE + if problems(task) > 0 { LINE } else { 0.0 };
        let top = (bottom - height).round();
        if top < map.top() + 8.0 {
            break;
        }
        Area::new(Id::unique(("progress", task.id)))
            .order(Order::Middle)
            .fixed_pos(pos2((map.right() - 12.0 - width).round(), top))
            .movable(false)
            .constrain(false)
            .show(ui.ctx(), |ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::click());
                card_ui(ui, rect, cx, task, commands);
            });
        bottom = top - 8.0;
    }
    bottom
}

fn problems(task: &Task) -> u64 {
    task.rows.map_or(0, |rows| rows.problems)
}

fn number(n: u64) -> Arg<'static> {
    thousands(i64::try_from(n).unwrap_or(i64::MAX)).into()
}

/// `132,480 of about 348,600 rows`, and `210,000 rows/s · 1 s left`.
fn texts(cx: &FrameCtx<'_>, task: &Task) -> (String, String) {
    let done = task.rows.map_or(0, |rows| rows.done);
    let rows = match task.rows_about() {
        Some(total) => {
            cx.catalog.f("progress-rows", &[("done", number(done)), ("total", number(rounded(total)))])
        }
        None => cx.catalog.f("progress-rows-so-far", &[("done", number(done))]),
    };
    let now = cx.state.now_secs;
    let speed = task.rows_per_sec(now).map(|rate| rounded(rate as u64));
    let speed = speed.map(|speed| cx.catalog.f("progress-speed", &[("n", number(speed))]));
    let left =
        task.secs_left(now).map(|secs| cx.catalog.f("progress-left", &[("n", number(secs.ceil() as u64))]));
    let pace: Vec<String> = speed.into_iter().chain(left).collect();
    (rows, pace.join(" · "))
}

/// An estimate is told with three digits.
fn rounded(n: u64) -> u64 {
    let unit = 10u64.saturating_pow(n.checked_ilog10().unwrap_or(0).saturating_sub(2));
    n / unit * unit
}

fn card_ui(ui: &mut Ui, rect: Rect, cx: &FrameCtx<'_>, task: &Task, commands: &mut Commands) {
    let theme = cx.theme;
    let painter = ui.painter().clone();
    painter.add(theme.card_shadow().as_shape(rect, 6.0));
    painter.rect(rect, 6.0, theme.overlay, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let rtl = cx.rtl();
    let inner = rect.shrink(PAD);
    let line = |top: f32, height: f32| {
        Rect::from_min_size(pos2(inner.left(), inner.top() + top), vec2(inner.width(), height))
    };
    let (start, end) = (parts::start_align(rtl), parts::end_align(rtl));

    let mut head = Strip::new(line(0.0, 22.0), rtl);
    parts::icon(&painter, head.start(16.0).center(), icons::DOWNLOAD_SIMPLE, 16.0, theme.accent);
    head.start(10.0);
    let cross = Rect::from_center_size(head.end(size::TINY).center(), parts::square(size::TINY));
    let cancel = cx.t("progress-cancel");
    let cancelled = parts::inside(ui, cross, egui::Layout::default(), |ui| {
        controls::icon_button(ui, theme, icons::X, &cancel, size::TINY).clicked()
    });
    if cancelled {
        commands.push(Command::CancelTask(task.id));
    }
    head.end(8.0);
    let share = task.share();
    let percent = share.map_or_else(String::new, |share| {
        cx.catalog.f("progress-percent", &[("n", number((share * 100.0).floor() as u64))])
    });
    let muted = Style::new(TextKind::List, theme.text_muted);
    let percent_width = words::measure(&painter, &percent, muted).x.ceil();
    words::paint_in(&painter, head.end(percent_width), &percent, muted, end, Some(1));
    head.end(8.0);
    let title = cx.catalog.f("progress-title", &[("subject", task.subject.as_str().into())]);
    let strong = Style::strong(TextKind::List, theme.text_strong);
    words::paint_in(&painter, head.rest(), &title, strong, start, Some(1));

    let track = line(30.0, BAR);
    painter.rect_filled(track, 2.0, theme.ghost_bar);
    if let Some(share) = share {
        let done = Strip::new(track, rtl).start((track.width() * share as f32).round().max(BAR));
        painter.rect_filled(done, 2.0, theme.accent);
    }
    let (rows, pace) = texts(cx, task);
    let numbers = line(30.0 + BAR + 6.0, LINE);
    let plain = Style::new(TextKind::Caption, theme.text);
    let faint = Style::new(TextKind::Caption, theme.text_muted);
    let mut strip = Strip::new(numbers, rtl);
    let pace_width = words::measure(&painter, &pace, faint).x.ceil();
    words::paint_in(&painter, strip.end(pace_width), &pace, faint, end, Some(1));
    strip.end(8.0);
    words::paint_in(&painter, strip.rest(), &rows, plain, start, Some(1));

    let mut said = format!("{title} {percent}. {rows}. {pace}");
    let problems = problems(task);
    if problems > 0 {
        let below = line(30.0 + BAR + 6.0 + LINE, LINE);
        let mut strip = Strip::new(below, rtl);
        let text = cx
            .catalog
            .f("progress-problems", &[("n", number(problems)), ("count", (problems as usize).into())]);
        parts::icon(&painter, strip.start(13.0).center(), icons::WARNING, 13.0, theme.warning);
        strip.start(6.0);
        // The list of problems comes with the rows that are shown already.
        if cx.store().is_some_and(|store| !store.problems.is_empty()) {
            let show = cx.t("notice-show");
            let width = words::measure(&painter, &show, plain).x.ceil() + 1.0;
            let place = Rect::from_center_size(strip.end(width).center(), vec2(width, 15.0));
            let clicked = parts::inside(ui, place, egui::Layout::default(), |ui| {
                controls::link(ui, theme, &show, TextKind::Caption).clicked()
            });
            if clicked {
                commands.push(ViewCommand::Dialog(Some(Dialog::Problems)));
            }
            strip.end(8.0);
        }
        let style = Style::new(TextKind::Caption, theme.warning);
        words::paint_in(&painter, strip.rest(), &text, style, start, Some(1));
        said = format!("{said}. {text}");
    }
    let region = ui.interact(rect, ui.scope_id().with("text"), Sense::hover());
    region.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &said));
    // The time left passes by itself.
    ui.ctx().request_repaint_after_secs(0.25);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_told_with_three_digits() {
        assert_eq!([0, 7, 999, 1234, 348_631].map(rounded), [0, 7, 999, 1230, 348_000]);
    }
}
