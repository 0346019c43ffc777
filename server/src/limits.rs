//! Raises the limits that the system sets for the process. Called by `main` before the server starts.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Open files below which a busy server runs out of them: each connection takes one.
const FEW_DESCRIPTORS: u64 = 4_096;

/// Raises the soft limit of open files to the hard limit, and warns when that is low.
pub fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit on open files could not be raised");
    }
    match getrlimit(Resource::Nofile).current {
        Some(descriptors) if descriptors < FEW_DESCRIPTORS => {
            tracing::warn!(descriptors, "the limit on open files is low: each connection takes one");
        }
        _ => {}
    }
}
