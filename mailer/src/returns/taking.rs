//! Reading one message that came, whatever the door.

use passerelle_kernel::WriteTx;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_returns::{Incoming, Original, Report, What, read, verdict};
use passerelle_web::App;
use sha2::{Digest, Sha256};

use super::commands;
use super::model::{Kind, Returned};
use super::store::{self, Copy};
use crate::audience::model::Contact;
use crate::audience::store as audience;
use crate::delivery::{mask_text, message, space_of};
use crate::discussions;
use crate::discussions::model::Discussion;
use crate::links::{Arrival, Links};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was about something of ours, and what it says is done, now or before.
    Done,
    /// It is about nothing of ours, or nothing can be made of it: a person may read it.
    Unknown,
}

/// Takes one message. `envelope` says whom it was delivered to, when the door knows; what the
/// message itself says of it comes after.
///
/// # Errors
///
/// The database refuses: the message is to be taken again.
pub async fn take(app: &App, envelope: &[String], bytes: &[u8]) -> Result<Taken, DbErr> {
    let Ok(message) = read(bytes) else {
        return Ok(Taken::Unknown);
    };
    let digest = hex::encode(Sha256::digest(bytes));
    let links = Links::of(app);
    let about = envelope
        .iter()
        .chain(&message.to)
        .find_map(|address| links.arrival(address));
    if about.is_none() {
        // A door that knows whom it is for says so; otherwise all whom the message names.
        let mut lists = discussions::store::at_addresses(app.db().read(), envelope).await?;
        if lists.is_empty() {
            lists = discussions::store::at_addresses(app.db().read(), &message.to).await?;
        }
        if !lists.is_empty() {
            return posted(app, &lists, &message, &digest).await;
        }
    }
    let tx = app.db().write().await?;
    let taken = match about {
        Some(arrival) => arrived(&tx, &arrival, &message, &digest).await?,
        None => unaddressed(&tx, &links, &message, &digest).await?,
    };
    tx.commit().await?;
    tracing::info!(?taken, what = name(&message.kind), "something came back");
    Ok(taken)
}

/// Something was written to lists.
async fn posted(
    app: &App,
    lists: &[Discussion],
    message: &Incoming,
    digest: &str,
) -> Result<Taken, DbErr> {
    let tx = app.db().write().await?;
    let mut all = true;
    for list in lists {
        let taken = discussions::take(app, &tx, list, message, digest).await?;
        tracing::info!(list = %list.list, taken, "something was written to a list");
        all &= taken;
    }
    tx.commit().await?;
    Ok(if all { Taken::Done } else { Taken::Unknown })
}

fn name(what: &What) -> &'static str {
    match what {
        What::Report(_) => "report",
        What::Complaint(_) => "complaint",
        What::Automatic => "automatic",
        What::Gone(_) => "gone",
        What::Written(_) => "written",
    }
}

/// Something came to an address of ours.
async fn arrived(
    tx: &WriteTx,
    arrival: &Arrival,
    message: &Incoming,
    digest: &str,
) -> Result<Taken, DbErr> {
    let (number, place) = match arrival {
        Arrival::Mail(mail) => return mail_returned(tx, *mail, message, digest).await,
        Arrival::Returned(number, place)
        | Arrival::Stop(number, place)
        | Arrival::Answer(number, place) => (*number, *place),
    };
    let Some(copy) = store::copy(&**tx, number, place).await? else {
        return Ok(Taken::Unknown);
    };
    match (arrival, &message.kind) {
        (_, What::Complaint(complaint)) if !complaint.is_refusal() => {}
        (_, What::Complaint(complaint)) => {
            let row = of_copy(&copy, Kind::Complaint, digest, &complaint.kind);
            commands::returned(tx, &row).await?;
        }
        (Arrival::Stop(..), What::Automatic | What::Gone(_) | What::Written(_)) => {
            commands::stopped(tx, &copy).await?;
        }
        // Programs that answer where bounces go are written by people too.
        // What says that they left is for a person to read: nobody else knows it.
        (_, What::Written(letter) | What::Gone(letter)) => {
            commands::answered(tx, &copy, digest, &message.subject, letter).await?;
        }
        (Arrival::Returned(..), What::Report(reports)) => {
            bounced(tx, &copy, reports, digest).await?;
        }
        // Out of the office, or a report about something that we did not send.
        _ => {}
    }
    Ok(Taken::Done)
}

fn of_copy(copy: &Copy, kind: Kind, digest: &str, detail: &str) -> Returned {
    Returned {
        digest: digest.to_owned(),
        space: copy.space,
        contact: Some(copy.contact),
        copy: Some((copy.campaign, copy.place)),
        mail: None,
        kind,
        status: String::new(),
        detail: mask_text(detail, ""),
    }
}

/// A copy has one recipient: only what a report says of them is believed.
async fn bounced(tx: &WriteTx, copy: &Copy, reports: &[Report], digest: &str) -> Result<(), DbErr> {
    if let Some((report, severity)) = failure(reports, &copy.address) {
        let mut row = of_copy(copy, severity, digest, &said(report));
        row.status = status(report);
        commands::returned(tx, &row).await?;
    }
    Ok(())
}

