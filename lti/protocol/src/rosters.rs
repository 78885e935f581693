//! What a platform answers about the course that launches: its members (NRPS 2.0), its columns of
//! grades and what they hold (AGS 2.0).

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::roles::{Standing, standing};

/// Media type of a page of members.
pub const MEMBERS: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";
/// Media type of a list of line items.
pub const LINE_ITEMS: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// Media type of a line item.
pub const LINE_ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
/// Media type of a list of results.
pub const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";

/// Why an answer of a platform is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// Not the JSON that it should be.
    #[error("the answer cannot be read: {0}")]
    Malformed(String),
    /// The next page is on another server, or is no address.
    #[error("the next page is elsewhere (NRPS 2.0, 2.4.3)")]
    Elsewhere,
}

/// A member of the course that launches. Names and addresses are not read: who has not come here
/// is only counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person, as the platform names them.
    pub subject: String,
    /// Whether they are in the course now.
    pub is_active: bool,
    /// What they may do there.
    pub standing: Standing,
}

/// A page of members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembersPage {
    /// The members.
    pub members: Vec<Member>,
    /// The next page.
    pub next: Option<Url>,
    /// Where what changes from now on can be asked.
    pub differences: Option<Url>,
}

impl MembersPage {
    /// Reads a page that came from `asked`, with its `Link` headers.
    ///
    /// # Errors
    ///
    /// It is not one, or leads to another server.
    pub fn read(body: &str, links: &[String], asked: &Url) -> Result<Self, RosterError> {
        #[derive(Deserialize)]
        struct Container {
            members: Vec<Item>,
        }
        #[derive(Deserialize)]
        struct Item {
            user_id: String,
            status: Option<String>,
            #[serde(default)]
            roles: Vec<String>,
        }
        let container: Container =
            serde_json::from_str(body).map_err(|e| RosterError::Malformed(e.to_string()))?;
        Ok(Self {
            members: container
                .members
                .into_iter()
                .filter(|item| !item.user_id.is_empty() && item.user_id.len() <= 255)
                .map(|item| Member {
                    // Without a word they are there (NRPS 2.0, 2.3).
                    is_active: item.status.is_none_or(|status| status == "Active"),
                    standing: standing(&item.roles),
                    subject: item.user_id,
                })
                .collect(),
            next: near(link(links, "next", asked), asked)?,
            differences: near(link(links, "differences", asked), asked)?,
        })
    }
}

/// The next page of a list, on the same server.
///
/// # Errors
///
/// It is on another one.
pub fn next_page(links: &[String], asked: &Url) -> Result<Option<Url>, RosterError> {
    near(link(links, "next", asked), asked)
}

fn near(url: Option<Url>, asked: &Url) -> Result<Option<Url>, RosterError> {
    match url {
        Some(url) if url.origin() == asked.origin() => Ok(Some(url)),
        Some(_) => Err(RosterError::Elsewhere),
        None => Ok(None),
    }
}

/// The address of a relation among `Link` headers (RFC 8288). Moodle writes some with HTML
/// entities and curly quotes.
fn link(headers: &[String], relation: &str, base: &Url) -> Option<Url> {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '“' | '”' | ' ');
    headers
        .iter()
        .flat_map(|h| h.split('<').skip(1))
        .find_map(|part| {
            let (address, rest) = part.split_once('>')?;
            let named = rest.split([';', ',']).any(|parameter| {
                let (name, value) = parameter.split_once('=').unwrap_or_default();
                name.trim().eq_ignore_ascii_case("rel")
                    && value
                        .trim_matches(is_quote)
                        .split_whitespace()
                        .any(|word| word.eq_ignore_ascii_case(relation))
            });
            let address = address.trim().replace("&amp;", "&");
            named.then(|| base.join(&address).ok()).flatten()
        })
}

/// A column of grades.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Its address.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub label: String,
    /// What of ours it is for, as we said when we made it.
    #[serde(default)]
    pub resource_id: Option<String>,
}

/// Reads a list of columns.
///
/// # Errors
///
/// It is not one.
pub fn columns(body: &str) -> Result<Vec<Column>, RosterError> {
    serde_json::from_str(body).map_err(|e| RosterError::Malformed(e.to_string()))
}

/// Reads one column, as it is answered to who makes it.
///
/// # Errors
///
/// It is not one.
pub fn column(body: &str) -> Result<Column, RosterError> {
    serde_json::from_str(body).map_err(|e| RosterError::Malformed(e.to_string()))
}

/// The body that asks for a column (AGS 2.0, 3.2.5).
pub fn new_column(label: &str, resource_id: &str) -> Value {
    json!({
        "label": label,
        "scoreMaximum": 100,
        "resourceId": resource_id,
        "tag": "passerelle",
    })
}

/// What a platform holds for somebody in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The person, as the platform names them.
    pub subject: String,
    /// The share of the largest score, in ten-thousandths; none without a score.
    pub share: Option<i32>,
}

