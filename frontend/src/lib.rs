//! The WebAssembly entry. The page's script calls `hydrate` once and then each island by its name.

// Links the islands, which nothing here calls by name.
pub use hubbub_app;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script before the islands are.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
    hubbub_app::bring_to_life();
}
