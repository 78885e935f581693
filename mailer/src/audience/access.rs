//! Who may see and change contacts and lists: whoever manages the space.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::directory::Space;
use passerelle_web::{Action, AppError, Ctx, Loaded, Params, Who};

use super::model::{Contact, List};
use super::store;

/// A contact in its space; address part `{contact}`.
#[derive(Clone, Debug)]
pub struct ContactRef {
    /// The contact.
    pub contact: Contact,
    /// Its space.
    pub space: Arc<Space>,
}

#[async_trait]
impl Loaded for ContactRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let found = store::contact(ctx.app.db().read(), params.id("contact")?).await?;
        let contact = found.filter(|contact| contact.space == space.id);
        Ok(contact.map(|contact| Self { contact, space }))
    }
}

/// A list in its space; address part `{list}`.
#[derive(Clone, Debug)]
pub struct ListRef {
    /// The list.
    pub list: List,
    /// Its space.
    pub space: Arc<Space>,
}

#[async_trait]
impl Loaded for ListRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let found = store::list(ctx.app.db().read(), params.id("list")?).await?;
        let list = found.filter(|list| list.space == space.id);
        Ok(list.map(|list| Self { list, space }))
    }
}

/// See and add contacts, lists and segments of a space.
#[derive(Clone, Copy, Debug)]
pub struct ManageContacts;

impl Action for ManageContacts {
    type Object = Arc<Space>;
    const NAME: &'static str = "contact.manage";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.manages(space.id)
    }
}

/// Change one contact.
#[derive(Clone, Copy, Debug)]
pub struct EditContact;

impl Action for EditContact {
    type Object = ContactRef;
    const NAME: &'static str = "contact.edit";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.manages(of.space.id)
    }
}

/// Change one list.
#[derive(Clone, Copy, Debug)]
pub struct EditList;

impl Action for EditList {
    type Object = ListRef;
    const NAME: &'static str = "list.edit";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.manages(of.space.id)
    }
}
