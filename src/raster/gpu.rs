//! The graphics device's side: pipelines, textures, and the buffers of the present frame.

use std::num::NonZeroU64;
use std::sync::Arc;

use eframe::egui_wgpu::{Renderer, ScreenDescriptor};
use eframe::wgpu;
use egui::epaint::textures::{TextureFilter, TextureOptions, TextureWrapMode, TexturesDelta};
use egui::epaint::{ClippedPrimitive, ImageData, ImageDelta, PaintCallbackInfo, TextureId};
use egui::mutex::RwLock;
use egui::{Rect, pos2};
use rustc_hash::FxHashMap;

use super::content::Content;
use super::plan::{Item, Plan, Shown, VERTEX_SIZE};
use super::runs::{Frame, Kind, Pixels, Step};

/// Smallest buffer for triangles, in bytes.
const LEAST_BUFFER: u64 = 1 << 16;
/// Of pictures: the one for which Mesa's software driver fills plain triangles in half of the time.
pub const PICTURE: wgpu::TextureFormat = wgpu::TextureFormat::Bgra8Unorm;

struct Texture {
    texture: wgpu::Texture,
    options: TextureOptions,
    bind_group: wgpu::BindGroup,
    content: Content,
}

/// A picture of the window's size.
struct Picture {
    texture: wgpu::Texture,
    bind_group: wgpu::BindGroup,
}

/// What is kept of the last frame.
struct Pictures {
    canvas: Picture,
    ground: Picture,
    shown: Shown,
}

/// What draws triangles.
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    textured: wgpu::RenderPipeline,
    plain: wgpu::RenderPipeline,
    opaque: wgpu::RenderPipeline,
    screen: wgpu::Buffer,
    screen_group: wgpu::BindGroup,
    texture_layout: wgpu::BindGroupLayout,
    samplers: FxHashMap<TextureOptions, wgpu::Sampler>,
    textures: FxHashMap<TextureId, Texture>,
    /// Shown by the last frame, and not any more.
    no_longer_wanted: Vec<TextureId>,
    vertices: wgpu::Buffer,
    indices: wgpu::Buffer,
    blank: wgpu::RenderPipeline,
    /// Of the canvas onto the screen.
    copy: wgpu::RenderPipeline,
    pictures: Option<Pictures>,
    /// Draws callbacks of others.
    foreign: Arc<RwLock<Renderer>>,
    plan: Plan,
    /// The frame that the plan and the buffers are for.
    planned: Option<u64>,
    /// Counts changes of textures.
    changes: u64,
}

