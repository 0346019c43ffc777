//! The connections of this node, and the delivery of changes and hints to them. The hub receives notices from the bus, and
//! transports read it through [`Feed`]. It knows no rule of the chat and no transport.
//!
//! A room holds its newest changes as encoded frames, and a connection is a cursor into them. Publishing appends once.
//! Each connection takes the frames after its cursor, or the hub writes them to it while it waits. Nothing is queued for a
//! connection, so a slow one costs no memory. A connection that is behind the recent changes reads from the store.
//!
//! - [`rooms`]: the hub, and the loop that listens to the bus
//! - [`room`]: one room: its recent changes, its hints and its subscribers
//! - [`recent`]: the newest changes of a room as frames; [`changes_frame`]: one of them; [`frame`]: any frame
//! - [`presence`]: the members in a room; [`hints`]: frames that may get lost
//! - [`ticker`]: plans when a room's changes become readable; [`throttle`]: plans when presence is sent, at most once a second
//! - [`round_robin`]: the order in which a room reaches its subscribers
//! - [`subscriber`]: a connection as its rooms see it; [`notifier`]: wakes the connection's task
//! - [`feed`]: the frames after a connection's cursors, for the transports; [`catch_up`]: those that the store has
//! - [`connections`]: the caps on connections; closes the connections of a session

mod catch_up;
mod changes_frame;
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
