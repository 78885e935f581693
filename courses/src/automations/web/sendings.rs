//! One time that a message leaves: what it says, to whom, and whether it does.

use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Button, Fact, Facts, NoticeKind};
use passerelle_web::directory::PersonCard;
use passerelle_web::mail;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::json;

use super::super::commands;
use super::super::model::{Automation, Fate, Occurrence};
use super::super::reaching;
use super::super::sending::tutor_names;
use super::super::store::{self, Planned};
use super::super::wording::{Writing, name_for};
use super::{address, calendar_address, sending_address, status};
use crate::access::{CohortRef, ManageCohort, WatchCohort};

/// What the address names.
struct Seen {
    of: Automation,
    planned: Planned,
    one: Occurrence,
    fate: Fate,
}

async fn seen(ctx: &Ctx, at: &CohortRef, params: &Params) -> Result<Seen, AppError> {
    let conn = ctx.app.db().read();
    let of = store::find(conn, at.space.id, params.id("message")?).await?;
    let of = of
        .filter(|of| of.is_for(at.cohort.course_id))
        .ok_or(AppError::NotFound)?;
    let planned = store::with_weeks(conn, vec![at.cohort.clone()])
        .await?
        .pop();
    let planned = planned.ok_or(AppError::NotFound)?;
    let week = params
        .text("week")
        .and_then(|week| week.parse::<i32>().ok());
    let week = week.ok_or(AppError::NotFound)?;
    let times = planned.dates().map(|dates| of.occurrences(&dates));
    let one = times.into_iter().flatten().find(|one| one.week == week);
    let one = one.ok_or(AppError::NotFound)?;
    let runs = store::runs(conn, &[at.cohort.id]).await?;
    let noted = runs.get(&(of.id, at.cohort.id, week)).map(String::as_str);
    let fate = match noted {
        // Off: it would not leave.
        None if of.active_since.is_none() => Fate::Missed,
        noted => Fate::of(noted, &of, one, ctx.now),
    };
    Ok(Seen {
        of,
        planned,
        one,
        fate,
    })
}

/// The message as it is written to one person: that one, or somebody who has a place.
async fn example<'a>(
    ctx: &'a Ctx,
    at: &'a CohortRef,
    seen: &'a Seen,
) -> Result<(Writing<'a>, PersonCard, Uuid), AppError> {
    let anybody = reaching::anybody(ctx.app.db().read(), at.cohort.id).await?;
    let ids: Vec<Uuid> = anybody.iter().map(|reached| reached.person_id).collect();
    let mut cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), at.space.id, &ids)
        .await?;
    let known = ids.first().and_then(|id| cards.remove(id));
    let card = known.unwrap_or_else(|| PersonCard {
        id: at.cohort.id,
        given_name: ctx.t("automation-example-given"),
        family_name: ctx.t("automation-example-family"),
        email: None,
        lang: at.space.lang,
        organisation: None,
    });
    let writing = Writing {
        app: &ctx.app,
        space: &at.space,
        of: &seen.of,
        cohort: &at.cohort,
        week: seen.planned.week(seen.one.week),
        tutors: tutor_names(&ctx.app, at.space.id, at.cohort.id).await?,
    };
    Ok((
        writing,
        card,
        anybody.map_or(at.cohort.id, |reached| reached.id),
    ))
}

/// The page.
pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<WatchCohort>,
    params: Params,
) -> Result<Response, AppError> {
    let at = allowed.object();
    let seen = seen(&ctx, at, &params).await?;
    let (of, one) = (&seen.of, seen.one);
    let week = seen.planned.week(one.week);
    let (writing, card, _) = example(&ctx, at, &seen).await?;
    let oversees = ctx.who.oversees(at.space.id);
    let facts = facts(&ctx, at, &seen).await?;
    let buttons = buttons(&ctx, at, &seen);
    let page = ctx
        .page(
            "courses/automations/sending",
            name_for(of, &at.cohort, week),
        )
        .space(&at.space);
    let page = if oversees {
        page.crumb(
            ctx.t("automation-calendar-title"),
            calendar_address(&at.space),
        )
    } else {
        page.crumb(at.cohort.title.clone(), format!("/groupe/{}", at.cohort.id))
    };
    page.render(json!({
        "status": status(&ctx, seen.fate),
        "off": of.active_since.is_none(),
        "facts": Facts { items: facts, ..Facts::default() },
        "buttons": buttons,
        "subject": writing.subject(&card),
        "said": writing.said(&card),
        "button": button_of(&ctx, of),
        "lang": at.space.lang.code(),
    }))
}

