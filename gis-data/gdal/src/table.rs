//! What a layer is, before its rows are read.

use gdal::spatial_ref::SpatialRef;
use gdal::vector::LayerAccess;
use gdal_sys::OGRFieldType;
use gis_data::Name;
use gis_data_formats::Table;

use crate::value::{Kind, is_truth};

/// The columns of a layer.
pub(crate) struct Columns {
    pub(crate) names: Vec<Name>,
    pub(crate) kinds: Vec<Kind>,
}

/// The first line's entry for a layer.
pub(crate) fn head(layer: &impl LayerAccess) -> Table {
    Table { name: layer.name(), crs: layer.spatial_ref().as_ref().and_then(crs), rows: layer.try_feature_count() }
}

fn crs(found: &SpatialRef) -> Option<String> {
    found.authority().ok().filter(|a| a.starts_with("EPSG:")).or_else(|| found.to_wkt().ok()).filter(|t| !t.is_empty())
}

impl Columns {
    pub(crate) fn of(layer: &impl LayerAccess) -> Self {
        let fields = layer.defn().fields().enumerate();
        let (names, kinds) = fields
            .map(|(i, f)| (Name::from(f.name()), if is_truth(layer, i) { Kind::Bool } else { kind(f.field_type()) }))
            .unzip();
        Self { names, kinds }
    }
}

fn kind(of: OGRFieldType::Type) -> Kind {
    match of {
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => Kind::Int,
        OGRFieldType::OFTReal => Kind::Float,
        OGRFieldType::OFTDate => Kind::Date,
        OGRFieldType::OFTTime => Kind::Time,
        OGRFieldType::OFTDateTime => Kind::DateTime,
        OGRFieldType::OFTIntegerList => Kind::ShortInts,
        OGRFieldType::OFTInteger64List => Kind::Ints,
        OGRFieldType::OFTRealList => Kind::Floats,
        OGRFieldType::OFTStringList | OGRFieldType::OFTWideStringList => Kind::Texts,
        OGRFieldType::OFTBinary => Kind::Bytes,
        // Text, and whatever later versions of GDAL may bring: everything has a form as text.
        _ => Kind::Text,
    }
}
