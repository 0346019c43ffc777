//! The HTML document around every page. The server calls it for each render.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::backend::SharedBackend;
use crate::routes::App;
use crate::ui::theme::BEFORE_FIRST_PAINT;

/// The document. Expects a [`SharedBackend`] in the context.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let asset_root = expect_context::<SharedBackend>().asset_root();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#ecf3f0" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#0b1312" media="(prefers-color-scheme: dark)" />
                <meta name="description" content="A chat of your own: open a room, type, and everyone in it reads it at once." />
                <script nonce=use_nonce()>{BEFORE_FIRST_PAINT}</script>
                <link rel="stylesheet" href=format!("{asset_root}/pkg/{}.css", options.output_name) />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <AutoReload options=options.clone() />
                <HydrationScripts options islands=true root=asset_root />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
