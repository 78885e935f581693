//! One enrolment as those who manage it see it: send, extend, move, leave, come back.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use passerelle_kernel::Uuid;
use passerelle_web::components::{
    Button, ErrorSummary, Fact, Facts, Field, NoticeKind, Status, Tone,
};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;

use super::super::error::CohortError;
use super::super::model::{CohortState, EnrolState, LeaveCause};
use super::super::queries::elsewhere;
use super::super::{convening, extend as extend_to, leave as leave_for, move_to, undo_leave};
use super::enrolment_forms::{
    Errors, LONGEST_NOTE, Part, departure_form, extension_form, transfer_form,
};
use super::groups_href;
use crate::access::{EnrolmentRef, ManageEnrolment};

/// The page.
pub async fn page(ctx: Ctx, allowed: Allowed<ManageEnrolment>) -> Result<Response, AppError> {
    show(&ctx, &allowed, &Form::default(), &[]).await
}

pub(super) fn href(of: &EnrolmentRef) -> String {
    format!("/inscription/{}", of.enrolment.id)
}

async fn show(
    ctx: &Ctx,
    allowed: &Allowed<ManageEnrolment>,
    form: &Form,
    errors: Errors<'_>,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.space.id, &[of.enrolment.person_id])
        .await?;
    let card = cards.get(&of.enrolment.person_id);
    let name = card.map_or_else(|| ctx.t("cohort-person-unknown"), PersonCard::name);
    let state = EnrolState::parse(&of.enrolment.state).unwrap_or(EnrolState::Left);
    let open = CohortState::parse(&of.cohort.state).is_some_and(CohortState::takes_people);
    let others = if state == EnrolState::Left || !open {
        Vec::new()
    } else {
        elsewhere(
            ctx.app.db().read(),
            of.space.id,
            of.cohort.course_id,
            of.cohort.id,
        )
        .await?
    };
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let extension = (state == EnrolState::Active).then(|| extension_form(ctx, of, form, errors));
    let transfer = (!others.is_empty()).then(|| transfer_form(ctx, of, &others, errors));
    let departure = (state != EnrolState::Left).then(|| departure_form(ctx, of, form, errors));
    let all = [&extension, &transfer, &departure];
    let fields: Vec<Field> = all
        .into_iter()
        .flatten()
        .flat_map(|f| f.fields.clone())
        .collect();
    let can_send = state == EnrolState::Active && open && card.is_some_and(|c| c.email.is_some());
    let send = can_send.then(|| {
        let again = of.enrolment.convened_at.is_some();
        let label = ctx.t(if again {
            "cohort-convene-again"
        } else {
            "cohort-convene-one"
        });
        Button::post(label, format!("{}/convocation", href(of)))
            .quiet()
            .icon("send")
    });
    let back = format!("/groupe/{}/gestion", of.cohort.id);
    ctx.page("courses/cohorts/enrolment", ctx.tr("cohort-enrolment-title", &[("name", name.clone().into())]))
        .space(&of.space)
        .crumb(ctx.t("cohort-nav"), groups_href(&of.space))
        .crumb(of.cohort.title.clone(), back.clone())
        .status(status)
        .render(json!({
            "name": name,
            "status": person_status(ctx, state),
            "errors": ErrorSummary::of(&fields),
            "facts": facts(ctx, of, card),
            "note": of.enrolment.left_note,
            "send": send,
            "follow": Button::link(ctx.t("cohort-enrolment-follow"), format!("/suivi/{}", of.enrolment.id)).quiet().icon("chart"),
            "forms": all.into_iter().flatten().map(Part::data).collect::<Vec<_>>(),
            "undo": (state == EnrolState::Left && open).then(|| Button::post(ctx.t("cohort-undo-button"), format!("{}/retour", href(of))).icon("undo")),
            "undo_text": ctx.t("cohort-undo-text"),
            "back": Button::link(ctx.t("cohort-back"), back).quiet().icon("arrow-left"),
        }))
}

fn person_status(ctx: &Ctx, state: EnrolState) -> Status {
    let tone = match state {
        EnrolState::Active => Tone::Success,
        EnrolState::Waiting => Tone::Warn,
        EnrolState::Left => Tone::Neutral,
    };
    Status::new(tone, ctx.t(&format!("cohort-person-{}", state.code())))
}

