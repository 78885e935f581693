//! Courses as their makers and the public meet them, through the pages.

use axum::http::StatusCode;
use uuid::Uuid;

use super::model::SheetField;
use super::*;
use crate::content::testing::{Answer, TestApp};
use crate::content::{LinkContent, PageContent};
use crate::progress::model::{ActivityRule, CourseRule};

mod activities;
mod plan;
mod reach;
mod sheet;

const BASE: &str = "/e/centre/gestion/formations";

/// A course of two weeks made from the page.
async fn course(test: &TestApp) -> Uuid {
    let answer = test
        .post(
            "manager",
            &format!("{BASE}/nouvelle"),
            &[("title", "Écrire à l’âge adulte"), ("weeks", "2")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer
        .location
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("the id of the course")
}

async fn plan(test: &TestApp, id: Uuid) -> CoursePlan {
    plan_of(test.app.db().read(), id)
        .await
        .expect("reads")
        .expect("a plan")
}

/// Every field of the sheet, as the form sends it.
fn sheet_pairs(revision: i64) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = SheetField::ALL
        .iter()
        .map(|field| {
            (
                field.code().to_owned(),
                format!("Texte **{}**.", field.code()),
            )
        })
        .collect();
    for (name, value) in [
        ("title", "Écrire à l’âge adulte"),
        ("objective", "Choisir un support d’écriture"),
        ("objective_id", ""),
        ("hours", "1"),
        ("minutes", "30"),
        ("answer_hours", "72"),
        ("nature", "training"),
    ] {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    pairs.push(("revision".to_owned(), revision.to_string()));
    pairs
}

async fn save_sheet(test: &TestApp, id: Uuid, pairs: &[(String, String)]) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    test.post("manager", &format!("{BASE}/{id}/fiche"), &pairs)
        .await
}

async fn post(test: &TestApp, id: Uuid, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let revision = plan(test, id).await.course.revision.to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("revision", &revision));
    test.post("manager", &format!("{BASE}/{id}{path}"), &pairs)
        .await
}

fn refs<'a>(pairs: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().map(|(n, v)| (*n, v.as_str())).collect()
}
