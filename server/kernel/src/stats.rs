//! How many statements a request cost and how long they took.
//!
//! The database connection reports each statement here; whoever wraps a future
//! in [`measure`] gets the sum for that task.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::time::Duration;

use sea_orm::Statement;

tokio::task_local! {
    static COUNTERS: Counters;
    static HEARD: RefCell<Vec<Statement>>;
}

#[derive(Default)]
struct Counters {
    statements: Cell<u32>,
    time: Cell<Duration>,
}

/// Runs `future` and tells the statements it sent, in order; for tests that read their plans.
pub async fn listen<F: Future>(future: F) -> (F::Output, Vec<Statement>) {
    HEARD
        .scope(RefCell::default(), async {
            let output = future.await;
            (output, HEARD.with(RefCell::take))
        })
        .await
}

/// What a task asked of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DbCost {
    /// Statements sent.
    pub statements: u32,
    /// Time spent waiting for them.
    pub time: Duration,
}

/// Runs `future` and tells what it asked of the database.
pub async fn measure<F: Future>(future: F) -> (F::Output, DbCost) {
    COUNTERS
        .scope(Counters::default(), async {
            let output = future.await;
            let cost = COUNTERS.with(|c| DbCost {
                statements: c.statements.get(),
                time: c.time.get(),
            });
            (output, cost)
        })
        .await
}

/// Called by the connection after each statement.
pub(crate) fn record(info: &sea_orm::metric::Info<'_>) {
    let _ = COUNTERS.try_with(|c| {
        c.statements.set(c.statements.get() + 1);
        c.time.set(c.time.get() + info.elapsed);
    });
    let _ = HEARD.try_with(|heard| heard.borrow_mut().push(info.statement.clone()));
}
