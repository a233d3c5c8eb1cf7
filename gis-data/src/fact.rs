//! Dated facts between a thing and a place. Region questions, scopes and door cards come from them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, FeatureId, Interval, PlaceId, Recorded, Result};

/// How a thing and a place belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// A record hangs on a doorplate (or on a building, stairwell, floor or room of it).
    HangsOn,
    /// A place lies in a wider place: room in floor in stairwell in building in doorplate in grid in community …
    LiesIn,
    /// A place came in the place of another that was retired: after a split or a merge, or under a new code. It outlives the
    /// retirement of the elder one, and says nothing about where things are.
    Succeeds,
}

/// How the fact was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The source says so.
    Stated,
    /// The point lies within the place's outline.
    Contained,
    /// The place is the nearest one within a limit.
    Nearest,
    /// Matched by the words of the address.
    Address,
}

impl Relation {
    /// Whether it says where things are: regions, cards and scopes follow only such facts.
    pub const fn places(self) -> bool {
        matches!(self, Self::HangsOn | Self::LiesIn)
    }

    /// The word in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HangsOn => "hangs_on",
            Self::LiesIn => "lies_in",
            Self::Succeeds => "succeeds",
        }
    }
}

impl FromStr for Relation {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        match word {
            "hangs_on" => Ok(Self::HangsOn),
            "lies_in" => Ok(Self::LiesIn),
            "succeeds" => Ok(Self::Succeeds),
            _ => Err(unknown("关系", "relation", word)),
        }
    }
}

impl Method {
    /// The word in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Contained => "contained",
            Self::Nearest => "nearest",
            Self::Address => "address",
        }
    }
}

impl FromStr for Method {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        match word {
            "stated" => Ok(Self::Stated),
            "contained" => Ok(Self::Contained),
            "nearest" => Ok(Self::Nearest),
            "address" => Ok(Self::Address),
            _ => Err(unknown("方法", "method", word)),
        }
    }
}

fn unknown(zh: &str, en: &str, word: &str) -> Error {
    Error::invalid(format!("没有名为 “{word}” 的{zh}"), format!("there is no {en} called “{word}”"))
}

/// One version of one fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What hangs or lies.
    pub thing: FeatureId,
    /// How they belong together.
    pub relation: Relation,
    /// On or in which place.
    pub place: PlaceId,
    /// How it was found.
    pub method: Method,
    /// Metres between the two, where that says something.
    pub distance_m: Option<f64>,
    /// When it was so.
    pub valid: Interval,
    /// When it was known.
    pub recorded: Recorded,
}
