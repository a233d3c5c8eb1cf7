//! Colours: reading CSS notation, and mixing in RGB, CIE Lab and CIE HCL.

use std::fmt;

/// A colour in sRGB, each part 0 to 1, not multiplied by its alpha.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Color {
    /// Red.
    pub r: f64,
    /// Green.
    pub g: f64,
    /// Blue.
    pub b: f64,
    /// Opacity.
    pub a: f64,
}

/// The room in which two colours are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    Rgb,
    Hcl,
    Lab,
}

impl Color {
    /// Fully transparent black.
    pub const TRANSPARENT: Self = Self { r: 0.0, g: 0.0, b: 0.0, a: 0.0 };

    /// A colour of its four parts.
    pub const fn new(r: f64, g: f64, b: f64, a: f64) -> Self {
        Self { r, g, b, a }
    }

    /// Reads a CSS colour: a name, `#rgb[a]`, `#rrggbb[aa]`, `rgb[a](…)` or `hsl[a](…)`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let function = ["rgb(", "rgba(", "hsl(", "hsla("].iter().any(|f| lower.starts_with(f));
        let named = text.chars().all(|c| c.is_ascii_alphabetic()) && !text.chars().all(|c| c.is_ascii_hexdigit());
        if text.len() > 64 || !(lower.starts_with('#') || function || named) {
            return None;
        }
        let c = csscolorparser::parse(&lower).ok()?;
        let unit = |v: f32| (f64::from(v) * 1e7).round() / 1e7;
        Some(Self::new(unit(c.r), unit(c.g), unit(c.b), unit(c.a)).clamped())
    }

    fn clamped(self) -> Self {
        let unit = |v: f64| if v.is_nan() { 0.0 } else { v.clamp(0.0, 1.0) };
        Self::new(unit(self.r), unit(self.g), unit(self.b), unit(self.a))
    }

    /// Red, green, blue multiplied by alpha, and alpha: what a GPU blends.
    pub fn premultiplied(self) -> [f64; 4] {
        [self.r * self.a, self.g * self.a, self.b * self.a, self.a]
    }

    /// Four bytes: red, green, blue, alpha, not multiplied.
    pub fn to_rgba8(self) -> [u8; 4] {
        let byte = |v: f64| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
        [byte(self.r), byte(self.g), byte(self.b), byte(self.a)]
    }

    pub(crate) fn mix(self, to: Self, t: f64, space: Space) -> Self {
        let line = |a: f64, b: f64| a + (b - a) * t;
        match space {
            Space::Rgb => Self::new(line(self.r, to.r), line(self.g, to.g), line(self.b, to.b), line(self.a, to.a)),
            Space::Lab => {
                let (p, q) = (self.lab(), to.lab());
                let mixed = [line(p[0], q[0]), line(p[1], q[1]), line(p[2], q[2])];
                Self::from_lab(mixed, line(self.a, to.a))
            }
            Space::Hcl => mix_hcl(self, to, t),
        }
    }

    /// CIE Lab relative to the white point D50. Source: CSS Color Module Level 4, §9–10 (recalled constants).
    fn lab(self) -> [f64; 3] {
        let [r, g, b] = [self.r, self.g, self.b].map(linear);
        let y = lab_curve(0.222_504_5 * r + 0.716_878_6 * g + 0.060_616_9 * b);
        let (x, z) = if r == g && g == b {
            (y, y)
        } else {
            (
                lab_curve((0.436_074_7 * r + 0.385_064_9 * g + 0.143_080_4 * b) / WHITE_X),
                lab_curve((0.013_932_2 * r + 0.097_104_5 * g + 0.714_173_3 * b) / WHITE_Z),
            )
        };
        [(116.0 * y - 16.0).max(0.0), 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn from_lab([l, a, b]: [f64; 3], alpha: f64) -> Self {
        let y = (l + 16.0) / 116.0;
        let x = WHITE_X * lab_uncurve(y + a / 500.0);
        let z = WHITE_Z * lab_uncurve(y - b / 200.0);
        let y = lab_uncurve(y);
        Self::new(
            gamma(3.133_856_1 * x - 1.616_866_7 * y - 0.490_614_6 * z),
            gamma(-0.978_768_4 * x + 1.916_141_5 * y + 0.033_454 * z),
            gamma(0.071_945_3 * x - 0.228_991_4 * y + 1.405_242_7 * z),
            alpha,
        )
    }

    /// Hue in degrees (none for greys), chroma, lightness.
    fn hcl(self) -> (Option<f64>, f64, f64) {
        let [l, a, b] = self.lab();
        let chroma = a.hypot(b);
        let hue = (chroma * 10_000.0).round() != 0.0;
        (hue.then(|| b.atan2(a).to_degrees().rem_euclid(360.0)), chroma, l)
    }
}

/// Mixes along the shorter way round the circle of hues; a grey takes the hue of the other colour.
fn mix_hcl(from: Color, to: Color, t: f64) -> Color {
    let line = |a: f64, b: f64| a + (b - a) * t;
    let ((h0, c0, l0), (h1, c1, l1)) = (from.hcl(), to.hcl());
    let (mut chroma, mut hue) = (None, None);
    match (h0, h1) {
        (Some(h0), Some(h1)) => {
            let mut turn = h1 - h0;
            if h1 > h0 && turn > 180.0 {
                turn -= 360.0;
            } else if h1 < h0 && turn < -180.0 {
                turn += 360.0;
            }
            hue = Some(h0 + t * turn);
        }
        (Some(h0), None) => {
            hue = Some(h0);
            if l1 == 1.0 || l1 == 0.0 {
                chroma = Some(c0);
            }
        }
        (None, Some(h1)) => {
            hue = Some(h1);
            if l0 == 1.0 || l0 == 0.0 {
                chroma = Some(c1);
            }
        }
        (None, None) => {}
    }
    let chroma = chroma.unwrap_or_else(|| line(c0, c1));
    let angle = hue.unwrap_or(0.0).to_radians();
    let lab = [line(l0, l1), angle.cos() * chroma, angle.sin() * chroma];
    Color::from_lab(lab, line(from.a, to.a))
}

const WHITE_X: f64 = 0.96422;
const WHITE_Z: f64 = 0.82521;
const KNEE: f64 = 6.0 / 29.0;

fn linear(v: f64) -> f64 {
    if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

fn gamma(v: f64) -> f64 {
    let v = if v <= 0.00304 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    v.clamp(0.0, 1.0)
}

fn lab_curve(t: f64) -> f64 {
    if t > KNEE.powi(3) { t.cbrt() } else { t / (3.0 * KNEE * KNEE) + 4.0 / 29.0 }
}

fn lab_uncurve(t: f64) -> f64 {
    if t > KNEE { t.powi(3) } else { 3.0 * KNEE * KNEE * (t - 4.0 / 29.0) }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let byte = |v: f64| (v * 255.0).round();
        write!(f, "rgba({},{},{},{})", byte(self.r), byte(self.g), byte(self.b), self.a)
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, Space};

    #[test]
    fn reads_what_css_writes_and_nothing_else() {
        assert_eq!(Color::parse("#f00"), Some(Color::new(1.0, 0.0, 0.0, 1.0)));
        assert_eq!(Color::parse("hsl(120, 100%, 50%)"), Some(Color::new(0.0, 1.0, 0.0, 1.0)));
        for wrong in ["fff", "fade", "__proto__", "", "not a color", "oklab(0 0 0)", "红"] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lab_returns_where_it_came_from() {
        let blue = Color::new(0.2, 0.4, 0.6, 1.0);
        let back = blue.mix(blue, 0.5, Space::Lab);
        assert!((back.r - blue.r).abs() < 1e-4 && (back.b - blue.b).abs() < 1e-4);
        assert_eq!(Color::new(1.0, 0.0, 0.0, 0.5).to_string(), "rgba(255,0,0,0.5)");
    }
}
