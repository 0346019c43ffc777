//! What must hold of any bytes that claim to be a form. Called by the fuzz target and by `server/tests/seeds.rs`.

use hubbub::http::read_form;
use hubbub_app::form::{Fields, Form};
use hubbub_protocol::Refusal;

/// A form is read, or refused for how it is written, at a field that people type into. A refused form keeps its fields.
/// Fields that were read are read again from the bytes that a browser sends for them.
pub(crate) fn check(body: &[u8]) {
    for form in [Form::Join, Form::NewRoom, Form::Post] {
        match read_form(form, body) {
            Ok(fields) => assert_read_again(form, &fields),
            Err(refused) => {
                assert_eq!(refused.form, form);
                assert!(form.typed_fields().contains(&&*refused.at));
                assert!(!refused.reason_at(&refused.at).is_empty());
                match refused.refusal {
                    Refusal::BadFrame => assert!(body.contains(&b'&'), "a field comes twice only in two pairs"),
                    Refusal::ForbiddenCharacter => {
                        assert!(form.fields().any(|name| refused.fields.get(name).contains('\u{FFFD}')));
                    }
                    other => panic!("refused for {other:?}, which is not about how a form is written"),
                }
                assert_read_again(form, &refused.fields);
            }
        }
    }
}

fn assert_read_again(form: Form, fields: &Fields) {
    let again = read_form(form, &encoded(form, fields)).expect("a browser's form is read");
    for name in form.fields() {
        assert_eq!((again.has(name), again.get(name)), (fields.has(name), fields.get(name)));
    }
}

/// Encodes a form as browsers do, but with every byte of a text as `%XX`.
fn encoded(form: Form, fields: &Fields) -> Vec<u8> {
    let sent = form.fields().filter(|name| fields.has(name));
    let pairs = sent.map(|name| {
        let text: String = fields.get(name).bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("{name}={text}")
    });
    pairs.collect::<Vec<_>>().join("&").into_bytes()
}
