//! The host: configuration, command line, composition; nothing else.

pub mod bench;
pub mod cli;
pub mod config;
mod data;
pub mod demo;
pub mod host;
