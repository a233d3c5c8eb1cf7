//! What follows from single changes, told as sentences.

use super::*;

const LAMP: &str = "component";
const DOOR: &str = "doorplate";

fn lamp_and_door() -> City {
    City::with(&[put(DOOR, "old", point(0.0, 50.0), since(0)), put(LAMP, "lamp", point(0.0, 0.0), since(0))])
}

#[test]
fn a_new_door_nearer_than_the_old_one_takes_over_its_hydrant_from_its_day_on() {
    let mut city = lamp_and_door();
    let told = city.commit(&[put(DOOR, "new", point(0.0, 10.0), since(30))]);
    assert_eq!(told, ["lamp not in old 30..", "lamp in new 30.. 10 m"]);
    assert_eq!((city.places("lamp", 29), city.places("lamp", 30)), (vec!["old"], vec!["new"]));
    let told = city.commit(&[put(DOOR, "far", point(0.0, 60.0), since(40))]);
    assert!(told.is_empty(), "a door farther away changes nothing: {told:?}");
}

#[test]
fn new_things_are_called_as_the_commit_calls_them() {
    let mut city = City::default();
    let told =
        city.commit(&[put(LAMP, "lamp", point(0.0, 0.0), since(5)), put(DOOR, "door", point(3.0, 0.0), days(7, 9))]);
    assert_eq!(told, ["lamp in door 7..9 3 m"]);
}

#[test]
fn a_redrawn_grid_moves_the_doors_of_the_strip_alone_and_last_month_stays() {
    let mut city = City::with(&[
        put("grid", "west", square(0.0, 0.0, 100.0), since(0)),
        put("grid", "east", square(101.0, 0.0, 100.0), since(0)),
        put(DOOR, "w", point(50.0, 50.0), since(0)),
        put(DOOR, "strip", point(90.0, 50.0), since(0)),
        put(DOOR, "e", point(150.0, 50.0), since(0)),
    ]);
    // The border moves from 100 m to 80 m.
    let told = city.commit(&[
        put("grid", "west", square(0.0, 0.0, 80.0), since(60)),
        put("grid", "east", square(81.0, -20.0, 120.0), since(60)),
    ]);
    assert_eq!(told, ["strip not in west 60..", "strip in east 60.."]);
    assert_eq!((city.places("strip", 59), city.places("strip", 60)), (vec!["west"], vec!["east"]));
}

#[test]
fn a_moved_hydrant_hangs_on_its_new_door_from_the_day_of_the_move() {
    let mut city = lamp_and_door();
    city.commit(&[put(DOOR, "there", point(500.0, 5.0), since(0))]);
    let told = city.commit(&[put(LAMP, "lamp", point(500.0, 0.0), since(20))]);
    assert_eq!(told, ["lamp not in old 20..", "lamp in there 20.. 5 m"]);
    let told = city.commit(&[put(LAMP, "lamp", point(500.0, 1.0), since(30))]);
    assert_eq!(told, ["lamp in there 30.. 4 m"], "only the distance");
}

#[test]
fn a_correction_in_the_past_changes_the_past_alone() {
    let mut city = lamp_and_door();
    let told = city.commit(&[put(DOOR, "then", point(0.0, 8.0), days(10, 20))]);
    assert_eq!(told, ["lamp not in old 10..20", "lamp in then 10..20 8 m"]);
    let on = |n| city.places("lamp", n);
    assert_eq!([on(9), on(10), on(19), on(20)], [["old"], ["then"], ["then"], ["old"]]);
}

#[test]
fn what_hung_on_a_retired_door_falls_to_the_next_one() {
    let mut city = lamp_and_door();
    city.commit(&[put(DOOR, "next", point(0.0, 70.0), since(0))]);
    let told = city.commit(&[Ask::Retire("old".to_owned(), since(15))]);
    assert_eq!(told, ["lamp in next 15.. 70 m"], "the store itself ends what names the retired door");
    assert_eq!((city.places("lamp", 14), city.places("lamp", 15)), (vec!["old"], vec!["next"]));
}

#[test]
fn a_retired_grid_leaves_its_doors_to_the_community() {
    let mut city = City::with(&[
        put("community", "community", square(0.0, 0.0, 500.0), since(0)),
        put("grid", "grid", square(10.0, 10.0, 100.0), since(0)),
        put(DOOR, "door", point(50.0, 50.0), since(0)),
    ]);
    assert_eq!(city.places("door", 5), ["grid"]);
    let told = city.commit(&[Ask::Retire("grid".to_owned(), since(9))]);
    assert_eq!(told, ["door in community 9.."]);
}

