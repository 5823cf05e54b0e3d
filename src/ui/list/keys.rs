//! Keys of the list while it has the keyboard focus.

use egui::{EventFilter, Key, Modifiers, Ui};

use super::{ListUi, focus_id, range_to};
use crate::state::{Commands, MapCommand, SelectCommand};
use crate::ui::FrameCtx;

/// Where a key moves to in a list, from a row or from nothing.
fn target(key: Key, at: Option<usize>, len: usize, page: usize) -> Option<usize> {
    let last = len.checked_sub(1)?;
    Some(match (key, at) {
        (Key::Home, _) => 0,
        (Key::End, _) => last,
        (Key::ArrowDown | Key::PageDown, None) => 0,
        (Key::ArrowUp | Key::PageUp, None) => last,
        (Key::ArrowDown, Some(at)) => (at + 1).min(last),
        (Key::ArrowUp, Some(at)) => at.saturating_sub(1),
        (Key::PageDown, Some(at)) => (at + page).min(last),
        (Key::PageUp, Some(at)) => at.saturating_sub(page),
        _ => return None,
    })
}

pub fn keys(ui: &Ui, cx: &FrameCtx<'_>, state: &mut ListUi, commands: &mut Commands) {
    // Arrows move in the list, not the focus.
    let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(focus_id(), filter));
    let list = &cx.derived.list;
    let shift = ui.input(|input| input.modifiers.shift);
    // Looked up once a key was pressed: lists are long.
    let mut at = None;
    for key in [Key::ArrowDown, Key::ArrowUp, Key::PageDown, Key::PageUp, Key::Home, Key::End] {
        let times = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        for _ in 0..times {
            let from = *at.get_or_insert_with(|| {
                let primary = cx.state.primary()?;
                cx.derived.place_in_list(primary)
            });
            let Some(to) = target(key, from, list.len(), state.page) else { continue };
            let Some(event) = list.get(to) else { continue };
            at = Some(Some(to));
            if shift {
                let range = range_to(cx, state, event);
                commands.push(SelectCommand::Many(range));
            } else {
                state.anchor = Some(event);
                commands.push(SelectCommand::Event(event));
            }
        }
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A)) {
        commands.push(SelectCommand::All);
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
        commands.push(MapCommand::FitSelection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_in_the_list() {
        assert_eq!(target(Key::ArrowDown, None, 3, 2), Some(0));
        assert_eq!(target(Key::ArrowDown, Some(2), 3, 2), Some(2));
        assert_eq!(target(Key::ArrowUp, Some(0), 3, 2), Some(0));
        assert_eq!(target(Key::ArrowUp, None, 3, 2), Some(2));
        assert_eq!(target(Key::PageDown, Some(0), 9, 4), Some(4));
        assert_eq!(target(Key::PageUp, Some(3), 9, 4), Some(0));
        assert_eq!(target(Key::End, Some(3), 9, 4), Some(8));
        assert_eq!(target(Key::Home, None, 0, 4), None);
        assert_eq!(target(Key::Space, Some(1), 3, 1), None);
    }
}
