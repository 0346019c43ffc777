//! Tests of when the ladder falls back to a slower transport, returns to a faster one, and what it stores.

use super::*;

const START: UnixMillis = UnixMillis(1_760_000_000_000);

fn at(seconds: u64) -> UnixMillis {
    UnixMillis(START.0 + seconds * 1_000)
}

fn fresh() -> Ladder {
    Ladder::new("", START)
}

/// Opens a connection that ends without a frame.
fn fails(ladder: &mut Ladder) {
    ladder.opening(START);
    ladder.ended(TransportEnd::Closed, START);
}

/// Opens a connection that gets `welcome` and then ends.
fn works_until(ladder: &mut Ladder, end: TransportEnd) {
    works(ladder);
    ladder.ended(end, START);
}

/// Returns the end of a request that was cut after it had waited for `seconds`.
fn cut_after(seconds: u64) -> TransportEnd {
    TransportEnd::CutShort { waited_ms: seconds * 1_000 }
}

fn works(ladder: &mut Ladder) {
    ladder.opening(START);
    ladder.opened();
    ladder.welcomed();
}

fn at_long_polling() -> Ladder {
    let mut ladder = fresh();
    fails(&mut ladder);
    fails(&mut ladder);
    ladder
}

fn at_polling() -> Ladder {
    let mut ladder = at_long_polling();
    for _ in 0..3 {
        works_until(&mut ladder, cut_after(30));
    }
    ladder
}

#[test]
fn a_socket_that_does_not_open_in_four_seconds_is_replaced_by_long_polling() {
    let mut ladder = fresh();
    assert_eq!(ladder.opening(START), TransportKind::WebSocket);
    assert_eq!(ladder.deadline(), Some(at(4)));
    assert_eq!(ladder.tick(UnixMillis(at(4).0 - 1)), LadderAction::Stay);
    assert_eq!(ladder.tick(at(4)), LadderAction::Replace);
    assert_eq!(ladder.opening(at(4)), TransportKind::LongPolling);
}

#[test]
fn a_socket_that_opened_in_time_is_not_replaced() {
    let mut ladder = fresh();
    ladder.opening(START);
    ladder.opened();
    assert_eq!((ladder.deadline(), ladder.tick(at(900))), (None, LadderAction::Stay));
}

#[test]
fn two_sockets_in_a_row_that_end_before_the_welcome_lead_to_long_polling_and_one_does_not() {
    let mut ladder = fresh();
    fails(&mut ladder);
    works_until(&mut ladder, TransportEnd::Closed);
    fails(&mut ladder);
    assert_eq!(ladder.kind, TransportKind::WebSocket);
    fails(&mut ladder);
    assert_eq!((ladder.kind, ladder.reason), (TransportKind::LongPolling, TransportReason::Found));
}

#[test]
fn a_socket_that_worked_and_was_cut_is_always_tried_again() {
    let mut ladder = fresh();
    for _ in 0..20 {
        works_until(&mut ladder, TransportEnd::Closed);
    }
    assert_eq!(ladder.kind, TransportKind::WebSocket);
}

#[test]
fn three_requests_cut_short_lead_to_polling_unless_a_longer_wait_is_answered_between_them() {
    let mut ladder = at_long_polling();
    works_until(&mut ladder, cut_after(30));
    works_until(&mut ladder, cut_after(40));
    ladder.waited(31_000);
    works_until(&mut ladder, cut_after(30));
    works_until(&mut ladder, TransportEnd::Closed);
    works_until(&mut ladder, cut_after(30));
    ladder.waited(29_999);
    assert_eq!(ladder.kind, TransportKind::LongPolling);
    works_until(&mut ladder, cut_after(30));
    assert_eq!((ladder.kind, ladder.reason), (TransportKind::Polling, TransportReason::Found));
}

