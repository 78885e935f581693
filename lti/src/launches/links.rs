//! Where a link of ours leads, from its address; pure.

use passerelle_kernel::Uuid;
use url::Url;

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The cohort.
    pub(super) cohort: Uuid,
    /// One activity of it.
    pub(super) activity: Option<Uuid>,
    /// One week of it, by its rank.
    pub(super) week: Option<i32>,
}

/// `…/lti/groupe/{cohort}`, that and `/activite/{activity}`, or that and `/semaine/{rank}`; none
/// for what is no link of ours.
pub(super) fn target(url: &Url, base: &Url) -> Option<Target> {
    let path = url.path().strip_prefix(base.path())?;
    let mut parts = path.trim_end_matches('/').split('/');
    if parts.next() != Some("groupe") {
        return None;
    }
    let cohort = parts.next()?.parse().ok()?;
    let (activity, week) = match (parts.next(), parts.next()) {
        (None, _) => (None, None),
        (Some("activite"), Some(activity)) => (Some(activity.parse().ok()?), None),
        (Some("semaine"), Some(rank)) => (None, Some(rank.parse().ok()?)),
        _ => return None,
    };
    parts.next().is_none().then_some(Target {
        cohort,
        activity,
        week,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_opens() {
        let base = Url::parse("https://learn.example.org/lti/").expect("an address");
        let (c, a) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let read = |path: &str| target(&base.join(path).expect("an address"), &base);
        let cohort = Target {
            cohort: c,
            activity: None,
            week: None,
        };
        assert_eq!(read(&format!("groupe/{c}")), Some(cohort));
        assert_eq!(read(&format!("groupe/{c}/?x=1")), Some(cohort));
        let both = Target {
            cohort: c,
            activity: Some(a),
            ..cohort
        };
        assert_eq!(read(&format!("groupe/{c}/activite/{a}")), Some(both));
        let week = Target {
            week: Some(3),
            ..cohort
        };
        assert_eq!(read(&format!("groupe/{c}/semaine/3")), Some(week));
        for wrong in [
            "",
            "groupe",
            "groupe/x",
            "cles",
            &format!("groupe/{c}/activite"),
            &format!("groupe/{c}/x/{a}"),
            &format!("groupe/{c}/semaine/x"),
            &format!("groupe/{c}/activite/{a}/x"),
            &format!("../groupe/{c}"),
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
