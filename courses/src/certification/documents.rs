//! What a document states, gathered from the cohort as it was agreed.

use std::sync::Arc;

use jiff::civil::Date;
use passerelle_documents::{
    ActionNature as Nature, AssessmentResult, CompletionCertificate, Document,
    EndOfTrainingStatement, Issue, JournalHead, Language, Outcome, Representative, Trainee,
    TrainingAction, TrainingBody,
};
use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::JobError;
use passerelle_kernel::journal::TreeHead;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::app::App;
use passerelle_web::directory::Space;
use passerelle_web::lang::Lang;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};

use crate::catalogue::model::{ActionNature, Sheet};
use crate::cohorts::GroupTime;

/// Everything about one document.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub id: Uuid,
    pub kind: String,
    pub serial: String,
    pub code: String,
    pub minutes: i32,
    pub state: String,
    pub entry: Option<Uuid>,
    pub requested_by: Uuid,
    pub requested_at: Micros,
    pub enrolment: Uuid,
    pub cohort: Uuid,
    pub person: Uuid,
    pub name: String,
    pub employer: Option<String>,
    pub email: Option<String>,
    pub lang: Lang,
    pub title: String,
    pub start: String,
    pub end: String,
    pub sheet: Sheet,
    pub results: Vec<(String, bool, Option<i32>)>,
    pub space: Arc<Space>,
    /// The group's zone: what is printed is told by its clock.
    pub zone: String,
    pub verification_url: String,
    /// What is stated, as it is journaled (by its hash) and shown at verification.
    pub statement: Value,
}

pub(super) async fn load_facts(app: &App, id: Uuid) -> Result<Option<Facts>, JobError> {
    let db = app.db();
    let sql = "SELECT t.kind, t.serial, t.code, t.minutes, t.state, t.entry_id, t.requested_by, t.requested_at, t.space_id, \
               e.id AS enrolment_id, e.person_id, c.id AS cohort_id, c.start_date, c.end_date, c.zone, c.sheet, o.title \
               FROM certificate t JOIN enrolment e ON e.id = t.enrolment_id JOIN cohort c ON c.id = e.cohort_id \
               JOIN course o ON o.id = c.course_id WHERE t.id = $1";
    let Some(row) = db
        .read()
        .query_one_raw(statement(db.read(), sql, [id.into()]))
        .await?
    else {
        return Ok(None);
    };
    let space: Uuid = row.try_get("", "space_id")?;
    let Some(space) = app.directory().space(db, space).await? else {
        return Ok(None);
    };
    let person: Uuid = row.try_get("", "person_id")?;
    let names = app.directory().persons(db, space.id, &[person]).await?;
    let card = names.get(&person);
    let sheet: String = row.try_get("", "sheet")?;
    let enrolment: Uuid = row.try_get("", "enrolment_id")?;
    let code: String = row.try_get("", "code")?;
    let mut facts = Facts {
        id,
        kind: row.try_get("", "kind")?,
        serial: row.try_get("", "serial")?,
        verification_url: format!("{}/verifier/{code}", app.settings().public_url),
        code,
        minutes: row.try_get("", "minutes")?,
        state: row.try_get("", "state")?,
        entry: row.try_get("", "entry_id")?,
        requested_by: row.try_get("", "requested_by")?,
        requested_at: row.try_get("", "requested_at")?,
        enrolment,
        cohort: row.try_get("", "cohort_id")?,
        person,
        name: card
            .map(passerelle_web::directory::PersonCard::name)
            .unwrap_or_default(),
        employer: card.and_then(|c| c.organisation.clone()),
        email: card.and_then(|c| c.email.clone()),
        lang: card.map_or(space.lang, |c| c.lang),
        title: row.try_get("", "title")?,
        start: row.try_get("", "start_date")?,
        end: row.try_get("", "end_date")?,
        sheet: serde_json::from_str(&sheet).unwrap_or_default(),
        results: results(db.read(), enrolment).await?,
        space,
        zone: row.try_get("", "zone")?,
        statement: Value::Null,
    };
    facts.statement = json!({
        "serial": facts.serial, "code": facts.code, "document": facts.kind, "name": facts.name, "title": facts.title,
        "from": facts.start, "to": facts.end, "minutes": facts.minutes, "body": facts.space.body.legal_name,
        "requested_at": facts.requested_at,
    });
    Ok(Some(facts))
}

