//! The connections of this node, and what reaches them. The bus feeds it, transports read it through [`Feed`]; it knows no
//! rule of the chat and no transport.
//!
//! A room holds its newest events as encoded frames, and a connection is a cursor into them. Publishing appends once, and
//! each connection takes what it has not read yet, or is written to while it waits. Nothing is queued for a connection, so
//! a slow one costs nothing; one that is behind the recent log is caught up from the store.
//!
//! - [`rooms`]: the hub, and the loop that listens to the bus
//! - [`room`]: one room: its recent log, its hints and its subscribers
//! - [`recent`]: the newest events of a room as frames; [`frame`]: a frame
//! - [`presence`]: who is in a room; [`hints`]: frames that may get lost
//! - [`ticker`]: when a room's events become readable; [`throttle`]: the same for presence, once a second
//! - [`round_robin`]: in which order subscribers are reached
//! - [`subscriber`]: how a room reaches a connection; [`notifier`]: how the connection's task is woken
//! - [`feed`]: what a transport reads
//! - [`catch_up`]: events between a cursor and the head, from the store
//! - [`connections`]: caps, and how a session's connections are closed

mod catch_up;
mod connections;
mod feed;
mod frame;
mod hints;
mod notifier;
mod presence;
mod recent;
mod room;
mod rooms;
mod round_robin;
mod subscriber;
mod throttle;
mod ticker;

pub use connections::{Admission, Caps, Connections};
pub use feed::{Feed, Listener};
pub use frame::Frame;
pub use notifier::Closing;
pub use presence::Present;
pub use rooms::Hub;
pub use subscriber::{FrameWriter, Unwritten, Written};
