// Lines lie on the ground: as wide as the sheet says at the middle of the picture, and thinner far away. The ribbon is a target pixel wider
// than the line, and each fragment tells from its distance to the line's course how much of it the line covers.

struct Corner {
    @location(0) at: vec2<i32>,
    @location(1) out: vec2<f32>,
    @location(2) along: f32,
    @location(3) width: f32,
    @location(4) color: vec4<f32>,
    @location(5) feature: u32,
}

struct Place {
    @builtin(position) clip: vec4<f32>,
    // Tile units: of the fragment, and of the course beside it.
    @location(0) at: vec2<f32>,
    @location(1) course: vec2<f32>,
    @location(2) color: vec4<f32>,
    // Tile units from the line's beginning, and its width in sheet pixels.
    @location(3) along_width: vec2<f32>,
    @location(4) @interpolate(flat, either) feature: u32,
    @location(5) depth: vec2<f32>,
}

// Half of what a line and its gap take up.
fn half_width(width: f32) -> f32 {
    if layer.gap_width > 0.0 {
        return layer.gap_width * 0.5 + width;
    }
    return width * 0.5;
}

// Tile units that one and a half target pixels take up at a place, seen along a direction: room for a soft edge.
fn softness(at: vec2<f32>, direction: vec2<f32>) -> f32 {
    let here = project(at, 0.0);
    let change = tile.matrix * vec4<f32>(direction, 0.0, 0.0);
    // Lines that pass beneath the camera are cut off there; what lies behind it needs no edge.
    if here.w < 0.000001 {
        return 0.0;
    }
    let moved = (change.xy * here.w - here.xy * change.w) / (here.w * here.w);
    let px = length(moved * frame.size * 0.5);
    // Towards the horizon a pixel is endlessly many units long.
    return min(1.5 / max(px, 0.000001), 32.0 / tile.px_per_unit);
}

@vertex
fn vs_main(corner: Corner) -> Place {
    var place: Place;
    let width = max(corner.width * layer.width, 0.0);
    let reach = (half_width(width) + abs(layer.offset)) / tile.px_per_unit;
    place.course = shifted(vec2<f32>(corner.at));
    let far = length(corner.out);
    place.at = place.course;
    if far > 0.0 {
        place.at += corner.out * (reach + softness(place.course, corner.out / far));
    }
    place.clip = on_target(project(place.at, 0.0));
    let color = corner.color * layer.color;
    place.color = vec4<f32>(color.rgb, color.a * layer.opacity);
    place.along_width = vec2<f32>(corner.along, width);
    place.depth = place.clip.zw;
    place.feature = corner.feature;
    return place;
}

fn dash(index: u32) -> f32 {
    let four = layer.dashes[index / 4u];
    let place_in = index % 4u;
    return select(select(four.x, four.y, place_in == 1u), select(four.z, four.w, place_in == 3u), place_in > 1u);
}

// How much of a pixel `g` long the dashes cover, all in widths.
fn dashed(along: f32, g: f32) -> f32 {
    var total = 0.0;
    for (var i = 0u; i < layer.dash_pairs * 2u; i++) {
        total += dash(i);
    }
    // Where a pixel holds several dashes they are a shade.
    let soft = min(g, total);
    let at = along - floor(along / total) * total;
    var covered = 0.0;
    var begin = 0.0;
    for (var i = 0u; i < layer.dash_pairs; i++) {
        let half = dash(i * 2u) * 0.5;
        // A dash softens into the period before and after its own.
        let d = at - begin - half;
        covered += cover(abs(d), half, soft) + cover(abs(d - total), half, soft) + cover(abs(d + total), half, soft);
        begin += dash(i * 2u) + dash(i * 2u + 1u);
    }
    return clamp(covered, 0.0, 1.0);
}

fn covered(place: Place) -> f32 {
    let at_x = dpdx(place.at);
    let at_y = dpdy(place.at);
    let course_x = dpdx(place.course);
    let course_y = dpdy(place.course);
    let along = vec2<f32>(dpdx(place.along_width.x), dpdy(place.along_width.x));
    let away = place.at - place.course;

    // Beside a straight piece the course moves with the fragment, and so tells the line's direction; in the fan of a round join or cap it
    // stands still. The share is well above what rounding makes of a course that stands.
    let share_x = dot(course_x, course_x) / max(dot(at_x, at_x), 1e-20);
    let share_y = dot(course_y, course_y) / max(dot(at_y, at_y), 1e-20);
    let by_x = share_x > share_y;
    let is_straight = max(share_x, share_y) > 0.0025;
    let course = select(course_y, course_x, by_x);
    let forward = select(along.y, along.x, by_x) >= 0.0;
    let right = select(vec2<f32>(course.y, -course.x), vec2<f32>(-course.y, course.x), forward);
    let normal = normalize(select(away, right, is_straight) + vec2<f32>(1e-20, 0.0));

    let scale = tile.px_per_unit;
    let d = abs(dot(away, normal) * scale - select(0.0, layer.offset, is_straight));
    let g = max(length(vec2<f32>(dot(at_x, normal), dot(at_y, normal))) * scale, 1e-6);
    let width = place.along_width.y;
    let half = half_width(width) - layer.blur * 0.5;
    var share = cover(d, half, g + layer.blur);
    if layer.gap_width > 0.0 {
        share -= cover(d, layer.gap_width * 0.5, g);
    }
    if layer.dash_pairs > 0u && width > 0.0 {
        share *= dashed(place.along_width.x * scale / width, max(length(along) * scale / width, 1e-6));
    }
    // A fan cannot be set off: it does not know which side is the right one.
    return select(share, 0.0, !is_straight && layer.offset != 0.0);
}

@fragment
fn fs_main(place: Place) -> @location(0) vec4<f32> {
    let share = covered(place);
    if is_clipped(place.at) || share <= 0.0 {
        discard;
    }
    return premultiplied(vec4<f32>(place.color.rgb, place.color.a * share));
}

@fragment
fn fs_pick(place: Place) -> @location(0) vec4<u32> {
    let share = covered(place);
    if is_clipped(place.at) || share < 0.05 || place.feature == 0u {
        discard;
    }
    return picked(tile.number, place.feature, place.depth);
}
