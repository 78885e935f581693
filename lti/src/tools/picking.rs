//! What was picked in a tool (Deep Linking 2.0, 3.4): kept until the person says how long each takes.

use passerelle_courses::catalogue::{ActivityKind, NewActivity};
use passerelle_courses::content::ToolContent;
use passerelle_courses::progress::model::ActivityRule;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{HOUR, SECOND, token_hash};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::{
    AnswerError, Asked, KeySet, Picked, check_deep_linking, claimed_issuer,
};
use passerelle_outgoing::OutgoingError;
use passerelle_web::{App, AppError};
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::model::{DEPLOYMENT, Ours, Tool};
use super::store;
use crate::keys::{Signer, checked};
use crate::reasons::Reason;

/// How long somebody may look around in a tool before they pick something.
const PICKING_LIFE: Micros = 4 * HOUR;
/// Minutes proposed for an activity: the tool does not say how long it takes.
pub(super) const MINUTES: i32 = 30;

/// Bytes of a column that is kept.
const MAX_COLUMN: usize = 4_000;

/// A link that was picked, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Item {
    /// Title.
    pub(super) title: String,
    /// Where it leads; the tool's own address when empty.
    pub(super) url: String,
    /// Parameters, one a line.
    pub(super) custom: String,
    /// Whether it wishes a grade.
    pub(super) graded: bool,
    /// The column of that grade, as it wishes it.
    #[serde(default)]
    pub(super) column: Option<Value>,
}

/// Something that was picked, and by whom, for what.
#[derive(Clone, Debug)]
pub(super) struct Basket {
    /// The tool.
    pub(super) tool: Uuid,
    /// Who picked.
    pub(super) person: Uuid,
    /// Course and week.
    pub(super) place: (Uuid, Uuid),
    /// What was picked; nothing yet while the person is in the tool.
    pub(super) items: Vec<Item>,
}

/// Why what came from a tool is not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum PickError {
    /// The tool is unknown or closed.
    #[error("iss is no tool of ours")]
    Tool,
    /// Its keys could not be had.
    #[error("keys: {0}")]
    Keys(OutgoingError),
    /// The response is not what it must be.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A link in it cannot become an activity; the field that is wrong.
    #[error("a link that was picked cannot be kept: its {0} is refused")]
    Link(&'static str),
    /// It answers no request of ours, or too late.
    #[error("it answers no request, or too late (Deep Linking 2.0, 3.4.2)")]
    Late,
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl PickError {
    /// As people are told it.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Tool => Reason::new("client"),
            Self::Keys(error) => Reason::from(error).asking("keys"),
            Self::Answer(error) => error.into(),
            Self::Link(field) => Reason::new("picked-link").about(field),
            Self::Late => Reason::new("picked-late"),
            Self::App(_) => Reason::new("ours"),
        }
    }
}

impl From<DbErr> for PickError {
    fn from(error: DbErr) -> Self {
        Self::App(error.into())
    }
}

