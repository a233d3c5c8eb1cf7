//! The tables that every GeoPackage has, and those of its layers (12-128r17, annex C and F.3 for the R-tree).

use gis_data::{FieldKind, GeometryKind, Layer};

use super::quoted;

/// CGCS2000, the CRS of everything that is stored.
pub(super) const SRS: i32 = 4490;

/// The version, as `user_version` tells it.
pub(super) const USER_VERSION: i32 = 10_300;

const CGCS2000: &str = "GEOGCS[\"China Geodetic Coordinate System 2000\",DATUM[\"China_2000\",\
    SPHEROID[\"CGCS2000\",6378137,298.257222101,AUTHORITY[\"EPSG\",\"1024\"]],AUTHORITY[\"EPSG\",\"1043\"]],\
    PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],\
    AUTHORITY[\"EPSG\",\"4490\"]]";

const WGS84: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",\
    SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],\
    PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],\
    AUTHORITY[\"EPSG\",\"4326\"]]";

/// The tables of the standard.
pub(super) fn core() -> String {
    format!(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
            organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES
            ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
            ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
            ('WGS 84 geodetic', 4326, 'EPSG', 4326, '{WGS84}', 'longitude and latitude on WGS 84'),
            ('CGCS2000', {SRS}, 'EPSG', {SRS}, '{CGCS2000}', 'longitude and latitude on CGCS2000');
        CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
            description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
            min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
            CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
            srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
            CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
            CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
            scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));"
    )
}

/// What the column of shapes is declared as. Parts are written as their Multi forms, so that a layer has one type.
pub(super) const fn geometry_type(kind: GeometryKind) -> Option<&'static str> {
    match kind {
        GeometryKind::None => None,
        GeometryKind::Point => Some("POINT"),
        GeometryKind::Line => Some("MULTILINESTRING"),
        GeometryKind::Polygon => Some("MULTIPOLYGON"),
        GeometryKind::Any => Some("GEOMETRY"),
    }
}

/// The names of columns for a layer's fields: SQLite does not tell `Name` from `name`, and `fid` and `geom` are taken.
pub(super) fn columns(layer: &Layer) -> Vec<String> {
    let mut taken = vec!["fid".to_owned(), "geom".to_owned()];
    let mut all = Vec::new();
    for field in &layer.fields {
        let mut name = field.name.clone();
        while taken.contains(&name.to_lowercase()) {
            name.push('_');
        }
        taken.push(name.to_lowercase());
        all.push(name);
    }
    all
}

/// The table of a layer. A date is text as RFC 3339 writes it, which GeoPackage's DATE and DATETIME are too narrow for.
pub(super) fn table(layer: &Layer, geometry: Option<&str>) -> String {
    let mut sql = format!("CREATE TABLE {} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", quoted(layer.id.as_str()));
    if let Some(kind) = geometry {
        sql.push_str(", geom ");
        sql.push_str(kind);
    }
    for (name, field) in columns(layer).iter().zip(&layer.fields) {
        sql.push_str(", ");
        sql.push_str(&quoted(name));
        sql.push_str(match field.kind {
            FieldKind::Text | FieldKind::Date => " TEXT",
            FieldKind::Int | FieldKind::Id => " INTEGER",
            FieldKind::Float => " DOUBLE",
            FieldKind::Bool => " BOOLEAN",
        });
    }
    sql + ")"
}

/// What GDAL and QGIS keep beside the standard's tables to know how many rows a layer has. Without it QGIS guesses from the ids of a
/// large layer, and ids of a city are far apart.
pub(super) const COUNTS: &str =
    "CREATE TABLE gpkg_ogr_contents (table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL)";

/// Keeps the count in step for whoever edits the file.
pub(super) fn count_triggers(layer: &str) -> String {
    let t = quoted(layer);
    let step = |what: &str, sign: char| {
        format!(
            "CREATE TRIGGER {} AFTER {what} ON {t} BEGIN UPDATE gpkg_ogr_contents SET feature_count = feature_count {sign} 1
            WHERE lower(table_name) = lower('{layer}'); END;",
            quoted(&format!("trigger_{}_feature_count_{layer}", what.to_lowercase()))
        )
    };
    step("INSERT", '+') + &step("DELETE", '-')
}

/// The R-tree extension of a layer: the virtual table is filled by the writer, the triggers keep it in step for whoever edits the file.
pub(super) fn rtree(layer: &str) -> String {
    let tree = quoted(&format!("rtree_{layer}_geom"));
    format!("CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)")
}

/// The triggers of the R-tree extension, as the standard names and words them.
pub(super) fn rtree_triggers(layer: &str) -> String {
    let (t, tree) = (quoted(layer), quoted(&format!("rtree_{layer}_geom")));
    let name = |what: &str| quoted(&format!("rtree_{layer}_geom_{what}"));
    let full = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))";
    let empty = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
    );
    let take = format!("DELETE FROM {tree} WHERE id = OLD.fid;");
    [
        format!("CREATE TRIGGER {} AFTER INSERT ON {t} WHEN {full} BEGIN {put} END;", name("insert")),
        format!("CREATE TRIGGER {} AFTER UPDATE OF geom ON {t} WHEN OLD.fid = NEW.fid AND {full} BEGIN {put} END;", name("update1")),
        format!("CREATE TRIGGER {} AFTER UPDATE OF geom ON {t} WHEN OLD.fid = NEW.fid AND {empty} BEGIN {take} END;", name("update2")),
        format!("CREATE TRIGGER {} AFTER UPDATE ON {t} WHEN OLD.fid != NEW.fid AND {full} BEGIN {take} {put} END;", name("update3")),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE ON {t} WHEN OLD.fid != NEW.fid AND {empty} BEGIN DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid); END;",
            name("update4")
        ),
        format!("CREATE TRIGGER {} AFTER DELETE ON {t} WHEN OLD.geom NOT NULL BEGIN {take} END;", name("delete")),
    ]
    .join("\n")
}
