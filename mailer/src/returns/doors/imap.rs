//! A mailbox read by IMAP (RFC 3501, UIDPLUS): what is ours is done and deleted, the rest is left
//! as it was, unread, for a person.

use std::str::FromStr;
use std::time::Duration;

use async_imap::types::Fetch;
use async_imap::{Client, Session, error::Error};
use futures_util::TryStreamExt;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_returns::MAX_BYTES;
use passerelle_web::App;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use url::Url;

use super::{MAILBOX, store};
use crate::delivery::DeliveryError;
use crate::delivery::encryption::encrypted;
use crate::delivery::mask_text;
use crate::returns::taking::{Taken, take};

/// Longest wait for a connection, and for the mailbox to be opened.
const OPENING: Duration = Duration::from_secs(30);
/// Longest time for one reading.
const READING: Duration = Duration::from_mins(10);
/// Messages of one reading at most; the rest waits for the next.
const MOST: usize = 500;

/// How a connection is encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Security {
    /// Not at all: the same machine.
    None,
    /// After a word in clear (STARTTLS).
    Required,
    /// From the first byte.
    Whole,
}

/// A mailbox to read.
#[derive(Clone)]
pub struct ImapSetting {
    host: String,
    port: u16,
    security: Security,
    user: String,
    password: String,
    folder: String,
}

impl std::fmt::Debug for ImapSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password is not shown with the settings.
        f.debug_struct("ImapSetting")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl FromStr for ImapSetting {
    type Err = DeliveryError;

    /// `imaps://user:password@host/FOLDER`; `imap://` with `?tls=required` (STARTTLS), or without
    /// for a server on the same machine. The folder is `INBOX` when none is named.
    fn from_str(text: &str) -> Result<Self, DeliveryError> {
        let wrong = DeliveryError::Settings;
        let url =
            Url::parse(text).map_err(|_| wrong("the address of the mailbox is not an address"))?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls");
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let loopback = host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback());
        let (security, port) = match (url.scheme(), tls.as_ref().map(|(_, v)| v.as_ref())) {
            ("imaps", None) => (Security::Whole, 993),
            ("imap", Some("required")) => (Security::Required, 143),
            ("imap", None) if loopback => (Security::None, 143),
            _ => {
                return Err(wrong(
                    "the address of the mailbox begins with imaps://, or imap:// with ?tls=required",
                ));
            }
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, password) = (
            decoded(url.username()),
            url.password().map(decoded).unwrap_or_default(),
        );
        if host.is_empty() || user.is_empty() || password.is_empty() {
            return Err(wrong(
                "the address of the mailbox names a server, a user and a password",
            ));
        }
        let folder = decoded(url.path().trim_matches('/'));
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(port),
            security,
            user,
            password,
            folder: if folder.is_empty() {
                "INBOX".to_owned()
            } else {
                folder
            },
        })
    }
}

/// What a connection is, encrypted or not.
trait Way: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Way for T {}

type Open = Session<Box<dyn Way>>;

