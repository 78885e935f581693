//! What came back, and what it changes. Pure.

use passerelle_kernel::env::DAY;
use passerelle_kernel::{Micros, Uuid};
use passerelle_returns::Severity;

use crate::audience::model::{Status, words};

words! {
    /// What came back.
    Kind {
        /// The address does not exist or takes no mail.
        Hard = "hard",
        /// Something that may pass: a full mailbox, a server away.
        Soft = "soft",
        /// The message was refused, not the address.
        Policy = "policy",
        /// We were: the address of our server, its rate, its reputation.
        Sender = "sender",
        /// Its reader complained to whoever keeps the mailbox.
        Complaint = "complaint",
    }
}

impl From<Severity> for Kind {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Hard => Self::Hard,
            Severity::Soft => Self::Soft,
            Severity::Policy => Self::Policy,
            Severity::Sender => Self::Sender,
        }
    }
}

/// Messages that came back for good before the address is written to no more.
const HARD: i64 = 1;
/// Messages that came back for a while before the address is written to no more.
const SOFT: i64 = 4;
/// What came back before that long says nothing any more.
pub const MEMORY: Micros = 120 * DAY;

/// Refusals of us by one kind of mailbox before a campaign of `recipients` waits for somebody.
/// Mailboxes that are of no known kind have nothing in common: a few small servers that refuse us
/// hold nobody else's letter.
pub fn refusals_of_us(is_one_provider: bool, recipients: i64) -> i64 {
    match is_one_provider {
        true => 3,
        false => (recipients / 100).max(3),
    }
}

/// How many messages to one contact came back, since it was last said to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// For good.
    pub hard: i64,
    /// For a while.
    pub soft: i64,
    /// With a complaint.
    pub complaints: i64,
}

impl Counts {
    /// What becomes of the contact; none when nothing does.
    pub fn verdict(&self) -> Option<Status> {
        if self.complaints > 0 {
            Some(Status::Blocked)
        } else if self.hard >= HARD || self.soft >= SOFT {
            Some(Status::Bounced)
        } else {
            None
        }
    }
}

/// One thing that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// What tells it from any other, so that it counts once.
    pub digest: String,
    /// Whose it was; nil for a mail of no space.
    pub space: Uuid,
    /// Whom it was for, when they are known.
    pub contact: Option<Uuid>,
    /// The campaign and the place in it, for a copy.
    pub copy: Option<(Uuid, i32)>,
    /// The mail, when it is no copy.
    pub mail: Option<Uuid>,
    /// What it says.
    pub kind: Kind,
    /// `5.1.1`; empty when not said.
    pub status: String,
    /// What the server said, addresses masked; one line.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hard_bounce_four_soft_ones_or_one_complaint_are_enough() {
        let counts = |hard, soft, complaints| Counts {
            hard,
            soft,
            complaints,
        };
        assert_eq!(counts(0, 3, 0).verdict(), None);
        assert_eq!(counts(0, 4, 0).verdict(), Some(Status::Bounced));
        assert_eq!(counts(1, 0, 0).verdict(), Some(Status::Bounced));
        assert_eq!(counts(1, 0, 1).verdict(), Some(Status::Blocked));
    }
}
