//! Pages and exports, as people who are signed in ask for them; against a static
//! page from the same HTTP stack.

use std::net::SocketAddr;

use axum::http::Method;
use passerelle_kernel::Uuid;

use super::client::{Browser, Client};
use super::commits::alternate;
use super::load::Work;
use super::report::Report;
use super::scene::{MANAGER, Scene, TUTOR, open_module};
use super::server::Server;
use super::{BenchError, Plan};
use crate::demo::PASSWORD;

const CONNECTIONS: usize = 8;

/// A page, again and again.
struct Reader {
    browser: Browser,
    path: String,
}

impl Work for Reader {
    async fn once(&mut self) -> Result<(), BenchError> {
        let reply = self.browser.get(&self.path).await?;
        reply.expect(200, &self.path).map(|_| ())
    }
}

/// Opening the player, again and again: the application's page and the content host's.
pub(super) struct Opener {
    browser: Browser,
    content: SocketAddr,
    enrolment: Uuid,
    activity: Uuid,
}

impl Work for Opener {
    async fn once(&mut self) -> Result<(), BenchError> {
        open_module(
            &mut self.browser,
            self.content,
            self.enrolment,
            self.activity,
        )
        .await
        .map(|_| ())
    }
}

/// A static page of the bare target.
struct Static {
    client: Client,
    path: &'static str,
}

impl Work for Static {
    async fn once(&mut self) -> Result<(), BenchError> {
        let reply = self.client.send(Method::GET, self.path, &[], "").await?;
        reply.expect(200, self.path).map(|_| ())
    }
}

/// Measures the pages that people open most, and the heaviest ones.
pub(super) async fn measure(
    plan: &Plan,
    scene: &Scene,
    server: &Server,
    target: &Server,
    report: &mut Report,
) -> Result<(), BenchError> {
    let (first, _) = scene
        .players
        .first()
        .ok_or_else(|| BenchError("nobody is enrolled".into()))?;
    let cohort = scene.cohort;
    let trainee = scene.players.iter().map(|(_, who)| who.as_str());
    let trainees: Vec<&str> = trainee.take(CONNECTIONS).collect();
    let course = format!("/formation/{first}");
    weigh(server, trainees[0], &course, report).await?;
    let pages = [
        ("sign-in page", "/connexion".to_owned(), None, Some(84.0)),
        ("trainee's home", "/accueil".to_owned(), Some(""), None),
        ("course page", String::new(), Some(""), Some(21.0)),
        (
            "tutor's board",
            format!("/groupe/{cohort}"),
            Some(TUTOR),
            Some(4.6),
        ),
        (
            "tutor's board, last page",
            format!("/groupe/{cohort}?page=200"),
            Some(TUTOR),
            None,
        ),
        (
            "manager's groups",
            "/e/accueil/gestion/groupes".to_owned(),
            Some(MANAGER),
            None,
        ),
    ];
    let wanted = if plan.short { 3 } else { pages.len() };
    for (name, path, who, moodle) in pages.into_iter().take(wanted) {
        let mut readers: Vec<Reader> = Vec::new();
        for (n, (enrolment, identifier)) in scene.players.iter().take(CONNECTIONS).enumerate() {
            let mut browser = match who {
                None => Browser::new(server.pages),
                Some("") => Browser::sign_in(server.pages, identifier, PASSWORD).await?,
                Some(who) if n == 0 => Browser::sign_in(server.pages, who, PASSWORD).await?,
                Some(_) => readers.first().map_or_else(
                    || Browser::new(server.pages),
                    |r: &Reader| r.browser.another(server.pages),
                ),
            };
            browser.compressed = true;
            let path = if path.is_empty() {
                format!("/formation/{enrolment}")
            } else {
                path.clone()
            };
            readers.push(Reader { browser, path });
        }
        let (ours, bare) =
            alternate(plan, (readers, server), (statics(target, "/page"), target)).await?;
        report.row(
            &format!("{name}, {CONNECTIONS} connections"),
            ours,
            Some(bare),
            moodle,
        );
    }
    if plan.short {
        return Ok(());
    }
    let openers = openers(scene, server).await?;
    let (ours, bare) =
        alternate(plan, (openers, server), (statics(target, "/page"), target)).await?;
    let name = format!("player: both pages, {CONNECTIONS} connections");
    report.row(&name, ours, Some(bare), Some(22.0));
    export(plan, scene, server, target, report).await
}

/// People who open the player again and again.
pub(super) async fn openers(scene: &Scene, server: &Server) -> Result<Vec<Opener>, BenchError> {
    let mut openers = Vec::new();
    for (enrolment, identifier) in scene.players.iter().take(CONNECTIONS) {
        openers.push(Opener {
            browser: Browser::sign_in(server.pages, identifier, PASSWORD).await?,
            content: server.content,
            enrolment: *enrolment,
            activity: scene.activity,
        });
    }
    Ok(openers)
}

async fn export(
    plan: &Plan,
    scene: &Scene,
    server: &Server,
    target: &Server,
    report: &mut Report,
) -> Result<(), BenchError> {
    let mut browser = Browser::sign_in(server.pages, TUTOR, PASSWORD).await?;
    let path = format!("/groupe/{}/suivi.csv", scene.cohort);
    let text = browser.get(&path).await?.expect(200, &path)?;
    let rows = text.lines().count().saturating_sub(1);
    let readers = vec![Reader { browser, path }];
    let bare = vec![Static {
        client: Client::new(target.pages, &target.pages.to_string()),
        path: "/bytes/1048576",
    }];
    let (ours, bare) = alternate(plan, (readers, server), (bare, target)).await?;
    let name = format!("board as CSV, {rows} rows, {} KiB", text.len() / 1024);
    report.row(&name, ours, Some(bare), Some(0.4));
    Ok(())
}

fn statics(target: &Server, path: &'static str) -> Vec<Static> {
    let host = target.pages.to_string();
    (0..CONNECTIONS)
        .map(|_| Static {
            client: Client::new(target.pages, &host),
            path,
        })
        .collect()
}

/// Requests and bytes of a page: the first visit with all it asks for, and the next.
async fn weigh(
    server: &Server,
    who: &str,
    path: &str,
    report: &mut Report,
) -> Result<(), BenchError> {
    let mut browser = Browser::sign_in(server.pages, who, PASSWORD).await?;
    let text = browser.get(path).await?.expect(200, path)?;
    browser.compressed = true;
    let own = browser.get(path).await?.body.len();
    let mut asked: Vec<&str> = text
        .split(['"', '\''])
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    asked.sort_unstable();
    asked.dedup();
    let mut bytes = own;
    for asset in &asked {
        bytes += browser.get(asset).await?.body.len();
    }
    let kib = |bytes: usize| format!("{:.1} KiB", bytes as f64 / 1024.0);
    report.fact(
        "course page, first visit",
        format!("{} requests, {}", asked.len() + 1, kib(bytes)),
    );
    report.fact(
        "course page, next visit",
        format!("1 request, {}", kib(own)),
    );
    Ok(())
}
