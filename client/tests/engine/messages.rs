//! Tests of messages that change: pages and gaps, changes and answers that cross, operations and their overlay,
//! quotes, pins and threads. Each test writes the frames of the server itself.

use crate::support::{
    LOBBY, TestEngine, answered, change, david, edited, id, kira, message, page, posted, posts, state,
};
use hubbub_client::{Deletion, Entry, Gap, GapEnd, MessageState, ReadingPlace, Update};
use hubbub_protocol::{
    Answer, ClientFrame, Cursor, Epoch, Interest, Message, OpId, Operation, OwnReactions, Page, PageReason, Query,
    Reaction, Refusal, RoomState, Seq, ServerFrame, UnixMillis, What,
};

fn gap(after: u64, before: u64) -> Gap {
    Gap { after: Seq(after), before: Seq(before) }
}

fn thumbs_up(count: u32) -> Vec<Reaction> {
    vec![Reaction { emoji: "👍".to_owned(), name: "thumbs up".to_owned(), count }]
}

fn reacted(seq: u64, by: hubbub_protocol::Member, on: bool, count: u32) -> hubbub_protocol::Change {
    let reactions = if count > 0 { thumbs_up(count) } else { Vec::new() };
    change(seq, by, vec![id(1)], What::Reacted { emoji: "👍".to_owned(), on, reactions })
}

#[test]
fn a_page_after_a_gap_drops_what_is_older_than_it() {
    let mut test = TestEngine::in_lobby();
    test.receives_page(PageReason::Gap, 1, page(5..=6));
    assert_eq!(test.bodies(), ["message 5", "message 6"]);
    assert!(test.timeline().has_older());
    assert!(test.timeline().message(id(1)).is_none(), "it may have changed");
}

#[test]
fn older_pages_are_requested_one_at_a_time() {
    let mut test = TestEngine::in_lobby_with(page(8..=9));
    test.call(|engine, _| engine.load_older(LOBBY));
    test.call(|engine, _| engine.load_older(LOBBY));
    assert_eq!(test.queries(), [Query::Before(Seq(8))]);
    assert!(test.timeline().is_loading_older());
    test.receives_answer(Query::Before(Seq(8)), Page { as_of: Seq(9), ..page(1..=7) });
    assert!(!test.timeline().is_loading_older() && !test.timeline().has_older());
    assert_eq!(test.bodies().len(), 9);
}

#[test]
fn a_jump_shows_the_page_around_a_message_with_a_gap_that_both_ends_fill() {
    let mut test = TestEngine::in_lobby_with(page(19..=20));
    test.call(|engine, _| engine.jump_to(LOBBY, id(5)));
    test.call(|engine, _| engine.jump_to(LOBBY, id(4)));
    test.updates();
    assert_eq!(test.queries(), [Query::Around(id(5)), Query::Around(id(4))]);
    let around = |seqs| Page { as_of: Seq(20), newer: true, ..page(seqs) };
    test.receives_answer(Query::Around(id(5)), around(5..=6));
    assert_eq!(test.bodies(), ["message 19", "message 20"], "a later jump takes the place of an earlier one");
    test.receives_answer(Query::Around(id(4)), around(3..=5));
    assert!(test.updates().contains(&Update::Jumped(LOBBY, id(4))));
    assert_eq!(test.bodies(), ["message 3", "message 4", "message 5", "(gap)", "message 19", "message 20"]);

    test.call(|engine, _| engine.fill_gap(LOBBY, gap(5, 19), GapEnd::Lower));
    test.call(|engine, _| engine.fill_gap(LOBBY, gap(5, 19), GapEnd::Upper));
    test.call(|engine, _| engine.fill_gap(LOBBY, gap(5, 18), GapEnd::Upper));
    assert_eq!(test.queries(), [Query::After(Seq(5)), Query::Before(Seq(19))]);
    test.receives_answer(Query::After(Seq(5)), Page { older: true, ..around(6..=7) });
    // Between 7 and 17 there were other changes only.
    test.receives_answer(Query::Before(Seq(19)), Page { messages: vec![message(7), message(17)], ..around(7..=7) });
    let bodies = [3, 4, 5, 6, 7, 17, 19, 20].map(|seq| format!("message {seq}"));
    assert_eq!(test.bodies(), bodies);
}

