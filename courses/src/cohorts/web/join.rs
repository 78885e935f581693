//! Joining by the link of a cohort.
//!
//! Whoever is signed in and belongs to the space has one button. Others give
//! their name and address and receive a one-time link that leads back here: the
//! link proves the address, and nobody is enrolled in somebody else's name. The
//! page answers the same whether the address is known or not.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::access::Params;
use passerelle_web::components::{Button, ErrorSummary, Fact, Facts, NoticeKind};
use passerelle_web::directory::{NewPerson, Space};
use passerelle_web::limits::Place;
use passerelle_web::mail::{self, Recipient};
use passerelle_web::{AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::super::convening::public;
use super::super::entity::cohort;
use super::super::joining::{Throttle, standing_in};
use super::super::model::{CohortState, EnrolState, Source};
use super::super::{EnrolResult, enrol, store};
use super::enrol::{new_person, person_fields, problems};
use super::range;
use passerelle_kernel::journal::Actor;

/// How long the link of the mail works.
const LINK_HOURS: i64 = 24;

/// The cohort behind a link.
struct Door {
    code: String,
    cohort: cohort::Model,
    space: Arc<Space>,
}

impl Door {
    /// None when the link was closed, renewed or never existed, or when the cohort takes nobody any more.
    async fn find(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let code = params.text("code").unwrap_or_default().to_owned();
        let Some(cohort) = store::by_join_code(ctx.app.db().read(), &code).await? else {
            return Ok(None);
        };
        if !CohortState::parse(&cohort.state).is_some_and(CohortState::takes_people) {
            return Ok(None);
        }
        let space = ctx
            .app
            .directory()
            .space(ctx.app.db(), cohort.space_id)
            .await?;
        Ok(space.map(|space| Self {
            code,
            cohort,
            space,
        }))
    }

    fn path(&self) -> String {
        format!("/rejoindre/{}", self.code)
    }
}

/// The page behind the link.
pub async fn page(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let Some(door) = Door::find(&ctx, &params).await? else {
        return closed(&ctx);
    };
    show(&ctx, &door, &Form::default(), &[], false).await
}

/// Joins, or asks for the mail.
pub async fn send(
    ctx: Ctx,
    params: Params,
    place: Place,
    form: Form,
) -> Result<Response, AppError> {
    let Some(door) = Door::find(&ctx, &params).await? else {
        return closed(&ctx);
    };
    if form.text("geste") == "rejoindre" {
        let person = member(&ctx, &door).await?.ok_or(AppError::SignIn)?;
        return join(&ctx, &door, person).await;
    }
    let person = new_person(&form);
    let mut errors = problems(&person);
    if person.email.is_none() {
        errors.push(("email", passerelle_text::address::Problem::Empty.message()));
    }
    if !errors.is_empty() {
        return show(&ctx, &door, &form, &errors, false).await;
    }
    let throttle = ctx
        .app
        .service::<Throttle>()
        .ok_or_else(|| AppError::internal("no throttle of joining links"))?;
    if !throttle.lets(
        door.cohort.id,
        person.email.as_deref().unwrap_or_default(),
        ctx.now,
    ) {
        return Err(AppError::TooMany);
    }
    let tx = ctx.app.db().write().await?;
    place.charge(&ctx.app, &tx, "join", 1).await?;
    tx.commit().await?;
    write_to(&ctx, &door, &person).await?;
    show(&ctx, &door, &form, &[], true).await
}

/// The person who is signed in, when they belong to the space of the cohort.
async fn member(ctx: &Ctx, door: &Door) -> Result<Option<Uuid>, AppError> {
    let Some(person) = ctx.who.person() else {
        return Ok(None);
    };
    let known = ctx
        .app
        .directory()
        .persons(ctx.app.db(), door.space.id, &[person])
        .await?;
    Ok(known.contains_key(&person).then_some(person))
}

async fn join(ctx: &Ctx, door: &Door, person: Uuid) -> Result<Response, AppError> {
    // Whoever was moved from here to another group has their place there.
    let place = store::with_enrolment(ctx.app.db().read(), door.cohort.id, Some(person)).await?;
    if let Some((elsewhere, Some(id))) = place
        && elsewhere.id != door.cohort.id
    {
        let notice = (NoticeKind::Info, "cohort-notice-join-moved");
        return Ok(ctx.redirect(&format!("/formation/{id}"), Some(notice)));
    }
    let tx = ctx.app.db().write().await?;
    let result = enrol(
        &tx,
        door.cohort.id,
        person,
        Source::Link,
        Actor::Person(person),
    )
    .await?;
    tx.commit().await?;
    let notice = match result {
        EnrolResult::Active(_) => (NoticeKind::Success, "cohort-notice-joined"),
        EnrolResult::Waiting(_) => (NoticeKind::Info, "cohort-notice-join-waiting"),
        EnrolResult::Already(_) => (NoticeKind::Info, "cohort-notice-join-already"),
    };
    let to = match result {
        EnrolResult::Active(id) => format!("/formation/{id}"),
        _ => door.path(),
    };
    Ok(ctx.redirect(&to, Some(notice)))
}

/// Writes to the address: a one-time link, or how to sign in when the address is another account's.
async fn write_to(ctx: &Ctx, door: &Door, person: &NewPerson) -> Result<(), AppError> {
    let tx = ctx.app.db().write().await?;
    let id = ctx
        .app
        .directory()
        .find_or_create(&tx, door.space.id, person)
        .await?;
    let link = ctx
        .app
        .directory()
        .sign_in_link(&tx, id, LINK_HOURS, &door.path())
        .await?;
    let (template, href) = match &link {
        Some(path) => ("courses/cohorts/mail/join", public(&ctx.app, path)),
        None => (
            "courses/cohorts/mail/join_known",
            public(&ctx.app, &door.path()),
        ),
    };
    // Nobody is made for an address that another account answers to.
    let tx = if link.is_some() {
        tx
    } else {
        tx.rollback().await?;
        ctx.app.db().write().await?
    };
    let data = json!({"course": door.cohort.title, "space_name": door.space.name, "href": href, "hours": LINK_HOURS});
    let email = person.email.as_deref().unwrap_or_default();
    let to = Recipient {
        email,
        // Whoever filled in the form may be a stranger: their words do not leave in our name.
        name: "",
        lang: ctx.lang,
    };
    let mut mail = ctx
        .app
        .write_mail(template, to, &door.space.name, data, &door.cohort.zone)?;
    mail.reply_to = Some(door.space.body.email.clone()).filter(|email| !email.is_empty());
    mail.space = Some(door.space.id);
    mail.secret = link.is_some();
    mail.about = link.is_some().then_some(id);
    mail::send(&tx, &mail).await?;
    tx.commit().await?;
    Ok(())
}

fn closed(ctx: &Ctx) -> Result<Response, AppError> {
    ctx.page(
        "courses/cohorts/join_closed",
        ctx.t("cohort-join-closed-title"),
    )
    .status(StatusCode::GONE)
    .render(json!({}))
}

async fn show(
    ctx: &Ctx,
    door: &Door,
    form: &Form,
    errors: &[(&str, &str)],
    sent: bool,
) -> Result<Response, AppError> {
    let places = store::places_of(ctx.app.db().read(), &door.cohort).await?;
    let member = member(ctx, door).await?;
    let mine = match member {
        Some(person) => standing_in(ctx.app.db().read(), &door.cohort, person).await?,
        None => None,
    };
    let fields = person_fields(ctx, form, errors);
    let [given, family, email] = fields;
    let fields = [
        given,
        family,
        email.required().help(ctx.t("cohort-join-email-help")),
    ];
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let waiting = places.next(Source::Link) == EnrolState::Waiting;
    let title = ctx.tr(
        "cohort-join-title",
        &[("title", door.cohort.title.clone().into())],
    );
    ctx.page("courses/cohorts/join", title).space(&door.space).status(status).render(json!({
        "heading": door.cohort.title,
        "facts": Facts { items: facts(ctx, &door.cohort), columns: true },
        "full": (waiting && mine.is_none()).then(|| ctx.t("cohort-join-full")),
        "sent": sent.then(|| ctx.tr("cohort-join-sent", &[("email", form.text("email").into())])),
        "mine": mine.map(|(id, state)| standing(ctx, id, state)),
        "button": (member.is_some() && mine.is_none_or(|(_, state)| state == EnrolState::Left)).then(|| {
            let label = if waiting { "cohort-join-button-waiting" } else { "cohort-join-button" };
            Button { large: true, ..Button::post(ctx.t(label), door.path()).hidden("geste", "rejoindre").icon("arrow-right") }
        }),
        "form": member.is_none() && !sent,
        "action": door.path(),
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t("cohort-join-submit")).icon("mail"),
        "sign_in": format!("/connexion?suite={}", door.path()),
    }))
}

fn facts(ctx: &Ctx, cohort: &cohort::Model) -> Vec<Fact> {
    vec![
        Fact::new(
            ctx.t("cohort-column-dates"),
            range(ctx, &cohort.start_date, &cohort.end_date),
        )
        .icon("calendar"),
        Fact::new(
            ctx.t("cohort-fact-duration"),
            format::duration(i64::from(cohort.agreed_minutes), ctx.lang),
        )
        .icon("clock"),
    ]
}

fn standing(ctx: &Ctx, id: Uuid, state: EnrolState) -> Value {
    match state {
        EnrolState::Active => json!({
            "text": ctx.t("cohort-join-mine-active"),
            "button": Button::link(ctx.t("cohort-join-mine-button"), format!("/formation/{id}")).icon("arrow-right"),
        }),
        EnrolState::Waiting => json!({"text": ctx.t("cohort-join-mine-waiting"), "button": null}),
        EnrolState::Left => json!({"text": ctx.t("cohort-join-mine-left"), "button": null}),
    }
}