/// Makes the data that goes with a request and comes back with its response.
pub(super) async fn data(
    tx: &WriteTx,
    tool: Uuid,
    person: Uuid,
    (course, week): (Uuid, Uuid),
) -> Result<String, DbErr> {
    let now = tx.env().now();
    let sql = "DELETE FROM lti_picked WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [now.into()])).await?;
    let code = tx.env().token();
    let sql = "INSERT INTO lti_picked (code_hash, tool_id, person_id, course_id, week_id, items, expires_at) \
               VALUES ($1, $2, $3, $4, $5, '[]', $6)";
    let values = [
        token_hash(&code).into(),
        tool.into(),
        person.into(),
        course.into(),
        week.into(),
        (now + PICKING_LIFE).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(code)
}

/// What is kept under a code.
pub(super) async fn basket<C: ConnectionTrait>(
    conn: &C,
    code: &str,
    now: Micros,
) -> Result<Option<Basket>, DbErr> {
    let sql = "SELECT tool_id, person_id, course_id, week_id, items FROM lti_picked WHERE code_hash = $1 AND expires_at > $2";
    let values = [token_hash(code).into(), now.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| {
        let items: String = row.try_get("", "items")?;
        Ok(Basket {
            tool: row.try_get("", "tool_id")?,
            person: row.try_get("", "person_id")?,
            place: (row.try_get("", "course_id")?, row.try_get("", "week_id")?),
            items: serde_json::from_str(&items).map_err(|e| DbErr::Json(e.to_string()))?,
        })
    })
    .transpose()
}

/// Forgets what is kept under a code; false when somebody was faster.
pub(super) async fn forget(tx: &WriteTx, code: &str) -> Result<bool, DbErr> {
    let sql = "DELETE FROM lti_picked WHERE code_hash = $1";
    let done = tx
        .execute_raw(statement(&**tx, sql, [token_hash(code).into()]))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Checks a response and keeps what it brings; the tool and the code to read it by.
pub(super) async fn receive(
    app: &App,
    token: &str,
) -> Result<(Tool, String), (Option<Tool>, PickError)> {
    let client = claimed_issuer(token).unwrap_or_default();
    let tool = store::tool_of_client(app.db().read(), &client)
        .await
        .map_err(|error| (None, error.into()))?
        .filter(|tool| tool.closed_at.is_none())
        .ok_or((None, PickError::Tool))?;
    match keep(app, token, &tool).await {
        Ok(code) => Ok((tool, code)),
        Err(error) => Err((Some(tool), error)),
    }
}

async fn keep(app: &App, token: &str, tool: &Tool) -> Result<String, PickError> {
    let address = Url::parse(&tool.data.jwks_uri).map_err(AppError::internal)?;
    let ours = Ours::of(&app.settings().public_url);
    let code = claimed_data(token).unwrap_or_default();
    let now = app.env().now();
    let asked = Asked {
        client_id: &tool.client_id,
        deployment: DEPLOYMENT,
        issuer: &ours.issuer,
        data: &code,
        now: now / SECOND,
    };
    let signer = Signer {
        id: tool.id,
        address: &address,
    };
    let check = |keys: &KeySet| check_deep_linking(token, keys, &asked);
    let checked = checked(app, signer, check, AnswerError::is_by_key).await;
    let items: Vec<Item> = checked
        .map_err(PickError::Keys)??
        .into_iter()
        .map(|picked| item(picked, tool))
        .collect();
    // What could not be added is refused now, to the tool: later nobody could mend it.
    let wrong = items
        .iter()
        .flat_map(|item| activity(item, tool.id, Uuid::nil(), MINUTES).problems())
        .next();
    if let Some((field, _)) = wrong {
        return Err(PickError::Link(field));
    }
    let tx = app.db().write().await?;
    let known = basket(&*tx, &code, now).await?;
    let known = known.filter(|basket| basket.tool == tool.id && basket.items.is_empty());
    known.ok_or(PickError::Late)?;
    let sql = "UPDATE lti_picked SET items = $2 WHERE code_hash = $1";
    let values = [token_hash(&code).into(), json!(items).to_string().into()];
    tx.execute_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await?;
    Ok(code)
}

/// The data of a response, not checked: it names what the response is then checked against, and
/// what is kept under it says for which tool it was made.
fn claimed_data(token: &str) -> Option<String> {
    passerelle_lti_protocol::claimed(token, "https://purl.imsglobal.org/spec/lti-dl/claim/data")
}

fn item(picked: Picked, tool: &Tool) -> Item {
    let short = |text: String| text.trim().chars().take(200).collect::<String>();
    let line = |(name, value): (String, Value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={}", value.replace(['\n', '\r'], " "))
    };
    let custom: Vec<String> = picked.custom.into_iter().map(line).collect();
    Item {
        title: picked
            .title
            .map(short)
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| tool.data.name.clone()),
        url: picked.url.unwrap_or_default(),
        custom: custom.join("\n"),
        graded: picked.line_item.is_some(),
        column: picked
            .line_item
            .filter(|column| column.to_string().len() <= MAX_COLUMN),
    }
}

/// The activity that an item becomes.
pub(super) fn activity(item: &Item, tool: Uuid, week: Uuid, minutes: i32) -> NewActivity {
    let content = ToolContent {
        tool,
        url: item.url.clone(),
        custom: item.custom.clone(),
        framed: false,
        lowers: false,
        column: item.column.clone(),
    };
    NewActivity {
        week_id: week,
        kind: ActivityKind::Tool,
        title: item.title.clone(),
        minutes,
        optional: false,
        // Without a grade the tool has nothing to say: opening it is all that is known.
        rule: if item.graded {
            ActivityRule::Completed
        } else {
            ActivityRule::Viewed
        },
        objectives: Vec::new(),
        content: json!(content),
        package_id: None,
    }
}
