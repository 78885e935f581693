//! Mails of the slice: sign-in link, invitation, new password.

use passerelle_web::directory::Space;
use passerelle_web::mail::{Mail, Recipient};
use passerelle_web::{App, AppError, Lang};
use serde_json::json;

use super::model::{ASKED_LINK_LIFETIME, LINK_LIFETIME};
use super::store::Purpose;
use passerelle_kernel::env::{DAY, MINUTE};

/// Whom a link is written to.
#[derive(Clone, Copy, Debug)]
pub struct Addressee<'a> {
    /// Where it goes.
    pub address: &'a str,
    /// Name of the person.
    pub name: &'a str,
    /// What they sign in with.
    pub identifier: &'a str,
    /// Their language.
    pub lang: Lang,
}

/// Writes the mail that carries a link. The name of the sender is that of the space.
pub fn write(
    app: &App,
    space: Option<&Space>,
    purpose: Purpose,
    to: Addressee<'_>,
    token: &str,
) -> Result<Mail, AppError> {
    let (template, page) = match purpose {
        Purpose::SignIn => ("people/accounts/mail/sign_in", "connexion/lien"),
        Purpose::Invitation => ("people/accounts/mail/invitation", "invitation"),
        Purpose::Password => ("people/accounts/mail/password", "invitation"),
    };
    let name = space.map_or("Passerelle", |space| space.name.as_str());
    let zone = space.map_or("Europe/Paris", |space| space.zone.as_str());
    let data = json!({
        "link": format!("{}/{page}/{token}", app.settings().public_url),
        "identifier": to.identifier,
        "space": name,
        "minutes": ASKED_LINK_LIFETIME / MINUTE,
        "days": LINK_LIFETIME / DAY,
    });
    let recipient = Recipient {
        email: to.address,
        name: to.name,
        lang: to.lang,
    };
    let mut mail = app.write_mail(template, recipient, name, data, zone)?;
    mail.secret = true;
    mail.reply_to = space
        .map(|space| space.body.email.clone())
        .filter(|email| !email.is_empty());
    Ok(mail)
}
