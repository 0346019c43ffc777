//! The toolbar of a message. It lies over the message's upper edge, so that nothing moves when it shows.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::browser::{copy_text, next_to_focus};
use crate::room::text_area::focus_composer;
use crate::state::acting::DialogKind;
use crate::state::rows::MessageRow;
use crate::state::{Command, Commands, Screen};
use crate::ui::{Glyph, Icon};

/// The toolbar of a message that is on its way or on the server.
#[component]
pub(in crate::room) fn Actions(row: Arc<MessageRow>) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let (acting, id, is_own) = (screen.acting, row.id, row.is_own);
    let is_pinned = {
        let shown = row.shown.clone();
        move || shown.read().pinned
    };
    let react = {
        let row = Arc::clone(&row);
        move || acting.open(DialogKind::Emoji, &row)
    };
    let reply = {
        let row = Arc::clone(&row);
        move || {
            acting.replying_to.set(Some(Arc::clone(&row)));
            focus_composer();
        }
    };
    let delete = {
        let row = Arc::clone(&row);
        move || acting.open(DialogKind::Delete, &row)
    };
    let pin_name = {
        let is_pinned = is_pinned.clone();
        move || if is_pinned() { "Unpin" } else { "Pin" }
    };
    let pin = move || commands.give(Command::Pin { message: id, on: !is_pinned() });
    let copy = move || copy_text(&row.shown.read_untracked().body);
    let toolbar = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let Some(toolbar) = toolbar.get().filter(|_| acting.toolbar_of.get() == Some(id)) else { return };
        acting.toolbar_of.set(None);
        take_focus(&toolbar);
    });
    view! {
        <div class="actions" role="toolbar" aria-label="Message actions" node_ref=toolbar on:keydown=walk>
            <Action name=|| "React" glyph=Glyph::React press=react />
            <Action name=|| "Reply" glyph=Glyph::Reply press=reply />
            {is_own.then(|| view! {
                <Action name=|| "Edit" glyph=Glyph::Edit press=move || acting.edit(Some(id)) />
                <Action name=|| "Delete" glyph=Glyph::Delete press=delete />
            })}
            <Action name=pin_name glyph=Glyph::Pin press=pin />
            <Action name=|| "Copy link" glyph=Glyph::Link press=move || copy_text(&link(screen, id)) />
            <Action name=|| "Copy text" glyph=Glyph::Copy press=copy />
        </div>
    }
}

#[component]
fn Action(
    name: impl Fn() -> &'static str + Clone + Send + Sync + 'static,
    glyph: Glyph,
    press: impl Fn() + 'static,
) -> impl IntoView {
    let title = name.clone();
    view! {
        <button class="icon-button action" type="button" aria-label=name title=title on:click=move |_| press()>
            <Icon glyph />
        </button>
    }
}

/// The address that opens the room at a message.
fn link(screen: Screen, message: MessageId) -> String {
    let origin = location().origin().unwrap_or_default();
    format!("{origin}/rooms/{}?at={message}", screen.room.with_untracked(|room| room.slug.clone()))
}

/// Gives the focus to the first button, unless the person has moved the focus to an element outside of the message while
/// the toolbar was loading.
fn take_focus(toolbar: &Element) {
    let message = toolbar.closest("article").ok().flatten();
    let focused = document().active_element().filter(|focused| focused.tag_name() != "BODY");
    let is_elsewhere = focused.is_some_and(|focused| !message.is_some_and(|message| message.contains(Some(&focused))));
    let button =
        toolbar.query_selector("button").ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button.filter(|_| !is_elsewhere) {
        // A visible button takes the focus.
        let _ = button.focus();
    }
}

/// Moves the focus between the buttons.
fn walk(event: KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowRight" => 1,
        "ArrowLeft" => -1,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    let button: Option<HtmlElement> = next_to_focus(&event, "button", step);
    if let Some(button) = button {
        // A visible button takes the focus.
        let _ = button.focus();
    }
}
