//! What the sheet says of a frame as a whole.

use styles::expression::{Color, Context, Expression, Value};
use styles::{LayerKind, Style, StyleLayer, spec};

use super::fill::is_outlined;
use super::property::{WHITE, finite};
use crate::frame::{LayerPaint, Light};

/// More dashes and gaps than this are not drawn.
const MAX_DASHES: usize = 8;

/// How the layers look at a zoom, where that does not depend on the feature; those that are not drawn are left out.
///
/// Layers of labels are not among them: they are laid, not painted. Buildings rise though the sheet hides them, which
/// it does for the 2-D map's sake.
pub fn paints(style: &Style, zoom: f64, extrude: bool) -> Vec<LayerPaint> {
    let ctx = Context::at_zoom(zoom);
    let shown = |layer: &StyleLayer| {
        layer.min_zoom <= zoom && zoom < layer.max_zoom && is_shown(layer, &ctx, extrude) && is_painted(layer.kind)
    };
    let layers = style.layers.iter().enumerate().filter(|(_, layer)| shown(layer));
    layers.map(|(index, layer)| paint(index, layer, &ctx)).filter(|paint| paint.opacity > 0.0).collect()
}

/// Whether a layer is shown, whatever the zoom. What a sheet says to be flat (`menpai:flat`) lies where buildings stand when they rise:
/// it would be drawn, corner by corner, and not be seen.
pub(super) fn is_shown(layer: &StyleLayer, ctx: &Context<'_>, extrude: bool) -> bool {
    match layer.kind {
        LayerKind::FillExtrusion => extrude,
        _ if extrude && layer.metadata["menpai:flat"] == true => false,
        _ => layer.layout("visibility").evaluate_or_default(ctx).as_text() != Some("none"),
    }
}

const fn is_painted(kind: LayerKind) -> bool {
    matches!(kind, LayerKind::Fill | LayerKind::Line | LayerKind::FillExtrusion | LayerKind::Circle)
}

/// Asks a layer for what all features share; what they differ in is in the vertices, and left as it is here.
struct Asked<'a> {
    layer: &'a StyleLayer,
    ctx: &'a Context<'a>,
}

impl Asked<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let expression = self.layer.paint(name);
        expression.is_feature_constant().then(|| expression.evaluate_or_default(self.ctx))
    }

    fn number(&self, name: &str, otherwise: f32) -> f32 {
        self.value(name).as_ref().and_then(finite).unwrap_or(otherwise)
    }

    fn opacity(&self, names: &[&str]) -> f32 {
        names.iter().map(|name| self.number(name, 1.0).clamp(0.0, 1.0)).product()
    }

    fn color(&self, name: &str) -> [f32; 4] {
        straight(self.value(name).and_then(|value| value.as_color()).unwrap_or(WHITE))
    }

    fn translate(&self, name: &str) -> [f32; 2] {
        let numbers = self.value(name).and_then(|value| value.as_numbers()).unwrap_or_default();
        match numbers.as_slice() {
            [x, y] if x.is_finite() && y.is_finite() => [*x as f32, *y as f32],
            _ => [0.0; 2],
        }
    }

    fn dashes(&self, name: &str) -> Vec<f32> {
        let numbers = self.value(name).and_then(|value| value.as_numbers()).unwrap_or_default();
        let mut dashes: Vec<f32> = numbers.iter().map(|n| *n as f32).collect();
        if dashes.len() % 2 == 1 {
            dashes.extend_from_within(..);
        }
        dashes.truncate(MAX_DASHES);
        let drawn = dashes.iter().all(|n| n.is_finite() && *n >= 0.0) && dashes.iter().sum::<f32>() > 0.0;
        if drawn { dashes } else { Vec::new() }
    }
}

fn paint(index: usize, layer: &StyleLayer, ctx: &Context<'_>) -> LayerPaint {
    let asked = Asked { layer, ctx };
    let plain = LayerPaint::plain(index);
    match layer.kind {
        LayerKind::Fill => LayerPaint {
            color: if is_outlined(layer) { [1.0; 4] } else { asked.color("fill-color") },
            opacity: asked.opacity(&["fill-opacity", "fill-layer-opacity"]),
            translate: asked.translate("fill-translate"),
            ..plain
        },
        LayerKind::Line => LayerPaint {
            color: asked.color("line-color"),
            opacity: asked.opacity(&["line-opacity", "line-layer-opacity"]),
            width: asked.number("line-width", 1.0).max(0.0),
            gap_width: asked.number("line-gap-width", 0.0).max(0.0),
            offset: asked.number("line-offset", 0.0),
            blur: asked.number("line-blur", 0.0).max(0.0),
            dashes: asked.dashes("line-dasharray"),
            translate: asked.translate("line-translate"),
            ..plain
        },
        LayerKind::FillExtrusion => LayerPaint {
            opacity: asked.opacity(&["fill-extrusion-opacity"]),
            gradient: asked.value("fill-extrusion-vertical-gradient").and_then(|v| v.as_bool()).unwrap_or(true),
            translate: asked.translate("fill-extrusion-translate"),
            ..plain
        },
        LayerKind::Circle => LayerPaint {
            // The stroke has an opacity of its own.
            color: faded(asked.color("circle-color"), asked.opacity(&["circle-opacity"])),
            radius: asked.number("circle-radius", 1.0).max(0.0),
            // Circles are softened by a share of their radius.
            blur: asked.number("circle-blur", 0.0).max(0.0) * asked.number("circle-radius", 5.0).max(0.0),
            translate: asked.translate("circle-translate"),
            ..plain
        },
        _ => plain,
    }
}

