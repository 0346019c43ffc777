//! What is left of a page, of rows and of answers that are larger than a frame.

use crate::codec::{KeptEnd, WelcomeRooms, encode_server, fit_page, fit_reactors, fit_revisions, n_messages_that_fit};
use crate::ids::{Epoch, MemberId, MessageId, RoomId, Seq, Slug, UnixMillis};
use crate::limits::{
    MAX_BODY_CHARS, MAX_DISPLAY_NAME_CHARS, MAX_EMOJI_BYTES, MAX_FRAME_BYTES, MAX_PINS, MAX_REACTIONS,
    MAX_REACTORS_LISTED, MAX_ROOM_NAME_CHARS, MAX_TOPIC_CHARS, PAGE_MESSAGES,
};
use crate::message::{Message, MessageKind, OwnReactions, Reaction};
use crate::model::{Member, RoomInfo, RoomState};
use crate::query::{Answer, Page, Query, Reactors, Revision};
use crate::server_frame::{PageReason, ServerFrame};

/// A character of the most bytes that JSON needs for one.
const WIDE: &str = "\u{1F600}";

fn id(n: usize) -> MessageId {
    MessageId::mint(UnixMillis(n as u64), [7; 10])
}

fn member() -> Member {
    Member { id: MemberId(1 << 52), name: WIDE.repeat(MAX_DISPLAY_NAME_CHARS) }
}

/// A message whose id tells its number.
fn message(n: usize, body: String) -> Message {
    Message {
        id: id(n),
        seq: Seq(n as u64),
        rev: Seq(n as u64),
        at: UnixMillis(1 << 52),
        by: member(),
        kind: MessageKind::Text,
        body,
        reply_to: None,
        replies: 0,
        edited_at: None,
        deleted_at: None,
        pinned: false,
        reactions: vec![],
    }
}

fn longest(n: usize) -> Message {
    let emoji = |_| Reaction { emoji: "e".repeat(MAX_EMOJI_BYTES), name: "n".repeat(60), count: u32::MAX };
    let reactions = (0..MAX_REACTIONS).map(emoji).collect();
    let message = message(n, WIDE.repeat(MAX_BODY_CHARS));
    Message { reply_to: Some(id(n)), replies: u32::MAX, pinned: true, reactions, ..message }
}

fn own(n: usize) -> OwnReactions {
    OwnReactions { message: id(n), emoji: vec!["e".repeat(MAX_EMOJI_BYTES); MAX_REACTIONS] }
}

fn page_of(messages: Vec<Message>) -> Page {
    Page { as_of: Seq(1 << 52), messages, ..Page::default() }
}

fn numbers(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq.0).collect()
}

/// The size of the largest frame that carries the page.
fn frame_bytes(page: &Page) -> usize {
    let state = RoomState {
        rev: Seq(1 << 52),
        name: WIDE.repeat(MAX_ROOM_NAME_CHARS),
        topic: WIDE.repeat(MAX_TOPIC_CHARS),
        made_by: Some(member()),
        made_at: UnixMillis(1 << 52),
        pins: vec![id(1); MAX_PINS],
    };
    let (room, epoch) = (RoomId(1 << 52), Epoch(1 << 52));
    let newest = ServerFrame::Page { room, reason: PageReason::First, epoch, state, page: page.clone() };
    let query = Query::Messages(vec![id(1); PAGE_MESSAGES]);
    let answer = ServerFrame::Answer { room, query, answer: Answer::Page(page.clone()) };
    encode_server(&newest).len().max(encode_server(&answer).len())
}

#[test]
fn a_page_that_fits_stays_whole() {
    let messages: Vec<Message> = (1..=50).map(|n| message(n, "Hi".to_owned())).collect();
    let whole = Page { quoted: vec![message(60, "Hi".to_owned())], mine: vec![own(3), own(60)], ..page_of(messages) };
    for kept in [KeptEnd::Oldest, KeptEnd::Newest, KeptEnd::Around(20)] {
        let mut page = whole.clone();
        fit_page(&mut page, kept);
        assert_eq!(page, whole, "{kept:?}");
        let mut empty = Page::default();
        fit_page(&mut empty, kept);
        assert_eq!(empty, Page::default(), "{kept:?}");
    }
}

