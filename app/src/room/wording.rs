//! Sentences with numbers and names in them. Plain Rust, called by the components that show the sentences.

use hubbub_protocol::limits::MAX_BODY_CHARS;
use hubbub_protocol::{Member, Seq};

use crate::state::connection::{ConnectionStatus, RoomNotice};
use crate::state::traffic::FrameCount;
use crate::state::transport::{TransportKind, TransportReason};

/// The most characters of a text that are shown on one line. The style cuts the line where it ends.
const LINE_CHARS: usize = 160;
/// The composer says how many characters are left when there are this many or fewer.
const LEFT_SHOWN_FROM: usize = 200;

/// The beginning of a text on one line.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(LINE_CHARS).collect()
}

/// Who is typing, as a sentence without a full stop; empty when nobody is.
pub(crate) fn typing_sentence(members: &[Member]) -> String {
    match members {
        [] => String::new(),
        [one] => format!("{} is typing", one.name),
        [one, other] => format!("{} and {} are typing", one.name, other.name),
        _ => "Several people are typing".to_owned(),
    }
}

/// How many characters still fit, if few do; negative if there are too many.
pub(crate) fn chars_left(text: &str) -> Option<i64> {
    let n_chars = text.trim().chars().count();
    let left = i64::try_from(MAX_BODY_CHARS).ok()? - i64::try_from(n_chars).ok()?;
    (n_chars + LEFT_SHOWN_FROM >= MAX_BODY_CHARS).then_some(left)
}

/// The words of the composer's counter.
pub(crate) fn counter(left: i64) -> String {
    if left < 0 { format!("{} too many", -left) } else { format!("{left} characters left") }
}

/// The words of the button that leads to the newest message, below which so many messages arrived.
pub(crate) fn jump_words(n_arrived: i64) -> String {
    match n_arrived {
        0 => "Jump to latest ↓".to_owned(),
        1 => "1 new message ↓".to_owned(),
        n => format!("{n} new messages ↓"),
    }
}

/// The value of `data-state`, which styles and tests read.
pub(crate) fn connection_code(status: ConnectionStatus) -> &'static str {
    match status {
        ConnectionStatus::Connected => "connected",
        ConnectionStatus::Connecting | ConnectionStatus::Reconnecting { .. } => "reconnecting",
        ConnectionStatus::Offline | ConnectionStatus::SignedOut => "offline",
    }
}

/// The words that a screen reader announces when they change.
pub(crate) fn connection_words(status: ConnectionStatus) -> &'static str {
    match status {
        ConnectionStatus::Connecting => "Connecting…",
        ConnectionStatus::Connected => "Connected",
        ConnectionStatus::Reconnecting { .. } => "Reconnecting",
        ConnectionStatus::Offline => "Offline: messages wait here",
        ConnectionStatus::SignedOut => "Signed out",
    }
}

/// The words that change each second, which a screen reader does not announce.
pub(crate) fn countdown(status: ConnectionStatus) -> String {
    match status {
        ConnectionStatus::Reconnecting { seconds } => format!(" in {seconds} s"),
        ConnectionStatus::Connecting
        | ConnectionStatus::Connected
        | ConnectionStatus::Offline
        | ConnectionStatus::SignedOut => String::new(),
    }
}

/// Why nothing comes from a room, and what to do about it.
pub(crate) fn notice(notice: &RoomNotice) -> String {
    match notice {
        RoomNotice::SignedOut => {
            "You are signed out. What you wrote is kept here, and what waits is sent when you come back.".to_owned()
        }
        RoomNotice::Refused(refusal) => refusal.to_string(),
    }
}

/// The transport in use, and why.
pub(crate) fn transport_reason((kind, reason): (TransportKind, TransportReason)) -> String {
    let name = match kind {
        TransportKind::WebSocket => "WebSocket",
        TransportKind::LongPolling => "Long polling",
        TransportKind::Polling => "Polling",
    };
    let reason = match (reason, kind) {
        (TransportReason::Chosen, _) => "chosen by hand",
        (_, TransportKind::WebSocket) => "the first choice",
        (TransportReason::Remembered, _) => "it worked here before",
        (TransportReason::Found, TransportKind::LongPolling) => "no WebSocket got through",
        (TransportReason::Found, TransportKind::Polling) => "waiting requests were cut short",
    };
    format!("{name}: {reason}")
}

/// The frames of one direction.
pub(crate) fn frames(FrameCount { n_frames, n_bytes }: FrameCount) -> String {
    format!("{n_frames} messages, {n_bytes} bytes")
}

/// Up to which seq each room is known, a line each.
pub(crate) fn heads(heads: &[(String, Seq)]) -> String {
    heads.iter().map(|(room, seq)| format!("{room}: {seq}\n")).collect()
}

/// The window's title: the number of unseen messages and the room.
pub(crate) fn title(room: &str, n_unseen: usize) -> String {
    match n_unseen {
        0 => format!("{room} · Hubbub"),
        n => format!("({n}) {room} · Hubbub"),
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::MemberId;

    use super::*;

    #[test]
    fn the_typing_line_names_at_most_two_people() {
        let names = ["Ben", "Ana", "Eve"].map(|name| Member { id: MemberId(1), name: name.to_owned() });
        assert_eq!(typing_sentence(&names[..0]), "");
        assert_eq!(typing_sentence(&names[..1]), "Ben is typing");
        assert_eq!(typing_sentence(&names[..2]), "Ben and Ana are typing");
        assert_eq!(typing_sentence(&names), "Several people are typing");
    }

    #[test]
    fn the_characters_left_are_shown_near_the_limit_and_count_the_trimmed_text() {
        assert_eq!(chars_left(&"a".repeat(3_799)), None);
        assert_eq!(chars_left(&"a".repeat(3_800)), Some(200));
        assert_eq!(chars_left(&"😀".repeat(4_000)), Some(0));
        assert_eq!(chars_left(&("a".repeat(4_001) + "  \n")), Some(-1));
    }

    #[test]
    fn the_counter_says_how_many_characters_are_left_or_too_many() {
        assert_eq!([200, 0, -100].map(counter), ["200 characters left", "0 characters left", "100 too many"]);
    }

    #[test]
    fn the_button_to_the_newest_message_says_how_many_have_arrived() {
        assert_eq!([0, 1, 3].map(jump_words), ["Jump to latest ↓", "1 new message ↓", "3 new messages ↓"]);
    }

    #[test]
    fn the_transport_in_use_is_named_with_its_reason() {
        assert_eq!(transport_reason((TransportKind::WebSocket, TransportReason::Found)), "WebSocket: the first choice");
        assert_eq!(transport_reason((TransportKind::WebSocket, TransportReason::Chosen)), "WebSocket: chosen by hand");
        assert_eq!(
            transport_reason((TransportKind::LongPolling, TransportReason::Found)),
            "Long polling: no WebSocket got through"
        );
        assert_eq!(
            transport_reason((TransportKind::LongPolling, TransportReason::Remembered)),
            "Long polling: it worked here before"
        );
        assert_eq!(
            transport_reason((TransportKind::Polling, TransportReason::Found)),
            "Polling: waiting requests were cut short"
        );
        assert_eq!(transport_reason((TransportKind::Polling, TransportReason::Chosen)), "Polling: chosen by hand");
    }
}
