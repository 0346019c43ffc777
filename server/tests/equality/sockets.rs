//! The network of tabs with a WebSocket: in each direction, frames wait for later steps without overtaking each other, and the
//! connection is cut at any frame. What is behind the cut is lost, in both directions.

use std::collections::BTreeSet;
use std::time::Duration;

use hubbub_protocol::{ClientFrame, ServerFrame};

use super::chance::Chance;
use super::checks;
use super::person::Carrier;
use super::simulation::Simulation;
use super::websocket::WebSocket;

/// Whether the next frame of one direction gets to the other end.
enum FrameFate {
    Arrives,
    /// The frame waits for the next step, and so does every frame behind it.
    Waits,
    /// The frame is lost with the connection.
    Cut,
}

/// A WebSocket while its tab writes and reads, outside of the tab.
pub(crate) struct Crossing {
    n: usize,
    socket: Box<WebSocket>,
    frames: Vec<ClientFrame>,
    /// Whether the connection is cut behind the frames. The server has handled them, and its responses are lost.
    is_cut: bool,
    outdated: BTreeSet<String>,
}

/// A WebSocket after that, with the frames that the server has sent.
pub(crate) struct Crossed {
    n: usize,
    socket: Box<WebSocket>,
    frames: Vec<ServerFrame>,
    is_cut: bool,
}

impl Crossing {
    /// Lets the server handle the frames, and reads what the server has sent.
    pub(crate) async fn carry(mut self, wait: Duration) -> Crossed {
        let frames = self.socket.round_trip(self.frames, wait).await;
        checks::has_no_outdated_text(&frames, &self.socket.outdated);
        self.socket.outdated = self.outdated;
        Crossed { n: self.n, socket: self.socket, frames, is_cut: self.is_cut }
    }
}

impl Simulation<'_> {
    /// Returns the WebSocket of a tab and the frames that it writes now. None if the tab has no WebSocket, or has nothing to
    /// write and doesn't read either, so that the server's frames fill the buffers.
    pub(crate) fn crossing(&mut self, n: usize) -> Option<Crossing> {
        self.people[n].websocket()?;
        let connection = self.people[n].connection.as_mut()?;
        let (mut frames, mut is_cut) = (Vec::new(), false);
        while let Some(frame) = connection.outgoing.pop_front() {
            match FrameFate::of_next_frame(&mut self.chance, self.is_hostile) {
                FrameFate::Arrives => frames.push(frame),
                FrameFate::Waits => {
                    connection.outgoing.push_front(frame);
                    break;
                }
                FrameFate::Cut => {
                    is_cut = true;
                    break;
                }
            }
        }
        let reads = !self.is_hostile || self.chance.one_in(2);
        if frames.is_empty() && !is_cut && !reads {
            return None;
        }
        let Some(Carrier::WebSocket(socket)) = connection.carrier.take() else { return None };
        Some(Crossing { n, socket, frames, is_cut, outdated: self.outdated.clone() })
    }

    /// Gives the WebSocket back to its tab. The frames wait for [`Simulation::deliver_arrived`].
    pub(crate) fn arrive(&mut self, crossed: Crossed) {
        let Crossed { n, mut socket, frames, is_cut } = crossed;
        self.learn(&frames);
        let connection = self.people[n].connection.as_mut().expect("the engine does nothing during a crossing");
        socket.arrived.extend(frames);
        connection.carrier = Some(Carrier::WebSocket(socket));
        if is_cut {
            self.lose(n);
        }
    }

    /// Delivers the frames that have arrived at a WebSocket, until one waits or the connection is cut.
    pub(crate) fn deliver_arrived(&mut self, n: usize) {
        // The engine may close the connection at any frame.
        while let Some(socket) = self.people[n].websocket()
            && let Some(frame) = socket.arrived.pop_front()
        {
            match FrameFate::of_next_frame(&mut self.chance, self.is_hostile) {
                FrameFate::Arrives => self.deliver(n, vec![frame]),
                FrameFate::Waits => return socket.arrived.push_front(frame),
                FrameFate::Cut => return self.lose(n),
            }
        }
    }
}

impl FrameFate {
    fn of_next_frame(chance: &mut Chance, is_hostile: bool) -> Self {
        match chance.between(0, 59) {
            0 if is_hostile => Self::Cut,
            1..10 if is_hostile => Self::Waits,
            _ => Self::Arrives,
        }
    }
}
