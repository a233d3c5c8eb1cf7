//! The shapes of `within` and `distance`: reading GeoJSON, point in polygon, distances on the ellipsoid.

use geo_types::{Coord, Geometry, LineString, Polygon};
use serde_json::Value as Json;

/// More positions than this in one expression are refused.
const MAX_POSITIONS: usize = 100_000;

/// Points, lines and polygons in degrees of longitude and latitude.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shapes {
    pub(crate) points: Vec<Coord<f64>>,
    pub(crate) lines: Vec<Vec<Coord<f64>>>,
    pub(crate) polygons: Vec<Vec<Vec<Coord<f64>>>>,
}

impl Shapes {
    pub(crate) fn is_empty(&self) -> bool {
        self.points.is_empty() && self.lines.is_empty() && self.polygons.is_empty()
    }

    pub(crate) fn polygons_only(self) -> Self {
        Self { polygons: self.polygons, ..Self::default() }
    }

    /// Reads a geometry, a feature or a collection of features; nothing when it is malformed.
    pub(crate) fn from_geojson(json: &Json) -> Option<Self> {
        let mut shapes = Self::default();
        let mut left = MAX_POSITIONS;
        match json.get("type")?.as_str()? {
            "FeatureCollection" => {
                for feature in json.get("features")?.as_array()? {
                    shapes.add(feature.get("geometry")?, &mut left)?;
                }
            }
            "Feature" => shapes.add(json.get("geometry")?, &mut left)?,
            _ => shapes.add(json, &mut left)?,
        }
        Some(shapes)
    }

