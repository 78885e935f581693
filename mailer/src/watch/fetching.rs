//! Reading a feed: asking its server politely, keeping what is new, and saying what went wrong.

use async_trait::async_trait;
use axum::http::{Request, StatusCode, header};
use passerelle_feeds::{FeedError, MAX_BYTES, discover};
use passerelle_kernel::env::DAY;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_outgoing::{Outgoing, OutgoingError};
use passerelle_web::App;
use passerelle_web::app::{AppSlot, WeakApp};
use serde_json::Value;
use url::Url;

use super::known::{self, Found};
use super::model::{Feed, Item, State, next_reading};
use super::store;

/// Kind of the job that reads a feed.
pub(super) const FETCH: &str = "mail.feed";
/// Addresses followed one after another, at most.
const HOPS: usize = 4;
/// What was published longer ago is not news.
const OLD: Micros = 60 * DAY;

/// What an address gave.
#[derive(Debug)]
pub(super) enum Got {
    /// A feed, and what its server calls this version of it.
    Feed(Box<passerelle_feeds::Feed>, String, String),
    /// Nothing new.
    Unchanged,
    /// A page that names feeds: title and address.
    Page(Vec<(String, String)>),
}

/// Why an address gave nothing; the end of the id of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Trouble(pub &'static str);

/// Asks for what is at an address.
pub(super) async fn get(
    app: &App,
    address: &str,
    etag: &str,
    modified: &str,
) -> Result<Got, Trouble> {
    let outgoing = app.service::<Outgoing>().ok_or(Trouble("unreachable"))?;
    let mut url = Url::parse(address).map_err(|_| Trouble("address"))?;
    for _ in 0..HOPS {
        let mut request = Request::get(url.as_str()).header(
            header::ACCEPT,
            "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.5",
        );
        if !etag.is_empty() {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if !modified.is_empty() {
            request = request.header(header::IF_MODIFIED_SINCE, modified);
        }
        let request = request.body(Vec::new()).map_err(|_| Trouble("address"))?;
        let answer = outgoing.exchange(request, MAX_BYTES).await.map_err(why)?;
        let text = |name| {
            let value = answer.headers().get(name);
            let value = value.and_then(|value| value.to_str().ok());
            value
                .unwrap_or_default()
                .chars()
                .take(300)
                .collect::<String>()
        };
        match answer.status() {
            StatusCode::NOT_MODIFIED => return Ok(Got::Unchanged),
            status if status.is_redirection() => {
                let to = text(header::LOCATION);
                url = url.join(&to).map_err(|_| Trouble("address"))?;
            }
            status if status.is_success() => {
                let (etag, modified) = (text(header::ETAG), text(header::LAST_MODIFIED));
                let kind = text(header::CONTENT_TYPE);
                let now = app.env().now();
                return match passerelle_feeds::read(answer.body(), Some(&kind), address, now) {
                    Ok(feed) => Ok(Got::Feed(Box::new(feed), etag, modified)),
                    Err(FeedError::IsPage) => Ok(Got::Page(discover(answer.body(), url.as_str()))),
                    Err(FeedError::TooLarge) => Err(Trouble("large")),
                    Err(FeedError::Forbidden) => Err(Trouble("forbidden")),
                    Err(FeedError::NotAFeed | FeedError::Unreadable(_)) => {
                        Err(Trouble("unreadable"))
                    }
                };
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Trouble("gone")),
            _ => return Err(Trouble("status")),
        }
    }
    Err(Trouble("hops"))
}

fn why(error: OutgoingError) -> Trouble {
    Trouble(match error {
        OutgoingError::NotSecure => "insecure",
        OutgoingError::Private => "private",
        OutgoingError::TooLarge => "large",
        _ => "unreachable",
    })
}

/// Runs the jobs of kind [`FETCH`].
pub(super) struct Fetch {
    pub slot: AppSlot,
}

#[async_trait]
impl JobHandler for Fetch {
    async fn run(&self, _: JobContext, payload: Value) -> Result<(), JobError> {
        let app = self.slot.0.get().and_then(WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        let feed = payload["feed"]
            .as_str()
            .and_then(|id| id.parse::<Uuid>().ok());
        let feed = feed.ok_or_else(|| JobError::Fatal("the payload names no feed".to_owned()))?;
        let Some(feed) = store::feed(app.db().read(), feed).await? else {
            return Ok(());
        };
        // What goes wrong is written on the feed, for who follows it; the job has done its work.
        let got = get(&app, &feed.address, &feed.etag, &feed.modified).await;
        Ok(keep(&app, feed, got).await?)
    }
}

/// Writes what a reading gave.
pub(super) async fn keep(
    app: &App,
    mut feed: Feed,
    got: Result<Got, Trouble>,
) -> Result<(), DbErr> {
    let tx = app.db().write().await?;
    let now = tx.env().now();
    feed.read_at = Some(now);
    match got {
        Ok(Got::Feed(found, etag, modified)) => {
            (feed.etag, feed.modified) = (etag, modified);
            if !found.title.is_empty() {
                feed.title.clone_from(&found.title);
            }
            (feed.failures, feed.trouble) = (0, String::new());
            take_up(&tx, &mut feed, &found).await?;
        }
        Ok(Got::Unchanged) => (feed.failures, feed.trouble) = (0, String::new()),
        Ok(Got::Page(_)) => failed(&mut feed, Trouble("page")),
        Err(trouble) => failed(&mut feed, trouble),
    }
    let next_at = next_reading(now, feed.failures);
    store::put_reading(&tx, &feed, next_at).await?;
    tx.commit().await
}

/// Adds the entries of a feed that are new, corrects those that are known, and counts what is left.
async fn take_up(
    tx: &WriteTx,
    feed: &mut Feed,
    found: &passerelle_feeds::Feed,
) -> Result<(), DbErr> {
    let now = tx.env().now();
    let entries = &found.items;
    let mut known = Found::of(tx, feed, entries, &found.shared).await?;
    let matched = known.match_up(entries);
    known::share(tx, feed, &found.shared, &known).await?;
    feed.unread = i32::try_from(found.dropped).unwrap_or(i32::MAX);
    feed.old = 0;
    // Feeds begin with the latest, which is to be found last.
    for (entry, item) in entries.iter().zip(matched).rev() {
        let id = match item {
            Some(id) => {
                known.correct(tx, id, entry).await?;
                id
            }
            None if entry.at.is_some_and(|at| at < now - OLD) => {
                feed.old += 1;
                continue;
            }
            None => add(tx, feed, entry).await?,
        };
        known::name(tx, feed, id, &entry.identity, &known).await?;
    }
    Ok(())
}

async fn add(tx: &WriteTx, feed: &Feed, entry: &passerelle_feeds::Item) -> Result<Uuid, DbErr> {
    let row = Item {
        id: tx.env().id(),
        title: entry.title.clone(),
        link: entry.link.clone().unwrap_or_default(),
        summary: entry.summary.clone(),
        source: feed.title.clone(),
        departments: Vec::new(),
        themes: Vec::new(),
        state: State::New,
        published_at: entry.at,
        found_at: tx.env().now(),
        kept_at: None,
    };
    store::insert_item(tx, feed.space, Some(feed.id), &row.id.to_string(), &row).await?;
    known::note_said(tx, row.id, entry).await?;
    store::inherit_tags(tx, row.id, feed.id).await?;
    Ok(row.id)
}

fn failed(feed: &mut Feed, trouble: Trouble) {
    tracing::info!(feed = %feed.id, why = trouble.0, "a feed could not be read");
    feed.failures = feed.failures.saturating_add(1);
    feed.trouble = trouble.0.to_owned();
}
