//! `serve`, `worker` and `doctor`.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use passerelle_web::app::ContentHosts;
use serde_json::json;
use tokio::sync::watch;
use toml::{Table, Value};

use super::out::{self, JsonArgs};
use crate::config::Config;
use crate::demo;
use crate::host::{Host, HostError, Listeners, Parts, mail_transport};

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Make a throw-away space filled with believable data.
    #[arg(long)]
    demo: bool,
    /// Where the application listens.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Where content is served.
    #[arg(long)]
    content_listen: Option<SocketAddr>,
    /// `wildcard` or `single`.
    #[arg(long)]
    content_hosts: Option<String>,
}

impl ServeArgs {
    pub(super) fn flags(&self) -> Table {
        let mut flags = Table::new();
        let mut set = |name: &str, value: String| {
            flags.insert(name.to_owned(), Value::String(value));
        };
        let given = |name: &str| std::env::var_os(format!("PASSERELLE_{name}")).is_some();
        if let Some(at) = self.listen {
            set("listen", at.to_string());
            if !given("PUBLIC_URL") {
                set("public_url", format!("http://{at}"));
            }
        }
        let single = self.content_hosts.as_deref() == Some("single");
        if let Some(hosts) = &self.content_hosts {
            set("content_hosts", hosts.clone());
        }
        if (self.content_listen.is_some() || single) && !given("CONTENT_URL") {
            // Never the application's own host: a page there could set cookies for it.
            let port = self.content_listen.map_or(3001, |at| at.port());
            set("content_url", format!("http://localhost:{port}"));
        }
        if let Some(at) = self.content_listen {
            set("content_listen", at.to_string());
        }
        flags
    }
}

pub(super) async fn serve(mut config: Config, args: &ServeArgs) -> Result<ExitCode, HostError> {
    super::log_to_stderr(&config);
    let listeners = Listeners::bind(config.listen, config.content_listen).await?;
    let mut parts = Parts::default();
    let _folder = if args.demo {
        let folder = demo::prepare(&mut config, &mut parts)?;
        Some(folder)
    } else {
        None
    };
    let host = Host::open(&config, parts, true).await?;
    if !args.demo {
        super::tell_new(&host);
    }
    if args.demo {
        demo::fill(&host).await?;
        demo::fill_readers(&host).await?;
    }
    if !args.demo && is_empty(&host).await? {
        out::line(
            "This server is empty. Make its first administrator: passerelle user create --help",
        );
    }
    out::line(&format!("Passerelle: {}", config.public_url));
    if args.demo {
        for account in &host.app.settings().demo_accounts {
            out::line(&format!(
                "  {:24} {:32} {}",
                account.role, account.identifier, account.password
            ));
        }
        out::line(&format!("  mails: {}/dev/mail", config.public_url));
    }
    let (stopper, stop) = watch::channel(false);
    hear_of_bounded_files();
    tokio::spawn(async move {
        wait_for_signal().await;
        let _ = stopper.send(true);
    });
    host.serve(listeners, stop).await?;
    Ok(ExitCode::SUCCESS)
}

async fn is_empty(host: &Host) -> Result<bool, HostError> {
    let space = &host.app.settings().home_space;
    let found = host
        .app
        .directory()
        .space_by_slug(host.app.db(), space)
        .await;
    Ok(found.map_err(HostError::doing("spaces"))?.is_none())
}

/// A file that may not grow any further (`ulimit -f`) ends a process that does not listen; one that
/// does is answered an error, as by a full disk.
fn hear_of_bounded_files() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// `SIGXFSZ` of Linux and macOS.
        const FILE_SIZE: i32 = 25;
        if let Ok(mut told) = signal(SignalKind::from_raw(FILE_SIZE)) {
            tokio::spawn(async move {
                while told.recv().await.is_some() {
                    tracing::error!("a file may not grow any further: raise the limit (ulimit -f)");
                }
            });
        }
    }
}

async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

