//! Ribbons along courses, with joins and caps. Their width is known only on the screen, so that every corner says where it lies in
//! half widths from the course.
//!
//! Where two straight pieces meet in a mitre they share the corners of its tip. In any other join each ends at right angles, and a wedge
//! around the place fills the gap outside: all its corners lie at one place of the course, so that there the length of `out` is the
//! distance from the course. The shader draws what is within the line's width of its course; so a wedge that reaches beyond it is
//! round, and two or three triangles are enough for that.

use crate::build::ring::{Outline, Point, outline};
use crate::mesh::{LineVertex, Pick, Triangles};

/// How two pieces are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::build) enum Join {
    Bevel,
    Round,
    #[default]
    Miter,
}

/// How a ribbon ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::build) enum Cap {
    #[default]
    Butt,
    Round,
    Square,
}

/// How a ribbon is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::build) struct Stroke {
    pub(in crate::build) join: Join,
    pub(in crate::build) cap: Cap,
    /// The longest tip of a mitre, in half widths; beyond it the join is a bevel.
    pub(in crate::build) miter_limit: f32,
    /// Never more than a few pixels wide: its joins cannot be told apart, and few corners are enough.
    pub(in crate::build) is_thin: bool,
    /// Pixels, or 1.
    pub(in crate::build) width: f32,
    pub(in crate::build) color: [u8; 4],
    pub(in crate::build) pick: Pick,
}

impl Default for Stroke {
    fn default() -> Self {
        Self {
            join: Join::Miter,
            cap: Cap::Butt,
            miter_limit: 2.0,
            is_thin: false,
            width: 1.0,
            color: [255; 4],
            pick: 0,
        }
    }
}

/// A mitre shorter than this looks like any other join: turns up to about 35°.
const STRAIGHT: f32 = 1.05;
/// The same for thin ribbons: turns up to 120°.
const STRAIGHT_THIN: f32 = 2.0;
/// The turn that one tip of a round join covers at most: a quarter, and what rounding adds to it.
const STEP: f32 = std::f32::consts::FRAC_PI_2 + 0.01;

type Vector = [f32; 2];

/// A ribbon along an open course without repeated places.
pub(in crate::build) fn along(course: &[Point], stroke: &Stroke, out: &mut Triangles<LineVertex>) {
    Pen { stroke, out }.open(course);
}

/// A ribbon around a ring, but not along the sides where the tile was cut.
pub(in crate::build) fn around(ring: &[Point], stroke: &Stroke, out: &mut Triangles<LineVertex>) {
    let mut pen = Pen { stroke, out };
    match outline(ring) {
        Outline::Whole(ring) => pen.closed(ring),
        Outline::Runs(runs) => runs.iter().for_each(|run| pen.open(run)),
    }
}

/// The two corners of a ribbon at one place: left and right of its course.
type Pair = [u32; 2];

struct Pen<'a> {
    stroke: &'a Stroke,
    out: &'a mut Triangles<LineVertex>,
}

/// A straight piece: where it leads and how long it is.
#[derive(Clone, Copy)]
struct Piece {
    towards: Vector,
    length: f32,
}

impl Piece {
    fn new(from: Point, to: Point) -> Self {
        let [x, y] = [0, 1].map(|axis| f32::from(to[axis]) - f32::from(from[axis]));
        let length = x.hypot(y);
        Self { towards: [x / length, y / length], length }
    }

    fn left(self) -> Vector {
        [self.towards[1], -self.towards[0]]
    }
}

