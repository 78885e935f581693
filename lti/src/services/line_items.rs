//! Columns of grades (AGS 2.0, 3.2).

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use passerelle_courses::cohorts;
use passerelle_kernel::Uuid;
use passerelle_lti_protocol::SCOPE_LINE_ITEM;
use passerelle_web::access::Params;
use passerelle_web::{AppError, Ctx, Form};
use serde::Deserialize;
use serde_json::{Value, json};

use super::store::{self, LineItem};
use super::{Caller, Paging, Refused, answer, caller, media, shown};

const ONE: &str = "application/vnd.ims.lis.v2.lineitem+json";
const MANY: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// Reading only; not announced, but some tools ask for it.
const READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly";
/// Line items of a tool in a group at most.
const MOST: usize = 200;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    label: String,
    score_maximum: f64,
    resource_id: Option<String>,
    tag: Option<String>,
    resource_link_id: Option<String>,
}

impl Sent {
    fn read(text: &str) -> Result<Self, Refused> {
        let wrong = |why: String| Refused::told(StatusCode::BAD_REQUEST, why);
        let sent: Self = serde_json::from_str(text).map_err(|error| {
            wrong(format!(
                "the line item cannot be read: {error} (AGS 2.0, 3.2)"
            ))
        })?;
        let label = sent.label.trim();
        if label.is_empty() || label.chars().count() > 200 {
            return Err(wrong(
                "label is missing or too long (AGS 2.0, 3.2.4)".to_owned(),
            ));
        }
        if !(sent.score_maximum.is_finite() && sent.score_maximum > 0.0) {
            let why = "scoreMaximum must be above zero (AGS 2.0, 3.2.8)";
            return Err(wrong(why.to_owned()));
        }
        let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > 255);
        if long(&sent.resource_id) || long(&sent.tag) {
            let why = "resourceId or tag is too long (AGS 2.0, 3.2.5)";
            return Err(wrong(why.to_owned()));
        }
        Ok(sent)
    }
}

fn json_of(of: &Caller, item: &LineItem) -> Value {
    let mut out = json!({
        "id": of.ours.line_item(of.tool.id, of.cohort.id, item.id),
        "label": item.label,
        "scoreMaximum": item.maximum,
    });
    let more = [
        ("resourceLinkId", item.activity.map(|id| id.to_string())),
        ("resourceId", item.resource.clone()),
        ("tag", item.tag.clone()),
    ];
    if let Some(out) = out.as_object_mut() {
        for (name, value) in more {
            if let Some(value) = value {
                out.insert(name.to_owned(), value.into());
            }
        }
    }
    out
}

pub(super) async fn list(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    answer(listed(&ctx, &headers, &params, &query).await)
}

async fn listed(
    ctx: &Ctx,
    headers: &HeaderMap,
    params: &Params,
    query: &Form,
) -> Result<Response, Refused> {
    let of = caller(ctx, headers, params, &[SCOPE_LINE_ITEM, READ_ONLY]).await?;
    let items = store::items_of(ctx.app.db().read(), of.tool.id, of.cohort.id).await?;
    let same = |asked: &str, value: Option<String>| {
        query
            .optional(asked)
            .is_none_or(|asked| value.as_deref() == Some(asked))
    };
    let items: Vec<LineItem> = items
        .into_iter()
        .filter(|item| {
            same("resource_link_id", item.activity.map(|id| id.to_string()))
                && same("resource_id", item.resource.clone())
                && same("tag", item.tag.clone())
        })
        .collect();
    let paging = Paging::of(query, MOST);
    let (items, more) = paging.cut(items);
    let body: Vec<Value> = items.iter().map(|item| json_of(&of, item)).collect();
    let mut response = shown(MANY, &json!(body));
    if more {
        let address = of.ours.line_items(of.tool.id, of.cohort.id);
        paging.link(&mut response, &address, query);
    }
    Ok(response)
}

pub(super) async fn add(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
    body: String,
) -> Result<Response, AppError> {
    answer(added(&ctx, &headers, &params, &body).await)
}