#[test]
fn a_jump_to_a_message_that_is_shown_asks_nothing_and_one_to_a_missing_message_says_so() {
    let mut test = TestEngine::in_lobby();
    test.call(|engine, _| engine.jump_to(LOBBY, id(1)));
    assert!(test.queries().is_empty());
    assert_eq!(test.updates(), [Update::Jumped(LOBBY, id(1))]);
    test.call(|engine, _| engine.jump_to(LOBBY, id(9)));
    let answer = Answer::Refused(Refusal::NoSuchMessage);
    test.receives(ServerFrame::Answer { room: LOBBY, query: Query::Around(id(9)), answer });
    assert!(test.updates().contains(&Update::JumpRefused(LOBBY, id(9), Refusal::NoSuchMessage)));
}

#[test]
fn a_page_that_was_read_before_a_change_and_arrives_after_it_shows_the_change() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    test.call(|engine, _| engine.load_older(LOBBY));
    test.receives_changes(vec![edited(7, id(4), "new"), change(8, david(), vec![id(3)], What::Deleted)]);
    test.receives_answer(Query::Before(Seq(5)), Page { as_of: Seq(6), ..page(3..=4) });
    assert_eq!(test.bodies(), ["", "new", "message 5", "message 6"]);
    assert_eq!(test.message(id(3)).deletion, Deletion::Done { at: UnixMillis(8) });
}

#[test]
fn a_page_that_was_read_before_rows_that_moved_the_cursor_is_asked_for_again() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    test.call(|engine, _| engine.load_older(LOBBY));
    test.frames();
    test.resumes(8);
    test.receives_answer(Query::Before(Seq(5)), Page { as_of: Seq(6), ..page(3..=4) });
    assert_eq!(test.bodies(), ["message 5", "message 6"], "message 4 may have changed");
    assert_eq!(test.queries(), [Query::Before(Seq(5))]);
    test.receives_answer(Query::Before(Seq(5)), Page { as_of: Seq(8), ..page(3..=4) });
    assert_eq!(test.bodies().len(), 4);
}

#[test]
fn too_many_changes_before_an_answer_are_not_kept_and_the_page_is_asked_for_again() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    test.call(|engine, _| engine.load_older(LOBBY));
    test.frames();
    test.receives_changes((7..=1_200).map(|seq| edited(seq, id(4), &format!("text {seq}"))).collect());
    test.receives_answer(Query::Before(Seq(5)), Page { as_of: Seq(6), ..page(3..=4) });
    assert_eq!(test.queries(), [Query::Before(Seq(5))]);
    assert_eq!(test.bodies().len(), 2);
}

#[test]
fn a_page_that_is_ahead_of_the_cursor_gets_no_change_twice() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    test.call(|engine, _| engine.load_older(LOBBY));
    let newest = Message { rev: Seq(9), body: "newest".to_owned(), ..message(4) };
    test.receives_answer(Query::Before(Seq(5)), Page { as_of: Seq(9), messages: vec![newest], ..page(4..=4) });
    test.receives_changes(vec![edited(7, id(4), "old"), edited(8, id(4), "older"), edited(9, id(4), "newest")]);
    assert_eq!(test.message(id(4)).body, "newest");
}

#[test]
fn rows_are_new_messages_after_the_cursor_and_new_states_of_those_held() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    let edited = Message { rev: Seq(8), body: "new".to_owned(), ..message(5) };
    let not_held = Message { rev: Seq(9), ..message(2) };
    let mine = vec![OwnReactions { message: id(7), emoji: vec!["👍".to_owned()] }];
    let reacted = Message { rev: Seq(10), reactions: thumbs_up(1), ..message(7) };
    test.receives(ServerFrame::Rows {
        room: LOBBY,
        after: Seq(6),
        to: Seq(10),
        messages: vec![edited, not_held, reacted],
        mine,
    });
    let pinned = RoomState { pins: vec![id(5)], ..state(10) };
    test.receives(ServerFrame::Resumed {
        room: LOBBY,
        after: Seq(6),
        to: Seq(10),
        n_rows: 3,
        state: Some(pinned.clone()),
    });
    assert_eq!(test.bodies(), ["new", "message 6", "message 7"]);
    assert!(test.message(id(7)).reactions[0].is_own);
    assert!(test.timeline().message(id(2)).is_none());
    assert_eq!(test.timeline().room_state(), Some(&pinned));
    assert_eq!(test.engine.cursor(LOBBY), Some(Cursor { epoch: Epoch(1), seq: Seq(10) }));
}

