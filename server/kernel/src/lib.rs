//! The kernel: clock and identifiers, database and write gate, journal, jobs,
//! blobs and the registry of plugins.
//!
//! It knows no web page and no feature; plugins build on it and add typed
//! entries to the [`registry::Registry`].

pub mod blobs;
pub mod db;
pub mod env;
pub mod group;
pub mod jobs;
pub mod journal;
pub mod registry;
pub mod scoped;
pub mod secret;
pub mod stats;

pub use db::{Db, Engine, WriteTx};
pub use env::{Env, Micros};
pub use registry::{Plugin, Registry};
pub use sea_orm;
pub use uuid::Uuid;
