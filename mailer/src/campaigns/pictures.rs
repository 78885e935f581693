//! Pictures of bulletins: what mail readers show, kept as it came, served to anybody under a name
//! made of its content.

use async_trait::async_trait;
use bytes::Bytes;
use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Uuid, WriteTx};
use passerelle_web::stored::{self, Damage, Expected, Kept};
use passerelle_web::{App, AppError};
use sha2::{Digest, Sha256};

/// Bytes at most in a picture: more would be slow on a telephone.
pub(crate) const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A picture of a space.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// Name of the file that it came in.
    pub name: String,
    /// What it shows.
    pub alt: String,
    /// Its name in addresses.
    pub file: String,
}

/// What kind of picture these bytes are; none for anything that a mail should not show.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("jpg")
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some("gif")
    } else {
        None
    }
}

/// Media type of a picture, by the end of its name.
fn media_type(file: &str) -> Option<&'static str> {
    match file.rsplit_once('.')?.1 {
        "png" => Some("image/png"),
        "jpg" => Some("image/jpeg"),
        "gif" => Some("image/gif"),
        _ => None,
    }
}

fn key(file: &str) -> String {
    format!("mail/pictures/{file}")
}

/// Keeps the bytes of a picture; its name in addresses, or none when it is not one.
///
/// # Errors
///
/// The bytes cannot be stored.
pub(crate) async fn keep(app: &App, bytes: Vec<u8>) -> Result<Option<String>, AppError> {
    let Some(kind) = kind(&bytes) else {
        return Ok(None);
    };
    let file = format!("{}.{kind}", hex::encode(&Sha256::digest(&bytes)[..16]));
    app.blobs().put(&key(&file), Bytes::from(bytes)).await?;
    Ok(Some(file))
}

/// The bytes of a picture and their media type.
///
/// # Errors
///
/// There is no such picture.
pub(crate) async fn read(app: &App, file: &str) -> Result<(Bytes, &'static str), AppError> {
    let plain = file.len() == 36 && file.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let media_type = media_type(file)
        .filter(|_| plain)
        .ok_or(AppError::NotFound)?;
    let (hash, _) = file.split_once('.').ok_or(AppError::NotFound)?;
    let bytes = match app.blobs().get_sound(&key(file), hash).await {
        Ok(bytes) => bytes,
        Err(error) => {
            let missing = error.is_missing();
            if !missing && error.is_damage() {
                stored::tell_of(app, PICTURES, &key(file), file, Damage::Altered).await;
            }
            // Anybody may ask for a picture that never was.
            return Err(if missing {
                AppError::NotFound
            } else {
                error.into()
            });
        }
    };
    Ok((bytes, media_type))
}

/// Name of this kind of stored files.
const PICTURES: &str = "pictures";

/// Pictures among the stored files: their names are made of their hashes.
pub(super) struct Pictures;

#[async_trait]
impl Kept for Pictures {
    fn name(&self) -> &'static str {
        PICTURES
    }

    fn prefix(&self) -> &'static str {
        "mail/pictures/"
    }

    async fn expected(&self, db: &Db, after: &str, limit: u64) -> Result<Vec<Expected>, DbErr> {
        let sql = "SELECT file, MIN(name) AS name, MIN(bytes) AS bytes FROM mail_picture \
                   WHERE file > $1 GROUP BY file ORDER BY file LIMIT $2";
        let after = after.strip_prefix(self.prefix()).unwrap_or_default();
        let values = [after.into(), (limit as i64).into()];
        let conn = db.read();
        let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
        rows.iter()
            .map(|row| {
                let file: String = row.try_get("", "file")?;
                let bytes: i32 = row.try_get("", "bytes")?;
                Ok(Expected {
                    key: key(&file),
                    name: row.try_get("", "name")?,
                    sha256: file.split_once('.').map(|(hash, _)| hash.to_owned()),
                    size: u64::try_from(bytes).ok(),
                })
            })
            .collect()
    }
}

/// Where a picture is served, to who reads the mail.
pub(crate) fn address(app: &App, file: &str) -> String {
    format!("{}/lettres/images/{file}", app.settings().public_url)
}

/// Writes that a space has a picture.
pub(crate) async fn insert(
    tx: &WriteTx,
    space: Uuid,
    picture: &Picture,
    bytes: usize,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_picture (id, space_id, name, alt, file, bytes, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.env().id().into(),
        space.into(),
        picture.name.as_str().into(),
        picture.alt.as_str().into(),
        picture.file.as_str().into(),
        (bytes as i32).into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The last pictures of a space.
pub(crate) async fn pictures<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<Picture>, DbErr> {
    let sql = "SELECT name, alt, file FROM mail_picture WHERE space_id = $1 ORDER BY at DESC, id DESC LIMIT 60";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Picture {
                name: row.try_get("", "name")?,
                alt: row.try_get("", "alt")?,
                file: row.try_get("", "file")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_that_mails_show_are_taken() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n..."), Some("png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Some("jpg"));
        for wrong in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"<html>",
            b"",
            b"PK\x03\x04",
        ] {
            assert_eq!(kind(wrong), None);
        }
        assert_eq!(media_type("x.svg"), None);
    }
}
