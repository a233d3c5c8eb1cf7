// Roofs and walls. A building that reaches into the next tile is drawn by both, each up to the border between them.

struct Corner {
    @location(0) at: vec2<i32>,
    @location(1) height: f32,
    @location(2) normal: vec4<f32>,
    @location(3) color: vec4<f32>,
    @location(4) feature: u32,
}

struct Place {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
    @location(1) color: vec4<f32>,
    @location(2) @interpolate(flat, either) feature: u32,
}

// Metres above which a wall is no longer darkened.
const BRIGHT_FROM_M: f32 = 40.0;

// How the light falls on a surface. The weaker the light, the less roofs and walls differ; a bright surface differs less than a dark one, so
// that it is not blown out.
fn lit(base: vec3<f32>, normal: vec3<f32>, height: f32) -> vec3<f32> {
    let strength = frame.light.w;
    let brightness = dot(base, vec3<f32>(0.2126, 0.7152, 0.0722));
    let facing = clamp(dot(normal, frame.light.xyz), 0.0, 1.0);
    var shade = mix(1.0 - strength, max(1.0 - brightness + strength, 1.0), facing);
    if layer.gradient > 0.0 && abs(normal.z) < 0.5 {
        let foot = mix(0.95, 0.7, strength);
        shade *= mix(foot, 1.0, clamp(height / BRIGHT_FROM_M, 0.0, 1.0));
    }
    // What the light's colour lacks stays visible as a shadow's tint, and nothing is quite black.
    let tint = (vec3<f32>(1.0) - frame.light_color.rgb) * 0.3;
    return clamp((base + 0.03) * shade * frame.light_color.rgb, tint, vec3<f32>(1.0));
}

@vertex
fn vs_main(corner: Corner) -> Place {
    var place: Place;
    place.at = shifted(vec2<f32>(corner.at));
    place.clip = on_target(project(place.at, corner.height));
    let color = corner.color * layer.color;
    let shade = lit(color.rgb, corner.normal.xyz, corner.height);
    place.color = premultiplied(vec4<f32>(shade, color.a * layer.opacity));
    place.feature = corner.feature;
    return place;
}

@fragment
fn fs_main(place: Place) -> @location(0) vec4<f32> {
    if is_clipped(place.at) {
        discard;
    }
    return place.color;
}

@fragment
fn fs_pick(place: Place) -> @location(0) vec4<u32> {
    if is_clipped(place.at) {
        discard;
    }
    return picked(tile.number, place.feature, vec2<f32>(place.clip.z, 1.0));
}
