//! The checks of every engine after each step, and of the final state. A check that fails panics; the test adds the seed.

use std::collections::BTreeSet;

use hubbub_client::{Entry, MessageState, MessageView};
use hubbub_protocol::{ClientFrame, Event, RoomId, Seq, What};

use super::person::{Person, Sent, Shown, shown};
use super::server::{Server, posted};
use super::simulation::{ROOMS, Simulation};

/// The timeline has the messages of the log in order, and a gap wherever messages are missing.
pub(crate) fn timeline_matches_log(person: &Person, server: &Server, room: RoomId) {
    let timeline = person.engine.timeline(room).expect("a changed room is known");
    let head = timeline.head();
    let log = person.engine.cursor(room).map_or(&[][..], |cursor| &server.logs[&(cursor.epoch, room)]);
    let mut ids = BTreeSet::new();
    let mut last: Option<Seq> = None;
    let mut is_after_gap = false;
    let mut is_in_outbox = false;
    for entry in timeline.entries() {
        let Entry::Message(view) = entry else {
            assert!(!is_in_outbox, "a gap is within the log");
            is_after_gap = true;
            continue;
        };
        assert!(ids.insert(view.id), "{} is shown twice", view.body);
        match view.state {
            MessageState::Sent(seq) if seq <= head && !is_in_outbox => {
                assert_is_logged(&view, &log[seq.0 as usize - 1]);
                if let Some(last) = last {
                    assert!(seq > last, "{seq} is shown after {last}");
                    let between = &log[last.0 as usize..seq.0 as usize - 1];
                    let is_hole = between.iter().any(|event| posted(event).is_some());
                    assert!(is_after_gap || !is_hole, "{last} to {seq} is a hole that is not shown");
                    assert!(!is_after_gap || !between.is_empty(), "a gap is shown where nothing is missing");
                }
                last = Some(seq);
                is_after_gap = false;
            }
            _ => {
                is_in_outbox = true;
                assert_is_own(person, room, &view);
            }
        }
    }
    let newest = log[..head.0 as usize].iter().rfind(|event| posted(event).is_some()).map(|event| event.seq);
    assert!(is_after_gap || last.is_none() || last == newest, "the newest shown is {last:?} and not {newest:?}");
}

/// A cursor goes back only after a `reset`.
pub(crate) fn cursors_never_go_back(person: &mut Person, is_reset: bool) {
    for room in ROOMS {
        let Some(cursor) = person.engine.cursor(room) else {
            assert!(!person.cursors.contains_key(&room), "a cursor is never lost");
            continue;
        };
        if let Some(before) = person.cursors.insert(room, cursor) {
            let has_risen = cursor.epoch == before.epoch && cursor.seq >= before.seq;
            assert!(has_risen || is_reset, "the cursor went from {before:?} to {cursor:?}");
        }
    }
}

/// Of each room, only the oldest pending message is sent.
pub(crate) fn post_is_the_oldest_pending(person: &Person, frame: &ClientFrame) {
    let ClientFrame::Post { room, id, .. } = frame else { return };
    let unsent = person.engine.unsent(*room);
    let oldest = unsent.iter().find(|message| message.refusal.is_none());
    // A call that returns this frame may confirm the message too: the message is no longer unsent then.
    let is_pending = unsent.iter().any(|message| message.id == *id);
    assert!(!is_pending || oldest.is_some_and(|oldest| oldest.id == *id), "a message overtakes another");
}

/// The view and the stored messages, which are updated by changes alone, equal the state of the engine.
pub(crate) fn views_match_engine(person: &Person) {
    for room in ROOMS {
        let timeline = person.engine.timeline(room).expect("everyone follows the rooms");
        let view = person.views.get(&room).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(view, shown(timeline), "a view that follows the changes is right");
        let stored = person.stored.get(&room).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(stored, person.engine.unsent(room), "what is unsent is stored");
    }
}

