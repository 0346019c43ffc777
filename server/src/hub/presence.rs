//! The members in a room. A member with several connections is listed once. Presence is sent as a hint, and only the newest
//! hint is kept.

use std::collections::HashMap;

use hubbub_protocol::limits::{MAX_FRAME_BYTES, MAX_PRESENT_LISTED};
use hubbub_protocol::{Member, MemberId, RoomId, ServerFrame};

use super::Frame;

/// Who is in a room, for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// The number of members in the room.
    pub count: u32,
    /// The members, ordered by name; empty if there are too many to list.
    pub members: Vec<Member>,
}

/// The members of a room with their connections, and the newest frame that lists them.
#[derive(Default)]
pub(super) struct Presence {
    members: HashMap<MemberId, (Member, u32)>,
    /// The newest frame and its number, which grows by one with each frame.
    newest: Option<(u64, Frame)>,
}

impl Presence {
    /// Adds a connection of a member. True if it is the member's first.
    pub(super) fn enter(&mut self, member: &Member) -> bool {
        let (_, n_connections) = self.members.entry(member.id).or_insert_with(|| (member.clone(), 0));
        *n_connections += 1;
        *n_connections == 1
    }

    /// Removes a connection of a member. True if it was the member's last.
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

    /// Encodes the present state as the newest frame.
    pub(super) fn encode(&mut self, room: RoomId) {
        let Present { count, members } = self.now();
        let mut frame = Frame::from(&ServerFrame::Present { room, count, members });
        // The names of few members may be too long for a frame.
        if frame.as_text().len() > MAX_FRAME_BYTES {
            frame = Frame::from(&ServerFrame::Present { room, count, members: Vec::new() });
        }
        let number = self.newest.as_ref().map_or(1, |(number, _)| number + 1);
        self.newest = Some((number, frame));
    }

    /// Returns the newest frame if its number isn't `seen`, and moves `seen` on.
    pub(super) fn since(&self, seen: &mut u64) -> Option<&Frame> {
        let (number, frame) = self.newest.as_ref()?;
        (std::mem::replace(seen, *number) != *number).then_some(frame)
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::codec;
    use hubbub_protocol::limits::MAX_DISPLAY_NAME_CHARS;

    use super::*;

    const LOBBY: RoomId = RoomId(1);

    /// Returns the count and the number of listed members of a frame for `n_members`, whose names repeat `letter`.
    fn sent(n_members: usize, letter: &str) -> (u32, usize) {
        let mut presence = Presence::default();
        for id in 1..=n_members as u64 {
            presence.enter(&Member { id: MemberId(id), name: letter.repeat(MAX_DISPLAY_NAME_CHARS) });
        }
        presence.encode(LOBBY);
        let frame = presence.since(&mut 0).expect("it was encoded").as_text();
        assert!(frame.len() <= MAX_FRAME_BYTES, "{} bytes", frame.len());
        match codec::decode_server(std::str::from_utf8(frame).expect("text")) {
            Ok(ServerFrame::Present { count, members, .. }) => (count, members.len()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn up_to_five_hundred_members_are_listed_and_more_are_only_counted() {
        assert_eq!(sent(MAX_PRESENT_LISTED, "é"), (500, 500));
        assert_eq!(sent(MAX_PRESENT_LISTED + 1, "é"), (501, 0));
    }

    #[test]
    fn members_are_only_counted_if_their_names_do_not_fit_into_one_frame() {
        assert_eq!(sent(MAX_PRESENT_LISTED, "\u{1d518}"), (500, 0));
        assert_eq!(sent(300, "\u{1d518}"), (300, 300));
    }
}
