//! What a condition speaks of: fields, values, shapes, times, and what is computed from them.

use std::sync::Arc;

use crate::{Geometry, Instant, Name, Value};

/// The names that mean a part of the version itself, whatever fields its layer has.
pub const RESERVED: [&str; 3] = [ID, GEOMETRY, VALID];
/// The id of the thing: a whole number.
pub const ID: &str = "id";
/// The shape.
pub const GEOMETRY: &str = "geometry";
/// When it was so in the city: an interval.
pub const VALID: &str = "valid";

/// A value, or what one is computed from.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A field that may be seen, or one of [`RESERVED`].
    Field(Name),
    /// A value.
    Literal(Value),
    /// A shape in CGCS2000 degrees; heights are not looked at.
    Geometry(Arc<Geometry>),
    /// A moment.
    Instant(Instant),
    /// From a moment until another, half-open; `None` is an open end.
    Interval(Option<Box<Expr>>, Option<Box<Expr>>),
    /// A list.
    List(Vec<Expr>),
    /// Two numbers and what is done with them.
    Arithmetic(Box<Expr>, Arithmetic, Box<Expr>),
    /// A function of some values.
    Call(Function, Vec<Expr>),
}

impl Expr {
    /// A field.
    pub fn field(name: impl Into<Name>) -> Self {
        Self::Field(name.into())
    }
}

impl<V: Into<Value>> From<V> for Expr {
    fn from(value: V) -> Self {
        Self::Literal(value.into())
    }
}

/// Makes an enum of operations with the name that each has in CQL2 JSON; in text it is the same, capital or small.
macro_rules! operations {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in CQL2 JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one with this name, capital or small.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|o| o.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

operations! {
    /// How two values are compared.
    Compare {
        /// Equal.
        Eq = "=",
        /// Not equal.
        Ne = "<>",
        /// Less.
        Lt = "<",
        /// Less or equal.
        Le = "<=",
        /// Greater.
        Gt = ">",
        /// Greater or equal.
        Ge = ">=",
    }
}

operations! {
    /// What is done with two numbers. Whole numbers stay whole, and become doubles where they no longer fit; `/` always gives a
    /// double. What is no number (a division by zero, an overflow) is null.
    Arithmetic {
        /// The sum.
        Add = "+",
        /// The difference.
        Sub = "-",
        /// The product.
        Mul = "*",
        /// The quotient.
        Div = "/",
        /// What a whole division leaves, with the sign of the first.
        Rem = "%",
        /// The whole quotient, cut towards zero.
        Whole = "div",
        /// The power.
        Pow = "^",
    }
}

operations! {
    /// A function. Of a value of another kind than it takes, each gives null.
    Function {
        /// Text without the difference of capital and small letters.
        Casei = "casei",
        /// Text without accents.
        Accenti = "accenti",
        /// Text in small letters.
        Lower = "lower",
        /// Text in capital letters.
        Upper = "upper",
        /// How many characters a text has, or parts a list.
        Length = "length",
        /// A number without its sign.
        Abs = "abs",
        /// The greatest whole number that is not greater.
        Floor = "floor",
        /// The least whole number that is not less.
        Ceil = "ceil",
        /// The nearest whole number; halves away from zero.
        Round = "round",
        /// The first of several values that is not null.
        Coalesce = "coalesce",
    }
}

operations! {
    /// How two shapes lie to each other: DE-9IM, as OGC Simple Features names its patterns.
    Spatial {
        /// They share a point.
        Intersects = "s_intersects",
        /// They share none.
        Disjoint = "s_disjoint",
        /// They cover the same points.
        Equals = "s_equals",
        /// They share points of their borders only.
        Touches = "s_touches",
        /// The first lies in the second.
        Within = "s_within",
        /// The second lies in the first.
        Contains = "s_contains",
        /// Both have a part of their own and one of the same dimension in common.
        Overlaps = "s_overlaps",
        /// They share a part of a lesser dimension, inside.
        Crosses = "s_crosses",
    }
}

operations! {
    /// How two stretches of time lie to each other. Intervals are half-open, as everywhere in this crate, and a moment is the
    /// shortest of them (a microsecond). So what ends where another begins comes before it and shares no moment with it.
    ///
    /// An open end has no moment to share: nothing reaches it, so that “since 2024” lies during “since 2023”.
    Temporal {
        /// The first begins when the second is over.
        After = "t_after",
        /// The second begins when the first is over.
        Before = "t_before",
        /// The second lies in the first, away from both ends.
        Contains = "t_contains",
        /// They share no moment.
        Disjoint = "t_disjoint",
        /// The first lies in the second, away from both ends.
        During = "t_during",
        /// Both begin and end together.
        Equals = "t_equals",
        /// They end together and the first began earlier.
        FinishedBy = "t_finishedBy",
        /// They end together and the first began later.
        Finishes = "t_finishes",
        /// They share a moment.
        Intersects = "t_intersects",
        /// The second begins where the first ends.
        Meets = "t_meets",
        /// The first begins where the second ends.
        MetBy = "t_metBy",
        /// The second began earlier and ends during the first.
        OverlappedBy = "t_overlappedBy",
        /// The first began earlier and ends during the second.
        Overlaps = "t_overlaps",
        /// They begin together and the first ends later.
        StartedBy = "t_startedBy",
        /// They begin together and the first ends earlier.
        Starts = "t_starts",
    }
}

operations! {
    /// How two lists lie to each other, as sets: neither order nor number of equal parts counts.
    Array {
        /// The same parts.
        Equals = "a_equals",
        /// The first has every part of the second.
        Contains = "a_contains",
        /// The second has every part of the first.
        ContainedBy = "a_containedBy",
        /// They have a part in common.
        Overlaps = "a_overlaps",
    }
}
