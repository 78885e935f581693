//! Segments: conditions that are saved, with how many they hold for as they are built.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::audience::Within;
use passerelle_web::components::{
    Button, Cell, Choice, Column, Confirm, Empty, ErrorSummary, Field, FieldKind, NoticeKind, Row,
    Table,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Lang, Params, format};
use serde_json::{Value, json};

use super::{segments_address, tabs};
use crate::audience::access::ManageContacts;
use crate::audience::model::{TagKind, line};
use crate::audience::segment::{Comparison, Condition, Conditions, Field as On, MAX_CONDITIONS};
use crate::audience::store::{self, Segment};
use crate::audience::target;

/// Fields whose value is typed; the others are chosen.
const TYPED: [(&str, On); 6] = [
    ("organisation", On::Organisation),
    ("job", On::Job),
    ("department", On::Department),
    ("source", On::Source),
    ("email", On::Email),
    ("lang", On::Lang),
];

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ManageContacts>) -> Result<Response, AppError> {
    let space = allowed.object();
    let db = ctx.app.db().read();
    let here = segments_address(space);
    let segments = store::segments(db, space.id).await?;
    let conditions: Vec<&Conditions> = segments.iter().map(|s| &s.conditions).collect();
    let counts = target::counts(&ctx.app, db, space.id, &conditions).await?;
    let rows = segments
        .iter()
        .zip(counts)
        .map(|(segment, (all, enabled))| {
            Row::new(
                Cell::link(&segment.name, format!("{here}/{}", segment.id)),
                [
                    Cell::number(format::number(all, ctx.lang)),
                    Cell::number(format::number(enabled, ctx.lang)),
                ],
            )
        });
    let columns = vec![
        Column::new(ctx.t("segment-name")),
        Column::new(ctx.t("segment-count")).numeric(),
        Column::new(ctx.t("segment-enabled")).numeric(),
    ];
    let add = Button::link(ctx.t("segment-add"), format!("{here}/nouveau")).icon("plus");
    let table = Table::new("segments", ctx.t("segment-title"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(
            Empty::new(ctx.t("segment-empty-title"), ctx.t("segment-empty-text"))
                .icon("users")
                .button(add.clone()),
        );
    ctx.page("mailer/audience/segments", ctx.t("segment-title"))
        .space(space)
        .render(json!({
            "tabs": tabs(&ctx, space, "contact-tab-segments"),
            "add": (!segments.is_empty()).then_some(add),
            "table": table,
        }))
}

async fn known(ctx: &Ctx, space: &Space, params: &Params) -> Result<Option<Segment>, AppError> {
    if params.text("segment").is_none() {
        return Ok(None);
    }
    let found = store::segment(ctx.app.db().read(), space.id, params.id("segment")?).await?;
    found.ok_or(AppError::NotFound).map(Some)
}

pub(super) async fn form(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let known = known(&ctx, space, &params).await?;
    let (name, conditions) = match &known {
        Some(segment) => (segment.name.clone(), segment.conditions.clone()),
        None => (String::new(), Conditions::default()),
    };
    show(&ctx, space, known.as_ref(), &name, &conditions, None).await
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let known = known(&ctx, space, &params).await?;
    let name = line(form.text("name"));
    let mut conditions = read(&form);
    match form.text("do").split_once(':') {
        Some(("remove", at)) => {
            if let Ok(at) = at.parse::<usize>()
                && at < conditions.list.len()
            {
                conditions.list.remove(at);
            }
            return show(&ctx, space, known.as_ref(), &name, &conditions, None).await;
        }
        Some(("add", field)) => {
            if conditions.list.len() < MAX_CONDITIONS
                && let Some(field) = field_of(field)
            {
                conditions.list.push(Condition {
                    field,
                    comparison: Comparison::Is,
                    value: String::new(),
                });
            }
            return show(&ctx, space, known.as_ref(), &name, &conditions, None).await;
        }
        _ => {}
    }
    if form.text("do") == "count" {
        return show(&ctx, space, known.as_ref(), &name, &conditions, None).await;
    }
    if name.is_empty() {
        let error = ctx.t("segment-error-name");
        return show(&ctx, space, known.as_ref(), &name, &conditions, Some(error)).await;
    }
    let segment = Segment {
        id: known.map_or_else(|| ctx.app.env().id(), |segment| segment.id),
        name,
        conditions,
    };
    let tx = ctx.app.db().write().await?;
    store::put_segment(&tx, space.id, &segment).await?;
    tx.commit().await?;
    let to = format!("{}/{}", segments_address(space), segment.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "segment-saved"))))
}