pub(super) async fn worker(config: Config) -> Result<ExitCode, HostError> {
    super::log_to_stderr(&config);
    let host = Host::open(&config, Parts::default(), false).await?;
    let (stopper, stop) = watch::channel(false);
    let tasks = host.start_background(&stop);
    wait_for_signal().await;
    let _ = stopper.send(true);
    for task in tasks {
        let _ = task.await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Open files below which a server is easily full.
const FEW_FILES: u64 = 4096;

/// Reads back what is in force, not what was configured.
pub(super) async fn doctor(config: &Config, format: JsonArgs) -> Result<ExitCode, HostError> {
    let host = Host::open(config, Parts::default(), false).await?;
    let mut settings = host
        .app
        .db()
        .durability()
        .await
        .map_err(HostError::doing("database"))?;
    let mut warnings = Vec::new();
    for (name, value) in &settings {
        let expected: &[&str] = match name.as_str() {
            "journal_mode" => &["wal"],
            "synchronous" => &["2", "3"],
            "foreign_keys" => &["1"],
            _ => &["on"],
        };
        if !expected.contains(&value.as_str()) {
            warnings.push(format!(
                "{name} is {value}: acknowledged work may be lost; {} is expected",
                expected[0]
            ));
        }
    }
    address_warnings(config, &mut warnings);
    relay(config, &mut settings, &mut warnings).await;
    let files = crate::host::open_files();
    settings.push(("open_files".to_owned(), files.to_string()));
    if files < FEW_FILES {
        warnings.push(format!(
            "this process may have {files} files open, connections among them, and the system does not let it raise that: \
             give it {} (LimitNOFILE= of a systemd unit, --ulimit nofile= of a container)",
            crate::host::OPEN_FILES
        ));
    }
    if format.json {
        let map: serde_json::Map<_, _> = settings
            .iter()
            .map(|(k, v)| (k.clone(), json!(v)))
            .collect();
        out::json(
            &json!({"database": map, "public_url": config.public_url, "content_url": config.content_url,
            "content_hosts": config.content_hosts, "warnings": warnings}),
        );
    } else {
        out::pairs(&settings, format);
        out::pairs(
            &[
                ("public_url".into(), config.public_url.clone()),
                ("content_url".into(), config.content_url.clone()),
            ],
            format,
        );
        for warning in &warnings {
            out::line(&format!("WARNING: {warning}"));
        }
        if warnings.is_empty() {
            out::line("nothing to mend");
        }
    }
    Ok(if warnings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Tries the way out of mail: a relay that refuses us is found before the first mail is.
async fn relay(config: &Config, settings: &mut Vec<(String, String)>, warnings: &mut Vec<String>) {
    let domain = config.mail_from.rsplit_once('@').map_or("", |(_, d)| d);
    match mail_transport(config).try_out(domain).await {
        Ok(done) => settings.push(("mail".to_owned(), done)),
        Err(reason) => warnings.push(format!(
            "no mail can leave ({}): {reason}",
            config.origin("mail_url")
        )),
    }
}

fn address_warnings(config: &Config, warnings: &mut Vec<String>) {
    let host = |url: &str| {
        url.split_once("://")
            .map_or("", |(_, rest)| rest)
            .split([':', '/'])
            .next()
            .unwrap_or("")
            .to_owned()
    };
    let (page, content) = (host(&config.public_url), host(&config.content_url));
    let site = |host: &str| host.rsplit('.').take(2).collect::<Vec<_>>().join(".");
    if config.public_url == config.content_url {
        warnings.push("imported content would run on the application's own origin: give content_url another host".into());
    } else if page.contains('.')
        && page.parse::<std::net::IpAddr>().is_err()
        && site(&page) == site(&content)
    {
        warnings.push(format!(
            "{page} and {content} are the same site: content could set cookies for both; prefer another registrable domain"
        ));
    }
    if config.hosts() == ContentHosts::Single {
        warnings.push(
            "single content host: packages share one origin; what one leaves in a browser is cleared when another attempt \
             opens, but two that are open at once see each other's storage: prefer wildcard mode where people share computers"
                .into(),
        );
    }
    let local = page == "127.0.0.1" || page == "localhost" || page.ends_with(".localhost");
    if !local && !config.public_url.starts_with("https://") {
        warnings.push(
            "public_url is not https: nobody can sign in, session cookies are only sent over TLS"
                .into(),
        );
    }
    if config.dev && !local {
        warnings.push("dev pages are switched on".into());
    }
}
