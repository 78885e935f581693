//! The columns that tables of people have: how they are called, and how their values are put in
//! order. Spreadsheets take a telephone, a postal code and a department for numbers, and drop the
//! zeros that begin them: they come back here.

use crate::address;
use crate::fold::{is_invisible, squeeze};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An address to write to.
    Email,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// Employer or structure.
    Organisation,
    /// Function in it.
    Job,
    /// French department.
    Department,
    /// Postal code.
    PostalCode,
    /// Telephone.
    Phone,
    /// Date of birth.
    BirthDate,
    /// Professional networks.
    Networks,
    /// Themes.
    Themes,
    /// Language.
    Lang,
    /// Legal basis.
    Basis,
    /// Where an address comes from.
    Source,
    /// What it is kept for.
    Purpose,
}

/// Names of each kind in the first line of a table, squeezed.
const NAMES: &[(Kind, &[&str])] = &[
    (
        Kind::Email,
        &[
            "email",
            "emails",
            "mail",
            "mails",
            "courriel",
            "courriels",
            "mel",
            "adresseemail",
            "adressemail",
            "adressemel",
            "adressecourriel",
            "adresseelectronique",
            "emailaddress",
            "mailaddress",
            "eaddress",
            "adressedemessagerie",
            "mailpro",
            "emailpro",
            "courrielprofessionnel",
            "emailprofessionnel",
            "mailprofessionnel",
            "adresseemailprofessionnelle",
            "adressemailprofessionnelle",
            "emailadresse",
        ],
    ),
    (
        Kind::GivenName,
        &[
            "prenom",
            "prenoms",
            "firstname",
            "givenname",
            "forename",
            "first",
            "given",
        ],
    ),
    (
        Kind::FamilyName,
        &[
            "nom",
            "noms",
            "nomdefamille",
            "nomusuel",
            "nomdusage",
            "lastname",
            "familyname",
            "surname",
            "last",
            "name",
            "family",
        ],
    ),
    (
        Kind::Organisation,
        &[
            "structure",
            "organisation",
            "organization",
            "organisme",
            "employeur",
            "employer",
            "association",
            "entreprise",
            "company",
            "etablissement",
            "societe",
        ],
    ),
    (
        Kind::Job,
        &[
            "fonction",
            "poste",
            "metier",
            "job",
            "jobtitle",
            "role",
            "profession",
        ],
    ),
    (
        Kind::Department,
        &[
            "departement",
            "departements",
            "dept",
            "dep",
            "dpt",
            "department",
            "numerodedepartement",
            "codedepartement",
        ],
    ),
    (
        Kind::PostalCode,
        &[
            "codepostal",
            "cp",
            "postcode",
            "postalcode",
            "zip",
            "zipcode",
            "codepost",
        ],
    ),
    (
        Kind::Phone,
        &[
            "telephone",
            "telephones",
            "tel",
            "portable",
            "mobile",
            "telephoneportable",
            "telephonemobile",
            "telephonefixe",
            "telportable",
            "telmobile",
            "telfixe",
            "fixe",
            "numerodetelephone",
            "ndetelephone",
            "notelephone",
            "numtelephone",
            "numerotelephone",
            "phone",
            "phonenumber",
            "telephonenumber",
            "mobilephone",
            "cellphone",
            "gsm",
        ],
    ),
    (
        Kind::BirthDate,
        &[
            "neele",
            "nele",
            "datedenaissance",
            "datenaissance",
            "naissance",
            "ddn",
            "birthdate",
            "dateofbirth",
            "birthday",
            "dob",
            "born",
            "bornon",
            "neeele",
        ],
    ),
    (
        Kind::Networks,
        &["reseau", "reseaux", "network", "networks"],
    ),
    (
        Kind::Themes,
        &[
            "theme",
            "themes",
            "thematique",
            "thematiques",
            "interets",
            "topics",
        ],
    ),
    (Kind::Lang, &["langue", "lang", "language"]),
    (Kind::Basis, &["base", "baselegale", "basis", "legalbasis"]),
    (
        Kind::Source,
        &[
            "source",
            "origine",
            "provenance",
            "origin",
            "originedeladresse",
            "originoftheaddress",
            "wheretheaddresscomesfrom",
        ],
    ),
    (
        Kind::Purpose,
        &["finalite", "finalites", "usage", "purpose"],
    ),
];

impl Kind {
    /// What a column of that name holds.
    pub fn of(header: &str) -> Option<Self> {
        let word = squeeze(header);
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&word.as_str()))
            .map(|(kind, _)| *kind)
    }

    /// A value of that kind, in order.
    pub fn tidy(self, value: &str) -> String {
        let value = line(value);
        match self {
            Self::Email => address::tidy(&value),
            Self::Phone => phone(&value),
            Self::PostalCode => padded(value, 4, 5),
            Self::Department => padded(value, 1, 2).to_uppercase(),
            Self::BirthDate => date(&value).unwrap_or(value),
            _ => value,
        }
    }
}

