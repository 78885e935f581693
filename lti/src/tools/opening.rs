//! Opening a tool: the login that we begin, the message that ends it.

use axum::response::{IntoResponse, Redirect, Response};
use passerelle_courses::catalogue::{self, activity};
use passerelle_courses::cohorts;
use passerelle_courses::content::ToolContent;
use passerelle_kernel::env::{MINUTE, SECOND, token_hash};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::{
    Authentication, AuthenticationError, Envelope, GradeAddresses, Identity, ROLE_INSTRUCTOR,
    ROLE_LEARNER, deep_linking_request, resource_link_request, substituted,
};
use passerelle_web::directory::PersonCard;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::Value;
use url::Url;

use super::model::{DEPLOYMENT, Ours, Tool};
use super::store::{self, Launching, What};
use crate::keys::signing_key;
use crate::reasons::Reason;
use crate::services;

/// How long a tool may take to end a login that we began.
const LOGIN_LIFE: Micros = 5 * MINUTE;

/// Why a tool is not opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// The client is not one of ours, or closed.
    #[error("client_id is unknown or closed (Security Framework 1.0, 5.1.1.2)")]
    Client,
    /// The request is not what it must be.
    #[error(transparent)]
    Request(#[from] AuthenticationError),
    /// The hint is unknown: used, over, or invented.
    #[error("login_hint is unknown, used or over (Security Framework 1.0, 5.1.1.1)")]
    Hint,
    /// Somebody else is signed in here.
    #[error("the browser is signed in as somebody else")]
    Person,
    /// The person has left, or the activity is gone.
    #[error("what was opened is not there any more")]
    Gone,
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl Refused {
    /// As people are told it.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Client => Reason::new("client"),
            Self::Request(error) => Reason::new(error.code()),
            Self::Hint => Reason::new("hint"),
            Self::Person => Reason::new("other-person"),
            Self::Gone => Reason::new("gone"),
            Self::App(_) => Reason::new("ours"),
        }
    }
}

impl From<sea_orm::DbErr> for Refused {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::App(error.into())
    }
}

/// Begins a login (Security Framework 1.0, 5.1.1.1): to the tool, with a hint that is good once.
pub(super) async fn begin(
    tx: &WriteTx,
    ours: &Ours,
    tool: &Tool,
    launching: &Launching,
    target: &str,
) -> Result<Response, AppError> {
    let hint = tx.env().token();
    let until = tx.env().now() + LOGIN_LIFE;
    store::put_launching(tx, token_hash(&hint), launching, until).await?;
    let mut url = Url::parse(&tool.data.login_url).map_err(AppError::internal)?;
    url.query_pairs_mut()
        .append_pair("iss", &ours.issuer)
        .append_pair("login_hint", &hint)
        .append_pair("lti_message_hint", &hint)
        .append_pair("target_link_uri", target)
        .append_pair("client_id", &tool.client_id)
        .append_pair("lti_deployment_id", DEPLOYMENT);
    Ok(Redirect::to(url.as_str()).into_response())
}

/// A message that was signed, and where it is posted.
pub(super) struct Signed {
    /// The tool.
    pub(super) tool: Tool,
    /// Where it goes.
    pub(super) redirect: Url,
    /// Goes back as it came.
    pub(super) state: Option<String>,
    /// The message.
    pub(super) token: String,
    /// What it is, for the list of calls.
    pub(super) kind: &'static str,
    /// Whether it is shown within a page of ours.
    pub(super) framed: bool,
}

/// Ends a login (Security Framework 1.0, 5.1.1.3). The tool, once it is known, comes with the refusal.
pub(super) async fn end(ctx: &Ctx, form: &Form) -> Result<Signed, (Option<Tool>, Refused)> {
    let tool = store::tool_of_client(ctx.app.db().read(), form.raw("client_id"))
        .await
        .map_err(|error| (None, error.into()))?
        .filter(|tool| tool.closed_at.is_none())
        .ok_or((None, Refused::Client))?;
    match message(ctx, form, &tool).await {
        Ok((authentication, claims, launching)) => {
            let key = signing_key(ctx.app.db(), ctx.now)
                .await
                .map_err(|error| (None, error.into()))?;
            let token = key
                .sign(&claims)
                .map_err(|why| (None, AppError::Internal(why).into()))?;
            Ok(Signed {
                tool,
                redirect: authentication.redirect,
                state: authentication.state,
                token,
                kind: match launching.what {
                    What::Activity { .. } | What::Watching { .. } => "launch",
                    What::Picking { .. } => "picking",
                },
                framed: launching.framed,
            })
        }
        Err(refused) => Err((Some(tool), refused)),
    }
}

