//! The reconnect page, which has a frame with the log and loads the log again when its response ends. The browser has then
//! finished loading the reconnect page, and reloads it from its cache because of its `Refresh` header, and the log with it.
//! The room's page is not reloaded.

use hubbub_protocol::{Cursor, Slug};
use leptos::prelude::*;

use super::frame::Document;

/// The frame in a room's page that shows the reconnect page. Its address contains the build, because browsers cache the
/// reconnect page.
#[component]
pub(crate) fn ReconnectFrame(asset_root: String, room: Slug, after: Cursor) -> impl IntoView {
    let build = asset_root.rsplit('/').next().unwrap_or_default();
    let address = format!("/rooms/{room}/again?epoch={}&after={}&build={build}", after.epoch.0, after.seq.0);
    view! { <iframe class="live" title="Messages" src=address></iframe> }
}

/// Returns the reconnect page. Its frame shows the log at the address `log`.
#[must_use]
pub fn reconnect_page(asset_root: &str, log: &str) -> String {
    let (asset_root, log) = (asset_root.to_owned(), log.to_owned());
    Owner::new_root(None).with(|| {
        view! {
            <Document asset_root title="Messages".to_owned()>
                <iframe class="log" title="Messages" src=log></iframe>
            </Document>
        }
        .to_html()
    })
}
