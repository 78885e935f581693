//! Before sending: what would shame, who would receive it, how it looks, a copy for oneself.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_bulletin::{Finding, Severity};
use passerelle_web::components::{
    Button, Confirm, Fact, Facts, Field, FieldKind, Notice, NoticeKind, Status, Tone, Width,
};
use passerelle_web::form::is_email;
use passerelle_web::mail::Mail;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::{address, list_address, status, tabs};
use crate::audience;
use crate::audience::model::List;
use crate::audience::target::{self, DryRun};
use crate::campaigns::access::{CampaignRef, EditCampaign};
use crate::campaigns::model::State;
use crate::campaigns::{composing, store};
use crate::delivery::sender::SenderEntry;
use crate::framing::framing;

/// Copies for oneself at a time, at most.
const MOST_TESTS: usize = 5;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditCampaign>) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), &Shown::default()).await
}

/// The page with what became of the letter's links.
pub(super) async fn show_links(
    ctx: &Ctx,
    of: &CampaignRef,
    told: Notice,
    links: Vec<Finding>,
) -> Result<Response, AppError> {
    let shown = Shown {
        told: Some(told),
        links,
        ..Shown::default()
    };
    show(ctx, of, &shown).await
}

/// What the page shows beside the letter itself.
#[derive(Default)]
struct Shown {
    /// Addresses typed for a test.
    typed: String,
    /// Whether they are wrong.
    is_wrong: bool,
    told: Option<Notice>,
    /// Links that lead nowhere.
    links: Vec<Finding>,
}

/// The list of a campaign.
pub(super) async fn list_of(ctx: &Ctx, of: &CampaignRef) -> Result<Option<List>, AppError> {
    Ok(match of.campaign.target.list {
        Some(list) => audience::store::list(ctx.app.db().read(), list).await?,
        None => None,
    })
}

/// What is wrong with a campaign.
pub(super) fn findings(ctx: &Ctx, of: &CampaignRef, list: Option<&List>) -> Vec<Finding> {
    let frame = composing::frame(&ctx.app, &of.space, &of.campaign, list);
    composing::findings(&of.campaign, &frame)
}

async fn show(ctx: &Ctx, of: &CampaignRef, shown: &Shown) -> Result<Response, AppError> {
    let code = if shown.is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let db = ctx.app.db().read();
    let campaign = &of.campaign;
    let here = address(of);
    if campaign.state.has_started() {
        return Ok(ctx.redirect(&here, None));
    }
    let list = list_of(ctx, of).await?;
    let findings = findings(ctx, of, list.as_ref());
    let wrong = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    let previous = match campaign.target.list {
        Some(list) => store::previous(db, list, campaign.id).await?,
        None => None,
    };
    let dry = target::dry_run(&ctx.app, db, campaign, previous.as_ref().map(|p| p.id)).await?;
    let contact = ctx.query().text("contact").to_owned();
    let preview = if contact.is_empty() {
        format!("{here}/apercu")
    } else {
        format!(
            "{here}/apercu?contact={}",
            passerelle_web::context::urlencode(&contact)
        )
    };
    let test = Field::text("to", ctx.t("letter-test-to"))
        .help(ctx.t("letter-test-help"))
        .value(&shown.typed)
        .required()
        .width(Width::Full)
        .autocomplete("email")
        .error(shown.is_wrong.then(|| ctx.t("letter-test-wrong")));
    let is_broken = findings.iter().any(|finding| finding.code == "variable");
    let data = json!({
        "told": shown.told,
        "status": status(ctx, campaign),
        "tabs": tabs(ctx, of, true),
        "findings": findings.iter().chain(&shown.links).map(|finding| said(ctx, &here, finding)).collect::<Vec<_>>(),
        "fine": findings.is_empty() && shown.links.is_empty(),
        "ask": (!of.campaign.content.blocks.is_empty()).then(|| Button::post(ctx.t("letter-links-ask"), format!("{here}/liens")).quiet().icon("globe")),
        "dry": dry_facts(ctx, &dry, previous.as_ref().map(|p| p.name.as_str())),
        "dry_sentence": ctx.tr("letter-dry-sentence", &[("count", dry.reached.into())]),
        "preview": (!is_broken).then_some(preview),
        "preview_text": format!("{here}/apercu.txt"),
        "preview_action": format!("{here}/verifier"),
        "contact": Field::new(FieldKind::Email, "contact", ctx.t("letter-preview-contact")).help(ctx.t("letter-preview-contact-help")).value(contact),
        "show": Button::submit(ctx.t("letter-preview-show")).quiet().icon("eye"),
        "test_action": format!("{here}/essai"),
        "test": (!is_broken).then_some(test),
        "send_test": Button::submit(ctx.t("letter-test-send")).quiet().icon("mail"),
        "next": next(ctx, of, &here, wrong, &dry),
    });
    let page = ctx
        .page("mailer/campaigns/check", &campaign.name)
        .space(&of.space)
        .crumb(ctx.t("letter-list-title"), list_address(&of.space))
        .status(code);
    Ok(framing(page.wide().render(data)?))
}

