//! The engine's rules one by one, each as a short story with a server whose every word is written here.

mod stories;

use hubbub_client::{Action, Change, ConnectionState, Entry, MessageState, NetworkState};
use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{
    ClientFrame, Cursor, Epoch, Interest, Refusal, RoomId, RoomInfo, Seq, ServerFrame, Slug, SnapshotReason,
};
use stories::{LOBBY, Story, david, event, events, kira};

#[test]
fn hello_names_every_followed_room_with_its_cursor_and_welcome_connects() {
    let mut story = Story::begin();
    story.engine.seed(LOBBY, Epoch(1), Seq(3), events(2..=3));
    story.call(|engine, moment| engine.start(moment));
    assert_eq!(story.actions(), [Action::Open]);
    story.call(|engine, moment| engine.opened(moment));
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(3) });
    assert_eq!(story.frames(), [ClientFrame::Hello { rooms: vec![Interest { room: LOBBY, after }] }]);
    assert_eq!(story.engine.connection(), ConnectionState::Connecting);
    story.says(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    assert_eq!(story.engine.connection(), ConnectionState::Connected);
}

#[test]
fn messages_wait_for_the_room_and_then_go_one_by_one() {
    let mut story = Story::connected();
    story.call(|engine, _| engine.follow(LOBBY));
    let (first, second) = (story.sends("one"), story.sends("two"));
    assert!(story.posts().is_empty(), "the room is not joined yet");
    story.says(ServerFrame::Snapshot {
        room: LOBBY,
        reason: SnapshotReason::First,
        epoch: Epoch(1),
        head: Seq(0),
        events: Vec::new(),
    });
    assert_eq!(story.posts(), [first]);
    story.acks(first, 1);
    assert_eq!(story.posts(), [second]);
}

#[test]
fn an_ack_alone_says_sent_and_the_event_gives_the_message_its_place() {
    let mut story = Story::in_lobby();
    let id = story.sends("mine");
    assert_eq!(story.engine.unsent(LOBBY).len(), 1);
    story.acks(id, 3);
    assert_eq!(story.state(id), Some(MessageState::Sent(Seq(3))));
    assert!(story.engine.unsent(LOBBY).is_empty());
    assert_eq!(story.engine.cursor(LOBBY).map(|cursor| cursor.seq), Some(Seq(1)), "an ack moves no cursor");
    story.says(ServerFrame::Events { room: LOBBY, events: events(2..=2) });
    assert_eq!(story.bodies(), ["event 1", "event 2", "mine"]);
    let own = event(3, kira(), id, "mine");
    story.says(ServerFrame::Events { room: LOBBY, events: [own].into_iter().chain(events(4..=4)).collect() });
    assert_eq!(story.bodies(), ["event 1", "event 2", "mine", "event 4"]);
}

#[test]
fn a_refused_message_stays_with_its_reason_until_it_is_tried_again_or_discarded() {
    let mut story = Story::in_lobby();
    let (first, second) = (story.sends("one"), story.sends("two"));
    story.refuses(first, Refusal::ReadOnly);
    assert_eq!(story.state(first), Some(MessageState::Refused(Refusal::ReadOnly)));
    assert_eq!(story.posts(), [first, second]);
    story.call(|engine, _| engine.retry(LOBBY, first));
    assert_eq!(story.bodies(), ["event 1", "two", "one"], "it goes behind what is on its way");
    story.refuses(second, Refusal::ReadOnly);
    assert_eq!(story.posts(), [first]);
    story.call(|engine, _| engine.discard(LOBBY, second));
    assert_eq!(story.bodies(), ["event 1", "one"]);
}

#[test]
fn a_refusal_of_an_earlier_copy_does_not_undo_an_ack() {
    let mut story = Story::in_lobby();
    let id = story.sends("one");
    story.acks(id, 2);
    story.refuses(id, Refusal::ReadOnly);
    assert_eq!(story.state(id), Some(MessageState::Sent(Seq(2))));
}

