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
    MAX_ATTACHMENT, PackageContent, PageContent, Stage, ToolContent, folded, is_picture,
    with_column,
};
pub use web::problem_words;
pub(crate) use web::{import_address, management_link, to_first_space};

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::app::OnStart;

/// A package was taken in; the payload gives its hash, size and number of files.
pub const PACKAGE_IMPORTED: &str = "package.imported.v1";
/// A package that nothing used was deleted.
pub const PACKAGE_DELETED: &str = "package.deleted.v1";

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(FactKind(PACKAGE_IMPORTED))
        .add(FactKind(PACKAGE_DELETED));
    r.add(web::routes())
        .add(web::NAVIGATION)
        .add(OnStart(sweep_at_start));
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