#[test]
fn a_page_of_the_longest_messages_is_cut_at_the_other_end_than_the_one_that_is_kept() {
    for (kept, expected) in [
        (KeptEnd::Oldest, [1, 2, 3]),
        (KeptEnd::Newest, [48, 49, 50]),
        (KeptEnd::Around(0), [1, 2, 3]),
        (KeptEnd::Around(24), [24, 25, 26]),
        (KeptEnd::Around(49), [48, 49, 50]),
        (KeptEnd::Around(99), [48, 49, 50]),
    ] {
        let mut page = page_of((1..=50).map(longest).collect());
        fit_page(&mut page, kept);
        assert_eq!(numbers(&page.messages), expected, "{kept:?}");
        assert_eq!((page.older, page.newer), (expected[0] > 1, expected[2] < 50), "{kept:?}");
        assert!(frame_bytes(&page) <= MAX_FRAME_BYTES, "{kept:?}");
    }
}

#[test]
fn a_page_that_was_cut_before_still_says_that_there_are_messages_around_it() {
    let mut page = Page { older: true, newer: true, ..page_of(vec![message(7, "Hi".to_owned())]) };
    fit_page(&mut page, KeptEnd::Newest);
    assert!(page.older && page.newer);
}

#[test]
fn the_message_in_the_middle_is_kept_whatever_its_size_is() {
    let short = |n| message(n, "Hi".to_owned());
    let mut page = page_of((1..=20).map(|n| if n == 11 { longest(n) } else { short(n) }).collect());
    fit_page(&mut page, KeptEnd::Around(10));
    assert_eq!(page.messages.len(), 20);

    let mut page = page_of((1..=20).map(|n| if n == 11 { short(n) } else { longest(n) }).collect());
    fit_page(&mut page, KeptEnd::Around(10));
    assert!(numbers(&page.messages).contains(&11));
    assert!(frame_bytes(&page) <= MAX_FRAME_BYTES);
}

#[test]
fn a_page_is_cut_only_when_one_byte_is_too_many() {
    // Bodies of ASCII make the sizes exact: the page is filled up to the last byte of its budget.
    let fill = |n_bytes: usize| {
        let mut page = page_of((1..=20).map(|n| message(n, "a".repeat(2_000))).collect());
        page.messages.push(message(21, "a".repeat(n_bytes)));
        fit_page(&mut page, KeptEnd::Oldest);
        page.messages.len()
    };
    let most = (0..30_000).collect::<Vec<_>>().partition_point(|n_bytes| fill(*n_bytes) == 21) - 1;
    assert_eq!((fill(most), fill(most + 1)), (21, 20));
    let mut page = page_of((1..=20).map(|n| message(n, "a".repeat(2_000))).collect());
    page.messages.push(message(21, "a".repeat(most)));
    let n_bytes = frame_bytes(&page);
    assert!((MAX_FRAME_BYTES - 2_560..=MAX_FRAME_BYTES).contains(&n_bytes), "the largest frame has {n_bytes} bytes");
}

#[test]
fn quoted_messages_are_left_out_before_messages() {
    let messages: Vec<Message> = (1..=25).map(|n| message(n, "a".repeat(2_000))).collect();
    let quoted = vec![message(101, "q".to_owned()), longest(102), message(103, "q".to_owned())];
    let mut page = Page { quoted, mine: vec![own(102), own(103)], ..page_of(messages) };
    fit_page(&mut page, KeptEnd::Newest);
    assert_eq!(page.messages.len(), 25);
    assert_eq!(numbers(&page.quoted), [101, 103]);
    assert_eq!(page.mine, [own(103)], "reactions to a message that was left out");
    assert!(!page.older && !page.newer, "quoted messages are no part of the page's order");
}

#[test]
fn the_readers_own_reactions_count_and_go_with_their_messages() {
    let messages = (1..=50).map(|n| message(n, "Hi".to_owned())).collect();
    let mut page = Page { mine: (1..=50).map(own).collect(), ..page_of(messages) };
    fit_page(&mut page, KeptEnd::Newest);
    assert!(page.older && page.messages.len() > 30, "{} messages", page.messages.len());
    let with_reactions: Vec<MessageId> = page.mine.iter().map(|own| own.message).collect();
    assert_eq!(with_reactions, page.messages.iter().map(|message| message.id).collect::<Vec<_>>());
    assert!(frame_bytes(&page) <= MAX_FRAME_BYTES);
}

