//! One cohort as those who manage it see it: what is missing, the calendar,
//! the people, the link.

use std::collections::HashMap;

use axum::response::Response;
use jiff::civil::Date;
use passerelle_kernel::Uuid;
use passerelle_web::components::{
    Button, Confirm, Empty, Fact, Facts, Field, Link, NoticeKind, Status, Tabs, Tone, Width,
    WorkItem, Worklist,
};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::super::access::ReadCohort;
use super::super::convening::{answering_delay, convene, public};
use super::super::entity::enrolment;
use super::super::model::{CohortState, EnrolState, Places};
use super::super::queries::{WeekRow, week_rows};
use super::super::{
    cancel_cohort, close_link, open_link, restore_cohort, seat_first_waiting, store, zone_words,
};
use super::{cohort_page, manage_href, range, state_of, state_status, trainees};
use crate::access::{CohortRef, ManageCohort};

/// What the page reads; four statements.
pub(super) struct Seen {
    pub weeks: Vec<WeekRow>,
    pub tutors: Vec<Uuid>,
    pub enrolments: Vec<enrolment::Model>,
    pub cards: HashMap<Uuid, PersonCard>,
}

impl Seen {
    async fn load(ctx: &Ctx, of: &CohortRef) -> Result<Self, AppError> {
        let conn = ctx.app.db().read();
        let weeks = week_rows(conn, of.cohort.id).await?;
        let tutors = store::tutors_of(conn, of.cohort.id).await?;
        let enrolments = store::enrolments_of(conn, &of.cohort).await?;
        let ids: Vec<Uuid> = enrolments
            .iter()
            .map(|e| e.person_id)
            .chain(tutors.iter().copied())
            .collect();
        let cards = ctx
            .app
            .directory()
            .persons(ctx.app.db(), of.space.id, &ids)
            .await?;
        Ok(Self {
            weeks,
            tutors,
            enrolments,
            cards,
        })
    }

    pub fn count(&self, state: EnrolState) -> i64 {
        self.enrolments
            .iter()
            .filter(|e| e.state == state.code())
            .count() as i64
    }

    fn places(&self, of: &CohortRef) -> Places {
        Places {
            capacity: of.cohort.capacity,
            active: self.count(EnrolState::Active),
            waiting: self.count(EnrolState::Waiting),
        }
    }

    fn active(&self) -> impl Iterator<Item = &enrolment::Model> {
        self.enrolments
            .iter()
            .filter(|e| e.state == EnrolState::Active.code())
    }

    fn has_address(&self, of: &enrolment::Model) -> bool {
        self.cards
            .get(&of.person_id)
            .is_some_and(|card| card.email.is_some())
    }
}

/// The page.
pub async fn page(ctx: Ctx, allowed: Allowed<ReadCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    let seen = Seen::load(&ctx, of).await?;
    let manages = ctx.who.manages(of.space.id);
    let state = state_of(of);
    let places = seen.places(of);
    let course = seen
        .weeks
        .first()
        .map_or_else(|| of.cohort.title.clone(), |week| week.course.clone());
    let can_seat = manages && state.takes_people() && places.free() > 0 && places.waiting > 0;
    cohort_page(&ctx, of, "courses/cohorts/manage", ctx.tr("cohort-manage-title", &[("title", of.cohort.title.clone().into())]))
        .wide()
        .render(json!({
            "heading": of.cohort.title,
            "status": state_status(&ctx, state),
            "lead": ctx.tr("cohort-manage-lead", &[
                ("course", course.into()),
                ("range", range(&ctx, &of.cohort.start_date, &of.cohort.end_date).into()),
            ]),
            "tabs": tabs(&ctx, of),
            "gaps": if manages && state.takes_people() { gaps(&ctx, of, &seen) } else { None },
            "facts": facts(&ctx, of, places),
            "settings": manages.then(|| Button::link(ctx.t("cohort-settings-button"), format!("{}/reglages", manage_href(of))).quiet().icon("settings")),
            "calendar": Button::link(ctx.t("cohort-calendar-download"), format!("{}/calendrier.ics", manage_href(of))).quiet().icon("calendar-plus").download(),
            "messages": Button::link(ctx.t("cohort-messages-button"), format!("/e/{}/gestion/messages/calendrier?groupe={}", of.space.slug, of.cohort.id)).quiet().icon("mail"),
            "weeks": weeks(&ctx, of, &seen.weeks),
            "tutors": tutors(&ctx, &seen),
            "tutors_button": manages.then(|| Button::link(ctx.t("cohort-tutors-button"), format!("{}/tuteurs", manage_href(of))).quiet().icon("user-plus")),
            "people": trainees::section(&ctx, of, &seen, manages),
            "seat": can_seat.then(|| Button::post(ctx.t("cohort-seat-button"), format!("{}/place", manage_href(of))).icon("user-plus")),
            "link": if manages && state.takes_people() { Some(link_section(&ctx, of)) } else { None },
            "end": manages.then(|| end_section(&ctx, of, state)).flatten(),
        }))
}

