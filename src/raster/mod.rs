//! Drawing the window's triangles with as little work per pixel as they need.
//!
//! The stock shader filters each texture by the sampler and once more by hand, and chooses between
//! the two. A software driver computes both for every pixel of every triangle, also for those of one
//! plain colour, which makes a window take a tenth of a second to draw. [`install`] puts a plugin
//! between the window and whoever draws it (the real window, or one that is only in memory): the
//! plugin turns shapes into triangles, keeps the textures, and hands over one paint callback, which draws
//! runs of triangles with pipelines for what they are: textured, of plain colours, or opaque.
//!
//! Invariants:
//! * The order of drawing stays as it was; callbacks of others (the basemap) stay between the runs.
//! * Pixels are those of the stock shader without dithering.
//! * What did not change since the last frame is not drawn again: a picture of it, the canvas, is
//!   copied (`plan`). What callbacks of others draw is taken for new unless somebody [`vouch`]es
//!   for it.
//! * Callbacks of others are prepared and drawn by a stock renderer that draws nothing else.
//! * The window paints all of its ground itself, opaque: nothing of what lies beneath shows through.
//! * Textures are taken out of what the window hands over: nobody else holds or uploads them.

mod content;
mod gpu;
mod plan;
mod runs;

use std::sync::Arc;

use eframe::egui_wgpu::{
    self, CallbackResources, CallbackTrait, RenderState, Renderer, RendererOptions, ScreenDescriptor,
};
use eframe::wgpu;
use egui::epaint::{ClippedShape, PaintCallbackInfo, Primitive};
use egui::mutex::{Mutex, RwLock};
use egui::{Context, FullOutput, Shape};

use gpu::{Gpu, PICTURE};
use runs::{Frame, FrameBuilder};

/// Has the window's triangles drawn by this module from now on. Callbacks of others find their
/// resources in the renderer that is returned.
pub fn install(ctx: &Context, state: &RenderState) -> RenderState {
    if state.target_format.is_srgb() {
        // Such a target wants other colours than the ones that are written here.
        log::debug!("an sRGB target is left to the stock shader");
        return state.clone();
    }
    let renderer = Renderer::new(&state.device, PICTURE, RendererOptions::PREDICTABLE);
    let renderer = Arc::new(RwLock::new(renderer));
    let gpu = Gpu::new(state.device.clone(), state.queue.clone(), state.target_format, renderer.clone());
    ctx.add_plugin(Raster { gpu: Arc::new(Mutex::new(gpu)), frames: 0 });
    RenderState { renderer, target_format: PICTURE, ..state.clone() }
}

/// Vouches that in this frame, callbacks of others draw the same as in all frames of the same window
/// size with this number.
pub fn vouch(ctx: &Context, content: u64) {
    ctx.data_mut(|data| data.insert_temp(content_id(), content));
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
        let foreign = primitives.iter().filter_map(|clipped| match &clipped.primitive {
            Primitive::Callback(callback) => Some((clipped.clip_rect, callback)),
            Primitive::Mesh(_) => None,
        });
        let mut frame = FrameBuilder::new(self.frames, size, output.pixels_per_point, foreign);
        // Unless somebody vouches for them, callbacks of others draw something new in each frame.
        let content = ctx.data_mut(|data| data.remove_temp::<u64>(content_id())).unwrap_or(self.frames);
        let gpu = self.gpu.lock();
        for clipped in primitives {
            match clipped.primitive {
                Primitive::Mesh(mesh) => {
                    let content = gpu.content(mesh.texture_id);
                    frame.add(clipped.clip_rect, mesh, content);
                }
                Primitive::Callback(callback) => frame.add_foreign(clipped.clip_rect, callback, content),
            }
        }
        drop(gpu);
        let whole = Whole { gpu: self.gpu.clone(), frame: Arc::new(frame.build()) };
        let callback = egui_wgpu::Callback::new_paint_callback(screen, whole);
        output.shapes = vec![ClippedShape::new(screen, Shape::Callback(callback))];
    }
}

fn content_id() -> egui::Id {
    egui::Id::unique("raster: content of callbacks")
}

/// A frame.
struct Whole {
    gpu: Arc<Mutex<Gpu>>,
    frame: Arc<Frame>,
}

impl CallbackTrait for Whole {
    fn prepare(
        &self,
        _device: &wgpu::Device,
        _queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        _resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        self.gpu.lock().prepare(&self.frame, screen, encoder)
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        self.gpu.lock().draw(&info, pass);
    }
}

#[cfg(test)]
mod tests;