/// Reads a list of results (AGS 2.0, 3.3).
///
/// # Errors
///
/// It is not one.
pub fn results(body: &str) -> Result<Vec<Held>, RosterError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Item {
        user_id: Value,
        #[serde(default, deserialize_with = "crate::scores::number")]
        result_score: Option<f64>,
        #[serde(default, deserialize_with = "crate::scores::number")]
        result_maximum: Option<f64>,
    }
    let items: Vec<Item> =
        serde_json::from_str(body).map_err(|e| RosterError::Malformed(e.to_string()))?;
    let held = |item: Item| {
        let most = item.result_maximum.unwrap_or(1.0);
        let share = item
            .result_score
            .filter(|score| score.is_finite() && most.is_finite() && most > 0.0)
            .map(|score| (score / most * 10_000.0).round().clamp(0.0, 10_000.0) as i32);
        Held {
            // Some write numbers.
            subject: item
                .user_id
                .as_str()
                .map_or_else(|| item.user_id.to_string(), str::to_owned),
            share,
        }
    };
    Ok(items.into_iter().map(held).collect())
}

/// Where the results of a line item are: `/results` at the end of the path, its query kept (AGS 2.0, 3.3.1).
pub fn results_address(line_item: &Url) -> Url {
    let mut url = line_item.clone();
    let path = format!("{}/results", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Url {
        Url::parse("https://moodle.example.org/mod/lti/services.php/members?limit=2").expect("one")
    }

    fn page(links: &[&str]) -> Result<MembersPage, RosterError> {
        let body = json!({"id": "x", "context": {"id": "2"}, "members": [
            {"status": "Active", "roles": ["Learner"], "user_id": "4", "name": "Nora"},
            {"status": "Inactive", "roles": ["Learner"], "user_id": "5"},
            {"status": "Deleted", "user_id": "6"},
            {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"], "user_id": "7"},
        ]});
        let links: Vec<String> = links.iter().map(|link| (*link).to_owned()).collect();
        MembersPage::read(&body.to_string(), &links, &asked())
    }

    #[test]
    fn members_are_read_with_what_they_may_do_and_nothing_else_of_them() {
        let read = page(&[]).expect("a page");
        let active: Vec<bool> = read.members.iter().map(|member| member.is_active).collect();
        assert_eq!(active, [true, false, false, true]);
        assert_eq!(read.members[0].standing, Standing::Learner);
        assert_eq!(read.members[3].standing, Standing::Instructor);
        assert!(!format!("{read:?}").contains("Nora"));
        for wrong in ["", "[]", "{}", r#"{"members": [{}]}"#] {
            assert!(MembersPage::read(wrong, &[], &asked()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_next_page_is_found_however_it_is_written_and_never_elsewhere() {
        let next = "https://moodle.example.org/mod/lti/services.php/members?limit=2&from=2";
        for link in [
            format!("<{next}>; rel=\"next\""),
            format!("<{next}>;rel=next"),
            format!("<{}>; rel=“next”", next.replace('&', "&amp;")),
            format!("</x>; rel=\"differences\", <{next}>; title=\"a\"; rel=\"last next\""),
            "</mod/lti/services.php/members?limit=2&from=2>; rel=next".to_owned(),
        ] {
            let read = page(&[&link]).expect(&link);
            assert_eq!(read.next.as_ref().map(Url::as_str), Some(next), "{link}");
        }
        let both = page(&["</d?since=1>; rel=\"differences\""]).expect("a page");
        assert_eq!(both.next, None);
        let since = both.differences.expect("differences");
        assert_eq!(since.as_str(), "https://moodle.example.org/d?since=1");
        for elsewhere in [
            "https://other.example.org/x",
            "http://moodle.example.org/x",
            "file:///etc/passwd",
        ] {
            let link = format!("<{elsewhere}>; rel=next");
            assert_eq!(page(&[&link]), Err(RosterError::Elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn columns_and_what_they_hold_are_read() {
        let body = r#"[{"id":"https://m/1/lineitem?type_id=1","label":"Lire","scoreMaximum":100,"resourceId":"r"},{"id":"x"}]"#;
        let read = columns(body).expect("columns");
        assert_eq!((read.len(), read[0].label.as_str()), (2, "Lire"));
        let held = results(r#"[{"userId":"4","resultScore":83,"resultMaximum":100},{"userId":5,"resultScore":"0.5"},{"userId":"6"},
            {"userId":"7","resultScore":9,"resultMaximum":0}]"#)
        .expect("results");
        let shares: Vec<(&str, Option<i32>)> = held
            .iter()
            .map(|held| (held.subject.as_str(), held.share))
            .collect();
        assert_eq!(
            shares,
            [
                ("4", Some(8300)),
                ("5", Some(5000)),
                ("6", None),
                ("7", None)
            ]
        );
        let address = Url::parse("https://m.example.org/1/lineitem?type_id=1").expect("one");
        assert_eq!(
            results_address(&address).as_str(),
            "https://m.example.org/1/lineitem/results?type_id=1"
        );
    }
}