#[test]
fn rows_are_cut_after_the_last_message_that_fits_with_its_reactions() {
    let messages: Vec<Message> = (1..=50).map(|n| message(n, "Hi".to_owned())).collect();
    let mine: Vec<OwnReactions> = (1..=50).map(own).collect();
    assert_eq!(n_messages_that_fit(&messages, &[]), 50);
    let n_messages = n_messages_that_fit(&messages, &mine);
    assert!((30..50).contains(&n_messages), "{n_messages} messages");
    let rows = ServerFrame::Rows {
        room: RoomId(1 << 52),
        after: Seq(1 << 52),
        to: Seq(1 << 52),
        messages: messages[..n_messages].to_vec(),
        mine: mine[..n_messages].to_vec(),
    };
    let n_bytes = encode_server(&rows).len();
    assert!((MAX_FRAME_BYTES - 4_096..=MAX_FRAME_BYTES).contains(&n_bytes), "{n_bytes} bytes");
    assert_eq!(n_messages_that_fit(&[longest(1)], &[own(1)]), 1);
    assert_eq!(n_messages_that_fit(&[], &[]), 0);
}

#[test]
fn welcome_names_the_rooms_that_fit_and_each_other_room_is_added() {
    let name = WIDE.repeat(MAX_ROOM_NAME_CHARS);
    let room = |n| RoomInfo { id: RoomId(n), slug: Slug::from_name("a"), name: name.clone(), topic: name.clone() };
    let rooms: Vec<RoomInfo> = (0..1_000).map(room).collect();
    let texts: Vec<String> = WelcomeRooms::new(&rooms).frames_for(&member()).collect();
    assert!((MAX_FRAME_BYTES - 2_048..=MAX_FRAME_BYTES).contains(&texts[0].len()));
    let (listed, others) = rooms.split_at(rooms.len() + 1 - texts.len());
    let welcome = ServerFrame::Welcome { you: member(), rooms: listed.to_vec() };
    let added = others.iter().map(|room| ServerFrame::RoomAdded { room: room.clone() });
    let frames: Vec<ServerFrame> = std::iter::once(welcome).chain(added).collect();
    assert_eq!(texts, frames.iter().map(encode_server).collect::<Vec<_>>());
}

#[test]
fn the_longest_lists_of_reactors_are_cut_and_the_short_ones_stay() {
    let reactors = |n: usize, n_members| Reactors { emoji: format!("e{n}"), by: vec![member(); n_members] };
    let mut few = vec![reactors(1, 2), reactors(2, 1)];
    fit_reactors(&mut few);
    assert_eq!(few, [reactors(1, 2), reactors(2, 1)]);
    fit_reactors(&mut []);

    let full = |n| reactors(n, MAX_REACTORS_LISTED);
    let mut many: Vec<Reactors> = (1..MAX_REACTIONS).map(full).chain([reactors(0, 1)]).collect();
    fit_reactors(&mut many);
    let lengths: Vec<usize> = many.iter().map(|emoji| emoji.by.len()).collect();
    assert_eq!(lengths.last(), Some(&1));
    assert!(lengths[..MAX_REACTIONS - 1].iter().all(|n| *n == lengths[0] && *n > 10), "{lengths:?}");
    let (query, answer) = (Query::Reactions(id(1)), Answer::Reactions(many));
    assert!(encode_server(&ServerFrame::Answer { room: RoomId(1), query, answer }).len() <= MAX_FRAME_BYTES);
}

#[test]
fn the_newest_revisions_are_kept() {
    let revision = |n| Revision { at: UnixMillis(n), body: WIDE.repeat(MAX_BODY_CHARS) };
    let mut revisions: Vec<Revision> = (1..=9).map(revision).collect();
    fit_revisions(&mut revisions);
    let written_at: Vec<u64> = revisions.iter().map(|revision| revision.at.0).collect();
    assert_eq!(written_at, [6, 7, 8, 9]);
    fit_revisions(&mut revisions);
    assert_eq!(revisions.len(), 4);
    let (query, answer) = (Query::Revisions(id(1)), Answer::Revisions(revisions));
    assert!(encode_server(&ServerFrame::Answer { room: RoomId(1), query, answer }).len() <= MAX_FRAME_BYTES);
}
