//! The switch between the system's theme, light and dark. The choice is stored in this browser, and `shell` applies it
//! before the first paint. On pages without a room it is an island of its own.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::browser::{once_live, storage};

const KEY: &str = "hubbub.theme";

/// Applies the choice before the browser paints, so that a dark page doesn't flash white; and that of the density, so that
/// no message moves.
pub(crate) const BEFORE_FIRST_PAINT: &str = "try{const root=document.documentElement.dataset,\
theme=localStorage.getItem('hubbub.theme');if(theme==='light'||theme==='dark')root.theme=theme;\
if(localStorage.getItem('hubbub.density')==='compact')root.density='compact'}catch{}";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn label(self) -> String {
        format!("Theme: {}", self.name())
    }

    fn stored() -> Self {
        match storage::read(KEY).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        // Neither call can fail: the name is valid, and the element exists.
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            Self::Light | Self::Dark => root.set_attribute("data-theme", self.name()),
        };
        storage::write(KEY, self.name());
    }
}

/// The button.
#[island]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let label = RwSignal::new(Theme::System.label());
    let words = Signal::derive(move || label.get());
    once_live(move || label.set(Theme::stored().label()));
    let turn = move |_| {
        let theme = Theme::stored().next();
        theme.apply();
        label.set(theme.label());
    };
    view! {
        <button class="theme-switch icon-button" type="button" title="Theme" aria-label=words on:click=turn>
            <Icon glyph=Glyph::Contrast />
        </button>
    }
}
