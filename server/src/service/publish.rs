//! A GeoPackage of what a named role may see.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gis_data::{Class, Error, GeometryKind, LayerId, Part, Result, Store};

use super::viewers::Viewers;

/// Writes it; gives the rows by layer.
pub(crate) async fn publish(store: Arc<dyn Store>, role: &str, out: &Path) -> Result<BTreeMap<LayerId, u64>> {
    let catalog = store.catalog().await?;
    let viewers = Viewers::read(store.as_ref(), &catalog).await?;
    let scope = Arc::clone(viewers.role(role)?);
    let (_, now) = store.position().await?;
    let (mut layers, mut rows) = (Vec::new(), Vec::new());
    // Whatever names a person leaves by the API alone, field by field.
    for layer in catalog.iter().filter(|l| scope.sees(l.id.as_str()) && l.class != Class::Restricted) {
        let before = rows.len();
        store
            .scan(Part::Layers(std::slice::from_ref(&layer.id)), &mut |f| {
                if f.valid.contains(now) && (f.geometry.is_some() || layer.geometry == GeometryKind::None) {
                    rows.extend(scope.admit(Arc::new(f)).map(Ok));
                }
            })
            .await?;
        if rows.len() > before {
            layers.push(gis_data::Layer { fields: super::catalog::fields(layer, &scope), ..layer.clone() });
        }
    }
    if layers.is_empty() {
        return Err(Error::not_found(
            format!("角色 {role} 没有可发布的内容；请先导入数据，或检查图层的公开级别"),
            format!(
                "there is nothing that the role {role} may see; import data first, or look at the classes of the layers"
            ),
        ));
    }
    let out = out.to_owned();
    let written = tokio::task::spawn_blocking(move || gis_data_formats::geopackage::write(&out, &layers, rows, now));
    written.await.map_err(|cause| Error::storage("写出线程中止", "the writing thread ended", cause))?
}
