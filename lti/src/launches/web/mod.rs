//! What a browser meets on its way from a platform to a course.

mod choosing;
mod launch;
mod login;
mod refused;

use axum::response::Response;
use passerelle_kernel::env::token_hash;
use passerelle_web::access::{DoormanEntry, Params};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{AppError, Ctx};

use super::store;

/// Platforms post forms there.
pub(super) const CROSS_SITE: [&str; 2] = ["/lti/connexion", "/lti/lancement"];

/// Name of the cookie that ties a login to its browser.
const BROWSER_COOKIE: &str = "lti";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/lti/connexion", Access::Public, login::by_query)
        .post("/lti/connexion", Access::Public, login::by_form)
        .post("/lti/lancement", Access::Public, launch::launch)
        .get("/lti/entrer/{code}", Access::Public, enter)
        .get("/lti/choisir", Access::Public, followed)
        .get("/lti/choisir/{code}", Access::Public, choosing::groups)
        .get(
            "/lti/choisir/{code}/groupe/{cohort}",
            Access::Public,
            choosing::group,
        )
        .post(
            "/lti/choisir/{code}/groupe/{cohort}",
            Access::Public,
            choosing::choose,
        )
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

/// The door that a page in a frame opens in a window of its own, once.
async fn enter(ctx: Ctx, params: Params, agent: Agent) -> Result<Response, AppError> {
    let hash = token_hash(params.text("code").unwrap_or_default());
    let tx = ctx.app.db().write().await?;
    let entry = store::take_entry(&tx, &hash)
        .await?
        .filter(|entry| entry.expires_at > ctx.now);
    let Some(entry) = entry else {
        tx.commit().await?;
        return refused::over(&ctx);
    };
    let DoormanEntry(doorman) = doorman(&ctx)?;
    let token = doorman
        .admit(&tx, entry.space, entry.person, &agent.0)
        .await?;
    tx.commit().await?;
    let Some(token) = token else {
        return refused::over(&ctx);
    };
    let response = ctx.redirect(&entry.leads_to, None);
    Ok(doorman.keep(&ctx, response, &token))
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
