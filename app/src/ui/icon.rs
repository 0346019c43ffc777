//! The icons of buttons without words. Such a button has its name in `aria-label`.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy)]
pub(crate) enum Glyph {
    /// Three lines: the list of rooms.
    Menu,
    /// Two heads: who is here.
    People,
    /// Half of a disc filled: light and dark.
    Contrast,
}

/// An icon in the colour of the text around it.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    let path = match glyph {
        Glyph::Menu => "M4 7h16M4 12h16M4 17h10",
        Glyph::People => {
            "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.800c2 .8 3.200 2.600 3.5 5.200"
        }
        Glyph::Contrast => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M15.5 5v14M18.5 7v10",
    };
    view! {
        <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=path />
        </svg>
    }
}
