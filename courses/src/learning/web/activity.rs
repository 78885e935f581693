//! One activity: shown here when it is a page, a file or a link; a button
//! that opens it when it is a package.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::MINUTE;
use passerelle_kernel::scoped::Scoped;
use passerelle_web::components::{Button, Notice, NoticeKind, Status};
use passerelle_web::serve::Reaches;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Value, json};

use crate::access::{ActivityRef, DoActivity};
use crate::cohorts::GroupTime;
use crate::content::{
    FileContent, LinkContent, PageContent, ToolContent, attachment, attachment_address,
    render_markdown,
};
use crate::learning::model::{Item, Late, PlanWeek, State, Work, may_open};
use crate::learning::present::{self, Look};
use crate::learning::{commands, store};
use crate::progress::model::{ActivityRule, Missing};
use crate::progress::{Outcome, missing_words};
use crate::tools;

/// Reading again what is done is noted at most once in so long.
const NOTED_EVERY: i64 = 10 * MINUTE;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<DoActivity>) -> Result<Response, AppError> {
    let at = allowed.object();
    let (cohort, enrolment) = (&at.of.cohort, &at.of.enrolment);
    let mut plan = store::plan_of(ctx.app.db().read(), cohort.id, Some(enrolment.id)).await?;
    let over = at.of.term().is_over(ctx.now);
    let (week, item) = plan.find(at.activity.id).ok_or(AppError::NotFound)?;
    let open = may_open(cohort, &week.dates.opens_on.to_string(), ctx.now);
    let mut outcome = Outcome::default();
    if open && !over && !matches!(item.kind.as_str(), "scorm" | "tool") && to_note(item, ctx.now) {
        let tx = ctx.app.db().write().await?;
        outcome = commands::view(&tx, &allowed).await?;
        tx.commit().await?;
        note(&mut plan.weeks, at.activity.id, outcome.done, ctx.now);
    }
    let (week, item) = plan.find(at.activity.id).ok_or(AppError::NotFound)?;
    let extended_to: Option<Date> = enrolment
        .extended_to
        .as_deref()
        .and_then(|text| text.parse().ok());
    let look = Look {
        ctx: &ctx,
        enrolment: enrolment.id,
        extended_to,
        today: cohort.time().today(ctx.now),
        over,
    };
    let state = look.state(week, item);
    let (before, after) = plan.around(item.id);
    let body = if open {
        body(&ctx, at, item, over).await?
    } else {
        json!({"kind": "closed"})
    };
    let frames = body["origins"].as_str().map(str::to_owned);
    let data = json!({
        "name": item.title,
        "place": present::week_title(&ctx, week),
        "kind": ctx.t(present::kind(&item.kind).0),
        "length": present::minutes(&ctx, item.minutes),
        "optional": item.optional,
        "status": Status::of(present::tone(state)),
        "news": news(&ctx, outcome),
        "asks": (open && !over && !item.done()).then(|| asks(&ctx, item)),
        "state": state_notice(&ctx, week, state, open, over),
        "late": item.late.map(|late| late_notice(&ctx, late, &cohort.time())),
        "declare": (open && !over && !item.done() && item.rule == ActivityRule::Declared).then(|| {
            Button::post(ctx.t("learning-declare"), format!("{}/fait", look.href(item.id))).icon("check")
        }),
        "body": body,
        "previous": before.map(|near| neighbour(&look, near)),
        "next": after.map(|near| neighbour(&look, near)),
        "back": format!("/formation/{}", enrolment.id),
    });
    let page = ctx
        .page("courses/learning/activity", &item.title)
        .space(&at.of.space)
        .crumb(ctx.t("learning-nav-home"), "/accueil")
        .crumb(&cohort.title, format!("/formation/{}", enrolment.id))
        .status(if open {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        })
        .render(data);
    let mut response = page?;
    if let Some(frames) = frames {
        let forms = String::new();
        response.extensions_mut().insert(Reaches { forms, frames });
    }
    Ok(response)
}