async fn message(
    ctx: &Ctx,
    form: &Form,
    tool: &Tool,
) -> Result<(Authentication, Value, Launching), Refused> {
    let authentication = Authentication::read(|name| form.raw(name), &tool.data.redirects)?;
    let tx = ctx.app.db().write().await?;
    let hint = token_hash(form.raw("login_hint"));
    let launching = store::take_launching(&tx, &hint).await?;
    let launching = launching.filter(|of| of.tool == tool.id);
    let Some(launching) = launching else {
        // It stays used, whoever used it.
        tx.commit().await?;
        return Err(Refused::Hint);
    };
    // In a frame the session's cookie is not sent: then the hint alone says who, for five minutes.
    if ctx.who.person().is_some_and(|who| who != launching.person) {
        return Err(Refused::Person);
    }
    let claims = match launching.what {
        What::Activity {
            enrolment,
            activity,
        }
        | What::Watching {
            enrolment,
            activity,
        } => {
            launch(
                ctx,
                &tx,
                tool,
                &launching,
                &authentication,
                (enrolment, activity),
            )
            .await?
        }
        What::Picking { course, week } => {
            picking(ctx, &tx, tool, &launching, &authentication, (course, week)).await?
        }
    };
    tx.commit().await?;
    Ok((authentication, claims, launching))
}

/// What a tool learns of somebody: as much as its registration says.
struct Known {
    subject: String,
    card: PersonCard,
}

async fn known(ctx: &Ctx, tx: &WriteTx, tool: &Tool, person: Uuid) -> Result<Known, Refused> {
    let mut cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), tool.space, &[person])
        .await?;
    let card = cards.remove(&person).ok_or(Refused::Gone)?;
    let subjects = store::subjects_of(tx, tool.id, &[person]).await?;
    let subject = subjects.into_iter().next().ok_or(Refused::Gone)?.1;
    Ok(Known { subject, card })
}

impl Known {
    fn identity(&self, tool: &Tool) -> Identity<'_> {
        let card = &self.card;
        Identity {
            subject: &self.subject,
            name: tool
                .sharing
                .name
                .then_some((card.given_name.as_str(), card.family_name.as_str())),
            email: card.email.as_deref().filter(|_| tool.sharing.email),
        }
    }

    /// What a variable of a custom parameter stands for.
    fn variable(&self, tool: &Tool, name: &str) -> Option<String> {
        let card = &self.card;
        let (names, email) = (tool.sharing.name, tool.sharing.email);
        match name {
            "User.id" => Some(self.subject.clone()),
            "Person.name.given" => names.then(|| card.given_name.clone()),
            "Person.name.family" => names.then(|| card.family_name.clone()),
            "Person.name.full" => names.then(|| card.name()),
            "Person.email.primary" => card.email.clone().filter(|_| email),
            _ => None,
        }
    }
}

