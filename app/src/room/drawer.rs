//! The two sides of the page as drawers on a narrow window. An open drawer is a dialog: it has the focus, the rest of the
//! page is inert, and Escape, the browser's Back and a swipe close it. Called by the views that open or close one, and by
//! `page_events`.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, TouchEvent};

use crate::browser::by_id;
use crate::state::Screen;
use crate::state::screen::Side;

/// The selector of the buttons that close a drawer.
pub(super) const CLOSE_BUTTON: &str = ".drawer-close";
/// A swipe that begins this close to the edge of the window, in CSS pixels, opens a drawer.
const EDGE_PX: i32 = 32;
/// A shorter movement of a finger, in CSS pixels, is no swipe.
const SWIPE_PX: i32 = 56;

/// A point of the window, in CSS pixels.
type Point = (i32, i32);

thread_local! {
    /// Where the last touch began.
    static TOUCHED: Cell<Point> = const { Cell::new((0, 0)) };
}

/// Opens a drawer, and adds an entry to the history that Back removes.
pub(super) fn open(screen: Screen, side: Side) {
    if screen.side.get_untracked().is_none()
        && let Ok(history) = window().history()
    {
        // Without the entry, Back leaves the room.
        let _ = history.push_state(&JsValue::NULL, "");
    }
    put(screen, Some(side));
}

/// Closes the drawer that is open.
pub(super) fn close(screen: Screen) {
    if screen.side.get_untracked().is_some() {
        put(screen, None);
        if let Ok(history) = window().history() {
            // Removes the entry of the drawer.
            let _ = history.back();
        }
    }
}

/// Closes the drawer that is open, and leaves its entry in the history to another page.
pub(super) fn close_for_page(screen: Screen) {
    if screen.side.get_untracked().is_some() {
        put(screen, None);
    }
}

/// Back closes a drawer, and so does a window that becomes wide. A swipe opens or closes one.
pub(super) fn handle(screen: Screen, event: &Event) {
    let side = screen.side.get_untracked();
    match &*event.type_() {
        "popstate" => close_for_page(screen),
        "resize" if side.is_some_and(|side| !is_drawer(side)) => close(screen),
        "touchstart" => TOUCHED.set(finger(event)),
        "touchend" => swipe(screen, TOUCHED.get(), finger(event)),
        _ => {}
    }
}

/// A button that closes the drawer around it. A wide window has none.
#[component]
pub(super) fn CloseDrawer() -> impl IntoView {
    view! { <button class="icon-button drawer-close" type="button" aria-label="Close"></button> }
}

/// The id of the button that opens a side.
pub(super) fn button_id(side: Side) -> &'static str {
    match side {
        Side::Rooms => "open-rooms",
        Side::People => "open-people",
    }
}

/// The id of the element of a side.
pub(super) fn drawer_id(side: Side) -> &'static str {
    match side {
        Side::Rooms => "rooms",
        Side::People => "people",
    }
}

fn put(screen: Screen, side: Option<Side>) {
    let before = screen.side.get_untracked();
    screen.side.set(side);
    mark(side);
    // After the drawer is shown, and before the browser paints.
    request_animation_frame(move || move_focus(before, side));
}

/// Makes an open drawer a dialog, and the rest of the page inert. The attributes have no signals: they are set only here,
/// and only in the browser.
fn mark(open: Option<Side>) {
    for side in [Side::Rooms, Side::People] {
        let is_open = open == Some(side);
        if let Some(drawer) = by_id::<Element>(drawer_id(side)) {
            // The name is valid.
            let _ = drawer.set_attribute("role", if is_open { "dialog" } else { "complementary" });
            put_flag(&drawer, "aria-modal", is_open);
            put_flag(&drawer, "inert", open.is_some() && !is_open);
        }
    }
    // The link is outside of the island.
    for selector in ["#main", ".skip-link"] {
        if let Some(element) = query(selector) {
            put_flag(&element, "inert", open.is_some());
        }
    }
}

fn put_flag(element: &Element, name: &str, is_set: bool) {
    // The name is valid.
    let _ = if is_set { element.set_attribute(name, "true") } else { element.remove_attribute(name) };
}

/// Whether a side is a drawer in this window: the button that opens it is displayed.
fn is_drawer(side: Side) -> bool {
    by_id::<HtmlElement>(button_id(side)).is_some_and(|button| button.offset_parent().is_some())
}

/// Moves the focus into a drawer that was opened, or back to the button of one that was closed. A focus that is elsewhere
/// by then stays: the reader has gone to another room, for example.
fn move_focus(before: Option<Side>, now: Option<Side>) {
    let target = match (before, now) {
        (_, Some(Side::Rooms)) => query("#rooms [aria-current]"),
        (_, Some(Side::People)) => query("#people .drawer-close"),
        (Some(side), None) if !has_focus("#message, dialog *") => by_id(button_id(side)),
        (_, None) => None,
    };
    if let Some(target) = target {
        // A displayed element takes the focus.
        let _ = target.focus();
    }
}

fn swipe(screen: Screen, (from_x, from_y): Point, (to_x, to_y): Point) {
    let (right, down) = (to_x - from_x, to_y - from_y);
    if right.abs() < SWIPE_PX || right.abs() < 2 * down.abs() {
        return;
    }
    let width = document().body().map_or(0, |body| body.client_width());
    match screen.side.get_untracked() {
        Some(Side::Rooms) if right < 0 => close(screen),
        Some(Side::People) if right > 0 => close(screen),
        None if right > 0 && from_x < EDGE_PX && is_drawer(Side::Rooms) => open(screen, Side::Rooms),
        None if right < 0 && from_x > width - EDGE_PX && is_drawer(Side::People) => open(screen, Side::People),
        Some(_) | None => {}
    }
}

/// Where the finger of an event is, or was when it was lifted.
fn finger(event: &Event) -> Point {
    let touch = event.dyn_ref::<TouchEvent>().and_then(|event| event.changed_touches().get(0));
    touch.map_or((0, 0), |touch| (touch.client_x(), touch.client_y()))
}

fn query(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

fn has_focus(selector: &str) -> bool {
    document().active_element().is_some_and(|element| element.matches(selector).unwrap_or(false))
}
