//! What stands in for a window's surface: a texture that frames are drawn into, and the graphics
//! device that draws them.
//!
//! [`Screen::draw`] does what the window does for a frame, step by step (buffers, render pass,
//! submission, freeing of textures), and then waits until the device is idle, which a window leaves
//! to the next frame. Nothing is read back; pictures are for [`Screen::picture`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui_wgpu::{
    self, Renderer, RendererOptions, ScreenDescriptor, WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew,
};
use eframe::wgpu;
use egui::TexturesDelta;
use egui::epaint::{ClippedPrimitive, TextureId};
use egui::mutex::RwLock;
use egui_kittest::TestRenderer;
use egui_kittest::wgpu::{WgpuTestRenderer, default_wgpu_setup};

/// Longest that the device may be busy with one frame.
const DRAW_LIMIT: Duration = Duration::from_secs(60);

/// Of the texture that frames are drawn into: what windows mostly have, those of software drivers too.
const TARGET: wgpu::TextureFormat = wgpu::TextureFormat::Bgra8Unorm;

/// A graphics device, and the texture that it draws the window into.
pub struct Screen {
    state: egui_wgpu::RenderState,
    pictures: WgpuTestRenderer,
    target: Option<wgpu::Texture>,
    /// Textures that the last frame still showed and the next one does not.
    no_longer_wanted: Vec<TextureId>,
    /// Time spent handing over textures since the last frame was drawn.
    uploading: Duration,
}

impl Screen {
    /// A device of its own: a software one if there is one. Fails where there is no graphics driver.
    pub fn open() -> Result<Self, String> {
        let state = render_state()?;
        Ok(Self {
            pictures: WgpuTestRenderer::from_render_state(state.clone()),
            state,
            target: None,
            no_longer_wanted: Vec::new(),
            uploading: Duration::ZERO,
        })
    }

    /// How long handing over textures has taken since this was last asked.
    pub fn take_upload_time(&mut self) -> Duration {
        std::mem::take(&mut self.uploading)
    }

    /// Draws a frame of a size in pixels and returns when the device has done so.
    pub fn draw(
        &mut self,
        primitives: &[ClippedPrimitive],
        size_in_pixels: [u32; 2],
        pixels_per_point: f32,
    ) -> Result<(), String> {
        let screen = ScreenDescriptor { size_in_pixels, pixels_per_point };
        let view = self.target(size_in_pixels).create_view(&wgpu::TextureViewDescriptor::default());
        let Self { state, .. } = self;
        let mut encoder =
            state.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("frame") });
        let buffers = state.renderer.write().update_buffers(
            &state.device,
            &state.queue,
            &mut encoder,
            primitives,
            &screen,
        );
        {
            let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("frame"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                        store: wgpu::StoreOp::Store,
                    },
                    depth_slice: None,
                })],
                ..Default::default()
            });
            // The pass ends with this block, before its encoder is used again.
            state.renderer.read().render(&mut pass.forget_lifetime(), primitives, &screen);
        }
        state.queue.submit(buffers.into_iter().chain([encoder.finish()]));
        self.free_textures();
        let idle = wgpu::PollType::Wait { submission_index: None, timeout: Some(DRAW_LIMIT) };
        self.state.device.poll(idle).map(|_| ()).map_err(|err| err.to_string())
    }

    /// The texture that frames are drawn into, as large as asked for.
    fn target(&mut self, [width, height]: [u32; 2]) -> &wgpu::Texture {
        let Self { state, target, .. } = self;
        if target.as_ref().is_some_and(|target| (target.width(), target.height()) != (width, height)) {
            *target = None;
        }
        target.get_or_insert_with(|| {
            state.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("window"),
                size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: state.target_format,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
                view_formats: &[],
            })
        })
    }

    fn free_textures(&mut self) {
        let mut renderer = self.state.renderer.write();
        self.no_longer_wanted.drain(..).for_each(|id| renderer.free_texture(&id));
    }

    /// Takes in what a frame changed of the textures. What it frees stays until the frame is drawn,
    /// or the next one begins.
    fn change_textures(&mut self, delta: &mut TexturesDelta) {
        self.free_textures();
        let begun = Instant::now();
        let Self { state, .. } = self;
        let mut renderer = state.renderer.write();
        #[expect(clippy::iter_over_hash_type, reason = "textures do not depend on each other")]
        for (id, images) in delta.set.drain() {
            for image in images {
                renderer.update_texture(&state.device, &state.queue, id, &image);
            }
        }
        self.uploading += begun.elapsed();
        self.no_longer_wanted.extend(delta.free.drain());
    }

    fn picture(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let mut picture = self.pictures.render(ctx, output)?;
        // It takes blue for red.
        picture.pixels_mut().for_each(|pixel| pixel.0.swap(0, 2));
        Ok(picture)
    }
}

/// A screen for two: whoever drives the window, and the harness that the window runs in.
#[derive(Clone)]
pub struct SharedScreen(std::rc::Rc<std::cell::RefCell<Screen>>);

impl SharedScreen {
    pub fn new(screen: Screen) -> Self {
        Self(std::rc::Rc::new(std::cell::RefCell::new(screen)))
    }

    pub fn borrow(&self) -> std::cell::RefMut<'_, Screen> {
        self.0.borrow_mut()
    }
}

impl TestRenderer for SharedScreen {
    fn setup_eframe(&self, cc: &mut eframe::CreationContext<'_>, frame: &mut eframe::Frame) {
        self.borrow().pictures.setup_eframe(cc, frame);
    }

    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.borrow().change_textures(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        self.borrow().picture(ctx, output)
    }
}

/// A graphics device without a window: a software one if there is one, so that pictures are the
/// same everywhere. Vulkan, Metal or DirectX first; OpenGL only if these have nothing, because
/// looking for it asks the window system and takes long where there is none.
fn render_state() -> Result<egui_wgpu::RenderState, String> {
    let WgpuSetup::CreateNew(first) = default_wgpu_setup() else {
        return Err("the graphics setup cannot be changed".to_owned());
    };
    let chosen_by_user = wgpu::Backends::from_env();
    let attempts =
        chosen_by_user.map_or(vec![wgpu::Backends::PRIMARY, wgpu::Backends::GL], |backends| vec![backends]);
    let mut reason = String::new();
    for backends in attempts {
        let mut setup = first.clone();
        setup.instance_descriptor.backends = backends;
        match create(setup) {
            Ok(state) => return Ok(state),
            Err(err) => reason = err,
        }
    }
    Err(format!(
        "there is no graphics driver to draw with, not even a software one such as Mesa's lavapipe ({reason})"
    ))
}

fn create(setup: WgpuSetupCreateNew) -> Result<egui_wgpu::RenderState, String> {
    let setup = WgpuSetup::CreateNew(setup);
    let instance = pollster::block_on(setup.new_instance());
    let config = WgpuConfiguration { wgpu_setup: setup, ..WgpuConfiguration::default() };
    let options = RendererOptions::PREDICTABLE;
    let state = egui_wgpu::RenderState::create(&config, &instance, None, options);
    let state = pollster::block_on(state).map_err(|err| err.to_string())?;
    let renderer = Renderer::new(&state.device, TARGET, options);
    Ok(egui_wgpu::RenderState { target_format: TARGET, renderer: Arc::new(RwLock::new(renderer)), ..state })
}
