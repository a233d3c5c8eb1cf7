//! Coordinate reference systems: PROJ, Gauss-Krueger zones, GCJ-02 and BD-09.
