//! Importing contacts: the file, what would become of each line, then all of it; and undoing it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use passerelle_kernel::Uuid;
use passerelle_web::components::{
    Button, Cell, Column as Head, Confirm, Empty, ErrorSummary, Field, FieldKind, NoticeKind,
    Progress, Row, Table, Upload,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::json;

use super::preview::{Asked, Shown, preview};
use super::{contacts_address, tabs};
use crate::audience::access::ManageContacts;
use crate::audience::importing::{Choices, Common, MAX_BYTES, Merge, Sheet};
use crate::audience::imports::{self, Import, State, sheet_key};
use crate::audience::model::{Basis, line};
use crate::audience::{applying, store};
use crate::files::receive;

/// The page of imports.
pub(super) fn here(space: &Space) -> String {
    format!("{}/importer", contacts_address(space))
}

pub(super) async fn form(ctx: Ctx, allowed: Allowed<ManageContacts>) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), None).await
}

async fn show(ctx: &Ctx, space: &Space, error: Option<String>) -> Result<Response, AppError> {
    let done = imports::imports(ctx.app.db().read(), space.id).await?;
    let zone = passerelle_web::context::zone(space);
    let limits = [("size", format::bytes(MAX_BYTES as u64, ctx.lang).into())];
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let field = Field {
        required: true,
        ..Field::new(FieldKind::File, "file", ctx.t("import-file"))
    }
    .accept(".csv,.xlsx,.txt")
    .help(ctx.tr("import-file-help", &limits))
    .error(error);
    let rows = done
        .iter()
        .map(|import| past(ctx, import, &zone))
        .collect::<Vec<_>>();
    let columns = ["import-file-name", "import-result"].map(|id| Head::new(ctx.t(id)));
    let table = Table::new("imports", ctx.t("import-past"), columns)
        .rows(rows)
        .empty(Empty::new(
            ctx.t("import-past-empty"),
            ctx.t("import-past-empty-text"),
        ));
    let under_way = done.iter().filter(|import| import.is_under_way());
    let under_way: Vec<Progress> = under_way.map(|import| under_way_of(ctx, import)).collect();
    let undo: Vec<Confirm> = done
        .iter()
        .filter(|import| import.is_undoable(ctx.app.env().now()))
        .take(3)
        .map(|import| {
            let of = [("file", import.file_name.clone().into())];
            Confirm::danger(
                format!("defaire-{}", import.id),
                ctx.tr("import-undo", &of),
                ctx.t("import-undo-sentence"),
                format!("{}/{}/defaire", here(space), import.id),
            )
            .consequence(ctx.t("import-undo-consequence"))
        })
        .collect();
    ctx.page("mailer/audience/import", ctx.t("import-title"))
        .space(space)
        .crumb(ctx.t("contact-title"), contacts_address(space))
        .status(status)
        .render(json!({
            "tabs": tabs(ctx, space, "contact-tab-import"),
            "errors": ErrorSummary::of([&field]),
            "upload": Upload::new(here(space), field, ctx.t("import-read")),
            "refresh": (!under_way.is_empty()).then(|| Button::link(ctx.t("import-refresh"), here(space)).quiet().icon("refresh")),
            "under_way": under_way,
            "table": table,
            "undo": undo,
        }))
}

/// How far the job of an import has come.
fn under_way_of(ctx: &Ctx, import: &Import) -> Progress {
    let (label, words) = match import.state {
        State::Undoing => ("import-undoing", "import-undoing-words"),
        _ => ("import-running", "import-running-words"),
    };
    let label = ctx.tr(label, &[("file", import.file_name.clone().into())]);
    let words = ctx.tr(
        words,
        &[("gone", import.gone.into()), ("lines", import.lines.into())],
    );
    let share = i64::from(import.gone) * 10_000 / i64::from(import.lines.max(1));
    Progress::new(label, words, share)
}

fn past(ctx: &Ctx, import: &Import, zone: &jiff::tz::TimeZone) -> Row {
    let result = ctx.tr(
        "import-counts",
        &[
            ("added", import.added.into()),
            ("changed", import.changed.into()),
            ("refused", import.refused.into()),
        ],
    );
    let note = match import.undone_at {
        Some(at) => {
            let date = ("date", format::datetime_short(at, zone, ctx.lang).into());
            Some(match import.kept {
                0 => ctx.tr("import-undone", &[date]),
                kept => ctx.tr("import-undone-but", &[date, ("kept", kept.into())]),
            })
        }
        None if import.state == State::Done && import.gone < import.lines => {
            let left = import.lines - import.gone;
            Some(ctx.tr("import-cut", &[("left", left.into())]))
        }
        None if import.is_under_way() => Some(ctx.t("import-under-way")),
        None => None,
    };
    let cell = Cell::text(result);
    Row::new(
        Cell::text(&import.file_name).note(format::datetime_short(import.at, zone, ctx.lang)),
        [match note {
            Some(note) => cell.note(note),
            None => cell,
        }],
    )
}

