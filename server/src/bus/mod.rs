//! Carries notices between nodes: what is committed on one node reaches the hub of every node. The chat publishes, the hub
//! listens; the bus knows neither rules nor rows. A notice may get lost; the hub then reads the log.
//!
//! - [`contract`]: the trait, and the notices
//! - [`local`]: the bus of a single server

mod contract;
mod local;

pub use contract::{Bus, Notice};
pub use local::LocalBus;
