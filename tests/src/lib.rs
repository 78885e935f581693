//! The harness of the integration tests: databases of both engines, and a
//! whole application whose clock, randomness and mails the test owns.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "in a test harness a panic is the way to say that something is wrong"
)]

pub mod database;
pub mod postgres;
pub mod trace;
