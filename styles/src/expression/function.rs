//! Legacy functions (`{"stops": …}`, `{"type": "identity"}`) and tokens (`"{name}"`), rewritten as expressions.

use crate::spec::PropertySpec;
use crate::text::Text;
use serde_json::{Map, Value as Json, json};

type Rewritten = Result<Json, Text>;

/// The expression that a legacy function stands for. Its shape is checked by the style reader.
pub(crate) fn rewrite(function: &Map<String, Json>, spec: &PropertySpec) -> Rewritten {
    let Some(stops) = function.get("stops") else {
        return Ok(identity(function, spec));
    };
    let malformed = || Text::new("stops 应为 [输入, 输出] 的列表", "stops must be a list of [input, output] pairs.");
    let pairs: Option<Vec<(Json, Json)>> = stops.as_array().and_then(|list| {
        list.iter()
            .map(|stop| match stop.as_array()?.as_slice() {
                [input, output] => Some((input.clone(), output.clone())),
                _ => None,
            })
            .collect()
    });
    let pairs = pairs.filter(|pairs| !pairs.is_empty()).ok_or_else(malformed)?;
    let composite = pairs.iter().all(|(input, _)| input.is_object());
    let by_feature = composite || function.contains_key("property");
    let pairs: Vec<(Json, Json)> = pairs
        .into_iter()
        .map(|(input, output)| match output.as_str() {
            Some(text) if !by_feature && spec.tokens => (input, tokens(text)),
            _ => (input, literal(output)),
        })
        .collect();
    if composite {
        composite_function(function, spec, &pairs)
    } else if by_feature {
        property_function(function, spec, &pairs)
    } else {
        zoom_function(function, spec, &pairs)
    }
}

fn literal(value: Json) -> Json {
    if value.is_array() || value.is_object() { json!(["literal", value]) } else { value }
}

fn get(function: &Map<String, Json>) -> Json {
    json!(["get", function.get("property").cloned().unwrap_or_default()])
}

fn identity(function: &Map<String, Json>, spec: &PropertySpec) -> Json {
    let get = get(function);
    let kind = spec.kind.as_str();
    match function.get("default") {
        None if kind == "string" => json!(["string", get]),
        None => get,
        Some(default) if kind == "enum" => json!(["match", get, spec.values, get, default]),
        Some(default) if kind == "array" => {
            json!(["array", spec.item, spec.length, get, literal(default.clone())])
        }
        Some(default) => {
            let convert = if kind == "color" { "to-color" } else { kind };
            json!([convert, get, literal(default.clone())])
        }
    }
}

fn kind_of<'a>(function: &'a Map<String, Json>, spec: &PropertySpec) -> &'a str {
    let usual = if spec.interpolated { "exponential" } else { "interval" };
    function.get("type").and_then(Json::as_str).unwrap_or(usual)
}

fn interpolate(function: &Map<String, Json>) -> (Json, Json) {
    let op = match function.get("colorSpace").and_then(Json::as_str) {
        Some("hcl") => "interpolate-hcl",
        Some("lab") => "interpolate-lab",
        _ => "interpolate",
    };
    let curve = match function.get("base").and_then(Json::as_f64) {
        Some(base) if base != 1.0 => json!(["exponential", base]),
        _ => json!(["linear"]),
    };
    (json!(op), curve)
}

/// The operator's list with the stops behind it; a stop that repeats the one before is left out.
fn with_stops(mut expression: Vec<Json>, stops: &[(Json, Json)]) -> Vec<Json> {
    let mut last: Option<&Json> = None;
    for (input, output) in stops {
        if last != Some(input) {
            expression.extend([input.clone(), output.clone()]);
        }
        last = Some(input);
    }
    expression
}

/// A `step` whose first input is implied; one that never steps gets a second, equal stop.
fn step(input: Json, stops: &[(Json, Json)]) -> Json {
    let mut all = with_stops(vec![json!("step"), input], stops);
    all.remove(2);
    if let [_, _, only] = all.as_slice() {
        let only = only.clone();
        all.extend([json!(0), only]);
    }
    Json::Array(all)
}

