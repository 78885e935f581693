//! Pages on the persons of a space.

mod account;
mod edit;
mod list;
mod roles;
mod show;

use passerelle_web::components::{Choice, Field, FieldKind};
use passerelle_web::directory::Space;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Action, Ctx, Lang, Role};

use super::model::PersonDraft;
use super::policy::{
    CreatePerson, EditPerson, ListPersons, ManageAccount, ManageRoles, PersonInSpace, ViewPerson,
};

/// Routes of the slice.
pub fn routes() -> Routes {
    let manage = Access::Action(ManageAccount::NAME);
    let roles = Access::Action(ManageRoles::NAME);
    Routes::new()
        .get(
            "/e/{space}/gestion/personnes",
            Access::Action(ListPersons::NAME),
            list::page,
        )
        .get(
            "/e/{space}/gestion/personnes/nouvelle",
            Access::Action(CreatePerson::NAME),
            edit::new,
        )
        .post(
            "/e/{space}/gestion/personnes/nouvelle",
            Access::Action(CreatePerson::NAME),
            edit::create,
        )
        .get(
            "/e/{space}/gestion/personnes/{person}",
            Access::Action(ViewPerson::NAME),
            show::page,
        )
        .get(
            "/e/{space}/gestion/personnes/{person}/modifier",
            Access::Action(EditPerson::NAME),
            edit::page,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/modifier",
            Access::Action(EditPerson::NAME),
            edit::save,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/compte",
            manage,
            account::create,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/compte/inviter",
            manage,
            account::invite,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/compte/fermer",
            manage,
            account::disable,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/compte/rouvrir",
            manage,
            account::enable,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/roles",
            roles,
            roles::grant_role,
        )
        .post(
            "/e/{space}/gestion/personnes/{person}/roles/retirer",
            roles,
            roles::revoke_role,
        )
}

fn list_address(space: &Space) -> String {
    format!("/e/{}/gestion/personnes", space.slug)
}

fn address(target: &PersonInSpace) -> String {
    format!("{}/{}", list_address(&target.space), target.record.id)
}

fn role_word(ctx: &Ctx, role: Role) -> String {
    ctx.t(&format!("person-role-{}", role.code()))
}

/// The fields of a person; `names` are left out for somebody of several spaces.
fn fields(ctx: &Ctx, draft: &PersonDraft, problems: &[(&str, &str)], names: bool) -> Vec<Field> {
    let error = |name: &str| {
        problems
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, message)| ctx.t(message))
    };
    let mut fields = Vec::new();
    if names {
        fields.push(
            Field::text("given_name", ctx.t("person-given-name"))
                .value(&draft.given_name)
                .required()
                .autocomplete("off")
                .error(error("given_name")),
        );
        fields.push(
            Field::text("family_name", ctx.t("person-family-name"))
                .value(&draft.family_name)
                .required()
                .autocomplete("off")
                .error(error("family_name")),
        );
    }
    fields.push(
        Field::new(FieldKind::Email, "email", ctx.t("person-email"))
            .help(ctx.t("person-email-help"))
            .value(draft.email.clone().unwrap_or_default())
            .autocomplete("off")
            .error(error("email")),
    );
    fields.push(
        Field::text("organisation", ctx.t("person-organisation"))
            .help(ctx.t("person-organisation-help"))
            .value(draft.organisation.clone().unwrap_or_default())
            .autocomplete("off")
            .error(error("organisation")),
    );
    if names {
        fields.push(
            Field::new(FieldKind::Radio, "lang", ctx.t("person-lang"))
                .help(ctx.t("person-lang-help"))
                .value(draft.lang.code())
                .options(Lang::ALL.map(|lang| Choice::new(lang.code(), lang.own_name()))),
        );
    }
    fields
}
