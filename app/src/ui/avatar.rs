//! A member's initial on a colour of their own. Called wherever a member is shown.

use hubbub_protocol::{Member, MemberId};
use leptos::prelude::*;

/// The hues that `style/avatar.css` has. An attribute names one, since the page's policy refuses inline styles.
const HUES: u64 = 12;
/// Hues between two members who came one after the other, so that neighbours differ and all twelve are used.
const HUE_STEP: u64 = 5;

/// The avatar; the name stands beside it, so it is nothing to a screen reader.
#[component]
pub(crate) fn Avatar(member: Member) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true" data-hue=hue(member.id)>{initial(&member.name)}</span> }
}

fn hue(member: MemberId) -> u64 {
    member.0 % HUES * HUE_STEP % HUES
}

/// The style shows it as a capital: the tables that say which capital belongs to which letter of the world would come
/// to the browser with the WebAssembly.
fn initial(name: &str) -> String {
    name.chars().take(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_initial_is_the_first_letter_of_any_script() {
        assert_eq!(initial("kira"), "k");
        assert_eq!(initial("Øyvind"), "Ø");
        assert_eq!(initial("お茶"), "お");
    }

    #[test]
    fn twelve_members_who_came_one_after_the_other_all_differ_in_hue() {
        let hues: std::collections::HashSet<_> = (1..=12).map(|id| hue(MemberId(id))).collect();
        assert_eq!(hues.len(), 12);
        assert!(hue(MemberId(u64::MAX)) < HUES);
    }
}
