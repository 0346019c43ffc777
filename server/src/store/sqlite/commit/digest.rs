//! The digest of an operation's content, which tells a repeated operation from another one with the same id. Called by
//! `batch`; reads no row.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::store::Intent;

/// 16 bytes of SHA-256. Two contents of one id have the same digest by chance once in 2^128.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest(pub(super) [u8; 16]);

/// Random bytes before a text in its digest. Without the salt, nobody can find out by the digest what an erased text said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Salt(pub(super) [u8; 16]);

impl Salt {
    pub(super) fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system has random bytes");
        Self(bytes)
    }
}

/// Returns the digest of the content. Author, kind and target are compared apart.
pub(super) fn digest_of(intent: &Intent, salt: Option<Salt>) -> Digest {
    let mut hash = Sha256::new();
    hash.update(salt.map(|salt| salt.0).unwrap_or_default());
    match intent {
        Intent::Post { body, .. } | Intent::Edit { body, .. } => hash.update(body.as_str()),
        Intent::Delete { .. } => {}
        Intent::React { emoji, on, .. } => {
            hash.update([u8::from(*on)]);
            hash.update(emoji);
        }
        Intent::Pin { on, .. } => hash.update([u8::from(*on)]),
        Intent::Describe { name, topic } => {
            hash.update(name.as_str());
            // Names have no control characters, so the border is unambiguous.
            hash.update("\n");
            hash.update(topic.as_str());
        }
    }
    let full = hash.finalize();
    Digest(std::array::from_fn(|i| full[i]))
}
