//! One tool: what it learns of people, what it asked lately.

use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Column, Confirm, Empty, Fact, Facts, Field, FieldKind, Notice, NoticeKind, Row,
    Status, Table, Tone,
};
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;
use url::Url;

use super::{add, list, list_address};
use crate::keys;
use crate::reasons;
use crate::steps::{self, Last, Step};
use crate::tools::access::{EditTool, ToolRef};
use crate::tools::commands::{self, ToolError};
use crate::tools::model::{PastCall, Sharing};
use crate::tools::store;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditTool>) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), None).await
}

pub(super) async fn close(ctx: Ctx, allowed: Allowed<EditTool>) -> Result<Response, AppError> {
    set(&ctx, &allowed, true, "lti-tools-closed").await
}

pub(super) async fn reopen(ctx: Ctx, allowed: Allowed<EditTool>) -> Result<Response, AppError> {
    set(&ctx, &allowed, false, "lti-tools-opened").await
}

async fn set(
    ctx: &Ctx,
    allowed: &Allowed<EditTool>,
    closed: bool,
    notice: &'static str,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    refused(commands::set_closed(&tx, allowed, closed).await)?;
    tx.commit().await?;
    Ok(back(ctx, allowed, notice))
}

pub(super) async fn share(
    ctx: Ctx,
    allowed: Allowed<EditTool>,
    form: Form,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    refused(commands::share(&tx, &allowed, Sharing::parse(&form)).await)?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, "lti-tools-shared"))
}

/// Asks the tool's key set and says what came.
pub(super) async fn test(ctx: Ctx, allowed: Allowed<EditTool>) -> Result<Response, AppError> {
    let of = allowed.object();
    let address = Url::parse(&of.tool.data.jwks_uri).map_err(AppError::internal)?;
    let (kind, text) = match keys::refresh(&ctx.app, of.tool.id, &address).await {
        Ok(keys) if keys.usable() > 0 => {
            let count = keys.usable().into();
            let text = ctx.tr("lti-test-keys", &[("count", count)]);
            (NoticeKind::Success, text)
        }
        Ok(_) => (NoticeKind::Error, ctx.t("lti-test-no-key")),
        Err(why) => {
            let why = reasons::of(&ctx, &why);
            let text = ctx.tr("lti-test-failed", &[("why", why.into())]);
            (NoticeKind::Error, text)
        }
    };
    show(&ctx, of, Some(Notice::new(kind, text))).await
}

fn refused(result: Result<(), ToolError>) -> Result<(), AppError> {
    result.map_err(|error| match error {
        ToolError::Changed => AppError::Conflict("lti-changed"),
        ToolError::Append(error) => error.into(),
        ToolError::Db(error) => error.into(),
    })
}

fn address(of: &ToolRef) -> String {
    format!("{}/{}", list_address(&of.space), of.tool.id)
}

fn back(ctx: &Ctx, allowed: &Allowed<EditTool>, notice: &'static str) -> Response {
    ctx.redirect(
        &address(allowed.object()),
        Some((NoticeKind::Success, notice)),
    )
}

