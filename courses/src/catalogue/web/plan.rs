//! Weeks, order and rule of a course: small forms of its page.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::access::Params;
use passerelle_web::components::{Choice, Field, FieldKind};
use passerelle_web::{Allowed, AppError, Ctx, Form};

use super::super::commands;
use super::super::error::CatalogueError;
use super::super::order::Direction;
use super::course::{Open, render};
use super::{back, course_path, done, revision};
use crate::access::EditCourse;
use crate::progress::model::CourseRule;

pub(super) async fn add_week(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    form: Form,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let (title, summary) = (
        form.text("title"),
        form.text("summary").replace("\r\n", "\n"),
    );
    match commands::add_week(&tx, &allowed, revision(&form), title, &summary).await {
        Ok(id) => {
            tx.commit().await?;
            back(
                &ctx,
                allowed.object(),
                &format!("#semaine-{id}"),
                Ok(()),
                "catalogue-week-added",
            )
        }
        Err(error) => {
            tx.rollback().await?;
            week_again(&ctx, &allowed, None, form, error).await
        }
    }
}

pub(super) async fn save_week(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let week = params.id("week")?;
    let tx = ctx.app.db().write().await?;
    let summary = form.text("summary").replace("\r\n", "\n");
    match commands::save_week(
        &tx,
        &allowed,
        revision(&form),
        week,
        (form.text("title"), &summary),
    )
    .await
    {
        Ok(()) => {
            tx.commit().await?;
            back(
                &ctx,
                allowed.object(),
                &format!("#semaine-{week}"),
                Ok(()),
                "catalogue-week-saved",
            )
        }
        Err(error) => {
            tx.rollback().await?;
            week_again(&ctx, &allowed, Some(week), form, error).await
        }
    }
}

/// The form of a week comes back as it was typed.
async fn week_again(
    ctx: &Ctx,
    allowed: &Allowed<EditCourse>,
    week: Option<uuid::Uuid>,
    form: Form,
    error: CatalogueError,
) -> Result<Response, AppError> {
    let revision = revision(&form);
    let (status, message, conflict) = match error {
        CatalogueError::Invalid(_, message) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(ctx.t(message)),
            false,
        ),
        CatalogueError::Stale => (StatusCode::CONFLICT, None, true),
        other => return Err(other.into()),
    };
    let open = Open {
        week: Some((week, form, message)),
        conflict,
        revision,
        ..Open::default()
    };
    render(ctx, allowed.object(), open, status).await
}

pub(super) async fn move_week(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let week = params.id("week")?;
    let direction =
        Direction::parse(form.text("direction")).ok_or(AppError::BadRequest("error-form"))?;
    let tx = ctx.app.db().write().await?;
    let result = commands::shift_week(&tx, &allowed, revision(&form), week, direction).await;
    finish(tx, &result).await?;
    back(
        &ctx,
        allowed.object(),
        &format!("#semaine-{week}"),
        result,
        "catalogue-moved",
    )
}

pub(super) async fn remove_week(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let week = params.id("week")?;
    let tx = ctx.app.db().write().await?;
    let result = commands::remove_week(&tx, &allowed, revision(&form), week).await;
    finish(tx, &result).await?;
    back(&ctx, allowed.object(), "", result, "catalogue-week-removed")
}

pub(super) async fn move_activity(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let activity = params.id("activity")?;
    let direction =
        Direction::parse(form.text("direction")).ok_or(AppError::BadRequest("error-form"))?;
    let tx = ctx.app.db().write().await?;
    let result =
        commands::shift_activity(&tx, &allowed, revision(&form), activity, direction).await;
    finish(tx, &result).await?;
    back(
        &ctx,
        allowed.object(),
        &format!("#activite-{activity}"),
        result,
        "catalogue-moved",
    )
}

pub(super) async fn remove_activity(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let activity = params.id("activity")?;
    let tx = ctx.app.db().write().await?;
    let result = commands::remove_activity(&tx, &allowed, revision(&form), activity).await;
    finish(tx, &result).await?;
    match result {
        // The page itself says it, with the way back.
        Ok(()) => Ok(ctx.redirect(
            &format!("{}?retiree={activity}", course_path(allowed.object())),
            None,
        )),
        error => back(&ctx, allowed.object(), "", error, "catalogue-moved"),
    }
}

