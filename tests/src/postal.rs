//! Real mail servers for tests: Postfix takes, refuses, puts off and bounces; Dovecot lets what
//! came back be read by IMAP. Each test has its own, in its own folder, on the loopback only.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use mail_parser::MessageParser;
use tempfile::TempDir;

/// Who owns delivered mail; no account of the machine has it.
const OWNER: u32 = 5000;
const READY_WITHIN: Duration = Duration::from_secs(20);

const MAIN: &str = "compatibility_level = 3.6
queue_directory = @FOLDER@/postfix/queue
data_directory = @FOLDER@/postfix/data
maillog_file = @FOLDER@/log/postfix.log
maillog_file_prefixes = @FOLDER@
enable_long_queue_ids = yes
myhostname = mx.exemple.test
myorigin = exemple.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.1/32
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
mydestination =
relay_domains =
local_recipient_maps =
alias_maps =
alias_database =
local_transport = error:5.1.1 nothing is local
default_transport = error:5.4.4 nothing leaves
relay_transport = error:5.4.4 nothing leaves
notify_classes =
recipient_delimiter = +
smtputf8_enable = yes
virtual_mailbox_domains = exemple.test autre.test
virtual_mailbox_base = @FOLDER@/mail
virtual_mailbox_maps = regexp:@FOLDER@/postfix/etc/boxes
virtual_alias_maps =
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
virtual_mailbox_limit = 0
mailbox_size_limit = 0
smtpd_reject_unlisted_recipient = no
transport_maps = inline:{
    {rebond@exemple.test = error:5.1.1 No such box}
    {plein@exemple.test = error:5.2.2 The box is full} }
message_size_limit = 5242880
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{
    {inconnu@exemple.test = 550 5.1.1 Nobody has that name}
    {plus-tard@exemple.test = 450 4.2.1 Come back later} }
smtpd_tls_security_level = none
smtp_tls_security_level = none
local_header_rewrite_clients =
append_dot_mydomain = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
smtpd_client_recipient_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 100000
smtpd_hard_error_limit = 100000
smtpd_junk_command_limit = 100000
in_flow_delay = 0
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
";

const MASTER: &str = "127.0.0.1:@PORT@ inet n - n - - smtpd
cleanup  unix  n - n -   0 cleanup
qmgr     unix  n - n 300 1 qmgr
rewrite  unix  - - n -   - trivial-rewrite
bounce   unix  - - n -   0 bounce
defer    unix  - - n -   0 bounce
trace    unix  - - n -   0 bounce
error    unix  - - n -   - error
retry    unix  - - n -   - error
virtual  unix  - n n -   - virtual
showq    unix  n - n -   - showq
postlog  unix-dgram n - n - 1 postlogd
";

const BOXES: &str = "/^retours(\\+.*)?@/ retours/\n/./ tout/\n";

/// A Postfix of our own.
pub struct Postfix {
    folder: TempDir,
    child: Child,
    /// Where it listens on the loopback.
    pub port: u16,
}

