//! Compares the messages that were sent, acked and observed with the final log, and lists lost, duplicated, reordered
//! and foreign messages. Needs no server; the tests at the end show that every kind of fault is reported.

use std::collections::{HashMap, HashSet};

use hubbub_protocol::{Event, MemberId, MessageId, Seq, What};

/// The messages, acks and events of one room during a test.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// The messages that each author sent, acked or not, in the order of sending.
    pub(crate) said: HashMap<MemberId, Vec<MessageId>>,
    /// All acks of all authors.
    pub(crate) acks: Vec<(MessageId, Seq)>,
    /// The events that each observer received, in the order of arrival.
    pub(crate) observed: Vec<Vec<Event>>,
    /// The room's log at the end of the test.
    pub(crate) log: Vec<Event>,
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
    /// The seq does not follow the seq of the event before it.
    Hole(Seq),
    /// An observer received an event at this seq that differs from the log.
    Differs(Seq),
}

impl History {
    pub(crate) fn faults(&self) -> HashSet<Fault> {
        let mut faults = HashSet::new();
        self.check_log(&mut faults);
        self.check_acks(&mut faults);
        self.check_order(&mut faults);
        for events in &self.observed {
            check_steps(events, &mut faults);
            self.check_agreement(events, &mut faults);
        }
        faults
    }

    fn check_log(&self, faults: &mut HashSet<Fault>) {
        check_steps(&self.log, faults);
        if let Some(first) = self.log.first().filter(|first| first.seq != Seq(1)) {
            faults.insert(Fault::Hole(first.seq));
        }
        let mut known = HashSet::new();
        for event in &self.log {
            let id = id(event);
            if !known.insert(id) {
                faults.insert(Fault::Doubled(id));
            }
            if !self.said.get(&event.by.id).is_some_and(|said| said.contains(&id)) {
                faults.insert(Fault::Foreign(id));
            }
        }
    }

    fn check_acks(&self, faults: &mut HashSet<Fault>) {
        let places: HashMap<MessageId, Seq> = self.log.iter().map(|event| (id(event), event.seq)).collect();
        let lost = self.acks.iter().filter(|(id, seq)| places.get(id) != Some(seq));
        faults.extend(lost.map(|(id, _)| Fault::Lost(*id)));
    }

    fn check_order(&self, faults: &mut HashSet<Fault>) {
        let places: HashMap<MessageId, Seq> = self.log.iter().map(|event| (id(event), event.seq)).collect();
        for said in self.said.values() {
            let stored: Vec<_> = said.iter().filter_map(|id| Some((*id, *places.get(id)?))).collect();
            let swapped = stored.windows(2).filter(|pair| pair[0].1 > pair[1].1);
            faults.extend(swapped.map(|pair| Fault::Swapped(pair[1].0)));
        }
    }

    fn check_agreement(&self, events: &[Event], faults: &mut HashSet<Fault>) {
        let log: HashMap<Seq, &Event> = self.log.iter().map(|event| (event.seq, event)).collect();
        let differing = events.iter().filter(|event| log.get(&event.seq) != Some(event));
        faults.extend(differing.map(|event| Fault::Differs(event.seq)));
    }
}

fn check_steps(events: &[Event], faults: &mut HashSet<Fault>) {
    let missteps = events.windows(2).filter(|pair| pair[1].seq != pair[0].seq.next());
    faults.extend(missteps.map(|pair| Fault::Hole(pair[1].seq)));
}

fn id(event: &Event) -> MessageId {
    match &event.what {
        What::Posted { id, .. } => *id,
        What::Unknown => panic!("the test posts no unknown events: {event:?}"),
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Member, UnixMillis};

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
            let what = What::Posted { id, body: n.to_string() };
            history.log.push(Event { seq: Seq(n), at: UnixMillis(n), by, what });
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
        assert!(history.faults().contains(&Fault::Doubled(id(&again))));
    }

    #[test]
    fn a_swapped_pair_is_reported() {
        let mut history = flawless();
        let (earlier, later) = (history.log[2].what.clone(), history.log[4].what.clone());
        history.log[2].what = later;
        history.log[4].what = earlier;
        let faults = history.faults();
        assert!(faults.contains(&Fault::Swapped(id(&history.log[2]))), "{faults:?}");
    }

    #[test]
    fn a_foreign_event_is_reported() {
        let mut history = flawless();
        let foreign = fresh_id();
        history.log[9].what = What::Posted { id: foreign, body: "boo".to_owned() };
        assert!(history.faults().contains(&Fault::Foreign(foreign)));
    }

    #[test]
    fn a_gap_and_a_differing_event_of_an_observer_are_reported() {
        let mut history = flawless();
        history.observed[0].remove(4);
        history.observed[1][0].by.name = "someone else".to_owned();
        assert_eq!(history.faults(), HashSet::from([Fault::Hole(Seq(6)), Fault::Differs(Seq(5))]));
    }
}
