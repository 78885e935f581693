//! Giving and taking back roles.

use axum::response::Response;
use passerelle_web::components::NoticeKind;
use passerelle_web::{Allowed, AppError, Ctx, Form, Role};

use super::address;
use crate::persons::commands::{PersonError, grant, revoke};
use crate::persons::policy::ManageRoles;

pub(super) async fn grant_role(
    ctx: Ctx,
    allowed: Allowed<ManageRoles>,
    form: Form,
) -> Result<Response, AppError> {
    let target = allowed.object();
    let Some(role) = Role::parse(form.text("role")) else {
        return Ok(ctx.redirect(
            &address(target),
            Some((NoticeKind::Error, "person-error-role")),
        ));
    };
    let tx = ctx.app.db().write().await?;
    grant(
        &tx,
        target.space.id,
        target.record.id,
        role,
        allowed.actor(),
    )
    .await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &address(target),
        Some((NoticeKind::Success, "person-role-given")),
    ))
}

pub(super) async fn revoke_role(
    ctx: Ctx,
    allowed: Allowed<ManageRoles>,
    form: Form,
) -> Result<Response, AppError> {
    let target = allowed.object();
    let role = Role::parse(form.text("role")).ok_or(AppError::BadRequest("person-error-role"))?;
    let tx = ctx.app.db().write().await?;
    match revoke(
        &tx,
        target.space.id,
        target.record.id,
        role,
        allowed.actor(),
    )
    .await
    {
        Ok(_) => {}
        Err(PersonError::LastAdministrator) => {
            let notice = Some((NoticeKind::Error, "person-error-last-administrator"));
            return Ok(ctx.redirect(&address(target), notice));
        }
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    Ok(ctx.redirect(
        &address(target),
        Some((NoticeKind::Success, "person-role-revoked")),
    ))
}
