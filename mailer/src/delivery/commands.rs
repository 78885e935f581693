//! Giving failed mails another series of attempts.

use passerelle_kernel::journal::Fact;
use passerelle_kernel::{Uuid, WriteTx, jobs};
use passerelle_web::{Allowed, AppError};
use serde_json::json;

use super::RETRIED;
use super::access::RetryMail;

/// Puts `failed` jobs back in the queue, one page of them at most; returns how
/// many were still failed.
pub(super) async fn retry(
    tx: &WriteTx,
    allowed: &Allowed<RetryMail>,
    failed: &[Uuid],
) -> Result<usize, AppError> {
    let mut facts = Vec::new();
    for job in failed {
        if jobs::retry(tx, *job).await? {
            facts.push(Fact {
                space: allowed.object().0.id,
                kind: RETRIED,
                actor: allowed.actor(),
                subject: *job,
                payload: json!({}),
            });
        }
    }
    let count = facts.len();
    if count > 0 {
        tx.append_all(facts).await?;
    }
    Ok(count)
}
