//! Imports that are under way in this process, for those who watch them. Nothing
//! here is a proof: the row of the package is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use passerelle_kernel::Micros;
use passerelle_kernel::env::HOUR;
use passerelle_kernel::journal::Actor;
use passerelle_scorm::problem::Problem;
use passerelle_web::App;
use uuid::Uuid;

use super::import::{ImportError, import_as};
use super::model::{ImportStep, Stage};
use super::upload::ReceivedFile;

/// Imports remembered, at most.
const MAX_KEPT: usize = 200;

/// How an import ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The package is in.
    Imported,
    /// The package is at fault; nothing was stored.
    Refused(Arc<Vec<Problem>>),
    /// The server is at fault; nothing was stored.
    Failed,
}

/// An import as one may watch it.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    /// Space it goes into.
    pub space: Uuid,
    /// Name of the file.
    pub file_name: String,
    /// Where to go once it is in, with the package; the package's page when none.
    pub back: Option<String>,
    /// How far it is.
    pub step: ImportStep,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    started: Micros,
}

/// The imports of this process.
#[derive(Debug, Default)]
pub(super) struct Imports(Mutex<HashMap<Uuid, Watched>>);

impl Imports {
    /// Those of `app`.
    pub(super) fn of(app: &App) -> Arc<Self> {
        app.service::<Self>().unwrap_or_else(|| {
            app.provide(Self::default());
            app.service::<Self>().unwrap_or_default()
        })
    }

    /// How an import is, when it was started here lately.
    pub(super) fn get(&self, id: Uuid) -> Option<Watched> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    fn begin(&self, id: Uuid, watched: Watched) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = watched.started;
        all.retain(|_, old| old.outcome.is_none() || now - old.started < HOUR);
        if all.len() >= MAX_KEPT {
            let oldest = all
                .iter()
                .filter(|(_, w)| w.outcome.is_some())
                .min_by_key(|(_, w)| w.started);
            if let Some(id) = oldest.map(|(id, _)| *id) {
                all.remove(&id);
            }
        }
        all.insert(id, watched);
    }

    fn update(&self, id: Uuid, change: impl FnOnce(&mut Watched)) {
        if let Some(watched) = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_mut(&id)
        {
            change(watched);
        }
    }
}

/// Starts the import of a file that arrived; it goes on when the browser leaves.
/// Its identifier is that of the package to come.
pub(super) fn start(
    app: &App,
    space: Uuid,
    file: ReceivedFile,
    back: Option<String>,
    actor: Actor,
) -> Uuid {
    let id = app.env().id();
    let imports = Imports::of(app);
    let step = ImportStep {
        stage: Stage::Checking,
        done: 0,
        total: 0,
    };
    let started = app.env().now();
    imports.begin(
        id,
        Watched {
            space,
            file_name: file.name.clone(),
            back,
            step,
            outcome: None,
            started,
        },
    );
    let app = app.clone();
    tokio::spawn(async move {
        let tell = |step: ImportStep| imports.update(id, |watched| watched.step = step);
        // The import consumes the file by its path: it must not be removed here as well.
        let path = file.scratch.release();
        let outcome = match import_as(&app, id, space, &path, &file.name, actor, &tell).await {
            Ok(_) => Outcome::Imported,
            Err(error) if error.problems().is_empty() => {
                tracing::error!(%error, package = %id, "an import failed");
                Outcome::Failed
            }
            Err(ImportError::Refused(refusal)) => {
                Outcome::Refused(Arc::new(refusal.problems().to_vec()))
            }
            Err(_) => Outcome::Failed,
        };
        imports.update(id, |watched| watched.outcome = Some(outcome));
    });
    id
}
