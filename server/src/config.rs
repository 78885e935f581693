//! Configuration: commented default < file < environment < flags; secrets also as files. Each
//! setting is checked as it is read, and a refusal says where it stands and what is allowed.

mod layers;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use passerelle_web::app::ContentHosts;
use serde::Deserialize;
use toml::Table;

use layers::{Layers, read_file};

/// The commented default, shown by `passerelle config show --default`.
pub const DEFAULT: &str = include_str!("passerelle.default.toml");
const SECRETS: [&str; 3] = ["database_url", "mail_url", "mail_imap_url"];
const PREFIX: &str = "PASSERELLE_";

/// Variables of ours that are not settings: where the file is, and what tests and scripts use.
const NOT_SETTINGS: [&str; 6] = ["config", "bin", "packages", "chromium", "python", "shots"];

/// Why the configuration cannot be used. No text here shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{origin}: {path} cannot be read: {source}")]
    Read {
        /// What names it.
        origin: String,
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not TOML.
    #[error("{path}, line {line}: {reason}")]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
    /// A value is not one that the setting may have.
    #[error("{origin}: {shown} is not allowed for {name}; allowed: {allowed}")]
    Value {
        /// Where it stands.
        origin: String,
        /// The setting.
        name: String,
        /// The value, unless it is a secret.
        shown: String,
        /// What is allowed.
        allowed: String,
    },
    /// A name that is no setting.
    #[error(
        "{origin}: there is no setting {name}{near}; `passerelle config show --default` lists them"
    )]
    Unknown {
        /// Where it stands.
        origin: String,
        /// The name.
        name: String,
        /// The question whether one of almost that name was meant.
        near: String,
    },
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Default,
    File(PathBuf),
    /// The variable that holds it, or that names the file which does.
    Environment(String),
    Flag(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("the default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Every setting; see the commented default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the application listens.
    pub listen: SocketAddr,
    /// Where content is served.
    pub content_listen: SocketAddr,
    /// Address of the application.
    pub public_url: String,
    /// Address of the content hosts.
    pub content_url: String,
    /// `wildcard` or `single`.
    pub content_hosts: String,
    /// Data folder.
    pub data_dir: PathBuf,
    /// Database; empty for the embedded one.
    pub database_url: String,
    /// Connections.
    pub connections: u32,
    /// Space at the root.
    pub home_space: String,
    /// Mail transport.
    pub mail_url: String,
    /// Sender's address.
    pub mail_from: String,
    /// Mailbox that bounces come back to; empty for the sender's.
    pub mail_return: String,
    /// Mailbox of bounces, read by IMAP; empty for none.
    pub mail_imap_url: String,
    /// Where bounces are handed over by LMTP; empty for nowhere.
    pub mail_lmtp: String,
    /// DKIM selector; empty for unsigned.
    pub mail_dkim_selector: String,
    /// Connections to the mail server for one campaign.
    pub mail_connections: usize,
    /// Mails a second for one campaign; 0 for no limit.
    pub mail_per_second: u32,
    /// Mails of campaigns in a time, `2000/1h`; empty for no limit.
    pub mail_window: String,
    /// First day of a new sending address; empty for one that is known.
    pub mail_warm_up: String,
    /// Own proxies in front, trusted in `X-Forwarded-For`.
    pub proxies: usize,
    /// Jobs at a time.
    pub workers: usize,
    /// Other servers may be called at private addresses and without encryption.
    pub private_addresses: bool,
    /// Plugins switched off.
    pub disabled: Vec<String>,
    /// `text` or `json`.
    pub log_format: String,
    /// Log filter.
    pub log: String,
    /// Developers' pages.
    pub dev: bool,
    /// Limit of packages, bytes.
    pub package_max_bytes: u64,
    /// Limit of packages, files.
    pub package_max_files: u32,
    /// Where each value comes from, by name.
    #[serde(skip)]
    origins: BTreeMap<String, Origin>,
}

impl Config {
    /// Reads the layers; `flags` are the command line's, by name.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with the place where it stands and what is allowed there.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: Table,
    ) -> Result<Self, ConfigError> {
        let mut read = Layers::default();
        read.file(Path::new("default"), DEFAULT, &Origin::Default)?;
        let environment: BTreeMap<String, String> = environment
            .filter_map(|(k, v)| Some((k.strip_prefix(PREFIX)?.to_lowercase(), v)))
            .collect();
        let named = environment.get("config").map(PathBuf::from);
        if let Some(path) = file.map(Path::to_owned).or(named) {
            let origin = if file.is_some() {
                "--config"
            } else {
                "PASSERELLE_CONFIG"
            };
            let text = read_file(origin, &path)?;
            read.file(&path, &text, &Origin::File(path.clone()))?;
        }
        for (name, text) in environment
            .iter()
            .filter(|(name, _)| !NOT_SETTINGS.contains(&name.as_str()))
        {
            read.variable(name, text)?;
        }
        for (name, value) in flags {
            let origin = Origin::Flag(format!("--{}", name.replace('_', "-")));
            read.set(&name, value, origin)?;
        }
        read.config()
    }

    /// The variables of the environment; those that are not text cannot be ours.
    pub fn environment() -> impl Iterator<Item = (String, String)> {
        let text = |text: OsString| text.into_string().ok();
        std::env::vars_os().filter_map(move |(name, value)| Some((text(name)?, text(value)?)))
    }

    /// Where a setting was given, for who must change it.
    pub fn origin(&self, name: &str) -> String {
        match self.origins.get(name) {
            None | Some(Origin::Default) => format!("setting {name}, by default"),
            Some(Origin::File(path)) => format!("setting {name} in {}", path.display()),
            Some(origin) => origin.to_string(),
        }
    }

    /// The file of the embedded database; none on a database server.
    pub fn database_file(&self) -> Option<PathBuf> {
        let url = self.database();
        let path = url.strip_prefix("sqlite:")?;
        // As the kernel reads it.
        Some(PathBuf::from(path.trim_start_matches("//")))
    }

    /// Address of the database: the one given, or the embedded one.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            format!(
                "sqlite:{}",
                self.data_dir.join("passerelle.sqlite").display()
            )
        } else {
            self.database_url.clone()
        }
    }

    /// The database as it may be told: without a password.
    pub fn database_shown(&self) -> String {
        if let Some(path) = self.database_file() {
            return path.display().to_string();
        }
        match url::Url::parse(&self.database_url) {
            Ok(url) => format!(
                "{}{} ({})",
                url.host_str().unwrap_or("on this machine"),
                url.path(),
                self.origin("database_url")
            ),
            Err(_) => self.origin("database_url"),
        }
    }

    /// How content is separated.
    pub fn hosts(&self) -> ContentHosts {
        if self.content_hosts == "single" {
            ContentHosts::Single
        } else {
            ContentHosts::Wildcard
        }
    }

    /// Every setting as lines, secrets hidden.
    pub fn shown(&self) -> Vec<(String, String)> {
        let hidden = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                "(set, not shown)".to_owned()
            }
        };
        vec![
            ("listen".into(), self.listen.to_string()),
            ("content_listen".into(), self.content_listen.to_string()),
            ("public_url".into(), self.public_url.clone()),
            ("content_url".into(), self.content_url.clone()),
            ("content_hosts".into(), self.content_hosts.clone()),
            ("data_dir".into(), self.data_dir.display().to_string()),
            ("database_url".into(), hidden(&self.database_url)),
            ("connections".into(), self.connections.to_string()),
            ("home_space".into(), self.home_space.clone()),
            (
                "mail_url".into(),
                if self.mail_url.starts_with("folder:") {
                    self.mail_url.clone()
                } else {
                    hidden(&self.mail_url)
                },
            ),
            ("mail_from".into(), self.mail_from.clone()),
            ("mail_return".into(), self.mail_return.clone()),
            ("mail_imap_url".into(), hidden(&self.mail_imap_url)),
            ("mail_lmtp".into(), self.mail_lmtp.clone()),
            ("mail_dkim_selector".into(), self.mail_dkim_selector.clone()),
            ("mail_connections".into(), self.mail_connections.to_string()),
            ("mail_per_second".into(), self.mail_per_second.to_string()),
            ("mail_window".into(), self.mail_window.clone()),
            ("mail_warm_up".into(), self.mail_warm_up.clone()),
            ("proxies".into(), self.proxies.to_string()),
            ("workers".into(), self.workers.to_string()),
            (
                "private_addresses".into(),
                self.private_addresses.to_string(),
            ),
            ("disabled".into(), self.disabled.join(", ")),
            ("log_format".into(), self.log_format.clone()),
            ("log".into(), self.log.clone()),
            ("dev".into(), self.dev.to_string()),
            (
                "package_max_bytes".into(),
                self.package_max_bytes.to_string(),
            ),
            (
                "package_max_files".into(),
                self.package_max_files.to_string(),
            ),
        ]
    }
}

