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
    /// A smiling face: react.
    React,
    /// An arrow to the left: reply.
    Reply,
    /// A pencil.
    Edit,
    /// A bin.
    Delete,
    /// A pin.
    Pin,
    /// Two links of a chain.
    Link,
    /// Two sheets.
    Copy,
    /// A cross.
    Close,
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
        Glyph::React => {
            "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c1.800 2.200 5.200 2.200 7 0M9 9.500v.1M15 9.500v.1"
        }
        Glyph::Reply => "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
        Glyph::Edit => "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
        Glyph::Delete => "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5",
        Glyph::Pin => "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
        Glyph::Link => "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
        Glyph::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
        Glyph::Close => "M6 6l12 12M18 6 6 18",
    };
    view! {
        <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=path />
        </svg>
    }
}
