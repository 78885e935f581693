//! A published course with its package, cohorts of it, people in them.

use passerelle::demo::readers;
use passerelle_courses::catalogue::model::{Objective, Sheet};
use passerelle_courses::catalogue::{self, ActivityKind, NewActivity};
use passerelle_courses::cohorts::{
    EnrolResult, NewCohort, Source, assign_tutor, cohort_create, enrol_all,
};
use passerelle_courses::content;
use passerelle_courses::progress::model::ActivityRule;
use passerelle_kernel::Uuid;
use passerelle_kernel::journal::Actor;
use passerelle_web::directory::NewPerson;
use serde_json::json;

use crate::app::TestApp;
use crate::packages;
use crate::people::Person;

const ACTOR: Actor = Actor::System("test");

/// A published course.
#[derive(Clone, Debug)]
pub struct Course {
    /// The course.
    pub id: Uuid,
    /// Its space.
    pub space: Uuid,
    /// Its weeks, in order.
    pub weeks: Vec<Uuid>,
    /// A page to read, 15 minutes, done when opened; in the first week.
    pub page: Uuid,
    /// A SCORM 1.2 package of one SCO (`SCO-1`), 60 minutes, done when passed; in the first week.
    pub package: Uuid,
    /// Practice to declare done, 30 minutes; in the second week.
    pub practice: Uuid,
    /// The package in the library.
    pub library: Uuid,
}

/// A cohort with its people.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// The cohort.
    pub id: Uuid,
    /// Trainees in the order of enrolment, each with the enrolment.
    pub trainees: Vec<(Person, Uuid)>,
}

/// A sheet that may be published: two weeks, 105 minutes.
pub fn sheet(objective: Uuid) -> Sheet {
    Sheet {
        summary: "Deux semaines tutorées.".into(),
        audience: "Toute personne qui accompagne des adultes.".into(),
        prerequisites: "Aucun.".into(),
        objectives: vec![Objective {
            id: objective,
            text: "Choisir un support d’écriture.".into(),
        }],
        programme: "- Lire\n- Écrire\n".into(),
        agreed_minutes: 105,
        modalities: "À distance.".into(),
        access: "Sur inscription.".into(),
        price: "Gratuit.".into(),
        contact: "contact@exemple.fr".into(),
        methods: "Modules et pratique.".into(),
        assessment: "Questions.".into(),
        accessibility: "Parlons-en.".into(),
        answer_hours: 72,
        weeks: 2,
        ..Sheet::default()
    }
}

impl TestApp {
    /// A bulletin of `centre` to so many readers of `exemple.test`, which leaves with the next jobs;
    /// answers come to us.
    pub async fn bulletin(&self, count: usize) {
        let space = self
            .app()
            .directory()
            .space_by_slug(self.db(), "centre")
            .await;
        let space = space.expect("a space").expect("a space");
        let list = readers::list(self.app(), &space, "Flash Info", "").await;
        let list = list.expect("a list");
        readers::readers(self.app(), &space, &list, 0..count, "exemple.test")
            .await
            .expect("readers");
        readers::send_bulletin(self.app(), &space, &list)
            .await
            .expect("a letter");
        self.run("UPDATE mail_campaign SET reply_to = ''", []).await;
    }

    /// A published course of `centre`.
    pub async fn course(&self, title: &str) -> Course {
        self.course_in(self.space(), title).await
    }