fn facts(ctx: &Ctx, of: &EnrolmentRef, card: Option<&PersonCard>) -> Facts {
    let time = of.cohort.time();
    let e = &of.enrolment;
    let day = |at: i64| format::date(at, time.zone(), ctx.lang);
    let email = card
        .and_then(|c| c.email.clone())
        .unwrap_or_else(|| ctx.t("cohort-no-address"));
    let done = [
        ("count", e.done_count.into()),
        (
            "time",
            format::duration(i64::from(e.done_minutes), ctx.lang).into(),
        ),
    ];
    let mut items = vec![
        Fact::new(ctx.t("cohort-field-email"), email).icon("mail"),
        Fact::new(ctx.t("cohort-column-enrolled"), day(e.enrolled_at)).icon("calendar"),
        Fact::new(
            ctx.t("cohort-fact-source"),
            ctx.t(&format!("cohort-source-{}", e.source)),
        )
        .icon("log-in"),
        Fact::new(
            ctx.t("cohort-column-told"),
            e.convened_at.map_or_else(|| ctx.t("cohort-told-no"), day),
        )
        .icon("send"),
        Fact::new(ctx.t("cohort-column-done"), ctx.tr("cohort-done", &done)).icon("list-checks"),
    ];
    if let Some(to) = &e.extended_to {
        items.push(
            Fact::new(
                ctx.t("cohort-fact-extended"),
                format::local_date(to, ctx.lang),
            )
            .icon("hourglass"),
        );
    }
    if let (Some(at), Some(cause)) = (
        e.left_at,
        e.left_cause.as_deref().and_then(LeaveCause::parse),
    ) {
        items.push(Fact::new(ctx.t("cohort-fact-left"), day(at)).icon("log-out"));
        items.push(
            Fact::new(
                ctx.t("cohort-column-cause"),
                ctx.t(&format!("cohort-cause-{}", cause.code())),
            )
            .icon("info"),
        );
    }
    Facts {
        items,
        columns: true,
    }
}

/// Sends joining instructions to this person, once more if need be.
pub async fn convene(ctx: Ctx, allowed: Allowed<ManageEnrolment>) -> Result<Response, AppError> {
    let of = allowed.object();
    if !CohortState::parse(&of.cohort.state).is_some_and(CohortState::takes_people) {
        return Err(AppError::Conflict("cohort-error-closed"));
    }
    let one = std::slice::from_ref(&of.enrolment);
    let done = convening::convene(&ctx.app, &of.space, &of.cohort, one, allowed.actor()).await?;
    let notice = match (done.sent, done.without_address) {
        (0, 0) => (NoticeKind::Warn, "cohort-error-changed"),
        (0, _) => (NoticeKind::Warn, "cohort-notice-convened-no-address"),
        _ => (NoticeKind::Success, "cohort-notice-convened-one"),
    };
    Ok(ctx.redirect(&href(of), Some(notice)))
}

/// Gives until another date, or takes it back.
pub async fn extend(
    ctx: Ctx,
    allowed: Allowed<ManageEnrolment>,
    form: Form,
) -> Result<Response, AppError> {
    let to = form.optional("to").map(str::parse::<Date>).transpose();
    let Ok(to) = to else {
        return show(&ctx, &allowed, &form, &[("to", "cohort-error-date")]).await;
    };
    let tx = ctx.app.db().write().await?;
    match extend_to(&tx, &allowed, to).await {
        Ok(()) => {}
        Err(CohortError::BadDate) => {
            tx.rollback().await?;
            return show(&ctx, &allowed, &form, &[("to", "cohort-error-date")]).await;
        }
        Err(other) => return Err(other.into()),
    }
    tx.commit().await?;
    let notice = if to.is_some() {
        "cohort-notice-extended"
    } else {
        "cohort-notice-extension-removed"
    };
    Ok(ctx.redirect(&href(allowed.object()), Some((NoticeKind::Success, notice))))
}

/// Moves to another cohort of the course.
pub async fn transfer(
    ctx: Ctx,
    allowed: Allowed<ManageEnrolment>,
    form: Form,
) -> Result<Response, AppError> {
    let Ok(to) = form.text("cohort").parse::<Uuid>() else {
        return show(
            &ctx,
            &allowed,
            &form,
            &[("cohort", "cohort-field-cohort-error")],
        )
        .await;
    };
    let tx = ctx.app.db().write().await?;
    let id = match move_to(&tx, &allowed, to).await {
        Ok(id) => id,
        Err(CohortError::Full) => {
            tx.rollback().await?;
            return show(&ctx, &allowed, &form, &[("cohort", "cohort-error-full")]).await;
        }
        Err(other) => return Err(other.into()),
    };
    tx.commit().await?;
    Ok(ctx.redirect(
        &format!("/inscription/{id}"),
        Some((NoticeKind::Success, "cohort-notice-moved")),
    ))
}

/// Leaves, with a cause.
pub async fn leave(
    ctx: Ctx,
    allowed: Allowed<ManageEnrolment>,
    form: Form,
) -> Result<Response, AppError> {
    let cause = LeaveCause::CHOICES
        .into_iter()
        .find(|cause| cause.code() == form.text("cause"));
    let note = form.optional("note");
    let mut errors = Vec::new();
    if cause.is_none() {
        errors.push(("cause", "cohort-field-cause-error"));
    }
    if note.map_or(0, |note| note.chars().count()) > LONGEST_NOTE as usize
        || (cause == Some(LeaveCause::Other) && note.is_none())
    {
        errors.push(("note", "cohort-field-note-error"));
    }
    let (Some(cause), true) = (cause, errors.is_empty()) else {
        return show(&ctx, &allowed, &form, &errors).await;
    };
    let tx = ctx.app.db().write().await?;
    leave_for(&tx, &allowed, cause, note).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &href(allowed.object()),
        Some((NoticeKind::Success, "cohort-notice-left")),
    ))
}

/// Undoes a departure.
pub async fn undo(ctx: Ctx, allowed: Allowed<ManageEnrolment>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    undo_leave(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &href(allowed.object()),
        Some((NoticeKind::Success, "cohort-notice-returned")),
    ))
}
