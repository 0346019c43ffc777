//! Who is here and who is typing: hints that have no seq, are never stored and may be lost. A room holds them.

use hubbub_protocol::limits::{TYPING_EVERY, TYPING_SHOWN};
use hubbub_protocol::{Member, MemberId, UnixMillis};

use crate::moment::after;

/// Who is in a room, as the server last said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// How many there are.
    pub count: u32,
    /// Who they are, by name; empty when there are too many to list.
    pub members: Vec<Member>,
}

/// Who is typing in a room: the others, and when this member last said so.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    others: Vec<(Member, UnixMillis)>,
    told: Option<UnixMillis>,
}

impl Typing {
    /// Another member is typing. True when that wasn't known.
    pub(crate) fn heard(&mut self, by: Member, now: UnixMillis) -> bool {
        let until = after(now, TYPING_SHOWN);
        if let Some(other) = self.others.iter_mut().find(|(member, _)| member.id == by.id) {
            other.1 = until;
            return false;
        }
        self.others.push((by, until));
        true
    }

    /// A member has said what they were typing. True when they were.
    pub(crate) fn done(&mut self, by: MemberId) -> bool {
        let before = self.others.len();
        self.others.retain(|(member, _)| member.id != by);
        self.others.len() < before
    }

    /// Drops who has stopped. True when someone has.
    pub(crate) fn expire(&mut self, now: UnixMillis) -> bool {
        let before = self.others.len();
        self.others.retain(|(_, until)| *until > now);
        self.others.len() < before
    }

    /// The others that are typing, in the order they began.
    pub(crate) fn at(&self, now: UnixMillis) -> Vec<Member> {
        self.others.iter().filter(|(_, until)| *until > now).map(|(member, _)| member.clone()).collect()
    }

    /// Whether the server is to be told that this member is typing; it counts as told.
    pub(crate) fn tell(&mut self, now: UnixMillis) -> bool {
        // A clock set back makes `told` lie in the future: then it is told again at once and not in a year.
        let due = self.told.is_none_or(|told| now >= after(told, TYPING_EVERY) || now < told);
        if due {
            self.told = Some(now);
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
        assert!(typing.heard(david(), UnixMillis(0)));
        assert!(!typing.heard(david(), UnixMillis(3_000)));
        assert_eq!(typing.at(UnixMillis(8_999)), [david()]);
        assert!(typing.at(UnixMillis(9_000)).is_empty());
        assert_eq!(typing.deadline(), Some(UnixMillis(9_000)));
        assert!(typing.expire(UnixMillis(9_000)));
        assert_eq!(typing.deadline(), None);
    }

    #[test]
    fn who_types_tells_it_every_three_seconds_at_most() {
        let mut typing = Typing::default();
        let told: Vec<u64> = (10..20).filter(|s| typing.tell(UnixMillis(s * 1_000))).collect();
        assert_eq!(told, [10, 13, 16, 19]);
        assert!(typing.tell(UnixMillis(1_000)), "a clock set back does not silence");
    }
}
