//! Where the nodes are: 16 bytes each.

use gis_data::Result;

use super::element::At;
use crate::guard::too_large;

/// The most nodes that are kept: 4.8 GB. A city has a few million, all of China 250 million.
const MAX_NODES: usize = 300_000_000;

/// Places by id.
#[derive(Default)]
pub(super) struct Nodes {
    all: Vec<(i64, At)>,
    unsorted: bool,
}

impl Nodes {
    pub(super) fn add(&mut self, id: i64, at: At) -> Result<()> {
        if self.all.len() >= MAX_NODES {
            return Err(too_large(
                format!("文件的节点超过 {MAX_NODES} 个；请先用 osmium extract 裁出本市范围"),
                format!("the file has more than {MAX_NODES} nodes; cut out the city with osmium extract first"),
            ));
        }
        self.unsorted |= self.all.last().is_some_and(|(last, _)| *last > id);
        self.all.push((id, at));
        Ok(())
    }

    /// To be called when all were added.
    pub(super) fn finish(&mut self) {
        if self.unsorted {
            self.all.sort_by_key(|(id, _)| *id);
            self.unsorted = false;
        }
        self.all.shrink_to_fit();
    }

    pub(super) fn get(&self, id: i64) -> Option<At> {
        let i = self.all.partition_point(|(n, _)| *n < id);
        self.all.get(i).filter(|(n, _)| *n == id).map(|(_, at)| *at)
    }
}
