//! What a person tells the page to do. Views give commands; the driver receives them.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use hubbub_client::{Gap, GapEnd};
use hubbub_protocol::text::{Body, RoomName, Topic};
use hubbub_protocol::{MessageId, OpId, RoomInfo};
use leptos::prelude::*;

use super::transport::TransportKind;

/// One thing to do. Commands about messages mean the room that is shown.
#[derive(Debug)]
pub(crate) enum Command {
    /// Send a message, perhaps as an answer to another one.
    Send { body: Body, reply_to: Option<MessageId> },
    /// Give an own message another text.
    Edit { message: MessageId, body: Body },
    /// Delete an own message.
    Delete(MessageId),
    /// Add an own reaction, or take it back.
    React { message: MessageId, emoji: String, on: bool },
    /// Pin a message, or unpin it.
    Pin { message: MessageId, on: bool },
    /// Give the room another name and topic.
    Describe { name: RoomName, topic: Topic },
    /// Send a refused operation again.
    Retry(OpId),
    /// Forget a refused operation.
    Discard(OpId),
    /// Show a message in the timeline, and load what lies around it.
    JumpTo(MessageId),
    /// Show a message and its answers.
    OpenThread(MessageId),
    /// Stop showing the answers of a message.
    CloseThread,
    /// Ask for further answers of the open thread.
    LoadReplies,
    /// Ask who reacted to a message.
    AskReactors(MessageId),
    /// Ask for the earlier texts of an own message.
    AskRevisions(MessageId),
    /// Draw the messages before those that are drawn, or ask for the page before the oldest message.
    LoadOlder,
    /// Draw the messages after those that are drawn.
    DrawNewer,
    /// Show the newest message, and follow the end from there.
    GoToEnd,
    /// Ask for the messages that are missing in between.
    FillGap(Gap, GapEnd),
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
