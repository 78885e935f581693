//! A mail to the administrators of the space that the server shows first, when a check has found
//! something new.

use passerelle_kernel::Micros;
use serde_json::json;

use super::faults;
use crate::access::Role;
use crate::app::App;
use crate::error::AppError;
use crate::mail::{self, Recipient};

pub(super) async fn tell(app: &App, since: Micros) -> Result<(), AppError> {
    let count = faults::found_since(app.db().read(), since).await?;
    let slug = &app.settings().home_space;
    let space = app.directory().space_by_slug(app.db(), slug).await?;
    let (Some(space), true) = (space, count > 0) else {
        return Ok(());
    };
    let people = app
        .directory()
        .with_role(app.db(), space.id, Role::Administrator)
        .await?;
    let tx = app.db().write().await?;
    for person in people {
        let Some(email) = &person.email else { continue };
        let to = Recipient {
            email,
            name: &person.name(),
            lang: person.lang,
        };
        let href = format!(
            "{}{}",
            app.settings().public_url,
            crate::state::address(slug)
        );
        let data = json!({"count": count, "href": href});
        let mail = app.write_mail("stored/mail/damaged", to, &space.name, data, &space.zone)?;
        mail::send(&tx, &mail).await?;
    }
    tx.commit().await?;
    Ok(())
}