impl Config {
    /// What no setting shows alone.
    fn agrees(&self) -> Result<(), ConfigError> {
        let wrong = |name: &str, shown: String, allowed: &str| ConfigError::Value {
            origin: self
                .origins
                .get(name)
                .unwrap_or(&Origin::Default)
                .to_string(),
            name: name.to_owned(),
            shown,
            allowed: allowed.to_owned(),
        };
        if self.listen == self.content_listen && self.listen.port() != 0 {
            let shown = self.content_listen.to_string();
            let allowed = "another address or port than that of listen";
            return Err(wrong("content_listen", shown, allowed));
        }
        let content = url::Url::parse(&self.content_url).ok();
        let is_number = content.as_ref().is_some_and(|url| url.domain().is_none());
        if self.hosts() == ContentHosts::Wildcard && is_number {
            let allowed = "a name, such as content.example.net: with content_hosts = \"wildcard\" another name stands \
                           before it for each attempt";
            return Err(wrong("content_url", self.content_url.clone(), allowed));
        }
        if !self.mail_dkim_selector.is_empty() && self.mail_from.ends_with("@localhost") {
            let allowed = "nothing while mail_from is at localhost: a signature names a domain";
            return Err(wrong(
                "mail_dkim_selector",
                self.mail_dkim_selector.clone(),
                allowed,
            ));
        }
        Ok(())
    }
}
