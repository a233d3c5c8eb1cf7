//! Who would like to stand where, in the order in which they are asked.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::line;
use crate::label::Shown;
use crate::label::icons::Icons;
use crate::label::manner::{self, Manner, Manners};
use crate::label::project::{Anchor, Sight};
use crate::mesh::{Candidate, Course};

/// No more claims than this are looked at in a frame, those of most weight.
const MOST: usize = 50_000;
/// Sheet pixels around the picture in which an anchor counts, so that labels slide in from outside and nothing jumps at the edge.
pub(in crate::label) const MARGIN_PX: f32 = 128.0;

/// A candidate at one place. What decides most of them stands here, so that candidates, which lie about in memory, are not looked up.
#[derive(Clone, Copy, Debug)]
pub(in crate::label) struct Claim<'a> {
    pub(in crate::label) candidate: &'a Candidate,
    /// Index into the tiles that were handed in.
    pub(in crate::label) tile: usize,
    pub(in crate::label) anchor: Anchor,
    /// On a line.
    pub(in crate::label) on_line: Option<OnLine>,
    /// The thing, its text and its icon: the same in every tile.
    pub(in crate::label) identity: u64,
    /// On a line, what keeps its distance: the same text of one layer; without a text, the same thing.
    pub(in crate::label) kin: u64,
    /// How far, in target pixels.
    pub(in crate::label) apart: f32,
    /// It cannot stand where its anchor is taken.
    pub(in crate::label) needs_anchor: bool,
    rank: u64,
    /// Among the same: those that were there before, then those of the finer tile, then any order that is always the same.
    rest: (bool, [u32; 5]),
}

/// A place on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::label) struct OnLine {
    /// Index of the point before it.
    pub(in crate::label) after: u32,
    /// Tile units.
    pub(in crate::label) at: [f32; 2],
    /// Places are numbered, so that they are the same ones while the map turns and tilts.
    pub(in crate::label) number: u32,
}

impl Claim<'_> {
    /// This place of this thing: the same in every frame.
    pub(in crate::label) fn instance(&self) -> u64 {
        instance(self.candidate, self.identity, &self.rest.1, self.on_line)
    }
}

fn instance(candidate: &Candidate, identity: u64, place: &[u32; 5], on_line: Option<OnLine>) -> u64 {
    let [z, y, x, left, top] = *place;
    match (on_line, &candidate.course) {
        (Some(OnLine { number, .. }), Course::Line(points)) => {
            let [left, top] = points.first().map_or([0; 2], |at| at.map(f32::to_bits));
            xxh3_64_with_seed(bytemuck::bytes_of(&[z, y, x, number, left, top]), identity)
        }
        _ => xxh3_64_with_seed(bytemuck::bytes_of(&[z, y, x, left, top]), identity),
    }
}

/// What was shown in the last whole frame.
#[derive(Clone, Debug, Default)]
pub(in crate::label) struct Memory {
    pub(in crate::label) identities: FxHashSet<u64>,
    pub(in crate::label) instances: FxHashSet<u64>,
}

/// What is the same for all claims of a frame.
pub(in crate::label) struct Round<'a> {
    pub(in crate::label) manners: &'a Manners,
    pub(in crate::label) icons: &'a Icons,
    pub(in crate::label) memory: &'a Memory,
    /// Target pixels.
    pub(in crate::label) picture: [f32; 2],
    /// Target pixels in a sheet pixel.
    pub(in crate::label) ratio: f32,
}

