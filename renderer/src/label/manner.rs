//! What a layer of the sheet says of all its labels at a zoom: what a candidate's own look does not hold.

use styles::expression::{Context, Expression, Value};
use styles::{LayerKind, Style, StyleLayer};

/// A layer's labels at a zoom.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Manner {
    /// Pixels. Here and in the next three, only what slides with the zoom and is the same for all features: the candidate has the value
    /// of its tile's zoom.
    pub(super) text_size: Option<f32>,
    /// Factor.
    pub(super) icon_size: Option<f32>,
    /// Pixels.
    pub(super) halo_width: Option<f32>,
    /// 0 to 1, of text and icon.
    pub(super) opacity: [Option<f32>; 2],
    /// Whether text and icon may lie on others; where the sheet does not have the layer, the candidate knows.
    pub(super) overlap: [Option<bool>; 2],
    /// Whether others may lie on text and icon.
    pub(super) ignored: [Option<bool>; 2],
    /// Where shorter lines lie, 0 left and 1 right; nothing for the side of the anchor.
    pub(super) justify: Option<f32>,
    /// Which part of the icon lies on the anchor.
    pub(super) icon_align: [f32; 2],
    /// Pixels to the right and down.
    pub(super) icon_offset: [f32; 2],
    /// Pixels around the icon that others keep free: top, right, bottom, left.
    pub(super) icon_padding: [f32; 4],
    /// Whether an icon on a line turns with it.
    pub(super) icon_follows: bool,
    /// The icon is stretched around the text.
    pub(super) fit: Option<Fit>,
    /// Radians between neighbouring characters on a line.
    pub(super) max_angle: f32,
    /// Whether text on a line is turned so that it does not stand on its head.
    pub(super) upright: bool,
    /// One label in the middle of each line.
    pub(super) is_single: bool,
}

/// How an icon is stretched around its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    /// In which directions.
    pub(super) across: bool,
    /// In which directions.
    pub(super) down: bool,
    /// Pixels between text and rim: top, right, bottom, left.
    pub(super) padding: [f32; 4],
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            text_size: None,
            icon_size: None,
            halo_width: None,
            opacity: [None; 2],
            overlap: [None; 2],
            ignored: [None; 2],
            justify: Some(0.5),
            icon_align: [0.5; 2],
            icon_offset: [0.0; 2],
            icon_padding: [2.0; 4],
            icon_follows: true,
            fit: None,
            max_angle: 45f32.to_radians(),
            upright: true,
            is_single: false,
        }
    }
}

/// Every layer of a sheet at a zoom.
#[derive(Clone, Debug)]
pub(super) struct Manners {
    /// Nothing for one that is not drawn.
    layers: Vec<Option<Manner>>,
    otherwise: Manner,
}

impl Manners {
    pub(super) fn new(style: &Style, zoom: f64) -> Self {
        let ctx = Context::at_zoom(zoom);
        Self {
            layers: style.layers.iter().map(|layer| Manner::of(layer, &ctx)).collect(),
            otherwise: Manner::default(),
        }
    }

    /// A layer's; nothing for one that is not drawn.
    pub(super) fn get(&self, layer: usize) -> Option<&Manner> {
        self.layers.get(layer).map_or(Some(&self.otherwise), Option::as_ref)
    }
}

/// Which part of a thing lies on its anchor, from the sheet's word: 0 left and top, 1 right and bottom.
pub(super) fn align(word: &str) -> [f32; 2] {
    if word == "center" {
        return [0.5; 2];
    }
    let side = |low: &str, high: &str| match (word.contains(low), word.contains(high)) {
        (true, _) => 0.0,
        (_, true) => 1.0,
        _ => 0.5,
    };
    [side("left", "right"), side("top", "bottom")]
}