    /// A published course of a space: two weeks, three activities, 105 minutes.
    pub async fn course_in(&self, space: Uuid, title: &str) -> Course {
        let library = self.import(space, &packages::scorm12("Le module", 1)).await;
        let tx = self.write().await;
        let id = catalogue::course_new(&tx, space, title, ACTOR)
            .await
            .expect("a course");
        let objective = tx.env().id();
        catalogue::sheet_set(&tx, id, title, &sheet(objective), ACTOR)
            .await
            .expect("a sheet");
        let mut weeks = Vec::new();
        for name in ["Lire", "Écrire"] {
            weeks.push(
                catalogue::week_add(&tx, id, name, "Une semaine.")
                    .await
                    .expect("a week"),
            );
        }
        let base = NewActivity {
            week_id: weeks[0],
            kind: ActivityKind::Page,
            title: "Pour commencer".into(),
            minutes: 15,
            optional: false,
            rule: ActivityRule::Viewed,
            objectives: Vec::new(),
            content: json!({"markdown": "Bonjour **tout le monde**.", "attachments": []}),
            package_id: None,
        };
        let page = catalogue::activity_add(&tx, id, base.clone())
            .await
            .expect("a page");
        let package = NewActivity {
            kind: ActivityKind::Package,
            title: "Le module".into(),
            minutes: 60,
            rule: ActivityRule::Passed,
            objectives: vec![objective],
            content: json!({"external_hosts": []}),
            package_id: Some(library),
            ..base.clone()
        };
        let package = catalogue::activity_add(&tx, id, package)
            .await
            .expect("a package");
        let practice = NewActivity {
            week_id: weeks[1],
            title: "Mise en pratique".into(),
            minutes: 30,
            rule: ActivityRule::Declared,
            ..base
        };
        let practice = catalogue::activity_add(&tx, id, practice)
            .await
            .expect("a practice");
        catalogue::publish(&tx, id, ACTOR).await.expect("published");
        tx.commit().await.expect("committed");
        Course {
            id,
            space,
            weeks,
            page,
            package,
            practice,
            library,
        }
    }

    /// Imports a package into the library of a space.
    pub async fn import(&self, space: Uuid, zip: &[u8]) -> Uuid {
        let path = self
            .app()
            .settings()
            .scratch
            .join(format!("{}.zip", self.app().env().label()));
        std::fs::write(&path, zip).expect("a file");
        let imported =
            content::import_package(self.app(), space, &path, "module.zip", ACTOR, &|_| ()).await;
        imported.expect("imported").id
    }

    /// A cohort that starts on that day (`2026-11-09`), with new trainees of these names.
    pub async fn cohort(&self, course: &Course, start: &str, trainees: &[&str]) -> Cohort {
        let mut people = Vec::new();
        for name in trainees {
            people.push(self.person_in(course.space, name, &[]).await);
        }
        let tx = self.write().await;
        let new = NewCohort {
            space: course.space,
            course: course.id,
            title: format!("Groupe du {start}"),
            start: start.parse().expect("a date"),
            zone: "Europe/Paris".to_owned(),
            capacity: 300,
            answer_hours: Some(72),
            actor: ACTOR,
        };
        let id = cohort_create(&tx, new).await.expect("a cohort");
        tx.commit().await.expect("committed");
        let ids: Vec<Uuid> = people.iter().map(|p| p.id).collect();
        let enrolments = self.enrol(id, &ids).await;
        Cohort {
            id,
            trainees: people.into_iter().zip(enrolments).collect(),
        }
    }

    /// Enrols persons; the enrolments.
    pub async fn enrol(&self, cohort: Uuid, persons: &[Uuid]) -> Vec<Uuid> {
        let tx = self.write().await;
        let done = enrol_all(&tx, cohort, persons, Source::System, ACTOR)
            .await
            .expect("enrolled");
        tx.commit().await.expect("committed");
        done.into_iter().map(EnrolResult::id).collect()
    }

    /// So many persons without accounts, enrolled.
    pub async fn crowd(&self, cohort: Uuid, count: usize) -> Vec<Uuid> {
        let tx = self.write().await;
        let mut ids = Vec::new();
        for n in 0..count {
            let new = NewPerson {
                given_name: format!("Prénom {n}"),
                family_name: "Foule".to_owned(),
                email: None,
                organisation: None,
            };
            let made = passerelle_people::create_person(
                &tx,
                self.space(),
                &new,
                passerelle_web::Lang::Fr,
                ACTOR,
            );
            ids.push(made.await.expect("a person"));
        }
        tx.commit().await.expect("committed");
        self.enrol(cohort, &ids).await
    }

    /// Makes that person a tutor of the cohort.
    pub async fn tutor(&self, cohort: Uuid, person: &Person) {
        let tx = self.write().await;
        assign_tutor(&tx, cohort, person.id, ACTOR)
            .await
            .expect("a tutor");
        tx.commit().await.expect("committed");
    }
}
