//! SCORM without a web and without a database: packages, manifests, the data model.
//!
//! This crate is the pure half of the course engine. It reads what a stranger
//! uploaded, says what is wrong with it in terms a person can act upon, and holds
//! the rules of the SCORM run-time. It is not a player, stores nothing, opens no
//! connection and renders no sentence: problems carry keys for the translations
//! that lie in `locales/`.

pub mod manifest;
pub mod model;
pub mod package;
pub mod problem;
