//! The whole window with the built-in case, as tests of its panels drive it.

use egui::Modifiers;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{Queryable as _, by};
use waqai::app::{App, Start};
use waqai::state::Command;
use waqai::store::Store;

/// Opens the window and waits until the case is there.
pub fn open(size: [f32; 2]) -> Harness<'static, App> {
    let start = Start { ephemeral: true, offscreen: true, ..Start::default() };
    let mut window = Harness::builder()
        .with_size(size)
        .with_max_steps(64)
        .allow_missing_glyphs()
        .wgpu()
        .build_eframe(|cc| App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref()));
    for _ in 0..2000 {
        window.step();
        if window.state().state.case.is_some() && !window.state().is_busy() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!(window.state().state.store().map_or(0, Store::num_events), 55);
    settle(&mut window);
    window
}

/// Lets commands take effect and be painted.
pub fn settle(window: &mut Harness<'static, App>) {
    for _ in 0..5 {
        window.step();
    }
}

pub fn send(window: &mut Harness<'static, App>, command: impl Into<Command>) {
    window.state_mut().commands.push(command);
    settle(window);
}

/// Clicks the one thing of a role whose accessible name contains a text.
pub fn click(window: &mut Harness<'static, App>, role: Role, name: &str) {
    click_with(window, role, name, Modifiers::NONE);
}

pub fn click_with(window: &mut Harness<'static, App>, role: Role, name: &str, modifiers: Modifiers) {
    window.get(by().role(role).label_contains(name)).click_modifiers(modifiers);
    settle(window);
}
