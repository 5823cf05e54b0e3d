//! Every shown event as a point, drawn by the graphics device in one draw.
//!
//! The device holds an instance per event and a bit that says whether the event passes everything but
//! the window. What moves often (camera, window, colours) is told in a few numbers. Instances are in
//! order of time, so that a window draws only the stretch of them that it can show; which of these it
//! does show, the shader decides.
//!
//! Invariants:
//! * What is drawn is what [`Derived::passes`](crate::state::Derived::passes), for events with a place:
//!   until all instances of a store are on the device, nothing is drawn here.
//! * Software drivers are left alone unless asked for: a million squares are theirs to paint one pixel
//!   after the other, and the crowd's images are faster.
//! * Whatever the device refuses is refused for the store at hand, and the crowd draws instead.

mod gpu;
pub mod instances;

use std::sync::Arc;

use eframe::egui_wgpu::{self, RenderState};
use eframe::wgpu;
use egui::{Context, Painter, Rect};

use super::crowd::frame::{Frame, UNITS};
use crate::model::EventType;
use crate::state::MapMode;
use crate::store::Store;
use crate::store::order::Index;
use crate::ui::FrameCtx;
use gpu::{COLORS, Gpu, MASK_WORDS, Rows, View};
use instances::{Cursor, Moments};

/// Radius of a dot in points.
const RADIUS: f32 = 2.25;
/// Instances that are made and brought to the device per frame: some milliseconds.
const CHUNK: usize = 1 << 17;

/// Points by the graphics device.
#[derive(Default)]
pub struct Points {
    /// Where there are graphics, and points are to be drawn by them.
    state: Option<RenderState>,
    gpu: Option<Gpu>,
    held: Option<Held>,
}

/// A store's events on the device.
struct Held {
    index: Arc<Index>,
    /// `None` if the device refused them.
    events: Option<Events>,
}

struct Events {
    moments: Moments,
    rows: Rows,
    cursor: Cursor,
    /// Instances that are on the device.
    done: u32,
    /// The filter whose mask is on the device.
    mask_of: Option<u64>,
}

impl Points {
    /// Has points drawn by a graphics device. `wish` may ask for it of software drivers too, or for
    /// none; otherwise devices of their own do it.
    pub fn install(&mut self, state: &RenderState, wish: Option<bool>) {
        let is_device = state.adapter.get_info().device_type != wgpu::DeviceType::Cpu;
        *self = Self { state: wish.unwrap_or(is_device).then(|| state.clone()), ..Self::default() };
    }

    /// Brings the device up to date with the state, a part of a large store per frame. Returns whether
    /// points can be drawn.
    pub fn refresh(&mut self, ctx: &Context, cx: &FrameCtx<'_>) -> bool {
        let Some((state, store)) = self.state.as_ref().zip(cx.store()) else {
            self.held = None;
            return false;
        };
        if self.held.as_ref().is_some_and(|held| !Arc::ptr_eq(&held.index, &store.index)) {
            self.held = None;
        }
        let layers = cx.state.settings.layers;
        if !layers.events || !matches!(layers.mode, MapMode::Auto | MapMode::Points) {
            return false;
        }
        let held = match &mut self.held {
            Some(held) => held,
            held => {
                let events = begin(&mut self.gpu, state, &store.index);
                let events = events.inspect_err(|reason| refused(reason)).ok();
                held.insert(Held { index: store.index.clone(), events })
            }
        };
        let Some((gpu, events)) = self.gpu.as_ref().zip(held.events.as_mut()) else { return false };
        match events.go_on(gpu, cx, store, &held.index) {
            Ok(true) => true,
            Ok(false) => {
                if events.done < events.moments.num_instances() {
                    ctx.request_repaint();
                }
                false
            }
            Err(reason) => {
                refused(&reason);
                held.events = None;
                false
            }
        }
    }

    /// Draws what is shown. After [`Points::refresh`] has said that it can be done.
    pub fn paint(&self, painter: &Painter, cx: &FrameCtx<'_>, frame: &Frame, view: Rect) {
        let events = self.held.as_ref().and_then(|held| held.events.as_ref());
        let Some((gpu, events)) = self.gpu.as_ref().zip(events) else { return };
        let filter = &cx.state.view.filter;
        let shown = events.moments.shown(filter.window.map(|window| (window, filter.window_mode)));
        let per_point = painter.pixels_per_point();
        // The middle of the view, or what of the world is next to it.
        let [left, top, right, bottom] = frame.world();
        let origin = [(left + right) / 2.0, (top + bottom) / 2.0].map(|at| (at * UNITS) as u32);
        let (x, y) = frame.place_of(origin);
        let pixel = |at: f64, edge: f32| ((at + f64::from(edge)) * f64::from(per_point)) as f32;
        let opacity = f32::from(cx.state.settings.layers.opacity) / 100.0;
        let mut colors = Box::new([[0.0; 4]; COLORS]);
        for (dataset, _, percent) in cx.looks() {
            for event_type in EventType::ALL {
                let opacity = opacity * f32::from(percent) / 100.0;
                let premultiplied = cx.color_of(dataset, *event_type).gamma_multiply(opacity);
                if let Some(color) = colors.get_mut(instances::look(dataset, *event_type) as usize) {
                    *color = premultiplied.to_array().map(|part| f32::from(part) / 255.0);
                }
            }
        }
        let view_of = View {
            origin_at: [pixel(x, view.left()), pixel(y, view.top())],
            origin,
            begins: shown.begins,
            ends: shown.ends,
            scale: (frame.scale / UNITS * f64::from(per_point)) as f32,
            radius: RADIUS * per_point,
            instances: shown.instances,
            colors,
        };
        let draw = gpu.draw(&events.rows, view_of);
        painter.add(egui_wgpu::Callback::new_paint_callback(view, draw));
    }
}

fn refused(reason: &str) {
    log::warn!("points are not drawn by the graphics device: {reason}");
}

/// Makes room for the events of a store.
fn begin(gpu: &mut Option<Gpu>, state: &RenderState, index: &Index) -> Result<Events, String> {
    let gpu = match gpu {
        Some(gpu) => gpu,
        none => none.insert(Gpu::new(state)?),
    };
    let moments = Moments::new(index).ok_or("events end at too many different moments")?;
    let rows = gpu.rows(moments.num_instances())?;
    Ok(Events { moments, rows, cursor: Cursor::default(), done: 0, mask_of: None })
}

impl Events {
    /// Brings more instances to the device, or the mask; whether both are there.
    fn go_on(&mut self, gpu: &Gpu, cx: &FrameCtx<'_>, store: &Store, index: &Index) -> Result<bool, String> {
        if self.done < self.moments.num_instances() {
            let mut bytes = Vec::new();
            self.cursor.write(store, index, &self.moments, CHUNK, &mut bytes);
            gpu.write_instances(&self.rows, self.done, &bytes)?;
            self.done = self.done.saturating_add(CHUNK as u32).min(self.moments.num_instances());
            if self.done < self.moments.num_instances() {
                return Ok(false);
            }
        }
        // Until it is known what the filter lets through, that is told in another way.
        let Some(fails) = cx.derived.fails_but_window(store) else { return Ok(false) };
        if self.mask_of != Some(cx.derived.base_generation) {
            gpu.write_mask(&self.rows, &instances::mask(index, fails, MASK_WORDS))?;
            self.mask_of = Some(cx.derived.base_generation);
        }
        Ok(true)
    }
}
