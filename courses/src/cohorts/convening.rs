//! Joining instructions (convocation): one mail, hence one job, for each trainee,
//! with the calendar attached and a line in the journal.

use std::collections::HashMap;

use jiff::civil::Date;
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::directory::{PersonCard, Space};
use passerelle_web::mail::{self, Attachment, Mail, Recipient};
use passerelle_web::{App, AppError, Lang, format};
use serde_json::{Value, json};

use super::calendar::parse_date;
use super::enrolling::about;
use super::entity::{cohort, enrolment};
use super::error::CohortError;
use super::model::EnrolState;
use super::{CONVENED, ics, store};

/// Mails prepared in one go.
const CHUNK: usize = 20;
/// How long the sign-in address of the mail works.
const LINK_HOURS: i64 = 7 * 24;

/// What sending joining instructions came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Convened {
    /// Mails put in the outbox.
    pub sent: usize,
    /// Trainees without an address: to be told otherwise.
    pub without_address: usize,
}

/// Sends joining instructions to these enrolments of a cohort; those that are not active are left out.
/// Safe to repeat: whoever is asked again gets another mail, unless both requests run at once.
pub async fn convene(
    app: &App,
    space: &Space,
    cohort: &cohort::Model,
    enrolments: &[enrolment::Model],
    actor: Actor,
) -> Result<Convened, AppError> {
    let active = EnrolState::Active.code();
    let wanted: Vec<&enrolment::Model> = enrolments.iter().filter(|e| e.state == active).collect();
    let tutors = store::tutors_of(app.db().read(), cohort.id).await?;
    let ids: Vec<Uuid> = wanted
        .iter()
        .map(|e| e.person_id)
        .chain(tutors.iter().copied())
        .collect();
    let cards = app.directory().persons(app.db(), space.id, &ids).await?;
    let weeks = store::weeks_of(app.db().read(), cohort.id).await?;
    let mut done = Convened::default();
    let common = Common {
        app,
        space,
        cohort,
        tutors: named(&tutors, &cards),
        weeks: &weeks,
    };
    for chunk in wanted.chunks(CHUNK) {
        let to: Vec<_> = chunk
            .iter()
            .filter_map(|e| {
                let card = cards.get(&e.person_id)?;
                Some((*e, card, card.email.as_deref()?))
            })
            .collect();
        done.without_address += chunk.len() - to.len();
        let links = common.links(&to).await?;
        let mut mails = Vec::with_capacity(to.len());
        for ((enrolment, card, email), link) in to.iter().zip(links) {
            mails.push(common.mail(enrolment, card, email, link)?);
        }
        let tx = app.db().write().await?;
        let mut facts = Vec::with_capacity(to.len());
        for ((enrolment, _, _), mail) in to.iter().zip(&mails) {
            if !is_still_to_tell(&tx, enrolment).await? {
                continue;
            }
            mail::send(&tx, mail).await?;
            let payload = json!({"enrolment": enrolment.id, "cohort": cohort.id, "mail": mail.id,
                "start": cohort.start_date, "end": cohort.end_date, "tutors": tutors});
            facts.push(about(cohort, enrolment.person_id, actor, CONVENED, payload));
        }
        done.sent += facts.len();
        tx.append_all(facts).await?;
        tx.commit().await?;
    }
    Ok(done)
}

/// Notes that somebody is told now; false when they were told, or left, since their row was read:
/// a button pressed twice, or by two people, sends one mail.
async fn is_still_to_tell(tx: &WriteTx, of: &enrolment::Model) -> Result<bool, DbErr> {
    let sql = "UPDATE enrolment SET convened_at = $2 WHERE id = $1 AND state = 'active' AND COALESCE(convened_at, -1) = $3";
    let values = [
        of.id.into(),
        tx.env().now().into(),
        of.convened_at.unwrap_or(-1).into(),
    ];
    let told = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(told.rows_affected() == 1)
}

fn named(ids: &[Uuid], cards: &HashMap<Uuid, PersonCard>) -> Vec<String> {
    let mut names: Vec<&PersonCard> = ids.iter().filter_map(|id| cards.get(id)).collect();
    names.sort_by_key(|card| card.sort_name());
    names.into_iter().map(PersonCard::name).collect()
}

/// What every mail of a cohort says.
struct Common<'a> {
    app: &'a App,
    space: &'a Space,
    cohort: &'a cohort::Model,
    tutors: Vec<String>,
    weeks: &'a [super::entity::cohort_week::Model],
}

