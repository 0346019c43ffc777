//! Hubbub behind real proxies: the configurations that docs/operations.md gives, taken from its very text, and what
//! `hubbub doctor` says of them as they are and with a fault built into each. `bin/tools proxies` installs the proxies.

mod apache;
mod caddy;
mod direct;
mod nginx;
mod support;
