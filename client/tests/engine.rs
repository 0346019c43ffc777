//! Tests the rules of the engine one by one: connections, joins, and posts on their way. Each test writes the frames of the
//! server itself. `engine/messages.rs` has the tests of messages that change.

#[path = "engine/messages.rs"]
mod messages;
mod support;

use hubbub_client::{Action, ConnectionState, Entry, MessageState, NetworkState, Update};
use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{
    ClientFrame, Cursor, Epoch, Interest, Page, PageReason, Refusal, RoomId, RoomInfo, Seq, ServerFrame, Slug,
};
use support::{LOBBY, TestEngine, david, kira, message, page, posted, posts, state};

#[test]
fn hello_names_every_followed_room_with_its_cursor_and_welcome_connects() {
    let mut test = TestEngine::begin();
    test.engine.seed(LOBBY, Epoch(1), state(0), page(2..=3));
    test.call(|engine, moment| engine.start(moment));
    assert_eq!(test.actions(), [Action::Open]);
    test.call(|engine, moment| engine.opened(moment));
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(3) });
    assert_eq!(test.frames(), [ClientFrame::Hello { rooms: vec![Interest { room: LOBBY, after }] }]);
    assert_eq!(test.engine.connection(), ConnectionState::Connecting);
    test.receives(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    assert_eq!(test.engine.connection(), ConnectionState::Connected);
}

#[test]
fn messages_wait_for_the_join_and_are_then_sent_one_by_one() {
    let mut test = TestEngine::connected();
    test.call(|engine, _| engine.follow(LOBBY));
    let (first, second) = (test.sends("one"), test.sends("two"));
    assert!(test.posts().is_empty(), "the room is not joined yet");
    test.receives_page(PageReason::First, 1, Page::default());
    assert_eq!(test.posts(), [first]);
    test.receives_ack(first, 1);
    assert_eq!(test.posts(), [second]);
}

#[test]
fn an_ack_marks_a_message_as_sent_and_the_change_gives_its_place() {
    let mut test = TestEngine::in_lobby();
    let id = test.sends("mine");
    assert_eq!(test.engine.unsent(LOBBY).len(), 1);
    test.receives_ack(id, 3);
    assert_eq!(test.state(id), Some(MessageState::Sent(Seq(3))));
    assert!(test.engine.unsent(LOBBY).is_empty());
    assert_eq!(test.engine.cursor(LOBBY).map(|cursor| cursor.seq), Some(Seq(1)), "an ack moves no cursor");
    test.receives_changes(posts(2..=2));
    assert_eq!(test.bodies(), ["message 1", "message 2", "mine"]);
    test.receives_changes(vec![posted(3, kira(), id, "mine"), posts(4..=4).remove(0)]);
    assert_eq!(test.bodies(), ["message 1", "message 2", "mine", "message 4"]);
}

#[test]
fn a_refused_message_keeps_its_reason_until_it_is_retried_or_discarded() {
    let mut test = TestEngine::in_lobby();
    let (first, second) = (test.sends("one"), test.sends("two"));
    test.receives_refusal(first, Refusal::ReadOnly);
    assert_eq!(test.state(first), Some(MessageState::Refused(Refusal::ReadOnly)));
    assert_eq!(test.posts(), [first, second]);
    test.call(|engine, _| engine.retry(LOBBY, first.into()));
    assert_eq!(test.bodies(), ["message 1", "two", "one"], "it goes behind what is on its way");
    test.receives_refusal(second, Refusal::ReadOnly);
    assert_eq!(test.posts(), [first]);
    test.call(|engine, _| engine.discard(LOBBY, second.into()));
    assert_eq!(test.bodies(), ["message 1", "one"]);
}

#[test]
fn a_refusal_of_an_earlier_copy_does_not_undo_an_ack() {
    let mut test = TestEngine::in_lobby();
    let id = test.sends("one");
    test.receives_ack(id, 2);
    test.receives_refusal(id, Refusal::ReadOnly);
    assert_eq!(test.state(id), Some(MessageState::Sent(Seq(2))));
}

