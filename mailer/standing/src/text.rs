//! Reading and showing what strangers wrote.

/// Records that are shown of one name.
const SHOWN: usize = 10;
/// Characters that are shown of one record.
const SHOWN_LENGTH: usize = 1_000;

/// A name as the DNS compares it: lower case, without spaces around and without a final dot.
pub(crate) fn plain(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// Records as they can be shown to a person: few, short, without characters of control.
pub(crate) fn shown(records: &[String]) -> Vec<String> {
    records
        .iter()
        .take(SHOWN)
        .map(|record| {
            let mut kept: String = record
                .chars()
                .filter(|c| !c.is_control())
                .take(SHOWN_LENGTH)
                .collect();
            if record.len() > kept.len() && record.chars().nth(SHOWN_LENGTH).is_some() {
                kept.push('…');
            }
            kept
        })
        .collect()
}

/// Whether a record begins with `prefix`, in any case.
pub(crate) fn begins(record: &str, prefix: &str) -> bool {
    record
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The tags of a record such as `v=DKIM1; p=…` (RFC 6376, section 3.2), in their order; none when
/// it is not one, or is longer than any that means well.
pub(crate) fn tags(record: &str) -> Option<Vec<(&str, &str)>> {
    const LONGEST: usize = 16_384;
    const MOST: usize = 64;
    if record.len() > LONGEST {
        return None;
    }
    let mut tags: Vec<(&str, &str)> = Vec::new();
    for part in record.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let known = tags.iter().any(|(other, _)| *other == name);
        if name.is_empty() || known || tags.len() == MOST {
            return None;
        }
        tags.push((name, value));
    }
    Some(tags)
}

/// The value of a tag.
pub(crate) fn tag<'t>(tags: &[(&'t str, &'t str)], name: &str) -> Option<&'t str> {
    tags.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
}

/// Whether `name` is `parent` or stands below it.
pub(crate) fn within(name: &str, parent: &str) -> bool {
    name == parent
        || name
            .strip_suffix(parent)
            .is_some_and(|before| before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_short_and_without_control() {
        let long = vec!["é".repeat(5_000), "a\u{1b}[31mb\n".to_owned()];
        let shown = shown(&long);
        assert_eq!(shown[0].chars().count(), SHOWN_LENGTH + 1);
        assert_eq!(shown[1], "a[31mb");
        assert_eq!(super::shown(&vec![String::new(); 50]).len(), SHOWN);
    }

    #[test]
    fn tags_are_read_once_each() {
        let read = tags(" v=DKIM1 ; p = a=b;; ").expect("tags");
        assert_eq!(read, [("v", "DKIM1"), ("p", "a=b")]);
        assert_eq!(tag(&read, "p"), Some("a=b"));
        assert_eq!(tag(&read, "k"), None);
        assert_eq!(tags("v=1; v=2"), None);
        assert_eq!(tags("v=1; rien"), None);
        assert_eq!(tags(&"x".repeat(1_000_000)), None);
    }

    #[test]
    fn a_name_is_within_its_parents_only() {
        assert!(within("a.exemple.fr", "exemple.fr"));
        assert!(within("exemple.fr", "exemple.fr"));
        assert!(!within("contrexemple.fr", "exemple.fr"));
        assert!(!within("fr", "exemple.fr"));
    }
}