/// `POST …/fait`: the trainee says that it is done.
pub(super) async fn declare(
    ctx: Ctx,
    allowed: Allowed<DoActivity>,
    _: Form,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let outcome = commands::declare(&tx, &allowed).await?;
    tx.commit().await?;
    let at = allowed.object();
    let message = if outcome.completed {
        "learning-complete"
    } else {
        "learning-declared"
    };
    let to = format!(
        "/formation/{}/activite/{}",
        at.of.enrolment.id, at.activity.id
    );
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, message))))
}

fn to_note(item: &Item, now: i64) -> bool {
    item.work.is_none_or(|work| {
        now.saturating_sub(work.last_at) > NOTED_EVERY
            || (!work.done && item.rule == ActivityRule::Viewed)
    })
}

/// The page shows what has just been noted without reading it again.
fn note(weeks: &mut [PlanWeek], activity: Uuid, done: bool, now: i64) {
    for item in weeks
        .iter_mut()
        .flat_map(|week| week.items.iter_mut())
        .filter(|item| item.id == activity)
    {
        let before = item.work.unwrap_or(Work {
            started_at: now,
            ..Work::default()
        });
        let done_at = before.done_at.or_else(|| done.then_some(now));
        item.work = Some(Work {
            done: before.done || done,
            done_at,
            last_at: now,
            ..before
        });
    }
}

fn news(ctx: &Ctx, outcome: Outcome) -> Option<Notice> {
    outcome
        .completed
        .then(|| Notice::new(NoticeKind::Success, ctx.t("learning-complete")))
}

/// What the trainee must do for it to count.
fn asks(ctx: &Ctx, item: &Item) -> String {
    let score = item.work.and_then(|work| work.score);
    missing_words(
        ctx.app.words(),
        ctx.lang,
        &Missing::Activity {
            id: item.id,
            title: item.title.clone(),
            rule: item.rule,
            score,
        },
    )
}

fn state_notice(
    ctx: &Ctx,
    week: &PlanWeek,
    state: State,
    open: bool,
    over: bool,
) -> Option<Notice> {
    if !open {
        let day = format::civil_date(week.dates.opens_on, ctx.lang);
        return Some(Notice::new(
            NoticeKind::Info,
            ctx.tr("learning-closed", &[("day", day.into())]),
        ));
    }
    if over {
        return Some(Notice::new(NoticeKind::Info, ctx.t("learning-over")));
    }
    (state == State::Late).then(|| {
        let day = format::civil_date(week.dates.due_on, ctx.lang);
        Notice::new(
            NoticeKind::Warn,
            ctx.tr("learning-late-notice", &[("day", day.into())]),
        )
    })
}

/// What came after the end, and what becomes of it.
fn late_notice(ctx: &Ctx, late: Late, time: &GroupTime) -> Notice {
    let at = format::datetime(late.last_at, time.zone(), ctx.lang);
    Notice::new(
        NoticeKind::Info,
        ctx.tr("learning-late-after", &[("at", at.into())]),
    )
}

fn neighbour(look: &Look<'_>, (week, item): (&PlanWeek, &Item)) -> Value {
    let open = week.dates.opens_on <= look.today;
    let opens = (!open).then(|| {
        let day = format::civil_date(week.dates.opens_on, look.ctx.lang);
        look.ctx.tr("learning-week-opens", &[("day", day.into())])
    });
    json!({"title": item.title, "href": open.then(|| look.href(item.id)), "opens": opens})
}

async fn body(ctx: &Ctx, at: &ActivityRef, item: &Item, over: bool) -> Result<Value, AppError> {
    let content = &at.activity.content;
    Ok(match item.kind.as_str() {
        "page" => {
            let page: PageContent = serde_json::from_str(content).unwrap_or_default();
            json!({"kind": "page", "html": render_markdown(&page.markdown, &page.attachments)})
        }
        "file" => file(ctx, at).await?,
        "link" => {
            let link: LinkContent = serde_json::from_str(content).unwrap_or_default();
            let safe = link.url.starts_with("https://") || link.url.starts_with("http://");
            json!({"kind": "link", "url": safe.then_some(&link.url), "html": render_markdown(&link.note, &[])})
        }
        "tool" => tool(ctx, at, item, over).await?,
        _ => package(ctx, at, item, over).await?,
    })
}

