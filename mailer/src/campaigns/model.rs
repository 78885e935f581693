//! What a campaign is. Pure.

use passerelle_bulletin::Block;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::Lang;

use crate::audience::model::words;

words! {
    /// How far a campaign is.
    State {
        /// Being written.
        Draft = "draft",
        /// Its content is fixed and somebody answers for it.
        Approved = "approved",
        /// Will start by itself.
        Scheduled = "scheduled",
        /// Is leaving.
        Running = "running",
        /// Waits for somebody.
        Paused = "paused",
        /// Everybody was written to who could be.
        Finished = "finished",
        /// Stopped for good.
        Cancelled = "cancelled",
    }
}

impl State {
    /// Whether its content may still change.
    pub fn is_open(self) -> bool {
        self == Self::Draft
    }

    /// Whether its recipients are fixed.
    pub fn has_started(self) -> bool {
        matches!(
            self,
            Self::Running | Self::Paused | Self::Finished | Self::Cancelled
        )
    }
}

/// How far one recipient is, as stored.
pub mod place {
    /// Waits for its turn.
    pub const WAITING: i16 = 0;
    /// Was handed to a connection; nobody knows yet.
    pub const LEAVING: i16 = 1;
    /// Was taken by the mail server.
    pub const ACCEPTED: i16 = 2;
    /// Was refused for good.
    pub const REFUSED: i16 = 3;
    /// Was put off too many times.
    pub const GIVEN_UP: i16 = 4;
    /// Unsubscribed or was blocked after the start.
    pub const LEFT_OUT: i16 = 5;
    /// Came back after it was taken.
    pub const BOUNCED: i16 = 6;
    /// Was taken, and its reader complained.
    pub const COMPLAINED: i16 = 7;
}

/// A campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Identifier.
    pub id: Uuid,
    /// Its number, in the addresses that come back.
    pub number: i32,
    /// Whose it is.
    pub space: Uuid,
    /// Name for us.
    pub name: String,
    /// Whether it carries what a member wrote to a discussion list.
    pub is_post: bool,
    /// How far it is.
    pub state: State,
    /// Its content.
    pub content: Content,
    /// Who receives it.
    pub target: Target,
    /// Whether it is also a page.
    pub is_public: bool,
    /// Mails a second at most; none for as fast as the server's settings allow.
    pub per_second: Option<i32>,
    /// Instants of its life.
    pub times: Times,
    /// Recipients written so far; all of them when `is_prepared`.
    pub prepared: i32,
    /// Whether its recipients are all written.
    pub is_prepared: bool,
    /// Which run may send; changes whenever it is started again.
    pub run: Option<Uuid>,
    /// Why it stopped by itself.
    pub pause_reason: Option<String>,
    /// Root of the table of its recipients, in hexadecimal, once it is finished.
    pub root: Option<String>,
    /// Grows with each change of its content.
    pub version: i64,
}

/// What is said, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Language.
    pub lang: Lang,
    /// Subject.
    pub subject: String,
    /// First words shown after the subject.
    pub preheader: String,
    /// Name of the sender.
    pub from_name: String,
    /// Where answers go; empty for nowhere.
    pub reply_to: String,
    /// Blocks.
    pub blocks: Vec<Block>,
}

/// Who receives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The list; none while nobody chose.
    pub list: Option<Uuid>,
    /// Narrowed by a segment.
    pub segment: Option<Uuid>,
    /// Their names, kept when they are forgotten.
    pub name: String,
}

/// Instants of its life.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// When it starts by itself.
    pub scheduled_at: Option<Micros>,
    /// When somebody answered for its content.
    pub approved_at: Option<Micros>,
    /// When it started.
    pub started_at: Option<Micros>,
    /// When it ended.
    pub finished_at: Option<Micros>,
    /// When it was made.
    pub created_at: Micros,
    /// When it last changed.
    pub updated_at: Micros,
}

/// How many recipients are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Wait.
    pub waiting: i64,
    /// Of which wait because the server put them off.
    pub deferred: i64,
    /// Are leaving.
    pub leaving: i64,
    /// Were taken.
    pub accepted: i64,
    /// Were refused.
    pub refused: i64,
    /// Were put off too many times.
    pub given_up: i64,
    /// Left before their turn.
    pub left_out: i64,
    /// Came back.
    pub bounced: i64,
    /// Complained.
    pub complained: i64,
    /// May have been received twice, after an interruption.
    pub repeated: i64,
}

impl Tally {
    /// Everybody.
    pub fn total(&self) -> i64 {
        self.waiting + self.leaving + self.done()
    }
    /// Who needs nothing more.
    pub fn done(&self) -> i64 {
        self.accepted
            + self.refused
            + self.given_up
            + self.left_out
            + self.bounced
            + self.complained
    }
}