impl Pen<'_> {
    fn open(&mut self, course: &[Point]) {
        let (Some(first), Some(last)) = (course.first(), course.last()) else { return };
        let pieces: Vec<Piece> = course.windows(2).map(|w| Piece::new(w[0], w[1])).collect();
        let (Some(begin), Some(end)) = (pieces.first(), pieces.last()) else { return };
        let mut pair = self.pair(*first, begin.left(), 0.0);
        self.cap(*first, begin.towards.map(|c| -c), [pair[1], pair[0]], 0.0);
        let mut reached = 0.0;
        for ((before, after), at) in pieces.iter().zip(&pieces[1..]).zip(&course[1..]) {
            reached += before.length;
            let [ended, begun] = self.join(*at, *before, *after, [reached; 2]);
            self.piece(pair, ended);
            pair = begun;
        }
        reached += end.length;
        let ended = self.pair(*last, end.left(), reached);
        self.piece(pair, ended);
        self.cap(*last, end.towards, ended, reached);
    }

    fn closed(&mut self, ring: &[Point]) {
        let pieces: Vec<Piece> = crate::build::ring::sides(ring).map(|(a, b)| Piece::new(a, b)).collect();
        let (Some(begin), Some(end), Some(at)) = (pieces.first(), pieces.last(), ring.first()) else { return };
        let whole = pieces.iter().map(|p| p.length).sum();
        let [last, mut pair] = self.join(*at, *end, *begin, [whole, 0.0]);
        let mut reached = 0.0;
        for ((before, after), at) in pieces.iter().zip(&pieces[1..]).zip(&ring[1..]) {
            reached += before.length;
            let [ended, begun] = self.join(*at, *before, *after, [reached; 2]);
            self.piece(pair, ended);
            pair = begun;
        }
        self.piece(pair, last);
    }

    fn vertex(&mut self, at: Point, out: Vector, along: f32) -> u32 {
        let Stroke { width, color, pick, .. } = *self.stroke;
        self.out.vertices.push(LineVertex { at, out, along, width, color, pick });
        self.out.vertices.len() as u32 - 1
    }

    fn pair(&mut self, at: Point, left: Vector, along: f32) -> Pair {
        [self.vertex(at, left, along), self.vertex(at, left.map(|c| -c), along)]
    }

    fn piece(&mut self, [a, b]: Pair, [c, d]: Pair) {
        self.out.indices.extend([a, b, c, c, b, d]);
    }

    /// Joins two pieces at a place: the pair that ends the one, the pair that begins the other. `reached` is how far along the course
    /// that is, told for each (they differ where a ring closes).
    fn join(&mut self, at: Point, before: Piece, after: Piece, reached: [f32; 2]) -> [Pair; 2] {
        let (a, b) = (before.left(), after.left());
        let cos = (a[0] * b[0] + a[1] * b[1]).clamp(-1.0, 1.0);
        // Where the edges meet, a mitre this long: 1 / cos of half the turn.
        let miter = (2.0 / (1.0 + cos)).sqrt();
        let tip = [0, 1].map(|axis| (a[axis] + b[axis]) / (1.0 + cos));
        let longest = match self.stroke {
            Stroke { join: Join::Miter, miter_limit, .. } => miter_limit.max(STRAIGHT),
            Stroke { is_thin: true, .. } => STRAIGHT_THIN,
            _ => STRAIGHT,
        };
        if miter <= longest {
            let ended = self.pair(at, tip, reached[0]);
            return [ended, if reached[0] == reached[1] { ended } else { self.pair(at, tip, reached[1]) }];
        }
        let pairs = [self.pair(at, a, reached[0]), self.pair(at, b, reached[1])];
        // To the right, y being south, is a positive turn; then the gap is on the left.
        let is_right = before.towards[0] * after.towards[1] >= before.towards[1] * after.towards[0];
        let (side, sign) = if is_right { (0, 1.0) } else { (1, -1.0) };
        let [from, mut to] = pairs.map(|pair| pair[side]);
        if reached[0] != reached[1] {
            // The wedge belongs to the end: dashes do not run backwards in it.
            to = self.vertex(at, b.map(|c| c * sign), reached[0]);
        }
        if self.stroke.join == Join::Round && !self.stroke.is_thin {
            self.round(at, a.map(|c| c * sign), sign * cos.acos(), [from, to], reached[0]);
        } else {
            let middle = self.vertex(at, [0.0; 2], reached[0]);
            self.out.indices.extend([middle, from, to]);
        }
        pairs
    }

    /// Ends a ribbon that leads `outwards`; the pair is left and right of that.
    fn cap(&mut self, at: Point, outwards: Vector, [left, right]: Pair, reached: f32) {
        let side = [outwards[1], -outwards[0]];
        if self.stroke.cap == Cap::Butt {
            return;
        }
        // The shader rounds it: a square cap is drawn round too.
        let end = [1.0, -1.0].map(|s| {
            let corner = [0, 1].map(|axis| side[axis] * s + outwards[axis]);
            self.vertex(at, corner, reached)
        });
        self.piece([left, right], end);
    }

    /// Triangles around a place, from the corner that lies at `begin` over an angle to another corner: with tips outside of the circle.
    fn round(&mut self, at: Point, begin: Vector, angle: f32, [from, to]: Pair, reached: f32) {
        let middle = self.vertex(at, [0.0; 2], reached);
        let steps = (angle.abs() / STEP).ceil().max(1.0);
        let half = angle / steps / 2.0;
        let mut last = from;
        for step in 0..steps as u32 {
            let (sin, cos) = (half * (2 * step + 1) as f32).sin_cos();
            let out = [begin[0] * cos - begin[1] * sin, begin[0] * sin + begin[1] * cos].map(|c| c / half.cos());
            let next = self.vertex(at, out, reached);
            self.out.indices.extend([middle, last, next]);
            last = next;
        }
        self.out.indices.extend([middle, last, to]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(course: &[Point], is_ring: bool, stroke: &Stroke) -> Triangles<LineVertex> {
        let mut out = Triangles::default();
        if is_ring {
            around(course, stroke, &mut out);
        } else {
            along(course, stroke, &mut out);
        }
        out
    }

    /// The corners of each triangle when the ribbon is so many units wide to each side.
    fn widened(ribbon: &Triangles<LineVertex>, half: f32) -> Vec<[Vector; 3]> {
        let corner = |i: &u32| {
            let v = ribbon.vertices[*i as usize];
            [0, 1].map(|axis| f32::from(v.at[axis]) + v.out[axis] * half)
        };
        ribbon.indices.chunks(3).map(|t| [corner(&t[0]), corner(&t[1]), corner(&t[2])]).collect()
    }

    fn area(triangles: &[[Vector; 3]]) -> f32 {
        let one = |[a, b, c]: &[Vector; 3]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        triangles.iter().map(|t| one(t).abs() / 2.0).sum()
    }

    const ANGLE: [Point; 3] = [[0, 0], [100, 0], [100, 100]];

    #[test]
    fn a_mitre_has_a_tip_and_a_bevel_has_none() {
        let stroke = Stroke::default();
        // Two pieces of 100 by 20, whose inner and outer triangles at the corner make up for each other.
        assert!((area(&widened(&drawn(&ANGLE, false, &stroke), 10.0)) - 4000.0).abs() < 0.1);
        let tip = drawn(&ANGLE, false, &stroke).vertices.iter().map(|v| v.out[0].hypot(v.out[1])).fold(0.0, f32::max);
        assert!((tip - 2.0_f32.sqrt()).abs() < 1e-6);
        let bevel = drawn(&ANGLE, false, &Stroke { join: Join::Bevel, ..stroke });
        assert!((area(&widened(&bevel, 10.0)) - 4050.0).abs() < 0.1);
        let sharp = [[0, 0], [100, 0], [0, 10]];
        let cut = drawn(&sharp, false, &stroke);
        assert!(cut.vertices.iter().all(|v| v.out[0].hypot(v.out[1]) < 1.001), "beyond the limit it is a bevel");
    }

    /// Whether a place lies in one of the triangles.
    fn holds(triangles: &[[Vector; 3]], [x, y]: Vector) -> bool {
        triangles.iter().any(|t| {
            let sides = [0, 1, 2].map(|i| {
                let (a, b) = (t[i], t[(i + 1) % 3]);
                (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
            });
            sides.iter().all(|s| *s >= -1e-2) || sides.iter().all(|s| *s <= 1e-2)
        })
    }

    #[test]
    fn a_round_join_and_cap_cover_the_circle_around_their_place() {
        let round = Stroke { join: Join::Round, cap: Cap::Round, ..Stroke::default() };
        for course in
            [ANGLE, [[0, 0], [100, 0], [150, 60]], [[0, 0], [100, 0], [2, 10]], [[0, 0], [100, 0], [100, -100]]]
        {
            let ribbon = drawn(&course, false, &round);
            assert!(ribbon.indices.len() / 3 <= 4 + 4 + 4, "{} triangles", ribbon.indices.len() / 3);
            let all = widened(&ribbon, 10.0);
            for at in course {
                for step in 0..64_u8 {
                    let (sin, cos) = (f32::from(step) * std::f32::consts::TAU / 64.0).sin_cos();
                    let place = [f32::from(at[0]) + 9.99 * cos, f32::from(at[1]) + 9.99 * sin];
                    assert!(holds(&all, place), "{course:?} leaves {place:?} out");
                }
            }
            // The shader tells by the distance from the course: a tip lies beyond it.
            assert!(ribbon.vertices.iter().all(|v| v.out[0].hypot(v.out[1]) < 1.5));
        }
    }

    #[test]
    fn a_square_cap_goes_half_a_width_further() {
        let square = Stroke { cap: Cap::Square, ..Stroke::default() };
        let all = widened(&drawn(&[[0, 0], [100, 0]], false, &square), 10.0);
        assert!((area(&all) - 120.0 * 20.0).abs() < 0.1);
        assert!(all.iter().flatten().all(|p| (-10.01..110.01).contains(&p[0])));
    }

    #[test]
    fn what_is_along_grows_from_the_beginning_to_the_end() {
        let ribbon = drawn(&[[0, 0], [30, 40], [60, 80]], false, &Stroke::default());
        let along: Vec<f32> = ribbon.vertices.iter().map(|v| v.along).collect();
        assert_eq!(along, [0.0, 0.0, 50.0, 50.0, 100.0, 100.0]);
    }

    #[test]
    fn a_ring_is_closed_with_a_join() {
        let ring = [[0, 0], [100, 0], [100, 100], [0, 100]];
        let all = widened(&drawn(&ring, true, &Stroke::default()), 10.0);
        assert!((area(&all) - (120.0 * 120.0 - 80.0 * 80.0)).abs() < 0.1);
    }

    #[test]
    fn a_course_of_one_place_is_no_line() {
        assert!(drawn(&[[5, 5]], false, &Stroke::default()).vertices.is_empty());
        assert!(drawn(&[], true, &Stroke::default()).vertices.is_empty());
    }

    proptest! {
        #[test]
        fn every_course_can_be_drawn(
            mut course in prop::collection::vec(any::<Point>(), 0..20),
            is_small: bool, is_ring: bool, is_thin: bool, join in 0..3, cap in 0..3,
        ) {
            if is_small {
                course = course.into_iter().map(|p| p.map(|c| c % 4)).collect();
            }
            course.dedup();
            if is_ring && course.first() == course.last() {
                course.pop();
            }
            let join = [Join::Bevel, Join::Round, Join::Miter][join as usize];
            let cap = [Cap::Butt, Cap::Round, Cap::Square][cap as usize];
            let ribbon = drawn(&course, is_ring, &Stroke { join, cap, is_thin, ..Stroke::default() });
            prop_assert!(ribbon.indices.iter().all(|i| (*i as usize) < ribbon.vertices.len()));
            for v in &ribbon.vertices {
                prop_assert!(v.out[0].hypot(v.out[1]) < 2.001 && v.along.is_finite());
            }
        }
    }
}
