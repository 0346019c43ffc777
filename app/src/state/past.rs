//! What stands above the timeline: the beginning of the room, or older messages. Set by `screen`, shown by the timeline.

use hubbub_client::Engine;
use hubbub_protocol::RoomId;

/// What lies before the oldest message of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// The room's first page has not come yet.
    Unknown,
    /// Nothing: the oldest message is the room's first.
    Beginning,
    /// Older messages, which can be asked for.
    Older,
    /// Older messages, which are asked for.
    Loading,
}

impl Past {
    /// What lies before the oldest message that the engine holds of a room.
    pub(crate) fn of(engine: &Engine, room: RoomId) -> Self {
        match engine.timeline(room) {
            Some(timeline) if engine.cursor(room).is_some() => {
                if timeline.is_loading_older() {
                    Self::Loading
                } else if timeline.has_older() {
                    Self::Older
                } else {
                    Self::Beginning
                }
            }
            Some(_) | None => Self::Unknown,
        }
    }

    /// Whether the next messages to arrive are older ones.
    pub(super) fn is_coming(self) -> bool {
        matches!(self, Self::Unknown | Self::Loading)
    }
}