impl Round<'_> {
    /// All that could stand in the picture, those of most weight first.
    pub(in crate::label) fn claims<'a>(&self, tiles: &[Shown<'a>], sights: &[Sight]) -> Vec<Claim<'a>> {
        let mut claims = Vec::new();
        let mut stands = Vec::new();
        for (tile, (shown, sight)) in tiles.iter().zip(sights).enumerate() {
            for candidate in &shown.mesh.candidates {
                let Some(manner) = self.manners.get(candidate.layer) else { continue };
                if candidate.text.is_empty() && candidate.icon.is_none() {
                    continue;
                }
                match &candidate.course {
                    Course::Point(at) => {
                        let claim = self.claim(shown, sight, candidate, manner, *at, None);
                        claims.extend(claim.map(|claim| Claim { tile, ..claim }));
                    }
                    Course::Line(points) => {
                        let repeat = if manner.is_single { 0.0 } else { candidate.look.repeat };
                        line::stands(points, repeat, sight, &mut stands);
                        for on_line in &stands {
                            let claim = self.claim(shown, sight, candidate, manner, on_line.at, Some(*on_line));
                            claims.extend(claim.map(|claim| Claim { tile, ..claim }));
                        }
                    }
                }
            }
        }
        sorted(&claims)
    }

    /// A candidate's claim to a place; nothing where it would not be seen.
    fn claim<'a>(
        &self,
        shown: &Shown<'a>,
        sight: &Sight,
        candidate: &'a Candidate,
        manner: &Manner,
        at: [f32; 2],
        on_line: Option<OnLine>,
    ) -> Option<Claim<'a>> {
        let [west, north, east, south] = shown.clip;
        let is_drawn = at[0] >= west && at[0] < east && at[1] >= north && at[1] < south;
        let anchor = sight.near(at).filter(|_| is_drawn)?;
        let margin = MARGIN_PX * self.ratio;
        if (0..2).any(|i| anchor.at[i] < -margin || anchor.at[i] > self.picture[i] + margin) {
            return None;
        }
        let coord = shown.mesh.coord;
        let place = [u32::from(u8::MAX - coord.z()), coord.y(), coord.x(), at[0].to_bits(), at[1].to_bits()];
        let index = (candidate.pick as usize).checked_sub(1);
        let origin = index.and_then(|i| shown.mesh.picks.get(i)).filter(|origin| origin.id != 0);
        // What comes from nobody is itself at its place only.
        let here = || xxh3_64(bytemuck::bytes_of(&place));
        let thing = origin.map_or_else(here, |o| xxh3_64_with_seed(o.layer.as_bytes(), o.id));
        let kin = xxh3_64_with_seed(candidate.text.as_bytes(), candidate.layer as u64);
        let look = candidate.icon.as_ref().map_or(kin, |icon| xxh3_64_with_seed(icon.as_bytes(), kin));
        let identity = xxh3_64_with_seed(&thing.to_le_bytes(), look);
        // Most were not shown at all.
        let is_known = self.memory.identities.contains(&identity);
        let was_here = is_known && self.memory.instances.contains(&instance(candidate, identity, &place, on_line));
        let was_shown = if on_line.is_some() { was_here } else { is_known };
        Some(Claim {
            candidate,
            tile: 0,
            anchor,
            on_line,
            identity,
            kin: if candidate.text.is_empty() { identity } else { kin },
            apart: candidate.look.repeat / 2.0 * self.ratio * anchor.nearness,
            needs_anchor: self.needs_anchor(candidate, manner, on_line.is_some()),
            rank: rank(candidate, was_shown),
            rest: (!was_here, place),
        })
    }

    /// Whether a label cannot stand where the place of its anchor is taken, because what it cannot be without covers that.
    fn needs_anchor(&self, candidate: &Candidate, manner: &Manner, is_on_line: bool) -> bool {
        let look = &candidate.look;
        let [text, icon] = super::parts(candidate, self.icons);
        let overlap = [0, 1].map(|which| manner.overlap[which].unwrap_or(look.allow_overlap));
        let is_centred = is_on_line || (look.offset == [0.0; 2] && manner::align(&look.anchor) == [0.5; 2]);
        let is_icon_centred = if manner.fit.is_some() {
            is_centred
        } else {
            manner.icon_offset == [0.0; 2] && manner.icon_align == [0.5; 2]
        };
        let text_stands = text && (overlap[0] || !is_centred);
        let icon_stands = icon && (overlap[1] || !is_icon_centred);
        super::together(candidate, [text, icon], [text_stands, icon_stands]) == [false; 2]
    }
}

/// In order, at most [`MOST`]. Only what decides is moved about.
fn sorted<'a>(claims: &[Claim<'a>]) -> Vec<Claim<'a>> {
    let mut order: Vec<_> = claims.iter().enumerate().map(|(i, claim)| (claim.rank, claim.identity, i)).collect();
    let rest = |i: usize| claims.get(i).map(|claim| claim.rest);
    order.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| rest(a.2).cmp(&rest(b.2))));
    order.iter().take(MOST).filter_map(|key| claims.get(key.2)).copied().collect()
}

/// Later layers of the sheet first, then smaller sort keys, then those that were there before.
fn rank(candidate: &Candidate, was_shown: bool) -> u64 {
    let layer = u64::from(u16::MAX - u16::try_from(candidate.layer).unwrap_or(u16::MAX));
    // Adding nothing makes one zero of both.
    let bits = (candidate.sort_key + 0.0).to_bits();
    let key = if candidate.sort_key.is_nan() {
        u32::MAX
    } else if bits >> 31 == 1 {
        !bits
    } else {
        bits | 1 << 31
    };
    layer << 48 | u64::from(key) << 8 | u64::from(!was_shown)
}
