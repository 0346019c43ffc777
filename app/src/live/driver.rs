//! The task that owns the engine: it takes inputs out of its channel one by one, hands them to the engine, does what the
//! engine asks for (`connect`), shows what changed (`display`) and sets a timer for the next deadline. The island starts it.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use futures_util::stream::{self, Stream, StreamExt};
use gloo_timers::future::TimeoutFuture;
use hubbub_client::{Engine, Moment, NetworkState, Unsent};
use hubbub_protocol::{RoomId, UnixMillis};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::channels::Input;
use super::ladder::Ladder;
use super::outbox::StoredOutbox;
use super::seen_rooms::SeenRooms;
use super::transports::Transports;
use crate::browser::random::moment;
use crate::browser::{clock, storage};
use crate::state::connection::next_second;
use crate::state::{Command, Screen};

/// The key in localStorage of what the ladder has found.
pub(super) const LADDER_KEY: &str = "hubbub.transport";

/// The engine, with the screen, the transports and the stored values that it is connected to. The task owns the driver, so it
/// lives as long as the page.
pub(super) struct Driver {
    pub(super) engine: Engine,
    pub(super) screen: Screen,
    /// The room that is shown.
    pub(super) room: RoomId,
    pub(super) transports: Transports,
    pub(super) ladder: Ladder,
    /// When the round trip is next measured, if the connection panel is open.
    pub(super) measure_at: UnixMillis,
    pub(super) seen_rooms: SeenRooms,
    pub(super) outbox: StoredOutbox,
    pub(super) inputs: UnboundedSender<Input>,
}

/// Starts the driver: takes over the messages that earlier pages left unsent, and connects.
pub(crate) fn start(mut engine: Engine, screen: Screen, commands: UnboundedReceiver<Command>) {
    let room = screen.room.with_untracked(|room| room.id);
    let mut seen_rooms = SeenRooms::load(engine.you().id);
    seen_rooms.follow_stored(&mut engine, room);
    let (outbox, unsent) = StoredOutbox::load(engine.you().id);
    let ladder = Ladder::new(&storage::read(LADDER_KEY).unwrap_or_default(), clock::now());
    // Unbounded: the driver empties the channel before the browser delivers the next event.
    let (inputs, received) = unbounded();
    listen(&inputs);
    let transports = Transports::new(inputs.clone());
    let measure_at = UnixMillis(0);
    let driver = Driver { engine, screen, room, transports, ladder, measure_at, seen_rooms, outbox, inputs };
    spawn_local(driver.run(unsent, stream::select(received, commands.map(Input::Command))));
}

/// Turns the browser's events into inputs, for as long as the page lives.
fn listen(inputs: &UnboundedSender<Input>) {
    let on = |name: &'static str, input: fn() -> Input| {
        let inputs = inputs.clone();
        // Fails only when the driver has ended, and it lives as long as the page.
        drop(window_event_listener_untyped(name, move |_| drop(inputs.unbounded_send(input()))));
    };
    on("online", || Input::Network(NetworkState::Online));
    on("offline", || Input::Network(NetworkState::Offline));
    on("popstate", || Input::AddressChanged);
    on("focus", || Input::Woken);
    on("pageshow", || Input::Woken);
    on("visibilitychange", || Input::Woken);
}

impl Driver {
    async fn run(mut self, unsent: Vec<(RoomId, Vec<Unsent>)>, mut inputs: impl Stream<Item = Input> + Unpin) {
        self.begin(unsent);
        loop {
            let input = match self.ms_to_deadline() {
                Some(ms) => match select(inputs.next(), TimeoutFuture::new(ms)).await {
                    Either::Left((input, _)) => input,
                    Either::Right(_) => Some(Input::Woken),
                },
                None => inputs.next().await,
            };
            match input {
                Some(input) => self.handle(input),
                None => return,
            }
        }
    }

