//! Finds the first candidate for a slug or a name that is free. Called by `rooms` and `sessions` inside their
//! transactions, so that the candidate stays free until they commit.

use std::collections::HashSet;

use sqlx::SqliteConnection;
use sqlx::types::Json;

/// The number of candidates in one query. Usually the first one is free.
const CANDIDATES: usize = 16;

/// Returns the first candidate whose key the query `taken` doesn't select. The query gets the keys as one JSON array.
/// The iterator must be infinite.
pub(super) async fn first_free<T>(
    connection: &mut SqliteConnection,
    taken: &'static str,
    mut candidates: impl Iterator<Item = (String, T)>,
) -> Result<T, sqlx::Error> {
    loop {
        let (keys, some): (Vec<String>, Vec<T>) = candidates.by_ref().take(CANDIDATES).unzip();
        let taken: HashSet<String> =
            sqlx::query_scalar(taken).bind(Json(&keys)).fetch_all(&mut *connection).await?.into_iter().collect();
        let free = keys.iter().zip(some).find(|(key, _)| !taken.contains(*key));
        if let Some((_, candidate)) = free {
            return Ok(candidate);
        }
    }
}
