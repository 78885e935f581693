//! The one line that a request leaves in the log, and how its address is told there.
//!
//! Some addresses let in whoever knows them. Their routes say so
//! ([`Routes::secret`](crate::routes::Routes::secret)), and what is told is the route, not the
//! address. No other line of ours names an address.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use passerelle_kernel::stats::DbCost;

use crate::app::App;
use crate::routes::Routes;

/// Characters shown of an address that no route answers to.
const SHOWN: usize = 16;

/// Which routes are secrets.
#[derive(Clone, Debug)]
pub(crate) struct Addresses(Arc<HashSet<&'static str>>);

impl Addresses {
    /// Those of all plugins.
    pub(crate) fn of(app: &App) -> Self {
        let routes = app.registry().all::<Routes>().flat_map(Routes::table);
        let secret = routes.filter(|route| route.is_secret);
        Self(Arc::new(secret.map(|route| route.path).collect()))
    }

    /// The address of a request as the log tells it; none for what is not logged.
    pub(crate) fn told(&self, request: &Request) -> Option<String> {
        let path = request.uri().path();
        if path.starts_with("/assets/") {
            return None;
        }
        let route = request.extensions().get::<MatchedPath>();
        Some(match route.map(MatchedPath::as_str) {
            Some(route) if self.0.contains(route) => route.to_owned(),
            Some(_) => path.to_owned(),
            None => beginning(path),
        })
    }
}

/// The first word of an address that no route answers to: it may be a secret one that was
/// copied wrong.
fn beginning(path: &str) -> String {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let first: String = inner
        .chars()
        .take_while(|c| is_plain(*c))
        .take(SHOWN)
        .collect();
    if first.len() == inner.len() {
        format!("/{first}")
    } else {
        format!("/{first}…")
    }
}

/// What is logged of a request.
pub(crate) struct Line<'a> {
    pub(crate) method: &'a Method,
    pub(crate) address: Option<&'a str>,
    pub(crate) status: StatusCode,
    pub(crate) started: Instant,
    pub(crate) cost: DbCost,
    pub(crate) reference: &'a str,
}

impl Line<'_> {
    /// Writes it, unless the request is of a kind that is not logged.
    pub(crate) fn write(&self) {
        let Some(address) = self.address else {
            return;
        };
        tracing::info!(
            method = %self.method,
            path = address,
            status = self.status.as_u16(),
            ms = self.started.elapsed().as_millis() as u64,
            statements = self.cost.statements,
            db_ms = self.cost.time.as_millis() as u64,
            reference = self.reference,
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_that_leads_nowhere_only_the_beginning_is_told() {
        for (path, told) in [
            ("/", "/"),
            ("/favicon.ico", "/favicon.ico"),
            ("/lettres/0123456789abcdef/arrêt", "/lettres…"),
            ("/lti/cadre/0123456789abcdef/x", "/lti…"),
            ("/lettres%2F0123456789abcdef", "/lettres…"),
            ("/0123456789abcdef0123456789abcdef", "/0123456789abcdef…"),
        ] {
            assert_eq!(beginning(path), told);
        }
    }
}
