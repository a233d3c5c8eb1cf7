//! The named checks, by theme.

mod bulk;
mod changes;
mod errors;
mod facts;
mod history;
mod keys;
mod pages;
mod passing;
mod scope;
mod time;

use std::future::Future;

use gis_data::Store;

macro_rules! each {
    ($make:expr; $($check:path),* $(,)?) => { $( $check(&$make().await).await; )* };
}

/// Each check on an empty store of its own.
pub(crate) async fn all<S, F, Fut>(make: &F)
where
    S: Store,
    F: Fn() -> Fut,
    Fut: Future<Output = S>,
{
    each!(make;
        time::a_change_replaces_only_its_stretch,
        time::a_late_correction_does_not_rewrite_what_a_report_said,
        time::an_interval_finds_each_thing_once,
        time::the_clock_never_turns_back,
        keys::the_same_key_gives_the_same_receipt,
        keys::a_rehearsal_keeps_nothing,
        keys::an_origin_is_found_again,
        keys::what_is_believed_already_is_not_written,
        errors::an_overtaken_position_is_a_conflict,
        errors::a_retirement_overtakes_too,
        errors::a_failing_change_leaves_everything_as_it_was,
        errors::a_thing_keeps_its_layer,
        errors::what_is_not_known_cannot_be_changed,
        facts::a_place_holds_what_lies_in_it_however_deep,
        facts::a_circle_of_places_ends,
        facts::what_is_retired_lies_nowhere_and_holds_nothing,
        facts::the_fact_of_a_retired_thing_is_a_change,
        history::a_history_tells_all_that_was_ever_believed,
        history::facts_have_a_history_too,
        history::an_overtaken_commit_is_told_what_is_current,
        history::an_origin_is_found,
        history::a_key_with_another_content_is_a_conflict,
        scope::nobody_sees_more_than_the_scope,
        scope::a_hidden_field_cannot_be_asked_by,
        pages::pages_follow_each_other,
        pages::a_filter_an_order_and_groups,
        pages::the_nearest_come_first,
        pages::a_box_is_exact,
        pages::only_what_the_zoom_shows,
        passing::time_that_passes_is_an_entry,
        passing::a_commit_does_not_hide_what_passed_before_it,
        passing::what_is_no_longer_believed_does_not_pass,
        changes::who_waits_is_woken,
        changes::the_log_is_cut_to_the_scope,
        changes::an_old_epoch_begins_anew,
        bulk::too_many_to_name_are_told_as_boxes,
    );
}
