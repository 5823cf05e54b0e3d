//! The window's own code without a window system: pictures and scripted sessions.
//!
//! Uses egui's test harness as an ordinary driver of the same [`App`]; needs a graphics driver
//! (software ones will do), but no display.

use egui_kittest::Harness;

use crate::app::{App, Start};

/// An off-screen window.
pub struct Offscreen {
    harness: Harness<'static, App>,
}

impl Offscreen {
    /// Opens the program in a window of a size in points that exists only in memory.
    pub fn open(mut start: Start, size: [f32; 2], pixels_per_point: f32) -> Self {
        start.offscreen = true;
        let harness = Harness::builder()
            .with_size(egui::Vec2::from(size))
            .with_pixels_per_point(pixels_per_point)
            .with_max_steps(64)
            .allow_missing_glyphs()
            .wgpu()
            .build_eframe(|cc| App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref()));
        let mut screen = Self { harness };
        screen.app().ui.map.set_unhurried();
        screen
    }

    pub fn app(&mut self) -> &mut App {
        self.harness.state_mut()
    }

    pub fn harness(&mut self) -> &mut Harness<'static, App> {
        &mut self.harness
    }

    /// Steps until nothing is pending, at most for `limit_secs` of real time.
    pub fn settle(&mut self, limit_secs: f64) {
        let begun = std::time::Instant::now();
        let mut calm = 0;
        while calm < 4 && begun.elapsed().as_secs_f64() < limit_secs {
            self.harness.step();
            let busy = self.harness.state().is_busy() || !self.harness.state().commands.is_empty();
            if busy {
                calm = 0;
                std::thread::sleep(std::time::Duration::from_millis(2));
            } else {
                calm += 1;
            }
        }
    }

    /// The picture of the window.
    pub fn picture(&mut self) -> Result<image::RgbaImage, String> {
        self.harness.render()
    }
}
