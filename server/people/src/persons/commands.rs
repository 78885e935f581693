//! Adding, changing, giving and taking back roles.

use passerelle_kernel::db::{is_unique_violation, statement};
use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::scoped::Scoped;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_text::address;
use passerelle_web::directory::NewPerson;
use passerelle_web::form::is_email;
use passerelle_web::text::one_line;
use passerelle_web::{Allowed, AppError, Lang, Role};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, QueryFilter, Set, sea_query::Expr,
};
use serde_json::json;

use super::entity::{person, role_grant, space_person};
use super::model::PersonDraft;
use super::policy::EditPerson;
use super::{CHANGED, CREATED, GRANTED, JOINED, REVOKED, store};
use crate::accounts::{AccountError, NewAccount, create_account};
use crate::names;

/// Why something could not be done to a person.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The person does not belong to the space.
    #[error("this person does not belong to the space")]
    Elsewhere,
    /// A space keeps one administrator.
    #[error("the last administrator of a space keeps the role")]
    LastAdministrator,
    /// The account could not be made.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<PersonError> for AppError {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Db(error) => Self::Db(error),
            PersonError::Account(error) => error.into(),
            PersonError::Elsewhere => Self::NotFound,
            PersonError::LastAdministrator => Self::Conflict("person-error-last-administrator"),
            PersonError::Append(error) => error.into(),
        }
    }
}

/// Makes a person who belongs to `space`, and returns their id. Makes no account.
pub async fn create_person(
    tx: &WriteTx,
    space: Uuid,
    new: &NewPerson,
    lang: Lang,
    actor: Actor,
) -> Result<Uuid, PersonError> {
    let id = tx.env().id();
    // From a form, a list, a platform or the command line: a name is one line.
    let row = person::ActiveModel {
        id: Set(id),
        given_name: Set(one_line(&new.given_name)),
        family_name: Set(one_line(&new.family_name)),
        search_name: Set(names::search_name(&new.given_name, &new.family_name)),
        lang: Set(lang.code().to_owned()),
        created_at: Set(tx.env().now()),
        erased_at: Set(None),
    };
    row.insert(&**tx).await?;
    join(tx, space, id, new).await?;
    tx.append(Fact {
        space,
        kind: CREATED,
        actor,
        subject: id,
        payload: json!({}),
    })
    .await?;
    Ok(id)
}

async fn join(tx: &WriteTx, space: Uuid, id: Uuid, new: &NewPerson) -> Result<(), DbErr> {
    let email = new
        .email
        .as_deref()
        .map(names::identifier)
        .filter(|email| !email.is_empty());
    let row = space_person::ActiveModel {
        space_id: Set(space),
        person_id: Set(id),
        email_key: Set(email.as_deref().map(address::key).unwrap_or_default()),
        email: Set(email),
        organisation: Set(new
            .organisation
            .as_deref()
            .map(one_line)
            .filter(|text| !text.is_empty())),
        created_at: Set(tx.env().now()),
    };
    row.insert(&**tx).await?;
    Ok(())
}

/// How somebody was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the space already.
    Here(Uuid),
    /// Known elsewhere by the identifier and the name, and now in the space too.
    Joined(Uuid),
    /// New.
    New(Uuid),
}

impl Found {
    /// The person.
    pub fn id(self) -> Uuid {
        match self {
            Self::Here(id) | Self::Joined(id) | Self::New(id) => id,
        }
    }
}

