//! Whether what somebody says about a thing fits its layer's schema.

use gis_data::{Error, Field, FieldKind, Geometry, GeometryKind, Instant, Layer, Properties, Result, Value};

/// The most vertices of one shape that is entered by hand or by another program. Files with larger ones are imported.
pub const MAX_VERTICES: usize = 100_000;

/// Refuses fields that the layer lacks, values of another kind, codes that its list lacks, shapes of another kind, too large or
/// with rings that cross. An import is more lenient: sources bring words and fields of their own.
pub fn check(layer: &Layer, geometry: Option<&Geometry>, properties: &Properties) -> Result<()> {
    let told = |e: Error| e.at(&layer.id);
    shape(layer.geometry, geometry).map_err(|e| told(e).on("geometry"))?;
    for (name, value) in properties.iter() {
        let field = layer.field(name).ok_or_else(|| told(unknown(layer, name)).on(name.as_ref()))?;
        one(field, value).map_err(|e| told(e).on(name.as_ref()))?;
    }
    Ok(())
}

fn shape(kind: GeometryKind, geometry: Option<&Geometry>) -> Result<()> {
    use geo_types::Geometry as Shape;
    let Some(geometry) = geometry else { return Ok(()) };
    let fits = match (kind, geometry.shape()) {
        (GeometryKind::Any, _)
        | (GeometryKind::Point, Shape::Point(_) | Shape::MultiPoint(_))
        | (GeometryKind::Line, Shape::LineString(_) | Shape::MultiLineString(_))
        | (GeometryKind::Polygon, Shape::Polygon(_) | Shape::MultiPolygon(_)) => true,
        (GeometryKind::None | GeometryKind::Point | GeometryKind::Line | GeometryKind::Polygon, _) => false,
    };
    if !fits {
        let (zh, en) = match kind {
            GeometryKind::None => ("不带几何", "has no shapes"),
            GeometryKind::Point => ("只收点", "takes points"),
            GeometryKind::Line => ("只收线", "takes lines"),
            GeometryKind::Polygon | GeometryKind::Any => ("只收面", "takes surfaces"),
        };
        return Err(Error::invalid(
            format!("该图层{zh}；请改正几何类型"),
            format!("the layer {en}; correct the type of the geometry"),
        ));
    }
    let vertices = geometry.coords().len();
    if vertices > MAX_VERTICES {
        return Err(Error::new(
            gis_data::Kind::TooLarge,
            format!("几何有 {vertices} 个顶点，超过 {MAX_VERTICES}；请简化，或用 menpai import 导入"),
            format!(
                "the shape has {vertices} vertices, more than {MAX_VERTICES}; simplify it, or bring it in by menpai import"
            ),
        ));
    }
    geometry.check_rings()
}

fn one(field: &Field, value: &Value) -> Result<()> {
    if *value == Value::Null {
        return Ok(());
    }
    let fits = match field.kind {
        FieldKind::Text => matches!(value, Value::Text(_)),
        FieldKind::Int => matches!(value, Value::Int(_)),
        FieldKind::Id => {
            value.as_i64().is_some_and(|n| u64::try_from(n).is_ok_and(|n| gis_data::FeatureId::new(n).is_ok()))
        }
        FieldKind::Float => value.as_f64().is_some(),
        FieldKind::Bool => value.as_bool().is_some(),
        FieldKind::Date => value.as_str().is_some_and(|text| text.parse::<Instant>().is_ok()),
    };
    if !fits {
        let (zh, en) = match field.kind {
            FieldKind::Text => ("文本", "a text"),
            FieldKind::Int => ("整数", "a whole number"),
            FieldKind::Id => ("编号", "an id"),
            FieldKind::Float => ("数", "a number"),
            FieldKind::Bool => ("true 或 false", "true or false"),
            FieldKind::Date => ("日期（2026-03-01）或时刻（RFC 3339）", "a day (2026-03-01) or a moment (RFC 3339)"),
        };
        let text = value.to_text();
        return Err(Error::invalid(
            format!("字段 “{}” 应为{zh}，收到 “{text}”", field.name),
            format!("the field “{}” holds {en}, not “{text}”", field.name),
        ));
    }
    let known = |text: &str| field.codes.iter().any(|c| c.code == text);
    if let Some(text) = value.as_str().filter(|t| !field.codes.is_empty() && !known(t)) {
        let codes = field.codes.iter().map(|c| c.code.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::invalid(
            format!("字段 “{}” 没有代码 “{text}”；可用：{codes}", field.name),
            format!("the field “{}” has no code “{text}”; there are {codes}", field.name),
        ));
    }
    Ok(())
}

fn unknown(layer: &Layer, name: &str) -> Error {
    let fields = layer.fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join(", ");
    Error::invalid(
        format!("没有字段 “{name}”；该图层的字段：{fields}"),
        format!("there is no field “{name}”; the layer has {fields}"),
    )
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;

    use super::*;
    use gis_data::Catalog;

    fn told(layer: &str, geometry: Option<&Geometry>, properties: &[(&str, Value)]) -> Option<String> {
        let catalog = Catalog::built_in().unwrap();
        let properties: Properties = properties.iter().cloned().collect();
        check(catalog.layer(layer).unwrap(), geometry, &properties).err().map(|e| e.en().to_owned())
    }

    #[test]
    fn what_does_not_fit_the_schema_is_refused() {
        let here = Geometry::point(120.65, 28.01).unwrap();
        assert_eq!(told("doorplate", Some(&here), &[("number", "12号".into())]), None);
        assert_eq!(told("doorplate", Some(&here), &[("number", Value::Null)]), None);
        let wrong = |layer: &str, field: &str, value: Value| told(layer, None, &[(field, value)]).unwrap();
        assert!(wrong("doorplate", "numbr", "12号".into()).contains("numbr"));
        assert!(wrong("doorplate", "number", 12_i64.into()).contains("a text"));
        assert!(wrong("building", "levels", "six".into()).contains("whole number"));
        assert!(wrong("person", "born", "1990-13-01".into()).contains("a day"));
        assert!(wrong("person", "kind", "ghost".into()).contains("registered"));
        assert!(told("person", Some(&here), &[]).unwrap().contains("no shapes"));
        assert!(told("grid", Some(&here), &[]).unwrap().contains("surfaces"));
    }

    #[test]
    fn a_shape_is_not_too_large_and_does_not_cross_itself() {
        let line: Vec<(f64, f64)> = (0..=MAX_VERTICES).map(|i| (120.0 + i as f64 * 1e-6, 28.0)).collect();
        let line = Geometry::new(geo_types::LineString::from(line).into(), None).unwrap();
        assert!(told("road", Some(&line), &[]).unwrap().contains("vertices"));
        let bow = polygon![(x: 120.0, y: 28.0), (x: 120.1, y: 28.1), (x: 120.1, y: 28.0), (x: 120.0, y: 28.1)];
        let bow = Geometry::new(bow.into(), None).unwrap();
        assert!(told("grid", Some(&bow), &[]).is_some());
    }
}
