//! What the journal says of a document, beside what the tables say today.
//!
//! A page that calls a document authentic shows what was sealed when it was issued. The statement
//! itself (names included) is not in the journal: its hash is, with most of its parts. What differs
//! is found part by part; what remains once they are put back is the rest.

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{self, Content, Inclusion, Told, TreeHead};
use passerelle_kernel::{Db, Uuid, env};
use passerelle_web::AppError;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::issue::{DOCUMENT, ISSUED};

/// Parts of a statement that entries tell, under the same name.
const PARTS: [&str; 8] = [
    "document", "serial", "body", "title", "from", "to", "minutes", "code",
];

/// Why a document is or is not called authentic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Everything shown is what was sealed.
    Proven,
    /// Something is not what was sealed.
    Differs,
    /// The entry was found, its content was erased since: nothing to compare with.
    Erased,
    /// The entry is missing, altered, about something else, or not under the printed head.
    Unproven,
}

/// A part that is not what was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// Its name in the statement; `name` for what no entry tells, `state` and `file` beside it.
    pub part: &'static str,
    /// What was sealed, when it can be told.
    pub sealed: Option<Value>,
    /// What the tables say today.
    pub now: Value,
}

/// A document as it can be shown to anybody.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub standing: Standing,
    /// The statement, with what was sealed wherever that is known.
    pub facts: Value,
    pub differences: Vec<Difference>,
    /// Whether another one was issued in its place.
    pub replaced: bool,
    /// SHA-256 of the file that was issued, as it was sealed.
    pub file: Option<String>,
    pub head: Option<TreeHead>,
    pub proof: Option<Inclusion>,
}

/// A row of `certificate`.
struct Row {
    id: Uuid,
    facts: String,
    state: String,
    sha256: Option<String>,
    head: Option<TreeHead>,
    entry: Option<Uuid>,
}

/// The document of that code, compared with the journal; none when there is none.
pub(super) async fn checked(db: &Db, code: &str) -> Result<Option<Checked>, AppError> {
    let sql = "SELECT id, facts, state, sha256, head, entry_id FROM certificate WHERE code = $1 AND state <> 'requested'";
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, [code.into()]))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let head: Option<String> = row.try_get("", "head")?;
    let row = Row {
        id: row.try_get("", "id")?,
        facts: row.try_get("", "facts")?,
        state: row.try_get("", "state")?,
        sha256: row.try_get("", "sha256")?,
        head: head.and_then(|text| serde_json::from_str(&text).ok()),
        entry: row.try_get("", "entry_id")?,
    };
    compare(db, row, code).await.map(Some)
}

async fn compare(db: &Db, row: Row, code: &str) -> Result<Checked, AppError> {
    let proof = match (&row.head, row.entry) {
        (Some(head), Some(entry)) => journal::prove(db, entry, head).await?,
        _ => None,
    };
    let content = match row.entry {
        Some(entry) => journal::content(db, entry).await?,
        None => None,
    };
    let mut checked = Checked {
        standing: Standing::Unproven,
        facts: serde_json::from_str(&row.facts).unwrap_or_default(),
        differences: Vec::new(),
        replaced: row.state == "replaced",
        file: None,
        head: row.head.clone(),
        proof,
    };
    let issued = match content {
        Some(Content::Whole(told)) if is_of(&told, ISSUED, row.id) => told,
        Some(Content::Absent) => {
            checked.standing = Standing::Erased;
            return Ok(checked);
        }
        _ => return Ok(checked),
    };
    checked.differences = differences(&row.facts, &issued.payload, code);
    for difference in &checked.differences {
        if let Some(sealed) = &difference.sealed {
            checked.facts[difference.part] = sealed.clone();
        }
    }
    let others = journal::told_of(db, issued.subject, &[ISSUED, DOCUMENT]).await?;
    checked.beside(&row, &issued, &others);
    let under = checked.proof.as_ref().is_some_and(|proof| proof.holds);
    checked.standing = match (checked.differences.is_empty(), under) {
        (false, _) => Standing::Differs,
        (true, true) => Standing::Proven,
        (true, false) => Standing::Unproven,
    };
    Ok(checked)
}

fn is_of(told: &Told, kind: &str, certificate: Uuid) -> bool {
    told.kind == kind && told.payload["certificate"] == certificate.to_string().as_str()
}

