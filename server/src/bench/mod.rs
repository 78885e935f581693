//! `passerelle bench`: what this machine does, beside what it could do.
//!
//! Servers run as processes of their own, on throw-away data; the load comes
//! from this process, on the same machine, in a closed loop. Rounds of the
//! product and of the bare target alternate, and the middle round of each is
//! told. Nothing here is a test: a figure is to be read with its conditions.

pub mod bare;
pub mod client;
mod commits;
mod imports;
mod letters;
mod load;
mod pages;
mod recorded;
mod report;
pub mod scene;
mod scores;
pub mod server;
mod waiting;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::cli::out;
use crate::host::HostError;
use report::Report;
use server::Server;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BenchError(pub String);

impl BenchError {
    /// From anything that says what is wrong, with what was being done.
    pub fn doing<E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> Self + '_ {
        move |error| Self(format!("{what}: {error}"))
    }
}

impl From<BenchError> for HostError {
    fn from(error: BenchError) -> Self {
        Self(error.0)
    }
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Tracking commits.
    Commits,
    /// Commits and the player while mails and a campaign wait to leave.
    Waiting,
    /// Pages and exports.
    Pages,
    /// People by file.
    People,
    /// Scores to a platform.
    Scores,
    /// Letters to thousands.
    Letters,
    /// Packages.
    Imports,
}

/// `passerelle bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// An empty PostgreSQL database to measure on, besides SQLite.
    #[arg(long)]
    postgres: Option<String>,
    /// Another, for the bare target.
    #[arg(long, requires = "postgres")]
    postgres_bare: Option<String>,
    /// Length of a round, in seconds.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Rounds of each measure.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// People in the large cohort.
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    /// Contacts of the space that sends letters: all but 6,601 receive the large campaign.
    #[arg(long, default_value_t = 100_000)]
    contacts: usize,
    /// Size of the large package, in MiB.
    #[arg(long, default_value_t = 1024)]
    import_mib: u64,
    /// Mails that wait while commits are measured.
    #[arg(long, default_value_t = 100_000)]
    waiting: usize,
    /// Only these; may be repeated.
    #[arg(long)]
    only: Vec<Part>,
    /// Commits and pages alone, in under a minute an engine, beside the recorded ratios: fails
    /// where one is below a third of them.
    #[arg(long)]
    short: bool,
    /// Folder of the throw-away data: a real disk, not one in memory.
    #[arg(long)]
    folder: Option<PathBuf>,
    #[command(flatten)]
    format: out::JsonArgs,
}

/// `passerelle bench-bare`.
#[derive(Debug, Args)]
pub struct BareArgs {
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    database_url: String,
}

/// How measuring is done, for every part.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    program: PathBuf,
    rounds: usize,
    lasting: Duration,
    import_mib: u64,
    contacts: usize,
    waiting: usize,
    short: bool,
}

/// Serves the bare target until it is killed.
pub async fn run_bare(args: BareArgs) -> Result<ExitCode, HostError> {
    bare::serve(args.listen, &args.database_url).await?;
    Ok(ExitCode::SUCCESS)
}

/// Measures and prints.
pub async fn run(mut args: BenchArgs) -> Result<ExitCode, HostError> {
    if args.short {
        args.only = vec![Part::Commits, Part::Waiting, Part::Pages];
        (args.people, args.seconds, args.waiting) = (200, 1, 2_000);
    }
    let program = std::env::current_exe().map_err(HostError::doing("this program"))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix("passerelle-bench-");
    let folder = match &args.folder {
        Some(at) => builder.tempdir_in(at),
        None => builder.tempdir(),
    };
    let folder = folder.map_err(HostError::doing("a folder"))?;
    let plan = Plan {
        program,
        rounds: args.rounds.max(1),
        lasting: Duration::from_secs(args.seconds.max(1)),
        import_mib: args.import_mib,
        contacts: args.contacts.max(10_000),
        waiting: args.waiting,
        short: args.short,
    };
    let mut report = Report::new(folder.path());
    let sqlite = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let mut engines = vec![("SQLite", sqlite("scene.sqlite"), sqlite("bare.sqlite"))];
    if let Some(url) = &args.postgres {
        let bare = args.postgres_bare.clone().unwrap_or_else(|| url.clone());
        engines.push(("PostgreSQL", url.clone(), bare));
    }
    for (engine, database, bare) in engines {
        let own = folder.path().join(engine);
        report.engine(engine);
        out::note(&format!("{engine}: making the scene"));
        measure(&args, &plan, &own, &database, &bare, &mut report).await?;
    }
    if args.short {
        recorded::compare(&report)?;
    } else if args.format.json {
        out::json(&report.json());
    } else {
        out::text(&report.markdown());
    }
    Ok(ExitCode::SUCCESS)
}

async fn measure(
    args: &BenchArgs,
    plan: &Plan,
    folder: &Path,
    database: &str,
    bare: &str,
    report: &mut Report,
) -> Result<(), BenchError> {
    let wanted = |part: Part| args.only.is_empty() || args.only.contains(&part);
    let scene = scene::prepare(folder, database, args.people.max(64), 64).await?;
    let target = Server::start_bare(&plan.program, bare).await?;
    let server = Server::start(&plan.program, folder, database).await?;
    report.fact("ready in", format!("{} ms", server.ready_in.as_millis()));
    tokio::time::sleep(Duration::from_secs(2)).await;
    report.fact("memory, just started", report::mib(server.rss()));
    waiting::settle(folder, database).await?;
    if wanted(Part::Commits) {
        out::note("commits");
        commits::measure(plan, &scene, &server, &target, report).await?;
    }
    if wanted(Part::Waiting) {
        out::note("what waits");
        waiting::measure(plan, &scene, (folder, database), &server, report).await?;
    }
    if wanted(Part::Pages) {
        out::note("pages");
        pages::measure(plan, &scene, &server, &target, report).await?;
    }
    report.fact("memory, most under load", report::mib(server.peak()));
    if wanted(Part::People) {
        out::note("people by file");
        imports::people(&scene, &server, report).await?;
    }
    if wanted(Part::Scores) {
        out::note("scores");
        scores::measure(&scene, folder, database, report).await?;
    }
    if wanted(Part::Letters) {
        out::note("letters");
        letters::measure(plan, folder, database, report).await?;
    }
    if wanted(Part::Imports) {
        imports::packages(plan, folder, &server, report).await?;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    report.fact("memory, idle after use", report::mib(server.rss()));
    Ok(())
}