#[test]
fn a_change_of_an_unknown_kind_moves_the_cursor_and_its_messages_are_asked_for() {
    let mut test = TestEngine::in_lobby();
    test.receives_changes(vec![change(2, david(), vec![id(1)], What::Unknown)]);
    assert_eq!(test.queries(), [Query::Messages(vec![id(1)])]);
    test.receives_changes(vec![answered(3, id(1), 1)]);
    let unknown = Message { rev: Seq(2), body: "changed somehow".to_owned(), ..message(1) };
    let answer = Page { as_of: Seq(2), messages: vec![unknown], ..Page::default() };
    test.receives_answer(Query::Messages(vec![id(1)]), answer);
    assert_eq!(test.bodies(), ["changed somehow", "message 3"], "although a later change was applied before");
    assert_eq!(test.message(id(1)).replies, 1);
}

#[test]
fn a_quote_that_is_missing_is_asked_for_and_follows_its_message() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    test.receives_changes(vec![answered(7, id(2), 1)]);
    assert_eq!(test.message(id(7)).quote, None);
    assert_eq!(test.queries(), [Query::Messages(vec![id(2)])]);
    test.receives_answer(Query::Messages(vec![id(2)]), Page { as_of: Seq(7), ..page(2..=2) });
    assert_eq!(test.message(id(7)).quote.map(|quote| quote.body), Some("message 2"));
    test.updates();
    test.receives_changes(vec![change(8, david(), vec![id(2)], What::Deleted)]);
    assert_eq!(test.message(id(7)).quote.map(|quote| quote.body), Some(""));
    assert!(test.updates().contains(&Update::Message(LOBBY, id(7))), "the answer is shown again");
    assert_eq!(test.bodies().len(), 3, "a quote is no entry of the timeline");
}

#[test]
fn messages_that_do_not_fit_into_an_answer_are_asked_for_again_until_there_are_none() {
    let mut test = TestEngine::in_lobby_with(page(8..=9));
    let pins = vec![id(2), id(3), id(4)];
    test.receives_changes(vec![change(10, david(), vec![id(2)], What::Pinned { on: true, pins })]);
    let all = Query::Messages(vec![id(2), id(3), id(4)]);
    assert!(test.queries() == std::slice::from_ref(&all));
    test.receives_answer(all, Page { as_of: Seq(10), ..page(2..=2) });
    let rest = Query::Messages(vec![id(3), id(4)]);
    assert!(test.queries() == std::slice::from_ref(&rest));
    test.receives_answer(rest, Page { as_of: Seq(10), ..Page::default() });
    assert!(test.queries().is_empty(), "these don't exist");
}

#[test]
fn pins_are_asked_for_and_shown_with_the_last_pinned_one_first() {
    let mut test = TestEngine::in_lobby_with(page(5..=6));
    let pins = vec![id(2), id(5)];
    test.receives_changes(vec![change(7, david(), vec![id(2)], What::Pinned { on: true, pins })]);
    assert_eq!(test.queries(), [Query::Messages(vec![id(2)])]);
    let pinned = Message { pinned: true, rev: Seq(7), ..message(2) };
    let answer = Page { as_of: Seq(7), messages: vec![pinned], ..Page::default() };
    test.receives_answer(Query::Messages(vec![id(2)]), answer);
    assert!(test.updates().contains(&Update::Pins(LOBBY)));
    test.call(|engine, moment| engine.pin(LOBBY, id(6), true, moment));
    let shown: Vec<_> = test.timeline().pins().iter().map(|pin| pin.id).collect();
    assert_eq!(shown, [id(6), id(2), id(5)]);
}

