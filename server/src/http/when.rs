//! The two times of a request, in every protocol alike.

use gis_data::{AsOf, Instant, Result, When};
use serde::Deserialize;

/// `datetime` (or `valid_at`) and `recorded_at`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Times {
    datetime: Option<String>,
    valid_at: Option<String>,
    recorded_at: Option<String>,
}

impl Times {
    /// The times that a request's body gives.
    pub(crate) fn of(datetime: Option<String>, recorded_at: Option<String>) -> Self {
        Self { datetime, valid_at: None, recorded_at }
    }

    /// Both clocks; now where nothing is said.
    pub(crate) fn as_of(&self) -> Result<AsOf> {
        let valid = self.datetime.as_deref().or(self.valid_at.as_deref());
        Ok(AsOf { valid: when(valid, "datetime")?, recorded: when(self.recorded_at.as_deref(), "recorded_at")? })
    }
}

fn when(text: Option<&str>, name: &str) -> Result<When> {
    match text {
        None | Some("" | "now") => Ok(When::Now),
        // A plus sign in a query string means a space: an offset that was not escaped comes as one.
        Some(text) => text.replace(' ', "+").parse::<Instant>().map(When::At).map_err(|e| e.on(name)),
    }
}