impl Gpu {
    pub fn new(
        device: wgpu::Device,
        queue: wgpu::Queue,
        format: wgpu::TextureFormat,
        foreign: Arc<RwLock<Renderer>>,
    ) -> Self {
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("raster"),
            source: wgpu::ShaderSource::Wgsl(include_str!("shader.wgsl").into()),
        });
        let screen_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("raster screen"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: false,
                    min_binding_size: NonZeroU64::new(16),
                },
                count: None,
            }],
        });
        let texture_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("raster texture"),
            entries: &[
                wgpu::BindGroupLayoutEntry {
                    binding: 0,
                    visibility: wgpu::ShaderStages::FRAGMENT,
                    ty: wgpu::BindingType::Texture {
                        multisampled: false,
                        sample_type: wgpu::TextureSampleType::Float { filterable: true },
                        view_dimension: wgpu::TextureViewDimension::D2,
                    },
                    count: None,
                },
                wgpu::BindGroupLayoutEntry {
                    binding: 1,
                    visibility: wgpu::ShaderStages::FRAGMENT,
                    ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
                    count: None,
                },
            ],
        });
        let screen = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("raster screen"),
            size: 16,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let screen_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("raster screen"),
            layout: &screen_layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: screen.as_entire_binding() }],
        });
        let corners = [Some(wgpu::VertexBufferLayout {
            array_stride: VERTEX_SIZE as u64,
            step_mode: wgpu::VertexStepMode::Vertex,
            attributes: &wgpu::vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Unorm8x4],
        })];
        let pipeline = |format: wgpu::TextureFormat,
                        [vertex, fragment]: [&str; 2],
                        buffers: &[Option<wgpu::VertexBufferLayout<'_>>],
                        layouts: &[Option<&wgpu::BindGroupLayout>],
                        blend| {
            let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("raster"),
                bind_group_layouts: layouts,
                immediate_size: 0,
            });
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(fragment),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module: &shader,
                    entry_point: Some(vertex),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers,
                },
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &shader,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(wgpu::ColorTargetState {
                        format,
                        blend,
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let blend = Some(wgpu::BlendState {
            color: wgpu::BlendComponent {
                src_factor: wgpu::BlendFactor::One,
                dst_factor: wgpu::BlendFactor::OneMinusSrcAlpha,
                operation: wgpu::BlendOperation::Add,
            },
            alpha: wgpu::BlendComponent {
                src_factor: wgpu::BlendFactor::OneMinusDstAlpha,
                dst_factor: wgpu::BlendFactor::One,
                operation: wgpu::BlendOperation::Add,
            },
        });
        let textured = ["vertex_textured", "fragment_textured"];
        let plain = ["vertex_plain", "fragment_plain"];
        let blank = pipeline(PICTURE, ["vertex_cover", "fragment_blank"], &[], &[], None);
        let copy = ["vertex_copy", "fragment_copy"];
        let copy = pipeline(format, copy, &[], &[Some(&screen_layout), Some(&texture_layout)], None);
        Self {
            textured: pipeline(
                PICTURE,
                textured,
                &corners,
                &[Some(&screen_layout), Some(&texture_layout)],
                blend,
            ),
            plain: pipeline(PICTURE, plain, &corners, &[Some(&screen_layout)], blend),
            opaque: pipeline(PICTURE, plain, &corners, &[Some(&screen_layout)], None),
            vertices: buffer(&device, LEAST_BUFFER, wgpu::BufferUsages::VERTEX),
            indices: buffer(&device, LEAST_BUFFER, wgpu::BufferUsages::INDEX),
            device,
            queue,
            screen,
            screen_group,
            texture_layout,
            samplers: FxHashMap::default(),
            textures: FxHashMap::default(),
            no_longer_wanted: Vec::new(),
            blank,
            copy,
            pictures: None,
            foreign,
            plan: Plan::default(),
            planned: None,
            changes: 0,
        }
    }

    /// Takes over what a pass changed of the textures. What it frees is still shown by that pass, and
    /// goes with the next one.
    pub fn change_textures(&mut self, delta: &mut TexturesDelta) {
        for id in self.no_longer_wanted.drain(..) {
            self.textures.remove(&id);
        }
        #[expect(clippy::iter_over_hash_type, reason = "textures do not depend on each other")]
        for (id, images) in delta.set.drain() {
            for image in images {
                self.change_texture(id, &image);
            }
        }
        self.no_longer_wanted.extend(delta.free.drain());
    }

    fn change_texture(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let [width, height] = image.size.map(|side| side as u32);
        if width == 0 || height == 0 {
            return;
        }
        self.changes += 1;
        let whole = |known: &&mut Texture| [known.texture.width(), known.texture.height()] == [width, height];
        let known = self.textures.get_mut(&id).filter(|known| delta.pos.is_some() || whole(known));
        let texture = match known {
            Some(known) if known.options == delta.options => known.texture.clone(),
            Some(known) => {
                let texture = known.texture.clone();
                self.keep(id, texture.clone(), delta.options);
                texture
            }
            // A part of a texture that was never whole has nowhere to go.
            None if delta.pos.is_some() => return,
            None => {
                let texture = self.device.create_texture(&wgpu::TextureDescriptor {
                    label: Some("raster texture"),
                    size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                    mip_level_count: 1,
                    sample_count: 1,
                    dimension: wgpu::TextureDimension::D2,
                    format: wgpu::TextureFormat::Rgba8Unorm,
                    usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                    view_formats: &[],
                });
                self.keep(id, texture.clone(), delta.options);
                texture
            }
        };
        let at = delta.pos.unwrap_or_default();
        if let Some(known) = self.textures.get_mut(&id) {
            known.content.change(at, image, self.changes);
        }
        let [x, y] = at.map(|at| at as u32);
        self.queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x, y, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            image.as_raw(),
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * width),
                rows_per_image: Some(height),
            },
            wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        );
    }

    fn keep(&mut self, id: TextureId, texture: wgpu::Texture, options: TextureOptions) {
        let bind_group = self.texture_group(&texture, options);
        let mut content = Content::new([texture.width() as usize, texture.height() as usize]);
        if let Some(known) = self.textures.remove(&id).filter(|known| known.content.size() == content.size())
        {
            content = known.content;
        }
        self.textures.insert(id, Texture { texture, options, bind_group, content });
    }

    /// What lets a pipeline look up a texture.
    fn texture_group(&mut self, texture: &wgpu::Texture, options: TextureOptions) -> wgpu::BindGroup {
        let Self { device, samplers, .. } = self;
        let sampler = samplers.entry(options).or_insert_with(|| sampler(device, options));
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("raster texture"),
            layout: &self.texture_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) },
            ],
        })
    }

    /// What a texture shows.
    pub fn content(&self, id: TextureId) -> Option<&Content> {
        self.textures.get(&id).map(|texture| &texture.content)
    }

    /// Brings a frame's triangles to the device and draws what is new in the pictures, once. Returns
    /// what callbacks of others want to be done before.
    pub fn prepare(
        &mut self,
        frame: &Frame,
        screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
    ) -> Vec<wgpu::CommandBuffer> {
        // While a window is being resized, a frame may come for another size than the screen has. The
        // pictures are the frame's.
        let [width, height] = frame.size.map(|side| side as f32 / screen.pixels_per_point);
        let [across, down] = screen.size_in_pixels.map(|side| side as f32 / screen.pixels_per_point);
        let uniform = [width, height, across / width, down / height].map(f32::to_ne_bytes);
        self.queue.write_buffer(&self.screen, 0, uniform.as_flattened());
        if self.planned == Some(frame.number) {
            return Vec::new();
        }
        self.planned = Some(frame.number);
        let screen = &ScreenDescriptor { size_in_pixels: frame.size, ..*screen };
        let mut pictures = match self.pictures.take() {
            Some(pictures) if fits(&pictures.canvas, frame.size) => pictures,
            _ => {
                let [canvas, ground] =
                    ["raster canvas", "raster ground"].map(|name| self.blank_picture(name, frame.size));
                Pictures { canvas, ground, shown: Shown::default() }
            }
        };
        self.plan.make(frame, &mut pictures.shown);
        log::trace!("frame {}: {}", frame.number, self.plan.told());
        let Self { device, queue, plan, .. } = self;
        write(device, queue, &mut self.vertices, wgpu::BufferUsages::VERTEX, &plan.vertices);
        write(device, queue, &mut self.indices, wgpu::BufferUsages::INDEX, &plan.indices);
        let mut before = Vec::new();
        if !plan.ground.is_empty() {
            for step in &frame.order {
                if let Step::Foreign(callbacks) = step {
                    let mut foreign = self.foreign.write();
                    before.extend(foreign.update_buffers(device, queue, encoder, callbacks, screen));
                }
            }
        }
        self.draw_ground(frame, screen, &pictures.ground, encoder);
        self.draw_canvas(&pictures, encoder);
        self.pictures = Some(pictures);
        before
    }

    fn blank_picture(&mut self, name: &str, [width, height]: [u32; 2]) -> Picture {
        let texture = self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some(name),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: PICTURE,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_SRC
                | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let bind_group = self.texture_group(&texture, TextureOptions::NEAREST);
        Picture { texture, bind_group }
    }

    fn draw_ground(
        &self,
        frame: &Frame,
        screen: &ScreenDescriptor,
        ground: &Picture,
        encoder: &mut wgpu::CommandEncoder,
    ) {
        if self.plan.ground.is_empty() {
            return;
        }
        let mut pass = begin(encoder, ground).forget_lifetime();
        for (rect, runs) in &self.plan.ground {
            self.cover(&self.blank, *rect, &mut pass);
            for step in frame.order.iter().take(frame.ground_steps) {
                match step {
                    Step::Own(run) => {
                        let items = runs.get(*run).into_iter().flatten();
                        self.draw_items(items, &mut pass);
                    }
                    Step::Foreign(callbacks) => self.draw_foreign(callbacks, *rect, screen, &mut pass),
                }
            }
        }
    }

    fn draw_foreign(
        &self,
        callbacks: &[ClippedPrimitive],
        within: Pixels,
        screen: &ScreenDescriptor,
        pass: &mut wgpu::RenderPass<'static>,
    ) {
        let point = |x: u32, y: u32| pos2(x as f32, y as f32) / screen.pixels_per_point;
        let within = Rect::from_min_max(point(within.left, within.top), point(within.right, within.bottom));
        let clipped = |callback: &ClippedPrimitive| ClippedPrimitive {
            clip_rect: callback.clip_rect.intersect(within),
            primitive: callback.primitive.clone(),
        };
        let callbacks: Vec<ClippedPrimitive> = callbacks.iter().map(clipped).collect();
        self.foreign.read().render(pass, &callbacks, screen);
        let [width, height] = screen.size_in_pixels.map(|side| side as f32);
        pass.set_viewport(0.0, 0.0, width, height, 0.0, 1.0);
    }

    fn draw_canvas(&self, pictures: &Pictures, encoder: &mut wgpu::CommandEncoder) {
        if self.plan.canvas.is_empty() {
            return;
        }
        for part in self.plan.canvas.iter().filter(|part| part.on_ground) {
            let Pixels { left: x, top: y, right, bottom } = part.rect;
            let origin = wgpu::Origin3d { x, y, z: 0 };
            let [from, to] = [&pictures.ground, &pictures.canvas]
                .map(|picture| wgpu::TexelCopyTextureInfo { origin, ..picture.texture.as_image_copy() });
            let size = wgpu::Extent3d {
                width: right.saturating_sub(x),
                height: bottom.saturating_sub(y),
                depth_or_array_layers: 1,
            };
            encoder.copy_texture_to_texture(from, to, size);
        }
        let mut pass = begin(encoder, &pictures.canvas);
        for part in self.plan.canvas.iter().filter(|part| !part.on_ground) {
            self.cover(&self.blank, part.rect, &mut pass);
        }
        self.draw_items(&self.plan.items, &mut pass);
    }

    fn cover(&self, pipeline: &wgpu::RenderPipeline, rect: Pixels, pass: &mut wgpu::RenderPass<'_>) {
        set_scissor(pass, rect);
        pass.set_pipeline(pipeline);
        pass.draw(0..3, 0..1);
    }

    /// Draws the frame that was prepared last.
    pub fn draw(&self, info: &PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>) {
        let [right, bottom] = info.screen_size_px;
        pass.set_viewport(0.0, 0.0, right as f32, bottom as f32, 0.0, 1.0);
        if let Some(pictures) = &self.pictures {
            set_scissor(pass, Pixels { left: 0, top: 0, right, bottom });
            pass.set_pipeline(&self.copy);
            pass.set_bind_group(0, &self.screen_group, &[]);
            pass.set_bind_group(1, &pictures.canvas.bind_group, &[]);
            pass.draw(0..6, 0..1);
        }
    }

    fn draw_items<'a>(&self, items: impl IntoIterator<Item = &'a Item>, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_vertex_buffer(0, self.vertices.slice(..));
        pass.set_index_buffer(self.indices.slice(..), wgpu::IndexFormat::Uint32);
        let (mut kind_set, mut texture_set, mut scissor_set) = (None, None, None);
        for &Item { kind, texture, scissor, ref indices } in items {
            if scissor_set != Some(scissor) {
                set_scissor(pass, scissor);
                scissor_set = Some(scissor);
            }
            if kind_set != Some(kind) {
                pass.set_pipeline(match kind {
                    Kind::Textured => &self.textured,
                    Kind::Plain => &self.plain,
                    Kind::Opaque => &self.opaque,
                });
                pass.set_bind_group(0, &self.screen_group, &[]);
                kind_set = Some(kind);
                // A pipeline without textures lets go of the one that was set.
                texture_set = None;
            }
            if kind == Kind::Textured && texture_set != Some(texture) {
                let Some(known) = self.textures.get(&texture) else {
                    log::warn!("a texture is missing: {texture:?}");
                    continue;
                };
                pass.set_bind_group(1, &known.bind_group, &[]);
                texture_set = Some(texture);
            }
            pass.draw_indexed(indices.clone(), 0, 0..1);
        }
    }
}

