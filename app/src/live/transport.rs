//! A running transport, whichever kind it is: frames go in, reports come out. The driver opens and drops it.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::future::{AbortHandle, abortable};
use hubbub_protocol::ClientFrame;
use leptos::task::spawn_local;

use super::channels::{OutgoingFrame, Reports, TransportId};
use super::{polling, socket};
use crate::state::transport::TransportKind;

/// A task that owns a socket or requests. Dropping this closes them. The driver ignores late reports by their `id`.
pub(super) struct Transport {
    pub(super) id: TransportId,
    pub(super) kind: TransportKind,
    /// The channel is unbounded: the task empties it whenever it runs, and the engine holds back posts until the one
    /// before is answered.
    outgoing: UnboundedSender<OutgoingFrame>,
    task: AbortHandle,
    n_unanswered: Rc<Cell<usize>>,
}

impl Transport {
    /// Starts to connect. Reports come later, never from within this call.
    pub(super) fn open(kind: TransportKind, reports: Reports) -> Self {
        let (outgoing, frames) = unbounded();
        let id = reports.from;
        let n_unanswered = Rc::new(Cell::new(0));
        let in_flight = Rc::clone(&n_unanswered);
        let (task, handle) = abortable(async move {
            match kind {
                TransportKind::WebSocket => socket::run(frames, reports).await,
                TransportKind::LongPolling | TransportKind::Polling => {
                    polling::run(kind, frames, reports, in_flight).await
                }
            }
        });
        spawn_local(async move {
            // Aborted when the transport is dropped.
            let _ = task.await;
        });
        Self { id, kind, outgoing, task: handle, n_unanswered }
    }

    /// Sends a frame. Only the server's answer says that it arrived.
    pub(super) fn send(&self, frame: ClientFrame, text: String) {
        // Fails only when the task has ended, which is reported.
        let _ = self.outgoing.unbounded_send(OutgoingFrame { frame, text });
    }

    /// Whether a request with a frame is under way. A socket doesn't say.
    pub(super) fn is_idle(&self) -> bool {
        self.n_unanswered.get() == 0
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.task.abort();
    }
}
