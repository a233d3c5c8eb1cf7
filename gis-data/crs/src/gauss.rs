//! Chinese Gauss-Krüger zones: names, codes, and coordinates that do not fit their CRS.
//!
//! Eastings come in two fashions: with the zone number in front (40 563 885 m, EPSG:4528) and without (563 885 m,
//! EPSG:4549). A file in the one fashion and a `.prj` of the other is the commonest mistake of all, and PROJ answers it
//! with a place in another ocean.

use gis_data::Error;

use crate::facts::compact;

/// The datums with zones of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Cgcs2000,
    Xian1980,
    Beijing1954,
}

/// How a zone is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// By its central meridian (°E); the easting has no zone number.
    Meridian(u32),
    /// By its number, which stands before the easting.
    Number(u32),
}

impl Family {
    /// The EPSG codes of zone 25 and 75° E of the 3° zones, and of zone 13 and 75° E of the 6° zones.
    const fn codes(self) -> [u32; 4] {
        match self {
            Self::Cgcs2000 => [4513, 4534, 4491, 4502],
            Self::Xian1980 => [2349, 2370, 2327, 2338],
            Self::Beijing1954 => [2401, 2422, 21413, 21453],
        }
    }

    /// The EPSG code of a zone `width` (3 or 6) degrees wide.
    pub(crate) fn epsg(self, width: u32, zone: Zone) -> Option<u32> {
        let [number3, meridian3, number6, meridian6] = self.codes();
        match (width, zone) {
            (3, Zone::Number(n @ 25..=45)) => Some(number3 + n - 25),
            (3, Zone::Meridian(m @ 75..=135)) if m % 3 == 0 => Some(meridian3 + (m - 75) / 3),
            (6, Zone::Number(n @ 13..=23)) => Some(number6 + n - 13),
            (6, Zone::Meridian(m @ 75..=135)) if (m - 75) % 6 == 0 => Some(meridian6 + (m - 75) / 6),
            _ => None,
        }
    }
}

/// The EPSG code of a zone named in words: `CGCS2000 / 3-degree Gauss-Kruger CM 120E`, `Xian_1980_GK_Zone_20`, `GK3:120`.
pub(crate) fn named(text: &str) -> Option<u32> {
    let name = compact(text);
    let short = |prefix: &str| name.strip_prefix(prefix).and_then(|n| n.parse().ok()).map(Zone::Meridian);
    if let Some(zone) = short("gk3") {
        return Family::Cgcs2000.epsg(3, zone);
    }
    if let Some(zone) = short("gk6") {
        return Family::Cgcs2000.epsg(6, zone);
    }
    let families =
        [("cgcs2000", Family::Cgcs2000), ("xian1980", Family::Xian1980), ("beijing1954", Family::Beijing1954)];
    let (rest, family) = families.iter().find_map(|(n, f)| name.strip_prefix(n).map(|rest| (rest, *f)))?;
    let (rest, width) = match rest.strip_prefix("3degree") {
        Some(rest) => (rest, 3),
        None => (rest.strip_prefix("6degree").unwrap_or(rest), 6),
    };
    let rest = rest
        .strip_prefix("gausskrueger")
        .or_else(|| rest.strip_prefix("gausskruger"))
        .or_else(|| rest.strip_prefix("gk"))?;
    let zone = match rest.strip_prefix("cm") {
        Some(meridian) => Zone::Meridian(meridian.strip_suffix('e').unwrap_or(meridian).parse().ok()?),
        None => Zone::Number(rest.strip_prefix("zone")?.parse().ok()?),
    };
    family.epsg(width, zone)
}

/// A Transverse Mercator in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gauss {
    /// Central meridian, degrees east.
    pub(crate) meridian: f64,
    pub(crate) false_easting_m: f64,
    pub(crate) family: Option<Family>,
}

/// The least and greatest zone number that stands before eastings in China: 13 (6°) and 45 (3°).
const NUMBERS: std::ops::RangeInclusive<f64> = 13.0..=45.0;

/// The zone number before an easting.
fn number_of(x: f64) -> Option<u32> {
    let number = (x / 1e6).floor();
    NUMBERS.contains(&number).then_some(number as u32)
}

