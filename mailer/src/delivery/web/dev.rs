//! The mails of the folder, for developers and the demonstration: `/dev/mail`.
//! Nothing of it answers elsewhere than on a developer's machine.

use std::path::PathBuf;

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use mail_parser::{Message, MessageParser, MimeHeaders};
use passerelle_kernel::Micros;
use passerelle_web::components::{Cell, Column, Empty, Fact, Facts, PAGE_ROWS, Pager, Row, Table};
use passerelle_web::{AppError, Ctx, Params, format};
use serde_json::{Value, json};

use crate::delivery::transport::{is_file_name, list_folder};
use crate::framing::framing;

/// Registry entry: the folder that `/dev/mail` shows.
#[derive(Clone, Debug)]
pub(in crate::delivery) struct Mailbox(pub PathBuf);

/// A mail: its own styles and links, nothing that runs and nothing fetched.
const MAIL_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    let folder = folder(&ctx)?;
    let page = ctx
        .query()
        .number("page")
        .map_or(1, |page| page.max(1) as u64);
    let (pager, mails) = off_thread(move || {
        let names = list_folder(&folder)?;
        let pager = Pager::new(page, PAGE_ROWS, names.len() as u64, |page| {
            format!("/dev/mail?page={page}")
        });
        let shown = names
            .get(pager.from.saturating_sub(1) as usize..pager.to as usize)
            .unwrap_or_default();
        let read = |name: &String| Ok((name.clone(), std::fs::read(folder.join(name))?));
        Ok((
            pager,
            shown
                .iter()
                .map(read)
                .collect::<std::io::Result<Vec<_>>>()?,
        ))
    })
    .await?;
    let columns = [
        "delivery-mail-subject",
        "delivery-mail-to",
        "delivery-mail-date",
    ]
    .map(|id| Column::new(ctx.t(id)));
    let rows = mails.iter().map(|(name, bytes)| {
        let message = MessageParser::default()
            .parse_headers(bytes.as_slice())
            .unwrap_or_default();
        let subject = message.subject().filter(|s| !s.is_empty()).unwrap_or(name);
        Row::new(
            Cell::link(subject, format!("/dev/mail/{name}")),
            [
                Cell::text(people(message.to())),
                Cell::text(date(&ctx, &message)),
            ],
        )
    });
    let table = Table::new("mails", ctx.t("delivery-mails-title"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(
            Empty::new(
                ctx.t("delivery-mails-empty-title"),
                ctx.t("delivery-mails-empty-text"),
            )
            .icon("mail"),
        );
    ctx.page("mailer/delivery/dev-list", ctx.t("delivery-mails-title"))
        .render(json!({"table": table, "pager": (pager.total > PAGE_ROWS).then_some(pager)}))
}

pub(super) async fn show(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let (name, bytes) = read(&ctx, &params).await?;
    let message = parse(&bytes)?;
    let fact = |id: &str, text: String| Fact::new(ctx.t(id), text);
    let facts = Facts {
        items: vec![
            fact("delivery-mail-from", people(message.from())),
            fact("delivery-mail-to", people(message.to())),
            fact("delivery-mail-reply-to", people(message.reply_to())),
            fact("delivery-mail-date", date(&ctx, &message)),
        ],
        columns: false,
    };
    let subject = message
        .subject()
        .filter(|s| !s.is_empty())
        .unwrap_or(&name)
        .to_owned();
    let headers = String::from_utf8_lossy(&bytes)
        .split("\r\n\r\n")
        .next()
        .unwrap_or_default()
        .to_owned();
    let page = ctx
        .page("mailer/delivery/dev-mail", subject)
        .crumb(ctx.t("delivery-mails-title"), "/dev/mail");
    Ok(framing(page.render(json!({
        "facts": Facts { items: facts.items.into_iter().filter(|f| !f.text.is_empty()).collect(), ..facts },
        "text": part(&message, &message.text_body).map(|text| with_links(&text)),
        "html": part(&message, &message.html_body).is_some().then(|| format!("/dev/mail/{name}/html")),
        "attachments": attachments(&message),
        "headers": headers,
    }))?))
}

pub(super) async fn html(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let (_, bytes) = read(&ctx, &params).await?;
    let message = parse(&bytes)?;
    let html = part(&message, &message.html_body).ok_or(AppError::NotFound)?;
    // A link leaves the frame, which no page of ours may be in.
    let html = match html.split_once("<head>") {
        Some((before, after)) => format!("{before}<head><base target=\"_top\">{after}"),
        None => format!("<base target=\"_top\">{html}"),
    };
    Ok(([(header::CONTENT_SECURITY_POLICY, MAIL_POLICY)], Html(html)).into_response())
}

fn folder(ctx: &Ctx) -> Result<PathBuf, AppError> {
    let mailbox = ctx.app.registry().all::<Mailbox>().next();
    mailbox
        .filter(|_| ctx.app.settings().dev)
        .map(|mailbox| mailbox.0.clone())
        .ok_or(AppError::NotFound)
}

async fn read(ctx: &Ctx, params: &Params) -> Result<(String, Vec<u8>), AppError> {
    let folder = folder(ctx)?;
    let name = params
        .text("file")
        .filter(|name| is_file_name(name))
        .ok_or(AppError::NotFound)?
        .to_owned();
    let path = folder.join(&name);
    let bytes = off_thread(move || match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    })
    .await?;
    Ok((name, bytes.ok_or(AppError::NotFound)?))
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, AppError> {
    Ok(tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)??)
}

