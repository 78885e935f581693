//! Launches: the login that a platform begins, the launch that ends it, where it leads.

mod entering;
mod links;
mod store;
mod web;

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_web::directory::{ShutOut, ShutOutEntry};
use sea_orm::DbErr;

pub use entering::LINKED;
pub(crate) use store::move_frames;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(LINKED))
        .add(passerelle_web::routes::CrossSite(&web::CROSS_SITE))
        .add(ShutOutEntry(Arc::new(Frames)))
        .add(web::routes());
}

/// Ends the secret addresses of frames.
struct Frames;

#[async_trait]
impl ShutOut for Frames {
    async fn shut_out(&self, tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
        store::end_frames(tx, person).await
    }
}
