//! Where time lies in the window: the scale and the rectangle that it fills.
//!
//! In right-to-left interfaces time runs from right to left.

use egui::{Pos2, Rect, Ui};

use super::scale::Scale;

/// A scale on the screen.
#[derive(Clone, Copy)]
pub struct Geo<'a> {
    pub scale: &'a Scale,
    /// Lanes, histogram and axis, without the gutter.
    pub plot: Rect,
    pub rtl: bool,
    pixels_per_point: f32,
}

impl<'a> Geo<'a> {
    pub fn new(ui: &Ui, scale: &'a Scale, plot: Rect, rtl: bool) -> Self {
        Self { scale, plot, rtl, pixels_per_point: ui.ctx().pixels_per_point() }
    }

    /// Screen x of a distance from the edge at which time begins.
    pub fn screen(&self, x: f64) -> f32 {
        // Far away points keep painting exact and fast.
        let x = x.clamp(-20_000.0, 40_000.0) as f32;
        if self.rtl { self.plot.right() - x } else { self.plot.left() + x }
    }

    /// Screen x of a time, on a whole pixel.
    pub fn at(&self, time: f64) -> f32 {
        self.snap(self.screen(self.scale.x(time)))
    }

    /// Screen x of a position of the scale.
    pub fn at_position(&self, position: f64) -> f32 {
        self.screen(position - self.scale.origin())
    }

    pub fn snap(&self, x: f32) -> f32 {
        (x * self.pixels_per_point).round() / self.pixels_per_point
    }

    /// Distance from the edge at which time begins.
    pub fn x(&self, pos: Pos2) -> f64 {
        f64::from(if self.rtl { self.plot.right() - pos.x } else { pos.x - self.plot.left() })
    }

    pub fn time(&self, pos: Pos2) -> f64 {
        self.scale.time(self.x(pos))
    }

    /// A rectangle between two screen xs given in either order.
    pub fn span(&self, a: f32, b: f32, y: egui::Rangef) -> Rect {
        Rect::from_x_y_ranges(a.min(b)..=a.max(b), y)
    }

    /// +1 where time runs to the right, else −1.
    pub fn sign(&self) -> f32 {
        if self.rtl { -1.0 } else { 1.0 }
    }
}