async fn show(ctx: &Ctx, of: &ToolRef, found: Option<Notice>) -> Result<Response, AppError> {
    let tool = &of.tool;
    let calls = store::calls_of(ctx.app.db().read(), tool.id).await?;
    let here = address(of);
    let data = json!({
        "status": list::status(ctx, tool),
        "found": found,
        "steps": steps::shown(ctx, &passerelle_web::context::zone(&of.space), &steps_of(&calls)),
        "share_action": format!("{here}/partage"),
        "share": sharing(ctx, tool.sharing),
        "share_do": Button::submit(ctx.t("lti-tools-share-do")).icon("check"),
        "calls": calls_table(ctx, of, &calls),
        "facts": facts(ctx, of),
        "correct": Button::link(ctx.t("lti-correct"), format!("{here}/modifier")).quiet().icon("pencil"),
        "addresses": add::addresses(ctx, Some(&tool.client_id)),
        "test": Button::post(ctx.t("lti-test"), format!("{here}/essai")).quiet().icon("refresh"),
        "close": tool.closed_at.is_none().then(|| {
            let sentence = ctx.t("lti-tools-close-sentence");
            Confirm::quiet("fermer", ctx.t("lti-tools-close"), sentence, format!("{here}/fermer"))
                .consequence(ctx.t("lti-tools-close-consequence"))
        }),
        "reopen": tool.closed_at.is_some().then(|| {
            Button::post(ctx.t("lti-tools-reopen"), format!("{here}/rouvrir")).icon("undo")
        }),
    });
    ctx.page("lti/tools/show", &tool.data.name)
        .space(&of.space)
        .crumb(ctx.t("lti-tools-title"), list_address(&of.space))
        .render(data)
}

fn sharing(ctx: &Ctx, now: Sharing) -> Vec<Field> {
    let field = |name: &'static str, on: bool| {
        let label = ctx.t(&format!("lti-tools-share-{name}"));
        let mut field = Field::new(FieldKind::Checkbox, name, label)
            .help(ctx.t(&format!("lti-tools-share-{name}-help")));
        field.checked = on;
        field
    };
    vec![
        field("name", now.name),
        field("email", now.email),
        field("grades", now.grades),
        field("members", now.members),
    ]
}

fn steps_of(calls: &[PastCall]) -> [Step; 3] {
    let last = |kinds: &[&str]| {
        let found = calls
            .iter()
            .find(|call| kinds.contains(&call.kind.as_str()));
        found.map(|call| Last {
            well: call.outcome == "ok",
            at: call.at,
        })
    };
    [
        ("lti-step-open", last(&["launch", "picking"])),
        ("lti-step-token", last(&["token", "score", "members"])),
        ("lti-step-score", last(&["score"])),
    ]
}

fn facts(ctx: &Ctx, of: &ToolRef) -> Facts {
    let data = &of.tool.data;
    let mut items = vec![
        Fact::new(ctx.t("lti-tools-field-target-url"), &data.target_url),
        Fact::new(ctx.t("lti-tools-field-login-url"), &data.login_url),
        Fact::new(
            ctx.t("lti-tools-field-redirects"),
            data.redirects.join(", "),
        ),
        Fact::new(ctx.t("lti-tools-field-jwks-uri"), &data.jwks_uri),
    ];
    if let Some(picker) = &data.picker_url {
        items.push(Fact::new(ctx.t("lti-tools-field-picker-url"), picker));
    }
    Facts {
        items,
        columns: false,
    }
}

fn calls_table(ctx: &Ctx, of: &ToolRef, calls: &[PastCall]) -> Table {
    let zone = passerelle_web::context::zone(&of.space);
    let rows = calls.iter().map(|call| {
        let outcome = if call.outcome == "ok" {
            Cell::status(Status::new(Tone::Success, ctx.t("lti-outcome-ok")))
        } else {
            let refused = Status::new(Tone::Danger, ctx.t("lti-tools-refused"));
            Cell::status(refused).note(reasons::shown(ctx, &call.detail))
        };
        let kind = ctx.t(&format!("lti-tools-kind-{}", call.kind));
        Row::new(
            Cell::text(format::datetime_short(call.at, &zone, ctx.lang)),
            [Cell::text(kind), outcome],
        )
    });
    let columns = [
        Column::new(ctx.t("lti-call-at")),
        Column::new(ctx.t("lti-call-kind")),
        Column::new(ctx.t("lti-call-outcome")),
    ];
    let empty = Empty::new(
        ctx.t("lti-tools-no-call-title"),
        ctx.t("lti-tools-no-call-text"),
    );
    Table::new("appels", ctx.t("lti-tools-calls-caption"), columns)
        .rows(rows)
        .empty(empty)
}
