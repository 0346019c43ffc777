//! Carries out batches of operations. Called by `store`.
//!
//! - [`transaction`]: one batch: loads the rows, decides, saves
//! - [`load`], [`save`]: the statements
//! - [`batch`]: what an operation does to the rows in memory, [`batch_rows`]: the rows
//! - [`digest`]: tells a repeated operation from another one

mod batch;
mod batch_rows;
mod digest;
mod load;
mod save;
mod transaction;

pub(super) use transaction::commit;
