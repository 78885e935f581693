//! Queries on logins under way, launched people and doors.

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::{DeepLinkingSettings, Hints};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::json;

use crate::platforms::model::Platform;
use crate::platforms::store::read;
use crate::rosters::Services;

/// A login under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LoginRow {
    /// Hash of the state that was sent.
    pub(super) state_hash: Vec<u8>,
    /// Platform.
    pub(super) platform: Uuid,
    /// Nonce that was sent.
    pub(super) nonce: String,
    /// Target that was asked.
    pub(super) target: String,
    /// Hash of what the browser keeps.
    pub(super) browser_hash: Vec<u8>,
    /// Hash of what the platform's window was asked to keep, and the name of that window.
    pub(super) window: Option<(Vec<u8>, String)>,
    /// When it is over.
    pub(super) expires_at: Micros,
}

/// Keeps a login that begins, and forgets those that are over.
pub(super) async fn put_login(tx: &WriteTx, login: &LoginRow) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_login WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_login (state_hash, platform_id, nonce, target, browser_hash, expires_at, window_hash, window_name) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (hash, name) = login.window.clone().unzip();
    let values = [
        login.state_hash.clone().into(),
        login.platform.into(),
        login.nonce.as_str().into(),
        login.target.as_str().into(),
        login.browser_hash.clone().into(),
        login.expires_at.into(),
        hash.into(),
        name.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// What is known of a launch before it is checked, in one statement: the login that it says to
/// end, its platform, and what is kept of the person, the grade and the course that it claims.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The login.
    pub(super) login: LoginRow,
    /// Its platform.
    pub(super) platform: Platform,
    /// Whether any deployment of it is known.
    pub(super) has_deployments: bool,
    /// Whether the one that is claimed is accepted.
    pub(super) is_accepted: bool,
    /// The person of ours, when the subject is known.
    pub(super) person: Option<Uuid>,
    /// What they go by, as long as the platform has told no name.
    pub(super) stand_in: Option<String>,
    /// Enrolment and activity that the line item is kept for.
    pub(super) graded: Option<(Uuid, Option<Uuid>)>,
    /// What is kept of the course on the platform.
    pub(super) services: Option<Services>,
    /// The column that was asked there for the cohort of the link.
    pub(super) column: Option<String>,
}

/// Looks up a launch by its state and by what it claims.
pub(super) async fn known<C: ConnectionTrait>(
    conn: &C,
    state_hash: &[u8],
    claimed: &Hints,
    cohort: Option<Uuid>,
) -> Result<Option<Known>, DbErr> {
    let sql = "SELECT l.nonce, l.target, l.browser_hash, l.expires_at, l.window_hash, l.window_name, d.accepted, s.person_id, s.stand_in, g.enrolment_id, g.activity_id, \
               p.id, p.space_id, p.name, p.product, p.issuer, p.client_id, p.authorization_endpoint, p.token_endpoint, \
               p.token_audience, p.jwks_uri, p.closed_at, p.created_at, \
               k.title, k.memberships_url, k.line_items_url, k.scopes, q.line_item, \
               (SELECT COUNT(*) FROM lti_deployment x WHERE x.platform_id = p.id) AS deployments \
               FROM lti_login l JOIN lti_platform p ON p.id = l.platform_id \
               LEFT JOIN lti_deployment d ON d.platform_id = p.id AND d.deployment = $4 \
               LEFT JOIN lti_subject s ON s.platform_id = p.id AND s.subject = $2 \
               LEFT JOIN lti_context k ON k.platform_id = p.id AND k.context = $5 \
               LEFT JOIN lti_column q ON q.context_id = k.id AND q.cohort_id = $6 \
               LEFT JOIN lti_grade g ON g.platform_id = p.id AND g.subject = $2 \
               AND g.line_item = CASE WHEN $3 = '' THEN q.line_item ELSE $3 END \
               WHERE l.state_hash = $1";
    let values = [
        state_hash.to_vec().into(),
        claimed.subject.as_str().into(),
        claimed.line_item.as_str().into(),
        claimed.deployment.as_str().into(),
        claimed.context.as_str().into(),
        cohort.into(),
    ];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row: QueryResult| {
        let platform = read(&row)?;
        let hash: Option<Vec<u8>> = row.try_get("", "window_hash")?;
        let enrolment: Option<Uuid> = row.try_get("", "enrolment_id")?;
        let activity: Option<Uuid> = row.try_get("", "activity_id")?;
        Ok(Known {
            login: LoginRow {
                state_hash: state_hash.to_vec(),
                platform: platform.id,
                nonce: row.try_get("", "nonce")?,
                target: row.try_get("", "target")?,
                browser_hash: row.try_get("", "browser_hash")?,
                window: hash.zip(row.try_get("", "window_name")?),
                expires_at: row.try_get("", "expires_at")?,
            },
            platform,
            has_deployments: row.try_get::<i64>("", "deployments")? > 0,
            is_accepted: row.try_get::<Option<bool>>("", "accepted")? == Some(true),
            person: row.try_get("", "person_id")?,
            stand_in: row.try_get("", "stand_in")?,
            services: services(&row)?,
            column: row.try_get("", "line_item")?,
            graded: enrolment.map(|enrolment| (enrolment, activity)),
        })
    })
    .transpose()
}

