//! A tile's triangles on the device.

use std::ops::Range;

use bytemuck::Pod;
use gis_data::{Error, Result};

use super::device::Device;
use crate::frame::LabelMesh;
use crate::mesh::{ExtrusionVertex, Shape, TileMesh, Triangles};

/// The kinds of shapes: each has a pipeline and, in a tile, a pair of buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Fill,
    Line,
    Extrusion,
    Circle,
}

/// What a layer of the sheet draws of a tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Index of the layer in the sheet.
    pub(super) layer: usize,
    pub(super) form: Form,
    /// In the buffer of its form.
    pub(super) indices: Range<u32>,
}

/// Vertices and indices.
pub(super) struct Pair {
    pub(super) vertices: wgpu::Buffer,
    pub(super) indices: wgpu::Buffer,
}

impl Pair {
    fn bytes(&self) -> u64 {
        self.vertices.size() + self.indices.size()
    }
}

/// A tile that was uploaded.
pub(super) struct TileBuffers {
    pairs: [Option<Pair>; 4],
    pub(super) spans: Vec<Span>,
}

impl TileBuffers {
    /// Uploads a tile's triangles. Those of one form share their buffers, and indices count from the beginning of these: WebGL2 cannot
    /// shift them.
    pub(super) fn new(device: &Device, mesh: &TileMesh) -> Result<Self> {
        let mut spans = Vec::with_capacity(mesh.parts.len());
        let (mut fills, mut lines, mut extrusions, mut circles) =
            (Triangles::default(), Triangles::default(), Triangles::default(), Triangles::default());
        for part in &mesh.parts {
            let (form, indices) = match &part.shape {
                Shape::Fill(t) => (Form::Fill, append(&mut fills, t)),
                Shape::Line(t) => (Form::Line, append(&mut lines, t)),
                Shape::Extrusion(t) => (Form::Extrusion, append(&mut extrusions, t)),
                Shape::Circle(t) => (Form::Circle, append(&mut circles, t)),
            };
            let indices = indices.ok_or_else(|| damaged().at(format!("{:?}", mesh.coord)))?;
            if !indices.is_empty() {
                spans.push(Span { layer: part.layer, form, indices });
            }
        }
        turn_outwards(&mut extrusions);
        let pairs = [pair(device, &fills)?, pair(device, &lines)?, pair(device, &extrusions)?, pair(device, &circles)?];
        Ok(Self { pairs, spans })
    }

    /// The buffers of a form.
    pub(super) fn pair(&self, form: Form) -> Option<&Pair> {
        self.pairs[form as usize].as_ref()
    }

    /// Bytes on the device.
    pub(super) fn bytes(&self) -> u64 {
        self.pairs.iter().flatten().map(Pair::bytes).sum()
    }
}

fn damaged() -> Error {
    Error::invalid("三角形的序号超出顶点数", "a triangle's index is beyond the vertices")
}

/// Adds triangles; tells where their indices are, or nothing if one leads nowhere (a browser refuses to draw anything then).
fn append<V: Pod>(all: &mut Triangles<V>, some: &Triangles<V>) -> Option<Range<u32>> {
    let from = u32::try_from(all.indices.len()).ok()?;
    if all.vertices.is_empty() && all.indices.is_empty() {
        // Most tiles have one or two layers of a form.
        all.vertices.reserve(some.vertices.len());
        all.indices.reserve(some.indices.len());
    }
    let base = u32::try_from(all.vertices.len()).ok()?;
    let count = u32::try_from(some.vertices.len()).ok()?;
    base.checked_add(count)?;
    if some.indices.iter().any(|i| *i >= count) {
        return None;
    }
    all.vertices.extend_from_slice(&some.vertices);
    let whole = some.indices.len() / 3 * 3;
    // A frame is painted from the top to the ground, and of a layer's triangles the last is the uppermost.
    all.indices.extend(some.indices[..whole].as_chunks::<3>().0.iter().rev().flatten().map(|i| i + base));
    Some(from..u32::try_from(all.indices.len()).ok()?)
}

/// Turns triangles so that, in numbers of the tile, they run counter-clockwise around their normals: surfaces that face away are then left
/// out by the device.
fn turn_outwards(t: &mut Triangles<ExtrusionVertex>) {
    for triangle in t.indices.as_chunks_mut::<3>().0 {
        let [a, b, c] = triangle.map(|i| t.vertices[i as usize]);
        let edge = |to: ExtrusionVertex| {
            [f32::from(to.at[0]) - f32::from(a.at[0]), f32::from(to.at[1]) - f32::from(a.at[1]), to.height - a.height]
        };
        let (u, v) = (edge(b), edge(c));
        let across = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
        let outwards: f32 = across.iter().zip(a.normal).map(|(x, n)| x * f32::from(n)).sum();
        if outwards < 0.0 {
            triangle.swap(1, 2);
        }
    }
}

