//! Turns shortcodes such as `:tada:` into their emoji. Called by `post`.

use hubbub_markup::verbatim_ranges;
use hubbub_protocol::text::Body;

/// Returns the body with emoji for its shortcodes, except in code and addresses. The same body has always the same result,
/// so a post that is sent again is recognised. A body that would become too long stays as it is.
pub(super) fn with_emoji(body: Body) -> Body {
    if !body.as_str().contains(':') {
        return body;
    }
    let text = body.as_str();
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for range in verbatim_ranges(text) {
        replace(&text[done..range.start], &mut replaced);
        replaced.push_str(&text[range.clone()]);
        done = range.end;
    }
    replace(&text[done..], &mut replaced);
    Body::parse(&replaced).unwrap_or(body)
}

/// Appends text to `replaced`, with emoji for its shortcodes.
fn replace(text: &str, replaced: &mut String) {
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        replaced.push_str(&rest[..colon]);
        rest = &rest[colon + 1..];
        // `1:x:2` and `a::x:` are no shortcodes.
        let is_apart = !replaced.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ':');
        match shortcode(rest).filter(|_| is_apart) {
            Some((emoji, after)) => {
                replaced.push_str(emoji);
                rest = after;
            }
            None => replaced.push(':'),
        }
    }
    replaced.push_str(rest);
}

/// Returns the emoji of the shortcode whose first colon is before `text`, and the text after its second colon.
fn shortcode(text: &str) -> Option<(&'static str, &str)> {
    let (name, after) = text.split_once(':')?;
    let is_apart = !after.starts_with(|c: char| c.is_ascii_alphanumeric());
    let emoji = emojis::get_by_shortcode(name).filter(|_| is_apart)?;
    Some((emoji.as_str(), after))
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::limits::MAX_BODY_CHARS;

    use super::*;

    fn shown(text: &str) -> String {
        with_emoji(Body::parse(text).expect("valid")).into_string()
    }

    #[test]
    fn shortcodes_become_emoji() {
        for (typed, expected) in [
            (":tada:", "🎉"),
            ("Done :tada::+1: (:heart:)!", "Done 🎉👍 (❤️)!"),
            ("**:tada:** ||:tada:||", "**🎉** ||🎉||"),
            ("> :tada:\n- :tada:", "> 🎉\n- 🎉"),
            ("日本:tada:です", "日本🎉です"),
            (":thumbs :tada:", ":thumbs 🎉"),
        ] {
            assert_eq!(shown(typed), expected);
        }
    }

    #[test]
    fn other_text_between_colons_stays() {
        for text in
            ["10:30:45", "1:x:2", "a::x::b", ":no_such_emoji:", ":", "::", ":tada", "tada:", ":ta da:", ":tada:s"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn code_and_addresses_stay() {
        for text in
            ["`:tada:`", "```\n:tada:\n```", "> ```\n> :tada:", "https://a.org/:tada:", "[a](https://b.org/:tada:)"]
        {
            assert_eq!(shown(text), text);
        }
    }

    /// Some flags have more characters than short names for them would have.
    #[test]
    fn a_body_never_becomes_too_long() {
        for name in emojis::iter().flat_map(|emoji| emoji.shortcodes()) {
            let code = format!(":{name}:");
            assert!(shown(&code.repeat(MAX_BODY_CHARS / code.len())).chars().count() <= MAX_BODY_CHARS, "{code}");
        }
    }
}
