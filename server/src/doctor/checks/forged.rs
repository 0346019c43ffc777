//! The forged client addresses of the doctor's request. Sent by `reach`, looked for by `address`.

/// The `X-Forwarded-For` header of the doctor's request: two addresses that are reserved for documentation (RFC 5737).
/// The number of addresses that arrive tells whether the proxy adds to the header, replaces it, removes it or passes it
/// on.
pub(super) const FORGED_ADDRESSES: &str = "192.0.2.77, 192.0.2.78";
