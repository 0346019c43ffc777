//! What a run gives: every figure as it is written to JSON, and what is printed of it. The run fills it in.
//!
//! - [`figures`]: the shapes of the figures
//! - [`table`]: the printed form
//! - [`target`]: what is to be reached, and whether it was

mod figures;
mod table;
mod target;

pub(crate) use figures::{Durable, HubbubFigures, Lone, Paced, Report, Round, median, unix_s, write_json};
pub(crate) use table::{disturbance, grouped, print, targets};
pub(crate) use target::{Bound, Target, target};