async fn file(ctx: &Ctx, at: &ActivityRef) -> Result<Value, AppError> {
    let Ok(content) = serde_json::from_str::<FileContent>(&at.activity.content) else {
        return Ok(json!({"kind": "file", "href": null, "name": "", "size": 0}));
    };
    let found = Scoped::<attachment::Entity>::of(at.of.space.id)
        .find()
        .filter(attachment::Column::Id.eq(content.attachment))
        .one(ctx.app.db().read())
        .await?;
    Ok(match found {
        Some(file) => json!({
            "kind": "file", "href": attachment_address(file.id), "name": file.file_name, "size": file.size_bytes,
        }),
        None => json!({"kind": "file", "href": null, "name": "", "size": 0}),
    })
}

/// The button, or the frame, that opens somebody else's tool.
async fn tool(ctx: &Ctx, at: &ActivityRef, item: &Item, over: bool) -> Result<Value, AppError> {
    let content: Option<ToolContent> = serde_json::from_str(&at.activity.content).ok();
    let tools = tools::of_space(&ctx.app, at.of.space.id).await?;
    let known = content
        .as_ref()
        .and_then(|content| tools.iter().find(|tool| tool.id == content.tool));
    let score = item
        .work
        .and_then(|work| work.score)
        .map(|s| format::percent(i64::from(s), ctx.lang));
    let framed = content.as_ref().is_some_and(|content| content.framed);
    let href = tools::launch_path(at.of.enrolment.id, item.id);
    Ok(json!({
        "kind": "tool",
        "name": known.map(|tool| &tool.name),
        "href": (known.is_some() && !over).then_some(href),
        "framed": framed,
        "origins": known.filter(|_| framed).map(|tool| format!("'self' {}", tool.origins)),
        "score": score.map(|score| ctx.tr("learning-score", &[("score", score.into())])),
    }))
}

async fn package(ctx: &Ctx, at: &ActivityRef, item: &Item, over: bool) -> Result<Value, AppError> {
    let db = ctx.app.db().read();
    let store::Tries {
        count,
        last_at,
        late,
    } = store::attempts_count(db, at.of.enrolment.id, item.id).await?;
    let review = over || item.done();
    let label = match (review, item.work.is_some()) {
        (true, _) => "learning-review",
        (false, true) => "learning-continue",
        (false, false) => "learning-begin",
    };
    let action = format!(
        "/formation/{}/activite/{}/ouvrir",
        at.of.enrolment.id, item.id
    );
    let button = |label: &str, window: &str| {
        let button = Button::post(ctx.t(label), &action)
            .about(&item.title)
            .hidden("window", window);
        if review {
            button.hidden("mode", "review")
        } else {
            button
        }
    };
    let tries = (count > 0).then(|| ctx.tr("learning-attempts", &[("count", count.into())]));
    let when =
        last_at.map(|at_| format::relative(at_, ctx.now, at.of.cohort.time().zone(), ctx.lang));
    let score = item
        .work
        .and_then(|work| work.score)
        .map(|s| format::percent(i64::from(s), ctx.lang));
    let openable = at.activity.package_id.is_some() && !(over && count == 0);
    Ok(json!({
        "kind": "package",
        "late": (late > 0).then(|| Notice::new(NoticeKind::Info, ctx.t("learning-late-work"))),
        "ready": at.activity.package_id.is_some(),
        "open": openable.then(|| Button { large: true, ..button(label, "frame").icon("play") }),
        "window": openable.then(|| button("learning-own-window", "own").quiet().icon("external-link")),
        "attempts": tries,
        "when": when.map(|when| ctx.tr("learning-last-opened", &[("when", when.into())])),
        "score": score.map(|score| ctx.tr("learning-score", &[("score", score.into())])),
        "review": review,
    }))
}
