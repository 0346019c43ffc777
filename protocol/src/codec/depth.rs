//! How deep a JSON text is nested, counted before it is parsed. A parser that calls itself for each level would need as
//! much stack as the sender likes; serde_json's own limit is 128 levels and can't be set.

use crate::limits::MAX_JSON_DEPTH;

/// Whether the text has more than [`MAX_JSON_DEPTH`] brackets open at once. Brackets within strings don't count.
pub(super) fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > MAX_JSON_DEPTH {
                    return true;
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
