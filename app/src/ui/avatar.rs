//! A member's initial on a colour of their own. Called wherever a member is shown.

use hubbub_protocol::{Member, MemberId};
use leptos::prelude::*;

/// The number of hues in `style/avatar.css`. An attribute names one, because the page's policy refuses inline styles.
const HUES: u64 = 12;
/// The distance in hues between members with consecutive ids, so that they differ and all twelve hues are used.
const HUE_STEP: u64 = 5;

/// The avatar. It is hidden from screen readers, because the name is beside it.
#[component]
pub(crate) fn Avatar(member: Member) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true" data-hue=hue(member.id)>{initial(&member.name)}</span> }
}

fn hue(member: MemberId) -> u64 {
    member.0 % HUES * HUE_STEP % HUES
}

/// The first letter of a name. The style shows it as a capital, because Unicode's tables of capitals would be part of the
/// WebAssembly.
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
    fn twelve_members_with_consecutive_ids_all_differ_in_hue() {
        let hues: std::collections::HashSet<_> = (1..=12).map(|id| hue(MemberId(id))).collect();
        assert_eq!(hues.len(), 12);
        assert!(hue(MemberId(u64::MAX)) < HUES);
    }
}
