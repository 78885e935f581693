use std::sync::{Arc, Mutex};

use passerelle_kernel::Uuid;
use passerelle_web::Lang;
use passerelle_web::mail::Mail;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::delivery::sender::Sender;
use crate::delivery::{MailerSettings, TransportSetting};

/// What the little server saw.
#[derive(Default)]
struct Seen {
    hello: Vec<String>,
    commands: Vec<String>,
    messages: Vec<String>,
    connections: usize,
}

/// A mail server that answers by the first word of the recipient.
async fn server() -> (u16, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bound");
    let port = listener.local_addr().expect("an address").port();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            shared.lock().expect("lock").connections += 1;
            tokio::spawn(session(stream, shared.clone()));
        }
    });
    (port, seen)
}

async fn session(stream: TcpStream, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.exemple.fr ready\r\n").await?;
    stream.flush().await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        let verb = command
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        seen.lock().expect("lock").commands.push(command.clone());
        let answer = match verb.as_str() {
            "EHLO" => {
                seen.lock().expect("lock").hello.push(command);
                "250-mail.exemple.fr\r\n250-AUTH PLAIN\r\n250 8BITMIME".to_owned()
            }
            "AUTH" => "535 5.7.8 bad credentials".to_owned(),
            "RCPT" => recipient(&command),
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                stream.flush().await?;
                let mut message = String::new();
                while !message.ends_with("\r\n.\r\n") && stream.read_line(&mut message).await? > 0 {
                }
                let refused = message.contains("refuse-me");
                seen.lock().expect("lock").messages.push(message);
                if refused {
                    "554 5.6.0 not this one"
                } else {
                    "250 2.0.0 taken"
                }
                .to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        if answer.is_empty() {
            return Ok(());
        }
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
    }
    Ok(())
}

fn recipient(command: &str) -> String {
    let address = command.split(['<', '>']).nth(1).unwrap_or_default();
    match address.split(['.', '@']).next().unwrap_or_default() {
        "unknown" => format!("550 5.1.1 <{address}>: no such user here"),
        "full" => "451 4.2.2 try later".to_owned(),
        "relay" => "530 5.7.0 authentication required".to_owned(),
        "hangup" => String::new(),
        _ => "250 2.1.5 ok".to_owned(),
    }
}

fn mail(to: &str, text: &str) -> Mail {
    Mail {
        id: Uuid::from_u64_pair((1_794_644_800_000 << 16) | 0x7000, 0x8000_0000_0000_0001),
        to: to.to_owned(),
        to_name: "Amina Benali".to_owned(),
        from_name: "Centre".to_owned(),
        reply_to: None,
        subject: "À lundi".to_owned(),
        text: text.to_owned(),
        html: "<p>À lundi</p>".to_owned(),
        lang: Lang::Fr,
        attachments: Vec::new(),
        space: None,
        about: None,
        unsubscribe: None,
        secret: false,
    }
}

fn sender(url: String) -> Sender {
    let settings = MailerSettings::new(
        TransportSetting::Smtp(url),
        "centre@formation.exemple.fr".to_owned(),
    );
    Sender::new(&settings).expect("usable settings")
}

#[tokio::test]
async fn a_mail_is_taken_by_the_server_as_it_was_built() {
    let (port, seen) = server().await;
    let sender = sender(format!("smtp://127.0.0.1:{port}"));
    let mail = mail("amina.benali@exemple.fr", "Bonjour\n.\nfin");
    let id = sender.send(&mail, None, 0).await.expect("taken");
    assert_eq!(id, format!("<{}@formation.exemple.fr>", mail.id));
    // A connection goes back to the pool in a task of its own.
    tokio::time::sleep(Duration::from_millis(100)).await;
    sender.send(&mail, None, 0).await.expect("taken again");
    let seen = seen.lock().expect("lock");
    assert_eq!(seen.hello, ["EHLO formation.exemple.fr"]);
    assert_eq!(seen.connections, 1, "the connection is kept");
    assert!(
        seen.commands
            .iter()
            .any(|c| c.starts_with("MAIL FROM:<centre@formation.exemple.fr>"))
    );
    assert!(
        seen.commands
            .iter()
            .any(|c| c == "RCPT TO:<amina.benali@exemple.fr>")
    );
    assert_eq!(seen.messages.len(), 2);
    assert!(seen.messages[0].contains(&id));
    assert!(
        seen.messages[0].contains("\r\n..\r\nfin"),
        "a lone dot is doubled"
    );
}

