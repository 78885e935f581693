//! The lists of a space.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Choice, Column, Confirm, Empty, ErrorSummary, Fact, Facts, Field, FieldKind,
    NoticeKind, Row, Status, Table, Tone, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;

use super::{contacts_address, lists_address, tabs};
use crate::audience::access::{EditList, ManageContacts};
use crate::audience::commands::{self, AudienceError};
use crate::audience::model::{List, ListKind, line, slug};
use crate::audience::store;

/// What a form says of a list.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    description: String,
    kind: Option<ListKind>,
}

impl Typed {
    fn parse(form: &Form) -> Self {
        Self {
            name: line(form.text("name")),
            description: line(form.text("description")),
            kind: ListKind::parse(form.text("kind")),
        }
    }

    fn of(list: &List) -> Self {
        Self {
            name: list.name.clone(),
            description: list.description.clone(),
            kind: Some(list.kind),
        }
    }

    fn problems(&self) -> Vec<(&'static str, &'static str)> {
        if slug(&self.name).is_empty() {
            vec![("name", "list-error-name")]
        } else {
            Vec::new()
        }
    }
}

fn fields(ctx: &Ctx, typed: &Typed, problems: &[(&str, &str)]) -> Vec<Field> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, message)| ctx.t(message))
    };
    vec![
        Field::text("name", ctx.t("list-field-name"))
            .help(ctx.t("list-field-name-help"))
            .value(&typed.name)
            .required()
            .maxlength(100)
            .autocomplete("off")
            .error(error("name")),
        Field::text("description", ctx.t("list-field-description"))
            .help(ctx.t("list-field-description-help"))
            .value(&typed.description)
            .maxlength(200)
            .width(Width::Full)
            .autocomplete("off"),
        Field {
            required: true,
            ..Field::new(FieldKind::Radio, "kind", ctx.t("list-field-kind"))
        }
        .options(ListKind::ALL.iter().map(|kind| {
            Choice::new(kind.code(), ctx.t(&format!("list-kind-{}", kind.code())))
                .help(ctx.t(&format!("list-kind-{}-help", kind.code())))
        }))
        .chosen(&[typed.kind.unwrap_or(ListKind::Public).code()]),
    ]
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ManageContacts>) -> Result<Response, AppError> {
    show_all(&ctx, allowed.object(), &Typed::default(), &[]).await
}

