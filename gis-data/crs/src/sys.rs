//! The only place that talks to PROJ. Everything unsafe of this crate is in this file.
//!
//! Written on the C interface and not on a safe wrapper, because we need what no wrapper gives: no network and no data
//! folder beside the database that is built in, no printing to stderr, no context lost with each text that is not a
//! CRS, and for each operation its accuracy, its area and whether it is a mere ballpark.
#![expect(unsafe_code, reason = "PROJ is a C library; each block says why it is sound")]

use std::ffi::{CStr, CString, c_char};
use std::ptr::{self, NonNull};

use geo_types::Coord;
use proj_sys as c;

/// A PROJ context: one thread at a time, but any thread.
struct Context(NonNull<c::PJ_CONTEXT>);

impl Context {
    fn new() -> Result<Self, String> {
        // A folder that cannot exist: so PROJ finds its built-in database and nothing of the machine it runs on, and
        // the same file gives the same answer everywhere.
        let nowhere = c"/dev/null/proj";
        // SAFETY: a new context is ours alone until it is dropped; PROJ copies the path.
        unsafe {
            let context = NonNull::new(c::proj_context_create()).ok_or("PROJ: out of memory")?;
            c::proj_log_level(context.as_ptr(), c::PJ_LOG_LEVEL_PJ_LOG_NONE);
            c::proj_context_set_enable_network(context.as_ptr(), 0);
            c::proj_context_set_search_paths(context.as_ptr(), 1, &nowhere.as_ptr());
            Ok(Self(context))
        }
    }

    const fn ptr(&self) -> *mut c::PJ_CONTEXT {
        self.0.as_ptr()
    }

    /// What PROJ last complained of.
    fn complaint(&self) -> String {
        // SAFETY: the context is alive; the text belongs to it and is copied before the next call.
        unsafe {
            let code = c::proj_context_errno(self.ptr());
            copy(c::proj_context_errno_string(self.ptr(), code)).unwrap_or_else(|| "not a known CRS".into())
        }
    }

    fn create(&self, definition: &str) -> Result<Object, String> {
        let text = CString::new(definition).map_err(|e| e.to_string())?;
        // SAFETY: the text ends with NUL and outlives the call.
        Object::take(unsafe { c::proj_create(self.ptr(), text.as_ptr()) }).ok_or_else(|| self.complaint())
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made by proj_context_create, dropped once, after every object made from it (see `Operations`).
        unsafe {
            c::proj_context_destroy(self.ptr());
        }
    }
}

/// Anything PROJ makes: a CRS or an operation. Never outlives its context: it does not leave this file except within
/// [`Operations`], whose context is dropped last.
struct Object(NonNull<c::PJ>);

impl Object {
    fn take(object: *mut c::PJ) -> Option<Self> {
        NonNull::new(object).map(Self)
    }

    const fn ptr(&self) -> *mut c::PJ {
        self.0.as_ptr()
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: owned, dropped once, its context still alive.
        unsafe {
            c::proj_destroy(self.ptr());
        }
    }
}

/// SAFETY: `text` is null or a NUL-terminated string that lives through the call.
unsafe fn copy(text: *const c_char) -> Option<String> {
    // SAFETY: as above.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// The CRS that `definition` means, as PROJJSON.
pub(crate) fn describe(definition: &str) -> Result<String, String> {
    let context = Context::new()?;
    let object = context.create(definition)?;
    // SAFETY: object and context are alive; the text belongs to the object and is copied at once; null options are
    // allowed.
    unsafe {
        if c::proj_is_crs(object.ptr()) == 0 {
            return Err("not a CRS but another thing (an operation, a datum …)".into());
        }
        copy(c::proj_as_projjson(context.ptr(), object.ptr(), ptr::null())).ok_or_else(|| context.complaint())
    }
}

/// Where an operation ends: at the longitude and latitude of the CRS' own datum, or at WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    OwnDegrees,
    Wgs84,
}

/// Towards degrees, or from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    ToDegrees,
    FromDegrees,
}

/// One way from a CRS to degrees.
pub(crate) struct Operation {
    object: Object,
    /// Metres; none where PROJ does not know.
    pub(crate) accuracy_m: Option<f64>,
    /// The datums are merely equated.
    pub(crate) ballpark: bool,
    /// West, south, east, north in degrees; none is everywhere.
    pub(crate) area: Option<[f64; 4]>,
}

/// The ways from a CRS to degrees, the best first.
pub(crate) struct Operations {
    // Declared before the context, so dropped before it.
    list: Vec<Operation>,
    _context: Context,
}

// SAFETY: a PROJ context and its objects are bound to no thread; they only must not be used by two at once, and `run`
// takes `&mut self`.
unsafe impl Send for Operations {}

impl Operations {
    /// Asks PROJ for every way from the horizontal part of `definition` to `end` that needs no grid file.
    pub(crate) fn new(definition: &str, end: End) -> Result<Self, String> {
        let context = Context::new()?;
        let whole = context.create(definition)?;
        // SAFETY: all objects belong to this context and live through each call.
        let list = unsafe {
            let flat = if c::proj_get_type(whole.ptr()) == c::PJ_TYPE_PJ_TYPE_COMPOUND_CRS {
                Object::take(c::proj_crs_get_sub_crs(context.ptr(), whole.ptr(), 0))
                    .ok_or_else(|| context.complaint())?
            } else {
                whole
            };
            let target = match end {
                End::Wgs84 => context.create("EPSG:4326")?,
                End::OwnDegrees => {
                    let own = Object::take(c::proj_crs_get_geodetic_crs(context.ptr(), flat.ptr()))
                        .ok_or_else(|| context.complaint())?;
                    Object::take(c::proj_crs_demote_to_2D(context.ptr(), ptr::null(), own.ptr()))
                        .ok_or_else(|| context.complaint())?
                }
            };
            operations(&context, &flat, &target)?
        };
        if list.is_empty() {
            return Err("no operation leads to WGS 84".into());
        }
        Ok(Self { list, _context: context })
    }

