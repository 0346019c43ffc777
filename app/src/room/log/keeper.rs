//! What keeps the log in view in a browser without script: a page around the log's own, written into the room's page.
//! Once the log has ended, however that came about, this page has loaded whole, and a while later it loads itself anew
//! and the log with it. It needs no server for that, so no failure lasts; the page around both is never touched.

use hubbub_protocol::{Cursor, Slug};
use leptos::prelude::*;

use super::frame::Document;

/// The frame of a room's log, from a cursor on.
#[component]
pub(crate) fn LogKeeper(asset_root: String, room: Slug, after: Cursor, ask_again_after_s: u32) -> impl IntoView {
    let Cursor { epoch, seq } = after;
    let log = format!("/rooms/{room}/live?epoch={}&after={}", epoch.0, seq.0);
    let page = view! {
        <Document asset_root title="Messages".to_owned() anew_after_s=ask_again_after_s>
            <iframe class="log" title="Messages" src=log></iframe>
        </Document>
    };
    view! { <iframe class="live" title="Messages" srcdoc=page.to_html()></iframe> }
}
