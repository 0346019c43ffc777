//! What travels between Hubbub's clients and its server: ids, the model, frames, limits and their codec.
//! Used by every other crate; knows nothing of sockets, storage or pages.
//!
//! - [`ids`]: newtypes, so that a room's number is never taken for a member's
//! - [`model`]: members, rooms, events and cursors
//! - [`text`]: names, topics and bodies, right by their type once parsed
//! - [`limits`]: the numbers both sides keep to
//! - [`refusal`]: every "no" a client can be told
//! - [`client_frame`], [`server_frame`]: what each side may say
//! - `open_enum`: how enums are read that may get new variants
//! - [`codec`]: frames to JSON and back; the only file that names the format

pub mod client_frame;
pub mod codec;
pub mod ids;
pub mod limits;
pub mod model;
mod open_enum;
pub mod refusal;
pub mod server_frame;
pub mod text;

pub use client_frame::{ClientFrame, Interest};
pub use ids::{Epoch, MemberId, MessageId, RoomId, Seq, Slug, UnixMillis};
pub use model::{Cursor, Event, Member, RoomInfo, What};
pub use refusal::Refusal;
pub use server_frame::{ServerFrame, SnapshotReason};