fn faded([red, green, blue, alpha]: [f32; 4], opacity: f32) -> [f32; 4] {
    [red, green, blue, alpha * opacity]
}

fn straight(color: Color) -> [f32; 4] {
    [color.r, color.g, color.b, color.a].map(|part| part.clamp(0.0, 1.0) as f32)
}

/// The colour behind everything at a zoom, straight sRGB: white where the sheet has none, as on an empty page.
pub fn background(style: &Style, zoom: f64) -> [f32; 4] {
    let ctx = Context::at_zoom(zoom);
    // A background further up would hide the city: it is no background.
    let layers = style.layers.iter().take_while(|layer| layer.kind == LayerKind::Background);
    layers.filter(|layer| layer.is_visible(&ctx)).fold([1.0; 4], |under, layer| {
        let asked = Asked { layer, ctx: &ctx };
        let color = asked.color("background-color");
        let share = color[3] * asked.opacity(&["background-opacity"]);
        let over = |i: usize| under[i] + (color[i] - under[i]) * share;
        [over(0), over(1), over(2), 1.0]
    })
}

/// Straight sRGB of a clear day near the horizon, and of a city's night.
const DAY: [f32; 3] = [0.72, 0.82, 0.92];
const NIGHT: [f32; 3] = [0.13, 0.18, 0.26];
/// How much of the sky comes from these; the rest from the background, so that both go together.
const SKY_SHARE: f32 = 0.7;

/// The sky above the horizon, straight sRGB: the sheet's own, or one that goes with the background and the sheet's `menpai:dark`.
pub fn sky(style: &Style, zoom: f64) -> [f32; 4] {
    let ctx = Context::at_zoom(zoom);
    if let Some(color) = root(style, "sky", "sky-color", &ctx).and_then(|value| value.as_color()) {
        return straight(color);
    }
    let is_dark = style.metadata["menpai:dark"] == true;
    let air = if is_dark { NIGHT } else { DAY };
    let under = background(style, zoom);
    let mixed = |i: usize| under[i] + (air[i] - under[i]) * SKY_SHARE;
    [mixed(0), mixed(1), mixed(2), 1.0]
}

/// The sheet's light, turned with the camera where it is anchored to the viewport. `bearing` in degrees.
pub fn light(style: &Style, bearing: f64) -> Light {
    let ctx = Context::at_zoom(0.0);
    let asked =
        |name| root(style, "light", name, &ctx).or_else(|| Some(spec::group("light")?.get(name)?.default_value()));
    let position = asked("position").and_then(|value| value.as_numbers()).unwrap_or_default();
    let (azimuth, polar) = match position.as_slice() {
        [_, azimuth, polar] if azimuth.is_finite() && polar.is_finite() => (*azimuth, *polar),
        _ => (210.0, 30.0),
    };
    let turned = match asked("anchor").as_ref().and_then(Value::as_text) {
        Some("map") => azimuth,
        _ => azimuth + if bearing.is_finite() { bearing } else { 0.0 },
    };
    // Azimuth runs clockwise from the north, the polar angle from straight above.
    let ((sin, cos), (out, up)) = (turned.to_radians().sin_cos(), polar.to_radians().sin_cos());
    let [red, green, blue, _] = straight(asked("color").and_then(|value| value.as_color()).unwrap_or(WHITE));
    Light {
        towards: [out * sin, -out * cos, up].map(|part| part as f32),
        color: [red, green, blue],
        intensity: asked("intensity").as_ref().and_then(finite).unwrap_or(0.5).clamp(0.0, 1.0),
    }
}