#[test]
fn more_rooms_than_hello_may_name_are_joined_after_the_welcome() {
    let mut story = Story::begin();
    (1..=51).for_each(|room| story.engine.follow(RoomId(room)));
    story.call(|engine, moment| engine.start(moment));
    story.call(|engine, moment| engine.opened(moment));
    assert!(matches!(&story.frames()[..], [ClientFrame::Hello { rooms }] if rooms.len() == MAX_ROOMS_PER_CONNECTION));
    story.says(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    assert_eq!(story.frames(), [ClientFrame::Join(Interest { room: RoomId(51), after: None })]);
}

#[test]
fn what_passes_by_itself_is_sent_again_later_and_not_overtaken() {
    let mut story = Story::in_lobby();
    let first = story.sends("one");
    let second = story.sends("two");
    story.refuses(first, Refusal::RateLimited { retry_after_ms: 5_000 });
    assert_eq!(story.state(first), Some(MessageState::Pending));
    assert_eq!(story.posts(), [first]);
    story.waits(4_999);
    assert!(story.posts().is_empty());
    story.waits(1);
    assert_eq!(story.posts(), [first]);
    story.refuses(first, Refusal::UnknownOutcome);
    story.waits(1_500);
    assert_eq!(story.posts(), [first]);
    story.acks(first, 2);
    assert_eq!(story.posts(), [second]);
}

#[test]
fn what_was_in_flight_when_the_connection_was_cut_goes_first_on_the_next() {
    let mut story = Story::in_lobby();
    let (first, second) = (story.sends("one"), story.sends("two"));
    story.call(|engine, moment| engine.closed(moment));
    story.reconnects();
    story.posts();
    story.says(ServerFrame::Resumed { room: LOBBY, head: Seq(1) });
    assert_eq!(story.posts(), [first]);
    story.acks(first, 2);
    assert_eq!(story.posts(), [second]);
}

#[test]
fn a_message_that_is_not_answered_is_sent_again_with_the_same_id() {
    let mut story = Story::in_lobby();
    let id = story.sends("one");
    story.waits(9_999);
    assert_eq!(story.posts(), [id]);
    story.waits(1);
    assert_eq!(story.posts(), [id]);
}

#[test]
fn a_hole_in_the_events_is_asked_for_once_and_nothing_is_shown_out_of_order() {
    let mut story = Story::in_lobby();
    story.says(ServerFrame::Events { room: LOBBY, events: events(3..=3) });
    story.says(ServerFrame::Events { room: LOBBY, events: events(4..=4) });
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(1) });
    assert_eq!(story.frames(), [ClientFrame::Join(Interest { room: LOBBY, after })]);
    assert_eq!(story.bodies(), ["event 1"]);
    story.says(ServerFrame::Resumed { room: LOBBY, head: Seq(4) });
    story.says(ServerFrame::Events { room: LOBBY, events: events(2..=4) });
    assert_eq!(story.bodies(), ["event 1", "event 2", "event 3", "event 4"]);
}

#[test]
fn a_gap_is_shown_until_history_has_filled_it() {
    let mut story = Story::in_lobby();
    story.snapshot(SnapshotReason::Gap, 1, 5..=6);
    assert_eq!(story.bodies(), ["event 1", "(gap)", "event 5", "event 6"]);
    story.call(|engine, _| engine.fill_gap(LOBBY));
    story.call(|engine, _| engine.fill_gap(LOBBY));
    assert_eq!(story.frames(), [ClientFrame::History { room: LOBBY, before: Seq(5) }]);
    story.says(ServerFrame::History { room: LOBBY, before: Seq(5), events: events(2..=4) });
    assert_eq!(story.bodies(), ["event 1", "event 2", "event 3", "event 4", "event 5", "event 6"]);
}

#[test]
fn a_reset_drops_the_past_and_keeps_what_was_not_sent() {
    let mut story = Story::in_lobby();
    let id = story.sends("mine");
    story.acks(id, 9);
    story.posts();
    story.snapshot(SnapshotReason::Reset, 2, 1..=1);
    assert_eq!(story.engine.cursor(LOBBY), Some(Cursor { epoch: Epoch(2), seq: Seq(1) }));
    assert_eq!(story.bodies(), ["event 1", "mine"]);
    assert_eq!(story.posts(), [id], "the log that had acked it is gone");
}

#[test]
fn older_pages_are_asked_for_one_at_a_time() {
    let mut story = Story::connected();
    story.engine.seed(LOBBY, Epoch(1), Seq(9), events(8..=9));
    story.says(ServerFrame::Resumed { room: LOBBY, head: Seq(9) });
    story.call(|engine, _| engine.load_older(LOBBY));
    story.call(|engine, _| engine.load_older(LOBBY));
    assert_eq!(story.frames(), [ClientFrame::History { room: LOBBY, before: Seq(8) }]);
    assert!(story.timeline().is_loading_older());
    story.says(ServerFrame::History { room: LOBBY, before: Seq(8), events: events(1..=7) });
    assert!(!story.timeline().is_loading_older() && !story.timeline().has_older());
    assert_eq!(story.bodies().len(), 9);
}

#[test]
fn a_silent_peer_is_pinged_and_then_given_up() {
    let mut story = Story::in_lobby();
    story.waits(25_000);
    assert_eq!(story.frames(), [ClientFrame::Ping]);
    story.waits(34_999);
    assert_eq!(story.engine.connection(), ConnectionState::Connected);
    story.waits(1);
    assert_eq!(story.actions(), [Action::Close]);
    assert!(matches!(story.engine.connection(), ConnectionState::Reconnecting { .. }));
}

