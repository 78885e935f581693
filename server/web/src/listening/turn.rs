//! What a connection is at, seen by its socket, its requests and its answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::seats::Seat;

/// One connection.
#[derive(Debug)]
pub(super) struct Turns {
    pub seat: Seat,
    /// Whether its place is only known from each request.
    pub proxied: bool,
    requests: AtomicU64,
    in_request: AtomicBool,
    too_slow: AtomicBool,
}

impl Turns {
    pub fn new(seat: Seat, proxied: bool) -> Arc<Self> {
        Arc::new(Self {
            seat,
            proxied,
            requests: AtomicU64::new(0),
            in_request: AtomicBool::new(false),
            too_slow: AtomicBool::new(false),
        })
    }

    /// Its requests so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Acquire)
    }

    /// Whether a request has arrived whole and its answer has not left yet.
    pub fn in_request(&self) -> bool {
        self.in_request.load(Ordering::Acquire)
    }

    /// The body of a request does not come.
    pub fn note_too_slow(&self) {
        self.too_slow.store(true, Ordering::Release);
    }

    pub fn is_too_slow(&self) -> bool {
        self.too_slow.load(Ordering::Acquire)
    }
}

/// A request, from its head to the end of its answer.
#[derive(Debug)]
pub(super) struct Turn(Arc<Turns>);

impl Turn {
    pub fn begin(turns: &Arc<Turns>) -> Self {
        turns.seat.works();
        turns.requests.fetch_add(1, Ordering::AcqRel);
        turns.in_request.store(true, Ordering::Release);
        Self(turns.clone())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.0.proxied {
            self.0.seat.sit_with(None);
        }
        self.0.in_request.store(false, Ordering::Release);
    }
}
