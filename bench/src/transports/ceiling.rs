//! How many connections a server of the old web holds: more and more of them, until it or the system stops.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Transport;
use crate::server_process::{Kind, Places};
use crate::subject::Subject;
use crate::waiting::{Arrival, Asked, Waiting, measure};

/// The generator keeps these of its descriptors for itself.
const DESCRIPTORS_KEPT: u64 = 200;
/// Long enough to see that those who wait cost no CPU.
const WINDOW: Duration = Duration::from_secs(2);

#[derive(Debug, Serialize)]
pub(super) struct Ceiling {
    pub(super) kind: Kind,
    /// What it held, one number of connections after the other.
    pub(super) held: Vec<Waiting>,
    /// How many were too many, and why.
    pub(super) stopped_at: usize,
    pub(super) why: String,
}

/// Tries each number of `sizes` on a server of its own. What stops it is a result and no failure.
pub(super) fn find(
    kind: Kind,
    sizes: &[usize],
    message_bytes: usize,
    most_descriptors: u64,
    places: &Places,
) -> Result<Ceiling> {
    let mut held = Vec::new();
    let most = usize::try_from(most_descriptors.saturating_sub(DESCRIPTORS_KEPT)).unwrap_or(usize::MAX);
    for &size in sizes {
        let n_connections = size.min(most);
        let subject = Subject::start(kind, places, 0)?;
        let (transport, arrival) = (Transport::Stream, Arrival::AFewAtATime);
        let asked = Asked { transport, n_connections, arrival, window: WINDOW, message_bytes };
        match measure(&subject, asked) {
            Ok((waiting, faults)) if faults.is_empty() => held.push(waiting),
            Ok((_, faults)) => {
                return Ok(Ceiling { kind, held, stopped_at: n_connections, why: faults[0].to_string() });
            }
            Err(error) => {
                let complaint = places.first_complaint(kind).map(|complaint| format!("{complaint}; "));
                let why = format!("{}{error:#}", complaint.unwrap_or_default());
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
