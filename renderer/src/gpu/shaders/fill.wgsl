// Surfaces on the ground.

struct Corner {
    @location(0) at: vec2<i32>,
    @location(1) color: vec4<f32>,
    @location(2) feature: u32,
}

struct Place {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
    @location(1) color: vec4<f32>,
    @location(2) @interpolate(flat, either) feature: u32,
    @location(3) depth: vec2<f32>,
}

@vertex
fn vs_main(corner: Corner) -> Place {
    var place: Place;
    place.at = shifted(vec2<f32>(corner.at));
    place.clip = on_target(project(place.at, 0.0));
    let color = corner.color * layer.color;
    place.color = premultiplied(vec4<f32>(color.rgb, color.a * layer.opacity));
    place.depth = place.clip.zw;
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
    if is_clipped(place.at) || place.feature == 0u {
        discard;
    }
    return picked(tile.number, place.feature, place.depth);
}
