//! Composition: which plugins, on which database, and what runs beside the pages.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use passerelle_courses::CoursesPlugin;
use passerelle_courses::content::ContentSettings;
use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::{PoolSizes, background};
use passerelle_kernel::jobs::JobRunner;
use passerelle_kernel::journal;
use passerelle_kernel::{Db, Env, Plugin, Registry};
use passerelle_lti::LtiPlugin;
use passerelle_mailer::returns::DoorSettings;
use passerelle_mailer::{Limits, MailerPlugin, MailerSettings, TransportSetting};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_oidc::OidcPlugin;
use passerelle_outgoing::Outgoing;
use passerelle_people::{PasswordCost, PeoplePlugin};
use passerelle_web::app::{App, Beside, DemoAccount, OnStart, Settings};
use passerelle_web::listening::seats::Seats;
use passerelle_web::listening::{self, Patience, Reception};
use passerelle_web::place::Proxies;
use passerelle_web::plugin::WebPlugin;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::data::Data;

/// Files that may be open at most; raised when the program starts, as far as the system lets it.
pub const OPEN_FILES: u64 = 65_536;

/// Files that this process may have open now.
pub fn open_files() -> u64 {
    rlimit::Resource::NOFILE.get_soft().unwrap_or(1024)
}

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
    /// The key file of the journal, when the server is new and it was just made.
    pub new_key: Option<PathBuf>,
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
    /// Opens the database and composes the plugins. Whoever is `founding` brings the schema up to
    /// date and, for a new server, makes the data folder and its keys; anybody else finds them
    /// there, or is told what is missing.
    pub async fn open(config: &Config, parts: Parts, founding: bool) -> Result<Self, HostError> {
        let data = Data::find(config, founding)?;
        let (db, new_key) = open_database(config, &data, parts.env).await?;
        let blobs = Blobs::in_folder(&data.within("blobs")).map_err(HostError::doing("blobs"))?;
        let scratch = data.within("scratch");
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
        let mailer = mail_settings(config, &data, transport)?;
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
        Ok(Self { app, jobs, new_key })
    }

    /// Starts what runs beside the pages: jobs, sequencer, subscriptions, sealing.
    pub fn start_background(&self, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let db = self.app.db();
        let jobs = self.jobs.clone();
        let stopped = stop.clone();
        let beside = self.app.registry().all::<Beside>();
        let beside =
            beside.map(|Beside(run)| tokio::spawn(background(run(self.app.clone(), stop.clone()))));
        let mut tasks: Vec<_> = beside.collect();
        tasks.extend([
            tokio::spawn(async move { jobs.run(stopped).await }),
            tokio::spawn(background(journal::run_sequencer(db.clone(), stop.clone()))),
            tokio::spawn(background(journal::run_subscriptions(
                db.clone(),
                self.app.registry().clone(),
                stop.clone(),
            ))),
            tokio::spawn(background(seal_now_and_then(db.clone(), stop.clone()))),
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
        let pages = passerelle_web::serve::application(&self.app);
        let content = passerelle_web::serve::content(&self.app);
        let reception = Reception {
            seats: Seats::for_files(open_files()),
            patience: Patience::default(),
            proxies: Proxies::of(&self.app),
        };
        tokio::join!(
            listening::serve(listeners.pages, pages, reception.clone(), stop.clone()),
            listening::serve(listeners.content, content, reception, stop.clone()),
        );
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

/// The database with its journal's key; and where that key was written, when it is new.
async fn open_database(
    config: &Config,
    data: &Data,
    env: Env,
) -> Result<(Db, Option<PathBuf>), HostError> {
    let (key, made) = data.key(&env)?;
    data.open_database()?;
    let sizes = PoolSizes {
        connections: config.connections,
    };
    let name = config.database_shown();
    let db = Db::connect(&config.database(), sizes, env, key)
        .await
        .map_err(HostError::doing(&format!("database {name}")))?;
    if data.is_founding() {
        Migrator::up(db.writer_for_schema(), None)
            .await
            .map_err(HostError::doing(&format!("schema of {name}")))?;
    }
    let Some(text) = made else {
        if data.is_founding() {
            data.make()?;
        }
        return Ok((db, None));
    };
    // Another key would make every entry of the journal look forged. Without a schema there is no
    // journal yet either.
    let begun = journal::is_begun(&db).await;
    let file = data.key_file();
    if begun.unwrap_or(true) {
        return Err(HostError(format!(
            "{} is missing, and the journal was begun with it: put it back from a backup",
            file.display()
        )));
    }
    data.keep_key(&text)?;
    Ok((db, Some(file.to_owned())))
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
    data: &Data,
    transport: TransportSetting,
) -> Result<MailerSettings, HostError> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let signer = match some(&config.mail_dkim_selector) {
        Some(selector) => {
            let file = data.within("dkim.key");
            if !data.is_founding() && !file.exists() {
                return Err(HostError(format!(
                    "{} is missing (mail_dkim_selector asks for it): `passerelle serve` or `passerelle migrate` makes it",
                    file.display()
                )));
            }
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

pub(crate) fn mail_transport(config: &Config) -> TransportSetting {
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
