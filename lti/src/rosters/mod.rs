//! The courses of platforms that open ours: who is there (NRPS 2.0), which columns of grades they
//! have and what these hold (AGS 2.0). Read when an administrator asks, never at a launch.
//!
//! Of who has not come here, a number is kept that the platform gave, and no name.

mod commands;
mod reading;
pub(crate) mod store;
mod web;

use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_lti_protocol::{Launch, SCOPE_LINE_ITEM, SCOPE_RESULTS};
use sea_orm::DbErr;

pub(crate) use web::{address, title};

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(web::routes());
}

/// What a launch says of the course that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Services {
    /// Its title there.
    pub(crate) title: String,
    /// Where its members are.
    pub(crate) memberships: Option<String>,
    /// Where its columns are.
    pub(crate) line_items: Option<String>,
    /// What may be asked of its columns: `results`, `columns`, both or nothing.
    pub(crate) scopes: String,
}

impl Services {
    /// As a launch that was checked says; none when it names no course.
    pub(crate) fn of(launch: &Launch) -> Option<(String, Self)> {
        let context = launch.context.as_ref()?;
        let grades = launch.grades.as_ref();
        let has = |scope: &str| grades.is_some_and(|g| g.scope.iter().any(|s| s == scope));
        let scopes: Vec<&str> = [(SCOPE_RESULTS, "results"), (SCOPE_LINE_ITEM, "columns")]
            .into_iter()
            .filter(|(scope, _)| has(scope))
            .map(|(_, word)| word)
            .collect();
        let members = launch.members.as_ref();
        let services = Self {
            title: context
                .title
                .clone()
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect(),
            memberships: members
                .map(|members| members.context_memberships_url.clone())
                .filter(|address| !address.is_empty()),
            line_items: grades.and_then(|grades| grades.lineitems.clone()),
            scopes: scopes.join(" "),
        };
        let is_useful = services.memberships.is_some() || services.line_items.is_some();
        let context = Some(context.id.clone()).filter(|id| !id.is_empty() && id.len() <= 255);
        context
            .filter(|_| is_useful)
            .map(|context| (context, services))
    }
}

/// Keeps where the services of a course are, unless that is what is kept already.
pub(crate) async fn keep(
    tx: &WriteTx,
    platform: Uuid,
    launch: &Launch,
    known: Option<&Services>,
) -> Result<(), DbErr> {
    match Services::of(launch) {
        Some((context, services)) if known != Some(&services) => {
            store::keep(tx, platform, &context, &services).await
        }
        _ => Ok(()),
    }
}
