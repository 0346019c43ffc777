//! The page around the log document that loads it again after it has ended. When the log ends, for whatever reason, this page
//! has finished loading. Its `Refresh` header then has the browser load this page again from its cache, and with it the log.
//! So no failure lasts, and the room's page around both is never reloaded.

use hubbub_protocol::{Cursor, Slug};
use leptos::prelude::*;

use super::frame::Document;

/// The frame in a room's page. Browsers cache what it shows, so its address contains the build.
#[component]
pub(crate) fn KeeperFrame(asset_root: String, room: Slug, after: Cursor) -> impl IntoView {
    let build = asset_root.rsplit('/').next().unwrap_or_default();
    let keeper = format!("/rooms/{room}/again?epoch={}&after={}&build={build}", after.epoch.0, after.seq.0);
    view! { <iframe class="live" title="Messages" src=keeper></iframe> }
}

/// The page in that frame, around the log at an address.
#[must_use]
pub fn log_keeper(asset_root: &str, log: &str) -> String {
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
