//! Whether the links of a letter lead somewhere: each is asked for, once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use passerelle_bulletin::{Finding, Severity};
use passerelle_outgoing::{Outgoing, OutgoingError};
use passerelle_web::components::{Notice, NoticeKind};
use passerelle_web::{Allowed, AppError, Ctx};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

use super::checking;
use crate::campaigns::access::EditCampaign;

/// Links asked for at most.
const MOST: usize = 60;
/// Asked for at a time.
const AT_ONCE: usize = 8;
/// Longest that somebody waits for all of them.
const PATIENCE: Duration = Duration::from_secs(25);
/// Redirections followed.
const HOPS: usize = 5;
/// Bytes of a page read at most: that it begins is enough.
const BEGINNING: usize = 64 * 1024;

/// What became of one link: the word of its finding; none when it leads somewhere.
type Found = Option<&'static str>;

/// Asks for every link of the letter and shows what came of it, beside the rest of the checks.
pub(super) async fn check(ctx: Ctx, allowed: Allowed<EditCampaign>) -> Result<Response, AppError> {
    let of = allowed.object();
    let mut places: BTreeMap<String, Vec<(usize, &'static str)>> = BTreeMap::new();
    for (at, block) in of.campaign.content.blocks.iter().enumerate() {
        for (field, link) in block.links() {
            if link.starts_with("http://") || link.starts_with("https://") {
                places.entry(link).or_default().push((at, field));
            }
        }
    }
    let asked: Vec<String> = places.keys().take(MOST).cloned().collect();
    let outgoing = ctx.app.service::<Outgoing>().ok_or(AppError::NotFound)?;
    let found = ask_all(&outgoing, &asked).await;
    let mut findings = Vec::new();
    for (link, found) in &found {
        let Some(code) = found else {
            continue;
        };
        for (block, field) in places.get(link).into_iter().flatten() {
            findings.push(Finding {
                block: Some(*block),
                field,
                code,
                detail: link.chars().take(300).collect(),
                severity: Severity::Warning,
            });
        }
    }
    findings.sort_by_key(|finding| finding.block);
    let good = found.values().filter(|found| found.is_none()).count();
    let args = [
        ("count", (good as i64).into()),
        ("asked", (asked.len() as i64).into()),
    ];
    let kind = if findings.is_empty() {
        NoticeKind::Success
    } else {
        NoticeKind::Warn
    };
    let told = Notice::new(kind, ctx.tr("letter-links-told", &args));
    checking::show_links(&ctx, of, told, findings).await
}

/// What became of each; those that did not answer in time are silent.
async fn ask_all(outgoing: &Arc<Outgoing>, links: &[String]) -> BTreeMap<String, Found> {
    let mut found: BTreeMap<String, Found> = links
        .iter()
        .map(|link| (link.clone(), Some("silent")))
        .collect();
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let mut asked = JoinSet::new();
    for link in links {
        let (outgoing, gate, link) = (outgoing.clone(), gate.clone(), link.clone());
        asked.spawn(async move {
            let _turn = gate.acquire_owned().await;
            let became = ask(&outgoing, &link).await;
            (link, became)
        });
    }
    let all = async {
        while let Some(done) = asked.join_next().await {
            if let Ok((link, became)) = done {
                found.insert(link, became);
            }
        }
    };
    // What still runs is dropped with the set.
    let _ = tokio::time::timeout(PATIENCE, all).await;
    found
}

async fn ask(outgoing: &Outgoing, link: &str) -> Found {
    let Ok(mut url) = Url::parse(link) else {
        return Some("silent");
    };
    let mut method = Method::HEAD;
    let mut was_missing = false;
    for _ in 0..HOPS {
        let request = Request::builder()
            .method(method.clone())
            .uri(url.as_str())
            .header(header::ACCEPT, "*/*")
            .body(Vec::new());
        let Ok(request) = request else {
            return Some("silent");
        };
        let answer = match outgoing.exchange(request, BEGINNING).await {
            Ok(answer) => answer,
            // It begins: it is there, unless that is what says that it is not.
            Err(OutgoingError::TooLarge) => return was_missing.then_some("gone"),
            Err(OutgoingError::NotSecure | OutgoingError::Private) => return Some("unasked"),
            Err(_) => return Some("silent"),
        };
        let status = answer.status();
        if status.is_redirection() {
            let to = answer.headers().get(header::LOCATION);
            let to = to.and_then(|to| to.to_str().ok());
            match to.and_then(|to| url.join(to).ok()) {
                Some(next) => url = next,
                None => return Some("silent"),
            }
            continue;
        }
        // Some answer to readers only.
        let refuses_head =
            method == Method::HEAD && !status.is_success() && !matches!(status, StatusCode::GONE);
        if refuses_head {
            was_missing = status == StatusCode::NOT_FOUND;
            method = Method::GET;
            continue;
        }
        return match status {
            status if status.is_success() => None,
            StatusCode::NOT_FOUND | StatusCode::GONE => Some("gone"),
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::TOO_MANY_REQUESTS => Some("unasked"),
            _ => Some("silent"),
        };
    }
    Some("silent")
}
