//! Configuration: commented default < file < environment < flags; secrets also as files.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use passerelle_web::app::ContentHosts;
use serde::Deserialize;
use toml::{Table, Value};

/// The commented default, shown by `passerelle config show --default`.
pub const DEFAULT: &str = include_str!("passerelle.default.toml");
const SECRETS: [&str; 3] = ["database_url", "mail_url", "mail_imap_url"];
const PREFIX: &str = "PASSERELLE_";

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not TOML.
    #[error("{path}: {source}")]
    Parse {
        /// Which.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A value is of another type, or a name is unknown.
    #[error("configuration: {0}")]
    Value(#[from] Box<toml::de::Error>),
    /// A variable of the environment names no setting.
    #[error("{PREFIX}{0}: there is no such setting")]
    Unknown(String),
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
}

impl Config {
    /// Reads the layers; `flags` are the command line's, by name.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: Table,
    ) -> Result<Self, ConfigError> {
        let mut table = parse(Path::new("default"), DEFAULT)?;
        let environment: BTreeMap<String, String> = environment
            .filter_map(|(k, v)| Some((k.strip_prefix(PREFIX)?.to_lowercase(), v)))
            .collect();
        let named = environment.get("config").map(PathBuf::from);
        if let Some(path) = file.map(Path::to_owned).or(named) {
            table.extend(parse(&path, &read(&path)?)?);
        }
        for (name, text) in environment
            .iter()
            .filter(|(name, _)| !["config", "bin", "packages"].contains(&name.as_str()))
        {
            let (name, text) = match name.strip_suffix("_file").filter(|n| SECRETS.contains(n)) {
                Some(secret) => (secret, read(Path::new(text))?.trim().to_owned()),
                None => (name.as_str(), text.clone()),
            };
            let value = table
                .get(name)
                .ok_or_else(|| ConfigError::Unknown(name.to_uppercase()))?;
            let value = typed(value, text);
            table.insert(name.to_owned(), value);
        }
        table.extend(flags);
        Ok(table.try_into::<Self>().map_err(Box::new)?)
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

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })
}

fn parse(path: &Path, text: &str) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|e| ConfigError::Parse {
        path: path.to_owned(),
        source: Box::new(e),
    })
}

/// A text of the environment as the type that the default has; left as text when it does not fit.
fn typed(like: &Value, text: String) -> Value {
    match like {
        Value::Integer(_) => text.parse().map_or(Value::String(text), Value::Integer),
        Value::Boolean(_) => text.parse().map_or(Value::String(text), Value::Boolean),
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(|t| t.to_owned().into())
                .collect(),
        ),
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect::<Vec<_>>()
            .into_iter()
    }

    #[test]
    fn the_environment_wins_over_the_default_and_flags_over_both() {
        let mut flags = Table::new();
        flags.insert("workers".into(), Value::Integer(9));
        let variables = env(&[
            ("PASSERELLE_WORKERS", "5"),
            ("PASSERELLE_DISABLED", "forum, lti"),
            ("HOME", "/x"),
        ]);
        let config = Config::load(None, variables, flags).expect("loads");
        assert_eq!(config.workers, 9);
        assert_eq!(config.disabled, ["forum", "lti"]);
        assert!(config.database().starts_with("sqlite:data/"));
    }

    #[test]
    fn a_secret_can_be_a_file() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("url");
        std::fs::write(&path, "postgres://u:p@h/b\n").expect("writes");
        let text = path.display().to_string();
        let config = Config::load(
            None,
            env(&[("PASSERELLE_DATABASE_URL_FILE", &text)]),
            Table::new(),
        )
        .expect("loads");
        assert_eq!(config.database(), "postgres://u:p@h/b");
        assert!(config.shown().iter().all(|(_, v)| !v.contains("u:p@h")));
    }

    #[test]
    fn the_compose_file_names_settings_only() {
        let compose = include_str!("../../compose.yaml");
        let given: Vec<(String, String)> = compose
            .lines()
            .filter_map(|line| line.trim().split_once(": "))
            .filter(|(name, _)| name.starts_with(PREFIX) && !name.ends_with("_FILE"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert!(given.len() > 5, "its variables are found");
        Config::load(None, given.into_iter(), Table::new()).expect("every one is a setting");
    }

    #[test]
    fn a_misspelt_setting_is_an_error() {
        assert!(Config::load(None, env(&[("PASSERELLE_LISTENN", "x")]), Table::new()).is_err());
        assert!(Config::load(None, env(&[("PASSERELLE_WORKERS", "many")]), Table::new()).is_err());
    }
}