#[test]
fn polling_tries_a_socket_and_then_long_polling_which_it_leaves_at_the_first_cut() {
    let mut ladder = at_polling();
    works(&mut ladder);
    ladder.waited(u64::MAX);
    assert_eq!(ladder.deadline(), Some(at(30)));
    assert_eq!(ladder.tick(at(30)), LadderAction::Probe);
    assert_eq!((ladder.kind, ladder.deadline()), (TransportKind::Polling, Some(at(90))));
    assert_eq!(ladder.tick(at(90)), LadderAction::Reconnect);
    works_until(&mut ladder, cut_after(30));
    assert_eq!(ladder.kind, TransportKind::Polling);

    // This long poll waits at least as long as the one that was cut. So one cut no longer ends long polling.
    works(&mut ladder);
    assert_eq!(ladder.tick(at(10_000)), LadderAction::Probe);
    assert_eq!(ladder.tick(at(20_000)), LadderAction::Reconnect);
    assert_eq!(ladder.opening(at(20_000)), TransportKind::LongPolling);
    ladder.waited(30_000);
    works_until(&mut ladder, cut_after(30));
    works_until(&mut ladder, cut_after(30));
    assert_eq!(ladder.kind, TransportKind::LongPolling);
}

#[test]
fn no_probe_is_opened_without_a_working_connection() {
    let mut ladder = at_long_polling();
    assert_eq!((ladder.deadline(), ladder.tick(at(900))), (None, LadderAction::Stay));
    works_until(&mut ladder, TransportEnd::Closed);
    assert_eq!((ladder.deadline(), ladder.tick(at(900))), (None, LadderAction::Stay));
    works(&mut ladder);
    assert_eq!(ladder.tick(at(900)), LadderAction::Probe);
}

#[test]
fn when_long_polling_fails_as_well_a_socket_is_tried_again() {
    let mut ladder = at_long_polling();
    fails(&mut ladder);
    works_until(&mut ladder, TransportEnd::Closed);
    fails(&mut ladder);
    assert_eq!(ladder.kind, TransportKind::LongPolling);
    fails(&mut ladder);
    assert_eq!(ladder.kind, TransportKind::WebSocket);
}

#[test]
fn a_socket_is_probed_at_growing_intervals_and_used_after_a_successful_probe() {
    let mut ladder = at_long_polling();
    works(&mut ladder);
    let mut waits = Vec::new();
    let mut now = START;
    for _ in 0..7 {
        let due = ladder.deadline().expect("a slower transport has a time for its next probe");
        assert_eq!(ladder.tick(UnixMillis(due.0 - 1)), LadderAction::Stay);
        assert_eq!(ladder.tick(due), LadderAction::Probe);
        waits.push((due.0 - now.0) / 1_000);
        now = due;
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 600, 600]);
    ladder.climb(now);
    assert_eq!((ladder.kind, ladder.deadline()), (TransportKind::WebSocket, None));

    fails(&mut ladder);
    fails(&mut ladder);
    works(&mut ladder);
    assert_eq!(ladder.deadline(), Some(at(30)), "the interval is reset");
}

#[test]
fn a_transport_chosen_by_hand_is_kept_until_the_automatic_choice_is_restored() {
    for kind in TransportKind::ALL {
        let mut ladder = fresh();
        ladder.choose(Some(kind), START);
        for end in [TransportEnd::Closed, cut_after(30), cut_after(30), cut_after(30)] {
            fails(&mut ladder);
            works_until(&mut ladder, end);
        }
        assert_eq!(
            (ladder.kind, ladder.reason, ladder.tick(at(9_000))),
            (kind, TransportReason::Chosen, LadderAction::Stay)
        );
        ladder.choose(None, START);
        assert_eq!((ladder.kind, ladder.reason), (TransportKind::WebSocket, TransportReason::Found));
    }
}

#[test]
fn a_page_starts_with_the_transport_of_an_earlier_page_for_a_day() {
    let mut ladder = at_long_polling();
    let note = ladder.take_note().expect("the kind has changed");
    assert_eq!(ladder.take_note(), None);
    let mut next = Ladder::new(&note, at(24 * 60 * 60 - 1));
    assert_eq!((next.kind, next.reason), (TransportKind::LongPolling, TransportReason::Remembered));
    works(&mut next);
    assert_eq!(next.deadline(), Some(at(24 * 60 * 60 + 29)));
    assert_eq!(Ladder::new(&note, at(24 * 60 * 60)).kind, TransportKind::WebSocket);

    ladder.choose(Some(TransportKind::Polling), START);
    let note = ladder.take_note().expect("the kind has changed");
    let next = Ladder::new(&note, at(60));
    assert_eq!((next.kind, next.reason), (TransportKind::Polling, TransportReason::Chosen));
    for garbled in ["poll", "poll chosen", "poll chosen x", "carrier-pigeon chosen 1760000000000", "  "] {
        assert_eq!(Ladder::new(garbled, START).kind, TransportKind::WebSocket, "{garbled:?}");
    }
}
