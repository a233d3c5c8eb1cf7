// Circles keep their size on the screen. The tile that holds the centre draws all of one.

struct Corner {
    @location(0) at: vec2<i32>,
    @location(1) corner: vec2<i32>,
    @location(2) radius: f32,
    @location(3) stroke: f32,
    @location(4) color: vec4<f32>,
    @location(5) stroke_color: vec4<f32>,
    @location(6) feature: u32,
}

struct Place {
    @builtin(position) clip: vec4<f32>,
    // Target pixels from the centre.
    @location(0) away: vec2<f32>,
    // Target pixels: without and with the stroke.
    @location(1) radii: vec2<f32>,
    @location(2) color: vec4<f32>,
    @location(3) stroke_color: vec4<f32>,
    @location(4) @interpolate(flat, either) feature: u32,
    @location(5) depth: vec2<f32>,
}

@vertex
fn vs_main(corner: Corner) -> Place {
    var place: Place;
    let radius = max(corner.radius * layer.radius, 0.0) * frame.ratio;
    place.radii = vec2<f32>(radius, radius + max(corner.stroke, 0.0) * frame.ratio);
    // A pixel of room for the soft edge.
    place.away = vec2<f32>(corner.corner) * (place.radii.y + 1.0);
    let centre = vec2<f32>(corner.at);
    var clip = project(shifted(centre), 0.0);
    clip = vec4<f32>(clip.xy + place.away * vec2<f32>(2.0, -2.0) / frame.size * clip.w, clip.zw);
    place.clip = on_target(clip);
    if is_clipped(centre) {
        place.clip = vec4<f32>(2.0, 2.0, 2.0, 1.0);
    }
    let color = corner.color * layer.color;
    place.color = premultiplied(vec4<f32>(color.rgb, color.a * layer.opacity));
    place.stroke_color = premultiplied(vec4<f32>(corner.stroke_color.rgb, corner.stroke_color.a * layer.opacity));
    place.depth = place.clip.zw;
    place.feature = corner.feature;
    return place;
}

@fragment
fn fs_main(place: Place) -> @location(0) vec4<f32> {
    let d = length(place.away);
    let blur = layer.blur * frame.ratio;
    let inside = clamp(place.radii.x - d + 0.5, 0.0, 1.0);
    let share = clamp((place.radii.y - blur * 0.5 - d) / (1.0 + blur) + 0.5, 0.0, 1.0);
    // Without a stroke there is nothing to soften into.
    let has_stroke = place.radii.y > place.radii.x;
    let color = select(place.color, mix(place.stroke_color, place.color, inside), has_stroke);
    return color * share;
}

@fragment
fn fs_pick(place: Place) -> @location(0) vec4<u32> {
    if length(place.away) > place.radii.y + 0.5 || place.feature == 0u {
        discard;
    }
    return picked(tile.number, place.feature, place.depth);
}
