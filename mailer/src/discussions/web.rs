//! The page of a discussion list: what waits, what was said, its address and who looks at posts.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::components::{
    Button, Choice, Empty, ErrorSummary, Field, FieldKind, Notice, NoticeKind, Width,
};
use passerelle_web::form::is_email;
use passerelle_web::{Access, Action, Allowed, AppError, Ctx, Form, Params, Routes, format};
use serde_json::{Value, json};

use super::commands::Sent;
use super::model::{Discussion, MODERATORS, Moderation, Post, State};
use super::{Mailbox, commands, store};
use crate::audience::access::{EditList, ListRef};
use crate::audience::model::{ListKind, line, names};

/// Posts that were sent or refused, on the page.
const SHOWN: u64 = 50;
/// Letters of an address before its `@`.
const LOCAL: usize = 64;
/// Posts that wait, on the page.
const WAITING: u64 = 50;

pub(super) fn routes() -> Routes {
    let edit = Access::Action(EditList::NAME);
    Routes::new()
        .get("/e/{space}/gestion/listes/{list}/discussion", edit, page)
        .post(
            "/e/{space}/gestion/listes/{list}/discussion",
            edit,
            configure,
        )
        .post(
            "/e/{space}/gestion/listes/{list}/discussion/{post}",
            edit,
            decide,
        )
}

fn address(of: &ListRef) -> String {
    format!(
        "/e/{}/gestion/listes/{}/discussion",
        of.space.slug, of.list.id
    )
}

/// The address that a list has until somebody says otherwise: it needs nothing of the mail server.
/// Empty when there is none that works: no mailbox that is read, or nothing short enough and free.
async fn proposed(ctx: &Ctx, of: &ListRef) -> Result<String, AppError> {
    let mailbox = mailbox(ctx);
    let made = mailbox
        .as_deref()
        .and_then(|mailbox| mailbox.split_once('@'));
    let Some((local, domain)) = made else {
        return Ok(String::new());
    };
    // Another space may have a list of the same name.
    let words = [
        of.list.slug.clone(),
        format!("{}-{}", of.space.slug, of.list.slug),
        format!("liste-{}", of.list.id.simple()),
    ];
    for word in words {
        // RFC 5321, section 4.5.3.1.1: 64 letters before the `@`.
        let room = LOCAL.saturating_sub(local.len() + 1);
        let cut: String = word.chars().take(room).collect();
        let address = format!("{local}+{}@{domain}", cut.trim_end_matches('-'));
        let is_cut = cut.len() < word.len() && word.starts_with("liste-");
        if is_cut || cut.is_empty() || !is_email(&address) {
            continue;
        }
        if commands::is_free(ctx.app.db().read(), of.list.id, &address).await? {
            return Ok(address);
        }
    }
    Ok(String::new())
}

fn mailbox(ctx: &Ctx) -> Option<String> {
    let entry = ctx.app.registry().all::<Mailbox>().next();
    entry.and_then(|Mailbox(mailbox)| mailbox.clone())
}

async fn settings(ctx: &Ctx, of: &ListRef) -> Result<Option<Discussion>, AppError> {
    if of.list.kind != ListKind::Discussion {
        return Err(AppError::NotFound);
    }
    Ok(store::of_list(ctx.app.db().read(), of.list.id).await?)
}

async fn page(ctx: Ctx, allowed: Allowed<EditList>) -> Result<Response, AppError> {
    let of = allowed.object();
    let known = settings(&ctx, of).await?;
    let address = proposed(&ctx, of).await?;
    let shown = known.clone().unwrap_or_else(|| Discussion {
        list: of.list.id,
        address,
        moderation: Moderation::All,
        moderators: Vec::new(),
        told_at: 0,
    });
    show(&ctx, of, known.is_some(), &shown, &[]).await
}

