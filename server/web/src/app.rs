//! What every handler can reach: database, blobs, templates, words, settings.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, RwLock, Weak};

use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::{Db, Env, Registry};
use tokio::sync::watch;

use crate::assets::PublicAssets;
use crate::directory::{Directory, DirectoryEntry};
use crate::i18n::Words;
use crate::render::Templates;

/// How content is separated: a host for each attempt, or one for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentHosts {
    /// `LABEL.content.example.net`, one origin for each attempt.
    Wildcard,
    /// One content host; for small installations, phones and Safari.
    Single,
}

/// What the configuration says that pages need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address of the application, without a final slash: `https://app.example.net`.
    pub public_url: String,
    /// Address of the content host, without a final slash; in wildcard mode its parent domain.
    pub content_url: String,
    /// How content is separated.
    pub content_hosts: ContentHosts,
    /// Slug of the space shown at `/`.
    pub home_space: String,
    /// Folder of incoming and unfinished files.
    pub scratch: std::path::PathBuf,
    /// Whether `/dev/…` pages exist.
    pub dev: bool,
    /// Accounts to show on the sign-in page of a demonstration.
    pub demo_accounts: Vec<DemoAccount>,
}

/// An account of the demonstration.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DemoAccount {
    /// What it is for.
    pub role: String,
    /// Identifier.
    pub identifier: String,
    /// Password.
    pub password: String,
}

impl Settings {
    /// Origin of the content of one attempt.
    pub fn content_origin(&self, label: &str) -> String {
        match (self.content_hosts, self.content_url.split_once("://")) {
            (ContentHosts::Wildcard, Some((scheme, host))) => format!("{scheme}://{label}.{host}"),
            _ => self.content_url.clone(),
        }
    }

    /// Whether the application is served over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The application; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    blobs: Blobs,
    settings: Settings,
    registry: Arc<Registry>,
    templates: Templates,
    words: Words,
    assets: PublicAssets,
    directory: Arc<dyn Directory>,
    services: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

/// Why the application could not be composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template does not parse.
    #[error("template {0}")]
    Template(String),
    /// A translation file does not parse.
    #[error("translations {0}")]
    Words(String),
    /// No plugin knows the people.
    #[error("no plugin provides a directory of people")]
    NoDirectory,
}

impl App {
    /// Puts together what the plugins registered.
    pub fn compose(
        db: Db,
        blobs: Blobs,
        settings: Settings,
        registry: Registry,
    ) -> Result<Self, ComposeError> {
        let assets = PublicAssets::collect(&registry);
        let words = Words::collect(&registry)?;
        let templates = Templates::collect(&registry, &words, &assets)?;
        let directory = registry
            .all::<DirectoryEntry>()
            .next()
            .map(|entry| entry.0.clone())
            .ok_or(ComposeError::NoDirectory)?;
        let app = Self(Arc::new(Inner {
            db,
            blobs,
            settings,
            registry: Arc::new(registry),
            templates,
            words,
            assets,
            directory,
            services: RwLock::default(),
        }));
        for slot in app.registry().all::<AppSlot>() {
            // Filled once: a registry belongs to one application.
            let _ = slot.0.set(WeakApp(Arc::downgrade(&app.0)));
        }
        Ok(app)
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    /// Clock, identifiers and randomness.
    pub fn env(&self) -> &Env {
        self.0.db.env()
    }
    /// Large immutable bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }
    /// What the configuration says.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// What the plugins added.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.0.registry
    }
    /// Templates.
    pub fn templates(&self) -> &Templates {
        &self.0.templates
    }
    /// Translations.
    pub fn words(&self) -> &Words {
        &self.0.words
    }
    /// Style sheets, scripts and pictures.
    pub fn assets(&self) -> &PublicAssets {
        &self.0.assets
    }
    /// The persons and spaces.
    pub fn directory(&self) -> &dyn Directory {
        &*self.0.directory
    }

    /// Keeps a service of a plugin, one for each type, made once the application stands.
    pub fn provide<T: Any + Send + Sync>(&self, service: T) {
        let mut services = self
            .0
            .services
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        services.insert(TypeId::of::<T>(), Arc::new(service));
    }

    /// A service kept by [`App::provide`].
    pub fn service<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let services = self
            .0
            .services
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        services.get(&TypeId::of::<T>()).cloned()?.downcast().ok()
    }
}

/// The application, for those whom it owns.
#[derive(Clone)]
pub struct WeakApp(Weak<Inner>);

impl WeakApp {
    /// The application, while it stands.
    pub fn upgrade(&self) -> Option<App> {
        self.0.upgrade().map(App)
    }
}

/// Registry entry: where to put the application once it stands.
#[derive(Clone, Default)]
pub struct AppSlot(pub Arc<OnceLock<WeakApp>>);

/// What runs beside the pages, once.
pub type Besides =
    dyn Fn(App, watch::Receiver<bool>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// Registry entry: runs beside the pages of a server until the channel says true.
#[derive(Clone)]
pub struct Beside(pub Arc<Besides>);

/// Registry entry: run once the application stands, before it serves.
#[derive(Clone, Copy)]
pub struct OnStart(pub fn(&App));
