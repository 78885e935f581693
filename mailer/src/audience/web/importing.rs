//! Importing contacts: the file, what would become of each line, then all of it; and undoing it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use passerelle_kernel::Uuid;
use passerelle_web::components::{
    Button, Cell, Choice, Column as Head, Confirm, Empty, ErrorSummary, Fact, Facts, Field,
    FieldKind, NoticeKind, Row, Status, Table, Tone, Upload, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::json;

use super::{contacts_address, tabs};
use crate::audience::access::ManageContacts;
use crate::audience::importing::{COLUMNS, Common, Fate, MAX_BYTES, Merge, Sheet, fates, key_of};
use crate::audience::imports::{self, Import, Order};
use crate::audience::model::{Basis, List, line};
use crate::audience::store;
use crate::files::receive;

/// Lines with their fate that a page shows.
const SHOWN: usize = 50;

fn here(space: &Space) -> String {
    format!("{}/importer", contacts_address(space))
}

/// Where a file waits between two pages; one for each space.
fn waiting(space: Uuid, id: Uuid) -> String {
    format!("mail/imports/{}/{}.csv", space.simple(), id.simple())
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
        .map(|import| past(ctx, space, import, &zone))
        .collect::<Vec<_>>();
    let columns =
        ["import-file-name", "import-when", "import-result"].map(|id| Head::new(ctx.t(id)));
    let table = Table::new("imports", ctx.t("import-past"), columns)
        .rows(rows)
        .empty(Empty::new(
            ctx.t("import-past-empty"),
            ctx.t("import-past-empty-text"),
        ));
    let undo: Vec<Confirm> = done
        .iter()
        .filter(|import| import.undone_at.is_none())
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
            "table": table,
            "undo": undo,
        }))
}

