//! The checks, one a file; [`claimed`] is what two of them share.
//!
//! - [`reach`]: does Hubbub answer there at all?
//! - [`page`], [`compression`]: are pages as they were sent?
//! - [`origin`], [`address`], [`clock`]: does the server know where people find it, who they are, and what time it is?
//! - [`cookie`]: do people stay signed in?
//! - [`upgrade`], [`wait`], [`stream`]: do WebSockets, long polling and the stream without script pass?

pub(super) mod address;
mod claimed;
pub(super) mod clock;
pub(super) mod compression;
pub(super) mod cookie;
pub(super) mod origin;
pub(super) mod page;
pub(super) mod reach;
pub(super) mod stream;
pub(super) mod upgrade;
pub(super) mod wait;
