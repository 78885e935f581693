//! The launch that ends a login.

use axum::http::HeaderMap;
use axum::response::Response;
use passerelle_kernel::env::token_hash;
use passerelle_lti_protocol::{
    Deployments, Expected, Hints, KeySet, Launch, LaunchError, Message, Platform as Registered,
    Standing, hints, validate,
};
use passerelle_web::access::{DoormanEntry, Lends};
use passerelle_web::components::{Fact, Facts};
use passerelle_web::failure::is_framed;
use passerelle_web::serve::cookie;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::json;
use url::Url;

use super::super::entering::{Barred, Place, enter, place_of};
use super::super::links::target;
use super::super::store::{self, Frame, Known, LoginRow, take_login};
use super::stop::Stop;
use super::{Agent, BROWSER_COOKIE, choosing, doorman, frame, refused, window};
use crate::keys::{self, Signer};
use crate::platforms::model::{Addresses, Platform};
use crate::platforms::store::put_deployment;
use passerelle_outgoing::Outgoing;

pub(super) async fn launch(
    ctx: Ctx,
    headers: HeaderMap,
    agent: Agent,
    form: Form,
) -> Result<Response, AppError> {
    let hash = token_hash(form.raw("state"));
    let claimed = hints(form.raw("id_token"));
    let base = Addresses::of(&ctx.app.settings().public_url)
        .map_err(AppError::internal)?
        .base;
    let link = Url::parse(&claimed.target).ok();
    let cohort = link
        .and_then(|link| target(&link, &base))
        .map(|to| to.cohort);
    let db = ctx.app.db().read();
    let Some(known) = store::known(db, &hash, &claimed, cohort).await? else {
        return refused::launch(&ctx, None, Stop::Launch(LaunchError::StateUnknown)).await;
    };
    if !is_same_browser(&ctx, &headers, &known.login)
        && known.login.expires_at > ctx.now
        && let Some(asking) = window::ask(&ctx, &known, &form).await?
    {
        return Ok(asking);
    }
    let mut origins = known.platform.origins(None);
    let mut page = None;
    let stop = match checked(&ctx, &headers, &form, &known, &claimed).await {
        Ok(launch) => {
            let back = launch.presentation.return_url.as_deref();
            origins = known.platform.origins(back);
            page = back.map(str::to_owned);
            match arrive(&ctx, &headers, &agent, &known, &launch, &origins).await {
                Ok(response) => return Ok(response),
                Err(stop) => stop,
            }
        }
        Err(stop) => stop,
    };
    // A state is good once, whatever came of it.
    taken(&ctx, &known).await?;
    let from = refused::From {
        platform: &known.platform,
        origins: &origins,
        back: page.as_deref(),
    };
    refused::launch(&ctx, Some(from), stop).await
}

/// Whether our cookie ties the browser to the login.
fn is_same_browser(ctx: &Ctx, headers: &HeaderMap, login: &LoginRow) -> bool {
    let browser = cookie(headers, &ctx.cookie_name(BROWSER_COOKIE)).unwrap_or_default();
    token_hash(browser) == login.browser_hash
}

/// Takes the login of a launch out; false when somebody was faster.
async fn taken(ctx: &Ctx, known: &Known) -> Result<bool, AppError> {
    let tx = ctx.app.db().write().await?;
    let first = take_login(&tx, &known.login.state_hash).await?;
    tx.commit().await?;
    Ok(first)
}

/// Everything that can be said of a launch before anybody is looked for.
async fn checked(
    ctx: &Ctx,
    headers: &HeaderMap,
    form: &Form,
    known: &Known,
    claimed: &Hints,
) -> Result<Launch, Stop> {
    let Known {
        login, platform, ..
    } = known;
    if platform.closed_at.is_some() {
        return Err(Stop::Closed);
    }
    if login.expires_at <= ctx.now {
        return Err(LaunchError::StateExpired.into());
    }
    if !(is_same_browser(ctx, headers, login) || window::is_kept(ctx, headers, known, form)) {
        return Err(LaunchError::OtherBrowser.into());
    }
    if let Some(error) = form.optional("error") {
        let told: String = error.chars().take(100).collect();
        return Err(LaunchError::PlatformRefused(told).into());
    }
    let token = form.raw("id_token");
    let address = Url::parse(&platform.data.jwks_uri).map_err(AppError::internal)?;
    let accepted = [claimed.deployment.clone()];
    let accepted = if known.is_accepted {
        &accepted[..]
    } else {
        &[]
    };
    let ours = Addresses::of(&ctx.app.settings().public_url).map_err(AppError::internal)?;
    let allows_http = ctx
        .app
        .service::<Outgoing>()
        .is_some_and(|outgoing| outgoing.allows_private());
    let against = Registered {
        issuer: &platform.data.issuer,
        client_id: &platform.data.client_id,
        // The first deployment of a platform that was registered without one is its own.
        deployments: if known.has_deployments {
            Deployments::Known(accepted)
        } else {
            Deployments::Any
        },
        allows_http,
    };
    let expected = Expected {
        nonce: &login.nonce,
        target: &login.target,
        base: &ours.base,
        now: ctx.now / passerelle_kernel::env::SECOND,
    };
    let signer = Signer {
        id: platform.id,
        address: &address,
    };
    let check = |keys: &KeySet| validate(token, keys, &against, &expected);
    let checked = keys::checked(&ctx.app, signer, check, LaunchError::is_by_key)
        .await
        .map_err(Stop::Keys)?;
    let new = match &checked {
        Ok(launch) if !known.has_deployments => Some((launch.deployment.as_str(), true)),
        Err(LaunchError::DeploymentUnknown(name)) => Some((name.as_str(), false)),
        _ => None,
    };
    if let Some((name, accepted)) = new {
        let tx = ctx.app.db().write().await.map_err(AppError::from)?;
        put_deployment(&tx, platform.id, name, accepted)
            .await
            .map_err(AppError::from)?;
        tx.commit().await.map_err(AppError::from)?;
    }
    Ok(checked?)
}

