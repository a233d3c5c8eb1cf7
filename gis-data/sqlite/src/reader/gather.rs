//! Answers in parts, so that neither a count nor a first page holds a whole layer in memory.
//!
//! What counts is decided by [`evaluate`] alone; this only feeds it piece by piece where the pieces' answers make the whole one.

use std::sync::Arc;

use gis_data::query::evaluate;
use gis_data::{Body, Feature, Instant, Query, Result, Scope, Shown, Time, Want};

/// How many candidates are evaluated at once.
const PIECE: usize = 4096;

/// Candidates in, the answer out.
pub(crate) struct Gather<'a> {
    query: Query,
    scope: &'a Scope,
    now: Instant,
    piece: Vec<Arc<Feature>>,
    size: usize,
    so_far: SoFar,
}

enum SoFar {
    /// Everything must be known before anything can be said.
    Whole,
    Count(u64),
    Nearest(Vec<(Shown, f64)>),
    /// Rows by id. Candidates come in runs that are each in the order of ids.
    Rows {
        done: Vec<Shown>,
        run: Vec<Shown>,
        run_over: bool,
        more: bool,
    },
}

impl<'a> Gather<'a> {
    pub(crate) fn new(query: &Query, scope: &'a Scope, now: Instant) -> Self {
        let (so_far, size) = match (&query.time, &query.want) {
            (Time::At(_), Want::Count) => (SoFar::Count(0), PIECE),
            (Time::At(_), Want::Nearest { .. }) => (SoFar::Nearest(Vec::new()), PIECE),
            (Time::At(_), Want::Rows) if by_id(query) => (
                SoFar::Rows { done: Vec::new(), run: Vec::new(), run_over: false, more: false },
                query.page.limit.saturating_add(1).clamp(16, PIECE),
            ),
            _ => (SoFar::Whole, usize::MAX),
        };
        Self { query: query.clone(), scope, now, piece: Vec::new(), size, so_far }
    }

    /// Takes a candidate; tells whether more of this run are wanted.
    pub(crate) fn push(&mut self, candidate: Feature) -> Result<bool> {
        self.piece.push(Arc::new(candidate));
        if self.piece.len() < self.size {
            return Ok(true);
        }
        self.flush()?;
        Ok(!matches!(self.so_far, SoFar::Rows { run_over: true, .. }))
    }

    /// No more candidates come that follow the last one by id.
    pub(crate) fn end_of_run(&mut self) -> Result<()> {
        if matches!(self.so_far, SoFar::Whole) {
            return Ok(());
        }
        self.flush()?;
        let limit = self.query.page.limit;
        if let SoFar::Rows { done, run, run_over, more } = &mut self.so_far {
            done.append(run);
            done.sort_by_key(Shown::id);
            *more |= *run_over || done.len() > limit;
            done.truncate(limit);
            *run_over = false;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let piece = std::mem::take(&mut self.piece).into_iter();
        let limit = self.query.page.limit;
        match &mut self.so_far {
            SoFar::Whole => self.piece = piece.collect(),
            SoFar::Count(sum) => {
                if let Body::Count(n) = evaluate(&self.query, self.scope, self.now, piece)? {
                    *sum += n;
                }
            }
            SoFar::Nearest(best) => {
                if let Body::Nearest(mut near) = evaluate(&self.query, self.scope, self.now, piece)? {
                    best.append(&mut near);
                    best.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.id().cmp(&b.0.id())));
                    if let Want::Nearest { k, .. } = self.query.want {
                        best.truncate(k);
                    }
                }
            }
            SoFar::Rows { run, run_over, .. } => {
                self.query.page.limit = limit.saturating_sub(run.len());
                let body = evaluate(&self.query, self.scope, self.now, piece);
                self.query.page.limit = limit;
                if let Body::Rows { mut rows, more } = body? {
                    run.append(&mut rows);
                    *run_over |= more;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Body> {
        self.end_of_run()?;
        match self.so_far {
            SoFar::Whole => evaluate(&self.query, self.scope, self.now, self.piece.into_iter()),
            SoFar::Count(n) => Ok(Body::Count(n)),
            SoFar::Nearest(best) => Ok(Body::Nearest(best)),
            SoFar::Rows { done, more, .. } => Ok(Body::Rows { rows: done, more }),
        }
    }
}

/// Whether the rows are wanted in the order of ids, so that a first page needs only the first candidates.
pub(crate) fn by_id(query: &Query) -> bool {
    matches!((&query.want, &query.time), (Want::Rows, Time::At(_))) && query.order.is_empty()
}
