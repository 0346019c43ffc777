//! Texts that people write: bodies, names and topics. A value of these types has been checked when it was parsed.

use thiserror::Error;

use crate::limits::{MAX_BODY_CHARS, MAX_DISPLAY_NAME_CHARS, MAX_ROOM_NAME_CHARS, MAX_TOPIC_CHARS};

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// White space and invisible characters are all there is.
    #[error("empty")]
    Empty,
    /// Too many characters.
    #[error("longer than {max} characters")]
    TooLong {
        /// The largest number of characters that is accepted.
        max: usize,
    },
    /// A control character, or in names one that changes the direction of text.
    #[error("a character that can't be shown")]
    ForbiddenCharacter,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Trims the text and checks it.
            ///
            /// # Errors
            /// [`TextError`] if the text is not valid.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                $parse(text).map(|text: &str| Self(text.to_owned()))
            }

            /// Returns the trimmed text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the trimmed text.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }
    };
}

text!(
    /// A message's text: 1 to 4,000 characters, newlines and tabs allowed.
    Body,
    |text| filled(text, MAX_BODY_CHARS, |c| c.is_control() && c != '\n' && c != '\t')
);
text!(
    /// A member's name: 1 to 40 characters on one line.
    DisplayName,
    |text| filled(text, MAX_DISPLAY_NAME_CHARS, is_forbidden_in_a_name)
);
text!(
    /// A room's name: 1 to 60 characters on one line.
    RoomName,
    |text| filled(text, MAX_ROOM_NAME_CHARS, is_forbidden_in_a_name)
);
text!(
    /// A room's topic: at most 250 characters on one line, or none.
    Topic,
    |text| bounded(text, MAX_TOPIC_CHARS, is_forbidden_in_a_name)
);

impl DisplayName {
    /// Returns the form by which names are compared. Names that differ only in case have the same key.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

fn filled(text: &str, max: usize, forbidden: fn(char) -> bool) -> Result<&str, TextError> {
    match bounded(text, max, forbidden)? {
        "" => Err(TextError::Empty),
        text => Ok(text),
    }
}

fn bounded(text: &str, max: usize, forbidden: fn(char) -> bool) -> Result<&str, TextError> {
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Ok("");
    }
    if text.chars().any(forbidden) {
        return Err(TextError::ForbiddenCharacter);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok(text)
}

/// Whether a character leaves no mark on the page by itself. Within a text such characters have a use (a joiner makes one
/// emoji of two), so only a text of nothing else is empty.
///
/// The list is the property `Default_Ignorable_Code_Point` of Unicode 16.0 (`DerivedCoreProperties.txt`), which has the
/// soft hyphen, zero-width and format characters, Hangul fillers, variation selectors and tags; and four that are blank
/// without that property: U+2800 braille pattern blank, U+FFF9 to U+FFFB interlinear annotation, U+16FE4 Khitan filler and
/// U+1D159 null notehead.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
            | '\u{2800}' | '\u{FFF9}'..='\u{FFFB}' | '\u{16FE4}' | '\u{1D159}'
    )
}

/// Whether a character is forbidden in names and topics: control characters, and invisible ones that change the direction
/// of text or hide inside it. With them one name could look like another (Unicode Technical Report 36, section 3.3).
fn is_forbidden_in_a_name(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_trimmed_and_keeps_its_inner_lines() {
        assert_eq!(Body::parse("  Hi\n\thumans! \n").expect("valid").as_str(), "Hi\n\thumans!");
    }

    #[test]
    fn a_body_is_counted_in_characters_not_bytes() {
        assert!(Body::parse(&"😀".repeat(4_000)).is_ok());
        assert_eq!(Body::parse(&"a".repeat(4_001)), Err(TextError::TooLong { max: 4_000 }));
    }

    #[test]
    fn an_empty_or_blank_text_is_told_apart_from_a_forbidden_one() {
        assert_eq!(Body::parse(" \n\t "), Err(TextError::Empty));
        assert_eq!(Body::parse("bell\u{7}"), Err(TextError::ForbiddenCharacter));
        assert_eq!(Topic::parse("  ").expect("a topic may be empty").as_str(), "");
    }

    #[test]
    fn a_text_of_nothing_but_invisible_characters_is_empty() {
        for text in [
            "\u{200B}",
            "\u{200D}\u{FE0F}",
            "\u{AD} \u{AD}",
            "\u{3164}",
            "\u{115F}\u{1160}\u{FFA0}",
            "\u{2800}",
            "\u{FEFF}\n\u{2060}",
            "\u{202E}",
            "\u{E0041}\u{E007F}",
            "\u{FE00}",
            "\u{E0100}",
            "\u{180E}\u{34F}\u{17B4}",
            "\u{FFF9}\u{FFFB}",
        ] {
            assert_eq!(Body::parse(text), Err(TextError::Empty), "{}", text.escape_unicode());
            assert_eq!(
                DisplayName::parse(&text.replace('\n', " ")),
                Err(TextError::Empty),
                "{}",
                text.escape_unicode()
            );
            assert_eq!(RoomName::parse(&text.replace('\n', " ")), Err(TextError::Empty), "{}", text.escape_unicode());
            assert_eq!(Topic::parse(&text.replace('\n', " ")).map(Topic::into_string).as_deref(), Ok(""));
        }
    }

    #[test]
    fn invisible_characters_beside_visible_ones_are_kept() {
        for text in ["\u{1F469}\u{200D}\u{1F680}", "\u{2764}\u{FE0F}", "co\u{AD}operate", "\u{D55C}", "\u{0601}"] {
            assert_eq!(Body::parse(text).map(Body::into_string).as_deref(), Ok(text), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn a_name_can_not_turn_the_direction_of_the_page_or_span_lines() {
        for name in ["Kira\u{202E}", "Ki\nra", "Ki\u{2066}ra", "Ki\u{0}ra", "Ki\u{200B}ra"] {
            assert_eq!(DisplayName::parse(name), Err(TextError::ForbiddenCharacter), "{name:?}");
        }
        assert_eq!(DisplayName::parse("KIRA").expect("valid").key(), DisplayName::parse("kira").expect("valid").key());
    }
}
