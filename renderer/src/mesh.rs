//! What a tile becomes: vertices relative to the tile, ready to be uploaded.
//!
//! Every position is in the tile's own units (4096 to its side, x to the east, y to the south); heights and radii on the ground are
//! in metres. Colours are straight (not premultiplied) sRGB with alpha, a byte each.

use bytemuck::{Pod, Zeroable};
use tiler::Coord;

/// A pick number: 0 for nothing, otherwise one more than an index into [`TileMesh::picks`].
pub type Pick = u32;

/// A corner of a surface on the ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct FillVertex {
    /// Tile units.
    pub at: [i16; 2],
    /// Of the feature; white where the sheet's colour is the same for all.
    pub color: [u8; 4],
    /// Which feature.
    pub pick: Pick,
}

/// A corner of a line's ribbon. The ribbon is widened on the screen, so a line keeps its width in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct LineVertex {
    /// Tile units, on the line's course.
    pub at: [i16; 2],
    /// Where the corner lies from there, in half widths: 1 on a straight edge, more at a mitre.
    pub out: [f32; 2],
    /// Tile units along the line from its beginning: for dashes.
    pub along: f32,
    /// Width in pixels of the feature; 1 where the sheet's width is the same for all.
    pub width: f32,
    /// Of the feature; white where the sheet's colour is the same for all.
    pub color: [u8; 4],
    /// Which feature.
    pub pick: Pick,
}

/// A corner of a roof or wall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct ExtrusionVertex {
    /// Tile units.
    pub at: [i16; 2],
    /// Metres above the ground.
    pub height: f32,
    /// Points outwards, 127 for one; x east, y south, z up. The fourth is 0.
    pub normal: [i8; 4],
    /// Of the feature; white where the sheet's colour is the same for all.
    pub color: [u8; 4],
    /// Which feature.
    pub pick: Pick,
}

/// A corner of a circle's square, widened on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct CircleVertex {
    /// Tile units, the centre.
    pub at: [i16; 2],
    /// Which corner: each ±1.
    pub corner: [i8; 2],
    /// Keeps what follows at a multiple of four bytes.
    pub unused: [u8; 2],
    /// Pixels without the stroke.
    pub radius: f32,
    /// Pixels around the radius.
    pub stroke: f32,
    /// Inside.
    pub color: [u8; 4],
    /// Of the stroke.
    pub stroke_color: [u8; 4],
    /// Which feature.
    pub pick: Pick,
}

/// Triangles of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Triangles<V> {
    /// The corners.
    pub vertices: Vec<V>,
    /// Three for a triangle, counter-clockwise seen from outside with y to the south (so clockwise on the map's north-up picture
    /// is not promised: the painter culls nothing on the ground).
    pub indices: Vec<u32>,
}

impl<V> Default for Triangles<V> {
    fn default() -> Self {
        Self { vertices: Vec::new(), indices: Vec::new() }
    }
}

/// The triangles of one layer of the sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Surfaces on the ground.
    Fill(Triangles<FillVertex>),
    /// Ribbons.
    Line(Triangles<LineVertex>),
    /// Buildings.
    Extrusion(Triangles<ExtrusionVertex>),
    /// Circles.
    Circle(Triangles<CircleVertex>),
}

/// What one layer of the sheet draws of a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Index of the layer in the sheet.
    pub layer: usize,
    /// Its triangles.
    pub shape: Shape,
}

/// The feature behind a pick number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The layer of the tile.
    pub layer: std::sync::Arc<str>,
    /// The thing's id in the city.
    pub id: u64,
}

/// A label or icon that would like to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Index of the layer in the sheet.
    pub layer: usize,
    /// Within the layer, smaller first (`symbol-sort-key`).
    pub sort_key: f32,
    /// Where.
    pub course: Course,
    /// The text after `text-transform`; empty for an icon alone.
    pub text: String,
    /// The icon's name in the sprite, if it has one.
    pub icon: Option<String>,
    /// How it looks.
    pub look: Look,
    /// Which feature.
    pub pick: Pick,
}

/// What a label follows.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// Stands at a point, in tile units.
    Point([f32; 2]),
    /// Runs along a line, in tile units; where on it, the label decides.
    Line(Vec<[f32; 2]>),
}

/// How a label looks: the sheet's values for this feature at the tile's zoom. Lengths in em are as the sheet says.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Pixels.
    pub text_size: f32,
    /// Straight sRGB.
    pub text_color: [u8; 4],
    /// Straight sRGB.
    pub halo_color: [u8; 4],
    /// Pixels.
    pub halo_width: f32,
    /// One of the sheet's words: `center`, `top`, `bottom-left` …
    pub anchor: String,
    /// Em.
    pub offset: [f32; 2],
    /// Em; a longer text is broken into lines (between any two Chinese characters, between words otherwise).
    pub max_width: f32,
    /// Em between lines.
    pub line_height: f32,
    /// Em between characters.
    pub spacing: f32,
    /// Pixels around the box that others keep free.
    pub padding: f32,
    /// Pixels between two labels along one line (`symbol-spacing`).
    pub repeat: f32,
    /// Factor on the icon's own size.
    pub icon_size: f32,
    /// Degrees clockwise.
    pub icon_rotate: f32,
    /// Drawn even where others are.
    pub allow_overlap: bool,
    /// Others may be drawn over it.
    pub ignore_placement: bool,
    /// Icon may stand without its text, or text without its icon.
    pub optional: [bool; 2],
    /// 0 to 1, text and icon.
    pub opacity: [f32; 2],
}

/// All that is drawn of a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct TileMesh {
    /// Which tile.
    pub coord: Coord,
    /// In the order of the sheet's layers; a layer without features is not among them.
    pub parts: Vec<Part>,
    /// Labels and icons.
    pub candidates: Vec<Candidate>,
    /// The features behind pick numbers.
    pub picks: Vec<Origin>,
    /// The highest roof, in metres: how far the tile reaches above the ground.
    pub top_m: f32,
}

impl TileMesh {
    /// About how many bytes it holds in memory.
    pub fn bytes(&self) -> usize {
        fn own<V>(t: &Triangles<V>) -> usize {
            t.vertices.len() * size_of::<V>() + t.indices.len() * 4
        }
        let parts: usize = self
            .parts
            .iter()
            .map(|p| match &p.shape {
                Shape::Fill(t) => own(t),
                Shape::Line(t) => own(t),
                Shape::Extrusion(t) => own(t),
                Shape::Circle(t) => own(t),
            })
            .sum();
        let course = |c: &Course| match c {
            Course::Point(_) => 0,
            Course::Line(l) => l.len() * 8,
        };
        let labels: usize =
            self.candidates.iter().map(|c| size_of::<Candidate>() + c.text.len() + course(&c.course)).sum();
        parts + labels + self.picks.len() * size_of::<Origin>()
    }
}
