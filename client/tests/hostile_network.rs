//! Engines against a model server through a network that fails in every way: whatever happens, what was sent is in the
//! log once and in order, and everyone sees the log.
//!
//! A failure prints its seed; `HUBBUB_SEED=<seed> cargo test -p hubbub-client --test hostile_network` runs that one
//! again, `PROPTEST_CASES=<n>` sets how many are tried.

use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::test_runner::TestCaseError;

mod hostile;

use hostile::checks;
use hostile::world::{ROOMS, World};

/// How many stories are tried when the environment does not say.
const CASES: u32 = 2_000;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let cases = if seed_from_environment().is_some() { 1 } else { cases };
    // A seed is a story as a whole: a smaller one is another story and not a simpler one.
    ProptestConfig { cases, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() }
}

fn seed_from_environment() -> Option<u64> {
    std::env::var("HUBBUB_SEED").ok()?.parse().ok()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_sent_is_seen_by_all_once_and_in_order(seed in any::<u64>()) {
        let seed = seed_from_environment().unwrap_or(seed);
        let outcome = std::panic::catch_unwind(|| live_through(seed));
        outcome.map_err(|_| TestCaseError::fail(format!("seed = {seed}")))?;
    }
}

fn live_through(seed: u64) {
    let mut world = World::new(seed);
    let storm_ms = world.chance.between(5_000, 60_000);
    world.run(storm_ms);
    world.calm_down();
    // The longest that anything takes to be noticed (60 s) and made good (30 s), and then some.
    world.run(150_000);
    checks::all_is_well(&world);
    read_back(&mut world);
    checks::all_is_shown(&world);
}

/// Everyone scrolls up to the beginning and closes every gap on the way.
fn read_back(world: &mut World) {
    for _ in 0..400 {
        for person in 0..world.people.len() {
            world.with(person, |engine, _| {
                ROOMS.into_iter().for_each(|room| engine.fill_gap(room));
                ROOMS.into_iter().for_each(|room| engine.load_older(room));
            });
        }
        world.run(200);
        if checks::nothing_is_left_to_load(world) {
            return;
        }
    }
}
