//! Reads the fields of a form from the body of a request. Called by `submit` and by the fuzzer. Knows no handler.

use hubbub_app::form::{Fields, Form, RefusedForm};
use hubbub_protocol::Refusal;
use percent_encoding::percent_decode;

/// Reads the fields of a form from `application/x-www-form-urlencoded` bytes (URL Standard, section 5.1). A field that
/// the form doesn't have is ignored. No crate that reads forms tells text that isn't UTF-8 from text with U+FFFD in it.
///
/// # Errors
/// Refuses a form with a field that isn't UTF-8 or was sent twice. The refused form has every field that was sent: of a
/// field sent twice the first text, and U+FFFD in place of bytes that aren't UTF-8.
pub fn read_form(form: Form, body: &[u8]) -> Result<Fields, RefusedForm> {
    let mut fields = Fields::default();
    let mut fault = None;
    for pair in body.split(|byte| *byte == b'&') {
        let (name, value) = halves(pair);
        let name = decoded(name);
        let Some(name) = form.fields().find(|known| known.as_bytes() == name) else { continue };
        if fields.has(name) {
            fault.get_or_insert((name, Refusal::BadFrame));
            continue;
        }
        let text = String::from_utf8(decoded(value)).unwrap_or_else(|error| {
            fault.get_or_insert((name, Refusal::ForbiddenCharacter));
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        fields.push(name, text);
    }
    match fault {
        None => Ok(fields),
        Some((at, refusal)) => Err(RefusedForm::new(form, fields, at, refusal)),
    }
}

/// Splits at the first `=`; without one, the value is empty.
fn halves(pair: &[u8]) -> (&[u8], &[u8]) {
    match pair.iter().position(|byte| *byte == b'=') {
        Some(i) => (&pair[..i], &pair[i + 1..]),
        None => (pair, &[]),
    }
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, text) in pairs {
            fields.push(name, (*text).to_owned());
        }
        fields
    }

    #[test]
    fn a_form_is_decoded_as_browsers_encode_it() {
        for (body, pairs) in [
            ("body=Hi+humans%21&id=1", &[("body", "Hi humans!"), ("id", "1")][..]),
            ("id=&body=a%2Bb%3D%26c", &[("id", ""), ("body", "a+b=&c")]),
            ("body=a=b", &[("body", "a=b")]),
            ("&&body&", &[("body", "")]),
            ("%62ody=%C3%A9é", &[("body", "éé")]),
            ("body=100%&id=%4", &[("body", "100%"), ("id", "%4")]),
            ("color=red&color=%FF&body=x", &[("body", "x")]),
            ("", &[]),
        ] {
            assert_eq!(read_form(Form::Post, body.as_bytes()), Ok(fields(pairs)), "{body}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_at_their_field_and_the_other_fields_are_kept() {
        for topic in [&b"%FF"[..], b"\xFF", b"%C3", b"\xED\xA0\x80"] {
            let body = [&b"name=Tea&topic=a"[..], topic].concat();
            let refused = read_form(Form::NewRoom, &body).expect_err("it is refused");
            assert_eq!((&*refused.at, refused.refusal.clone()), ("topic", Refusal::ForbiddenCharacter));
            assert_eq!(refused.fields.get("name"), "Tea");
            assert!(refused.fields.get("topic").starts_with("a\u{FFFD}"));
        }
    }

    #[test]
    fn an_error_in_a_hidden_field_is_shown_at_a_visible_field() {
        let refused = read_form(Form::Join, b"name=Kira&room=%FF").expect_err("it is refused");
        assert_eq!(refused.at, "name");
    }

    #[test]
    fn a_field_that_was_sent_twice_is_refused_and_keeps_its_first_text() {
        let refused = read_form(Form::Join, b"name=Kira&name=Jonas").expect_err("it is refused");
        assert_eq!((&*refused.at, refused.refusal), ("name", Refusal::BadFrame));
        assert_eq!(refused.fields.get("name"), "Kira");
    }

    proptest! {
        #[test]
        fn any_text_is_decoded_and_any_bytes_get_a_result(text: String, bytes: Vec<u8>) {
            let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
            let read = read_form(Form::Post, format!("body={encoded}").as_bytes());
            prop_assert_eq!(read, Ok(fields(&[("body", &text)])));
            for form in [Form::Join, Form::NewRoom, Form::Post] {
                if let Err(refused) = read_form(form, &bytes) {
                    prop_assert!(form.typed_fields().contains(&&*refused.at));
                }
            }
        }
    }
}
