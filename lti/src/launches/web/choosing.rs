//! What somebody who teaches on a platform picks here (Deep Linking 2.0), in the platform's frame.
//!
//! Cookies are dropped there: the pages are addressed by a secret that the launch made, good for an
//! hour and for one answer. They show the names of groups and activities, and nobody's.

use axum::http::{StatusCode, header};
use axum::response::Response;
use passerelle_courses::cohorts::{self, cohort};
use passerelle_kernel::env::{HOUR, SECOND, token_hash};
use passerelle_kernel::{Micros, Uuid};
use passerelle_lti_protocol::{
    ContentItem, DeepLinkingSettings, Deployments, LineItemWish, Platform as Known,
    deep_linking_response,
};
use passerelle_web::access::Params;
use passerelle_web::components::{Button, Choice, Empty, Field, FieldKind, Notice, NoticeKind};
use passerelle_web::serve::{FramedBy, Reaches};
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};
use url::Url;

use super::super::store::{self, Choosing};
use super::refused;
use crate::keys::signing_key;
use crate::platforms::model::{Addresses, Platform};
use crate::platforms::store::{opened_to, platform_in};
use crate::platforms::titled;
use passerelle_outgoing::Outgoing;

/// How long somebody may look around.
const LIFE: Micros = HOUR;
/// Largest score of what is picked: a percentage.
const MAXIMUM: f64 = 100.0;

/// The launch that asks: the list of groups.
pub(super) async fn begin(
    ctx: &Ctx,
    platform: &Platform,
    deployment: &str,
    settings: &DeepLinkingSettings,
    origins: &str,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let code = tx.env().token();
    let choosing = Choosing {
        space: platform.space,
        platform: platform.id,
        deployment: deployment.to_owned(),
        settings: settings.clone(),
        origins: origins.to_owned(),
    };
    store::put_choosing(&tx, token_hash(&code), &choosing, ctx.now + LIFE).await?;
    tx.commit().await?;
    refused::note(ctx, platform, "ok", "somebody who teaches picks").await?;
    list(ctx, &choosing, &code).await
}

/// What is under way behind an address.
async fn under_way(ctx: &Ctx, params: &Params) -> Result<Option<(Choosing, String)>, AppError> {
    let code = params.text("code").unwrap_or_default();
    let hash = token_hash(code);
    let found = store::choosing(ctx.app.db().read(), &hash, ctx.now).await?;
    Ok(found.map(|choosing| (choosing, code.to_owned())))
}

pub(super) async fn groups(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    match under_way(&ctx, &params).await? {
        Some((choosing, code)) => list(&ctx, &choosing, &code).await,
        None => refused::over(&ctx),
    }
}

async fn list(ctx: &Ctx, of: &Choosing, code: &str) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let opened = opened_to(db, of.platform).await?;
    let courses = cohorts::course_titles(db, of.space).await?;
    let cohorts = cohorts::open_cohorts(db, of.space).await?;
    let rows: Vec<Value> = cohorts
        .iter()
        .filter(|cohort| opened.contains(&cohort.id))
        .map(|cohort| {
            json!({
                "href": format!("/lti/choisir/{code}/groupe/{}", cohort.id),
                "title": titled(&courses, cohort),
                "dates": cohorts::dates(cohort, ctx.lang),
            })
        })
        .collect();
    let empty = rows.is_empty().then(|| {
        let title = ctx.t("lti-no-cohort-title");
        Empty::new(title, ctx.t("lti-choose-none")).icon("users")
    });
    let data = json!({"groups": rows, "empty": empty});
    let title = ctx.t("lti-choose-title");
    let view = "lti/launches/groups";
    refused::framed(ctx, of.space, view, &title, data, &of.origins).await
}

/// A group that may be picked from.
struct Group {
    cohort: cohort::Model,
    /// Its course, by whose name it is known elsewhere.
    course: String,
    /// Both.
    title: String,
}