/// Takes a file in, and shows what would become of its lines.
pub(super) async fn read(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    request: Request<Body>,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let received = receive(request, MAX_BYTES).await?;
    if received.too_large {
        return show(&ctx, space, Some(ctx.t("import-error-large"))).await;
    }
    let Some((name, bytes)) = received.file else {
        return show(&ctx, space, Some(ctx.t("import-error-none"))).await;
    };
    let sheet = tokio::task::spawn_blocking(move || Sheet::read(&bytes))
        .await
        .map_err(AppError::internal)?;
    let (sheet, reading) = match sheet {
        Ok(read) => read,
        Err(error) => return show(&ctx, space, Some(ctx.t(error.message()))).await,
    };
    // One file waits at a time: the one before was given up.
    imports::give_up_sheets(&ctx.app, space.id).await?;
    let id = ctx.app.env().id();
    ctx.app
        .blobs()
        .put(&sheet_key(space.id, id), Bytes::from(sheet.to_bytes()))
        .await?;
    let mapping = sheet.guess().into_iter();
    let asked = Asked {
        id,
        file_name: line(&name),
        choices: Choices {
            titled: sheet.titled,
            mapping: mapping
                .map(|name| name.unwrap_or_default().to_owned())
                .collect(),
            merge: Merge::Fill,
            common: Common {
                source: String::new(),
                purpose: ctx.t("contact-purpose-default"),
                basis: Basis::Professional,
            },
        },
        list: None,
    };
    preview(&ctx, space, &sheet, &asked, Shown::First(&reading)).await
}

/// Shows again with other choices, or begins it.
pub(super) async fn apply(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let id: Uuid = form
        .text("file_id")
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let db = ctx.app.db().read();
    if let Some(import) = imports::import(db, id).await? {
        // The button was pressed twice.
        return match import.space == space.id {
            true => Ok(ctx.redirect(&here(space), Some(begun(import.state)))),
            false => Err(AppError::NotFound),
        };
    }
    let bytes = ctx
        .app
        .blobs()
        .get(&sheet_key(space.id, id))
        .await
        .map_err(|_| AppError::Conflict("import-gone"))?;
    let titled = form.text("titles") != "no";
    let mut sheet = Sheet::from_bytes(&bytes, titled).ok_or(AppError::Conflict("import-gone"))?;
    // One row alone is a line.
    sheet.titled &= sheet.rows.len() > 1;
    let asked = Asked::parse(id, &form, &sheet);
    let common = &asked.choices.common;
    let told = common.source.is_empty() || common.purpose.is_empty();
    if form.text("do") != "apply" || told || !asked.choices.columns().contains(&Some("email")) {
        let shown = match form.text("do") {
            "apply" => Shown::Refused,
            _ => Shown::Again,
        };
        return preview(&ctx, space, &sheet, &asked, shown).await;
    }
    let list = match asked.list {
        Some(id) => store::list(db, id)
            .await?
            .filter(|list| list.space == space.id),
        None => None,
    };
    let import = Import {
        id,
        space: space.id,
        file_name: asked.file_name,
        list: list.map(|list| list.id),
        state: State::Running,
        lines: sheet.lines().len() as i32,
        gone: 0,
        added: 0,
        changed: 0,
        refused: 0,
        kept: 0,
        at: ctx.app.env().now(),
        undone_at: None,
    };
    let import = applying::begin(&ctx.app, &import, &asked.choices, allowed.actor()).await?;
    Ok(ctx.redirect(&here(space), Some(begun(import.state))))
}

/// What is told of an import that was asked for.
fn begun(state: State) -> (NoticeKind, &'static str) {
    match state {
        State::Running => (NoticeKind::Info, "import-begun"),
        State::Done | State::Undoing | State::Undone => (NoticeKind::Success, "import-done"),
    }
}

pub(super) async fn undo(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let id = params.id("import")?;
    let import = applying::begin_undoing(&ctx.app, space.id, id, allowed.actor()).await?;
    let told = match import.state {
        State::Undoing => (NoticeKind::Info, "import-undo-begun"),
        _ if import.kept > 0 => (NoticeKind::Warn, "import-undone-part"),
        _ => (NoticeKind::Success, "import-undone-told"),
    };
    Ok(ctx.redirect(&here(space), Some(told)))
}
