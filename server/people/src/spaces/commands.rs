//! Opening a space and changing its settings.

use std::sync::Arc;

use passerelle_kernel::db::is_unique_violation;
use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::directory::{Body, Space};
use passerelle_web::{Action, Allowed, AppError, Lang, Role, Who};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter, Set, sea_query::Expr,
};
use serde_json::json;

use super::entity::space;
use super::model::{SpaceSettings, is_slug};
use super::{CHANGED, CREATED};

/// Why a space could not be opened or changed.
#[derive(Debug, thiserror::Error)]
pub enum SpaceError {
    /// Not 2 to 40 letters without accent, digits and hyphens.
    #[error("« {0} » cannot be the slug of a space: 2 to 40 of a-z, 0-9 and -")]
    Slug(String),
    /// Another space has it.
    #[error("the slug « {0} » is taken")]
    SlugTaken(String),
    /// A field is wrong; its name and the id of the message.
    #[error("{0}: {1}")]
    Invalid(&'static str, &'static str),
    /// The space is not there any more.
    #[error("no such space")]
    Gone,
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<SpaceError> for AppError {
    fn from(error: SpaceError) -> Self {
        match error {
            SpaceError::Db(error) => Self::Db(error),
            SpaceError::Gone => Self::NotFound,
            other => Self::internal(other),
        }
    }
}

/// A space to open.
#[derive(Clone, Debug)]
pub struct NewSpace {
    /// Word in addresses: 2 to 40 of `a-z0-9-`.
    pub slug: String,
    /// Name shown.
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    /// Language of its public pages.
    pub lang: Lang,
    /// Accent colour by its name in the style sheet.
    pub accent: Option<String>,
    /// The training body behind it.
    pub body: Body,
}

impl NewSpace {
    /// A French space in metropolitan time, its legal data still to be filled in.
    pub fn new(slug: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            slug: slug.into(),
            name: name.into(),
            zone: "Europe/Paris".to_owned(),
            lang: Lang::Fr,
            accent: None,
            body: Body::default(),
        }
    }
}

/// Changing the settings of a space: administrators only.
#[derive(Debug)]
pub struct EditSpace;

impl Action for EditSpace {
    type Object = Arc<Space>;
    const NAME: &'static str = "space.edit";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.has(space.id, &[Role::Administrator])
    }
}

/// Opens a space and returns its id. Nobody has a role there yet.
pub async fn create_space(tx: &WriteTx, new: NewSpace, actor: Actor) -> Result<Uuid, SpaceError> {
    if !is_slug(&new.slug) {
        return Err(SpaceError::Slug(new.slug));
    }
    let NewSpace {
        slug,
        name,
        zone,
        lang,
        accent,
        body,
    } = new;
    let settings = SpaceSettings {
        name,
        zone,
        lang,
        accent,
        body,
    };
    if let Some((field, message)) = settings.problems().into_iter().next() {
        return Err(SpaceError::Invalid(field, message));
    }
    let id = tx.env().id();
    let row = space::ActiveModel {
        id: Set(id),
        slug: Set(slug.clone()),
        name: Set(settings.name),
        zone: Set(settings.zone),
        lang: Set(lang.code().to_owned()),
        accent: Set(settings.accent),
        body: Set(body_json(&settings.body)?),
        created_at: Set(tx.env().now()),
    };
    row.insert(&**tx).await.map_err(|error| {
        if is_unique_violation(&error) {
            SpaceError::SlugTaken(slug.clone())
        } else {
            error.into()
        }
    })?;
    tx.append(Fact {
        space: id,
        kind: CREATED,
        actor,
        subject: id,
        payload: json!({"slug": slug}),
    })
    .await?;
    Ok(id)
}

/// Changes the settings of a space. The caller invalidates the cache once this is committed.
pub async fn edit_space(
    tx: &WriteTx,
    allowed: &Allowed<EditSpace>,
    settings: &SpaceSettings,
) -> Result<(), SpaceError> {
    if let Some((field, message)) = settings.problems().into_iter().next() {
        return Err(SpaceError::Invalid(field, message));
    }
    let before = super::store::by_id(&**tx, allowed.object().id)
        .await?
        .ok_or(SpaceError::Gone)?;
    let changes = settings.changes(&SpaceSettings::of(&before));
    if changes.is_empty() {
        return Ok(());
    }
    space::Entity::update_many()
        .col_expr(space::Column::Name, Expr::value(settings.name.clone()))
        .col_expr(space::Column::Zone, Expr::value(settings.zone.clone()))
        .col_expr(space::Column::Lang, Expr::value(settings.lang.code()))
        .col_expr(space::Column::Accent, Expr::value(settings.accent.clone()))
        .col_expr(space::Column::Body, Expr::value(body_json(&settings.body)?))
        .filter(space::Column::Id.eq(before.id))
        .exec(&**tx)
        .await?;
    tx.append(Fact {
        space: before.id,
        kind: CHANGED,
        actor: allowed.actor(),
        subject: before.id,
        payload: json!({"fields": changes}),
    })
    .await?;
    Ok(())
}

fn body_json(body: &Body) -> Result<String, DbErr> {
    serde_json::to_string(body).map_err(|e| DbErr::Json(e.to_string()))
}