async fn added(
    ctx: &Ctx,
    headers: &HeaderMap,
    params: &Params,
    body: &str,
) -> Result<Response, Refused> {
    let of = caller(ctx, headers, params, &[SCOPE_LINE_ITEM]).await?;
    let sent = Sent::read(body)?;
    let db = ctx.app.db().read();
    let items = store::items_of(db, of.tool.id, of.cohort.id).await?;
    if items.len() >= MOST {
        let why = format!("a group has at most {MOST} line items of a tool");
        return Err(Refused::told(StatusCode::BAD_REQUEST, why));
    }
    let activity = match sent.resource_link_id.as_deref() {
        None => None,
        Some(link) => {
            let ours = items.iter().filter_map(|item| item.activity);
            let id = ours.into_iter().find(|id| id.to_string() == link);
            let in_plan = match id {
                Some(id) => cohorts::activities_of(db, of.cohort.id)
                    .await?
                    .iter()
                    .any(|planned| planned.activity_id == id),
                None => false,
            };
            let id = id.filter(|_| in_plan);
            let why = "resourceLinkId is no link to this tool (AGS 2.0, 3.2.6)";
            Some(id.ok_or_else(|| Refused::not_found(why))?)
        }
    };
    let tx = ctx.app.db().write().await?;
    let item = LineItem {
        id: tx.env().id(),
        activity,
        is_main: false,
        label: sent.label.trim().to_owned(),
        maximum: sent.score_maximum,
        resource: sent.resource_id,
        tag: sent.tag,
    };
    store::put_item(&tx, of.tool.id, of.cohort.id, &item).await?;
    tx.commit().await?;
    let body = json_of(&of, &item).to_string();
    Ok(media(StatusCode::CREATED, ONE, body))
}

async fn found(
    ctx: &Ctx,
    headers: &HeaderMap,
    params: &Params,
    scopes: &[&str],
) -> Result<(Caller, LineItem), Refused> {
    let of = caller(ctx, headers, params, scopes).await?;
    let item = item(ctx, &of, params).await?;
    Ok((of, item))
}

/// The line item that an address names.
pub(super) async fn item(ctx: &Ctx, of: &Caller, params: &Params) -> Result<LineItem, Refused> {
    let id: Uuid = params.id("item")?;
    store::item_of(ctx.app.db().read(), of.tool.id, of.cohort.id, id)
        .await?
        .ok_or_else(|| Refused::not_found("no such line item"))
}

pub(super) async fn one(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, AppError> {
    let scopes = [SCOPE_LINE_ITEM, READ_ONLY];
    let found = found(&ctx, &headers, &params, &scopes).await;
    answer(found.map(|(of, item)| shown(ONE, &json_of(&of, &item))))
}

pub(super) async fn change(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
    body: String,
) -> Result<Response, AppError> {
    answer(changed(&ctx, &headers, &params, &body).await)
}

async fn changed(
    ctx: &Ctx,
    headers: &HeaderMap,
    params: &Params,
    body: &str,
) -> Result<Response, Refused> {
    let (of, item) = found(ctx, headers, params, &[SCOPE_LINE_ITEM]).await?;
    let sent = Sent::read(body)?;
    let link = item.activity.map(|id| id.to_string());
    if sent.resource_link_id.is_some() && sent.resource_link_id != link {
        let why = "resourceLinkId cannot be changed (AGS 2.0, 3.2.6)";
        return Err(Refused::told(StatusCode::BAD_REQUEST, why));
    }
    let item = LineItem {
        label: sent.label.trim().to_owned(),
        maximum: sent.score_maximum,
        resource: sent.resource_id,
        tag: sent.tag,
        ..item
    };
    let tx = ctx.app.db().write().await?;
    store::set_item(&tx, &item).await?;
    tx.commit().await?;
    Ok(shown(ONE, &json_of(&of, &item)))
}

pub(super) async fn remove(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, AppError> {
    answer(removed(&ctx, &headers, &params).await)
}

async fn removed(ctx: &Ctx, headers: &HeaderMap, params: &Params) -> Result<Response, Refused> {
    let (_, item) = found(ctx, headers, params, &[SCOPE_LINE_ITEM]).await?;
    if item.is_main {
        let why = "the line item of an activity stays as long as the activity";
        return Err(Refused::told(StatusCode::FORBIDDEN, why));
    }
    let tx = ctx.app.db().write().await?;
    store::remove_item(&tx, item.id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
