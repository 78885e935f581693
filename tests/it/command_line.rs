//! The program as who installs it types it: what it makes, what it refuses, what it says.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;

use passerelle_kernel::Engine;
use passerelle_tests::database::{folder, fresh_url};
use passerelle_tests::trace::program;

/// What a command said, and whether it went well.
struct Said {
    well: bool,
    text: String,
}

/// A program that finds nothing of ours in its environment.
fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PASSERELLE_") {
            command.env_remove(name);
        }
    }
    command
}

fn run(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Said {
    let mut command = bare(&program());
    let settings = settings.iter().map(|(name, value)| (name, value));
    let output = command
        .current_dir(folder)
        .args(words)
        .env("PASSERELLE_LOG", "error")
        .envs(settings)
        .output()
        .expect("the program runs");
    let text = [output.stdout, output.stderr].map(|t| String::from_utf8_lossy(&t).into_owned());
    Said {
        well: output.status.success(),
        text: text.join("\n"),
    }
}

const CREATE: [&str; 6] = [
    "user",
    "create",
    "--given-name",
    "Amina",
    "--family-name",
    "Benali",
];

fn create(email: &'static str) -> Vec<&'static str> {
    [&CREATE[..], &["--email", email]].concat()
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .expect("a folder")
        .next()
        .is_none()
}

/// Whatever was run without its configuration made `./data` with another `journal.key`, in silence:
/// a look at the wrong folder could end as a second server.
#[test]
fn commands_that_found_nothing_make_nothing_and_say_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for words in [
        &["doctor"][..],
        &["worker"],
        &["journal", "verify"],
        &["journal", "head"],
        &["course", "import", "module.zip"],
    ] {
        let said = run(at, words, &[]);
        assert!(!said.well, "{words:?}");
        let data = at.canonicalize().expect("a path").join("data");
        assert!(
            said.text.contains(&data.display().to_string()),
            "{}",
            said.text
        );
        assert!(said.text.contains("PASSERELLE_CONFIG"), "{}", said.text);
        assert!(is_empty(at), "{words:?} made something");
    }
    assert!(run(at, &["config", "show"], &[]).well);
    assert!(is_empty(at));
    let said = run(at, &["doctor"], &[("PASSERELLE_DATA_DIR", "ailleurs")]);
    assert!(
        said.text.contains("ailleurs") && said.text.contains("PASSERELLE_DATA_DIR"),
        "{}",
        said.text
    );
}

/// `serve`, `migrate` and the first `user create` found a server, and say where.
#[test]
fn a_server_is_founded_by_who_says_where_and_its_key_is_never_made_twice() {
    for words in [vec!["migrate"], create("amina@exemple.fr")] {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().canonicalize().expect("a path").join("data");
        let said = run(folder.path(), &words, &[]);
        assert!(said.well, "{}", said.text);
        let key = data.join("journal.key");
        assert!(
            said.text.contains(&key.display().to_string()),
            "{}",
            said.text
        );
        let again = run(folder.path(), &create("bao@exemple.fr"), &[]);
        assert!(
            again.well && !again.text.contains("journal.key"),
            "{}",
            again.text
        );
        assert!(run(folder.path(), &["journal", "verify"], &[]).well);
        std::fs::remove_file(&key).expect("removed");
        for words in [
            vec!["doctor"],
            vec!["journal", "head"],
            vec!["migrate"],
            create("cy@exemple.fr"),
        ] {
            let said = run(folder.path(), &words, &[]);
            assert!(
                !said.well && said.text.contains("journal.key is missing"),
                "{}",
                said.text
            );
            assert!(!key.exists(), "{words:?} made another key");
        }
    }
}

/// On a database server, the wrong folder looked like a new one.
#[tokio::test(flavor = "multi_thread")]
async fn another_folder_beside_a_database_that_has_begun_is_refused_and_not_made() {
    let (first, second) = (folder(), folder());
    let url = fresh_url(Engine::Postgres, &first).await;
    let data = |folder: &tempfile::TempDir| folder.path().join("d").display().to_string();
    let settings = |data: &str| {
        vec![
            ("PASSERELLE_DATABASE_URL".to_owned(), url.clone()),
            ("PASSERELLE_DATA_DIR".to_owned(), data.to_owned()),
        ]
    };
    let run = |data: String, email| {
        let settings = settings(&data);
        let settings: Vec<_> = settings
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        run(first.path(), &create(email), &settings)
    };
    let said = run(data(&first), "amina@exemple.fr");
    assert!(said.well, "{}", said.text);
    let said = run(data(&second), "bao@exemple.fr");
    assert!(
        !said.well && said.text.contains("journal.key is missing"),
        "{}",
        said.text
    );
    assert!(is_empty(second.path()));
    passerelle_tests::postgres::drop_database(&url);
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

/// The database, with every name and every answer, could be read by whoever has an account on the
/// machine.
#[test]
fn nobody_else_of_the_machine_reads_the_data_and_what_is_open_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert!(run(folder.path(), &["migrate"], &[]).well);
    let files = ["passerelle.sqlite", "journal.key"].map(|name| data.join(name));
    let folders = [data.clone(), data.join("blobs"), data.join("scratch")];
    let check = |when| {
        for (paths, expected) in [(&files[..], 0o600), (&folders[..], 0o700)] {
            for path in paths {
                assert_eq!(mode(path), expected, "{} {when}", path.display());
            }
        }
    };
    check("made");
    for path in files.iter().chain(&folders) {
        let open = if path.is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, PermissionsExt::from_mode(open)).expect("opened");
    }
    assert!(run(folder.path(), &["migrate"], &[]).well);
    check("mended");
    assert!(run(folder.path(), &create("amina@exemple.fr"), &[]).well);
    for entry in std::fs::read_dir(&data).expect("listed") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
}

