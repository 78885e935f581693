//! How fast, pure: which kind of mailbox may be served now, and when the next one may.

use std::time::{Duration, Instant};

use crate::campaigns::providers::Provider;

/// Mails that may leave at once after a rest, at most.
const BURST: f64 = 10.0;
/// Deferrals in a row after which a kind of mailbox is left alone for the rest of the run.
const PATIENCE: u32 = 5;

/// So many a second, with a little in hand after a rest.
#[derive(Clone, Debug)]
struct Bucket {
    per_second: f64,
    held: f64,
    at: Instant,
}

impl Bucket {
    fn new(per_second: f64, now: Instant) -> Self {
        Self {
            per_second,
            held: per_second.clamp(1.0, BURST),
            at: now,
        }
    }

    fn fill(&mut self, now: Instant) {
        let grown = now.saturating_duration_since(self.at).as_secs_f64() * self.per_second;
        self.held = (self.held + grown).min(self.per_second.clamp(1.0, BURST));
        self.at = now;
    }

    /// How long until one more may leave.
    fn wait(&mut self, now: Instant) -> Duration {
        self.fill(now);
        if self.held >= 1.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64((1.0 - self.held) / self.per_second)
    }

    fn take(&mut self) {
        self.held -= 1.0;
    }
}

/// What one kind of mailbox may still take.
#[derive(Clone, Debug)]
struct Gate {
    bucket: Option<Bucket>,
    connections: usize,
    leaving: usize,
    deferred: u32,
    closed: bool,
}

/// The gates of all kinds of mailboxes, and the one of the whole.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    whole: Option<Bucket>,
    gates: Vec<Gate>,
    turn: usize,
}

/// Whether a kind may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// This kind, now.
    Now(usize),
    /// None before that long.
    In(Duration),
    /// None of them, until something that is leaving has left.
    Later,
}

impl Pace {
    /// Gates for `providers` and, first, for any other mailbox; `per_second` for the whole.
    pub(super) fn new(providers: &[Provider], per_second: Option<u32>, now: Instant) -> Self {
        let other = Gate {
            bucket: None,
            connections: usize::MAX,
            leaving: 0,
            deferred: 0,
            closed: false,
        };
        let gates = std::iter::once(other.clone())
            .chain(providers.iter().map(|provider| Gate {
                bucket: Some(Bucket::new(f64::from(provider.per_minute) / 60.0, now)),
                connections: provider.connections,
                ..other.clone()
            }))
            .collect();
        let whole = per_second
            .filter(|n| *n > 0)
            .map(|n| Bucket::new(f64::from(n), now));
        Self {
            whole,
            gates,
            turn: 0,
        }
    }

    /// How many kinds there are.
    pub(super) fn kinds(&self) -> usize {
        self.gates.len()
    }

    /// Which of the kinds that have somebody waiting may be served now; each has its turn.
    pub(super) fn next(&mut self, waiting: impl Fn(usize) -> bool, now: Instant) -> May {
        let whole = self.whole.as_mut().map_or(Duration::ZERO, |b| b.wait(now));
        let mut soonest: Option<Duration> = None;
        let kinds = self.gates.len();
        for step in 0..kinds {
            let kind = (self.turn + step) % kinds;
            let gate = &mut self.gates[kind];
            if gate.closed || !waiting(kind) || gate.leaving >= gate.connections {
                continue;
            }
            let own = gate.bucket.as_mut().map_or(Duration::ZERO, |b| b.wait(now));
            let wait = own.max(whole);
            if wait.is_zero() {
                self.turn = kind + 1;
                gate.leaving += 1;
                if let Some(bucket) = &mut gate.bucket {
                    bucket.take();
                }
                if let Some(bucket) = &mut self.whole {
                    bucket.take();
                }
                return May::Now(kind);
            }
            soonest = Some(soonest.map_or(wait, |known| known.min(wait)));
        }
        soonest.map_or(May::Later, May::In)
    }

    /// One of that kind has left, or not; a server that asks to wait too many times in a row is
    /// left alone. True when it has just been.
    pub(super) fn left(&mut self, kind: usize, was_deferred: bool) -> bool {
        let Some(gate) = self.gates.get_mut(kind) else {
            return false;
        };
        gate.leaving = gate.leaving.saturating_sub(1);
        gate.deferred = if was_deferred { gate.deferred + 1 } else { 0 };
        let closes = !gate.closed && gate.deferred >= PATIENCE;
        gate.closed |= closes;
        closes
    }

    /// Whether that kind is left alone.
    pub(super) fn is_closed(&self, kind: usize) -> bool {
        self.gates.get(kind).is_none_or(|gate| gate.closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaigns::providers;

    fn pace(per_second: Option<u32>, now: Instant) -> Pace {
        Pace::new(providers::all(), per_second, now)
    }

    #[test]
    fn other_mailboxes_are_served_as_fast_as_asked() {
        let now = Instant::now();
        let mut free = pace(None, now);
        for _ in 0..1_000 {
            assert_eq!(free.next(|kind| kind == 0, now), May::Now(0));
        }
        let mut held = pace(Some(2), now);
        assert_eq!(held.next(|kind| kind == 0, now), May::Now(0));
        assert_eq!(held.next(|kind| kind == 0, now), May::Now(0));
        assert!(
            matches!(held.next(|kind| kind == 0, now), May::In(d) if d <= Duration::from_millis(500))
        );
        let later = now + Duration::from_millis(500);
        assert_eq!(held.next(|kind| kind == 0, later), May::Now(0));
    }

    #[test]
    fn a_kind_has_its_connections_and_its_minutes() {
        let now = Instant::now();
        let mut pace = pace(None, now);
        let orange = 1;
        assert_eq!(pace.next(|kind| kind == orange, now), May::Now(orange));
        assert_eq!(pace.next(|kind| kind == orange, now), May::Now(orange));
        assert_eq!(pace.next(|kind| kind == orange, now), May::Later);
        pace.left(orange, false);
        assert!(matches!(pace.next(|kind| kind == orange, now), May::In(_)));
        // In one minute, no more than it may, and what was in hand.
        let mut sent = 0;
        for tick in 0..6_000_u64 {
            let at = now + Duration::from_millis(tick * 10);
            if let May::Now(kind) = pace.next(|kind| kind == orange, at) {
                pace.left(kind, false);
                sent += 1;
            }
        }
        assert!((115..=125).contains(&sent), "{sent}");
    }

    #[test]
    fn everybody_has_a_turn_and_a_server_that_puts_off_is_left_alone() {
        let now = Instant::now();
        let mut pace = pace(None, now);
        let mut served = [0; 3];
        for _ in 0..6 {
            if let May::Now(kind) = pace.next(|kind| kind < 3, now) {
                served[kind] += 1;
                pace.left(kind, false);
            }
        }
        assert_eq!(served, [2, 2, 2]);
        for time in 1..=PATIENCE {
            assert_eq!(pace.left(1, true), time == PATIENCE);
        }
        assert!(pace.is_closed(1));
        assert_eq!(pace.next(|kind| kind == 1, now), May::Later);
    }
}
