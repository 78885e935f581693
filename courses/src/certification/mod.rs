//! End of session: hours realised, corrections, certificates, verification.
//!
//! Anyone with realised time gets the *certificat de réalisation*; who met the
//! rules also gets the *attestation de fin de formation*. Issuing is one
//! gesture; documents are made by jobs, each after the journal was sealed over
//! its entry, so that the head it prints covers it.

mod commands;
mod documents;
mod entity;
mod issue;
mod kept;
mod queries;
mod sealed;
mod verify;
mod web;

use std::sync::Arc;

use passerelle_documents::TypstTypesetter;
use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::access::Action;
use passerelle_web::app::{App, OnStart};
use passerelle_web::jobs::app_job;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::stored::KeptEntry;

use crate::access::{ManageCohort, OwnDocuments, WatchCohort};

pub use commands::{CORRECTED, correct, issue_all};
pub use entity::{certificate, hours_correction};
pub use issue::{DOCUMENT, ISSUED};
pub use queries::{Issued, Line, issued_of, kind_label, lines};

/// Kind of the job that makes one document.
pub const ISSUE_JOB: &str = "certificate.issue";

/// The shared typesetter; it loads its fonts with the first document.
pub struct Press(pub Arc<TypstTypesetter>);

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(FactKind(CORRECTED))
        .add(FactKind(ISSUED))
        .add(FactKind(DOCUMENT))
        .add(OnStart(start))
        .add(KeptEntry(Arc::new(kept::Documents)));
    app_job(r, ISSUE_JOB, |app, ctx, payload| {
        Box::pin(issue::run(app, ctx, payload))
    });
    let (watch, manage) = (
        Access::Action(WatchCohort::NAME),
        Access::Action(ManageCohort::NAME),
    );
    r.add(
        Routes::new()
            .get("/groupe/{cohort}/bilan", watch, web::session_end)
            .get("/groupe/{cohort}/bilan.csv", watch, web::session_end_csv)
            .post(
                "/groupe/{cohort}/bilan/corriger",
                manage,
                web::correct_hours,
            )
            .post("/groupe/{cohort}/bilan/emettre", manage, web::issue)
            .get("/groupe/{cohort}/bilan/{certificate}", watch, web::document)
            .get(
                "/formation/{enrolment}/document/{certificate}",
                Access::Action(OwnDocuments::NAME),
                web::own_document,
            )
            .get("/verifier", Access::Public, verify::ask)
            .get("/verifier/{code}", Access::Public, verify::check)
            .secret()
            .post("/verifier/{code}", Access::Public, verify::compare)
            .secret(),
    );
}

fn start(app: &App) {
    app.provide(Press(Arc::new(TypstTypesetter::new())));
}