/// Why a reading ended early.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Imap(#[from] Error),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Db(#[from] DbErr),
    #[error("the server took too long")]
    Slow(#[from] tokio::time::error::Elapsed),
    #[error("{0}")]
    Other(&'static str),
}

/// Reads what came since the last time; how many messages were ours.
pub(super) async fn read(app: &App, setting: &ImapSetting) -> Result<u64, String> {
    let reading = async {
        let mut session = tokio::time::timeout(OPENING, open(setting)).await??;
        let read = go_through(app, &mut session, &setting.folder).await;
        let _ = tokio::time::timeout(OPENING, session.logout()).await;
        read
    };
    match tokio::time::timeout(READING, reading).await {
        Ok(Ok(count)) => Ok(count),
        Ok(Err(trouble)) => Err(mask_text(&trouble.to_string(), &setting.user)),
        Err(_) => Err("the reading took too long".to_owned()),
    }
}

async fn open(setting: &ImapSetting) -> Result<Open, Trouble> {
    let stream = TcpStream::connect((setting.host.as_str(), setting.port)).await?;
    let way: Box<dyn Way> = match setting.security {
        Security::Whole => Box::new(encrypted(stream, &setting.host).await?),
        Security::None | Security::Required => Box::new(stream),
    };
    let mut client = Client::new(way);
    client
        .read_response()
        .await?
        .ok_or(Trouble::Other("the server says nothing"))?;
    if setting.security == Security::Required {
        client.run_command_and_check_ok("STARTTLS", None).await?;
        let way: Box<dyn Way> = Box::new(encrypted(client.into_inner(), &setting.host).await?);
        client = Client::new(way);
    }
    client
        .login(&setting.user, &setting.password)
        .await
        .map_err(|(error, _)| error.into())
}

async fn go_through(app: &App, session: &mut Open, folder: &str) -> Result<u64, Trouble> {
    let mailbox = session.select(folder).await?;
    let validity = i64::from(mailbox.uid_validity.unwrap_or(0));
    let mut door = store::door(app.db().read(), MAILBOX)
        .await?
        .unwrap_or_default();
    if door.validity != validity {
        // Other numbers than before: everything is read again, and nothing is done twice.
        door.validity = validity;
        door.last_seen = 0;
    }
    let query = format!("UID {}:*", door.last_seen + 1);
    let mut waiting: Vec<u32> = session.uid_search(query).await?.into_iter().collect();
    // `*` is the last message, even when it was read before.
    waiting.retain(|uid| i64::from(*uid) > door.last_seen);
    waiting.sort_unstable();
    waiting.truncate(MOST);
    let mut ours = 0;
    for uid in waiting {
        let taken = match message(session, uid).await? {
            Some(bytes) => take(app, &[], &bytes).await?,
            None => Taken::Unknown,
        };
        if taken == Taken::Done {
            ours += 1;
            door.taken += 1;
            mark_deleted(session, uid).await?;
        } else {
            door.unknown += 1;
        }
        door.last_seen = i64::from(uid);
        // Done and written down one by one: what is interrupted goes on where it was.
        let tx = app.db().write().await?;
        door.read_at = tx.env().now();
        store::put_door(&tx, MAILBOX, &door).await?;
        tx.commit().await?;
    }
    if door.last_seen == 0 || ours == 0 {
        let tx = app.db().write().await?;
        store::put_door(&tx, MAILBOX, &door).await?;
        tx.commit().await?;
    }
    Ok(ours)
}

/// The bytes of a message; none for one that is too large to be ours, or gone.
async fn message(session: &mut Open, uid: u32) -> Result<Option<Vec<u8>>, Trouble> {
    let sizes = one(session, uid, "(UID RFC822.SIZE)").await?;
    let size = sizes.and_then(|fetch| fetch.size);
    if size.is_none_or(|size| size as usize > MAX_BYTES) {
        return Ok(None);
    }
    let whole = one(session, uid, "(UID BODY.PEEK[])").await?;
    Ok(whole.and_then(|fetch| fetch.body().map(<[u8]>::to_vec)))
}

async fn one(session: &mut Open, uid: u32, what: &str) -> Result<Option<Fetch>, Trouble> {
    let fetched = session.uid_fetch(uid.to_string(), what).await?;
    let fetched: Vec<Fetch> = fetched.try_collect().await?;
    Ok(fetched.into_iter().find(|fetch| fetch.uid == Some(uid)))
}

/// Deletes a message, and that one only; a server that cannot say which keeps it marked.
async fn mark_deleted(session: &mut Open, uid: u32) -> Result<(), Trouble> {
    let uid = uid.to_string();
    let marked = session.uid_store(&uid, "+FLAGS.SILENT (\\Deleted)").await?;
    let _: Vec<Fetch> = marked.try_collect().await?;
    if session.capabilities().await?.has_str("UIDPLUS") {
        let gone = session.uid_expunge(&uid).await?;
        let _: Vec<u32> = gone.try_collect().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_has_a_server_a_user_and_a_password_that_travels_encrypted() {
        let setting: ImapSetting = "imaps://retours%40exemple.fr:s%3Acret@imap.exemple.fr/Retours"
            .parse()
            .expect("a mailbox");
        assert_eq!(
            (setting.user.as_str(), setting.password.as_str()),
            ("retours@exemple.fr", "s:cret")
        );
        assert_eq!((setting.port, setting.folder.as_str()), (993, "Retours"));
        assert!(!format!("{setting:?}").contains("cret"));
        let open = "imap://a:b@127.0.0.1:1143".parse::<ImapSetting>();
        assert!(open.is_ok_and(|setting| setting.folder == "INBOX" && setting.port == 1143));
        for wrong in [
            "",
            "imap.exemple.fr",
            "imap://a:b@imap.exemple.fr",
            "imaps://imap.exemple.fr",
            "imaps://a@imap.exemple.fr",
            "smtp://a:b@imap.exemple.fr",
            "imap://a:b@imap.exemple.fr?tls=opportunistic",
        ] {
            assert!(wrong.parse::<ImapSetting>().is_err(), "{wrong}");
        }
    }
}
