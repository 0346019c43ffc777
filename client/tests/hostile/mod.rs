//! A simulation of engines: a model server, a faulty network, people who act at random, and checks of the engines. Used by the
//! property test. All randomness comes from one seed, and time is virtual.

pub(crate) mod chance;
pub(crate) mod checks;
pub(crate) mod network;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod polling;
pub(crate) mod server;
pub(crate) mod simulation;
pub(crate) mod stream;