fn services(row: &QueryResult) -> Result<Option<Services>, DbErr> {
    let title: Option<String> = row.try_get("", "title")?;
    let Some(title) = title else {
        return Ok(None);
    };
    Ok(Some(Services {
        title,
        memberships: row.try_get("", "memberships_url")?,
        line_items: row.try_get("", "line_items_url")?,
        scopes: row.try_get("", "scopes")?,
    }))
}

/// Takes a login out: whoever comes second finds none, and neither does who comes from a platform
/// that was closed meanwhile.
pub(super) async fn take_login(tx: &WriteTx, state_hash: &[u8]) -> Result<bool, DbErr> {
    let sql = "DELETE FROM lti_login WHERE state_hash = $1 AND EXISTS \
               (SELECT 1 FROM lti_platform p WHERE p.id = lti_login.platform_id AND p.closed_at IS NULL)";
    let done = tx
        .execute_raw(statement(&**tx, sql, [state_hash.to_vec().into()]))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Whom a platform means by a subject.
pub(super) async fn person_of<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
    subject: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT person_id FROM lti_subject WHERE platform_id = $1 AND subject = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [platform.into(), subject.into()]))
        .await?;
    row.map(|row| row.try_get("", "person_id")).transpose()
}

/// Keeps whom a platform means; false when it was kept already.
pub(super) async fn put_subject(
    tx: &WriteTx,
    platform: Uuid,
    subject: &str,
    person: Uuid,
    stand_in: Option<&str>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO lti_subject (platform_id, subject, person_id, created_at, stand_in) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT DO NOTHING";
    let values = [
        platform.into(),
        subject.into(),
        person.into(),
        tx.env().now().into(),
        stand_in.map(str::to_owned).into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Whether somebody of a platform goes by that stand-in.
pub(super) async fn is_stand_in(tx: &WriteTx, platform: Uuid, name: &str) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM lti_subject WHERE platform_id = $1 AND stand_in = $2 LIMIT 1";
    let values = [platform.into(), name.into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    Ok(row.is_some())
}

/// Somebody has a name of their own.
pub(super) async fn forget_stand_in(
    tx: &WriteTx,
    platform: Uuid,
    person: Uuid,
) -> Result<(), DbErr> {
    let sql = "UPDATE lti_subject SET stand_in = NULL WHERE platform_id = $1 AND person_id = $2";
    let values = [platform.into(), person.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// A course shown in a frame of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Space.
    pub(super) space: Uuid,
    /// Platform.
    pub(super) platform: Uuid,
    /// Who works there.
    pub(super) person: Uuid,
    /// In which course.
    pub(super) enrolment: Uuid,
    /// The activity that was launched; the course when none.
    pub(super) activity: Option<Uuid>,
    /// Origins whose pages may hold it.
    pub(super) origins: String,
    /// Until when its door leads to a window.
    pub(super) door_until: Micros,
}

/// Keeps a frame, and forgets those that are over.
pub(super) async fn put_frame(
    tx: &WriteTx,
    hash: Vec<u8>,
    frame: &Frame,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_frame WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_frame (code_hash, space_id, platform_id, person_id, enrolment_id, activity_id, origins, \
               door_until, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        hash.into(),
        frame.space.into(),
        frame.platform.into(),
        frame.person.into(),
        frame.enrolment.into(),
        frame.activity.into(),
        frame.origins.as_str().into(),
        frame.door_until.into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The frames of somebody who may not come in any more.
pub(super) async fn end_frames(tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_frame WHERE person_id = $1";
    tx.execute_raw(statement(&**tx, sql, [person.into()]))
        .await?;
    Ok(())
}

/// The frame of that hash.
pub(super) async fn frame<C: ConnectionTrait>(
    conn: &C,
    hash: &[u8],
    now: Micros,
) -> Result<Option<Frame>, DbErr> {
    let sql = "SELECT space_id, platform_id, person_id, enrolment_id, activity_id, origins, door_until FROM lti_frame \
               WHERE code_hash = $1 AND expires_at > $2";
    let values = [hash.to_vec().into(), now.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| {
        Ok(Frame {
            space: row.try_get("", "space_id")?,
            platform: row.try_get("", "platform_id")?,
            person: row.try_get("", "person_id")?,
            enrolment: row.try_get("", "enrolment_id")?,
            activity: row.try_get("", "activity_id")?,
            origins: row.try_get("", "origins")?,
            door_until: row.try_get("", "door_until")?,
        })
    })
    .transpose()
}

/// Whoever was moved to another group goes on there, in the frame that they have open.
pub(crate) async fn move_frames(tx: &WriteTx, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE lti_frame SET enrolment_id = $2 WHERE enrolment_id = $1";
    tx.execute_raw(statement(&**tx, sql, [from.into(), to.into()]))
        .await?;
    Ok(())
}

/// Something that somebody who teaches on a platform is picking here.
#[derive(Clone, Debug)]
pub(super) struct Choosing {
    /// Space.
    pub(super) space: Uuid,
    /// Platform.
    pub(super) platform: Uuid,
    /// Its deployment.
    pub(super) deployment: String,
    /// What the platform accepts.
    pub(super) settings: DeepLinkingSettings,
    /// Origins whose pages may hold ours in a frame.
    pub(super) origins: String,
}

/// Keeps what is being picked, and forgets what is over.
pub(super) async fn put_choosing(
    tx: &WriteTx,
    hash: Vec<u8>,
    of: &Choosing,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_choosing WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_choosing (code_hash, space_id, platform_id, deployment, settings, origins, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        hash.into(),
        of.space.into(),
        of.platform.into(),
        of.deployment.as_str().into(),
        json!(of.settings).to_string().into(),
        of.origins.as_str().into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// What is being picked under that hash.
pub(super) async fn choosing<C: ConnectionTrait>(
    conn: &C,
    hash: &[u8],
    now: Micros,
) -> Result<Option<Choosing>, DbErr> {
    let sql = "SELECT space_id, platform_id, deployment, settings, origins FROM lti_choosing \
               WHERE code_hash = $1 AND expires_at > $2";
    let values = [hash.to_vec().into(), now.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| {
        let settings: String = row.try_get("", "settings")?;
        Ok(Choosing {
            space: row.try_get("", "space_id")?,
            platform: row.try_get("", "platform_id")?,
            deployment: row.try_get("", "deployment")?,
            settings: serde_json::from_str(&settings).map_err(|e| DbErr::Json(e.to_string()))?,
            origins: row.try_get("", "origins")?,
        })
    })
    .transpose()
}

/// Forgets it; false when somebody was faster.
pub(super) async fn forget_choosing(tx: &WriteTx, hash: &[u8]) -> Result<bool, DbErr> {
    let sql = "DELETE FROM lti_choosing WHERE code_hash = $1";
    let done = tx
        .execute_raw(statement(&**tx, sql, [hash.to_vec().into()]))
        .await?;
    Ok(done.rows_affected() == 1)
}
