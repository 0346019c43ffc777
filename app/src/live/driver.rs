//! Owns the engine: hands it what a person does and what the transport reports, does what it asks for, sets a timer for
//! its next deadline and shows what it believes. `commands`, `listeners` and `navigation` call it. It decides nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hubbub_client::{Action, Change, Engine, Moment};
use hubbub_protocol::{RoomId, RoomInfo};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::alarm::Alarm;
use super::attention::Attention;
use super::outbox::Outbox;
use super::random::moment;
use super::socket::{Report, Socket};
use super::{clock, listeners};
use crate::room::wording::{Standing, next_count};
use crate::room::{News, Screen, Voice, past, put, show_draft};
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
    alarm: Alarm,
    shown: Cell<RoomId>,
}

/// Brings the page to life: what earlier pages left unsent is taken over, and the first connection is asked for.
pub(crate) fn start(mut engine: Engine, screen: Screen) {
    let shown = screen.read(|shown| shown.room.id);
    let mut attention = Attention::load(engine.you().id);
    attention.follow_on(&mut engine, shown);
    let (outbox, unsent) = Outbox::load(engine.you().id);
    let driver = Rc::new(Driver {
        screen,
        engine: RefCell::new(engine),
        attention: RefCell::new(attention),
        outbox: RefCell::new(outbox),
        socket: RefCell::new(None),
        alarm: Alarm::default(),
        shown: Cell::new(shown),
    });
    DRIVER.set(Some(Rc::clone(&driver)));
    listeners::listen(&driver);
    screen.is_local.set(true);
    driver.step(|engine, moment| {
        for (room, messages) in unsent {
            engine.restore(room, messages);
        }
        engine.start(moment);
    });
    // Days are told by the reader's clock from now on.
    driver.show_messages(&driver.engine.borrow());
}

/// Shows another room. The ones seen before stay followed, so that they can say that there is news.
pub(super) fn show_room(room: &RoomInfo) {
    with(|driver, _| {
        let screen = driver.screen;
        driver.shown.set(room.id);
        screen.change(&mut |shown| {
            shown.voice = Voice::Silent;
            put(&mut shown.room, room.clone())
        });
        screen.go_to_end();
        driver.step(|engine, _| engine.follow(room.id));
        driver.show_all();
        show_draft(screen);
    });
}

/// The room at an address, if it is one of those listed.
pub(super) fn room_at(is_there: impl Fn(&RoomInfo) -> bool) -> Option<RoomInfo> {
    let driver = DRIVER.with_borrow(Clone::clone)?;
    let engine = driver.engine.borrow();
    engine.rooms().iter().find(|room| is_there(room)).cloned()
}

pub(super) fn with(act: impl FnOnce(&Rc<Driver>, RoomId)) {
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
        self.set_alarm(&engine);
    }

    /// Shows all of the room, after it became the one shown.
    fn show_all(&self) {
        let engine = self.engine.borrow();
        let room = self.shown.get();
        self.show_messages(&engine);
        for change in [Change::Presence(room), Change::Typing(room), Change::Denied(room)] {
            self.show_change(&engine, change);
        }
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
                self.socket.replace(socket);
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
        let room = self.shown.get();
        match change {
            Change::List(of) if of == room => self.show_list(engine),
            Change::Message(of, id) if of == room => {
                if let Some(message) = engine.timeline(room).and_then(|timeline| timeline.entry(id)) {
                    screen.remark(&message);
                }
            }
            Change::Outbox(of) => self.outbox.borrow_mut().save(of, &engine.unsent(of)),
            Change::Rooms => screen.show_rooms(engine.rooms()),
            Change::Presence(of) if of == room => {
                screen.show_present(&engine.present(room).cloned().unwrap_or_default());
            }
            Change::Typing(of) if of == room => {
                screen.change(&mut |shown| put(&mut shown.typing, engine.typing_in(room, clock::now())));
            }
            Change::Denied(of) if of == room => {
                let reason = engine.denied(room).map(ToString::to_string).unwrap_or_default();
                screen.change(&mut |shown| put(&mut shown.notice, reason.clone()));
            }
            Change::Error(refusal) => screen.change(&mut |shown| put(&mut shown.notice, refusal.to_string())),
            // The connection is looked at after every step, and the other rooms when they are shown.
            Change::Connection
            | Change::List(_)
            | Change::Message(..)
            | Change::Presence(_)
            | Change::Typing(_)
            | Change::Denied(_) => {}
        }
    }

    fn show_messages(&self, engine: &Engine) {
        let screen = self.screen;
        screen.show_messages(engine, self.shown.get());
        // Once they are drawn: when they don't fill the screen, the reader has nothing to scroll by.
        spawn_local(async move {
            if screen.wants_older() {
                super::load_older();
            }
        });
    }

    fn show_list(&self, engine: &Engine) {
        let screen = self.screen;
        let newest_before = screen.newest_sent();
        self.show_messages(engine);
        if screen.newest_sent() != newest_before && !screen.scroll.is_at_end() {
            screen.change(&mut |shown| put(&mut shown.news, News::Below));
        }
    }

    /// What changes with time or with any step.
    fn look(&self, engine: &Engine) {
        let now = clock::now();
        let past = past(engine, self.shown.get());
        let unread = self.attention.borrow_mut().look(engine, self.screen, self.shown.get());
        self.screen.change(&mut |shown| {
            let was_coming = shown.past.is_coming();
            if past.is_coming() {
                shown.voice = Voice::Silent;
            } else if was_coming || shown.voice == Voice::Silent {
                self.screen.speak_soon();
            }
            let past = put(&mut shown.past, past);
            let standing = put(&mut shown.standing, Standing::of(engine.connection(), now));
            let today = put(&mut shown.today, Some(Zone::Local.day(now)));
            let unread = put(&mut shown.unread, unread.clone());
            past || standing || today || unread
        });
    }

    /// Wakes when the engine wants to or the countdown shows another number, whichever is first.
    fn set_alarm(self: &Rc<Self>, engine: &Engine) {
        let count = next_count(engine.connection(), clock::now());
        let due = engine.deadline().into_iter().chain(count).min();
        let driver = Rc::downgrade(self);
        self.alarm.set(due, move || {
            if let Some(driver) = driver.upgrade() {
                driver.alarm.rang();
                driver.step(Engine::tick);
            }
        });
    }
}
