//! The form of one message.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::components::{
    Button, Choice, ErrorSummary, Field, FieldKind, NoticeKind, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::json;

use super::super::model::{Audience, Automation, MAX_DAYS, Moment};
use super::super::wording::{VARIABLES, presets, unknown_variables};
use super::super::{commands, store};
use super::address;
use super::rules::message_of;
use crate::access::ManageCourses;

/// Characters of a subject at most.
const SUBJECT: usize = 150;
/// Characters of a text at most.
const BODY: usize = 10_000;

/// In place of a course, for every one.
const EVERY: &str = "every";

type Errors = Vec<(&'static str, String)>;

/// A new one, empty or ready-made.
pub(super) async fn blank(ctx: Ctx, allowed: Allowed<ManageCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let asked = ctx.query();
    let id = ctx.app.env().id();
    let preset = presets()
        .iter()
        .find(|one| one.code == asked.text("modele"));
    let of = preset.map_or_else(|| empty(id, space), |preset| preset.message(id, space));
    show(&ctx, space, &of, true, &[]).await
}

fn empty(id: Uuid, space: &Space) -> Automation {
    Automation {
        id,
        space: space.id,
        course: None,
        moment: Moment::Start,
        days: 0,
        minute: 8 * 60,
        audience: Audience::All,
        subject: String::new(),
        body: String::new(),
        button: String::new(),
        link: String::new(),
        active_since: None,
    }
}

/// The form of a message that is known.
pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let of = message_of(&ctx, space, &params).await?;
    show(&ctx, space, &of, false, &[]).await
}

/// What a form says of a message, and what is wrong with it.
fn read(
    ctx: &Ctx,
    form: &Form,
    known: &Automation,
    courses: &[(Uuid, String)],
) -> (Automation, Errors) {
    let mut errors: Errors = Vec::new();
    let moment = Moment::parse(form.text("moment")).unwrap_or(known.moment);
    let days = form
        .number("days")
        .and_then(|days| i32::try_from(days).ok())
        .filter(|days| (0..=MAX_DAYS).contains(days));
    if days.is_none() {
        errors.push((
            "days",
            ctx.tr("automation-error-days", &[("most", MAX_DAYS.into())]),
        ));
    }
    let days = days.unwrap_or(known.days.abs());
    let time = form.text("time").parse::<jiff::civil::Time>().ok();
    if time.is_none() {
        errors.push(("time", ctx.t("automation-error-time")));
    }
    let minute = time.map_or(known.minute, |time| {
        i32::from(time.hour()) * 60 + i32::from(time.minute())
    });
    let course = form.text("course").parse::<Uuid>().ok();
    let of = Automation {
        course: course.filter(|id| courses.iter().any(|(known, _)| known == id)),
        moment,
        days: if form.text("side") == "before" {
            -days
        } else {
            days
        },
        minute,
        audience: Audience::parse(form.text("audience")).unwrap_or(known.audience),
        subject: form
            .text("subject")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        body: form.text("body").trim().replace("\r\n", "\n"),
        button: form
            .text("button")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        link: form.raw("link").trim().to_owned(),
        ..known.clone()
    };
    for (name, text, most) in [("subject", &of.subject, SUBJECT), ("body", &of.body, BODY)] {
        let unknown = unknown_variables(text, of.moment);
        if text.is_empty() {
            errors.push((name, ctx.t(&format!("automation-error-{name}"))));
        } else if text.chars().count() > most {
            errors.push((
                name,
                ctx.tr("automation-error-long", &[("most", (most as i64).into())]),
            ));
        } else if !unknown.is_empty() {
            let named: Vec<String> = unknown
                .iter()
                .map(|name| format!("{{{{{name}}}}}"))
                .collect();
            let named = format::join_and(&named, ctx.lang);
            let id = if of.moment.is_weekly() {
                "automation-error-variable"
            } else {
                "automation-error-variable-week"
            };
            errors.push((name, ctx.tr(id, &[("names", named.into())])));
        }
    }
    let address = url::Url::parse(&of.link);
    if !of.link.is_empty() && !address.is_ok_and(|url| matches!(url.scheme(), "https" | "http")) {
        errors.push(("link", ctx.t("automation-error-link")));
    }
    if of.needs_link() && of.active_since.is_some() {
        errors.push(("link", ctx.t("automation-error-needs-link")));
    }
    (of, errors)
}

/// Keeps a new one.
pub(super) async fn add(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    form: Form,
) -> Result<Response, AppError> {
    let known = empty(ctx.app.env().id(), allowed.object());
    keep(&ctx, &allowed, &known, &form, true).await
}

/// Keeps a change.
pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let known = message_of(&ctx, allowed.object(), &params).await?;
    keep(&ctx, &allowed, &known, &form, false).await
}

async fn keep(
    ctx: &Ctx,
    allowed: &Allowed<ManageCourses>,
    known: &Automation,
    form: &Form,
    new: bool,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let conn = ctx.app.db().read();
    let courses = store::courses(conn, space.id).await?;
    let (of, mut errors) = read(ctx, form, known, &courses);
    if new && store::of_space(conn, space.id).await?.len() >= commands::MOST {
        errors.push((
            "subject",
            ctx.tr(
                "automation-error-many",
                &[("most", (commands::MOST as i64).into())],
            ),
        ));
    }
    if !errors.is_empty() {
        return show(ctx, space, &of, new, &errors).await;
    }
    let tx = ctx.app.db().write().await?;
    commands::change(&tx, allowed, known, &of).await?;
    tx.commit().await?;
    let told = if of.active_since.is_some() {
        "automation-notice-saved"
    } else {
        "automation-notice-saved-off"
    };
    Ok(ctx.redirect(&address(space), Some((NoticeKind::Success, told))))
}

