//! The driver's hand on the connection: opens it on the rung that the ladder says, tells the engine and the ladder how it
//! fares, and changes from one to another. Called by `driver`'s listener and alarm; knows no transport from the other.

use std::rc::Rc;

use hubbub_client::{Action, Connection, Engine};
use hubbub_protocol::{ServerFrame, UnixMillis};
use web_sys::MessageEvent;

use super::clock;
use super::driver::Driver;
use super::ladder::{End, Rung, Step};
use super::probe::Probe;
use super::transport::{Report, Transport};
use crate::room::connection_panel;

const MEASURE_EVERY_MS: u64 = 1_000;

impl Driver {
    /// Does what the engine asks for.
    pub(super) fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::Open => self.connect(),
            Action::Close => self.disconnect(End::Closed),
            Action::Send(frame) => {
                if let Some(transport) = self.transport.borrow_mut().as_mut() {
                    transport.send(&frame, &mut self.tally.borrow_mut());
                }
            }
        }
    }

    fn connect(&self) {
        let rung = self.ladder.borrow_mut().opening(clock::now());
        self.probe.take();
        self.transport.replace(Transport::open(rung, &self.listener));
        self.tally.borrow_mut().opening();
    }

    fn disconnect(&self, end: End) {
        // The engine may have closed it on its last words, before the end of it is reported.
        if self.transport.take().is_some() {
            self.ladder.borrow_mut().ended(end, clock::now());
        }
    }

    /// One connection is closed and another opened, on the rung of now. What was on its way is sent again.
    fn reconnect(self: &Rc<Self>) {
        self.transport.take();
        self.step(|engine, moment| {
            engine.closed(moment);
            engine.reconnect_now(moment);
        });
    }

    /// An event of a connection, of a probe or of the panel.
    pub(super) fn heard(self: &Rc<Self>, event: &MessageEvent) {
        match event.type_().as_str() {
            "click" => {
                connection_panel::open(&self.ladder.borrow());
                return self.wake();
            }
            "change" => return self.choose(connection_panel::chosen(event)),
            _ => {}
        }
        let read = |transport: &mut Transport| transport.read(event, &mut self.tally.borrow_mut());
        let reports = self.transport.borrow_mut().as_mut().map(read).unwrap_or_default();
        for report in reports {
            self.hear(report);
        }
        let is_answered = self.probe.borrow_mut().as_mut().is_some_and(|probe| {
            probe.read(event);
            probe.is_answered
        });
        if is_answered && self.transport.borrow().as_ref().is_some_and(Transport::is_quiet) {
            self.ladder.borrow_mut().climb(clock::now());
            self.reconnect();
        }
    }

    fn hear(self: &Rc<Self>, report: Report) {
        match report {
            Report::Opened => {
                self.ladder.borrow_mut().opened();
                self.step(Engine::opened);
            }
            Report::Received(frame) => {
                if frame == ServerFrame::Pong {
                    self.tally.borrow_mut().ponged(clock::now());
                }
                self.step(|engine, moment| engine.received(frame, moment));
            }
            Report::Waited(waited_ms) => {
                self.ladder.borrow_mut().waited(waited_ms);
                // A sign of life, as a pong is.
                self.step(|engine, moment| engine.received(ServerFrame::Pong, moment));
            }
            Report::Asks => {
                let hello = self.engine.borrow().hello();
                self.perform(Action::Send(hello));
            }
            Report::Forgotten => {
                self.reconnect();
                // Not by the alarm: a hidden page's timers sleep for up to a minute, and the server forgets by then.
                self.wake();
            }
            Report::Ended(end) => {
                self.disconnect(end);
                self.step(Engine::closed);
            }
        }
    }

    /// Does what is due.
    pub(super) fn wake(self: &Rc<Self>) {
        let step = self.ladder.borrow_mut().tick(clock::now());
        match step {
            Step::Stay => {}
            Step::Replace => self.connect(),
            Step::Reconnect => self.reconnect(),
            Step::Probe => drop(self.probe.replace(Probe::open(&self.listener))),
        }
        self.measure();
        let report = self.transport.borrow_mut().as_mut().and_then(Transport::wake);
        report.into_iter().for_each(|report| self.hear(report));
        self.step(Engine::tick);
    }

    /// Takes the time of a round trip, each second that someone looks at the panel.
    fn measure(&self) {
        let mut tally = self.tally.borrow_mut();
        let now = clock::now();
        if connection_panel::deadline(&tally).is_none_or(|due| now < due) {
            return;
        }
        tally.measure_at = UnixMillis(now.0 + MEASURE_EVERY_MS);
        // A tab is known to the server from its welcome on.
        if self.engine.borrow().connection() == Connection::Connected
            && let Some(transport) = self.transport.borrow_mut().as_mut()
        {
            transport.measure(&mut tally);
        }
    }

    /// Takes a rung by hand, or leaves it to the ladder.
    fn choose(self: &Rc<Self>, rung: Option<Rung>) {
        self.ladder.borrow_mut().choose(rung, clock::now());
        self.reconnect();
    }
}
