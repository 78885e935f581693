//! What a reader chooses to be told of, on their page of choices.

use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::Ctx;
use passerelle_web::components::{Choice, Field, FieldKind};

use crate::audience::model::{Contact, Status};
use crate::watch::model::Rhythm;
use crate::watch::store;

/// The fields of alerts; none when the space has no theme to tell of.
pub(crate) async fn alert_fields(ctx: &Ctx, contact: &Contact) -> Result<Vec<Field>, DbErr> {
    let db = ctx.app.db().read();
    let themes = store::themes_of(db, contact.space).await?;
    if themes.is_empty() {
        return Ok(Vec::new());
    }
    let alert = store::alert(db, contact.id).await?;
    let blocked = contact.status == Status::Blocked;
    let rhythm = alert
        .as_ref()
        .filter(|_| !blocked)
        .map_or(Rhythm::Never, |alert| alert.rhythm);
    let departments = alert
        .map(|alert| alert.departments.join(", "))
        .unwrap_or_default();
    let rhythms = Rhythm::ALL.iter().map(|rhythm| {
        Choice::new(
            rhythm.code(),
            ctx.t(&format!("alert-rhythm-{}", rhythm.code())),
        )
    });
    Ok(vec![
        Field {
            required: true,
            ..Field::new(FieldKind::Select, "rhythm", ctx.t("alert-field-rhythm"))
        }
        .help(ctx.t("alert-field-rhythm-help"))
        .options(rhythms)
        .chosen(&[rhythm.code()]),
        Field::new(FieldKind::Checkboxes, "theme", ctx.t("alert-field-themes"))
            .options(themes.iter().map(|name| Choice::new(name, name)))
            .chosen(&contact.fields.themes),
        Field::text("departments", ctx.t("alert-field-departments"))
            .help(ctx.t("alert-field-departments-help"))
            .value(&departments)
            .maxlength(200)
            .autocomplete("off"),
    ])
}
