//! The repository's own commands: `cargo xtask demo` and `cargo xtask test`.
//!
//! It drives the other tools (cargo, node, npm, git, apt-get) and holds the house
//! rules that none of them checks. It is not part of the product: nothing here is
//! shipped, and no crate may depend on it.
#![expect(
    clippy::print_stdout,
    reason = "a command-line helper speaks to its user on standard output"
)]

mod bench;
mod demo;
mod house;
mod places;
mod process;
mod suite;

use std::process::ExitCode;

const USAGE: &str = "\
Usage:
  cargo xtask demo [ARGUMENTS OF `passerelle serve`]
      Builds the server and starts it on a throw-away demonstration space.
  cargo xtask bench [ARGUMENTS OF `passerelle bench`]
      Builds the server as released and measures it on both engines.
  cargo xtask test [--fast] [--only STEP]... [--list]
      Runs every check of the repository, in order, and ends with a table.
      --fast       formatting, lints, house rules, unit and player tests only
      --only STEP  one step, by name; may be repeated
      --list       prints the names of the steps";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) if command == "demo" => demo::run(rest),
        Some((command, rest)) if command == "bench" => bench::run(rest),
        Some((command, rest)) if command == "test" => suite::run(rest),
        Some((help, _)) if ["help", "--help", "-h"].contains(&help.as_str()) => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Some((other, _)) => Err(format!("unknown command `{other}`\n\n{USAGE}")),
        None => Err(USAGE.to_owned()),
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::from(2)
    })
}
