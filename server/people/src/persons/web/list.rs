//! The list of persons: search, filters, fifty a page, all in the address.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Chips, Column, Empty, Link, PAGE_ROWS, Pager, Row, Search, Status, Table, Tone,
};
use passerelle_web::directory::{PersonCard, Space};
use passerelle_web::{Allowed, AppError, Ctx, Form, Role, format};
use serde_json::json;

use super::{list_address, role_word};
use crate::persons::model::{AccountState, Filter};
use crate::persons::policy::ListPersons;
use crate::persons::store::{self, PersonRecord};

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<ListPersons>,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let list = list_address(space);
    let filter = Filter::parse(&Form::parse(query.unwrap_or_default().as_bytes())?);
    let (persons, total) = store::list(ctx.app.db().read(), space.id, &filter, PAGE_ROWS).await?;
    let first = Filter {
        page: 1,
        ..filter.clone()
    };
    let pager = Pager::new(filter.page, PAGE_ROWS, total, |page| {
        Filter {
            page,
            ..filter.clone()
        }
        .address(&list)
    });
    let mut search = Search::new(&list, ctx.t("person-search"), &filter.text);
    if let Some(role) = filter.role {
        search = search.hidden("role", role.code());
    }
    if let Some(account) = filter.account {
        search = search.hidden("compte", account.code());
    }
    let add = ctx
        .who
        .manages(space.id)
        .then(|| Button::link(ctx.t("person-add"), format!("{list}/nouvelle")).icon("user-plus"));
    ctx.page("people/persons/list", ctx.t("person-list-title"))
        .space(space)
        .wide()
        .render(json!({
            "count": total,
            "search": search,
            "roles": role_chips(&ctx, &first, &list),
            "accounts": account_chips(&ctx, &first, &list),
            "table": table(&ctx, space, &persons, &filter, add.clone()),
            "pager": (total > PAGE_ROWS).then_some(pager),
            "add": add,
        }))
}

fn role_chips(ctx: &Ctx, filter: &Filter, list: &str) -> Chips {
    let link = |label: String, role: Option<Role>| {
        Link::new(
            label,
            Filter {
                role,
                ..filter.clone()
            }
            .address(list),
        )
        .current(filter.role == role)
    };
    let mut items = vec![link(ctx.t("person-everybody"), None)];
    items.extend(Role::ALL.map(|role| link(role_word(ctx, role), Some(role))));
    Chips {
        label: ctx.t("person-filter-role"),
        items,
    }
}

fn account_chips(ctx: &Ctx, filter: &Filter, list: &str) -> Chips {
    let link = |label: String, account: Option<AccountState>| {
        Link::new(
            label,
            Filter {
                account,
                ..filter.clone()
            }
            .address(list),
        )
        .current(filter.account == account)
    };
    let mut items = vec![link(ctx.t("person-everybody"), None)];
    items.extend(AccountState::ALL.map(|state| {
        link(
            ctx.t(&format!("person-account-{}", state.code())),
            Some(state),
        )
    }));
    Chips {
        label: ctx.t("person-filter-account"),
        items,
    }
}

fn table(
    ctx: &Ctx,
    space: &Arc<Space>,
    persons: &[PersonRecord],
    filter: &Filter,
    add: Option<Button>,
) -> Table {
    let zone = passerelle_web::context::zone(space);
    let rows = persons.iter().map(|person| {
        let card = PersonCard {
            id: person.id,
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            email: None,
            lang: person.lang,
            organisation: None,
        };
        let name = Cell::link(
            card.listed_name(),
            format!("{}/{}", list_address(space), person.id),
        );
        let name = match &person.organisation {
            Some(organisation) => name.note(organisation),
            None => name,
        };
        let roles: Vec<String> = person
            .roles
            .iter()
            .map(|role| role_word(ctx, *role))
            .collect();
        let seen = person
            .last_sign_in_at
            .map(|at| format::relative(at, ctx.now, &zone, ctx.lang));
        Row::new(
            name,
            [
                Cell::text(person.email.clone().unwrap_or_default()),
                Cell::text(roles.join(", ")),
                Cell::status(account_status(ctx, person.account)),
                Cell::text(seen.unwrap_or_default()),
            ],
        )
    });
    let columns = [
        "person-name",
        "person-email",
        "person-roles",
        "person-account",
        "person-last-sign-in",
    ];
    let empty = if filter.is_empty() {
        Empty::new(ctx.t("person-none-title"), ctx.t("person-none-text"))
    } else {
        Empty::new(
            ctx.t("person-none-found-title"),
            ctx.t("person-none-found-text"),
        )
    };
    let empty = match add {
        Some(button) if filter.is_empty() => empty.button(button),
        _ => empty.button(Button::link(ctx.t("person-show-all"), list_address(space)).quiet()),
    };
    Table::new(
        "persons",
        ctx.t("person-list-title"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
    .empty(empty.icon("users"))
}

/// The state of an account, with its sign and word.
pub(super) fn account_status(ctx: &Ctx, state: AccountState) -> Status {
    let tone = match state {
        AccountState::Active => Tone::Success,
        AccountState::Waiting => Tone::Warn,
        AccountState::None => Tone::Neutral,
        AccountState::Disabled => Tone::Locked,
    };
    Status::new(tone, ctx.t(&format!("person-account-{}", state.code())))
}
