//! The state of the connection as the page displays it. Plain Rust.

use hubbub_client::{ConnectionState, Engine};
use hubbub_protocol::{Refusal, RoomId, UnixMillis};

use super::transport::{TransportKind, TransportReason};

/// The connection as the page displays it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShownConnection {
    pub(crate) status: ConnectionStatus,
    /// The transport in use.
    pub(crate) transport: TransportKind,
    /// Why that transport is in use.
    pub(crate) reason: TransportReason,
}

/// What the connection's status shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionStatus {
    /// A connection is being opened.
    Connecting,
    /// The server has said welcome.
    Connected,
    /// The connection was lost, and the next attempt starts in that many seconds.
    Reconnecting { seconds: u64 },
    /// The browser says that it has no network.
    Offline,
    /// The session has ended.
    SignedOut,
}

/// Why the room that is shown brings nothing new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoomNotice {
    /// The session has ended.
    SignedOut,
    /// The server refused to let this member follow the room, or refused something else than a message.
    Refused(Refusal),
}

impl ShownConnection {
    /// The state that the first paint shows.
    pub(crate) const FIRST: Self = Self {
        status: ConnectionStatus::Connecting,
        transport: TransportKind::WebSocket,
        reason: TransportReason::Found,
    };
}

impl ConnectionStatus {
    /// The status of the engine's connection. A wait is counted in whole seconds from `now` and is at least 1 s.
    pub(crate) fn of(connection: ConnectionState, now: UnixMillis) -> Self {
        match connection {
            ConnectionState::Connecting => Self::Connecting,
            ConnectionState::Connected => Self::Connected,
            ConnectionState::Reconnecting { at } => {
                Self::Reconnecting { seconds: at.0.saturating_sub(now.0).div_ceil(1000).max(1) }
            }
            ConnectionState::Offline => Self::Offline,
            ConnectionState::SignedOut => Self::SignedOut,
        }
    }
}

impl RoomNotice {
    /// The notice for a room, if there is one.
    pub(crate) fn of(engine: &Engine, room: RoomId) -> Option<Self> {
        if engine.connection() == ConnectionState::SignedOut {
            return Some(Self::SignedOut);
        }
        engine.denied(room).cloned().map(Self::Refused)
    }
}

/// When the countdown next shows another number.
pub(crate) fn next_second(connection: ConnectionState, now: UnixMillis) -> Option<UnixMillis> {
    let ConnectionState::Reconnecting { at } = connection else { return None };
    let left_ms = at.0.saturating_sub(now.0);
    (left_ms > 1000).then(|| UnixMillis(now.0 + (left_ms - 1) % 1000 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_shows_whole_seconds_and_wakes_when_the_number_changes() {
        let waiting = ConnectionState::Reconnecting { at: UnixMillis(10_000) };
        let seconds = |now| ConnectionStatus::of(waiting, UnixMillis(now));
        assert_eq!(seconds(6_000), ConnectionStatus::Reconnecting { seconds: 4 });
        assert_eq!(seconds(6_001), ConnectionStatus::Reconnecting { seconds: 4 });
        assert_eq!(seconds(11_000), ConnectionStatus::Reconnecting { seconds: 1 });
        assert_eq!(next_second(waiting, UnixMillis(6_000)), Some(UnixMillis(7_000)));
        assert_eq!(next_second(waiting, UnixMillis(6_001)), Some(UnixMillis(7_000)));
        assert_eq!(next_second(waiting, UnixMillis(9_500)), None);
        assert_eq!(next_second(ConnectionState::Connected, UnixMillis(0)), None);
    }
}
