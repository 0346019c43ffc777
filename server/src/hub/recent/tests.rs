//! What readers of the kept frames get: each change once, in order, and no text from before an edit or a deletion.

use hubbub_protocol::{Member, MemberId, MessageId, ServerFrame, UnixMillis, codec};

use super::*;

fn change(seq: u64, message: u64, what: What) -> Change {
    let by = Member { id: MemberId(1), name: "Kira".to_owned() };
    let targets = vec![MessageId::mint(UnixMillis(message), [1; 10])];
    Change { seq: Seq(seq), at: UnixMillis(0), by, targets, what }
}

fn posts(seqs: std::ops::RangeInclusive<u64>, n_chars: usize) -> Vec<Change> {
    seqs.map(|seq| change(seq, seq, What::Posted { body: "x".repeat(n_chars), reply_to: None })).collect()
}

fn read(recent: &Recent, cursor: &mut Seq) -> (Found, Vec<u64>) {
    let mut frames = Vec::new();
    let found = recent.read(cursor, &mut frames, usize::MAX);
    let seqs = frames.iter().flat_map(|frame| {
        let text = std::str::from_utf8(frame.as_text()).unwrap();
        match codec::decode_server(text).unwrap() {
            ServerFrame::Changes { changes, .. } => changes.into_iter().map(|change| change.seq.0),
            other => panic!("{other:?}"),
        }
    });
    (found, seqs.collect())
}

#[test]
fn changes_published_before_a_tick_become_one_frame() {
    let mut recent = Recent::new(RoomId(1));
    recent.publish(posts(1..=2, 5));
    recent.publish(posts(3..=3, 5));
    let mut cursor = Seq(0);
    assert_eq!(read(&recent, &mut cursor), (Found::All, vec![]), "nothing is readable before the tick");
    recent.tick();
    let mut frames = Vec::new();
    recent.read(&mut cursor, &mut frames, usize::MAX);
    assert_eq!((frames.len(), cursor), (1, Seq(3)));
}

#[test]
fn a_cursor_inside_a_tick_reads_the_store_so_that_no_change_is_sent_twice() {
    let mut recent = Recent::new(RoomId(1));
    recent.publish(posts(1..=4, 5));
    recent.tick();
    assert_eq!(read(&recent, &mut Seq(2)), (Found::TooOld, vec![]));
}

#[test]
fn after_a_lost_notice_readers_use_the_store_and_a_late_notice_is_dropped() {
    let mut recent = Recent::new(RoomId(1));
    recent.publish(posts(1..=2, 5));
    recent.tick();
    recent.publish(posts(5..=5, 5));
    recent.publish(posts(3..=4, 5));
    recent.tick();
    assert_eq!(read(&recent, &mut Seq(2)), (Found::TooOld, vec![]));
    assert_eq!(read(&recent, &mut Seq(4)), (Found::All, vec![5]));
}

#[test]
fn memory_is_bounded_and_readers_of_dropped_changes_use_the_store() {
    let mut recent = Recent::new(RoomId(1));
    for seq in 1..=400 {
        recent.publish(posts(seq..=seq, 4_000));
        recent.tick();
    }
    assert!(recent.kept_bytes <= KEPT_BYTES);
    assert_eq!(read(&recent, &mut Seq(0)).0, Found::TooOld);
    assert_eq!(read(&recent, &mut Seq(398)), (Found::All, vec![399, 400]));
}

#[test]
fn a_tick_of_large_changes_is_split_into_frames_below_the_limit() {
    let mut recent = Recent::new(RoomId(1));
    recent.publish(posts(1..=20, 4_000));
    recent.tick();
    assert!(recent.ticks.iter().all(|tick| tick.frame.as_text().len() <= hubbub_protocol::limits::MAX_FRAME_BYTES));
    assert_eq!(read(&recent, &mut Seq(0)).1, (1..=20).collect::<Vec<_>>());
}

/// The texts that a reader from the beginning gets.
fn texts(recent: &Recent) -> String {
    let mut frames = Vec::new();
    recent.read(&mut Seq(0), &mut frames, usize::MAX);
    frames.iter().map(|frame| String::from_utf8_lossy(frame.as_text()).into_owned()).collect()
}

#[test]
fn a_reader_that_is_behind_gets_the_new_text_of_an_edited_message_and_none_of_a_deleted_one() {
    let mut recent = Recent::new(RoomId(1));
    let posted = |body: &str| What::Posted { body: body.to_owned(), reply_to: None };
    recent.publish(vec![change(1, 1, posted("first words")), change(2, 2, posted("secret"))]);
    recent.tick();
    recent.publish(vec![change(3, 3, posted("pending words"))]);
    recent.publish(vec![change(4, 1, What::Edited { body: "second words".to_owned() })]);
    recent.publish(vec![change(5, 2, What::Deleted), change(6, 3, What::Deleted)]);
    recent.tick();
    let texts = texts(&recent);
    assert_eq!(texts.matches("second words").count(), 2, "{texts}");
    for gone in ["first words", "secret", "pending words"] {
        assert!(!texts.contains(gone), "{gone}: {texts}");
    }
    assert_eq!(read(&recent, &mut Seq(0)), (Found::All, vec![1, 2, 3, 4, 5, 6]));
}

#[test]
fn every_text_of_a_message_in_one_frame_is_replaced_and_the_changes_between_stay() {
    let mut recent = Recent::new(RoomId(1));
    let edited = |body: &str| What::Edited { body: body.to_owned() };
    let mut changes = posts(1..=2, 5);
    changes.push(change(3, 1, edited("second \"words\"")));
    changes.extend(posts(4..=4, 5));
    recent.publish(changes);
    recent.tick();
    recent.publish(vec![change(5, 1, edited("third, and longer words"))]);
    recent.publish(vec![change(6, 4, edited("y"))]);
    recent.tick();
    let texts = texts(&recent);
    assert_eq!(texts.matches("third, and longer words").count(), 3, "{texts}");
    assert_eq!((texts.matches("second").count(), texts.matches(r#""body":"y""#).count()), (0, 2), "{texts}");
    assert_eq!(read(&recent, &mut Seq(0)), (Found::All, (1..=6).collect()));
    assert_eq!(recent.kept_bytes, recent.ticks.iter().map(ChangesFrame::n_bytes).sum::<usize>());
}

#[test]
fn readers_of_a_frame_that_an_edit_makes_too_large_use_the_store() {
    let mut recent = Recent::new(RoomId(1));
    recent.publish(posts(1..=20, 1_400));
    recent.tick();
    recent.publish(posts(21..=40, 1_400));
    recent.tick();
    for message in [25, 26] {
        recent.publish(vec![change(message + 16, message, What::Edited { body: "\u{1}".repeat(4_000) })]);
        recent.tick();
    }
    assert_eq!(read(&recent, &mut Seq(20)).0, Found::TooOld);
    assert_eq!(read(&recent, &mut Seq(40)), (Found::All, vec![41, 42]));
    assert_eq!(recent.kept_bytes, recent.ticks.iter().map(ChangesFrame::n_bytes).sum::<usize>());
}
