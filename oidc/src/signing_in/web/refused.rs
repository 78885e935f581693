//! A sign-in that stops: what the person can do, and why, for the administrators.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, Notice, NoticeKind};
use passerelle_web::{AppError, Ctx};
use serde_json::json;

use crate::protocol::Refused;
use crate::providers::model::{Event, Provider};
use crate::providers::store::put_event;
use crate::signing_in::commands::Barred;

/// Characters of a reason at most.
const MAX_DETAIL: usize = 300;

/// Why a sign-in stops.
#[derive(Debug)]
pub(super) enum Why {
    /// The provider, or what it said.
    Refused(Refused),
    /// The person may not come in so.
    Barred(Barred),
    /// It was not begun in this browser, or too long ago, or somewhere else.
    NotBegun,
    /// The person said no there.
    Denied,
    /// The provider says that it does not work.
    There(String),
}

impl From<Refused> for Why {
    fn from(error: Refused) -> Self {
        Self::Refused(error)
    }
}

impl From<Barred> for Why {
    fn from(error: Barred) -> Self {
        Self::Barred(error)
    }
}

impl From<AppError> for Why {
    fn from(error: AppError) -> Self {
        Self::Barred(Barred::App(error))
    }
}

/// The page that says so, with a reference that the provider's page here explains.
pub(super) async fn page(ctx: &Ctx, provider: &Provider, why: Why) -> Result<Response, AppError> {
    // What is kept has its word in each language; the log has the sentence.
    let (code, logged, detail) = match why {
        Why::Barred(Barred::App(error)) => return Err(error),
        Why::Refused(error) => (error.code(), error.to_string(), error.section().to_owned()),
        Why::Barred(barred) => (barred.code(), barred.to_string(), String::new()),
        Why::NotBegun => ("not-begun", String::new(), "RFC 6749, 10.12".to_owned()),
        Why::Denied => ("denied", String::new(), String::new()),
        Why::There(error) => {
            let detail = format!("« {error} », Core 1.0, 3.1.2.6");
            ("there", error, detail)
        }
    };
    let plain = |text: String| -> String {
        let plain = text.chars().filter(|c| !c.is_control());
        plain.take(MAX_DETAIL).collect()
    };
    let (detail, logged) = (plain(detail), plain(logged));
    let reference = ctx.app.env().label();
    tracing::warn!(provider = %provider.id, code, logged, reference, "a sign-in elsewhere is refused");
    // Anybody can come back without having left: that is in the log, and pushes nothing out.
    let is_kept = code != "not-begun";
    if is_kept {
        let tx = ctx.app.db().write().await?;
        let event = event(ctx, code, detail, reference.clone());
        put_event(&tx, provider.id, &event).await?;
        tx.commit().await?;
    }
    // What the person can do themselves has its own sentence; the rest is for an administrator.
    let sentence = match code {
        "not-begun" | "sign-in-here" | "account-closed" | "other-space" | "taken"
        | "unreachable" => {
            format!("oidc-refused-{code}")
        }
        _ => "oidc-refused-other".to_owned(),
    };
    let name = [("name", provider.name.as_str().into())];
    let told = Notice::new(NoticeKind::Error, ctx.tr(&sentence, &name));
    let again = super::sign_in_page(ctx, provider, "").await?;
    let again = Button::link(ctx.t("oidc-refused-again"), again).icon("log-in");
    let space = ctx
        .app
        .directory()
        .space(ctx.app.db(), provider.space)
        .await?;
    let page = ctx.page(
        "oidc/signing_in/refused",
        ctx.tr("oidc-refused-title", &name),
    );
    let page = match &space {
        Some(space) => page.space(space),
        None => page,
    };
    page.status(StatusCode::FORBIDDEN).render(json!({
        "told": told,
        // A reference that no page here shows would lead nowhere.
            "tell": is_kept.then(|| ctx.tr("oidc-refused-tell", &[("reference", reference.into())])),
        "again": again,
    }))
}

/// How a sign-in went, now.
pub(super) fn event(ctx: &Ctx, outcome: &str, detail: String, reference: String) -> Event {
    Event {
        outcome: outcome.to_owned(),
        detail,
        reference,
        at: ctx.now,
    }
}
