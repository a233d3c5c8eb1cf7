//! The nearest, by boxes that grow around the point until what lies outside cannot be nearer.

use gis_data::{BBox, Body, Instant, Query, Result, Scope, Want};

use super::gather::Gather;
use super::plan::Plan;

/// The first box reaches so far north and south: about a hundred metres.
const FIRST_DEGREES: f64 = 0.001;
/// Each next box reaches so many times further.
const GROWTH: f64 = 4.0;
/// Beyond, everything is looked at.
const LAST_DEGREES: f64 = 5.0;
/// Nearer to a pole than this no box is drawn.
const MAX_LAT: f64 = 80.0;
/// Metres a degree of latitude, a little less than the distances are computed with.
const METRES_A_DEGREE: f64 = 111_000.0;

/// The nearest, if boxes find enough of them; `None` where everything must be looked at.
pub(crate) fn nearest(
    plan: &mut Plan<'_>,
    query: &Query,
    scope: &Scope,
    now: Instant,
    layers: &[i64],
) -> Result<Option<Body>> {
    let Want::Nearest { k, lon, lat } = query.want else {
        return Ok(None);
    };
    let mut reach = FIRST_DEGREES;
    while reach <= LAST_DEGREES && lat.abs() + reach < MAX_LAT {
        // A degree east is shortest at the edge of the box that is nearest to the pole.
        let aside = reach / (lat.abs() + reach).to_radians().cos();
        let bbox = BBox { west: lon - aside, south: lat - reach, east: lon + aside, north: lat + reach };
        let mut gather = Gather::new(query, scope, now);
        plan.area(&bbox, layers, false, &mut gather)?;
        if let Body::Nearest(found) = gather.finish()? {
            let within = found.iter().filter(|(_, metres)| *metres < reach * METRES_A_DEGREE).count();
            if within >= k {
                return Ok(Some(Body::Nearest(found)));
            }
        }
        reach *= GROWTH;
    }
    Ok(None)
}
