//! What is measured: a file each. The run calls them in order, the report prints what they give; none knows of another.

pub(crate) mod first_load;
pub(crate) mod flood;
pub(crate) mod handshakes;
pub(crate) mod idle;
pub(crate) mod lone;
pub(crate) mod paced;
