//! Packages made in memory, hostile, odd and sound, and the real ones of others.

mod archive;
mod content;
mod hostile;
mod manifest;
mod properties;
mod real;
mod unusual;
