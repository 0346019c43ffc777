//! The refusal for a failure of the store. Called by every rule that reads or writes.

use hubbub_protocol::Refusal;

use crate::store::StoreError;

/// Returns the refusal for the person, and logs the failure. Called once for each failure.
pub(super) fn refusal_of(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the store failed");
    match error {
        StoreError::Full => Refusal::ReadOnly,
        StoreError::Broken(_) | StoreError::Unknown(_) => Refusal::UnknownOutcome,
        StoreError::Busy => Refusal::Busy,
        StoreError::Failed(_) => Refusal::Internal,
    }
}