/// A finding in words, with a link to where it is.
fn said(ctx: &Ctx, here: &str, finding: &Finding) -> Value {
    let tone = match finding.severity {
        Severity::Error => Tone::Danger,
        Severity::Warning => Tone::Warn,
    };
    let word = match finding.severity {
        Severity::Error => ctx.t("letter-finding-error"),
        Severity::Warning => ctx.t("letter-finding-warning"),
    };
    let place = match finding.block {
        Some(at) => ctx.tr("letter-finding-block", &[("number", (at + 1).into())]),
        None => ctx.t("letter-finding-whole"),
    };
    let anchor = match finding.block {
        Some(at) => format!("bloc-{at}"),
        None if finding.field == "blocks" => "blocs".to_owned(),
        None => format!("field-{}", finding.field),
    };
    let text = ctx.tr(
        &format!("letter-check-{}", finding.code),
        &[("detail", finding.detail.clone().into())],
    );
    json!({
        "status": Status::new(tone, word),
        "place": place,
        "text": text,
        "href": format!("{here}#{anchor}"),
    })
}

/// Who would receive it, who would not and why, what differs from the one before.
fn dry_facts(ctx: &Ctx, dry: &DryRun, previous: Option<&str>) -> Facts {
    let number = |n: i64| format::number(n, ctx.lang);
    let mut items = vec![Fact::new(ctx.t("letter-dry-reached"), number(dry.reached))];
    for (id, n) in [
        ("letter-dry-outside", dry.outside),
        ("letter-dry-unconfirmed", dry.unconfirmed),
        ("letter-dry-left", dry.left),
        ("letter-dry-bounced", dry.bounced),
        ("letter-dry-blocked", dry.blocked),
    ] {
        if n > 0 {
            items.push(Fact::new(ctx.t(id), number(n)));
        }
    }
    if let Some(name) = previous {
        let since = [("name", name.to_owned().into())];
        items.push(Fact::new(ctx.tr("letter-dry-new", &since), number(dry.new)));
        items.push(Fact::new(
            ctx.tr("letter-dry-gone", &since),
            number(dry.gone),
        ));
    }
    Facts {
        items,
        columns: true,
    }
}

