//! The first free one of a row of candidates: a room's slug, a member's name. Called by `rooms` and `sessions` inside
//! their transactions, so that what is free stays free until they commit.

use std::collections::HashSet;

use sqlx::SqliteConnection;
use sqlx::types::Json;

/// Candidates asked about at a time. Most find the first one free.
const CANDIDATES: usize = 16;

/// The first candidate whose key `taken` doesn't select. `taken` gets the keys as one JSON array; the candidates must
/// never end.
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
