//! Packing small pictures into a square texture.

use rustc_hash::FxHashMap;

use crate::frame::Patch;

/// Texels to the side to begin with.
const SMALLEST: u32 = 256;
/// Every WebGL2 device has textures of this side.
const LARGEST: u32 = 2048;
/// Frames that a picture stays without being used once room is short.
const KEPT_FRAMES: u64 = 60;

/// Where pictures lie. Growing moves none of them.
#[derive(Debug)]
pub(super) struct Atlas {
    side: u32,
    shelves: Vec<Shelf>,
    slots: FxHashMap<u32, Slot>,
    /// Placed since the last change was told.
    fresh: Vec<u32>,
    /// Everything is to be told again.
    is_stale: bool,
}

#[derive(Debug)]
struct Shelf {
    top: u32,
    height: u32,
    /// Up to where it is full.
    filled: u32,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    at: [u32; 2],
    size: [u32; 2],
    used: u64,
}

impl Default for Atlas {
    fn default() -> Self {
        Self { side: SMALLEST, shelves: Vec::new(), slots: FxHashMap::default(), fresh: Vec::new(), is_stale: true }
    }
}

impl Atlas {
    /// Texels to the side.
    pub(super) fn side(&self) -> u32 {
        self.side
    }

    /// Where a picture lies, in texels from the left and the top.
    pub(super) fn slot(&self, key: u32) -> Option<[u32; 2]> {
        self.slots.get(&key).map(|slot| slot.at)
    }

    /// Makes room for the pictures of a frame: keys and sizes. What finds none has no slot.
    pub(super) fn want(&mut self, wanted: &[(u32, [u32; 2])], frame: u64) {
        let mut new = Vec::new();
        for (key, size) in wanted {
            match self.slots.get_mut(key) {
                Some(slot) => slot.used = frame,
                None => new.push((*key, *size)),
            }
        }
        // Tall ones first waste least, and the order of asking must not matter.
        new.sort_unstable_by_key(|(key, size)| (u32::MAX - size[1], *key));
        new.dedup();
        for keep in [None, Some(frame.saturating_sub(KEPT_FRAMES)), Some(frame)] {
            if let Some(since) = keep {
                self.repack(since);
            }
            new.retain(|(key, size)| !self.place(*key, *size, frame));
            if new.is_empty() {
                return;
            }
        }
    }

    /// The painter lost its texture.
    pub(super) fn restore(&mut self) {
        self.is_stale = true;
    }

    /// Everything goes.
    pub(super) fn clear(&mut self) {
        self.shelves.clear();
        self.slots.clear();
        self.fresh.clear();
        self.is_stale = true;
    }

