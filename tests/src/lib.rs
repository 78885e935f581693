//! The harness of the integration tests: databases of both engines, and a
//! whole application whose clock, randomness and mails the test owns.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::return_self_not_must_use,
    reason = "in a test harness a panic is the way to say that something is wrong, and what is checked may end there"
)]

pub mod app;
pub mod browser;
pub mod database;
pub mod mails;
pub mod packages;
pub mod people;
pub mod platform;
pub mod player;
pub mod postal;
pub mod postgres;
pub mod provider;
pub mod scene;
pub mod tool;
pub mod trace;

pub use app::TestApp;
pub use browser::{Answer, Browser};