    fn begin(&mut self, unsent: Vec<(RoomId, Vec<Unsent>)>) {
        if !window().navigator().on_line() {
            self.step(|engine, moment| engine.set_network(NetworkState::Offline, moment));
        }
        self.step(|engine, moment| {
            for (room, messages) in unsent {
                engine.restore(room, messages);
            }
            engine.start(moment);
        });
        // The screen knows the reader's day by now, and the rows follow it.
        self.show_messages();
        self.jump_to_address();
    }

    fn handle(&mut self, input: Input) {
        self.engine.read_at(self.room, self.screen.scroll.reading_place());
        match input {
            Input::Command(command) => self.handle_command(command),
            Input::Transport(id, report) => self.handle_report(id, report),
            Input::Network(network) => self.step(|engine, moment| engine.set_network(network, moment)),
            Input::Woken => self.wake(),
            Input::AddressChanged => self.follow_address(),
        }
    }

    fn handle_command(&mut self, command: Command) {
        let room = self.room;
        match command {
            Command::Send { body, reply_to } => {
                self.go_to_end();
                self.step(|engine, moment| engine.send(room, body, reply_to, moment));
            }
            Command::Edit { message, body } => self.step(|engine, moment| engine.edit(room, message, body, moment)),
            Command::Delete(message) => self.step(|engine, moment| engine.delete(room, message, moment)),
            Command::React { message, emoji, on } => {
                self.step(|engine, moment| engine.react(room, message, &emoji, on, moment));
            }
            Command::Pin { message, on } => self.step(|engine, moment| engine.pin(room, message, on, moment)),
            Command::Describe { name, topic } => {
                self.step(|engine, moment| engine.describe(room, name.as_str(), topic.as_str(), moment));
            }
            Command::Retry(op) => self.step(|engine, _| engine.retry(room, op)),
            Command::Discard(op) => self.step(|engine, _| engine.discard(room, op)),
            Command::JumpTo(message) => self.step(|engine, _| engine.jump_to(room, message)),
            Command::OpenThread(message) => self.step(|engine, _| engine.open_thread(room, message)),
            Command::CloseThread => self.step(|engine, _| engine.close_thread(room)),
            Command::LoadReplies => self.step(|engine, _| engine.load_more_replies(room)),
            Command::AskReactors(message) => self.step(|engine, _| engine.ask_reactions(room, message)),
            Command::AskRevisions(message) => self.step(|engine, _| engine.ask_revisions(room, message)),
            Command::LoadOlder => self.load_older(),
            Command::DrawNewer => self.move_window(),
            Command::GoToEnd => self.go_to_end(),
            Command::FillGap(gap, end) => self.step(|engine, _| engine.fill_gap(room, gap, end)),
            Command::Typing => self.step(|engine, moment| engine.typing(room, moment.now)),
            Command::ReconnectNow => self.step(|engine, moment| engine.reconnect_now(moment)),
            Command::ShowRoom(room) => self.show_room(&room),
            Command::ChooseTransport(kind) => self.choose(kind),
            Command::UpdateTraffic => self.wake(),
        }
    }

    /// Calls the engine, performs its actions and shows its changes.
    pub(super) fn step<T>(&mut self, act: impl FnOnce(&mut Engine, Moment) -> T) {
        act(&mut self.engine, moment());
        self.finish_step();
    }

    /// The part of a step that is the same for all of them, so that the WebAssembly has it once.
    fn finish_step(&mut self) {
        for action in self.engine.take_actions() {
            self.perform(action);
        }
        self.show_changes();
    }

    /// How long until something is due, or until the countdown shows another number.
    fn ms_to_deadline(&self) -> Option<u32> {
        let now = clock::now();
        let countdown = next_second(self.engine.connection(), now);
        let deadlines = [self.engine.deadline(), self.ladder.deadline(), self.measure_deadline(), countdown];
        let UnixMillis(due) = deadlines.into_iter().flatten().min()?;
        // The browser's timers take 31 bits.
        let longest = i32::MAX.cast_unsigned();
        Some(u32::try_from(due.saturating_sub(now.0)).unwrap_or(longest).min(longest))
    }
}
