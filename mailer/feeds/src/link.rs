//! Addresses that may be shown to people.

use crate::MAX_LINK;
use url::Url;

/// Parameters that say where a reader came from and nothing about what is read.
const TRACKERS: [&str; 4] = ["fbclid", "gclid", "mc_cid", "mc_eid"];

/// The address as it may be shown: whole, `https:` or `http:`, without a name or password before
/// its host and without what follows readers. None when it is not such an address.
pub(crate) fn clean(raw: &str, base: Option<&Url>) -> Option<String> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > MAX_LINK * 4 {
        return None;
    }
    let mut url = match base {
        Some(base) => base.join(raw).ok()?,
        None => Url::parse(raw).ok()?,
    };
    let followed = matches!(url.scheme(), "https" | "http") && url.has_host();
    if !followed || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !tracks(pair)).collect();
        let kept = kept.join("&");
        if kept.is_empty() {
            url.set_query(None);
        } else if kept.len() < query.len() {
            url.set_query(Some(&kept));
        }
    }
    let url = String::from(url);
    (url.len() <= MAX_LINK).then_some(url)
}

fn tracks(pair: &str) -> bool {
    // Escaped once too often, `&amp;utm_source=` is found as `amp;utm_source`.
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    name.starts_with("utm_") || TRACKERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_pages_are_kept() {
        let base = Url::parse("https://exemple.fr/flux/rss.xml").ok();
        let clean = |raw: &str| clean(raw, base.as_ref());
        assert_eq!(
            clean("../a?b=1#c").as_deref(),
            Some("https://exemple.fr/a?b=1#c")
        );
        assert_eq!(
            clean("//autre.fr/é").as_deref(),
            Some("https://autre.fr/%C3%A9")
        );
        assert_eq!(clean(" \n/a\n ").as_deref(), Some("https://exemple.fr/a"));
        for raw in [
            "",
            "javascript:alert(1)",
            "JaVa\tScript:alert(1)",
            "data:text/html,a",
            "ftp://a.fr/",
            "https://a@exemple.fr/",
            "https://a:b@exemple.fr/",
            "https://",
            "mailto:a@exemple.fr",
        ] {
            assert_eq!(clean(raw), None, "{raw}");
        }
        assert_eq!(clean(&format!("/{}", "a".repeat(2_000))), None);
        assert_eq!(super::clean("/a", None), None);
    }

    #[test]
    fn what_follows_readers_goes_away() {
        for (raw, kept) in [
            (
                "https://a.fr/?utm_source=rss&id=3&UTM_medium=x",
                "https://a.fr/?id=3",
            ),
            (
                "https://a.fr/?utm_source=rss&amp;utm_medium=x#n",
                "https://a.fr/#n",
            ),
            (
                "https://a.fr/?fbclid=1&gclid=2&mc_cid=3&mc_eid=4&q=utm_a",
                "https://a.fr/?q=utm_a",
            ),
            ("https://a.fr/?q=a%20b+c&&", "https://a.fr/?q=a%20b+c&&"),
        ] {
            assert_eq!(clean(raw, None).as_deref(), Some(kept));
        }
    }
}
