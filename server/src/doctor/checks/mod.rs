//! The checks, one a file. Each has a function `check` that returns a finding. Called by `visit`.
//!
//! - [`reach`]: Hubbub responds at the URL
//! - [`page`], [`compression`]: the first page arrives complete and compressed
//! - [`origin`], [`address`], [`clock`]: the server knows its own URL, the clients' addresses and the time
//! - [`cookie`]: cookies pass in both directions
//! - [`upgrade`], [`wait`], [`stream`]: WebSockets, long polls and streamed responses pass
//! - [`forged`]: the forged client addresses that [`reach`] sends and [`address`] looks for

pub(super) mod address;
pub(super) mod clock;
pub(super) mod compression;
pub(super) mod cookie;
mod forged;
pub(super) mod origin;
pub(super) mod page;
pub(super) mod reach;
pub(super) mod stream;
pub(super) mod upgrade;
pub(super) mod wait;
