//! A labelled text field of a form, with an error. Called by the forms to join and to create a room.

use leptos::prelude::*;

/// The id of the field with a name.
pub(crate) fn field_id(name: &str) -> String {
    format!("field-{name}")
}

/// The field. Its accessible name is the label alone; hint and error are its description.
#[component]
pub(crate) fn Field(
    /// The field's name in the form, and the base of its ids.
    name: &'static str,
    label: &'static str,
    value: String,
    /// What helps before anything is wrong; may be empty.
    hint: &'static str,
    /// The error of the field; empty if there is none.
    error: Signal<String>,
) -> impl IntoView {
    let id = field_id(name);
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    let is_wrong = Signal::derive(move || error.with(|error| (!error.is_empty()).then(|| "true".to_owned())));
    // Without a text the element is empty, which the style looks at.
    let reason = Signal::derive(move || Some(error.get()).filter(|error| !error.is_empty()));
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                id=id
                name=name
                value=value
                autocomplete="off"
                aria-invalid=is_wrong
                aria-describedby=described_by
            />
            {(!hint.is_empty()).then(|| view! { <span class="field-hint">{hint}</span> })}
            <p class="field-error" id=error_id role="alert">{reason}</p>
        </div>
    }
}
