//! Writing a bulletin: its settings, its blocks in order. Works without script: each button sends
//! the whole form.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use passerelle_bulletin::{Block, Kind, MAX_BLOCKS, MAX_LINE, MAX_TEXT};
use passerelle_web::components::{
    Button, Choice, Confirm, Field, FieldKind, Notice, NoticeKind, Upload, Width,
};
use passerelle_web::{Allowed, AppError, Ctx, Form, Lang};
use serde_json::{Value, json};

use super::steps::VERSION;
use super::{address, list_address, status, tabs};
use crate::audience;
use crate::audience::model::line;
use crate::campaigns::access::{CampaignRef, EditCampaign};
use crate::campaigns::commands::{self, CampaignError};
use crate::campaigns::model::Campaign;
use crate::campaigns::pictures::{self, MAX_BYTES, Picture};
use crate::files::receive;

/// What a form says of a campaign; what it does not say stays.
fn read(form: &Form, known: &Campaign) -> Campaign {
    let mut campaign = known.clone();
    let content = &mut campaign.content;
    campaign.name = line(form.text("name"));
    content.lang = Lang::from_code(form.text("lang")).unwrap_or(content.lang);
    content.subject = subject(form.raw("subject"));
    content.preheader = line(form.text("preheader"));
    content.from_name = line(form.text("from_name"));
    content.reply_to = line(form.text("reply_to"));
    campaign.target.list = form.text("list").parse().ok();
    campaign.target.segment = form.text("segment").parse().ok();
    campaign.is_public = form.has("is_public");
    if form.has("per_second") {
        let number = form
            .number("per_second")
            .filter(|n| (1..=1_000).contains(n));
        campaign.per_second = number.and_then(|n| i32::try_from(n).ok());
    }
    campaign.version = form.number("version").unwrap_or(known.version);
    content.blocks = blocks(form);
    campaign
}

/// A subject as it was written, cut far beyond what may leave: the check says what is wrong.
fn subject(text: &str) -> String {
    let one: String = text.trim().chars().take(MAX_LINE).collect();
    one.replace(['\r', '\n'], " ")
}

fn blocks(form: &Form) -> Vec<Block> {
    let mut blocks = Vec::new();
    for at in 0..MAX_BLOCKS {
        let Some(kind) = Kind::parse(form.text(&format!("b{at}.kind"))) else {
            break;
        };
        let mut block = Block::new(kind);
        for name in kind.fields() {
            block.set(name, form.text(&format!("b{at}.{name}")));
        }
        blocks.push(block);
    }
    blocks
}

/// Does what the button asks to the blocks; the place to come back to.
fn apply(blocks: &mut Vec<Block>, what: &str) -> Option<usize> {
    let (verb, of) = what.split_once(':')?;
    if verb == "add" {
        let kind = Kind::parse(of).filter(|_| blocks.len() < MAX_BLOCKS)?;
        blocks.push(Block::new(kind));
        return Some(blocks.len() - 1);
    }
    let at: usize = of.parse().ok().filter(|at| *at < blocks.len())?;
    match verb {
        "up" if at > 0 => {
            blocks.swap(at, at - 1);
            Some(at - 1)
        }
        "down" if at + 1 < blocks.len() => {
            blocks.swap(at, at + 1);
            Some(at + 1)
        }
        "remove" => {
            blocks.remove(at);
            Some(at.min(blocks.len().checked_sub(1)?))
        }
        _ => Some(at),
    }
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let mut changed = read(&form, &of.campaign);
    if changed.name.is_empty() {
        changed.name = ctx.t("letter-new-name");
    }
    let what = form.text("do").to_owned();
    let place = apply(&mut changed.content.blocks, &what);
    name_target(&ctx, of, &mut changed).await?;
    match write(&ctx, &allowed, &changed).await {
        Ok(()) => {}
        Err(CampaignError::Changed) => return conflict(&ctx, of, changed).await,
        Err(error) => return Err(error.into()),
    }
    let here = address(of);
    let to = match (what.as_str(), place) {
        ("verify", _) => format!("{here}/verifier"),
        ("offers", _) => format!("{here}/contenus"),
        (_, Some(at)) => format!("{here}#bloc-{at}"),
        _ => here,
    };
    let told = (what == "save").then_some((NoticeKind::Success, "letter-saved"));
    Ok(ctx.redirect(&to, told))
}

pub(super) async fn write(
    ctx: &Ctx,
    allowed: &Allowed<EditCampaign>,
    changed: &Campaign,
) -> Result<(), CampaignError> {
    let tx = ctx.app.db().write().await?;
    commands::save(&tx, allowed, changed).await?;
    Ok(tx.commit().await?)
}

