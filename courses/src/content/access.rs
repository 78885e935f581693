//! Objects that addresses of this slice name, and who may do what to them.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::access::{Action, Loaded, Params, Who};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx};

use super::entity::{attachment, package};
use super::store;

/// A package in its space; address part `{package}`.
#[derive(Clone, Debug)]
pub struct PackageRef {
    /// The package.
    pub package: package::Model,
    /// Its space.
    pub space: Arc<Space>,
}

/// An attachment of a course; address part `{attachment}`.
#[derive(Clone, Debug)]
pub struct AttachmentRef {
    /// The attachment.
    pub attachment: attachment::Model,
    /// Whether whoever asks follows or tutors its course.
    pub belongs: bool,
}

#[async_trait]
impl Loaded for PackageRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let found = store::package_in(ctx.app.db().read(), space.id, params.id("package")?).await?;
        Ok(found.map(|package| Self { package, space }))
    }
}

#[async_trait]
impl Loaded for AttachmentRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let db = ctx.app.db().read();
        let found = store::attachment_for(db, params.id("attachment")?, ctx.who.person()).await?;
        Ok(found.map(|(attachment, belongs)| Self {
            attachment,
            belongs,
        }))
    }
}

/// Read what is known of a package.
#[derive(Clone, Copy, Debug)]
pub struct ReadPackage;

impl Action for ReadPackage {
    type Object = PackageRef;
    const NAME: &'static str = "package.read";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.oversees(of.space.id)
    }
}

/// Delete or preview a package.
#[derive(Clone, Copy, Debug)]
pub struct ManagePackage;

impl Action for ManagePackage {
    type Object = PackageRef;
    const NAME: &'static str = "package.manage";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.manages(of.space.id)
    }
}

/// Read a file of a course: those who make it, tutor it or follow it.
#[derive(Clone, Copy, Debug)]
pub struct ReadAttachment;

impl Action for ReadAttachment {
    type Object = AttachmentRef;
    const NAME: &'static str = "attachment.read";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        of.belongs || who.oversees(of.attachment.space_id)
    }
}
