//! What travels between Hubbub's clients and its server: ids, the model, frames, limits and their codec. Every other crate
//! uses it. It knows no sockets, storage or pages.
//!
//! - [`ids`]: newtypes for ids and counters
//! - [`model`]: members, rooms, events and cursors
//! - [`text`]: names, topics and bodies, checked when they are parsed
//! - [`limits`]: the limits that both sides keep to
//! - [`refusal`]: why the server refuses something
//! - [`client_frame`], [`server_frame`]: the frames that each side sends
//! - `open_enum`: how enums are read that may get new variants
//! - [`codec`]: frames to JSON text and back; the only module that names the format

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
