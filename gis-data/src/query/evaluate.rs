//! Answers a question from candidates. Stores and the index differ only in how they find candidates; what counts is said here once.

use std::collections::HashMap;
use std::sync::Arc;

use super::filter::{check_field, sort_order};
use super::{Area, Body, Query, Time, Want};
use crate::{Error, Feature, Instant, LayerId, Result, Scope, Shown, Value, When};

/// The most rows of one page.
pub const MAX_PAGE: usize = 100_000;

/// Answers `query` from `candidates`: all versions that were believed at the recorded time asked for and may match.
/// Where the area is a place, the candidates must be those of the place already. `now` is the log's clock.
pub fn evaluate(
    query: &Query,
    scope: &Scope,
    now: Instant,
    candidates: impl Iterator<Item = Arc<Feature>>,
) -> Result<Body> {
    check(query, scope)?;
    let rows = admitted(query, scope, now, candidates);
    Ok(match &query.want {
        Want::Rows => page(query, rows),
        Want::Count => Body::Count(rows.len() as u64),
        Want::Groups(field) => Body::Groups(groups(field, &rows)),
        Want::Nearest { k, lon, lat } => {
            let mut near: Vec<_> = rows
                .into_iter()
                .filter_map(|s| {
                    let d = s.geometry()?.distance_m(*lon, *lat);
                    Some((s, d))
                })
                .collect();
            near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.id().cmp(&b.0.id())));
            near.truncate(*k);
            Body::Nearest(near)
        }
    })
}

/// Refuses what may not be asked: layers that may not be seen, fields that are not shown, pages without end.
fn check(query: &Query, scope: &Scope) -> Result<()> {
    if let Some(hidden) = query.from.iter().find(|l| !scope.sees(l.as_str())) {
        return Err(crate::layer::unknown_layer(hidden.as_str()));
    }
    if query.page.limit > MAX_PAGE {
        return Err(Error::invalid(
            format!("一页最多 {MAX_PAGE} 行，请求了 {} 行；请分页", query.page.limit),
            format!("a page has at most {MAX_PAGE} rows and {} were asked for; ask page by page", query.page.limit),
        ));
    }
    let named: &[LayerId] = &query.from;
    if let Some(filter) = &query.filter {
        filter.check(scope, named).map_err(|e| e.on("filter"))?;
    }
    query.order.iter().try_for_each(|o| check_field(&o.field, scope, named))?;
    match &query.want {
        Want::Groups(field) => check_field(field, scope, named),
        _ => Ok(()),
    }
}

fn admitted(query: &Query, scope: &Scope, now: Instant, candidates: impl Iterator<Item = Arc<Feature>>) -> Vec<Shown> {
    let ids = query.ids.as_ref().map(|ids| ids.iter().copied().collect::<std::collections::HashSet<_>>());
    let good = candidates.filter(|f| {
        (query.from.is_empty() || query.from.contains(&f.layer))
            && ids.as_ref().is_none_or(|ids| ids.contains(&f.id))
            && query.zoom.is_none_or(|z| f.min_zoom <= z)
            && time_matches(&query.time, now, f)
            && area_matches(query.area.as_ref(), f)
    });
    let shown = good.filter_map(|f| scope.admit(f)).filter(|s| query.filter.as_ref().is_none_or(|f| f.matches(s)));
    match query.time {
        Time::At(_) => shown.collect(),
        Time::During(..) => latest(shown),
    }
}

fn time_matches(time: &Time, now: Instant, f: &Feature) -> bool {
    match time {
        Time::At(as_of) => f.valid.contains(as_of.valid.or(now_as_known(as_of.recorded, now))),
        Time::During(stretch, _) => f.valid.overlaps(stretch),
    }
}

/// "Now" of a question about what was known then, is then.
fn now_as_known(recorded: When, now: Instant) -> Instant {
    match recorded {
        When::Now => now,
        When::At(at) => at.min(now),
    }
}

fn area_matches(area: Option<&Area>, f: &Feature) -> bool {
    match area {
        None | Some(Area::Place(_)) => true,
        Some(Area::Box(bbox)) => f.geometry.as_ref().is_some_and(|g| g.meets(bbox)),
        Some(Area::Region(region)) => f.geometry.as_ref().is_some_and(|g| region.holds(g)),
        Some(Area::Shape(shape)) => f.geometry.as_ref().is_some_and(|g| {
            use geo::Intersects;
            shape.bbox().meets(&g.bbox()) && shape.shape().intersects(g.shape())
        }),
    }
}

/// Of several versions of a thing the latest.
fn latest(rows: impl Iterator<Item = Shown>) -> Vec<Shown> {
    let mut last: HashMap<_, Shown> = HashMap::new();
    for row in rows {
        match last.entry(row.id()) {
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(row);
            }
            std::collections::hash_map::Entry::Occupied(mut slot) if slot.get().valid().from < row.valid().from => {
                slot.insert(row);
            }
            std::collections::hash_map::Entry::Occupied(_) => {}
        }
    }
    last.into_values().collect()
}

fn page(query: &Query, mut rows: Vec<Shown>) -> Body {
    rows.sort_by(|a, b| {
        let by_fields = query.order.iter().map(|key| {
            let o = sort_order(a.get(&key.field), b.get(&key.field));
            if key.descending { o.reverse() } else { o }
        });
        by_fields.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.id().cmp(&b.id()))
    });
    if let Some(after) = query.page.after {
        let skip = if query.order.is_empty() {
            rows.partition_point(|r| r.id() <= after)
        } else {
            rows.iter().position(|r| r.id() == after).map_or(rows.len(), |i| i + 1)
        };
        rows.drain(..skip);
    }
    let more = rows.len() > query.page.limit;
    rows.truncate(query.page.limit);
    Body::Rows { rows, more }
}

fn groups(field: &str, rows: &[Shown]) -> Vec<(Value, u64)> {
    let mut by_text: HashMap<String, (Value, u64)> = HashMap::new();
    for row in rows {
        let value = row.get(field).cloned().unwrap_or_default();
        let key = serde_json::to_string(&value).unwrap_or_default();
        by_text.entry(key).or_insert((value, 0)).1 += 1;
    }
    let mut all: Vec<_> = by_text.into_iter().collect();
    // Values without an order of their own (lists, 1 and 1.0) go by their text, so that every store answers alike.
    all.sort_by(|(ta, a), (tb, b)| {
        b.1.cmp(&a.1).then_with(|| sort_order(Some(&a.0), Some(&b.0))).then_with(|| ta.cmp(tb))
    });
    all.into_iter().map(|(_, group)| group).collect()
}