#[test]
fn more_rooms_than_hello_may_name_are_joined_after_the_welcome() {
    let mut test = TestEngine::begin();
    (1..=51).for_each(|room| test.engine.follow(RoomId(room)));
    test.call(|engine, moment| engine.start(moment));
    test.call(|engine, moment| engine.opened(moment));
    assert!(matches!(&test.frames()[..], [ClientFrame::Hello { rooms }] if rooms.len() == MAX_ROOMS_PER_CONNECTION));
    test.receives(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: RoomId(51), after: None })]);
}

#[test]
fn a_temporary_refusal_is_retried_later_and_later_messages_wait() {
    let mut test = TestEngine::in_lobby();
    let first = test.sends("one");
    let second = test.sends("two");
    test.receives_refusal(first, Refusal::RateLimited { retry_after_ms: 5_000 });
    assert_eq!(test.state(first), Some(MessageState::Pending { retry_at: Some(test.later(5_000)) }));
    assert_eq!(test.state(second), Some(MessageState::Pending { retry_at: None }));
    assert_eq!(test.posts(), [first]);
    test.waits(4_999);
    assert!(test.posts().is_empty());
    test.waits(1);
    assert_eq!(test.posts(), [first]);
    test.receives_refusal(first, Refusal::UnknownOutcome);
    test.waits(1_500);
    assert_eq!(test.posts(), [first]);
    test.receives_ack(first, 2);
    assert_eq!(test.posts(), [second]);
}

#[test]
fn an_unacked_message_is_sent_first_on_the_next_connection() {
    let mut test = TestEngine::in_lobby();
    let (first, second) = (test.sends("one"), test.sends("two"));
    test.call(|engine, moment| engine.closed(moment));
    test.reconnects();
    test.posts();
    test.resumes(1);
    assert_eq!(test.posts(), [first]);
    test.receives_ack(first, 2);
    assert_eq!(test.posts(), [second]);
}

#[test]
fn a_message_without_a_response_is_sent_again_with_the_same_id() {
    let mut test = TestEngine::in_lobby();
    let id = test.sends("one");
    test.waits(9_999);
    assert_eq!(test.posts(), [id]);
    test.waits(1);
    assert_eq!(test.posts(), [id]);
}

#[test]
fn missing_changes_are_requested_once_and_nothing_is_shown_out_of_order() {
    let mut test = TestEngine::in_lobby();
    test.receives_changes(posts(3..=3));
    test.receives_changes(posts(4..=4));
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(1) });
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after })]);
    assert_eq!(test.bodies(), ["message 1"]);
    let rows = [4, 2, 3].map(message).to_vec();
    test.receives(ServerFrame::Rows { room: LOBBY, after: Seq(1), to: Seq(4), messages: rows, mine: Vec::new() });
    assert_eq!(test.bodies(), ["message 1"], "the rows may not be complete yet");
    test.resumes_with_rows(1, 4, 3);
    assert_eq!(test.bodies(), ["message 1", "message 2", "message 3", "message 4"]);
}

#[test]
fn a_resume_whose_rows_were_lost_is_asked_for_again_and_moves_no_cursor() {
    let mut test = TestEngine::in_lobby();
    test.receives_changes(posts(3..=3));
    test.frames();
    let rows = |after, seqs: &[u64]| ServerFrame::Rows {
        room: LOBBY,
        after: Seq(after),
        to: Seq(4),
        messages: seqs.iter().map(|seq| message(*seq)).collect(),
        mine: Vec::new(),
    };
    // Rows of another resume don't stand for those that are missing, and a repeated row counts once.
    test.receives(rows(2, &[3, 4]));
    test.receives(rows(1, &[2, 3]));
    test.receives(rows(1, &[3]));
    test.resumes_with_rows(1, 4, 3);
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(1) });
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after })]);
    assert_eq!(test.bodies(), ["message 1"]);
    test.receives(rows(1, &[2, 3, 4]));
    test.resumes_with_rows(1, 4, 3);
    assert_eq!(test.bodies(), ["message 1", "message 2", "message 3", "message 4"]);
}

