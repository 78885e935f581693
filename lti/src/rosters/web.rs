//! The page of a course of a platform.

use std::collections::HashMap;

use async_trait::async_trait;
use axum::response::Response;
use passerelle_courses::cohorts;
use passerelle_kernel::Uuid;
use passerelle_web::access::{Action, Loaded, Params, Who};
use passerelle_web::components::{
    Button, Cell, Choice, Column, Empty, Fact, Facts, Field, FieldKind, NoticeKind, Row, Status,
    Table, Tone,
};
use passerelle_web::directory::PersonCard;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Allowed, AppError, Ctx, Form, Role, format};
use serde_json::json;

use super::commands;
use super::reading::{self, ReadingError};
use super::store::{self, ContextRow, MemberRow};
use crate::platforms::access::PlatformRef;
use crate::platforms::model::Call;
use crate::platforms::store::{put_call, trim_calls};

pub(super) fn routes() -> Routes {
    let read = Access::Action(ReadContext::NAME);
    Routes::new()
        .get(
            "/e/{space}/gestion/plateformes/{platform}/cours/{context}",
            read,
            page,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/cours/{context}/lire",
            read,
            ask,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/cours/{context}/colonne",
            read,
            add_column,
        )
}

/// A course of a platform; address part `{context}`.
#[derive(Clone, Debug)]
struct ContextRef {
    of: PlatformRef,
    context: ContextRow,
}

#[async_trait]
impl Loaded for ContextRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(of) = PlatformRef::load(ctx, params).await? else {
            return Ok(None);
        };
        let id = params.id("context")?;
        let found = store::context(ctx.app.db().read(), of.platform.id, id).await?;
        Ok(found.map(|context| Self { of, context }))
    }
}

/// See who is in a course of a platform, and ask for columns there.
#[derive(Clone, Copy, Debug)]
struct ReadContext;

impl Action for ReadContext {
    type Object = ContextRef;
    const NAME: &'static str = "platform.read-context";
    fn allows(who: &Who, object: &Self::Object) -> bool {
        who.has(object.of.space.id, &[Role::Administrator])
    }
}

/// Where the page of a course is.
pub(crate) fn address(of: &PlatformRef, context: Uuid) -> String {
    let (space, platform) = (&of.space.slug, of.platform.id);
    format!("/e/{space}/gestion/plateformes/{platform}/cours/{context}")
}

/// Its title, or a word for who gave none.
pub(crate) fn title(ctx: &Ctx, context: &ContextRow) -> String {
    let title = &context.services.title;
    if title.is_empty() {
        ctx.t("lti-roster-untitled")
    } else {
        title.clone()
    }
}

async fn page(ctx: Ctx, allowed: Allowed<ReadContext>) -> Result<Response, AppError> {
    let ContextRef { of, context } = allowed.object();
    let db = ctx.app.db().read();
    let members = store::members_of(db, context).await?;
    let persons: Vec<Uuid> = members.iter().filter_map(|member| member.person).collect();
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.space.id, &persons)
        .await?;
    let here = address(of, context.id);
    let is_open = of.platform.closed_at.is_none();
    let can_read = is_open && context.services.memberships.is_some();
    let zone = passerelle_web::context::zone(&of.space);
    let read_at = context.read_at.map_or_else(
        || ctx.t("lti-roster-never"),
        |at| format::datetime(at, &zone, ctx.lang),
    );
    let count = |keep: fn(&&MemberRow) -> bool| {
        let n = members.iter().filter(keep).count();
        format::number(n as i64, ctx.lang)
    };
    let items = vec![
        Fact::new(ctx.t("lti-roster-read"), read_at),
        Fact::new(
            ctx.t("lti-roster-there"),
            count(|m| m.is_active && !m.teaches),
        ),
        Fact::new(
            ctx.t("lti-roster-here"),
            count(|m| m.is_active && !m.teaches && m.person.is_some()),
        ),
        Fact::new(
            ctx.t("lti-roster-awaited"),
            count(|m| m.is_active && !m.teaches && m.person.is_none()),
        ),
    ];
    let column = column_field(&ctx, of, context).await?;
    ctx.page("lti/rosters/show", title(&ctx, context))
        .space(&of.space)
        .crumb(ctx.t("lti-list-title"), format!("/e/{}/gestion/plateformes", of.space.slug))
        .crumb(&of.platform.data.name, format!("/e/{}/gestion/plateformes/{}", of.space.slug, of.platform.id))
        .render(json!({
            "facts": Facts { items, columns: true },
            "ask": can_read.then(|| Button::post(ctx.t("lti-roster-ask"), format!("{here}/lire")).icon("refresh")),
            "table": table(&ctx, &members, &cards),
            "column": column,
            "column_action": format!("{here}/colonne"),
            "column_do": Button::submit(ctx.t("lti-roster-column-do")).quiet().icon("plus"),
        }))
}

