//! The list of a group (NRPS 2.0).

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use passerelle_courses::cohorts;
use passerelle_kernel::Uuid;
use passerelle_lti_protocol::{ROLE_INSTRUCTOR, ROLE_LEARNER, SCOPE_MEMBERSHIPS};
use passerelle_web::access::Params;
use passerelle_web::directory::PersonCard;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};

use super::{Caller, Paging, Refused, answer, caller, shown};
use crate::tools::model::ToolCall;
use crate::tools::store::{put_call, subjects_of};

const MEMBERS: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";
/// Members in a page at most.
const MOST: usize = 500;

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
    let of = caller(ctx, headers, params, &[SCOPE_MEMBERSHIPS]).await?;
    let members = members_of(ctx, &of, query).await?;
    let paging = Paging::of(query, MOST);
    let (members, more) = paging.cut(members);
    let ids: Vec<Uuid> = members.iter().map(|(person, _)| *person).collect();
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.tool.space, &ids)
        .await?;
    let tx = ctx.app.db().write().await?;
    let subjects = subjects_of(&tx, of.tool.id, &ids).await?;
    let call = ToolCall {
        kind: "members",
        refused: None,
    };
    put_call(&tx, of.tool.id, &call).await?;
    tx.commit().await?;
    let subjects: std::collections::HashMap<Uuid, String> = subjects.into_iter().collect();
    let rows: Vec<Value> = members
        .iter()
        .filter_map(|(person, role)| {
            Some(member(&of, cards.get(person)?, subjects.get(person)?, role))
        })
        .collect();
    let address = of.ours.members(of.tool.id, of.cohort.id);
    let body = json!({
        "id": address,
        "context": {"id": of.cohort.id, "title": of.cohort.title, "label": of.cohort.title},
        "members": rows,
    });
    let mut response = shown(MEMBERS, &body);
    if more {
        paging.link(&mut response, &address, query);
    }
    Ok(response)
}

/// Tutors, then those who have a place, always in the same order: pages do not overlap.
async fn members_of(
    ctx: &Ctx,
    of: &Caller,
    query: &Form,
) -> Result<Vec<(Uuid, &'static str)>, Refused> {
    let db = ctx.app.db().read();
    let role = query.optional("role");
    let asked = |role_of: &str| {
        let short = role_of.rsplit('#').next();
        role.is_none_or(|role| role == role_of || Some(role) == short)
    };
    let mut out = Vec::new();
    if asked(ROLE_INSTRUCTOR) {
        let mut tutors = cohorts::tutors_of(db, of.cohort.id).await?;
        tutors.sort_unstable();
        out.extend(tutors.into_iter().map(|person| (person, ROLE_INSTRUCTOR)));
    }
    if asked(ROLE_LEARNER) {
        let enrolments = cohorts::enrolments_of(db, &of.cohort).await?;
        let mut trainees: Vec<Uuid> = enrolments
            .into_iter()
            .filter(|enrolment| enrolment.state == "active")
            .map(|enrolment| enrolment.person_id)
            .collect();
        trainees.sort_unstable();
        trainees.dedup();
        out.extend(trainees.into_iter().map(|person| (person, ROLE_LEARNER)));
    }
    if let Some(link) = query.optional("rlid") {
        let known = super::store::items_of(db, of.tool.id, of.cohort.id).await?;
        let known = known
            .iter()
            .any(|item| item.activity.is_some_and(|id| id.to_string() == link));
        if !known {
            let why = "rlid is no link to this tool (NRPS 2.0, 3.6)";
            return Err(Refused::told(StatusCode::NOT_FOUND, why));
        }
    }
    Ok(out)
}

fn member(of: &Caller, card: &PersonCard, subject: &str, role: &str) -> Value {
    let mut out = json!({"status": "Active", "user_id": subject, "roles": [role]});
    if let Some(out) = out.as_object_mut() {
        if of.tool.sharing.name {
            out.insert("name".to_owned(), card.name().into());
            out.insert("given_name".to_owned(), card.given_name.as_str().into());
            out.insert("family_name".to_owned(), card.family_name.as_str().into());
        }
        if let (true, Some(email)) = (of.tool.sharing.email, &card.email) {
            out.insert("email".to_owned(), email.as_str().into());
        }
    }
    out
}
