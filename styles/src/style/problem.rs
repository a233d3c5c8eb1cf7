//! What is wrong with a sheet, and where.

use crate::text::Text;
use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The sheet is refused.
    Error,
    /// The sheet is taken; it should be mended.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The way into the sheet, e.g. `layers[3].paint.fill-color[2]`; empty for the sheet as a whole.
    pub path: String,
    /// What is wrong.
    pub text: Text,
    /// How bad it is.
    pub severity: Severity,
}

impl Problem {
    pub(super) fn error(path: impl Into<String>, text: Text) -> Self {
        Self { path: path.into(), text, severity: Severity::Error }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn error(&mut self, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(Problem::error(path, Text::new(zh, en)));
    }

    pub(super) fn push(&mut self, path: impl Into<String>, text: Text) {
        self.0.push(Problem::error(path, text));
    }

    pub(super) fn warn(&mut self, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        let text = Text::new(zh, en);
        self.0.push(Problem { path: path.into(), text, severity: Severity::Warning });
    }

    pub(super) fn unknown(&mut self, path: impl Into<String>, name: &str) {
        let name: String = name.chars().take(60).collect();
        self.error(path, format!("没有属性“{name}”"), format!("There is no property \"{name}\"."));
    }

    pub(super) fn missing(&mut self, path: impl Into<String>, name: &str) {
        self.error(path, format!("缺少必需的属性“{name}”"), format!("The required property \"{name}\" is missing."));
    }

    pub(super) fn expected(&mut self, path: impl Into<String>, wanted: &str, found: &serde_json::Value) {
        let found: String = found.to_string().chars().take(60).collect();
        self.error(path, format!("此处应为 {wanted}，却是 {found}"), format!("Expected {wanted}, found {found}."));
    }

    /// The warnings, or everything when there is an error.
    pub(super) fn done(self) -> Result<Vec<Problem>, Vec<Problem>> {
        if self.0.iter().any(|p| p.severity == Severity::Error) { Err(self.0) } else { Ok(self.0) }
    }
}
