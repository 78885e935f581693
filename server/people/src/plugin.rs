//! What the plugin adds to the registry.

use std::sync::Arc;

use passerelle_kernel::{Plugin, Registry};
use passerelle_web::access::{AuthenticatorEntry, DoormanEntry};
use passerelle_web::assets::{Embedded, Locales, Views};
use passerelle_web::directory::{DirectoryEntry, Space};
use passerelle_web::limits::PlacesEntry;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::place::Proxies;
use passerelle_web::{Ctx, Role};
use rust_embed::RustEmbed;

use crate::accounts::authenticator::Sessions;
use crate::accounts::doorman::Door;
use crate::accounts::places::Attempts;
use crate::accounts::sessions::Accounts;
use crate::accounts::{self, Hasher, PasswordCost};
use crate::directory::PeopleDirectory;
use crate::persons;
use crate::spaces::web::Spaces;
use crate::spaces::{self, SpaceCache};

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*.hbs"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

/// Persons, accounts and spaces.
#[derive(Clone, Copy, Debug, Default)]
pub struct PeoplePlugin {
    /// What one password hash costs; the default for a real server.
    pub password_cost: PasswordCost,
    /// Proxies of ours in front of the server; see [`Proxies`].
    pub proxies: usize,
}

impl Plugin for PeoplePlugin {
    fn name(&self) -> &'static str {
        "people"
    }

    fn register(&self, r: &mut Registry) {
        let cache = Arc::new(SpaceCache::default());
        r.add(Views(Embedded::of::<ViewFiles>("people")))
            .add(Locales(Embedded::of::<LocaleFiles>("people")))
            .add(DirectoryEntry(Arc::new(PeopleDirectory::new(
                cache.clone(),
            ))))
            .add(Spaces(cache))
            .add(AuthenticatorEntry(Arc::new(Sessions)))
            .add(DoormanEntry(Arc::new(Door)))
            .add(PlacesEntry(Arc::new(Attempts)))
            .add(Accounts {
                hasher: Hasher::new(self.password_cost),
            })
            .add(Proxies(self.proxies))
            .add(NavEntry { items: navigation });
        for folded in crate::names::FOLDED {
            r.add(folded);
        }
        spaces::register(r);
        persons::register(r);
        accounts::register(r);
    }
}

/// « Personnes » for who reads the space, « Espace » for its administrators, « Mon compte » last.
fn navigation(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    let mut items = Vec::new();
    if let Some(space) = space {
        if ctx.who.oversees(space.id) {
            let href = format!("/e/{}/gestion/personnes", space.slug);
            items.push(NavItem {
                rank: 700,
                href,
                label: "person-nav",
                icon: "users",
            });
        }
        if ctx.who.has(space.id, &[Role::Administrator]) {
            let href = format!("/e/{}/gestion/espace", space.slug);
            items.push(NavItem {
                rank: 710,
                href,
                label: "space-nav",
                icon: "settings",
            });
        }
    }
    if ctx.who.0.is_some() {
        items.push(NavItem {
            rank: 900,
            href: "/mon-compte".to_owned(),
            label: "account-nav",
            icon: "user",
        });
    }
    items
}
