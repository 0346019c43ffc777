//! Tests the engine in a simulation with a model server and a faulty network. At the end, each message is stored once and in
//! order, and everyone sees every message as the server has it. Before that, nobody sees a message as it was before their
//! cursor.
//!
//! A failure prints its seed. `HUBBUB_SEED=<seed> cargo test -p hubbub-client --test hostile_network` runs that simulation
//! again. `PROPTEST_CASES=<n>` sets the number of simulations.

use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::test_runner::TestCaseError;

mod hostile;

use hostile::checks;
use hostile::simulation::{ROOMS, Simulation};
use hubbub_client::GapEnd;

/// The number of simulations if the environment sets none.
const CASES: u32 = 2_000;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let cases = if seed_from_environment().is_some() { 1 } else { cases };
    // Shrinking is useless: a smaller seed makes another simulation and not a simpler one.
    ProptestConfig { cases, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() }
}

fn seed_from_environment() -> Option<u64> {
    std::env::var("HUBBUB_SEED").ok()?.parse().ok()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn everyone_sees_each_message_once_in_order_and_up_to_date(seed in any::<u64>()) {
        let seed = seed_from_environment().unwrap_or(seed);
        let outcome = std::panic::catch_unwind(|| simulate(seed));
        outcome.map_err(|_| TestCaseError::fail(format!("seed = {seed}")))?;
    }
}

fn simulate(seed: u64) {
    let mut simulation = Simulation::new(seed);
    let faulty_ms = simulation.chance.between(5_000, 60_000);
    simulation.run(faulty_ms);
    simulation.end_faults();
    // A fault is noticed within 60 s and recovered from within 30 s more.
    simulation.run(150_000);
    checks::final_state_is_correct(&simulation);
    read_back(&mut simulation);
    checks::timelines_are_complete(&simulation);
}

/// Loads all older pages and fills all gaps in everyone's timelines.
fn read_back(simulation: &mut Simulation) {
    for _ in 0..400 {
        for person in 0..simulation.people.len() {
            for room in ROOMS {
                for gap in simulation.gaps(person, room) {
                    simulation.with(person, |engine, _| engine.fill_gap(room, gap, GapEnd::Upper));
                }
            }
            simulation.with(person, |engine, _| {
                ROOMS.into_iter().for_each(|room| engine.load_older(room));
            });
        }
        simulation.run(200);
        if checks::nothing_is_left_to_load(simulation) {
            return;
        }
    }
}