async fn show(
    ctx: &Ctx,
    space: &Space,
    of: &Automation,
    new: bool,
    errors: &[(&'static str, String)],
) -> Result<Response, AppError> {
    let courses = store::courses(ctx.app.db().read(), space.id).await?;
    let fields = fields(ctx, of, &courses, errors);
    let title = if new {
        "automation-new"
    } else {
        "automation-change"
    };
    let action = if new {
        format!("{}/nouveau", address(space))
    } else {
        format!("{}/{}", address(space), of.id)
    };
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let variables: Vec<_> = VARIABLES
        .iter()
        .map(|name| json!({"name": format!("{{{{{name}}}}}"), "what": ctx.t(&format!("automation-variable-{}", name.replace('_', "-")))}))
        .collect();
    let ready: Vec<Button> = if new && of.subject.is_empty() {
        presets()
            .iter()
            .map(|one| {
                let name = ctx.t(&format!("automation-preset-{}", one.code));
                Button::link(name, format!("{action}?modele={}", one.code)).quiet()
            })
            .collect()
    } else {
        Vec::new()
    };
    ctx.page("courses/automations/form", ctx.t(title))
        .space(space)
        .crumb(ctx.t("automation-title"), address(space))
        .status(status)
        .render(json!({
            "ready": ready,
            "errors": ErrorSummary::of(&fields),
            "action": action,
            "fields": fields,
            "variables": variables,
            "submit": Button::submit(ctx.t("automation-save")).icon("check"),
        }))
}

fn fields(
    ctx: &Ctx,
    of: &Automation,
    courses: &[(Uuid, String)],
    errors: &[(&'static str, String)],
) -> Vec<Field> {
    let error = |name: &str| {
        let found = errors.iter().find(|(field, _)| *field == name);
        found.map(|(_, text)| text.clone())
    };
    let audiences = Audience::ALL.map(|one| {
        Choice::new(
            one.code(),
            ctx.t(&format!("automation-audience-{}", one.code())),
        )
    });
    let every = Choice::new(EVERY, ctx.t("automation-every-course"));
    let courses = courses
        .iter()
        .map(|(id, title)| Choice::new(id.to_string(), title));
    let text = |name: &str| {
        Field::text(name, ctx.t(&format!("automation-field-{name}")))
            .width(Width::Full)
            .autocomplete("off")
            .error(error(name))
    };
    let mut fields = vec![
        text("subject")
            .value(&of.subject)
            .required()
            .maxlength(SUBJECT as u32),
        Field::textarea("body", ctx.t("automation-field-body"))
            .help(ctx.t("automation-field-body-help"))
            .value(&of.body)
            .required()
            .rows(10)
            .maxlength(BODY as u32)
            .error(error("body")),
    ];
    fields.extend(timing(ctx, of, error));
    fields.extend([
        Field::new(
            FieldKind::Radio,
            "audience",
            ctx.t("automation-field-audience"),
        )
        .help(ctx.t("automation-field-audience-help"))
        .value(of.audience.code())
        .options(audiences),
        Field::new(
            FieldKind::Select,
            "course",
            ctx.t("automation-field-course"),
        )
        .value(
            of.course
                .map_or_else(|| EVERY.to_owned(), |id| id.to_string()),
        )
        .options(std::iter::once(every).chain(courses)),
        text("button")
            .help(ctx.t("automation-field-button-help"))
            .value(&of.button)
            .maxlength(60),
        text("link")
            .help(ctx.t("automation-field-link-help"))
            .value(&of.link)
            .inputmode("url")
            .maxlength(1000),
    ]);
    fields
}

/// When it leaves.
fn timing(ctx: &Ctx, of: &Automation, error: impl Fn(&str) -> Option<String>) -> [Field; 4] {
    let moments = Moment::ALL.map(|one| {
        let id = format!("automation-moment-{}", one.code().replace('_', "-"));
        Choice::new(one.code(), ctx.t(&id))
    });
    let sides = [
        Choice::new("after", ctx.t("automation-side-after")),
        Choice::new("before", ctx.t("automation-side-before")),
    ];
    let time = of.time().strftime("%H:%M").to_string();
    [
        Field::new(
            FieldKind::Select,
            "moment",
            ctx.t("automation-field-moment"),
        )
        .value(of.moment.code())
        .options(moments),
        Field::new(FieldKind::Number, "days", ctx.t("automation-field-days"))
            .help(ctx.t("automation-field-days-help"))
            .value(of.days.abs().to_string())
            .between(0, MAX_DAYS)
            .required()
            .error(error("days")),
        Field::new(FieldKind::Radio, "side", ctx.t("automation-field-side"))
            .value(if of.days < 0 { "before" } else { "after" })
            .options(sides),
        Field::new(FieldKind::Time, "time", ctx.t("automation-field-time"))
            .help(ctx.t("automation-field-time-help"))
            .value(time)
            .required()
            .error(error("time")),
    ]
}
