//! Tiles that nobody should send.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use styles::Style;

use super::{check, here, layer, sheet};
use crate::build::Builder;

/// A layer of a tile whose features are of any kind, with commands of any sort.
fn wild() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![Just(1_u8), Just(2), Just(3)];
    let steps = prop::collection::vec((any::<i16>(), any::<i16>()), 1..20);
    prop::collection::vec((kind, steps, prop::bool::ANY), 1..8).prop_map(|features| {
        fn varint(out: &mut Vec<u8>, mut n: u64) {
            while n > 127 {
                out.push(n as u8 | 128);
                n >>= 7;
            }
            out.push(n as u8);
        }
        fn field(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
            varint(out, number << 3 | 2);
            varint(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
        let mut layer = vec![15 << 3, 2];
        field(&mut layer, 1, b"things");
        for (kind, steps, is_small) in features {
            let mut geometry = Vec::new();
            for (i, (x, y)) in steps.iter().enumerate() {
                match i {
                    0 if kind == 1 => varint(&mut geometry, 1 | (steps.len() as u64) << 3),
                    0 => varint(&mut geometry, 9),
                    1 if kind != 1 => varint(&mut geometry, 2 | (steps.len() as u64 - 1) << 3),
                    _ => {}
                }
                for step in [*x, *y] {
                    let step = i64::from(if is_small { step % 7 } else { step });
                    varint(&mut geometry, (step << 1 ^ step >> 63) as u64);
                }
            }
            if kind == 3 {
                geometry.push(15);
            }
            let mut feature = vec![8, 5, 3 << 3, kind];
            field(&mut feature, 4, &geometry);
            field(&mut layer, 2, &feature);
        }
        let mut tile = Vec::new();
        field(&mut tile, 3, &layer);
        tile
    })
}

proptest! {
    #[test]
    fn no_tile_is_too_wild(tile in wild()) {
        let mut layers = Vec::new();
        for (join, cap) in [("miter", "butt"), ("round", "round"), ("bevel", "square")] {
            let layout = json!({"line-join": join, "line-cap": cap});
            layers.push(layer(join, "line", "things", &json!({"line-width": 20}), &layout));
        }
        layers.push(layer("fill", "fill", "things", &json!({"fill-outline-color": "#fff"}), &json!({})));
        layers.push(layer("body", "fill-extrusion", "things", &json!({"fill-extrusion-height": 9}), &json!({})));
        layers.push(layer("dot", "circle", "things", &json!({}), &json!({})));
        for placement in ["point", "line", "line-center"] {
            let layout = json!({"text-field": "a", "symbol-placement": placement});
            layers.push(layer(placement, "symbol", "things", &json!({}), &layout));
        }
        if let Ok(mesh) = Builder::new(sheet(&json!(layers)), true).build(here(), &tile) {
            check(&mesh);
        }
    }

    #[test]
    fn no_bytes_are_too_wild(tile in prop::collection::vec(any::<u8>(), 0..200)) {
        let style = Arc::new(Style::parse(styles::CITY).unwrap());
        if let Ok(mesh) = Builder::new(style, true).build(here(), &tile) {
            check(&mesh);
        }
    }
}
