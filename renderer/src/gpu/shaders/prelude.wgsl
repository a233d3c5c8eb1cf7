// Before every shader: what the frame, the tile and the layer say, and a few words that all share.
// Colours come in straight and go out premultiplied; all of them are sRGB, and so is the target: as on the 2-D map.

struct Frame {
    // Straight.
    background: vec4<f32>,
    sky: vec4<f32>,
    // A unit vector to where the light comes from, and its intensity.
    light: vec4<f32>,
    light_color: vec4<f32>,
    // Scale and shift of clip space: all of the picture, or a few pixels of it that are picked.
    window: vec4<f32>,
    // Target pixels.
    size: vec2<f32>,
    // Target pixels in a sheet pixel.
    ratio: f32,
    // Target pixels from the top.
    horizon: f32,
}

struct Tile {
    matrix: mat4x4<f32>,
    // West, north, east, south.
    clip: vec4<f32>,
    // Sheet pixels in a tile unit at the middle of the picture.
    px_per_unit: f32,
    // One more than its place among the frame's tiles: in picks, 0 is nothing.
    number: u32,
    unused: vec2<f32>,
}

struct Layer {
    color: vec4<f32>,
    translate: vec2<f32>,
    opacity: f32,
    width: f32,
    gap_width: f32,
    offset: f32,
    blur: f32,
    radius: f32,
    // 1 where walls darken towards the ground.
    gradient: f32,
    // Pairs of dash and gap; 0 for a solid line.
    dash_pairs: u32,
    unused: vec2<f32>,
    // In widths.
    dashes: array<vec4<f32>, 2>,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<uniform> tile: Tile;
@group(0) @binding(2) var<uniform> layer: Layer;

// Where clip space lies on the target.
fn on_target(clip: vec4<f32>) -> vec4<f32> {
    return vec4<f32>(clip.xy * frame.window.xy + frame.window.zw * clip.w, clip.zw);
}

// A place on the ground after the layer's translation.
fn shifted(at: vec2<f32>) -> vec2<f32> {
    return at + layer.translate / tile.px_per_unit;
}

fn project(at: vec2<f32>, height: f32) -> vec4<f32> {
    return tile.matrix * vec4<f32>(at, height, 1.0);
}

fn is_clipped(at: vec2<f32>) -> bool {
    return any(at < tile.clip.xy) || any(at >= tile.clip.zw);
}

// How much of a pixel `g` wide, `d` from the middle, a band covers that reaches `half` to both sides.
fn cover(d: f32, half: f32, g: f32) -> f32 {
    return clamp((half - d) / g + 0.5, 0.0, 1.0) - clamp((-half - d) / g + 0.5, 0.0, 1.0);
}

fn premultiplied(color: vec4<f32>) -> vec4<f32> {
    return vec4<f32>(color.rgb * color.a, color.a);
}

// What a pick reads: the tile, the feature, and the depth as bits. The depth comes as depth and distance of clip space: what the target
// holds instead only tells who was there first.
fn picked(number: u32, feature: u32, depth: vec2<f32>) -> vec4<u32> {
    return vec4<u32>(number, feature, bitcast<u32>(depth.x / depth.y), 1u);
}