fn tabs(ctx: &Ctx, of: &CohortRef) -> Tabs {
    let id = of.cohort.id;
    Tabs {
        label: ctx.t("cohort-tabs"),
        items: vec![
            Link::new(ctx.t("cohort-tab-manage"), manage_href(of)).current(true),
            Link::new(ctx.t("cohort-tab-board"), format!("/groupe/{id}")),
            Link::new(ctx.t("cohort-tab-end"), format!("/groupe/{id}/bilan")),
        ],
    }
}

/// What is not ready, each with where it is dealt with.
fn gaps(ctx: &Ctx, of: &CohortRef, seen: &Seen) -> Option<Worklist> {
    let base = manage_href(of);
    let places = seen.places(of);
    let mut items = Vec::new();
    let mut gap = |count: i64, id: &str, href: String| {
        if count > 0 {
            let why = ctx.tr(&format!("cohort-gap-{id}-why"), &[("count", count.into())]);
            let title = ctx.tr(&format!("cohort-gap-{id}"), &[("count", count.into())]);
            items.push(WorkItem {
                title,
                href,
                why,
                ..WorkItem::default()
            });
        }
    };
    gap(
        i64::from(seen.tutors.is_empty()),
        "tutor",
        format!("{base}/tuteurs"),
    );
    gap(
        i64::from(places.active + places.waiting == 0),
        "trainee",
        format!("{base}/inscrire"),
    );
    let seatable = places.free().min(places.waiting);
    gap(seatable, "waiting", format!("{base}?liste=waiting#people"));
    let told = seen
        .active()
        .filter(|e| e.convened_at.is_none() && seen.has_address(e))
        .count() as i64;
    gap(told, "convene", format!("{base}#people"));
    let silent = seen.active().filter(|e| !seen.has_address(e)).count() as i64;
    gap(silent, "address", format!("{base}?liste=address#people"));
    (!items.is_empty()).then(|| Worklist {
        label: ctx.t("cohort-gaps-title"),
        items,
        empty: Empty::default(),
    })
}

fn facts(ctx: &Ctx, of: &CohortRef, places: Places) -> Facts {
    let cohort = &of.cohort;
    let taken = [
        ("taken", places.active.into()),
        ("places", cohort.capacity.into()),
    ];
    let free = ctx.tr("cohort-free-count", &[("count", places.free().into())]);
    let mut items = vec![
        Fact::new(
            ctx.t("cohort-fact-places"),
            format!("{} · {free}", ctx.tr("cohort-places", &taken)),
        )
        .icon("users"),
        Fact::new(
            ctx.t("cohort-fact-duration"),
            format::duration(i64::from(cohort.agreed_minutes), ctx.lang),
        )
        .icon("clock"),
        Fact::new(
            ctx.t("cohort-fact-answer"),
            answering_delay(&ctx.app, ctx.lang, cohort.answer_hours),
        )
        .icon("message"),
        Fact::new(ctx.t("cohort-fact-zone"), cohort.zone.clone()).icon("globe"),
    ];
    if let Some(at) = cohort.frozen_at {
        items.push(
            Fact::new(
                ctx.t("cohort-fact-frozen"),
                format::date(at, cohort.time().zone(), ctx.lang),
            )
            .icon("lock"),
        );
    }
    Facts {
        items,
        columns: true,
    }
}

fn weeks(ctx: &Ctx, of: &CohortRef, rows: &[WeekRow]) -> Vec<Value> {
    let day = of.cohort.time().today(ctx.now);
    let clock = zone_words(ctx.app.words(), ctx.lang, &of.cohort.zone);
    let weeks = rows.iter().map(|week| {
        let (opens, due) = (week.opens_on.parse::<Date>(), week.due_on.parse::<Date>());
        let status = match (opens, due) {
            (Ok(opens), _) if day < opens => Status::new(Tone::Locked, ctx.t("cohort-week-ahead")),
            (_, Ok(due)) if day > due => Status::new(Tone::Neutral, ctx.t("cohort-week-past")),
            _ => Status::new(Tone::InProgress, ctx.t("cohort-week-now")),
        };
        let count = [("count", week.activities.into()), ("time", format::duration(week.minutes, ctx.lang).into())];
        json!({
            "place": ctx.tr("cohort-week-number", &[("number", week.rank.into())]),
            "title": week.title,
            "status": status,
            "opens": ctx.tr("cohort-week-opens", &[("date", format::local_date(&week.opens_on, ctx.lang).into())]),
            "due": ctx.tr("cohort-week-due", &[("date", format::local_date(&week.due_on, ctx.lang).into()), ("zone", clock.clone().into())]),
            "content": ctx.tr("cohort-week-content", &count),
        })
    });
    weeks.collect()
}

fn tutors(ctx: &Ctx, seen: &Seen) -> Vec<String> {
    let mut cards: Vec<&PersonCard> = seen
        .tutors
        .iter()
        .filter_map(|id| seen.cards.get(id))
        .collect();
    cards.sort_by_key(|card| card.sort_name());
    let mut names: Vec<String> = cards.into_iter().map(PersonCard::name).collect();
    // A tutor who has left the space is not hidden.
    let unknown = seen.tutors.len() - names.len();
    names.extend(std::iter::repeat_n(ctx.t("cohort-person-unknown"), unknown));
    names
}

