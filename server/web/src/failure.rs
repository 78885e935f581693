//! The page of a failure: whole in a window, small in a frame, a problem document for a program.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use crate::app::App;
use crate::components::Button;
use crate::context::{Ctx, urlencode};
use crate::error::{Failure, problem};
use crate::serve::{FramedBy, local_path};

/// How a page was asked for.
pub(crate) struct Asked {
    wants_json: bool,
    in_frame: bool,
    /// The page of ours that led here, or holds the frame.
    from: Option<String>,
}

impl Asked {
    /// As browsers say.
    pub(crate) fn of(app: &App, headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let from = text(header::REFERER)
            .and_then(|from| from.strip_prefix(app.settings().public_url.as_str()))
            .filter(|path| local_path(path) == *path);
        Self {
            wants_json: text(header::ACCEPT).is_some_and(|v| v.starts_with("application/json")),
            in_frame: is_framed(headers).unwrap_or_default(),
            from: from.map(str::to_owned),
        }
    }
}

/// Whether a page was asked for by a frame; none when the browser does not say.
pub fn is_framed(headers: &HeaderMap) -> Option<bool> {
    let destination = headers.get("sec-fetch-dest")?.to_str().ok()?;
    Some(matches!(
        destination,
        "iframe" | "frame" | "embed" | "object"
    ))
}

/// What is shown instead of an answer that failed; other answers stay as they are.
pub(crate) fn page(ctx: &Ctx, mut response: Response, asked: &Asked, reference: &str) -> Response {
    let Some(failure) = response.extensions_mut().remove::<Failure>() else {
        return response;
    };
    let status = response.status();
    if let Some(cause) = &failure.cause {
        tracing::error!(reference, cause, "a request failed");
    }
    let title = ctx.t(&format!("error-{}-title", failure.code));
    if asked.wants_json {
        return problem(status, failure.code, &title, reference);
    }
    let signs_in = status == StatusCode::UNAUTHORIZED;
    if signs_in && !asked.in_frame {
        return Redirect::to(&format!("/connexion?suite={}", urlencode(&ctx.path))).into_response();
    }
    let text = failure.message.map_or_else(
        || ctx.t(&format!("error-{}-text", failure.code)),
        |id| ctx.t(id),
    );
    let reference_shown = status.is_server_error().then_some(reference);
    let rendered = if asked.in_frame {
        let from = asked.from.as_deref();
        let sign_in = signs_in.then(|| {
            let then = urlencode(from.unwrap_or("/"));
            let label = ctx.t("error-sign-in-do");
            Button::link(label, format!("/connexion?suite={then}"))
        });
        let back = from.filter(|_| !signs_in);
        let back = back.map(|path| Button::link(ctx.t("error-back"), path).icon("undo"));
        let data =
            json!({"text": text, "reference": reference_shown, "back": back, "sign_in": sign_in});
        let page = ctx.page("errors/framed", title).held().status(status);
        page.render(data).map(in_any_frame)
    } else {
        let data = json!({"text": text, "reference": reference_shown, "status": status.as_u16()});
        ctx.page("errors/error", title).status(status).render(data)
    };
    rendered.unwrap_or_else(|error| {
        tracing::error!(reference, cause = %error, "the error page failed");
        (status, reference.to_owned()).into_response()
    })
}

/// It carries a sentence, changes nothing and knows nobody: whoever held the frame may hold it
/// still, where another page would be blank.
fn in_any_frame(mut response: Response) -> Response {
    let by = FramedBy("*".to_owned());
    response.extensions_mut().insert(by);
    response
}