impl Postfix {
    /// Starts one.
    ///
    /// # Panics
    ///
    /// Postfix is not installed, or the test does not run as root.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("post")
            .tempdir()
            .expect("a folder");
        let (postfix, postdrop) = (id("-u", "postfix"), group("postdrop"));
        lay_out(folder.path(), postfix, postdrop);
        let port = free_port();
        let etc = folder.path().join("postfix/etc");
        let put = |name: &str, text: &str| {
            let text = text
                .replace("@FOLDER@", &folder.path().display().to_string())
                .replace("@PORT@", &port.to_string());
            let path = etc.join(name);
            std::fs::write(&path, text).expect("a file");
            mode(&path, 0o644);
            // Postfix waits for a configuration that has just been written.
            let file = std::fs::File::options()
                .write(true)
                .open(&path)
                .expect("the file");
            let before = SystemTime::UNIX_EPOCH;
            file.set_modified(before).expect("an older date");
        };
        put("main.cf", MAIN);
        put("master.cf", MASTER);
        put("boxes", BOXES);
        let child = Command::new("/usr/lib/postfix/sbin/master")
            .args(["-c", &etc.display().to_string(), "-e", "1800"])
            .env(
                "POSTLOG_SERVICE",
                folder.path().join("postfix/queue/public/postlog"),
            )
            .env("POSTLOG_HOSTNAME", "mx")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Postfix is installed");
        let server = Self {
            folder,
            child,
            port,
        };
        wait_for(port, "220 ", &server.folder.path().join("log/postfix.log"));
        server
    }

    /// The address of the server, for the configuration.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Files of what was delivered to a box, `tout` or `retours`.
    pub fn files(&self, name: &str) -> Vec<PathBuf> {
        ["new", "cur"]
            .iter()
            .flat_map(|part| {
                let folder = self.folder.path().join("mail").join(name).join(part);
                std::fs::read_dir(folder).expect("a Maildir")
            })
            .map(|entry| entry.expect("a file").path())
            .collect()
    }

    /// Message-IDs of what was delivered, with angle brackets.
    pub fn message_ids(&self) -> Vec<String> {
        let read = |path: &PathBuf| {
            let bytes = std::fs::read(path).expect("a message");
            let message = MessageParser::default()
                .parse_headers(&bytes)
                .expect("a message")
                .into_owned();
            format!("<{}>", message.message_id().unwrap_or_default())
        };
        self.files("tout").iter().map(read).collect()
    }

    /// Hands it a message, written as it is, with what ends its lines.
    pub fn send(&self, from: &str, to: &str, message: &str) {
        let mut talk = Talk::with(self.port, "EHLO lecteur.test");
        assert!(talk.message(from, &[to], message)[0].starts_with("250"));
    }

    /// Waits until nothing is in its queue.
    pub fn settle(&self) {
        let etc = self.folder.path().join("postfix/etc");
        let until = Instant::now() + Duration::from_mins(2);
        loop {
            let queue = Command::new("postqueue")
                .args(["-c", &etc.display().to_string(), "-j"])
                .output()
                .expect("postqueue");
            if queue.status.success() && queue.stdout.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "mail stays in the queue");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The folder of the Maildirs, for who reads them by IMAP.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// A conversation with a mail server, by SMTP or LMTP.
pub struct Talk {
    way: BufReader<TcpStream>,
}

impl Talk {
    /// Begins one with that greeting, `LHLO name` for LMTP.
    pub fn with(port: u16, hello: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("a server");
        let _ = stream.set_read_timeout(Some(READY_WITHIN));
        let mut talk = Self {
            way: BufReader::new(stream),
        };
        assert!(talk.answer().starts_with("220"));
        assert!(talk.say(hello).starts_with("250"));
        talk
    }

    /// The next answer, its last line.
    pub fn answer(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.way.read_line(&mut line).expect("an answer");
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    /// Says one line; the answer to it.
    pub fn say(&mut self, line: &str) -> String {
        self.write(&format!("{line}\r\n"));
        self.answer()
    }

    fn write(&mut self, text: &str) {
        let way = self.way.get_mut();
        way.write_all(text.as_bytes()).expect("written");
    }

    /// Hands over a message; what is answered at its end (by LMTP for each recipient), or where it
    /// was refused.
    pub fn message(&mut self, from: &str, to: &[&str], message: &str) -> Vec<String> {
        let lmtp = self.say("NOOP").starts_with("250 2.0.0 Here");
        let begin = self.say(&format!("MAIL FROM:<{from}>"));
        assert!(begin.starts_with("250"), "{begin}");
        for to in to {
            let answer = self.say(&format!("RCPT TO:<{to}>"));
            if !answer.starts_with("250") {
                self.say("RSET");
                return vec![answer];
            }
        }
        assert!(self.say("DATA").starts_with("354"));
        let message = message.replace("\r\n", "\n").replace('\n', "\r\n");
        self.write(&message.replace("\r\n.", "\r\n.."));
        self.write("\r\n.\r\n");
        let answers = if lmtp { to.len() } else { 1 };
        (0..answers).map(|_| self.answer()).collect()
    }
}

/// A Dovecot that reads the Maildirs of a [`Postfix`]: user `retours` or `tout`, password `secret`.
pub struct Dovecot {
    child: Child,
    /// Where it listens on the loopback, without encryption.
    pub port: u16,
}

const DOVECOT: &str = "base_dir = @FOLDER@/dovecot/run
state_dir = @FOLDER@/dovecot/state
log_path = @FOLDER@/log/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:@FOLDER@/mail/%n
mail_fsync = never
mail_max_userip_connections = 0
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=5000 gid=5000 home=@FOLDER@/mail/%n
}
service imap-login {
  inet_listener imap {
    port = @PORT@
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
";

impl Dovecot {
    /// Starts one beside that server.
    ///
    /// # Panics
    ///
    /// Dovecot is not installed, or the test does not run as root.
    pub fn start(beside: &Postfix) -> Self {
        let folder = beside.folder();
        for name in ["dovecot", "dovecot/run", "dovecot/state"] {
            let path = folder.join(name);
            std::fs::create_dir_all(&path).expect("a folder");
            mode(&path, 0o755);
        }
        let port = free_port();
        let conf = folder.join("dovecot/dovecot.conf");
        let text = DOVECOT
            .replace("@FOLDER@", &folder.display().to_string())
            .replace("@PORT@", &port.to_string());
        std::fs::write(&conf, text).expect("a file");
        let child = Command::new("/usr/sbin/dovecot")
            .args(["-F", "-c", &conf.display().to_string()])
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Dovecot is installed");
        let server = Self { child, port };
        wait_for(port, "* OK", &folder.join("log/dovecot.log"));
        server
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Ends a server and all that it has started: its process is the leader of their group.
fn stop(child: &mut Child) {
    let group = format!("-{}", child.id());
    for signal in ["-TERM", "-KILL"] {
        let _ = Command::new("kill")
            .args([signal, "--", &group])
            .stderr(Stdio::null())
            .status();
        std::thread::sleep(Duration::from_millis(30));
    }
    let _ = child.wait();
}

fn lay_out(root: &Path, postfix: u32, postdrop: u32) {
    let make = |name: &str, bits: u32, owner: u32, group: u32| {
        let path = root.join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        mode(&path, bits);
        chown(&path, Some(owner), Some(group)).expect("the test runs as root");
    };
    mode(root, 0o711);
    for name in [
        "postfix",
        "postfix/etc",
        "postfix/queue",
        "postfix/queue/pid",
        "log",
    ] {
        make(name, 0o755, 0, 0);
    }
    make("postfix/data", 0o700, postfix, 0);
    for name in [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
        "saved", "trace",
    ] {
        make(&format!("postfix/queue/{name}"), 0o700, postfix, 0);
    }
    make("postfix/queue/maildrop", 0o730, postfix, postdrop);
    make("postfix/queue/public", 0o710, postfix, postdrop);
    make("mail", 0o755, OWNER, OWNER);
    for name in ["tout", "retours"] {
        make(&format!("mail/{name}"), 0o700, OWNER, OWNER);
        for part in ["tmp", "new", "cur"] {
            make(&format!("mail/{name}/{part}"), 0o700, OWNER, OWNER);
        }
    }
}

fn mode(path: &Path, bits: u32) {
    let permissions = std::fs::Permissions::from_mode(bits);
    std::fs::set_permissions(path, permissions).expect("permissions");
}

fn id(what: &str, name: &str) -> u32 {
    let out = Command::new("id").args([what, name]).output().expect("id");
    let text = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    text.parse()
        .unwrap_or_else(|_| panic!("{name}: install Debian's postfix"))
}

fn group(name: &str) -> u32 {
    let groups = std::fs::read_to_string("/etc/group").expect("groups");
    groups
        .lines()
        .find_map(|line| {
            line.strip_prefix(&format!("{name}:x:"))?
                .split(':')
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or_else(|| panic!("{name}: install Debian's postfix"))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

fn wait_for(port: u16, greeting: &str, log: &Path) {
    let until = Instant::now() + READY_WITHIN;
    while Instant::now() < until {
        if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
            let mut line = String::new();
            if BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with(greeting) {
                return;
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let said = std::fs::read_to_string(log).unwrap_or_default();
    panic!("no mail server: {said}");
}
