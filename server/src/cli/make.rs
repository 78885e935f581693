//! `user create`, `course import`, `mail send-test`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use passerelle_courses::content::{self, ImportError};
use passerelle_kernel::journal::Actor;
use passerelle_people::{
    NewAccount, NewSpace, create_account, create_person, create_space, grant, invitation_link,
    is_slug,
};
use passerelle_web::directory::NewPerson;
use passerelle_web::{Lang, Role};

use super::out;
use crate::config::Config;
use crate::host::{Host, HostError, Parts};

const ACTOR: Actor = Actor::System("command line");

#[derive(Debug, Subcommand)]
pub(super) enum UserAction {
    /// Make a person with an account; the space is made when it does not exist.
    Create(CreateUser),
}

#[derive(Debug, Args)]
pub(super) struct CreateUser {
    /// Slug of the space.
    #[arg(long)]
    space: Option<String>,
    /// Given name.
    #[arg(long)]
    given_name: String,
    /// Family name.
    #[arg(long)]
    family_name: String,
    /// Address, which is also what they sign in with.
    #[arg(long)]
    email: String,
    /// `administrator`, `manager` or `auditor`.
    #[arg(long, default_value = "administrator")]
    role: String,
}

pub(super) async fn user(config: &Config, action: UserAction) -> Result<ExitCode, HostError> {
    let UserAction::Create(args) = action;
    let role = Role::parse(&args.role).ok_or_else(|| {
        let said = args.role.escape_debug();
        HostError(format!(
            "--role: \"{said}\" is not administrator, manager or auditor; nothing was made"
        ))
    })?;
    let args = checked(args)?;
    let host = Host::open(config, Parts::default(), true).await?;
    super::tell_new(&host);
    let app = &host.app;
    let slug = args.space.unwrap_or_else(|| config.home_space.clone());
    let known = app
        .directory()
        .space_by_slug(app.db(), &slug)
        .await
        .map_err(HostError::doing("space"))?;
    let tx = app
        .db()
        .write()
        .await
        .map_err(HostError::doing("database"))?;
    let space = match known {
        Some(space) => space.id,
        None => {
            let new = NewSpace::new(slug.clone(), slug.clone());
            create_space(&tx, new, ACTOR)
                .await
                .map_err(HostError::doing("space"))?
        }
    };
    let new = NewPerson {
        given_name: args.given_name,
        family_name: args.family_name,
        email: Some(args.email.clone()),
        organisation: None,
    };
    let person = create_person(&tx, space, &new, Lang::Fr, ACTOR)
        .await
        .map_err(HostError::doing("person"))?;
    let account = NewAccount {
        identifier: args.email,
        password_hash: None,
    };
    create_account(&tx, space, person, account, ACTOR)
        .await
        .map_err(HostError::doing("account"))?;
    grant(&tx, space, person, role, ACTOR)
        .await
        .map_err(HostError::doing("role"))?;
    let link = invitation_link(&tx, person)
        .await
        .map_err(HostError::doing("invitation"))?;
    tx.commit().await.map_err(HostError::doing("database"))?;
    out::line("The account is made. They choose their password here:");
    out::line(&format!(
        "{}{}",
        app.settings().public_url,
        link.unwrap_or_default()
    ));
    Ok(ExitCode::SUCCESS)
}

/// What pages ask of the same fields, before anything is made or opened.
fn checked(args: CreateUser) -> Result<CreateUser, HostError> {
    let args = CreateUser {
        given_name: args.given_name.trim().to_owned(),
        family_name: args.family_name.trim().to_owned(),
        email: args.email.trim().to_owned(),
        ..args
    };
    if !passerelle_web::form::is_email(&args.email) {
        return Err(HostError(format!(
            "--email: \"{}\" is no address that can be written to, such as amina@example.org; nothing was made",
            args.email.escape_debug()
        )));
    }
    for (flag, name) in [
        ("--given-name", &args.given_name),
        ("--family-name", &args.family_name),
    ] {
        if name.is_empty() || name.chars().any(char::is_control) || name.chars().count() > 100 {
            return Err(HostError(format!(
                "{flag}: a name has 1 to 100 characters on one line; nothing was made"
            )));
        }
    }
    if let Some(slug) = args.space.as_deref().filter(|slug| !is_slug(slug)) {
        return Err(HostError(format!(
            "--space: \"{}\" is not 2 to 40 small letters, digits and hyphens; nothing was made",
            slug.escape_debug()
        )));
    }
    Ok(args)
}

#[derive(Debug, Subcommand)]
pub(super) enum CourseAction {
    /// Import a SCORM package into the library of a space.
    Import {
        /// The zip file.
        file: PathBuf,
        /// Slug of the space.
        #[arg(long)]
        space: Option<String>,
        #[command(flatten)]
        format: out::JsonArgs,
    },
}

pub(super) async fn course(config: &Config, action: CourseAction) -> Result<ExitCode, HostError> {
    let CourseAction::Import {
        file,
        space,
        format,
    } = action;
    let host = Host::open(config, Parts::default(), false).await?;
    let app = &host.app;
    let slug = space.unwrap_or_else(|| config.home_space.clone());
    let space = app
        .directory()
        .space_by_slug(app.db(), &slug)
        .await
        .map_err(HostError::doing("space"))?;
    let space = space.ok_or_else(|| HostError(format!("{slug}: there is no such space")))?;
    let bar = bar();
    let name = file
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or("package.zip")
        .to_owned();
    let copy = copy(app, &file).await?;
    let told = |step: content::ImportStep| {
        bar.set_length(step.total);
        bar.set_position(step.done);
    };
    let imported = content::import_package(app, space.id, &copy, &name, ACTOR, &told).await;
    bar.finish_and_clear();
    let _ = std::fs::remove_file(&copy);
    let words = |problems: &[passerelle_scorm::problem::Problem]| -> Vec<String> {
        problems
            .iter()
            .map(|p| content::problem_words(app.words(), Lang::Fr, p))
            .collect()
    };
    match imported {
        Ok(package) => {
            if format.json {
                out::json(
                    &serde_json::json!({"id": package.id, "problems": words(&package.problems)}),
                );
            } else {
                out::line(&format!("{}", package.id));
                for text in words(&package.problems) {
                    out::line(&text);
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Refused(refusal)) => {
            for text in words(refusal.problems()) {
                out::line(&text);
            }
            Ok(out::failed("nothing was imported"))
        }
        Err(error) => Err(HostError(error.to_string())),
    }
}

/// The import takes its file over; the one that was named stays.
async fn copy(app: &passerelle_web::App, file: &Path) -> Result<PathBuf, HostError> {
    let target = app
        .settings()
        .scratch
        .join(format!("{}.zip", app.env().label()));
    tokio::fs::copy(file, &target)
        .await
        .map_err(HostError::doing("package"))?;
    Ok(target)
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent}% {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
