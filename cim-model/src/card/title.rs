//! What people call a thing.

use gis_data::{Layer, Shown, Value};

use super::order::width;

/// What people call a thing, as far as its viewer may see: its name; a doorplate by road and number; what is numbered by its
/// number; else by its kind or code; if all is hidden or unknown, by its layer and id.
pub fn title_of(thing: &Shown, layer: &Layer) -> String {
    let text = |field: &str| thing.text(field).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let id = layer.id.as_str();
    if id == "doorplate"
        && let Some(number) = numbered(thing, id)
    {
        let street = text("road_name").or_else(|| text("compound_name")).unwrap_or_default();
        // Some sources write the road into the number.
        return if number.starts_with(&street) { number } else { street + &number };
    }
    let named = ["name", "title", "text"].iter().find_map(|f| text(f));
    named
        .or_else(|| numbered(thing, id))
        .or_else(|| text("plate_number"))
        .or_else(|| kind(thing, layer))
        .or_else(|| ["code", "serial"].iter().find_map(|f| text(f)))
        .or_else(|| text("address"))
        .unwrap_or_else(|| format!("{} {}", layer.title.zh, thing.id()))
}

/// The number with the word that belongs to it, where it is bare: 3 is 3幢, 3单元, 3层, 3室.
fn numbered(thing: &Shown, layer: &str) -> Option<String> {
    let number = match thing.get("number")? {
        Value::Text(text) => text.trim().to_owned(),
        Value::Int(n) if *n < 0 && layer == "floor" => return Some(format!("地下{}层", n.unsigned_abs())),
        Value::Int(n) => n.to_string(),
        _ => return None,
    };
    if number.is_empty() {
        return None;
    }
    let word = match layer {
        "doorplate" | "plate" => "号",
        "building" => "幢",
        "stairwell" => "单元",
        "floor" => "层",
        "room" => "室",
        _ => "",
    };
    let bare = number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    Some(if bare { number + word } else { number })
}

/// The kind in words, with the serial number of what has one.
fn kind(thing: &Shown, layer: &Layer) -> Option<String> {
    let code = thing.text("kind").filter(|k| !k.is_empty())?;
    let words = layer.field("kind").and_then(|f| f.codes.iter().find(|c| c.code == code));
    let words = words.map_or(code, |c| c.title.zh.as_str());
    let which = ["code", "serial"].iter().find_map(|f| thing.text(f).filter(|t| !t.is_empty()));
    Some(which.map_or_else(|| words.to_owned(), |w| format!("{words} {w}")))
}

/// The address of a place: its own; else that of the nearest place around it that has one, and then its title; for an area the
/// names of those around it, from the widest, and its title.
pub(super) fn address(place: &Shown, around: &[&Shown], named: &impl Fn(&Shown) -> String) -> Option<String> {
    let own = |s: &Shown| s.text("address").filter(|a| !a.is_empty()).map(str::to_owned);
    if let Some(address) = own(place) {
        return Some(address);
    }
    let rank = width(place.layer().as_str());
    let wider = |s: &&&Shown| width(s.layer().as_str()) > rank;
    let title = named(place);
    if rank < width("doorplate")
        && let Some(at) = around.iter().position(|s| own(s).is_some())
        && let Some(mut address) = around.get(at).and_then(|s| own(s))
    {
        let between = around.iter().take(at).rev().filter(wider).map(|s| named(s));
        between.chain(std::iter::once(title)).for_each(|part| address.push_str(&part));
        return Some(address);
    }
    let areas = ["district", "subdistrict", "community"];
    let mut address = String::new();
    for area in around.iter().rev().filter(wider).filter(|s| areas.contains(&s.layer().as_str())) {
        address.push_str(area.text("name").unwrap_or_default());
    }
    if address.is_empty() {
        return None;
    }
    Some(address + &title)
}
