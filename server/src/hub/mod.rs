//! Who is connected here, and what reaches them. The bus feeds it, transports read it through [`Feed`]; it knows no
//! rule of the chat and no transport.
//!
//! A room is a log of encoded frames, a reader is a cursor and a seat: publishing appends once, and each reader takes
//! what it is behind when it gets to it, or is handed it while it waits. Nothing is queued for a reader, so a slow one
//! costs nothing; one that falls out of the recent log is caught up from the store.
//!
//! - [`rooms`]: the rooms that have a reader here, and the loop that listens to the bus
//! - [`room`]: one of them: its recent log, its hints and its readers; [`round`]: whom it reaches next
//! - [`recent`]: the encoded tail of a log
//! - [`presence`]: who is in a room
//! - [`hints`]: what may be dropped
//! - [`ticker`]: when what gathered leaves; [`pace`]: the same for presence, once a second
//! - [`seat`]: where a room reaches a reader: its [`bell`], and its way out while it waits
//! - [`feed`]: what a transport reads
//! - [`catch_up`]: from a cursor to the head, by the store
//! - [`connections`]: caps, and how a session's connections are ended

mod bell;
mod catch_up;
mod connections;
mod feed;
mod frame;
mod hints;
mod pace;
mod presence;
mod recent;
mod room;
mod rooms;
mod round;
mod seat;
mod ticker;

pub use bell::Closing;
pub use connections::{Admission, Caps, Connections};
pub use feed::{Feed, Listener};
pub use frame::Frame;
pub use presence::Present;
pub use rooms::Hub;
pub use seat::{Outlet, Unwritten, Written};
