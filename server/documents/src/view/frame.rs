//! What every document has: letterhead, attestation, action, signature, verification.

use serde::Serialize;

use super::{Composer, Rich, limited, required};
use crate::error::DocumentError;
use crate::format;
use crate::model::{ActionNature, Issue, Trainee, TrainingAction};
use crate::text::Text;
use crate::verification;

/// The part of the data that the common template reads.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    lang: &'static str,
    metadata: Metadata,
    title: Text,
    letterhead: Letterhead,
    attests: Rich,
    trainee: Text,
    employer: Option<Rich>,
    followed: Text,
    action: Text,
    signature: Signature,
    verification: Verification,
    /// « page @page@ sur @pages@ », which only the layout can fill.
    page_of: Text,
}

#[derive(Debug, Serialize)]
struct Metadata {
    title: String,
    author: String,
    description: String,
    year: i16,
    month: i8,
    day: i8,
}

#[derive(Debug, Serialize)]
struct Letterhead {
    name: Text,
    address: Vec<Text>,
    siret: Text,
    declaration: Text,
    declaration_note: Text,
}

#[derive(Debug, Serialize)]
struct Signature {
    done_at: Text,
    label: Text,
    name: Text,
    quality: Text,
    for_the_body: Rich,
}

#[derive(Debug, Serialize)]
struct Verification {
    heading: Text,
    how: Text,
    /// Printed and followed: checked ASCII, so it needs no cleaning.
    url: String,
    alt: String,
    journal_head: Text,
    root_hash: Vec<String>,
    serial: Text,
}

impl Frame {
    pub(super) fn new(
        composer: &Composer<'_>,
        title_key: &str,
        issue: &Issue,
        trainee: &Trainee,
        action: &TrainingAction,
    ) -> Result<Self, DocumentError> {
        if action.ends_on < action.starts_on {
            return Err(DocumentError::Malformed {
                field: "action.ends_on",
                expected: "on or after `action.starts_on`",
            });
        }
        let body = &issue.body;
        let title = composer.wording.say(title_key)?;
        let name = required("trainee.name", &trainee.name)?;
        let action_title = required("action.title", &action.title)?;
        let serial = required("issue.serial_number", &issue.serial_number)?;
        let body_name = required("issue.body.name", &body.name)?;
        let signatory = required("issue.body.representative.name", &body.representative.name)?;
        let quality = required(
            "issue.body.representative.quality",
            &body.representative.quality,
        )?;
        Ok(Self {
            lang: composer.wording.language().tag(),
            metadata: Metadata {
                title: composer
                    .unprinted("metadata-title", &[("title", &title), ("trainee", &name)])?,
                author: body_name.clone(),
                description: composer.unprinted(
                    "metadata-description",
                    &[
                        ("title", &title),
                        ("action", &action_title),
                        ("serial", &serial),
                    ],
                )?,
                year: issue.issued_on.year(),
                month: issue.issued_on.month(),
                day: issue.issued_on.day(),
            },
            title: composer.text(&title),
            letterhead: letterhead(composer, issue)?,
            attests: composer.rich(
                "attests",
                &[("name", &signatory), ("body", &body_name)],
                &[("quality", &quality)],
            )?,
            trainee: composer.text(&name),
            employer: employer(composer, trainee)?,
            followed: composer.say("followed")?,
            action: composer.text(&action_title),
            signature: signature(composer, issue)?,
            verification: verification(composer, issue)?,
            page_of: composer.say_with("page-of", &[("page", "@page@"), ("pages", "@pages@")])?,
        })
    }
}

fn letterhead(composer: &Composer<'_>, issue: &Issue) -> Result<Letterhead, DocumentError> {
    let body = &issue.body;
    limited("issue.body.address", &body.address)?;
    let address = body.address.lines().map(|line| composer.text(line));
    let siret = format::siret(&required("issue.body.siret", &body.siret)?);
    let declaration = required(
        "issue.body.activity_declaration_number",
        &body.activity_declaration_number,
    )?;
    Ok(Letterhead {
        name: composer.text(&body.name),
        address: address.filter(|line| !line.is_empty()).collect(),
        siret: composer.say_with("siret", &[("number", &siret)])?,
        declaration: composer.say_with("activity-declaration", &[("number", &declaration)])?,
        declaration_note: composer.say("declaration-note")?,
    })
}