#[test]
fn a_thread_has_its_answers_in_order_and_takes_new_ones_once_it_is_complete() {
    let mut test = TestEngine::in_lobby_with(page(8..=9));
    test.call(|engine, _| engine.open_thread(LOBBY, id(1)));
    let query = |after| Query::Replies { to: id(1), after: Seq(after) };
    let answers = |seqs: &[u64]| -> Vec<Message> {
        seqs.iter().map(|seq| Message { reply_to: Some(id(1)), ..message(*seq) }).collect()
    };
    let parent = vec![Message { replies: 3, rev: Seq(5), ..message(1) }];
    assert_eq!(test.queries(), [query(0)]);
    let first = Page { as_of: Seq(9), messages: answers(&[2, 3]), quoted: parent, newer: true, ..Page::default() };
    test.receives_answer(query(0), first);
    test.receives_changes(vec![answered(10, id(1), 4)]);
    let shown = |test: &TestEngine| -> Vec<String> {
        let thread = test.timeline().thread().expect("it is open");
        thread.parent.into_iter().chain(thread.replies).map(|view| view.body.to_owned()).collect()
    };
    assert_eq!(shown(&test), ["message 1", "message 2", "message 3"], "there is an answer between");
    test.call(|engine, _| engine.load_more_replies(LOBBY));
    // This page was read before the last answer.
    test.receives_answer(query(3), Page { as_of: Seq(10), messages: answers(&[5, 10]), ..Page::default() });
    test.receives_changes(vec![answered(11, id(1), 5)]);
    let own = test.replies_to(Some(id(1)), "mine");
    assert_eq!(shown(&test)[3..], ["message 5", "message 10", "message 11", "mine"]);
    assert_eq!(test.message(own).quote.map(|quote| quote.body), Some("message 1"));
    test.call(|engine, _| engine.close_thread(LOBBY));
    assert!(test.timeline().message(id(2)).is_none(), "nothing refers to it any more");
}

#[test]
fn an_operation_shows_at_once_and_until_its_change_is_applied() {
    let mut test = TestEngine::in_lobby();
    test.edits(id(1), "new");
    test.reacts(id(1), true);
    let view = test.message(id(1));
    assert_eq!(
        (view.body, view.is_edit_pending, view.reactions[0].count, view.reactions[0].is_own),
        ("new", true, 1, true)
    );
    let edit = test.operations().remove(0).0;
    test.receives_ack(edit, 3);
    assert_eq!((test.message(id(1)).body, test.message(id(1)).is_edit_pending), ("new", false));
    let react = test.operations().remove(0).0;
    test.receives_ack(react, 4);
    test.receives_changes(vec![edited(2, id(1), "of another tab")]);
    assert_eq!(test.message(id(1)).body, "new", "the acked edit comes later");
    test.receives_changes(vec![edited(3, id(1), "new"), reacted(4, kira(), true, 1)]);
    let view = test.message(id(1));
    assert_eq!((view.body, view.edited_at), ("new", Some(UnixMillis(3))));
    assert_eq!((view.reactions[0].name, view.reactions[0].count, view.reactions[0].is_own), ("thumbs up", 1, true));
    test.receives_changes(vec![reacted(5, david(), true, 2), reacted(6, kira(), false, 1)]);
    assert_eq!((test.message(id(1)).reactions[0].count, test.message(id(1)).reactions[0].is_own), (1, false));
}

