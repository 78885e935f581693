//! The verification address printed on each document: public, by code. It shows what was sealed, and
//! says what is no longer so.

use axum::response::Response;
use passerelle_web::access::Params;
use passerelle_web::parts::Parts;
use passerelle_web::{AppError, Ctx, format};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::queries::kind_label;
use super::sealed::{Checked, Difference, Standing, checked};

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
    let page = ctx.page("courses/certification/verify", ctx.t("verify-title"));
    let Some(found) = checked(ctx.app.db(), code).await? else {
        return page.render(json!({"found": false, "code": code}));
    };
    let standing = match found.standing {
        Standing::Proven if found.replaced => "replaced",
        Standing::Proven => "good",
        Standing::Differs => "differs",
        Standing::Erased => "erased",
        Standing::Unproven => "broken",
    };
    let compared = !hash.is_null();
    let data = json!({
        "found": true, "code": code, "standing": standing,
        "heading": ctx.t(&format!("verify-{standing}-title")), "text": ctx.t(&format!("verify-{standing}")),
        "kind": match standing { "good" => "success", "replaced" => "warn", _ => "error" },
        "icon": match standing { "good" => "circle-check", "replaced" => "triangle-alert", _ => "circle-alert" },
        "also_replaced": found.replaced && standing != "replaced",
        "differences": differences(ctx, &found),
        "facts": facts(ctx, &found),
        "sha256": found.file, "no_file": found.file.is_none(), "compared": compared,
        "same": compared && found.file.is_some() && hash.as_str() == found.file.as_deref(),
        "head": found.head.as_ref().map(|h| json!({"size": h.size, "root": h.root, "at": h.at})),
        "proof": found.proof.as_ref().map(|p| json!({
            "position": p.position, "leaf": hex(&p.leaf), "path": p.path.iter().map(|h| hex(h)).collect::<Vec<_>>(),
        })),
    });
    page.render(data)
}

/// Parts of a statement, in the order in which they are shown.
const SHOWN: [&str; 8] = [
    "document", "serial", "body", "name", "title", "from", "to", "minutes",
];

/// A part in words.
fn words(ctx: &Ctx, part: &str, value: &Value) -> String {
    match (part, value) {
        ("document", Value::String(kind)) => ctx.t(kind_label(kind)),
        ("from" | "to", Value::String(day)) => format::local_date(day, ctx.lang),
        ("minutes", _) => value
            .as_i64()
            .map(|minutes| format::duration(minutes, ctx.lang))
            .unwrap_or_default(),
        (_, Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

/// What the document states: what was sealed wherever it is known, and what is not certain marked.
fn facts(ctx: &Ctx, found: &Checked) -> Vec<Value> {
    let doubt = |part: &str| {
        let of = |d: &Difference| match d.part {
            "rest" => ["name", "title", "body", "from", "to"].contains(&part),
            other => other == part && d.sealed.is_none(),
        };
        found.differences.iter().any(of)
    };
    SHOWN
        .iter()
        .map(|part| {
            json!({
                "label": ctx.t(&format!("verify-part-{part}")),
                "value": words(ctx, part, &found.facts[*part]),
                "doubt": doubt(part),
            })
        })
        .collect()
}

/// What is not what was sealed, a sentence for each.
fn differences(ctx: &Ctx, found: &Checked) -> Vec<String> {
    let sentence = |d: &Difference| {
        let sealed = d.sealed.as_ref().map(|value| words(ctx, d.part, value));
        match (d.part, sealed) {
            ("file" | "state" | "name" | "rest", _) => ctx.t(&format!("verify-differs-{}", d.part)),
            (part, sealed) => ctx.tr(
                "verify-differs-part",
                &[
                    ("part", ctx.t(&format!("verify-part-{part}")).into()),
                    ("sealed", sealed.unwrap_or_default().into()),
                    ("now", words(ctx, part, &d.now).into()),
                ],
            ),
        }
    };
    found.differences.iter().map(sentence).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
