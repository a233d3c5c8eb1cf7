//! Reading the table of icons.

use std::sync::LazyLock;

/// What lies behind the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Triangle,
    Pin,
    Plate,
    None,
}

/// One step of a drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Fill,
    Stroke(f32),
    White,
    Badge,
    Move(f32, f32),
    Line(f32, f32),
    Curve(f32, f32, f32, f32),
    Close,
    Circle(f32, f32, f32),
    Rect { x: f32, y: f32, w: f32, h: f32, r: f32 },
}

/// An icon as the table has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct IconDrawing {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) color: [u8; 3],
    pub(super) steps: Vec<Step>,
}

static ICONS: LazyLock<Vec<IconDrawing>> = LazyLock::new(|| {
    let lines = include_str!("../../default/icons.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(read).collect()
});

pub(super) fn all() -> &'static [IconDrawing] {
    &ICONS
}

/// The names of all icons.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().iter().map(|icon| icon.name)
}

fn read(line: &'static str) -> Option<IconDrawing> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let shape = match words.next()? {
        "circle" => Shape::Circle,
        "square" => Shape::Square,
        "triangle" => Shape::Triangle,
        "pin" => Shape::Pin,
        "plate" => Shape::Plate,
        "none" => Shape::None,
        _ => return None,
    };
    let color = crate::expression::Color::parse(words.next()?)?.to_rgba8();
    let mut steps = Vec::new();
    while let Some(word) = words.next() {
        let mut n = || words.next().and_then(|word| word.parse::<f32>().ok());
        steps.push(match word {
            "f" => Step::Fill,
            "s" => Step::Stroke(n()?),
            "w" => Step::White,
            "b" => Step::Badge,
            "M" => Step::Move(n()?, n()?),
            "L" => Step::Line(n()?, n()?),
            "Q" => Step::Curve(n()?, n()?, n()?, n()?),
            "Z" => Step::Close,
            "O" => Step::Circle(n()?, n()?, n()?),
            "R" => Step::Rect { x: n()?, y: n()?, w: n()?, h: n()?, r: n()? },
            _ => return None,
        });
    }
    Some(IconDrawing { name, shape, color: [color[0], color[1], color[2]], steps })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_an_icon_with_a_name_of_its_own() {
        let rows = include_str!("../../default/icons.txt").lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(super::all().len(), rows);
        assert_eq!(super::names().collect::<BTreeSet<_>>().len(), rows);
    }
}