    fn add(&mut self, geometry: &Json, left: &mut usize) -> Option<()> {
        let coordinates = geometry.get("coordinates")?;
        match geometry.get("type")?.as_str()? {
            "Point" => self.points.push(position(coordinates, left)?),
            "MultiPoint" => self.points.extend(positions(coordinates, left)?),
            "LineString" => self.lines.push(positions(coordinates, left)?),
            "MultiLineString" => self.lines.extend(rings(coordinates, left)?),
            "Polygon" => self.polygons.push(rings(coordinates, left)?),
            "MultiPolygon" => {
                for polygon in coordinates.as_array()? {
                    self.polygons.push(rings(polygon, left)?);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// The parts of a feature's geometry.
    pub(crate) fn of(geometry: &Geometry<f64>) -> Self {
        let mut shapes = Self::default();
        let mut waiting = vec![geometry];
        while let Some(geometry) = waiting.pop() {
            match geometry {
                Geometry::Point(p) => shapes.points.push(p.0),
                Geometry::MultiPoint(many) => shapes.points.extend(many.iter().map(|p| p.0)),
                Geometry::Line(l) => shapes.lines.push(vec![l.start, l.end]),
                Geometry::LineString(l) => shapes.lines.push(l.0.clone()),
                Geometry::MultiLineString(many) => shapes.lines.extend(many.iter().map(|l| l.0.clone())),
                Geometry::Polygon(p) => shapes.polygons.push(polygon_rings(p)),
                Geometry::MultiPolygon(many) => shapes.polygons.extend(many.iter().map(polygon_rings)),
                Geometry::Rect(r) => shapes.polygons.push(polygon_rings(&r.to_polygon())),
                Geometry::Triangle(t) => shapes.polygons.push(polygon_rings(&t.to_polygon())),
                Geometry::GeometryCollection(many) => waiting.extend(many.iter()),
            }
        }
        shapes
    }
}

fn polygon_rings(polygon: &Polygon<f64>) -> Vec<Vec<Coord<f64>>> {
    std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .map(|ring: &LineString<f64>| ring.0.clone())
        .collect()
}

fn position(json: &Json, left: &mut usize) -> Option<Coord<f64>> {
    *left = left.checked_sub(1)?;
    let [x, y, ..] = json.as_array()?.as_slice() else { return None };
    Some(Coord { x: x.as_f64()?, y: y.as_f64()? })
}

fn positions(json: &Json, left: &mut usize) -> Option<Vec<Coord<f64>>> {
    let list = json.as_array()?.iter().map(|p| position(p, left)).collect::<Option<Vec<_>>>()?;
    (!list.is_empty()).then_some(list)
}

fn rings(json: &Json, left: &mut usize) -> Option<Vec<Vec<Coord<f64>>>> {
    json.as_array()?.iter().map(|ring| positions(ring, left)).collect()
}

/// A position in Web Mercator, where straight edges are those that the map draws, on a grid of so many steps if any.
/// The world is 1 wide.
fn mercator(c: Coord<f64>, steps: Option<f64>) -> Coord<f64> {
    let y = (std::f64::consts::FRAC_PI_4 + c.y.to_radians() / 2.0).tan().ln().to_degrees();
    let on_grid = |v: f64| steps.map_or(v, |steps| (v * steps).round() / steps);
    Coord { x: on_grid((180.0 + c.x) / 360.0), y: on_grid((180.0 - y) / 360.0) }
}

/// Whether the feature lies wholly inside the polygons; touching the edge is outside. Points and lines only.
pub(crate) fn within(feature: &Shapes, area: &Shapes, tile_zoom: Option<u8>) -> bool {
    if !feature.polygons.is_empty() || (feature.points.is_empty() && feature.lines.is_empty()) {
        return false;
    }
    let steps = tile_zoom.map(|zoom| 8192.0 * f64::from(zoom.min(30)).exp2());
    let map = |rings: &Vec<Vec<Coord<f64>>>| -> Vec<Vec<Coord<f64>>> {
        rings.iter().map(|ring| ring.iter().map(|c| mercator(*c, steps)).collect()).collect()
    };
    let polygons: Vec<_> = area.polygons.iter().map(map).collect();
    let lines = feature.lines.iter().map(Vec::as_slice).chain(feature.points.iter().map(std::slice::from_ref));
    lines.into_iter().all(|line| {
        let line: Vec<_> = line.iter().map(|c| mercator(*c, steps)).collect();
        polygons.iter().any(|polygon| line_within(&shifted(&line, polygon), polygon))
    })
}

/// Moves a line by whole worlds so that it lies as near to the polygon as it can.
fn shifted(line: &[Coord<f64>], polygon: &[Vec<Coord<f64>>]) -> Vec<Coord<f64>> {
    let xs = || polygon.iter().flatten().map(|c| c.x);
    let middle = f64::midpoint(xs().fold(f64::INFINITY, f64::min), xs().fold(f64::NEG_INFINITY, f64::max));
    let own = || line.iter().map(|c| c.x);
    let wide = own().fold(f64::NEG_INFINITY, f64::max) - own().fold(f64::INFINITY, f64::min) > 0.5;
    let shift = |x: f64| if wide || (x - middle).abs() <= 0.5 { 0.0 } else { (middle - x).round() };
    line.iter().map(|c| Coord { x: c.x + shift(c.x), y: c.y }).collect()
}

fn line_within(line: &[Coord<f64>], polygon: &[Vec<Coord<f64>>]) -> bool {
    line.iter().all(|p| inside(*p, polygon, false))
        && line.windows(2).all(|s| !polygon.iter().flat_map(|r| r.windows(2)).any(|e| crosses(s[0], s[1], e[0], e[1])))
}

/// Even-odd rule; `edge` is the answer on the edge itself.
fn inside(p: Coord<f64>, polygon: &[Vec<Coord<f64>>], edge: bool) -> bool {
    let mut inside = false;
    for e in polygon.iter().flat_map(|ring| ring.windows(2)) {
        let (a, b) = (e[0], e[1]);
        let cross = (p.x - a.x) * (p.y - b.y) - (p.x - b.x) * (p.y - a.y);
        if cross.abs() < 1e-18 && (p.x - a.x) * (p.x - b.x) <= 0.0 && (p.y - a.y) * (p.y - b.y) <= 0.0 {
            return edge;
        }
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}

/// Whether two segments cross properly; parallel ones never do.
fn crosses(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>, d: Coord<f64>) -> bool {
    let side = |p: Coord<f64>, q: Coord<f64>, r: Coord<f64>| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(c, d, a) * side(c, d, b) < 0.0 && side(a, b, c) * side(a, b, d) < 0.0
}

/// Metres for a degree east and north near one latitude: the radii of curvature of the WGS 84 ellipsoid.
struct Ruler {
    east: f64,
    north: f64,
}

impl Ruler {
    fn at(lat: f64) -> Self {
        let (radius, flattening) = (6_378_137.0_f64, 1.0 / 298.257_223_563);
        let eccentricity2 = flattening * (2.0 - flattening);
        let cos = lat.to_radians().cos();
        let w2 = 1.0 / (1.0 - eccentricity2 * (1.0 - cos * cos));
        let degree = radius.to_radians();
        Self { east: degree * w2.sqrt() * cos, north: degree * w2.sqrt() * w2 * (1.0 - eccentricity2) }
    }

    fn offset(&self, from: Coord<f64>, to: Coord<f64>) -> (f64, f64) {
        let mut degrees = (to.x - from.x) % 360.0;
        if degrees > 180.0 {
            degrees -= 360.0;
        } else if degrees < -180.0 {
            degrees += 360.0;
        }
        (degrees * self.east, (to.y - from.y) * self.north)
    }

    fn point_to_segment(&self, p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
        let ((dx, dy), (px, py)) = (self.offset(a, b), self.offset(a, p));
        let length2 = dx * dx + dy * dy;
        let t = if length2 > 0.0 { ((px * dx + py * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
        (px - dx * t).hypot(py - dy * t)
    }

    fn segments(&self, a: Coord<f64>, b: Coord<f64>, c: Coord<f64>, d: Coord<f64>) -> f64 {
        if crosses(a, b, c, d) {
            return 0.0;
        }
        self.point_to_segment(a, c, d)
            .min(self.point_to_segment(b, c, d))
            .min(self.point_to_segment(c, a, b))
            .min(self.point_to_segment(d, a, b))
    }
}

/// The least distance in metres between two sets of shapes; none when either is empty.
pub(crate) fn distance(feature: &Shapes, other: &Shapes) -> Option<f64> {
    let first = first_position(feature)?;
    first_position(other)?;
    let ruler = Ruler::at(first.y);
    let covered = |inner: &Shapes, outer: &Shapes| {
        let all = inner.points.iter().chain(inner.lines.iter().flatten());
        let mut corners = all.chain(inner.polygons.iter().flatten().flatten());
        corners.any(|p| outer.polygons.iter().any(|polygon| inside(*p, polygon, true)))
    };
    if covered(feature, other) || covered(other, feature) {
        return Some(0.0);
    }
    let theirs = segments(other);
    let mut least = f64::INFINITY;
    for (a, b) in segments(feature) {
        for (c, d) in &theirs {
            least = least.min(ruler.segments(a, b, *c, *d));
        }
    }
    Some(least)
}

fn first_position(shapes: &Shapes) -> Option<Coord<f64>> {
    let lines = shapes.lines.iter().flatten();
    shapes.points.iter().chain(lines).chain(shapes.polygons.iter().flatten().flatten()).next().copied()
}

/// Every segment of the shapes; a lone point is a segment without length.
fn segments(shapes: &Shapes) -> Vec<(Coord<f64>, Coord<f64>)> {
    let mut all: Vec<_> = shapes.points.iter().map(|p| (*p, *p)).collect();
    for line in shapes.lines.iter().chain(shapes.polygons.iter().flatten()) {
        if let [only] = line.as_slice() {
            all.push((*only, *only));
        }
        all.extend(line.windows(2).map(|w| (w[0], w[1])));
    }
    all
}