async fn launch(
    ctx: &Ctx,
    tx: &WriteTx,
    tool: &Tool,
    launching: &Launching,
    authentication: &Authentication,
    (enrolment, activity): (Uuid, Uuid),
) -> Result<Value, Refused> {
    // Who watches was let in where the login began, five minutes ago at most.
    let watching = matches!(launching.what, What::Watching { .. });
    let found = cohorts::enrolment_in_cohort(&**tx, enrolment).await?;
    let (enrolment, cohort) = found
        .filter(|(enrolment, _)| {
            watching || (enrolment.person_id == launching.person && enrolment.state == "active")
        })
        .ok_or(Refused::Gone)?;
    let activity = catalogue::activity_of(&**tx, cohort.course_id, activity)
        .await?
        .ok_or(Refused::Gone)?;
    let content = content_of(&activity, tool).ok_or(Refused::Gone)?;
    let person = known(ctx, tx, tool, launching.person).await?;
    let ours = Ours::of(&ctx.app.settings().public_url);
    let item = services::main_item(tx, tool.id, &cohort, &activity).await?;
    let (link, context) = (activity.id.to_string(), cohort.id.to_string());
    let custom = parameters(tool, &content, |name| match name {
        "Context.id" => Some(context.clone()),
        "Context.title" => Some(cohort.title.clone()),
        "ResourceLink.id" => Some(link.clone()),
        "ResourceLink.title" => Some(activity.title.clone()),
        other => person.variable(tool, other),
    });
    let (pages, role) = if watching {
        ("suivi", ROLE_INSTRUCTOR)
    } else {
        ("formation", ROLE_LEARNER)
    };
    let back = format!(
        "{}/{pages}/{}/activite/{}",
        ours.issuer, enrolment.id, activity.id
    );
    let envelope = Envelope {
        issuer: &ours.issuer,
        client_id: &tool.client_id,
        deployment: DEPLOYMENT,
        nonce: &authentication.nonce,
        now: ctx.now / SECOND,
        identity: person.identity(tool),
        role,
        context: (&context, &cohort.title),
        target: target(tool, &content),
        custom: &custom,
        document_target: if launching.framed { "iframe" } else { "window" },
        return_url: &back,
        locale: &launching.lang,
    };
    let line_items = ours.line_items(tool.id, cohort.id);
    let line_item = ours.line_item(tool.id, cohort.id, item);
    let grades = GradeAddresses {
        line_items: &line_items,
        line_item: Some(&line_item),
    };
    let members = ours.members(tool.id, cohort.id);
    Ok(resource_link_request(
        &envelope,
        (&link, &activity.title),
        tool.sharing.grades.then_some(&grades),
        tool.sharing.members.then_some(members.as_str()),
    ))
}

async fn picking(
    ctx: &Ctx,
    tx: &WriteTx,
    tool: &Tool,
    launching: &Launching,
    authentication: &Authentication,
    (course, week): (Uuid, Uuid),
) -> Result<Value, Refused> {
    let plan = catalogue::plan_of(&**tx, course).await?;
    let plan = plan.filter(|plan| plan.course.space_id == tool.space);
    let plan = plan.ok_or(Refused::Gone)?;
    let picker = tool.data.picker_url.as_deref().ok_or(Refused::Gone)?;
    let person = known(ctx, tx, tool, launching.person).await?;
    let ours = Ours::of(&ctx.app.settings().public_url);
    let data = super::picking::data(tx, tool.id, launching.person, (course, week)).await?;
    let context = course.to_string();
    let envelope = Envelope {
        issuer: &ours.issuer,
        client_id: &tool.client_id,
        deployment: DEPLOYMENT,
        nonce: &authentication.nonce,
        now: ctx.now / SECOND,
        identity: person.identity(tool),
        role: ROLE_INSTRUCTOR,
        context: (&context, &plan.course.title),
        target: picker,
        custom: &[],
        document_target: "window",
        return_url: &ours.issuer,
        locale: &launching.lang,
    };
    Ok(deep_linking_request(
        &envelope,
        &ours.picked,
        &data,
        &plan.course.title,
        None,
    ))
}

/// What an activity says of the tool, when it is one of this tool.
pub(super) fn content_of(activity: &activity::Model, tool: &Tool) -> Option<ToolContent> {
    let content: ToolContent = serde_json::from_str(&activity.content).ok()?;
    (activity.kind == "tool" && content.tool == tool.id).then_some(content)
}

/// Where a launch leads.
pub(super) fn target<'t>(tool: &'t Tool, content: &'t ToolContent) -> &'t str {
    if content.url.is_empty() {
        &tool.data.target_url
    } else {
        &content.url
    }
}

/// The parameters of the tool, then those of the activity, which win; variables substituted.
fn parameters(
    tool: &Tool,
    content: &ToolContent,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<(String, String)> {
    let of_tool = ToolContent {
        custom: tool.data.custom.clone(),
        ..content.clone()
    };
    let mut all = of_tool.parameters().unwrap_or_default();
    for (name, value) in content.parameters().unwrap_or_default() {
        all.retain(|(known, _)| *known != name);
        all.push((name, value));
    }
    all.into_iter()
        .map(|(name, value)| {
            let value = substituted(&value, &variable);
            (name, value)
        })
        .collect()
}
