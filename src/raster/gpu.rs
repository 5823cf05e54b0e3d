//! The graphics device's side: pipelines, textures, and the buffers of the present frame.

use std::num::NonZeroU64;

use eframe::egui_wgpu::ScreenDescriptor;
use eframe::wgpu;
use egui::epaint::textures::{TextureFilter, TextureOptions, TextureWrapMode, TexturesDelta};
use egui::epaint::{ImageData, ImageDelta, PaintCallbackInfo, TextureId};
use rustc_hash::FxHashMap;

use super::plan::{Item, Plan, VERTEX_SIZE};
use super::runs::{Frame, Kind, Pixels};

/// Smallest buffer for triangles, in bytes.
const LEAST_BUFFER: u64 = 1 << 16;

struct Texture {
    texture: wgpu::Texture,
    options: TextureOptions,
    bind_group: wgpu::BindGroup,
    /// Changes with the content.
    version: u64,
}

/// A picture of the window without what others draw.
struct Canvas {
    texture: wgpu::Texture,
    bind_group: wgpu::BindGroup,
    /// Sums of what the cells show; `None` for those that show nothing of use.
    cells: Vec<Option<u64>>,
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
    format: wgpu::TextureFormat,
    blank: wgpu::RenderPipeline,
    copy: wgpu::RenderPipeline,
    canvas_layout: wgpu::BindGroupLayout,
    canvas: Option<Canvas>,
    plan: Plan,
    /// The frame that the plan and the buffers are for.
    planned: Option<u64>,
    /// Counts changes of textures.
    versions: u64,
}

