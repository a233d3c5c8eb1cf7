//! The rules of the house as pure functions: what they find is a list of sentences, empty when all is well.

pub mod edges;
pub mod sources;
pub mod texts;
