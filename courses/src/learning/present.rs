//! The plan in words and components, for trainees and for their tutors.

use jiff::civil::Date;
use passerelle_kernel::Uuid;
use passerelle_web::components::{ActivityLine, Button, ContactCard, Progress, Status, Tone, Week};
use passerelle_web::directory::PersonCard;
use passerelle_web::{AppError, Ctx, format};
use sea_orm::ConnectionTrait;

use super::model::{Item, Plan, PlanWeek, State, Sum, state_of};
use crate::cohorts::cohort;

/// The sign and word of a state.
pub(crate) fn tone(state: State) -> Tone {
    match state {
        State::Locked => Tone::Locked,
        State::NotStarted => Tone::NotStarted,
        State::InProgress => Tone::InProgress,
        State::Late => Tone::Late,
        State::Done => Tone::Done,
    }
}

/// Id of the word for a kind of activity, and its icon.
pub(crate) fn kind(code: &str) -> (&'static str, &'static str) {
    match code {
        "page" => ("learning-kind-page", "file-text"),
        "file" => ("learning-kind-file", "file-down"),
        "link" => ("learning-kind-link", "external-link"),
        "tool" => ("learning-kind-tool", "link"),
        _ => ("learning-kind-scorm", "circle-play"),
    }
}

/// Minutes, as people read them.
pub(crate) fn minutes(ctx: &Ctx, minutes: i32) -> String {
    format::duration(i64::from(minutes), ctx.lang)
}

/// « 8 activités sur 12, 3 h 20 sur 6 h ».
pub(crate) fn sum_words(ctx: &Ctx, sum: &Sum) -> String {
    ctx.tr(
        "learning-sum",
        &[
            ("done", sum.done.into()),
            ("needed", sum.needed.into()),
            ("time", minutes(ctx, sum.done_minutes).into()),
            ("total", minutes(ctx, sum.minutes).into()),
        ],
    )
}

/// The bar that says the same, drawn on the estimated time.
pub(crate) fn bar(ctx: &Ctx, label: &str, sum: &Sum) -> Progress {
    Progress::new(ctx.t(label), sum_words(ctx, sum), sum.share())
}

/// « Semaine 2 : lire et écrire à l'écran ».
pub(crate) fn week_title(ctx: &Ctx, week: &PlanWeek) -> String {
    let plain = ctx.tr("learning-week", &[("rank", week.rank.into())]);
    // A title that was left as it was proposed says it twice.
    if week.title.trim().is_empty() || week.title.trim() == plain {
        return plain;
    }
    ctx.tr(
        "learning-week-titled",
        &[("rank", week.rank.into()), ("title", (&week.title).into())],
    )
}

/// Both, where there are both.
pub(crate) fn joined(one: Option<String>, two: Option<String>) -> Option<String> {
    match (one, two) {
        (Some(one), Some(two)) => Some(format!("{one} · {two}")),
        (one, two) => one.or(two),
    }
}

/// Who looks at a plan, and when.
pub(crate) struct Look<'a> {
    pub ctx: &'a Ctx,
    pub enrolment: Uuid,
    pub extended_to: Option<Date>,
    pub today: Date,
    /// Nothing counts any more.
    pub over: bool,
}

