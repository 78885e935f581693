//! Who writes next: people first, background work within a bounded share.
//!
//! What somebody waits for and what jobs write meet at one writer on SQLite. A piece of work is
//! *background* when it runs within [`background`]: jobs, subscriptions, what runs beside the
//! pages. Of that, one at most stands in the writer's queue, and as long as people write it rests
//! after each transaction for [`REST`] times as long as the transaction took. On PostgreSQL
//! background work has connections of its own instead.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

/// Background work rests this many times as long as it wrote, while people write: it has a fifth
/// of the writer's time at most.
const REST: u32 = 4;
/// It never rests longer, so that it is not starved.
const LONGEST_REST: Duration = Duration::from_millis(250);
/// Nobody has written for so long: nobody is kept waiting.
const QUIET: Duration = Duration::from_millis(20);
/// How often it looks whether it is quiet.
const LOOK: Duration = Duration::from_millis(2);

tokio::task_local! {
    static BACKGROUND: ();
}

/// Runs `work` as background work: what it writes comes after what people wait for.
pub async fn background<F: Future>(work: F) -> F::Output {
    BACKGROUND.scope((), work).await
}

/// Whether the current task is background work.
pub fn is_background() -> bool {
    BACKGROUND.try_with(|()| ()).is_ok()
}

/// Runs `work` in another task as what the current one is: for `tokio::spawn`, which forgets it.
pub fn inherit<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let is = is_background();
    async move {
        if is {
            background(work).await
        } else {
            work.await
        }
    }
}

/// The turns at SQLite's writer.
#[derive(Debug)]
pub(super) struct Gate {
    writer: Arc<Mutex<()>>,
    /// People in the queue or writing.
    people: AtomicUsize,
    /// When one of them last ended, in microseconds since `begun`.
    last: AtomicI64,
    begun: Instant,
    /// The turn of background work, and until when it rests.
    rest: Arc<Mutex<Instant>>,
}

impl Default for Gate {
    fn default() -> Self {
        let begun = Instant::now();
        Self {
            writer: Arc::default(),
            people: AtomicUsize::new(0),
            last: AtomicI64::new(i64::MIN / 2),
            begun,
            rest: Arc::new(Mutex::new(begun)),
        }
    }
}

/// A turn; dropped when the write has ended.
#[derive(Debug)]
pub(super) struct Turn {
    // Before the writer's lock: whoever waits for it finds what this one leaves.
    _whose: Whose,
    _writer: OwnedMutexGuard<()>,
}

/// Whose turn it is.
#[derive(Debug)]
enum Whose {
    Persons { _counted: Person },
    Background { _resting: Resting },
}

/// Counts somebody who waits or writes, until dropped.
#[derive(Debug)]
struct Person(Arc<Gate>);

/// Says until when background work rests, once dropped.
#[derive(Debug)]
struct Resting {
    since: Instant,
    until: OwnedMutexGuard<Instant>,
}

impl Drop for Resting {
    fn drop(&mut self) {
        let held = self.since.elapsed();
        *self.until = Instant::now() + (held * REST).min(LONGEST_REST);
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Gate {
    /// Waits for a turn: in order of arrival among people, one at a time behind them.
    pub(super) async fn turn(self: &Arc<Self>) -> Turn {
        if is_background() {
            let until = self.rest.clone().lock_owned().await;
            self.rest_until(*until).await;
            let writer = self.writer.clone().lock_owned().await;
            let since = Instant::now();
            return Turn {
                _whose: Whose::Background {
                    _resting: Resting { since, until },
                },
                _writer: writer,
            };
        }
        self.people.fetch_add(1, Ordering::SeqCst);
        let counted = Person(self.clone());
        let writer = self.writer.clone().lock_owned().await;
        Turn {
            _whose: Whose::Persons { _counted: counted },
            _writer: writer,
        }
    }

    async fn rest_until(&self, until: Instant) {
        while Instant::now() < until && !self.is_quiet() {
            tokio::time::sleep(LOOK).await;
        }
    }

    fn is_quiet(&self) -> bool {
        let since = self.elapsed() - self.last.load(Ordering::SeqCst);
        self.people.load(Ordering::SeqCst) == 0 && since > QUIET.as_micros() as i64
    }

    fn leave(&self) {
        self.last.store(self.elapsed(), Ordering::SeqCst);
        self.people.fetch_sub(1, Ordering::SeqCst);
    }

    fn elapsed(&self) -> i64 {
        self.begun.elapsed().as_micros() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn hold(gate: &Arc<Gate>, lasting: Duration) {
        let turn = gate.turn().await;
        tokio::time::sleep(lasting).await;
        drop(turn);
    }

    /// Turns taken by each of two in that time, each turn lasting a millisecond.
    async fn shares(gate: &Arc<Gate>, lasting: Duration) -> (usize, usize) {
        let until = Instant::now() + lasting;
        let count = |gate: Arc<Gate>| async move {
            let mut turns = 0;
            while Instant::now() < until {
                hold(&gate, Duration::from_millis(1)).await;
                turns += 1;
            }
            turns
        };
        let people = tokio::spawn(count(gate.clone()));
        let behind = tokio::spawn(background(count(gate.clone())));
        (people.await.unwrap(), behind.await.unwrap())
    }

    #[tokio::test]
    async fn background_work_has_a_bounded_share_and_is_not_starved() {
        let gate = Arc::new(Gate::default());
        let (people, behind) = shares(&gate, Duration::from_millis(400)).await;
        assert!(behind > 0, "starved");
        assert!(behind * 2 < people, "{behind} turns beside {people}");
    }

    #[tokio::test]
    async fn background_work_does_not_rest_when_nobody_writes() {
        let gate = Arc::new(Gate::default());
        let turns = background(async {
            hold(&gate, Duration::from_millis(100)).await;
            let since = Instant::now();
            hold(&gate, Duration::ZERO).await;
            since.elapsed()
        })
        .await;
        assert!(turns < LONGEST_REST, "it rested for {turns:?}");
    }

    #[tokio::test]
    async fn who_stops_waiting_is_not_counted_any_more() {
        let gate = Arc::new(Gate::default());
        let turn = gate.turn().await;
        let waiting = tokio::time::timeout(Duration::from_millis(10), gate.turn());
        assert!(waiting.await.is_err());
        drop(turn);
        assert_eq!(gate.people.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn another_task_goes_on_as_what_the_first_one_was() {
        assert!(
            !tokio::spawn(inherit(async { is_background() }))
                .await
                .unwrap()
        );
        let inside = background(async { tokio::spawn(inherit(async { is_background() })).await });
        assert!(inside.await.unwrap());
    }
}
