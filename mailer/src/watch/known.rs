//! Which items of a feed are known already, by any of their names, and what of them is corrected.
//!
//! A feed is read again and again; an entry is the same when it bears the identifier of one that is
//! known, else leads to its page, else says the same words on the same day. What a person has
//! changed of an item is theirs: only what still stands as the feed said it is corrected.

use std::collections::{HashMap, HashSet};

use passerelle_feeds::{Identity, Item as Entry};
use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};

use super::model::Feed;

/// Names looked for at a time.
const NAMES: usize = 200;

/// What is known of an item.
struct Known {
    id: Uuid,
    title: String,
    link: String,
    summary: String,
    published_at: Option<Micros>,
    /// What the feed said last; none of an item that was found before that was kept.
    said: Option<[String; 3]>,
}

/// The items that entries of a feed are, as far as they are known.
pub(super) struct Found {
    names: HashMap<String, Option<Uuid>>,
    items: HashMap<Uuid, Known>,
    claimed: HashSet<Uuid>,
}

impl Found {
    /// Looks for all entries of a feed at once.
    pub(super) async fn of(
        tx: &WriteTx,
        feed: &Feed,
        entries: &[Entry],
        shared: &[String],
    ) -> Result<Self, DbErr> {
        let wanted: Vec<&String> = entries
            .iter()
            .flat_map(|entry| entry.identity.names())
            .chain(shared)
            .collect();
        let mut names = HashMap::new();
        for some in wanted.chunks(NAMES) {
            // Digits of ours: nothing in them is anybody's words.
            let list: Vec<String> = some.iter().map(|name| format!("'{name}'")).collect();
            let list = list.join(", ");
            let sql = format!(
                "SELECT name, item_id FROM mail_item_name WHERE space_id = $1 AND name IN ({list}) \
                 UNION ALL SELECT digest, id FROM mail_item WHERE space_id = $1 AND digest IN ({list})"
            );
            let rows = tx
                .query_all_raw(statement(&**tx, sql, [feed.space.into()]))
                .await?;
            for row in &rows {
                let name: String = row.try_get("", "name")?;
                names.insert(name, row.try_get("", "item_id")?);
            }
        }
        let known: Vec<Uuid> = names.values().flatten().copied().collect();
        let items = read(tx, &known).await?;
        Ok(Self {
            names,
            items,
            claimed: HashSet::new(),
        })
    }

    /// Which item each entry is, in their order; none for a new one. No item is two entries: those
    /// that bear the surer name have the choice.
    pub(super) fn match_up(&mut self, entries: &[Entry]) -> Vec<Option<Uuid>> {
        let mut matched: Vec<Option<Uuid>> = vec![None; entries.len()];
        let ways: [fn(&Self, &Entry) -> Option<Uuid>; 3] =
            [Self::by_id, Self::by_words, Self::by_link];
        for way in ways {
            for (entry, place) in entries.iter().zip(&mut matched) {
                let found = match place {
                    Some(_) => None,
                    None => way(self, entry).filter(|id| !self.claimed.contains(id)),
                };
                if let Some(id) = found {
                    self.claimed.insert(id);
                    *place = Some(id);
                }
            }
        }
        matched
    }

    fn named(&self, name: Option<&String>) -> Option<Uuid> {
        let id = (*self.names.get(name?)?)?;
        self.items.contains_key(&id).then_some(id)
    }

    fn by_id(&self, entry: &Entry) -> Option<Uuid> {
        let identity = &entry.identity;
        self.named(identity.id.as_ref())
            .or_else(|| self.named(identity.former.as_ref().filter(|_| identity.id.is_some())))
    }

    fn by_words(&self, entry: &Entry) -> Option<Uuid> {
        self.named(Some(&entry.identity.words))
    }

    /// The page is the same: the entry is, when its title is, or when nothing but its title
    /// changed. A page that shows one thing after another says another day each time.
    fn by_link(&self, entry: &Entry) -> Option<Uuid> {
        let identity = &entry.identity;
        let id = self
            .named(identity.link.as_ref())
            .or_else(|| self.named(identity.former.as_ref()))?;
        let known = self.items.get(&id)?;
        let title = known.said.as_ref().map_or(&known.title, |said| &said[0]);
        let same_day = match (known.published_at, entry.at) {
            (Some(a), Some(b)) => a == b,
            _ => identity.id.is_none(),
        };
        (*title == entry.title || same_day).then_some(id)
    }

