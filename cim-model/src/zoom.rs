//! At which zoom a feature begins to be shown.
//!
//! Fixed for each feature from its class, its size and a hash, so that what a change dirties follows from its own boxes. Nothing is
//! merged across features: where points stand too close at a zoom, three of four wait for the next one, and which do is told by their
//! hash. A zoom down, a tile covers four times the ground, so a quarter of the points keeps a tile's number.
//!
//! # How large tiles become
//!
//! At 28° N a tile of zoom 16 covers 0.29 km², of zoom 14 4.7 km². The densest Chinese quarters have about 25 000 doorplates and
//! 5000 buildings a km² (an upper bound assumed for planning, not a measurement).
//!
//! | layer | rule | most in a tile | bytes each, packed |
//! |---|---|---|---|
//! | doorplate | all from 16, 1/4 from 15, 1/16 from 14 | 7 300 at 14, 15 and 16 | about 20 (118 unpacked) |
//! | building ≥ 150 m² | from 14; half the ground built over | 3 300 a km²: 15 600 at 14 | about 10 (40 unpacked) |
//! | building < 150 m² | from 15 | 5 900 at 15 | about 10 (40 unpacked) |
//!
//! So a tile stays below 500 kB as it is sent (gzip), with five fields each and full addresses; the example `dense` of `tiler` makes
//! such tiles and prints their sizes.

use gis_data::{Geometry, Layer, Properties};

use crate::measure::area_m2;

/// The lowest zoom whose tiles show a feature; never below its layer's. `key` tells features of the same class apart: any number
/// that stays the same for a thing (its id, a hash of its key in the source).
pub fn min_zoom(layer: &Layer, geometry: Option<&Geometry>, properties: &Properties, key: u64) -> u8 {
    let area = geometry.map_or(0.0, |g| area_m2(g.shape()));
    let kind = properties.text("kind");
    let own = match layer.id.as_str() {
        "road" => road(properties.text("class")),
        "building" => building(area),
        "doorplate" => thinned(key, 16, 14),
        "facility" => facility(kind, key),
        "component" => component(kind, key),
        "entrance" | "plate" => thinned(key, 17, 16),
        "stairwell" => 18,
        "water" if area == 0.0 => waterway(kind),
        "green" if area == 0.0 => 16,
        "water" | "green" | "built_up" => by_area(area),
        "subdistrict" => 9,
        "community" => 11,
        "grid" | "compound" => 13,
        "microgrid" => 15,
        // Districts, and layers that this rule does not know, begin where their layer does.
        _ => layer.min_zoom,
    };
    own.max(layer.min_zoom)
}

