//! What is asked of a platform about one of its courses.

use std::collections::HashSet;
use std::time::Duration;

use passerelle_kernel::Uuid;
use passerelle_lti_protocol::{
    Column, LINE_ITEM, LINE_ITEMS, MEMBERS, Member, MembersPage, RESULTS, RosterError,
    SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULTS, column, columns, new_column, next_page,
    results, results_address,
};
use passerelle_outgoing::Body;
use passerelle_web::{App, AppError};
use url::Url;

use super::store::{self, ContextRow};
use crate::calling::{self, Call, Refused};
use crate::platforms::model::Platform;
use crate::reasons::Reason;

/// Bytes of a page at most.
const MAX_PAGE: usize = 2 * 1024 * 1024;
/// Pages of members at most.
const MAX_PAGES: usize = 100;
/// Pages of columns at most.
const MAX_COLUMN_PAGES: usize = 20;
/// How long a course is read at most.
const MAX_TIME: Duration = Duration::from_mins(1);
/// Members of a page, as far as the platform listens.
const PER_PAGE: &str = "200";
/// Members at most.
const MAX_MEMBERS: usize = 10_000;

/// Why a course could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadingError {
    /// The platform refused, or answered something else.
    #[error("{0:?}")]
    Refused(Box<Reason>),
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<Refused> for ReadingError {
    fn from(Refused(why, _): Refused) -> Self {
        Self::Refused(Box::new(why))
    }
}

impl From<sea_orm::DbErr> for ReadingError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::App(error.into())
    }
}

/// Everybody who was read, and where changes are asked next time.
struct Members {
    all: Vec<Member>,
    differences: Option<String>,
}

/// Reads who is in a course, or only what has changed since the last time when the platform can
/// say it; then what it holds of the grades that were sent.
pub(super) async fn read(
    app: &App,
    platform: &Platform,
    context: &ContextRow,
) -> Result<(), ReadingError> {
    let reading = tokio::time::timeout(MAX_TIME, read_all(app, platform, context));
    let late = |_| ReadingError::Refused(Box::new(Reason::new("slow").asking("members")));
    reading.await.map_err(late)?
}

async fn read_all(
    app: &App,
    platform: &Platform,
    context: &ContextRow,
) -> Result<(), ReadingError> {
    if let Some(address) = &context.services.memberships {
        read_members(app, platform, context, address).await?;
    }
    if context.services.scopes.contains("results") {
        for line_item in store::line_items_of(app.db().read(), context).await? {
            read_results(app, platform, &line_item).await?;
        }
    }
    Ok(())
}

async fn read_members(
    app: &App,
    platform: &Platform,
    context: &ContextRow,
    address: &str,
) -> Result<(), ReadingError> {
    let changes = match &context.differences {
        // Where changes were asked may be forgotten there: everybody is read again.
        Some(since) => members(app, platform, since).await.ok(),
        None => None,
    };
    let only_changes = changes.is_some();
    let read = match changes {
        Some(changes) => changes,
        None => {
            let mut first = parse(address)?;
            first.query_pairs_mut().append_pair("limit", PER_PAGE);
            members(app, platform, first.as_str()).await?
        }
    };
    let tx = app.db().write().await?;
    if !only_changes {
        store::forget_differences(&tx, context.id).await?;
    }
    let differences = read.differences.as_deref();
    store::put_members(&tx, context.id, &read.all, only_changes, differences).await?;
    tx.commit().await?;
    Ok(())
}

