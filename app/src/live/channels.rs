//! The messages between the driver and its surroundings: the inputs that views, transports and the browser's events put
//! into the driver's channel, and the frames that the driver puts into a transport's channel.

use futures_channel::mpsc::UnboundedSender;
use hubbub_client::NetworkState;
use hubbub_protocol::codec::decode_server;
use hubbub_protocol::{ClientFrame, ServerFrame};

use super::ladder::TransportEnd;
use crate::state::commands::Command;

/// One thing that the driver reacts to.
pub(super) enum Input {
    /// A person did something.
    Command(Command),
    /// A transport reports something.
    Transport(TransportId, Report),
    /// The browser says whether there is a network.
    Network(NetworkState),
    /// The page became visible or active again. Timers sleep in a hidden page, so something may be overdue.
    Woken,
    /// Back or Forward changed the address.
    AddressChanged,
}

/// An event of a transport.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        clippy::large_enum_variant,
        reason = "a report lives until the driver takes it, and nearly all carry a frame"
    )
)]
pub(super) enum Report {
    /// Frames can be sent.
    Opened,
    /// The server sent a frame of that many bytes.
    Received { frame: ServerFrame, n_bytes: usize },
    /// A request was answered after it waited that long. This is a sign of life even if the answer held no frame.
    Waited { waited_ms: u64 },
    /// The transport polls again as soon as it is sent a `hello` with the current cursors.
    HelloWanted,
    /// The server doesn't know this tab any more, for example because the page slept. A new transport is to be opened.
    /// This is the last report of a transport.
    Forgotten,
    /// The transport could not be opened, was cut or was closed. This is the last report of a transport.
    Ended(TransportEnd),
}

/// Tells one transport from those before it, whose late reports the driver ignores.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct TransportId(pub(super) u32);

/// The sending half of the driver's channel, as one transport holds it.
///
/// The channel is unbounded: frames wait in it no longer than until the driver's task runs, which is before the browser
/// delivers the next ones.
#[derive(Clone)]
pub(super) struct Reports {
    pub(super) from: TransportId,
    pub(super) inputs: UnboundedSender<Input>,
}

impl Reports {
    pub(super) fn send(&self, report: Report) {
        // Fails only when the driver has ended, and it lives as long as the page.
        let _ = self.inputs.unbounded_send(Input::Transport(self.from, report));
    }

    /// Reports the frame in a text. A text that is no frame counts as an unknown one: a tab that is older than the server
    /// keeps working.
    pub(super) fn received(&self, text: &str) {
        let frame = decode_server(text).unwrap_or(ServerFrame::Unknown);
        self.send(Report::Received { frame, n_bytes: text.len() });
    }
}

/// A frame on its way to the server.
pub(super) struct OutgoingFrame {
    pub(super) frame: ClientFrame,
    /// The frame as JSON text.
    pub(super) text: String,
}
