//! The graphics device's side of points: the pipeline, the buffers of a store, and the one draw.
//!
//! What is asked of the device is watched for errors, so that a device that is full, too small or lost
//! means that points are drawn in another way, and not the end of the program.

use std::num::NonZeroU64;
use std::ops::Range;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use eframe::egui_wgpu::{self, CallbackResources, CallbackTrait, RenderState, ScreenDescriptor};
use eframe::wgpu;
use egui::epaint::PaintCallbackInfo;

use super::instances;

/// Colours in the shader's table.
pub const COLORS: usize = 256;
/// Words in a row of the mask's texture.
pub const MASK_WORDS: usize = 1024;
/// Bytes of the shader's view: what is told of it, filled up to whole vectors, and the colours.
const VIEW_BYTES: usize = 64 + COLORS * 16;

/// What the shader knows beside the events themselves; see there.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub origin_at: [f32; 2],
    pub origin: [u32; 2],
    pub begins: Range<u32>,
    pub ends: Range<u32>,
    pub scale: f32,
    pub radius: f32,
    /// What is drawn at all.
    pub instances: Range<u32>,
    /// By [`super::instances::look`].
    pub colors: Box<[[f32; 4]; COLORS]>,
}

impl View {
    /// As the shader reads it, for a window of a size in pixels.
    fn bytes(&self, [width, height]: [u32; 2]) -> [u8; VIEW_BYTES] {
        let [x, y] = self.origin_at;
        let [origin_x, origin_y] = self.origin;
        let head = [
            (width as f32).to_bits(),
            (height as f32).to_bits(),
            x.to_bits(),
            y.to_bits(),
            origin_x,
            origin_y,
            self.begins.start,
            self.begins.end,
            self.ends.start,
            self.ends.end,
            self.scale.to_bits(),
            self.radius.to_bits(),
            self.instances.start,
        ];
        let head = head.map(u32::to_ne_bytes);
        let colors = self.colors.map(|color| color.map(f32::to_ne_bytes));
        let colors = colors.as_flattened().as_flattened();
        let mut bytes = [0; VIEW_BYTES];
        let (above, table) = bytes.split_at_mut(VIEW_BYTES - colors.len());
        for (to, from) in above.iter_mut().zip(head.as_flattened()) {
            *to = *from;
        }
        table.copy_from_slice(colors);
        bytes
    }
}

/// What draws points.
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    layout: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
    view: wgpu::Buffer,
}

/// The events of a store on the device.
pub struct Rows {
    instances: wgpu::Buffer,
    mask: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl Gpu {
    pub fn new(state: &RenderState) -> Result<Self, String> {
        let format = state.target_format;
        if format.is_srgb() {
            // Such a target wants other colours than the ones that are written here.
            return Err("an sRGB target".to_owned());
        }
        watched(&state.device, || {
            let layout = state.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some("points"),
                entries: &[
                    wgpu::BindGroupLayoutEntry {
                        binding: 0,
                        visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
                        ty: wgpu::BindingType::Buffer {
                            ty: wgpu::BufferBindingType::Uniform,
                            has_dynamic_offset: false,
                            min_binding_size: NonZeroU64::new(VIEW_BYTES as u64),
                        },
                        count: None,
                    },
                    wgpu::BindGroupLayoutEntry {
                        binding: 1,
                        visibility: wgpu::ShaderStages::VERTEX,
                        ty: wgpu::BindingType::Texture {
                            multisampled: false,
                            sample_type: wgpu::TextureSampleType::Uint,
                            view_dimension: wgpu::TextureViewDimension::D2,
                        },
                        count: None,
                    },
                ],
            });
            let view = state.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("points view"),
                size: VIEW_BYTES as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            Self {
                pipeline: pipeline(&state.device, &layout, format),
                device: state.device.clone(),
                queue: state.queue.clone(),
                layout,
                view,
            }
        })
    }

    /// Room for so many events.
    pub fn rows(&self, count: u32) -> Result<Rows, String> {
        let limits = self.device.limits();
        let size = u64::from(count.max(1)) * instances::BYTES as u64;
        if size > limits.max_buffer_size {
            return Err(format!("{size} bytes are more than a buffer may have"));
        }
        let height = count.div_ceil(u32::BITS * MASK_WORDS as u32).max(1);
        if height.max(MASK_WORDS as u32) > limits.max_texture_dimension_2d {
            return Err(format!("a texture of {height} lines is larger than it may be"));
        }
        watched(&self.device, || {
            let instances = self.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("points"),
                size,
                usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            let mask = self.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("points mask"),
                size: wgpu::Extent3d { width: MASK_WORDS as u32, height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: wgpu::TextureFormat::R32Uint,
                usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            });
            let texture = mask.create_view(&wgpu::TextureViewDescriptor::default());
            let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("points"),
                layout: &self.layout,
                entries: &[
                    wgpu::BindGroupEntry { binding: 0, resource: self.view.as_entire_binding() },
                    wgpu::BindGroupEntry {
                        binding: 1,
                        resource: wgpu::BindingResource::TextureView(&texture),
                    },
                ],
            });
            Rows { instances, mask, group }
        })
    }

    /// Brings instances to the device, from the given one on.
    pub fn write_instances(&self, rows: &Rows, from: u32, bytes: &[u8]) -> Result<(), String> {
        let offset = u64::from(from) * instances::BYTES as u64;
        watched(&self.device, || self.queue.write_buffer(&rows.instances, offset, bytes))
    }

    /// Brings a mask to the device: whole rows of [`MASK_WORDS`].
    pub fn write_mask(&self, rows: &Rows, words: &[u32]) -> Result<(), String> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        let height = rows.mask.height().min((words.len() / MASK_WORDS) as u32);
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(4 * MASK_WORDS as u32),
            rows_per_image: Some(height),
        };
        let size = wgpu::Extent3d { width: MASK_WORDS as u32, height, depth_or_array_layers: 1 };
        watched(&self.device, || self.queue.write_texture(rows.mask.as_image_copy(), &bytes, layout, size))
    }

    /// Something that draws events in a view.
    pub fn draw(&self, rows: &Rows, view: View) -> impl CallbackTrait + use<> {
        Draw {
            pipeline: self.pipeline.clone(),
            group: rows.group.clone(),
            instances: rows.instances.clone(),
            uniform: self.view.clone(),
            view,
        }
    }
}

