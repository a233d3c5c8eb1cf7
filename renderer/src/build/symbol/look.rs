//! How labels look, by the sheet.

use styles::StyleLayer;
use styles::expression::{Context, Value};

use crate::build::property::{finite, rgba};
use crate::mesh::Look;

/// Every property that a look depends on. Where none differs between features, all labels of a layer share one look.
const PROPERTIES: [&str; 25] = [
    "text-size",
    "text-color",
    "text-halo-color",
    "text-halo-width",
    "text-opacity",
    "text-anchor",
    "text-variable-anchor",
    "text-variable-anchor-offset",
    "text-offset",
    "text-radial-offset",
    "text-max-width",
    "text-line-height",
    "text-letter-spacing",
    "text-padding",
    "text-overlap",
    "text-allow-overlap",
    "text-ignore-placement",
    "text-optional",
    "icon-size",
    "icon-rotate",
    "icon-opacity",
    "icon-padding",
    "icon-overlap",
    "icon-allow-overlap",
    "symbol-spacing",
];

/// Whether all labels of a layer look alike.
pub(super) fn is_shared(layer: &StyleLayer) -> bool {
    PROPERTIES.iter().all(|name| property(layer, name).is_feature_constant())
}

/// A layer's properties are told apart by their names: none is of both groups.
fn property<'a>(layer: &'a StyleLayer, name: &str) -> &'a styles::expression::Expression {
    let painted = ["-color", "-opacity", "halo-width"].iter().any(|end| name.ends_with(end));
    if painted { layer.paint(name) } else { layer.layout(name) }
}

/// Asks a layer about one feature.
struct Asked<'a> {
    layer: &'a StyleLayer,
    ctx: &'a Context<'a>,
}

impl Asked<'_> {
    fn value(&self, name: &str) -> Value {
        property(self.layer, name).evaluate_or_default(self.ctx)
    }

    /// A number within what can be drawn.
    fn number(&self, name: &str, otherwise: f32) -> f32 {
        finite(&self.value(name)).unwrap_or(otherwise).clamp(-10_000.0, 10_000.0)
    }

    fn is(&self, name: &str) -> bool {
        self.value(name).as_bool().unwrap_or(false)
    }

    fn share(&self, name: &str) -> f32 {
        self.number(name, 1.0).clamp(0.0, 1.0)
    }

    fn color(&self, name: &str) -> [u8; 4] {
        self.value(name).as_color().map_or([0, 0, 0, 255], |color| rgba(color, 1.0))
    }

    /// `*-overlap` if the sheet sets it, else `*-allow-overlap`. What is cooperative gives way to nothing but what is not.
    fn overlaps(&self, new: &str, old: &str) -> bool {
        match self.value(new).as_text() {
            Some(word) => word != "never",
            None => self.is(old),
        }
    }

    fn pair(&self, name: &str) -> [f32; 2] {
        let numbers = self.value(name).as_numbers().unwrap_or_default();
        match numbers.as_slice() {
            [x, y] if x.is_finite() && y.is_finite() => [*x as f32, *y as f32],
            _ => [0.0; 2],
        }
    }
}

/// The look of one feature's label, which has text, an icon, or both. Where one number serves both, the text's is taken for room, and
/// the icon's for overlap: a text without its icon would say nothing of where it belongs.
pub(super) fn look(layer: &StyleLayer, ctx: &Context<'_>, has_text: bool, has_icon: bool) -> Look {
    let asked = Asked { layer, ctx };
    let (anchor, offset) = anchor(&asked);
    let sides = asked.value("icon-padding").as_numbers().unwrap_or_default();
    let icon_padding = sides.into_iter().filter(|side| side.is_finite()).fold(0.0, f64::max) as f32;
    Look {
        text_size: asked.number("text-size", 16.0).max(0.0),
        text_color: asked.color("text-color"),
        halo_color: asked.color("text-halo-color"),
        halo_width: asked.number("text-halo-width", 0.0).max(0.0),
        anchor,
        offset,
        max_width: asked.number("text-max-width", 10.0).max(0.0),
        line_height: asked.number("text-line-height", 1.2),
        spacing: asked.number("text-letter-spacing", 0.0),
        padding: if has_text { asked.number("text-padding", 2.0) } else { icon_padding },
        repeat: asked.number("symbol-spacing", 250.0).max(1.0),
        icon_size: asked.number("icon-size", 1.0).max(0.0),
        icon_rotate: asked.number("icon-rotate", 0.0),
        allow_overlap: if has_icon {
            asked.overlaps("icon-overlap", "icon-allow-overlap")
        } else {
            asked.overlaps("text-overlap", "text-allow-overlap")
        },
        ignore_placement: asked.is(if has_icon { "icon-ignore-placement" } else { "text-ignore-placement" }),
        optional: [asked.is("text-optional"), asked.is("icon-optional")],
        opacity: [asked.share("text-opacity"), asked.share("icon-opacity")],
    }
}

/// Which corner of the text stands at its place, and how far from there, in em. Of several anchors the first is taken.
fn anchor(asked: &Asked<'_>) -> (String, [f32; 2]) {
    if let Value::AnchorOffsets(pairs) = asked.value("text-variable-anchor-offset")
        && let Some((anchor, offset)) = pairs.first()
    {
        return (anchor.to_string(), offset.map(|o| o as f32));
    }
    let first = match asked.value("text-variable-anchor") {
        Value::List(anchors) => anchors.first().and_then(Value::as_text).map(str::to_owned),
        _ => None,
    };
    let is_variable = first.is_some();
    let anchor = first.or_else(|| asked.value("text-anchor").as_text().map(str::to_owned));
    let anchor = anchor.unwrap_or_else(|| "center".to_owned());
    let radial = asked.number("text-radial-offset", 0.0);
    let offset = asked.pair("text-offset");
    let offset = if radial != 0.0 {
        let is_corner = anchor.contains('-');
        let reach = if is_corner { radial * std::f32::consts::FRAC_1_SQRT_2 } else { radial };
        away(&anchor, [reach; 2])
    } else if is_variable {
        // The sheet cannot know which anchor it will be: its offset only says how far.
        away(&anchor, offset.map(f32::abs))
    } else {
        offset
    };
    (anchor, offset)
}

/// Away from the place, in the direction in which the text lies.
fn away(anchor: &str, [x, y]: [f32; 2]) -> [f32; 2] {
    let sign = |forth: &str, back: &str| match (anchor.contains(forth), anchor.contains(back)) {
        (true, _) => 1.0,
        (_, true) => -1.0,
        _ => 0.0,
    };
    [sign("left", "right") * x, sign("top", "bottom") * y]
}