/// The person with this address **and** this name, or a new one.
///
/// An address may be shared: alone it never finds anybody, and the second to
/// bring it gets no account, since the identifier is taken. Somebody who signs
/// in with that address elsewhere, under the same name, is the same person.
pub async fn find_or_create(
    tx: &WriteTx,
    space: Uuid,
    new: &NewPerson,
    lang: Lang,
    actor: Actor,
) -> Result<Found, PersonError> {
    let email = new
        .email
        .as_deref()
        .map(names::identifier)
        .filter(|email| !email.is_empty());
    let name = names::search_name(&new.given_name, &new.family_name);
    // Two at once would each find nobody, and make the same person twice.
    tx.hold(space).await?;
    if let Some(id) = store::same(&**tx, space, email.as_deref(), &name).await? {
        return Ok(Found::Here(id));
    }
    if let Some(email) = &email
        && let Some(id) = store::known(&**tx, email, &name).await?
    {
        // They may be in the space already, under another address.
        if store::record(&**tx, space, id).await?.is_some() {
            return Ok(Found::Here(id));
        }
        join(tx, space, id, new).await?;
        tx.append(Fact {
            space,
            kind: JOINED,
            actor,
            subject: id,
            payload: json!({}),
        })
        .await?;
        return Ok(Found::Joined(id));
    }
    let id = create_person(tx, space, new, lang, actor).await?;
    if let Some(identifier) = email.filter(|email| is_email(email)) {
        match create_account(
            tx,
            space,
            id,
            NewAccount {
                identifier,
                password_hash: None,
            },
            actor,
        )
        .await
        {
            Ok(_) | Err(AccountError::IdentifierTaken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Found::New(id))
}

/// Changes what a space knows of a person. The name and the language of somebody who belongs
/// to another space as well stay as they are.
pub async fn edit_person(
    tx: &WriteTx,
    allowed: &Allowed<EditPerson>,
    draft: &PersonDraft,
) -> Result<(), PersonError> {
    let target = allowed.object();
    let (space, id) = (target.space.id, target.record.id);
    let before = store::record(&**tx, space, id)
        .await?
        .ok_or(PersonError::Elsewhere)?;
    let mut changes = Vec::new();
    if !before.is_shared() {
        changes = rename(
            tx,
            id,
            (&before.given_name, &before.family_name, before.lang),
            draft,
        )
        .await?;
    }
    if before.email != draft.email {
        changes.push("email");
    }
    if before.organisation != draft.organisation {
        changes.push("organisation");
    }
    if changes.is_empty() {
        return Ok(());
    }
    Scoped::<space_person::Entity>::of(space)
        .update_many()
        .col_expr(
            space_person::Column::Email,
            Expr::value(draft.email.clone()),
        )
        .col_expr(
            space_person::Column::EmailKey,
            Expr::value(draft.email.as_deref().map(address::key).unwrap_or_default()),
        )
        .col_expr(
            space_person::Column::Organisation,
            Expr::value(draft.organisation.clone()),
        )
        .filter(space_person::Column::PersonId.eq(id))
        .exec(&**tx)
        .await?;
    let payload = json!({"fields": changes});
    tx.append(Fact {
        space,
        kind: CHANGED,
        actor: allowed.actor(),
        subject: id,
        payload,
    })
    .await?;
    Ok(())
}

/// Changes one's own name and language.
pub async fn edit_own(
    tx: &WriteTx,
    id: Uuid,
    before: (&str, &str, Lang),
    draft: &PersonDraft,
) -> Result<(), PersonError> {
    let changes = rename(tx, id, before, draft).await?;
    let Some(space) = store::first_space(&**tx, id)
        .await?
        .filter(|_| !changes.is_empty())
    else {
        return Ok(());
    };
    let payload = json!({"fields": changes});
    tx.append(Fact {
        space,
        kind: CHANGED,
        actor: Actor::Person(id),
        subject: id,
        payload,
    })
    .await?;
    Ok(())
}

/// Gives another name to somebody who goes by `from` and belongs to that space only; false when
/// they do not.
pub async fn rename_from(
    tx: &WriteTx,
    space: Uuid,
    id: Uuid,
    from: (&str, &str),
    (given, family): (&str, &str),
) -> Result<bool, PersonError> {
    let record = store::record(&**tx, space, id).await?;
    let record = record.filter(|of| (of.given_name.as_str(), of.family_name.as_str()) == from);
    let Some(before) = record.filter(|of| !of.is_shared()) else {
        return Ok(false);
    };
    let draft = PersonDraft {
        given_name: given.trim().to_owned(),
        family_name: family.trim().to_owned(),
        email: before.email.clone(),
        organisation: before.organisation.clone(),
        lang: before.lang,
    };
    let known = (
        before.given_name.as_str(),
        before.family_name.as_str(),
        before.lang,
    );
    let changes = rename(tx, id, known, &draft).await?;
    tx.append(Fact {
        space,
        kind: CHANGED,
        actor: Actor::Person(id),
        subject: id,
        payload: json!({"fields": changes}),
    })
    .await?;
    Ok(true)
}

async fn rename(
    tx: &WriteTx,
    id: Uuid,
    (given, family, lang): (&str, &str, Lang),
    draft: &PersonDraft,
) -> Result<Vec<&'static str>, DbErr> {
    let mut changes = Vec::new();
    if given != draft.given_name {
        changes.push("given_name");
    }
    if family != draft.family_name {
        changes.push("family_name");
    }
    if lang != draft.lang {
        changes.push("lang");
    }
    if !changes.is_empty() {
        let sql = "UPDATE person SET given_name = $1, family_name = $2, search_name = $3, lang = $4 WHERE id = $5";
        let values = [
            draft.given_name.as_str().into(),
            draft.family_name.as_str().into(),
            names::search_name(&draft.given_name, &draft.family_name).into(),
            draft.lang.code().into(),
            id.into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    Ok(changes)
}

/// Gives a person of the space a role; false when they have it already.
pub async fn grant(
    tx: &WriteTx,
    space: Uuid,
    person: Uuid,
    role: Role,
    actor: Actor,
) -> Result<bool, PersonError> {
    let record = store::record(&**tx, space, person)
        .await?
        .ok_or(PersonError::Elsewhere)?;
    if record.roles.contains(&role) {
        return Ok(false);
    }
    let row = role_grant::ActiveModel {
        id: Set(tx.env().id()),
        space_id: Set(space),
        person_id: Set(person),
        role: Set(role.code().to_owned()),
        granted_at: Set(tx.env().now()),
        ended_at: Set(None),
    };
    match row.insert(&**tx).await {
        Ok(_) => {}
        Err(error) if is_unique_violation(&error) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    tx.append(Fact {
        space,
        kind: GRANTED,
        actor,
        subject: person,
        payload: json!({"role": role.code()}),
    })
    .await?;
    Ok(true)
}

/// Takes a role back; false when they do not have it. The last administrator keeps theirs.
pub async fn revoke(
    tx: &WriteTx,
    space: Uuid,
    person: Uuid,
    role: Role,
    actor: Actor,
) -> Result<bool, PersonError> {
    let record = store::record(&**tx, space, person)
        .await?
        .ok_or(PersonError::Elsewhere)?;
    if !record.roles.contains(&role) {
        return Ok(false);
    }
    if role == Role::Administrator && store::holders(&**tx, space, role).await? <= 1 {
        return Err(PersonError::LastAdministrator);
    }
    Scoped::<role_grant::Entity>::of(space)
        .update_many()
        .col_expr(role_grant::Column::EndedAt, Expr::value(tx.env().now()))
        .filter(role_grant::Column::PersonId.eq(person))
        .filter(role_grant::Column::Role.eq(role.code()))
        .filter(role_grant::Column::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    tx.append(Fact {
        space,
        kind: REVOKED,
        actor,
        subject: person,
        payload: json!({"role": role.code()}),
    })
    .await?;
    Ok(true)
}