/// Keeps of the target only what the space has, and its name for later.
async fn name_target(ctx: &Ctx, of: &CampaignRef, changed: &mut Campaign) -> Result<(), AppError> {
    let db = ctx.app.db().read();
    let list = match changed.target.list {
        Some(id) => audience::store::list(db, id).await?,
        None => None,
    };
    let list = list.filter(|list| list.space == of.space.id);
    let segment = match changed.target.segment {
        Some(id) => audience::store::segment(db, of.space.id, id).await?,
        None => None,
    };
    changed.target.list = list.as_ref().map(|list| list.id);
    changed.target.segment = segment.as_ref().map(|segment| segment.id);
    changed.target.name = match (list, segment) {
        (Some(list), Some(segment)) => format!("{} · {}", list.name, segment.name),
        (Some(list), None) => list.name,
        _ => String::new(),
    };
    Ok(())
}

/// Somebody else has saved meanwhile: what was typed comes back, to be saved over theirs or not.
async fn conflict(ctx: &Ctx, of: &CampaignRef, mut typed: Campaign) -> Result<Response, AppError> {
    if !of.campaign.state.is_open() {
        return Err(AppError::Conflict("mail-campaign-changed"));
    }
    typed.version = of.campaign.version;
    let of = CampaignRef {
        campaign: typed,
        space: of.space.clone(),
    };
    let notice = Notice::new(NoticeKind::Warn, ctx.t("letter-conflict"));
    show(ctx, &of, Some(notice), StatusCode::CONFLICT).await
}

/// Takes a picture in and adds it as a block.
pub(super) async fn add_picture(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    request: Request<Body>,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let received = receive(request, MAX_BYTES).await?;
    let wrong = |id: &str| Notice::new(NoticeKind::Error, ctx.t(id));
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if received.too_large {
        return show(&ctx, of, Some(wrong("letter-picture-large")), status).await;
    }
    let Some((name, bytes)) = received.file else {
        return show(&ctx, of, Some(wrong("letter-picture-none")), status).await;
    };
    let size = bytes.len();
    let Some(file) = pictures::keep(&ctx.app, bytes).await? else {
        return show(&ctx, of, Some(wrong("letter-picture-kind")), status).await;
    };
    let mut block = Block::new(Kind::Picture);
    block.set("picture", &pictures::address(&ctx.app, &file));
    block.set("alt", received.form.text("alt"));
    let picture = Picture {
        name: line(&name),
        alt: block.alt.clone(),
        file,
    };
    let mut changed = of.campaign.clone();
    if changed.content.blocks.len() >= MAX_BLOCKS {
        return show(&ctx, of, Some(wrong("letter-blocks-many")), status).await;
    }
    changed.content.blocks.push(block);
    let tx = ctx.app.db().write().await?;
    pictures::insert(&tx, of.space.id, &picture, size).await?;
    commands::save(&tx, &allowed, &changed).await?;
    tx.commit().await?;
    let at = changed.content.blocks.len() - 1;
    Ok(ctx.redirect(&format!("{}#bloc-{at}", address(of)), None))
}

pub(super) async fn page(ctx: &Ctx, of: &CampaignRef) -> Result<Response, AppError> {
    show(ctx, of, None, StatusCode::OK).await
}

