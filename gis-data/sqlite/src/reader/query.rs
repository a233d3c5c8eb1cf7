//! One question, answered within one snapshot.

use std::collections::BTreeSet;

use gis_data::query::evaluate;
use gis_data::{Answer, Area, Body, Filter, Query, Result, Scope, Time, Want};
use rusqlite::Connection;

use super::facts::inside;
use super::gather::{Gather, by_id};
use super::log::clock;
use super::nearest::nearest;
use super::plan::{Moment, Plan, box_of, narrow, wanted_layers};
use crate::error::Doing;
use crate::row::Layers;

/// Answers `query` cut to `scope`.
pub(crate) fn answer(conn: &Connection, layers: &Layers, query: &Query, scope: &Scope) -> Result<Answer> {
    let (position, now) = clock(conn)?;
    // With no candidates at all it only judges whether this may be asked.
    evaluate(query, scope, now, std::iter::empty())?;
    let moment = Moment::of(conn, query.time)?;
    let wanted = wanted_layers(conn, layers, query, scope)?;
    if let Some(count) = plain_count(conn, query, &moment, &wanted)? {
        return Ok(Answer { position, now, body: Body::Count(count) });
    }
    let bbox = box_of(query);
    let with_shapes = bbox.is_some()
        || matches!(query.area, Some(Area::Region(_)))
        || query.filter.as_ref().is_some_and(Filter::wants_shape)
        || !matches!(query.want, Want::Count | Want::Groups(_));
    let narrow = narrow(conn, layers, query, scope, &wanted)?;
    let mut plan = Plan::new(conn, layers, query, &moment, narrow, with_shapes);
    let mut gather = Gather::new(query, scope, now);
    let after = query.page.after.filter(|_| by_id(query)).map_or(0, |id| id.get() as i64);
    if let Some(mut ids) = candidates(conn, query, &moment)? {
        ids.retain(|id| *id > after);
        plan.things(&ids, &mut gather)?;
    } else if let Some(bbox) = bbox {
        plan.area(&bbox, &wanted, by_id(query), &mut gather)?;
    } else {
        if let Some(body) = nearest(&mut plan, query, scope, now, &wanted)? {
            return Ok(Answer { position, now, body });
        }
        for nr in wanted {
            plan.layer(nr, after, &mut gather)?;
        }
    }
    Ok(Answer { position, now, body: gather.finish()? })
}

/// The things that a question names or that lie in its place, by id; `None` where it does neither.
fn candidates(conn: &Connection, query: &Query, moment: &Moment) -> Result<Option<Vec<i64>>> {
    let named = query.ids.as_ref().map(|ids| ids.iter().map(|id| id.get() as i64).collect::<BTreeSet<_>>());
    let place = match &query.area {
        Some(Area::Place(place)) => Some(inside(conn, *place, moment)?),
        _ => None,
    };
    Ok(match (named, place) {
        (Some(named), Some(place)) => Some(place.into_iter().filter(|id| named.contains(id)).collect()),
        (Some(named), None) => Some(named.into_iter().collect()),
        (None, place) => place,
    })
}

/// How many things whole layers hold, without looking at any: a version that may be seen and meets both clocks counts.
fn plain_count(conn: &Connection, query: &Query, moment: &Moment, wanted: &[i64]) -> Result<Option<u64>> {
    let plain = matches!((&query.want, &query.time), (Want::Count, Time::At(_)))
        && query.ids.is_none()
        && query.area.is_none()
        && query.filter.is_none();
    if !plain || !moment.current {
        return Ok(None);
    }
    let count = |nr: i64| -> rusqlite::Result<i64> {
        conn.prepare_cached(
            "SELECT count(*) FROM version INDEXED BY version_current WHERE layer = ?1 AND rec_until IS NULL
             AND valid_from <= ?2 AND valid_until > ?3 AND min_zoom <= ?4",
        )?
        .query_row((nr, moment.begun_by, moment.lasts_beyond, query.zoom.unwrap_or(u8::MAX)), |row| row.get(0))
    };
    let mut sum = 0;
    for nr in wanted {
        sum += count(*nr).doing("统计图层", "counting a layer")? as u64;
    }
    Ok(Some(sum))
}
