//! Who is in a room: a member with three tabs is there once. Told as a hint of which only the newest counts.

use std::collections::HashMap;

use hubbub_protocol::limits::MAX_PRESENT_LISTED;
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
        let number = self.told.as_ref().map_or(1, |(number, _)| number + 1);
        self.told = Some((number, Frame::from(&ServerFrame::Present { room, count, members })));
    }

    /// What a reader that has heard number `seen` is still to be told; `seen` is moved on.
    pub(super) fn since(&self, seen: &mut u64) -> Option<&Frame> {
        let (number, frame) = self.told.as_ref()?;
        (std::mem::replace(seen, *number) != *number).then_some(frame)
    }
}
