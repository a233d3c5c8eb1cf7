//! Which of GDAL's drivers may open a file, and how GDAL is set.

use gis_data::{Error, Result};

/// The drivers that may open a file: those that read it and nothing it names. Left out on purpose: whatever opens a
/// connection or other files (VRT, WFS, GMLAS, CSW, HTTP, databases), and what menpai reads itself.
pub(crate) const ALLOWED: [&str; 16] = [
    "ESRI Shapefile",
    "MapInfo File",
    "GML",
    "LIBKML",
    "KML",
    "GPX",
    "DXF",
    "OpenFileGDB",
    "TopoJSON",
    "ESRIJSON",
    "DGN",
    "CAD",
    "S57",
    "GeoRSS",
    "JML",
    "AVCE00",
];

/// Each with its reason; set before the first driver is registered, and over whatever the environment says.
const SETTINGS: [(&str, &str); 22] = [
    // No plug-ins: neither shared libraries nor Python.
    ("GDAL_DRIVER_PATH", "disable"),
    ("GDAL_PYTHON_DRIVER_PATH", ""),
    ("GDAL_VRT_ENABLE_PYTHON", "NO"),
    ("GDAL_SKIP", ""),
    ("OGR_SKIP", ""),
    // Nothing is fetched. What the network namespace does not stop, a time-out of a second does.
    ("GDAL_HTTP_TIMEOUT", "1"),
    ("GDAL_HTTP_CONNECTTIMEOUT", "1"),
    ("GDAL_HTTP_MAX_RETRY", "0"),
    ("GDAL_HTTP_PROXY", "127.0.0.1:9"),
    ("GDAL_HTTPS_PROXY", "127.0.0.1:9"),
    ("CPL_VSIL_CURL_ALLOWED_FILENAME", "/nowhere"),
    ("CPL_CURL_ENABLE_VSIMEM", "NO"),
    ("GML_DOWNLOAD_SCHEMA", "NO"),
    ("GML_SKIP_RESOLVE_ELEMS", "ALL"),
    // expat bounds how far entities may grow.
    ("GML_PARSER", "EXPAT"),
    ("GML_SAVE_RESOLVED_TO", ""),
    // Nothing is written beside the file.
    ("GDAL_PAM_ENABLED", "NO"),
    ("SHAPE_RESTORE_SHX", "NO"),
    // A thread each for nothing.
    ("GDAL_NUM_THREADS", "1"),
    ("GDAL_CACHEMAX", "64"),
    // The heights of GPX belong to its shapes.
    ("GPX_ELE_AS_25D", "YES"),
    // Arcs become lines at 4° a step, as everywhere else in GDAL.
    ("OGR_ARC_STEPSIZE", "4"),
];

/// Sets GDAL up.
pub(crate) fn set_up() -> Result<()> {
    for (key, value) in SETTINGS {
        gdal::config::set_config_option(key, value).map_err(|e| {
            Error::invalid(
                format!("GDAL 的设置 {key} 失败；请检查 GDAL 是否安装完整"),
                format!("GDAL's setting {key} failed; check whether GDAL is installed whole"),
            )
            .because(e)
        })?;
    }
    Ok(())
}
