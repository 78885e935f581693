//! `cargo xtask demo`: builds the server and becomes it, on a throw-away space.
//!
//! It needs the Rust toolchain and a C compiler, nothing else; what the
//! demonstration contains is the server's own business.

use std::process::ExitCode;

use crate::places;
use crate::process::Program;

/// Builds the binary with the development profile, then runs
/// `passerelle serve --demo` with the arguments that were given.
pub fn run(arguments: &[String]) -> Result<ExitCode, String> {
    if places::in_path(&["cc", "gcc", "clang", "cl"]).is_none() {
        return Err("a C compiler is needed to build the embedded database. \
             On Debian: apt-get install gcc libc6-dev"
            .to_owned());
    }
    println!("Building Passerelle. A first build takes several minutes; the next ones, seconds.");
    Program::new("cargo")
        // The whole workspace's features, as the tests have them: nothing is built twice.
        .args(["build", "--workspace", "--bin", "passerelle"])
        .show()?;
    Program::new(&places::server_binary().to_string_lossy())
        .args(["serve", "--demo"])
        .args(arguments)
        .hand_over()
}
