// Characters with their halos, and icons, on top of everything.

struct Corner {
    @location(0) at: vec2<f32>,
    @location(1) depth: f32,
    @location(2) uv: vec2<f32>,
    @location(3) sharpness: f32,
    @location(4) halo: f32,
    @location(5) color: vec4<f32>,
    @location(6) halo_color: vec4<f32>,
    @location(7) feature: vec2<u32>,
}

struct Place {
    @builtin(position) clip: vec4<f32>,
    // Texels.
    @location(0) uv: vec2<f32>,
    // Distance in a target pixel, and how far the halo reaches, both of 1 (255 in the atlas).
    @location(1) soft_halo: vec2<f32>,
    @location(2) color: vec4<f32>,
    @location(3) halo_color: vec4<f32>,
    @location(4) @interpolate(flat, either) feature: vec2<u32>,
    @location(5) depth: vec2<f32>,
}

// The glyphs' outline in their distance field, and how far in texels the field reaches from 0 to 1.
const OUTLINE: f32 = 192.0 / 255.0;
const RADIUS: f32 = 8.0;

@group(1) @binding(0) var glyphs: texture_2d<f32>;
@group(1) @binding(1) var icons: texture_2d<f32>;
@group(1) @binding(2) var smooth_sampler: sampler;

@vertex
fn vs_main(corner: Corner) -> Place {
    var place: Place;
    let at = corner.at / frame.size * 2.0 - 1.0;
    place.clip = on_target(vec4<f32>(at.x, -at.y, clamp(corner.depth, 0.0, 1.0), 1.0));
    place.uv = corner.uv;
    place.soft_halo = vec2<f32>(corner.sharpness / RADIUS, corner.halo / 255.0);
    place.color = premultiplied(corner.color);
    place.halo_color = premultiplied(corner.halo_color);
    place.depth = place.clip.zw;
    place.feature = corner.feature;
    return place;
}

fn is_icon(place: Place) -> bool {
    return place.soft_halo.x <= 0.0;
}

fn field(uv: vec2<f32>) -> f32 {
    return textureSampleLevel(glyphs, smooth_sampler, uv / vec2<f32>(textureDimensions(glyphs)), 0.0).r;
}

fn icon(uv: vec2<f32>) -> vec4<f32> {
    return textureSampleLevel(icons, smooth_sampler, uv / vec2<f32>(textureDimensions(icons)), 0.0);
}

@fragment
fn fs_main(place: Place) -> @location(0) vec4<f32> {
    if is_icon(place) {
        return icon(place.uv) * place.color.a;
    }
    let inside = field(place.uv) - OUTLINE;
    let soft = place.soft_halo.x;
    let text = place.color * clamp(inside / soft + 0.5, 0.0, 1.0);
    if place.soft_halo.y <= 0.0 {
        return text;
    }
    let halo = place.halo_color * clamp((inside + place.soft_halo.y) / soft + 0.5, 0.0, 1.0);
    return text + halo * (1.0 - text.a);
}

@fragment
fn fs_pick(place: Place) -> @location(0) vec4<u32> {
    if place.feature.y == 0u || place.color.a + place.halo_color.a <= 0.0 {
        discard;
    }
    return picked(place.feature.x + 1u, place.feature.y, place.depth);
}
