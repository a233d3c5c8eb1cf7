//! The drawing commands of a feature.

use super::Fault;
use super::reader::Reader;
use crate::encode::rings::double_area;

/// A vertex in the layer's units: `x` east and `y` south from the tile's north-west corner.
pub type Vertex = [i32; 2];

/// The shape of a decoded feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The tile says that the kind is unknown; the commands as they are written.
    Unknown(Vec<u32>),
    /// Points.
    Points(Vec<Vertex>),
    /// Lines, each of at least two vertices.
    Lines(Vec<Vec<Vertex>>),
    /// Polygons: of each the outer ring, then its holes. Rings are without the closing vertex.
    Polygons(Vec<Vec<Vec<Vertex>>>),
}

/// The kind of a feature's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unknown,
    Points,
    Lines,
    Polygons,
}

impl Kind {
    pub(super) const fn new(number: u64) -> Option<Self> {
        match number {
            0 => Some(Self::Unknown),
            1 => Some(Self::Points),
            2 => Some(Self::Lines),
            3 => Some(Self::Polygons),
            _ => None,
        }
    }
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

struct Pen<'a> {
    rest: Reader<'a>,
    at: Vertex,
}

impl Pen<'_> {
    /// The next command and its count.
    fn command(&mut self) -> Result<(u32, usize), Fault> {
        let n = self.rest.uint32()?;
        Ok((n & 7, (n >> 3) as usize))
    }

    /// Draws `count` vertices. Each takes two bytes at least, so a count that lies reserves nothing.
    fn draw(&mut self, count: usize, path: &mut Vec<Vertex>) -> Result<(), Fault> {
        if count == 0 {
            return Err(Fault::Command);
        }
        if count > self.rest.len() / 2 {
            return Err(Fault::Count);
        }
        path.reserve(count);
        for _ in 0..count {
            for axis in 0..2 {
                let n = self.rest.uint32().or(Err(Fault::Count))?;
                let step = (n >> 1).cast_signed() ^ -(n & 1).cast_signed();
                self.at[axis] = self.at[axis].checked_add(step).ok_or(Fault::Overflow)?;
            }
            path.push(self.at);
        }
        Ok(())
    }
}

pub(super) fn read(kind: Kind, version: u32, bytes: &[u8]) -> Result<Shape, Fault> {
    let mut pen = Pen { rest: Reader::new(bytes), at: [0, 0] };
    match kind {
        Kind::Unknown => {
            let mut commands = Vec::new();
            while !pen.rest.is_empty() {
                commands.push(pen.rest.uint32()?);
            }
            Ok(Shape::Unknown(commands))
        }
        Kind::Points => {
            let (MOVE_TO, count) = pen.command()? else { return Err(Fault::Command) };
            let mut points = Vec::new();
            pen.draw(count, &mut points)?;
            if pen.rest.is_empty() { Ok(Shape::Points(points)) } else { Err(Fault::Command) }
        }
        Kind::Lines => {
            let mut lines = Vec::new();
            // A fault of shape is told only when all commands were read, since one of commands weighs more.
            let mut fault = None;
            while !pen.rest.is_empty() {
                let mut line = Vec::new();
                path(&mut pen, &mut line)?;
                fault = fault.or(repeats(&line).then_some(Fault::Repeated));
                lines.push(line);
            }
            fault.map_or(Ok(Shape::Lines(lines)), Err)
        }
        Kind::Polygons => polygons(&mut pen, version),
    }
}

fn polygons(pen: &mut Pen<'_>, version: u32) -> Result<Shape, Fault> {
    let mut polygons: Vec<Vec<Vec<Vertex>>> = Vec::new();
    let mut fault = None;
    while !pen.rest.is_empty() {
        let mut ring = Vec::new();
        path(pen, &mut ring)?;
        let (CLOSE_PATH, 1) = pen.command()? else { return Err(Fault::Command) };
        let area = double_area(&ring);
        if ring.len() < 3 || area == 0 {
            fault = fault.or(Some(Fault::Degenerate));
        } else if repeats(&ring) {
            fault = fault.or(Some(Fault::Repeated));
        }
        match polygons.last_mut() {
            // Version 1 did not say which way rings turn: there only the first is surely an outer one.
            Some(polygon) if area < 0 => polygon.push(ring),
            None if area < 0 && version > 1 => fault = fault.or(Some(Fault::HoleFirst)),
            _ => polygons.push(vec![ring]),
        }
    }
    fault.map_or(Ok(Shape::Polygons(polygons)), Err)
}

/// One `MoveTo` of one vertex, then one `LineTo`.
fn path(pen: &mut Pen<'_>, path: &mut Vec<Vertex>) -> Result<(), Fault> {
    let (MOVE_TO, 1) = pen.command()? else { return Err(Fault::Command) };
    pen.draw(1, path)?;
    let (LINE_TO, count) = pen.command()? else { return Err(Fault::Command) };
    pen.draw(count, path)
}

fn repeats(path: &[Vertex]) -> bool {
    path.windows(2).any(|w| w[0] == w[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(kind: Kind, commands: &[u8]) -> Result<Shape, Fault> {
        read(kind, 2, commands)
    }

    #[test]
    fn commands_out_of_place_are_refused() {
        let ring = [9, 6, 12, 18, 10, 12, 24, 44, 15];
        assert!(shape(Kind::Polygons, &ring).is_ok());
        for cut in 1..ring.len() {
            assert!(shape(Kind::Polygons, &ring[..cut]).is_err(), "{cut}");
        }
        assert_eq!(shape(Kind::Lines, &ring), Err(Fault::Command));
        assert_eq!(shape(Kind::Points, &ring), Err(Fault::Command));
        assert_eq!(shape(Kind::Points, &[]), Err(Fault::Truncated));
        assert_eq!(shape(Kind::Points, &[1]), Err(Fault::Command));
        assert_eq!(shape(Kind::Lines, &[9, 0, 0, 10, 0, 0]), Err(Fault::Repeated));
        assert_eq!(shape(Kind::Polygons, &[9, 0, 0, 18, 2, 0, 2, 0, 15]), Err(Fault::Degenerate));
        assert_eq!(shape(Kind::Polygons, &[9, 0, 0, 26, 0, 4, 4, 0, 0, 3, 15]), Err(Fault::HoleFirst));
    }
}
