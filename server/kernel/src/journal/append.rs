//! Appending: header, commitment and tag, in the caller's transaction.

use sea_orm::{ConnectionTrait, DbErr, Value as Sql};
use serde_json::json;
use uuid::Uuid;

use super::{Fact, MAX_BODY, header, key::mac, sequence, tree};
use crate::db::{Engine, WriteTx, statement};

/// Why a fact could not be appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The body is over [`MAX_BODY`] or cannot be made canonical.
    #[error("the fact {kind} cannot be written: {why}")]
    Body {
        /// Its kind.
        kind: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<AppendError> for DbErr {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Db(error) => error,
            other => Self::Custom(other.to_string()),
        }
    }
}

/// An entry ready to be stored.
pub(super) struct Prepared {
    pub id: Uuid,
    pub leaf: tree::Hash,
}

impl WriteTx {
    /// Appends one fact; returns the entry's id.
    pub async fn append(&self, fact: Fact) -> Result<Uuid, AppendError> {
        let ids = self.append_all(vec![fact]).await?;
        ids.first()
            .copied()
            .ok_or_else(|| AppendError::Db(DbErr::RecordNotInserted))
    }

    /// Appends facts in order, with a constant number of statements for every 100.
    pub async fn append_all(&self, facts: Vec<Fact>) -> Result<Vec<Uuid>, AppendError> {
        let mut ids = Vec::with_capacity(facts.len());
        for chunk in facts.chunks(100) {
            let mut entries: Vec<Sql> = Vec::with_capacity(chunk.len() * 6);
            let mut bodies: Vec<Sql> = Vec::with_capacity(chunk.len() * 4);
            let mut prepared = Vec::with_capacity(chunk.len());
            for fact in chunk {
                let one = self.prepare(fact, &mut entries, &mut bodies)?;
                ids.push(one.id);
                prepared.push(one);
            }
            insert(
                self,
                "journal_entry (id, space, at, kind, commitment, tag)",
                6,
                entries,
            )
            .await?;
            insert(
                self,
                "journal_body (entry_id, subject_id, salt, body)",
                4,
                bodies,
            )
            .await?;
            if self.engine() == Engine::Sqlite {
                sequence::assign(self, &prepared).await?;
            } else {
                let inbox = prepared.iter().map(|p| Sql::from(p.id)).collect();
                insert(self, "journal_inbox (entry_id)", 1, inbox).await?;
            }
        }
        self.note_appended();
        Ok(ids)
    }

    fn prepare(
        &self,
        fact: &Fact,
        entries: &mut Vec<Sql>,
        bodies: &mut Vec<Sql>,
    ) -> Result<Prepared, AppendError> {
        let id = self.env().id();
        let at = self.env().now();
        let body = json!({
            "actor": fact.actor.canonical(),
            "subject": fact.subject,
            "payload": fact.payload,
        });
        let bytes = serde_json_canonicalizer::to_vec(&body).map_err(|e| AppendError::Body {
            kind: fact.kind,
            why: e.to_string(),
        })?;
        if bytes.len() > MAX_BODY {
            return Err(AppendError::Body {
                kind: fact.kind,
                why: format!("{} bytes", bytes.len()),
            });
        }
        let salt = self.env().bytes::<32>();
        let commitment = mac(&salt, &[&bytes]);
        let leaf = tree::leaf_hash(&[&header(id, fact.space, at, fact.kind), &commitment]);
        let tag = self.journal_key().tag(&[b"entry", &leaf]);
        entries.extend([
            id.into(),
            fact.space.into(),
            at.into(),
            fact.kind.into(),
            commitment.to_vec().into(),
            tag.to_vec().into(),
        ]);
        bodies.extend([
            id.into(),
            fact.subject.into(),
            salt.to_vec().into(),
            bytes.into(),
        ]);
        Ok(Prepared { id, leaf })
    }
}

/// A multi-row insert of `values`, `width` to a row.
pub(super) async fn insert(
    tx: &WriteTx,
    into: &str,
    width: usize,
    values: Vec<Sql>,
) -> Result<(), DbErr> {
    let rows = values.len() / width;
    let tuples: Vec<String> = (0..rows)
        .map(|row| {
            let marks: Vec<String> = (1..=width)
                .map(|column| format!("${}", row * width + column))
                .collect();
            format!("({})", marks.join(", "))
        })
        .collect();
    let sql = format!("INSERT INTO {into} VALUES {}", tuples.join(", "));
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}
