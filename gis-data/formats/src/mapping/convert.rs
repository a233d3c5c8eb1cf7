//! Conversions of single values.

use gis_data::Value;

use super::sheet::To;

/// Metres in a foot.
const FOOT_M: f64 = 0.3048;

/// Converts a value; nothing comes out of what cannot be read.
pub(super) fn convert(value: &Value, to: To, times: Option<f64>) -> Option<Value> {
    let value = match to {
        To::Same => value.clone(),
        To::Text => Value::from(value.to_text().trim()),
        To::Int => whole(value)?,
        To::Float => Value::from(number(value)?),
        To::Bool => Value::from(yes(value)),
        To::Metres => Value::from(metres(value)?),
        To::Year => Value::from(year(&value.to_text())?),
        To::Color => Value::from(color(value.as_str()?)?),
        To::Date => Value::from(date(&value.to_text())?),
    };
    let value = match times {
        Some(times) => Value::from(value.as_f64()? * times),
        None => value,
    };
    let blank = value == Value::Null || value.as_str().is_some_and(|t| t.trim().is_empty());
    (!blank).then_some(value)
}

/// The greatest number of `3;4`.
fn number(value: &Value) -> Option<f64> {
    if let Some(x) = value.as_f64() {
        return Some(x);
    }
    let numbers = value.as_str()?.split(';').filter_map(|part| part.trim().replace(',', ".").parse::<f64>().ok());
    numbers.filter(|x| x.is_finite()).max_by(f64::total_cmp)
}

fn whole(value: &Value) -> Option<Value> {
    if let Value::Int(n) = value {
        return Some(Value::Int(*n));
    }
    let x = number(value)?;
    // Beyond 2^53 a double is no longer the number that was written.
    (x.abs() < 9e15).then(|| Value::Int(x.floor() as i64))
}

fn yes(value: &Value) -> bool {
    match value {
        Value::Bool(b) => *b,
        Value::Int(n) => *n != 0,
        Value::Float(x) => *x != 0.0,
        other => {
            let text = other.to_text().trim().to_lowercase();
            !matches!(text.as_str(), "" | "no" | "n" | "false" | "0" | "否" | "无" | "不" | "none" | "null")
        }
    }
}

/// `12`, `12.5 m`, `12,5m`, `40 ft`, `40'`, `40'6"`, of `3;4` the greatest.
fn metres(value: &Value) -> Option<f64> {
    if let Some(x) = value.as_f64() {
        return Some(x);
    }
    let one = |text: &str| {
        let text = text.trim().to_lowercase();
        if let Some((feet, inches)) = text.split_once('\'') {
            let inches = inches.trim().trim_end_matches(['"', '”', '\'']).trim();
            let inches = if inches.is_empty() { 0.0 } else { inches.parse::<f64>().ok()? };
            return Some((feet.trim().parse::<f64>().ok()? + inches / 12.0) * FOOT_M);
        }
        let (digits, unit) = match text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+'))) {
            Some(i) => text.split_at_checked(i)?,
            None => (text.as_str(), ""),
        };
        let number = digits.replace(',', ".").parse::<f64>().ok()?;
        let factor = match unit.trim().trim_end_matches('.') {
            "" | "m" | "meter" | "meters" | "metre" | "metres" | "米" | "公尺" => 1.0,
            "cm" | "厘米" => 0.01,
            "km" | "公里" | "千米" => 1000.0,
            "ft" | "feet" | "foot" | "英尺" => FOOT_M,
            _ => return None,
        };
        Some(number * factor)
    };
    value.as_str()?.split(';').filter_map(one).filter(|x| x.is_finite()).max_by(f64::total_cmp)
}

/// The first run of exactly four digits (`1898`, `2015-07`, `~1900`, `建于1990年`).
fn year(text: &str) -> Option<i64> {
    let run = text.split(|c: char| !c.is_ascii_digit()).find(|r| r.len() == 4)?;
    run.parse().ok()
}

