//! What a run gives: every figure as it is written to JSON, and what is printed of it. The run fills it in.
//!
//! - [`figures`]: the shapes of the figures
//! - [`outcome`]: what every run hands in, be it this report or another's figures
//! - [`table`]: the printed form
//! - [`target`]: what is to be reached, and whether it was

mod figures;
mod outcome;
mod table;
mod target;

pub(crate) use figures::{Durable, HubbubFigures, Lone, Paced, Report, Round, median, unix_s};
pub(crate) use outcome::{Outcome, hand_in};
pub(crate) use table::{disturbance, grouped, targets};
pub(crate) use target::{Bound, Target, target};
