//! Decides which labels stand: each in turn takes its room, unless it is taken.

mod claim;
mod collide;
mod line;
mod point;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use styles::glyph::SIZE_PX;

pub(super) use claim::{Claim, MARGIN_PX, Memory, Round};
pub(super) use collide::{Area, Grid};
pub(super) use line::Stand;
pub(super) use point::IconBox;

use super::glyphs::{FALL, Glyphs};
use super::icons::Icons;
use super::manner::{self, Manner, Manners};
use super::project::{Anchor, Sight};
use super::shape::{Setting, Shape, Shapes};
use crate::mesh::{Candidate, Course, Look};

/// A halo does not reach farther, in pixels of the glyphs: the field ends there.
const MAX_HALO: f32 = 4.5;
/// Nothing is written or drawn larger, in sheet pixels.
const MAX_SIZE: f32 = 512.0;
/// What is written smaller, in sheet pixels, is not seen.
const MIN_SIZE: f32 = 1.0;
/// So often is one text shown along lines at most.
const MOST_OF_ONE: usize = 1000;

/// Sizes of a label in this frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Worn {
    /// Target pixels in a sheet pixel.
    pub(super) scale: f32,
    /// Target pixels in a pixel of the glyphs.
    pub(super) font: f32,
    /// Distance values that the halo reaches outwards.
    pub(super) halo: f32,
    /// Target pixels in an icon's own sheet pixel.
    pub(super) icon: f32,
    /// Of text and icon.
    pub(super) opacity: [f32; 2],
    /// Target pixels from the anchor to the right and down, of the text.
    pub(super) offset: [f32; 2],
    /// Target pixels around the text that others keep free.
    pub(super) padding: f32,
}

impl Worn {
    fn new(look: &Look, manner: &Manner, ratio: f32, anchor: &Anchor) -> Self {
        // A sheet may say anything.
        let sane = |n: f32, least: f32, most: f32| if n.is_finite() { n.clamp(least, most) } else { 0.0 };
        let length = |own: f32, slid: Option<f32>| sane(slid.unwrap_or(own), 0.0, MAX_SIZE);
        let scale = ratio * anchor.scale();
        let size = Some(length(look.text_size, manner.text_size)).filter(|n| *n >= MIN_SIZE).unwrap_or(0.0);
        let halo = if size > 0.0 { length(look.halo_width, manner.halo_width) * SIZE_PX / size } else { 0.0 };
        let icon = length(look.icon_size, manner.icon_size).min(MAX_SIZE / SIZE_PX);
        Self {
            scale,
            font: size / SIZE_PX * scale,
            halo: halo.min(MAX_HALO) * FALL,
            icon: icon * scale,
            opacity: [0, 1].map(|i| sane(manner.opacity[i].unwrap_or(look.opacity[i]), 0.0, 1.0)),
            offset: look.offset.map(|n| sane(n, -MAX_SIZE, MAX_SIZE) * size * scale),
            padding: sane(look.padding, 0.0, MAX_SIZE) * scale,
        }
    }
}

/// A text in the picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextRun {
    pub(super) shape: Arc<Shape>,
    pub(super) course: Run,
}

/// How a text runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Run {
    /// Level, from where its pen begins.
    Level([f32; 2]),
    /// A place for each of its characters.
    Along(Vec<Stand>),
}

/// A label that has its room.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a> {
    pub(super) claim: Claim<'a>,
    pub(super) worn: Worn,
    pub(super) text: Option<TextRun>,
    pub(super) icon: Option<IconBox>,
    /// Whether it reaches into the picture.
    pub(super) is_seen: bool,
}

/// What placing needs.
pub(super) struct Stage<'a> {
    pub(super) sights: &'a [Sight],
    pub(super) manners: &'a Manners,
    pub(super) glyphs: &'a Glyphs,
    pub(super) shapes: &'a mut Shapes,
    pub(super) icons: &'a mut Icons,
    pub(super) grid: &'a mut Grid,
    pub(super) picture: Area,
    /// Target pixels in a sheet pixel, where the map is not tilted.
    pub(super) ratio: f32,
}

/// What was placed so far.
#[derive(Default)]
struct Shown {
    identities: FxHashSet<u64>,
    /// Where each text stands along lines.
    along: FxHashMap<u64, Vec<[f32; 2]>>,
}

