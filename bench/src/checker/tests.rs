//! The checker names each way in which a delivery can go wrong. Receivers are fed through the same two calls as the
//! crowd uses.

use hubbub_protocol::{MessageId, Seq, UnixMillis};

use super::{Fault, Log, ReceivedEvent, Receiver};

fn id(number: u64) -> MessageId {
    MessageId::mint(UnixMillis(number), [7; 10])
}

fn event(seq: u64, number: u64) -> ReceivedEvent {
    ReceivedEvent { seq: Seq(seq), number: Some(number), id: Some(id(number)) }
}

/// A log that begins after seq 10, with four messages that Kira got as 11 to 14, each in a payload of its own.
fn log_with_four() -> (Log, Receiver) {
    let mut log = Log::new(Seq(10));
    let mut kira = Receiver::new(0, Seq(10));
    for number in 0..4 {
        assert_eq!(log.post(100 * number), number);
    }
    for number in 0..4 {
        let seq = number + 11;
        log.learn(0, &[b'a', u8::try_from(seq).expect("small")], &[event(seq, number)]).expect("as posted");
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
    assert_eq!(log.learn(5, b"x", &[event(15, 99)]), foreign(15));
    assert_eq!(log.learn(5, b"x", &[ReceivedEvent { seq: Seq(15), number: None, id: None }]), foreign(15));
    assert_eq!(log.learn(5, b"x", &[event(12, 2)]), foreign(12));
    assert_eq!(log.learn(5, b"x", &[ReceivedEvent { id: Some(id(9)), ..event(12, 1) }]), foreign(12));
    assert_eq!(log.learn(5, b"x", &[event(10, 0)]), foreign(10));
}

#[test]
fn a_message_that_is_in_the_log_twice_or_never_is_named() {
    let (mut log, _) = log_with_four();
    let twice = Fault::LoggedTwice { number: 0, first: Seq(11), second: Seq(15) };
    assert_eq!(log.learn(5, b"x", &[event(15, 0)]), Err(twice));
    log.post(400);
    assert_eq!(log.faults(), [Fault::Vanished { number: 4 }]);
}

#[test]
fn an_ack_for_what_was_delivered_as_something_else_is_named() {
    let (mut log, _) = log_with_four();
    log.acknowledged(Seq(12), id(1));
    assert_eq!(log.faults(), []);
    log.acknowledged(Seq(13), id(1));
    log.acknowledged(Seq(15), id(4));
    assert_eq!(log.faults(), [Fault::AckedAsAnother { seq: Seq(13) }, Fault::AckedAsAnother { seq: Seq(15) }]);
}

#[test]
fn a_payload_is_recognised_by_its_bytes_and_only_where_it_follows() {
    let (mut log, _) = log_with_four();
    log.learn(5, b"12 and 13", &[event(12, 1), event(13, 2)]).expect("another cut of the same log");
    assert_eq!(log.recognise(Seq(11), b"12 and 13"), Some(Seq(13)));
    assert_eq!(log.recognise(Seq(11), &[b'a', 12]), Some(Seq(12)));
    assert_eq!(log.recognise(Seq(11), &[b'a', 13]), None);
    assert_eq!(log.recognise(Seq(14), b"12 and 13"), None);
    assert_eq!(log.recognise(Seq(9), b"12 and 13"), None);
}
