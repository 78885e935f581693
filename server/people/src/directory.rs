//! The directory of persons and spaces, as other plugins ask for it.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::env::HOUR;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Db, Registry, Uuid, WriteTx};
use passerelle_web::directory::{Directory, NewPerson, PersonCard, Space, tell_renamed};
use passerelle_web::{Lang, Role};
use sea_orm::DbErr;

use crate::accounts::model::link_may_travel;
use crate::accounts::store::{self as accounts, NewLink, Purpose};
use crate::persons::{PersonError, commands, store as persons};
use crate::spaces::{SpaceCache, store as spaces};

/// The directory over our tables; spaces come from a cache.
#[derive(Clone, Debug)]
pub struct PeopleDirectory {
    spaces: Arc<SpaceCache>,
}

impl PeopleDirectory {
    /// With that cache of spaces.
    pub fn new(spaces: Arc<SpaceCache>) -> Self {
        Self { spaces }
    }
}

#[async_trait]
impl Directory for PeopleDirectory {
    async fn space_by_slug(&self, db: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr> {
        self.spaces.by_slug(db, slug).await
    }

    async fn space(&self, db: &Db, id: Uuid) -> Result<Option<Arc<Space>>, DbErr> {
        self.spaces.by_id(db, id).await
    }

    async fn persons(
        &self,
        db: &Db,
        space: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, PersonCard>, DbErr> {
        persons::cards(db.read(), space, ids).await
    }

    async fn search(
        &self,
        db: &Db,
        space: Uuid,
        text: &str,
        limit: u64,
    ) -> Result<Vec<PersonCard>, DbErr> {
        persons::search(db.read(), space, text, limit).await
    }

    async fn with_role(&self, db: &Db, space: Uuid, role: Role) -> Result<Vec<PersonCard>, DbErr> {
        persons::with_role(db.read(), space, role).await
    }

    async fn by_address(
        &self,
        tx: &WriteTx,
        space: Uuid,
        address: &str,
    ) -> Result<Option<Uuid>, DbErr> {
        persons::by_address(&**tx, space, address).await
    }

    async fn by_addresses(
        &self,
        db: &Db,
        space: Uuid,
        addresses: &[String],
    ) -> Result<Vec<PersonCard>, DbErr> {
        persons::by_addresses(db.read(), space, addresses).await
    }

    async fn find_or_create(
        &self,
        tx: &WriteTx,
        space: Uuid,
        person: &NewPerson,
    ) -> Result<Uuid, DbErr> {
        let lang = spaces::by_id(&**tx, space)
            .await?
            .map_or(Lang::Fr, |space| space.lang);
        let actor = Actor::System("enrolment");
        match commands::find_or_create(tx, space, person, lang, actor).await {
            Ok(found) => Ok(found.id()),
            Err(PersonError::Db(error)) => Err(error),
            Err(error) => Err(DbErr::Custom(error.to_string())),
        }
    }

    async fn rename(
        &self,
        registry: &Registry,
        tx: &WriteTx,
        (space, person): (Uuid, Uuid),
        from: (&str, &str),
        to: (&str, &str),
    ) -> Result<bool, DbErr> {
        let renamed = commands::rename_from(tx, space, person, from, to).await;
        let renamed = renamed.map_err(|error| match error {
            PersonError::Db(error) => error,
            error => DbErr::Custom(error.to_string()),
        })?;
        if renamed {
            tell_renamed(registry, tx, person).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// The path of the link, to put after the public address. None also when the person belongs to
    /// several spaces that write to different addresses: one space must not receive another's link.
    async fn sign_in_link(
        &self,
        tx: &WriteTx,
        person: Uuid,
        hours: i64,
        next: &str,
    ) -> Result<Option<String>, DbErr> {
        let account = accounts::by_person(&**tx, person)
            .await?
            .filter(|account| account.disabled_at.is_none());
        let Some(account) = account else {
            return Ok(None);
        };
        let known = accounts::addresses(&**tx, &[person]).await?;
        let known: Vec<Option<String>> = known.into_iter().map(|(_, address)| address).collect();
        if !link_may_travel(&account.identifier, &known) {
            return Ok(None);
        }
        let token = tx.env().token();
        let link = NewLink {
            token: &token,
            account: account.id,
            purpose: Purpose::SignIn,
            next: Some(next),
            lifetime: hours.saturating_mul(HOUR),
        };
        accounts::insert_link(tx, link).await?;
        Ok(Some(format!("/connexion/lien/{token}")))
    }
}
