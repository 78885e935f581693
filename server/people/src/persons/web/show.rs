//! The page of one person: what the space knows, the account, the roles.

use axum::response::Response;
use passerelle_web::components::{
    AccountCard, Button, Choice, Confirm, Fact, Facts, Field, FieldKind,
};
use passerelle_web::{Action, Allowed, AppError, Ctx, Role, format};
use serde_json::{Value, json};

use super::list::account_status;
use super::{address, list_address, role_word};
use crate::persons::model::AccountState;
use crate::persons::policy::{EditPerson, ManageAccount, ManageRoles, PersonInSpace, ViewPerson};

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ViewPerson>) -> Result<Response, AppError> {
    let target = allowed.object();
    let (space, person) = (&target.space, &target.record);
    let edit = EditPerson::allows(&ctx.who, target).then(|| {
        Button::link(
            ctx.t("person-edit"),
            format!("{}/modifier", address(target)),
        )
        .quiet()
        .icon("pencil")
    });
    let manages_account = ManageAccount::allows(&ctx.who, target);
    let manages_roles = ManageRoles::allows(&ctx.who, target);
    ctx.page("people/persons/show", person.name())
        .space(space)
        .crumb(ctx.t("person-list-title"), list_address(space))
        .render(json!({
            "facts": facts(&ctx, target),
            "edit": edit,
            "shared": person.is_shared(),
            "card": card(&ctx, target),
            "account": if manages_account { account_actions(&ctx, target) } else { Value::Null },
            "roles": if manages_roles { role_actions(&ctx, target) } else { Value::Null },
        }))
}

fn facts(ctx: &Ctx, target: &PersonInSpace) -> Facts {
    let person = &target.record;
    let zone = passerelle_web::context::zone(&target.space);
    let none = || ctx.t("person-not-given");
    let email = Fact::new(
        ctx.t("person-email"),
        person.email.clone().unwrap_or_else(none),
    );
    let email = match &person.email {
        Some(address) => email.href(format!("mailto:{address}")),
        None => email,
    };
    let items = vec![
        email,
        Fact::new(
            ctx.t("person-organisation"),
            person.organisation.clone().unwrap_or_else(none),
        ),
        Fact::new(ctx.t("person-lang"), person.lang.own_name()),
        Fact::new(
            ctx.t("person-since"),
            format::date(person.joined_at, &zone, ctx.lang),
        ),
    ];
    Facts {
        items,
        columns: true,
    }
}

fn card(ctx: &Ctx, target: &PersonInSpace) -> AccountCard {
    let person = &target.record;
    let zone = passerelle_web::context::zone(&target.space);
    let mut card = AccountCard::new(person.name());
    card.login.clone_from(&person.identifier);
    card.roles = person
        .roles
        .iter()
        .map(|role| role_word(ctx, *role))
        .collect();
    card.status = Some(account_status(ctx, person.account));
    card.note = person.last_sign_in_at.map(|at| {
        let at = format::datetime(at, &zone, ctx.lang);
        ctx.tr("person-last-sign-in-at", &[("at", at.into())])
    });
    card
}

/// What can be done with the account: give one, invite, close, open again.
fn account_actions(ctx: &Ctx, target: &PersonInSpace) -> Value {
    let person = &target.record;
    let base = format!("{}/compte", address(target));
    let create = (person.account == AccountState::None && !person.is_shared()).then(|| {
        json!({
            "action": base,
            "field": Field::text("identifier", ctx.t("account-identifier"))
                .help(ctx.t("person-identifier-help"))
                .value(person.email.clone().unwrap_or_default())
                .required()
                .autocomplete("off"),
            "submit": Button::submit(ctx.t("person-account-create")).icon("key"),
        })
    });
    let open = matches!(person.account, AccountState::Waiting | AccountState::Active);
    let reachable = person.trusted_address();
    let label = if person.account == AccountState::Waiting {
        "person-invite"
    } else {
        "person-invite-again"
    };
    let invite = (open && reachable.is_some()).then(|| {
        Button::post(ctx.t(label), format!("{base}/inviter"))
            .quiet()
            .about(person.name())
            .icon("send")
    });
    let close = (open && !person.is_shared()).then(|| {
        Confirm::danger(
            "close-account",
            ctx.t("person-account-close"),
            ctx.tr(
                "person-account-close-sentence",
                &[("name", person.name().into())],
            ),
            format!("{base}/fermer"),
        )
        .consequence(ctx.t("person-account-close-sessions"))
        .consequence(ctx.t("person-account-close-kept"))
        .submit(ctx.t("person-account-close-do"))
        .icon("lock")
    });
    let reopen = (person.account == AccountState::Disabled && !person.is_shared()).then(|| {
        Button::post(ctx.t("person-account-reopen"), format!("{base}/rouvrir"))
            .quiet()
            .icon("undo")
    });
    json!({
        "create": create,
        "invite": invite,
        "invite_to": reachable.filter(|_| open),
        "unreachable": open && person.trusted_address().is_none(),
        "close": close,
        "reopen": reopen,
    })
}

fn role_actions(ctx: &Ctx, target: &PersonInSpace) -> Value {
    let person = &target.record;
    let base = format!("{}/roles", address(target));
    let revoke: Vec<Confirm> = person
        .roles
        .iter()
        .map(|role| {
            let word = role_word(ctx, *role);
            let args = [("name", person.name().into()), ("role", (&word).into())];
            Confirm::danger(
                format!("revoke-{}", role.code()),
                ctx.tr("person-role-revoke", &[("role", (&word).into())]),
                ctx.tr("person-role-revoke-sentence", &args),
                format!("{base}/retirer"),
            )
            .consequence(ctx.t("person-role-revoke-consequence"))
            .hidden("role", role.code())
            .submit(ctx.t("person-role-revoke-do"))
            .icon("x")
        })
        .collect();
    let missing: Vec<Role> = Role::ALL
        .into_iter()
        .filter(|role| !person.roles.contains(role))
        .collect();
    let choices = missing.iter().map(|role| {
        Choice::new(role.code(), role_word(ctx, *role))
            .help(ctx.t(&format!("person-role-{}-help", role.code())))
    });
    let field = (!missing.is_empty()).then(|| {
        Field::new(FieldKind::Radio, "role", ctx.t("person-role-give"))
            .required()
            .options(choices)
    });
    let submit = Button::submit(ctx.t("person-role-give-do"))
        .quiet()
        .icon("shield-check");
    json!({"action": base, "revoke": revoke, "field": field, "submit": submit})
}