fn color(text: &str) -> Option<&str> {
    let text = text.trim();
    let hex = text
        .strip_prefix('#')
        .is_some_and(|h| matches!(h.len(), 3 | 4 | 6 | 8) && h.chars().all(|c| c.is_ascii_hexdigit()));
    let call = ["rgb(", "rgba(", "hsl(", "hsla("].iter().any(|f| text.starts_with(f)) && text.ends_with(')');
    let name = !text.is_empty() && text.len() <= 24 && text.chars().all(|c| c.is_ascii_alphabetic());
    (hex || call || name).then_some(text)
}

fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts: Vec<u32> = Vec::new();
    for run in day.split(|c: char| !c.is_ascii_digit()).filter(|r| !r.is_empty()) {
        parts.push(run.parse().ok()?);
    }
    if let [whole] = parts.as_slice()
        && day.len() == 8
    {
        parts = vec![whole / 10_000, whole / 100 % 100, whole % 100];
    }
    let [y, m, d] = *parts.as_slice() else { return None };
    let good = (1000..=9999).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d);
    good.then(|| format!("{y:04}-{m:02}-{d:02}"))
}

/// Joins the parts of an address: Chinese ones without a space, others with one.
pub(super) fn join<'a>(parts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut all = String::new();
    for part in parts.map(str::trim).filter(|p| !p.is_empty()) {
        let wide = |c: Option<char>| c.is_some_and(|c| c as u32 >= 0x2E80);
        if !all.is_empty() && !wide(all.chars().last()) && !wide(part.chars().next()) {
            all.push(' ');
        }
        all.push_str(part);
    }
    (!all.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, to: To) -> Option<Value> {
        convert(&Value::from(text), to, None)
    }

    #[test]
    fn measures_are_read_as_people_write_them() {
        for (text, m) in [("12", 12.0), ("12 m", 12.0), ("12.5m", 12.5), ("12,5", 12.5), ("3;4.5", 4.5), ("15米", 15.0)]
        {
            assert_eq!(told(text, To::Metres), Some(Value::Float(m)), "{text}");
        }
        let feet = told("40'6\"", To::Metres).unwrap().as_f64().unwrap();
        assert!((feet - 12.3444).abs() < 1e-9);
        assert_eq!(told("high", To::Metres), None);
        assert_eq!(told("12 storeys", To::Metres), None);
        assert_eq!(told("3;4", To::Int), Some(Value::Int(4)));
        assert_eq!(told("2.5", To::Int), Some(Value::Int(2)));
        assert_eq!(told("1e300", To::Int), None);
        assert_eq!(told("建于1990年", To::Year), Some(Value::Int(1990)));
        assert_eq!(convert(&Value::from("3"), To::Int, Some(3.0)), Some(Value::Float(9.0)));
    }

    #[test]
    fn dates_colours_and_yes() {
        for text in ["2026-3-1", "2026/03/01", "2026年3月1日", "20260301", "2026-03-01T08:00:00+08:00"] {
            assert_eq!(told(text, To::Date), Some(Value::from("2026-03-01")), "{text}");
        }
        assert_eq!(told("2026-13-01", To::Date), None);
        assert_eq!(told("rgb(1,2,3)", To::Color), Some(Value::from("rgb(1,2,3)")));
        assert_eq!(told("#12", To::Color), None);
        assert_eq!(told("viaduct", To::Bool), Some(Value::Bool(true)));
        assert_eq!(told("否", To::Bool), Some(Value::Bool(false)));
    }

    #[test]
    fn an_address_is_joined_as_its_script_asks() {
        assert_eq!(join(["大同區", "民生西路", "335號"].into_iter()).as_deref(), Some("大同區民生西路335號"));
        assert_eq!(join(["Hauptstraße", "12", "", "69117"].into_iter()).as_deref(), Some("Hauptstraße 12 69117"));
        assert_eq!(join(["人民路", "12"].into_iter()).as_deref(), Some("人民路12"));
    }
}
