//! What people wait for while a queue waits: commits and the player's two pages with nothing
//! waiting, with many mails waiting to leave, and while a campaign leaves; and how long it takes
//! until nothing waits any more.
//!
//! Ten thousand mails in the queue made commits twenty times slower once, unseen.

use std::path::Path;
use std::time::{Duration, Instant};

use passerelle_kernel::Db;
use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::ConnectionTrait;
use passerelle_web::lang::Lang;
use passerelle_web::mail::{self, Mail};

use super::letters::{self, Bench, NO_POSTFIX, Sender, Sink, program};
use super::load::{Measured, closed_loop, middle};
use super::report::Report;
use super::scene::{self, Scene};
use super::server::Server;
use super::{BenchError, Plan, commits, pages};
use crate::host::{Host, Parts};

/// Connections that commit.
const CONNECTIONS: usize = 16;
/// Mails put in the queue by one transaction.
const CHUNK: usize = 500;
/// Longest wait for the queue to be empty.
const PATIENCE: Duration = Duration::from_mins(30);

/// Commits and pages, measured at one time.
#[derive(Clone, Copy)]
struct Both {
    commits: Measured,
    player: Option<Measured>,
}

/// Measures on the scene's own server, then on one that sends a campaign.
pub(super) async fn measure(
    plan: &Plan,
    scene: &Scene,
    (folder, database): (&Path, &str),
    server: &Server,
    report: &mut Report,
) -> Result<(), BenchError> {
    let host = Host::open(&scene::config(folder, database)?, Parts::default(), false)
        .await
        .map_err(told())?;
    let db = host.app.db().clone();
    until_nothing_waits(&db).await?;
    let quiet = both(plan, scene, server).await?;
    tell(report, "nothing waiting", quiet, quiet);
    fill(&host, plan.waiting).await?;
    let begun = Instant::now();
    let busy = both(plan, scene, server).await?;
    let name = format!("{} mails waiting", plan.waiting);
    tell(report, &name, busy, quiet);
    until_nothing_waits(&db).await?;
    let took = begun.elapsed().as_secs_f64();
    let rate = plan.waiting as f64 / took;
    report.fact(
        &format!("{name}: until none does, the measures above included"),
        format!("{took:.1} s, {rate:.0} a second"),
    );
    if plan.short {
        return Ok(());
    }
    campaign(plan, scene, (folder, database), host, quiet, report).await
}

/// Waits until nothing waits: the scene leaves a mail for everybody who was enrolled.
pub(super) async fn settle(folder: &Path, database: &str) -> Result<(), BenchError> {
    let host = Host::open(&scene::config(folder, database)?, Parts::default(), false)
        .await
        .map_err(told())?;
    let db = host.app.db().clone();
    until_nothing_waits(&db).await?;
    db.close().await.map_err(told())
}

async fn campaign(
    plan: &Plan,
    scene: &Scene,
    (folder, database): (&Path, &str),
    host: Host,
    quiet: Both,
    report: &mut Report,
) -> Result<(), BenchError> {
    let Some(sink) = program("smtp-sink") else {
        report.fact("beside a campaign", NO_POSTFIX.to_owned());
        return Ok(());
    };
    let bench = Bench::new(host).await?;
    let list = bench.list("À côté", 0, letters::PEOPLE).await?;
    let sunk = Sink::start(&sink, None).await?;
    let mut ours = Sender::start(plan, folder, database, sunk.at).await?;
    until_nothing_waits(bench.host.app.db()).await?;
    let begun = Instant::now();
    let letter = bench.press(&mut ours, &list).await?;
    let beside = both(plan, scene, &ours.server).await?;
    let left = bench.state(letter).await? != "finished";
    bench.ended(letter).await?;
    tell(report, "a campaign of 6,600 leaving", beside, quiet);
    let when = if left {
        ""
    } else {
        " (ended before the measures did)"
    };
    report.fact(
        "a campaign of 6,600 beside commits and players, to its end",
        format!("{:.1} s{when}", begun.elapsed().as_secs_f64()),
    );
    Ok(())
}

fn tell(report: &mut Report, when: &str, now: Both, quiet: Both) {
    let of = |name: &str| format!("{name}, {when}");
    report.beside(&of("commit, 16 connections"), now.commits, quiet.commits);
    if let (Some(now), Some(quiet)) = (now.player, quiet.player) {
        report.beside(&of("player: both pages, 8 connections"), now, quiet);
    }
}

async fn both(plan: &Plan, scene: &Scene, server: &Server) -> Result<Both, BenchError> {
    let mut players = commits::players(scene, server, CONNECTIONS, false).await?;
    let mut rounds = Vec::new();
    players = closed_loop(players, plan.lasting / 4, server).await?.0;
    for _ in 0..plan.rounds {
        let (back, measured) = closed_loop(players, plan.lasting, server).await?;
        players = back;
        rounds.push(measured);
    }
    let commits = middle(rounds);
    if plan.short {
        return Ok(Both {
            commits,
            player: None,
        });
    }
    let mut openers = pages::openers(scene, server).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        let (back, measured) = closed_loop(openers, plan.lasting, server).await?;
        openers = back;
        rounds.push(measured);
    }
    Ok(Both {
        commits,
        player: Some(middle(rounds)),
    })
}

/// Puts so many mails in the queue: the server sends them into a folder meanwhile.
async fn fill(host: &Host, count: usize) -> Result<(), BenchError> {
    let app = &host.app;
    let mut made = 0;
    while made < count {
        let tx = app.db().write().await.map_err(told())?;
        for _ in 0..CHUNK.min(count - made) {
            let to = format!("personne.{made}@exemple.test");
            mail::send(&tx, &one(app.env().id(), to))
                .await
                .map_err(told())?;
            made += 1;
        }
        tx.commit().await.map_err(told())?;
    }
    Ok(())
}

fn one(id: passerelle_kernel::Uuid, to: String) -> Mail {
    Mail {
        id,
        to,
        to_name: "Une personne".to_owned(),
        from_name: "Centre de ressources".to_owned(),
        reply_to: None,
        subject: "Votre semaine".to_owned(),
        text: "Bonjour,\n\nvotre semaine commence.\n".repeat(20),
        html: "<p>Bonjour,</p><p>votre semaine commence.</p>".repeat(20),
        lang: Lang::Fr,
        attachments: Vec::new(),
        space: None,
        about: None,
        unsubscribe: None,
        secret: false,
    }
}

async fn until_nothing_waits(db: &Db) -> Result<(), BenchError> {
    let begun = Instant::now();
    let sql =
        "SELECT 1 AS one FROM job WHERE state IN ('waiting', 'running') AND run_at <= $1 LIMIT 1";
    loop {
        // The lease of a job under way ends within a minute.
        let soon = db.env().now() + 61 * passerelle_kernel::env::SECOND;
        let conn = db.read();
        let row = conn
            .query_one_raw(statement(conn, sql, [soon.into()]))
            .await;
        if row.map_err(told())?.is_none() {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            return Err(BenchError("the queue does not empty".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn told<E: std::fmt::Display>() -> impl FnOnce(E) -> BenchError {
    BenchError::doing("what waits")
}
