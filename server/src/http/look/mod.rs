//! How the city looks: style sheets, sprites, glyphs.

pub(crate) mod fonts;
pub(crate) mod styles;