async fn show(
    ctx: &Ctx,
    of: &ListRef,
    is_known: bool,
    shown: &Discussion,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let conn = ctx.app.db().read();
    let here = address(of);
    let held = store::posts(conn, of.list.id, State::Held, WAITING).await?;
    let passed = store::posts(conn, of.list.id, State::Passed, SHOWN).await?;
    let refused = store::posts(conn, of.list.id, State::Refused, SHOWN).await?;
    let fields = fields(ctx, shown, problems, !proposed(ctx, of).await?.is_empty());
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let deaf = mailbox(ctx)
        .is_none()
        .then(|| Notice::new(NoticeKind::Warn, ctx.t("discussion-deaf")));
    let write = is_known.then(|| {
        let address = shown.address.clone();
        Button::link(
            ctx.tr("discussion-write", &[("address", address.clone().into())]),
            format!("mailto:{address}"),
        )
        .quiet()
        .icon("mail")
    });
    let none = Empty::new(
        ctx.t("discussion-held-empty"),
        ctx.t("discussion-held-empty-text"),
    )
    .icon("check");
    let posts =
        |list: &[Post]| -> Vec<Value> { list.iter().map(|post| one(ctx, of, post)).collect() };
    ctx.page(
        "mailer/discussions/page",
        ctx.tr("discussion-title", &[("list", of.list.name.clone().into())]),
    )
    .space(&of.space)
    .crumb(
        ctx.t("list-title"),
        format!("/e/{}/gestion/listes", of.space.slug),
    )
    .crumb(
        &of.list.name,
        format!("/e/{}/gestion/listes/{}", of.space.slug, of.list.id),
    )
    .status(status)
    .render(json!({
        "deaf": deaf,
        "write": write,
        "held": posts(&held),
        "none": held.is_empty().then_some(none),
        "passed": posts(&passed),
        "refused": posts(&refused),
        "action": here,
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t("discussion-save")).icon("save"),
    }))
}

fn fields(
    ctx: &Ctx,
    shown: &Discussion,
    problems: &[(&str, &str)],
    is_proposed: bool,
) -> Vec<Field> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, id)| ctx.t(id))
    };
    let help = if is_proposed {
        "discussion-field-address-help"
    } else {
        "discussion-field-address-alone"
    };
    let moderations = Moderation::ALL.iter().map(|one| {
        let id = format!("discussion-moderation-{}", one.code());
        Choice::new(one.code(), ctx.t(&id)).help(ctx.t(&format!("{id}-help")))
    });
    vec![
        Field::text("address", ctx.t("discussion-field-address"))
            .help(ctx.t(help))
            .value(&shown.address)
            .required()
            .maxlength(200)
            .width(Width::Full)
            .inputmode("email")
            .autocomplete("off")
            .error(error("address")),
        Field::new(
            FieldKind::Radio,
            "moderation",
            ctx.t("discussion-field-moderation"),
        )
        .value(shown.moderation.code())
        .options(moderations),
        Field::text("moderators", ctx.t("discussion-field-moderators"))
            .help(ctx.tr(
                "discussion-field-moderators-help",
                &[("most", (MODERATORS as i64).into())],
            ))
            .value(shown.moderators.join(", "))
            .maxlength(600)
            .width(Width::Full)
            .autocomplete("off")
            .error(error("moderators")),
    ]
}

