//! The shaders in the language of WebGL2, and what a lost device does. Pictures are compared in `renderer/tests/golden`.

use naga::back::glsl;
use naga::valid::{Capabilities, ValidationFlags, Validator};

use super::pipelines::{BACKDROP, CIRCLE, EXTRUSION, FILL, LABEL, LINE};
use super::straighten;

#[test]
fn every_shader_can_be_said_in_webgl2() {
    let shaders = [
        ("backdrop", BACKDROP),
        ("fill", FILL),
        ("line", LINE),
        ("extrusion", EXTRUSION),
        ("circle", CIRCLE),
        ("label", LABEL),
    ];
    for (name, source) in shaders {
        let module =
            naga::front::wgsl::parse_str(source).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(source)));
        let info = Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module).expect(name);
        assert!(module.entry_points.len() >= 2, "{name} draws nothing");
        for entry in &module.entry_points {
            let options = glsl::Options {
                version: glsl::Version::Embedded { version: 300, is_webgl: true },
                ..Default::default()
            };
            let pipeline =
                glsl::PipelineOptions { shader_stage: entry.stage, entry_point: entry.name.clone(), multiview: None };
            let mut text = String::new();
            let mut writer = glsl::Writer::new(
                &mut text,
                &module,
                &info,
                &options,
                &pipeline,
                naga::proc::BoundsCheckPolicies::default(),
            )
            .unwrap_or_else(|e| panic!("{name}, {}: {e}", entry.name));
            writer.write().unwrap_or_else(|e| panic!("{name}, {}: {e}", entry.name));
            assert!(text.starts_with("#version 300 es"), "{name}, {}", entry.name);
        }
    }
}

#[test]
fn what_one_sees_through_gets_its_own_colour_back() {
    let mut pixels = [100, 50, 0, 200, 7, 8, 9, 255, 0, 0, 0, 0];
    straighten(&mut pixels);
    assert_eq!(pixels, [128, 64, 0, 200, 7, 8, 9, 255, 0, 0, 0, 0]);
}
