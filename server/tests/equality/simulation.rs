//! Members who act at random in a room of their own, and the network between their tabs and the server. Time is virtual for
//! the engines. All randomness comes from the seed, except in which order the server serves requests of the same moment.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use hubbub::transport::poll::PollKind;
use hubbub_client::{ConnectionState, Entry, GapEnd, Moment, NetworkState};
use hubbub_protocol::text::Body;
use hubbub_protocol::{ClientFrame, MemberId, MessageId, Operation, RoomId, Seq, ServerFrame, UnixMillis, What};
use uuid::Uuid;

use super::chance::Chance;
use super::checks;
use super::person::Person;
use super::wishes::Wishes;
use super::world::World;

const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];
const NO_WAIT: Duration = Duration::ZERO;

pub(crate) struct Simulation<'a> {
    world: &'a World,
    room: RoomId,
    chance: Chance,
    people: Vec<Person>,
    now: u64,
    n_steps: u64,
    n_texts: u64,
    /// Whether the network loses, repeats and delays.
    is_hostile: bool,
    /// The newest text of each message, and the texts that are outdated since a change that the hub has published.
    texts: BTreeMap<MessageId, String>,
    outdated: BTreeSet<String>,
    /// The last change that any tab got from the hub.
    published: Seq,
    n_compared: u64,
    wishes: Wishes,
}

impl<'a> Simulation<'a> {
    /// Runs the simulation of a seed to its end. Returns how often a tab at the head was compared before the end.
    pub(crate) async fn run(world: &'a World, seed: u64) -> u64 {
        let room = world.room(seed).await;
        let mut simulation = Self {
            world,
            room,
            chance: Chance::new(seed),
            people: Vec::new(),
            now: 1_760_000_000_000,
            n_steps: 0,
            n_texts: 0,
            is_hostile: true,
            texts: BTreeMap::new(),
            outdated: BTreeSet::new(),
            published: Seq(0),
            n_compared: 0,
            wishes: Wishes::default(),
        };
        // Two tabs may be of one member.
        for n in 0..simulation.chance.between(2, 4) as usize {
            let member = n % world.members.len();
            let person = Person::new(member, world.members[member].0.clone(), room);
            simulation.people.push(person);
            simulation.begin(n).await;
        }
        for _ in 0..simulation.chance.between(10, 50) {
            simulation.step().await;
        }
        simulation.settle().await;
        simulation.read_back().await;
        simulation.n_compared
    }

    /// Loads the page of a tab, with or without the messages that the server rendered.
    async fn begin(&mut self, n: usize) {
        if self.chance.one_in(2) {
            let (state, page) = self.world.rendered(self.room, self.people[n].member).await;
            self.people[n].engine.seed(self.room, self.world.epoch(), state, page);
        }
        let moment = self.moment();
        let engine = &mut self.people[n].engine;
        engine.follow(self.room);
        engine.start(moment);
        self.act(n);
    }

    /// One or more members do something, the network carries what they send, and some of them poll.
    async fn step(&mut self) {
        for _ in 0..self.chance.between(1, 3) {
            let n = self.chance.between(0, self.people.len() as u64 - 1) as usize;
            self.do_something(n).await;
        }
        self.exchange(NO_WAIT).await;
        for n in 0..self.people.len() {
            if self.chance.one_in(5) && checks::equals_the_store_at_the_head(self.world, &self.people[n]).await {
                self.n_compared += 1;
            }
        }
    }

