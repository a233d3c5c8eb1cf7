//! Changes of some fields: what else is believed stays.

use cim_model::zoom::min_zoom;
use gis_data::{Error, Feature, FeatureId, Geometry, Identity, Interval, Layer, Part, Properties, Put, Result, Value};

use super::super::City;
use super::Shape;

/// Every believed version of a thing.
pub(super) async fn believed(city: &City, id: FeatureId) -> Result<Vec<Feature>> {
    let mut all = Vec::new();
    city.store.scan(Part::Things(&[id]), &mut |f| all.push(f)).await?;
    Ok(all)
}

/// A put for each version that the stretch meets, with the fields given; a field that is given as null goes away.
pub(super) async fn amend(
    city: &City,
    id: FeatureId,
    shape: Shape,
    properties: &Properties,
    stretch: Interval,
) -> Result<Vec<Put>> {
    let catalog = city.catalog();
    let mut puts = Vec::new();
    for old in believed(city, id).await?.into_iter().filter(|f| f.valid.overlaps(&stretch)) {
        let (from, until) = (old.valid.from.max(stretch.from), old.valid.until.min(stretch.until));
        let gone = |name: &str| properties.get(name).is_some_and(|v| *v == Value::Null);
        let kept = old.properties.iter().filter(|(n, _)| properties.get(n).is_none());
        let given = properties.iter().filter(|(n, _)| !gone(n));
        let merged: Properties = kept.chain(given).map(|(n, v)| (n.clone(), v.clone())).collect();
        let put = Put {
            identity: Identity::Id(id),
            layer: old.layer.clone(),
            geometry: match &shape {
                Shape::Kept => old.geometry.clone(),
                Shape::Is(geometry) => geometry.clone(),
            },
            properties: merged,
            valid: Interval::new(from, until)?,
            min_zoom: old.min_zoom,
        };
        let zoom = catalog.get(old.layer.as_str()).map_or(old.min_zoom, |schema| zoom(schema, &old, &put, id));
        puts.push(Put { min_zoom: zoom, ..put });
    }
    if puts.is_empty() {
        return Err(Error::not_found(
            format!("{id} 在 {}–{} 期间没有版本可改；新增请用 put", stretch.from, stretch.until),
            format!(
                "nothing is believed of {id} during {}–{}; use put to say that it is there",
                stretch.from, stretch.until
            ),
        ));
    }
    Ok(puts)
}

/// A put of a thing that is there keeps the zoom it has, unless what the rule of zooms looks at has changed.
pub(super) async fn kept_zoom(city: &City, schema: &Layer, put: Put) -> Result<Put> {
    let Identity::Id(id) = put.identity else { return Ok(put) };
    let old = believed(city, id).await?;
    let min_zoom = old.last().map_or(put.min_zoom, |old| zoom(schema, old, &put, id));
    Ok(Put { min_zoom, ..put })
}

/// The number that told a thing apart at its first coming is not kept, so it is asked whether any number would tell otherwise now.
fn zoom(schema: &Layer, old: &Feature, new: &Put, id: FeatureId) -> u8 {
    let rule = |geometry: Option<&Geometry>, properties: &Properties| min_zoom(schema, geometry, properties, id.get());
    let before = rule(old.geometry.as_ref(), &old.properties);
    let after = rule(new.geometry.as_ref(), &new.properties);
    if before == after { old.min_zoom } else { after }
}
