//! Property test of equality: when a client's cursor equals the head, every message that it holds equals what its user would
//! read from the server now, and ranges that it considers complete are complete.
//!
//! The engines, both transports, the hub, the rules and the store are the real ones, in one process. A tab reaches the server
//! by polling or by a WebSocket, anew with each connection. The network loses, repeats and delays the requests and responses
//! of polls, and delays the frames of WebSockets and cuts their connections. Members act at random. A failure prints its seed;
//! `HUBBUB_SEED=<seed> cargo test -p hubbub --test equality` runs that simulation again, `PROPTEST_CASES=<n>` sets the number
//! of simulations.
//!
//! - [`world`]: the server's parts; [`simulation`]: members who act
//! - [`network`]: carries frames; [`polls`] and [`sockets`]: the faults of each transport
//! - [`person`]: a member's tab; [`websocket`]: the client's end of a WebSocket
//! - [`checks`]: compares an engine with the store; [`wishes`]: what operations must have done

#[path = "../../client/tests/hostile/chance.rs"]
mod chance;
#[path = "equality/checks.rs"]
mod checks;
#[path = "equality/network.rs"]
mod network;
#[path = "equality/person.rs"]
mod person;
#[path = "equality/polls.rs"]
mod polls;
#[path = "equality/simulation.rs"]
mod simulation;
#[path = "equality/sockets.rs"]
mod sockets;
#[path = "equality/websocket.rs"]
mod websocket;
#[path = "equality/wishes.rs"]
mod wishes;
#[path = "equality/world.rs"]
mod world;

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt, StreamExt, stream};
use simulation::Simulation;
use world::World;

/// The number of simulations if the environment sets none.
const CASES: u64 = 1_000;
/// Simulations over one store. Each has a room of its own, and the list of rooms is part of each `welcome`.
const CASES_PER_STORE: usize = 100;
/// Simulations that run at the same time, so that their operations are committed together.
const AT_ONCE: usize = 16;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_that_a_client_holds_at_the_head_equals_what_it_would_read_now() {
    let seeds: Vec<u64> = match from_environment("HUBBUB_SEED") {
        Some(seed) => vec![seed],
        None => (0..from_environment("PROPTEST_CASES").unwrap_or(CASES)).collect(),
    };
    let mut n_compared = 0;
    for some in seeds.chunks(CASES_PER_STORE) {
        let world = World::new().await;
        let outcomes = stream::iter(some).map(|seed| {
            let world = &world;
            async move { (*seed, AssertUnwindSafe(Simulation::run(world, *seed)).catch_unwind().await) }
        });
        let mut outcomes = outcomes.buffer_unordered(AT_ONCE);
        while let Some((seed, outcome)) = outcomes.next().await {
            n_compared += outcome.unwrap_or_else(|_| panic!("seed = {seed}"));
        }
    }
    assert!(n_compared >= seeds.len() as u64, "the cursor often equals the head: {n_compared} times");
}