/// The group of an address, when the platform is offered it.
async fn open_group(ctx: &Ctx, of: &Choosing, params: &Params) -> Result<Group, AppError> {
    let id = params.id("cohort")?;
    let db = ctx.app.db().read();
    let opened = opened_to(db, of.platform).await?;
    let cohort = cohorts::find_cohort(db, id).await?;
    let cohort = cohort
        .filter(|cohort| {
            let open = matches!(cohort.state.as_str(), "planned" | "running");
            open && cohort.space_id == of.space && opened.contains(&cohort.id)
        })
        .ok_or(AppError::NotFound)?;
    let courses = cohorts::course_titles(db, of.space).await?;
    let course = courses.get(&cohort.course_id).unwrap_or(&cohort.title);
    Ok(Group {
        course: course.clone(),
        title: titled(&courses, &cohort),
        cohort,
    })
}

pub(super) async fn group(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let Some((choosing, code)) = under_way(&ctx, &params).await? else {
        return refused::over(&ctx);
    };
    let group = open_group(&ctx, &choosing, &params).await?;
    show(&ctx, &choosing, &code, &group, None).await
}

/// What may be picked in a group: the whole, each week, each activity.
struct Offer {
    /// In forms: `cours`, `s1`, or the identifier of an activity.
    name: String,
    label: String,
    item: ContentItem,
}

async fn offers(ctx: &Ctx, ours: &Addresses, group: &Group) -> Result<Vec<Offer>, AppError> {
    let cohort = &group.cohort;
    let db = ctx.app.db().read();
    let weeks = cohorts::weeks_of(db, cohort.id).await?;
    let activities = cohorts::activities_of(db, cohort.id).await?;
    let link = ours.cohort(cohort.id);
    let offer =
        |name: String, label: String, title: String, url: String, resource: Option<String>| {
            let line_item = resource.map(|resource_id| LineItemWish {
                label: title.clone(),
                score_maximum: MAXIMUM,
                resource_id,
                tag: "passerelle".to_owned(),
            });
            let item = ContentItem {
                text: group.title.clone(),
                custom: Vec::new(),
                title,
                url,
                line_item,
            };
            Offer { name, label, item }
        };
    let mut out = vec![offer(
        "cours".to_owned(),
        ctx.t("lti-choose-course"),
        group.course.clone(),
        link.clone(),
        Some(cohort.id.to_string()),
    )];
    for week in &weeks {
        let number = ctx.tr("lti-choose-week", &[("rank", week.rank.into())]);
        let title = if week.title.is_empty() || week.title == number {
            number
        } else {
            ctx.tr(
                "lti-choose-week-titled",
                &[("rank", week.rank.into()), ("title", (&week.title).into())],
            )
        };
        let url = format!("{link}/semaine/{}", week.rank);
        out.push(offer(
            format!("s{}", week.rank),
            title.clone(),
            title,
            url,
            None,
        ));
        for activity in activities.iter().filter(|a| a.week_rank == week.rank) {
            let id = activity.activity_id;
            out.push(offer(
                id.to_string(),
                activity.title.clone(),
                activity.title.clone(),
                format!("{link}/activite/{id}"),
                Some(id.to_string()),
            ));
        }
    }
    Ok(out)
}

