//! Access tokens for tools, against an assertion that they sign (Security Framework 1.0, 4.1).

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Micros;
use passerelle_kernel::env::{HOUR, SECOND, token_hash};
use passerelle_lti_protocol::{AnswerError, KeySet, check_assertion, claimed_issuer};
use passerelle_outgoing::OutgoingError;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::json;
use url::Url;

use super::{media, store};
use crate::keys::{Signer, checked};
use crate::reasons::Reason;
use crate::tools::model::{Ours, Tool, ToolCall};
use crate::tools::store::{put_call, tool_of_client};

/// How long a token may be used.
const LIFE: Micros = HOUR;

/// Why no token is given; RFC 6749, 5.2.
#[derive(Debug, thiserror::Error)]
enum NoToken {
    #[error("grant_type must be client_credentials")]
    Grant,
    #[error("client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer")]
    AssertionType,
    #[error("the client is unknown or closed")]
    Client,
    #[error("the keys of the client: {0}")]
    Keys(OutgoingError),
    #[error(transparent)]
    Assertion(#[from] AnswerError),
    #[error("the assertion was used before (RFC 7523, 3)")]
    Replayed,
    #[error("none of the scopes asked for is granted to this tool")]
    Scope,
    #[error(transparent)]
    App(#[from] AppError),
}

impl NoToken {
    fn reason(&self) -> Reason {
        match self {
            Self::Grant => Reason::new("grant"),
            Self::AssertionType => Reason::new("assertion-type"),
            Self::Client => Reason::new("client"),
            Self::Keys(error) => Reason::from(error).asking("keys"),
            Self::Assertion(error) => error.into(),
            Self::Replayed => Reason::new("replayed"),
            Self::Scope => Reason::new("scope"),
            Self::App(_) => Reason::new("ours"),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Grant => "unsupported_grant_type",
            Self::AssertionType => "invalid_request",
            Self::Scope => "invalid_scope",
            _ => "invalid_client",
        }
    }
}

/// `POST /lti/jeton`.
pub(super) async fn give(ctx: Ctx, form: Form) -> Result<Response, AppError> {
    let (tool, error) = match token(&ctx, &form).await {
        Ok((token, scopes)) => {
            let seconds = LIFE / SECOND;
            let body = json!({
                "access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": scopes,
            });
            let body = body.to_string();
            return Ok(media(StatusCode::OK, "application/json", body));
        }
        Err((_, NoToken::App(error))) => return Err(error),
        Err(refused) => refused,
    };
    if let Some(tool) = tool {
        let tx = ctx.app.db().write().await?;
        let call = ToolCall {
            kind: "token",
            refused: Some(error.reason()),
        };
        put_call(&tx, tool.id, &call).await?;
        tx.commit().await?;
    }
    let status = match error.code() {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    let body = json!({"error": error.code(), "error_description": error.to_string()}).to_string();
    Ok(media(status, "application/json", body))
}

type Failed = (Option<Tool>, NoToken);

async fn token(ctx: &Ctx, form: &Form) -> Result<(String, String), Failed> {
    if form.text("grant_type") != "client_credentials" {
        return Err((None, NoToken::Grant));
    }
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if form.text("client_assertion_type") != kind {
        return Err((None, NoToken::AssertionType));
    }
    let assertion = form.raw("client_assertion");
    let client = claimed_issuer(assertion).unwrap_or_default();
    let tool = tool_of_client(ctx.app.db().read(), &client)
        .await
        .map_err(|error| (None, AppError::from(error).into()))?
        .filter(|tool| tool.closed_at.is_none())
        .ok_or((None, NoToken::Client))?;
    match granted(ctx, form, assertion, &tool).await {
        Ok(granted) => Ok(granted),
        Err(error) => Err((Some(tool), error)),
    }
}

async fn granted(
    ctx: &Ctx,
    form: &Form,
    assertion: &str,
    tool: &Tool,
) -> Result<(String, String), NoToken> {
    let address = Url::parse(&tool.data.jwks_uri).map_err(AppError::internal)?;
    let ours = Ours::of(&ctx.app.settings().public_url);
    let audiences = [ours.token.as_str(), ours.issuer.as_str()];
    let now = ctx.now / SECOND;
    let signer = Signer {
        id: tool.id,
        address: &address,
    };
    let check = |keys: &KeySet| check_assertion(assertion, keys, &tool.client_id, &audiences, now);
    let checked = checked(&ctx.app, signer, check, AnswerError::is_by_key).await;
    let (unique, until) = checked.map_err(NoToken::Keys)??;
    let asked: Vec<&str> = form.raw("scope").split_whitespace().collect();
    let scopes: Vec<&str> = tool
        .sharing
        .scopes()
        .filter(|scope| asked.contains(scope))
        .collect();
    if scopes.is_empty() {
        return Err(NoToken::Scope);
    }
    let scopes = scopes.join(" ");
    let tx = ctx.app.db().write().await.map_err(AppError::from)?;
    let used = token_hash(&unique);
    let is_new = store::use_assertion(&tx, tool.id, used, until.saturating_mul(SECOND))
        .await
        .map_err(AppError::from)?;
    if !is_new {
        return Err(NoToken::Replayed);
    }
    let token = tx.env().token();
    store::put_token(&tx, token_hash(&token), tool.id, &scopes, ctx.now + LIFE)
        .await
        .map_err(AppError::from)?;
    tx.commit().await.map_err(AppError::from)?;
    Ok((token, scopes))
}