async fn show(
    ctx: &Ctx,
    of: &CampaignRef,
    notice: Option<Notice>,
    code: StatusCode,
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let campaign = &of.campaign;
    let lists = audience::store::lists(db, of.space.id).await?;
    let segments = audience::store::segments(db, of.space.id).await?;
    let pictures = pictures::pictures(db, of.space.id).await?;
    let here = address(of);
    let count = campaign.content.blocks.len();
    let known: Vec<(String, String)> = pictures
        .iter()
        .map(|p| (pictures::address(&ctx.app, &p.file), p.name.clone()))
        .collect();
    let blocks: Vec<Value> = campaign
        .content
        .blocks
        .iter()
        .enumerate()
        .map(|(at, block)| block_form(ctx, at, count, block, &known))
        .collect();
    let add: Vec<Button> = Kind::ALL
        .iter()
        .filter(|kind| **kind != Kind::Picture)
        .map(|kind| {
            Button::submit(ctx.t(&format!("letter-add-{}", kind.code())))
                .quiet()
                .icon("plus")
                .name("do")
                .value(format!("add:{}", kind.code()))
        })
        .collect();
    let picture = Field {
        required: true,
        ..Field::new(FieldKind::File, "picture", ctx.t("letter-picture-file"))
    }
    .accept("image/png,image/jpeg,image/gif")
    .help(ctx.t("letter-picture-help"));
    let data = json!({
        "told": notice,
        "status": status(ctx, campaign),
        "tabs": tabs(ctx, of, false),
        "action": here,
        "version": campaign.version,
        "settings": settings(ctx, campaign, &lists, &segments),
        "no_list": lists.is_empty().then(|| Notice::new(NoticeKind::Warn, ctx.t("letter-no-list"))
            .link(ctx.t("letter-no-list-link"), format!("/e/{}/gestion/listes", of.space.slug))),
        "blocks": blocks,
        "add": add,
        "offers": Button::submit(ctx.t("letter-offers")).quiet().icon("plus").name("do").value("offers"),
        "save": Button::submit(ctx.t("letter-save")).icon("save").name("do").value("save"),
        "verify": Button::submit(ctx.t("letter-verify")).quiet().icon("eye").name("do").value("verify"),
        "upload": Upload::new(format!("{here}/image"), picture, ctx.t("letter-picture-add")),
        "alt": Field::text("alt", ctx.t("letter-field-alt")).id("upload-alt").help(ctx.t("letter-field-alt-help")).maxlength(MAX_LINE as u32).width(Width::Full),
        "remove": Confirm::danger("supprimer", ctx.t("letter-delete"), ctx.t("letter-delete-sentence"), format!("{here}/supprimer"))
            .consequence(ctx.t("letter-delete-consequence"))
            .hidden(VERSION, campaign.version.to_string()),
    });
    ctx.page("mailer/campaigns/compose", &campaign.name)
        .space(&of.space)
        .crumb(ctx.t("letter-list-title"), list_address(&of.space))
        .status(code)
        .render(data)
}

fn settings(
    ctx: &Ctx,
    campaign: &Campaign,
    lists: &[(audience::model::List, i64)],
    segments: &[audience::store::Segment],
) -> Vec<Field> {
    let content = &campaign.content;
    let chosen =
        |id: Option<passerelle_kernel::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let list_options = lists
        .iter()
        .filter(|(list, _)| list.closed_at.is_none())
        .map(|(list, n)| {
            let count = passerelle_web::format::number(*n, ctx.lang);
            Choice::new(list.id.to_string(), format!("{} ({count})", list.name))
        });
    let mut fields = vec![
        Field::text("name", ctx.t("letter-field-name"))
            .help(ctx.t("letter-field-name-help"))
            .value(&campaign.name)
            .required()
            .maxlength(120)
            .autocomplete("off"),
        Field::new(FieldKind::Select, "list", ctx.t("letter-field-list"))
            .help(ctx.t("letter-field-list-help"))
            .options(list_options)
            .chosen(&[chosen(campaign.target.list)]),
    ];
    if !segments.is_empty() {
        let options = segments
            .iter()
            .map(|segment| Choice::new(segment.id.to_string(), &segment.name));
        fields.push(
            Field::new(FieldKind::Select, "segment", ctx.t("letter-field-segment"))
                .help(ctx.t("letter-field-segment-help"))
                .options(options)
                .chosen(&[chosen(campaign.target.segment)]),
        );
    }
    fields.extend([
        Field::text("subject", ctx.t("letter-field-subject"))
            .help(ctx.t("letter-field-subject-help"))
            .value(&content.subject)
            .maxlength(MAX_LINE as u32)
            .width(Width::Full)
            .autocomplete("off"),
        Field::text("preheader", ctx.t("letter-field-preheader"))
            .help(ctx.t("letter-field-preheader-help"))
            .value(&content.preheader)
            .maxlength(200)
            .width(Width::Full)
            .autocomplete("off"),
        Field::text("from_name", ctx.t("letter-field-from"))
            .value(&content.from_name)
            .maxlength(120)
            .autocomplete("organization"),
        Field::new(FieldKind::Email, "reply_to", ctx.t("letter-field-reply"))
            .help(ctx.t("letter-field-reply-help"))
            .value(&content.reply_to)
            .autocomplete("email"),
        Field {
            required: true,
            ..Field::new(FieldKind::Select, "lang", ctx.t("letter-field-lang"))
        }
        .options([Lang::Fr, Lang::En].map(|lang| Choice::new(lang.code(), lang.own_name())))
        .chosen(&[content.lang.code()]),
        Field::text("per_second", ctx.t("letter-field-rate"))
            .help(ctx.t("letter-field-rate-help"))
            .inputmode("numeric")
            .value(
                campaign
                    .per_second
                    .map(|n| n.to_string())
                    .unwrap_or_default(),
            )
            .maxlength(4)
            .autocomplete("off"),
        Field::checkbox("is_public", ctx.t("letter-field-public"))
            .help(ctx.t("letter-field-public-help"))
            .checked(campaign.is_public),
    ]);
    fields
}