pub(super) async fn restore_activity(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
) -> Result<Response, AppError> {
    let activity = params.id("activity")?;
    let tx = ctx.app.db().write().await?;
    let result = commands::restore_activity(&tx, &allowed, activity).await;
    finish(tx, &result).await?;
    back(
        &ctx,
        allowed.object(),
        &format!("#activite-{activity}"),
        result,
        "catalogue-restored",
    )
}

/// Commits what went well; the rest leaves no trace.
pub(super) async fn finish<T>(
    tx: passerelle_kernel::WriteTx,
    result: &Result<T, CatalogueError>,
) -> Result<(), AppError> {
    if result.is_ok() {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(())
}

pub(super) async fn rule(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    form: Form,
) -> Result<Response, AppError> {
    let revision = revision(&form);
    let Some(rule) = read_rule(&form) else {
        let open = Open {
            rule: Some((form, Some(ctx.t("catalogue-error-course-rule")))),
            revision,
            ..Open::default()
        };
        return render(
            &ctx,
            allowed.object(),
            open,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let tx = ctx.app.db().write().await?;
    let result = commands::save_rule(&tx, &allowed, revision, rule).await;
    finish(tx, &result).await?;
    match result {
        Ok(()) => Ok(ctx.redirect(
            &format!("{}#regle", course_path(allowed.object())),
            done("catalogue-rule-saved"),
        )),
        Err(CatalogueError::Stale) => {
            let open = Open {
                rule: Some((form, None)),
                conflict: true,
                ..Open::default()
            };
            render(&ctx, allowed.object(), open, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

fn read_rule(form: &Form) -> Option<CourseRule> {
    let number = |name: &str, most: i64| {
        form.number(name)
            .filter(|n| (1..=most).contains(n))
            .and_then(|n| u32::try_from(n).ok())
    };
    match form.text("rule") {
        "all" => Some(CourseRule::All),
        "count" => number("count", 1_000).map(|at_least| CourseRule::Count { at_least }),
        "share" => number("share", 100).map(|percent| CourseRule::Share {
            at_least: percent * 100,
        }),
        _ => None,
    }
}

/// The three fields of the course's rule, as stored or as typed.
pub(super) fn rule_field(
    ctx: &Ctx,
    stored: CourseRule,
    form: Option<&Form>,
    error: Option<String>,
) -> [Field; 3] {
    let (code, count, share) = match (form, stored) {
        (Some(form), _) => (
            form.text("rule").to_owned(),
            form.text("count").to_owned(),
            form.text("share").to_owned(),
        ),
        (None, CourseRule::All) => ("all".to_owned(), String::new(), String::new()),
        (None, CourseRule::Count { at_least }) => {
            ("count".to_owned(), at_least.to_string(), String::new())
        }
        (None, CourseRule::Share { at_least }) => (
            "share".to_owned(),
            String::new(),
            (at_least / 100).to_string(),
        ),
    };
    let choice = |code: &str| Choice::new(code, ctx.t(&format!("catalogue-choice-course-{code}")));
    [
        Field::new(
            FieldKind::Radio,
            "rule",
            ctx.t("catalogue-field-course-rule"),
        )
        .id("field-course-rule")
        .value(code)
        .options(["all", "count", "share"].map(choice))
        .error(error),
        Field::new(FieldKind::Number, "count", ctx.t("catalogue-field-count"))
            .value(count)
            .between(1, 1_000),
        Field::new(FieldKind::Number, "share", ctx.t("catalogue-field-share"))
            .value(share)
            .unit("%")
            .between(1, 100),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_needs_its_number() {
        let read = |pairs: &[(&str, &str)]| read_rule(&Form::from_pairs(pairs.iter().copied()));
        assert_eq!(read(&[("rule", "all")]), Some(CourseRule::All));
        assert_eq!(
            read(&[("rule", "count"), ("count", "3")]),
            Some(CourseRule::Count { at_least: 3 })
        );
        assert_eq!(
            read(&[("rule", "share"), ("share", "80")]),
            Some(CourseRule::Share { at_least: 8_000 })
        );
        for wrong in [
            &[("rule", "count")][..],
            &[("rule", "share"), ("share", "101")],
            &[("rule", "count"), ("count", "0")],
            &[],
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
