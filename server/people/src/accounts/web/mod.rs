//! Pages of accounts: signing in, links, invitations, one's own account.

mod invitation;
mod link;
mod mine;
mod sign_in;

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::access::SignedIn;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Action, App, AppError, Ctx, Loaded, Params, Who};

use super::sessions::Accounts;

/// Routes of the slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/connexion", Access::Public, sign_in::page)
        .post("/connexion", Access::Public, sign_in::submit)
        .post("/sign-out", Access::Public, sign_in::leave)
        .get("/connexion/lien", Access::Public, link::ask)
        .post("/connexion/lien", Access::Public, link::send)
        .get("/connexion/lien/{token}", Access::Public, link::page)
        .secret()
        .post("/connexion/lien/{token}", Access::Public, link::enter)
        .secret()
        .get("/invitation/{token}", Access::Public, invitation::page)
        .secret()
        .post("/invitation/{token}", Access::Public, invitation::submit)
        .secret()
        .get("/mon-compte", Access::SignedIn, mine::page)
        .post("/mon-compte", Access::SignedIn, mine::profile)
        .post("/mon-compte/mot-de-passe", Access::SignedIn, mine::password)
        .post(
            "/mon-compte/mot-de-passe/lien",
            Access::SignedIn,
            mine::password_link,
        )
        .post(
            "/mon-compte/deconnecter-partout",
            Access::SignedIn,
            mine::leave_everywhere,
        )
}

/// Whoever is signed in, as the owner of their own account.
#[derive(Clone, Debug)]
pub struct Myself(pub Arc<SignedIn>);

#[async_trait]
impl Loaded for Myself {
    async fn load(ctx: &Ctx, _: &Params) -> Result<Option<Self>, AppError> {
        ctx.who
            .0
            .clone()
            .map(|who| Some(Self(who)))
            .ok_or(AppError::SignIn)
    }
}

/// Reading and changing one's own account.
#[derive(Debug)]
pub struct OwnAccount;

impl Action for OwnAccount {
    type Object = Myself;
    const NAME: &'static str = "account.own";
    fn allows(who: &Who, object: &Self::Object) -> bool {
        who.0
            .as_ref()
            .is_some_and(|who| who.account == object.0.account)
    }
}

fn accounts(app: &App) -> Result<&Accounts, AppError> {
    app.registry()
        .all::<Accounts>()
        .next()
        .ok_or_else(|| AppError::internal("no accounts"))
}

/// Whole minutes to wait, one at least.
fn minutes(ctx: &Ctx, until: passerelle_kernel::Micros) -> i64 {
    let minute = passerelle_kernel::env::MINUTE;
    ((until - ctx.now + minute - 1) / minute).max(1)
}
