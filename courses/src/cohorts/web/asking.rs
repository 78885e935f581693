//! Asking what the columns of a list are, where its first row does not say.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_text::columns::Kind;
use passerelle_text::table::Table;
use passerelle_web::components::{Button, Choice, ErrorSummary, Field, FieldKind};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::super::roster::{Columns, keep_rows, kept_rows};
use super::{cohort_page, csv, manage_href};
use crate::access::ManageCohort;

/// What may be chosen for a column, with its word in forms and the message that names it.
const CHOICES: [(Kind, &str, &str); 6] = [
    (Kind::GivenName, "given", "cohort-export-given"),
    (Kind::FamilyName, "family", "cohort-export-family"),
    (Kind::Email, "email", "cohort-export-email"),
    (
        Kind::Organisation,
        "organisation",
        "cohort-export-organisation",
    ),
    (Kind::Phone, "phone", "cohort-csv-kind-phone"),
    (Kind::BirthDate, "birth", "cohort-csv-kind-birth"),
];

/// What was chosen.
pub async fn answer(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let Some(table) = kept_rows(form.raw("rows")) else {
        return csv::ask(&ctx, &allowed, "", Some("table-error-empty"));
    };
    let width = Columns::of(&table).kinds.len();
    let width = table
        .rows
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or(width);
    let mut taken = Vec::new();
    let mut chosen = |at: usize| {
        let word = form.text(&format!("c{at}")).to_owned();
        let kind = CHOICES.iter().find(|(_, code, _)| *code == word)?.0;
        if taken.contains(&kind) {
            return None;
        }
        taken.push(kind);
        Some(kind)
    };
    let columns = Columns {
        titled: form.text("titles") == "yes",
        kinds: (0..width).map(&mut chosen).collect(),
    };
    if !columns.are_enough() {
        return show(&ctx, &allowed, &table, &columns, true);
    }
    csv::understood(&ctx, &allowed, &table, &columns).await
}

/// The question.
pub(super) fn show(
    ctx: &Ctx,
    allowed: &Allowed<ManageCohort>,
    table: &Table,
    columns: &Columns,
    is_answered: bool,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let rows = keep_rows(table).ok_or_else(|| AppError::internal("rows cannot be kept"))?;
    let missing = |kind: Kind| is_answered && !columns.kinds.contains(&Some(kind));
    let wrong = missing(Kind::GivenName) || missing(Kind::FamilyName);
    let titles = Field {
        required: true,
        ..Field::new(FieldKind::Radio, "titles", ctx.t("table-titles"))
    }
    .options(["yes", "no"].map(|word| Choice::new(word, ctx.t(&format!("table-titles-{word}")))))
    .chosen(&[if columns.titled { "yes" } else { "no" }]);
    let mut fields = vec![titles];
    for (at, kind) in columns.kinds.iter().enumerate() {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        let sample = cells.filter(|cell| !cell.is_empty()).take(2).cloned();
        let sample: Vec<String> = sample.map(|cell| cell.chars().take(40).collect()).collect();
        let chosen = CHOICES.iter().find(|(choice, ..)| Some(*choice) == *kind);
        let number = [("number", (at + 1).into())];
        let field = Field::new(
            FieldKind::Select,
            format!("c{at}"),
            ctx.tr("cohort-csv-column", &number),
        )
        .options(CHOICES.map(|(_, code, id)| Choice::new(code, ctx.t(id))))
        .chosen(&[chosen.map_or("", |(_, code, _)| *code)])
        .help(sample.join(" · "));
        fields.push(match wrong && at == 0 {
            true => field.error(Some(ctx.t("cohort-csv-columns-missing"))),
            false => field,
        });
    }
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let title = ctx.t("cohort-csv-columns-title");
    cohort_page(ctx, of, "courses/cohorts/csv_columns", title)
        .status(status)
        .render(json!({
            "action": format!("{}/liste/colonnes", manage_href(of)),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "rows": rows,
            "submit": Button::submit(ctx.t("cohort-csv-check")).icon("list-checks"),
            "again": Button::link(ctx.t("cohort-csv-again"), format!("{}/liste", manage_href(of))).quiet(),
        }))
}