fn employer(composer: &Composer<'_>, trainee: &Trainee) -> Result<Option<Rich>, DocumentError> {
    let Some(employer) = &trainee.employer else {
        return Ok(None);
    };
    let employer = limited("trainee.employer", employer)?;
    if employer.is_empty() {
        return Ok(None);
    }
    composer
        .rich("employer", &[("employer", &employer)], &[])
        .map(Some)
}

fn signature(composer: &Composer<'_>, issue: &Issue) -> Result<Signature, DocumentError> {
    let body = &issue.body;
    let place = required("issue.body.place", &body.place)?;
    let date = format::date(composer.wording, issue.issued_on)?;
    Ok(Signature {
        done_at: composer.say_with("done-at", &[("place", &place), ("date", &date)])?,
        label: composer.say("stamp-and-signature")?,
        name: composer.text(&body.representative.name),
        quality: composer.text(&body.representative.quality),
        for_the_body: composer.rich("for-the-body", &[("body", &body.name)], &[])?,
    })
}

fn verification(composer: &Composer<'_>, issue: &Issue) -> Result<Verification, DocumentError> {
    verification::check(&issue.verification_url)?;
    let head = &issue.journal_head;
    if head.root_hash.len() != 64 || !head.root_hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(DocumentError::Malformed {
            field: "issue.journal_head.root_hash",
            expected: "a SHA-256 hash in hexadecimal",
        });
    }
    let size = format::integer(composer.wording.language(), head.size);
    let instant = format::instant(composer.wording, head.sealed_at, &issue.time_zone)?;
    let serial = required("issue.serial_number", &issue.serial_number)?;
    Ok(Verification {
        heading: composer.say("verification")?,
        how: composer.say_with("verification-how", &[("serial", &serial)])?,
        url: issue.verification_url.clone(),
        alt: composer.unprinted("verification-code", &[("url", &issue.verification_url)])?,
        journal_head: composer
            .say_with("journal-head", &[("size", &size), ("instant", &instant)])?,
        root_hash: format::hash_groups(&head.root_hash),
        serial: composer.text(&serial),
    })
}

/// One of the four natures, ticked or not.
#[derive(Debug, Serialize)]
pub(super) struct NatureChoice {
    label: Text,
    selected: bool,
    alt: String,
}

/// The four natures, of which one is ticked.
pub(super) fn nature_choices(
    composer: &Composer<'_>,
    chosen: ActionNature,
) -> Result<Vec<NatureChoice>, DocumentError> {
    let choice = |nature| {
        let selected = nature == chosen;
        Ok(NatureChoice {
            label: composer.say(nature_key(nature))?,
            selected,
            alt: composer.unprinted(if selected { "selected" } else { "not-selected" }, &[])?,
        })
    };
    ActionNature::ALL.into_iter().map(choice).collect()
}

/// The nature alone, in words.
pub(super) fn nature(composer: &Composer<'_>, nature: ActionNature) -> Result<Text, DocumentError> {
    composer.say(nature_key(nature))
}

fn nature_key(nature: ActionNature) -> &'static str {
    match nature {
        ActionNature::Training => "nature-training",
        ActionNature::SkillsAssessment => "nature-skills-assessment",
        ActionNature::PriorLearningValidation => "nature-prior-learning-validation",
        ActionNature::Apprenticeship => "nature-apprenticeship",
    }
}

/// « du lundi 2 novembre 2026 au vendredi 27 novembre 2026 », « le lundi 2 novembre 2026 ».
pub(super) fn period(
    composer: &Composer<'_>,
    action: &TrainingAction,
) -> Result<Text, DocumentError> {
    let from = format::weekday_date(composer.wording, action.starts_on)?;
    if action.starts_on == action.ends_on {
        return composer.say_with("on-one-day", &[("date", &from)]);
    }
    let to = format::weekday_date(composer.wording, action.ends_on)?;
    composer.say_with("from-to", &[("from", &from), ("to", &to)])
}

/// How a distance part is counted, when there is one.
pub(super) fn distance_note(
    composer: &Composer<'_>,
    includes_distance: bool,
) -> Result<Option<Text>, DocumentError> {
    if includes_distance {
        composer.say("distance-note").map(Some)
    } else {
        Ok(None)
    }
}
