//! Asking the DNS: the questions, and a limit of time over them.

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use crate::text;

/// Answers that are kept of one question.
const MOST: usize = 256;

/// Why a question has no answer. That nothing is written there is an answer: an empty list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No answer came in time.
    #[error("no answer from the DNS in time")]
    Late,
    /// The servers of the name, or our resolver, failed or refused.
    #[error("the DNS failed to answer")]
    Failed,
}

/// The questions asked of the DNS. A name without records, or that does not exist, is `Ok` and
/// empty.
#[async_trait]
pub trait Names: Send + Sync {
    /// The TXT records of a name, each with its strings joined.
    async fn txt(&self, name: &str) -> Result<Vec<String>, Unanswered>;
    /// The addresses of a host, IPv4 and IPv6.
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unanswered>;
    /// The MX records of a domain: preference and host, `.` for «takes no mail» (RFC 7505).
    async fn mx(&self, name: &str) -> Result<Vec<(u16, String)>, Unanswered>;
    /// The names that an address gives (PTR).
    async fn names_of(&self, ip: IpAddr) -> Result<Vec<String>, Unanswered>;
}

/// Names whose every answer comes before one moment, and is bounded in number.
pub(crate) struct Bounded<'n> {
    names: &'n dyn Names,
    until: Instant,
}

impl<'n> Bounded<'n> {
    pub(crate) fn new(names: &'n dyn Names, longest: Duration) -> Self {
        let until = Instant::now() + longest;
        Self { names, until }
    }

    async fn wait<T>(
        &self,
        answer: impl Future<Output = Result<Vec<T>, Unanswered>> + Send,
    ) -> Result<Vec<T>, Unanswered> {
        let mut answer = timeout_at(self.until, answer)
            .await
            .map_err(|_| Unanswered::Late)??;
        answer.truncate(MOST);
        Ok(answer)
    }

    pub(crate) async fn txt(&self, name: &str) -> Result<Vec<String>, Unanswered> {
        self.wait(self.names.txt(name)).await
    }

    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unanswered> {
        let found = self.wait(self.names.addresses(name)).await?;
        Ok(found.into_iter().map(|ip| ip.to_canonical()).collect())
    }

    pub(crate) async fn mx(&self, name: &str) -> Result<Vec<(u16, String)>, Unanswered> {
        let mut found = self.wait(self.names.mx(name)).await?;
        found.sort();
        Ok(found)
    }

    pub(crate) async fn names_of(&self, ip: IpAddr) -> Result<Vec<String>, Unanswered> {
        let found = self.wait(self.names.names_of(ip)).await?;
        Ok(found.iter().map(|name| text::plain(name)).collect())
    }
}
