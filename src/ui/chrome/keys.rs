//! The keys of the action table.
//!
//! A field that is typed into keeps plain keys and those of editing; any other focused widget keeps
//! the keys that press it and move the focus. What is bound is taken out of the input, so that no
//! widget sees it too.

use std::sync::LazyLock;

use egui::{Event, Key, Modifiers, Popup, Ui};

use crate::state::{Action, Commands, Dialog, Shortcut, ViewCommand, actions};
use crate::ui::FrameCtx;
use crate::ui::widgets::{TextFocus, text_focus};

struct Binding {
    key: Key,
    shortcut: Shortcut,
    action: &'static Action,
}

fn bindings() -> &'static [Binding] {
    static BINDINGS: LazyLock<Vec<Binding>> = LazyLock::new(|| {
        let both = actions().iter().flat_map(|action| {
            [action.shortcut, action.also].into_iter().flatten().map(move |shortcut| (shortcut, action))
        });
        both.filter_map(|(shortcut, action)| {
            Some(Binding { key: Key::from_name(shortcut.key)?, shortcut, action })
        })
        .collect()
    });
    &BINDINGS
}

/// The action of a pressed key.
fn bound(key: Key, modifiers: Modifiers) -> Option<&'static Action> {
    let found = bindings().iter().find(|binding| {
        let shortcut = binding.shortcut;
        // Plus is typed with Shift on some keyboards and without on others.
        let shift = shortcut.shift == modifiers.shift || key == Key::Plus;
        binding.key == key && shortcut.ctrl == modifiers.command && shift && shortcut.alt == modifiers.alt
    });
    found.map(|binding| binding.action)
}

/// Who has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Nobody,
    Widget,
    Text(TextFocus),
}

/// Whether the widget with the keyboard wants this key for itself.
fn is_kept(holder: Holder, key: Key, modifiers: Modifiers) -> bool {
    let function = (Key::F1..=Key::F35).contains(&key);
    let moves = matches!(key, Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown);
    let jumps = matches!(key, Key::Home | Key::End | Key::PageUp | Key::PageDown);
    let presses = matches!(key, Key::Space | Key::Enter);
    match holder {
        Holder::Nobody => false,
        Holder::Widget => !modifiers.command && (presses || moves || jumps),
        Holder::Text(TextFocus::Reading) => {
            if modifiers.command {
                key == Key::A
            } else {
                presses || moves || jumps
            }
        }
        Holder::Text(TextFocus::Typing) if modifiers.command => {
            let edits = matches!(
                key,
                Key::A | Key::C | Key::V | Key::X | Key::Y | Key::Z | Key::Backspace | Key::Delete
            );
            // Ctrl Shift A attaches texts; the field has no use for it.
            let selects = key == Key::A && modifiers.shift;
            (edits && !selects) || moves || jumps
        }
        Holder::Text(TextFocus::Typing) => !function,
    }
}

/// Whether holding the key down does it again and again.
fn repeats(action: &Action) -> bool {
    let name = action.name;
    name.contains("step-")
        || name.contains("zoom-")
        || name.contains("-event")
        || name.contains("-hit")
        || matches!(name, "text-larger" | "text-smaller" | "back" | "forward")
}

/// Whether an action makes sense while something lies over the window.
fn acts_over_dialogs(action: &Action) -> bool {
    matches!(action.name, "palette" | "keys" | "quit" | "full-screen" | "toggle-theme")
}

/// Keys of the action table, unless a text field has the focus; Esc closes what is topmost.
pub fn keys(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let ctx = ui.ctx().clone();
    let popup_open = Popup::is_any_open(&ctx);
    let holder = match text_focus(&ctx) {
        Some(focus) => Holder::Text(focus),
        None if ctx.memory(|memory| memory.focused().is_some()) => Holder::Widget,
        None => Holder::Nobody,
    };
    let dialog = cx.state.view.dialog.as_ref();
    let mut done: Vec<&'static Action> = Vec::new();
    let mut escaped = false;
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            if *key == Key::Escape {
                escaped |= !repeat;
                return true;
            }
            let Some(action) = bound(*key, *modifiers) else { return true };
            let over = (dialog.is_some() && !acts_over_dialogs(action)) || (popup_open && !modifiers.command);
            if over || is_kept(holder, *key, *modifiers) {
                return true;
            }
            if action.enabled(cx.state) && (!repeat || repeats(action)) {
                done.push(action);
            }
            false
        });
    });
    // An open popup closes itself; a field gives up the keyboard by itself.
    let field_first = holder == Holder::Text(TextFocus::Typing) && dialog.is_none();
    if escaped && !popup_open && !field_first {
        commands.push(ViewCommand::Escape);
        ctx.memory_mut(|memory| {
            if let Some(focused) = memory.focused() {
                memory.surrender_focus(focused);
            }
        });
    }
    for action in done {
        Popup::close_all(&ctx);
        let closes = matches!(
            (action.name, dialog),
            ("palette", Some(Dialog::Palette)) | ("keys", Some(Dialog::Keys))
        );
        if closes {
            commands.push(ViewCommand::Dialog(None));
        } else {
            commands.push(action.command.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_is_one_that_egui_knows() {
        let in_table = actions().iter().flat_map(|a| [a.shortcut, a.also]).flatten().count();
        assert_eq!(bindings().len(), in_table);
    }

    #[test]
    fn keys_find_their_actions_and_more_modifiers_do_not() {
        let name = |key, modifiers| bound(key, modifiers).map(|action| action.name);
        assert_eq!(name(Key::K, Modifiers::COMMAND), Some("palette"));
        assert_eq!(name(Key::P, Modifiers::COMMAND), Some("palette"));
        assert_eq!(name(Key::Space, Modifiers::NONE), Some("play"));
        assert_eq!(name(Key::ArrowRight, Modifiers::SHIFT), Some("big-step-forward"));
        assert_eq!(name(Key::Plus, Modifiers::COMMAND | Modifiers::SHIFT), Some("text-larger"));
        assert_eq!(name(Key::F, Modifiers::ALT), None);
        assert_eq!(name(Key::A, Modifiers::COMMAND | Modifiers::SHIFT), Some("attach"));
    }

    #[test]
    fn a_field_keeps_what_it_edits_with() {
        let typing = Holder::Text(TextFocus::Typing);
        for (key, modifiers, kept) in [
            (Key::Space, Modifiers::NONE, true),
            (Key::F, Modifiers::NONE, true),
            (Key::F3, Modifiers::NONE, false),
            (Key::A, Modifiers::COMMAND, true),
            (Key::A, Modifiers::COMMAND | Modifiers::SHIFT, false),
            (Key::ArrowLeft, Modifiers::COMMAND, true),
            (Key::K, Modifiers::COMMAND, false),
            (Key::O, Modifiers::COMMAND, false),
        ] {
            assert_eq!(is_kept(typing, key, modifiers), kept, "{key:?} {modifiers:?}");
        }
        assert!(is_kept(Holder::Widget, Key::Space, Modifiers::NONE));
        assert!(!is_kept(Holder::Widget, Key::L, Modifiers::NONE));
        assert!(!is_kept(Holder::Nobody, Key::Space, Modifiers::NONE));
    }
}
