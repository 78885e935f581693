//! One's own account: name, language, password, sessions.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;
use passerelle_web::components::{
    Button, Cell, Choice, Column, Confirm, ErrorSummary, Field, FieldKind, NoticeKind, Row, Status,
    Table, Tone,
};
use passerelle_web::directory::{tell_renamed, tell_shut_out};
use passerelle_web::mail::send;
use passerelle_web::{Allowed, AppError, Ctx, Form, Lang, format};
use serde_json::json;

use super::super::mail::{self, Addressee};
use super::super::model::{LINK_LIFETIME, trusted_address};
use super::super::sessions::{self, Client};
use super::super::sign_in::{Attempt, Changed, change_password, charge_link};
use super::super::store::{self, AccountRow, NewLink, OwnSession, Purpose};
use super::invitation::new_password_fields;
use super::{OwnAccount, accounts, minutes};
use crate::persons::commands::edit_own;
use crate::persons::model::PersonDraft;
use crate::spaces::legal::home;

/// What is wrong with what was sent.
#[derive(Default)]
struct Errors {
    profile: Vec<(&'static str, &'static str)>,
    current: Option<String>,
    password: [Option<String>; 2],
}

pub(super) async fn page(ctx: Ctx, me: Allowed<OwnAccount>) -> Result<Response, AppError> {
    let account = own(&ctx, &me).await?;
    show(&ctx, &me, &account, &draft(&account), Errors::default()).await
}

pub(super) async fn profile(
    ctx: Ctx,
    me: Allowed<OwnAccount>,
    form: Form,
) -> Result<Response, AppError> {
    let account = own(&ctx, &me).await?;
    let sent = PersonDraft::parse(&form);
    let problems = sent.problems();
    if !problems.is_empty() {
        return show(
            &ctx,
            &me,
            &account,
            &sent,
            Errors {
                profile: problems,
                ..Errors::default()
            },
        )
        .await;
    }
    let tx = ctx.app.db().write().await?;
    let before = (
        account.given_name.as_str(),
        account.family_name.as_str(),
        account.language(),
    );
    edit_own(&tx, account.person_id, before, &sent).await?;
    tell_renamed(ctx.app.registry(), &tx, account.person_id).await?;
    tx.commit().await?;
    // The language of this browser follows.
    let to = format!("/langue/{}?retour=/mon-compte", sent.lang.code());
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "account-profile-saved"))))
}

pub(super) async fn password(
    ctx: Ctx,
    me: Allowed<OwnAccount>,
    client: Client,
    form: Form,
) -> Result<Response, AppError> {
    let account = own(&ctx, &me).await?;
    let new = form.raw("password");
    let mut errors = Errors::default();
    if new == form.raw("again") {
        let attempt = Attempt {
            identifier: &account.identifier,
            password: form.raw("current"),
            client: &client,
        };
        let hasher = &accounts(&ctx.app)?.hasher;
        match change_password(ctx.app.db(), hasher, &attempt, new, &me.object().0.session).await? {
            Changed::Done(_) => {
                return Ok(ctx.redirect(
                    "/mon-compte",
                    Some((NoticeKind::Success, "account-password-saved")),
                ));
            }
            Changed::Wrong => errors.current = Some(ctx.t("account-error-current")),
            Changed::Wait(until) => {
                errors.current = Some(ctx.tr(
                    "account-error-wait",
                    &[("minutes", minutes(&ctx, until).into())],
                ));
            }
            Changed::Password(problem) => errors.password[0] = Some(ctx.t(problem)),
        }
    } else {
        errors.password[1] = Some(ctx.t("account-error-password-differ"));
    }
    show(&ctx, &me, &account, &draft(&account), errors).await
}

/// For who has no password, or has forgotten it.
pub(super) async fn password_link(
    ctx: Ctx,
    me: Allowed<OwnAccount>,
    client: Client,
) -> Result<Response, AppError> {
    let account = own(&ctx, &me).await?;
    let db = ctx.app.db();
    let known = store::addresses(db.read(), &[account.person_id]).await?;
    let known: Vec<_> = known.into_iter().map(|(_, address)| address).collect();
    let Some(address) = trusted_address(&account.identifier, &known) else {
        return Ok(ctx.redirect(
            "/mon-compte",
            Some((NoticeKind::Error, "account-error-no-address")),
        ));
    };
    let token = db.env().token();
    let name = account.name();
    let to = Addressee {
        address: &address,
        name: &name,
        identifier: &account.identifier,
        lang: ctx.lang,
    };
    let mail = mail::write(
        &ctx.app,
        home(&ctx).await?.as_deref(),
        Purpose::Password,
        to,
        &token,
    )?;
    let tx = db.write().await?;
    if charge_link(&tx, &account.identifier, &client)
        .await?
        .is_some()
    {
        return Err(AppError::TooMany);
    }
    let (purpose, lifetime) = (Purpose::Password, LINK_LIFETIME);
    store::insert_link(
        &tx,
        NewLink {
            token: &token,
            account: account.id,
            purpose,
            next: Some("/mon-compte"),
            lifetime,
        },
    )
    .await?;
    send(&tx, &mail).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        "/mon-compte",
        Some((NoticeKind::Success, "account-password-link-sent")),
    ))
}

