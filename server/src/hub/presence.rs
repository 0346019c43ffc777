//! Who is in a room: a member with three tabs is there once. Told as a hint of which only the newest counts.

use std::collections::HashMap;

use hubbub_protocol::limits::{MAX_FRAME_BYTES, MAX_PRESENT_LISTED};
use hubbub_protocol::{Member, MemberId, RoomId, ServerFrame};

use super::Frame;

/// Who is in a room, for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// How many there are.
    pub count: u32,
    /// Who they are, by name; empty when they are too many to list.
    pub members: Vec<Member>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Presence {
    members: HashMap<MemberId, (Member, u32)>,
    /// What readers are told now; its number grows with every change.
    told: Option<(u64, Frame)>,
}

impl Presence {
    /// One more connection of a member. True if they were not there before.
    pub(super) fn enter(&mut self, member: &Member) -> bool {
        let (_, n_connections) = self.members.entry(member.id).or_insert_with(|| (member.clone(), 0));
        *n_connections += 1;
        *n_connections == 1
    }

    /// One connection less. True if it was the member's last.
    pub(super) fn leave(&mut self, member: MemberId) -> bool {
        let Some((_, n_connections)) = self.members.get_mut(&member) else { return false };
        *n_connections -= 1;
        let gone = *n_connections == 0;
        if gone {
            self.members.remove(&member);
        }
        gone
    }

    pub(super) fn now(&self) -> Present {
        let count = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        if self.members.len() > MAX_PRESENT_LISTED {
            return Present { count, members: Vec::new() };
        }
        let mut members: Vec<Member> = self.members.values().map(|(member, _)| member.clone()).collect();
        members.sort_by_cached_key(|member| (member.name.to_lowercase(), member.id));
        Present { count, members }
    }

    /// Makes the present state what readers are told.
    pub(super) fn tell(&mut self, room: RoomId) {
        let Present { count, members } = self.now();
        let mut frame = Frame::from(&ServerFrame::Present { room, count, members });
        // Few enough to be listed, if their names weren't so long.
        if frame.as_text().len() > MAX_FRAME_BYTES {
            frame = Frame::from(&ServerFrame::Present { room, count, members: Vec::new() });
        }
        let number = self.told.as_ref().map_or(1, |(number, _)| number + 1);
        self.told = Some((number, frame));
    }

    /// What a reader that has heard number `seen` is still to be told; `seen` is moved on.
    pub(super) fn since(&self, seen: &mut u64) -> Option<&Frame> {
        let (number, frame) = self.told.as_ref()?;
        (std::mem::replace(seen, *number) != *number).then_some(frame)
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::codec;
    use hubbub_protocol::limits::MAX_DISPLAY_NAME_CHARS;

    use super::*;

    const LOBBY: RoomId = RoomId(1);

    /// What readers are told when so many are there, whose names are that letter over and over.
    fn told(n_members: usize, letter: &str) -> (u32, usize) {
        let mut presence = Presence::default();
        for id in 1..=n_members as u64 {
            presence.enter(&Member { id: MemberId(id), name: letter.repeat(MAX_DISPLAY_NAME_CHARS) });
        }
        presence.tell(LOBBY);
        let frame = presence.since(&mut 0).expect("it was told").as_text();
        assert!(frame.len() <= MAX_FRAME_BYTES, "{} bytes", frame.len());
        match codec::decode_server(std::str::from_utf8(frame).expect("text")) {
            Ok(ServerFrame::Present { count, members, .. }) => (count, members.len()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn five_hundred_are_listed_and_more_are_counted() {
        assert_eq!(told(MAX_PRESENT_LISTED, "é"), (500, 500));
        assert_eq!(told(MAX_PRESENT_LISTED + 1, "é"), (501, 0));
    }

    #[test]
    fn names_that_do_not_fit_into_a_frame_together_are_counted() {
        assert_eq!(told(MAX_PRESENT_LISTED, "\u{1d518}"), (500, 0));
        assert_eq!(told(300, "\u{1d518}"), (300, 300));
    }
}