/// What reports say of who was written to at that address, as we keep it or as it left.
fn failure<'a>(reports: &'a [Report], address: &str) -> Option<(&'a Report, Kind)> {
    let left = message::address(address).map_or_else(|_| String::new(), |left| left.to_string());
    verdict(reports, &[address, &left]).map(|(report, severity)| (report, severity.into()))
}

/// What the server said, with the status when its words do not name it.
fn said(report: &Report) -> String {
    let status = status(report);
    if report.diagnostic.contains(&status) {
        report.diagnostic.clone()
    } else {
        format!("{status} {}", report.diagnostic)
    }
}

fn status(report: &Report) -> String {
    report
        .status
        .map(|status| status.to_string())
        .unwrap_or_default()
}

/// A mail that is no copy came back: the administration sees it beside those that did not leave.
async fn mail_returned(
    tx: &WriteTx,
    mail: passerelle_kernel::Uuid,
    message: &Incoming,
    digest: &str,
) -> Result<Taken, DbErr> {
    let reports = match &message.kind {
        What::Report(reports) => reports,
        What::Automatic => return Ok(Taken::Done),
        // Somebody writes: a person must read it.
        What::Complaint(_) | What::Written(_) | What::Gone(_) => return Ok(Taken::Unknown),
    };
    if let Some((report, kind)) = failure(reports, "") {
        let recipient = report.recipient.as_deref().unwrap_or_default();
        let row = Returned {
            digest: digest.to_owned(),
            space: space_of(tx, mail).await?,
            contact: None,
            copy: None,
            mail: Some(mail),
            kind,
            status: status(report),
            detail: mask_text(&format!("{recipient}: {}", report.diagnostic), ""),
        };
        commands::returned(tx, &row).await?;
    }
    Ok(Taken::Done)
}

/// Something came to no address of ours: complaints and some bounces do. The copy that they
/// enclose holds a link that only we can have made.
async fn unaddressed(
    tx: &WriteTx,
    links: &Links,
    message: &Incoming,
    digest: &str,
) -> Result<Taken, DbErr> {
    match &message.kind {
        What::Complaint(complaint) => {
            let row = match enclosed(tx, links, &complaint.original).await? {
                Some(Enclosed::Copy(copy)) => {
                    of_copy(&copy, Kind::Complaint, digest, &complaint.kind)
                }
                Some(Enclosed::Other(contact)) => {
                    of_other(&contact, Kind::Complaint, digest, &complaint.kind)
                }
                None => return Ok(Taken::Unknown),
            };
            if complaint.is_refusal() {
                commands::returned(tx, &row).await?;
            }
            Ok(Taken::Done)
        }
        What::Report(reports) => {
            for report in reports {
                match enclosed(tx, links, &report.original).await? {
                    Some(Enclosed::Copy(copy)) => bounced(tx, &copy, reports, digest).await?,
                    Some(Enclosed::Other(contact)) => {
                        if let Some((report, kind)) = failure(reports, &contact.fields.email) {
                            let row = of_other(&contact, kind, digest, &report.diagnostic);
                            commands::returned(tx, &row).await?;
                        }
                    }
                    None => continue,
                }
                return Ok(Taken::Done);
            }
            Ok(Taken::Unknown)
        }
        What::Automatic | What::Gone(_) | What::Written(_) => Ok(Taken::Unknown),
    }
}

/// What a message encloses.
enum Enclosed {
    /// A copy of a campaign.
    Copy(Copy),
    /// Something else that a contact chose to receive.
    Other(Box<Contact>),
}

async fn enclosed(tx: &WriteTx, links: &Links, of: &Original) -> Result<Option<Enclosed>, DbErr> {
    for link in &of.unsubscribe {
        let Some((contact, campaign)) = link.split('/').find_map(|part| links.read(part)) else {
            continue;
        };
        if let Some(copy) = store::copy_for(&**tx, campaign, contact).await? {
            return Ok(Some(Enclosed::Copy(copy)));
        }
        if let Some(contact) = audience::contact(&**tx, contact).await? {
            return Ok(Some(Enclosed::Other(Box::new(contact))));
        }
    }
    Ok(None)
}

/// What came back about something that is no copy.
fn of_other(contact: &Contact, kind: Kind, digest: &str, detail: &str) -> Returned {
    Returned {
        digest: digest.to_owned(),
        space: contact.space,
        contact: Some(contact.id),
        copy: None,
        mail: None,
        kind,
        status: String::new(),
        detail: mask_text(detail, ""),
    }
}

/// What a relay that has its own way of saying it tells of a copy, by its Message-ID.
pub(super) async fn told(
    tx: &WriteTx,
    message_id: &str,
    kind: Kind,
    detail: &str,
) -> Result<Taken, DbErr> {
    let Some((campaign, place)) = crate::campaigns::sending::copy_of(message_id) else {
        return Ok(Taken::Unknown);
    };
    let Some(copy) = store::copy_at(&**tx, campaign, place).await? else {
        return Ok(Taken::Unknown);
    };
    let digest = format!("{campaign}.{place}.{}", kind.code());
    commands::returned(tx, &of_copy(&copy, kind, &digest, detail)).await?;
    Ok(Taken::Done)
}
