//! The button below a long message, which is shown folded: the style cuts the text until the button says otherwise. Called by
//! `message` and `page_events`. `state::scroll` hides the buttons of the texts that are not cut in this window.

use leptos::prelude::*;
use web_sys::Element;

/// The selector of the buttons.
pub(super) const BUTTON: &str = ".message-more";
/// A text of more lines is cut. The style names the number too.
const MAX_LINES: usize = 15;
/// How many characters a line of a narrow window holds. A text that fits into such lines is never cut.
const NARROW_LINE_CHARS: usize = 36;
/// How many characters a line of a wide window holds. A text that doesn't fit into such lines is always cut.
const WIDE_LINE_CHARS: usize = 140;

/// The button, if the text may be cut. It follows the text's element.
#[component]
pub(super) fn Fold(text: String) -> impl IntoView {
    let is_hidden = n_lines(&text, WIDE_LINE_CHARS) <= MAX_LINES;
    (n_lines(&text, NARROW_LINE_CHARS) > MAX_LINES).then(|| {
        view! {
            <button class="button-quiet message-more" type="button" aria-expanded="false" hidden=is_hidden>
                "Show all"
            </button>
        }
    })
}

/// Shows all of a text, or folds it again.
pub(super) fn turn(button: &Element) {
    let is_open = button.get_attribute("aria-expanded").as_deref() == Some("true");
    let (state, words) = if is_open { ("false", "Show all") } else { ("true", "Show less") };
    // The name is valid.
    let _ = button.set_attribute("aria-expanded", state);
    button.set_text_content(Some(words));
}

/// How many lines a text takes, if a line holds so many characters.
fn n_lines(text: &str, line_chars: usize) -> usize {
    text.split('\n').map(|line| line.chars().count().div_ceil(line_chars).max(1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_they_wrap() {
        assert_eq!(n_lines("", 10), 1);
        assert_eq!(n_lines("one\n\nthree", 10), 3);
        assert_eq!(n_lines(&"お".repeat(21), 10), 3);
    }
}
