//! The contract tests of the trait `hubbub::store::Store`. Each test is a function that takes a [`Fixture`]; the last
//! line of this file runs all contract tests on the SQLite store. `sqlite_only` tests what only that store promises.

#[path = "store_contract/changed.rs"]
mod changed;
#[path = "store_contract/commits.rs"]
mod commits;
#[path = "store_contract/fixture.rs"]
mod fixture;
#[path = "store_contract/idempotency.rs"]
mod idempotency;
#[path = "store_contract/lasting.rs"]
mod lasting;
#[path = "store_contract/migration.rs"]
mod migration;
#[path = "store_contract/model.rs"]
mod model;
#[path = "store_contract/pages.rs"]
mod pages;
#[path = "store_contract/rooms.rs"]
mod rooms;
#[path = "store_contract/rules.rs"]
mod rules;
#[path = "store_contract/sessions.rs"]
mod sessions;
#[path = "store_contract/sqlite.rs"]
mod sqlite_only;

use fixture::{Fixture, Sqlite};

macro_rules! tests {
    ($fixture:ty: $($file:ident::{$($test:ident),* $(,)?})*) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            crate::$file::$test(&<$fixture as crate::Fixture>::new()).await;
        }
    )*)*};
}

macro_rules! contract {
    ($store:ident: $fixture:ty) => {
        mod $store {
            tests! { $fixture:
                commits::{
                    concurrent_writers_leave_no_gap_and_keep_their_order,
                    a_message_is_read_back_as_its_change_says,
                    results_come_in_batch_order_and_each_room_counts_its_own_seqs,
                    every_kind_of_change_takes_the_next_seq,
                    one_id_may_be_used_in_two_rooms,
                    a_refused_operation_does_not_affect_the_others,
                    an_operation_of_an_unknown_member_is_refused_and_the_others_are_stored,
                    an_empty_batch_is_accepted,
                    a_cancelled_commit_stores_its_whole_batch_or_nothing,
                    a_rule_that_panics_stores_nothing_of_its_batch_and_the_store_stays_usable,
                }
                idempotency::{
                    each_operation_that_is_repeated_gets_its_first_ack_and_changes_nothing,
                    an_operation_twice_in_one_batch_has_one_effect,
                    an_id_with_other_content_or_of_another_member_is_a_conflict,
                    a_post_is_recognised_after_its_message_was_edited_and_deleted,
                    an_edit_is_recognised_after_further_edits_and_the_deletion,
                    operations_that_changed_nothing_are_remembered,
                    a_refused_operation_is_not_remembered,
                    an_operation_is_remembered_for_30_days,
                }
                rules::{
                    each_refusal_of_the_rules_reaches_the_caller,
                    a_deletion_beats_a_later_edit_and_the_last_edit_stays,
                    an_edit_keeps_the_earlier_texts_until_the_deletion,
                    a_deletion_takes_text_reactions_pin_and_edit_time_and_keeps_the_replies,
                    replies_are_counted_and_the_change_names_the_parent,
                    reactions_are_counted_and_keep_the_order_in_which_they_first_came,
                    own_reactions_are_those_of_the_reader,
                    a_message_has_at_most_20_different_reactions,
                    reactors_are_listed_in_order_up_to_a_limit,
                    a_room_has_at_most_50_pins_and_the_last_pinned_comes_first,
                    a_description_changes_the_room_and_leaves_a_line,
                    a_room_is_not_given_the_name_of_another_in_any_case,
                }
                pages::{
                    pages_end_where_the_query_says_and_tell_whether_there_are_others,
                    a_page_with_nothing_in_it_says_so,
                    messages_are_found_by_their_ids_in_order_of_seq_and_only_in_their_room,
                    replies_come_with_their_parent_and_page_by_page,
                    quoted_messages_come_once_in_their_current_state_and_with_own_reactions,
                    unknown_and_out_of_range_room_ids_find_nothing,
                }
                changed::{
                    every_row_that_changed_after_the_cursor_comes_once_in_its_current_state,
                    the_state_of_the_room_comes_when_it_changed,
                    own_reactions_come_with_the_changed_rows,
                    at_most_500_rows_come_and_none_of_501,
                }
                rooms::{
                    a_new_store_contains_only_the_lobby,
                    a_room_is_found_by_its_id_and_by_its_slug,
                    a_second_room_of_a_name_is_refused_in_any_case_and_script,
                    rooms_with_similar_names_get_numbered_slugs,
                    the_lowest_free_slug_number_is_used,
                    rooms_are_listed_oldest_first_with_their_last_text,
                    an_unknown_room_is_not_found,
                }
                sessions::{
                    a_session_is_valid_until_it_expires,
                    an_extended_session_expires_later,
                    an_ended_session_is_invalid_and_may_be_ended_again,
                    a_name_is_taken_in_any_letter_case,
                    the_offered_name_has_the_lowest_free_number,
                    a_long_name_is_shortened_to_leave_room_for_its_number,
                    a_name_is_free_again_after_its_session_ends,
                    a_name_is_free_again_after_its_session_expires,
                    concurrent_requests_for_a_name_start_one_session,
                    old_messages_keep_their_author_when_the_name_is_taken_again,
                }
                lasting::{
                    all_data_is_kept_after_closing_and_opening_again,
                    each_store_has_its_own_epoch_that_a_javascript_number_can_hold,
                    check_succeeds_on_a_healthy_store,
                    a_closed_store_refuses_to_write,
                }
                model::{
                    random_batches_give_the_same_results_as_the_model,
                }
            }
        }
    };
}

contract!(sqlite: crate::Sqlite);