#[test]
fn an_operation_that_was_never_sent_is_rewritten() {
    let mut test = TestEngine::in_lobby();
    test.call(|engine, moment| engine.closed(moment));
    let post = test.sends("first text");
    test.edits(post, "second text");
    let gone = test.sends("gone");
    test.reacts(gone, true);
    test.deletes(gone);
    test.edits(id(1), "one");
    test.edits(id(1), "two");
    test.reacts(id(1), true);
    test.reacts(id(1), false);
    test.call(|engine, moment| engine.pin(LOBBY, id(1), true, moment));
    test.call(|engine, moment| engine.describe(LOBBY, "A", "", moment));
    test.call(|engine, moment| engine.describe(LOBBY, "B", "", moment));
    let what: Vec<Operation> = test.engine.unsent(LOBBY).into_iter().map(|unsent| unsent.what).collect();
    let expected = [
        Operation::Post { body: "second text".to_owned(), reply_to: None },
        Operation::Edit { message: id(1), body: "two".to_owned() },
        Operation::Pin { message: id(1), on: true },
        Operation::Describe { name: "B".to_owned(), topic: String::new() },
    ];
    assert_eq!(what, expected);
}

#[test]
fn an_operation_that_was_sent_is_not_changed_and_an_edit_of_a_post_waits_for_its_ack() {
    let mut test = TestEngine::in_lobby();
    let post = test.sends("first text");
    test.edits(post, "second text");
    test.reacts(post, true);
    assert_eq!(test.posts(), [post]);
    test.call(|engine, moment| engine.closed(moment));
    test.edits(post, "third text");
    assert_eq!(test.message(post).body, "third text");
    test.reconnects();
    test.frames();
    test.resumes(1);
    let what = Operation::Post { body: "first text".to_owned(), reply_to: None };
    assert_eq!(test.operations(), [(post.into(), what)], "the server may have the first text");
    test.receives_ack(post, 2);
    let next: Vec<Operation> = test.operations().into_iter().map(|(_, what)| what).collect();
    assert_eq!(next, [Operation::React { message: post, emoji: "👍".to_owned(), on: true }], "one at a time");
}

#[test]
fn a_post_that_waits_for_its_rate_limit_does_not_block_reactions() {
    let mut test = TestEngine::in_lobby();
    let post = test.sends("one");
    test.receives_refusal(post, Refusal::RateLimited { retry_after_ms: 4_000 });
    assert_eq!(test.state(post), Some(MessageState::Pending { retry_at: Some(test.later(4_000)) }));
    test.frames();
    test.sends("two");
    test.reacts(id(1), true);
    let what: Vec<Operation> = test.operations().into_iter().map(|(_, what)| what).collect();
    assert_eq!(what, [Operation::React { message: id(1), emoji: "👍".to_owned(), on: true }]);
}

#[test]
fn what_depends_on_a_refused_post_is_refused_and_retried_with_it() {
    let mut test = TestEngine::in_lobby();
    let post = test.sends("one");
    test.reacts(post, true);
    let answer = test.replies_to(Some(post), "two");
    test.receives_refusal(post, Refusal::ReadOnly);
    assert_eq!(test.posts(), [post]);
    assert_eq!(test.state(answer), Some(MessageState::Refused(Refusal::ReadOnly)));
    let view = test.message(post);
    assert_eq!(view.problem.map(|problem| problem.refusal), Some(&Refusal::ReadOnly));
    assert!(view.reactions.is_empty(), "it is not shown as if it were carried out");
    test.call(|engine, _| engine.retry(LOBBY, answer.into()));
    assert_eq!(test.posts(), [post], "the post is sent first");
    test.receives_ack(post, 2);
    assert_eq!(test.operations().len(), 2);
}

#[test]
fn a_refused_operation_shows_at_its_message_until_it_is_retried_or_discarded() {
    let mut test = TestEngine::in_lobby();
    test.edits(id(1), "new");
    let edit = test.operations().remove(0).0;
    test.receives_refusal(edit, Refusal::Gone);
    let view = test.message(id(1));
    let problem = view.problem.expect("the edit was refused");
    assert_eq!((view.body, problem.op, problem.refusal), ("message 1", edit, &Refusal::Gone));
    assert_eq!(problem.what, &Operation::Edit { message: id(1), body: "new".to_owned() }, "the words are kept");
    assert_eq!(test.timeline().problems().count(), 1);
    test.call(|engine, _| engine.retry(LOBBY, edit));
    assert_eq!(test.operations(), [(edit, Operation::Edit { message: id(1), body: "new".to_owned() })]);
    test.receives_refusal(edit, Refusal::Gone);
    test.call(|engine, _| engine.discard(LOBBY, edit));
    assert_eq!(test.message(id(1)).problem, None);
    assert!(test.engine.unsent(LOBBY).is_empty());
}

