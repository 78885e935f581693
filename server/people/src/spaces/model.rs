//! What the settings of a space may be. Pure rules.

use jiff::tz::TimeZone;
use passerelle_web::Lang;
use passerelle_web::directory::{Body, Space};
use passerelle_web::form::is_email;

/// Accent colours of the style sheet; none is its own blue-green.
pub const ACCENTS: [&str; 4] = ["blue", "plum", "brick", "forest"];

/// Time zones proposed; any other known one is kept when it is already there.
pub const ZONES: [&str; 14] = [
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
    "Europe/Brussels",
    "Europe/Luxembourg",
    "Europe/Zurich",
    "UTC",
];

/// Characters at most in a line of the settings.
pub const MAX_LINE: usize = 200;
/// Characters at most in the postal address.
pub const MAX_ADDRESS: usize = 600;

/// What the administrator sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceSettings {
    /// Name shown.
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    /// Language of its public pages.
    pub lang: Lang,
    /// One of [`ACCENTS`].
    pub accent: Option<String>,
    /// The training body.
    pub body: Body,
}

impl SpaceSettings {
    /// The settings that a space has.
    pub fn of(space: &Space) -> Self {
        Self {
            name: space.name.clone(),
            zone: space.zone.clone(),
            lang: space.lang,
            accent: space.accent.clone(),
            body: space.body.clone(),
        }
    }

    /// What is wrong: name of the field and id of the message that says what to do.
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        let mut unless = |ok: bool, field, message| {
            if !ok {
                problems.push((field, message));
            }
        };
        unless(!self.name.is_empty(), "name", "space-error-name");
        unless(is_zone(&self.zone), "zone", "space-error-zone");
        unless(
            self.accent.as_deref().is_none_or(|a| ACCENTS.contains(&a)),
            "accent",
            "space-error-accent",
        );
        let body = &self.body;
        unless(
            body.siret.is_empty() || is_siret(&body.siret),
            "siret",
            "space-error-siret",
        );
        unless(
            body.declaration_number.is_empty() || is_declaration_number(&body.declaration_number),
            "declaration_number",
            "space-error-declaration-number",
        );
        unless(
            body.email.is_empty() || is_email(&body.email),
            "email",
            "space-error-email",
        );
        for (field, text) in self.lines() {
            let most = if field == "address" {
                MAX_ADDRESS
            } else {
                MAX_LINE
            };
            unless(text.chars().count() <= most, field, "space-error-long");
        }
        problems
    }

    /// Names of what differs from `other`, for the journal.
    pub fn changes(&self, other: &Self) -> Vec<&'static str> {
        let mut changes = Vec::new();
        let theirs = other.lines();
        for ((field, mine), (_, theirs)) in self.lines().into_iter().zip(theirs) {
            if mine != theirs {
                changes.push(field);
            }
        }
        if self.lang != other.lang {
            changes.push("lang");
        }
        changes
    }

    /// Every line of text, with the name of its field.
    fn lines(&self) -> Vec<(&'static str, &str)> {
        let body = &self.body;
        vec![
            ("name", &self.name),
            ("zone", &self.zone),
            ("accent", self.accent.as_deref().unwrap_or_default()),
            ("legal_name", &body.legal_name),
            ("address", &body.address),
            ("siret", &body.siret),
            ("declaration_number", &body.declaration_number),
            ("declaration_region", &body.declaration_region),
            ("representative", &body.representative),
            ("representative_quality", &body.representative_quality),
            ("place", &body.place),
            ("phone", &body.phone),
            ("email", &body.email),
            ("data_protection_contact", &body.data_protection_contact),
            ("disability_contact", &body.disability_contact),
            ("host", &body.host),
        ]
    }
}

/// Whether the zone is in the database of zones.
pub fn is_zone(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

/// Whether the word can stand in addresses: 2 to 40 of `a-z0-9-`, neither first nor last a hyphen.
pub fn is_slug(slug: &str) -> bool {
    (2..=40).contains(&slug.len())
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-')
}

/// Whether the text is a SIRET: 14 digits whose Luhn sum is a multiple of ten. La Poste's
/// establishments (SIREN 356 000 000) have a digit sum that is a multiple of five instead.
pub fn is_siret(text: &str) -> bool {
    let Some(digits) = digits(text, 14) else {
        return false;
    };
    let luhn: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            if place % 2 == 0 {
                *digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    let post = digits.starts_with(&[3, 5, 6, 0, 0, 0, 0, 0, 0])
        && digits.iter().sum::<u32>().is_multiple_of(5);
    luhn.is_multiple_of(10) || post
}

/// Whether the text is an activity declaration number: 11 digits.
pub fn is_declaration_number(text: &str) -> bool {
    digits(text, 11).is_some()
}

fn digits(text: &str, count: usize) -> Option<Vec<u32>> {
    let digits: Option<Vec<u32>> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(10))
        .collect();
    digits.filter(|digits| digits.len() == count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> SpaceSettings {
        SpaceSettings {
            name: "Centre de ressources".into(),
            zone: "Europe/Paris".into(),
            lang: Lang::Fr,
            accent: None,
            body: Body::default(),
        }
    }

    #[test]
    fn a_space_needs_a_name_and_a_zone_only() {
        assert_eq!(settings().problems(), []);
        let bare = SpaceSettings {
            name: String::new(),
            zone: "Europe/Atlantide".into(),
            ..settings()
        };
        assert_eq!(
            bare.problems(),
            [("name", "space-error-name"), ("zone", "space-error-zone")]
        );
    }

    #[test]
    fn every_zone_proposed_exists() {
        for zone in ZONES {
            assert!(is_zone(zone), "{zone}");
        }
    }

    #[test]
    fn a_siret_is_told_from_a_typing_mistake() {
        assert!(is_siret("732 829 320 00074"));
        assert!(!is_siret("732 829 320 00075"));
        assert!(is_siret("35600000049837"));
        assert!(!is_siret("7328293200007"));
        assert!(!is_siret("7328293200007A"));
    }

    #[test]
    fn wrong_numbers_are_named_by_their_field() {
        let mut wrong = settings();
        wrong.body.siret = "123".into();
        wrong.body.declaration_number = "76310000".into();
        wrong.body.email = "bonjour".into();
        wrong.body.host = "h".repeat(MAX_LINE + 1);
        wrong.accent = Some("#ff0000".into());
        let fields: Vec<_> = wrong
            .problems()
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(
            fields,
            ["accent", "siret", "declaration_number", "email", "host"]
        );
    }

    #[test]
    fn changes_are_named_and_nothing_else() {
        let mut other = settings();
        other.lang = Lang::En;
        other.body.phone = "05 00 00 00 00".into();
        assert_eq!(other.changes(&settings()), ["phone", "lang"]);
        assert!(settings().changes(&settings()).is_empty());
    }

    #[test]
    fn a_slug_fits_in_an_address() {
        for good in ["centre", "parole-expression", "a1"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["a", "-centre", "centre-", "Centre", "cèntre", "a/b", ""] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
