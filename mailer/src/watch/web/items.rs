//! Items: those to look at, those that were kept, and one's form.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::components::{
    Button, Chips, Empty, ErrorSummary, Field, Link, NoticeKind, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::{Value, json};

use super::{items_address, tabs};
use crate::audience::model::{line, names};
use crate::campaigns::access::WriteCampaigns;
use crate::watch::model::{Item, State, departments};
use crate::watch::{commands, store};

/// Items on a page.
const SHOWN: u64 = 30;
/// The words of states in addresses.
const STATES: [(&str, State); 3] = [
    ("a-trier", State::New),
    ("retenues", State::Kept),
    ("ecartees", State::Dropped),
];

pub(super) async fn page(ctx: Ctx, allowed: Allowed<WriteCampaigns>) -> Result<Response, AppError> {
    let space = allowed.object();
    let here = items_address(space);
    let asked = ctx.query();
    let (word, state) = *STATES
        .iter()
        .find(|(word, _)| *word == asked.text("etat"))
        .unwrap_or(&STATES[0]);
    // After an item, not after so many: those that are sorted meanwhile are no longer counted.
    let after = place(asked.text("apres"));
    let db = ctx.app.db().read();
    let items = store::items(db, space.id, state, after, SHOWN).await?;
    if items.is_empty() && after.is_some() {
        return Ok(ctx.redirect(&format!("{here}?etat={word}"), None));
    }
    let counts = store::counts(db, space.id).await?;
    let count = |state: State| {
        let found = counts.iter().find(|(one, _)| *one == state);
        found.map_or(0, |(_, n)| *n)
    };
    let chips = Chips {
        label: ctx.t("watch-filter"),
        items: STATES
            .iter()
            .map(|(one, state)| {
                let n = format::number(count(*state), ctx.lang);
                let name = ctx.t(&format!("watch-items-{}", state.code()));
                Link::new(format!("{name} ({n})"), format!("{here}?etat={one}"))
                    .current(*one == word)
            })
            .collect(),
    };
    let empty = items.is_empty().then(|| {
        Empty::new(
            ctx.t(&format!("watch-empty-{}", state.code())),
            ctx.t(&format!("watch-empty-{}-text", state.code())),
        )
        .icon("eye")
    });
    let last = items.last().filter(|_| items.len() as u64 == SHOWN);
    let more = last.map(|item| {
        let next = format!("{here}?etat={word}&apres={}.{}", item.found_at, item.id);
        Button::link(ctx.t("watch-more"), next).quiet()
    });
    let shown: Vec<Value> = items.iter().map(|item| card(&ctx, space, item)).collect();
    ctx.page("mailer/watch/items", ctx.t("watch-title"))
        .space(space)
        .render(json!({
            "tabs": tabs(&ctx, space, "watch-tab-items"),
            "add": Button::link(ctx.t("watch-item-add"), format!("{here}/nouvelle")).icon("plus"),
            "chips": chips,
            "items": shown,
            "empty": empty,
            "more": more,
        }))
}