fn past(ctx: &Ctx, space: &Space, import: &Import, zone: &jiff::tz::TimeZone) -> Row {
    let _ = space;
    let result = ctx.tr(
        "import-counts",
        &[
            ("added", import.added.into()),
            ("changed", import.changed.into()),
            ("refused", import.refused.into()),
        ],
    );
    let cell = Cell::text(result);
    Row::new(
        Cell::text(&import.file_name),
        [
            Cell::text(format::datetime_short(import.at, zone, ctx.lang)),
            match import.undone_at {
                Some(at) => cell.note(ctx.tr(
                    "import-undone",
                    &[("date", format::datetime_short(at, zone, ctx.lang).into())],
                )),
                None => cell,
            },
        ],
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
    let sheet = match sheet {
        Ok(sheet) => sheet,
        Err(error) => return show(&ctx, space, Some(ctx.t(error.message()))).await,
    };
    // One file waits at a time: the one before was given up.
    let prefix = format!("mail/imports/{}", space.id.simple());
    for (key, _) in ctx.app.blobs().list(&prefix).await? {
        ctx.app.blobs().delete(&key).await?;
    }
    let id = ctx.app.env().id();
    ctx.app
        .blobs()
        .put(&waiting(space.id, id), Bytes::from(sheet.to_csv()))
        .await?;
    let mapping: Vec<String> = sheet
        .guess()
        .into_iter()
        .map(|name| name.unwrap_or_default().to_owned())
        .collect();
    let choices = Choices {
        id,
        file_name: line(&name),
        mapping,
        merge: Merge::Fill,
        common: Common {
            source: String::new(),
            purpose: ctx.t("contact-purpose-default"),
            basis: Basis::Professional,
        },
        list: None,
    };
    preview(&ctx, space, &sheet, &choices, false).await
}

/// What was chosen beside the file.
#[derive(Clone, Debug)]
struct Choices {
    id: Uuid,
    file_name: String,
    mapping: Vec<String>,
    merge: Merge,
    common: Common,
    list: Option<Uuid>,
}

impl Choices {
    fn parse(form: &Form, width: usize) -> Result<Self, AppError> {
        Ok(Self {
            id: form
                .text("file_id")
                .parse()
                .map_err(|_| AppError::NotFound)?,
            file_name: line(form.text("file_name")),
            mapping: (0..width)
                .map(|at| form.text(&format!("m{at}")).to_owned())
                .collect(),
            merge: if form.text("merge") == "replace" {
                Merge::Replace
            } else {
                Merge::Fill
            },
            common: Common {
                source: line(form.text("source")),
                purpose: line(form.text("purpose")),
                basis: Basis::parse(form.text("basis")).unwrap_or(Basis::Professional),
            },
            list: form.text("list").parse().ok(),
        })
    }

    /// Our columns, each taken by the first that claims it.
    fn columns(&self) -> Vec<Option<&str>> {
        let mut taken = Vec::new();
        self.mapping
            .iter()
            .map(|name| {
                let known = COLUMNS.iter().any(|column| column.name == name.as_str());
                (known && !taken.contains(name)).then(|| {
                    taken.push(name.clone());
                    name.as_str()
                })
            })
            .collect()
    }
}

async fn fates_of(
    ctx: &Ctx,
    space: &Space,
    sheet: &Sheet,
    choices: &Choices,
) -> Result<Vec<(usize, Fate)>, AppError> {
    let columns = choices.columns();
    let keys: Vec<String> = sheet
        .lines
        .iter()
        .filter_map(|(_, row)| key_of(row, &columns))
        .collect();
    let known = imports::known(&ctx.app, space.id, &keys).await?;
    Ok(fates(
        sheet,
        &columns,
        &choices.common,
        choices.merge,
        &known,
    ))
}

async fn preview(
    ctx: &Ctx,
    space: &Space,
    sheet: &Sheet,
    choices: &Choices,
    asked: bool,
) -> Result<Response, AppError> {
    let all = fates_of(ctx, space, sheet, choices).await?;
    let count = |what: fn(&Fate) -> bool| all.iter().filter(|(_, fate)| what(fate)).count() as i64;
    let added = count(|fate| matches!(fate, Fate::Add(_)));
    let changed = count(|fate| matches!(fate, Fate::Change(..)));
    let same = count(|fate| matches!(fate, Fate::Same(_)));
    let refused = count(|fate| matches!(fate, Fate::Refused(_)));
    let number = |n: i64| format::number(n, ctx.lang);
    let facts = [
        ("import-count-added", added),
        ("import-count-changed", changed),
        ("import-count-same", same),
        ("import-count-refused", refused),
    ];
    let lists = store::lists(ctx.app.db().read(), space.id).await?;
    let fields = fields(ctx, choices, &lists, asked);
    let mapping = mapping_fields(ctx, sheet, choices);
    let no_email = !choices.columns().contains(&Some("email"));
    // What is wrong first, then the beginning of the rest.
    let mut shown: Vec<&(usize, Fate)> = all
        .iter()
        .filter(|(_, fate)| matches!(fate, Fate::Refused(_)))
        .take(SHOWN)
        .collect();
    shown.extend(
        all.iter()
            .filter(|(_, fate)| !matches!(fate, Fate::Refused(_)))
            .take(SHOWN.saturating_sub(shown.len())),
    );
    let rows = shown
        .into_iter()
        .map(|(number, fate)| fate_row(ctx, sheet, *number, fate));
    let columns = ["import-line", "import-content", "import-fate"].map(|id| Head::new(ctx.t(id)));
    let wrong = asked && ErrorSummary::of(&fields).is_some();
    ctx.page("mailer/audience/import-preview", ctx.t("import-preview-title"))
        .space(space)
        .crumb(ctx.t("contact-title"), contacts_address(space))
        .crumb(ctx.t("import-title"), here(space))
        .status(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
        .render(json!({
            "action": format!("{}/faire", here(space)),
            "file_id": choices.id,
            "file_name": choices.file_name,
            "errors": ErrorSummary::of(&fields),
            "mapping": mapping,
            "no_email": no_email,
            "fields": fields,
            "facts": Facts { items: facts.map(|(id, n)| Fact::new(ctx.t(id), number(n))).to_vec(), columns: true },
            "table": Table::new("lignes", ctx.t("import-lines"), columns).rows(rows),
            "again": Button::submit(ctx.t("import-again")).quiet().icon("refresh").name("do").value("preview"),
            "apply": (!no_email && added + changed + same > 0).then(|| Button::submit(ctx.tr("import-do", &[("count", (added + changed).into())])).icon("check").name("do").value("apply")),
            "cancel": Button::link(ctx.t("contact-cancel"), here(space)).quiet(),
        }))
}

fn fields(ctx: &Ctx, choices: &Choices, lists: &[(List, i64)], asked: bool) -> Vec<Field> {
    let missing = |text: &str, id: &str| (asked && text.is_empty()).then(|| ctx.t(id));
    let text = |name: &str, value: &str| {
        Field::text(name, ctx.t(&format!("contact-field-{name}")))
            .value(value)
            .maxlength(200)
            .width(Width::Full)
            .required()
    };
    let chosen = choices.list.map(|id| id.to_string()).unwrap_or_default();
    vec![
        text("source", &choices.common.source)
            .help(ctx.t("contact-field-source-help"))
            .error(missing(&choices.common.source, "mail-error-source")),
        text("purpose", &choices.common.purpose)
            .help(ctx.t("contact-field-purpose-help"))
            .error(missing(&choices.common.purpose, "mail-error-purpose")),
        Field {
            required: true,
            ..Field::new(FieldKind::Select, "basis", ctx.t("contact-field-basis"))
        }
        .help(ctx.t("contact-field-basis-help"))
        .options(Basis::ALL.iter().map(|basis| {
            Choice::new(
                basis.code(),
                ctx.t(&format!("contact-basis-{}", basis.code())),
            )
        }))
        .chosen(&[choices.common.basis.code()]),
        Field {
            required: true,
            ..Field::new(FieldKind::Radio, "merge", ctx.t("import-merge"))
        }
        .options(
            ["fill", "replace"]
                .map(|word| Choice::new(word, ctx.t(&format!("import-merge-{word}")))),
        )
        .chosen(&[if choices.merge == Merge::Replace {
            "replace"
        } else {
            "fill"
        }]),
        Field::new(FieldKind::Select, "list", ctx.t("import-list"))
            .help(ctx.t("import-list-help"))
            .options(
                lists
                    .iter()
                    .filter(|(list, _)| list.closed_at.is_none())
                    .map(|(list, _)| Choice::new(list.id.to_string(), &list.name)),
            )
            .chosen(&[chosen]),
    ]
}

fn fate_row(ctx: &Ctx, sheet: &Sheet, number: usize, fate: &Fate) -> Row {
    let row = sheet.lines.iter().find(|(n, _)| *n == number);
    let content: Vec<&str> = row
        .map(|(_, row)| {
            row.iter()
                .map(String::as_str)
                .filter(|v| !v.is_empty())
                .take(6)
                .collect()
        })
        .unwrap_or_default();
    let (tone, id) = match fate {
        Fate::Add(_) => (Tone::Success, "import-fate-add"),
        Fate::Change(..) => (Tone::Info, "import-fate-change"),
        Fate::Same(_) => (Tone::Neutral, "import-fate-same"),
        Fate::Refused(why) => (Tone::Danger, *why),
    };
    Row::new(
        Cell::text(number.to_string()),
        [
            Cell::text(content.join(" · ")),
            Cell::status(Status::new(tone, ctx.t(id))),
        ],
    )
}

/// Which of our columns each of the file is.
fn mapping_fields(ctx: &Ctx, sheet: &Sheet, choices: &Choices) -> Vec<Field> {
    sheet
        .header
        .iter()
        .enumerate()
        .map(|(at, header)| {
            let sample = sheet
                .lines
                .iter()
                .filter_map(|(_, row)| row.get(at))
                .find(|value| !value.is_empty());
            let field = Field::new(
                FieldKind::Select,
                format!("m{at}"),
                if header.is_empty() {
                    ctx.tr("import-column", &[("number", (at + 1).into())])
                } else {
                    header.clone()
                },
            )
            .options(COLUMNS.iter().map(|column| {
                Choice::new(
                    column.name,
                    ctx.t(&format!("contact-field-{}", column.name)),
                )
            }))
            .chosen(&[choices.mapping.get(at).map_or("", String::as_str)]);
            match sample {
                Some(sample) => field.help(ctx.tr(
                    "import-sample",
                    &[("value", sample.chars().take(60).collect::<String>().into())],
                )),
                None => field,
            }
        })
        .collect()
}

/// Shows again with other choices, or does it.
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
    let key = waiting(space.id, id);
    let bytes = ctx
        .app
        .blobs()
        .get(&key)
        .await
        .map_err(|_| AppError::Conflict("import-gone"))?;
    let sheet = Sheet::from_csv(&bytes).ok_or(AppError::Conflict("import-gone"))?;
    let choices = Choices::parse(&form, sheet.header.len())?;
    let told = choices.common.source.is_empty() || choices.common.purpose.is_empty();
    if form.text("do") != "apply" || told || !choices.columns().contains(&Some("email")) {
        return preview(&ctx, space, &sheet, &choices, form.text("do") == "apply").await;
    }
    let list = match choices.list {
        Some(id) => store::list(ctx.app.db().read(), id)
            .await?
            .filter(|list| list.space == space.id),
        None => None,
    };
    let order = Order {
        space: space.id,
        file_name: choices.file_name.clone(),
        list,
        actor: allowed.actor(),
    };
    let all = fates_of(&ctx, space, &sheet, &choices).await?;
    imports::apply(&ctx.app, &order, all).await?;
    ctx.app.blobs().delete(&key).await?;
    Ok(ctx.redirect(&here(space), Some((NoticeKind::Success, "import-done"))))
}

pub(super) async fn undo(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let (_, left) =
        imports::undo(&ctx.app, space.id, params.id("import")?, allowed.actor()).await?;
    let told = if left > 0 {
        (NoticeKind::Warn, "import-undone-part")
    } else {
        (NoticeKind::Success, "import-undone-told")
    };
    Ok(ctx.redirect(&here(space), Some(told)))
}
