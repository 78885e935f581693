//! What each setting may be, in one table: read when the configuration is read, so that a wrong
//! value is refused with its place before anything is opened.

use std::net::SocketAddr;

use passerelle_mailer::{Limits, TransportSetting, returns::ImapSetting};
use passerelle_people::is_slug;
use toml::Value;
use url::Url;

/// What a setting may be: the words for people, and the check.
pub(super) struct Rule {
    pub name: &'static str,
    /// Completes "is not allowed: ".
    pub allowed: &'static str,
    /// Whether the value holds a secret: it is not shown when it is refused.
    pub secret: bool,
    holds: fn(&Value) -> bool,
}

impl Rule {
    pub fn holds(&self, value: &Value) -> bool {
        (self.holds)(value)
    }
}

const fn rule(name: &'static str, allowed: &'static str, holds: fn(&Value) -> bool) -> Rule {
    Rule {
        name,
        allowed,
        secret: false,
        holds,
    }
}

const fn secret(name: &'static str, allowed: &'static str, holds: fn(&Value) -> bool) -> Rule {
    Rule {
        name,
        allowed,
        secret: true,
        holds,
    }
}

/// Plugins that can be switched off; without the others there is no server.
const OPTIONAL: [&str; 4] = ["courses", "lti", "oidc", "mailer"];

/// Every setting. One that is missing here is refused by a test.
pub(super) const RULES: &[Rule] = &[
    rule("listen", SOCKET, is_socket),
    rule("content_listen", SOCKET, is_socket),
    rule("public_url", ADDRESS, is_address),
    rule("content_url", ADDRESS, is_address),
    rule("content_hosts", "\"wildcard\" or \"single\"", |v| {
        one_of(v, &["wildcard", "single"])
    }),
    rule("data_dir", "the path of a folder", |v| {
        text(v).is_some_and(|path| !path.trim().is_empty() && !path.contains('\0'))
    }),
    secret(
        "database_url",
        "postgres://user:password@host/base, sqlite:PATH, or nothing for SQLite in data_dir",
        |v| text(v).is_some_and(|url| url.is_empty() || is_database(url)),
    ),
    rule("connections", "a whole number from 1 to 1000", |v| {
        within(v, 1, 1000)
    }),
    rule(
        "home_space",
        "2 to 40 small letters, digits and hyphens",
        |v| text(v).is_some_and(is_slug),
    ),
    secret(
        "mail_url",
        "folder:PATH, smtps://user:password@host or smtp://user:password@host?tls=required; without ?tls=required no \
         password, unless the server is on this machine",
        |v| text(v).is_some_and(is_mail),
    ),
    rule("mail_from", "an address such as centre@example.org", |v| {
        text(v).is_some_and(is_mailbox)
    }),
    rule(
        "mail_return",
        "an address such as retours@example.org, or nothing",
        |v| text(v).is_some_and(|text| text.is_empty() || is_mailbox(text)),
    ),
    secret(
        "mail_imap_url",
        "imaps://user:password@host/INBOX, imap:// with ?tls=required, or nothing",
        |v| text(v).is_some_and(|text| text.is_empty() || text.parse::<ImapSetting>().is_ok()),
    ),
    rule(
        "mail_lmtp",
        "an address and a port, such as 127.0.0.1:2424, or nothing",
        |v| text(v).is_some_and(|text| text.is_empty() || text.parse::<SocketAddr>().is_ok()),
    ),
    rule(
        "mail_dkim_selector",
        "letters, digits, hyphens and dots, such as passerelle, or nothing",
        |v| text(v).is_some_and(is_selector),
    ),
    rule("mail_connections", "a whole number from 1 to 100", |v| {
        within(v, 1, 100)
    }),
    rule(
        "mail_per_second",
        "a whole number from 0 (no limit) to 10000",
        |v| within(v, 0, 10_000),
    ),
    rule(
        "mail_window",
        "a number and a time, such as 2000/1h, or nothing",
        |v| text(v).is_some_and(|text| Limits::parse(text, "").is_ok()),
    ),
    rule(
        "mail_warm_up",
        "a day, such as 2026-12-01, or nothing",
        |v| text(v).is_some_and(|text| Limits::parse("", text).is_ok()),
    ),
    rule("proxies", "a whole number from 0 to 10", |v| {
        within(v, 0, 10)
    }),
    rule("workers", "a whole number from 1 to 64", |v| {
        within(v, 1, 64)
    }),
    rule("private_addresses", "true or false", Value::is_bool),
    rule(
        "disabled",
        "names among courses, lti, oidc and mailer",
        |v| {
            v.as_array()
                .is_some_and(|list| list.iter().all(|name| one_of(name, &OPTIONAL)))
        },
    ),
    rule("log_format", "\"text\" or \"json\"", |v| {
        one_of(v, &["text", "json"])
    }),
    rule("log", "a filter such as info,sqlx=warn", |v| {
        text(v).is_some_and(is_filter)
    }),
    rule("dev", "true or false", Value::is_bool),
    rule(
        "package_max_bytes",
        "a whole number of bytes from 1048576 (1 MiB) to 1099511627776 (1 TiB)",
        |v| within(v, 1 << 20, 1 << 40),
    ),
    rule(
        "package_max_files",
        "a whole number from 1 to 1000000",
        |v| within(v, 1, 1_000_000),
    ),
];

const SOCKET: &str = "an address and a port, such as 127.0.0.1:3000";
const ADDRESS: &str = "http:// or https://, a host and perhaps a port, nothing after them";

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn one_of(value: &Value, allowed: &[&str]) -> bool {
    text(value).is_some_and(|text| allowed.contains(&text))
}

fn within(value: &Value, least: i64, most: i64) -> bool {
    value
        .as_integer()
        .is_some_and(|number| (least..=most).contains(&number))
}

fn is_socket(value: &Value) -> bool {
    text(value).is_some_and(|text| text.parse::<SocketAddr>().is_ok())
}

/// An origin, perhaps with a final slash: pages have no path before theirs.
fn is_address(value: &Value) -> bool {
    let Some(url) = text(value).and_then(|text| Url::parse(text).ok()) else {
        return false;
    };
    matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_database(url: &str) -> bool {
    match url.split_once(':') {
        Some(("sqlite", path)) => !path.trim_start_matches('/').is_empty(),
        Some(("postgres" | "postgresql", _)) => Url::parse(url).is_ok(),
        _ => false,
    }
}

fn is_mail(text: &str) -> bool {
    text.parse::<TransportSetting>()
        .is_ok_and(|transport| transport.check().is_ok())
}

/// An address to write from; the machine's own name needs no dot.
fn is_mailbox(text: &str) -> bool {
    let local = text.strip_suffix("@localhost");
    let text = local.map_or_else(
        || text.to_owned(),
        |name| format!("{name}@localhost.example"),
    );
    passerelle_web::form::is_email(&text)
}

fn is_selector(text: &str) -> bool {
    text.is_empty()
        || text.len() <= 63
            && text.split('.').all(|label| {
                !label.is_empty()
                    && label
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            })
}

fn is_filter(text: &str) -> bool {
    tracing_subscriber::EnvFilter::try_new(text).is_ok()
}