pub(super) async fn delete(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let segment = known(&ctx, space, &params)
        .await?
        .ok_or(AppError::NotFound)?;
    let tx = ctx.app.db().write().await?;
    store::delete_segment(&tx, segment.id).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &segments_address(space),
        Some((NoticeKind::Success, "segment-deleted")),
    ))
}

/// The word of a field in forms.
fn code(field: &On) -> String {
    match field {
        On::Tag => "tag".to_owned(),
        On::List => "list".to_owned(),
        On::AddedWithin => "added".to_owned(),
        On::SentWithin => "sent".to_owned(),
        On::Account => "account".to_owned(),
        On::Within(word) => format!("in-{word}"),
        typed => TYPED
            .iter()
            .find(|(_, one)| one == typed)
            .map(|(word, _)| (*word).to_owned())
            .unwrap_or_default(),
    }
}

fn field_of(code: &str) -> Option<On> {
    match code {
        "tag" => Some(On::Tag),
        "list" => Some(On::List),
        "added" => Some(On::AddedWithin),
        "sent" => Some(On::SentWithin),
        "account" => Some(On::Account),
        other => match other.strip_prefix("in-") {
            Some(word) => Some(On::Within(word.to_owned())),
            None => TYPED
                .iter()
                .find(|(word, _)| *word == other)
                .map(|(_, field)| field.clone()),
        },
    }
}

fn comparison_of(code: &str) -> Comparison {
    match code {
        "is_not" => Comparison::IsNot,
        "contains" => Comparison::Contains,
        "empty" => Comparison::Empty,
        _ => Comparison::Is,
    }
}

fn comparison_code(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Is => "is",
        Comparison::IsNot => "is_not",
        Comparison::Contains => "contains",
        Comparison::Empty => "empty",
    }
}

fn read(form: &Form) -> Conditions {
    let mut list = Vec::new();
    for at in 0..MAX_CONDITIONS {
        let Some(field) = field_of(form.text(&format!("c{at}.field"))) else {
            break;
        };
        list.push(Condition {
            field,
            comparison: comparison_of(form.text(&format!("c{at}.how"))),
            value: line(form.text(&format!("c{at}.value"))),
        });
    }
    Conditions {
        any: form.text("any") == "any",
        list,
    }
}

/// What may be chosen for a field; none for one whose value is typed.
async fn choices(
    ctx: &Ctx,
    space: &Space,
    field: &On,
    tags: &[(passerelle_kernel::Uuid, TagKind, String, i64)],
) -> Result<Option<Vec<Choice>>, AppError> {
    let choices = match field {
        On::Tag => tags
            .iter()
            .map(|(id, kind, name, _)| {
                let kind = ctx.t(&format!("contact-tag-{}", kind.code()));
                Choice::new(
                    id.to_string(),
                    ctx.tr(
                        "segment-tag",
                        &[("kind", kind.into()), ("name", name.clone().into())],
                    ),
                )
            })
            .collect(),
        On::List => store::lists(ctx.app.db().read(), space.id)
            .await?
            .into_iter()
            .map(|(list, _)| Choice::new(list.id.to_string(), list.name))
            .collect(),
        On::Lang => [Lang::Fr, Lang::En]
            .map(|lang| Choice::new(lang.code(), lang.own_name()))
            .to_vec(),
        On::Within(word) => {
            let entry = ctx
                .app
                .registry()
                .all::<Within>()
                .find(|entry| entry.code == word)
                .copied();
            let Some(entry) = entry else {
                return Ok(Some(Vec::new()));
            };
            let found = (entry.choices)(ctx.app.clone(), space.id, ctx.lang).await?;
            found
                .into_iter()
                .map(|(value, label)| Choice::new(value, label))
                .collect()
        }
        _ => return Ok(None),
    };
    Ok(Some(choices))
}

fn label(ctx: &Ctx, field: &On) -> String {
    match field {
        On::Within(word) => {
            let entry = ctx
                .app
                .registry()
                .all::<Within>()
                .find(|entry| entry.code == word);
            entry.map_or_else(|| word.clone(), |entry| ctx.t(entry.label))
        }
        other => ctx.t(&format!("segment-field-{}", code(other))),
    }
}

