//! What would become of each line of a file, before it is imported.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_text::columns::{Kind, of_headers};
use passerelle_text::table::Encoding;
use passerelle_web::components::{
    Button, Cell, Choice, Column as Head, ErrorSummary, Fact, Facts, Field, FieldKind, Row, Status,
    Table, Tone, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, Form, format};
use serde_json::json;

use super::contacts_address;
use super::importing::here;
use crate::audience::applying::fates_of;
use crate::audience::importing::{
    COLUMNS, Choices, Common, Fate, Merge, Reading, Sheet, Told, Why,
};
use crate::audience::model::{Basis, List, line};
use crate::audience::store;

/// Lines with their fate that a page shows.
const SHOWN: usize = 50;

/// What is asked of a file.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) id: Uuid,
    pub(super) file_name: String,
    pub(super) choices: Choices,
    pub(super) list: Option<Uuid>,
}

impl Asked {
    pub(super) fn parse(id: Uuid, form: &Form, sheet: &Sheet) -> Self {
        Self {
            id,
            file_name: line(form.text("file_name")),
            choices: Choices {
                titled: sheet.titled,
                mapping: (0..sheet.header().len())
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
            },
            list: form.text("list").parse().ok(),
        }
    }
}

/// Why a preview is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown<'a> {
    /// The file was just read.
    First(&'a Reading),
    /// With other choices.
    Again,
    /// What was asked cannot be done.
    Refused,
}

