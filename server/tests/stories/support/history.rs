//! Compares the messages that were sent, acked and observed with the final log, and lists lost, duplicated, reordered
//! and foreign messages. Needs no server; the tests at the end show that every kind of fault is reported.

use std::collections::{HashMap, HashSet};

use hubbub_protocol::{MemberId, Message, MessageId, Seq};

/// The messages and acks of one room during a test in which every operation is a post.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// The messages that each author sent, acked or not, in the order of sending.
    pub(crate) said: HashMap<MemberId, Vec<MessageId>>,
    /// All acks of all authors.
    pub(crate) acks: Vec<(MessageId, Seq)>,
    /// The messages that each observer received, in the order of arrival.
    pub(crate) observed: Vec<Vec<Message>>,
    /// The room's messages at the end of the test, by seq.
    pub(crate) log: Vec<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    /// The message was acked and is not in the log at the seq of its ack.
    Lost(MessageId),
    /// The message is in the log more than once.
    Doubled(MessageId),
    /// The message is in the log and its author never sent it.
    Foreign(MessageId),
    /// The message is in the log before a message that the same author sent earlier.
    Swapped(MessageId),
    /// The seq does not follow the seq of the message before it.
    Hole(Seq),
    /// An observer received a message at this seq that differs from the log.
    Differs(Seq),
}

impl History {
    pub(crate) fn faults(&self) -> HashSet<Fault> {
        let mut faults = HashSet::new();
        self.check_log(&mut faults);
        self.check_acks(&mut faults);
        self.check_order(&mut faults);
        for messages in &self.observed {
            check_steps(messages, &mut faults);
            self.check_agreement(messages, &mut faults);
        }
        faults
    }

    fn check_log(&self, faults: &mut HashSet<Fault>) {
        check_steps(&self.log, faults);
        if let Some(first) = self.log.first().filter(|first| first.seq != Seq(1)) {
            faults.insert(Fault::Hole(first.seq));
        }
        let mut known = HashSet::new();
        for message in &self.log {
            let id = message.id;
            if !known.insert(id) {
                faults.insert(Fault::Doubled(id));
            }
            if !self.said.get(&message.by.id).is_some_and(|said| said.contains(&id)) {
                faults.insert(Fault::Foreign(id));
            }
        }
    }

    fn check_acks(&self, faults: &mut HashSet<Fault>) {
        let places: HashMap<MessageId, Seq> = self.log.iter().map(|message| (message.id, message.seq)).collect();
        let lost = self.acks.iter().filter(|(id, seq)| places.get(id) != Some(seq));
        faults.extend(lost.map(|(id, _)| Fault::Lost(*id)));
    }

    fn check_order(&self, faults: &mut HashSet<Fault>) {
        let places: HashMap<MessageId, Seq> = self.log.iter().map(|message| (message.id, message.seq)).collect();
        for said in self.said.values() {
            let stored: Vec<_> = said.iter().filter_map(|id| Some((*id, *places.get(id)?))).collect();
            let swapped = stored.windows(2).filter(|pair| pair[0].1 > pair[1].1);
            faults.extend(swapped.map(|pair| Fault::Swapped(pair[1].0)));
        }
    }

    fn check_agreement(&self, messages: &[Message], faults: &mut HashSet<Fault>) {
        let log: HashMap<Seq, &Message> = self.log.iter().map(|message| (message.seq, message)).collect();
        let differing = messages.iter().filter(|message| log.get(&message.seq) != Some(message));
        faults.extend(differing.map(|message| Fault::Differs(message.seq)));
    }
}

fn check_steps(messages: &[Message], faults: &mut HashSet<Fault>) {
    let missteps = messages.windows(2).filter(|pair| pair[1].seq != pair[0].seq.next());
    faults.extend(missteps.map(|pair| Fault::Hole(pair[1].seq)));
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Change, Member, UnixMillis, What};

    use super::*;
    use crate::support::fresh_id;

    /// Returns a history of ten messages by two authors in turn. Every message is acked and observed.
    fn flawless() -> History {
        let mut history = History::default();
        for n in 1..=10 {
            let by = Member { id: MemberId(n % 2), name: format!("{n}") };
            let id = fresh_id();
            history.said.entry(by.id).or_default().push(id);
            history.acks.push((id, Seq(n)));
            let what = What::Posted { body: n.to_string(), reply_to: None };
            let change = Change { seq: Seq(n), at: UnixMillis(n), by, targets: vec![id], what };
            history.log.push(Message::added_by(&change).expect("a post"));
        }
        history.observed = vec![history.log.clone(), history.log[4..].to_vec()];
        history
    }

    #[test]
    fn a_flawless_history_has_no_fault() {
        assert_eq!(flawless().faults(), HashSet::new());
    }

    #[test]
    fn a_lost_message_is_reported() {
        let mut history = flawless();
        let (lost, _) = history.acks[9];
        history.log.pop();
        assert!(history.faults().contains(&Fault::Lost(lost)));
    }

    #[test]
    fn a_duplicated_message_is_reported() {
        let mut history = flawless();
        let mut again = history.log[3].clone();
        again.seq = Seq(11);
        history.log.push(again.clone());
        assert!(history.faults().contains(&Fault::Doubled(again.id)));
    }

    #[test]
    fn a_swapped_pair_is_reported() {
        let mut history = flawless();
        let (earlier, later) = (history.log[2].id, history.log[4].id);
        history.log[2].id = later;
        history.log[4].id = earlier;
        let faults = history.faults();
        assert!(faults.contains(&Fault::Swapped(history.log[2].id)), "{faults:?}");
    }

    #[test]
    fn a_foreign_message_is_reported() {
        let mut history = flawless();
        let foreign = fresh_id();
        history.log[9].id = foreign;
        assert!(history.faults().contains(&Fault::Foreign(foreign)));
    }

    #[test]
    fn a_gap_and_a_differing_message_of_an_observer_are_reported() {
        let mut history = flawless();
        history.observed[0].remove(4);
        history.observed[1][0].by.name = "someone else".to_owned();
        assert_eq!(history.faults(), HashSet::from([Fault::Hole(Seq(6)), Fault::Differs(Seq(5))]));
    }
}