fn one(ctx: &Ctx, of: &ListRef, post: &Post) -> Value {
    let zone = passerelle_web::context::zone(&of.space);
    let here = format!("{}/{}", address(of), post.id);
    let forgotten = post.email.is_empty();
    let author = match (forgotten, post.author.is_empty()) {
        (true, _) => ctx.t("discussion-forgotten"),
        (false, true) => post.email.clone(),
        (false, false) => format!("{} <{}>", post.author, post.email),
    };
    let subject = if post.subject.is_empty() {
        ctx.t("discussion-no-subject")
    } else {
        post.subject.clone()
    };
    let held = post.state == State::Held;
    let pass = held.then(|| {
        Button::post(ctx.t("discussion-pass"), here.clone())
            .about(subject.clone())
            .icon("send")
            .hidden("do", "pass")
    });
    let reason = (held && post.contact.is_some()).then(|| {
        Field::text("reason", ctx.t("discussion-reason"))
            .id(format!("raison-{}", post.id))
            .help(ctx.t("discussion-reason-help"))
            .maxlength(500)
            .width(Width::Full)
            .autocomplete("off")
    });
    let results = post.campaign.map(|campaign| {
        let href = format!("/e/{}/gestion/lettres/{campaign}", of.space.slug);
        Button::link(ctx.t("discussion-results"), href)
            .quiet()
            .about(subject.clone())
            .icon("send")
    });
    json!({
        "id": post.id,
        "author": author,
        "came": format::datetime(post.at, &zone, ctx.lang),
        "headline": subject,
        "paragraphs": post.body.split("\n\n").collect::<Vec<_>>(),
        "bare": post.is_bare.then(|| ctx.t("discussion-bare")),
        "why": held.then(|| ctx.t(&format!("discussion-why-{}", post.why.code()))),
        "pass": pass,
        "refuse_action": here,
        "reason": reason,
        "refuse_button": held.then(|| Button::submit(ctx.t("discussion-refuse")).quiet().icon("x")),
        "results": results,
    })
}

async fn configure(ctx: Ctx, allowed: Allowed<EditList>, form: Form) -> Result<Response, AppError> {
    let of = allowed.object();
    let known = settings(&ctx, of).await?;
    let wanted = Discussion {
        list: of.list.id,
        address: line(form.text("address")),
        moderation: Moderation::parse(form.text("moderation")).unwrap_or(Moderation::All),
        moderators: names(form.text("moderators")),
        told_at: known.as_ref().map_or(0, |known| known.told_at),
    };
    let mut problems = Vec::new();
    if !is_email(&wanted.address) {
        problems.push(("address", "discussion-error-address"));
    }
    if mailbox(&ctx).is_some_and(|ours| ours.eq_ignore_ascii_case(&wanted.address)) {
        problems.push(("address", "discussion-error-mailbox"));
    }
    let wrong = wanted.moderators.iter().any(|address| !is_email(address));
    if wrong || wanted.moderators.len() > MODERATORS {
        problems.push(("moderators", "discussion-error-moderators"));
    }
    if problems.is_empty() {
        let own = proposed(&ctx, of).await?;
        let tx = ctx.app.db().write().await?;
        if commands::configure(&tx, &wanted, &own).await? {
            tx.commit().await?;
            let told = (NoticeKind::Success, "discussion-saved");
            return Ok(ctx.redirect(&address(of), Some(told)));
        }
        tx.rollback().await?;
        problems.push(("address", "discussion-error-taken"));
    }
    show(&ctx, of, known.is_some(), &wanted, &problems).await
}

async fn decide(
    ctx: Ctx,
    allowed: Allowed<EditList>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let known = settings(&ctx, of).await?.ok_or(AppError::NotFound)?;
    let id: Uuid = params.id("post")?;
    let tx = ctx.app.db().write().await?;
    let post = store::post(&*tx, of.list.id, id)
        .await?
        .ok_or(AppError::NotFound)?;
    let notice = if form.text("do") == "pass" {
        match commands::pass(&ctx.app, &tx, &allowed, &known, &post).await? {
            Sent::Leaves => (NoticeKind::Success, "discussion-passed"),
            Sent::Waits => (NoticeKind::Error, "discussion-why-broken"),
            Sent::Before => (NoticeKind::Warn, "discussion-decided-before"),
        }
    } else {
        let reason = line(form.text("reason"));
        if commands::refuse(&ctx.app, &tx, &allowed, &post, &reason).await? {
            (NoticeKind::Success, "discussion-refused")
        } else {
            (NoticeKind::Warn, "discussion-decided-before")
        }
    };
    tx.commit().await?;
    Ok(ctx.redirect(&address(of), Some(notice)))
}
