//! Property tests of `apply`: whatever a client starts from, the changes after it lead to the rows of the server.

#[path = "support/server_room.rs"]
mod server_room;

use std::collections::BTreeSet;

use hubbub_protocol::{Applied, Change, Message, Seq};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use server_room::{Act, ServerRoom};

fn act() -> impl Strategy<Value = Act> {
    let n = || any::<u16>().prop_map(usize::from);
    prop_oneof![
        2 => Just(Act::Post),
        2 => n().prop_map(Act::Reply),
        2 => n().prop_map(Act::Edit),
        1 => n().prop_map(Act::Delete),
        3 => (n(), n()).prop_map(|(message, emoji)| Act::React(message, emoji)),
        2 => n().prop_map(Act::Pin),
        1 => Just(Act::Describe),
    ]
}

/// The room after each seq, from the empty one on, and the changes between them.
fn history() -> impl Strategy<Value = (Vec<ServerRoom>, Vec<Change>)> {
    vec(act(), 1..60).prop_map(|acts| {
        let (mut rooms, mut changes) = (vec![ServerRoom::new()], vec![]);
        for act in acts {
            let mut room = rooms[rooms.len() - 1].clone();
            if let Some(change) = room.act(act) {
                rooms.push(room);
                changes.push(change);
            }
        }
        (rooms, changes)
    })
}

/// Applies a change as a client does that holds every message of the room.
fn apply(room: &mut ServerRoom, change: &Change) {
    if let Some(added) = Message::added_by(change) {
        room.rows.entry(added.id).or_insert(added);
    }
    for row in room.rows.values_mut() {
        assert_ne!(row.apply(change), Applied::Unknown, "{change:?}");
    }
    room.state.apply(change);
    room.head = room.head.max(change.seq);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_read_at_any_time_and_the_changes_after_an_older_cursor_lead_to_the_servers_rows(
        (rooms, changes) in history(),
        (as_of, cursor) in any::<(Index, Index)>(),
    ) {
        let as_of = as_of.index(rooms.len());
        // The client kept the changes that came after it had asked for the page. Some of them are in the page already.
        let cursor = cursor.index(as_of + 1);
        let mut client = rooms[as_of].clone();
        for change in &changes[cursor..] {
            apply(&mut client, change);
        }
        prop_assert_eq!(&client, &rooms[rooms.len() - 1]);
    }

    #[test]
    fn rows_that_changed_after_the_cursor_and_the_changes_after_them_lead_to_the_servers_rows(
        (rooms, changes) in history(),
        (to, cursor) in any::<(Index, Index)>(),
    ) {
        let to = to.index(rooms.len());
        let cursor = cursor.index(to + 1);
        let mut client = rooms[cursor].clone();
        let after = Seq(u64::try_from(cursor).expect("it is small"));
        client.rows.extend(rooms[to].rows.iter().filter(|(_, row)| row.rev > after).map(|(id, row)| (*id, row.clone())));
        if rooms[to].state.rev > after {
            client.state = rooms[to].state.clone();
        }
        client.head = rooms[to].head;
        prop_assert_eq!(&client, &rooms[to]);
        for change in &changes[to..] {
            apply(&mut client, change);
        }
        prop_assert_eq!(&client, &rooms[rooms.len() - 1]);
    }

    #[test]
    fn a_change_that_is_applied_twice_has_the_effect_of_one((rooms, changes) in history()) {
        let mut client = rooms[0].clone();
        for change in &changes {
            apply(&mut client, change);
            let once = client.clone();
            for row in client.rows.values_mut() {
                prop_assert_eq!(row.apply(change), Applied::Unchanged);
            }
            prop_assert!(!client.state.apply(change));
            prop_assert_eq!(&client, &once);
        }
    }

    #[test]
    fn a_change_that_is_older_than_a_row_leaves_the_row_alone((rooms, changes) in history()) {
        let mut newest = rooms[rooms.len() - 1].clone();
        for change in &changes {
            for row in newest.rows.values_mut() {
                let is_in_the_row = change.seq <= row.rev;
                if is_in_the_row || !change.targets.contains(&row.id) {
                    prop_assert_eq!(row.apply(change), Applied::Unchanged);
                }
            }
            if change.seq <= newest.state.rev {
                prop_assert!(!newest.state.apply(change));
            }
        }
        prop_assert_eq!(&newest, &rooms[rooms.len() - 1]);
    }

    #[test]
    fn a_change_that_is_lost_is_seen_as_a_difference((rooms, changes) in history(), lost in any::<Index>()) {
        prop_assume!(!changes.is_empty());
        let lost = lost.index(changes.len());
        let mut client = rooms[lost].clone();
        client.head = rooms[lost + 1].head;
        prop_assert_ne!(&client, &rooms[lost + 1], "{:?} changes no row", changes[lost]);
    }
}

/// Names the fields in which two states of a message differ. A new field doesn't compile here until it is compared.
fn differences(old: &Message, new: &Message) -> Vec<&'static str> {
    let Message { id, seq, rev, at, by, kind, body, reply_to, replies, edited_at, deleted_at, pinned, reactions } = old;
    assert!((id, seq, at, by) == (&new.id, &new.seq, &new.at, &new.by), "a change gave a message another identity");
    assert!((kind, reply_to) == (&new.kind, &new.reply_to), "a change made another message of a message");
    let fields = [
        ("rev", *rev == new.rev),
        ("body", *body == new.body),
        ("replies", *replies == new.replies),
        ("edited_at", *edited_at == new.edited_at),
        ("deleted_at", *deleted_at == new.deleted_at),
        ("pinned", *pinned == new.pinned),
        ("reactions", *reactions == new.reactions),
    ];
    fields.into_iter().filter(|(_, is_equal)| !is_equal).map(|(name, _)| name).collect()
}

#[test]
fn every_field_of_a_message_is_changed_and_set_back() {
    let mut room = ServerRoom::new();
    let acts = [Act::Post, Act::Reply(0), Act::Edit(0), Act::React(0, 0), Act::Pin(0), Act::Delete(0)];
    let mut changed = BTreeSet::new();
    for act in acts {
        let before = room.clone();
        let change = room.act(act).expect("the act has an effect");
        for (id, row) in before.rows {
            let mut applied = row.clone();
            applied.apply(&change);
            assert_eq!(applied, room.rows[&id], "{act:?}");
            changed.extend(differences(&row, &applied).into_iter().map(|field| (format!("{act:?}"), field)));
        }
    }
    let expected = [
        ("Reply(0)", &["replies", "rev"][..]),
        ("Edit(0)", &["body", "edited_at", "rev"]),
        ("React(0, 0)", &["reactions", "rev"]),
        ("Pin(0)", &["pinned", "rev"]),
        ("Delete(0)", &["body", "deleted_at", "edited_at", "pinned", "reactions", "rev"]),
    ];
    let expected = expected.iter().flat_map(|(act, fields)| fields.iter().map(|field| ((*act).to_owned(), *field)));
    assert_eq!(changed, expected.collect::<BTreeSet<_>>());
}
