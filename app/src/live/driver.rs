//! Owns the engine: hands it what a person does and what the transport reports, does what it asks for, sets a timer for
//! its next deadline and shows what it believes. Its functions are what components call. It decides nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use hubbub_client::{Action, Change, Engine, Moment, Presence};
use hubbub_protocol::text::Body;
use hubbub_protocol::{MessageId, RoomId, RoomInfo, UnixMillis};
use leptos::prelude::*;

use super::attention::Attention;
use super::outbox::Outbox;
use super::random::moment;
use super::socket::{Report, Socket};
use super::{clock, listeners};
use crate::room::rows::remark;
use crate::room::wording::{Standing, next_count};
use crate::room::{Screen, past, show};
use crate::ui::time::Zone;

thread_local! {
    /// The page's one driver. It outlives every view, so that nothing is called after it is gone.
    static DRIVER: RefCell<Option<Rc<Driver>>> = const { RefCell::new(None) };
}

pub(super) struct Driver {
    pub(super) screen: Screen,
    engine: RefCell<Engine>,
    attention: RefCell<Attention>,
    outbox: RefCell<Outbox>,
    socket: RefCell<Option<Socket>>,
    timer: Cell<Option<(UnixMillis, TimeoutHandle)>>,
    shown: Cell<RoomId>,
}

/// Brings the page to life: what earlier pages left unsent is taken over, and the first connection is asked for.
pub(crate) fn start(engine: Engine, screen: Screen) {
    let you = engine.you().id;
    let (outbox, unsent) = Outbox::load(you);
    let driver = Rc::new(Driver {
        screen,
        engine: RefCell::new(engine),
        attention: RefCell::default(),
        outbox: RefCell::new(outbox),
        socket: RefCell::new(None),
        timer: Cell::new(None),
        shown: Cell::new(screen.room.with_untracked(|room| room.id)),
    });
    DRIVER.set(Some(Rc::clone(&driver)));
    listeners::listen(&driver);
    screen.zone.set(Zone::Local);
    driver.step(|engine, moment| {
        for (room, messages) in unsent {
            engine.restore(room, messages);
        }
        engine.start(moment);
    });
    driver.show_room();
}

/// Sends to the room shown.
pub(crate) fn send(body: Body) {
    with(|driver, room| {
        driver.screen.scroll.to_end();
        show(driver.screen.notice, String::new());
        driver.step(|engine, moment| engine.send(room, body, moment));
    });
}

/// Sends a refused message again.
pub(crate) fn retry(id: MessageId) {
    with(|driver, room| driver.step(|engine, _| engine.retry(room, id)));
}

/// Forgets a refused message.
pub(crate) fn discard(id: MessageId) {
    with(|driver, room| driver.step(|engine, _| engine.discard(room, id)));
}

/// Asks for the page before the oldest one.
pub(crate) fn load_older() {
    with(|driver, room| driver.step(|engine, _| engine.load_older(room)));
}

/// Asks for the messages that were skipped.
pub(crate) fn fill_gap() {
    with(|driver, room| driver.step(|engine, _| engine.fill_gap(room)));
}

/// The person is typing.
pub(crate) fn typing() {
    with(|driver, room| driver.step(|engine, moment| engine.typing(room, moment.now)));
}

/// Doesn't wait for the next attempt.
pub(crate) fn reconnect_now() {
    with(|driver, _| driver.step(|engine, moment| engine.reconnect_now(moment)));
}

/// Shows another room. The ones seen before stay followed, so that they can say that there is news.
pub(super) fn show_room(room: RoomInfo) {
    with(|driver, _| {
        let screen = driver.screen;
        driver.shown.set(room.id);
        screen.scroll.to_end();
        screen.present.set(Presence::default());
        driver.step(|engine, _| engine.follow(room.id));
        screen.room.set(room);
        screen.scroll.keep();
        driver.show_room();
    });
}

fn with(act: impl FnOnce(&Rc<Driver>, RoomId)) {
    // Cloned out, so that nothing is borrowed while it acts.
    if let Some(driver) = DRIVER.with_borrow(Clone::clone) {
        let room = driver.shown.get();
        act(&driver, room);
    }
}

impl Driver {
    /// One step of the engine, and all that follows from it.
    pub(super) fn step<T>(self: &Rc<Self>, act: impl FnOnce(&mut Engine, Moment) -> T) {
        let (actions, changes) = {
            let mut engine = self.engine.borrow_mut();
            act(&mut engine, moment());
            (engine.take_actions(), engine.take_changes())
        };
        for action in actions {
            self.perform(action);
        }
        let engine = self.engine.borrow();
        for change in changes {
            self.show_change(&engine, change);
        }
        self.look(&engine);
        self.set_timer(&engine);
    }

