//! The texts that are posted. Each contains its number, so that a receiver can tell whether the text is one of this run, which
//! one, and whether it is unchanged. It knows no frames.

use std::fmt::Write;

/// Fills a message up to its length.
const FILLING: &str = "All human beings are born free and equal in dignity and rights. ";
/// Hexadecimal digits of the number that a text starts with.
const NUMBER_DIGITS: usize = 16;
/// The shortest message: its number and a space.
pub(crate) const MIN_BYTES: usize = NUMBER_DIGITS + 1;

/// The text of message `number`: ASCII, without a space at either end, `bytes` long.
pub(crate) fn text(number: u64, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + FILLING.len());
    write!(text, "{number:0NUMBER_DIGITS$x} ").expect("a String takes all that is written");
    while text.len() < bytes {
        text.push_str(FILLING);
    }
    text.truncate(bytes.max(MIN_BYTES) - 1);
    text.push('.');
    text
}

/// The number of a text, if it is exactly the text of that number.
pub(crate) fn number(text_found: &str) -> Option<u64> {
    let number = u64::from_str_radix(text_found.get(..NUMBER_DIGITS)?, 16).ok()?;
    (text(number, text_found.len()) == text_found).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_length_asked_for_and_gives_its_number_back() {
        for bytes in [MIN_BYTES, 64, 100, 1_000] {
            let text = text(0xbee, bytes);
            assert_eq!(text.len(), bytes);
            assert_eq!(text.trim(), text);
            assert_eq!(number(&text), Some(0xbee));
        }
    }

    #[test]
    fn a_changed_text_has_no_number() {
        let text = text(7, 100);
        for changed in [text.replace("human", "hunam"), text[..50].to_owned(), "Hi!".to_owned(), String::new()] {
            assert_eq!(number(&changed), None, "{changed:?}");
        }
    }
}
