//! What is drawn of a frame, in which order.
//!
//! All of it goes from the top to the ground: first buildings, the nearest hiding those behind, then the layers on the ground from the
//! uppermost, each filling in only what those before left uncovered. So a building that one sees through is drawn once, and shows neither
//! its inside nor another building.

use std::collections::BTreeMap;
use std::ops::Range;

use super::buffers::{Form, Span};
use crate::frame::{Frame, LayerPaint};

/// Triangles of one layer of one tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Index into the frame's tiles.
    pub(super) tile: usize,
    /// Index into the frame's paints.
    pub(super) paint: usize,
    pub(super) form: Form,
    pub(super) indices: Range<u32>,
}

/// A frame in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// What rises from the ground and hides it, wherever in the sheet.
    pub(super) raised: Vec<Step>,
    /// What lies on the ground, from the sheet's last layer to its first.
    pub(super) ground: Vec<Step>,
}

/// Orders a frame. `spans` gives what is there of a tile, by its index in the frame.
pub(super) fn plan<'a>(frame: &Frame, spans: impl Fn(usize) -> &'a [Span]) -> Plan {
    let place: BTreeMap<usize, usize> =
        frame.paints.iter().enumerate().filter(|(_, p)| shows(p)).map(|(i, p)| (p.layer, i)).collect();
    let mut layers: Vec<Vec<Step>> = vec![Vec::new(); frame.paints.len()];
    for tile in 0..frame.tiles.len() {
        for span in spans(tile) {
            if let Some(&paint) = place.get(&span.layer) {
                layers[paint].push(Step { tile, paint, form: span.form, indices: span.indices.clone() });
            }
        }
    }
    // The nearest tiles first: what they hide is then not painted at all.
    let (raised, ground) = layers.into_iter().flatten().rev().partition(|s| s.form == Form::Extrusion);
    Plan { raised, ground }
}

/// Whether anything of a layer can be seen.
fn shows(paint: &LayerPaint) -> bool {
    paint.opacity > 0.0
}

#[cfg(test)]
mod tests {
    use tiler::Coord;

    use super::*;
    use crate::frame::{LabelMesh, Light, Size, TileDraw};

    fn frame(layers: &[usize], tiles: usize) -> Frame {
        let tile =
            TileDraw { coord: Coord::WORLD, matrix: [0.0; 16], clip: [0.0, 0.0, 4096.0, 4096.0], px_per_unit: 1.0 };
        Frame {
            size: Size { width: 8, height: 8, ratio: 1.0 },
            background: [1.0; 4],
            sky: [1.0; 4],
            horizon_px: 0.0,
            light: Light { towards: [0.0, 0.0, 1.0], color: [1.0; 3], intensity: 0.5 },
            tiles: vec![tile; tiles],
            paints: layers.iter().copied().map(LayerPaint::plain).collect(),
            labels: LabelMesh::default(),
        }
    }

    fn span(layer: usize, form: Form) -> Span {
        Span { layer, form, indices: 0..3 }
    }

    #[test]
    fn buildings_come_first_and_the_ground_from_the_top_and_from_near_to_far() {
        let spans = [span(2, Form::Fill), span(5, Form::Extrusion), span(9, Form::Line)];
        let plan = plan(&frame(&[2, 5, 9], 2), |_| &spans);
        let order: Vec<_> = plan.raised.iter().map(|s| (s.paint, s.tile)).collect();
        assert_eq!(order, [(1, 1), (1, 0)]);
        let order: Vec<_> = plan.ground.iter().map(|s| (s.paint, s.tile)).collect();
        assert_eq!(order, [(2, 1), (2, 0), (0, 1), (0, 0)]);
    }

    #[test]
    fn what_has_no_paint_or_cannot_be_seen_is_left_out() {
        let spans = [span(2, Form::Fill), span(3, Form::Fill), span(4, Form::Extrusion)];
        let mut frame = frame(&[3, 4], 1);
        frame.paints[1].opacity = 0.0;
        let plan = plan(&frame, |_| &spans);
        assert_eq!(plan.ground.len(), 1);
        assert_eq!(plan.ground[0].paint, 0);
        assert!(plan.raised.is_empty());
    }
}
