//! Why bytes are not a tile.

use gis_data::{Error, Kind};

/// What is wrong with a tile, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("瓦片第 {layer} 个图层{}：{} / layer {layer} of the tile{}: {}", .feature.map_or(String::new(), |f| format!("第 {f} 个要素")), .fault.zh(), .feature.map_or(String::new(), |f| format!(", feature {f}")), .fault.en())]
pub struct DecodeError {
    /// Which layer, counted from 1; 0 where it is none's.
    pub layer: usize,
    /// Which feature of it, counted from 1.
    pub feature: Option<usize>,
    /// What.
    pub fault: Fault,
}

/// What can be wrong with a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// More bytes than [`super::MAX_BYTES`].
    TooLarge,
    /// A field ends before its length says.
    Truncated,
    /// A field is written in another way than the specification says, or belongs to none of its messages.
    WrongField,
    /// Text that is not UTF-8.
    NotText,
    /// A version other than 1 and 2, or none.
    Version,
    /// A layer without name.
    NoName,
    /// A second layer of the same name.
    SameName,
    /// An extent of 0.
    Extent,
    /// A value that is none of the seven kinds, or several.
    Value,
    /// A tag that points past the keys or values.
    TagPastEnd,
    /// An odd number of tags.
    OddTags,
    /// A feature that does not say its kind, or an unknown one.
    UnknownKind,
    /// A feature without geometry, or with several.
    NoGeometry,
    /// A command that the kind does not allow here, or an unknown one.
    Command,
    /// A command that counts more vertices than follow.
    Count,
    /// A vertex beyond 32 bits.
    Overflow,
    /// A line or ring that repeats a vertex.
    Repeated,
    /// A line of one vertex, or a ring of fewer than three or without area.
    Degenerate,
    /// A hole before any outer ring.
    HoleFirst,
}

impl Fault {
    /// Whether the rest of the tile can be read when the feature (or the second layer of the same name) is left out.
    pub const fn recoverable(self) -> bool {
        matches!(
            self,
            Self::SameName
                | Self::OddTags
                | Self::UnknownKind
                | Self::NoGeometry
                | Self::Repeated
                | Self::Degenerate
                | Self::HoleFirst
        )
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::TooLarge => "字节过多",
            Self::Truncated => "数据不完整，请重新获取",
            Self::WrongField => "字段的写法不合规范",
            Self::NotText => "文字不是 UTF-8",
            Self::Version => "版本不是 1 或 2",
            Self::NoName => "缺少名称",
            Self::SameName => "与前面的图层同名",
            Self::Extent => "范围为 0",
            Self::Value => "属性值不属于七种类型之一",
            Self::TagPastEnd => "属性指向不存在的键或值",
            Self::OddTags => "属性的键值不成对",
            Self::UnknownKind => "缺少几何类型或类型未知",
            Self::NoGeometry => "几何缺失或重复",
            Self::Command => "绘图指令不合规范",
            Self::Count => "绘图指令的顶点数多于实有",
            Self::Overflow => "坐标超出 32 位",
            Self::Repeated => "线或环有重复顶点",
            Self::Degenerate => "线少于 2 个顶点，或环少于 3 个顶点或没有面积",
            Self::HoleFirst => "洞先于外环",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::TooLarge => "it has too many bytes",
            Self::Truncated => "the data end early; fetch them again",
            Self::WrongField => "a field is not written as the specification says",
            Self::NotText => "text is not UTF-8",
            Self::Version => "its version is not 1 or 2",
            Self::NoName => "it has no name",
            Self::SameName => "an earlier layer has the same name",
            Self::Extent => "its extent is 0",
            Self::Value => "a value is none of the seven kinds",
            Self::TagPastEnd => "a tag points past the keys or values",
            Self::OddTags => "its tags are not pairs",
            Self::UnknownKind => "its kind of geometry is missing or unknown",
            Self::NoGeometry => "its geometry is missing or there twice",
            Self::Command => "a drawing command is not as the specification says",
            Self::Count => "a drawing command counts more vertices than follow",
            Self::Overflow => "a vertex lies beyond 32 bits",
            Self::Repeated => "a line or ring repeats a vertex",
            Self::Degenerate => "a line has fewer than 2 vertices, or a ring fewer than 3 or no area",
            Self::HoleFirst => "a hole comes before any outer ring",
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        let kind = if error.fault == Fault::TooLarge { Kind::TooLarge } else { Kind::Invalid };
        let (zh, en) = match error.feature {
            Some(f) => (format!("第 {f} 个要素"), format!(", feature {f}")),
            None => (String::new(), String::new()),
        };
        let layer = error.layer;
        Self::new(
            kind,
            format!("瓦片第 {layer} 个图层{zh}：{}", error.fault.zh()),
            format!("layer {layer} of the tile{en}: {}", error.fault.en()),
        )
        .because(error)
    }
}
