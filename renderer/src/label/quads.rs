//! Triangles of the labels that stand.

use styles::glyph::BUFFER_PX;

use super::atlas::Atlas;
use super::glyphs::{self, Glyphs};
use super::icons::{self, Icons};
use super::place::{IconBox, Placed, Run, TextRun};
use crate::frame::{LabelMesh, LabelVertex};

/// So many texels of a glyph's margin are drawn; the rest lets a GPU smooth up to the edge.
const EDGE: f32 = 1.5;

/// Where pictures lie.
pub(super) struct Pictures<'a> {
    pub(super) glyphs: &'a Glyphs,
    pub(super) glyph_atlas: &'a Atlas,
    pub(super) icons: &'a Icons,
    pub(super) icon_atlas: &'a Atlas,
}

/// The triangles of labels; `tiles` are the tiles' indices in the frame. Those of least weight, last in `placed`, come first.
pub(super) fn mesh(placed: &[Placed<'_>], pictures: &Pictures<'_>, tiles: &[usize]) -> LabelMesh {
    let mut mesh = LabelMesh::default();
    for label in placed.iter().rev().filter(|label| label.is_seen) {
        let look = &label.claim.candidate.look;
        let tile = tiles.get(label.claim.tile).copied().unwrap_or_default();
        let vertex = LabelVertex {
            depth: label.claim.anchor.depth,
            pick: [tile as u32, label.claim.candidate.pick],
            ..LabelVertex::default()
        };
        let faded = |[r, g, b, a]: [u8; 4], opacity: f32| [r, g, b, (f32::from(a) * opacity).round() as u8];
        if let Some(icon) = &label.icon {
            let color = faded([255; 4], label.worn.opacity[1]);
            icon_quads(&mut mesh, icon, pictures, LabelVertex { color, ..vertex });
        }
        let Some(run) = &label.text else { continue };
        let (font, opacity) = (label.worn.font, label.worn.opacity[0]);
        let (color, halo_color) = (faded(look.text_color, opacity), faded(look.halo_color, opacity));
        let vertex = LabelVertex { sharpness: 1.0 / font, ..vertex };
        // All halos of a text lie under all of its characters, or a halo would eat into its neighbour.
        if label.worn.halo > 0.0 && halo_color[3] > 0 {
            let under = LabelVertex { halo: label.worn.halo, color: halo_color, halo_color, ..vertex };
            text_quads(&mut mesh, run, font, pictures, under);
        }
        if color[3] > 0 {
            text_quads(&mut mesh, run, font, pictures, LabelVertex { color, ..vertex });
        }
    }
    mesh
}

fn text_quads(mesh: &mut LabelMesh, run: &TextRun, font: f32, pictures: &Pictures<'_>, vertex: LabelVertex) {
    for (i, letter) in run.shape.letters.iter().enumerate() {
        let Some(art) = pictures.glyphs.art(letter.c).filter(|art| !art.texels.is_empty()) else { continue };
        let Some(slot) = pictures.glyph_atlas.slot(letter.c.into()) else { continue };
        // The glyph's pen is at `shift` from the place that is turned.
        let (at, turn, shift) = match &run.course {
            Run::Level(pen) => (*pen, [1.0, 0.0], letter.at),
            Run::Along(stands) => {
                let Some(stand) = stands.get(i) else { break };
                (stand.at, stand.turn, [-letter.half, letter.at[1]])
            }
        };
        let left = shift[0] + art.glyph.left as f32 - BUFFER_PX as f32 - EDGE;
        let top = shift[1] - art.glyph.top as f32 - BUFFER_PX as f32 - EDGE;
        let skipped = glyphs::MARGIN as f32 - EDGE;
        let size = art.size.map(|n| n as f32 - 2.0 * skipped);
        let texel = slot.map(|n| n as f32 + skipped);
        let corner = |[x, y]: [f32; 2]| {
            let (x, y) = ((left + x) * font, (top + y) * font);
            [at[0] + x * turn[0] - y * turn[1], at[1] + x * turn[1] + y * turn[0]]
        };
        let uv = |[x, y]: [f32; 2]| [texel[0] + x, texel[1] + y];
        let corners = [[0.0, 0.0], [size[0], 0.0], [0.0, size[1]], size];
        quad(mesh, corners.map(|c| (corner(c), uv(c))), vertex);
    }
}

/// One quad, or nine when the icon is stretched.
fn icon_quads(mesh: &mut LabelMesh, icon: &IconBox, pictures: &Pictures<'_>, vertex: LabelVertex) {
    let (Some(art), Some(slot)) = (pictures.icons.art(icon.id), pictures.icon_atlas.slot(icon.id)) else { return };
    if vertex.color[3] == 0 {
        return;
    }
    let margin = icons::MARGIN as f32;
    let cuts = |axis: usize| -> Vec<(f32, f32)> {
        let (low, high) = (icon.area[axis], icon.area[axis + 2]);
        let first = slot[axis] as f32 + margin;
        let last = first + art.size[axis] as f32 - 2.0 * margin;
        match art.rim_px.filter(|_| icon.rim > 0.0) {
            None => vec![(low, first), (high, last)],
            Some(rim_px) => {
                let (rim, texels) = (icon.rim.min((high - low) / 2.0), rim_px * art.scale);
                vec![(low, first), (low + rim, first + texels), (high - rim, last - texels), (high, last)]
            }
        }
    };
    let (across, down) = (cuts(0), cuts(1));
    for y in down.windows(2) {
        for x in across.windows(2) {
            let corner = |(x, u): (f32, f32), (y, v): (f32, f32)| (icon.corner([x, y]), [u, v]);
            let corners = [corner(x[0], y[0]), corner(x[1], y[0]), corner(x[0], y[1]), corner(x[1], y[1])];
            quad(mesh, corners, vertex);
        }
    }
}

/// Upper left, upper right, lower left, lower right: where, and which texel.
fn quad(mesh: &mut LabelMesh, corners: [([f32; 2], [f32; 2]); 4], vertex: LabelVertex) {
    let first = mesh.vertices.len() as u32;
    mesh.vertices.extend(corners.map(|(at, uv)| LabelVertex { at, uv, ..vertex }));
    mesh.indices.extend([0, 1, 2, 2, 1, 3].map(|i| first + i));
}