async fn members(app: &App, platform: &Platform, address: &str) -> Result<Members, ReadingError> {
    let mut next = Some(parse(address)?);
    let (mut all, mut differences) = (Vec::new(), None);
    let mut seen = HashSet::new();
    for _ in 0..MAX_PAGES {
        let Some(address) = next.take() else {
            break;
        };
        if !seen.insert(address.to_string()) {
            let why = Reason::new("circles").asking("members");
            return Err(ReadingError::Refused(Box::new(why)));
        }
        let call = Call {
            what: "members",
            scope: SCOPE_MEMBERSHIPS,
            address: &address,
            accept: MEMBERS,
            body: None,
            most: MAX_PAGE,
        };
        let came = calling::call(app, platform, &call).await?;
        let page = MembersPage::read(&came.text, &came.links, &address)
            .map_err(|error| malformed("members", &error))?;
        all.extend(page.members);
        differences = page.differences.map(String::from).or(differences);
        next = page.next;
        if all.len() > MAX_MEMBERS {
            break;
        }
    }
    // Half a list would be told as the whole.
    if next.is_some() || all.len() > MAX_MEMBERS {
        let why = Reason::new("too-many-members").asking("members");
        return Err(ReadingError::Refused(Box::new(why)));
    }
    Ok(Members { all, differences })
}

async fn read_results(app: &App, platform: &Platform, item: &str) -> Result<(), ReadingError> {
    let address = results_address(&parse(item)?);
    let call = Call {
        what: "results",
        scope: SCOPE_RESULTS,
        address: &address,
        accept: RESULTS,
        body: None,
        most: MAX_PAGE,
    };
    let held = match calling::call(app, platform, &call).await {
        // A column that somebody has removed there holds nothing.
        Err(Refused(_, Some(404))) => Vec::new(),
        came => results(&came?.text).map_err(|error| malformed("results", &error))?,
    };
    let tx = app.db().write().await?;
    store::put_held(&tx, platform.id, item, &held).await?;
    tx.commit().await?;
    Ok(())
}

/// The columns of grades of a course.
pub(super) async fn read_columns(
    app: &App,
    platform: &Platform,
    address: &str,
) -> Result<Vec<Column>, ReadingError> {
    let mut next = Some(parse(address)?);
    let mut all = Vec::new();
    // Some platforms give their columns by pages without being asked to.
    for _ in 0..MAX_COLUMN_PAGES {
        let Some(address) = next.take() else {
            break;
        };
        let call = Call {
            what: "columns",
            scope: SCOPE_LINE_ITEM,
            address: &address,
            accept: LINE_ITEMS,
            body: None,
            most: MAX_PAGE,
        };
        let came = calling::call(app, platform, &call).await?;
        let told = |error: RosterError| malformed("columns", &error);
        all.extend(columns(&came.text).map_err(told)?);
        next = next_page(&came.links, &address).map_err(told)?;
    }
    Ok(all)
}

/// Makes a column for a cohort, unless there is one already; its address.
pub(super) async fn make_column(
    app: &App,
    platform: &Platform,
    address: &str,
    cohort: Uuid,
    label: &str,
) -> Result<String, ReadingError> {
    let resource = cohort.to_string();
    let known = read_columns(app, platform, address).await?;
    if let Some(column) = known
        .into_iter()
        .find(|column| column.resource_id.as_deref() == Some(resource.as_str()))
    {
        parse(&column.id)?;
        return Ok(column.id);
    }
    let call = Call {
        what: "column",
        scope: SCOPE_LINE_ITEM,
        address: &parse(address)?,
        accept: LINE_ITEM,
        body: Some(Body {
            media_type: LINE_ITEM,
            text: new_column(label, &resource).to_string(),
        }),
        most: MAX_PAGE,
    };
    let came = calling::call(app, platform, &call).await?;
    let made = column(&came.text).map_err(|error| malformed("column", &error))?;
    parse(&made.id)?;
    Ok(made.id)
}

fn parse(address: &str) -> Result<Url, ReadingError> {
    Url::parse(address).map_err(|_| ReadingError::Refused(Box::new(Reason::new("address"))))
}

fn malformed(what: &str, error: &RosterError) -> ReadingError {
    tracing::warn!(what, %error, "what a platform answers cannot be read");
    ReadingError::Refused(Box::new(Reason::from(error).asking(what)))
}