fn link_section(ctx: &Ctx, of: &CohortRef) -> Value {
    let action = format!("{}/lien", manage_href(of));
    let Some(code) = of.cohort.join_code.as_deref() else {
        let open = Button::post(ctx.t("cohort-link-open"), action)
            .hidden("geste", "ouvrir")
            .quiet()
            .icon("link");
        return json!({"text": ctx.t("cohort-link-closed-text"), "field": null, "open": open, "renew": null, "close": null});
    };
    let address = Field::text("join_link", ctx.t("cohort-link-field"))
        .value(public(&ctx.app, &format!("/rejoindre/{code}")))
        .width(Width::Full)
        .readonly();
    let renew = Confirm::quiet(
        "link-renew",
        ctx.t("cohort-link-renew"),
        ctx.t("cohort-link-renew-sentence"),
        action.clone(),
    )
    .consequence(ctx.t("cohort-link-renew-consequence"))
    .hidden("geste", "ouvrir")
    .submit(ctx.t("cohort-link-renew-submit"));
    let close = Button::post(ctx.t("cohort-link-close"), action)
        .hidden("geste", "fermer")
        .quiet()
        .icon("x");
    json!({"text": ctx.t("cohort-link-open-text"), "field": address, "open": null, "renew": renew, "close": close})
}

fn end_section(ctx: &Ctx, of: &CohortRef, state: CohortState) -> Option<Value> {
    let base = manage_href(of);
    match state {
        CohortState::Planned | CohortState::Running => {
            let cancel = Confirm::danger(
                "cancel",
                ctx.t("cohort-cancel-button"),
                ctx.tr(
                    "cohort-cancel-sentence",
                    &[("title", of.cohort.title.clone().into())],
                ),
                format!("{base}/annuler"),
            )
            .consequence(ctx.t("cohort-cancel-consequence-people"))
            .consequence(ctx.t("cohort-cancel-consequence-undo"))
            .submit(ctx.t("cohort-cancel-submit"));
            Some(
                json!({"title": ctx.t("cohort-cancel-title"), "text": null, "confirm": cancel, "button": null}),
            )
        }
        CohortState::Cancelled => {
            let restore = Button::post(ctx.t("cohort-restore-button"), format!("{base}/retablir"))
                .icon("undo");
            Some(
                json!({"title": ctx.t("cohort-cancelled-title"), "text": ctx.t("cohort-cancelled-text"),
                "confirm": null, "button": restore}),
            )
        }
        CohortState::Ended | CohortState::Certified => None,
    }
}

/// Opens, renews or closes the joining link.
pub async fn link(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let notice = match form.text("geste") {
        "ouvrir" => {
            open_link(&tx, &allowed).await?;
            "cohort-notice-link-open"
        }
        "fermer" => {
            close_link(&tx, &allowed).await?;
            "cohort-notice-link-closed"
        }
        _ => return Err(AppError::BadRequest("error-form")),
    };
    tx.commit().await?;
    Ok(ctx.redirect(
        &format!("{}#link", manage_href(allowed.object())),
        Some((NoticeKind::Success, notice)),
    ))
}

/// Gives a free place to whoever has waited longest.
pub async fn seat(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let seated = seat_first_waiting(&tx, &allowed).await?;
    tx.commit().await?;
    let notice = match seated {
        Some(_) => (NoticeKind::Success, "cohort-notice-seated"),
        None => (NoticeKind::Info, "cohort-notice-nobody-waits"),
    };
    Ok(ctx.redirect(&manage_href(allowed.object()), Some(notice)))
}

/// Sends joining instructions to whoever has not had them.
pub async fn convene_all(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    if !state_of(of).takes_people() {
        return Err(AppError::Conflict("cohort-error-closed"));
    }
    let mut enrolments = store::enrolments_of(ctx.app.db().read(), &of.cohort).await?;
    enrolments.retain(|e| e.convened_at.is_none());
    let done = convene(
        &ctx.app,
        &of.space,
        &of.cohort,
        &enrolments,
        allowed.actor(),
    )
    .await?;
    let notice = match (done.sent, done.without_address) {
        (0, 0) => (NoticeKind::Info, "cohort-notice-convened-none"),
        (0, _) => (NoticeKind::Warn, "cohort-notice-convened-no-address"),
        (_, 0) => (NoticeKind::Success, "cohort-notice-convened"),
        _ => (NoticeKind::Warn, "cohort-notice-convened-some"),
    };
    Ok(ctx.redirect(&manage_href(of), Some(notice)))
}

/// Gives the cohort up.
pub async fn cancel(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    cancel_cohort(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &manage_href(allowed.object()),
        Some((NoticeKind::Success, "cohort-notice-cancelled")),
    ))
}

/// Takes a cancelled cohort back.
pub async fn restore(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    restore_cohort(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &manage_href(allowed.object()),
        Some((NoticeKind::Success, "cohort-notice-restored")),
    ))
}