/// Assessed activities: those that a score or a pass completes.
async fn results<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
) -> Result<Vec<(String, bool, Option<i32>)>, DbErr> {
    let sql = "SELECT ca.title, ca.rule, s.done_at, s.score FROM enrolment e \
               JOIN cohort_activity ca ON ca.cohort_id = e.cohort_id \
               LEFT JOIN activity_state s ON s.enrolment_id = e.id AND s.activity_id = ca.activity_id \
               WHERE e.id = $1 ORDER BY ca.week_rank, ca.rank";
    let mut found = Vec::new();
    for row in conn
        .query_all_raw(statement(conn, sql, [enrolment.into()]))
        .await?
    {
        let rule: String = row.try_get("", "rule")?;
        let score: Option<i32> = row.try_get("", "score")?;
        let judged = rule.contains("\"passed\"") || rule.contains("\"score\"");
        if judged || score.is_some() {
            let done: Option<Micros> = row.try_get("", "done_at")?;
            found.push((row.try_get("", "title")?, done.is_some(), score));
        }
    }
    Ok(found)
}

impl Facts {
    /// The document to typeset, printed with `head`.
    pub(super) fn document(&self, head: &TreeHead) -> Result<Document, JobError> {
        let bad = |what: &str| JobError::Fatal(format!("{what} cannot be read"));
        let starts_on: Date = self.start.parse().map_err(|_| bad("the start date"))?;
        let ends_on: Date = self.end.parse().map_err(|_| bad("the end date"))?;
        let issued_on = GroupTime::named(&self.zone).today(self.requested_at);
        let body = &self.space.body;
        let issue = Issue {
            language: Language::Fr,
            body: TrainingBody {
                name: body.legal_name.clone(),
                address: body.address.clone(),
                siret: body.siret.clone(),
                activity_declaration_number: body.declaration_number.clone(),
                representative: Representative {
                    name: body.representative.clone(),
                    quality: body.representative_quality.clone(),
                },
                place: body.place.clone(),
            },
            issued_on,
            serial_number: self.serial.clone(),
            verification_url: self.verification_url.clone(),
            journal_head: JournalHead {
                size: head.size,
                root_hash: head.root.clone(),
                sealed_at: head.at,
            },
            time_zone: self.zone.clone(),
        };
        let trainee = Trainee {
            name: self.name.clone(),
            employer: self.employer.clone(),
        };
        let action = TrainingAction {
            title: self.title.clone(),
            nature: nature(self.sheet.nature),
            starts_on,
            ends_on,
        };
        let realised_minutes = self.minutes.max(0) as u32;
        Ok(if self.kind == "completion" {
            Document::CompletionCertificate(CompletionCertificate {
                issue,
                trainee,
                action,
                realised_minutes,
                includes_distance: true,
            })
        } else {
            Document::EndOfTrainingStatement(EndOfTrainingStatement {
                issue,
                trainee,
                action,
                realised_minutes,
                includes_distance: true,
                objectives: self
                    .sheet
                    .objectives
                    .iter()
                    .map(|o| o.text.clone())
                    .collect(),
                results: self.results.iter().map(result).collect(),
            })
        })
    }
}

fn result((title, done, score): &(String, bool, Option<i32>)) -> AssessmentResult {
    let outcome = match (done, score) {
        (true, _) => Outcome::Achieved,
        (false, Some(_)) => Outcome::InProgress,
        (false, None) => Outcome::NotAssessed,
    };
    let score = score.map(|s| s.clamp(0, 10_000) as u16);
    AssessmentResult {
        title: title.clone(),
        outcome,
        score,
    }
}

fn nature(nature: ActionNature) -> Nature {
    match nature {
        ActionNature::Training => Nature::Training,
        ActionNature::SkillsAssessment => Nature::SkillsAssessment,
        ActionNature::PriorLearning => Nature::PriorLearningValidation,
        ActionNature::Apprenticeship => Nature::Apprenticeship,
    }
}
