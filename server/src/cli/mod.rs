//! The command line.

mod journal;
mod make;
pub(crate) mod out;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use toml::Table;

use crate::config::Config;
use crate::host::{Host, HostError, Parts};

#[derive(Debug, Parser)]
#[command(
    name = "passerelle",
    version,
    about = "Distance courses, tutored cohorts and the proofs that go with them"
)]
struct Args {
    /// Configuration file (TOML).
    #[arg(long, global = true, env = "PASSERELLE_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the application and the content hosts.
    Serve(serve::ServeArgs),
    /// Run jobs without serving pages.
    Worker,
    /// Bring the database's schema up to date.
    Migrate,
    /// Read back the settings that matter and say what is wrong.
    Doctor(out::JsonArgs),
    /// The configuration in force.
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Accounts.
    User {
        #[command(subcommand)]
        action: make::UserAction,
    },
    /// Content of courses.
    Course {
        #[command(subcommand)]
        action: make::CourseAction,
    },
    /// Measure this machine: commits, pages, imports, beside a bare target.
    Bench(crate::bench::BenchArgs),
    /// The bare target of the measures.
    #[command(hide = true)]
    BenchBare(crate::bench::BareArgs),
    /// The log that proves.
    Journal {
        #[command(subcommand)]
        action: journal::JournalAction,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    /// Show every setting, secrets hidden.
    Show {
        /// Show the commented default instead.
        #[arg(long)]
        default: bool,
        #[command(flatten)]
        json: out::JsonArgs,
    },
}

/// Runs the command line; 0 when all went well, 1 when it did not, 2 when it was misspelt.
pub fn main() -> ExitCode {
    let args = Args::parse();
    // Each connection is a file, and most systems begin with few.
    let _ = rlimit::increase_nofile_limit(crate::host::OPEN_FILES);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return out::failed(&error.to_string()),
    };
    match runtime.block_on(run(args)) {
        Ok(code) => code,
        Err(error) => out::failed(&error.to_string()),
    }
}

async fn run(args: Args) -> Result<ExitCode, HostError> {
    let flags = if let Command::Serve(serve) = &args.command {
        serve.flags()
    } else {
        Table::new()
    };
    let config = Config::load(args.config.as_deref(), Config::environment(), flags)
        .map_err(|error| HostError(error.to_string()))?;
    match args.command {
        Command::Serve(serve) => serve::serve(config, &serve).await,
        Command::Worker => serve::worker(config).await,
        Command::Migrate => {
            log_to_stderr(&config);
            tell_new(&Host::open(&config, Parts::default(), true).await?);
            out::line("schema up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor(json) => serve::doctor(&config, json).await,
        Command::Config {
            action: ConfigAction::Show { default, json },
        } => {
            if default {
                out::text(crate::config::DEFAULT);
            } else {
                out::pairs(&config.shown(), json);
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::User { action } => make::user(&config, action).await,
        Command::Course { action } => make::course(&config, action).await,
        Command::Bench(args) => crate::bench::run(args).await,
        Command::BenchBare(args) => crate::bench::run_bare(args).await,
        Command::Journal { action } => journal::run(&config, action).await,
    }
}

/// A new server says where its data is, once.
fn tell_new(host: &Host) {
    if let Some(key) = &host.new_key {
        let folder = key.parent().unwrap_or(key);
        out::line(&format!(
            "This is a new server: its data is in {}.\nKeep a copy of {} elsewhere: without that key nobody can check \
             the journal.",
            folder.display(),
            key.display()
        ));
    }
}

fn log_to_stderr(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let _ = if config.log_format == "json" {
        builder.json().try_init()
    } else {
        builder.try_init()
    };
}
