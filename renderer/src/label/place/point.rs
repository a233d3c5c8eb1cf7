//! Labels that stand at a point: the boxes of text and icon.

use super::Worn;
use super::collide::Area;
use crate::label::icons::Art;
use crate::label::manner::{Fit, Manner};
use crate::label::project::Anchor;
use crate::label::shape::Shape;

/// An icon in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::label) struct IconBox {
    /// Its number in the atlas.
    pub(in crate::label) id: u32,
    /// About what it is turned: the anchor, in target pixels.
    pub(in crate::label) about: [f32; 2],
    /// From there, before it is turned.
    pub(in crate::label) area: Area,
    /// Cosine and sine of its turn, clockwise.
    pub(in crate::label) turn: [f32; 2],
    /// Target pixels at each side that are not stretched; 0 when nothing is.
    pub(in crate::label) rim: f32,
}

/// An area grown by top, right, bottom, left.
fn grown(area: Area, [top, right, bottom, left]: [f32; 4]) -> Area {
    [area[0] - left, area[1] - top, area[2] + right, area[3] + bottom]
}

/// Where the text's pen begins, and the room that the text takes.
pub(super) fn text(shape: &Shape, worn: &Worn, anchor: &Anchor) -> ([f32; 2], Area) {
    let pen = [anchor.at[0] + worn.offset[0], anchor.at[1] + worn.offset[1]];
    let [left, top, right, bottom] = shape.bounds.map(|n| n * worn.font);
    let area = [pen[0] + left, pen[1] + top, pen[0] + right, pen[1] + bottom];
    (pen, grown(area, [worn.padding; 4]))
}

/// An icon of its own size.
pub(super) fn icon(id: u32, art: &Art, manner: &Manner, worn: &Worn, anchor: &Anchor, turn: [f32; 2]) -> IconBox {
    let side = |axis: usize| {
        let size = art.size_px[axis] * worn.icon;
        let from = manner.icon_offset[axis] * worn.icon - manner.icon_align[axis] * size;
        (from, from + size)
    };
    let ((left, right), (top, bottom)) = (side(0), side(1));
    IconBox { id, about: anchor.at, area: [left, top, right, bottom], turn, rim: 0.0 }
}

/// An icon stretched around its text. `pen` is where the text begins.
pub(super) fn fitted(icon: IconBox, art: &Art, fit: &Fit, shape: &Shape, pen: [f32; 2], worn: &Worn) -> IconBox {
    let text = shape.bounds.map(|n| n * worn.font);
    let rim = art.rim_px.unwrap_or(0.0) * worn.scale;
    // Text may lie on the inner half of the rim.
    let padding = fit.padding.map(|n| n * worn.scale + rim / 2.0);
    let wanted = grown(text, padding);
    let mut area = icon.area;
    for (axis, is_fitted) in [fit.across, fit.down].into_iter().enumerate() {
        let from = pen[axis] - icon.about[axis];
        let (low, high) = if is_fitted {
            (wanted[axis], wanted[axis + 2])
        } else {
            let middle = f32::midpoint(text[axis], text[axis + 2]);
            let half = (area[axis + 2] - area[axis]) / 2.0;
            (middle - half, middle + half)
        };
        (area[axis], area[axis + 2]) = (from + low, from + high);
    }
    IconBox { area, rim, ..icon }
}

impl IconBox {
    /// A place from the anchor, turned and in the picture.
    pub(in crate::label) fn corner(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [cos, sin] = self.turn;
        [self.about[0] + x * cos - y * sin, self.about[1] + x * sin + y * cos]
    }

    /// The room that it takes.
    pub(super) fn room(&self, manner: &Manner, worn: &Worn) -> Area {
        let [left, top, right, bottom] = grown(self.area, manner.icon_padding.map(|n| n * worn.scale));
        let corners = [[left, top], [right, top], [left, bottom], [right, bottom]].map(|at| self.corner(at));
        let least = |axis: usize| corners.iter().map(|c| c[axis]).fold(f32::INFINITY, f32::min);
        let most = |axis: usize| corners.iter().map(|c| c[axis]).fold(f32::NEG_INFINITY, f32::max);
        [least(0), least(1), most(0), most(1)]
    }
}
