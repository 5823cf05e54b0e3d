// Triangles as the window's painter makes them: positions in points, colours premultiplied and in
// gamma space. What is drawn to is not sRGB-aware either, so colours are passed on as they are.

struct Screen {
    size_in_points: vec2<f32>,
    // Sides of what is shown in sides of the canvas: 1, but for a moment while a window is resized.
    canvases: vec2<f32>,
};

@group(0) @binding(0) var<uniform> screen: Screen;
@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var picture_sampler: sampler;

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) color: vec4<f32>,
    @location(1) uv: vec2<f32>,
};

fn on_screen(point: vec2<f32>) -> vec4<f32> {
    let part = point / screen.size_in_points;
    return vec4<f32>(2.0 * part.x - 1.0, 1.0 - 2.0 * part.y, 0.0, 1.0);
}

@vertex
fn vertex_textured(
    @location(0) point: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) color: vec4<f32>,
) -> Corner {
    return Corner(on_screen(point), color, uv);
}

@fragment
fn fragment_textured(corner: Corner) -> @location(0) vec4<f32> {
    return corner.color * textureSample(picture, picture_sampler, corner.uv);
}

struct PlainCorner {
    @builtin(position) position: vec4<f32>,
    @location(0) color: vec4<f32>,
};

@vertex
fn vertex_plain(
    @location(0) point: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) color: vec4<f32>,
) -> PlainCorner {
    return PlainCorner(on_screen(point), color);
}

@fragment
fn fragment_plain(corner: PlainCorner) -> @location(0) vec4<f32> {
    return corner.color;
}

// One triangle over the whole target; the scissor says how much of it.
@vertex
fn vertex_cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    let x = select(-1.0, 3.0, corner == 1u);
    let y = select(-1.0, 3.0, corner == 2u);
    return vec4<f32>(x, y, 0.0, 1.0);
}

@fragment
fn fragment_blank() -> @location(0) vec4<f32> {
    return vec4<f32>(0.0, 0.0, 0.0, 0.0);
}

// The canvas onto the screen, pixel by pixel. Mesa's software driver copies whole rows, three times as
// fast, if it sees that this is all there is to do: two triangles that make a rectangle, and a place
// that is told as the half of four numbers and goes into the look-up as it comes.

struct CopyCorner {
    @builtin(position) position: vec4<f32>,
    @location(0) place: vec4<f32>,
};

@vertex
fn vertex_copy(@builtin(vertex_index) corner: u32) -> CopyCorner {
    let x = select(0.0, 1.0, corner == 1u || corner == 2u || corner == 4u);
    let y = select(0.0, 1.0, corner == 2u || corner == 4u || corner == 5u);
    let position = vec4<f32>(2.0 * x - 1.0, 2.0 * y - 1.0, 0.0, 1.0);
    return CopyCorner(position, vec4<f32>(vec2<f32>(x, 1.0 - y) * screen.canvases, 0.0, 0.0));
}

@fragment
fn fragment_copy(corner: CopyCorner) -> @location(0) vec4<f32> {
    return textureSample(picture, picture_sampler, corner.place.xy);
}
