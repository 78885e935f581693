//! Segments: conditions that are saved and stay up to date by themselves. Conditions become one
//! SQL predicate over `mail_contact c`.

use passerelle_kernel::env::DAY;
use passerelle_kernel::sea_orm::Value;
use passerelle_kernel::{Micros, Uuid};
use passerelle_text::columns::Kind;
use passerelle_text::{address, fold};
use passerelle_web::audience::Within;
use serde::{Deserialize, Serialize};

use super::model::line;

/// Conditions at most in a segment.
pub const MAX_CONDITIONS: usize = 20;

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Employer or structure.
    Organisation,
    /// Function.
    Job,
    /// Department.
    Department,
    /// Language, by its code.
    Lang,
    /// Where the address comes from.
    Source,
    /// The address itself: a domain, most often.
    Email,
    /// A theme or a network, by its identifier.
    Tag,
    /// A list they receive, by its identifier.
    List,
    /// Added within so many days.
    AddedWithin,
    /// Was sent something within so many days.
    SentWithin,
    /// Has an account here.
    Account,
    /// What another plugin knows of the person behind: a role, a cohort. The code names which.
    Within(String),
}

/// How it compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Is that, holds it, has it.
    Is,
    /// Is not, does not hold, has not.
    IsNot,
    /// Holds these words.
    Contains,
    /// Nothing is written.
    Empty,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What it looks at.
    pub field: Field,
    /// How.
    pub comparison: Comparison,
    /// To what.
    pub value: String,
}

/// Conditions together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Whether one is enough; all are needed otherwise.
    pub any: bool,
    /// The conditions.
    pub list: Vec<Condition>,
}

/// A predicate with its values, numbered after those that the caller has already.
#[derive(Clone, Debug, Default)]
pub struct Predicate {
    /// `AND`-able SQL, in parentheses.
    pub sql: String,
    /// Values, in order.
    pub values: Vec<Value>,
}

impl Predicate {
    /// The place of one more value.
    fn put(&mut self, before: usize, value: Value) -> String {
        self.values.push(value);
        format!("${}", before + self.values.len())
    }
}

/// The predicate of conditions on contacts of a space; `before` values are already numbered. What names nothing that
/// exists holds for nobody.
pub fn predicate(
    space: Uuid,
    conditions: &Conditions,
    before: usize,
    now: Micros,
    within: &dyn Fn(&str) -> Option<Within>,
) -> Predicate {
    let mut out = Predicate::default();
    let mut parts = Vec::new();
    for condition in conditions.list.iter().take(MAX_CONDITIONS) {
        parts.push(one(space, condition, &mut out, before, now, within));
    }
    out.sql = if parts.is_empty() {
        "(1 = 1)".to_owned()
    } else {
        let joined = if conditions.any { " OR " } else { " AND " };
        format!("({})", parts.join(joined))
    };
    out
}

fn one(
    space: Uuid,
    condition: &Condition,
    out: &mut Predicate,
    before: usize,
    now: Micros,
    within: &dyn Fn(&str) -> Option<Within>,
) -> String {
    let never = || "(1 = 0)".to_owned();
    let value = line(&condition.value);
    let id = || Uuid::parse_str(&value).ok();
    let exists = match &condition.field {
        Field::Tag => id().map(|id| {
            let at = out.put(before, id.into());
            format!("EXISTS (SELECT 1 FROM mail_contact_tag t WHERE t.tag_id = {at} AND t.contact_id = c.id)")
        }),
        Field::List => id().map(|id| {
            let at = out.put(before, id.into());
            format!("EXISTS (SELECT 1 FROM mail_subscription u WHERE u.list_id = {at} AND u.contact_id = c.id AND u.state = 'subscribed')")
        }),
        Field::Account => Some("c.person_id IS NOT NULL".to_owned()),
        Field::AddedWithin => days(&value).map(|days| {
            let at = out.put(before, (now - days * DAY).into());
            format!("c.created_at >= {at}")
        }),
        Field::SentWithin => days(&value).map(|days| {
            let at = out.put(before, (now - days * DAY).into());
            format!("EXISTS (SELECT 1 FROM mail_recipient r WHERE r.contact_id = c.id AND r.state = 2 AND r.at >= {at})")
        }),
        Field::Within(code) => within(code).and_then(|entry| {
            let from = before + out.values.len() + 1;
            let (sql, values) = (entry.persons)(space, &value, from)?;
            out.values.extend(values);
            Some(format!(
                "c.person_id IS NOT NULL AND c.person_id IN ({sql})"
            ))
        }),
        text => return words(text, condition.comparison, &value, out, before),
    };
    match (exists, condition.comparison) {
        (None, _) => never(),
        (Some(sql), Comparison::IsNot | Comparison::Empty) => format!("NOT ({sql})"),
        (Some(sql), Comparison::Is | Comparison::Contains) => format!("({sql})"),
    }
}

fn days(value: &str) -> Option<i64> {
    value
        .parse::<i64>()
        .ok()
        .filter(|days| (1..=3_660).contains(days))
}

fn words(
    field: &Field,
    comparison: Comparison,
    value: &str,
    out: &mut Predicate,
    before: usize,
) -> String {
    // What is written, and what it is compared by: folded here as it was when it was written.
    let (written, column) = match field {
        Field::Organisation => ("c.organisation", "c.organisation_key"),
        Field::Job => ("c.job", "c.job_key"),
        Field::Department => ("c.department", "c.department_key"),
        Field::Lang => ("c.lang", "c.lang"),
        Field::Source => ("c.source", "c.source_key"),
        _ => ("c.email_key", "c.email_key"),
    };
    let folded = match field {
        Field::Department => fold::fold(&Kind::Department.tidy(value)),
        // A domain that is written in its own script is compared in ASCII, as its key is.
        Field::Email if comparison != Comparison::Contains => address::key(value),
        _ => fold::fold(value),
    };
    match comparison {
        Comparison::Empty => format!("({written} = '')"),
        Comparison::Contains => {
            let at = before + out.values.len() + 1;
            out.put(before, fold::within(&folded).into());
            format!("({})", fold::contains(column, at))
        }
        Comparison::Is | Comparison::IsNot => {
            let at = out.put(before, folded.into());
            let sign = if comparison == Comparison::Is {
                "="
            } else {
                "<>"
            };
            format!("({column} {sign} {at})")
        }
    }
}