fn zoom_function(function: &Map<String, Json>, spec: &PropertySpec, stops: &[(Json, Json)]) -> Rewritten {
    match kind_of(function, spec) {
        "interval" => Ok(step(json!(["zoom"]), stops)),
        "exponential" => {
            let (op, curve) = interpolate(function);
            Ok(Json::Array(with_stops(vec![op, curve, json!(["zoom"])], stops)))
        }
        other => unknown(other),
    }
}

fn unknown(kind: &str) -> Rewritten {
    let kind: String = kind.chars().take(60).collect();
    Err(Text::new(format!("没有函数类型“{kind}”"), format!("Unknown function type \"{kind}\".")))
}

fn property_function(function: &Map<String, Json>, spec: &PropertySpec, stops: &[(Json, Json)]) -> Rewritten {
    let get = get(function);
    let default = function.get("default").cloned();
    let fallback = || {
        let missing = if spec.kind == "resolvedImage" { json!("") } else { Json::Null };
        literal(default.clone().or_else(|| spec.default.clone()).unwrap_or(missing))
    };
    let guarded = |curve: Json| match &default {
        None => curve,
        Some(default) => json!(["case", ["==", ["typeof", get], "number"], curve, literal(default.clone())]),
    };
    match kind_of(function, spec) {
        "categorical" if stops.first().is_some_and(|(input, _)| input.is_boolean()) => {
            let mut all = vec![json!("case")];
            for (input, output) in stops {
                all.extend([json!(["==", get, input]), output.clone()]);
            }
            all.push(fallback());
            Ok(Json::Array(all))
        }
        "categorical" => {
            let mut all = with_stops(vec![json!("match"), get.clone()], stops);
            all.push(fallback());
            Ok(Json::Array(all))
        }
        "interval" => Ok(guarded(step(json!(["number", get]), stops))),
        "exponential" => {
            let (op, curve) = interpolate(function);
            Ok(guarded(Json::Array(with_stops(vec![op, curve, json!(["number", get])], stops))))
        }
        other => unknown(other),
    }
}

/// Stops by zoom, and within each zoom by property.
fn composite_function(function: &Map<String, Json>, spec: &PropertySpec, stops: &[(Json, Json)]) -> Rewritten {
    let mut zooms: Vec<(Json, Vec<(Json, Json)>)> = Vec::new();
    for (input, output) in stops {
        let zoom = input.get("zoom").cloned().unwrap_or_default();
        let pair = (input.get("value").cloned().unwrap_or_default(), output.clone());
        match zooms.iter_mut().find(|(known, _)| *known == zoom) {
            Some((_, pairs)) => pairs.push(pair),
            None => zooms.push((zoom, vec![pair])),
        }
    }
    let mut inner = function.clone();
    inner.remove("base");
    inner.remove("colorSpace");
    let mut outputs = Vec::new();
    for (zoom, pairs) in zooms {
        outputs.push((zoom, property_function(&inner, spec, &pairs)?));
    }
    if spec.interpolated {
        let (op, _) = interpolate(function);
        Ok(Json::Array(with_stops(vec![op, json!(["linear"]), json!(["zoom"])], &outputs)))
    } else {
        Ok(step(json!(["zoom"]), &outputs))
    }
}

/// `"第 {number}"` as an expression; a text without tokens is itself.
pub(crate) fn tokens(text: &str) -> Json {
    let mut parts = vec![json!("concat")];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((name, behind)) if !name.is_empty() && !name.contains('{') => {
                if !before.is_empty() {
                    parts.push(json!(before));
                }
                parts.push(json!(["get", name]));
                rest = behind;
            }
            _ => break,
        }
    }
    if parts.len() == 1 {
        return json!(text);
    }
    if !rest.is_empty() {
        parts.push(json!(rest));
    }
    match parts.as_slice() {
        [_, only] => json!(["to-string", only]),
        _ => Json::Array(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;
    use serde_json::json;

    #[test]
    fn tokens_become_lookups() {
        assert_eq!(tokens("{name}"), json!(["to-string", ["get", "name"]]));
        assert_eq!(tokens("第{n}号"), json!(["concat", "第", ["get", "n"], "号"]));
        assert_eq!(tokens("{}"), json!("{}"));
        assert_eq!(tokens("plain"), json!("plain"));
    }
}
