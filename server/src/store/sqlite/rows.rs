//! The rows that queries select, and their conversion to the model. Used by the files that select them.

use hubbub_protocol::{Event, Member, MemberId, MessageId, RoomId, RoomInfo, Seq, Slug, UnixMillis, What};
use sqlx::FromRow;
use sqlx::types::Uuid;

/// Converts a number for SQLite, whose integers end at 2^63 - 1. A larger number becomes that one: no row has it.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Converts back a number that [`to_sql`] converted.
pub(super) fn from_sql(number: i64) -> u64 {
    number.cast_unsigned()
}

#[derive(FromRow)]
pub(super) struct EventRow {
    seq: i64,
    at: i64,
    by_id: i64,
    by_name: String,
    message_id: Uuid,
    body: String,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        let body = row.body;
        // Another version of this program stored ids of any version of UUID. Clients would refuse such an id.
        let posted = MessageId::try_from(row.message_id).map(|id| What::Posted { id, body });
        Self {
            seq: Seq(from_sql(row.seq)),
            at: UnixMillis(from_sql(row.at)),
            by: Member { id: MemberId(from_sql(row.by_id)), name: row.by_name },
            what: posted.unwrap_or(What::Unknown),
        }
    }
}

#[derive(FromRow)]
pub(super) struct RoomRow {
    id: i64,
    slug: String,
    name: String,
    topic: String,
}

impl From<RoomRow> for RoomInfo {
    fn from(row: RoomRow) -> Self {
        Self { id: RoomId(from_sql(row.id)), slug: Slug::from(row.slug), name: row.name, topic: row.topic }
    }
}
