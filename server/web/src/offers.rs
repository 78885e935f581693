//! What plugins offer to whoever writes to people: a course, a session, an item of the watch.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use passerelle_kernel::sea_orm::DbErr;

use crate::app::App;
use crate::directory::Space;
use crate::lang::Lang;

/// Something that a letter may tell of. Texts are plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Stable word for what it is, that of the block that tells of it: `course`, `event`, `item`.
    pub kind: &'static str,
    /// Id of the message that names its kind.
    pub label: &'static str,
    /// What tells it from the others of its kind.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When and where, or who says it; may be empty.
    pub when: String,
    /// What it is, in short; may be empty.
    pub text: String,
    /// Where it leads, a whole address; may be empty.
    pub href: String,
}

/// Asks for what is offered now in a space, the latest or the nearest first.
pub type Asked = fn(App, Arc<Space>, Lang) -> BoxFuture<'static, Result<Vec<Offer>, DbErr>>;

/// Registry entry: what a plugin offers.
#[derive(Clone, Copy)]
pub struct OffersEntry(pub Asked);