    pub(crate) fn list(&self) -> &[Operation] {
        &self.list
    }

    /// Converts in place; what cannot be converted becomes infinite. False when there is no operation `i`.
    pub(crate) fn run(&mut self, i: usize, direction: Direction, coords: &mut [Coord<f64>]) -> bool {
        let Some(operation) = self.list.get(i) else { return false };
        let direction = match direction {
            Direction::ToDegrees => c::PJ_DIRECTION_PJ_FWD,
            Direction::FromDegrees => c::PJ_DIRECTION_PJ_INV,
        };
        let (n, stride) = (coords.len(), size_of::<Coord<f64>>());
        let base = coords.as_mut_ptr();
        // SAFETY: x and y of the i-th coordinate lie `i * stride` bytes after those of the first, whatever the order
        // of the two fields; `&raw mut` keeps the right to the whole slice. No z, no time: null with count 0.
        unsafe {
            if n > 0 {
                let (x, y) = (&raw mut (*base).x, &raw mut (*base).y);
                let none = ptr::null_mut();
                c::proj_errno_reset(operation.object.ptr());
                c::proj_trans_generic(
                    operation.object.ptr(),
                    direction,
                    x,
                    stride,
                    n,
                    y,
                    stride,
                    n,
                    none,
                    0,
                    0,
                    none,
                    0,
                    0,
                );
            }
        }
        true
    }
}

/// SAFETY: `from` and `to` belong to `context`.
unsafe fn operations(context: &Context, from: &Object, to: &Object) -> Result<Vec<Operation>, String> {
    // SAFETY: the factory and the list are destroyed on the one way out of the block; objects taken from the list are
    // copies of their own.
    unsafe {
        let factory = c::proj_create_operation_factory_context(context.ptr(), ptr::null());
        if factory.is_null() {
            return Err(context.complaint());
        }
        c::proj_operation_factory_context_set_grid_availability_use(
            context.ptr(),
            factory,
            c::PROJ_GRID_AVAILABILITY_USE_PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID,
        );
        c::proj_operation_factory_context_set_spatial_criterion(
            context.ptr(),
            factory,
            c::PROJ_SPATIAL_CRITERION_PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION,
        );
        let found = c::proj_create_operations(context.ptr(), from.ptr(), to.ptr(), factory);
        let mut list = Vec::new();
        for i in 0..(if found.is_null() { 0 } else { c::proj_list_get_count(found) }) {
            let Some(plain) = Object::take(c::proj_list_get(context.ptr(), found, i)) else { continue };
            let accuracy = c::proj_coordoperation_get_accuracy(context.ptr(), plain.ptr());
            let ballpark = c::proj_coordoperation_has_ballpark_transformation(context.ptr(), plain.ptr()) != 0;
            let area = area(context, &plain);
            // Files give the east coordinate first, whatever the CRS itself says.
            if let Some(object) = Object::take(c::proj_normalize_for_visualization(context.ptr(), plain.ptr())) {
                let accuracy_m = (accuracy >= 0.0).then_some(accuracy);
                list.push(Operation { object, accuracy_m, ballpark, area });
            }
        }
        if !found.is_null() {
            c::proj_list_destroy(found);
        }
        c::proj_operation_factory_context_destroy(factory);
        Ok(list)
    }
}

/// SAFETY: `object` belongs to `context`.
unsafe fn area(context: &Context, object: &Object) -> Option<[f64; 4]> {
    let mut area = [0.0f64; 4];
    let [west, south, east, north] = &mut area;
    // SAFETY: four places to write to; the name is not asked for.
    let known =
        unsafe { c::proj_get_area_of_use(context.ptr(), object.ptr(), west, south, east, north, ptr::null_mut()) };
    // PROJ writes -1000 where it does not know.
    (known != 0 && area.iter().all(|v| *v >= -360.0)).then_some(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_built_in() {
        // The search path names a folder that cannot exist, so this answer comes from inside the program.
        assert!(describe("EPSG:4549").unwrap().contains("CGCS2000 / 3-degree Gauss-Kruger CM 120E"));
    }

    #[test]
    fn what_is_no_crs_is_told() {
        for text in ["", "EPSG:", "EPSG:999999", "+proj=nonsense", "EPSG:8047", "+proj=pipeline +step +proj=merc"] {
            assert!(describe(text).is_err(), "{text}");
        }
    }

    #[test]
    fn operations_move_to_other_threads() {
        let mut way = Operations::new("EPSG:3857", End::OwnDegrees).unwrap();
        let lon = std::thread::spawn(move || {
            let mut at = [Coord { x: 13_358_338.895_192_828, y: 0.0 }];
            assert!(way.run(0, Direction::ToDegrees, &mut at));
            assert!(!way.run(99, Direction::ToDegrees, &mut at));
            at[0].x
        });
        assert!((lon.join().unwrap() - 120.0).abs() < 1e-9);
    }
}
