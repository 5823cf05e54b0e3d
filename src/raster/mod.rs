//! Drawing the window's triangles with as little work per pixel as they need.
//!
//! The stock shader filters each texture by the sampler and once more by hand, and chooses between
//! the two. A software driver computes both for every pixel of every triangle, also for those of one
//! plain colour, which makes a window take a tenth of a second to draw. [`install`] puts a plugin
//! between the window and whoever draws it (the real window, or one that is only in memory): the
//! plugin turns shapes into triangles, keeps the textures, and hands over paint callbacks that draw
//! runs of triangles with pipelines for what they are: textured, of plain colours, or opaque.
//!
//! Invariants:
//! * The order of drawing stays as it was; callbacks of others (the basemap) stay between the runs.
//! * Pixels are those of the stock shader without dithering.
//! * What did not change since the last frame, and lies where no callback of others draws, is not
//!   drawn again: a picture of it, the canvas, is copied ([`plan`]).
//! * The window paints all of its ground itself, opaque: nothing of what lies beneath shows through.
//! * Textures are taken out of what the window hands over: nobody else holds or uploads them.

mod gpu;
mod plan;
mod runs;

use std::sync::Arc;

use eframe::egui_wgpu::{self, CallbackResources, CallbackTrait, RenderState, ScreenDescriptor};
use eframe::wgpu;
use egui::epaint::{ClippedPrimitive, ClippedShape, PaintCallbackInfo, Primitive};
use egui::mutex::Mutex;
use egui::{Context, FullOutput, Shape};

use gpu::Gpu;
use runs::{Frame, FrameBuilder};

/// Has the window's triangles drawn by this module from now on.
pub fn install(ctx: &Context, state: &RenderState) {
    if state.target_format.is_srgb() {
        // Such a target wants other colours than the ones that are written here.
        log::debug!("an sRGB target is left to the stock shader");
        return;
    }
    let gpu = Gpu::new(state.device.clone(), state.queue.clone(), state.target_format);
    ctx.add_plugin(Raster { gpu: Arc::new(Mutex::new(gpu)), frames: 0 });
}

/// Replaces what a pass paints by callbacks that draw it.
struct Raster {
    gpu: Arc<Mutex<Gpu>>,
    frames: u64,
}

impl egui::Plugin for Raster {
    fn debug_name(&self) -> &'static str {
        "raster"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        self.gpu.lock().change_textures(&mut output.textures_delta);
        let shapes = std::mem::take(&mut output.shapes);
        if shapes.is_empty() {
            return;
        }
        self.frames += 1;
        let primitives = ctx.tessellate(shapes, output.pixels_per_point);
        let screen = ctx.viewport_rect();
        let size = screen.size() * output.pixels_per_point;
        let size = [size.x, size.y].map(|side| side.round() as u32);
        let mut frame = FrameBuilder::new(self.frames, size, output.pixels_per_point);
        // What is drawn, in order: runs of this module's, and callbacks of others.
        let mut order: Vec<Option<ClippedShape>> = Vec::new();
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            match primitive {
                Primitive::Mesh(mesh) => {
                    if !matches!(order.last(), Some(None)) {
                        frame.begin_run();
                        order.push(None);
                    }
                    let version = self.gpu.lock().version(mesh.texture_id);
                    frame.add(clip_rect, mesh, version);
                }
                Primitive::Callback(callback) => {
                    frame.add_foreign(clip_rect.intersect(callback.rect));
                    order.push(Some(ClippedShape::new(clip_rect, Shape::Callback(callback))));
                }
            }
        }
        let frame = Arc::new(frame.build());
        let mut runs = 0..;
        let mut own = || {
            let run = Run { gpu: self.gpu.clone(), frame: frame.clone(), run: runs.next().unwrap_or(0) };
            ClippedShape::new(screen, egui_wgpu::Callback::new_paint_callback(screen, run))
        };
        output.shapes = order.into_iter().map(|foreign| foreign.unwrap_or_else(&mut own)).collect();
    }
}

/// Triangles between two callbacks of others.
struct Run {
    gpu: Arc<Mutex<Gpu>>,
    frame: Arc<Frame>,
    run: usize,
}

impl CallbackTrait for Run {
    fn prepare(
        &self,
        _device: &wgpu::Device,
        _queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        _resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        self.gpu.lock().prepare(&self.frame, screen, encoder);
        Vec::new()
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        self.gpu.lock().draw(self.run, &info, pass);
    }
}

#[cfg(test)]
mod tests;