    async fn do_something(&mut self, n: usize) {
        let moment = self.moment();
        let room = self.room;
        let text = self.text();
        let body = Body::parse(&text).expect("a body");
        let you = self.people[n].engine.you().id;
        let is_own = !self.chance.one_in(8);
        let own = self.any_message(n, |by| (by == you) == is_own);
        let any = self.any_message(n, |_| true);
        let emoji = EMOJI[self.chance.between(0, 2) as usize];
        let on = !self.chance.one_in(3);
        let place = self.chance.between(0, 99);
        let member = self.people[n].member;
        let (engine, wishes) = (&mut self.people[n].engine, &mut self.wishes);
        match (place, own, any) {
            (0..22, _, _) => {
                engine.send(room, body, None, moment);
            }
            (22..32, _, Some(to)) => {
                engine.send(room, body, Some(to), moment);
            }
            (32..48, Some(message), _) => {
                if is_own {
                    wishes.edit(member, message, &text);
                }
                engine.edit(room, message, body, moment);
            }
            (48..54, Some(message), _) => {
                if is_own {
                    wishes.delete(member, message);
                }
                engine.delete(room, message, moment);
            }
            (54..70, _, Some(message)) => {
                wishes.react(member, message, emoji, on);
                engine.react(room, message, emoji, on, moment);
            }
            (70..78, _, Some(message)) => engine.pin(room, message, on, moment),
            (78..80, _, _) => engine.describe(room, &text, "Topic", moment),
            (80..84, _, Some(message)) => engine.jump_to(room, message),
            (84..87, _, Some(message)) => engine.open_thread(room, message),
            (87, _, _) => engine.close_thread(room),
            (88..91, _, _) => engine.load_older(room),
            (91, _, _) => engine.set_network(NetworkState::Offline, moment),
            (92 | 93, _, _) => engine.set_network(NetworkState::Online, moment),
            (94, _, _) => self.lose(n),
            (95, _, _) => {
                self.people[n].reload();
                self.begin(n).await;
            }
            (96 | 97, _, _) => self.discard(n),
            _ => self.fill_a_gap(n),
        }
        self.act(n);
    }

    /// Carries what the tabs send to the server, all tabs at once, and the responses back; then lets the tabs poll.
    async fn exchange(&mut self, wait: Duration) {
        self.n_steps += 1;
        self.now += self.chance.between(1, 800);
        for n in 0..self.people.len() {
            let moment = self.moment();
            let person = &mut self.people[n];
            if person.engine.deadline().is_some_and(|deadline| deadline.0 <= moment.now.0) {
                person.engine.tick(moment);
                self.act(n);
            }
            self.open(n);
            self.deliver_late(n);
        }
        let sending: Vec<(usize, Uuid, usize, Vec<Sending>)> =
            (0..self.people.len()).filter_map(|n| self.sending(n)).collect();
        let world = self.world;
        let responses = join_all(sending.into_iter().map(|(n, tab, member, frames)| async move {
            let mut responses = Vec::new();
            for Sending { frame, n_copies, fate } in frames {
                for _ in 0..n_copies {
                    responses.push((request(world, member, tab, &frame).await, fate));
                }
            }
            (n, tab, responses)
        }));
        for (n, tab, responses) in responses.await {
            for (response, fate) in responses {
                self.respond(n, tab, response, fate);
            }
        }
        for n in 0..self.people.len() {
            if !self.is_hostile || self.chance.one_in(2) {
                self.poll(n, wait).await;
            }
        }
    }

    /// Returns the frames that a tab sends now, and what becomes of each.
    fn sending(&mut self, n: usize) -> Option<(usize, Uuid, usize, Vec<Sending>)> {
        let is_hostile = self.is_hostile;
        let chance = &mut self.chance;
        let person = &mut self.people[n];
        let connection = person.connection.as_mut().filter(|connection| connection.is_opened)?;
        let frames: Vec<ClientFrame> = connection.outgoing.drain(..).collect();
        let sending = frames.into_iter().map(|frame| {
            // An engine repeats only these; a real connection that loses another frame is lost.
            let is_repeated = matches!(frame, ClientFrame::Operation { .. } | ClientFrame::Query { .. });
            let n_copies = match chance.between(0, 29) {
                0 if is_hostile && is_repeated => 0,
                1 if is_hostile && is_repeated => 2,
                _ => 1,
            };
            let fate = match chance.between(0, 19) {
                0 if is_hostile => Fate::Lost,
                1..5 if is_hostile && matches!(frame, ClientFrame::Query { .. }) => Fate::Late(chance.between(1, 4)),
                _ => Fate::Arrives,
            };
            Sending { frame, n_copies, fate }
        });
        Some((n, connection.tab, person.member, sending.collect()))
    }

    fn respond(&mut self, n: usize, tab: Uuid, response: Response, fate: Fate) {
        self.learn(&response);
        let Some(connection) = self.people[n].connection.as_mut().filter(|connection| connection.tab == tab) else {
            return;
        };
        match (response, fate) {
            (Ok(_), Fate::Lost) | (Err(_), _) => self.lose(n),
            (Ok(frames), Fate::Late(n_steps)) => connection.late.push((self.n_steps + n_steps, frames)),
            (Ok(frames), Fate::Arrives) => self.deliver(n, frames),
        }
    }