    /// Corrects an item that is known by what the feed says of it now.
    pub(super) async fn correct(&self, tx: &WriteTx, id: Uuid, entry: &Entry) -> Result<(), DbErr> {
        let Some(known) = self.items.get(&id) else {
            return Ok(());
        };
        let now = said(entry);
        if known.said.as_ref() == Some(&now)
            && (entry.at.is_none() || known.published_at == entry.at)
        {
            return Ok(());
        }
        let shown = [&known.title, &known.link, &known.summary];
        // Found before that was noted: nobody knows who wrote what is there.
        let before = known.said.as_ref().unwrap_or(&now);
        let put = |at: usize| {
            let theirs = *shown[at] != before[at] || now[at].is_empty();
            if theirs {
                shown[at].clone()
            } else {
                now[at].clone()
            }
        };
        let sql = "UPDATE mail_item SET title = $2, link = $3, summary = $4, said_title = $5, said_link = $6, said_summary = $7, \
                   published_at = COALESCE($8, published_at) WHERE id = $1";
        let values: [Value; 8] = [
            id.into(),
            put(0).into(),
            put(1).into(),
            put(2).into(),
            now[0].as_str().into(),
            now[1].as_str().into(),
            now[2].as_str().into(),
            entry.at.into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
        Ok(())
    }
}

fn said(entry: &Entry) -> [String; 3] {
    [
        entry.title.clone(),
        entry.link.clone().unwrap_or_default(),
        entry.summary.clone(),
    ]
}

async fn read(tx: &WriteTx, wanted: &[Uuid]) -> Result<HashMap<Uuid, Known>, DbErr> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT id, title, link, summary, published_at, state, said_title, said_link, said_summary FROM mail_item WHERE id {}",
        in_ids(&**tx, 1)
    );
    let rows = tx
        .query_all_raw(statement(&**tx, sql, [ids(wanted)]))
        .await?;
    rows.iter()
        .map(|row| known(row).map(|known| (known.id, known)))
        .collect()
}

fn known(row: &QueryResult) -> Result<Known, DbErr> {
    let text = |name: &str| row.try_get::<Option<String>>("", name);
    let shown = |name: &str| row.try_get::<String>("", name);
    let said = match (
        text("said_title")?,
        text("said_link")?,
        text("said_summary")?,
    ) {
        (Some(title), Some(link), Some(summary)) => Some([title, link, summary]),
        // Nobody has looked at it yet: what is there is what the feed said.
        _ if shown("state")? == "new" => Some([shown("title")?, shown("link")?, shown("summary")?]),
        _ => None,
    };
    Ok(Known {
        id: row.try_get("", "id")?,
        title: shown("title")?,
        link: shown("link")?,
        summary: shown("summary")?,
        published_at: row.try_get("", "published_at")?,
        said,
    })
}

/// Notes what a feed says of an item that is new, as it said it.
pub(super) async fn note_said(tx: &WriteTx, id: Uuid, entry: &Entry) -> Result<(), DbErr> {
    let [title, link, summary] = said(entry);
    let sql =
        "UPDATE mail_item SET said_title = $2, said_link = $3, said_summary = $4 WHERE id = $1";
    let values: [Value; 4] = [id.into(), title.into(), link.into(), summary.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes the names of an item; one that another item has stays that one's.
pub(super) async fn name(
    tx: &WriteTx,
    feed: &Feed,
    id: Uuid,
    identity: &Identity,
    known: &Found,
) -> Result<(), DbErr> {
    for name in identity.names() {
        if !known.names.contains_key(name) {
            put(tx, feed, name, Some(id)).await?;
        }
    }
    Ok(())
}

/// Names that several entries claim are nobody's from then on.
pub(super) async fn share(
    tx: &WriteTx,
    feed: &Feed,
    names: &[String],
    known: &Found,
) -> Result<(), DbErr> {
    for name in names {
        if known.names.get(name) != Some(&None) {
            put(tx, feed, name, None).await?;
        }
    }
    Ok(())
}

async fn put(tx: &WriteTx, feed: &Feed, name: &str, item: Option<Uuid>) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_item_name (space_id, name, item_id, feed_id) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (space_id, name) DO UPDATE SET item_id = CASE WHEN excluded.item_id IS NULL THEN NULL ELSE mail_item_name.item_id END";
    let values: [Value; 4] = [feed.space.into(), name.into(), item.into(), feed.id.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}
