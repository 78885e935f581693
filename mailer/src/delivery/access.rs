//! Who may see the outbox. Jobs carry no space yet, so it belongs to the home
//! space: only its administrators see what fails, for the whole server.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::directory::Space;
use passerelle_web::{Action, AppError, Ctx, Loaded, Params, Role, Who};

/// The space that the server shows first.
#[derive(Clone, Debug)]
pub struct HomeSpace(pub Arc<Space>);

#[async_trait]
impl Loaded for HomeSpace {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        if params.text("space") != Some(ctx.app.settings().home_space.as_str()) {
            return Ok(None);
        }
        Ok(Arc::<Space>::load(ctx, params).await?.map(Self))
    }
}

/// Seeing what waits and what failed.
#[derive(Clone, Copy, Debug)]
pub struct ReadOutbox;

impl Action for ReadOutbox {
    type Object = HomeSpace;
    const NAME: &'static str = "mail.outbox";
    fn allows(who: &Who, home: &HomeSpace) -> bool {
        who.has(home.0.id, &[Role::Administrator])
    }
}

/// Asking for failed mails to be tried again.
#[derive(Clone, Copy, Debug)]
pub struct RetryMail;

impl Action for RetryMail {
    type Object = HomeSpace;
    const NAME: &'static str = "mail.retry";
    fn allows(who: &Who, home: &HomeSpace) -> bool {
        ReadOutbox::allows(who, home)
    }
}