fn pipeline(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    format: wgpu::TextureFormat,
) -> wgpu::RenderPipeline {
    let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("points"),
        source: wgpu::ShaderSource::Wgsl(include_str!("shader.wgsl").into()),
    });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("points"),
        bind_group_layouts: &[Some(layout)],
        immediate_size: 0,
    });
    // As the window's other triangles are blended.
    let blend = wgpu::BlendState {
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
    };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("points"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &shader,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[Some(wgpu::VertexBufferLayout {
                array_stride: instances::BYTES as u64,
                step_mode: wgpu::VertexStepMode::Instance,
                attributes: &wgpu::vertex_attr_array![0 => Uint32x2, 1 => Uint32, 2 => Uint32],
            })],
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..wgpu::PrimitiveState::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &shader,
            entry_point: Some("fragment"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format,
                blend: Some(blend),
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}

/// Does something with a device, and fails with what it complains of.
fn watched<T>(device: &wgpu::Device, work: impl FnOnce() -> T) -> Result<T, String> {
    let filters =
        [wgpu::ErrorFilter::Internal, wgpu::ErrorFilter::OutOfMemory, wgpu::ErrorFilter::Validation];
    let scopes = filters.map(|filter| device.push_error_scope(filter));
    let done = work();
    let mut complaint = None;
    // The last one that was opened is closed first.
    for scope in scopes.into_iter().rev() {
        // Complaints are there at once; there is nothing to wait for.
        let error = pin!(scope.pop()).poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(Some(error)) = error {
            complaint.get_or_insert_with(|| error.to_string());
        }
    }
    complaint.map_or(Ok(done), Err)
}

/// The events of a view in one draw.
struct Draw {
    pipeline: wgpu::RenderPipeline,
    group: wgpu::BindGroup,
    instances: wgpu::Buffer,
    uniform: wgpu::Buffer,
    view: View,
}

impl CallbackTrait for Draw {
    fn prepare(
        &self,
        _device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        _resources: &mut egui_wgpu::CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        queue.write_buffer(&self.uniform, 0, &self.view.bytes(screen.size_in_pixels));
        Vec::new()
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        let Range { start, end } = self.view.instances;
        let bytes = |instance: u32| u64::from(instance) * instances::BYTES as u64;
        if start >= end || bytes(end) > self.instances.size() {
            return;
        }
        let [width, height] = info.screen_size_px;
        pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.group, &[]);
        // The buffer begins with the first one that is drawn: not all devices count from elsewhere.
        pass.set_vertex_buffer(0, self.instances.slice(bytes(start)..bytes(end)));
        pass.draw(0..4, 0..end - start);
    }
}