fn fits(picture: &Picture, size: [u32; 2]) -> bool {
    [picture.texture.width(), picture.texture.height()] == size
}

/// Begins to draw onto what a picture shows.
fn begin<'a>(encoder: &'a mut wgpu::CommandEncoder, picture: &Picture) -> wgpu::RenderPass<'a> {
    let view = picture.texture.create_view(&wgpu::TextureViewDescriptor::default());
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("raster picture"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: &view,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store },
            depth_slice: None,
        })],
        ..Default::default()
    })
}

fn set_scissor(pass: &mut wgpu::RenderPass<'_>, pixels: Pixels) {
    let Pixels { left, top, right, bottom } = pixels;
    pass.set_scissor_rect(left, top, right.saturating_sub(left), bottom.saturating_sub(top));
}

fn buffer(device: &wgpu::Device, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("raster triangles"),
        size,
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Writes to a buffer, which grows as it must.
fn write(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    into: &mut wgpu::Buffer,
    usage: wgpu::BufferUsages,
    bytes: &[u8],
) {
    let size = bytes.len() as u64;
    if into.size() < size {
        *into = buffer(device, size.max(into.size() * 2), usage);
    }
    queue.write_buffer(into, 0, bytes);
}

fn sampler(device: &wgpu::Device, options: TextureOptions) -> wgpu::Sampler {
    let filter = |filter| match filter {
        TextureFilter::Nearest => wgpu::FilterMode::Nearest,
        TextureFilter::Linear => wgpu::FilterMode::Linear,
    };
    let wrap = match options.wrap_mode {
        TextureWrapMode::ClampToEdge => wgpu::AddressMode::ClampToEdge,
        TextureWrapMode::Repeat => wgpu::AddressMode::Repeat,
        TextureWrapMode::MirroredRepeat => wgpu::AddressMode::MirrorRepeat,
    };
    device.create_sampler(&wgpu::SamplerDescriptor {
        label: Some("raster texture"),
        mag_filter: filter(options.magnification),
        min_filter: filter(options.minification),
        address_mode_u: wrap,
        address_mode_v: wrap,
        ..Default::default()
    })
}
