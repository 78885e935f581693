//! Every integration test, in one binary, on both engines.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests say what is wrong by panicking"
)]

mod altered;
mod board;
mod catalogue;
mod cohorts;
mod command_line;
mod crash;
mod crowd;
mod discussions;
mod disk;
mod doctor;
mod doors;
mod durability;
mod elsewhere;
mod ending;
mod flush;
mod folding;
mod followers;
mod group;
mod growth;
mod imports;
mod jobs;
mod journal;
mod journey;
mod letters;
mod links;
mod lti;
mod mailing;
mod mails;
mod messages;
mod pacing;
mod partners;
mod playing;
mod proof;
mod returns;
mod rosters;
mod routes;
mod sign_in;
mod statements;
mod tables;
mod terms;
mod texts;
mod tools;
mod tracking;
mod watch;