/// What each column of a table holds, by their names; each kind once.
pub fn of_headers(headers: &[String]) -> Vec<Option<Kind>> {
    let mut taken = Vec::new();
    let once = |header: &String| {
        let kind = Kind::of(header).filter(|kind| !taken.contains(kind))?;
        taken.push(kind);
        Some(kind)
    };
    headers.iter().map(once).collect()
}

/// Whether a line names columns, by what it holds: an address is no name of a column.
pub fn is_header(cells: &[String]) -> bool {
    !cells.iter().any(|cell| cell.contains('@'))
        && cells.iter().any(|cell| Kind::of(cell).is_some())
}

/// One line of text, without what nobody sees.
pub fn line(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Digits alone, so many, get zeros before them to be so many.
fn padded(value: String, least: usize, whole: usize) -> String {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if digits && (least..whole).contains(&value.len()) {
        format!("{value:0>whole$}")
    } else {
        value
    }
}

/// A French number that lost its zero has nine digits; one that lost its plus has eleven and begins
/// with 33. Others stay as they are written.
fn phone(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let plain = value
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '/'));
    if !plain {
        value.to_owned()
    } else if digits.len() == 9 && !digits.starts_with('0') {
        format!("0{value}")
    } else if digits.len() == 11 && digits.starts_with("33") {
        format!("+{value}")
    } else {
        value.to_owned()
    }
}

/// `1985-04-03`, from how dates are written in French tables, in ISO, or as the number that a
/// spreadsheet keeps.
pub fn date(value: &str) -> Option<String> {
    if value.bytes().all(|b| b.is_ascii_digit()) && (4..=5).contains(&value.len()) {
        return serial(value.parse().ok()?);
    }
    let day = value.split([' ', 'T']).next()?;
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str| text.parse::<u32>().ok();
    let (year, day) = match (first.len(), last.len()) {
        (4, 1 | 2) => (number(first)?, number(last)?),
        (1 | 2, 4) => (number(last)?, number(first)?),
        _ => return None,
    };
    written(year, number(month)?, day)
}

fn written(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1800..=2200).contains(&year) && (1..=days).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The date of a day that is counted from the beginning of 1900, as spreadsheets count: they
/// believe that 1900 was a leap year.
fn serial(days: i64) -> Option<String> {
    // Days from civil, the other way round (H. Hinnant, chrono-compatible low-level date algorithms).
    let z = days - 25_569 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    written(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// « Téléphone » and « Né(e) le » were unknown columns.
    #[test]
    fn columns_are_known_by_their_names() {
        for (header, kind) in [
            ("Téléphone", Kind::Phone),
            ("N° de téléphone", Kind::Phone),
            ("Né(e) le", Kind::BirthDate),
            ("Date de naissance", Kind::BirthDate),
            ("Code postal", Kind::PostalCode),
            ("COURRIEL", Kind::Email),
            ("Adresse e-mail", Kind::Email),
            ("Nom d’usage", Kind::FamilyName),
            ("Département", Kind::Department),
        ] {
            assert_eq!(Kind::of(header), Some(kind), "{header}");
        }
        assert_eq!(Kind::of("Remarque"), None);
        let cells = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        assert!(is_header(&cells(&["x", "Nom"])));
        assert!(!is_header(&cells(&[
            "lea.petit@example.org",
            "Léa",
            "Petit"
        ])));
        assert!(!is_header(&cells(&["Petit", "Léa"])));
    }

    /// A spreadsheet takes them for numbers: 06 12 34 56 78 became 612345678, 01000 became 1000.
    #[test]
    fn zeros_that_a_spreadsheet_dropped_come_back() {
        for (kind, value, tidy) in [
            (Kind::Phone, "612345678", "0612345678"),
            (Kind::Phone, "6 12 34 56 78", "06 12 34 56 78"),
            (Kind::Phone, "33612345679", "+33612345679"),
            (Kind::Phone, "07 11 22 33 44", "07 11 22 33 44"),
            (Kind::Phone, "+32 2 123 45 67", "+32 2 123 45 67"),
            (Kind::Phone, "3949", "3949"),
            (Kind::PostalCode, "1000", "01000"),
            (Kind::PostalCode, "97400", "97400"),
            (Kind::PostalCode, "2A004", "2A004"),
            (Kind::Department, "1", "01"),
            (Kind::Department, "2a", "2A"),
            (Kind::Department, "974", "974"),
            (Kind::BirthDate, "03/04/1985", "1985-04-03"),
            (Kind::BirthDate, "1985-04-03 00:00", "1985-04-03"),
            (Kind::BirthDate, "31140", "1985-04-03"),
            (Kind::BirthDate, "36585", "2000-02-29"),
            (Kind::BirthDate, "30/02/1985", "30/02/1985"),
            (
                Kind::Email,
                " Stephane@example.org ",
                "Stephane@example.org",
            ),
            (Kind::GivenName, " Ann\u{a0} \u{200b} Mary\0", "Ann Mary"),
        ] {
            assert_eq!(kind.tidy(value), tidy, "{kind:?} {value}");
        }
    }
}
