//! How many may be connected, from one place and in all, and who gives way when it is full.
//!
//! A connection that keeps us waiting (for a request, for the rest of one, for an answer to be read)
//! can be closed without loss of anything that was answered. So a full house refuses nobody whose
//! neighbour merely waits: the one who has kept us waiting longest gives way. From the same place
//! when that place is full; from the place that has most when all is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::place::network;

/// Connections of one place at most.
pub const PER_PLACE: usize = 512;
/// Connections at most, however many files may be open.
const MOST: usize = 20_000;
/// Longest time between two lines of the log that say that it is full.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// The seats of one or more listeners; cheap to clone.
#[derive(Clone, Debug)]
pub struct Seats(Arc<House>);

#[derive(Debug)]
struct House {
    all: usize,
    per_place: usize,
    opened: Instant,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    taken: HashMap<u64, Taken>,
    places: HashMap<IpAddr, usize>,
    told: Option<Instant>,
}

#[derive(Debug)]
struct Taken {
    place: Option<IpAddr>,
    sign: Arc<Sign>,
}

/// What a seat and the table both see.
#[derive(Debug, Default)]
struct Sign {
    /// Since when the connection keeps us waiting, in microseconds after the house opened, plus one;
    /// 0 while it does not.
    waiting: AtomicU64,
    leave: Notify,
}

/// A seat, given back when dropped.
#[derive(Debug)]
pub struct Seat {
    house: Arc<House>,
    number: u64,
    sign: Arc<Sign>,
}

impl Seats {
    /// So many in all, and so many from one place.
    pub fn new(all: usize, per_place: usize) -> Self {
        Self(Arc::new(House {
            all,
            per_place,
            opened: Instant::now(),
            table: Mutex::default(),
        }))
    }

    /// As many as `files` open files allow: a quarter of them, 256 at least, is kept for the database,
    /// packages and mail.
    pub fn for_files(files: u64) -> Self {
        let files = usize::try_from(files).unwrap_or(usize::MAX);
        let kept = (files / 4).max(256);
        Self::new(files.saturating_sub(kept).clamp(64, MOST), PER_PLACE)
    }

    /// How many in all.
    pub fn all(&self) -> usize {
        self.0.all
    }

    /// How many are taken now.
    pub fn taken(&self) -> usize {
        self.0.table().taken.len()
    }

    /// A seat for who comes from `place`, or from behind a proxy of ours when there is none. Nothing
    /// when all are taken by others who are being served.
    pub fn take(&self, place: Option<IpAddr>) -> Option<Seat> {
        let place = place.map(network);
        let mut table = self.0.table();
        if !self.0.make_room(&mut table, place) {
            return None;
        }
        table.next += 1;
        let (number, sign) = (table.next, Arc::new(Sign::default()));
        let sign_too = sign.clone();
        table.seat(number, place, sign_too);
        drop(table);
        let seat = Seat {
            house: self.0.clone(),
            number,
            sign,
        };
        // Whoever comes has not asked for anything yet.
        seat.waits();
        Some(seat)
    }
}

impl House {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is room for one more of that place, perhaps because somebody gives way.
    fn make_room(&self, table: &mut Table, place: Option<IpAddr>) -> bool {
        let of_place = place.and_then(|place| table.places.get(&place).copied());
        if of_place.unwrap_or(0) >= self.per_place {
            table.tell("a place has all the connections that one may have", place);
            return table.give_way(|_, of| of == place);
        }
        if table.taken.len() >= self.all {
            table.tell("all connections are taken", place);
            let most = table.fullest();
            return table.give_way(|table, of| table.has(of) >= most);
        }
        true
    }
}

impl Table {
    fn seat(&mut self, number: u64, place: Option<IpAddr>, sign: Arc<Sign>) {
        if let Some(place) = place {
            *self.places.entry(place).or_default() += 1;
        }
        self.taken.insert(number, Taken { place, sign });
    }

    fn rise(&mut self, number: u64) -> Option<Taken> {
        let taken = self.taken.remove(&number)?;
        if let Some(place) = taken.place
            && let Some(count) = self.places.get_mut(&place)
        {
            *count -= 1;
            if *count == 0 {
                self.places.remove(&place);
            }
        }
        Some(taken)
    }

    /// Seats of a place; one for each who comes through a proxy, whose place is not known yet.
    fn has(&self, place: Option<IpAddr>) -> usize {
        place.map_or(1, |place| self.places.get(&place).copied().unwrap_or(0))
    }

    /// The most seats that a place has of which one keeps us waiting.
    fn fullest(&self) -> usize {
        let waiting = self.taken.values().filter(|taken| taken.sign.since() > 0);
        waiting
            .map(|taken| self.has(taken.place))
            .max()
            .unwrap_or(0)
    }