pub(super) async fn leave_everywhere(
    ctx: Ctx,
    me: Allowed<OwnAccount>,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    store::end_all(&tx, me.object().0.account, None).await?;
    if let Some(person) = ctx.who.person() {
        tell_shut_out(ctx.app.registry(), &tx, person).await?;
    }
    tx.commit().await?;
    let response = ctx.redirect(
        "/connexion",
        Some((NoticeKind::Success, "account-signed-out-everywhere")),
    );
    Ok(sessions::forget(&ctx, response))
}

async fn own(ctx: &Ctx, me: &Allowed<OwnAccount>) -> Result<AccountRow, AppError> {
    store::by_id(ctx.app.db().read(), me.object().0.account)
        .await?
        .ok_or(AppError::NotFound)
}

fn draft(account: &AccountRow) -> PersonDraft {
    PersonDraft {
        given_name: account.given_name.clone(),
        family_name: account.family_name.clone(),
        lang: account.language(),
        ..PersonDraft::default()
    }
}

async fn show(
    ctx: &Ctx,
    me: &Allowed<OwnAccount>,
    account: &AccountRow,
    sent: &PersonDraft,
    errors: Errors,
) -> Result<Response, AppError> {
    let sessions = store::sessions(ctx.app.db().read(), account.id, ctx.now).await?;
    let space = home(ctx).await?;
    let profile = profile_fields(ctx, sent, &errors.profile);
    let mut password = vec![
        Field::new(
            FieldKind::Password,
            "current",
            ctx.t("account-password-current"),
        )
        .required()
        .autocomplete("current-password")
        .error(errors.current),
    ];
    password.extend(new_password_fields(ctx, errors.password));
    let summary = ErrorSummary::of(profile.iter().chain(&password));
    let status = if summary.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let zone = space
        .as_deref()
        .map_or(TimeZone::UTC, passerelle_web::context::zone);
    let everywhere = Confirm::quiet(
        "everywhere",
        ctx.t("account-everywhere"),
        ctx.t("account-everywhere-sentence"),
        "/mon-compte/deconnecter-partout",
    )
    .consequence(ctx.t("account-everywhere-consequence"))
    .submit(ctx.t("account-everywhere-do"))
    .icon("log-out");
    let elsewhere = match super::sign_in::elsewhere(&ctx.app) {
        Some(entry) => entry.own_page(ctx).await?,
        None => None,
    };
    let elsewhere = elsewhere.map(|address| {
        Button::link(ctx.t("account-elsewhere-manage"), address)
            .quiet()
            .icon("link")
    });
    let page = ctx
        .page("people/accounts/mine", ctx.t("account-mine-title"))
        .status(status);
    let page = match &space {
        Some(space) => page.space(space),
        None => page,
    };
    page.render(json!({
        "identifier": account.identifier,
        "has_password": account.password_hash.is_some(),
        "errors": summary,
        "profile": profile,
        "profile_submit": Button::submit(ctx.t("account-profile-save")).icon("save"),
        "password": password,
        "password_submit": Button::submit(ctx.t("account-password-change")).quiet().icon("key"),
        "password_link": Button::post(ctx.t("account-password-link"), "/mon-compte/mot-de-passe/lien").quiet().icon("mail"),
        "elsewhere": elsewhere,
        "sessions": session_table(ctx, &sessions, &me.object().0.session, &zone),
        "everywhere": everywhere,
    }))
}

fn profile_fields(ctx: &Ctx, sent: &PersonDraft, problems: &[(&str, &str)]) -> Vec<Field> {
    let error = |name: &str| {
        problems
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, message)| ctx.t(message))
    };
    vec![
        Field::text("given_name", ctx.t("person-given-name"))
            .value(&sent.given_name)
            .required()
            .autocomplete("given-name")
            .error(error("given_name")),
        Field::text("family_name", ctx.t("person-family-name"))
            .help(ctx.t("account-name-help"))
            .value(&sent.family_name)
            .required()
            .autocomplete("family-name")
            .error(error("family_name")),
        Field::new(FieldKind::Radio, "lang", ctx.t("person-lang"))
            .value(sent.lang.code())
            .options(Lang::ALL.map(|lang| Choice::new(lang.code(), lang.own_name()))),
    ]
}

fn session_table(ctx: &Ctx, sessions: &[OwnSession], current: &[u8], zone: &TimeZone) -> Table {
    let rows = sessions.iter().map(|session| {
        let device = if session.device.is_empty() {
            ctx.t("account-device-unknown")
        } else {
            session.device.clone()
        };
        let here = session.token_hash == current;
        let seen = if here {
            Cell::status(Status::new(Tone::Success, ctx.t("account-session-here")))
        } else {
            Cell::text(format::relative(session.seen_at, ctx.now, zone, ctx.lang))
        };
        Row::new(
            Cell::text(device),
            [
                seen,
                Cell::text(format::datetime(session.created_at, zone, ctx.lang)),
            ],
        )
    });
    let columns = [
        "account-session-device",
        "account-session-seen",
        "account-session-since",
    ];
    Table::new(
        "sessions",
        ctx.t("account-sessions-caption"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
}
