//! Stores streams, rooms, messages, members and sessions behind one trait. Called by chat and hub; knows no rule of the chat, no
//! transport and no bus.
//!
//! - [`contract`]: the trait
//! - [`records`], [`error`]: its values and its errors
//! - [`sqlite`]: the store that comes with the binary

mod contract;
mod error;
mod records;
pub mod sqlite;

pub use contract::Store;
pub use error::{CreateRoomError, OperationError, StartSessionError, StoreError};
pub use records::{
    ChangedRows, Committed, Decide, Intent, NewRoom, NewSession, PageQuery, RoomPage, Session, Situation, Submitted,
    TokenHash,
};