/// Where a page of items begins: after the one that was found then.
fn place(text: &str) -> Option<(Micros, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// The address of an item, from which one comes back to the page that one was on.
fn address(ctx: &Ctx, space: &Space, id: Uuid) -> String {
    let here = format!("{}/{id}", items_address(space));
    match place(ctx.query().text("apres")) {
        Some((at, last)) => format!("{here}?apres={at}.{last}"),
        None => here,
    }
}

fn card(ctx: &Ctx, space: &Space, item: &Item) -> Value {
    let here = address(ctx, space, item.id);
    let zone = passerelle_web::context::zone(space);
    let day = item
        .published_at
        .map(|at| format::date(at, &zone, ctx.lang));
    let said: Vec<String> = [Some(item.source.clone()), day]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    let act = |id: &str, icon: &str, value: &str| {
        Button::post(ctx.t(id), here.clone())
            .quiet()
            .about(item.title.clone())
            .icon(icon)
            .hidden("do", value)
            .hidden("quick", "yes")
    };
    let keep = Button::link(ctx.t("watch-item-keep"), here.clone())
        .about(item.title.clone())
        .icon("check");
    let buttons = match item.state {
        State::New => vec![keep, act("watch-item-drop", "x", "drop")],
        State::Kept => vec![
            Button::link(ctx.t("watch-item-change"), here.clone())
                .quiet()
                .about(item.title.clone())
                .icon("pencil"),
            act("watch-item-drop", "x", "drop"),
        ],
        State::Dropped => vec![act("watch-item-back", "refresh", "back")],
    };
    json!({
        "id": item.id,
        "headline": item.title,
        "link": item.link,
        "summary": item.summary,
        "said": said.join(" · "),
        "themes": item.themes.join(", "),
        "buttons": buttons,
    })
}

/// What a form says of an item; what it does not say stays.
fn read(form: &Form, known: &Item) -> Item {
    Item {
        title: line(form.text("title")),
        link: line(form.raw("link")).trim().to_owned(),
        summary: line_of(form.text("summary"), 1_000),
        source: line(form.text("source")),
        departments: departments(form.text("departments")),
        themes: names(form.text("themes")),
        ..known.clone()
    }
}

fn line_of(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(most).collect()
}

fn problems(item: &Item) -> Vec<(&'static str, &'static str)> {
    let mut problems = Vec::new();
    if item.title.is_empty() {
        problems.push(("title", "watch-error-title"));
    }
    if !item.link.is_empty() {
        let url = url::Url::parse(&item.link);
        if !url.is_ok_and(|url| matches!(url.scheme(), "https" | "http")) {
            problems.push(("link", "watch-error-link"));
        }
    }
    if item.themes.is_empty() {
        problems.push(("themes", "watch-error-themes"));
    }
    problems
}

fn show(
    ctx: &Ctx,
    space: &Space,
    item: &Item,
    action: String,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, id)| ctx.t(id))
    };
    let text = |name: &str, value: &str| {
        Field::text(name, ctx.t(&format!("watch-field-{name}")))
            .value(value)
            .width(Width::Full)
            .autocomplete("off")
            .error(error(name))
    };
    let fields = vec![
        text("title", &item.title).required().maxlength(300),
        text("link", &item.link).inputmode("url").maxlength(1000),
        Field::textarea("summary", ctx.t("watch-field-summary"))
            .help(ctx.t("watch-field-summary-help"))
            .value(&item.summary)
            .rows(4)
            .maxlength(1000),
        text("source", &item.source).maxlength(200),
        text("themes", &item.themes.join(", "))
            .help(ctx.t("watch-field-themes-help"))
            .required()
            .maxlength(300),
        text("departments", &item.departments.join(", "))
            .help(ctx.t("watch-field-departments-help"))
            .maxlength(200),
    ];
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let known = item.state == State::Kept;
    ctx.page("mailer/watch/item", ctx.t("watch-item-title"))
        .space(space)
        .crumb(ctx.t("watch-title"), items_address(space))
        .status(status)
        .render(json!({
            "action": action,
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "told": ctx.t(if known { "watch-item-told" } else { "watch-item-will-be-told" }),
            "submit": Button::submit(ctx.t(if known { "watch-item-save" } else { "watch-item-keep" })).icon("check").name("do").value("keep"),
        }))
}

fn blank(ctx: &Ctx) -> Item {
    Item {
        id: ctx.app.env().id(),
        title: String::new(),
        link: String::new(),
        summary: String::new(),
        source: String::new(),
        departments: Vec::new(),
        themes: Vec::new(),
        state: State::New,
        published_at: None,
        found_at: ctx.now,
        kept_at: None,
    }
}

pub(super) async fn form(ctx: Ctx, allowed: Allowed<WriteCampaigns>) -> Result<Response, AppError> {
    let space = allowed.object();
    let action = format!("{}/nouvelle", items_address(space));
    show(&ctx, space, &blank(&ctx), action, &[])
}

pub(super) async fn add(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let item = read(&form, &blank(&ctx));
    let problems = problems(&item);
    if !problems.is_empty() {
        let action = format!("{}/nouvelle", items_address(space));
        return show(&ctx, space, &item, action, &problems);
    }
    let tx = ctx.app.db().write().await?;
    commands::add_item(&tx, &allowed, &item).await?;
    tx.commit().await?;
    let to = format!("{}?etat=retenues", items_address(space));
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "watch-item-kept"))))
}

async fn item_of(ctx: &Ctx, space: &Space, params: &Params) -> Result<Item, AppError> {
    let item = store::item(ctx.app.db().read(), space.id, params.id("item")?).await?;
    item.ok_or(AppError::NotFound)
}

pub(super) async fn edit(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let item = item_of(&ctx, space, &params).await?;
    let action = address(&ctx, space, item.id);
    show(&ctx, space, &item, action, &[])
}

pub(super) async fn sort(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let known = item_of(&ctx, space, &params).await?;
    let was = STATES.iter().find(|(_, state)| *state == known.state);
    let (state, told) = match form.text("do") {
        "drop" => (State::Dropped, "watch-item-dropped"),
        "back" => (State::New, "watch-item-put-back"),
        _ => (State::Kept, "watch-item-kept"),
    };
    let item = if form.has("quick") {
        known
    } else {
        read(&form, &known)
    };
    if state == State::Kept {
        let problems = problems(&item);
        if !problems.is_empty() {
            let action = address(&ctx, space, item.id);
            return show(&ctx, space, &item, action, &problems);
        }
    }
    let tx = ctx.app.db().write().await?;
    commands::sort(&tx, &allowed, &item, state).await?;
    tx.commit().await?;
    // Back where one was, to go on sorting.
    let mut to = format!(
        "{}?etat={}",
        items_address(space),
        was.map_or("a-trier", |(word, _)| word)
    );
    if let Some((at, last)) = place(ctx.query().text("apres")) {
        to = format!("{to}&apres={at}.{last}");
    }
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, told))))
}