/// Leads a launch that was checked to where it goes.
async fn arrive(
    ctx: &Ctx,
    headers: &HeaderMap,
    agent: &Agent,
    known: &Known,
    launch: &Launch,
    origins: &str,
) -> Result<Response, Stop> {
    let platform = &known.platform;
    if let Message::DeepLinking(settings) = &launch.message {
        if launch.standing != Standing::Instructor {
            return Err(Barred::NotTeaching.into());
        }
        if !settings
            .accept_types
            .iter()
            .any(|kind| kind == "ltiResourceLink")
        {
            return Err(LaunchError::SettingsWrong("accept_types").into());
        }
        first(taken(ctx, known).await?)?;
        let deployment = &launch.deployment;
        return Ok(choosing::begin(ctx, platform, deployment, settings, origins).await?);
    }
    let ours = Addresses::of(&ctx.app.settings().public_url).map_err(AppError::internal)?;
    let target = target(&launch.target, &ours.base).ok_or(Barred::Nowhere)?;
    let (cohort, enrolment) = place_of(&ctx.app, platform, target, known.person).await?;
    if launch.standing == Standing::Instructor {
        first(taken(ctx, known).await?)?;
        refused::note(ctx, platform, "ok", "an instructor looked at the link").await?;
        return Ok(instructor(ctx, platform, &cohort, origins).await?);
    }
    let to = Place {
        target,
        cohort,
        enrolment,
    };
    admit(ctx, headers, agent, known, launch, to, origins).await
}

/// Whoever comes second with a state is refused.
fn first(is_first: bool) -> Result<(), Stop> {
    if is_first {
        Ok(())
    } else {
        Err(LaunchError::StateUnknown.into())
    }
}

async fn admit(
    ctx: &Ctx,
    headers: &HeaderMap,
    agent: &Agent,
    known: &Known,
    launch: &Launch,
    to: Place,
    origins: &str,
) -> Result<Response, Stop> {
    let platform = &known.platform;
    let (activity, week) = (to.target.activity, to.target.week);
    let tx = ctx.app.db().write().await.map_err(AppError::from)?;
    let is_first = take_login(&tx, &known.login.state_hash)
        .await
        .map_err(AppError::from)?;
    first(is_first)?;
    let unnamed = ctx.t("lti-unnamed");
    let entered = match enter(&ctx.app, &tx, known, to, launch, &unnamed).await {
        Ok(entered) => entered,
        // Who waits for a place has been put on the list.
        Err(Barred::Waiting) => {
            tx.commit().await.map_err(AppError::from)?;
            return Err(Barred::Waiting.into());
        }
        Err(barred) => return Err(barred.into()),
    };
    refused::note_in(ctx, &tx, platform, "ok", "").await?;
    if in_frame(headers, launch) {
        let frame = Frame {
            space: platform.space,
            platform: platform.id,
            person: entered.person,
            enrolment: entered.enrolment,
            activity,
            origins: origins.to_owned(),
            door_until: 0,
        };
        let response = frame::begin(&tx, frame, week, ctx.now).await?;
        tx.commit().await.map_err(AppError::from)?;
        return Ok(response);
    }
    let DoormanEntry(doorman) = doorman(ctx)?;
    let token = doorman
        .admit(
            &tx,
            platform.space,
            entered.person,
            &agent.0,
            Lends::Nothing,
        )
        .await
        .map_err(AppError::from)?;
    let Some(token) = token else {
        return Err(Barred::AccountClosed.into());
    };
    tx.commit().await.map_err(AppError::from)?;
    let response = ctx.redirect(&entered.leads_to, None);
    Ok(doorman.keep(ctx, response, &token))
}

/// In a frame of another site, cookies are dropped: the course is addressed by a secret there.
fn in_frame(headers: &HeaderMap, launch: &Launch) -> bool {
    is_framed(headers).unwrap_or_else(|| {
        let target = launch.presentation.document_target.as_deref();
        matches!(target, Some("iframe" | "frame"))
    })
}

/// What somebody who teaches on the platform sees: where their people will arrive.
async fn instructor(
    ctx: &Ctx,
    platform: &Platform,
    cohort: &passerelle_courses::cohorts::cohort::Model,
    origins: &str,
) -> Result<Response, AppError> {
    let dates = passerelle_courses::cohorts::dates(cohort, ctx.lang);
    let items = vec![
        Fact::new(ctx.t("lti-cohort"), &cohort.title),
        Fact::new(ctx.t("lti-dates"), dates),
    ];
    let facts = Facts {
        items,
        columns: false,
    };
    let data = json!({"facts": facts, "name": cohort.title});
    let view = "lti/launches/instructor";
    refused::framed(ctx, platform.space, view, &cohort.title, data, origins).await
}
