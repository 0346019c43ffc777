//! The checker names each way in which a delivery can go wrong. Receivers are fed through the same two calls as the
//! crowd uses.

use hubbub_protocol::{MessageId, Seq, UnixMillis};

use super::{Content, Fault, Log, ReceivedChange, Receiver, SentAs};

fn id(number: u64) -> MessageId {
    MessageId::mint(UnixMillis(number), [7; 10])
}

fn posted(seq: u64, number: u64) -> ReceivedChange {
    ReceivedChange { seq: Seq(seq), message: Some(id(number)), content: Content::Posted(Some(number)) }
}

/// A log that begins after seq 10, with four messages that Kira got as 11 to 14, each in a payload of its own.
fn log_with_four() -> (Log, Receiver) {
    let mut log = Log::new(Seq(10));
    let mut kira = Receiver::new(0, Seq(10));
    for number in 0..4 {
        assert_eq!(log.post(100 * number), number);
        log.sent_as(number, SentAs { op: id(number).into(), message: id(number), is_reaction: false });
    }
    for number in 0..4 {
        let seq = number + 11;
        log.learn(0, &[b'a', u8::try_from(seq).expect("small")], &[posted(seq, number)]).expect("as posted");
        kira.take(Seq(seq));
    }
    (log, kira)
}

/// Returns the faults of a receiver that received these seqs.
fn faults_of(seqs: &[u64]) -> Vec<Fault> {
    let (log, _) = log_with_four();
    let mut oleg = Receiver::new(5, log.base());
    for &seq in seqs {
        oleg.take(Seq(seq));
    }
    oleg.faults(log.head())
}

#[test]
fn a_receiver_who_got_everything_in_order_has_no_fault() {
    let (log, kira) = log_with_four();
    assert_eq!(kira.faults(log.head()), []);
    assert_eq!(log.faults(), []);
    assert_eq!(faults_of(&[11, 12, 13, 14]), []);
}

#[test]
fn a_lost_event_is_named_wherever_it_was() {
    assert_eq!(faults_of(&[12, 13, 14]), [Fault::Lost { receiver: 5, seq: Seq(11) }]);
    assert_eq!(faults_of(&[11, 13, 14]), [Fault::Lost { receiver: 5, seq: Seq(12) }]);
    assert_eq!(faults_of(&[11, 12, 13]), [Fault::Lost { receiver: 5, seq: Seq(14) }]);
    assert_eq!(faults_of(&[]).len(), 4);
}

#[test]
fn a_doubled_event_is_named_whether_at_once_or_later() {
    let doubled = [Fault::Doubled { receiver: 5, seq: Seq(12) }];
    assert_eq!(faults_of(&[11, 12, 12, 13, 14]), doubled);
    assert_eq!(faults_of(&[11, 12, 13, 14, 12]), doubled);
}

#[test]
fn a_swapped_event_is_named_and_not_taken_for_a_lost_one() {
    assert_eq!(faults_of(&[11, 13, 12, 14]), [Fault::Swapped { receiver: 5, seq: Seq(12) }]);
}

#[test]
fn several_faults_of_one_receiver_are_all_named() {
    assert_eq!(
        faults_of(&[12, 11, 12]),
        [
            Fault::Swapped { receiver: 5, seq: Seq(11) },
            Fault::Doubled { receiver: 5, seq: Seq(12) },
            Fault::Lost { receiver: 5, seq: Seq(13) },
            Fault::Lost { receiver: 5, seq: Seq(14) },
        ]
    );
}

#[test]
fn a_foreign_event_is_named_be_it_unposted_unreadable_or_in_anothers_place() {
    let (mut log, _) = log_with_four();
    let foreign = |seq| Err(Fault::Foreign { receiver: 5, seq: Seq(seq) });
    assert_eq!(log.learn(5, b"x", &[posted(15, 99)]), foreign(15));
    assert_eq!(log.learn(5, b"x", &[ReceivedChange { content: Content::Posted(None), ..posted(15, 3) }]), foreign(15));
    assert_eq!(log.learn(5, b"x", &[posted(12, 2)]), foreign(12));
    assert_eq!(log.learn(5, b"x", &[ReceivedChange { message: Some(id(9)), ..posted(12, 1) }]), foreign(12));
    assert_eq!(log.learn(5, b"x", &[posted(10, 0)]), foreign(10));
}

