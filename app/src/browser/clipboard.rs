//! The clipboard. Called by buttons that copy, while the browser handles a press.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Copies text. A browser offers its clipboard to pages over HTTPS only, and many rooms are served over plain HTTP in a
/// local network. So the text is selected in a text area and copied from there, which works everywhere.
pub(crate) fn copy(text: &str) {
    let page = document();
    let (Some(body), Ok(area)) = (page.body(), page.create_element("textarea")) else { return };
    let area: HtmlTextAreaElement = area.unchecked_into();
    let focused = page.active_element();
    area.set_value(text);
    area.set_class_name("visually-hidden");
    // If a step fails, the clipboard stays as it is.
    let _ = body.append_child(&area);
    area.select();
    let _ = page.unchecked_into::<HtmlDocument>().exec_command("copy");
    area.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = focused.focus();
    }
}
