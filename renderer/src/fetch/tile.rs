//! One tile from the wish to the picture.

use std::sync::Arc;

/// Steps before what failed is tried for the second time; twice as many each further time. A second has 60 where a picture is drawn
/// as often as the screen shows one.
const FIRST_WAIT: u64 = 30;
/// Times that it is tried in quick succession.
const PATIENCE: u32 = 5;

/// When something that failed is tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retry {
    failed: u32,
    /// The step from which on it may be tried.
    due: u64,
}

impl Retry {
    /// It failed, once more.
    pub fn fail(&mut self, now: u64) {
        self.due = now + (FIRST_WAIT << self.failed.min(PATIENCE));
        self.failed = self.failed.saturating_add(1);
    }

    /// Whether it may be tried now.
    pub fn is_due(&self, now: u64) -> bool {
        now >= self.due
    }

    /// Whether it failed since it last succeeded.
    pub fn has_failed(&self) -> bool {
        self.failed > 0
    }

    /// Whether it failed, and is worth waiting for.
    pub fn is_pressing(&self) -> bool {
        (1..PATIENCE).contains(&self.failed)
    }
}

/// What is there of a tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Has {
    /// It is not known what is on it.
    #[default]
    Nothing,
    /// Nothing is on it.
    Empty,
    /// Something to draw, which takes so many bytes.
    Mesh(u64),
}

/// Whether it is being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Going {
    #[default]
    Idle,
    UnderWay(u64),
}

/// A tile that is wanted, or was.
#[derive(Debug, Default)]
pub(super) struct Tile {
    /// What came last.
    pub source: Option<Arc<[u8]>>,
    pub has: Has,
    /// The source is newer than what was built.
    pub to_build: bool,
    /// Something else may have come to be on it.
    pub is_stale: bool,
    pub going: Going,
    pub retry: Retry,
    /// The step in which it was last of use.
    pub used: u64,
    /// It had to go although it is wanted: how many bytes it takes.
    pub left_out: Option<u64>,
}

impl Tile {
    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> u64 {
        let mesh = if let Has::Mesh(bytes) = self.has { bytes } else { 0 };
        self.source.as_ref().map_or(0, |s| s.len() as u64) + mesh
    }

    /// Nothing of it is here or under way.
    pub(super) fn is_idle(&self) -> bool {
        self.source.is_none() && self.has == Has::Nothing && self.going == Going::Idle
    }

    /// Something of it is still to come.
    pub(super) fn is_missing(&self) -> bool {
        self.going == Going::Idle && (self.is_stale || (self.source.is_none() && self.has != Has::Empty))
    }

    /// It is to be asked for now.
    pub(super) fn is_due(&self, now: u64) -> bool {
        self.is_missing() && self.retry.is_due(now)
    }

    /// Whether there is room for it.
    pub(super) fn fits(&self, room: u64) -> bool {
        self.left_out.is_none_or(|bytes| bytes <= room)
    }

    /// What is there is what should be there.
    pub(super) fn is_whole(&self) -> bool {
        let built = match self.has {
            Has::Nothing => false,
            Has::Empty => true,
            Has::Mesh(_) => self.source.is_some(),
        };
        built && !self.to_build && !self.is_stale
    }

    /// Its bytes came. Whether what is drawn of it is to go.
    pub(super) fn come(&mut self, bytes: Vec<u8>) -> bool {
        self.is_stale = false;
        self.left_out = None;
        if bytes.is_empty() {
            let gone = self.let_go();
            self.has = Has::Empty;
            self.retry = Retry::default();
            return gone;
        }
        if self.source.as_deref() == Some(&bytes) {
            self.retry = Retry::default();
        } else {
            self.source = Some(bytes.into());
            self.to_build = true;
        }
        false
    }

    /// It cannot be built of what came.
    pub(super) fn broke(&mut self, now: u64) {
        self.source = None;
        self.to_build = false;
        // Even where it was empty before: what came was not.
        self.is_stale = true;
        self.retry.fail(now);
    }

    /// Nothing of it is kept. Whether there was something to draw.
    pub(super) fn let_go(&mut self) -> bool {
        self.source = None;
        self.to_build = false;
        matches!(std::mem::take(&mut self.has), Has::Mesh(_))
    }

    /// It is no longer waited for. The request under way, if there is one.
    pub(super) fn give_up(&mut self) -> Option<u64> {
        self.retry = Retry::default();
        self.left_out = None;
        match std::mem::take(&mut self.going) {
            Going::Idle => None,
            Going::UnderWay(id) => Some(id),
        }
    }

    /// What was built of it is gone.
    pub(super) fn rebuild(&mut self) {
        self.to_build = self.source.is_some();
        self.retry = Retry::default();
        // With another sheet there may be something to draw where there was nothing, but not where nothing came.
        if self.to_build || self.has != Has::Empty {
            self.has = Has::Nothing;
        }
    }
}
