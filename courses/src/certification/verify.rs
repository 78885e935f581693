//! The verification address printed on each document: public, by code.

use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{self, TreeHead};
use passerelle_web::access::Params;
use passerelle_web::parts::Parts;
use passerelle_web::{AppError, Ctx};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Bytes at most in a file to compare.
const MAX_FILE: usize = 2 * 1024 * 1024;

/// `GET /verifier`: asks for a code.
pub(super) async fn ask(ctx: Ctx, query: axum::extract::RawQuery) -> Result<Response, AppError> {
    let form = passerelle_web::form::Form::parse(query.0.unwrap_or_default().as_bytes())?;
    let code: String = form
        .text("code")
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    if !code.is_empty() {
        return Ok(ctx.redirect(&format!("/verifier/{code}"), None));
    }
    ctx.page("courses/certification/ask", ctx.t("verify-title"))
        .render(json!({}))
}

/// `GET /verifier/{code}`.
pub(super) async fn check(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    answer(&ctx, &params, Value::Null).await
}

/// `POST /verifier/{code}`: compares a file with the one that was issued.
pub(super) async fn compare(
    ctx: Ctx,
    params: Params,
    mut parts: Parts,
) -> Result<Response, AppError> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    while let Some(mut part) = parts.next().await? {
        while let Some(chunk) = part.chunk().await? {
            size += chunk.len();
            if size > MAX_FILE {
                return Err(AppError::TooLarge);
            }
            hasher.update(&chunk);
        }
    }
    let hash: String = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    answer(
        &ctx,
        &params,
        if size == 0 { Value::Null } else { json!(hash) },
    )
    .await
}

async fn answer(ctx: &Ctx, params: &Params, hash: Value) -> Result<Response, AppError> {
    let code = params.text("code").unwrap_or_default();
    let db = ctx.app.db();
    let sql = "SELECT facts, state, sha256, head, entry_id FROM certificate WHERE code = $1 AND state <> 'requested'";
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, [code.into()]))
        .await?;
    let Some(row) = row else {
        let data = json!({"found": false, "code": code});
        return ctx
            .page("courses/certification/verify", ctx.t("verify-title"))
            .render(data);
    };
    let facts: String = row.try_get("", "facts")?;
    let facts: Value = serde_json::from_str(&facts).unwrap_or_default();
    let state: String = row.try_get("", "state")?;
    let sha256: Option<String> = row.try_get("", "sha256")?;
    let head: Option<String> = row.try_get("", "head")?;
    let entry: Option<Uuid> = row.try_get("", "entry_id")?;
    let head: Option<TreeHead> = head.and_then(|text| serde_json::from_str(&text).ok());
    let proof = match (&head, entry) {
        (Some(head), Some(entry)) => journal::prove(db, entry, head).await?,
        _ => None,
    };
    let data = json!({
        "found": true, "code": code, "facts": facts, "replaced": state == "replaced",
        "sha256": sha256, "compared": hash, "same": !hash.is_null() && hash.as_str() == sha256.as_deref(),
        "head": head.as_ref().map(|h| json!({"size": h.size, "root": h.root, "at": h.at})),
        "proof": proof.as_ref().map(|p| json!({
            "holds": p.holds, "position": p.position, "leaf": hex(&p.leaf), "path": p.path.iter().map(|h| hex(h)).collect::<Vec<_>>(),
        })),
        "holds": proof.as_ref().is_some_and(|p| p.holds),
    });
    ctx.page("courses/certification/verify", ctx.t("verify-title"))
        .render(data)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