impl Shown {
    /// Whether the same stands there already, or too near.
    fn has(&self, claim: &Claim<'_>) -> bool {
        if claim.on_line.is_none() {
            return self.identities.contains(&claim.identity);
        }
        let Some(others) = self.along.get(&claim.kin) else { return false };
        let [x, y] = claim.anchor.at;
        let is_near = |[a, b]: &[f32; 2]| (a - x) * (a - x) + (b - y) * (b - y) < claim.apart * claim.apart;
        others.len() >= MOST_OF_ONE || (claim.apart > 0.0 && others.iter().any(is_near))
    }

    fn add(&mut self, claim: &Claim<'_>) {
        if claim.on_line.is_none() {
            self.identities.insert(claim.identity);
        } else {
            self.along.entry(claim.kin).or_default().push(claim.anchor.at);
        }
    }
}

/// Whether a candidate has a text and an icon. One that the sprite lacks is not waited for.
fn parts(candidate: &Candidate, icons: &Icons) -> [bool; 2] {
    [!candidate.text.is_empty(), candidate.icon.as_deref().is_some_and(|name| icons.knows(name))]
}

/// Which of text and icon stand in the end, as the sheet wants it: one may have to fall with the other. `has` is what there is, `fits`
/// what finds room.
fn together(candidate: &Candidate, has: [bool; 2], fits: [bool; 2]) -> [bool; 2] {
    let icon_alone = candidate.look.optional[0] || !has[0];
    let text_alone = candidate.look.optional[1] || !has[1];
    [fits[0] && (fits[1] || text_alone), fits[1] && (fits[0] || icon_alone)]
}

/// Places labels one after the other; those of most weight come first in what is returned, too.
pub(super) fn place<'a>(claims: Vec<Claim<'a>>, stage: &mut Stage<'_>) -> Vec<Placed<'a>> {
    let mut shown = Shown::default();
    let mut placed = Vec::new();
    let (mut text_room, mut icon_room) = (Vec::new(), Vec::new());
    let manners = stage.manners;
    for claim in claims {
        let [x, y] = claim.anchor.at;
        let is_taken = claim.needs_anchor && stage.grid.is_taken(&[x - 0.5, y - 0.5, x + 0.5, y + 0.5]);
        if is_taken || shown.has(&claim) {
            continue;
        }
        let Some(manner) = manners.get(claim.candidate.layer) else { continue };
        let worn = Worn::new(&claim.candidate.look, manner, stage.ratio, &claim.anchor);
        text_room.clear();
        icon_room.clear();
        let Some((text, icon)) = stage.lay(&claim, manner, &worn, &mut text_room, &mut icon_room) else { continue };
        let [has_text, has_icon] =
            stage.decide(claim.candidate, manner, [text.is_some(), icon.is_some()], [&text_room, &icon_room]);
        if !has_text && !has_icon {
            continue;
        }
        let mut is_seen = false;
        for (is_there, which, room) in [(has_text, 0, &text_room), (has_icon, 1, &icon_room)] {
            let is_ignored = manner.ignored[which].unwrap_or(claim.candidate.look.ignore_placement);
            for area in room.iter().filter(|_| is_there) {
                is_seen |= collide::touch(area, &stage.picture);
                if !is_ignored {
                    stage.grid.take(area);
                }
            }
        }
        shown.add(&claim);
        let (text, icon) = (text.filter(|_| has_text), icon.filter(|_| has_icon));
        placed.push(Placed { claim, worn, text, icon, is_seen });
    }
    placed
}