fn parse(bytes: &[u8]) -> Result<Message<'_>, AppError> {
    MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| AppError::internal("a file of the folder is not a mail"))
}

/// The first of these parts, when it is text.
fn part(message: &Message<'_>, ids: &[u32]) -> Option<String> {
    let id = ids.first()?;
    message.part(*id)?.text_contents().map(str::to_owned)
}

fn attachments(message: &Message<'_>) -> Vec<Value> {
    message
        .attachments()
        .map(|part| {
            json!({
                "name": part.attachment_name().unwrap_or("—"),
                "size": part.len(),
                "text": part.text_contents(),
            })
        })
        .collect()
}

/// « Amina Benali <amina@exemple.fr> », several separated by commas.
fn people(address: Option<&mail_parser::Address<'_>>) -> String {
    let one = |person: &mail_parser::Addr<'_>| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    address
        .map(|list| list.iter().map(one).collect::<Vec<_>>().join(", "))
        .unwrap_or_default()
}

fn date(ctx: &Ctx, message: &Message<'_>) -> String {
    let paris = jiff::tz::TimeZone::get("Europe/Paris").unwrap_or(jiff::tz::TimeZone::UTC);
    let at: Option<Micros> = message
        .date()
        .and_then(|date| date.to_timestamp().checked_mul(1_000_000));
    at.map(|at| format::datetime_short(at, &paris, ctx.lang))
        .unwrap_or_default()
}

/// The pieces of a text, `href` on those that are web addresses.
fn with_links(text: &str) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = ["http://", "https://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| c.is_whitespace() || "<>\"".contains(c))
            .unwrap_or(from.len());
        // Punctuation that ends a sentence is not part of the address.
        let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '»']);
        pieces.push(json!({"text": before, "href": null}));
        pieces.push(json!({"text": address, "href": address}));
        rest = &from[address.len()..];
    }
    pieces.push(json!({"text": rest, "href": null}));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_within_a_text_become_links_and_nothing_is_lost() {
        let text = "Ouvrez <https://exemple.fr/a?b=1>, ou http://exemple.fr/c.\nMerci !";
        let pieces = with_links(text);
        let hrefs: Vec<_> = pieces
            .iter()
            .filter_map(|piece| piece["href"].as_str())
            .collect();
        assert_eq!(hrefs, ["https://exemple.fr/a?b=1", "http://exemple.fr/c"]);
        let joined: String = pieces
            .iter()
            .filter_map(|piece| piece["text"].as_str())
            .collect();
        assert_eq!(joined, text);
    }

    #[test]
    fn a_text_that_says_only_a_scheme_ends() {
        let joined: String = with_links("http:// https://")
            .iter()
            .filter_map(|p| p["text"].as_str())
            .collect();
        assert_eq!(joined, "http:// https://");
    }
}