    /// Asks the one who has kept us waiting longest to leave, among those who are meant.
    fn give_way(&mut self, meant: impl Fn(&Self, Option<IpAddr>) -> bool) -> bool {
        let waiting = self.taken.iter().filter_map(|(number, taken)| {
            let since = taken.sign.since();
            (since > 0 && meant(self, taken.place)).then_some((since, *number))
        });
        let Some((_, number)) = waiting.min() else {
            return false;
        };
        if let Some(taken) = self.rise(number) {
            taken.sign.leave.notify_one();
        }
        true
    }

    fn tell(&mut self, what: &str, place: Option<IpAddr>) {
        if self.told.is_none_or(|told| told.elapsed() > TOLD_EVERY) {
            self.told = Some(Instant::now());
            let place = place.map(|place| place.to_string());
            tracing::warn!(place, what, "who has kept us waiting longest gives way");
        }
    }
}

impl Sign {
    fn since(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Seat {
    /// From now on the connection keeps us waiting.
    pub fn waits(&self) {
        let now = self.house.opened.elapsed().as_micros() as u64 + 1;
        let was = &self.sign.waiting;
        let _ = was.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// It does no longer.
    pub fn works(&self) {
        self.sign.waiting.store(0, Ordering::Relaxed);
    }

    /// Counts a connection under the place that its request comes from, or under none. False when
    /// that place is full of others who are being served.
    pub fn sit_with(&self, place: Option<IpAddr>) -> bool {
        let place = place.map(network);
        let mut table = self.house.table();
        let Some(taken) = table.rise(self.number) else {
            // Asked to leave already.
            return true;
        };
        let room = place.is_none() || self.house.make_room(&mut table, place);
        table.seat(self.number, place.filter(|_| room), taken.sign);
        room
    }

    /// Completes when the connection is asked to leave.
    pub async fn asked_to_leave(&self) {
        self.sign.leave.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.house.table().rise(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    fn working(seats: &Seats, place: Option<IpAddr>) -> Seat {
        let seat = seats.take(place).expect("a seat");
        seat.works();
        seat
    }

    async fn left(seat: &Seat) -> bool {
        let asked = seat.asked_to_leave();
        tokio::time::timeout(Duration::from_millis(1), asked)
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn in_a_full_place_who_waits_longest_gives_way_and_who_works_does_not() {
        let seats = Seats::new(100, 3);
        let [first, second, busy] = [(); 3].map(|()| working(&seats, ip(1)));
        second.waits();
        tokio::time::sleep(Duration::from_millis(2)).await;
        first.waits();
        let other = seats.take(ip(2)).expect("another place is not full");
        other.waits();
        let new = seats.take(ip(1)).expect("a seat");
        assert!(left(&second).await, "it waited longest");
        assert!(!left(&first).await && !left(&busy).await && !left(&other).await);
        first.works();
        new.works();
        assert!(seats.take(ip(1)).is_none(), "all three are served");
        drop(busy);
        assert!(seats.take(ip(1)).is_some());
    }

    #[tokio::test]
    async fn in_a_full_house_the_place_that_has_most_gives_way() {
        let seats = Seats::new(4, 3);
        let lonely = seats.take(ip(9)).expect("a seat");
        lonely.waits();
        let many = [(); 3].map(|()| working(&seats, ip(1)));
        many[1].waits();
        let new = seats.take(ip(2)).expect("a seat");
        assert!(left(&many[1]).await && !left(&lonely).await);
        assert_eq!(seats.taken(), 4);
        drop((lonely, many, new));
        assert_eq!(seats.taken(), 0);
        assert!(seats.0.table().places.is_empty());
    }

    #[tokio::test]
    async fn through_a_proxy_each_request_sits_with_its_place() {
        let seats = Seats::new(100, 2);
        let [a, b, c] = [(); 3].map(|()| working(&seats, None));
        assert!(a.sit_with(ip(1)) && b.sit_with(ip(1)));
        assert!(!c.sit_with(ip(1)), "both are served");
        b.waits();
        assert!(c.sit_with(ip(1)));
        assert!(left(&b).await);
        assert!(c.sit_with(None) && a.sit_with(None));
        drop((a, b, c));
        assert!(seats.0.table().places.is_empty());
    }

    #[test]
    fn a_quarter_of_the_files_is_kept() {
        assert_eq!(Seats::for_files(1024).all(), 768);
        assert_eq!(Seats::for_files(65_536).all(), MOST);
        assert_eq!(Seats::for_files(256).all(), 64);
    }
}