/// What may be done now.
fn next(ctx: &Ctx, of: &CampaignRef, here: &str, wrong: bool, dry: &DryRun) -> Value {
    let campaign = &of.campaign;
    let zone = passerelle_web::context::zone(&of.space);
    let count = [("count", dry.reached.into())];
    let approve = (campaign.state == State::Draft && !wrong && dry.reached > 0).then(|| {
        Confirm::quiet(
            "approuver",
            ctx.t("letter-approve"),
            ctx.t("letter-approve-sentence"),
            format!("{here}/approuver"),
        )
        .consequence(ctx.t("letter-approve-consequence"))
    });
    let ready = matches!(campaign.state, State::Approved | State::Scheduled);
    let start = ready.then(|| {
        Confirm::danger(
            "envoyer",
            ctx.t("letter-start"),
            ctx.tr("letter-start-sentence", &count),
            format!("{here}/envoyer"),
        )
        .consequence(ctx.t("letter-start-consequence"))
        .icon("send")
    });
    let scheduled = campaign
        .times
        .scheduled_at
        .filter(|_| campaign.state == State::Scheduled)
        .map(|at| {
            ctx.tr(
                "letter-scheduled",
                &[("at", format::datetime(at, &zone, ctx.lang).into())],
            )
        });
    let at = Field {
        required: true,
        ..Field::new(FieldKind::DatetimeLocal, "at", ctx.t("letter-schedule-at"))
    }
    .help(ctx.t("letter-schedule-help"));
    let blocked = if wrong {
        Some("letter-blocked-errors")
    } else if dry.reached == 0 && campaign.state == State::Draft {
        Some("letter-blocked-nobody")
    } else {
        None
    };
    json!({
        "approve": approve,
        "blocked": blocked.map(|id| Notice::new(NoticeKind::Info, ctx.t(id))),
        "start": start,
        "scheduled": scheduled,
        "schedule_action": ready.then(|| format!("{here}/envoyer")),
        "schedule": ready.then_some(at),
        "schedule_submit": Button::submit(ctx.t("letter-schedule")).quiet().icon("calendar-plus"),
        "reopen": ready.then(|| Button::post(ctx.t("letter-reopen"), format!("{here}/rouvrir")).quiet().icon("pencil")),
    })
}

/// Sends a copy, as it is now, to a few addresses of one's own.
pub(super) async fn send_test(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let typed = form.text("to").to_owned();
    let addresses: Vec<&str> = typed
        .split([',', ';', ' '])
        .filter(|text| !text.is_empty())
        .collect();
    let usable = !addresses.is_empty()
        && addresses.len() <= MOST_TESTS
        && addresses.iter().all(|address| is_email(address));
    if !usable {
        let shown = Shown {
            typed,
            is_wrong: true,
            ..Shown::default()
        };
        return show(&ctx, of, &shown).await;
    }
    let list = list_of(&ctx, of).await?;
    let frame = composing::frame(&ctx.app, &of.space, &of.campaign, list.as_ref());
    let press = composing::press(&composing::compose(&of.campaign, &frame)?)?;
    let printed = press
        .print(&composing::nobody(&ctx.app, &of.campaign, &of.space))
        .map_err(|_| AppError::Conflict("mail-error-variables"))?;
    let entry = ctx.app.registry().all::<SenderEntry>().next();
    let sender = entry.ok_or(AppError::NotFound)?.0.clone();
    for address in addresses {
        let mail = Mail {
            id: ctx.app.env().id(),
            to: address.to_owned(),
            to_name: String::new(),
            from_name: of.campaign.content.from_name.clone(),
            reply_to: Some(of.campaign.content.reply_to.clone()),
            subject: ctx.tr(
                "letter-test-subject",
                &[("subject", printed.subject.clone().into())],
            ),
            text: printed.text.clone(),
            html: printed.html.clone(),
            lang: of.campaign.content.lang,
            attachments: Vec::new(),
            space: Some(of.space.id),
            about: Some(of.campaign.id),
            unsubscribe: None,
            secret: false,
        };
        if let Err(error) = sender.send(&mail, None, ctx.now).await {
            let why = ctx.t(&format!("delivery-why-{}", error.code()));
            let shown = Shown {
                told: Some(Notice::new(NoticeKind::Error, why)),
                typed: typed.clone(),
                ..Shown::default()
            };
            return show(&ctx, of, &shown).await;
        }
    }
    let to = format!("{}/verifier", address(of));
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "letter-test-sent"))))
}
