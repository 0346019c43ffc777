//! The driver's side of the connection: opens the transport that the ladder chooses, tells the engine and the ladder what
//! the transport reports, and replaces one transport by another.

use hubbub_client::{Action, ConnectionState, Engine};
use hubbub_protocol::{ClientFrame, ServerFrame, UnixMillis};
use leptos::prelude::*;

use super::channels::{Report, TransportId};
use super::driver::Driver;
use super::ladder::{LadderAction, TransportEnd};
use crate::browser::clock;
use crate::state::transport::TransportKind;

/// How often the round trip is measured while the connection panel is open.
const MEASURE_EVERY_MS: u64 = 1_000;

impl Driver {
    /// Performs an action of the engine.
    pub(super) fn perform(&mut self, action: Action) {
        match action {
            Action::Open => self.connect(),
            Action::Close => self.disconnect(TransportEnd::Closed),
            // Each ask is answered, which is a sign of life like a pong. So only a socket is pinged for one.
            Action::Send(ClientFrame::Ping) if !self.transports.is_socket() => {}
            Action::Send(frame) => self.transports.send(frame),
        }
    }

    fn connect(&mut self) {
        let kind = self.ladder.opening(clock::now());
        self.transports.open(kind);
    }

    fn disconnect(&mut self, end: TransportEnd) {
        // The engine may have closed the transport already, because of its last frame.
        if self.transports.close() {
            self.ladder.ended(end, clock::now());
        }
    }

    /// Replaces the transport by one of the ladder's current kind. The engine sends unacked messages again.
    fn reconnect(&mut self) {
        self.transports.close();
        self.step(|engine, moment| {
            engine.closed(moment);
            engine.reconnect_now(moment);
        });
    }

    /// Handles a report of the transport or of the probe. Late reports of earlier transports are ignored.
    pub(super) fn handle_report(&mut self, id: TransportId, report: Report) {
        if self.transports.is_current(id) {
            self.handle_transport(report);
        } else if self.transports.is_probe(id) {
            self.handle_probe(&report);
        }
        if self.transports.can_climb() {
            self.ladder.climb(clock::now());
            self.reconnect();
        }
    }

    fn handle_transport(&mut self, report: Report) {
        match report {
            Report::Opened => {
                self.ladder.opened();
                self.step(Engine::opened);
            }
            Report::Received { frame, n_bytes } => {
                self.transports.received.add(n_bytes);
                if frame == ServerFrame::Pong {
                    self.transports.ponged(clock::now());
                }
                self.step(|engine, moment| engine.received(frame, moment));
            }
            Report::Waited { waited_ms } => {
                self.ladder.waited(waited_ms);
                // An answer is a sign of life, like a pong.
                self.step(|engine, moment| engine.received(ServerFrame::Pong, moment));
            }
            Report::HelloWanted => self.transports.send(self.engine.hello()),
            Report::Forgotten => self.reconnect(),
            Report::Ended(end) => {
                self.disconnect(end);
                self.step(Engine::closed);
            }
        }
    }

    fn handle_probe(&mut self, report: &Report) {
        match report {
            Report::Opened => self.transports.greet_probe(),
            Report::Received { .. } => self.transports.probe_answered(),
            Report::Ended(_) => self.transports.close_probe(),
            // A WebSocket has none of these.
            Report::Waited { .. } | Report::HelloWanted | Report::Forgotten => {}
        }
    }

    /// Handles all deadlines that have passed.
    pub(super) fn wake(&mut self) {
        match self.ladder.tick(clock::now()) {
            LadderAction::Stay => {}
            LadderAction::Replace => self.connect(),
            LadderAction::Reconnect => self.reconnect(),
            LadderAction::Probe => self.transports.open_probe(),
        }
        self.measure();
        self.step(Engine::tick);
    }

    /// When `measure` is due, if the connection panel is open.
    pub(super) fn measure_deadline(&self) -> Option<UnixMillis> {
        self.screen.is_traffic_shown.get_untracked().then_some(self.measure_at)
    }

    /// Measures the round trip if that is due.
    fn measure(&mut self) {
        let now = clock::now();
        if self.measure_deadline().is_none_or(|due| now < due) {
            return;
        }
        self.measure_at = UnixMillis(now.0 + MEASURE_EVERY_MS);
        // The server knows a tab from its welcome on.
        if self.engine.connection() == ConnectionState::Connected {
            self.transports.ping(now);
        }
    }

    /// Uses the transport that the person chose, or leaves the choice to the ladder.
    pub(super) fn choose(&mut self, kind: Option<TransportKind>) {
        self.ladder.choose(kind, clock::now());
        self.reconnect();
    }
}
