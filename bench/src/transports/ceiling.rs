//! Finds how many connections a blocking server holds: opens more and more of them, until the server or the system fails.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Transport;
use crate::server_process::{Environment, Kind};
use crate::subject::Subject;
use crate::waiting::{Arrival, WaitingFigures, WaitingPlan, measure};

/// Descriptors that the generator needs for other things than connections.
const DESCRIPTORS_KEPT: u64 = 200;
/// Long enough to see that waiting connections cost no CPU time.
const WINDOW: Duration = Duration::from_secs(2);

#[derive(Debug, Serialize)]
pub(super) struct Ceiling {
    pub(super) kind: Kind,
    /// The figures of each number of connections that the server held.
    pub(super) held: Vec<WaitingFigures>,
    /// The number of connections at which the search ended, and why.
    pub(super) stopped_at: usize,
    pub(super) why: String,
}

/// Tries each number of `sizes` on a server of its own. A failure of the server ends the search and is part of the result.
pub(super) fn find(
    kind: Kind,
    sizes: &[usize],
    message_bytes: usize,
    most_descriptors: u64,
    environment: &Environment,
) -> Result<Ceiling> {
    let mut held = Vec::new();
    let most = usize::try_from(most_descriptors.saturating_sub(DESCRIPTORS_KEPT)).unwrap_or(usize::MAX);
    for &size in sizes {
        let n_connections = size.min(most);
        let subject = Subject::start(kind, environment, 0)?;
        let (transport, arrival) = (Transport::Stream, Arrival::AFewAtATime);
        let plan = WaitingPlan { transport, n_connections, arrival, window: WINDOW, message_bytes };
        match measure(&subject, plan) {
            Ok((waiting, faults)) if faults.is_empty() => held.push(waiting),
            Ok((_, faults)) => {
                return Ok(Ceiling { kind, held, stopped_at: n_connections, why: faults[0].to_string() });
            }
            Err(error) => {
                let error_line = environment.first_error_line(kind).map(|line| format!("{line}; "));
                let why = format!("{}{error:#}", error_line.unwrap_or_default());
                return Ok(Ceiling { kind, held, stopped_at: n_connections, why });
            }
        }
        if n_connections == most {
            let why = format!("no more descriptors: {most_descriptors} are allowed");
            return Ok(Ceiling { kind, held, stopped_at: most, why });
        }
    }
    let stopped_at = sizes.last().copied().unwrap_or_default();
    Ok(Ceiling { kind, held, stopped_at, why: "more were not asked for".to_owned() })
}