#[test]
fn bye_says_when_to_come_back() {
    let mut story = Story::in_lobby();
    story.says(ServerFrame::Bye { reconnect_after_ms: 7_000, refusal: None });
    story.call(|engine, moment| engine.closed(moment));
    let at = story.later(7_000);
    assert_eq!(story.engine.connection(), ConnectionState::Reconnecting { at });
    story.waits(6_999);
    assert!(story.actions().is_empty());
    story.waits(1);
    assert_eq!(story.actions(), [Action::Open]);
}

#[test]
fn a_session_that_has_ended_is_not_reconnected_and_loses_nothing() {
    let mut story = Story::in_lobby();
    let id = story.sends("one");
    story.refuses(id, Refusal::SignedOut);
    story.says(ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) });
    assert_eq!(story.engine.connection(), ConnectionState::SignedOut);
    assert_eq!(story.state(id), Some(MessageState::Pending));
    assert_eq!(story.engine.deadline(), None);
}

#[test]
fn what_one_member_wrote_does_not_go_out_in_the_name_of_another() {
    let mut story = Story::in_lobby();
    story.call(|engine, moment| engine.closed(moment));
    story.sends("mine");
    story.actions();
    story.waits(1_000);
    story.call(|engine, moment| engine.opened(moment));
    story.says(ServerFrame::Welcome { you: david(), rooms: Vec::new() });
    assert_eq!(story.engine.connection(), ConnectionState::SignedOut);
}

#[test]
fn offline_waits_for_the_network_and_then_connects_at_once() {
    let mut story = Story::in_lobby();
    story.call(|engine, moment| engine.set_network(NetworkState::Offline, moment));
    assert_eq!(story.actions(), [Action::Close]);
    assert_eq!((story.engine.connection(), story.engine.deadline()), (ConnectionState::Offline, None));
    let id = story.sends("queued");
    assert_eq!(story.state(id), Some(MessageState::Pending));
    story.call(|engine, moment| engine.set_network(NetworkState::Online, moment));
    assert_eq!(story.actions(), [Action::Open]);
}

#[test]
fn a_denied_room_is_not_asked_for_again_until_it_is_followed_anew() {
    let mut story = Story::connected();
    story.call(|engine, _| engine.follow(LOBBY));
    story.says(ServerFrame::Denied { room: LOBBY, refusal: Refusal::NotFound });
    assert_eq!(story.engine.denied(LOBBY), Some(&Refusal::NotFound));
    story.actions();
    story.call(|engine, moment| engine.closed(moment));
    story.waits(1_000);
    story.actions();
    story.call(|engine, moment| engine.opened(moment));
    assert_eq!(story.frames(), [ClientFrame::Hello { rooms: Vec::new() }]);
    story.says(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    story.call(|engine, _| engine.follow(LOBBY));
    assert_eq!(story.frames(), [ClientFrame::Join(Interest { room: LOBBY, after: None })]);
    assert_eq!(story.engine.denied(LOBBY), None);
}

#[test]
fn a_room_whose_answer_may_have_been_an_earlier_ones_is_asked_for_again_when_the_later_one_is_no() {
    let mut story = Story::connected();
    story.call(|engine, _| engine.follow(LOBBY));
    story.call(|engine, _| engine.unfollow(LOBBY));
    story.call(|engine, _| engine.follow(LOBBY));
    story.actions();
    story.snapshot(SnapshotReason::First, 1, 1..=1);
    story.says(ServerFrame::Denied { room: LOBBY, refusal: Refusal::Busy });
    story.waits(9_999);
    assert!(story.frames().is_empty(), "a busy server is not pressed");
    story.says(ServerFrame::Events { room: LOBBY, events: events(2..=2) });
    story.waits(1);
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(2) });
    assert_eq!(story.frames(), [ClientFrame::Join(Interest { room: LOBBY, after })]);
    story.says(ServerFrame::Resumed { room: LOBBY, head: Seq(3) });
    story.says(ServerFrame::Events { room: LOBBY, events: events(3..=3) });
    assert_eq!(story.bodies(), ["event 1", "event 2", "event 3"]);
    story.waits(20_000);
    assert!(story.frames().is_empty(), "the doubt is over");
}

