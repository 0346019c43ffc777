//! An unsent operation as text in localStorage. Written and read by `outbox`.

use hubbub_client::Unsent;
use hubbub_protocol::codec::{decode, encode};
use hubbub_protocol::{OpId, Operation, Refusal, RoomId, UnixMillis};
use serde::{Deserialize, Serialize};

/// The stored value. The key has the operation's id.
#[derive(Serialize, Deserialize)]
struct Stored {
    room: RoomId,
    what: Operation,
    at: UnixMillis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    was_sent: bool,
}

/// Returns the text to store for an operation.
pub(super) fn write(room: RoomId, unsent: &Unsent) -> String {
    let Unsent { op: _, what, at, refusal, was_sent } = unsent.clone();
    encode(&Stored { room, what, at, refusal, was_sent })
}

/// Reads a stored operation; None if the key or the value is not one.
pub(super) fn read(op: &str, value: &str) -> Option<(RoomId, Unsent)> {
    let op: OpId = op.parse().ok()?;
    match decode::<Stored>(value) {
        // An operation of a kind that only a newer build knows can't be sent by this one.
        Ok(Stored { what: Operation::Unknown, .. }) => None,
        Ok(Stored { room, what, at, refusal, was_sent }) => Some((room, Unsent { op, what, at, refusal, was_sent })),
        Err(_) => read_lines(op, value),
    }
}

/// Reads the form of earlier versions, which stored posts only: the room, the code of the refusal (empty if there is none)
/// and the text, a line each.
fn read_lines(op: OpId, value: &str) -> Option<(RoomId, Unsent)> {
    let mut lines = value.splitn(3, '\n');
    let room = RoomId(lines.next()?.parse().ok()?);
    let is_refused = !lines.next()?.is_empty();
    let refusal = is_refused.then_some(Refusal::Unknown);
    let what = Operation::Post { body: lines.next()?.to_owned(), reply_to: None };
    // The server may have it.
    Some((room, Unsent { op, what, at: op.minted_at(), refusal, was_sent: true }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: UnixMillis = UnixMillis(1_760_000_000_000);

    fn id() -> OpId {
        OpId::mint(AT, [3; 10])
    }

    #[test]
    fn a_stored_operation_is_read_back() {
        let posts = Operation::Post { body: "Hi\n\nhumans! \u{2028}".to_owned(), reply_to: Some(id().into()) };
        let deletes = Operation::Delete { message: id().into() };
        for what in [posts, deletes] {
            for refusal in [None, Some(Refusal::Gone), Some(Refusal::TooLong { max: 4_000 })] {
                let unsent = Unsent { op: id(), what: what.clone(), at: AT, refusal, was_sent: true };
                let stored = write(RoomId(7), &unsent);
                assert_eq!(read(&id().to_string(), &stored), Some((RoomId(7), unsent)), "{stored}");
            }
        }
    }

    #[test]
    fn a_message_that_an_earlier_version_stored_is_read() {
        let read = |value| read(&id().to_string(), value).expect("a stored message");
        let (room, pending) = read("7\n\nHi\nhumans!");
        let what = Operation::Post { body: "Hi\nhumans!".to_owned(), reply_to: None };
        assert_eq!((room, pending), (RoomId(7), Unsent { op: id(), what, at: AT, refusal: None, was_sent: true }));
        assert_eq!(read("7\nread_only\nHi").1.refusal, Some(Refusal::Unknown));
    }

    #[test]
    fn a_value_that_is_no_stored_operation_is_not_read_as_one() {
        let id = id().to_string();
        let unknown = r#"{"room":1,"what":{"dance":{}},"at":1,"was_sent":false}"#;
        for (id, value) in
            [(id.as_str(), ""), (&id, "x\n\nHi"), (&id, "1\nHi"), (&id, "{}"), (&id, unknown), ("7", "1\n\nHi")]
        {
            assert!(read(id, value).is_none(), "{id} {value:?}");
        }
    }
}