impl Gauss {
    /// Its code, where it is one of the national zones.
    pub(crate) fn epsg(self) -> Option<u32> {
        let meridian = self.meridian as u32;
        if self.meridian.fract() != 0.0 {
            return None;
        }
        // A meridian of both widths has one shape and two codes; the 3° code is the one in use in cities.
        let zone = match number_of(self.false_easting_m) {
            None if self.false_easting_m == 500_000.0 => return self.meridian_code(meridian),
            None => return None,
            Some(number) if f64::from(number) * 1e6 + 500_000.0 != self.false_easting_m => return None,
            Some(number) => number,
        };
        let width = if zone * 3 == meridian {
            3
        } else if zone * 6 - 3 == meridian {
            6
        } else {
            return None;
        };
        self.family?.epsg(width, Zone::Number(zone))
    }

    fn meridian_code(self, meridian: u32) -> Option<u32> {
        self.family?.epsg(3, Zone::Meridian(meridian))
    }

    /// Why (`x`, `y`) cannot be coordinates of this CRS, if they cannot.
    pub(crate) fn misfit(self, name: &str, x: f64, y: f64) -> Option<Error> {
        let own = number_of(self.false_easting_m);
        let given = number_of(x);
        if number_of(y).is_some() && given.is_none() {
            return Some(swapped(name, x, y));
        }
        match (own, given) {
            (None, Some(number)) => Some(self.unexpected(name, x, number)),
            (Some(own), Some(number)) if own != number => Some(self.other_zone(name, x, own, number)),
            (Some(own), None) => Some(self.missing(name, x, y, own)),
            _ if own.is_none() && (100_000.0..1e6).contains(&self.false_easting_m) => {
                if x.abs() <= 180.0 && y.abs() <= 90.0 {
                    Some(degrees(name, x, y))
                } else if x >= 1.5e6 && (0.0..1e6).contains(&y) {
                    Some(swapped(name, x, y))
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// The CRS to use for a coordinate of zone `number`.
    fn advice(self, number: u32) -> (String, String) {
        let width = if number >= 25 { 3 } else { 6 };
        let family = self.family.unwrap_or(Family::Cgcs2000);
        let code = family.epsg(width, Zone::Number(number));
        let meridian = if width == 3 { number * 3 } else { number * 6 - 3 };
        match code {
            Some(code) => (
                format!("请改用 EPSG:{code}（{width}° 带第 {number} 带，中央经线 {meridian}°E，带号）"),
                format!(
                    "use EPSG:{code} ({width}° zone {number}, central meridian {meridian}°E, with the zone number)"
                ),
            ),
            None => (
                format!("第 {number} 带不在国家分带之内；请核对坐标"),
                format!("zone {number} is none of the national zones; check the coordinates"),
            ),
        }
    }

    fn unexpected(self, name: &str, x: f64, number: u32) -> Error {
        let (zh, en) = self.advice(number);
        Error::invalid(
            format!("横坐标 {x} 带有带号 {number}，而坐标系“{name}”的横坐标不带带号；{zh}"),
            format!("the easting {x} begins with the zone number {number}, but eastings of “{name}” have none; {en}"),
        )
    }

    fn other_zone(self, name: &str, x: f64, own: u32, number: u32) -> Error {
        let (zh, en) = self.advice(number);
        Error::invalid(
            format!("横坐标 {x} 属于第 {number} 带，而坐标系“{name}”是第 {own} 带；{zh}"),
            format!("the easting {x} lies in zone {number}, but “{name}” is zone {own}; {en}"),
        )
    }

    fn missing(self, name: &str, x: f64, y: f64, own: u32) -> Error {
        if x.abs() <= 180.0 && y.abs() <= 90.0 {
            return degrees(name, x, y);
        }
        let (width, meridian) = if own >= 25 { (3, own * 3) } else { (6, own * 6 - 3) };
        let code = self.family.unwrap_or(Family::Cgcs2000).epsg(width, Zone::Meridian(meridian));
        let (zh, en) = match code {
            Some(code) => (
                format!("请改用 EPSG:{code}（{width}° 带，中央经线 {meridian}°E，不带带号）"),
                format!("use EPSG:{code} ({width}° zone, central meridian {meridian}°E, without the zone number)"),
            ),
            None => ("请核对坐标系".to_owned(), "check the CRS".to_owned()),
        };
        Error::invalid(
            format!("横坐标 {x} 没有带号，而坐标系“{name}”的横坐标应以带号 {own} 开头；{zh}"),
            format!("the easting {x} has no zone number, but eastings of “{name}” begin with {own}; {en}"),
        )
    }
}

fn swapped(name: &str, x: f64, y: f64) -> Error {
    Error::invalid(
        format!("坐标 ({x}, {y}) 在“{name}”中像是纵横坐标颠倒（测量上 X 为北）；请先交换两列"),
        format!(
            "the coordinate ({x}, {y}) looks swapped for “{name}” (surveyors' X points north); swap the two columns"
        ),
    )
}

fn degrees(name: &str, x: f64, y: f64) -> Error {
    Error::invalid(
        format!("坐标 ({x}, {y}) 像是经纬度，而坐标系“{name}”以米为单位；请改用 EPSG:4490"),
        format!("the coordinate ({x}, {y}) looks like degrees, but “{name}” counts metres; use EPSG:4490"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Crs;

    #[test]
    fn every_code_is_what_the_database_says() {
        let words =
            [(Family::Cgcs2000, "CGCS2000"), (Family::Xian1980, "Xian 1980"), (Family::Beijing1954, "Beijing 1954")];
        let mut seen = 0;
        for (family, word) in words {
            for (width, label) in [(3, "3-degree Gauss-Kruger"), (6, "Gauss-Kruger")] {
                for n in 1..=140 {
                    for (zone, rest) in
                        [(Zone::Number(n), format!("zone {n}")), (Zone::Meridian(n), format!("CM {n}E"))]
                    {
                        let Some(code) = family.epsg(width, zone) else { continue };
                        let crs = Crs::parse(&format!("EPSG:{code}")).unwrap();
                        assert_eq!(crs.name(), format!("{word} / {label} {rest}"));
                        assert_eq!(named(crs.name()), Some(code));
                        seen += 1;
                    }
                }
            }
        }
        assert_eq!(seen, 3 * (21 + 21 + 11 + 11));
    }

    #[test]
    fn names_in_every_writing() {
        assert_eq!(named("CGCS2000_3_Degree_GK_CM_120E"), Some(4549));
        assert_eq!(named("CGCS2000 / 3-degree Gauss-Krüger zone 40"), Some(4528));
        assert_eq!(named("Xian_1980_GK_Zone_20"), Some(2334));
        assert_eq!(named("GK3:120"), Some(4549));
        assert_eq!(named("gk6:123"), Some(4510));
        for text in ["GK3:121", "GK3:", "GK6:120", "CGCS2000", "CGCS2000 GK zone 99999999999", "门牌"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    fn told(epsg: u32, x: f64, y: f64) -> Option<String> {
        let Crs::Known(known) = Crs::parse(&epsg.to_string()).unwrap() else { unreachable!() };
        known.facts.gauss.unwrap().misfit("it", x, y).map(|e| e.en().to_owned())
    }

    #[test]
    fn the_right_code_is_advised() {
        assert_eq!(told(4549, 563_885.0, 3_099_540.0), None);
        assert_eq!(told(4528, 40_563_885.0, 3_099_540.0), None);
        let advised = |epsg, x, y, code: &str| {
            let text = told(epsg, x, y).unwrap();
            assert!(text.contains(code), "{text}");
        };
        advised(4549, 40_563_885.0, 3_099_540.0, "EPSG:4528");
        advised(4528, 563_885.0, 3_099_540.0, "EPSG:4549");
        advised(4528, 39_563_885.0, 3_099_540.0, "EPSG:4527");
        advised(4548, 40_563_885.0, 3_099_540.0, "EPSG:4528");
        advised(2386, 21_263_885.0, 3_099_540.0, "EPSG:2335");
        advised(4549, 3_099_540.0, 563_885.0, "swap");
        advised(4528, 3_099_540.0, 40_563_885.0, "swap");
        advised(4549, 120.6, 28.0, "EPSG:4490");
        advised(4528, 120.6, 28.0, "EPSG:4490");
    }
}
