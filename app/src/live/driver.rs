//! Owns the engine: hands it what a person does and what the transport reports, does what it asks for, sets a timer for
//! its next deadline and shows what it believes. `commands`, `listeners` and `navigation` call it. It decides nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hubbub_client::{Change, Connection, Engine, Moment};
use hubbub_protocol::{RoomId, RoomInfo};
use js_sys::Function;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::MessageEvent;

use super::alarm::Alarm;
use super::attention::Attention;
use super::ladder::Ladder;
use super::outbox::Outbox;
use super::probe::Probe;
use super::random::moment;
use super::transport::{Tally, Transport};
use super::{clock, listeners, storage};
use crate::room::wording::{Standing, next_count, notice};
use crate::room::{News, Screen, Voice, connection_panel, past, put, show_draft};
use crate::ui::time::Zone;

/// Where the browser keeps what the ladder has found.
const LADDER_KEY: &str = "hubbub.transport";

thread_local! {
    /// The page's one driver. It outlives every view, so that nothing is called after it is gone.
    static DRIVER: RefCell<Option<Rc<Driver>>> = const { RefCell::new(None) };
}

pub(super) struct Driver {
    pub(super) screen: Screen,
    pub(super) engine: RefCell<Engine>,
    attention: RefCell<Attention>,
    outbox: RefCell<Outbox>,
    pub(super) ladder: RefCell<Ladder>,
    pub(super) transport: RefCell<Option<Transport>>,
    /// A WebSocket that is opened beside the connection, to see whether one works.
    pub(super) probe: RefCell<Option<Probe>>,
    pub(super) tally: RefCell<Tally>,
    /// Called with each event of any connection: one for all, since each kind of closure costs its own code.
    pub(super) listener: Function,
    pub(super) alarm: Alarm,
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
        ladder: RefCell::new(Ladder::new(&storage::read(LADDER_KEY).unwrap_or_default(), clock::now())),
        transport: RefCell::new(None),
        probe: RefCell::new(None),
        tally: RefCell::default(),
        listener: Closure::<dyn Fn(MessageEvent)>::new(|event| with(|driver, _| driver.heard(&event)))
            .into_js_value()
            .unchecked_into(),
        alarm: Alarm::default(),
        shown: Cell::new(shown),
    });
    DRIVER.set(Some(Rc::clone(&driver)));
    listeners::listen(&driver);
    connection_panel::listen(&driver.listener);
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

/// Shows another room. The ones seen before stay followed, as many as may be, so that they can say that there is news.
pub(super) fn show_room(room: &RoomInfo) {
    with(|driver, _| {
        let screen = driver.screen;
        driver.shown.set(room.id);
        screen.change(&mut |shown| {
            shown.voice = Voice::Silent;
            put(&mut shown.room, room.clone())
        });
        screen.go_to_end();
        driver.step(|engine, _| driver.attention.borrow_mut().follow(engine, room.id));
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
        act(&mut self.engine.borrow_mut(), moment());
        self.follow_up();
    }

    /// Apart from `step`, which is compiled once for each thing there is to do.
    fn follow_up(self: &Rc<Self>) {
        let (actions, changes) = {
            let mut engine = self.engine.borrow_mut();
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
        connection_panel::show(&engine, &self.ladder.borrow(), &self.tally.borrow());
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
                screen.change(&mut |shown| put(&mut shown.notice, notice(engine, room)));
            }
            Change::Error(refusal) => screen.change(&mut |shown| put(&mut shown.notice, refusal.to_string())),
            Change::Connection if matches!(engine.connection(), Connection::Connected | Connection::SignedOut) => {
                self.show_change(engine, Change::Denied(room));
            }
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
        let mut ladder = self.ladder.borrow_mut();
        if engine.connection() == Connection::Connected {
            ladder.welcomed();
        }
        if let Some(note) = ladder.take_note() {
            storage::write(LADDER_KEY, &note);
        }
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
            let way = put(&mut shown.rung, ladder.rung);
            let today = put(&mut shown.today, Some(Zone::Local.day(now)));
            let unread = put(&mut shown.unread, unread.clone());
            past || standing || way || today || unread
        });
    }

    /// Wakes when something is due or the countdown shows another number, whichever is first.
    fn set_alarm(&self, engine: &Engine) {
        let count = next_count(engine.connection(), clock::now());
        let asking = self.transport.borrow().as_ref().and_then(Transport::deadline);
        let climbing = self.ladder.borrow().deadline();
        let panel = connection_panel::deadline(&self.tally.borrow());
        let due = [engine.deadline(), count, asking, climbing, panel].into_iter().flatten().min();
        self.alarm.set(due, || {
            with(|driver, _| {
                driver.alarm.rang();
                driver.wake();
            });
        });
    }
}