/// When it leaves, for which group and week, and whom it reaches.
async fn facts(ctx: &Ctx, group: &CohortRef, seen: &Seen) -> Result<Vec<Fact>, AppError> {
    let conn = ctx.app.db().read();
    let (of, one) = (&seen.of, seen.one);
    let week = seen.planned.week(one.week);
    let time = group.cohort.time();
    let day = one.day;
    let mut facts = vec![
        Fact::new(
            ctx.t("automation-fact-when"),
            format!(
                "{}, {}",
                format::civil_date(day, ctx.lang),
                format::civil_time(of.time(), ctx.lang)
            ),
        ),
        Fact::new(ctx.t("automation-fact-group"), group.cohort.title.clone()),
    ];
    if let Some(week) = week {
        facts.push(Fact::new(
            ctx.t("automation-fact-week"),
            format!("{}. {}", week.rank, week.title),
        ));
    }
    facts.push(Fact::new(
        ctx.t("automation-fact-audience"),
        ctx.t(&format!("automation-audience-{}", of.audience.code())),
    ));
    if seen.fate == Fate::Sent {
        let (mails, without, first) =
            reaching::sent(conn, of.id, group.cohort.id, one.week).await?;
        let at = first
            .map(|at| format::datetime(at, time.zone(), ctx.lang))
            .unwrap_or_default();
        let args = [("count", mails.into()), ("at", at.into())];
        facts.push(Fact::new(
            ctx.t("automation-fact-sent"),
            ctx.tr("automation-sent", &args),
        ));
        if without > 0 {
            facts.push(Fact::new(
                ctx.t("automation-fact-without"),
                ctx.tr("automation-without", &[("count", without.into())]),
            ));
        }
    } else {
        let (reached, places) = reaching::count(conn, of, group.cohort.id, one.week).await?;
        let args = [("count", reached.into()), ("places", places.into())];
        facts.push(Fact::new(
            ctx.t("automation-fact-today"),
            ctx.tr("automation-today", &args),
        ));
    }
    Ok(facts)
}

fn buttons(ctx: &Ctx, at: &CohortRef, seen: &Seen) -> Vec<Button> {
    let (of, one) = (&seen.of, seen.one);
    let here = sending_address(at.cohort.id, of.id, one.week);
    let act = |id: &str, icon: &str, value: &str| {
        Button::post(ctx.t(id), here.clone())
            .quiet()
            .icon(icon)
            .hidden("do", value)
    };
    let mut buttons = Vec::new();
    if ctx.who.manages(at.space.id) {
        match seen.fate {
            Fate::Planned => buttons.push(act("automation-skip", "x", "skip")),
            Fate::Skipped => buttons.push(act("automation-unskip", "refresh", "back")),
            Fate::Sent | Fate::Missed => {}
        }
        buttons.push(act("automation-test", "mail", "test"));
        let change = format!("{}/{}", address(&at.space), of.id);
        buttons.push(
            Button::link(ctx.t("automation-change"), change)
                .quiet()
                .icon("pencil"),
        );
    }
    buttons
}

/// What the button of a message says, and where it leads.
fn button_of(ctx: &Ctx, of: &Automation) -> String {
    let said = match (of.button.is_empty(), of.link.is_empty()) {
        (false, _) => of.button.clone(),
        (true, false) => ctx.t("automation-mail-open-link"),
        (true, true) => ctx.t("automation-mail-open"),
    };
    if of.link.is_empty() {
        said
    } else {
        format!("{said} ({})", of.link)
    }
}

/// Decides whether it leaves, or sends it to whoever asks.
pub(super) async fn decide(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let at = allowed.object();
    let seen = seen(&ctx, at, &params).await?;
    let here = sending_address(at.cohort.id, seen.of.id, seen.one.week);
    if form.text("do") == "test" {
        return test(&ctx, at, &seen, &here).await;
    }
    let skip = form.text("do") == "skip";
    let tx = ctx.app.db().write().await?;
    let changed = commands::skip(&tx, &allowed, seen.of.id, seen.one.week, skip).await?;
    tx.commit().await?;
    let told = match (changed, skip) {
        (true, true) => (NoticeKind::Success, "automation-notice-skipped"),
        (true, false) => (NoticeKind::Success, "automation-notice-back"),
        (false, _) => (NoticeKind::Warn, "automation-notice-gone"),
    };
    Ok(ctx.redirect(&here, Some(told)))
}

async fn test(ctx: &Ctx, at: &CohortRef, seen: &Seen, here: &str) -> Result<Response, AppError> {
    let me: Vec<_> = ctx.who.person().into_iter().collect();
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), at.space.id, &me)
        .await?;
    let card = me.first().and_then(|id| cards.get(id));
    let Some(card) = card.filter(|card| card.email.is_some()) else {
        return Ok(ctx.redirect(
            here,
            Some((NoticeKind::Warn, "automation-notice-no-address")),
        ));
    };
    let (writing, _, enrolment) = example(ctx, at, seen).await?;
    let mut mail = writing.mail(enrolment, card, card.email.as_deref().unwrap_or_default())?;
    mail.subject = ctx.tr(
        "automation-test-subject",
        &[("subject", mail.subject.clone().into())],
    );
    let tx = ctx.app.db().write().await?;
    mail::send(&tx, &mail).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        here,
        Some((NoticeKind::Success, "automation-notice-tested")),
    ))
}
