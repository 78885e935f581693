//! The directory of persons and spaces, as other plugins may use it.
//!
//! The plugin that owns these tables provides it as a registry entry; nobody
//! else reads them.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Db, Registry, Uuid, WriteTx};
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::lang::Lang;

/// A space: the resource centre, or a small structure to which it lends the platform.
#[derive(Clone, Debug, Serialize)]
pub struct Space {
    /// Identifier.
    pub id: Uuid,
    /// Word in addresses.
    pub slug: String,
    /// Name shown.
    pub name: String,
    /// IANA time zone: `Europe/Paris`.
    pub zone: String,
    /// Language of its public pages.
    pub lang: Lang,
    /// Accent colour, `#rrggbb`.
    pub accent: Option<String>,
    /// The training body behind it, for documents and legal pages.
    pub body: Body,
}

/// The training body, as documents name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Legal name.
    pub legal_name: String,
    /// Postal address, lines separated by `\n`.
    pub address: String,
    /// SIRET number.
    pub siret: String,
    /// Activity declaration number (NDA).
    pub declaration_number: String,
    /// Region that registered it.
    pub declaration_region: String,
    /// Legal representative.
    pub representative: String,
    /// Quality of the representative.
    pub representative_quality: String,
    /// Place where documents are signed.
    pub place: String,
    /// Telephone.
    pub phone: String,
    /// Contact address.
    pub email: String,
    /// Data protection officer.
    pub data_protection_contact: String,
    /// Disability officer (référent·e handicap).
    pub disability_contact: String,
    /// Who hosts the server.
    pub host: String,
}

/// A person, as others may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonCard {
    /// Identifier.
    pub id: Uuid,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Address within the space asked about; optional, not unique.
    pub email: Option<String>,
    /// Preferred language.
    pub lang: Lang,
    /// Employer or structure.
    pub organisation: Option<String>,
}

impl PersonCard {
    /// « Amina Benali ».
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
            .trim()
            .to_owned()
    }
    /// « BENALI Amina », as lists show it. They sort by [`PersonCard::sort_key`].
    pub fn listed_name(&self) -> String {
        format!("{} {}", self.family_name.to_uppercase(), self.given_name)
            .trim()
            .to_owned()
    }
    /// What lists sort by, the same as on both databases.
    pub fn sort_key(&self) -> String {
        passerelle_text::fold::name_key(&self.given_name, &self.family_name)
    }
    /// Whether a name or an address has every one of these words.
    pub fn has(&self, words: &[passerelle_text::fold::Word]) -> bool {
        let (name, email) = (self.sort_key(), self.email.as_deref().unwrap_or_default());
        let email = passerelle_text::fold::fold(email);
        words.iter().all(|word| word.is_in(&name, &email))
    }
}

/// A person to find or make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// Given name, not empty.
    pub given_name: String,
    /// Family name, not empty.
    pub family_name: String,
    /// Address, checked by the caller.
    pub email: Option<String>,
    /// Employer or structure.
    pub organisation: Option<String>,
}

/// Persons and spaces.
#[async_trait]
pub trait Directory: Send + Sync {
    /// A space by the word in its addresses.
    async fn space_by_slug(&self, db: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr>;
    /// A space.
    async fn space(&self, db: &Db, id: Uuid) -> Result<Option<Arc<Space>>, DbErr>;
    /// Persons by id, with their address in `space`; one statement.
    async fn persons(
        &self,
        db: &Db,
        space: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, PersonCard>, DbErr>;
    /// Persons of a space whose name or address contains `text`; at most `limit`.
    async fn search(
        &self,
        db: &Db,
        space: Uuid,
        text: &str,
        limit: u64,
    ) -> Result<Vec<PersonCard>, DbErr>;
    /// Persons of a space with a role.
    async fn with_role(&self, db: &Db, space: Uuid, role: Role) -> Result<Vec<PersonCard>, DbErr>;
    /// The only person of the space with this address; none when several share it. Nobody is
    /// recognised so who does not say who they are: it tells whom a mailing address belongs to.
    async fn by_address(
        &self,
        _tx: &WriteTx,
        _space: Uuid,
        _address: &str,
    ) -> Result<Option<Uuid>, DbErr> {
        Ok(None)
    }
    /// Persons of a space who have one of these addresses, however each is written; one statement.
    /// An address may be shared.
    async fn by_addresses(
        &self,
        db: &Db,
        space: Uuid,
        addresses: &[String],
    ) -> Result<Vec<PersonCard>, DbErr>;
    /// The person of the space with this address **and** this name, or a new one.
    /// With an address, an account with that sign-in identifier is made when the identifier is free.
    async fn find_or_create(
        &self,
        tx: &WriteTx,
        space: Uuid,
        person: &NewPerson,
    ) -> Result<Uuid, DbErr>;
    /// Gives another name to somebody of the space who goes by `from` (given and family name), and
    /// tells whoever keeps it; false when they go by another one, or belong to another space too.
    async fn rename(
        &self,
        _registry: &Registry,
        _tx: &WriteTx,
        _person: (Uuid, Uuid),
        _from: (&str, &str),
        _to: (&str, &str),
    ) -> Result<bool, DbErr> {
        Ok(false)
    }
    /// A one-time sign-in address valid for `hours`, leading to `next`; none when the person has no account.
    async fn sign_in_link(
        &self,
        tx: &WriteTx,
        person: Uuid,
        hours: i64,
        next: &str,
    ) -> Result<Option<String>, DbErr>;
}

/// Registry entry: who provides the directory.
#[derive(Clone)]
pub struct DirectoryEntry(pub Arc<dyn Directory>);

/// Registry entry of a plugin that keeps something made from a person's name.
#[derive(Clone)]
pub struct RenamedEntry(pub Arc<dyn Renamed>);

/// Told of a person's new name within the write that changes it.
///
/// Sorting names of tens of thousands of persons on each page would cost what
/// the page costs; a plugin that lists people may keep the sort name of the view
/// `person_sort_name` beside its own rows, and refreshes it here.
#[async_trait]
pub trait Renamed: Send + Sync {
    /// The person has another name now.
    async fn renamed(&self, tx: &WriteTx, person: Uuid) -> Result<(), DbErr>;
}

/// Tells every plugin that asked of a person's new name.
pub async fn tell_renamed(registry: &Registry, tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
    for RenamedEntry(listener) in registry.all::<RenamedEntry>() {
        listener.renamed(tx, person).await?;
    }
    Ok(())
}

/// Registry entry of a plugin that holds something open for a person beside their sessions.
#[derive(Clone)]
pub struct ShutOutEntry(pub Arc<dyn ShutOut>);

/// Told of a person whose account is closed, or who signs out everywhere, within the same write.
///
/// What lets somebody in without a session (a page that still sends work, an
/// address that is a secret) does not end with their sessions: whoever hands
/// such a thing out takes it back here, at once.
#[async_trait]
pub trait ShutOut: Send + Sync {
    /// Nothing that was opened for the person may go on.
    async fn shut_out(&self, tx: &WriteTx, person: Uuid) -> Result<(), DbErr>;
}

/// Tells every plugin that asked that nothing of a person may go on.
pub async fn tell_shut_out(registry: &Registry, tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
    for ShutOutEntry(listener) in registry.all::<ShutOutEntry>() {
        listener.shut_out(tx, person).await?;
    }
    Ok(())
}
