//! `menpai bench`: what this machine can do. Nothing is written but the table.

mod memory;
mod scene;
mod town;

use clap::Subcommand;
use gis_data::Result;

/// Measure.
#[derive(Debug, Subcommand)]
pub(super) enum Bench {
    /// 三维绘制：首帧、每帧、标注、内存、建瓦片 / drawing in 3-D: the first frame, each frame, labels, memory, building tiles
    Scene(scene::Scene),
}

impl Bench {
    pub(super) fn run(self) -> Result<()> {
        match self {
            Self::Scene(scene) => scene.run(),
        }
    }
}