#[tokio::test]
async fn an_answer_decides_whether_a_mail_is_tried_again() {
    let (port, _) = server().await;
    let sender = sender(format!("smtp://127.0.0.1:{port}"));
    let error = sender
        .send(&mail("unknown.person@exemple.fr", "x"), None, 0)
        .await
        .expect_err("refused");
    assert!(
        matches!(&error, DeliveryError::Refused(_)) && error.is_final(),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("550")
            && text.contains("u•••@exemple.fr")
            && !text.contains("unknown.person"),
        "{text}"
    );
    let error = sender
        .send(&mail("full.box@exemple.fr", "x"), None, 0)
        .await
        .expect_err("deferred");
    assert!(
        matches!(&error, DeliveryError::Deferred(_)) && !error.is_final(),
        "{error:?}"
    );
    let error = sender
        .send(&mail("amina@exemple.fr", "refuse-me"), None, 0)
        .await
        .expect_err("refused after its data");
    assert!(matches!(&error, DeliveryError::Refused(_)), "{error:?}");
    // A server that turns us away is our configuration's matter: the mail waits.
    let error = sender
        .send(&mail("relay.me@exemple.fr", "x"), None, 0)
        .await
        .expect_err("not allowed");
    assert!(
        matches!(&error, DeliveryError::Credentials(_)) && !error.is_final(),
        "{error:?}"
    );
    let error = sender
        .send(&mail("hangup@exemple.fr", "x"), None, 0)
        .await
        .expect_err("cut");
    assert!(
        matches!(&error, DeliveryError::Unreachable(_)) && !error.is_final(),
        "{error:?}"
    );
    sender
        .send(&mail("amina@exemple.fr", "x"), None, 0)
        .await
        .expect("taken after all that");
}

#[tokio::test]
async fn wrong_credentials_leave_the_mail_waiting() {
    let (port, seen) = server().await;
    let sender = sender(format!("smtp://moi:secret@127.0.0.1:{port}"));
    let error = sender
        .send(&mail("amina@exemple.fr", "x"), None, 0)
        .await
        .expect_err("not signed in");
    assert!(
        matches!(&error, DeliveryError::Credentials(_)) && !error.is_final(),
        "{error:?}"
    );
    assert!(!error.to_string().contains("secret"));
    assert!(seen.lock().expect("lock").messages.is_empty());
}

#[tokio::test]
async fn a_server_that_does_not_answer_leaves_the_mail_waiting() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bound");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let error = sender(format!("smtp://127.0.0.1:{port}"))
        .send(&mail("amina@exemple.fr", "x"), None, 0)
        .await;
    let error = error.expect_err("nobody there");
    assert!(
        matches!(&error, DeliveryError::Unreachable(_)) && !error.is_final(),
        "{error:?}"
    );
}

#[tokio::test]
async fn encryption_that_is_required_is_not_given_up() {
    let (port, seen) = server().await;
    let error = sender(format!("smtp://127.0.0.1:{port}?tls=required"))
        .send(&mail("amina@exemple.fr", "x"), None, 0)
        .await;
    assert!(
        matches!(error, Err(DeliveryError::Unreachable(_))),
        "{error:?}"
    );
    assert!(
        !seen
            .lock()
            .expect("lock")
            .commands
            .iter()
            .any(|c| c.starts_with("MAIL"))
    );
    let sent = sender(format!("smtp://127.0.0.1:{port}?tls=opportunistic"))
        .send(&mail("amina@exemple.fr", "x"), None, 0)
        .await;
    sent.expect("a server without encryption is taken as it is");
}

#[tokio::test]
async fn an_address_in_other_letters_is_final_where_the_server_takes_none() {
    let (port, _) = server().await;
    let error = sender(format!("smtp://127.0.0.1:{port}"))
        .send(&mail("élodie@exemple.fr", "x"), None, 0)
        .await;
    assert!(matches!(error, Err(DeliveryError::Refused(_))), "{error:?}");
}

#[test]
fn settings_that_cannot_work_are_refused_at_start() {
    for wrong in [
        "smtp://",
        "http://mail.exemple.fr",
        "mail.exemple.fr",
        "smtp://mail.exemple.fr?tls=yes",
        "smtps://mail.exemple.fr?tls=required",
        "smtp://moi@mail.exemple.fr",
        "smtp://moi:secret@mail.exemple.fr",
        "smtp://moi:secret@mail.exemple.fr?tls=opportunistic",
    ] {
        assert!(
            matches!(
                Smtp::new(wrong, "exemple.fr"),
                Err(DeliveryError::Settings(_))
            ),
            "{wrong}"
        );
    }
    for right in [
        "smtp://mail.exemple.fr",
        "smtp://mail.exemple.fr:2525/moi.exemple.fr?tls=opportunistic",
        "smtp://moi:se%23cret@mail.exemple.fr?tls=required",
        "smtps://moi:secret@mail.exemple.fr",
        "smtp://moi:secret@localhost:1025",
        "smtp://moi:secret@[::1]:1025",
    ] {
        assert!(Smtp::new(right, "exemple.fr").is_ok(), "{right}");
    }
    let wrong = MailerSettings::new(
        TransportSetting::Smtp("smtp://mail.exemple.fr".to_owned()),
        "nobody".to_owned(),
    );
    assert!(matches!(
        Sender::new(&wrong),
        Err(DeliveryError::Settings(_))
    ));
}
