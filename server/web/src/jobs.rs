//! Jobs that need the application: its blobs, words and templates.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use passerelle_kernel::Registry;
use passerelle_kernel::jobs::{JobContext, JobEntry, JobError, JobHandler};
use serde_json::Value;

use crate::app::{App, AppSlot};

/// Runs one job.
pub type Run = fn(App, JobContext, Value) -> BoxFuture<'static, Result<(), JobError>>;

struct AppJob {
    slot: AppSlot,
    run: Run,
}

/// Registers who runs jobs of `kind`.
pub fn app_job(r: &mut Registry, kind: &'static str, run: Run) {
    let slot = AppSlot::default();
    r.add(slot.clone()).add(JobEntry {
        kind,
        handler: Arc::new(AppJob { slot, run }),
    });
}

#[async_trait]
impl JobHandler for AppJob {
    async fn run(&self, ctx: JobContext, payload: Value) -> Result<(), JobError> {
        let app = self.slot.0.get().and_then(crate::app::WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        (self.run)(app, ctx, payload).await
    }
}
