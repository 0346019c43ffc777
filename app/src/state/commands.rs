//! What a person tells the page to do. Views give commands; the driver receives them.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use hubbub_protocol::text::Body;
use hubbub_protocol::{MessageId, RoomInfo};
use leptos::prelude::*;

use super::transport::TransportKind;

/// One thing to do. Commands about messages mean the room that is shown.
#[derive(Debug)]
pub(crate) enum Command {
    /// Send a message.
    Send(Body),
    /// Send a refused message again.
    Retry(MessageId),
    /// Forget a refused message.
    Discard(MessageId),
    /// Ask for the page before the oldest message.
    LoadOlder,
    /// Ask for the messages that are missing in between.
    FillGap,
    /// Tell the others that the person is typing.
    Typing,
    /// Connect now instead of at the end of the wait.
    ReconnectNow,
    /// Show another room.
    ShowRoom(RoomInfo),
    /// Use a transport; None leaves the choice to the page.
    ChooseTransport(Option<TransportKind>),
    /// Bring the figures of the connection panel up to date.
    UpdateTraffic,
}

/// The sending half of the channel from the views to the driver. Provided as context by the island.
///
/// The channel is unbounded: the driver empties it before the browser handles the next event, so it holds what one event
/// caused.
#[derive(Clone, Copy)]
pub(crate) struct Commands(StoredValue<UnboundedSender<Command>>);

impl Commands {
    /// Makes the channel. On the server nobody receives.
    pub(crate) fn new() -> (Self, UnboundedReceiver<Command>) {
        let (sender, receiver) = unbounded();
        (Self(StoredValue::new(sender)), receiver)
    }

    /// Gives a command to the driver.
    pub(crate) fn give(self, command: Command) {
        // Fails only where nobody receives: on the server.
        self.0.with_value(|sender| drop(sender.unbounded_send(command)));
    }
}
