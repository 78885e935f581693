//! What the web itself brings: its views, words, assets, the components' page.

use passerelle_kernel::{Plugin, Registry};
use rust_embed::RustEmbed;
use serde_json::json;

use crate::assets::{Assets, Embedded, Locales, Views};
use crate::components;
use crate::context::Ctx;
use crate::error::AppError;
use crate::routes::{Access, Routes};
use crate::{state, stored};

#[derive(RustEmbed)]
#[folder = "views/"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct AssetFiles;

/// The shell, the components and their page.
#[derive(Clone, Copy, Debug)]
pub struct WebPlugin;

impl Plugin for WebPlugin {
    fn name(&self) -> &'static str {
        "web"
    }

    fn register(&self, r: &mut Registry) {
        r.add(Views(Embedded::of::<ViewFiles>("web")))
            .add(Locales(Embedded::of::<LocaleFiles>("web")))
            .add(Assets(Embedded::of::<AssetFiles>("web")))
            .add(Routes::new().get("/dev/look", Access::Public, look));
        stored::register(r);
        state::register(r);
    }
}

/// Every component in every state; on a developer's machine and in tests only.
async fn look(ctx: Ctx) -> Result<axum::response::Response, AppError> {
    if !ctx.app.settings().dev {
        return Err(AppError::NotFound);
    }
    ctx.page("dev/look", ctx.t("look-title"))
        .wide()
        .render(json!({"samples": components::samples()}))
}
