//! The measured scenarios, one file for each. The run calls them in order, and the report prints their figures.

pub(crate) mod first_load;
pub(crate) mod flood;
pub(crate) mod handshakes;
pub(crate) mod idle;
pub(crate) mod lone;
pub(crate) mod opening;
pub(crate) mod paced;
pub(crate) mod rooms;
pub(crate) mod storm;