impl Manner {
    fn of(layer: &StyleLayer, ctx: &Context<'_>) -> Option<Self> {
        if layer.kind != LayerKind::Symbol || !layer.is_visible(ctx) {
            return None;
        }
        let layout = |name: &str| layer.layout(name).evaluate_or_default(ctx);
        let word = |name: &str| layout(name).as_text().map(str::to_owned).unwrap_or_default();
        let yes = |name: &str| layout(name).as_bool();
        // The newer property goes before the older one.
        let overlap = |newer: &str, older: &str| match word(newer).as_str() {
            "" => yes(older),
            other => Some(other != "never"),
        };
        let fit = word("icon-text-fit");
        Some(Self {
            text_size: sliding(layer.layout("text-size"), ctx),
            icon_size: sliding(layer.layout("icon-size"), ctx),
            halo_width: sliding(layer.paint("text-halo-width"), ctx),
            opacity: ["text-opacity", "icon-opacity"].map(|name| sliding(layer.paint(name), ctx)),
            overlap: [overlap("text-overlap", "text-allow-overlap"), overlap("icon-overlap", "icon-allow-overlap")],
            ignored: [yes("text-ignore-placement"), yes("icon-ignore-placement")],
            justify: match word("text-justify").as_str() {
                "auto" => None,
                "left" => Some(0.0),
                "right" => Some(1.0),
                _ => Some(0.5),
            },
            icon_align: align(&word("icon-anchor")),
            icon_offset: numbers(&layout("icon-offset"), [0.0; 2]),
            icon_padding: numbers(&layout("icon-padding"), [2.0; 4]),
            icon_follows: word("icon-rotation-alignment") != "viewport",
            fit: (!matches!(fit.as_str(), "" | "none")).then(|| Fit {
                across: fit != "height",
                down: fit != "width",
                padding: numbers(&layout("icon-text-fit-padding"), [0.0; 4]),
            }),
            max_angle: number(&layout("text-max-angle")).unwrap_or(45.0).to_radians(),
            upright: yes("text-keep-upright").unwrap_or(true),
            is_single: word("symbol-placement") == "line-center",
        })
    }
}

/// A number of a sheet, of a size that can be meant.
fn sane(n: f64) -> Option<f32> {
    n.is_finite().then_some(n.clamp(-1e4, 1e4) as f32)
}

fn number(value: &Value) -> Option<f32> {
    value.as_number().and_then(sane)
}

fn numbers<const N: usize>(value: &Value, otherwise: [f32; N]) -> [f32; N] {
    let list = value.as_numbers().unwrap_or_default();
    let all: Vec<f32> = list.into_iter().filter_map(sane).collect();
    // One number stands for all sides.
    match (number(value), all.as_slice()) {
        (Some(one), _) => [one; N],
        (None, [one]) => [*one; N],
        (None, all) => all.try_into().unwrap_or(otherwise),
    }
}

fn sliding(expression: &Expression, ctx: &Context<'_>) -> Option<f32> {
    if !expression.is_feature_constant() || expression.is_zoom_constant() {
        return None;
    }
    number(&expression.evaluate_or_default(ctx))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, zoom: f64) -> Option<Manner> {
        let style = Style::parse(styles::CITY).expect("the city's own sheet");
        let at = style.layers.iter().position(|layer| layer.id == id).expect("a layer");
        Manners::new(&style, zoom).get(at).cloned()
    }

    #[test]
    fn the_sheet_says_what_candidates_do_not() {
        let plate = of("doorplate", 17.5).expect("it is drawn");
        assert_eq!(plate.fit, Some(Fit { across: true, down: true, padding: [1.0, 4.0, 1.0, 4.0] }));
        assert_eq!((plate.icon_padding, plate.overlap), ([1.0; 4], [Some(false); 2]));
        let size = plate.text_size.expect("it slides");
        assert!(size > 9.5 && size < 11.0, "{size}");
        assert!(of("doorplate", 16.9).is_none() && of("background", 10.0).is_none());
        let road = of("road-name", 15.0).expect("it is drawn");
        assert!((road.max_angle - 35f32.to_radians()).abs() < 1e-6);
        assert_eq!(road.text_size, None, "it depends on the road");
    }

    #[test]
    fn anchors_are_words() {
        assert_eq!(align("center"), [0.5; 2]);
        assert_eq!(align("bottom-left"), [0.0, 1.0]);
        assert_eq!(align("top"), [0.5, 0.0]);
        assert_eq!(align("anything"), [0.5; 2]);
    }
}
