//! Courses: catalogue, content, cohorts, enrolment, tracking, completion,
//! tutoring and certification.
//!
//! One folder for each slice; what several slices share is in [`access`] and
//! [`progress`]. The run-time of packages is in `passerelle-scorm`, pure.

pub mod access;
pub mod automations;
pub mod catalogue;
pub mod certification;
pub mod cohorts;
pub mod content;
mod folding;
pub mod learning;
pub mod player;
pub mod progress;
pub mod tools;
pub mod tracking;
pub mod tutoring;

use passerelle_kernel::{Plugin, Registry};
use passerelle_web::assets::{Assets, Embedded, Locales, Views};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*.hbs"]
#[include = "**/*.hbs"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

#[derive(RustEmbed)]
#[folder = "scorm/locales/"]
struct ScormLocaleFiles;

#[derive(RustEmbed)]
#[folder = "assets/app/"]
struct AssetFiles;

/// The plugin.
#[derive(Clone, Copy, Debug)]
pub struct CoursesPlugin;

impl Plugin for CoursesPlugin {
    fn name(&self) -> &'static str {
        "courses"
    }

    fn register(&self, r: &mut Registry) {
        r.add(Views(Embedded::of::<ViewFiles>("courses")))
            .add(Locales(Embedded::of::<LocaleFiles>("courses")))
            .add(Locales(Embedded::of::<ScormLocaleFiles>("scorm")))
            .add(Assets(Embedded::of::<AssetFiles>("courses")));
        catalogue::register(r);
        content::register(r);
        cohorts::register(r);
        learning::register(r);
        player::register(r);
        progress::register(r);
        tracking::register(r);
        tutoring::register(r);
        certification::register(r);
        automations::register(r);
        folding::register(r);
    }
}