#[test]
fn a_message_that_is_in_the_log_twice_or_never_is_named() {
    let (mut log, _) = log_with_four();
    let twice = Fault::LoggedTwice { number: 0, first: Seq(11), second: Seq(15) };
    assert_eq!(log.learn(5, b"x", &[posted(15, 0)]), Err(twice));
    log.post(400);
    assert_eq!(log.faults(), [Fault::Vanished { number: 4 }]);
}

#[test]
fn an_ack_for_what_was_delivered_as_something_else_is_named() {
    let (mut log, _) = log_with_four();
    log.acknowledged(Seq(12), id(1).into());
    assert_eq!(log.faults(), []);
    log.acknowledged(Seq(13), id(1).into());
    log.acknowledged(Seq(15), id(4).into());
    assert_eq!(log.faults(), [Fault::AckedAsAnother { seq: Seq(13) }, Fault::AckedAsAnother { seq: Seq(15) }]);
}

#[test]
fn a_payload_is_recognised_by_its_bytes_and_only_where_it_follows() {
    let (mut log, _) = log_with_four();
    log.learn(5, b"12 and 13", &[posted(12, 1), posted(13, 2)]).expect("another cut of the same log");
    assert_eq!(log.recognise(Seq(11), b"12 and 13"), Some(Seq(13)));
    assert_eq!(log.recognise(Seq(11), &[b'a', 12]), Some(Seq(12)));
    assert_eq!(log.recognise(Seq(11), &[b'a', 13]), None);
    assert_eq!(log.recognise(Seq(14), b"12 and 13"), None);
    assert_eq!(log.recognise(Seq(9), b"12 and 13"), None);
}

#[test]
fn an_edit_and_a_reaction_belong_to_the_operations_that_asked_for_them() {
    let (mut log, _) = log_with_four();
    let edit = log.post(400);
    log.sent_as(edit, SentAs { op: id(20).into(), message: id(2), is_reaction: false });
    let reaction = log.post(500);
    log.sent_as(reaction, SentAs { op: id(21).into(), message: id(2), is_reaction: true });
    let edited = ReceivedChange { seq: Seq(15), message: Some(id(2)), content: Content::Edited(Some(edit)) };
    let reacted = ReceivedChange { seq: Seq(16), message: Some(id(2)), content: Content::Reaction };
    let of_another = ReceivedChange { message: Some(id(1)), ..edited };
    assert_eq!(log.learn(0, b"e", &[of_another]), Err(Fault::Foreign { receiver: 0, seq: Seq(15) }));
    log.learn(0, b"e", &[edited, reacted]).expect("as sent");
    log.acknowledged(Seq(15), id(20).into());
    log.acknowledged(Seq(16), id(21).into());
    assert_eq!(log.faults(), []);
    let expected = log.expected();
    assert_eq!((expected[&id(2)].number, expected[&id(2)].has_reaction), (edit, true));
    assert_eq!((expected[&id(1)].number, expected[&id(1)].has_reaction), (1, false));
    let again = ReceivedChange { seq: Seq(17), ..reacted };
    let twice = Fault::LoggedTwice { number: reaction, first: Seq(16), second: Seq(17) };
    assert_eq!(log.learn(0, b"r", &[again]), Err(twice));
}

#[test]
fn a_post_may_have_the_text_of_its_edit_and_an_edit_never_that_of_its_post() {
    let (mut log, _) = log_with_four();
    let post = log.post(400);
    log.sent_as(post, SentAs { op: id(20).into(), message: id(20), is_reaction: false });
    let edit = log.post(500);
    log.sent_as(edit, SentAs { op: id(21).into(), message: id(20), is_reaction: false });
    let posted = ReceivedChange { seq: Seq(15), message: Some(id(20)), content: Content::Posted(Some(edit)) };
    let edited = ReceivedChange { seq: Seq(16), message: Some(id(20)), content: Content::Edited(Some(edit)) };
    log.learn(0, b"n", &[posted, edited]).expect("the new text in the post");
    let with_its_own = ReceivedChange { content: Content::Posted(Some(post)), ..posted };
    log.learn(5, b"o", &[with_its_own, edited]).expect("the text as it was posted");
    assert_eq!(log.faults(), []);
    let old = ReceivedChange { content: Content::Edited(Some(post)), ..edited };
    assert_eq!(log.learn(5, b"e", &[old]), Err(Fault::Foreign { receiver: 5, seq: Seq(16) }));
    let in_another = ReceivedChange { seq: Seq(12), message: Some(id(1)), ..posted };
    assert_eq!(log.learn(5, b"m", &[in_another]), Err(Fault::Foreign { receiver: 5, seq: Seq(12) }));
}
