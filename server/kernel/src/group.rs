//! Many small writes in one transaction: acknowledged means durable.
//!
//! Items wait at most for the group before them. Each is answered after the
//! commit that holds it, never before. One bad item never sinks the others: on
//! an error the group is rolled back and replayed one by one.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use crate::db::{Db, WriteTx, inherit};

/// Items at most in one transaction.
pub const GROUP_SIZE: usize = 64;
/// Items waiting at most; beyond it submitters wait in turn.
pub const QUEUE_SIZE: usize = 1024;

/// Writes groups of items of one kind.
#[async_trait]
pub trait GroupSink: Send + Sync + 'static {
    /// What is submitted.
    type Item: Send + Sync + 'static;
    /// What each item is answered.
    type Answer: Send + 'static;
    /// Writes `items`, answering each in order; an error sinks the whole call.
    async fn write(&self, tx: &WriteTx, items: &[Self::Item]) -> Result<Vec<Self::Answer>, DbErr>;
}

/// Why an item was not stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GroupError {
    /// The database refused this very item.
    #[error("the database refused the write: {0}")]
    Refused(Arc<DbErr>),
    /// The writer has stopped; the server is going down.
    #[error("the writer has stopped")]
    Stopped,
}

/// Hands items to the writing task of a [`GroupSink`].
pub struct GroupWriter<S: GroupSink> {
    queue: mpsc::Sender<Waiting<S>>,
}

impl<S: GroupSink> Clone for GroupWriter<S> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
        }
    }
}

impl<S: GroupSink> fmt::Debug for GroupWriter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupWriter")
    }
}

struct Waiting<S: GroupSink> {
    item: S::Item,
    answer: oneshot::Sender<Result<S::Answer, GroupError>>,
}

impl<S: GroupSink> GroupWriter<S> {
    /// Starts the writing task; it ends when the last handle is dropped. What background work
    /// starts writes as background work.
    pub fn start(db: Db, sink: Arc<S>) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Waiting<S>>(QUEUE_SIZE);
        tokio::spawn(inherit(async move {
            let mut group = Vec::with_capacity(GROUP_SIZE);
            while waiting.recv_many(&mut group, GROUP_SIZE).await > 0 {
                let (items, answers): (Vec<_>, Vec<_>) =
                    group.drain(..).map(|w| (w.item, w.answer)).unzip();
                store(&db, &*sink, items, answers).await;
            }
        }));
        Self { queue }
    }

    /// Stores one item; the answer comes once it is durable.
    pub async fn submit(&self, item: S::Item) -> Result<S::Answer, GroupError> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .send(Waiting { item, answer })
            .await
            .map_err(|_| GroupError::Stopped)?;
        answered.await.map_err(|_| GroupError::Stopped)?
    }
}

async fn store<S: GroupSink>(
    db: &Db,
    sink: &S,
    items: Vec<S::Item>,
    waiting: Vec<oneshot::Sender<Result<S::Answer, GroupError>>>,
) {
    match attempt(db, sink, &items).await {
        Ok(answers) => {
            for (to, answer) in waiting.into_iter().zip(answers) {
                let _ = to.send(Ok(answer));
            }
        }
        Err(error) if items.len() == 1 => {
            tracing::error!(%error, "a write was refused");
            for to in waiting {
                let _ = to.send(Err(GroupError::Refused(Arc::new(DbErr::Custom(
                    error.to_string(),
                )))));
            }
        }
        Err(error) => {
            tracing::warn!(%error, items = items.len(), "a group was refused; replaying one by one");
            for (item, to) in items.into_iter().zip(waiting) {
                let result = match attempt(db, sink, std::slice::from_ref(&item)).await {
                    Ok(mut answers) => answers.pop().ok_or(GroupError::Stopped),
                    Err(error) => Err(GroupError::Refused(Arc::new(error))),
                };
                let _ = to.send(result);
            }
        }
    }
}

async fn attempt<S: GroupSink>(
    db: &Db,
    sink: &S,
    items: &[S::Item],
) -> Result<Vec<S::Answer>, DbErr> {
    let tx = db.write().await?;
    let answers = sink.write(&tx, items).await?;
    if answers.len() != items.len() {
        return Err(DbErr::Custom(format!(
            "{} answers for {} items",
            answers.len(),
            items.len()
        )));
    }
    tx.commit().await?;
    Ok(answers)
}