#[test]
fn a_reset_drops_the_messages_and_keeps_unsent_messages() {
    let mut test = TestEngine::in_lobby();
    let id = test.sends("mine");
    test.receives_ack(id, 9);
    test.posts();
    test.receives_page(PageReason::Reset, 2, page(1..=1));
    assert_eq!(test.engine.cursor(LOBBY), Some(Cursor { epoch: Epoch(2), seq: Seq(1) }));
    assert_eq!(test.bodies(), ["message 1", "mine"]);
    assert_eq!(test.posts(), [id], "the stream that had acked it is gone");
}

#[test]
fn a_silent_server_is_pinged_and_then_disconnected() {
    let mut test = TestEngine::in_lobby();
    test.waits(25_000);
    assert_eq!(test.frames(), [ClientFrame::Ping]);
    test.waits(34_999);
    assert_eq!(test.engine.connection(), ConnectionState::Connected);
    test.waits(1);
    assert_eq!(test.actions(), [Action::Close]);
    assert!(matches!(test.engine.connection(), ConnectionState::Reconnecting { .. }));
}

#[test]
fn bye_sets_the_time_of_the_reconnect() {
    let mut test = TestEngine::in_lobby();
    test.receives(ServerFrame::Bye { reconnect_after_ms: 7_000, refusal: None });
    test.call(|engine, moment| engine.closed(moment));
    let at = test.later(7_000);
    assert_eq!(test.engine.connection(), ConnectionState::Reconnecting { at });
    test.waits(6_999);
    assert!(test.actions().is_empty());
    test.waits(1);
    assert_eq!(test.actions(), [Action::Open]);
}

#[test]
fn an_ended_session_does_not_reconnect_and_keeps_unsent_messages() {
    let mut test = TestEngine::in_lobby();
    let id = test.sends("one");
    test.receives_refusal(id, Refusal::SignedOut);
    test.receives(ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) });
    assert_eq!(test.engine.connection(), ConnectionState::SignedOut);
    assert_eq!(test.state(id), Some(MessageState::Pending { retry_at: None }));
    assert_eq!(test.engine.deadline(), None);
    let later = test.sends("two");
    assert_eq!(test.engine.unsent(LOBBY).iter().map(|unsent| unsent.op).collect::<Vec<_>>(), [id.into(), later.into()]);
}

#[test]
fn unsent_messages_are_not_sent_as_another_member() {
    let mut test = TestEngine::in_lobby();
    test.call(|engine, moment| engine.closed(moment));
    let id = test.sends("mine");
    test.actions();
    test.waits(1_000);
    test.call(|engine, moment| engine.opened(moment));
    test.receives(ServerFrame::Welcome { you: david(), rooms: Vec::new() });
    assert_eq!(test.engine.connection(), ConnectionState::SignedOut);
    assert_eq!(test.engine.unsent(LOBBY).len(), 1, "the words are kept");
    assert_eq!(test.state(id), Some(MessageState::Pending { retry_at: None }));
}

#[test]
fn an_offline_engine_connects_as_soon_as_there_is_a_network() {
    let mut test = TestEngine::in_lobby();
    test.call(|engine, moment| engine.set_network(NetworkState::Offline, moment));
    assert_eq!(test.actions(), [Action::Close]);
    assert_eq!((test.engine.connection(), test.engine.deadline()), (ConnectionState::Offline, None));
    let id = test.sends("queued");
    assert_eq!(test.state(id), Some(MessageState::Pending { retry_at: None }));
    test.call(|engine, moment| engine.set_network(NetworkState::Online, moment));
    assert_eq!(test.actions(), [Action::Open]);
}

#[test]
fn a_denied_room_is_not_joined_again_until_it_is_followed_again() {
    let mut test = TestEngine::connected();
    test.call(|engine, _| engine.follow(LOBBY));
    test.receives(ServerFrame::Denied { room: LOBBY, refusal: Refusal::NotFound });
    assert_eq!(test.engine.denied(LOBBY), Some(&Refusal::NotFound));
    test.actions();
    test.call(|engine, moment| engine.closed(moment));
    test.waits(1_000);
    test.actions();
    test.call(|engine, moment| engine.opened(moment));
    assert_eq!(test.frames(), [ClientFrame::Hello { rooms: Vec::new() }]);
    test.receives(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    test.call(|engine, _| engine.follow(LOBBY));
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after: None })]);
    assert_eq!(test.engine.denied(LOBBY), None);
}

