//! Labels along lines: where on the line, and how each character stands.

use super::claim::OnLine;
use crate::label::breaks::is_ideographic;
use crate::label::project::Sight;
use crate::label::shape::Shape;

/// A line with more points is not labelled: it is no road or river.
const MOST_POINTS: usize = 8192;
/// More labels on one line of one tile are not wanted.
const MOST_STANDS: usize = 64;

/// Finds places along a line in tile units, `repeat` sheet pixels or somewhat more apart, in order. A
/// line that is shorter has one in its middle; so has every line when there is no repeat.
pub(super) fn stands(points: &[[f32; 2]], repeat: f32, sight: &Sight, found: &mut Vec<OnLine>) {
    found.clear();
    if points.len() > MOST_POINTS {
        return;
    }
    let length: f32 = points.windows(2).map(|w| distance(w[0], w[1])).sum();
    // Also for points that are none.
    if length <= 0.0 || !length.is_finite() {
        return;
    }
    along(points, length / 2.0, length, found);
    let nearness = found.first().and_then(|middle| sight.at(middle.at)).map_or(1.0, |anchor| anchor.nearness);
    let count = (length / (repeat * sight.units_per_px(nearness))).floor();
    if repeat > 0.0 && count > 1.0 {
        found.clear();
        let step = length / count.min(MOST_STANDS as f32);
        along(points, step / 2.0, step, found);
    }
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    let (x, y) = (b[0] - a[0], b[1] - a[1]);
    (x * x + y * y).sqrt()
}

fn between(a: [f32; 2], b: [f32; 2], t: f32) -> [f32; 2] {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// The places at a first distance and every further step.
fn along(points: &[[f32; 2]], first: f32, step: f32, found: &mut Vec<OnLine>) {
    let (mut next, mut walked) = (first, 0.0);
    for (after, w) in (0..).zip(points.windows(2)) {
        let piece = distance(w[0], w[1]);
        while piece > 0.0 && next <= walked + piece && found.len() < MOST_STANDS {
            let at = between(w[0], w[1], (next - walked) / piece);
            found.push(OnLine { after, at, number: found.len() as u32 });
            next += step;
        }
        walked += piece;
    }
}

/// A piece of a line in the picture, about an anchor.
#[derive(Debug)]
pub(super) struct Course {
    /// Target pixels along the picture from the anchor (negative before it), and where; in order.
    steps: Vec<(f32, [f32; 2])>,
}

impl Course {
    /// The line `reach` target pixels to both sides of a place on it; nothing if it is shorter, or leaves what the camera sees.
    pub(super) fn new(points: &[[f32; 2]], on_line: OnLine, reach: f32, sight: &Sight) -> Option<Self> {
        let after = on_line.after as usize;
        let anchor = sight.at(on_line.at)?.at;
        let back = points.get(..=after)?.iter().rev();
        let mut steps = walk(anchor, back, reach, sight)?;
        steps.reverse();
        for step in &mut steps {
            step.0 = -step.0;
        }
        steps.push((0.0, anchor));
        steps.extend(walk(anchor, points.get(after + 1..)?.iter(), reach, sight)?);
        Some(Self { steps })
    }

    /// Where the line is at a distance; its end beyond it.
    fn at(&self, distance: f32) -> [f32; 2] {
        let next = self.steps.partition_point(|step| step.0 < distance);
        let end = |step: Option<&(f32, [f32; 2])>| step.map_or([0.0; 2], |step| step.1);
        match (next.checked_sub(1).and_then(|i| self.steps.get(i)), self.steps.get(next)) {
            (Some(a), Some(b)) if b.0 > a.0 => between(a.1, b.1, (distance - a.0) / (b.0 - a.0)),
            (None, first) => end(first),
            (last, _) => end(last),
        }
    }

    /// Where the piece of the line goes that a distance lies on, a unit vector.
    fn piece(&self, distance: f32) -> [f32; 2] {
        let next = self.steps.partition_point(|step| step.0 < distance).clamp(1, self.steps.len().max(2) - 1);
        let (a, b) = (self.steps.get(next - 1), self.steps.get(next));
        a.zip(b).map_or([1.0, 0.0], |(a, b)| unit([b.1[0] - a.1[0], b.1[1] - a.1[1]]))
    }

    /// Where the line goes about a distance, a unit vector: what lies under the middle `half` pixels to both sides.
    fn way(&self, distance: f32, half: f32) -> [f32; 2] {
        let half = half.max(1.0);
        let (a, b) = (self.at(distance - half), self.at(distance + half));
        unit([b[0] - a[0], b[1] - a[1]])
    }

    /// Where the line goes at its anchor.
    pub(super) fn way_at_anchor(&self, half: f32) -> [f32; 2] {
        self.way(0.0, half)
    }
}

fn unit([x, y]: [f32; 2]) -> [f32; 2] {
    let length = (x * x + y * y).sqrt();
    if length > 0.0 { [x / length, y / length] } else { [1.0, 0.0] }
}

fn walk<'a>(
    from: [f32; 2],
    points: impl Iterator<Item = &'a [f32; 2]>,
    reach: f32,
    sight: &Sight,
) -> Option<Vec<(f32, [f32; 2])>> {
    let (mut steps, mut last, mut length) = (Vec::new(), from, 0.0);
    if reach <= 0.0 {
        return Some(steps);
    }
    for point in points {
        let at = sight.at(*point)?.at;
        let step = distance(last, at);
        if step > 0.0 {
            length += step;
            last = at;
            steps.push((length, at));
        }
        if length >= reach {
            return Some(steps);
        }
    }
    None
}

