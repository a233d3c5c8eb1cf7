//! What the data mean in a city: pure rules.
