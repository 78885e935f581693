//! Launching package activities on the content hosts.
//!
//! The application's page posts a one-time code to the content host, which
//! exchanges it for the player's page. What a package may do there is decided
//! by the hosts, the capability in its path and a policy computed for each
//! launch; no session and no cookie exist on that side.

mod content;
mod launch;
mod pages;
mod policy;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use passerelle_kernel::Registry;
use passerelle_web::access::Action;
use passerelle_web::routes::{Access, ContentRoutes, Routes};

use crate::access::DoActivity;

pub use pages::open_framed;

/// Bytes at most in one commit: a state is at most 1 MiB, its escapes in JSON may double it.
const MAX_COMMIT: usize = 3 * 1024 * 1024;

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(
        Routes::new()
            .post(
                "/formation/{enrolment}/activite/{activity}/ouvrir",
                Access::Action(DoActivity::NAME),
                pages::open,
            )
            .post(
                "/e/{space}/gestion/contenus/{package}/apercu",
                Access::Action(pages::PreviewPackage::NAME),
                pages::preview,
            ),
    );
    let content = Router::new()
        .route("/launch", post(launch::launch))
        .route("/t/commit", post(launch::commit))
        .route("/t/clear", post(launch::clear))
        .route("/p/{file}", get(content::player_file))
        .route("/c/{capability}/{*path}", get(content::package_file))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn(
            passerelle_web::text::entering_beside_json,
        ))
        .layer(middleware::from_fn(policy::around))
        .layer(DefaultBodyLimit::max(MAX_COMMIT));
    r.add(ContentRoutes(content));
}