    /// What is to be filled in since this was last asked; `texels` draws a picture, each texel of `deep` bytes.
    pub(super) fn change<'a>(&mut self, deep: usize, texels: impl Fn(u32) -> Option<&'a [u8]>) -> Vec<Patch> {
        let fresh = std::mem::take(&mut self.fresh);
        if !self.is_stale {
            let patch = |key: &u32| {
                let slot = self.slots.get(key)?;
                Some(Patch { at: slot.at, size: slot.size, texels: texels(*key)?.to_vec() })
            };
            return fresh.iter().filter_map(patch).collect();
        }
        if self.slots.is_empty() {
            return Vec::new();
        }
        self.is_stale = false;
        // One large patch: what lay there before goes, and a device takes it faster than thousands of small ones.
        let mut whole = vec![0; (self.side * self.side) as usize * deep];
        for (key, slot) in &self.slots {
            let Some(picture) = texels(*key) else { continue };
            let row = slot.size[0] as usize * deep;
            for (y, line) in (slot.at[1]..).zip(picture.chunks_exact(row)) {
                let start = (y * self.side + slot.at[0]) as usize * deep;
                if let Some(target) = whole.get_mut(start..start + row) {
                    target.copy_from_slice(line);
                }
            }
        }
        vec![Patch { at: [0; 2], size: [self.side; 2], texels: whole }]
    }

    /// Drops what was not used since a frame, and packs the rest anew.
    fn repack(&mut self, since: u64) {
        let mut rest: Vec<(u32, Slot)> = self.slots.drain().filter(|(_, slot)| slot.used >= since).collect();
        rest.sort_unstable_by_key(|(key, slot)| (u32::MAX - slot.size[1], *key));
        self.clear();
        for (key, slot) in rest {
            self.place(key, slot.size, slot.used);
        }
    }

    fn place(&mut self, key: u32, size: [u32; 2], frame: u64) -> bool {
        let at = loop {
            if let Some(at) = self.find(size) {
                break at;
            }
            if self.side >= LARGEST {
                return false;
            }
            self.side *= 2;
            self.is_stale = true;
        };
        self.slots.insert(key, Slot { at, size, used: frame });
        self.fresh.push(key);
        true
    }

    /// The lowest shelf that is high enough, or a new one.
    fn find(&mut self, [width, height]: [u32; 2]) -> Option<[u32; 2]> {
        let side = self.side;
        // A shelf much higher than the picture would be wasted on it.
        let fits =
            |s: &&mut Shelf| s.height >= height && s.height <= height + height / 3 + 2 && s.filled + width <= side;
        if let Some(shelf) = self.shelves.iter_mut().filter(fits).min_by_key(|s| s.height) {
            let at = [shelf.filled, shelf.top];
            shelf.filled += width;
            return Some(at);
        }
        let top = self.shelves.last().map_or(0, |s| s.top + s.height);
        if width > side || top + height > side {
            return None;
        }
        self.shelves.push(Shelf { top, height, filled: width });
        Some([0, top])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apart(a: &Slot, b: &Slot) -> bool {
        (0..2).any(|i| a.at[i] + a.size[i] <= b.at[i] || b.at[i] + b.size[i] <= a.at[i])
    }

    proptest! {
        #[test]
        fn nothing_lies_on_anything_else(sizes in prop::collection::vec((1u32..60, 1u32..60), 1..200)) {
            let mut atlas = Atlas::default();
            let wanted: Vec<_> = (0u32..).zip(&sizes).map(|(key, (w, h))| (key, [*w, *h])).collect();
            for (frame, some) in (1u64..).zip(wanted.chunks(20)) {
                atlas.want(some, frame);
            }
            let slots: Vec<Slot> = atlas.slots.values().copied().collect();
            prop_assert_eq!(slots.len(), sizes.len());
            for (i, a) in slots.iter().enumerate() {
                prop_assert!(a.at[0] + a.size[0] <= atlas.side && a.at[1] + a.size[1] <= atlas.side);
                prop_assert!(slots.iter().take(i).all(|b| apart(a, b)));
            }
        }
    }

    #[test]
    fn a_full_atlas_lets_go_of_what_is_not_used() {
        let mut atlas = Atlas::default();
        let batch = |from: u32| (from..from + 900).map(|key| (key, [60, 60])).collect::<Vec<_>>();
        atlas.want(&batch(0), 1);
        assert_eq!((atlas.side(), atlas.slots.len()), (2048, 900));
        atlas.want(&batch(1000), 2);
        assert!(batch(1000).iter().all(|(key, _)| atlas.slot(*key).is_some()), "what this frame shows comes first");
        let patches = atlas.change(1, |_| None);
        assert!(patches.len() == 1 && patches[0].size == [2048; 2], "everything is told again");
        atlas.want(&[batch(0), batch(1000)].concat(), 3);
        assert_eq!(atlas.slots.len(), 34 * 34, "what does not fit is left out");
    }

    #[test]
    fn a_change_tells_only_what_is_new() {
        let mut atlas = Atlas::default();
        let picture = [7; 4];
        let mut told = |wanted: &[(u32, [u32; 2])], frame| {
            atlas.want(wanted, frame);
            atlas.change(1, |_| Some(&picture))
        };
        assert_eq!(told(&[(1, [2, 2])], 1)[0].size, [256; 2]);
        assert_eq!(told(&[(1, [2, 2])], 2), []);
        assert_eq!(told(&[(2, [2, 2])], 3), [Patch { at: [2, 0], size: [2, 2], texels: vec![7; 4] }]);
        atlas.restore();
        let all = atlas.change(1, |_| Some(&picture));
        assert_eq!(all[0].texels.iter().map(|t| u32::from(*t)).sum::<u32>(), 8 * 7);
    }
}