async fn show(
    ctx: &Ctx,
    of: &Choosing,
    code: &str,
    group: &Group,
    error: Option<String>,
) -> Result<Response, AppError> {
    let ours = Addresses::of(&ctx.app.settings().public_url).map_err(AppError::internal)?;
    let offers = offers(ctx, &ours, group).await?;
    let cohort = &group.cohort;
    let several = of.settings.accept_multiple != Some(false);
    let kind = if several {
        FieldKind::Checkboxes
    } else {
        FieldKind::Radio
    };
    let choices = offers.iter().map(|offer| {
        let choice = Choice::new(&offer.name, &offer.label);
        if Uuid::parse_str(&offer.name).is_ok() {
            choice
        } else {
            choice.help(if offer.name == "cours" {
                ctx.t("lti-choose-course-help")
            } else {
                ctx.t("lti-choose-week-help")
            })
        }
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let field = Field::new(kind, "what", ctx.t("lti-choose-what"))
        .options(choices)
        .error(error);
    let back = format!("/lti/choisir/{code}");
    let data = json!({
        "dates": cohorts::dates(cohort, ctx.lang),
        "action": format!("{back}/groupe/{}", cohort.id),
        "field": field,
        "buttons": [
            Button::submit(ctx.t("lti-choose-do")).icon("check"),
            Button::link(ctx.t("lti-choose-other"), back).quiet(),
        ],
    });
    let view = "lti/launches/group";
    let page = refused::framed(ctx, of.space, view, &group.title, data, &of.origins);
    let mut response = page.await?;
    *response.status_mut() = status;
    Ok(response)
}

/// Sends what was picked to the platform; the address is good no more.
pub(super) async fn choose(ctx: Ctx, params: Params, form: Form) -> Result<Response, AppError> {
    let Some((choosing, code)) = under_way(&ctx, &params).await? else {
        return refused::over(&ctx);
    };
    let group = open_group(&ctx, &choosing, &params).await?;
    let ours = Addresses::of(&ctx.app.settings().public_url).map_err(AppError::internal)?;
    let offers = offers(&ctx, &ours, &group).await?;
    let wanted = form.all("what");
    let items: Vec<ContentItem> = offers
        .into_iter()
        .filter(|offer| wanted.contains(&offer.name))
        .map(|offer| offer.item)
        .collect();
    if items.is_empty() {
        let error = Some(ctx.t("lti-choose-error"));
        return show(&ctx, &choosing, &code, &group, error).await;
    }
    let db = ctx.app.db().read();
    let platform = platform_in(db, choosing.space, choosing.platform).await?;
    let platform = platform.filter(|platform| platform.closed_at.is_none());
    let Some(platform) = platform else {
        return refused::over(&ctx);
    };
    let tx = ctx.app.db().write().await?;
    let nonce = tx.env().token();
    let is_first = store::forget_choosing(&tx, &token_hash(&code)).await?;
    tx.commit().await?;
    if !is_first {
        return refused::over(&ctx);
    }
    let claims = response(&ctx, &platform, &choosing, &items, &nonce);
    let key = signing_key(ctx.app.db(), ctx.now).await?;
    let token = key.sign(&claims).map_err(AppError::internal)?;
    refused::note(&ctx, &platform, "ok", "something was picked").await?;
    back(&ctx, &choosing, &platform, &token)
}

fn response(
    ctx: &Ctx,
    platform: &Platform,
    of: &Choosing,
    items: &[ContentItem],
    nonce: &str,
) -> Value {
    let allows_http = ctx
        .app
        .service::<Outgoing>()
        .is_some_and(|outgoing| outgoing.allows_private());
    let known = Known {
        issuer: &platform.data.issuer,
        client_id: &platform.data.client_id,
        deployments: Deployments::Any,
        allows_http,
    };
    let now = ctx.now / SECOND;
    deep_linking_response(&known, &of.deployment, &of.settings, items, nonce, now)
}

fn back(ctx: &Ctx, of: &Choosing, platform: &Platform, token: &str) -> Result<Response, AppError> {
    let to = &of.settings.deep_link_return_url;
    let origin = Url::parse(to).map_err(AppError::internal)?.origin();
    let told = ctx.tr("lti-choose-back", &[("name", (&platform.data.name).into())]);
    let page = ctx
        .page("lti/tools/post", ctx.t("lti-choose-title"))
        .script("lti-post.js")
        .held()
        .render(json!({
            "told": Notice::new(NoticeKind::Info, told),
            "action": to,
            "fields": [{"name": "JWT", "value": token}],
        }));
    let mut response = page?;
    let reaches = Reaches {
        forms: origin.ascii_serialization(),
        frames: String::new(),
    };
    response.extensions_mut().insert(reaches);
    response
        .extensions_mut()
        .insert(FramedBy(of.origins.clone()));
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        "no-store".parse().map_err(AppError::internal)?,
    );
    Ok(response)
}
