//! What we need to know of a CRS, read from the PROJJSON that PROJ writes of it.

use gis_data::{Error, Result};
use serde_json::Value;

use crate::gauss::{Family, Gauss};

/// What is known of a CRS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) epsg: Option<u32>,
    pub(crate) geographic: bool,
    pub(crate) northing_first: bool,
    /// The datum is the store's own (0 m) or agrees with it (1 m).
    pub(crate) same: Option<f64>,
    /// Transverse Mercator in metres.
    pub(crate) gauss: Option<Gauss>,
}

impl Facts {
    /// Reads them from PROJJSON.
    pub(crate) fn read(json: &str) -> Result<Self> {
        let whole: Value = serde_json::from_str(json).map_err(|e| {
            Error::invalid(
                "PROJ 对该坐标系的描述无法读取；请改用 EPSG 代码",
                "PROJ's description of the CRS cannot be read; use its EPSG code",
            )
            .because(e)
        })?;
        let name = whole["name"].as_str().unwrap_or("unknown").to_owned();
        let flat = flat(&whole, &name)?;
        let bound = flat["type"] == "BoundCRS" || whole["type"] == "BoundCRS";
        let plain = if flat["type"] == "BoundCRS" { &flat["source_crs"] } else { flat };
        let kind = plain["type"].as_str().unwrap_or_default();
        let geographic = matches!(kind, "GeographicCRS" | "DerivedGeographicCRS");
        if !geographic && !matches!(kind, "ProjectedCRS" | "DerivedProjectedCRS") {
            return Err(nowhere(&name, kind));
        }
        let axes = axes(plain);
        let datum = Datum::of(plain);
        // Degrees rotated, in gon or from Paris go through PROJ like a projection.
        let same = if bound { None } else { datum.same() };
        let same = same.filter(|_| kind != "GeographicCRS" || axes.iter().take(2).all(|a| a.degrees));
        let gauss = (kind == "ProjectedCRS").then(|| gauss(plain, &datum)).flatten();
        let own = |v: &Value| (v["id"]["authority"] == "EPSG").then(|| v["id"]["code"].as_u64()).flatten();
        let epsg = own(&whole).and_then(|c| u32::try_from(c).ok()).or_else(|| gauss.and_then(Gauss::epsg));
        let northing_first = axes.first().is_some_and(|a| a.north) && axes.get(1).is_some_and(|a| a.east);
        Ok(Self { name, epsg, geographic: geographic && kind == "GeographicCRS", northing_first, same, gauss })
    }
}

/// The horizontal part.
fn flat<'a>(whole: &'a Value, name: &str) -> Result<&'a Value> {
    match whole["type"].as_str() {
        Some("CompoundCRS") => whole["components"].get(0).ok_or_else(|| nowhere(name, "CompoundCRS")),
        _ => Ok(whole),
    }
}

fn nowhere(name: &str, kind: &str) -> Error {
    Error::invalid(
        format!("“{name}”（{kind}）没有平面大地坐标，无法放到地图上；请给出测图时实际使用的坐标系，例如 EPSG:4549"),
        format!(
            "“{name}” ({kind}) has no horizontal place on the earth; name the CRS the data was surveyed in, for example EPSG:4549"
        ),
    )
}

struct Axis {
    north: bool,
    east: bool,
    degrees: bool,
}

fn axes(crs: &Value) -> Vec<Axis> {
    let list = crs["coordinate_system"]["axis"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .map(|a| Axis {
            north: a["direction"] == "north",
            east: a["direction"] == "east",
            degrees: counts(&a["unit"], "degree", 1f64.to_radians()),
        })
        .collect()
}

struct Datum {
    /// Lower case, letters and digits only.
    name: String,
    greenwich: bool,
    axis_m: f64,
    inverse_flattening: f64,
}

impl Datum {
    fn of(crs: &Value) -> Self {
        let mut base = crs;
        // A derived CRS may stand on a projected one, which stands on a geographic one.
        for _ in 0..4 {
            if base["base_crs"].is_object() {
                base = &base["base_crs"];
            }
        }
        let datum = if base["datum"].is_object() { &base["datum"] } else { &base["datum_ensemble"] };
        let ellipsoid = &datum["ellipsoid"];
        Self {
            name: compact(datum["name"].as_str().unwrap_or_default()),
            greenwich: !datum["prime_meridian"].is_object()
                || number(&datum["prime_meridian"]["longitude"]) == Some(0.0),
            axis_m: number(&ellipsoid["semi_major_axis"]).unwrap_or(0.0),
            inverse_flattening: number(&ellipsoid["inverse_flattening"]).unwrap_or(0.0),
        }
    }

    /// Metres by which its degrees may differ from the store's, if it counts as the same.
    fn same(&self) -> Option<f64> {
        // WGS 84 and GRS 1980 differ by 1.5e-6 in the flattening: a tenth of a millimetre.
        let earth = self.axis_m == 6_378_137.0 && (self.inverse_flattening - 298.257_222).abs() < 1e-5;
        if !self.greenwich || !earth {
            return None;
        }
        let own = ["china2000", "chinageodeticcoordinatesystem2000", "cgcs2000", "dchina2000"];
        let near = ["worldgeodeticsystem1984", "wgs84", "wgs1984", "internationalterrestrialreferenceframe", "itrf"];
        if own.contains(&self.name.as_str()) {
            Some(0.0)
        } else if near.iter().any(|n| self.name.starts_with(n)) {
            Some(1.0)
        } else {
            None
        }
    }

    fn family(&self) -> Option<Family> {
        match self.name.as_str() {
            "china2000" | "dchina2000" | "cgcs2000" => Some(Family::Cgcs2000),
            "xian1980" => Some(Family::Xian1980),
            "beijing1954" => Some(Family::Beijing1954),
            _ => None,
        }
    }
}

/// Whether a unit is the one of this name, or one of its own name and the same size (`UNIT["Degree",0.0174…]`).
fn counts(unit: &Value, name: &str, factor: f64) -> bool {
    unit == name || unit["conversion_factor"].as_f64().is_some_and(|f| (f / factor - 1.0).abs() < 1e-12)
}

/// A number, or one with a unit beside it.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value["value"].as_f64())
}

fn gauss(crs: &Value, datum: &Datum) -> Option<Gauss> {
    let conversion = &crs["conversion"];
    let metres = crs["coordinate_system"]["axis"].get(0).is_some_and(|a| counts(&a["unit"], "metre", 1.0));
    if conversion["method"]["name"] != "Transverse Mercator" || !metres {
        return None;
    }
    let value = |name: &str| {
        conversion["parameters"].as_array()?.iter().find(|p| p["name"] == name).and_then(|p| number(&p["value"]))
    };
    let plain = value("Latitude of natural origin")? == 0.0
        && value("False northing")? == 0.0
        && value("Scale factor at natural origin")? == 1.0;
    Some(Gauss {
        meridian: value("Longitude of natural origin")?,
        false_easting_m: value("False easting")?,
        // Only the plain form is a zone of the national grid.
        family: datum.family().filter(|_| plain),
    })
}

/// Lower case letters and digits alone: how names are compared.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ü' { 'u' } else { c })
        .collect()
}