/// « unable to open database file » named no file.
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    // Not even the system's own administrator writes there.
    for (data, database) in [
        ("/proc/passerelle", ""),
        ("data", "sqlite:/proc/passerelle.sqlite"),
    ] {
        let settings = [
            ("PASSERELLE_DATA_DIR", data),
            ("PASSERELLE_DATABASE_URL", database),
        ];
        let said = run(folder.path(), &["migrate"], &settings);
        assert!(
            !said.well && said.text.contains("/proc/passerelle"),
            "{}",
            said.text
        );
    }
}

/// An administrator whose address was « amina » was made, and could never be written to.
#[test]
fn who_cannot_be_written_to_is_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    for (words, flag) in [
        (create("amina"), "--email"),
        (create("amina@"), "--email"),
        (
            [&create("amina@exemple.fr")[..], &["--role", "chief"]].concat(),
            "--role",
        ),
        (
            [&create("amina@exemple.fr")[..], &["--space", "Mon centre"]].concat(),
            "--space",
        ),
        (
            vec![
                "user",
                "create",
                "--given-name",
                " ",
                "--family-name",
                "B",
                "--email",
                "a@b.fr",
            ],
            "--given-name",
        ),
    ] {
        let said = run(folder.path(), &words, &[]);
        assert!(!said.well && said.text.contains(flag), "{}", said.text);
        assert!(is_empty(folder.path()));
    }
}

/// Speaks enough SMTP for who tries it; each command is told.
fn relay(signs_in: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address").to_string();
    let (told, heard) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
        let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes());
        say("220 relay ESMTP").expect("said");
        for line in lines.map_while(Result::ok) {
            let word = line.split(' ').next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "EHLO" => "250-relay\r\n250 AUTH PLAIN",
                "AUTH" => signs_in,
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            if told.send(word).is_err() || say(answer).is_err() {
                break;
            }
        }
    });
    (at, heard)
}

/// The relay was not tried: `doctor` said "nothing to mend", and the first mail failed.
#[test]
fn the_doctor_tries_the_relay_without_sending_a_mail() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run(folder.path(), &["migrate"], &[]).well);
    for (signs_in, well) in [("235 2.7.0 welcome", true), ("535 5.7.8 not you", false)] {
        let (at, heard) = relay(signs_in);
        let url = format!("smtp://moi:kept-secret@{at}");
        let said = run(folder.path(), &["doctor"], &[("PASSERELLE_MAIL_URL", &url)]);
        assert!(!said.text.contains("kept-secret"), "{}", said.text);
        let refused = format!("no mail can leave (PASSERELLE_MAIL_URL): {at}, AUTH: ");
        assert_eq!(said.text.contains(&refused), !well, "{}", said.text);
        assert_eq!(
            said.text
                .contains(&format!("{at} (EHLO, not encrypted, AUTH)")),
            well,
            "{}",
            said.text
        );
        let words: Vec<String> = heard.iter().collect();
        assert!(words.iter().any(|word| word == "EHLO"), "{words:?}");
        assert!(
            !words.iter().any(|word| word == "MAIL" || word == "DATA"),
            "{words:?}"
        );
    }
    let url = "smtp://moi:kept-secret@127.0.0.1:1";
    let said = run(folder.path(), &["doctor"], &[("PASSERELLE_MAIL_URL", url)]);
    assert!(
        said.text.contains("127.0.0.1:1, connecting: "),
        "{}",
        said.text
    );
}

/// The file limit was that of the shell, 1,024 on most systems.
#[test]
fn the_file_limit_is_raised_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run(folder.path(), &["migrate"], &[]).well);
    let limited = |hard: &str| {
        let line = format!(
            "ulimit -Sn 512; ulimit -Hn {hard}; exec {} doctor",
            program().display()
        );
        let output = bare(Path::new("sh"))
            .args(["-c", &line])
            .current_dir(folder.path())
            .output()
            .expect("a shell");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let told = limited("5000");
    assert!(
        told.lines()
            .any(|line| line.starts_with("open_files") && line.ends_with(" 5000")),
        "{told}"
    );
    assert!(!told.contains("LimitNOFILE"), "{told}");
    assert!(
        limited("1024").contains("1024 files open"),
        "raised as far as it goes, and told"
    );
}