#[test]
fn a_deletion_shows_as_pending_and_an_edit_does_not_show_on_a_deleted_message() {
    let mut test = TestEngine::in_lobby();
    test.deletes(id(1));
    test.deletes(id(1));
    assert_eq!(test.operations().len(), 1);
    assert_eq!(test.message(id(1)).deletion, Deletion::Pending);
    test.edits(id(1), "new");
    test.receives_changes(vec![change(2, david(), vec![id(1)], What::Deleted)]);
    let view = test.message(id(1));
    assert_eq!((view.body, view.deletion), ("", Deletion::Done { at: UnixMillis(2) }));
}

#[test]
fn unsent_operations_are_sent_after_a_reload_unless_the_message_is_shown() {
    let mut test = TestEngine::in_lobby();
    let (stored, unstored) = (test.sends("stored"), test.sends("not stored"));
    test.edits(id(1), "new");
    let unsent = test.engine.unsent(LOBBY);
    assert_eq!(unsent.iter().map(|unsent| unsent.was_sent).collect::<Vec<_>>(), [true, false, true]);
    let mut test = TestEngine::begin();
    let own = Message { id: stored, by: kira(), body: "stored".to_owned(), ..message(2) };
    test.engine.restore(LOBBY, unsent);
    test.engine.seed(
        LOBBY,
        Epoch(1),
        state(0),
        Page { as_of: Seq(2), messages: vec![message(1), own], ..Page::default() },
    );
    assert_eq!(test.bodies(), ["new", "stored", "not stored"]);
    test.call(|engine, moment| engine.start(moment));
    test.call(|engine, moment| engine.opened(moment));
    test.receives(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    test.resumes(2);
    let sent: Vec<OpId> = test.operations().into_iter().map(|(op, _)| op).collect();
    assert_eq!(sent.len(), 2);
    assert!(sent.contains(&unstored.into()));
}

#[test]
fn a_rate_limited_query_is_asked_again_after_the_time_of_the_refusal() {
    let mut test = TestEngine::in_lobby_with(page(51..=60));
    test.call(|engine, _| engine.load_older(LOBBY));
    assert_eq!(test.queries(), [Query::Before(Seq(51))]);
    let answer = Answer::Refused(Refusal::RateLimited { retry_after_ms: 200 });
    test.receives(ServerFrame::Answer { room: LOBBY, query: Query::Before(Seq(51)), answer });
    test.waits(199);
    assert!(test.frames().is_empty(), "not before the time");
    test.waits(1);
    assert_eq!(test.queries(), [Query::Before(Seq(51))]);
    test.waits(10_000);
    assert_eq!(test.queries(), [Query::Before(Seq(51))], "an overdue answer is asked for again");
}

#[test]
fn a_query_is_asked_again_on_the_next_connection_and_answers_of_the_last_one_are_gone() {
    let mut test = TestEngine::in_lobby_with(page(51..=60));
    test.call(|engine, _| engine.load_older(LOBBY));
    test.call(|engine, moment| engine.closed(moment));
    test.call(|engine, _| engine.ask_reactions(LOBBY, id(51)));
    test.reconnects();
    test.frames();
    test.resumes(60);
    assert_eq!(test.queries(), [Query::Before(Seq(51)), Query::Reactions(id(51))]);
    test.updates();
    let answer = Answer::Reactions(Vec::new());
    test.receives(ServerFrame::Answer { room: LOBBY, query: Query::Reactions(id(51)), answer });
    let reactors = Update::Reactors { room: LOBBY, message: id(51), answer: Ok(Vec::new()) };
    assert!(test.updates().contains(&reactors));
}

#[test]
fn a_refused_query_about_revisions_gives_the_refusal_to_the_view() {
    let mut test = TestEngine::in_lobby();
    test.call(|engine, _| engine.ask_revisions(LOBBY, id(1)));
    assert_eq!(test.queries(), [Query::Revisions(id(1))]);
    test.updates();
    let answer = Answer::Refused(Refusal::NotYours);
    test.receives(ServerFrame::Answer { room: LOBBY, query: Query::Revisions(id(1)), answer });
    let revisions = Update::Revisions { room: LOBBY, message: id(1), answer: Err(Refusal::NotYours) };
    assert!(test.updates().contains(&revisions));
}

#[test]
fn beyond_the_bound_the_oldest_messages_are_dropped() {
    let mut test = TestEngine::in_lobby();
    for first in (2..=2_042).step_by(40) {
        test.receives_changes(posts(first..=first + 39));
    }
    assert_eq!(test.bodies().len(), 2_000);
    assert!(test.timeline().has_older());
    assert!(test.timeline().message(id(1)).is_none());
    test.call(|engine, _| engine.load_older(LOBBY));
    let oldest = test.timeline().entries().find_map(|entry| match entry {
        Entry::Message(view) => Some(view.state),
        Entry::Gap(_) => None,
    });
    let Some(MessageState::Sent(oldest)) = oldest else { panic!("there is a message") };
    assert_eq!(test.queries(), [Query::Before(oldest)]);
}

#[test]
fn no_message_is_dropped_while_the_reader_is_in_the_past() {
    let mut test = TestEngine::in_lobby();
    test.call(|engine, _| engine.read_at(LOBBY, ReadingPlace::Past));
    for first in (2..=2_042).step_by(40) {
        test.receives_changes(posts(first..=first + 39));
    }
    assert_eq!(test.bodies().len(), 2_081);
    test.call(|engine, _| engine.read_at(LOBBY, ReadingPlace::End));
    test.receives_changes(posts(2_082..=2_082));
    assert_eq!(test.bodies().len(), 2_000);
}

#[test]
fn a_room_that_is_followed_from_a_cursor_alone_asks_for_its_page_when_it_is_shown() {
    let mut test = TestEngine::connected();
    test.engine.seed_cursor(LOBBY, Cursor { epoch: Epoch(1), seq: Seq(4) });
    test.call(|engine, moment| engine.tick(moment));
    let after = Some(Cursor { epoch: Epoch(1), seq: Seq(4) });
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after })]);
    test.resumes(4);
    test.receives_changes(posts(5..=5));
    assert_eq!(test.bodies(), ["message 5"]);
    test.call(|engine, _| engine.follow(LOBBY));
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after: None })]);
    test.receives_page(PageReason::First, 1, page(4..=5));
    assert_eq!(test.bodies(), ["message 4", "message 5"]);
    assert!(test.timeline().room_state().is_some());
}

