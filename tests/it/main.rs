//! Every integration test, in one binary, on both engines.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests say what is wrong by panicking"
)]

mod crash;
mod durability;
mod flush;
mod group;
mod jobs;
mod journal;
mod sign_in;
