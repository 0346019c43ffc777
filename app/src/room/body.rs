//! The text of a message, with links for its web addresses. The text is inserted as text and never as markup. Called by
//! `message`.

use leptos::either::Either;
use leptos::prelude::*;

use super::links::{Piece, pieces};

/// The text. The style keeps line breaks.
#[component]
pub(super) fn Body(text: String) -> impl IntoView {
    let pieces: Vec<_> = pieces(&text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => Either::Left(text.to_owned()),
            Piece::Link(address) => Either::Right(view! { <Link address=address.to_owned() /> }),
        })
        .collect();
    view! { <div class="message-body" data-body="">{pieces}</div> }
}

#[component]
fn Link(address: String) -> impl IntoView {
    let words = address.clone();
    view! {
        <a href=address target="_blank" rel="noopener nofollow ugc">{words}</a>
    }
}
