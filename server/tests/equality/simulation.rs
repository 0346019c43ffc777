//! Members who act at random in a room of their own, until everybody is up to date. Time is virtual for the engines. All
//! randomness comes from the seed, except in which order the server serves requests of the same moment, and how soon a tab
//! gets the changes of others.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hubbub_client::{ConnectionState, Entry, GapEnd, Moment, NetworkState};
use hubbub_protocol::text::Body;
use hubbub_protocol::{MemberId, MessageId, Operation, RoomId, Seq, UnixMillis};

use super::chance::Chance;
use super::checks;
use super::person::Person;
use super::websocket::WebSocket;
use super::wishes::Wishes;
use super::world::World;

const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];
const LONG_TEXT_CHARS: usize = 2_000;
pub(crate) const NO_WAIT: Duration = Duration::ZERO;

pub(crate) struct Simulation<'a> {
    pub(crate) world: &'a World,
    room: RoomId,
    pub(crate) chance: Chance,
    pub(crate) people: Vec<Person>,
    pub(crate) now: u64,
    pub(crate) n_steps: u64,
    n_texts: u64,
    /// Whether the network loses, repeats, delays and cuts.
    pub(crate) is_hostile: bool,
    /// The newest text of each message, and the texts that are outdated since a change that the hub has published.
    pub(crate) texts: BTreeMap<MessageId, String>,
    pub(crate) outdated: BTreeSet<String>,
    /// The last change that any tab got from the hub.
    pub(crate) published: Seq,
    /// WebSockets that were lost, which the server has not noticed.
    pub(crate) lingering: Vec<WebSocket>,
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
            lingering: Vec::new(),
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
        let name = format!("Name {}", self.n_texts);
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
            (78..80, _, _) => engine.describe(room, &name, "Topic", moment),
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

    /// Returns a text that no other message has. Some are so long that two of them fill a small buffer.
    fn text(&mut self) -> String {
        self.n_texts += 1;
        let length = if self.chance.one_in(4) { LONG_TEXT_CHARS } else { 0 };
        format!("{:.<length$}", format!("text {}", self.n_texts))
    }

    pub(crate) fn moment(&mut self) -> Moment {
        Moment { now: UnixMillis(self.now), random: self.chance.bytes() }
    }
}
