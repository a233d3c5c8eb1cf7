//! Who would like to stand where, in the order in which they are asked.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::label::manner::Manners;
use crate::label::project::{Anchor, Sight};
use crate::label::{Shown, place::line};
use crate::mesh::{Candidate, Course};

/// No more claims than this are looked at in a frame, those of most weight.
const MOST: usize = 50_000;
/// Sheet pixels around the picture in which an anchor counts, so that labels slide in from outside and nothing jumps at the edge.
pub(in crate::label) const MARGIN_PX: f32 = 128.0;

/// A candidate at one place.
#[derive(Clone, Copy, Debug)]
pub(in crate::label) struct Claim<'a> {
    pub(in crate::label) candidate: &'a Candidate,
    /// Index into the tiles that were handed in.
    pub(in crate::label) tile: usize,
    pub(in crate::label) anchor: Anchor,
    /// On a line: after which point, and where, in tile units.
    pub(in crate::label) on_line: Option<(usize, [f32; 2])>,
    /// The thing, its text and its icon: the same in every tile.
    pub(in crate::label) identity: u64,
    /// This place of it.
    pub(in crate::label) instance: u64,
    order: Order,
}

/// Smaller comes first. What is left to the last fields is the same place.
type Order = (u64, u64, bool, [u32; 5]);

impl Claim<'_> {
    /// What keeps its distance along lines: the same text of one layer; without a text, the same thing.
    pub(in crate::label) fn kin(&self) -> u64 {
        match self.candidate.text.as_bytes() {
            [] => self.identity,
            text => xxh3_64_with_seed(text, self.candidate.layer as u64),
        }
    }
}

/// What was shown in the frame before.
#[derive(Clone, Debug, Default)]
pub(in crate::label) struct Memory {
    pub(in crate::label) identities: FxHashSet<u64>,
    pub(in crate::label) instances: FxHashSet<u64>,
}

/// All that could stand in the picture, those of most weight first.
pub(in crate::label) fn claims<'a>(
    tiles: &[Shown<'a>],
    sights: &[Sight],
    manners: &Manners,
    memory: &Memory,
    picture: [f32; 2],
    margin: f32,
) -> Vec<Claim<'a>> {
    let mut claims = Vec::new();
    let is_near = |at: [f32; 2]| (0..2).all(|i| at[i] >= -margin && at[i] <= picture[i] + margin);
    for (tile, (shown, sight)) in tiles.iter().zip(sights).enumerate() {
        let [west, north, east, south] = shown.clip;
        let is_drawn = |[x, y]: [f32; 2]| x >= west && x < east && y >= north && y < south;
        let add = |candidate: &'a Candidate, at: [f32; 2], on_line: Option<(usize, u32)>| {
            let anchor = Some(at).filter(|at| is_drawn(*at)).and_then(|at| sight.near(at));
            let anchor = anchor.filter(|anchor| is_near(anchor.at))?;
            Some(claim(shown, tile, candidate, anchor, at, on_line, memory))
        };
        for candidate in &shown.mesh.candidates {
            let Some(manner) = manners.get(candidate.layer) else { continue };
            if candidate.text.is_empty() && candidate.icon.is_none() {
                continue;
            }
            match &candidate.course {
                Course::Point(at) => claims.extend(add(candidate, *at, None)),
                Course::Line(points) => {
                    let repeat = if manner.is_single { 0.0 } else { candidate.look.repeat };
                    let stands = line::stands(points, repeat, sight);
                    let all = (0..).zip(stands).filter_map(|(i, (after, at))| add(candidate, at, Some((after, i))));
                    claims.extend(all);
                }
            }
        }
    }
    claims.sort_unstable_by_key(|claim| claim.order);
    claims.truncate(MOST);
    claims
}

fn claim<'a>(
    shown: &Shown<'a>,
    tile: usize,
    candidate: &'a Candidate,
    anchor: Anchor,
    at: [f32; 2],
    on_line: Option<(usize, u32)>,
    memory: &Memory,
) -> Claim<'a> {
    let coord = shown.mesh.coord;
    let place = [u32::from(u8::MAX - coord.z()), coord.y(), coord.x(), at[0].to_bits(), at[1].to_bits()];
    let here = || xxh3_64(bytemuck::bytes_of(&place));
    let index = (candidate.pick as usize).checked_sub(1);
    let origin = index.and_then(|i| shown.mesh.picks.get(i)).filter(|origin| origin.id != 0);
    // What comes from nobody is itself at its place only.
    let thing = origin.map_or_else(here, |o| xxh3_64_with_seed(o.layer.as_bytes(), o.id));
    let icon = candidate.icon.as_deref().unwrap_or_default();
    let look = xxh3_64_with_seed(candidate.text.as_bytes(), xxh3_64_with_seed(icon.as_bytes(), candidate.layer as u64));
    let identity = xxh3_64_with_seed(&thing.to_le_bytes(), look);
    // A line's places are numbered, so that they are the same ones while the map turns and tilts.
    let instance = match on_line {
        None => xxh3_64_with_seed(&here().to_le_bytes(), identity),
        Some((_, number)) => {
            let numbers = [place[0], place[1], place[2], number];
            xxh3_64_with_seed(bytemuck::bytes_of(&numbers), identity)
        }
    };
    let was_here = memory.instances.contains(&instance);
    let was_shown = if on_line.is_some() { was_here } else { memory.identities.contains(&identity) };
    Claim {
        candidate,
        tile,
        anchor,
        on_line: on_line.map(|(after, _)| (after, at)),
        identity,
        instance,
        order: (rank(candidate, was_shown), identity, !was_here, place),
    }
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
