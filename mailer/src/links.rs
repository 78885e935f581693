//! Addresses that carry a token of ours.

use passerelle_kernel::{Db, Uuid};
use passerelle_post::{Ballot, Returned, Seal};
use passerelle_web::App;

/// What a link of a copy is for: choosing and stopping, which is one page.
const CHOICES: &str = "choices";
/// What a link that confirms an address is for.
const CONFIRMS: &str = "confirms";
/// What the address that bounces come back to is for.
const RETURNS: &str = "returns";
/// What the address that a mail program writes to for its reader to stop is for.
const STOPS: &str = "stops";
/// What the address that answers come to is for.
const ANSWERS: &str = "answers";
/// What the address of the page that other servers tell of returns on is for.
const TOLD: &str = "told returns";

/// In place of a campaign, in the links of an alert of the watch.
pub const ALERTS: Uuid = Uuid::from_u128(0x616c_6572_7473);

/// What an address of ours that something came to is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A copy came back: number of its campaign, its place.
    Returned(i32, i32),
    /// Its reader wants to stop.
    Stop(i32, i32),
    /// Its reader answers.
    Answer(i32, i32),
    /// A mail that is no copy came back.
    Mail(Uuid),
}

/// Makes the addresses of one application.
#[derive(Clone, Debug)]
pub struct Links {
    seal: Seal,
    public_url: String,
}

impl Links {
    /// With the secret of that application.
    pub fn of(app: &App) -> Self {
        Self::with(app.db(), &app.settings().public_url)
    }

    /// With the secret of that database; links lead nowhere without an address.
    pub(crate) fn with(db: &Db, public_url: &str) -> Self {
        Self {
            seal: Seal::new(db.journal_key().derive("mail links")),
            public_url: public_url.to_owned(),
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
        self.seal.address(RETURNS, mailbox, copy(number, place))
    }

    /// Where a mail program writes for the reader of one copy to stop.
    pub fn stops_at(&self, mailbox: &str, number: i32, place: i32) -> Option<String> {
        self.seal.address(STOPS, mailbox, copy(number, place))
    }

    /// Where answers to one copy come.
    pub fn answers_to(&self, mailbox: &str, number: i32, place: i32) -> Option<String> {
        self.seal.address(ANSWERS, mailbox, copy(number, place))
    }

    /// Where a mail that is no copy comes back.
    pub fn mail_returns_to(&self, mailbox: &str, mail: Uuid) -> Option<String> {
        self.seal.address_about(RETURNS, mailbox, mail.into_bytes())
    }

    /// What an address is about; none when it is not one of ours.
    pub fn arrival(&self, address: &str) -> Option<Arrival> {
        type Of = fn(i32, i32) -> Arrival;
        let kinds: [(&str, Of); 3] = [
            (RETURNS, Arrival::Returned),
            (STOPS, Arrival::Stop),
            (ANSWERS, Arrival::Answer),
        ];
        for (purpose, of) in kinds {
            if let Some(found) = self.seal.read_address(purpose, address) {
                let number = |n: u32| i32::try_from(n).ok();
                return Some(of(number(found.campaign)?, number(found.place)?));
            }
        }
        let mail = self.seal.read_address_about(RETURNS, address)?;
        Some(Arrival::Mail(Uuid::from_bytes(mail)))
    }

    /// The page that other servers tell of returns on: who has its address may do so.
    pub fn told_at(&self) -> String {
        let word = self.seal.word(TOLD);
        format!("{}/courrier/retours/{word}", self.public_url)
    }

    /// Whether a word is that of the page's address.
    pub fn is_told(&self, word: &str) -> bool {
        self.seal.is_word(TOLD, word)
    }
}

fn copy(number: i32, place: i32) -> Returned {
    Returned {
        campaign: number.unsigned_abs(),
        place: place.unsigned_abs(),
    }
}