fn table(ctx: &Ctx, members: &[MemberRow], cards: &HashMap<Uuid, PersonCard>) -> Table {
    let mut known: Vec<(&PersonCard, &MemberRow)> = members
        .iter()
        .filter_map(|member| Some((cards.get(&member.person?)?, member)))
        .collect();
    known.sort_by_key(|(card, _)| card.sort_key());
    let rows = known.into_iter().map(|(card, member)| {
        let state = if member.is_active {
            Status::new(Tone::Success, ctx.t("lti-roster-in"))
        } else {
            Status::new(Tone::Neutral, ctx.t("lti-roster-left"))
        };
        let held = member.held.map_or_else(
            || "—".to_owned(),
            |held| format::mark(i64::from(held), ctx.lang),
        );
        Row::new(
            Cell::text(card.listed_name()),
            [Cell::status(state), Cell::number(held)],
        )
    });
    let columns = ["lti-roster-person", "lti-roster-state", "lti-roster-held"];
    Table::new(
        "membres",
        ctx.t("lti-roster-caption"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .rows(rows)
    .empty(Empty::new(ctx.t("lti-roster-empty"), ctx.t("lti-roster-empty-text")).icon("users"))
}

/// The cohorts that a column can be made for, when the platform lets us.
async fn column_field(
    ctx: &Ctx,
    of: &PlatformRef,
    context: &ContextRow,
) -> Result<Option<Field>, AppError> {
    let services = &context.services;
    let may = services.line_items.is_some() && services.scopes.contains("columns");
    // Whose grades go there is known once the course was read.
    let is_read = context.read_at.is_some() || services.memberships.is_none();
    if !(may && is_read && of.platform.closed_at.is_none()) {
        return Ok(None);
    }
    let cohorts = cohorts::open_cohorts(ctx.app.db().read(), of.space.id).await?;
    if cohorts.is_empty() {
        return Ok(None);
    }
    let options = cohorts
        .iter()
        .map(|cohort| Choice::new(cohort.id.to_string(), &cohort.title));
    let field = Field::new(
        FieldKind::Select,
        "cohort",
        ctx.t("lti-roster-column-cohort"),
    )
    .help(ctx.t("lti-roster-column-help"))
    .options(options)
    .required();
    Ok(Some(field))
}

/// Nothing is asked of a platform that was closed.
fn open(of: &PlatformRef) -> Result<(), AppError> {
    match of.platform.closed_at {
        None => Ok(()),
        Some(_) => Err(AppError::Conflict("lti-roster-closed")),
    }
}

async fn ask(ctx: Ctx, allowed: Allowed<ReadContext>) -> Result<Response, AppError> {
    let ContextRef { of, context } = allowed.object();
    open(of)?;
    let read = reading::read(&ctx.app, &of.platform, context).await;
    told(&ctx, allowed.object(), read, "lti-roster-was-read").await
}

/// Makes a column for a cohort, and sends there the grades of who is in both.
async fn add_column(
    ctx: Ctx,
    allowed: Allowed<ReadContext>,
    form: Form,
) -> Result<Response, AppError> {
    let ContextRef { of, context } = allowed.object();
    open(of)?;
    let id: Uuid = form
        .text("cohort")
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let cohort = cohorts::find_cohort(ctx.app.db().read(), id).await?;
    let cohort = cohort.filter(|cohort| cohort.space_id == of.space.id);
    let cohort = cohort.ok_or(AppError::NotFound)?;
    let address = context
        .services
        .line_items
        .as_deref()
        .ok_or(AppError::NotFound)?;
    let (app, platform) = (&ctx.app, &of.platform);
    let made = reading::make_column(app, platform, address, cohort.id, &cohort.title).await;
    let made = match made {
        Ok(line_item) => {
            commands::grade_in(app, context, &cohort, &line_item).await?;
            Ok(())
        }
        Err(error) => Err(error),
    };
    told(&ctx, allowed.object(), made, "lti-roster-column-made").await
}

/// Back to the page, with what came of it; a refusal is among the platform's exchanges as well.
async fn told(
    ctx: &Ctx,
    of: &ContextRef,
    came: Result<(), ReadingError>,
    well: &'static str,
) -> Result<Response, AppError> {
    let to = address(&of.of, of.context.id);
    let (outcome, detail, notice) = match came {
        Ok(()) => ("ok", String::new(), (NoticeKind::Success, well)),
        Err(ReadingError::App(error)) => return Err(error),
        Err(ReadingError::Refused(why)) => {
            let notice = (NoticeKind::Error, "lti-roster-refused");
            ("service-refused", why.kept(), notice)
        }
    };
    let call = Call {
        kind: "service".to_owned(),
        outcome: outcome.to_owned(),
        detail,
        reference: String::new(),
        at: ctx.now,
    };
    let tx = ctx.app.db().write().await?;
    put_call(&tx, of.of.space.id, of.of.platform.id, &call).await?;
    trim_calls(&tx, of.of.platform.id).await?;
    tx.commit().await?;
    Ok(ctx.redirect(&to, Some(notice)))
}
