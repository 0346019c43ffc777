//! Posts in many small rooms at the same time, as most chats do: each message goes to a few people, so the work of a message
//! itself counts more than its sends. The floor makes the same sends.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Crowd;
use crate::server_process::Server;

pub(crate) const N_ROOMS: usize = 100;
pub(crate) const N_PEOPLE_EACH: usize = 10;
/// Posts that are under way at a time, over all rooms.
const N_IN_FLIGHT: usize = 64;
const WARM_UP: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Rooms {
    pub(crate) posts_per_s: f64,
    pub(crate) cpu_us_per_post: f64,
}

/// A room and a person in it.
type Sender = (usize, usize);

/// Measures some crowds, one for each room.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn run(server: &Server, crowds: &mut [Crowd], window: Duration) -> Result<Rooms> {
    // Room by room for the first person, then for the second, so that the rooms take turns.
    let senders = (0..N_PEOPLE_EACH).flat_map(|person| (0..crowds.len()).map(move |room| (room, person)));
    let mut waiting: VecDeque<Sender> = senders.collect();
    let mut n_in_flight = 0;
    post_for(crowds, WARM_UP, &mut waiting, &mut n_in_flight)?;
    let (cpu_before, n_before, started) = (server.cpu_time()?, n_posted(crowds), Instant::now());
    post_for(crowds, window, &mut waiting, &mut n_in_flight)?;
    let cpu = server.cpu_time()?.saturating_sub(cpu_before);
    let n_posts = (n_posted(crowds) - n_before) as f64;
    Ok(Rooms {
        posts_per_s: n_posts / started.elapsed().as_secs_f64(),
        cpu_us_per_post: cpu.as_secs_f64() * 1e6 / n_posts.max(1.0),
    })
}

fn post_for(
    crowds: &mut [Crowd],
    time: Duration,
    waiting: &mut VecDeque<Sender>,
    n_in_flight: &mut usize,
) -> Result<()> {
    let end = Instant::now() + time;
    let mut free = Vec::new();
    while Instant::now() < end {
        while *n_in_flight < N_IN_FLIGHT {
            let Some((room, person)) = waiting.pop_front() else { break };
            crowds[room].post(person, Instant::now())?;
            *n_in_flight += 1;
        }
        for (room, crowd) in crowds.iter_mut().enumerate() {
            crowd.step(Duration::ZERO)?;
            crowd.take_free(&mut free);
            *n_in_flight -= free.len();
            waiting.extend(free.drain(..).map(|person| (room, person)));
        }
    }
    Ok(())
}

fn n_posted(crowds: &[Crowd]) -> u64 {
    crowds.iter().map(Crowd::n_posted).sum()
}
