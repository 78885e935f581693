//! The forms of one enrolment: more time, another cohort, a departure.

use passerelle_web::components::{Button, Choice, Field, FieldKind, Width};
use passerelle_web::{Ctx, Form, format};
use serde_json::{Value, json};

use super::super::model::LeaveCause;
use super::super::queries::Elsewhere;
use super::enrolment::href;
use super::range;
use crate::access::EnrolmentRef;

/// Characters at most in the note of a departure.
pub(super) const LONGEST_NOTE: u32 = 1_000;

pub(super) type Errors<'a> = &'a [(&'a str, &'a str)];

/// One form of the page, folded unless something is wrong in it.
pub(super) struct Part {
    id: &'static str,
    title: String,
    text: String,
    action: String,
    pub fields: Vec<Field>,
    submit: Button,
}

impl Part {
    pub fn data(&self) -> Value {
        json!({
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "action": self.action,
            "fields": self.fields,
            "submit": self.submit,
            "open": self.fields.iter().any(|field| field.error.is_some()),
        })
    }
}

fn error(ctx: &Ctx, errors: Errors<'_>, name: &str) -> Option<String> {
    errors
        .iter()
        .find(|(field, _)| *field == name)
        .map(|(_, id)| ctx.t(id))
}

pub(super) fn extension_form(
    ctx: &Ctx,
    of: &EnrolmentRef,
    form: &Form,
    errors: Errors<'_>,
) -> Part {
    let value = if form.has("to") {
        form.text("to")
    } else {
        of.enrolment.extended_to.as_deref().unwrap_or_default()
    };
    Part {
        id: "extension",
        title: ctx.t("cohort-extend-title"),
        text: ctx.tr(
            "cohort-extend-text",
            &[(
                "date",
                format::local_date(&of.cohort.end_date, ctx.lang).into(),
            )],
        ),
        action: format!("{}/delai", href(of)),
        fields: vec![
            Field::new(FieldKind::Date, "to", ctx.t("cohort-field-to"))
                .value(value)
                .help(ctx.t("cohort-field-to-help"))
                .error(error(ctx, errors, "to")),
        ],
        submit: Button::submit(ctx.t("cohort-extend-submit")).icon("hourglass"),
    }
}

pub(super) fn transfer_form(
    ctx: &Ctx,
    of: &EnrolmentRef,
    others: &[Elsewhere],
    errors: Errors<'_>,
) -> Part {
    let choices = others.iter().map(|other| {
        let range = range(ctx, &other.start_date, &other.end_date);
        let free = ctx.tr("cohort-free-count", &[("count", other.free.into())]);
        let choice =
            Choice::new(other.id.to_string(), format!("{}, {range}", other.title)).help(free);
        if other.free == 0 {
            choice.disabled()
        } else {
            choice
        }
    });
    Part {
        id: "transfer",
        title: ctx.t("cohort-move-title"),
        text: ctx.t("cohort-move-text"),
        action: format!("{}/deplacer", href(of)),
        fields: vec![
            Field::new(FieldKind::Radio, "cohort", ctx.t("cohort-field-cohort"))
                .required()
                .options(choices)
                .error(error(ctx, errors, "cohort")),
        ],
        submit: Button::submit(ctx.t("cohort-move-submit")).icon("arrow-right"),
    }
}

pub(super) fn departure_form(
    ctx: &Ctx,
    of: &EnrolmentRef,
    form: &Form,
    errors: Errors<'_>,
) -> Part {
    let causes = LeaveCause::CHOICES.map(|cause| {
        Choice::new(
            cause.code(),
            ctx.t(&format!("cohort-cause-{}", cause.code())),
        )
    });
    Part {
        id: "departure",
        title: ctx.t("cohort-leave-title"),
        text: ctx.t("cohort-leave-text"),
        action: format!("{}/depart", href(of)),
        fields: vec![
            Field::new(FieldKind::Radio, "cause", ctx.t("cohort-field-cause"))
                .required()
                .value(form.text("cause"))
                .options(causes)
                .error(error(ctx, errors, "cause")),
            Field::textarea("note", ctx.t("cohort-field-note"))
                .rows(3)
                .width(Width::Full)
                .maxlength(LONGEST_NOTE)
                .value(form.text("note"))
                .help(ctx.t("cohort-field-note-help"))
                .error(error(ctx, errors, "note")),
        ],
        submit: Button::submit(ctx.t("cohort-leave-submit"))
            .danger()
            .icon("log-out"),
    }
}