/// After all faults: everyone is connected, no message is pending, every view equals its engine, and every message that was
/// not refused is in the log once, in the order in which its author sent it.
pub(crate) fn final_state_is_correct(simulation: &Simulation) {
    for person in &simulation.people {
        assert_eq!(person.engine.connection(), hubbub_client::ConnectionState::Connected);
        assert!(person.engine.denied(super::simulation::NO_ROOM).is_some(), "a room that is not there was denied");
        views_match_engine(person);
        for room in ROOMS {
            let head = Seq(simulation.server.log(room).len() as u64);
            let timeline = person.engine.timeline(room).expect("it is followed");
            assert_eq!(timeline.head(), head, "everyone is up to date");
            timeline_matches_log(person, &simulation.server, room);
            let unsent = person.engine.unsent(room);
            assert!(unsent.iter().all(|message| message.refusal.is_some()), "nothing waits");
            messages_are_logged_once(simulation, person, room);
            messages_are_in_order(simulation, person, room);
        }
    }
}

/// After all pages were loaded: the timeline equals the log.
pub(crate) fn timelines_are_complete(simulation: &Simulation) {
    for person in &simulation.people {
        for room in ROOMS {
            let logged: Vec<_> = simulation.server.log(room).iter().filter_map(posted).collect();
            let timeline = shown(person.engine.timeline(room).expect("it is followed"));
            let shown = timeline.iter().filter_map(|shown| match shown {
                Shown::Message { id, state: MessageState::Sent(_), .. } => Some(*id),
                Shown::Message { .. } => None,
                Shown::Gap => panic!("no gap is left"),
            });
            assert_eq!(shown.collect::<Vec<_>>(), logged);
            let unsent = person.engine.unsent(room);
            assert!(unsent.iter().all(|message| !logged.contains(&message.id)), "what is refused is not logged");
        }
    }
}

fn messages_are_logged_once(simulation: &Simulation, person: &Person, room: RoomId) {
    let unsent = person.engine.unsent(room);
    for sent in person.sent.iter().filter(|sent| sent.room == room) {
        let n_logged = simulation.server.log(room).iter().filter(|event| posted(event) == Some(sent.id)).count();
        // If the network repeats a post, one copy may be refused and the other stored.
        let is_refused = unsent.iter().any(|message| message.id == sent.id);
        let may_be_missing = is_refused || sent.is_discarded || simulation.lost.contains(&sent.id);
        assert!(n_logged == 1 || n_logged == 0 && may_be_missing, "{} is logged {n_logged} times", sent.body);
    }
}

fn messages_are_in_order(simulation: &Simulation, person: &Person, room: RoomId) {
    let logged = simulation.server.log(room).iter().filter_map(posted);
    // A message that a restored backup lacks is sent again in its place by the client that has it.
    let is_ordered = |sent: &&Sent| !sent.was_refused;
    let own = logged.filter_map(|id| person.sent.iter().filter(is_ordered).find(|sent| sent.id == id));
    let own: Vec<&Sent> = own.collect();
    for pair in own.windows(2) {
        assert!(pair[0].number < pair[1].number, "{} overtook {}", pair[0].body, pair[1].body);
    }
}

fn assert_is_logged(view: &MessageView<'_>, event: &Event) {
    let what = What::Posted { id: view.id, body: view.body.to_owned() };
    assert_eq!(event.what, what, "what is shown is what was logged");
    assert_eq!((view.by, view.at), (&event.by, event.at), "its author and time are the log's");
}

fn assert_is_own(person: &Person, room: RoomId, view: &MessageView<'_>) {
    let sent = person.sent.iter().find(|sent| sent.id == view.id);
    assert!(sent.is_some_and(|sent| sent.room == room && sent.body == view.body), "nothing is shown that was not sent");
    assert_eq!(view.by, &person.member);
}

pub(crate) fn nothing_is_left_to_load(simulation: &Simulation) -> bool {
    let engines = simulation.people.iter().map(|person| &person.engine);
    let mut timelines = engines.flat_map(|engine| ROOMS.into_iter().filter_map(|room| engine.timeline(room)));
    timelines.all(|timeline| !timeline.has_older() && timeline.entries().all(|entry| entry != Entry::Gap))
}
