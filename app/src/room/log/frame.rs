//! The markup around the messages of a log document: the head, the scroller, and the links to older and newer messages.

use hubbub_protocol::Refusal;
use leptos::prelude::*;

/// The note or link above the messages.
pub(super) enum Above {
    /// A note that the room begins here.
    Beginning,
    /// A link to older messages.
    Older(String),
    /// A link to older messages, and a note that some of them arrived while the reader was away.
    Missed(String),
}

/// What is shown below the messages.
pub(super) enum Below {
    /// Nothing: new messages are appended.
    Nothing,
    /// A link to the next page, if there may be one, and a link to the newest messages.
    Newer { newer: Option<String>, live: String },
}

/// The document.
#[component]
pub(super) fn LogPage(
    asset_root: String,
    room: String,
    above: Above,
    below: Below,
    children: Children,
) -> impl IntoView {
    let is_live = matches!(below, Below::Nothing);
    view! {
        <Document asset_root title=format!("Messages · {room}")>
            <main class="timeline" tabindex="0" aria-label="Timeline">
                <div class="log-column">
                    <h1 class="visually-hidden">{format!("Messages in {room}")}</h1>
                    {above_view(above, &room)}
                    <div class="messages" role="log" aria-label="Messages" aria-live=if is_live { "polite" } else { "off" }>
                        {children()}
                    </div>
                    {below_view(below)}
                </div>
            </main>
        </Document>
    }
}

/// A document that says why there are no messages.
pub fn log_refused(asset_root: &str, refusal: &Refusal) -> String {
    let (asset_root, words) = (asset_root.to_owned(), refusal.to_string());
    Owner::new_root(None).with(|| {
        view! {
            <Document asset_root title="Messages".to_owned()>
                <main class="log-refused">
                    <h1 class="log-note">{words}</h1>
                    <a class="button" href="/" target="_top">"Back to the start"</a>
                </main>
            </Document>
        }
        .to_html()
    })
}

/// A document with the build's style.
#[component]
pub(super) fn Document(asset_root: String, title: String, children: Children) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <link rel="stylesheet" href=format!("{asset_root}/pkg/hubbub.css") />
            </head>
            <body class="log-frame">{children()}</body>
        </html>
    }
}

fn above_view(above: Above, room: &str) -> AnyView {
    match above {
        Above::Beginning => {
            view! { <p class="timeline-start">{format!("This is the beginning of {room}.")}</p> }.into_any()
        }
        Above::Older(older) => view! { <a class="button-quiet log-older" href=older>"Older messages"</a> }.into_any(),
        Above::Missed(older) => view! {
            <p class="gap log-gap">"More came meanwhile than is shown here."</p>
            <a class="button-quiet log-older" href=older>"Older messages"</a>
        }
        .into_any(),
    }
}

fn below_view(below: Below) -> Option<impl IntoView> {
    let Below::Newer { newer, live } = below else { return None };
    Some(view! {
        <nav class="log-onward" aria-label="Newer messages">
            {newer.map(|newer| view! { <a class="button-quiet" href=newer>"Newer messages"</a> })}
            <a class="button" href=live>"To the newest"</a>
        </nav>
    })
}