fn pair<V: Pod>(device: &Device, t: &Triangles<V>) -> Result<Option<Pair>> {
    if t.indices.is_empty() {
        return Ok(None);
    }
    let vertices = device.buffer("vertices", wgpu::BufferUsages::VERTEX, bytemuck::cast_slice(&t.vertices))?;
    let indices = device.buffer("indices", wgpu::BufferUsages::INDEX, bytemuck::cast_slice(&t.indices))?;
    Ok(Some(Pair { vertices, indices }))
}

/// The labels of the frame at hand. Their buffers are kept and grow.
#[derive(Default)]
pub(super) struct LabelBuffers {
    pair: Option<Pair>,
    count: u32,
}

impl LabelBuffers {
    /// Takes a frame's labels over.
    pub(super) fn write(&mut self, device: &Device, labels: &LabelMesh) -> Result<()> {
        self.count = 0;
        let vertices: &[u8] = bytemuck::cast_slice(&labels.vertices);
        let whole = labels.indices.len() / 3 * 3;
        let indices: &[u8] = bytemuck::cast_slice(&labels.indices[..whole]);
        if indices.is_empty() {
            return Ok(());
        }
        if labels.indices.iter().any(|i| *i as usize >= labels.vertices.len()) {
            return Err(damaged());
        }
        let count = u32::try_from(whole).map_err(|e| damaged().because(e))?;
        match &self.pair {
            Some(pair)
                if pair.vertices.size() >= vertices.len() as u64 && pair.indices.size() >= indices.len() as u64 =>
            {
                device.queue.write_buffer(&pair.vertices, 0, vertices);
                device.queue.write_buffer(&pair.indices, 0, indices);
            }
            _ => {
                self.pair = Some(Pair {
                    vertices: device.buffer("label vertices", wgpu::BufferUsages::VERTEX, &roomy(vertices))?,
                    indices: device.buffer("label indices", wgpu::BufferUsages::INDEX, &roomy(indices))?,
                });
            }
        }
        self.count = count;
        Ok(())
    }

    /// The buffers and how many indices of them to draw; nothing without labels.
    pub(super) fn get(&self) -> Option<(&Pair, u32)> {
        self.pair.as_ref().filter(|_| self.count > 0).map(|p| (p, self.count))
    }

    /// Bytes on the device.
    pub(super) fn bytes(&self) -> u64 {
        self.pair.as_ref().map_or(0, Pair::bytes)
    }
}

/// The bytes with half as much room again, so that a few labels more need no new buffer.
fn roomy(bytes: &[u8]) -> Vec<u8> {
    let mut roomy = bytes.to_vec();
    roomy.resize((bytes.len() + bytes.len() / 2).next_multiple_of(4), 0);
    roomy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::FillVertex;

    fn fills(count: usize, indices: &[u32]) -> Triangles<FillVertex> {
        Triangles { vertices: vec![FillVertex::default(); count], indices: indices.to_vec() }
    }

    #[test]
    fn indices_of_a_second_part_count_from_the_beginning_of_the_buffer() {
        let mut all = fills(4, &[0, 1, 2, 2, 3, 0]);
        assert_eq!(append(&mut all, &fills(3, &[0, 2, 1, 2, 1, 0])), Some(6..12));
        // The last triangle comes first.
        assert_eq!(all.indices[6..], [6, 5, 4, 4, 6, 5]);
        assert_eq!(all.vertices.len(), 7);
    }

    #[test]
    fn half_a_triangle_is_left_out_and_a_wrong_index_refused() {
        let mut all = fills(0, &[]);
        assert_eq!(append(&mut all, &fills(3, &[0, 1, 2, 0, 1])), Some(0..3));
        assert_eq!(append(&mut all, &fills(3, &[0, 1, 3])), None);
        assert_eq!(all.indices, [0, 1, 2]);
    }

    #[test]
    fn triangles_run_counter_clockwise_around_their_normals() {
        let corner = |x, y| ExtrusionVertex { at: [x, y], normal: [0, 0, 127, 0], ..Default::default() };
        let mut roof =
            Triangles { vertices: vec![corner(0, 0), corner(9, 0), corner(0, 9)], indices: vec![0, 1, 2, 0, 2, 1] };
        turn_outwards(&mut roof);
        assert_eq!(roof.indices, [0, 1, 2, 0, 1, 2]);
    }
}
