//! What a browser meets on its way from a platform to a course.

mod choosing;
mod frame;
mod launch;
mod login;
mod refused;
mod stop;
mod window;

use axum::response::Response;
use passerelle_web::access::DoormanEntry;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{AppError, Ctx};

/// Platforms post forms there.
pub(super) const CROSS_SITE: [&str; 2] = ["/lti/connexion", "/lti/lancement"];

/// Name of the cookie that ties a login to its browser.
const BROWSER_COOKIE: &str = "lti";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/lti/connexion", Access::Public, login::by_query)
        .post("/lti/connexion", Access::Public, login::by_form)
        .post("/lti/lancement", Access::Public, launch::launch)
        .get("/lti/cadre/{code}", Access::Public, frame::course)
        .secret()
        .post("/lti/cadre/{code}/entrer", Access::Public, frame::enter)
        .secret()
        .get(
            "/lti/cadre/{code}/activite/{activity}",
            Access::Public,
            frame::activity,
        )
        .secret()
        .post(
            "/lti/cadre/{code}/activite/{activity}/entrer",
            Access::Public,
            frame::enter,
        )
        .secret()
        .get("/lti/choisir", Access::Public, followed)
        .get("/lti/choisir/{code}", Access::Public, choosing::groups)
        .secret()
        .get(
            "/lti/choisir/{code}/groupe/{cohort}",
            Access::Public,
            choosing::group,
        )
        .secret()
        .post(
            "/lti/choisir/{code}/groupe/{cohort}",
            Access::Public,
            choosing::choose,
        )
        .secret()
        .get("/lti/groupe/{cohort}", Access::Public, followed)
        .get(
            "/lti/groupe/{cohort}/semaine/{rank}",
            Access::Public,
            followed,
        )
        .get(
            "/lti/groupe/{cohort}/activite/{activity}",
            Access::Public,
            followed,
        )
}

/// A link of ours was followed outside a platform: it opens there only.
async fn followed(ctx: Ctx) -> Result<Response, AppError> {
    Ok(ctx.redirect("/accueil", None))
}

fn doorman(ctx: &Ctx) -> Result<DoormanEntry, AppError> {
    let mut doormen = ctx.app.registry().all::<DoormanEntry>();
    doormen
        .next()
        .cloned()
        .ok_or_else(|| AppError::internal("nobody opens sessions"))
}

/// What the browser says it is.
#[derive(Clone, Debug, Default)]
struct Agent(String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Agent {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(axum::http::header::USER_AGENT);
        let agent = agent.and_then(|value| value.to_str().ok());
        Ok(Self(agent.unwrap_or_default().to_owned()))
    }
}