/// The form of one block.
fn block_form(
    ctx: &Ctx,
    at: usize,
    count: usize,
    block: &Block,
    pictures: &[(String, String)],
) -> Value {
    let kind = ctx.t(&format!("letter-block-{}", block.kind.code()));
    let fields: Vec<Field> = block
        .kind
        .fields()
        .iter()
        .map(|name| block_field(ctx, at, name, block, pictures))
        .collect();
    let of = [("number", (at + 1).into()), ("kind", kind.clone().into())];
    let button = |id: &str, icon: &str, verb: &str| {
        Button::submit(ctx.t(id))
            .quiet()
            .icon(icon)
            .about(ctx.tr("letter-block-title", &of))
            .name("do")
            .value(format!("{verb}:{at}"))
    };
    let mut buttons = Vec::new();
    if at > 0 {
        buttons.push(button("letter-block-up", "arrow-up", "up"));
    }
    if at + 1 < count {
        buttons.push(button("letter-block-down", "arrow-down", "down"));
    }
    buttons.push(button("letter-block-remove", "trash", "remove"));
    json!({
        "anchor": format!("bloc-{at}"),
        "title": ctx.tr("letter-block-title", &of),
        "kind_name": format!("b{at}.kind"),
        "kind": block.kind.code(),
        "picture": (!block.picture.is_empty()).then_some(&block.picture),
        "fields": fields,
        "buttons": buttons,
    })
}

fn block_field(
    ctx: &Ctx,
    at: usize,
    name: &str,
    block: &Block,
    pictures: &[(String, String)],
) -> Field {
    let full = format!("b{at}.{name}");
    let label = ctx.t(&format!("letter-field-{name}"));
    let value = block.field(name);
    match name {
        "text" => Field::textarea(full, label)
            .help(ctx.t("letter-field-text-help"))
            .value(value)
            .rows(if block.kind == Kind::Text { 8 } else { 4 })
            .maxlength(MAX_TEXT as u32),
        "picture" if block.kind != Kind::Picture => {
            let options = pictures
                .iter()
                .map(|(address, name)| Choice::new(address, name));
            Field::new(FieldKind::Select, full, label)
                .help(ctx.t("letter-field-picture-help"))
                .options(options)
                .chosen(&[value])
        }
        "picture" | "href" => Field::text(full, label)
            .inputmode("url")
            .value(value)
            .maxlength(MAX_LINE as u32)
            .width(Width::Full)
            .autocomplete("off"),
        _ => {
            let field = Field::text(full, label)
                .value(value)
                .maxlength(MAX_LINE as u32)
                .width(Width::Full)
                .autocomplete("off");
            if name == "alt" {
                field.help(ctx.t("letter-field-alt-help"))
            } else {
                field
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_added_moved_and_removed() {
        let mut blocks = Vec::new();
        assert_eq!(apply(&mut blocks, "add:text"), Some(0));
        assert_eq!(apply(&mut blocks, "add:heading"), Some(1));
        assert_eq!(apply(&mut blocks, "up:1"), Some(0));
        assert_eq!(blocks[0].kind, Kind::Heading);
        assert_eq!(apply(&mut blocks, "up:0"), Some(0));
        assert_eq!(apply(&mut blocks, "down:7"), None);
        assert_eq!(apply(&mut blocks, "remove:0"), Some(0));
        assert_eq!(apply(&mut blocks, "remove:0"), None);
        assert!(blocks.is_empty());
        assert_eq!(apply(&mut blocks, "add:script"), None);
    }

    #[test]
    fn a_form_gives_its_blocks_in_order_and_a_subject_on_one_line() {
        let form = Form::from_pairs([
            ("b0.kind", "heading"),
            ("b0.title", "À la une"),
            ("b0.text", "not its field"),
            ("b1.kind", "text"),
            ("b1.text", "Un\r\ndeux"),
            ("b3.kind", "text"),
        ]);
        let found = blocks(&form);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].title.as_str(), found[0].text.as_str()),
            ("À la une", "")
        );
        assert_eq!(found[1].text, "Un\ndeux");
        assert_eq!(
            subject("Bonjour\r\nBcc: x@exemple.fr"),
            "Bonjour  Bcc: x@exemple.fr"
        );
        assert_eq!(subject(&"é".repeat(1_000_000)).chars().count(), MAX_LINE);
    }
}
