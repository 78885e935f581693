//! Composition: which plugins, on which database, and what runs beside the pages.

use std::collections::HashSet;
use std::net::SocketAddr;

use passerelle_courses::CoursesPlugin;
use passerelle_courses::content::ContentSettings;
use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::PoolSizes;
use passerelle_kernel::jobs::JobRunner;
use passerelle_kernel::journal::{self, JournalKey};
use passerelle_kernel::{Db, Env, Plugin, Registry};
use passerelle_lti::LtiPlugin;
use passerelle_mailer::returns::DoorSettings;
use passerelle_mailer::{Limits, MailerPlugin, MailerSettings, TransportSetting};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_oidc::OidcPlugin;
use passerelle_outgoing::Outgoing;
use passerelle_people::{PasswordCost, PeoplePlugin};
use passerelle_web::app::{App, Beside, DemoAccount, OnStart, Settings};
use passerelle_web::folding;
use passerelle_web::plugin::WebPlugin;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;

/// Why the server cannot start or a command cannot run.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HostError(pub String);

impl HostError {
    /// From anything that says what is wrong, with what was being done.
    pub fn doing<E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> Self + '_ {
        move |error| Self(format!("{what}: {error}"))
    }
}

/// How often the journal is sealed.
const SEAL_EVERY: std::time::Duration = std::time::Duration::from_mins(5);

/// The application and what it needs to run.
pub struct Host {
    /// The application.
    pub app: App,
    /// Runs its jobs.
    pub jobs: JobRunner,
}

/// What can be injected.
pub struct Parts {
    /// Clock, identifiers, randomness.
    pub env: Env,
    /// Mail transport; that of the configuration when none.
    pub transport: Option<TransportSetting>,
    /// Cost of password hashing.
    pub password_cost: PasswordCost,
    /// Accounts that the sign-in page offers.
    pub demo_accounts: Vec<DemoAccount>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            env: Env::system(),
            transport: None,
            password_cost: PasswordCost::default(),
            demo_accounts: Vec::new(),
        }
    }
}

impl Host {
    /// Opens the database (bringing its schema up to date when `migrate`) and composes the plugins.
    pub async fn open(config: &Config, parts: Parts, migrate: bool) -> Result<Self, HostError> {
        std::fs::create_dir_all(&config.data_dir).map_err(HostError::doing("data folder"))?;
        let key_file = config.data_dir.join("journal.key");
        let known = JournalKey::load(&key_file).map_err(HostError::doing("journal key"))?;
        let (key, made) = if let Some(key) = known {
            (key, None)
        } else {
            let made = JournalKey::generate(&parts.env).map_err(HostError::doing("journal key"))?;
            (made.0, Some(made.1))
        };
        let sizes = PoolSizes {
            connections: config.connections,
        };
        let db = Db::connect(&config.database(), sizes, parts.env, key)
            .await
            .map_err(HostError::doing("database"))?;
        if migrate {
            Migrator::up(db.writer_for_schema(), None)
                .await
                .map_err(HostError::doing("schema"))?;
        }
        if let Some(text) = made {
            // Another key would make every entry of the journal look forged.
            let begun = journal::is_begun(&db).await;
            // Without a schema there is no journal yet either.
            if begun.unwrap_or(migrate) {
                return Err(HostError(format!(
                    "{} is missing, and the journal was begun with it: put it back from a backup",
                    key_file.display()
                )));
            }
            JournalKey::write(&key_file, &text).map_err(HostError::doing("journal key"))?;
        }
        let blobs =
            Blobs::in_folder(&config.data_dir.join("blobs")).map_err(HostError::doing("blobs"))?;
        let scratch = config.data_dir.join("scratch");
        std::fs::create_dir_all(&scratch).map_err(HostError::doing("scratch folder"))?;
        let settings = Settings {
            public_url: config.public_url.trim_end_matches('/').to_owned(),
            content_url: config.content_url.trim_end_matches('/').to_owned(),
            content_hosts: config.hosts(),
            home_space: config.home_space.clone(),
            scratch,
            dev: config.dev,
            demo_accounts: parts.demo_accounts,
        };
        let transport = parts.transport.unwrap_or_else(|| mail_transport(config));
        let mailer = mail_settings(config, transport)?;
        let mailer = MailerPlugin::new(&mailer).map_err(HostError::doing("mail"))?;
        let people = PeoplePlugin {
            password_cost: parts.password_cost,
            proxies: config.proxies,
        };
        let off: HashSet<String> = config.disabled.iter().cloned().collect();
        let plugins: [&dyn Plugin; 6] = [
            &WebPlugin,
            &people,
            &CoursesPlugin,
            &LtiPlugin,
            &OidcPlugin,
            &mailer,
        ];
        let registry = Registry::compose(&plugins, &off);
        fold(&db, &registry, migrate).await?;
        let jobs = JobRunner::new(db.clone(), &registry, config.workers);
        let app =
            App::compose(db, blobs, settings, registry).map_err(HostError::doing("plugins"))?;
        app.provide(ContentSettings {
            max_bytes: config.package_max_bytes,
            max_files: config.package_max_files,
        });
        let outgoing = Outgoing::new(config.private_addresses)
            .map_err(HostError::doing("requests that leave"))?;
        app.provide(outgoing);
        for OnStart(start) in app.registry().all::<OnStart>() {
            start(&app);
        }
        Ok(Self { app, jobs })
    }

