//! Dialogs that are open while a signal says so. The browser gives the focus back when they close.

use leptos::html;
use leptos::prelude::*;

/// Returns the reference for a dialog that is shown while `is_open` holds. `prepare` is called each time before it opens.
pub(crate) fn show_while(is_open: impl Fn() -> bool + 'static, prepare: impl Fn() + 'static) -> NodeRef<html::Dialog> {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let (Some(dialog), is_open) = (dialog.get(), is_open()) else { return };
        if is_open && !dialog.open() {
            prepare();
            // A closed dialog on the page opens.
            let _ = dialog.show_modal();
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
    dialog
}