#[test]
fn a_page_of_history_that_comes_too_fast_is_asked_for_again_after_the_time_that_the_server_says() {
    let mut story = Story::connected();
    story.call(|engine, _| engine.follow(LOBBY));
    story.snapshot(SnapshotReason::First, 1, 51..=100);
    story.call(|engine, _| engine.load_older(LOBBY));
    let asks = [ClientFrame::History { room: LOBBY, before: Seq(51) }];
    assert_eq!(story.frames().last(), asks.last());
    story.says(ServerFrame::Denied { room: LOBBY, refusal: Refusal::RateLimited { retry_after_ms: 200 } });
    story.waits(199);
    assert!(story.frames().is_empty(), "not before the time");
    story.waits(1);
    assert_eq!(story.frames(), asks);
    story.says(ServerFrame::History { room: LOBBY, before: Seq(51), events: events(1..=50) });
    assert_eq!(story.bodies().len(), 100);
    assert_eq!(story.engine.denied(LOBBY), None);
}

#[test]
fn a_room_that_is_joined_too_fast_is_asked_for_again_soon_after_the_time_that_the_server_says() {
    let mut story = Story::connected();
    story.call(|engine, _| engine.follow(LOBBY));
    story.actions();
    story.says(ServerFrame::Denied { room: LOBBY, refusal: Refusal::RateLimited { retry_after_ms: 500 } });
    story.waits(499);
    assert!(story.frames().is_empty(), "not before the time");
    story.waits(2_001);
    assert_eq!(story.frames(), [ClientFrame::Join(Interest { room: LOBBY, after: None })]);
    assert_eq!(story.engine.denied(LOBBY), None, "nothing is shown of it");
    let id = story.sends("one");
    story.snapshot(SnapshotReason::First, 1, 1..=1);
    assert_eq!(story.posts(), [id]);
}

#[test]
fn others_are_seen_typing_until_their_message_arrives_and_one_self_never() {
    let mut story = Story::in_lobby();
    story.says(ServerFrame::Typing { room: LOBBY, by: kira() });
    story.says(ServerFrame::Typing { room: LOBBY, by: david() });
    assert_eq!(story.engine.typing_in(LOBBY, story.now), [david()]);
    story.says(ServerFrame::Events { room: LOBBY, events: events(2..=2) });
    assert!(story.engine.typing_in(LOBBY, story.now).is_empty());
}

#[test]
fn a_message_left_unsent_by_an_earlier_page_load_is_sent_unless_the_page_shows_it() {
    let mut story = Story::in_lobby();
    let (stored, unstored) = (story.sends("stored"), story.sends("not stored"));
    let unsent = story.engine.unsent(LOBBY);
    let mut story = Story::begin();
    let mut page = events(1..=1);
    page.push(event(2, kira(), stored, "stored"));
    story.engine.restore(LOBBY, unsent);
    story.engine.seed(LOBBY, Epoch(1), Seq(2), page);
    assert_eq!(story.bodies(), ["event 1", "stored", "not stored"]);
    story.call(|engine, moment| engine.start(moment));
    story.call(|engine, moment| engine.opened(moment));
    story.says(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    story.says(ServerFrame::Resumed { room: LOBBY, head: Seq(2) });
    assert_eq!(story.posts(), [unstored]);
}

#[test]
fn a_room_that_is_left_is_left_once_what_was_said_in_it_is_sent() {
    let mut story = Story::in_lobby();
    let id = story.sends("one");
    story.posts();
    story.call(|engine, _| engine.unfollow(LOBBY));
    assert!(story.frames().is_empty());
    story.acks(id, 2);
    assert_eq!(story.frames(), [ClientFrame::Leave { room: LOBBY }]);
}

#[test]
fn a_change_is_told_once_however_often_it_happens() {
    let mut story = Story::in_lobby();
    story.engine.take_changes();
    story.says(ServerFrame::Events { room: LOBBY, events: events(2..=9) });
    assert_eq!(story.engine.take_changes(), [Change::List(LOBBY)]);
    assert!(story.timeline().entries().all(|entry| entry != Entry::Gap));
}

#[test]
fn the_rooms_that_follow_a_welcome_are_in_the_list_behind_its_own_each_once() {
    let room = |number: u64| RoomInfo {
        id: RoomId(number),
        slug: Slug::from(format!("room-{number}")),
        name: format!("Room {number}"),
        topic: String::new(),
    };
    let mut story = Story::begin();
    story.call(|engine, moment| engine.start(moment));
    for is_known in [false, true] {
        story.call(|engine, moment| engine.opened(moment));
        story.engine.take_changes();
        story.says(ServerFrame::Welcome { you: kira(), rooms: vec![room(1), room(2)] });
        assert_eq!(story.engine.take_changes().contains(&Change::Rooms), !is_known);
        for number in [3, 4, 3] {
            story.says(ServerFrame::RoomAdded { room: room(number) });
        }
        assert_eq!(story.engine.take_changes().contains(&Change::Rooms), !is_known, "what is known is not drawn again");
        assert_eq!(story.engine.rooms(), [1, 2, 3, 4].map(room));
        story.call(|engine, moment| engine.closed(moment));
        story.call(|engine, moment| engine.reconnect_now(moment));
    }
}
