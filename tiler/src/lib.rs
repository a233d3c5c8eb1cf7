//! Vector tiles out of features, and which tiles a change dirties.
