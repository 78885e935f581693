//! LTI 1.3, both ways: courses of ours opened from other people's platforms,
//! other people's tools opened from our courses.
//!
//! As a tool, four slices: [`keys`] (what signs and what verifies), [`platforms`] (who may
//! launch: registered by hand or by one address to paste), [`launches`] (the
//! login that a platform begins, the launch that ends it, where it leads) and
//! `grades` (what goes back to the platform as people progress). As a platform,
//! two: `tools` (registered, opened, picked from) and `services` (what they ask
//! of us: scores, line items, members). What
//! a message must say is decided by `passerelle-lti-protocol`, which knows no
//! web and no database.

mod calling;
mod grades;
pub mod keys;
pub mod launches;
pub mod platforms;
mod reasons;
mod recipients;
mod rosters;
mod services;
mod steps;
pub mod tools;

use std::sync::Arc;

use passerelle_kernel::{Plugin, Registry};
use passerelle_web::access::RecipientsEntry;
use passerelle_web::app::OnStart;
use passerelle_web::assets::{Assets, Embedded, Locales, Views};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*.hbs"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct AssetFiles;

/// The plugin of LTI. The host provides [`Outgoing`](passerelle_outgoing::Outgoing) as a service.
#[derive(Clone, Copy, Debug, Default)]
pub struct LtiPlugin;

impl Plugin for LtiPlugin {
    fn name(&self) -> &'static str {
        "lti"
    }

    fn register(&self, r: &mut Registry) {
        r.add(Views(Embedded::of::<ViewFiles>("lti")))
            .add(Locales(Embedded::of::<LocaleFiles>("lti")))
            .add(Assets(Embedded::of::<AssetFiles>("lti")))
            .add(RecipientsEntry(Arc::new(recipients::Connected)))
            .add(OnStart(|app| {
                app.provide(keys::KnownKeys::default());
                app.provide(calling::Tokens::default());
            }));
        grades::register(r);
        keys::register(r);
        platforms::register(r);
        launches::register(r);
        tools::register(r);
        services::register(r);
        rosters::register(r);
    }
}
