//! New layers by their schema: at once in the catalogue, tiles, API, search and door cards.

use std::collections::BTreeSet;

use gis_data::{
    Catalog, Change, Class, Commit, Error, Field, Identity, Interval, Kind, Layer, LayerId, Properties, Put, Receipt,
    Result,
};

use super::{City, Viewers, caught_up};

/// The most fields of a layer, and the most codes of a field.
const MAX_FIELDS: usize = 200;
const MAX_CODES: usize = 5000;

/// Makes a layer, or gives it another schema.
pub(crate) async fn put_layer(city: &City, actor: &str, reason: &str, layer: &Layer) -> Result<Receipt> {
    check(layer)?;
    let schema = serde_json::to_string(layer)
        .map_err(|cause| Error::storage("图层定义写不出来", "the layer's definition cannot be written", cause))?;
    let put = Put {
        identity: Identity::Origin { source: "menpai".into(), key: format!("layer:{}", layer.id) },
        layer: LayerId::new(Catalog::SYSTEM)?,
        geometry: None,
        properties: Properties::from_iter([("name", layer.id.to_string()), ("schema", schema)]),
        valid: Interval::ALWAYS,
        min_zoom: 0,
    };
    let _one_at_a_time = city.writing.lock().await;
    let receipt = city.store.commit(Commit::new(actor, reason, (city.clock)(), [Change::Put(put)])).await?;
    caught_up(city, receipt.position).await;
    Ok(receipt)
}

/// Refuses a schema that people or programs could not use.
pub(crate) fn check(layer: &Layer) -> Result<()> {
    let id = layer.id.as_str();
    if [Catalog::SYSTEM, Viewers::LAYER].contains(&id) || Catalog::built_in()?.get(id).is_some() {
        return Err(Error::new(
            Kind::Conflict,
            format!("图层 “{id}” 是内置的，不能改；请另取名字"),
            format!("the layer “{id}” is built in and cannot be changed; take another name"),
        )
        .on("id"));
    }
    if layer.title.zh.trim().is_empty() || layer.title.en.trim().is_empty() {
        return Err(Error::invalid("title 须有 zh 与 en", "title needs zh and en").on("title"));
    }
    if layer.min_zoom > tiler::MAX_ZOOM {
        return Err(Error::invalid(
            format!("min_zoom 最大为 {}", tiler::MAX_ZOOM),
            format!("min_zoom is at most {}", tiler::MAX_ZOOM),
        )
        .on("min_zoom"));
    }
    if layer.fields.len() > MAX_FIELDS {
        return Err(Error::new(
            Kind::TooLarge,
            format!("字段最多 {MAX_FIELDS} 个"),
            format!("a layer has at most {MAX_FIELDS} fields"),
        )
        .on("fields"));
    }
    let mut names = BTreeSet::new();
    layer.fields.iter().try_for_each(|f| {
        field(f, layer.class)?;
        if names.insert(f.name.as_str()) {
            return Ok(());
        }
        Err(Error::invalid(format!("字段 “{}” 重复", f.name), format!("the field “{}” is there twice", f.name)))
    })
}

fn field(field: &Field, class: Class) -> Result<()> {
    let told = |zh: String, en: String| Err(Error::invalid(zh, en).on(field.name.clone()));
    let name = &field.name;
    // The rule of layer names serves: both become names in tiles, paths and filters.
    if let Err(error) = LayerId::new(name) {
        return told(
            format!("字段名 “{name}” 不合规：须以小写字母开头，只含小写字母、数字和下划线"),
            format!(
                "“{name}” is no name of a field: it begins with a lower-case letter and holds only lower-case letters, digits and _ ({})",
                error.en()
            ),
        );
    }
    if ["id", "geometry", "valid"].contains(&name.as_str()) {
        return told(format!("字段名 “{name}” 由系统保留"), format!("the name “{name}” is the system's own"));
    }
    if field.title.zh.trim().is_empty() || field.title.en.trim().is_empty() {
        return told(
            format!("字段 “{name}” 的 title 须有 zh 与 en"),
            format!("the title of the field “{name}” needs zh and en"),
        );
    }
    if field.class.is_some_and(|own| own < class) {
        return told(
            format!("字段 “{name}” 的密级不能低于图层的密级"),
            format!("the field “{name}” cannot be open to more people than its layer"),
        );
    }
    let codes: BTreeSet<&str> = field.codes.iter().map(|c| c.code.as_str()).collect();
    if codes.len() != field.codes.len() || field.codes.len() > MAX_CODES {
        return told(
            format!("字段 “{name}” 的代码重复，或多于 {MAX_CODES} 个"),
            format!("the field “{name}” has a code twice, or more than {MAX_CODES}"),
        );
    }
    Ok(())
}
