//! Loads the parts of the page that reading and writing don't need: `state::later` says which. A release build has them in a
//! WebAssembly file of their own. Other builds have one file, so nothing is left to load.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use super::connection::ConnectionPanel;
use super::describe::DescribeRoom;
use super::dialogs::MessageDialogs;
use super::message;
use super::thread::Thread;
use crate::state::later::{Later, LaterParts};

/// Loads the parts.
pub(crate) fn load(later: Later) {
    spawn_local(async move { later.finish(parts().await.ok()) });
}

/// The first call loads the file. If that fails, the next call tries again.
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(later, fallible, wasm_split_path = leptos::wasm_split)]
fn parts() -> Result<LaterParts, SplitLoaderError> {
    Ok(all())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "with the feature `split` it waits for the file")]
async fn parts() -> Result<LaterParts, SplitLoaderError> {
    Ok(all())
}

fn all() -> LaterParts {
    LaterParts {
        actions: |row| view! { <message::Actions row /> }.into_any(),
        edit: |row| view! { <message::Edit row /> }.into_any(),
        problem: |row| view! { <message::Problem row /> }.into_any(),
        page: || view! { <Page /> }.into_any(),
    }
}

/// The dialogs, and the panel of a thread.
#[component]
fn Page() -> impl IntoView {
    view! {
        <Thread />
        <MessageDialogs />
        <DescribeRoom />
        <ConnectionPanel />
    }
}
