//! The two axes of time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset, macros::format_description};

use crate::{Error, Result};

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Bare dates are read as midnight in Beijing.
const BEIJING_HOURS: i8 = 8;

impl Instant {
    /// Before everything: an interval that begins here has no known beginning.
    pub const DAWN: Self = Self(i64::MIN);
    /// After everything: an interval that ends here has no known end.
    pub const FOREVER: Self = Self(i64::MAX);

    /// From microseconds since 1970 (UTC).
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970 (UTC).
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Later by `micros`; stays within the axis.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

impl FromStr for Instant {
    type Err = Error;

    /// An RFC 3339 moment with its offset, or a bare date (midnight in Beijing).
    fn from_str(text: &str) -> Result<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).or_else(|cause| {
            let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
            let beijing = UtcOffset::from_hms(BEIJING_HOURS, 0, 0);
            match (day, beijing) {
                (Ok(day), Ok(beijing)) => Ok(day.midnight().assume_offset(beijing)),
                _ => Err(Error::invalid(
                    format!("“{text}” 不是时间：请写成 2026-03-01 或 2026-03-01T08:00:00+08:00"),
                    format!("“{text}” is not a time: write 2026-03-01 or 2026-03-01T08:00:00+08:00"),
                )
                .because(cause)),
            }
        })?;
        Ok(Self((moment.unix_timestamp_nanos() / 1000) as i64))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC; the two open ends are `..`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000).ok();
        match moment.and_then(|m| m.format(&Rfc3339).ok()) {
            Some(text) if *self != Self::DAWN && *self != Self::FOREVER => f.write_str(&text),
            _ => f.write_str(".."),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }
}

/// A half-open stretch of time: `from` belongs to it, `until` does not. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// Its first moment.
    pub from: Instant,
    /// The first moment after it.
    pub until: Instant,
}

impl Interval {
    /// All of time.
    pub const ALWAYS: Self = Self { from: Instant::DAWN, until: Instant::FOREVER };

    /// Checks that it is not empty.
    pub fn new(from: Instant, until: Instant) -> Result<Self> {
        if from < until {
            return Ok(Self { from, until });
        }
        Err(Error::invalid(
            format!("时间区间为空：起 {from}，止 {until}；起点须早于终点"),
            format!("the interval from {from} until {until} is empty: it must begin before it ends"),
        ))
    }

    /// From `from` on, without a known end.
    pub const fn since(from: Instant) -> Self {
        Self { from, until: Instant::FOREVER }
    }

    /// Whether `at` lies in it.
    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether the two share a moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// Whether all of `other` lies in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }

    /// What is left of it before and after `cut`.
    pub fn without(&self, cut: &Self) -> impl Iterator<Item = Self> {
        let before = Self { from: self.from, until: self.until.min(cut.from) };
        let after = Self { from: self.from.max(cut.until), until: self.until };
        [before, after].into_iter().filter(|i| i.from < i.until)
    }
}

/// A place in the log: the recorded axis. Restoring or promoting a store begins a new epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Which life of the store.
    pub epoch: u32,
    /// The entry's number, in the order of commits; 0 is before the first.
    pub number: u64,
}

impl Position {
    /// Before the first entry of any log.
    pub const START: Self = Self { epoch: 0, number: 0 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.number)
    }
}

impl FromStr for Position {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        text.split_once('.')
            .and_then(|(e, n)| Some(Self { epoch: e.parse().ok()?, number: n.parse().ok()? }))
            .ok_or_else(|| {
                Error::invalid(
                    format!("“{text}” 不是日志位置：应为“纪元.序号”，例如 1.42"),
                    format!("“{text}” is not a position in the log: it is epoch.number, such as 1.42"),
                )
            })
    }
}

/// A moment asked for: now, or a given one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum When {
    /// The time of the last applied log entry. No reader looks at a wall clock.
    #[default]
    Now,
    /// This moment.
    At(Instant),
}

impl When {
    /// The moment, where now is `now`.
    pub fn or(self, now: Instant) -> Instant {
        match self {
            Self::Now => now,
            Self::At(at) => at,
        }
    }
}

/// Both clocks of every question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// When it was so in the city.
    pub valid: When,
    /// What the database knew by then.
    pub recorded: When,
}

impl AsOf {
    /// What is so now, as known now.
    pub const NOW: Self = Self { valid: When::Now, recorded: When::Now };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_date_is_midnight_in_beijing() {
        let day: Instant = "2026-01-01".parse().unwrap();
        assert_eq!(day, "2025-12-31T16:00:00Z".parse().unwrap());
        assert_eq!(day.to_string(), "2025-12-31T16:00:00Z");
        assert!("2026-13-01".parse::<Instant>().is_err());
        assert!("yesterday".parse::<Instant>().is_err());
    }

    #[test]
    fn cutting_an_interval_leaves_its_ends() {
        let i = |a, b| Interval { from: Instant::from_micros(a), until: Instant::from_micros(b) };
        let left = |a: Interval, b: Interval| a.without(&b).collect::<Vec<_>>();
        assert_eq!(left(i(0, 10), i(3, 5)), [i(0, 3), i(5, 10)]);
        assert_eq!(left(i(0, 10), i(-5, 5)), [i(5, 10)]);
        assert_eq!(left(i(0, 10), i(-5, 50)), []);
        assert!(Interval::new(Instant::from_micros(1), Instant::from_micros(1)).is_err());
    }
}
