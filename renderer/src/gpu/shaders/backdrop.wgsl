// Behind everything: the sky from the top to the horizon, and the ground's own colour below.

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers the picture.
    let x = f32(index & 1u) * 4.0 - 1.0;
    let y = f32(index >> 1u) * 4.0 - 1.0;
    return vec4<f32>(x, y, 0.0, 1.0);
}

@fragment
fn fs_main(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    let above = clamp(frame.horizon - at.y + 0.5, 0.0, 1.0);
    return mix(premultiplied(frame.background), premultiplied(frame.sky), above);
}
