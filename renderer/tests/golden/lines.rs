//! Ribbons made by hand: mitres and rounds.

use glam::Vec2;
use renderer::mesh::{LineVertex, Pick, Triangles};

use crate::hand::UNITS;

/// How corners are made.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Join {
    Mitre,
    Round,
}

/// A line through points in pixels as seen from above.
pub(crate) fn ribbon(
    to: &mut Triangles<LineVertex>,
    points: &[[i16; 2]],
    join: Join,
    width: f32,
    color: [u8; 4],
    pick: Pick,
) {
    let points: Vec<Vec2> =
        points.iter().map(|p| Vec2::new(f32::from(p[0] * UNITS), f32::from(p[1] * UNITS))).collect();
    let direction = |i: usize| (points[i + 1] - points[i]).normalize();
    let last = points.len() - 2;
    let mut along = 0.0;
    for i in 0..=last {
        let normal = direction(i).perp();
        let corner = |other: usize| {
            let mitre = (normal + direction(other).perp()).normalize();
            mitre / mitre.dot(normal)
        };
        let is_mitre = join == Join::Mitre;
        let begin = if is_mitre && i > 0 { corner(i - 1) } else { normal };
        let end = if is_mitre && i < last { corner(i + 1) } else { normal };
        let next = along + points[i].distance(points[i + 1]);
        let base = to.vertices.len() as u32;
        for (at, out, along) in [
            (points[i], begin, along),
            (points[i], -begin, along),
            (points[i + 1], -end, next),
            (points[i + 1], end, next),
        ] {
            to.vertices.push(vertex(at, out, along, width, color, pick));
        }
        to.indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
        if !is_mitre {
            let half = std::f32::consts::PI;
            if i == 0 {
                fan(to, points[0], normal, half, vertex(points[0], Vec2::ZERO, along, width, color, pick));
            }
            let turn = if i < last { normal.angle_to(direction(i + 1).perp()) } else { -half };
            // The gap is on the outer side of the turn.
            let side = if turn > 0.0 { -normal } else { normal };
            fan(to, points[i + 1], side, turn, vertex(points[i + 1], Vec2::ZERO, next, width, color, pick));
        }
        along = next;
    }
}

fn vertex(at: Vec2, out: Vec2, along: f32, width: f32, color: [u8; 4], pick: Pick) -> LineVertex {
    LineVertex { at: [at.x as i16, at.y as i16], out: out.to_array(), along, width, color, pick }
}

/// A round join or end: from a corner over an angle, around a vertex.
fn fan(to: &mut Triangles<LineVertex>, at: Vec2, from: Vec2, angle: f32, middle: LineVertex) {
    const PIECES: u32 = 8;
    let base = to.vertices.len() as u32;
    to.vertices.push(LineVertex { at: [at.x as i16, at.y as i16], ..middle });
    for i in 0..=PIECES {
        let out = Vec2::from_angle(angle * i as f32 / PIECES as f32).rotate(from).to_array();
        to.vertices.push(LineVertex { out, ..middle });
        if i > 0 {
            to.indices.extend([base, base + i, base + i + 1]);
        }
    }
}
