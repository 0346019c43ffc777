//! A small world for the engine to survive in: a model server, a network that fails in every way, people who type, and
//! the checks of what they see. Used by the property tests; all chance comes from one seed, all time is virtual.

pub(crate) mod asking;
pub(crate) mod chance;
pub(crate) mod checks;
pub(crate) mod network;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod server;
pub(crate) mod world;