    async fn poll(&mut self, n: usize, wait: Duration) {
        let person = &self.people[n];
        let Some(connection) = person.connection.as_ref().filter(|connection| connection.is_welcomed) else { return };
        let (tab, member) = (connection.tab, person.member);
        let outdated = self.outdated.clone();
        let response = self.world.ask(member, tab, PollKind::Further, wait, &person.engine.hello()).await;
        if let Ok(frames) = &response {
            checks::has_no_outdated_text(frames, &outdated);
        }
        self.learn(&response);
        match response {
            // The next poll has the cursors of before.
            Ok(_) if self.is_hostile && self.chance.one_in(8) => {}
            Ok(frames) => self.deliver(n, frames),
            Err(_) => self.lose(n),
        }
    }

    fn deliver(&mut self, n: usize, frames: Vec<ServerFrame>) {
        for frame in frames {
            let moment = self.moment();
            if let (ServerFrame::Welcome { .. }, Some(connection)) = (&frame, &mut self.people[n].connection) {
                connection.is_welcomed = true;
            }
            self.people[n].engine.received(frame, moment);
            self.act(n);
        }
    }

    fn deliver_late(&mut self, n: usize) {
        let step = self.n_steps;
        let Some(connection) = &mut self.people[n].connection else { return };
        let due: Vec<_> = connection.late.extract_if(.., |(at, _)| *at <= step).collect();
        for (_, frames) in due {
            self.deliver(n, frames);
        }
    }

    /// Notes which texts the hub has replaced: those before a change that a tab got from it.
    fn learn(&mut self, response: &Response) {
        for frame in response.iter().flatten() {
            let ServerFrame::Changes { changes, .. } = frame else { continue };
            for change in changes.iter().filter(|change| change.seq > self.published) {
                let Some(message) = change.message() else { continue };
                let old = match &change.what {
                    What::Posted { body, .. } | What::Edited { body } if !body.is_empty() => {
                        self.texts.insert(message, body.clone()).filter(|old| old != body)
                    }
                    What::Deleted => self.texts.remove(&message),
                    _ => None,
                };
                self.outdated.extend(old);
            }
            self.published = self.published.max(changes.last().map_or(Seq(0), |last| last.seq));
        }
    }

    /// Tells a tab that its connection is open, or that it failed.
    fn open(&mut self, n: usize) {
        let moment = self.moment();
        let fails = self.is_hostile && self.chance.one_in(10);
        let person = &mut self.people[n];
        match &mut person.connection {
            Some(connection) if !connection.is_opened && !fails => {
                connection.is_opened = true;
                person.engine.opened(moment);
            }
            Some(connection) if !connection.is_opened => return self.lose(n),
            Some(_) | None => return,
        }
        self.act(n);
    }

    /// Ends the connection of a tab. What is on its way is lost.
    fn lose(&mut self, n: usize) {
        let moment = self.moment();
        if self.people[n].connection.take().is_some() {
            self.people[n].engine.closed(moment);
            self.act(n);
        }
    }

    /// Ends all faults, and lets everybody catch up.
    async fn settle(&mut self) {
        self.is_hostile = false;
        for n in 0..self.people.len() {
            let moment = self.moment();
            self.people[n].engine.set_network(NetworkState::Online, moment);
            self.people[n].engine.reconnect_now(moment);
            self.act(n);
        }
        self.exchange_until("everybody is up to date", async |simulation: &mut Self, n: usize| {
            let person = &simulation.people[n];
            person.engine.connection() == ConnectionState::Connected
                && checks::equals_the_store_at_the_head(simulation.world, person).await
        })
        .await;
    }

