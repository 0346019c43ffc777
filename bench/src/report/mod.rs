//! The outcome of a run: every figure as it is written to JSON, and how it is printed. The run fills it in.
//!
//! - [`figures`]: the figures
//! - [`outcome`]: what every run ends with, be it this report or the figures of another run
//! - [`table`]: the printed form
//! - [`target`]: a figure and its target; [`goals`]: the targets of this report

mod figures;
mod goals;
mod outcome;
mod table;
mod target;

pub(crate) use figures::{Durable, FanOut, HubbubFigures, Lone, Paced, Report, Round, median, unix_s};
pub(crate) use outcome::{Outcome, publish};
pub(crate) use table::{disturbance, grouped, targets};
pub(crate) use target::{Bound, Target, target};
