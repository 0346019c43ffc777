//! A labelled line of text in a form, with what is wrong with it. Called by the forms to join and to make a room.

use leptos::html;
use leptos::prelude::*;

/// The field. Its accessible name is the label alone; hint and error are its description.
#[component]
pub(crate) fn Field(
    /// The field's name in the form, and the base of its ids.
    name: &'static str,
    label: &'static str,
    value: String,
    /// What helps before anything is wrong; may be empty.
    hint: &'static str,
    /// What is wrong with it; empty when nothing is.
    error: Signal<String>,
    #[prop(optional)] node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                id=id
                name=name
                value=value
                autocomplete="off"
                node_ref=node_ref
                aria-invalid=Signal::derive(move || error.with(|error| !error.is_empty()).then_some("true"))
                aria-describedby=described_by
            />
            {(!hint.is_empty()).then(|| view! { <span class="field-hint">{hint}</span> })}
            <p class="field-error" id=error_id role="alert">{error}</p>
        </div>
    }
}