impl Stage<'_> {
    /// Lays text and icon of a claim where they would stand; nothing when the label has to wait or its line is too short for it.
    fn lay(
        &mut self,
        claim: &Claim<'_>,
        manner: &Manner,
        worn: &Worn,
        text_room: &mut Vec<Area>,
        icon_room: &mut Vec<Area>,
    ) -> Option<(Option<TextRun>, Option<IconBox>)> {
        let (candidate, anchor) = (claim.candidate, &claim.anchor);
        let look = &candidate.look;
        let shape = self.shape(claim, manner, worn);
        let art = candidate.icon.as_deref().and_then(|name| self.icons.find(name)).filter(|_| worn.icon > 0.0);
        let art = art.and_then(|id| self.icons.art(id).map(|art| (id, art)));
        let mut turn = turn(look.icon_rotate);
        let mut text = None;
        match (&candidate.course, claim.on_line) {
            (Course::Line(points), Some(on_line)) => {
                let sight = self.sights.get(claim.tile)?;
                if let Some(shape) = &shape {
                    let reach = (shape.bounds[2] - shape.bounds[0]) / 2.0 * worn.font;
                    let bend = line::Bend { scale: worn.font, max_angle: manner.max_angle, upright: manner.upright };
                    let stands = line::Course::new(points, on_line, reach, sight)
                        .and_then(|course| line::stand(shape, &course, &bend));
                    if let Some(stands) = stands {
                        room_along(shape, &stands, worn.padding, worn.font, text_room);
                        text = Some(TextRun { shape: Arc::clone(shape), course: Run::Along(stands) });
                    }
                }
                if let Some((_, art)) = art.filter(|_| manner.icon_follows) {
                    let reach = art.size_px[0] / 2.0 * worn.icon;
                    let [x, y] = line::Course::new(points, on_line, reach, sight)?.way_at_anchor(reach);
                    turn = [turn[0] * x - turn[1] * y, turn[0] * y + turn[1] * x];
                }
            }
            _ => {
                if let Some(shape) = &shape {
                    let (pen, area) = point::text(shape, worn, anchor);
                    text_room.push(area);
                    text = Some(TextRun { shape: Arc::clone(shape), course: Run::Level(pen) });
                }
            }
        }
        let mut icon = art.map(|(id, art)| point::icon(id, art, manner, worn, anchor, turn));
        if let (Some(fit), Some(own), Some((_, art))) = (&manner.fit, icon, art)
            && !candidate.text.is_empty()
        {
            let pen = text.as_ref().and_then(|run| if let Run::Level(pen) = run.course { Some(pen) } else { None });
            icon = shape.as_ref().zip(pen).map(|(shape, pen)| point::fitted(own, art, fit, shape, pen, worn));
        }
        icon_room.extend(icon.map(|icon| icon.room(manner, worn)));
        Some((text, icon))
    }

    fn shape(&mut self, claim: &Claim<'_>, manner: &Manner, worn: &Worn) -> Option<Arc<Shape>> {
        let candidate = claim.candidate;
        if candidate.text.is_empty() || worn.font <= 0.0 {
            return None;
        }
        let look = &candidate.look;
        let setting = if claim.on_line.is_some() {
            Setting { max_width: 0.0, line_height: 0.0, spacing: look.spacing, align: [0.5; 2], justify: 0.5 }
        } else {
            let align = manner::align(&look.anchor);
            let justify = manner.justify.unwrap_or(align[0]);
            Setting { max_width: look.max_width, line_height: look.line_height, spacing: look.spacing, align, justify }
        };
        self.shapes.get(&candidate.text, &setting, self.glyphs)
    }

    /// Which of text and icon stand.
    fn decide(&self, candidate: &Candidate, manner: &Manner, is_laid: [bool; 2], room: [&[Area]; 2]) -> [bool; 2] {
        let fits = [0, 1].map(|which: usize| {
            let overlap = manner.overlap[which].unwrap_or(candidate.look.allow_overlap);
            is_laid[which] && (overlap || !room[which].iter().any(|area| self.grid.is_taken(area)))
        });
        together(candidate, parts(candidate, self.icons), fits)
    }
}

/// Cosine and sine of degrees.
fn turn(degrees: f32) -> [f32; 2] {
    let (sin, cos) = if degrees.is_finite() { degrees.to_radians().sin_cos() } else { (0.0, 1.0) };
    [cos, sin]
}

/// The room of a text along a line: a box around each character.
fn room_along(shape: &Shape, stands: &[Stand], padding: f32, font: f32, room: &mut Vec<Area>) {
    for (letter, stand) in shape.letters.iter().zip(stands) {
        let (half, height) = (letter.half * font, SIZE_PX / 2.0 * font);
        let [cos, sin] = stand.turn.map(f32::abs);
        let reach = [half * cos + height * sin + padding, half * sin + height * cos + padding];
        let [x, y] = stand.at;
        room.push([x - reach[0], y - reach[1], x + reach[0], y + reach[1]]);
    }
}
