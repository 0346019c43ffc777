//! The part of a room's entries that is drawn: those around the reader. So the page stays as small after ten thousand
//! messages as after a few hundred. Plain Rust; called by `screen` and `rows`.

use hubbub_client::Entry;
use hubbub_protocol::MessageId;

/// How many entries are drawn on each side of the reader. At least 5,500 px of the smallest messages (22 px, measured):
/// more than a screen of 3,840 px with the 600 px at which the window moves.
const REACH: usize = 250;

/// The part that is drawn, and how much lies before and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The message around which entries are drawn. None: the newest entries are drawn.
    pub(crate) centre: Option<MessageId>,
    pub(crate) n_before: usize,
    pub(crate) n_drawn: usize,
    pub(crate) n_after: usize,
}

impl Window {
    /// Draws all entries.
    pub(crate) const WHOLE: Self = Self { centre: None, n_before: 0, n_drawn: usize::MAX, n_after: 0 };

    /// Returns the window around a message, or the newest entries if the message is not among them.
    pub(super) fn around(centre: Option<MessageId>, entries: &[Entry<'_>]) -> Self {
        let is_centre = |entry: &Entry<'_>| matches!(entry, Entry::Message(message) if Some(message.id) == centre);
        let (n_entries, index) = (entries.len(), entries.iter().position(is_centre));
        let end = index.map_or(n_entries, |index| n_entries.min(index + REACH + 1));
        let n_before = index.map_or(end.saturating_sub(2 * REACH + 1), |index| index.saturating_sub(REACH));
        Self { centre: index.and(centre), n_before, n_drawn: end - n_before, n_after: n_entries - end }
    }
}

#[cfg(test)]
mod tests {
    use hubbub_client::{Gap, MessageState};
    use hubbub_protocol::{Member, MemberId, Seq, UnixMillis};

    use super::*;
    use crate::state::arrange::tests::view;

    fn id(n: u64) -> MessageId {
        MessageId::mint(UnixMillis(n), [0; 10])
    }

    /// Returns the window around a message in a room with so many messages and a gap at the end.
    fn window(n_messages: u64, centre: Option<u64>) -> Window {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let message = |n| Entry::Message(view(id(n), &kira, UnixMillis(n), MessageState::Sent(Seq(n))));
        let gap = Entry::Gap(Gap { after: Seq(n_messages), before: Seq(n_messages + 9) });
        let entries: Vec<_> = (1..=n_messages).map(message).chain([gap]).collect();
        Window::around(centre.map(id), &entries)
    }

    fn parts(n_messages: u64, centre: Option<u64>) -> (usize, usize, usize) {
        let window = window(n_messages, centre);
        (window.n_before, window.n_drawn, window.n_after)
    }

    #[test]
    fn few_entries_are_all_drawn() {
        assert_eq!(parts(0, None), (0, 1, 0));
        assert_eq!(parts(200, None), (0, 201, 0));
        assert_eq!(parts(200, Some(7)), (0, 201, 0));
    }

    #[test]
    fn as_many_are_drawn_at_the_end_as_in_the_middle() {
        assert_eq!(parts(9_999, None), (9_499, 501, 0));
        assert_eq!(parts(9_999, Some(5_001)), (4_750, 501, 4_749));
        assert_eq!(parts(9_999, Some(11)), (0, 261, 9_739));
    }

    #[test]
    fn around_a_message_that_is_gone_the_newest_entries_are_drawn() {
        assert_eq!(window(1_000, Some(5_000)), Window { centre: None, n_before: 500, n_drawn: 501, n_after: 0 });
    }
}
