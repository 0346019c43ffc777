//! The text of an unsent message in localStorage: written and read by `outbox`. Refusals are stored by code. Earlier versions
//! stored them by sentence.

use std::mem::discriminant;

use hubbub_client::Unsent;
use hubbub_protocol::limits::MAX_BODY_CHARS;
use hubbub_protocol::{MessageId, Refusal, RoomId};

/// The code that a refused message is stored with when its refusal is none of [`refusals`].
const OTHER_CODE: &str = "unknown";

/// A refusal as it is stored.
struct StoredRefusal {
    refusal: Refusal,
    code: &'static str,
    /// The sentence that earlier versions showed for the refusal, and stored instead of the code.
    sentence: &'static str,
}

/// The refusals that a message can be left with. Each is shown again after a reload.
fn refusals() -> [StoredRefusal; 7] {
    let max = u32::try_from(MAX_BODY_CHARS).unwrap_or(u32::MAX);
    let stored = |refusal, code, sentence| StoredRefusal { refusal, code, sentence };
    [
        stored(Refusal::ReadOnly, "read_only", "The server's disk is full: it can be read but not written to."),
        stored(Refusal::Conflict, "conflict", "Another message has that id already."),
        stored(Refusal::NotFound, "not_found", "There is no such room."),
        stored(Refusal::Internal, "internal", "Something went wrong on the server."),
        stored(Refusal::Empty, "empty", "Write something first."),
        stored(Refusal::TooLong { max }, "too_long", "That is too long: 4000 characters are the most."),
        stored(Refusal::ForbiddenCharacter, "forbidden_character", "That has characters that can't be shown."),
    ]
}

/// Writes the room, the code of the refusal (empty if there is none) and the text, a line each. The text comes last
/// because it may have several lines.
pub(super) fn write(room: RoomId, message: &Unsent) -> String {
    let code_of = |refusal: &Refusal| {
        let stored = refusals().into_iter().find(|stored| discriminant(&stored.refusal) == discriminant(refusal));
        stored.map_or(OTHER_CODE, |stored| stored.code)
    };
    let code = message.refusal.as_ref().map(code_of).unwrap_or_default();
    format!("{room}\n{code}\n{}", message.body)
}

/// Reads a stored message; None if the key or the value is not one. Accepts the sentence of a refusal instead of its code.
pub(super) fn read(id: &str, value: &str) -> Option<(RoomId, Unsent)> {
    let id: MessageId = id.parse().ok()?;
    let mut lines = value.splitn(3, '\n');
    let room = RoomId(lines.next()?.parse().ok()?);
    let code = lines.next()?;
    let body = lines.next()?.to_owned();
    let refusal = (!code.is_empty()).then(|| {
        let stored = refusals().into_iter().find(|stored| [stored.code, stored.sentence].contains(&code));
        stored.map_or(Refusal::Unknown, |stored| stored.refusal)
    });
    Some((room, Unsent { id, body, at: id.minted_at(), refusal }))
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::UnixMillis;

    use super::*;

    const AT: UnixMillis = UnixMillis(1_760_000_000_000);

    fn unsent(refusal: Option<Refusal>) -> Unsent {
        Unsent { id: MessageId::mint(AT, [3; 10]), body: "Hi\n\nhumans!".to_owned(), at: AT, refusal }
    }

    #[test]
    fn a_stored_message_is_read_back_with_its_time_and_its_refusal() {
        let lasting = refusals().map(|stored| Some(stored.refusal));
        for refusal in lasting.into_iter().chain([None, Some(Refusal::Unknown)]) {
            let message = unsent(refusal.clone());
            let stored = write(RoomId(7), &message);
            let (room, back) = read(&message.id.to_string(), &stored).expect("a stored message is readable");
            assert_eq!((room, back.id, &back.body, back.at), (RoomId(7), message.id, &message.body, AT));
            assert_eq!(back.refusal, refusal);
        }
    }

    #[test]
    fn a_refusal_is_stored_by_its_code_and_not_by_its_sentence() {
        for refusal in refusals().map(|stored| stored.refusal) {
            let sentence = refusal.to_string();
            let stored = write(RoomId(7), &unsent(Some(refusal)));
            assert!(!stored.contains(&sentence), "{stored}");
        }
        assert!(write(RoomId(7), &unsent(Some(Refusal::ReadOnly))).starts_with("7\nread_only\nHi"));
    }

    #[test]
    fn a_refusal_that_an_older_version_stored_by_its_sentence_becomes_its_code() {
        let id = MessageId::mint(AT, [3; 10]).to_string();
        for (sentence, refusal) in [
            ("The server's disk is full: it can be read but not written to.", Refusal::ReadOnly),
            ("Another message has that id already.", Refusal::Conflict),
            ("There is no such room.", Refusal::NotFound),
            ("Something went wrong on the server.", Refusal::Internal),
            ("That is too long: 4000 characters are the most.", Refusal::TooLong { max: 4_000 }),
            ("The server refused that.", Refusal::Unknown),
            ("A sentence that no version has ever shown.", Refusal::Unknown),
        ] {
            let (room, message) = read(&id, &format!("7\n{sentence}\nHi\nhumans!")).expect("a stored message");
            assert_eq!((room, message.body.as_str()), (RoomId(7), "Hi\nhumans!"), "{sentence}");
            assert_eq!(message.refusal.as_ref(), Some(&refusal), "{sentence}");
            let again = write(room, &message);
            assert!(!again.contains(sentence), "{again}");
            assert_eq!(read(&id, &again).expect("a stored message").1.refusal, Some(refusal), "{sentence}");
        }
    }

    #[test]
    fn a_value_that_is_no_stored_message_is_not_read_as_one() {
        let id = MessageId::mint(UnixMillis(1), [3; 10]).to_string();
        for (id, value) in [(id.as_str(), ""), (id.as_str(), "x\n\nHi"), (id.as_str(), "1\nHi"), ("7", "1\n\nHi")] {
            assert!(read(id, value).is_none(), "{id} {value:?}");
        }
    }
}
