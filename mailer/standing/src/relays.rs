//! What relays say to include in SPF.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    relays: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("../data/relays.toml")).unwrap_or_default());

/// What the maker of a relay says to include in SPF: `_spf.example.com`, without `include:`. None
/// for a relay that is not known here.
pub fn include_of(relay: &str) -> Option<&'static str> {
    let relay = crate::text::plain(relay);
    TABLE
        .relays
        .iter()
        .find(|(suffix, _)| crate::text::within(&relay, suffix))
        .map(|(_, include)| include.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let table: Table = toml::from_str(include_str!("../data/relays.toml")).expect("a table");
        assert!(table.relays.len() > 5);
        for (suffix, include) in &table.relays {
            for name in [suffix, include] {
                assert_eq!(&crate::text::plain(name), name);
                assert!(name.contains('.') && !name.contains(':'), "{name}");
            }
        }
    }

    #[test]
    fn a_relay_is_known_by_the_end_of_its_name() {
        assert_eq!(include_of("ssl0.ovh.net"), Some("mx.ovh.com"));
        assert_eq!(include_of("PRO1.mail.ovh.net."), Some("mx.ovh.com"));
        assert_eq!(include_of("mail.gandi.net"), Some("_mailcust.gandi.net"));
        assert_eq!(include_of("mail.infomaniak.com"), Some("spf.infomaniak.ch"));
        assert_eq!(include_of("smtp-relay.gmail.com"), Some("_spf.google.com"));
        assert_eq!(include_of("vps-1.ovh.net"), None);
        assert_eq!(include_of("smtp.exemple.fr"), None);
        assert_eq!(include_of(""), None);
    }
}