/// What the sheet itself sets for a property of its light or sky.
fn root(style: &Style, group: &str, name: &str, ctx: &Context<'_>) -> Option<Value> {
    let spec = spec::group(group)?.get(name)?;
    let json = style.json.get(group)?.get(name)?;
    Some(Expression::property(json, spec).ok()?.evaluate_or_default(ctx))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sheet(rest: &serde_json::Value) -> Style {
        let mut sheet = json!({
            "version": 8,
            "sources": {"city": {"type": "vector", "url": "/tiles/a"}},
            "layers": [],
        });
        let rest = rest.as_object().unwrap().clone();
        sheet.as_object_mut().unwrap().extend(rest);
        Style::from_json(sheet).unwrap()
    }

    fn line(paint: &serde_json::Value) -> LayerPaint {
        let layer = json!({"id": "l", "type": "line", "source": "city", "source-layer": "a", "paint": paint});
        paints(&sheet(&json!({"layers": [layer]})), 15.5, true).pop().unwrap()
    }

    fn close<const N: usize>(a: [f32; N], b: [f32; N]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5)
    }

    #[test]
    fn a_paint_is_of_the_exact_zoom() {
        let paint = line(&json!({
            "line-color": "#ff0000",
            "line-width": ["interpolate", ["linear"], ["zoom"], 15, 2, 16, 4],
            "line-opacity": 0.5,
            "line-layer-opacity": 0.5,
            "line-gap-width": 3,
            "line-dasharray": [4, 2, 1],
            "line-translate": [1, -2],
        }));
        assert_eq!((paint.width, paint.opacity, paint.gap_width), (3.0, 0.25, 3.0));
        assert_eq!(paint.color, [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(paint.dashes, [4.0, 2.0, 1.0, 4.0, 2.0, 1.0]);
        assert_eq!(paint.translate, [1.0, -2.0]);
    }

    #[test]
    fn dashes_that_cannot_be_drawn_are_a_solid_line() {
        assert!(line(&json!({"line-dasharray": [0, 0]})).dashes.is_empty());
        assert!(line(&json!({})).dashes.is_empty());
        assert_eq!(line(&json!({"line-dasharray": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]})).dashes.len(), 8);
    }

    #[test]
    fn buildings_rise_from_their_zoom_on_though_the_map_hides_them() {
        let style = Style::parse(styles::CITY).unwrap();
        let building = style.layers.iter().position(|l| l.id == "building-3d").unwrap();
        let of = |zoom, extrude| paints(&style, zoom, extrude).into_iter().find(|p| p.layer == building);
        let paint = of(14.0, true).unwrap();
        assert!(paint.gradient && paint.opacity == 1.0 && paint.color == [1.0; 4]);
        assert_eq!(of(13.9, true), None);
        assert_eq!(of(15.0, false), None);
        let all = paints(&style, 15.0, true);
        assert!(all.is_sorted_by_key(|p| p.layer));
        assert!(paints(&style, f64::NAN, true).is_empty());
    }

    #[test]
    fn a_stroke_is_not_as_faint_as_its_circle() {
        let paint = json!({"circle-color": "#00ff00", "circle-opacity": 0.5, "circle-radius": 8, "circle-blur": 0.5});
        let layer = json!({"id": "c", "type": "circle", "source": "city", "source-layer": "a", "paint": paint});
        let paint = paints(&sheet(&json!({"layers": [layer]})), 15.0, true).pop().unwrap();
        assert_eq!((paint.color, paint.opacity), ([0.0, 1.0, 0.0, 0.5], 1.0));
        assert_eq!((paint.radius, paint.blur), (8.0, 4.0));
    }

    #[test]
    fn backgrounds_lie_on_white() {
        assert_eq!(background(&sheet(&json!({})), 10.0), [1.0; 4]);
        let half =
            json!({"id": "b", "type": "background", "paint": {"background-color": "#000", "background-opacity": 0.5}});
        assert_eq!(background(&sheet(&json!({"layers": [half]})), 10.0), [0.5, 0.5, 0.5, 1.0]);
    }

    #[test]
    fn the_sky_goes_with_day_and_night() {
        let day = sky(&Style::parse(styles::CITY).unwrap(), 15.0);
        let night = sky(&Style::parse(styles::NIGHT).unwrap(), 15.0);
        assert!(day[2] > day[0] && day[0] > 0.6);
        assert!(night[2] > night[0] && night[2] < 0.4);
        let own = sheet(&json!({"sky": {"sky-color": "#ff0000"}}));
        assert_eq!(sky(&own, 15.0), [1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn light_comes_from_where_the_sheet_says() {
        let plain = light(&sheet(&json!({})), 0.0);
        assert!(close(plain.towards, [-0.25, 0.433_012_7, 0.866_025_4]), "from the south-west: {:?}", plain.towards);
        assert_eq!((plain.color, plain.intensity), ([1.0; 3], 0.5));
        // From the east, lying low; turned by a quarter it comes from the south.
        let east = |anchor| sheet(&json!({"light": {"anchor": anchor, "position": [1, 90, 90], "intensity": 0.2}}));
        assert!(close(light(&east("map"), 90.0).towards, [1.0, 0.0, 0.0]));
        assert!(close(light(&east("viewport"), 90.0).towards, [0.0, 1.0, 0.0]));
        assert_eq!(light(&east("map"), f64::NAN).intensity, 0.2);
    }
}
