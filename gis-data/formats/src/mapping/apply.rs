//! Applying one sheet to one record.

use geo_types::Geometry as Shape;
use gis_data::{LayerId, Name, Properties, Value};

use super::Draft;
use super::convert::{convert, join};
use super::keys::content_key;
use super::sheet::{FieldRule, Made, Many, Rule, ShapeKind, Sheet, Where};
use crate::Record;

/// The drafts of a record: one for each layer and suffix, made by the first rule that matches.
pub(super) fn by_sheet(sheet: &Sheet, source: &str, record: &Record) -> Vec<Draft> {
    let kind = kind(record.shape.as_ref());
    let mut made: Vec<(&LayerId, &str)> = Vec::new();
    let mut drafts = Vec::new();
    for rule in &sheet.rule {
        let slot = (&rule.layer, rule.suffix.as_str());
        if made.contains(&slot) || !matches(rule, kind, record) {
            continue;
        }
        if let Some(draft) = draft(sheet, rule, source, record) {
            made.push(slot);
            drafts.push(draft);
        }
    }
    drafts
}

fn kind(shape: Option<&Shape<f64>>) -> ShapeKind {
    match shape {
        None => ShapeKind::None,
        Some(Shape::Point(_) | Shape::MultiPoint(_)) => ShapeKind::Point,
        Some(Shape::Line(_) | Shape::LineString(_) | Shape::MultiLineString(_)) => ShapeKind::Line,
        Some(Shape::Polygon(_) | Shape::MultiPolygon(_) | Shape::Rect(_) | Shape::Triangle(_)) => ShapeKind::Polygon,
        Some(Shape::GeometryCollection(_)) => ShapeKind::Collection,
    }
}

fn matches(rule: &Rule, kind: ShapeKind, record: &Record) -> bool {
    let get = |name: &str| record.properties.get(name);
    (rule.shape.is_empty() || rule.shape.contains(&kind))
        && rule.all.iter().all(|(name, test)| test.holds(get(name)))
        && (rule.any.is_empty() || rule.any.iter().any(|(name, test)| test.holds(get(name))))
}

fn draft(sheet: &Sheet, rule: &Rule, source: &str, record: &Record) -> Option<Draft> {
    let rest = record.properties.iter().filter(|(_, v)| rule.rest && **v != Value::Null);
    let mut properties: Properties = rest.map(|(n, v)| (Name::clone(n), v.clone())).collect();
    for (name, field) in &rule.fields {
        if let Some(value) = value(sheet, field, record) {
            properties.set(Name::from(name.as_str()), value);
        }
    }
    if rule.needs.0.iter().any(|n| properties.get(n).is_none()) {
        return None;
    }
    if properties.get("source").is_none() {
        properties.set("source", source);
    }
    let (shape, z) = match (rule.at, &record.shape) {
        (Where::Inside, Some(shape)) => (Some(inside(shape)), None),
        (_, shape) => (shape.clone(), record.z.clone()),
    };
    let own = first(&rule.key, record).map(Value::to_text).filter(|k| !k.trim().is_empty());
    let key = own.or_else(|| record.key.clone()).or_else(|| joined(&sheet.key, record));
    let key = key.unwrap_or_else(|| content_key(record));
    Some(Draft { layer: rule.layer.clone(), key: key + &rule.suffix, shape, z, properties })
}

fn first<'r>(names: &Many, record: &'r Record) -> Option<&'r Value> {
    let told = |v: &&Value| **v != Value::Null && v.as_str().is_none_or(|t| !t.trim().is_empty());
    names.0.iter().find_map(|n| record.properties.get(n).filter(told))
}

/// `way/78106218` out of the fields that a sheet names.
fn joined(names: &Many, record: &Record) -> Option<String> {
    let parts: Option<Vec<String>> =
        names.0.iter().map(|n| record.properties.get(n).filter(|v| **v != Value::Null).map(Value::to_text)).collect();
    parts.filter(|p| !p.is_empty()).map(|p| p.join("/"))
}

fn value(sheet: &Sheet, field: &FieldRule, record: &Record) -> Option<Value> {
    match field {
        FieldRule::Copy(names) => first(names, record).cloned(),
        FieldRule::Made(made) => this(sheet, made, record).or_else(|| value(sheet, made.or.as_deref()?, record)),
    }
}

fn this(sheet: &Sheet, made: &Made, record: &Record) -> Option<Value> {
    if let Some(constant) = &made.value {
        return Some(constant.clone());
    }
    if let Some(kinds) = &made.kinds {
        return sheet.kinds.get(kinds)?.tell(&record.properties).map(Value::from);
    }
    let found = if made.join.0.is_empty() {
        first(&made.from, record)?.clone()
    } else {
        let parts: Vec<String> = made
            .join
            .0
            .iter()
            .filter_map(|n| record.properties.get(n))
            .filter(|v| **v != Value::Null)
            .map(Value::to_text)
            .collect();
        Value::from(join(parts.iter().map(String::as_str))?)
    };
    let found = match &made.codes {
        Some(codes) => {
            let text = found.to_text();
            let code = codes.get(text.trim()).or_else(|| codes.get("*"))?;
            Value::from(if code == "=" { text.trim() } else { code.as_str() })
        }
        None => found,
    };
    convert(&found, made.to, made.times)
}

/// A point within a surface, the middle of a line, the point itself. The source's CRS may be anything, so this asks the plane.
fn inside(shape: &Shape<f64>) -> Shape<f64> {
    use geo::{BoundingRect, CoordsIter, InteriorPoint};
    // The algorithms compare coordinates and cannot do with NaN; such a shape is refused later, in words.
    let finite = shape.coords_iter().all(|c| c.x.is_finite() && c.y.is_finite());
    let within = finite.then(|| shape.interior_point()).flatten();
    let middle = || finite.then(|| shape.bounding_rect()).flatten().map(|r| r.center().into());
    within.or_else(middle).map_or_else(|| shape.clone(), Shape::Point)
}
