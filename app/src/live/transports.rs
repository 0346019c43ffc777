//! The driver's transports: the one in use, a probe beside it, and the counts of the frames that were sent and received.
//! `connect` decides when to open or close one.

use futures_channel::mpsc::UnboundedSender;
use hubbub_protocol::codec::encode_client;
use hubbub_protocol::{ClientFrame, UnixMillis};

use super::channels::{Input, Reports, TransportId};
use super::transport::Transport;
use crate::state::traffic::FrameCount;
use crate::state::transport::TransportKind;

/// The transport in use, the probe, and the counts of frames over all transports that were in use.
pub(super) struct Transports {
    inputs: UnboundedSender<Input>,
    transport: Option<Transport>,
    probe: Option<Probe>,
    /// How many transports were opened, probes included.
    n_transports: u32,
    /// How many transports for use were opened.
    pub(super) n_connections: usize,
    pub(super) received: FrameCount,
    pub(super) sent: FrameCount,
    /// The time between the last ping and its pong.
    pub(super) round_trip_ms: Option<u64>,
    pinged_at: Option<UnixMillis>,
}

/// A WebSocket that is opened beside a polling transport, to learn whether WebSockets work here. Some proxies let a
/// WebSocket open and then pass no frames, so the probe succeeds only when the server has answered a frame.
struct Probe {
    transport: Transport,
    is_answered: bool,
}

impl Transports {
    /// Opens no transport yet. The reports of each transport go to `inputs`.
    pub(super) fn new(inputs: UnboundedSender<Input>) -> Self {
        Self {
            inputs,
            transport: None,
            probe: None,
            n_transports: 0,
            n_connections: 0,
            received: FrameCount::default(),
            sent: FrameCount::default(),
            round_trip_ms: None,
            pinged_at: None,
        }
    }

    /// Opens a transport in place of the one in use.
    pub(super) fn open(&mut self, kind: TransportKind) {
        self.probe = None;
        self.pinged_at = None;
        self.n_connections += 1;
        self.transport = Some(self.start(kind));
    }

    /// Opens a probe.
    pub(super) fn open_probe(&mut self) {
        let transport = self.start(TransportKind::WebSocket);
        self.probe = Some(Probe { transport, is_answered: false });
    }

    /// Closes the transport in use. Returns whether there was one.
    pub(super) fn close(&mut self) -> bool {
        self.transport.take().is_some()
    }

    /// Closes the probe.
    pub(super) fn close_probe(&mut self) {
        self.probe = None;
    }

    /// Whether a report comes from the transport in use, and not from one before it.
    pub(super) fn is_current(&self, id: TransportId) -> bool {
        self.transport.as_ref().is_some_and(|transport| transport.id == id)
    }

    /// Whether a report comes from the probe.
    pub(super) fn is_probe(&self, id: TransportId) -> bool {
        self.probe.as_ref().is_some_and(|probe| probe.transport.id == id)
    }

    /// Whether the transport in use is a WebSocket.
    pub(super) fn is_socket(&self) -> bool {
        self.transport.as_ref().is_some_and(|transport| transport.kind == TransportKind::WebSocket)
    }

    /// Sends a frame over the transport in use, if there is one.
    pub(super) fn send(&mut self, frame: ClientFrame) {
        let Some(transport) = &self.transport else { return };
        let text = encode_client(&frame);
        self.sent.add(text.len());
        transport.send(frame, text);
    }

    /// Sends a ping to measure the round trip, unless one is unanswered.
    pub(super) fn ping(&mut self, now: UnixMillis) {
        if self.pinged_at.is_none() {
            self.pinged_at = Some(now);
            self.send(ClientFrame::Ping);
        }
    }

    /// Notes that a ping was answered.
    pub(super) fn ponged(&mut self, now: UnixMillis) {
        if let Some(at) = self.pinged_at.take() {
            self.round_trip_ms = Some(now.0.saturating_sub(at.0));
        }
    }

    /// Sends the probe's first frame. A hello without rooms is answered by a welcome alone.
    pub(super) fn greet_probe(&self) {
        if let Some(probe) = &self.probe {
            let hello = ClientFrame::Hello { rooms: Vec::new() };
            let text = encode_client(&hello);
            probe.transport.send(hello, text);
        }
    }

    /// Notes that the probe was answered.
    pub(super) fn probe_answered(&mut self) {
        if let Some(probe) = &mut self.probe {
            probe.is_answered = true;
        }
    }

    /// Whether the probe was answered and no request is under way, so that the transport can be replaced.
    pub(super) fn can_climb(&self) -> bool {
        let is_idle = self.transport.as_ref().is_some_and(Transport::is_idle);
        is_idle && self.probe.as_ref().is_some_and(|probe| probe.is_answered)
    }

    fn start(&mut self, kind: TransportKind) -> Transport {
        self.n_transports += 1;
        let from = TransportId(self.n_transports);
        Transport::open(kind, Reports { from, inputs: self.inputs.clone() })
    }
}
