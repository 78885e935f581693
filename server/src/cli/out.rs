//! What commands print: for people, or as JSON.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line prints"
)]

use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value};

/// `--json` on every listing.
#[derive(Clone, Copy, Debug, Args)]
pub struct JsonArgs {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A line.
pub fn line(text: &str) {
    println!("{text}");
}

/// A text with its own line ends.
pub fn text(text: &str) {
    print!("{text}");
}

/// JSON on one line.
pub fn json(value: &Value) {
    println!("{value}");
}

/// What is going on, on standard error.
pub fn note(text: &str) {
    eprintln!("{text}…");
}

/// What went wrong, on standard error.
pub fn failed(text: &str) -> ExitCode {
    eprintln!("passerelle: {text}");
    ExitCode::FAILURE
}

/// Names and values.
pub fn pairs(pairs: &[(String, String)], format: JsonArgs) {
    if format.json {
        let map: Map<String, Value> = pairs
            .iter()
            .map(|(k, v)| (k.clone(), Value::String(v.clone())))
            .collect();
        return json(&Value::Object(map));
    }
    let width = pairs.iter().map(|(k, _)| k.len()).max().unwrap_or(0);
    for (name, value) in pairs {
        println!("{name:width$}  {value}");
    }
}
