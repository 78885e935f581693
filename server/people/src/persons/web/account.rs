//! What managers do with somebody's account.

use axum::response::Response;
use passerelle_kernel::WriteTx;
use passerelle_web::components::NoticeKind;
use passerelle_web::{Allowed, AppError, Ctx, Form};

use super::address;
use crate::accounts::commands::{self, AccountError, NewAccount, create_account};
use crate::accounts::mail::{self, Addressee};
use crate::accounts::store::Purpose;
use crate::persons::model::AccountState;
use crate::persons::policy::{ManageAccount, PersonInSpace};

pub(super) async fn create(
    ctx: Ctx,
    allowed: Allowed<ManageAccount>,
    form: Form,
) -> Result<Response, AppError> {
    let target = allowed.object();
    let new = NewAccount {
        identifier: form.text("identifier").to_owned(),
        password_hash: None,
    };
    if target.record.is_shared() {
        return Err(AccountError::Shared.into());
    }
    let tx = ctx.app.db().write().await?;
    let notice =
        match create_account(&tx, target.space.id, target.record.id, new, allowed.actor()).await {
            Ok(_) => {
                tx.commit().await?;
                (NoticeKind::Success, "person-account-created")
            }
            Err(AccountError::Identifier(_)) => (NoticeKind::Error, "account-error-identifier"),
            Err(AccountError::IdentifierTaken(_)) => {
                (NoticeKind::Error, "account-error-identifier-taken")
            }
            Err(error) => return Err(error.into()),
        };
    Ok(ctx.redirect(&address(target), Some(notice)))
}

pub(super) async fn invite(
    ctx: Ctx,
    allowed: Allowed<ManageAccount>,
) -> Result<Response, AppError> {
    let target = allowed.object();
    let tx = ctx.app.db().write().await?;
    let sent = send_invitation(&ctx, &tx, &allowed).await?;
    tx.commit().await?;
    let notice = if sent {
        (NoticeKind::Success, "person-invited")
    } else {
        (NoticeKind::Error, "person-error-unreachable")
    };
    Ok(ctx.redirect(&address(target), Some(notice)))
}

/// Sends the link to the address that can be trusted, with the rest of the write; false when there
/// is none.
pub(super) async fn send_invitation(
    ctx: &Ctx,
    tx: &WriteTx,
    allowed: &Allowed<ManageAccount>,
) -> Result<bool, AppError> {
    let PersonInSpace { space, record } = allowed.object();
    let (Some(to), Some(identifier)) = (record.trusted_address(), &record.identifier) else {
        return Ok(false);
    };
    let first = record.account == AccountState::Waiting;
    let purpose = if first {
        Purpose::Invitation
    } else {
        Purpose::Password
    };
    let token = ctx.app.env().token();
    let name = record.name();
    let to = Addressee {
        address: &to,
        name: &name,
        identifier,
        lang: record.lang,
    };
    let mail = mail::write(&ctx.app, Some(space), purpose, to, &token)?;
    commands::invite(tx, allowed, &token, purpose, &mail).await?;
    Ok(true)
}

pub(super) async fn disable(
    ctx: Ctx,
    allowed: Allowed<ManageAccount>,
) -> Result<Response, AppError> {
    if allowed.person() == Some(allowed.object().record.id) {
        let notice = Some((NoticeKind::Error, "person-error-own-account"));
        return Ok(ctx.redirect(&address(allowed.object()), notice));
    }
    let tx = ctx.app.db().write().await?;
    commands::disable(&tx, &allowed, ctx.app.registry()).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &address(allowed.object()),
        Some((NoticeKind::Success, "person-account-closed")),
    ))
}

pub(super) async fn enable(
    ctx: Ctx,
    allowed: Allowed<ManageAccount>,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    commands::enable(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &address(allowed.object()),
        Some((NoticeKind::Success, "person-account-reopened")),
    ))
}
