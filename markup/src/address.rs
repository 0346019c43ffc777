//! Finds where a web address ends, and its host. Only addresses with a scheme of `SCHEMES` are found, so that no link runs
//! a script.

/// The schemes of links.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// Returns the bare address at the beginning of `text`. Marks that end a sentence belong to the address only if it goes on
/// after them, and so does a bracket that was opened before the address.
///
/// The cost is linear in the length of the address. A text that is no address after all contains no beginning of one, so
/// the caller may go on with the next character.
pub(crate) fn bare(text: &str) -> Option<&str> {
    let host_start = host_start(text)?;
    let mut end = host_start;
    let mut n_open = [0_usize; 2];
    for (i, c) in text[host_start..].char_indices() {
        let n_open = &mut n_open[usize::from(matches!(c, '[' | ']'))];
        let belongs = match c {
            _ if ends_address(c) => break,
            '(' | '[' => {
                *n_open += 1;
                true
            }
            // The end of a link's text.
            ']' if *n_open == 0 => break,
            ')' | ']' => {
                let is_open = *n_open > 0;
                *n_open = n_open.saturating_sub(1);
                is_open
            }
            _ => !".,;:!?'*_~…。、".contains(c),
        };
        if belongs {
            end = host_start + i + c.len_utf8();
        }
    }
    (end > host_start).then(|| &text[..end])
}

/// Returns the address at the beginning of `text`, which is what follows `[text](`, up to the closing bracket.
///
/// The address contains no square bracket. So the parts of a text that the calls read don't overlap, and the cost is
/// linear in the length of the text.
pub(crate) fn in_brackets(text: &str) -> Option<&str> {
    let host_start = host_start(text)?;
    let mut n_open = 0_usize;
    for (i, c) in text[host_start..].char_indices() {
        match c {
            '(' => n_open += 1,
            ')' if n_open == 0 => return Some(&text[..host_start + i]),
            ')' => n_open -= 1,
            '[' | ']' => return None,
            _ if ends_address(c) => return None,
            _ => {}
        }
    }
    None
}

/// Returns the host of a link's address, with its port, or the recipient of a `mailto:` address.
#[must_use]
pub fn host(address: &str) -> &str {
    let rest = SCHEMES.iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(address);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if address.starts_with("mailto:") {
        return host;
    }
    // In `https://bank.org@thief.org`, bank.org is a name to sign in with.
    host.rsplit('@').next().unwrap_or_default()
}

fn host_start(text: &str) -> Option<usize> {
    let scheme = SCHEMES.into_iter().find(|scheme| text.starts_with(scheme))?;
    text[scheme.len()..].chars().next().is_some_and(may_begin_host).then_some(scheme.len())
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c)
}

/// A letter or digit of any script. Other characters outside of ASCII do no harm, and the tables that tell them apart would
/// be part of the WebAssembly.
fn may_begin_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}
