//! Packages made in memory, hostile, odd and sound, and the real ones of others.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    reason = "the helpers of a test may stop at the first surprise, and small texts are made plainly"
)]

mod archive;
mod cases;
mod content;
mod hostile;
mod manifest;
mod properties;
mod real;
mod unusual;
