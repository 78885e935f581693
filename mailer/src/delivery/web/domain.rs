//! How the sender's domain stands in the DNS, asked now, and what to write where.

use std::sync::Arc;

use axum::response::Response;
use passerelle_standing::{Asked, Finding, Names, Signing, System, Verdict, check, warm_up};
use passerelle_web::components::{Fact, Facts, Notice, NoticeKind, Status, Tone};
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::{Value, json};

use super::outbox;
use crate::delivery::access::ReadOutbox;
use crate::delivery::sender::{Sender, SenderEntry};

/// Recipients of the plan that is shown for a new address.
const PLANNED: u32 = 6_600;

/// A service of the application: who answers questions on names, in a test.
#[derive(Clone)]
pub struct NamesSource(pub Arc<dyn Names>);

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ReadOutbox>) -> Result<Response, AppError> {
    let home = allowed.object();
    let entry = ctx.app.registry().all::<SenderEntry>().next();
    let sender = entry.ok_or(AppError::NotFound)?.0.clone();
    let asked = asked(&sender);
    let names: Result<Arc<dyn Names>, _> = match ctx.app.service::<NamesSource>() {
        Some(source) => Ok(source.0.clone()),
        None => System::new().map(|system| Arc::new(system) as Arc<dyn Names>),
    };
    let findings = match &names {
        Ok(names) => check(&**names, &asked).await,
        Err(_) => Vec::new(),
    };
    let silent = findings.is_empty();
    let plan = warm_up::plan(PLANNED, 0);
    let days = plan.iter().map(|n| format::number(i64::from(*n), ctx.lang));
    let facts = Facts {
        items: vec![
            Fact::new(ctx.t("standing-domain"), &asked.domain),
            Fact::new(ctx.t("standing-return-domain"), &asked.return_domain),
            Fact::new(
                ctx.t("standing-relay"),
                asked
                    .relay
                    .clone()
                    .unwrap_or_else(|| ctx.t("standing-relay-none")),
            ),
        ],
        columns: true,
    };
    ctx.page("mailer/delivery/domain", ctx.t("standing-title"))
        .space(&home.0)
        .crumb(
            ctx.t("delivery-outbox-title"),
            outbox::address(&home.0.slug),
        )
        .render(json!({
            "facts": facts,
            "silent": silent.then(|| Notice::new(NoticeKind::Warn, ctx.t("standing-silent"))),
            "findings": findings.iter().map(|finding| shown(&ctx, finding)).collect::<Vec<_>>(),
            "plan": ctx.tr("standing-plan", &[
                ("count", i64::from(PLANNED).into()),
                ("days", i64::try_from(plan.len()).unwrap_or(i64::MAX).into()),
                ("numbers", days.collect::<Vec<_>>().join(", ").into()),
            ]),
        }))
}

fn asked(sender: &Sender) -> Asked {
    let domain = sender.from().domain().to_owned();
    let returns = sender
        .returns_to()
        .map(|mailbox| mailbox.domain().to_owned());
    let signing = sender.signer().map(|signer| {
        let key = signer.record().split_once("p=").map(|(_, key)| key);
        let selector = signer.name();
        let selector = selector
            .split_once("._domainkey.")
            .map(|(selector, _)| selector);
        Signing {
            domain: signer.domain().to_owned(),
            selector: selector.unwrap_or_default().to_owned(),
            key: key.unwrap_or_default().trim().to_owned(),
        }
    });
    Asked {
        return_domain: returns.unwrap_or_else(|| domain.clone()),
        dkim: signing,
        relay: sender.relay().map(str::to_owned),
        public_ip: None,
        hello: domain.clone(),
        domain,
    }
}

fn shown(ctx: &Ctx, finding: &Finding) -> Value {
    let tone = match finding.verdict {
        Verdict::Good => Tone::Success,
        Verdict::Missing | Verdict::Wrong => Tone::Danger,
        Verdict::Weak => Tone::Warn,
        Verdict::Unknown => Tone::Neutral,
    };
    let about = finding.about.code();
    json!({
        "id": about,
        "name": ctx.t(&format!("standing-about-{about}")),
        "what": ctx.t(&format!("standing-about-{about}-text")),
        "status": Status::new(tone, ctx.t(&format!("standing-verdict-{}", finding.verdict.code()))),
        "problem": finding.problem.map(|problem| ctx.t(&format!("standing-{}", problem.code()))),
        "where": ctx.tr("standing-where", &[
            ("record", finding.record.into()),
            ("name", finding.name.clone().into()),
        ]),
        "found": finding.found,
        "write": finding.write,
    })
}
