//! The page where a relay tells of what came back: the message itself, or events in JSON.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_returns::MAX_BYTES;
use passerelle_web::{AppError, Ctx, Params};
use serde_json::{Value, json};

use crate::delivery::mask_text;
use crate::links::Links;
use crate::returns::model::Kind;
use crate::returns::taking::{self, Taken};

/// Events of one request at most.
const MOST: usize = 1_000;
/// Names under which relays give the Message-ID of what they tell of.
const MESSAGE: [&str; 4] = ["message-id", "Message-ID", "message_id", "Message-Id"];
/// Names under which they say what happened.
const EVENT: [&str; 3] = ["event", "type", "status"];
/// Names under which they say why.
const REASON: [&str; 4] = ["reason", "error", "description", "diagnostic"];

pub(super) async fn take(
    ctx: Ctx,
    params: Params,
    request: Request<Body>,
) -> Result<Response, AppError> {
    let word = params.text("word").unwrap_or_default();
    if !Links::of(&ctx.app).is_told(word) {
        return Err(AppError::NotFound);
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let recipient = ctx.query().text("destinataire").to_owned();
    let bytes = to_bytes(request.into_body(), MAX_BYTES)
        .await
        .map_err(|_| AppError::TooLarge)?;
    if is_json {
        return events(&ctx, &bytes).await;
    }
    match taking::take(&ctx.app, &[recipient], &bytes).await? {
        Taken::Done => Ok(StatusCode::NO_CONTENT.into_response()),
        Taken::Unknown => Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, 0, 1)),
    }
}

fn answer(status: StatusCode, taken: usize, unknown: usize) -> Response {
    let said = json!({"taken": taken, "unknown": unknown});
    (status, axum::Json(said)).into_response()
}

/// Events, one or several: what happened to which Message-ID.
async fn events(ctx: &Ctx, bytes: &[u8]) -> Result<Response, AppError> {
    let wrong = || AppError::BadRequest("returns-error-events");
    let told: Value = serde_json::from_slice(bytes).map_err(|_| wrong())?;
    let told = match told {
        Value::Array(events) => events,
        event @ Value::Object(_) => vec![event],
        _ => return Err(wrong()),
    };
    if told.len() > MOST {
        return Err(AppError::TooLarge);
    }
    let (mut taken, mut unknown) = (0, 0);
    let tx = ctx.app.db().write().await?;
    for event in &told {
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| event[*name].as_str());
            found.unwrap_or_default().to_owned()
        };
        let detail = mask_text(&text(&REASON), "");
        let done = match meaning(&text(&EVENT), event["hard_bounce"].as_bool()) {
            Some(kind) => taking::told(&tx, &text(&MESSAGE), kind, &detail).await?,
            // Delivered, opened, put off: nothing to do.
            None => Taken::Done,
        };
        match done {
            Taken::Done => taken += 1,
            Taken::Unknown => unknown += 1,
        }
    }
    tx.commit().await?;
    Ok(answer(StatusCode::OK, taken, unknown))
}

/// What an event says of a message, in the words that relays use.
fn meaning(event: &str, is_hard: Option<bool>) -> Option<Kind> {
    match event.to_ascii_lowercase().replace(['-', ' '], "_").as_str() {
        "hard_bounce" | "hardbounce" | "invalid_email" | "invalid" => Some(Kind::Hard),
        "soft_bounce" | "softbounce" | "dropped" => Some(Kind::Soft),
        "bounce" | "bounced" if is_hard == Some(true) => Some(Kind::Hard),
        "bounce" | "bounced" => Some(Kind::Soft),
        "blocked" | "rejected" | "reject" => Some(Kind::Policy),
        "spam" | "complaint" | "complained" | "spamreport" => Some(Kind::Complaint),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_understood_in_the_words_of_relays() {
        for (word, hard, kind) in [
            ("hard_bounce", None, Some(Kind::Hard)),
            ("soft-bounce", None, Some(Kind::Soft)),
            ("bounce", Some(true), Some(Kind::Hard)),
            ("bounce", None, Some(Kind::Soft)),
            ("spam", None, Some(Kind::Complaint)),
            ("Blocked", None, Some(Kind::Policy)),
            ("delivered", None, None),
            ("", None, None),
        ] {
            assert_eq!(meaning(word, hard), kind, "{word}");
        }
    }
}
