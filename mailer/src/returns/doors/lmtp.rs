//! A mail server hands over what came, by LMTP (RFC 2033): each recipient is answered for, once
//! what the message says is written. Only addresses of ours are taken.

use std::sync::Arc;
use std::time::Duration;

use passerelle_returns::MAX_BYTES;
use passerelle_web::App;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::delivery::SenderEntry;
use crate::discussions;
use crate::links::Links;
use crate::returns::taking::{Taken, take};

/// Conversations at a time.
const AT_ONCE: usize = 20;
/// Recipients of one message.
const RECIPIENTS: usize = 100;
/// Bytes of a command, with what ends it.
const LINE: u64 = 2_000;
/// Longest silence.
const SILENCE: Duration = Duration::from_mins(2);

/// Takes conversations until told to stop.
pub(in crate::returns) async fn receive(
    app: App,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    while !*stop.borrow() {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return;
        };
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let talk = Talk::new(app.clone(), stream);
                    let mut stop = stop.clone();
                    tokio::spawn(async move {
                        let _permit = permit;
                        tokio::select! {
                            // Somebody who goes away in the middle keeps their message.
                            _ = talk.hold() => {}
                            _ = stop.changed() => {}
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a mail server could not be answered");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            },
            _ = stop.changed() => {}
        }
    }
}

/// One conversation.
struct Talk {
    app: App,
    links: Links,
    mailbox: Option<String>,
    way: BufReader<TcpStream>,
    greeted: bool,
    from: bool,
    to: Vec<String>,
}

impl Talk {
    fn new(app: App, stream: TcpStream) -> Self {
        let links = Links::of(&app);
        let sender = app.registry().all::<SenderEntry>().next();
        let mailbox = sender.and_then(|entry| entry.0.returns_to().map(ToString::to_string));
        Self {
            app,
            links,
            mailbox,
            way: BufReader::new(stream),
            greeted: false,
            from: false,
            to: Vec::new(),
        }
    }

    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        let line = format!("{text}\r\n");
        self.way.get_mut().write_all(line.as_bytes()).await
    }

    /// A line without its end; none when the other has gone, or said too much or nothing.
    async fn line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.way).take(LINE);
        let read = bounded.read_until(b'\n', &mut line);
        let Ok(read) = tokio::time::timeout(SILENCE, read).await else {
            return Ok(None);
        };
        if read? == 0 || line.pop() != Some(b'\n') {
            return Ok(None);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    async fn hold(mut self) -> std::io::Result<()> {
        self.say("220 Passerelle LMTP").await?;
        while let Some(line) = self.line().await? {
            let text = String::from_utf8_lossy(&line).into_owned();
            let word = text.get(..4).unwrap_or(&text).to_ascii_uppercase();
            let answer = match word.as_str() {
                "LHLO" => {
                    self.greeted = true;
                    self.forget();
                    let size = format!("250-SIZE {MAX_BYTES}");
                    for line in [
                        "250-Passerelle",
                        "250-PIPELINING",
                        "250-8BITMIME",
                        "250-SMTPUTF8",
                    ] {
                        self.say(line).await?;
                    }
                    self.say(&size).await?;
                    "250 ENHANCEDSTATUSCODES"
                }
                "HELO" | "EHLO" => "500 5.5.1 This is LMTP",
                "NOOP" => "250 2.0.0 Here",
                "RSET" => {
                    self.forget();
                    "250 2.0.0 Forgotten"
                }
                "QUIT" => return self.say("221 2.0.0 Goodbye").await,
                "VRFY" => "252 2.5.0 Ask with RCPT",
                "MAIL" if self.greeted => {
                    self.forget();
                    self.from = true;
                    "250 2.1.0 Go on"
                }
                "RCPT" if self.from => self.recipient(&text).await,
                "DATA" if !self.to.is_empty() => {
                    self.say("354 Write").await?;
                    if !self.message().await? {
                        return Ok(());
                    }
                    continue;
                }
                "MAIL" | "RCPT" | "DATA" => "503 5.5.1 Not yet",
                _ => "500 5.5.2 Not a command of LMTP",
            };
            self.say(answer).await?;
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.from = false;
        self.to.clear();
    }

    async fn recipient(&mut self, text: &str) -> &'static str {
        let path = text
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'));
        let Some((address, _)) = path else {
            return "501 5.1.3 Not an address";
        };
        let ours = self.links.arrival(address).is_some()
            || self
                .mailbox
                .as_deref()
                .is_some_and(|ours| ours.eq_ignore_ascii_case(address));
        if !ours {
            let address = [address.to_owned()];
            match discussions::store::at_addresses(self.app.db().read(), &address).await {
                Ok(lists) if !lists.is_empty() => {}
                Ok(_) => return "550 5.1.1 Nobody has that address here",
                Err(_) => return "451 4.3.0 Not now",
            }
        }
        if self.to.len() >= RECIPIENTS {
            return "452 4.5.3 Too many recipients";
        }
        self.to.push(address.to_owned());
        "250 2.1.5 Go on"
    }

    /// Reads the message and answers for each recipient; false when the other has gone.
    async fn message(&mut self) -> std::io::Result<bool> {
        let mut bytes: Vec<u8> = Vec::new();
        let mut too_large = false;
        loop {
            // Lines of a message may be long, not endless: a piece of one is kept as it comes.
            let mut piece = Vec::new();
            let mut bounded = (&mut self.way).take(64 * 1024);
            let read = bounded.read_until(b'\n', &mut piece);
            let Ok(read) = tokio::time::timeout(SILENCE, read).await else {
                return Ok(false);
            };
            if read? == 0 {
                return Ok(false);
            }
            let begins = bytes.last().is_none_or(|last| *last == b'\n');
            if begins && matches!(piece.as_slice(), b".\r\n" | b".\n") {
                break;
            }
            if begins && piece.starts_with(b".") {
                piece.remove(0);
            }
            if bytes.len() + piece.len() > MAX_BYTES {
                too_large = true;
                // Only what ends the message is still looked for.
                bytes.clear();
                if piece.ends_with(b"\n") {
                    bytes.push(b'\n');
                } else {
                    bytes.push(b' ');
                }
                continue;
            }
            bytes.extend_from_slice(&piece);
        }
        for to in std::mem::take(&mut self.to) {
            let answer = if too_large {
                "552 5.3.4 Too large to be about what we send"
            } else {
                match take(&self.app, &[to], &bytes).await {
                    Ok(Taken::Done) => "250 2.0.0 Read",
                    Ok(Taken::Unknown) => "550 5.6.0 Nothing here is about what we send",
                    Err(error) => {
                        tracing::error!(%error, "a message that came could not be taken");
                        "451 4.3.0 Come back later"
                    }
                }
            };
            self.say(answer).await?;
        }
        self.forget();
        Ok(true)
    }
}