#[test]
fn a_room_is_joined_again_when_a_later_join_is_refused_after_an_earlier_one_succeeded() {
    let mut test = TestEngine::connected();
    test.call(|engine, _| engine.follow(LOBBY));
    test.call(|engine, _| engine.unfollow(LOBBY));
    test.call(|engine, _| engine.follow(LOBBY));
    test.actions();
    test.receives_page(PageReason::First, 1, page(1..=1));
    test.receives(ServerFrame::Denied { room: LOBBY, refusal: Refusal::Busy });
    test.waits(9_999);
    assert!(test.frames().is_empty(), "the join is not repeated too early");
    test.receives_changes(posts(2..=2));
    test.waits(1);
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(2) });
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after })]);
    test.resumes(2);
    test.receives_changes(posts(3..=3));
    assert_eq!(test.bodies(), ["message 1", "message 2", "message 3"]);
    test.waits(20_000);
    assert!(test.frames().is_empty(), "the join is not repeated again");
}

#[test]
fn a_rate_limited_join_is_repeated_soon_after_the_time_of_the_refusal() {
    let mut test = TestEngine::connected();
    test.call(|engine, _| engine.follow(LOBBY));
    test.actions();
    test.receives(ServerFrame::Denied { room: LOBBY, refusal: Refusal::RateLimited { retry_after_ms: 500 } });
    test.waits(499);
    assert!(test.frames().is_empty(), "not before the time");
    test.waits(2_001);
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after: None })]);
    assert_eq!(test.engine.denied(LOBBY), None, "nothing is shown of it");
    let id = test.sends("one");
    test.receives_page(PageReason::First, 1, page(1..=1));
    assert_eq!(test.posts(), [id]);
}

#[test]
fn others_are_shown_typing_until_their_message_arrives_and_you_never() {
    let mut test = TestEngine::in_lobby();
    test.receives(ServerFrame::Typing { room: LOBBY, by: kira() });
    test.receives(ServerFrame::Typing { room: LOBBY, by: david() });
    assert_eq!(test.engine.typing_in(LOBBY, test.now), [david()]);
    test.receives_changes(posts(2..=2));
    assert!(test.engine.typing_in(LOBBY, test.now).is_empty());
}

#[test]
fn an_unfollowed_room_is_left_after_its_messages_are_sent() {
    let mut test = TestEngine::in_lobby();
    let id = test.sends("one");
    test.posts();
    test.call(|engine, _| engine.unfollow(LOBBY));
    assert!(test.frames().is_empty());
    test.receives_ack(id, 2);
    assert_eq!(test.frames(), [ClientFrame::Leave { room: LOBBY }]);
}

#[test]
fn a_list_that_changes_often_in_a_frame_is_reported_once() {
    let mut test = TestEngine::in_lobby();
    test.engine.take_updates();
    test.receives_changes(posts(2..=9));
    let lists = test.updates().into_iter().filter(|update| *update == Update::List(LOBBY));
    assert_eq!(lists.count(), 1);
    assert!(test.timeline().entries().all(|entry| matches!(entry, Entry::Message(_))));
}

#[test]
fn rooms_that_are_added_after_a_welcome_are_appended_to_its_list_once() {
    let room = |number: u64| RoomInfo {
        id: RoomId(number),
        slug: Slug::from(format!("room-{number}")),
        name: format!("Room {number}"),
        topic: String::new(),
    };
    let mut test = TestEngine::begin();
    test.call(|engine, moment| engine.start(moment));
    for is_known in [false, true] {
        test.call(|engine, moment| engine.opened(moment));
        test.engine.take_updates();
        test.receives(ServerFrame::Welcome { you: kira(), rooms: vec![room(1), room(2)] });
        assert_eq!(test.engine.take_updates().contains(&Update::Rooms), !is_known);
        for number in [3, 4, 3] {
            test.receives(ServerFrame::RoomAdded { room: room(number) });
        }
        assert_eq!(test.engine.take_updates().contains(&Update::Rooms), !is_known, "what is known is not drawn again");
        assert_eq!(test.engine.rooms(), [1, 2, 3, 4].map(room));
        test.call(|engine, moment| engine.closed(moment));
        test.call(|engine, moment| engine.reconnect_now(moment));
    }
}
