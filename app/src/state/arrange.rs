//! Puts a room's entries in lines: a line for each day, and for each message whether it opens its author's group. Plain
//! Rust without signals; called by `rows`.

use hubbub_client::{Entry, Gap, MessageView};
use hubbub_protocol::{MemberId, MessageId, UnixMillis};

use crate::ui::time::Day;

/// Messages of one author that are further apart than this form two groups.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// A group shows its author again after so many messages without.
const MAX_FOLLOWING: usize = 10;

/// The position of a message in its author's group, which decides whether the author is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupPosition {
    /// The first message: shown with name and avatar.
    First,
    /// A later message that shows name and avatar again, because the last one that did is far above.
    Again,
    /// A later message: the body alone.
    Following,
}

/// One line of the timeline.
#[cfg_attr(not(target_arch = "wasm32"), expect(clippy::large_enum_variant, reason = "nearly all lines are messages"))]
pub(crate) enum Line<'a> {
    /// A day begins with the message `first`.
    Day { first: MessageId, day: Day },
    /// A message.
    Message(MessageView<'a>, GroupPosition),
    /// Messages are missing here.
    Gap(Gap),
}

/// Returns the lines for the entries, in the same order. `before` is the message before the first entry, which may
/// continue that message's group and day. A message that `shows_again` says shows its author again does so still, so that
/// older messages that are added above don't move all authors of a long group.
pub(crate) fn arrange<'a>(
    before: Option<&MessageView<'_>>,
    entries: impl Iterator<Item = Entry<'a>>,
    mut shows_again: impl FnMut(MessageId) -> bool,
    day_of: impl Fn(UnixMillis) -> Day,
) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(entries.size_hint().0);
    let mut day = before.map(|message| day_of(message.at));
    let mut previous = before.and_then(author_and_time);
    let mut n_following = 0;
    for entry in entries {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Gap(gap) => {
                lines.push(Line::Gap(gap));
                previous = None;
                continue;
            }
        };
        let message_day = day_of(message.at);
        if day != Some(message_day) {
            lines.push(Line::Day { first: message.id, day: message_day });
            day = Some(message_day);
            previous = None;
        }
        let this = author_and_time(&message);
        let follows = this
            .zip(previous)
            .is_some_and(|((by, at), (before_by, before_at))| by == before_by && at.0.abs_diff(before_at.0) < GROUP_MS);
        previous = this;
        let position = if !follows {
            GroupPosition::First
        } else if n_following >= MAX_FOLLOWING || shows_again(message.id) {
            GroupPosition::Again
        } else {
            GroupPosition::Following
        };
        n_following = if position == GroupPosition::Following { n_following + 1 } else { 0 };
        lines.push(Line::Message(message, position));
    }
    lines
}

/// Returns what decides which group a message belongs to. None for a line such as "Kira named the room", which stands by
/// itself.
fn author_and_time(message: &MessageView<'_>) -> Option<(MemberId, UnixMillis)> {
    message.kind.is_text().then_some((message.by.id, message.at))
}

#[cfg(test)]
pub(crate) mod tests {
    use hubbub_client::{Deletion, MessageState};
    use hubbub_protocol::{Member, MessageKind, Seq};

    use super::*;

    const MINUTE_MS: u64 = 60_000;
    const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

    /// A message without anything but a text.
    pub(crate) fn view(id: MessageId, by: &Member, at: UnixMillis, state: MessageState) -> MessageView<'_> {
        MessageView {
            id,
            by,
            at,
            kind: &MessageKind::Text,
            body: "Hi",
            reply_to: None,
            quote: None,
            replies: 0,
            edited_at: None,
            is_edit_pending: false,
            deletion: Deletion::None,
            pinned: false,
            reactions: Vec::new(),
            state,
            problem: None,
        }
    }

    fn shown(written: &[(&Member, u64)], gap_before: Option<usize>) -> String {
        shown_with(written, gap_before, None)
    }

    /// Returns the lines if the message with the index `again` has shown its author again before.
    fn shown_with(written: &[(&Member, u64)], gap_before: Option<usize>, again: Option<usize>) -> String {
        let again = again.map(|i| MessageId::mint(UnixMillis(written[i].1), [u8::try_from(i).expect("few"); 10]));
        let mut entries = Vec::new();
        for (i, (by, at)) in written.iter().enumerate() {
            if gap_before == Some(i) {
                entries.push(Entry::Gap(Gap { after: Seq(1), before: Seq(9) }));
            }
            let id = MessageId::mint(UnixMillis(*at), [u8::try_from(i).expect("few"); 10]);
            let state = MessageState::Sent(Seq(i as u64 + 1));
            entries.push(Entry::Message(view(id, by, UnixMillis(*at), state)));
        }
        let lines = arrange(None, entries.into_iter(), |id| again == Some(id), |at| Day((at.0 / DAY_MS).cast_signed()));
        let words = lines.iter().map(|line| match line {
            Line::Day { day, .. } => format!("day{}", day.0),
            Line::Message(message, GroupPosition::First) => message.by.name.clone(),
            Line::Message(message, GroupPosition::Again) => format!("+{}", message.by.name),
            Line::Message(_, GroupPosition::Following) => "+".to_owned(),
            Line::Gap(_) => "gap".to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn messages_of_one_author_form_a_group_until_five_minutes_pass_or_another_author_posts() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let ben = Member { id: MemberId(2), name: "Ben".to_owned() };
        let written = [
            (&kira, 0),
            (&kira, 5 * MINUTE_MS - 1),
            (&kira, 10 * MINUTE_MS - 1),
            (&ben, 10 * MINUTE_MS),
            (&kira, 10 * MINUTE_MS),
        ];
        assert_eq!(shown(&written, None), "day0 Kira + Kira Ben Kira");
    }

    #[test]
    fn a_long_group_shows_its_author_again_after_ten_messages() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let written: Vec<_> = (0..24).map(|at| (&kira, at)).collect();
        let ten = "+ + + + + + + + + +";
        assert_eq!(shown(&written, None), format!("day0 Kira {ten} +Kira {ten} +Kira +"));
        assert_eq!(
            shown_with(&written, None, Some(4)),
            format!("day0 Kira + + + +Kira {ten} +Kira + + + + + + + +"),
            "the author stays where it was, and the count goes on from there"
        );
    }

    #[test]
    fn a_day_and_a_gap_each_begin_a_new_group() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let midnight = [(&kira, DAY_MS - 1), (&kira, DAY_MS), (&kira, DAY_MS + 1)];
        assert_eq!(shown(&midnight, None), "day0 Kira day1 Kira +");
        assert_eq!(shown(&midnight, Some(2)), "day0 Kira day1 Kira gap Kira");
    }

    #[test]
    fn a_clock_that_jumps_back_repeats_a_day_and_loses_no_message() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        assert_eq!(shown(&[(&kira, DAY_MS), (&kira, 0), (&kira, DAY_MS)], None), "day1 Kira day0 Kira day1 Kira");
    }
}
