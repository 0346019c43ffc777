//! The address that the doctor claims to come from. Sent by `reach`, looked for by `address`.

/// The `X-Forwarded-For` of the doctor's request: two addresses that nobody has (RFC 5737). Their number in what arrives
/// tells whether the proxy adds to them, replaces them, or passes them on.
pub(super) const CLAIMED: &str = "192.0.2.77, 192.0.2.78";
