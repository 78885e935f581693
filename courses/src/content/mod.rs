//! Content: packages imported from others, pages, files and links.
//!
//! A package stays the ZIP it came as, beside an index of its files; this slice
//! judges it, keeps it and lists it. It does not play it and knows no trainee:
//! what runs is the player's, what is learnt is tracking's.

pub mod access;
pub mod commands;
mod entity;
mod hash;
mod hosts;
mod import;
mod index;
mod kept;
mod markdown;
pub mod model;
mod running;
mod scratch;
pub mod store;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod upload;
mod web;

pub use commands::sweep;
pub use entity::{attachment, package};
pub(crate) use hosts::is_host;
pub use import::{ImportError, import_package};
pub use index::{PackageIndex, package_index};
pub use markdown::{attachment_address, render_markdown, render_under};
pub use model::{
    ContentSettings, Contents, FileContent, ImportStep, ImportedPackage, LinkContent,
    MAX_ATTACHMENT, PackageContent, PageContent, Stage, ToolContent, is_picture, with_column,
};
pub(crate) use web::{import_address, management_link, to_first_space};
pub use web::{package_rules, problem_words};

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::app::OnStart;
use passerelle_web::stored::KeptEntry;

/// A package was taken in; the payload gives its hash, size and number of files.
pub const PACKAGE_IMPORTED: &str = "package.imported.v1";
/// A package that nothing used was deleted.
pub const PACKAGE_DELETED: &str = "package.deleted.v1";

/// A manager said whether an item that cannot be opened is wanted all the same.
pub const PACKAGE_ITEM_WANTED: &str = "package.item_wanted.v1";

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(FactKind(PACKAGE_IMPORTED))
        .add(FactKind(PACKAGE_DELETED))
        .add(FactKind(PACKAGE_ITEM_WANTED));
    r.add(web::routes())
        .add(web::NAVIGATION)
        .add(OnStart(sweep_at_start))
        .add(KeptEntry(Arc::new(kept::Packages)))
        .add(KeptEntry(Arc::new(kept::Indexes)))
        .add(KeptEntry(Arc::new(kept::Attachments)));
}

/// Nobody waits for the sweep, and it may fail: the next start tries again.
fn sweep_at_start(app: &passerelle_web::App) {
    let app = app.clone();
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            match sweep(&app).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "unfinished imports were cleared away"),
                Err(error) => {
                    tracing::warn!(%error, "unfinished imports could not be cleared away");
                }
            }
        });
    }
}
