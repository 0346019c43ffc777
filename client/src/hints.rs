//! Who is present and who is typing: hints that have no seq, are never stored and may be lost. A room holds them.

use hubbub_protocol::limits::{TYPING_EVERY, TYPING_SHOWN};
use hubbub_protocol::{Member, MemberId, UnixMillis};

use crate::moment::after;

/// Who is in a room, as the server last sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// The number of members in the room.
    pub count: u32,
    /// The members in the room. Empty when there are too many to list.
    pub members: Vec<Member>,
}

/// The members who are typing in a room, and when this client last sent a hint.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    /// The other members who are typing, and when their hints expire.
    others: Vec<(Member, UnixMillis)>,
    last_sent: Option<UnixMillis>,
}

impl Typing {
    /// Takes a hint that another member is typing. Returns whether the member was not typing before.
    pub(crate) fn received(&mut self, by: Member, now: UnixMillis) -> bool {
        let until = after(now, TYPING_SHOWN);
        if let Some(other) = self.others.iter_mut().find(|(member, _)| member.id == by.id) {
            other.1 = until;
            return false;
        }
        self.others.push((by, until));
        true
    }

    /// Takes the arrival of a member's message, which ends their typing. Returns whether they were typing.
    pub(crate) fn stopped(&mut self, by: MemberId) -> bool {
        let before = self.others.len();
        self.others.retain(|(member, _)| member.id != by);
        self.others.len() < before
    }

    /// Drops the members whose hints are too old. Returns whether there were any.
    pub(crate) fn expire(&mut self, now: UnixMillis) -> bool {
        let before = self.others.len();
        self.others.retain(|(_, until)| *until > now);
        self.others.len() < before
    }

    /// Returns the other members who are typing, in the order in which they began.
    pub(crate) fn members(&self, now: UnixMillis) -> Vec<Member> {
        self.others.iter().filter(|(_, until)| *until > now).map(|(member, _)| member.clone()).collect()
    }

    /// Returns whether a hint has to be sent now, and counts it as sent.
    pub(crate) fn should_send(&mut self, now: UnixMillis) -> bool {
        // After the clock was set back, `last_sent` lies in the future. Then the hint is sent at once.
        let due = self.last_sent.is_none_or(|last| now >= after(last, TYPING_EVERY) || now < last);
        if due {
            self.last_sent = Some(now);
        }
        due
    }

    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        self.others.iter().map(|(_, until)| *until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn david() -> Member {
        Member { id: MemberId(2), name: "David".to_owned() }
    }

    #[test]
    fn a_typing_hint_is_shown_for_six_seconds_and_each_new_one_prolongs_it() {
        let mut typing = Typing::default();
        assert!(typing.received(david(), UnixMillis(0)));
        assert!(!typing.received(david(), UnixMillis(3_000)));
        assert_eq!(typing.members(UnixMillis(8_999)), [david()]);
        assert!(typing.members(UnixMillis(9_000)).is_empty());
        assert_eq!(typing.deadline(), Some(UnixMillis(9_000)));
        assert!(typing.expire(UnixMillis(9_000)));
        assert_eq!(typing.deadline(), None);
    }

    #[test]
    fn a_typing_hint_is_sent_at_most_every_three_seconds() {
        let mut typing = Typing::default();
        let sent: Vec<u64> = (10..20).filter(|s| typing.should_send(UnixMillis(s * 1_000))).collect();
        assert_eq!(sent, [10, 13, 16, 19]);
        assert!(typing.should_send(UnixMillis(1_000)), "a hint is sent after the clock was set back");
    }
}
