//! The log and everything else that lasts, behind one trait. Called by chat and hub; knows no rule of the chat, no
//! transport and no bus.
//!
//! - [`contract`]: what any store can do
//! - [`records`], [`error`]: what goes in and out, and what can go wrong
//! - [`sqlite`]: the store that comes with the binary

mod contract;
mod error;
mod records;
pub mod sqlite;

pub use contract::Store;
pub use error::{AppendError, StartSessionError, StoreError};
pub use records::{Appended, Draft, NewRoom, NewSession, Session, TokenHash};
