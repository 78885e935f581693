//! Signing in with an account that somebody else keeps (OpenID Connect Core 1.0).
//!
//! A provider belongs to a space ([`providers`]): its administrators give an address, the rest is
//! discovered. Whoever comes back from it is recognised by issuer and subject only
//! ([`signing_in`]), never by an address or a name that it claims; the first time, they sign in
//! to the account that they have here, and link the two themselves. What a message must be is
//! decided in [`protocol`], which knows no page and no table.

pub mod protocol;
pub mod providers;
pub mod signing_in;

use passerelle_kernel::{Plugin, Registry};
use passerelle_web::app::OnStart;
use passerelle_web::assets::{Embedded, Locales, Views};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*.hbs"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

/// The plugin. The host provides [`Outgoing`](passerelle_outgoing::Outgoing) as a service.
#[derive(Clone, Copy, Debug, Default)]
pub struct OidcPlugin;

impl Plugin for OidcPlugin {
    fn name(&self) -> &'static str {
        "oidc"
    }

    fn register(&self, r: &mut Registry) {
        r.add(Views(Embedded::of::<ViewFiles>("oidc")))
            .add(Locales(Embedded::of::<LocaleFiles>("oidc")))
            .add(OnStart(|app| {
                app.provide(providers::known::Known::default());
            }));
        providers::register(r);
        signing_in::register(r);
    }
}