impl Gpu {
    pub fn new(device: wgpu::Device, queue: wgpu::Queue, format: wgpu::TextureFormat) -> Self {
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
        let canvas_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("raster canvas"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 1,
                visibility: wgpu::ShaderStages::FRAGMENT,
                ty: wgpu::BindingType::Texture {
                    multisampled: false,
                    sample_type: wgpu::TextureSampleType::Float { filterable: false },
                    view_dimension: wgpu::TextureViewDimension::D2,
                },
                count: None,
            }],
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
        let pipeline = |[vertex, fragment]: [&str; 2],
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
        let blank = pipeline(["vertex_cover", "fragment_blank"], &[], &[], None);
        let copy = pipeline(["vertex_cover", "fragment_copy"], &[], &[Some(&canvas_layout)], None);
        Self {
            textured: pipeline(textured, &corners, &[Some(&screen_layout), Some(&texture_layout)], blend),
            plain: pipeline(plain, &corners, &[Some(&screen_layout)], blend),
            opaque: pipeline(plain, &corners, &[Some(&screen_layout)], None),
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
            format,
            blank,
            copy,
            canvas_layout,
            canvas: None,
            plan: Plan::default(),
            planned: None,
            versions: 0,
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
        self.versions += 1;
        let version = self.versions;
        let known = self.textures.get_mut(&id).filter(|_| delta.pos.is_some());
        let texture = match known {
            Some(known) if known.options == delta.options => {
                known.version = version;
                known.texture.clone()
            }
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
        let [x, y] = delta.pos.unwrap_or_default().map(|at| at as u32);
        let bytes: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
        self.queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x, y, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            &bytes,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * width),
                rows_per_image: Some(height),
            },
            wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        );
    }

    fn keep(&mut self, id: TextureId, texture: wgpu::Texture, options: TextureOptions) {
        let Self { device, samplers, .. } = self;
        let sampler = samplers.entry(options).or_insert_with(|| sampler(device, options));
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("raster texture"),
            layout: &self.texture_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) },
            ],
        });
        self.textures.insert(id, Texture { texture, options, bind_group, version: self.versions });
    }

    /// Changes whenever the content of a texture does.
    pub fn version(&self, id: TextureId) -> u64 {
        self.textures.get(&id).map_or(0, |texture| texture.version)
    }

    /// Brings a frame's triangles to the device and draws what is new in the canvas, once.
    pub fn prepare(&mut self, frame: &Frame, screen: &ScreenDescriptor, encoder: &mut wgpu::CommandEncoder) {
        if self.planned == Some(frame.number) {
            return;
        }
        self.planned = Some(frame.number);
        let [width, height] = screen.size_in_pixels.map(|side| side as f32 / screen.pixels_per_point);
        let uniform = [width, height, 0.0, 0.0].map(f32::to_ne_bytes);
        self.queue.write_buffer(&self.screen, 0, uniform.as_flattened());
        let mut canvas = self.canvas.take().filter(|canvas| fits(canvas, screen.size_in_pixels));
        let mut nothing = Vec::new();
        if canvas.is_none() && screen.size_in_pixels == frame.size {
            canvas = Some(self.blank_canvas(frame.size));
        }
        let cells = canvas.as_mut().map_or(&mut nothing, |canvas| &mut canvas.cells);
        self.plan.make(frame, screen.size_in_pixels, cells);
        let Self { device, queue, plan, .. } = self;
        write(device, queue, &mut self.vertices, wgpu::BufferUsages::VERTEX, &plan.vertices);
        write(device, queue, &mut self.indices, wgpu::BufferUsages::INDEX, &plan.indices);
        if let Some(canvas) = canvas.as_ref().filter(|_| !self.plan.canvas.is_empty()) {
            self.draw_canvas(canvas, encoder);
        }
        self.canvas = canvas;
    }

    fn blank_canvas(&self, [width, height]: [u32; 2]) -> Canvas {
        let texture = self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("raster canvas"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let bind_group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("raster canvas"),
            layout: &self.canvas_layout,
            entries: &[wgpu::BindGroupEntry {
                binding: 1,
                resource: wgpu::BindingResource::TextureView(&view),
            }],
        });
        Canvas { texture, bind_group, cells: Vec::new() }
    }

    fn draw_canvas(&self, canvas: &Canvas, encoder: &mut wgpu::CommandEncoder) {
        let view = canvas.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("raster canvas"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                resolve_target: None,
                ops: wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store },
                depth_slice: None,
            })],
            ..Default::default()
        });
        for (rect, items) in &self.plan.canvas {
            set_scissor(&mut pass, *rect);
            pass.set_pipeline(&self.blank);
            pass.draw(0..3, 0..1);
            self.draw_items(items.iter().cloned(), &mut pass);
        }
    }

    /// Draws one run of the frame that was prepared last; the first one brings the canvas along.
    pub fn draw(&self, run: usize, info: &PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>) {
        let [width, height] = info.screen_size_px;
        pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
        if let Some(canvas) = self.canvas.as_ref().filter(|_| run == 0 && !self.plan.copies.is_empty()) {
            pass.set_pipeline(&self.copy);
            pass.set_bind_group(0, &canvas.bind_group, &[]);
            for rect in &self.plan.copies {
                set_scissor(pass, *rect);
                pass.draw(0..3, 0..1);
            }
        }
        let screen = Pixels { left: 0, top: 0, right: width, bottom: height };
        if let Some(items) = self.plan.straight.get(run) {
            let fits = |item: &&Item| !item.scissor.intersect(screen).is_empty();
            self.draw_items(items.iter().filter(fits).map(|item| item.clipped(screen)), pass);
        }
    }

    fn draw_items(&self, items: impl IntoIterator<Item = Item>, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_vertex_buffer(0, self.vertices.slice(..));
        pass.set_index_buffer(self.indices.slice(..), wgpu::IndexFormat::Uint32);
        let (mut kind_set, mut texture_set, mut scissor_set) = (None, None, None);
        for Item { kind, texture, scissor, indices } in items {
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
            pass.draw_indexed(indices, 0, 0..1);
        }
    }
}

fn fits(canvas: &Canvas, size: [u32; 2]) -> bool {
    [canvas.texture.width(), canvas.texture.height()] == size
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
