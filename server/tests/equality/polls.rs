//! The network of tabs that poll: requests and responses are lost, repeated and late, each by itself.

use std::time::Duration;

use hubbub::transport::poll::PollKind;
use hubbub_protocol::{ClientFrame, Refusal, ServerFrame};
use uuid::Uuid;

use super::checks;
use super::simulation::{NO_WAIT, Simulation};
use super::world::World;

type Response = Result<Vec<ServerFrame>, Refusal>;

/// The frames that a tab sends in one step, each by a request.
pub(crate) struct Requests {
    n: usize,
    tab: Uuid,
    member: usize,
    frames: Vec<Sending>,
}

/// A frame that a tab sends, how often it reaches the server, and what becomes of the response.
struct Sending {
    frame: ClientFrame,
    n_copies: usize,
    fate: ResponseFate,
}

/// Whether and when a tab gets the response to one request.
#[derive(Clone, Copy)]
enum ResponseFate {
    Arrives,
    /// The response arrives after this many steps.
    Late(u64),
    Lost,
}

/// The responses to a tab's requests.
pub(crate) struct Responses {
    n: usize,
    tab: Uuid,
    responses: Vec<(Response, ResponseFate)>,
}

impl Requests {
    /// Lets the server handle the requests, one after the other.
    pub(crate) async fn carry(self, world: &World) -> Responses {
        let mut responses = Vec::new();
        for Sending { frame, n_copies, fate } in self.frames {
            for _ in 0..n_copies {
                responses.push((request(world, self.member, self.tab, &frame).await, fate));
            }
        }
        Responses { n: self.n, tab: self.tab, responses }
    }
}

impl Simulation<'_> {
    /// Returns the frames that a polling tab sends now, and what becomes of each.
    pub(crate) fn requests(&mut self, n: usize) -> Option<Requests> {
        let is_hostile = self.is_hostile;
        let chance = &mut self.chance;
        let person = &mut self.people[n];
        let (tab, _) = person.polls()?;
        let frames: Vec<ClientFrame> = person.connection.as_mut()?.outgoing.drain(..).collect();
        let sending = frames.into_iter().map(|frame| {
            // An engine repeats only these; a real connection that loses another frame is lost.
            let is_repeated = matches!(frame, ClientFrame::Operation { .. } | ClientFrame::Query { .. });
            let n_copies = match chance.between(0, 29) {
                0 if is_hostile && is_repeated => 0,
                1 if is_hostile && is_repeated => 2,
                _ => 1,
            };
            let fate = match chance.between(0, 19) {
                0 if is_hostile => ResponseFate::Lost,
                1..5 if is_hostile && matches!(frame, ClientFrame::Query { .. }) => {
                    ResponseFate::Late(chance.between(1, 4))
                }
                _ => ResponseFate::Arrives,
            };
            Sending { frame, n_copies, fate }
        });
        Some(Requests { n, tab, member: person.member, frames: sending.collect() })
    }

    pub(crate) fn respond(&mut self, Responses { n, tab, responses }: Responses) {
        for (response, fate) in responses {
            self.learn(response.as_deref().unwrap_or_default());
            let Some((_, polls)) = self.people[n].polls().filter(|(now, _)| *now == tab) else { continue };
            match (response, fate) {
                (Ok(_), ResponseFate::Lost) | (Err(_), _) => self.lose(n),
                (Ok(frames), ResponseFate::Late(n_steps)) => polls.late.push((self.n_steps + n_steps, frames)),
                (Ok(frames), ResponseFate::Arrives) => self.deliver_response(n, frames),
            }
        }
    }

    pub(crate) async fn poll(&mut self, n: usize, wait: Duration) {
        let person = &mut self.people[n];
        let Some((tab, _)) = person.polls().filter(|(_, polls)| polls.is_welcomed) else { return };
        let (member, hello) = (person.member, person.engine.hello());
        let outdated = self.outdated.clone();
        let response = self.world.ask(member, tab, PollKind::Further, wait, &hello).await;
        let frames = response.as_deref().unwrap_or_default();
        checks::has_no_outdated_text(frames, &outdated);
        self.learn(frames);
        match response {
            // The next poll has the cursors of before.
            Ok(_) if self.is_hostile && self.chance.one_in(8) => {}
            Ok(frames) => self.deliver_response(n, frames),
            Err(_) => self.lose(n),
        }
    }

    pub(crate) fn deliver_late(&mut self, n: usize) {
        let step = self.n_steps;
        let Some((_, polls)) = self.people[n].polls() else { return };
        let due: Vec<_> = polls.late.extract_if(.., |(at, _)| *at <= step).collect();
        for (_, frames) in due {
            self.deliver_response(n, frames);
        }
    }

    fn deliver_response(&mut self, n: usize, frames: Vec<ServerFrame>) {
        let has_welcome = frames.iter().any(|frame| matches!(frame, ServerFrame::Welcome { .. }));
        if let (true, Some((_, polls))) = (has_welcome, self.people[n].polls()) {
            polls.is_welcomed = true;
        }
        self.deliver(n, frames);
    }
}

async fn request(world: &World, member: usize, tab: Uuid, frame: &ClientFrame) -> Response {
    match frame {
        ClientFrame::Hello { .. } => world.ask(member, tab, PollKind::First, NO_WAIT, frame).await,
        _ => world.say(member, tab, frame).await,
    }
}
