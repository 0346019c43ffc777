//! Carries out batches of operations. Called by `store`.
//!
//! - [`transaction`]: one batch: loads the rows, decides, saves
//! - [`load`], [`save`]: the statements
//! - [`batch`]: the rows in memory, and what an operation does to them
//! - [`digest`]: tells a repeated operation from another one

mod batch;
mod digest;
mod load;
mod save;
mod transaction;

pub(super) use transaction::commit;
