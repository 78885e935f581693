//! Who may do what to persons.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::directory::Space;
use passerelle_web::{Action, AppError, Ctx, Loaded, Params, Role, Who};

use super::store::{self, PersonRecord};

/// A person, seen from a space they belong to.
#[derive(Clone, Debug)]
pub struct PersonInSpace {
    /// The space.
    pub space: Arc<Space>,
    /// The person.
    pub record: PersonRecord,
}

#[async_trait]
impl Loaded for PersonInSpace {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let record = store::record(ctx.app.db().read(), space.id, params.id("person")?).await?;
        Ok(record.map(|record| Self { space, record }))
    }
}

/// Reading the list of a space.
#[derive(Debug)]
pub struct ListPersons;
/// Adding somebody to a space.
#[derive(Debug)]
pub struct CreatePerson;
/// Reading about one person.
#[derive(Debug)]
pub struct ViewPerson;
/// Changing what a space knows of a person.
#[derive(Debug)]
pub struct EditPerson;
/// Giving an account, inviting, closing, opening again.
#[derive(Debug)]
pub struct ManageAccount;
/// Giving and taking back roles.
#[derive(Debug)]
pub struct ManageRoles;

impl Action for ListPersons {
    type Object = Arc<Space>;
    const NAME: &'static str = "person.list";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.oversees(space.id)
    }
}

impl Action for CreatePerson {
    type Object = Arc<Space>;
    const NAME: &'static str = "person.create";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.manages(space.id)
    }
}

impl Action for ViewPerson {
    type Object = PersonInSpace;
    const NAME: &'static str = "person.view";
    fn allows(who: &Who, target: &Self::Object) -> bool {
        who.oversees(target.space.id)
    }
}

impl Action for EditPerson {
    type Object = PersonInSpace;
    const NAME: &'static str = "person.edit";
    fn allows(who: &Who, target: &Self::Object) -> bool {
        may_touch(who, target)
    }
}

impl Action for ManageAccount {
    type Object = PersonInSpace;
    const NAME: &'static str = "account.manage";
    fn allows(who: &Who, target: &Self::Object) -> bool {
        may_touch(who, target)
    }
}

impl Action for ManageRoles {
    type Object = PersonInSpace;
    const NAME: &'static str = "role.manage";
    fn allows(who: &Who, target: &Self::Object) -> bool {
        who.has(target.space.id, &[Role::Administrator])
    }
}

/// Administrators touch everybody, managers only those without a role: an address that a
/// manager could change would otherwise receive an administrator's sign-in link.
fn may_touch(who: &Who, target: &PersonInSpace) -> bool {
    let space = target.space.id;
    who.has(space, &[Role::Administrator])
        || (who.has(space, &[Role::Manager]) && target.record.roles.is_empty())
}