impl Checked {
    /// What other entries about the person say of this document: its file, and its successor.
    fn beside(&mut self, row: &Row, issued: &Told, others: &[Told]) {
        let file = others.iter().rev().find(|t| is_of(t, DOCUMENT, row.id));
        self.file = file.and_then(|t| t.payload["sha256"].as_str().map(str::to_owned));
        if let Some(sealed) = &self.file
            && row.sha256.as_ref() != Some(sealed)
        {
            self.differences.push(Difference {
                part: "file",
                sealed: Some(sealed.as_str().into()),
                now: row.sha256.clone().into(),
            });
        }
        let same = |told: &Told, part: &str| told.payload[part] == issued.payload[part];
        let successor = others.iter().any(|t| {
            t.kind == ISSUED
                && t.id != issued.id
                && (t.at, t.id) > (issued.at, issued.id)
                && same(t, "enrolment")
                && same(t, "document")
        });
        if successor && !self.replaced {
            self.replaced = true;
            self.differences.push(Difference {
                part: "state",
                sealed: None,
                now: Value::Null,
            });
        }
    }
}

fn statement_hash(text: &str) -> String {
    env::token_hash(text)
        .iter()
        .fold(String::new(), |mut out, byte| {
            use std::fmt::Write as _;
            let _ = write!(out, "{byte:02x}");
            out
        })
}

/// Which parts of a statement are not those that were sealed.
fn differences(facts: &str, sealed: &Value, code: &str) -> Vec<Difference> {
    let mut now: Value = serde_json::from_str(facts).unwrap_or_default();
    let hash = sealed["statement_sha256"].as_str().unwrap_or_default();
    let mut found = Vec::new();
    for part in PARTS {
        if let Some(was) = sealed.get(part)
            && now[part] != *was
        {
            let now = std::mem::replace(&mut now[part], was.clone());
            found.push(Difference {
                part,
                sealed: Some(was.clone()),
                now,
            });
        }
    }
    // As it was found, or with what entries tell put back.
    let restored = statement_hash(facts) == hash || statement_hash(&now.to_string()) == hash;
    if !restored {
        found.push(Difference {
            part: if sealed.get("title").is_some() {
                "name"
            } else {
                "rest"
            },
            sealed: None,
            now: now["name"].clone(),
        });
    } else if now["code"] != code && found.iter().all(|d| d.part != "code") {
        // The statement is whole, and stands under another code than its own.
        found.push(Difference {
            part: "code",
            sealed: Some(now["code"].clone()),
            now: code.into(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scene() -> (Value, Value) {
        let facts = json!({
            "serial": "centre-2026-00001", "code": "abc", "document": "completion", "name": "Ada Test",
            "title": "Lire", "from": "2026-11-09", "to": "2026-11-20", "minutes": 105, "body": "GIP", "requested_at": 1,
        });
        let mut sealed = facts.clone();
        let map = sealed.as_object_mut().expect("an object");
        map.remove("name");
        map.remove("requested_at");
        map.insert(
            "statement_sha256".to_owned(),
            statement_hash(&facts.to_string()).into(),
        );
        (facts, sealed)
    }

    fn parts(facts: &Value, sealed: &Value, code: &str) -> Vec<&'static str> {
        let found = differences(&facts.to_string(), sealed, code);
        found.iter().map(|d| d.part).collect()
    }

    #[test]
    fn each_part_of_a_statement_that_changes_is_named() {
        let (facts, sealed) = scene();
        assert!(parts(&facts, &sealed, "abc").is_empty());
        for (part, _) in facts.as_object().expect("an object") {
            let mut altered = facts.clone();
            altered[part] = if altered[part].is_number() {
                json!(9_999)
            } else {
                json!("autre")
            };
            let told = if part == "requested_at" { "name" } else { part };
            assert_eq!(parts(&altered, &sealed, "abc"), [told], "{part}");
        }
        let both = json!({"minutes": 1, "name": "Bao"});
        let mut altered = facts.clone();
        for (part, value) in both.as_object().expect("an object") {
            altered[part] = value.clone();
        }
        assert_eq!(parts(&altered, &sealed, "abc"), ["minutes", "name"]);
        assert_eq!(
            parts(&facts, &sealed, "xyz"),
            ["code"],
            "a code that is not its own"
        );
    }

    #[test]
    fn entries_of_before_told_less() {
        let (facts, mut sealed) = scene();
        for part in ["title", "from", "to", "body", "code"] {
            sealed.as_object_mut().expect("an object").remove(part);
        }
        assert!(parts(&facts, &sealed, "abc").is_empty());
        let mut altered = facts.clone();
        altered["minutes"] = json!(600);
        assert_eq!(parts(&altered, &sealed, "abc"), ["minutes"]);
        altered["title"] = json!("Écrire");
        assert_eq!(parts(&altered, &sealed, "abc"), ["minutes", "rest"]);
        assert_eq!(parts(&facts, &sealed, "xyz"), ["code"]);
    }
}
