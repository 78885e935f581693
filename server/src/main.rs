//! The `passerelle` binary.
fn main() {}
