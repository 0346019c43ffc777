//! The contract tests of the trait `hubbub::store::Store`. Each test is a function that takes a [`Fixture`]; the last
//! line of this file runs all contract tests on the SQLite store. `sqlite_only` tests what only that store promises.

#[path = "store_contract/fixture.rs"]
mod fixture;
#[path = "store_contract/lasting.rs"]
mod lasting;
#[path = "store_contract/log.rs"]
mod log;
#[path = "store_contract/model.rs"]
mod model;
#[path = "store_contract/paging.rs"]
mod paging;
#[path = "store_contract/rooms.rs"]
mod rooms;
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
                log::{
                    concurrent_writers_leave_no_gap_and_keep_their_order,
                    an_event_is_read_back_as_append_returned_it,
                    results_come_in_batch_order_and_each_room_counts_its_own_seqs,
                    a_repeated_draft_is_answered_with_its_first_seq,
                    reusing_the_id_of_another_message_is_a_conflict_and_changes_nothing,
                    the_same_id_twice_in_one_batch_is_stored_once,
                    one_id_may_be_used_in_two_rooms,
                    a_refused_draft_does_not_affect_the_others,
                    a_draft_of_an_unknown_author_is_refused_and_the_others_are_stored,
                    an_empty_batch_is_accepted,
                    a_cancelled_append_stores_its_whole_batch_or_nothing,
                }
                paging::{
                    pages_forwards_are_contiguous_and_oldest_first,
                    pages_backwards_end_right_before_the_seq_and_are_oldest_first,
                    unknown_and_out_of_range_room_ids_find_nothing,
                }
                rooms::{
                    a_new_store_contains_only_the_lobby,
                    a_room_is_found_by_its_id_and_by_its_slug,
                    a_second_room_of_a_name_is_refused_in_any_case_and_script,
                    rooms_with_similar_names_get_numbered_slugs,
                    the_lowest_free_slug_number_is_used,
                    rooms_are_listed_oldest_first_with_their_last_event,
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