    /// Shows all of the room, after it became the one shown.
    fn show_room(&self) {
        let engine = self.engine.borrow();
        let room = self.shown.get();
        self.screen.show_timeline(&engine, room);
        if let Some(present) = engine.present(room) {
            show(self.screen.present, present.clone());
        }
        show(self.screen.typing, engine.typing_in(room, clock::now()));
        show(self.screen.notice, denial(&engine, room));
        self.look(&engine);
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::Open => {
                let driver = Rc::downgrade(self);
                let socket = Socket::open(move |report| {
                    if let Some(driver) = driver.upgrade() {
                        driver.hear(report);
                    }
                });
                self.socket.replace(Some(socket));
            }
            Action::Close => {
                self.socket.take();
            }
            Action::Send(frame) => {
                if let Some(socket) = self.socket.borrow().as_ref() {
                    socket.send(&frame);
                }
            }
        }
    }

    fn hear(self: &Rc<Self>, report: Report) {
        match report {
            Report::Opened => self.step(Engine::opened),
            Report::Received(frame) => self.step(|engine, moment| engine.received(frame, moment)),
            Report::Closed => {
                self.socket.take();
                self.step(Engine::closed);
            }
        }
    }

    fn show_change(&self, engine: &Engine, change: Change) {
        let screen = self.screen;
        let shown = self.shown.get();
        match change {
            Change::Rooms => show(screen.rooms, engine.rooms().to_vec()),
            Change::List(room) if room == shown => self.show_list(engine, room),
            Change::Message(room, id) if room == shown => {
                if let Some(message) = engine.timeline(room).and_then(|timeline| timeline.entry(id)) {
                    screen.rows.with_untracked(|rows| remark(rows, &message));
                }
            }
            Change::Outbox(room) => self.outbox.borrow_mut().save(room, &engine.unsent(room)),
            Change::Presence(room) if room == shown => {
                show(screen.present, engine.present(room).cloned().unwrap_or_default());
            }
            Change::Typing(room) if room == shown => show(screen.typing, engine.typing_in(room, clock::now())),
            Change::Denied(room) if room == shown => show(screen.notice, denial(engine, room)),
            Change::Error(refusal) => show(screen.notice, refusal.to_string()),
            // The connection is looked at after every step, and the other rooms when they are shown.
            Change::Connection
            | Change::List(_)
            | Change::Message(..)
            | Change::Presence(_)
            | Change::Typing(_)
            | Change::Denied(_) => {}
        }
    }

    fn show_list(&self, engine: &Engine, room: RoomId) {
        let newest_before = self.screen.newest_sent();
        self.screen.scroll.keep();
        self.screen.show_timeline(engine, room);
        if self.screen.newest_sent() != newest_before {
            self.screen.scroll.arrived();
        }
    }

    /// What changes with time or with any step.
    fn look(&self, engine: &Engine) {
        let screen = self.screen;
        let now = clock::now();
        show(screen.past, past(engine, self.shown.get()));
        show(screen.standing, Standing::of(engine.connection(), now));
        show(screen.today, Some(Zone::Local.day(now)));
        self.attention.borrow_mut().look(engine, screen, self.shown.get());
    }

    /// Wakes when the engine wants to or the countdown shows another number, whichever is first.
    fn set_timer(self: &Rc<Self>, engine: &Engine) {
        let now = clock::now();
        let count = next_count(engine.connection(), now).map(|wait| UnixMillis(now.0 + millis(wait)));
        let due = engine.deadline().into_iter().chain(count).min();
        let armed = self.timer.take();
        match (armed, due) {
            (Some((at, timer)), Some(due)) if at == due => return self.timer.set(Some((at, timer))),
            (Some((_, timer)), _) => timer.clear(),
            (None, _) => {}
        }
        let Some(due) = due else { return };
        let driver = Rc::downgrade(self);
        let wake = move || {
            if let Some(driver) = driver.upgrade() {
                driver.timer.take();
                driver.step(Engine::tick);
            }
        };
        let wait = Duration::from_millis(due.0.saturating_sub(now.0));
        if let Ok(timer) = set_timeout_with_handle(wake, wait) {
            self.timer.set(Some((due, timer)));
        }
    }
}

/// Why a room can't be followed; empty when it can.
fn denial(engine: &Engine, room: RoomId) -> String {
    engine.denied(room).map(ToString::to_string).unwrap_or_default()
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}