    /// Loads all pages, and compares everything.
    async fn read_back(&mut self) {
        for n in 0..self.people.len() {
            self.people[n].engine.close_thread(self.room);
            self.act(n);
        }
        self.exchange_until("everything is loaded", async |simulation: &mut Self, n: usize| {
            simulation.fill_a_gap(n);
            simulation.people[n].engine.load_older(simulation.room);
            simulation.act(n);
            let timeline = simulation.people[n].timeline();
            let has_gap = timeline.entries().any(|entry| matches!(entry, Entry::Gap(_)));
            let lacks_a_quote = timeline.entries().any(|entry| match entry {
                Entry::Message(view) => view.reply_to.is_some() && view.quote.is_none(),
                Entry::Gap(_) => false,
            });
            let n_pins = timeline.room_state().map_or(0, |state| state.pins.len());
            !timeline.has_older() && !has_gap && !lacks_a_quote && timeline.pins().len() == n_pins
        })
        .await;
        let stored = self.world.stored(self.room, 0).await;
        checks::messages_agree_with_what_is_beside_them(self.world, self.room, &stored).await;
        for person in &self.people {
            assert!(checks::equals_the_store_at_the_head(self.world, person).await, "it is up to date");
            let stored = self.world.stored(self.room, person.member).await;
            checks::is_complete(person, &stored);
            let has_one_tab = self.people.iter().filter(|other| other.member == person.member).count() == 1;
            if has_one_tab {
                let unsent = person.engine.unsent(self.room);
                unsent.iter().for_each(|refused| self.wishes.discard(person.member, &refused.what));
                self.wishes.are_fulfilled(person.member, &stored);
            }
        }
    }

    async fn exchange_until(&mut self, what: &str, is_done: impl AsyncFn(&mut Self, usize) -> bool) {
        for _ in 0..400 {
            let mut are_done = true;
            for n in 0..self.people.len() {
                are_done &= is_done(self, n).await;
            }
            if are_done {
                return;
            }
            self.exchange(Duration::from_millis(5)).await;
        }
        panic!("it never comes that {what}");
    }

    /// Lets a tab do its engine's actions.
    fn act(&mut self, n: usize) {
        let tab = Uuid::from_bytes(self.chance.bytes());
        self.people[n].act(tab);
    }

    fn fill_a_gap(&mut self, n: usize) {
        let gap = self.people[n].timeline().entries().find_map(|entry| match entry {
            Entry::Gap(gap) => Some(gap),
            Entry::Message(_) => None,
        });
        if let Some(gap) = gap {
            let end = if self.chance.one_in(2) { GapEnd::Lower } else { GapEnd::Upper };
            self.people[n].engine.fill_gap(self.room, gap, end);
        }
    }

    /// Discards or retries an operation that was refused.
    fn discard(&mut self, n: usize) {
        let is_retried = self.chance.one_in(3);
        let unsent = self.people[n].engine.unsent(self.room);
        let Some(refused) = unsent.iter().find(|unsent| unsent.refusal.is_some()) else { return };
        let is_post = matches!(refused.what, Operation::Post { .. });
        let room = self.room;
        if is_retried && is_post {
            self.people[n].engine.retry(room, refused.op);
        } else {
            self.wishes.discard(self.people[n].member, &refused.what);
            self.people[n].engine.discard(room, refused.op);
        }
    }

    /// Returns a random message that a tab shows and whose author is as `is_by` says.
    fn any_message(&mut self, n: usize, is_by: impl Fn(MemberId) -> bool) -> Option<MessageId> {
        let shown: Vec<MessageId> = self.people[n]
            .timeline()
            .entries()
            .filter_map(|entry| match entry {
                Entry::Message(view) if is_by(view.by.id) => Some(view.id),
                Entry::Message(_) | Entry::Gap(_) => None,
            })
            .collect();
        let place = self.chance.between(0, (shown.len() as u64).saturating_sub(1)) as usize;
        shown.get(place).copied()
    }

    /// Returns a text that no other message has.
    fn text(&mut self) -> String {
        self.n_texts += 1;
        format!("text {}", self.n_texts)
    }

    fn moment(&mut self) -> Moment {
        Moment { now: UnixMillis(self.now), random: self.chance.bytes() }
    }
}

type Response = Result<Vec<ServerFrame>, hubbub_protocol::Refusal>;

/// A frame that a tab sends, how often it reaches the server, and what becomes of the response.
struct Sending {
    frame: ClientFrame,
    n_copies: usize,
    fate: Fate,
}

#[derive(Clone, Copy)]
enum Fate {
    Arrives,
    /// It arrives after this many steps.
    Late(u64),
    Lost,
}

async fn request(world: &World, member: usize, tab: Uuid, frame: &ClientFrame) -> Response {
    match frame {
        ClientFrame::Hello { .. } => world.ask(member, tab, PollKind::First, NO_WAIT, frame).await,
        _ => world.say(member, tab, frame).await,
    }
}
