//! The contacts of a space: looked for, filtered, exported.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use passerelle_text::csv;
use passerelle_web::components::{
    Button, Cell, Chips, Column, Empty, Link, PAGE_ROWS, Pager, Row, Search, Status as Sign, Table,
    Tone,
};
use passerelle_web::context::urlencode;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::{contacts_address, tabs};
use crate::audience::access::ManageContacts;
use crate::audience::importing::COLUMNS;
use crate::audience::model::{Contact, Status};
use crate::audience::store::{self, Sieve};

/// What the address asks for, and the addresses that keep it.
struct Asked {
    here: String,
    sieve: Sieve,
    page: u64,
}

impl Asked {
    fn address(&self, status: Option<Status>, page: u64) -> String {
        let mut address = format!("{}?q={}", self.here, urlencode(&self.sieve.text));
        if let Some(status) = status {
            address.push_str(&format!("&etat={}", status.code()));
        }
        if let Some(list) = self.sieve.list {
            address.push_str(&format!("&liste={list}"));
        }
        if page > 1 {
            address.push_str(&format!("&page={page}"));
        }
        address
    }
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ManageContacts>) -> Result<Response, AppError> {
    let space = allowed.object();
    let db = ctx.app.db().read();
    let form = ctx.query();
    let asked = Asked {
        here: contacts_address(space),
        sieve: Sieve {
            text: form.text("q").to_owned(),
            status: Status::parse(form.text("etat")),
            list: form.text("liste").parse().ok(),
        },
        page: form.number("page").unwrap_or(1).max(1).unsigned_abs(),
    };
    let list = match asked.sieve.list {
        Some(list) => store::list(db, list)
            .await?
            .filter(|list| list.space == space.id),
        None => None,
    };
    let total = store::count(db, space.id, &asked.sieve).await?;
    let pager = Pager::new(asked.page, PAGE_ROWS, total.unsigned_abs(), |page| {
        asked.address(asked.sieve.status, page)
    });
    let from = pager.from.saturating_sub(1);
    let contacts = store::contacts(db, space.id, &asked.sieve, from, PAGE_ROWS).await?;
    let here = &asked.here;
    let add = Button::link(ctx.t("contact-add"), format!("{here}/nouveau")).icon("plus");
    let import = Button::link(ctx.t("contact-import"), format!("{here}/importer"));
    let export = Button::link(ctx.t("contact-export"), format!("{here}.csv"));
    let import = import.quiet().icon("upload");
    let data = json!({
        "tabs": tabs(&ctx, space, "contact-tab-contacts"),
        "search": Search::new(here.clone(), ctx.t("contact-search"), &asked.sieve.text),
        "chips": chips(&ctx, &asked),
        "of_list": list.map(|list| ctx.tr("contact-of-list", &[("name", list.name.into())])),
        "count": ctx.tr("contact-count", &[("count", total.into())]),
        "table": table(&ctx, &asked, &contacts, import.clone()),
        "buttons": [add, import, export.quiet().icon("download").download()],
        "pager": (pager.total > PAGE_ROWS).then_some(pager),
    });
    ctx.page("mailer/audience/contacts", ctx.t("contact-title"))
        .space(space)
        .wide()
        .render(data)
}

fn chips(ctx: &Ctx, asked: &Asked) -> Chips {
    let chip = |status: Option<Status>, word: &str| {
        let label = ctx.t(&format!("contact-status-{word}"));
        Link::new(label, asked.address(status, 1)).current(asked.sieve.status == status)
    };
    let all = std::iter::once(chip(None, "all"));
    let each = Status::ALL
        .iter()
        .map(|status| chip(Some(*status), status.code()));
    Chips {
        label: ctx.t("contact-filter"),
        items: all.chain(each).collect(),
    }
}

fn table(ctx: &Ctx, asked: &Asked, contacts: &[Contact], import: Button) -> Table {
    let rows = contacts.iter().map(|contact| {
        let fields = &contact.fields;
        let tags = fields.networks.iter().chain(&fields.themes);
        let tags: Vec<&str> = tags.map(String::as_str).collect();
        let structure = Cell::text(&fields.organisation);
        Row::new(
            Cell::link(contact.name(), format!("{}/{}", asked.here, contact.id))
                .note(&fields.email),
            [
                if fields.job.is_empty() {
                    structure
                } else {
                    structure.note(&fields.job)
                },
                Cell::text(&fields.department),
                Cell::text(tags.join(", ")),
                Cell::status(sign(ctx, contact)),
            ],
        )
    });
    let columns = [
        "contact-name",
        "contact-organisation",
        "contact-department",
        "contact-tags",
        "contact-status",
    ];
    let sieve = &asked.sieve;
    let searching = !sieve.text.is_empty() || sieve.status.is_some() || sieve.list.is_some();
    let empty = if searching {
        Empty::new(ctx.t("contact-none-title"), ctx.t("contact-none-text"))
    } else {
        Empty::new(ctx.t("contact-empty-title"), ctx.t("contact-empty-text"))
            .icon("users")
            .button(import)
    };
    Table::new(
        "contacts",
        ctx.t("contact-title"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
    .empty(empty)
}

/// Whether a contact may be written to, in a word and a tone.
pub(super) fn sign(ctx: &Ctx, contact: &Contact) -> Sign {
    let tone = match contact.status {
        Status::Enabled => Tone::Success,
        Status::Unconfirmed => Tone::Warn,
        Status::Blocked => Tone::Neutral,
        Status::Bounced => Tone::Danger,
    };
    Sign::new(
        tone,
        ctx.t(&format!("contact-status-{}", contact.status.code())),
    )
}

/// Every contact, in the columns that an import reads.
pub(super) async fn export(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let zone = passerelle_web::context::zone(space);
    let mut out = csv::Writer::new();
    let mut head: Vec<String> = COLUMNS
        .iter()
        .map(|c| ctx.t(&format!("contact-field-{}", c.name)))
        .collect();
    head.push(ctx.t("contact-status"));
    head.push(ctx.t("contact-since"));
    out.row(&head);
    let mut after = String::new();
    loop {
        let (contacts, last) =
            store::contacts_after(ctx.app.db().read(), space.id, &after, 1_000).await?;
        for contact in &contacts {
            let mut record: Vec<String> =
                COLUMNS.iter().map(|c| (c.read)(&contact.fields)).collect();
            record.push(sign(&ctx, contact).word.unwrap_or_default());
            record.push(format::iso_date(contact.created_at, &zone));
            out.row(&record);
        }
        after = last;
        if contacts.len() < 1_000 {
            break;
        }
    }
    let bytes = out.into_bytes();
    let headers = [
        (header::CONTENT_TYPE, csv::CONTENT_TYPE),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"contacts.csv\"",
        ),
    ];
    Ok((headers, bytes).into_response())
}
