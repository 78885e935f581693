//! Addresses that carry a token of ours.

use passerelle_kernel::Uuid;
use passerelle_post::{Ballot, Returned, Seal};
use passerelle_web::App;

/// What a link of a copy is for: choosing and stopping, which is one page.
const CHOICES: &str = "choices";
/// What a link that confirms an address is for.
const CONFIRMS: &str = "confirms";
/// What the address that bounces come back to is for.
const RETURNS: &str = "returns";

/// Makes the addresses of one application.
#[derive(Clone, Debug)]
pub struct Links {
    seal: Seal,
    public_url: String,
}

impl Links {
    /// With the secret of that application.
    pub fn of(app: &App) -> Self {
        Self {
            seal: Seal::new(app.db().journal_key().derive("mail links")),
            public_url: app.settings().public_url.clone(),
        }
    }

    /// The token of a contact; the campaign is nil outside of any.
    pub fn token(&self, contact: Uuid, campaign: Uuid) -> String {
        let ballot = Ballot {
            contact: contact.into_bytes(),
            campaign: campaign.into_bytes(),
        };
        self.seal.link(CHOICES, &ballot)
    }

    /// The contact and the campaign of a token; none when it is not one of ours.
    pub fn read(&self, token: &str) -> Option<(Uuid, Uuid)> {
        let ballot = self.seal.read_link(CHOICES, token)?;
        Some((
            Uuid::from_bytes(ballot.contact),
            Uuid::from_bytes(ballot.campaign),
        ))
    }

    /// Where somebody confirms that they asked for a list.
    pub fn confirm(&self, contact: Uuid, list: Uuid) -> String {
        let ballot = Ballot {
            contact: contact.into_bytes(),
            campaign: list.into_bytes(),
        };
        let token = self.seal.link(CONFIRMS, &ballot);
        format!("{}/abonnement/{token}", self.public_url)
    }

    /// The contact and the list that a link confirms; none when it is not one of ours.
    pub fn read_confirm(&self, token: &str) -> Option<(Uuid, Uuid)> {
        let ballot = self.seal.read_link(CONFIRMS, token)?;
        Some((
            Uuid::from_bytes(ballot.contact),
            Uuid::from_bytes(ballot.campaign),
        ))
    }

    /// Where somebody chooses what they receive.
    pub fn preferences(&self, token: &str) -> String {
        format!("{}/lettres/{token}", self.public_url)
    }

    /// Where somebody stops receiving.
    pub fn stop(&self, token: &str) -> String {
        format!("{}/lettres/{token}/arret", self.public_url)
    }

    /// Where a published campaign is a page.
    pub fn page(&self, space: &str, number: i32) -> String {
        format!("{}/e/{space}/lettres/{number}", self.public_url)
    }

    /// Where bounces of one copy come back, made of the mailbox that is read.
    pub fn returns_to(&self, mailbox: &str, number: i32, place: i32) -> Option<String> {
        let of = Returned {
            campaign: number.unsigned_abs(),
            place: place.unsigned_abs(),
        };
        self.seal.address(RETURNS, mailbox, of)
    }
}
