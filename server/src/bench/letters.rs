//! A bulletin to 6,600 people into Postfix's `smtp-sink`, beside what Postfix's own `smtp-source`
//! reaches into the same one; then memory for many more recipients, and a segment's count.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use passerelle_kernel::Uuid;
use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::ConnectionTrait;
use passerelle_mailer::audience::model::List;
use passerelle_mailer::campaigns::write_and_approve;
use passerelle_web::directory::Space;
use tokio::process::{Child, Command};

use super::client::Browser;
use super::report::{Report, mib};
use super::scene::{self, MANAGER};
use super::server::Server;
use super::{BenchError, Plan};
use crate::demo::{PASSWORD, readers};
use crate::host::{Host, Parts};

/// People of the bulletin.
pub(super) const PEOPLE: usize = 6_600;
/// Connections at a time, of both.
const AT_ONCE: usize = 10;
/// Why nothing is measured of letters.
pub(super) const NO_POSTFIX: &str =
    "not measured: Debian's postfix (smtp-sink, smtp-source) is not on this machine";
/// Longest wait for a campaign.
const PATIENCE: Duration = Duration::from_hours(1);

/// Measures on the space of the scene, with servers of its own.
pub(super) async fn measure(
    plan: &Plan,
    folder: &Path,
    database: &str,
    report: &mut Report,
) -> Result<(), BenchError> {
    let (Some(sink), Some(source)) = (program("smtp-sink"), program("smtp-source")) else {
        report.fact("letters", NO_POSTFIX.to_owned());
        return Ok(());
    };
    let host = Host::open(&scene::config(folder, database)?, Parts::default(), false)
        .await
        .map_err(told())?;
    let bench = Bench::new(host).await?;
    let dump = folder.join("one.txt");
    let one = bench.list("Une personne", 0, 1).await?;
    let size = {
        let sunk = Sink::start(&sink, Some(&dump)).await?;
        let mut ours = Sender::start(plan, folder, database, sunk.at).await?;
        bench.send(&mut ours, &one).await?;
        drop(ours);
        std::fs::metadata(&dump).map_err(told())?.len()
    };
    report.fact(
        "a signed bulletin",
        format!("{:.1} KiB", size as f64 / 1024.0),
    );
    let list = bench.list("Flash Info", 1, PEOPLE).await?;
    let sunk = Sink::start(&sink, None).await?;
    let mut ours = Sender::start(plan, folder, database, sunk.at).await?;
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        theirs.push(bare(&source, sunk.at, size).await?);
        mine.push(bench.send(&mut ours, &list).await?);
    }
    let (mine, theirs) = (middle(mine), middle(theirs));
    report.fact(
        "6,600 signed bulletins, from the button to the end",
        format!(
            "{:.2} s, {:.0} a second; smtp-source {:.2} s, {:.2} of it",
            mine.as_secs_f64(),
            PEOPLE as f64 / mine.as_secs_f64(),
            theirs.as_secs_f64(),
            theirs.as_secs_f64() / mine.as_secs_f64()
        ),
    );
    many(plan.contacts, &bench, &mut ours, report).await
}

/// Memory for a large list, and the count of a segment over all the contacts.
async fn many(
    contacts: usize,
    bench: &Bench,
    ours: &mut Sender,
    report: &mut Report,
) -> Result<(), BenchError> {
    let peak = ours.server.peak();
    let count = contacts - PEOPLE - 1;
    let large = bench.list("Grande liste", PEOPLE + 1, count).await?;
    ours.server.forget_peak();
    let took = bench.send(ours, &large).await?;
    report.fact(
        &format!("memory at most, {PEOPLE} and {count} recipients"),
        format!(
            "{} and {}; {:.0} a second",
            mib(peak),
            mib(ours.server.peak()),
            count as f64 / took.as_secs_f64()
        ),
    );
    let form = [
        ("name", "x"),
        ("any", "all"),
        ("c0.field", "department"),
        ("c0.how", "is"),
        ("c0.value", "31"),
        ("c1.field", "organisation"),
        ("c1.how", "contains"),
        ("c1.value", "structure 1"),
        ("c2.field", "sent"),
        ("c2.how", "is"),
        ("c2.value", "30"),
        ("do", "count"),
    ];
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let path = "/e/accueil/gestion/segments/nouveau";
        let reply = ours.browser.post(path, &form).await?;
        if reply.status != 200 {
            return Err(BenchError(format!("the segment answered {}", reply.status)));
        }
        times.push(begun.elapsed());
    }
    report.fact(
        &format!("page that counts a segment of three conditions over {contacts} contacts"),
        format!("{:.0} ms", middle(times).as_secs_f64() * 1_000.0),
    );
    Ok(())
}

pub(super) fn program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/usr/libexec/postfix"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Takes mails and forgets them.
pub(super) struct Sink {
    pub at: SocketAddr,
    _child: Child,
}

