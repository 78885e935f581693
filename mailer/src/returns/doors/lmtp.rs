//! A mail server hands over what came, by LMTP (RFC 2033): each recipient is answered for, once
//! what the message says is written. Only addresses of ours are taken.

use std::time::Duration;

use passerelle_returns::MAX_BYTES;
use passerelle_web::App;
use passerelle_web::listening::seats::{Seat, Seats};
use passerelle_web::text::may_enter;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::delivery::SenderEntry;
use crate::discussions;
use crate::links::Links;
use crate::returns::taking::{Taken, take};

/// Conversations at a time.
const AT_ONCE: usize = 40;
/// Of one mail server.
const OF_ONE: usize = 20;
/// Longest time for one message, however it comes.
const MESSAGE: Duration = Duration::from_mins(10);
/// Commands of one conversation at most: a server that has more to say comes again.
const COMMANDS: usize = 5_000;
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
    let seats = Seats::new(AT_ONCE, OF_ONE);
    while !*stop.borrow() {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Who keeps us waiting gives way; when all are being served, the server that
                    // has mail keeps it and comes again (RFC 2033, 4.3: as SMTP's 421).
                    let Some(seat) = seats.take(Some(peer.ip())) else {
                        let _ = stream.try_write(b"421 4.3.2 Too many at a time, come back\r\n");
                        continue;
                    };
                    let talk = Talk::new(app.clone(), stream);
                    tokio::spawn(converse(talk, seat, stop.clone()));
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

/// Holds a conversation until its end, or until it is asked to leave.
async fn converse(talk: Talk, seat: Seat, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        // Somebody who goes away in the middle keeps their message.
        _ = talk.hold(&seat) => {}
        () = seat.asked_to_leave() => {}
        _ = stop.changed() => {}
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
        let written = self.way.get_mut().write_all(line.as_bytes());
        // Who does not read what is answered is not waited for either.
        let written = tokio::time::timeout(SILENCE, written).await;
        written.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
    }

    /// A line without its end; none when the other has gone, or said too much or nothing.
    async fn line(&mut self, seat: &Seat) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.way).take(LINE);
        let read = bounded.read_until(b'\n', &mut line);
        seat.waits();
        let Ok(read) = tokio::time::timeout(SILENCE, read).await else {
            return Ok(None);
        };
        seat.works();
        if read? == 0 || line.pop() != Some(b'\n') {
            return Ok(None);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    async fn hold(mut self, seat: &Seat) -> std::io::Result<()> {
        self.say("220 Passerelle LMTP").await?;
        for _ in 0..COMMANDS {
            let Some(line) = self.line(seat).await? else {
                return Ok(());
            };
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
                    seat.waits();
                    let read = tokio::time::timeout(MESSAGE, self.message());
                    let Ok(read) = read.await else {
                        return self.say("421 4.4.2 Too slow, come back").await;
                    };
                    seat.works();
                    let Some(bytes) = read? else {
                        return Ok(());
                    };
                    self.answer(bytes).await?;
                    continue;
                }
                "MAIL" | "RCPT" | "DATA" => "503 5.5.1 Not yet",
                _ => "500 5.5.2 Not a command of LMTP",
            };
            self.say(answer).await?;
        }
        self.say("421 4.3.2 Enough for one conversation, come back")
            .await
    }

    fn forget(&mut self) {
        self.from = false;
        self.to.clear();
    }

    async fn recipient(&mut self, text: &str) -> &'static str {
        let path = text
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'));
        let Some((address, _)) = path.filter(|(address, _)| may_enter(address)) else {
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

    /// Reads the message; none when the other has gone.
    async fn message(&mut self) -> std::io::Result<Option<Message>> {
        let mut bytes: Vec<u8> = Vec::new();
        let mut too_large = false;
        loop {
            // Lines of a message may be long, not endless: a piece of one is kept as it comes.
            let mut piece = Vec::new();
            let mut bounded = (&mut self.way).take(64 * 1024);
            let read = bounded.read_until(b'\n', &mut piece);
            let Ok(read) = tokio::time::timeout(SILENCE, read).await else {
                return Ok(None);
            };
            if read? == 0 {
                return Ok(None);
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
        Ok(Some(if too_large {
            Message::TooLarge
        } else {
            Message::Whole(bytes)
        }))
    }

    /// Takes the message and answers for each recipient.
    async fn answer(&mut self, message: Message) -> std::io::Result<()> {
        for to in std::mem::take(&mut self.to) {
            let answer = match &message {
                Message::TooLarge => "552 5.3.4 Too large to be about what we send",
                Message::Whole(bytes) => match take(&self.app, &[to], bytes).await {
                    Ok(Taken::Done) => "250 2.0.0 Read",
                    Ok(Taken::Unknown) => "550 5.6.0 Nothing here is about what we send",
                    Err(error) => {
                        tracing::error!(%error, "a message that came could not be taken");
                        "451 4.3.0 Come back later"
                    }
                },
            };
            self.say(answer).await?;
        }
        self.forget();
        Ok(())
    }
}

/// A message that came.
enum Message {
    Whole(Vec<u8>),
    TooLarge,
}
