//! Errors that say what was being done to what, and what to do next, in Chinese and English.

use std::fmt;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it was. One file of the server maps kinds to HTTP and OGC codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The caller sent something that can never work.
    Invalid,
    /// The thing asked for is not there (or may not be seen).
    NotFound,
    /// The caller did not show who he is.
    Unauthorized,
    /// The caller may not do this.
    Forbidden,
    /// Another commit came first, or a key was used for something else.
    Conflict,
    /// The input is larger, deeper or longer than the guard allows.
    TooLarge,
    /// The store's medium failed: disk full, file damaged, connection lost.
    Storage,
    /// Right in itself, but not possible at the moment.
    Unavailable,
}

/// An error in two languages. `detail` says what was being done to what; `remedy` what to do next.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    zh: String,
    en: String,
    field: Option<String>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind`, told in Chinese and English.
    pub fn new(kind: Kind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, zh: zh.into(), en: en.into(), field: None, cause: None }))
    }

    /// A caller's mistake.
    pub fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, zh, en)
    }

    /// Something that is not there.
    pub fn not_found(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, zh, en)
    }

    /// A failure of the medium, with its cause.
    pub fn storage(
        zh: impl Into<String>,
        en: impl Into<String>,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::new(Kind::Storage, zh, en).because(cause)
    }

    /// The same error, keeping what caused it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The same error, told where it happened (`file, row 12`).
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.0.zh = format!("{place}：{}", self.0.zh);
        self.0.en = format!("{place}: {}", self.0.en);
        self
    }

    /// The same error, naming the field or parameter that is wrong.
    #[must_use]
    pub fn on(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// The field or parameter that is wrong, if it is one.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// What sort of failure it was.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// In Chinese.
    pub fn zh(&self) -> &str {
        &self.0.zh
    }

    /// In English.
    pub fn en(&self) -> &str {
        &self.0.en
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.0.zh, self.0.en)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|c| c as _)
    }
}