impl Sink {
    pub async fn start(program: &Path, dump: Option<&Path>) -> Result<Self, BenchError> {
        let at = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(told())?;
        let mut command = Command::new(program);
        if let Some(dump) = dump {
            command.arg("-D").arg(dump);
        } else {
            // It refuses to run as root without a name; one that writes nothing needs no rights.
            command.args(["-u", "nobody"]);
        }
        if dump.is_some() {
            command.args(["-u", "root"]);
        }
        let child = command
            .arg(at.to_string())
            .arg("1000")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(told())?;
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(at).await.is_ok() {
                return Ok(Self { at, _child: child });
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(BenchError("smtp-sink does not listen".to_owned()))
    }
}

/// As many mails of that size on as many connections, which are kept.
async fn bare(program: &Path, at: SocketAddr, size: u64) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    let status = Command::new(program)
        .args(["-d", "-s", &AT_ONCE.to_string(), "-m", &PEOPLE.to_string()])
        .args(["-l", &size.to_string(), "-f", "centre@exemple.test"])
        .args(["-t", "lectrice@exemple.test", &at.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .map_err(told())?;
    if !status.success() {
        return Err(BenchError(format!("smtp-source: {status}")));
    }
    Ok(begun.elapsed())
}

/// A server that sends there, and who presses its buttons.
pub(super) struct Sender {
    pub server: Server,
    browser: Browser,
}

impl Sender {
    pub async fn start(
        plan: &Plan,
        folder: &Path,
        database: &str,
        sink: SocketAddr,
    ) -> Result<Self, BenchError> {
        let settings = [
            ("PASSERELLE_MAIL_URL", format!("smtp://{sink}")),
            ("PASSERELLE_MAIL_FROM", "centre@exemple.test".to_owned()),
            ("PASSERELLE_MAIL_RETURN", "retours@exemple.test".to_owned()),
            ("PASSERELLE_MAIL_DKIM_SELECTOR", "essai".to_owned()),
            ("PASSERELLE_MAIL_CONNECTIONS", AT_ONCE.to_string()),
        ];
        let server = Server::start_with(&plan.program, folder, database, &settings).await?;
        let browser = Browser::sign_in(server.pages, MANAGER, PASSWORD).await?;
        Ok(Self { server, browser })
    }
}

/// The space that writes.
pub(super) struct Bench {
    pub host: Host,
    space: Arc<Space>,
}

impl Bench {
    pub async fn new(host: Host) -> Result<Self, BenchError> {
        let app = &host.app;
        let space = app.directory().space_by_slug(app.db(), "accueil").await;
        let space = space
            .map_err(told())?
            .ok_or_else(|| BenchError("no space".to_owned()))?;
        Ok(Self { host, space })
    }

    /// A list with so many readers.
    pub async fn list(&self, name: &str, from: usize, count: usize) -> Result<List, BenchError> {
        let app = &self.host.app;
        let list = readers::list(app, &self.space, name, "")
            .await
            .map_err(told())?;
        readers::readers(app, &self.space, &list, from..from + count, "exemple.test")
            .await
            .map_err(told())?;
        Ok(list)
    }

    /// Writes a bulletin, sends it by the button and waits for its end.
    async fn send(&self, ours: &mut Sender, list: &List) -> Result<Duration, BenchError> {
        let begun = Instant::now();
        let id = self.press(ours, list).await?;
        self.ended(id).await?;
        Ok(begun.elapsed())
    }

    /// Writes a bulletin and presses its button.
    pub async fn press(&self, ours: &mut Sender, list: &List) -> Result<Uuid, BenchError> {
        let content = readers::bulletin(&self.space);
        let letter = write_and_approve(&self.host.app, self.space.clone(), list, "Flash", content)
            .await
            .map_err(told())?;
        let id = letter.object().campaign.id;
        let path = format!("/e/accueil/gestion/lettres/{id}/envoyer");
        let reply = ours.browser.post(&path, &[]).await?;
        if reply.status != 303 {
            return Err(BenchError(format!("the button answered {}", reply.status)));
        }
        Ok(id)
    }

    /// Waits for the end of a campaign.
    pub async fn ended(&self, id: Uuid) -> Result<(), BenchError> {
        let begun = Instant::now();
        while self.state(id).await? != "finished" {
            if begun.elapsed() > PATIENCE {
                return Err(BenchError("the campaign does not end".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    pub async fn state(&self, id: Uuid) -> Result<String, BenchError> {
        let db = self.host.app.db().read();
        let sql = "SELECT state FROM mail_campaign WHERE id = $1";
        let row = db.query_one_raw(statement(db, sql, [id.into()])).await;
        let row = row.map_err(told())?;
        let row = row.ok_or_else(|| BenchError("no campaign".to_owned()))?;
        row.try_get("", "state").map_err(told())
    }
}

fn told<E: std::fmt::Display>() -> impl FnOnce(E) -> BenchError {
    BenchError::doing("letters")
}
