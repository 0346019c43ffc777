//! What travels between Hubbub's clients and its server: ids, the model, frames, limits and their codec. Every other crate
//! uses it. It knows no sockets, storage or pages.
//!
//! - [`ids`]: newtypes for ids and counters
//! - [`model`]: members, rooms, streams and cursors
//! - [`message`], [`change`], [`apply`]: a message in its current state, the changes, and how they are applied
//! - [`operation`], [`query`]: what a client may do and ask
//! - [`text`]: names, topics and bodies, checked when they are parsed
//! - [`limits`]: the limits that both sides keep to
//! - [`refusal`]: why the server refuses something
//! - [`client_frame`], [`server_frame`]: the frames that each side sends
//! - `open_enum`: how enums are read that may get new variants
//! - [`codec`]: frames to JSON text and back; the only module that names the format

pub mod apply;
pub mod change;
pub mod client_frame;
pub mod codec;
pub mod ids;
pub mod limits;
pub mod message;
pub mod model;
mod open_enum;
pub mod operation;
pub mod query;
pub mod refusal;
pub mod server_frame;
pub mod text;

pub use apply::Applied;
pub use change::{Change, ReplyTo, What};
pub use client_frame::{ClientFrame, Interest};
pub use ids::{Epoch, MemberId, MessageId, OpId, RoomId, Seq, Slug, UnixMillis};
pub use message::{Message, MessageKind, OwnReactions, Reaction};
pub use model::{Cursor, Member, RoomInfo, RoomState, StreamId};
pub use operation::Operation;
pub use query::{Answer, Page, Query, Reactors, Revision};
pub use refusal::Refusal;
pub use server_frame::{PageReason, ServerFrame};
