//! The page that shows an error, and the layout that it shares with `not_found`. Called by pages whose data the server
//! refused.

use hubbub_protocol::Refusal;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::SharedBackend;
use crate::ui::SkipLink;

/// Shows the sentence of the refusal, and sets the status of the response.
#[component]
pub(super) fn Failure(refusal: Refusal) -> impl IntoView {
    let status = match refusal {
        Refusal::RateLimited { .. } => 429,
        Refusal::Busy | Refusal::UnknownOutcome | Refusal::ReadOnly => 503,
        _ => 500,
    };
    expect_context::<SharedBackend>().set_status(status);
    view! { <Plain status title="That did not work" lead=refusal.to_string() /> }
}

/// A page with a status, a sentence and a link to the start.
#[component]
pub(super) fn Plain(status: u16, title: &'static str, #[prop(into)] lead: String) -> impl IntoView {
    view! {
        <Title text=format!("{title} · Hubbub") />
        <SkipLink to="main" words="Skip to the content" />
        <main class="plain" id="main" tabindex="-1">
            <p class="plain-code">{status}</p>
            <h1 class="plain-title">{title}</h1>
            <p class="plain-lead">{lead}</p>
            <a class="button button-primary" href="/">"Back to the start"</a>
        </main>
    }
}
