//! The site is embedded in the binary: cargo-leptos builds it first, and a plain `cargo check` must find a folder too.

fn main() {
    let site = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    std::fs::create_dir_all(&site).expect("target/ can be written to, since cargo writes there");
    println!("cargo:rerun-if-changed={}", site.display());
    println!("cargo:rerun-if-changed=migrations");
}
