//! Words that a person left unsent, when the person comes back under the same name. Signing out ends a member, and the next
//! session is another member, so what the tab has stored for the first is moved to the second. Called before anything
//! stored is read.

use hubbub_protocol::{Member, MemberId};

use crate::browser::{lower_case, storage};

/// The key in localStorage of the member who was here last: the id and the name.
const LAST_KEY: &str = "hubbub.member";
/// The prefixes of keys that have the member's id behind them: unsent operations and drafts.
const PREFIXES: [&str; 2] = ["hubbub.unsent.", "hubbub.draft."];

/// Moves what is stored for the last member to this one, if both have the same name.
pub(crate) fn take_over(you: &Member) {
    if let Some(last) = storage::read(LAST_KEY).and_then(|stored| read(&stored))
        && last.id != you.id
        // As the server compares names (`DisplayName::key`).
        && lower_case(&last.name) == lower_case(&you.name)
    {
        for prefix in PREFIXES {
            storage::rename(&format!("{prefix}{}.", last.id), &format!("{prefix}{}.", you.id));
        }
    }
    storage::write(LAST_KEY, &format!("{} {}", you.id, you.name));
}

fn read(stored: &str) -> Option<Member> {
    let (id, name) = stored.split_once(' ')?;
    Some(Member { id: MemberId(id.parse().ok()?), name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_member_is_read_back() {
        let kira = Member { id: MemberId(7), name: "Kira of the hill".to_owned() };
        assert_eq!(read("7 Kira of the hill"), Some(kira));
        assert_eq!(read("Kira"), None);
    }
}
