//! What SQL asks this program: a field of the properties, and what is done with texts and numbers.
//!
//! SQLite has functions of its own for most of this, but they mean other things: its JSON functions take a BLOB of JSON for its own
//! binary form when the lengths happen to fit, end a text at its first NUL, read numbers that differ in the last bit, and give the same 1
//! for `1` and `true`; its LIKE knows capital letters of ASCII only. These call what the in-memory store calls.

mod field;

use gis_data::query::filter::{Arithmetic, Function, apply_number, apply_text, calculate, instant, like};
use gis_data::{Instant, Value};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Error, Result};

use field::field;

/// The functions of a text that give a text, of a number, and of two numbers.
pub(crate) const TEXTS: [Function; 4] = [Function::Casei, Function::Accenti, Function::Lower, Function::Upper];
pub(crate) const NUMBERS: [Function; 4] = [Function::Abs, Function::Floor, Function::Ceil, Function::Round];

/// The name of the SQL function for arithmetic.
pub(crate) const fn arithmetic(how: Arithmetic) -> &'static str {
    match how {
        Arithmetic::Add => "number_add",
        Arithmetic::Sub => "number_sub",
        Arithmetic::Mul => "number_mul",
        Arithmetic::Div => "number_div",
        Arithmetic::Rem => "number_rem",
        Arithmetic::Whole => "number_whole",
        Arithmetic::Pow => "number_pow",
    }
}

/// Makes the functions known to a connection.
pub(crate) fn register(conn: &Connection) -> Result<()> {
    let add = |name: &str, takes: i32, f: fn(&Context<'_>) -> Result<Sql>| {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
        conn.create_scalar_function(name, takes, flags, f)
    };
    add("field_number", 2, |c| field(c).map(|value| sql(&value)))?;
    add("field_text", 2, |c| Ok(if let Value::Text(t) = field(c)? { Sql::Text(t.to_string()) } else { Sql::Null }))?;
    add("field_flag", 2, |c| Ok(if let Value::Bool(b) = field(c)? { b.into() } else { Sql::Null }))?;
    add("field_null", 2, |c| Ok((field(c)? == Value::Null).into()))?;
    add("field_moment", 2, |c| Ok(field(c)?.as_str().and_then(instant).map_or(Sql::Null, moment)))?;
    add("text_moment", 1, |c| Ok(text(c, 0)?.and_then(instant).map_or(Sql::Null, moment)))?;
    add("text_length", 1, |c| Ok(text(c, 0)?.map_or(Sql::Null, |t| Sql::Integer(t.chars().count() as i64))))?;
    add("text_like", 2, |c| {
        Ok(match (text(c, 0)?, text(c, 1)?) {
            (Some(text), Some(pattern)) => like(text, pattern).into(),
            _ => Sql::Null,
        })
    })?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    for function in TEXTS {
        conn.create_scalar_function(format!("text_{}", function.name()).as_str(), 1, flags, move |c| {
            Ok(text(c, 0)?.and_then(|t| apply_text(function, t)).map_or(Sql::Null, Sql::Text))
        })?;
    }
    for function in NUMBERS {
        conn.create_scalar_function(format!("number_{}", function.name()).as_str(), 1, flags, move |c| {
            Ok(sql(&apply_number(function, &number(c, 0))))
        })?;
    }
    Arithmetic::ALL.iter().try_for_each(|how| {
        conn.create_scalar_function(arithmetic(*how), 2, flags, move |c| {
            Ok(sql(&calculate(&number(c, 0), *how, &number(c, 1))))
        })
    })
}

fn moment(at: Instant) -> Sql {
    Sql::Integer(at.micros())
}

fn text<'c>(context: &'c Context<'_>, i: usize) -> Result<Option<&'c str>> {
    match context.get_raw(i) {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|e| Error::UserFunctionError(e.into())),
        _ => Ok(None),
    }
}

/// A number that is kept as it is; anything else is null.
fn number(context: &Context<'_>, i: usize) -> Value {
    match context.get_raw(i) {
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::from(x),
        _ => Value::Null,
    }
}

fn sql(number: &Value) -> Sql {
    match number {
        Value::Int(n) => Sql::Integer(*n),
        Value::Float(x) => Sql::Real(*x),
        _ => Sql::Null,
    }
}
