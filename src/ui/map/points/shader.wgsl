// A dot per event. Each instance is a square of four corners around its place; those that are not
// shown lie outside of everything.

struct View {
    // Of the window, in pixels.
    size: vec2<f32>,
    // Where the origin lies in the window, in pixels.
    origin_at: vec2<f32>,
    // A place of the world in its units, in or near the view.
    origin: vec2<u32>,
    // From, and without.
    begins: vec2<u32>,
    ends: vec2<u32>,
    // Pixels per unit of the world.
    scale: f32,
    // In pixels.
    radius: f32,
    // Number of the first instance that is drawn.
    first: u32,
    // By dataset and type, premultiplied.
    colors: array<vec4<f32>, 256>,
};

@group(0) @binding(0) var<uniform> view: View;
// One bit per instance.
@group(0) @binding(1) var mask: texture_2d<u32>;

struct Corner {
    @builtin(position) position: vec4<f32>,
    // From the centre of the dot, in pixels.
    @location(0) offset: vec2<f32>,
    @location(1) @interpolate(flat) color: vec4<f32>,
};

// Differences of places need more bits than a float has; their halves do not. Near the origin, where
// a unit is seen, the result is exact.
fn from_origin(point: vec2<u32>) -> vec2<f32> {
    let high = vec2<i32>(point >> vec2<u32>(16u)) - vec2<i32>(view.origin >> vec2<u32>(16u));
    let low = vec2<i32>(point & vec2<u32>(0xffffu)) - vec2<i32>(view.origin & vec2<u32>(0xffffu));
    return vec2<f32>(high) * 65536.0 + vec2<f32>(low);
}

@vertex
fn vertex(
    @builtin(vertex_index) corner: u32,
    @builtin(instance_index) instance: u32,
    @location(0) point: vec2<u32>,
    @location(1) begin: u32,
    @location(2) end_and_type: u32,
) -> Corner {
    let number = view.first + instance;
    let word = number / 32u;
    let columns = textureDimensions(mask).x;
    let bits = textureLoad(mask, vec2<u32>(word % columns, word / columns), 0).x;
    let end = end_and_type >> 8u;
    let in_window = begin >= view.begins.x && begin < view.begins.y && end >= view.ends.x && end < view.ends.y;
    if (((bits >> (number % 32u)) & 1u) == 0u || !in_window) {
        return Corner(vec4<f32>(-2.0, -2.0, 0.0, 1.0), vec2<f32>(0.0), vec4<f32>(0.0));
    }
    let sides = vec2<f32>(vec2<u32>(corner & 1u, corner >> 1u)) * 2.0 - 1.0;
    // The edge fades out over the width of a pixel.
    let offset = sides * (view.radius + 0.5);
    let pixel = view.origin_at + from_origin(point) * view.scale + offset;
    let part = pixel / view.size;
    let position = vec4<f32>(2.0 * part.x - 1.0, 1.0 - 2.0 * part.y, 0.0, 1.0);
    return Corner(position, offset, view.colors[end_and_type & 0xffu]);
}

@fragment
fn fragment(corner: Corner) -> @location(0) vec4<f32> {
    let covered = clamp(view.radius + 0.5 - length(corner.offset), 0.0, 1.0);
    return corner.color * covered;
}
