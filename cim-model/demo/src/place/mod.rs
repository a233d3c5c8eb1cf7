//! Where things are: the bent lattice, what its cells are used for, outlines and plane geometry.

pub(crate) mod frame;
pub(crate) mod land;
pub(crate) mod outline;
pub(crate) mod shape;
