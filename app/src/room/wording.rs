//! Sentences that depend on numbers and names. Plain Rust, called by the components that show them.

use hubbub_client::{Connection, Engine};
use hubbub_protocol::limits::MAX_BODY_CHARS;
use hubbub_protocol::{Member, RoomId, UnixMillis};

use crate::live::ladder::{Rung, Why};

/// From how few characters left on the composer says how many.
const LEFT_SHOWN_FROM: usize = 200;

/// Who is typing, as a sentence without its end; empty when nobody is.
pub(crate) fn typing_sentence(members: &[Member]) -> String {
    match members {
        [] => String::new(),
        [one] => format!("{} is typing", one.name),
        [one, other] => format!("{} and {} are typing", one.name, other.name),
        _ => "Several people are typing".to_owned(),
    }
}

/// How many characters still fit, once that is worth saying; below 0 when there are too many.
pub(crate) fn chars_left(text: &str) -> Option<i64> {
    let n_chars = text.trim().chars().count();
    let left = i64::try_from(MAX_BODY_CHARS).ok()? - i64::try_from(n_chars).ok()?;
    (n_chars + LEFT_SHOWN_FROM >= MAX_BODY_CHARS).then_some(left)
}

/// What the connection's status shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The first connection is being made, or one that was due.
    Connecting,
    /// Messages come and go.
    Connected,
    /// The next attempt comes after so many seconds.
    Reconnecting { seconds: u64 },
    /// The browser has no network.
    Offline,
    /// The session has ended.
    SignedOut,
}

impl Standing {
    /// What the engine believes, with the wait counted from now in whole seconds, never 0.
    pub(crate) fn of(connection: Connection, now: UnixMillis) -> Self {
        match connection {
            Connection::Connecting => Self::Connecting,
            Connection::Connected => Self::Connected,
            Connection::Reconnecting { at } => {
                Self::Reconnecting { seconds: at.0.saturating_sub(now.0).div_ceil(1000).max(1) }
            }
            Connection::Offline => Self::Offline,
            Connection::SignedOut => Self::SignedOut,
        }
    }

    /// `data-state`: connected, reconnecting or offline.
    pub(crate) fn state(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Connecting | Self::Reconnecting { .. } => "reconnecting",
            Self::Offline | Self::SignedOut => "offline",
        }
    }

    /// The words that a screen reader hears when they change.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Connecting => "Connecting…",
            Self::Connected => "Connected",
            Self::Reconnecting { .. } => "Reconnecting",
            Self::Offline => "Offline: messages wait here",
            Self::SignedOut => "Signed out",
        }
    }

    /// The words that change each second and are only seen.
    pub(crate) fn countdown(self) -> String {
        match self {
            Self::Reconnecting { seconds } => format!(" in {seconds} s"),
            _ => String::new(),
        }
    }
}

/// Why nothing comes from a room, and what to do about it; else empty. In place of it stands what the server refused
/// since it was connected.
pub(crate) fn notice(engine: &Engine, room: RoomId) -> String {
    if engine.connection() == Connection::SignedOut {
        return "You are signed out. Reload the page to give a name again.".to_owned();
    }
    engine.denied(room).map(ToString::to_string).unwrap_or_default()
}

/// The way that is in use, and why.
pub(crate) fn reason(rung: Rung, why: Why) -> String {
    let name = match rung {
        Rung::WebSocket => "WebSocket",
        Rung::LongPoll => "Long polling",
        Rung::Poll => "Polling",
    };
    let why = match (why, rung) {
        (Why::Chosen, _) => "chosen by hand",
        (_, Rung::WebSocket) => "the first choice",
        (Why::Remembered, _) => "it worked here before",
        (Why::Found, Rung::LongPoll) => "no WebSocket got through",
        (Why::Found, Rung::Poll) => "waiting requests were cut short",
    };
    format!("{name}: {why}")
}

/// How much has travelled one way; what surrounds the messages on the way is not counted.
pub(crate) fn travelled(n: usize, bytes: usize) -> String {
    format!("{n} messages, {bytes} bytes")
}

/// How far each room that is followed has come, a line each.
pub(crate) fn rooms_and_seqs(engine: &Engine) -> String {
    let mut lines = String::new();
    for room in engine.rooms() {
        if let Some(cursor) = engine.cursor(room.id) {
            lines += &format!("{}: {}\n", room.name, cursor.seq);
        }
    }
    lines
}

/// The window's title: how many messages came unseen, and where one is.
pub(crate) fn title(room: &str, n_unseen: usize) -> String {
    match n_unseen {
        0 => format!("{room} · Hubbub"),
        n => format!("({n}) {room} · Hubbub"),
    }
}

/// When the countdown next shows another number.
pub(crate) fn next_count(connection: Connection, now: UnixMillis) -> Option<UnixMillis> {
    let Connection::Reconnecting { at } = connection else { return None };
    let left_ms = at.0.saturating_sub(now.0);
    (left_ms > 1000).then(|| UnixMillis(now.0 + (left_ms - 1) % 1000 + 1))
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::MemberId;

    use super::*;

    #[test]
    fn the_typing_line_names_two_and_counts_no_further() {
        let names = ["Ben", "Ana", "Eve"].map(|name| Member { id: MemberId(1), name: name.to_owned() });
        assert_eq!(typing_sentence(&names[..0]), "");
        assert_eq!(typing_sentence(&names[..1]), "Ben is typing");
        assert_eq!(typing_sentence(&names[..2]), "Ben and Ana are typing");
        assert_eq!(typing_sentence(&names), "Several people are typing");
    }

    #[test]
    fn the_room_left_is_told_near_the_limit_and_counts_what_would_be_sent() {
        assert_eq!(chars_left(&"a".repeat(3_799)), None);
        assert_eq!(chars_left(&"a".repeat(3_800)), Some(200));
        assert_eq!(chars_left(&"😀".repeat(4_000)), Some(0));
        assert_eq!(chars_left(&("a".repeat(4_001) + "  \n")), Some(-1));
    }

    #[test]
    fn the_wait_is_counted_in_whole_seconds_and_wakes_when_the_number_changes() {
        let waiting = Connection::Reconnecting { at: UnixMillis(10_000) };
        let seconds = |now| Standing::of(waiting, UnixMillis(now));
        assert_eq!(seconds(6_000), Standing::Reconnecting { seconds: 4 });
        assert_eq!(seconds(6_001), Standing::Reconnecting { seconds: 4 });
        assert_eq!(seconds(11_000), Standing::Reconnecting { seconds: 1 });
        assert_eq!(next_count(waiting, UnixMillis(6_000)), Some(UnixMillis(7_000)));
        assert_eq!(next_count(waiting, UnixMillis(6_001)), Some(UnixMillis(7_000)));
        assert_eq!(next_count(waiting, UnixMillis(9_500)), None);
        assert_eq!(next_count(Connection::Connected, UnixMillis(0)), None);
    }

    #[test]
    fn the_way_in_use_is_told_with_its_reason() {
        assert_eq!(reason(Rung::WebSocket, Why::Found), "WebSocket: the first choice");
        assert_eq!(reason(Rung::WebSocket, Why::Chosen), "WebSocket: chosen by hand");
        assert_eq!(reason(Rung::LongPoll, Why::Found), "Long polling: no WebSocket got through");
        assert_eq!(reason(Rung::LongPoll, Why::Remembered), "Long polling: it worked here before");
        assert_eq!(reason(Rung::Poll, Why::Found), "Polling: waiting requests were cut short");
        assert_eq!(reason(Rung::Poll, Why::Chosen), "Polling: chosen by hand");
    }
}
