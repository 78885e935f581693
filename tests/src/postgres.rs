//! A throw-away PostgreSQL server shared by all test processes of one run.
//!
//! The first process that needs it starts it; `test-postgres stop` ends it. It
//! listens on a socket in its folder only, and its data live on a memory disk
//! when there is one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folder of the cluster, one for each user of the machine.
fn folder() -> PathBuf {
    let base = if Path::new("/dev/shm").is_dir() {
        "/dev/shm"
    } else {
        "/tmp"
    };
    Path::new(base).join("passerelle-test-postgres")
}

fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    versions
        .map(|v| v.path().join("bin").join(name))
        .find(|p| p.exists())
        .unwrap_or_else(|| name.into())
}

/// PostgreSQL refuses to run as root: another user then runs it.
fn as_user(program: &Path) -> Command {
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn run(mut command: Command) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("PostgreSQL's programs (Debian: postgresql) can be run");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn is_running() -> bool {
    let mut command = as_user(&program("pg_ctl"));
    command
        .arg("-D")
        .arg(folder().join("data"))
        .arg("status")
        .stdin(Stdio::null());
    command.output().is_ok_and(|o| o.status.success())
}

/// Address of a database of the cluster, which is started when it is not running.
pub fn url(database: &str) -> String {
    if let Ok(url) = std::env::var("PASSERELLE_TEST_POSTGRES") {
        return format!("{url}/{database}");
    }
    ensure();
    let socket = folder().display().to_string().replace('/', "%2F");
    format!("postgres://tester@{socket}/{database}")
}

/// Removes a database of the cluster that is not used any more; what still talks to it is cut off.
pub fn drop_database(url: &str) {
    let Some((server, name)) = url.rsplit_once('/') else {
        return;
    };
    let mut command = Command::new(program("dropdb"));
    command
        .arg(format!("--maintenance-db={server}/postgres"))
        .args(["--force", "--if-exists", name]);
    // The cluster is thrown away as a whole: a database that stays only takes room.
    let _ = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

fn ensure() {
    std::fs::create_dir_all(folder()).expect("folder of the test server");
    let lock = std::fs::File::create(folder().join("lock")).expect("lock of the test server");
    lock.lock().expect("lock of the test server");
    if !is_running() {
        begin(&folder(), "-c max_connections=300");
    }
}

/// Makes a cluster in that folder, from nothing, and starts it there.
fn begin(folder: &Path, settings: &str) {
    let data = folder.join("data");
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir(&data).expect("data folder");
    for path in [folder, &data] {
        // 65534 is `nobody`; without root the folder is ours already.
        let _ = std::os::unix::fs::chown(path, Some(65534), Some(65534));
    }
    let mut init = as_user(&program("initdb"));
    init.arg("-D").arg(&data).args([
        "-U",
        "tester",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-instructions",
    ]);
    run(init);
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' {settings}",
        folder.display()
    );
    let mut start = as_user(&program("pg_ctl"));
    start
        .arg("-D")
        .arg(&data)
        .arg("-l")
        .arg(data.join("log"))
        .arg("-w")
        .arg("-o")
        .arg(options)
        .arg("start");
    // The server must not hold on to the output of the test that started it.
    start
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null());
    assert!(
        start.status().expect("pg_ctl runs").success(),
        "the server did not start: see {}",
        data.join("log").display()
    );
}

/// A server of one test or one measure, in a folder of its own.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
}

impl Cluster {
    /// Starts one with those settings (`-c name=value …`).
    pub fn start(folder: &Path, settings: &str) -> Self {
        std::fs::create_dir_all(folder).expect("folder of the cluster");
        begin(folder, settings);
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Address of its database of that name.
    pub fn url(&self, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://tester@{socket}/{database}")
    }

    /// Makes an empty database; its address.
    pub fn create(&self, database: &str) -> String {
        let mut command = as_user(&program("createdb"));
        command
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "tester", database]);
        run(command);
        self.url(database)
    }

    /// The process that starts all others.
    pub fn pid(&self) -> u32 {
        let text = std::fs::read_to_string(self.folder.join("data/postmaster.pid"));
        let first = text
            .expect("the server runs")
            .lines()
            .next()
            .map(str::parse);
        first.and_then(Result::ok).expect("a process")
    }

    /// Stops it.
    pub fn stop(&self) {
        let mut command = as_user(&program("pg_ctl"));
        command
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-m", "immediate", "-w", "stop"]);
        run(command);
    }
}

/// Stops the server and removes its data.
pub fn stop() {
    if is_running() {
        let mut command = as_user(&program("pg_ctl"));
        command
            .arg("-D")
            .arg(folder().join("data"))
            .args(["-m", "immediate", "-w", "stop"]);
        run(command);
    }
    let _ = std::fs::remove_dir_all(folder());
}

/// Starts the server.
pub fn start() {
    ensure();
}
