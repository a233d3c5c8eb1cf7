//! What is written of a random filter, in text or JSON, is read back equal.

use gis_data::query::cql2;
use gis_data_conformance::random::{Rng, condition};

#[test]
fn text_and_json_carry_every_filter() {
    let mut rng = Rng::new(2026);
    for round in 0..20_000 {
        let filter = condition::filter(&mut rng, &condition::FIELDS);
        let text = cql2::write_text(&filter);
        let read = cql2::text(&text).unwrap_or_else(|e| panic!("round {round}: {text}: {e}"));
        assert_eq!(read, filter, "round {round}: {text}");
        let json = cql2::write_json(&read);
        let read = cql2::json(&json).unwrap_or_else(|e| panic!("round {round}: {json}: {e}"));
        assert_eq!(read, filter, "round {round}: {json}");
        assert_eq!(cql2::write_text(&read), text, "round {round}");
    }
}
