//! Labels and icons that would like to be drawn.

mod look;

use std::collections::BTreeMap;

use styles::expression::{Context, Value};
use tiler::decode::Shape as Tile;

use super::course::{Spot, joined, length, middle, own_parts, pole};
use super::job::Job;
use super::property::Property;
use super::ring::{Grid, Surface, double_area, is_own};
use crate::mesh::{Candidate, Course, Look, Pick};
use look::{is_shared, look};

/// A longer text is no label.
const MAX_CHARS: usize = 400;
/// No layer needs more labels of one tile.
const MAX_CANDIDATES: usize = 1 << 17;

/// How labels are put.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placement {
    Point,
    Line,
    /// Along the line, but just once.
    LineCenter,
}

/// The labels of a layer.
pub(super) fn build(job: &mut Job<'_>) -> Vec<Candidate> {
    let ctx = job.context();
    let (layer, index) = (job.layer, job.index);
    let text = Property::new(layer.layout("text-field"), &ctx);
    let transform = Property::new(layer.layout("text-transform"), &ctx);
    let icon = Property::new(layer.layout("icon-image"), &ctx);
    let key = Property::new(layer.layout("symbol-sort-key"), &ctx);
    let placement = match layer.layout("symbol-placement").evaluate_or_default(&ctx).as_text() {
        Some("line") => Placement::Line,
        Some("line-center") => Placement::LineCenter,
        _ => Placement::Point,
    };
    let grid = Grid::new(job.tile.decoded.extent);
    let is_shared = is_shared(layer);
    let mut looks: BTreeMap<[bool; 2], Look> = BTreeMap::new();
    let mut surface = Surface::default();
    let mut all: Vec<Candidate> = Vec::new();
    job.each("", |feature, ctx, pick, _| {
        if all.len() >= MAX_CANDIDATES {
            return;
        }
        let text = words(&text, &transform, ctx);
        let icon = name(&icon.value(ctx));
        let parts = [!text.is_empty(), icon.is_some()];
        if parts == [false; 2] {
            return;
        }
        let places = match placement {
            Placement::Point => {
                points(grid, &feature.decoded.shape, &mut surface).into_iter().map(Course::Point).collect()
            }
            _ => lines(grid, &feature.decoded.shape),
        };
        let make = || look(layer, ctx, parts[0], parts[1]);
        let look = if is_shared { looks.entry(parts).or_insert_with(make).clone() } else { make() };
        let sort_key = key.number(ctx, 0.0);
        all.extend(places.into_iter().map(|course| Candidate {
            layer: index,
            sort_key,
            course,
            text: text.clone(),
            icon: icon.clone(),
            look: look.clone(),
            pick,
        }));
    });
    if placement == Placement::Point { all } else { whole(all, placement) }
}

/// What a label says.
fn words(text: &Property<'_>, transform: &Property<'_>, ctx: &Context<'_>) -> String {
    let said = text.value(ctx).to_text();
    let said: String = said.trim().chars().take(MAX_CHARS).collect();
    match transform.value(ctx).as_text() {
        Some("uppercase") => said.to_uppercase(),
        Some("lowercase") => said.to_lowercase(),
        _ => said,
    }
}

/// The icon that a value names, if the sprite has it.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::Image(image) if image.available => Some(image.name.to_string()),
        Value::Text(name) if !name.is_empty() => Some(name.to_string()),
        _ => None,
    }
}

/// The places of a feature in the tile's own square: each point, the middle of each line, a place well inside the largest surface.
fn points(grid: Grid, shape: &Tile, surface: &mut Surface) -> Vec<Spot> {
    let mut spots: Vec<Spot> = match shape {
        Tile::Points(points) => points.iter().map(|v| grid.place(*v).map(f32::from)).collect(),
        Tile::Lines(lines) => lines.iter().filter_map(|line| middle(&spots(&grid.course(line)))).collect(),
        Tile::Polygons(polygons) => {
            let area = |rings: &&Vec<Vec<[i32; 2]>>| {
                rings.first().and_then(|ring| grid.ring(ring)).map_or(0, |ring| double_area(&ring).abs())
            };
            let largest = if let [only] = polygons.as_slice() { Some(only) } else { polygons.iter().max_by_key(area) };
            let place = |rings: &Vec<Vec<[i32; 2]>>| if surface.read(grid, rings) { pole(surface) } else { None };
            largest.and_then(place).into_iter().collect()
        }
        Tile::Unknown(_) => Vec::new(),
    };
    spots.retain(|spot| is_own(*spot));
    spots
}

/// The courses of a feature in the tile's own square.
fn lines(grid: Grid, shape: &Tile) -> Vec<Course> {
    let closed = |ring: &Vec<[i32; 2]>| {
        let mut ring = grid.ring(ring)?;
        ring.extend(ring.first().copied());
        Some(ring)
    };
    let courses: Vec<_> = match shape {
        Tile::Lines(lines) => lines.iter().map(|line| grid.course(line)).collect(),
        Tile::Polygons(polygons) => polygons.iter().flatten().filter_map(closed).collect(),
        Tile::Points(_) | Tile::Unknown(_) => Vec::new(),
    };
    courses.iter().flat_map(|course| own_parts(&spots(course))).map(Course::Line).collect()
}

fn spots(course: &[super::ring::Point]) -> Vec<Spot> {
    course.iter().map(|p| p.map(f32::from)).collect()
}

/// Pieces of one name become one course; of each, just the longest where one label is enough.
fn whole(all: Vec<Candidate>, placement: Placement) -> Vec<Candidate> {
    type Pieces = (Candidate, Vec<Vec<Spot>>);
    let mut names: BTreeMap<(String, Option<String>, Option<Pick>), Pieces> = BTreeMap::new();
    for mut one in all {
        let Course::Line(course) = std::mem::replace(&mut one.course, Course::Line(Vec::new())) else { continue };
        // Without a name, nothing says that two pieces belong together.
        let own = (one.text.is_empty() || placement == Placement::LineCenter).then_some(one.pick);
        let name = (one.text.clone(), one.icon.clone(), own);
        names.entry(name).or_insert_with(|| (one, Vec::new())).1.push(course);
    }
    let mut out = Vec::new();
    for (one, pieces) in names.into_values() {
        let mut courses = joined(pieces);
        if placement == Placement::LineCenter {
            courses.sort_by(|a, b| length(b).total_cmp(&length(a)));
            courses.truncate(1);
        }
        out.extend(courses.into_iter().map(|course| Candidate { course: Course::Line(course), ..one.clone() }));
    }
    out
}