impl Look<'_> {
    /// Where a trainee opens an activity.
    pub(crate) fn href(&self, activity: Uuid) -> String {
        format!("/formation/{}/activite/{activity}", self.enrolment)
    }

    /// The state of an activity that day.
    pub(crate) fn state(&self, week: &PlanWeek, item: &Item) -> State {
        state_of(item, week.dates, self.extended_to, self.today)
    }

    fn line(&self, week: &PlanWeek, item: &Item) -> ActivityLine {
        let ctx = self.ctx;
        let (word, icon) = kind(&item.kind);
        let state = self.state(week, item);
        let score = item.work.and_then(|work| work.score);
        let late = item.late.map(|_| ctx.t("learning-late-kept"));
        let note = match (score, state) {
            (Some(score), _) => Some(ctx.tr(
                "learning-score",
                &[("score", format::percent(i64::from(score), ctx.lang).into())],
            )),
            (None, State::Late) => Some(ctx.t("learning-late-still")).filter(|_| !self.over),
            _ => None,
        };
        ActivityLine {
            title: item.title.clone(),
            href: (week.dates.opens_on <= self.today).then(|| self.href(item.id)),
            icon: icon.to_owned(),
            kind: ctx.t(word),
            length: minutes(ctx, item.minutes),
            status: Status::of(tone(state)),
            note: joined(note, late),
            optional: item.optional,
        }
    }

    /// A week, unfolded when asked.
    pub(crate) fn week(&self, week: &PlanWeek, open: bool) -> Week {
        let ctx = self.ctx;
        let sum = Sum::of(&week.items);
        let locked = week.dates.opens_on > self.today;
        let late = week
            .items
            .iter()
            .any(|item| self.state(week, item) == State::Late);
        let begun = week.items.iter().any(|item| item.work.is_some());
        let status = match () {
            () if locked => {
                let day = format::civil_date(week.dates.opens_on, ctx.lang);
                Status::new(
                    Tone::Locked,
                    ctx.tr("learning-week-opens", &[("day", day.into())]),
                )
            }
            () if sum.needed > 0 && sum.done == sum.needed => Status::of(Tone::Done),
            () if late => Status::of(Tone::Late),
            () if begun => Status::of(Tone::InProgress),
            () => Status::of(Tone::NotStarted),
        };
        Week {
            id: format!("semaine-{}", week.rank),
            title: week_title(ctx, week),
            dates: format::date_range(week.dates.opens_on, week.dates.due_on, ctx.lang),
            status,
            progress: (!locked && sum.needed > 0).then(|| bar(ctx, "learning-week-progress", &sum)),
            open,
            activities: week
                .items
                .iter()
                .map(|item| self.line(week, item))
                .collect(),
        }
    }

    /// Every week: the one under way unfolded, and those that have something late.
    pub(crate) fn weeks(&self, plan: &Plan) -> Vec<Week> {
        let current = plan.current(self.today).map(|week| week.rank);
        let late = |week: &PlanWeek| {
            week.items
                .iter()
                .any(|item| self.state(week, item) == State::Late)
        };
        plan.weeks
            .iter()
            .map(|week| {
                self.week(
                    week,
                    Some(week.rank) == current || late(week) || plan.weeks.len() == 1,
                )
            })
            .collect()
    }
}

/// The tutors of a cohort, by family name; two statements.
pub(crate) async fn tutors<C: ConnectionTrait>(
    ctx: &Ctx,
    conn: &C,
    of: &cohort::Model,
) -> Result<Vec<PersonCard>, AppError> {
    let ids = crate::cohorts::tutors_of(conn, of.id).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut cards: Vec<_> = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.space_id, &ids)
        .await?
        .into_values()
        .collect();
    cards.sort_by_key(|card| (card.sort_name(), card.id));
    Ok(cards)
}

/// The tutors as cards, with the delay announced.
pub(crate) fn contacts(ctx: &Ctx, of: &cohort::Model, tutors: &[PersonCard]) -> Vec<ContactCard> {
    tutors
        .iter()
        .map(|tutor| ContactCard {
            role: ctx.t("learning-tutor"),
            name: tutor.name(),
            delay: (of.answer_hours > 0)
                .then(|| ctx.tr("learning-tutor-delay", &[("hours", of.answer_hours.into())])),
            button: tutor.email.as_ref().map(|email| {
                Button::link(ctx.t("learning-tutor-write"), format!("mailto:{email}"))
                    .quiet()
                    .about(tutor.name())
                    .icon("mail")
            }),
        })
        .collect()
}