    /// Starts what runs beside the pages: jobs, sequencer, subscriptions, sealing.
    pub fn start_background(&self, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let db = self.app.db();
        let jobs = self.jobs.clone();
        let stopped = stop.clone();
        let beside = self.app.registry().all::<Beside>();
        let beside = beside.map(|Beside(run)| tokio::spawn(run(self.app.clone(), stop.clone())));
        let mut tasks: Vec<_> = beside.collect();
        tasks.extend([
            tokio::spawn(async move { jobs.run(stopped).await }),
            tokio::spawn(journal::run_sequencer(db.clone(), stop.clone())),
            tokio::spawn(journal::run_subscriptions(
                db.clone(),
                self.app.registry().clone(),
                stop.clone(),
            )),
            tokio::spawn(seal_now_and_then(db.clone(), stop.clone())),
        ]);
        tasks
    }

    /// Serves both addresses until `stop` becomes true, then seals the journal.
    pub async fn serve(
        self,
        listeners: Listeners,
        stop: watch::Receiver<bool>,
    ) -> Result<(), HostError> {
        let background = self.start_background(&stop);
        let pages = passerelle_web::serve::application(&self.app)
            .into_make_service_with_connect_info::<SocketAddr>();
        let content = passerelle_web::serve::content(&self.app);
        let wait = |mut stop: watch::Receiver<bool>| async move {
            while !*stop.borrow() && stop.changed().await.is_ok() {}
        };
        let (a, b) = tokio::join!(
            axum::serve(listeners.pages, pages).with_graceful_shutdown(wait(stop.clone())),
            axum::serve(listeners.content, content).with_graceful_shutdown(wait(stop.clone())),
        );
        a.and(b).map_err(HostError::doing("serving"))?;
        for task in background {
            let _ = task.await;
        }
        let db = self.app.db().clone();
        journal::seal(&db)
            .await
            .map_err(HostError::doing("sealing the journal"))?;
        db.close().await.map_err(HostError::doing("closing"))
    }
}

/// Fills the columns that hold text folded, once the schema has them.
async fn fold(db: &Db, registry: &Registry, migrate: bool) -> Result<(), HostError> {
    if migrate {
        let done = folding::refresh(db, registry).await;
        done.map_err(HostError::doing("folded columns"))?;
    }
    Ok(())
}

/// The two listening sockets.
pub struct Listeners {
    /// The application's.
    pub pages: TcpListener,
    /// The content hosts'.
    pub content: TcpListener,
}

impl Listeners {
    /// Binds both.
    pub async fn bind(pages: SocketAddr, content: SocketAddr) -> Result<Self, HostError> {
        let bind = |at: SocketAddr| async move {
            TcpListener::bind(at)
                .await
                .map_err(|e| HostError(format!("cannot listen on {at}: {e}")))
        };
        Ok(Self {
            pages: bind(pages).await?,
            content: bind(content).await?,
        })
    }
}

/// How mail leaves; the key that signs it is made when there is none.
pub(crate) fn mail_settings(
    config: &Config,
    transport: TransportSetting,
) -> Result<MailerSettings, HostError> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let signer = match some(&config.mail_dkim_selector) {
        Some(selector) => {
            let file = config.data_dir.join("dkim.key");
            let domain = config.mail_from.rsplit_once('@').map_or("", |(_, d)| d);
            let signer = passerelle_mailer::signer(&file, domain, &selector)
                .map_err(HostError::doing("DKIM key"))?;
            Some(signer)
        }
        None => None,
    };
    let imap = some(&config.mail_imap_url).map(|url| url.parse());
    let imap = imap
        .transpose()
        .map_err(HostError::doing("mailbox of returns"))?;
    let lmtp = some(&config.mail_lmtp).map(|at| at.parse());
    let lmtp = lmtp.transpose().map_err(HostError::doing("mail_lmtp"))?;
    let limits = Limits::parse(&config.mail_window, &config.mail_warm_up)
        .map_err(HostError::doing("limits of mail"))?;
    Ok(MailerSettings {
        limits,
        doors: DoorSettings { imap, lmtp },
        return_address: some(&config.mail_return),
        signer,
        connections: config.mail_connections,
        per_second: (config.mail_per_second > 0).then_some(config.mail_per_second),
        ..MailerSettings::new(transport, config.mail_from.clone())
    })
}

fn mail_transport(config: &Config) -> TransportSetting {
    match config.mail_url.strip_prefix("folder:") {
        Some(folder) => TransportSetting::Folder(config.data_dir.join(folder)),
        None => TransportSetting::Smtp(config.mail_url.clone()),
    }
}

async fn seal_now_and_then(db: Db, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(SEAL_EVERY) => {
                if let Err(error) = journal::seal(&db).await {
                    tracing::error!(%error, "the journal could not be sealed");
                }
            }
            _ = stop.changed() => {}
        }
    }
}