async fn condition_form(
    ctx: &Ctx,
    space: &Space,
    at: usize,
    condition: &Condition,
    tags: &[(passerelle_kernel::Uuid, TagKind, String, i64)],
) -> Result<Value, AppError> {
    let name = label(ctx, &condition.field);
    let typed = TYPED
        .iter()
        .any(|(word, field)| *word != "lang" && *field == condition.field);
    let hows: &[&str] = if typed {
        &["contains", "is", "is_not", "empty"]
    } else {
        &["is", "is_not"]
    };
    let how = Field {
        required: true,
        ..Field::new(
            FieldKind::Select,
            format!("c{at}.how"),
            ctx.t("segment-how"),
        )
    }
    .options(
        hows.iter()
            .map(|word| Choice::new(*word, ctx.t(&format!("segment-how-{word}")))),
    )
    .chosen(&[comparison_code(condition.comparison)]);
    let value_name = format!("c{at}.value");
    let value = match (
        choices(ctx, space, &condition.field, tags).await?,
        &condition.field,
    ) {
        (_, On::Account) => None,
        (Some(options), _) => Some(
            Field {
                required: true,
                ..Field::new(FieldKind::Select, value_name, name.clone())
            }
            .options(options)
            .chosen(&[condition.value.as_str()]),
        ),
        (None, On::AddedWithin | On::SentWithin) => Some(
            Field::new(FieldKind::Number, value_name, ctx.t("segment-days"))
                .between(1, 3_660)
                .value(&condition.value),
        ),
        (None, _) => Some(
            Field::text(value_name, name.clone())
                .value(&condition.value)
                .autocomplete("off"),
        ),
    };
    Ok(json!({
        "title": ctx.tr("segment-condition", &[("number", (at + 1).into()), ("name", name.clone().into())]),
        "field_name": format!("c{at}.field"),
        "field": code(&condition.field),
        "how": how,
        "value": value,
        "remove": Button::submit(ctx.t("segment-remove")).quiet().icon("trash").about(name).name("do").value(format!("remove:{at}")),
    }))
}

async fn show(
    ctx: &Ctx,
    space: &Space,
    known: Option<&Segment>,
    name: &str,
    conditions: &Conditions,
    error: Option<String>,
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let tags = store::tags(db, space.id).await?;
    let (all, enabled) = target::count(&ctx.app, db, space.id, conditions).await?;
    let mut forms = Vec::new();
    for (at, condition) in conditions.list.iter().enumerate() {
        forms.push(condition_form(ctx, space, at, condition, &tags).await?);
    }
    let here = match known {
        Some(segment) => format!("{}/{}", segments_address(space), segment.id),
        None => format!("{}/nouveau", segments_address(space)),
    };
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let name = Field::text("name", ctx.t("segment-field-name"))
        .value(name)
        .maxlength(100)
        .autocomplete("off")
        .error(error);
    let mut offered: Vec<On> = TYPED.iter().map(|(_, field)| field.clone()).collect();
    offered.extend([
        On::Tag,
        On::List,
        On::AddedWithin,
        On::SentWithin,
        On::Account,
    ]);
    offered.extend(
        ctx.app
            .registry()
            .all::<Within>()
            .map(|entry| On::Within(entry.code.to_owned())),
    );
    let add = offered.iter().map(|field| {
        Button::submit(label(ctx, field))
            .quiet()
            .icon("plus")
            .name("do")
            .value(format!("add:{}", code(field)))
    });
    let counts = [("all", all.into()), ("enabled", enabled.into())];
    let title = known.map_or_else(
        || ctx.t("segment-add-title"),
        |segment| segment.name.clone(),
    );
    ctx.page("mailer/audience/segment", title)
        .space(space)
        .crumb(ctx.t("segment-title"), segments_address(space))
        .status(status)
        .render(json!({
            "action": here,
            "errors": ErrorSummary::of([&name]),
            "name": name,
            "any": Field { required: true, ..Field::new(FieldKind::Radio, "any", ctx.t("segment-any")) }
                .options(["all", "any"].map(|word| Choice::new(word, ctx.t(&format!("segment-any-{word}")))))
                .chosen(&[if conditions.any { "any" } else { "all" }]),
            "conditions": forms,
            "add": add.collect::<Vec<_>>(),
            "sentence": ctx.tr("segment-sentence", &counts),
            "count": Button::submit(ctx.t("segment-recount")).quiet().icon("refresh").name("do").value("count"),
            "save": Button::submit(ctx.t("segment-save")).icon("save").name("do").value("save"),
            "delete": known.map(|_| Confirm::danger("supprimer", ctx.t("segment-delete"), ctx.t("segment-delete-sentence"), format!("{here}/supprimer"))),
        }))
}
