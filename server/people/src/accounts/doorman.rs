//! Sessions of people whom another server has recognised.

use async_trait::async_trait;
use axum::response::Response;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::Ctx;
use passerelle_web::access::{Doorman, Lends};
use sea_orm::DbErr;

use super::commands::{AccountError, NewAccount, create_account};
use super::model::device;
use super::sessions::keep;
use super::store;
use crate::persons::store::spaces_of;

/// Who made these accounts, in the journal.
const REASON: &str = "recognised by another server";

/// Opens the door to whom another server has recognised.
#[derive(Clone, Copy, Debug)]
pub struct Door;

#[async_trait]
impl Doorman for Door {
    async fn admit(
        &self,
        tx: &WriteTx,
        space: Uuid,
        person: Uuid,
        agent: &str,
        lends: Lends,
    ) -> Result<Option<String>, DbErr> {
        let of = (lends, space);
        let (token, device) = (tx.env().token(), device(agent));
        if store::admit(tx, person, &token, &device, of)
            .await?
            .is_some()
        {
            return Ok(Some(token));
        }
        // An account that is there all the same is closed.
        if store::by_person(&**tx, person).await?.is_some() {
            return Ok(None);
        }
        let new = unreachable(person);
        create_account(tx, space, person, new, Actor::System(REASON))
            .await
            .map_err(|error| match error {
                AccountError::Db(error) => error,
                other => DbErr::Custom(other.to_string()),
            })?;
        let opened = store::admit(tx, person, &token, &device, of).await?;
        Ok(opened.map(|_| token))
    }

    async fn spaces_of(&self, tx: &WriteTx, person: Uuid) -> Result<Vec<Uuid>, DbErr> {
        spaces_of(&**tx, person).await
    }

    fn keep(&self, ctx: &Ctx, response: Response, token: &str) -> Response {
        keep(ctx, response, token)
    }
}

/// An account without password, whose identifier is nobody's address: no link can be asked for it.
fn unreachable(person: Uuid) -> NewAccount {
    NewAccount {
        identifier: format!("externe-{person}"),
        password_hash: None,
    }
}