async fn show_all(
    ctx: &Ctx,
    space: &Space,
    typed: &Typed,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let lists = store::lists(ctx.app.db().read(), space.id).await?;
    let here = lists_address(space);
    let rows = lists.iter().map(|(list, count)| {
        Row::new(
            Cell::link(&list.name, format!("{here}/{}", list.id)).note(&list.description),
            [
                Cell::text(ctx.t(&format!("list-kind-{}", list.kind.code()))),
                Cell::number(format::number(*count, ctx.lang)),
                Cell::status(sign(ctx, list)),
            ],
        )
    });
    let columns = vec![
        Column::new(ctx.t("list-name")),
        Column::new(ctx.t("list-kind")),
        Column::new(ctx.t("list-count")).numeric(),
        Column::new(ctx.t("list-state")),
    ];
    let table = Table::new("listes", ctx.t("list-title"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(Empty::new(ctx.t("list-empty-title"), ctx.t("list-empty-text")).icon("mail"));
    let fields = fields(ctx, typed, problems);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    ctx.page("mailer/audience/lists", ctx.t("list-title"))
        .space(space)
        .status(status)
        .render(json!({
            "tabs": tabs(ctx, space, "contact-tab-lists"),
            "table": table,
            "public_page": lists.iter().any(|(list, _)| list.kind == ListKind::Public && list.closed_at.is_none())
                .then(|| Button::link(ctx.t("list-public-page"), format!("/e/{}/abonnement", space.slug)).quiet().icon("globe")),
            "action": here,
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "submit": Button::submit(ctx.t("list-add")).icon("plus"),
        }))
}

fn sign(ctx: &Ctx, list: &List) -> Status {
    if list.closed_at.is_some() {
        Status::new(Tone::Neutral, ctx.t("list-closed"))
    } else {
        Status::new(Tone::Success, ctx.t("list-open"))
    }
}

pub(super) async fn add(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let typed = Typed::parse(&form);
    let problems = typed.problems();
    if !problems.is_empty() {
        return show_all(&ctx, space, &typed, &problems).await;
    }
    let tx = ctx.app.db().write().await?;
    let kind = typed.kind.unwrap_or(ListKind::Public);
    match commands::add_list(&tx, space.id, &typed.name, &typed.description, kind).await {
        Ok(_) => tx.commit().await?,
        Err(AudienceError::Taken) => {
            tx.rollback().await?;
            return show_all(&ctx, space, &typed, &[("name", "list-error-taken")]).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ctx.redirect(
        &lists_address(space),
        Some((NoticeKind::Success, "list-added")),
    ))
}

pub(super) async fn show(ctx: Ctx, allowed: Allowed<EditList>) -> Result<Response, AppError> {
    let typed = Typed::of(&allowed.object().list);
    show_one(&ctx, &allowed, &typed, &[]).await
}

async fn show_one(
    ctx: &Ctx,
    allowed: &Allowed<EditList>,
    typed: &Typed,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let of = allowed.object();
    let lists = store::lists(ctx.app.db().read(), of.space.id).await?;
    let count = lists
        .iter()
        .find(|(list, _)| list.id == of.list.id)
        .map_or(0, |(_, n)| *n);
    let here = format!("{}/{}", lists_address(&of.space), of.list.id);
    let zone = passerelle_web::context::zone(&of.space);
    let fields = fields(ctx, typed, problems);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let facts = vec![
        Fact::new(ctx.t("list-count"), format::number(count, ctx.lang)).href(format!(
            "{}?liste={}",
            contacts_address(&of.space),
            of.list.id
        )),
        Fact::new(
            ctx.t("list-since"),
            format::date(of.list.created_at, &zone, ctx.lang),
        ),
    ];
    let open = of.list.closed_at.is_none();
    ctx.page("mailer/audience/list", &of.list.name)
        .space(&of.space)
        .crumb(ctx.t("list-title"), lists_address(&of.space))
        .status(status)
        .render(json!({
            "status": sign(ctx, &of.list),
            "facts": Facts { items: facts, columns: true },
            "action": here,
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "submit": Button::submit(ctx.t("list-save")).icon("save"),
            "discussion": (of.list.kind == ListKind::Discussion).then(|| Button::link(ctx.t("discussion-open"), format!("{here}/discussion")).icon("mail")),
            "close": open.then(|| Confirm::quiet("fermer", ctx.t("list-close"), ctx.t("list-close-sentence"), format!("{here}/fermer"))),
            "reopen": (!open).then(|| Button::post(ctx.t("list-reopen"), format!("{here}/rouvrir")).icon("undo")),
        }))
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditList>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let typed = Typed::parse(&form);
    let problems = typed.problems();
    if !problems.is_empty() {
        return show_one(&ctx, &allowed, &typed, &problems).await;
    }
    let list = List {
        kind: typed.kind.unwrap_or(of.list.kind),
        name: typed.name,
        description: typed.description,
        ..of.list.clone()
    };
    write(&ctx, &allowed, &list, "list-saved").await
}

pub(super) async fn close(ctx: Ctx, allowed: Allowed<EditList>) -> Result<Response, AppError> {
    let list = List {
        closed_at: Some(ctx.now),
        ..allowed.object().list.clone()
    };
    write(&ctx, &allowed, &list, "list-closed-told").await
}

pub(super) async fn reopen(ctx: Ctx, allowed: Allowed<EditList>) -> Result<Response, AppError> {
    let list = List {
        closed_at: None,
        ..allowed.object().list.clone()
    };
    write(&ctx, &allowed, &list, "list-reopened").await
}

async fn write(
    ctx: &Ctx,
    allowed: &Allowed<EditList>,
    list: &List,
    told: &'static str,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    store::update_list(&tx, list).await?;
    tx.commit().await?;
    let to = format!("{}/{}", lists_address(&allowed.object().space), list.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, told))))
}
