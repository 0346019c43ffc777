//! The contract tests of the trait `hubbub::store::Store`. Each test is a function over a [`Fixture`], and one line at the
//! end of this file runs all of them on a store. `sqlite_only` tests what only the SQLite store promises.

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
                    writers_at_once_leave_no_hole_and_keep_their_order,
                    an_event_reads_as_it_was_answered,
                    a_batch_is_answered_in_its_order_and_each_room_counts_for_itself,
                    the_same_message_again_is_answered_with_its_first_place,
                    the_id_of_another_message_is_a_conflict_and_changes_nothing,
                    the_same_id_twice_in_one_batch_is_stored_once,
                    one_id_may_be_used_in_two_rooms,
                    a_refused_draft_spares_the_rest,
                    an_author_who_is_not_there_is_refused_and_spares_the_rest,
                    an_empty_batch_is_fine,
                    a_caller_that_gives_up_leaves_the_batch_whole,
                }
                paging::{
                    pages_forwards_are_contiguous_and_oldest_first,
                    pages_backwards_end_right_before_the_seq_and_are_oldest_first,
                    numbers_that_no_store_can_hold_find_nothing,
                }
                rooms::{
                    the_lobby_is_there_from_the_start,
                    a_room_is_found_by_its_number_and_by_its_slug,
                    rooms_of_one_name_get_numbered_slugs,
                    a_slug_that_is_free_in_between_is_used,
                    rooms_are_listed_oldest_first_with_their_last_event,
                    a_room_that_is_not_there_is_none,
                }
                sessions::{
                    a_session_lives_until_it_expires,
                    an_extended_session_lives_longer,
                    an_ended_session_is_gone_and_ending_it_again_is_fine,
                    a_name_is_taken_in_any_case_of_its_letters,
                    the_variant_offered_is_the_first_that_is_free,
                    a_long_name_is_shortened_to_leave_room_for_its_number,
                    a_name_is_free_again_after_its_session_ends,
                    a_name_is_free_again_after_its_session_expires,
                    a_name_goes_to_one_of_those_who_ask_for_it_at_once,
                    old_messages_keep_the_name_they_were_written_under,
                }
                lasting::{
                    everything_is_there_after_closing_and_opening_again,
                    two_stores_have_two_epochs_that_a_browser_can_count_to,
                    a_store_that_is_well_says_so,
                    a_closed_store_refuses_to_write,
                }
                model::{
                    random_batches_do_what_the_model_does,
                }
            }
        }
    };
}

contract!(sqlite: crate::Sqlite);