#[test]
fn a_new_name_of_a_room_is_in_the_list_of_rooms_and_is_a_line_of_the_timeline() {
    let mut test = TestEngine::in_lobby();
    let room = hubbub_protocol::RoomInfo {
        id: LOBBY,
        slug: hubbub_protocol::Slug::from("lobby".to_owned()),
        name: "Lobby".to_owned(),
        topic: String::new(),
    };
    test.engine.set_rooms(vec![room]);
    let what = What::Described { name: "Café".to_owned(), topic: "Cake".to_owned() };
    test.receives_changes(vec![change(2, david(), vec![id(2)], what)]);
    assert_eq!(test.engine.rooms()[0].name, "Café");
    assert_eq!(test.bodies(), ["message 1", ""]);
    assert!(!test.message(id(2)).kind.is_text());
}

#[test]
fn another_member_does_not_see_the_own_reactions_of_the_last_one() {
    let mut test = TestEngine::in_lobby();
    test.receives_changes(vec![reacted(2, kira(), true, 1), posted(3, kira(), id(3), "mine")]);
    test.call(|engine, moment| engine.closed(moment));
    test.waits(1_000);
    test.call(|engine, moment| engine.opened(moment));
    test.frames();
    test.receives(ServerFrame::Welcome { you: david(), rooms: Vec::new() });
    assert_eq!(test.frames(), [ClientFrame::Join(Interest { room: LOBBY, after: None })]);
    assert!(test.bodies().is_empty());
}
