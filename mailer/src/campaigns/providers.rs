//! Kinds of mailboxes, as data: which domains, and how gently each is served.

use std::sync::OnceLock;

use serde::Deserialize;

const TABLE: &str = include_str!("providers.toml");

/// A kind of mailbox.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Name shown.
    pub name: String,
    domains: Vec<String>,
    /// Connections at a time.
    pub connections: usize,
    /// Mails a minute.
    pub per_minute: u32,
}

#[derive(Deserialize)]
struct Table {
    provider: Vec<Provider>,
}

/// The kinds that are known; a recipient's is its place here from 1, or 0 for any other.
pub fn all() -> &'static [Provider] {
    static ALL: OnceLock<Vec<Provider>> = OnceLock::new();
    ALL.get_or_init(|| {
        toml::from_str::<Table>(TABLE)
            .map(|table| table.provider)
            .unwrap_or_default()
    })
}

/// The kind of an address.
pub fn of(address: &str) -> i16 {
    let domain = address
        .rsplit_once('@')
        .map(|(_, domain)| domain.to_lowercase())
        .unwrap_or_default();
    all()
        .iter()
        .position(|provider| provider.domains.contains(&domain))
        .map_or(0, |at| at as i16 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_domains_are_found() {
        assert_eq!(all().len(), 7);
        assert_eq!(of("x@exemple.fr"), 0);
        assert_eq!(all()[of("x@Wanadoo.fr") as usize - 1].name, "Orange");
        assert!(all().iter().all(|p| p.connections > 0 && p.per_minute > 0));
    }
}
