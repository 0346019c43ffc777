//! Tells whether a text is a few emoji and nothing else. Such a message is shown large.
//!
//! The rules are those of Unicode Technical Standard 51 without its tables: from U+1F000 to U+1FAFF nearly all characters
//! are emoji or are reserved for emoji.

use std::iter::Peekable;
use std::str::Chars;

/// The largest number of emoji in a message that is shown large.
const MAX_EMOJI: usize = 3;

/// The first and last characters of the ranges below U+1F000 that are emoji without a variation selector
/// (`Emoji_Presentation`, Unicode 16.0).
const EMOJI: [(u16, u16); 33] = [
    (0x231A, 0x231B),
    (0x23E9, 0x23EC),
    (0x23F0, 0x23F0),
    (0x23F3, 0x23F3),
    (0x25FD, 0x25FE),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x267F, 0x267F),
    (0x2693, 0x2693),
    (0x26A1, 0x26A1),
    (0x26AA, 0x26AB),
    (0x26BD, 0x26BE),
    (0x26C4, 0x26C5),
    (0x26CE, 0x26CE),
    (0x26D4, 0x26D4),
    (0x26EA, 0x26EA),
    (0x26F2, 0x26F3),
    (0x26F5, 0x26F5),
    (0x26FA, 0x26FA),
    (0x26FD, 0x26FD),
    (0x2705, 0x2705),
    (0x270A, 0x270B),
    (0x2728, 0x2728),
    (0x274C, 0x274C),
    (0x274E, 0x274E),
    (0x2753, 0x2755),
    (0x2757, 0x2757),
    (0x2795, 0x2797),
    (0x27B0, 0x27B0),
    (0x27BF, 0x27BF),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2B55, 0x2B55),
];

/// Asks for an emoji where the character before it may also be text.
const EMOJI_SELECTOR: char = '\u{FE0F}';
/// Asks for text where the character before it may also be an emoji.
const TEXT_SELECTOR: char = '\u{FE0E}';
const JOINER: char = '\u{200D}';
const KEYCAP: char = '\u{20E3}';

/// Whether a text is one to three emoji, with white space around them or not.
#[must_use]
pub fn is_few_emoji(text: &str) -> bool {
    let mut n_emoji = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        n_emoji += 1;
        if n_emoji > MAX_EMOJI || !emoji(c, &mut chars) {
            return false;
        }
    }
    n_emoji > 0
}

/// Reads the rest of the emoji that begins with `first`. Returns false if it is none.
fn emoji(first: char, chars: &mut Peekable<Chars>) -> bool {
    match first {
        '0'..='9' | '#' | '*' => {
            chars.next_if_eq(&EMOJI_SELECTOR);
            return chars.next() == Some(KEYCAP);
        }
        _ if is_flag_letter(first) => return chars.next().is_some_and(is_flag_letter),
        _ => {}
    }
    let mut base = first;
    let mut is_joined = false;
    loop {
        let has_selector = chars.next_if_eq(&EMOJI_SELECTOR).is_some();
        if !(is_emoji(base) || (has_selector || is_joined) && may_be_emoji(base)) {
            return false;
        }
        while chars.next_if(|c| is_skin_tone(*c) || is_tag(*c)).is_some() {}
        if chars.peek() == Some(&TEXT_SELECTOR) {
            return false;
        }
        if chars.next_if_eq(&JOINER).is_none() {
            return true;
        }
        is_joined = true;
        let Some(next) = chars.next() else { return false };
        base = next;
    }
}

fn is_emoji(c: char) -> bool {
    let is_listed = |c: u16| EMOJI.iter().any(|(first, last)| (*first..=*last).contains(&c));
    matches!(c, '\u{1F000}'..='\u{1FAFF}') || u16::try_from(u32::from(c)).is_ok_and(is_listed)
}

/// Whether a character with an emoji selector may be an emoji.
fn may_be_emoji(c: char) -> bool {
    matches!(c, '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '\u{2190}'..='\u{2BFF}' | '〰' | '〽' | '㊗' | '㊙')
}

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Tags name the region of a flag.
fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_three_emoji_are_few() {
        for text in [
            "🎉",
            "👍👍",
            "👍 👍 👍",
            "❤️",
            "👍🏽",
            "👩‍👩‍👧‍👦",
            "🏳️‍🌈",
            "🏳️‍⚧️",
            "🇩🇪🇫🇷🇯🇵",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "1️⃣",
            "#️⃣ *️⃣",
            "☕",
            "⭐\n✅",
            "🧑🏽‍🚀",
            "🏃‍♂",
            "©️",
            "☎️",
        ] {
            assert!(is_few_emoji(text), "{text}");
        }
    }

    #[test]
    fn text_and_many_emoji_are_not_few_emoji() {
        for text in [
            "",
            " ",
            "a",
            "1",
            "123",
            "#",
            "👍👍👍👍",
            "🎉!",
            "yes 🎉",
            "©",
            "™",
            "☎",
            "✓",
            "→",
            "👍\u{200D}",
            "🇩",
            "🇩a",
            "☕\u{FE0E}",
            "1\u{FE0F}",
            "東京",
            "\u{200D}",
            "\u{FE0F}",
            "🏽a",
        ] {
            assert!(!is_few_emoji(text), "{text:?}");
        }
    }
}
