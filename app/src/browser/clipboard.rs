//! The clipboard, and the buttons of blocks of code, which copy them.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// How long a button says that it has copied.
const COPIED_FOR: Duration = Duration::from_secs(2);

/// Lets every button with the class `code-copy` copy the text of the element before it, now and later. The buttons have no
/// listeners of their own, because the messages around them are not reactive.
pub(crate) fn handle_copy_buttons() {
    let handle = window_event_listener(ev::click, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(button) = target.filter(|target| target.class_list().contains("code-copy")) {
            let code = button.previous_element_sibling().and_then(|code| code.text_content());
            copy(&code.unwrap_or_default());
            say(&button, "Copied");
            set_timeout(move || say(&button, "Copy code"), COPIED_FOR);
        }
    });
    // The page needs the listener until it is closed.
    std::mem::forget(handle);
}

/// Copies text, while the browser handles a press. A browser offers its clipboard to pages over HTTPS only, and many rooms
/// are served over plain HTTP in a local network. So the text is selected in a text area and copied from there.
pub(crate) fn copy(text: &str) {
    let page = document();
    let focused = page.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let Ok(area) = page.create_element("textarea") else { return };
    let area: HtmlTextAreaElement = area.unchecked_into();
    area.set_value(text);
    area.set_class_name("visually-hidden");
    // If a step fails, the clipboard stays as it is.
    let _ = page.body().map(|body| body.append_child(&area));
    area.select();
    let _ = page.unchecked_into::<HtmlDocument>().exec_command("copy");
    area.remove();
    let _ = focused.map(|element| element.focus());
}

fn say(button: &Element, words: &str) {
    // The attribute's name is valid.
    let _ = button.set_attribute("aria-label", words);
}