/// Shows what would become of each line of a sheet, and what can be chosen.
pub(super) async fn preview(
    ctx: &Ctx,
    space: &Space,
    sheet: &Sheet,
    asked: &Asked,
    shown: Shown<'_>,
) -> Result<Response, AppError> {
    let is_asked = matches!(shown, Shown::Refused);
    let all = fates_of(&ctx.app, space.id, sheet, &asked.choices).await?;
    let count = |what: fn(&Fate) -> bool| all.iter().filter(|told| what(&told.fate)).count() as i64;
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
    let fields = fields(ctx, asked, &lists, is_asked);
    let mapping = mapping_fields(ctx, sheet, &asked.choices);
    let no_email = !asked.choices.columns().contains(&Some("email"));
    // What is wrong first, then the beginning of the rest.
    let mut told: Vec<&Told> = all.iter().collect();
    told.sort_by_key(|told| {
        (
            !matches!(told.fate, Fate::Refused(_)),
            told.known_as.is_none(),
        )
    });
    let rows = told
        .into_iter()
        .take(SHOWN)
        .map(|told| fate_row(ctx, sheet, told));
    let columns = ["import-line", "import-content", "import-fate"].map(|id| Head::new(ctx.t(id)));
    let wrong = is_asked && ErrorSummary::of(&fields).is_some();
    ctx.page("mailer/audience/import-preview", ctx.t("import-preview-title"))
        .space(space)
        .crumb(ctx.t("contact-title"), contacts_address(space))
        .crumb(ctx.t("import-title"), here(space))
        .status(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
        .render(json!({
            "action": format!("{}/faire", here(space)),
            "file_id": asked.id,
            "file_name": asked.file_name,
            "errors": ErrorSummary::of(&fields),
            "mapping": mapping,
            "no_email": no_email,
            "notes": notes(ctx, sheet, shown),
            "fields": fields,
            "facts": Facts { items: facts.map(|(id, n)| Fact::new(ctx.t(id), number(n))).to_vec(), columns: true },
            "table": Table::new("lignes", ctx.t("import-lines"), columns).rows(rows),
            "again": Button::submit(ctx.t("import-again")).quiet().icon("refresh").name("do").value("preview"),
            "apply": (!no_email && added + changed + same > 0).then(|| Button::submit(ctx.tr("import-do", &[("count", (added + changed).into())])).icon("check").name("do").value("apply")),
            "cancel": Button::link(ctx.t("contact-cancel"), here(space)).quiet(),
        }))
}

fn fields(ctx: &Ctx, asked: &Asked, lists: &[(List, i64)], is_asked: bool) -> Vec<Field> {
    let missing = |text: &str, id: &str| (is_asked && text.is_empty()).then(|| ctx.t(id));
    let text = |name: &str, value: &str| {
        Field::text(name, ctx.t(&format!("contact-field-{name}")))
            .value(value)
            .maxlength(200)
            .width(Width::Full)
            .required()
    };
    let Choices {
        titled,
        merge,
        common,
        ..
    } = &asked.choices;
    let chosen = asked.list.map(|id| id.to_string()).unwrap_or_default();
    vec![
        Field {
            required: true,
            ..Field::new(FieldKind::Radio, "titles", ctx.t("table-titles"))
        }
        .options(
            ["yes", "no"].map(|word| Choice::new(word, ctx.t(&format!("table-titles-{word}")))),
        )
        .chosen(&[if *titled { "yes" } else { "no" }]),
        text("source", &common.source)
            .help(ctx.t("contact-field-source-help"))
            .error(missing(&common.source, "mail-error-source")),
        text("purpose", &common.purpose)
            .help(ctx.t("contact-field-purpose-help"))
            .error(missing(&common.purpose, "mail-error-purpose")),
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
        .chosen(&[common.basis.code()]),
        Field {
            required: true,
            ..Field::new(FieldKind::Radio, "merge", ctx.t("import-merge"))
        }
        .options(
            ["fill", "replace"]
                .map(|word| Choice::new(word, ctx.t(&format!("import-merge-{word}")))),
        )
        .chosen(&[if *merge == Merge::Replace {
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

/// What is told of how a file was read, and of columns that are known and not kept.
fn notes(ctx: &Ctx, sheet: &Sheet, shown: Shown<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Shown::First(reading) = shown {
        if let Some(name) = &reading.sheet {
            notes.push(ctx.tr("table-read-sheet", &[("name", name.into())]));
        }
        if let Some(encoding) = reading.encoding.filter(|e| *e != Encoding::Windows) {
            notes.push(ctx.tr("table-read-encoding", &[("name", encoding.name().into())]));
        }
    }
    let left: Vec<String> = sheet
        .header()
        .into_iter()
        .filter(|name| {
            Kind::of(name).is_some_and(|kind| COLUMNS.iter().all(|column| column.kind != kind))
        })
        .collect();
    if !left.is_empty() {
        let names = format::join_and(&left, ctx.lang);
        notes.push(ctx.tr("table-read-not-kept", &[("columns", names.into())]));
    }
    notes
}

fn fate_row(ctx: &Ctx, sheet: &Sheet, told: &Told) -> Row {
    let row = sheet.lines().iter().find(|(line, _)| *line == told.line);
    let kinds = of_headers(&sheet.header());
    let content: Vec<String> = row
        .map(|(_, row)| {
            let cells = row.iter().enumerate().map(|(at, cell)| {
                let kind = kinds.get(at).copied().flatten();
                kind.map_or_else(|| cell.clone(), |kind| kind.tidy(cell))
            });
            cells.filter(|v| !v.is_empty()).take(6).collect()
        })
        .unwrap_or_default();
    let (tone, words) = match &told.fate {
        Fate::Add(_) => (Tone::Success, ctx.t("import-fate-add")),
        Fate::Change(..) => (Tone::Info, ctx.t("import-fate-change")),
        Fate::Same(_) => (Tone::Neutral, ctx.t("import-fate-same")),
        Fate::Refused(why) => (Tone::Danger, refusal(ctx, *why)),
    };
    let cell = Cell::status(Status::new(tone, words));
    let cell = match &told.known_as {
        Some(name) => cell.note(ctx.tr("import-known-as", &[("name", name.into())])),
        None => cell,
    };
    Row::new(
        Cell::text(told.line.to_string()),
        [Cell::text(content.join(" · ")), cell],
    )
}

/// Why a line is refused, in words.
fn refusal(ctx: &Ctx, why: Why) -> String {
    match why {
        Why::Address(problem) => {
            let reason = ctx.t(problem.message());
            ctx.tr("import-line-email", &[("reason", reason.into())])
        }
        Why::Twice(line) => ctx.tr("import-line-twice", &[("line", line.into())]),
        Why::Shared(line) => ctx.tr("import-line-shared", &[("line", line.into())]),
    }
}

/// Which of our columns each of the file is.
fn mapping_fields(ctx: &Ctx, sheet: &Sheet, choices: &Choices) -> Vec<Field> {
    let header = sheet.header();
    header
        .iter()
        .enumerate()
        .map(|(at, header)| {
            let sample = sheet
                .lines()
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