/// A number for [`min_zoom`] that tells apart what a source calls by different keys (FNV-1a, 64 bits).
pub fn number_of(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

fn road(class: Option<&str>) -> u8 {
    match class {
        Some("motorway" | "trunk") => 5,
        Some("primary") => 7,
        Some("secondary") => 9,
        Some("tertiary" | "residential") => 12,
        Some("living_street" | "pedestrian") => 13,
        Some("service" | "track") => 14,
        // Footways, cycleways, steps, and what says nothing.
        _ => 15,
    }
}

fn building(area_m2: f64) -> u8 {
    match area_m2 {
        a if a >= 5000.0 => 12,
        a if a >= 1000.0 => 13,
        a if a >= 150.0 => 14,
        _ => 15,
    }
}

fn facility(kind: Option<&str>, key: u64) -> u8 {
    match kind {
        Some("hospital" | "metro_station" | "park" | "stadium" | "greenway") => thinned(key, 13, 12),
        Some("townhall" | "museum" | "library" | "theatre" | "school" | "fire_station" | "police") => {
            thinned(key, 14, 13)
        }
        Some(
            "clinic" | "kindergarten" | "nursery" | "market" | "supermarket" | "community_centre" | "elder_care"
            | "shelter" | "hotel" | "fuel" | "place_of_worship" | "culture_station" | "bus_stop",
        ) => thinned(key, 15, 14),
        // Shops and the like: many to a street.
        _ => thinned(key, 16, 15),
    }
}

fn component(kind: Option<&str>, key: u64) -> u8 {
    match kind {
        Some("tree" | "bench") => 18,
        _ => thinned(key, 17, 16),
    }
}

/// Rivers and canals that are known by their middle alone.
fn waterway(kind: Option<&str>) -> u8 {
    match kind {
        Some("river") => 8,
        Some("canal") => 11,
        _ => 13,
    }
}

/// From the zoom on at which a surface covers 16 × 16 pixels of a tile of 512 (78 271.5 m a pixel at zoom 0 and the equator);
/// from 14 at the latest.
fn by_area(area_m2: f64) -> u8 {
    let pixels_of_the_world = 78_271.517 * 16.0 / area_m2.sqrt();
    pixels_of_the_world.log2().ceil().clamp(0.0, 14.0) as u8
}

/// All from zoom `all` on, and of each zoom a quarter one zoom earlier, down to `first`.
fn thinned(key: u64, all: u8, first: u8) -> u8 {
    // Ids follow each other, so they are stirred before they are drawn from.
    let early = (stir(key).trailing_zeros() / 2) as u8;
    all.saturating_sub(early).max(first)
}

/// The finalizer of splitmix64 (G. Steele and others, “Fast splittable pseudorandom number generators”, OOPSLA 2014).
fn stir(key: u64) -> u64 {
    let a = key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let b = (a ^ a >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let c = (b ^ b >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    c ^ c >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use gis_data::{Catalog, LayerId, mercator};

    fn zoom(layer: &str, geometry: Option<&Geometry>, field: &str, value: &str, key: u64) -> u8 {
        let catalog = Catalog::built_in().unwrap();
        let properties: Properties = [(field, value)].into_iter().collect();
        min_zoom(catalog.layer(layer).unwrap(), geometry, &properties, key)
    }

    /// A square of so many metres at Wenzhou.
    fn square(side_m: f64) -> Geometry {
        let (h, w) = (side_m / 111_195.0, side_m / 111_195.0 / 28.0_f64.to_radians().cos());
        let rect = geo_types::Rect::new((120.6, 28.0), (120.6 + w, 28.0 + h));
        Geometry::new(geo_types::Geometry::Rect(rect), None).unwrap()
    }

    #[test]
    fn wide_roads_are_shown_earlier() {
        let classes = ["motorway", "primary", "secondary", "tertiary", "residential", "pedestrian", "service", "steps"];
        let zooms = classes.map(|c| zoom("road", None, "class", c, 1));
        assert_eq!(zooms, [5, 7, 9, 12, 12, 13, 14, 15]);
    }

    #[test]
    fn large_surfaces_are_shown_earlier() {
        let building = |side| zoom("building", Some(&square(side)), "name", "", 1);
        assert_eq!([100.0, 40.0, 20.0, 9.0].map(building), [13, 13, 14, 15], "the layer itself begins at 13");
        let green = |side| zoom("green", Some(&square(side)), "name", "", 1);
        assert_eq!([10_000.0, 1000.0, 300.0, 20.0].map(green), [8, 11, 13, 14]);
        assert_eq!(zoom("water", None, "kind", "river", 1), 8);
    }

    #[test]
    fn a_quarter_of_the_doors_comes_a_zoom_early() {
        let mut counts = [0_u32; 23];
        let catalog = Catalog::built_in().unwrap();
        let layer = catalog.layer("doorplate").unwrap();
        for key in 0..64_000 {
            counts[usize::from(min_zoom(layer, None, &Properties::new(), key))] += 1;
        }
        let near = |zoom: usize, wanted: u32| assert!(counts[zoom].abs_diff(wanted) < wanted / 20, "{counts:?}");
        near(16, 48_000);
        near(15, 12_000);
        near(14, 4_000);
        assert_eq!(counts.iter().sum::<u32>(), counts[14] + counts[15] + counts[16]);
        assert_eq!(zoom("doorplate", None, "number", "1号", 7), zoom("doorplate", None, "number", "2号", 7));
    }

    #[test]
    fn what_serves_many_is_shown_earlier() {
        let least = |kind: &str| (0..100).map(|k| zoom("facility", None, "kind", kind, k)).min().unwrap();
        assert_eq!(["hospital", "library", "market", "restaurant"].map(least), [13, 13, 14, 15]);
        assert_eq!(zoom("component", None, "kind", "tree", 1), 18);
        assert!((0..30).all(|k| zoom("component", None, "kind", "bin", k) == 17), "the layer itself begins at 17");
    }

    #[test]
    fn areas_and_unknown_layers_begin_with_their_layer() {
        let areas = ["district", "subdistrict", "community", "grid", "microgrid"];
        assert_eq!(areas.map(|l| zoom(l, Some(&square(900.0)), "name", "", 1)), [0, 9, 11, 13, 15]);
        let mut layer = Catalog::built_in().unwrap().layer("terrain").unwrap().clone();
        layer.id = LayerId::new("bus_route").unwrap();
        assert_eq!(min_zoom(&layer, Some(&square(900.0)), &Properties::new(), 1), layer.min_zoom);
    }

    #[test]
    fn a_tile_of_the_densest_quarter_has_as_many_doors_at_each_zoom() {
        let width_m = |z| {
            let (x, y) = mercator::project(120.65, 28.0);
            let next = mercator::unproject(x + 0.5_f64.powi(z), y);
            (next.0 - 120.65) * 111_195.0 * 28.0_f64.to_radians().cos()
        };
        for (z, share) in [(16, 1.0), (15, 0.25), (14, 1.0 / 16.0)] {
            let doors = (width_m(z) / 1000.0_f64).powi(2) * 25_000.0 * share;
            assert!((7_000.0..7_400.0).contains(&doors), "{z}: {doors}");
        }
    }
}
