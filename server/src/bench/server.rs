//! A server of its own, in another process, to be measured or killed.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::http::Method;
use tokio::process::{Child, Command};

use super::BenchError;
use super::client::Client;

/// Longest wait for a server to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where the application listens.
    pub pages: SocketAddr,
    /// Where content is served.
    pub content: SocketAddr,
    /// From its start to its first ready answer.
    pub ready_in: Duration,
}

impl Server {
    /// Starts `program serve` on that data folder and database.
    pub async fn start(program: &Path, folder: &Path, database: &str) -> Result<Self, BenchError> {
        Self::start_with(program, folder, database, &[]).await
    }

    /// The same with other settings, by the names of their variables.
    pub async fn start_with(
        program: &Path,
        folder: &Path,
        database: &str,
        settings: &[(&str, String)],
    ) -> Result<Self, BenchError> {
        let (pages, content) = (free_address()?, free_address()?);
        let mut command = bare_command(program);
        command
            .args(["serve", "--listen", &pages.to_string()])
            .args(["--content-listen", &content.to_string()])
            .env("PASSERELLE_DATA_DIR", folder)
            .env("PASSERELLE_DATABASE_URL", database)
            // What it calls is on this machine as well.
            .env("PASSERELLE_PRIVATE_ADDRESSES", "true")
            .env("PASSERELLE_LOG", "error")
            .envs(settings.iter().map(|(name, value)| (name, value)));
        Self::spawn(command, pages, content).await
    }

    /// Starts the bare target on that database.
    pub async fn start_bare(program: &Path, database: &str) -> Result<Self, BenchError> {
        let at = free_address()?;
        let mut command = bare_command(program);
        command.args([
            "bench-bare",
            "--listen",
            &at.to_string(),
            "--database-url",
            database,
        ]);
        Self::spawn(command, at, at).await
    }

    async fn spawn(
        mut command: Command,
        pages: SocketAddr,
        content: SocketAddr,
    ) -> Result<Self, BenchError> {
        let begun = Instant::now();
        let mut child = command
            .spawn()
            .map_err(BenchError::doing("starting a server"))?;
        loop {
            let mut client = Client::new(pages, &pages.to_string());
            let asked = client.send(Method::GET, "/health/ready", &[], "").await;
            if asked.is_ok_and(|reply| reply.status == 200) {
                break;
            }
            if let Ok(Some(status)) = child.try_wait() {
                return Err(BenchError(format!("the server stopped: {status}")));
            }
            if begun.elapsed() > PATIENCE {
                return Err(BenchError("the server does not answer".into()));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(Self {
            child,
            pages,
            content,
            ready_in: begun.elapsed(),
        })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Processor time it has used.
    pub fn cpu(&self) -> Duration {
        cpu_of(self.pid())
    }

    /// Memory it holds now, in KiB.
    pub fn rss(&self) -> u64 {
        status_kib(self.pid(), "VmRSS:")
    }

    /// The most memory it has held since [`Server::forget_peak`] or its start, in KiB.
    pub fn peak(&self) -> u64 {
        status_kib(self.pid(), "VmHWM:")
    }

    /// Begins the peak of memory afresh.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.pid()), "5");
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(&mut self) -> Result<(), BenchError> {
        let told = Command::new("kill").arg(self.pid().to_string()).status();
        told.await.map_err(BenchError::doing("stopping a server"))?;
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended
            .map_err(BenchError::doing("stopping a server"))?
            .map_err(BenchError::doing("stopping a server"))?;
        Ok(())
    }

    /// Kills it as a power cut would: it hears nothing.
    pub async fn kill(&mut self) -> Result<(), BenchError> {
        self.child
            .kill()
            .await
            .map_err(BenchError::doing("killing a server"))
    }
}

/// A command that dies with us, and says nothing but its errors.
fn bare_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PASSERELLE_")) {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    command
}

fn free_address() -> Result<SocketAddr, BenchError> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .map_err(BenchError::doing("a free port"))
}

/// User and system time of a process; Linux counts in hundredths of a second.
pub fn cpu_of(pid: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u64 = after
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// Processor time of all PostgreSQL processes of this machine.
pub fn cpu_of_postgres() -> Duration {
    let mut sum = Duration::ZERO;
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse().ok()) else {
            continue;
        };
        let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        if name.trim() == "postgres" {
            sum += cpu_of(pid);
        }
    }
    sum
}

fn status_kib(pid: u32, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}
