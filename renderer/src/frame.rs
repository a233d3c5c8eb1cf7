//! What is to be drawn, in words that every painter understands.

use gis_data::Result;
use tiler::Coord;

use crate::mesh::{Pick, TileMesh};

/// The size of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Pixels of the target.
    pub width: u32,
    /// Pixels of the target.
    pub height: u32,
    /// Target pixels in one pixel of the sheet: a screen's density, or less while the scene is drawn coarser to be fast.
    pub ratio: f32,
}

/// One tile in a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct TileDraw {
    /// An uploaded tile.
    pub coord: Coord,
    /// From tile units and metres to clip space, column by column; depth is reversed: 1 near, 0 far away.
    pub matrix: [f32; 16],
    /// The part of the tile that is drawn, in tile units: west, north, east, south. Less than the whole where finer tiles are there
    /// already.
    pub clip: [f32; 4],
    /// Sheet pixels in a tile unit at the middle of the picture: for dashes.
    pub px_per_unit: f32,
}

/// How a layer of the sheet looks in this frame, where that does not depend on the feature. It is multiplied with what the vertices say.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPaint {
    /// Index of the layer in the sheet.
    pub layer: usize,
    /// Straight sRGB, each 0 to 1.
    pub color: [f32; 4],
    /// 0 to 1.
    pub opacity: f32,
    /// Lines: factor on the vertices' widths.
    pub width: f32,
    /// Lines: pixels between the two edges of a casing.
    pub gap_width: f32,
    /// Lines: pixels to the right.
    pub offset: f32,
    /// Pixels by which edges are softened.
    pub blur: f32,
    /// Lines: pairs of dash and gap in widths; empty for a solid line. At most eight numbers.
    pub dashes: Vec<f32>,
    /// Extrusions: whether walls darken towards the ground.
    pub gradient: bool,
    /// Circles: factor on the vertices' radii.
    pub radius: f32,
    /// Pixels to the east and south on the screen.
    pub translate: [f32; 2],
}

impl LayerPaint {
    /// Leaves what the vertices say as it is.
    pub const fn plain(layer: usize) -> Self {
        Self {
            layer,
            color: [1.0; 4],
            opacity: 1.0,
            width: 1.0,
            gap_width: 0.0,
            offset: 0.0,
            blur: 0.0,
            dashes: Vec::new(),
            gradient: false,
            radius: 1.0,
            translate: [0.0; 2],
        }
    }
}

/// The light of the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// From where it comes, a unit vector; x east, y south, z up.
    pub towards: [f32; 3],
    /// Straight sRGB.
    pub color: [f32; 3],
    /// 0 to 1.
    pub intensity: f32,
}

/// A corner of a character or icon on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct LabelVertex {
    /// Target pixels from the upper left corner.
    pub at: [f32; 2],
    /// 1 near, 0 far, as the depth of its anchor.
    pub depth: f32,
    /// Texels of the atlas.
    pub uv: [f32; 2],
    /// Characters: texels of distance in one target pixel, so that edges are one pixel soft. 0 marks an icon, whose colour is the
    /// atlas's own.
    pub sharpness: f32,
    /// Characters: how far outwards the halo reaches, in distance values (0 to 255 in the atlas, 192 on the outline).
    pub halo: f32,
    /// Straight sRGB.
    pub color: [u8; 4],
    /// Straight sRGB.
    pub halo_color: [u8; 4],
    /// The tile that a pick leads to: index into the frame's `tiles`, and the feature.
    pub pick: [u32; 2],
}

/// Labels and icons of a frame, those of least weight first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelMesh {
    /// Four for each character or icon.
    pub vertices: Vec<LabelVertex>,
    /// Three for a triangle.
    pub indices: Vec<u32>,
}

/// A picture in an atlas that is to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Texels from the left and the top.
    pub at: [u32; 2],
    /// Texels.
    pub size: [u32; 2],
    /// Row by row; one byte (distance) a texel for characters, four (straight RGBA) for icons.
    pub texels: Vec<u8>,
}

/// The two textures of labels. Both are square.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtlasChange {
    /// Texels to the side of the characters' texture; a new size means that it is empty but for the patches.
    pub glyph_side: u32,
    /// To be filled in.
    pub glyphs: Vec<Patch>,
    /// Texels to the side of the icons' texture.
    pub icon_side: u32,
    /// To be filled in.
    pub icons: Vec<Patch>,
}

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The picture.
    pub size: Size,
    /// Straight sRGB, behind everything.
    pub background: [f32; 4],
    /// Sky above the horizon, straight sRGB.
    pub sky: [f32; 4],
    /// The target pixel row of the horizon; above it is sky. Not positive when it is not in the picture.
    pub horizon_px: f32,
    /// The light of the sheet.
    pub light: Light,
    /// The tiles, far ones first.
    pub tiles: Vec<TileDraw>,
    /// The layers that are drawn, in the order of the sheet.
    pub paints: Vec<LayerPaint>,
    /// On top.
    pub labels: LabelMesh,
}

/// What lies under a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Index into the frame's `tiles`.
    pub tile: usize,
    /// The feature in that tile's mesh; never 0.
    pub pick: Pick,
    /// 1 near, 0 far.
    pub depth: f32,
}

/// Draws frames somewhere. One that was lost (its device is gone) answers with errors until its host makes a new one and uploads anew.
pub trait Painter {
    /// Takes a tile's triangles over; tells how many bytes they take there.
    fn upload(&mut self, mesh: &TileMesh) -> Result<u64>;

    /// Lets a tile go.
    fn forget(&mut self, coord: Coord);

    /// Fills in characters and icons.
    fn atlas(&mut self, change: &AtlasChange) -> Result<()>;

    /// Draws a frame onto its target.
    fn draw(&mut self, frame: &Frame) -> Result<()>;
}