#[test]
fn a_grid_that_changes_its_community_takes_its_doors_along() {
    // The door stands beyond the smaller community's border, in a grid whose middle lies within it.
    let mut city = City::with(&[
        put("community", "small", square(0.0, 0.0, 100.0), since(0)),
        put("community", "large", square(-50.0, -50.0, 400.0), since(0)),
        put("grid", "grid", square(50.0, 10.0, 80.0), since(0)),
        put(DOOR, "door", point(120.0, 50.0), since(0)),
    ]);
    assert_eq!(city.places("door", 1), ["grid", "large"], "the grid implies the small one alone");
    // Neither the old nor the new outline comes near the door.
    let told = city.commit(&[put("community", "small", square(0.0, 0.0, 40.0), since(8))]);
    assert_eq!(told, ["grid not in small 8..", "grid in large 8..", "door not in large 8.."]);
}

#[test]
fn peoples_word_stays_and_nothing_derived_stands_beside_it() {
    let mut city = lamp_and_door();
    city.commit(&[put(DOOR, "said", point(0.0, 90.0), since(0))]);
    let word = || ("lamp".to_owned(), Relation::HangsOn, "said".to_owned(), days(10, 20));
    let (thing, relation, place, valid) = word();
    let told = city.commit(&[Ask::Relate(thing, relation, place, valid)]);
    assert_eq!(told, ["lamp not in old 10..20"]);
    let told = city.commit(&[put(DOOR, "nearest", point(0.0, 1.0), since(5))]);
    let wanted =
        ["lamp not in old 5..10", "lamp not in old 20..", "lamp in nearest 5..10 1 m", "lamp in nearest 20.. 1 m"];
    assert_eq!(told, wanted);
    assert_eq!(city.places("lamp", 15), ["said"]);
    let (thing, relation, place, valid) = word();
    let told = city.commit(&[Ask::Unrelate(thing, relation, place, valid)]);
    assert_eq!(told, ["lamp in nearest 10..20 1 m"], "without it the rule's answer is back");
}

#[test]
fn a_far_door_that_people_named_goes_and_the_rule_answers_again() {
    let mut city = lamp_and_door();
    city.commit(&[put(DOOR, "far", point(5000.0, 0.0), since(0))]);
    city.commit(&[Ask::Relate("lamp".to_owned(), Relation::HangsOn, "far".to_owned(), since(10))]);
    let told = city.commit(&[Ask::Retire("far".to_owned(), since(20))]);
    assert_eq!(told, ["lamp in old 20.. 50 m"]);
}

#[test]
fn to_deny_what_the_rule_finds_has_no_lasting_effect() {
    let mut city = lamp_and_door();
    let told = city.commit(&[Ask::Unrelate("lamp".to_owned(), Relation::HangsOn, "old".to_owned(), since(10))]);
    assert_eq!(told, ["lamp in old 10.. 50 m"]);
    assert_eq!(city.places("lamp", 15), ["old"]);
}

#[test]
fn an_edit_of_what_the_rule_does_not_read_changes_nothing() {
    let mut city = lamp_and_door();
    let named = words(&[("name", "新名"), ("colour", "red")]);
    let lamp = Ask::Put(LAMP, "lamp".to_owned(), point(0.0, 0.0), named.clone(), since(10));
    let door = Ask::Put(DOOR, "old".to_owned(), point(0.0, 50.0), named, days(5, 7));
    assert!(city.commit(&[lamp, door]).is_empty());
}

#[test]
fn a_door_that_gets_its_number_becomes_the_door_of_that_address() {
    let mut city = City::with(&[
        Ask::Put("building", "house".into(), square(0.0, 0.0, 10.0), words(&[("address", "墨池坊12号")]), since(0)),
        put(DOOR, "gate", point(20.0, 5.0), since(0)),
        put(DOOR, "twelve", point(200.0, 5.0), since(0)),
        put("organisation", "shop", point(5.0, 5.0), since(0)),
    ]);
    assert_eq!((city.places("house", 3), city.places("shop", 3)), (vec!["gate"], vec!["gate"]));
    let number = words(&[("road_name", "墨池坊"), ("number", "12号")]);
    let told = city.commit(&[Ask::Put(DOOR, "twelve".into(), point(200.0, 5.0), number, since(4))]);
    let wanted =
        ["house not in gate 4..", "house in twelve 4.. 190 m", "shop not in gate 4..", "shop in twelve 4.. 195 m"];
    assert_eq!(told, wanted);
}