/// A character on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::label) struct Stand {
    /// Its middle, in target pixels.
    pub(in crate::label) at: [f32; 2],
    /// Cosine and sine of its turn, clockwise.
    pub(in crate::label) turn: [f32; 2],
}

/// How a text may lie on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bend {
    /// Target pixels in a pixel of the glyphs.
    pub(super) scale: f32,
    /// Radians by which the line may turn under one character.
    pub(super) max_angle: f32,
    /// Whether it is turned so that it does not stand on its head.
    pub(super) upright: bool,
}

/// Each character of a text of one line on its course; nothing where the course turns too sharply.
///
/// On a steep line, a text of Chinese characters runs downwards, every character standing upright, as on signs.
pub(super) fn stand(shape: &Shape, course: &Course, bend: &Bend) -> Option<Vec<Stand>> {
    let half_length = (shape.bounds[2] - shape.bounds[0]) / 2.0 * bend.scale;
    let (a, b) = (course.at(-half_length), course.at(half_length));
    let (run, rise) = (b[0] - a[0], b[1] - a[1]);
    let is_steep = bend.upright && rise.abs() > run.abs();
    let is_column = is_steep && shape.letters.iter().all(|l| is_ideographic(l.c));
    // Noise must not turn a text round that runs straight up.
    let is_plumb = run.abs() < 0.02 * rise.abs();
    let backwards = bend.upright
        && if is_column {
            rise < 0.0
        } else if is_plumb {
            rise > 0.0
        } else {
            run < 0.0
        };
    let sign = if backwards { -1.0 } else { 1.0 };
    let sharpest = bend.max_angle.max(0.0).cos();
    let mut stands = Vec::with_capacity(shape.letters.len());
    let mut last: Option<[f32; 2]> = None;
    let middle = f32::midpoint(shape.bounds[0], shape.bounds[2]);
    for letter in &shape.letters {
        let distance = sign * (letter.at[0] + letter.half - middle) * bend.scale;
        let half = letter.half * bend.scale;
        for end in [distance - sign * half, distance + sign * half] {
            let piece = course.piece(end);
            if last.is_some_and(|last| last[0] * piece[0] + last[1] * piece[1] < sharpest) {
                return None;
            }
            last = Some(piece);
        }
        let way = course.way(distance, half).map(|n| n * sign);
        // A quarter turn back: what runs down stands upright.
        let turn = if is_column { [way[1], -way[0]] } else { way };
        stands.push(Stand { at: course.at(distance), turn });
    }
    Some(stands)
}