/// The public address of a path of ours.
pub(super) fn public(app: &App, path: &str) -> String {
    if path.starts_with('/') {
        format!("{}{path}", app.settings().public_url)
    } else {
        path.to_owned()
    }
}

type To<'a> = (&'a enrolment::Model, &'a PersonCard, &'a str);

impl Common<'_> {
    /// One-time sign-in addresses; none for whoever has no account.
    async fn links(&self, to: &[To<'_>]) -> Result<Vec<Option<String>>, AppError> {
        let tx = self.app.db().write().await?;
        let mut links = Vec::with_capacity(to.len());
        for (enrolment, card, _) in to {
            let next = format!("/formation/{}", enrolment.id);
            let link = self
                .app
                .directory()
                .sign_in_link(&tx, card.id, LINK_HOURS, &next)
                .await?;
            links.push(link.map(|path| public(self.app, &path)));
        }
        tx.commit().await?;
        Ok(links)
    }

    fn mail(
        &self,
        enrolment: &enrolment::Model,
        card: &PersonCard,
        email: &str,
        link: Option<String>,
    ) -> Result<Mail, AppError> {
        let secret = link.is_some();
        let data = instructions(
            self.app,
            self.space,
            self.cohort,
            &self.tutors,
            self.weeks.len(),
            enrolment,
            card.lang,
            link,
        )?;
        let to = Recipient {
            email,
            name: &card.name(),
            lang: card.lang,
        };
        let mut mail = self.app.write_mail(
            "courses/cohorts/mail/convocation",
            to,
            &self.space.name,
            data,
            &self.cohort.zone,
        )?;
        let source = ics::Source {
            cohort: self.cohort,
            weeks: self.weeks,
            enrolment: Some(enrolment),
            href: format!(
                "{}/formation/{}",
                self.app.settings().public_url,
                enrolment.id
            ),
        };
        mail.attachments.push(Attachment {
            name: self.app.words().text(card.lang, "cohort-ics-file"),
            media_type: "text/calendar; charset=utf-8; method=PUBLISH".to_owned(),
            text: ics::write(&source, self.app.words(), card.lang, self.app.env().now())?,
        });
        mail.reply_to = Some(self.space.body.email.clone()).filter(|email| !email.is_empty());
        mail.space = Some(self.space.id);
        mail.about = Some(enrolment.person_id);
        mail.secret = secret;
        Ok(mail)
    }
}

/// What joining instructions say: who, what, when, where, with whom, and where help is.
#[expect(
    clippy::too_many_arguments,
    reason = "what a convocation must say comes from this many places"
)]
fn instructions(
    app: &App,
    space: &Space,
    cohort: &cohort::Model,
    tutors: &[String],
    weeks: usize,
    enrolment: &enrolment::Model,
    lang: Lang,
    link: Option<String>,
) -> Result<Value, CohortError> {
    let (start, end): (Date, Date) = (
        parse_date(&cohort.start_date)?,
        parse_date(&cohort.end_date)?,
    );
    let body = &space.body;
    let url = &app.settings().public_url;
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(json!({
        "course": cohort.title,
        "space_name": space.name,
        "range": format::date_range(start, end, lang),
        "start": cohort.start_date,
        "weeks": weeks,
        "duration": format::duration(i64::from(cohort.agreed_minutes), lang),
        "tutors": (!tutors.is_empty()).then(|| format::join_and(tutors, lang)),
        "answer": answering_delay(app, lang, cohort.answer_hours),
        "one_time": link.is_some(),
        "href": link.unwrap_or_else(|| format!("{url}/formation/{}", enrolment.id)),
        "sign_in_href": format!("{url}/connexion"),
        "help_href": format!("{url}/aide"),
        "calendar_href": ics::calendar_address(app, enrolment),
        "contact_email": filled(&body.email),
        "contact_phone": filled(&body.phone),
        "disability": filled(&body.disability_contact),
        "link_days": LINK_HOURS / 24,
    }))
}

/// « sous 3 jours », « sous 24 heures »: whole days as days.
pub(super) fn answering_delay(app: &App, lang: Lang, hours: i32) -> String {
    let (id, count) = if hours >= 48 && hours % 24 == 0 {
        ("cohort-answer-days", hours / 24)
    } else {
        ("cohort-answer-hours", hours)
    };
    app.words().with(lang, id, &[("count", count.into())])
}
