//! The pages of `learning` and `tutoring`, rendered over a real database.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body as HttpBody;
use axum::http::{Request, StatusCode};
use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::{PoolSizes, statement};
use passerelle_kernel::env::{DAY, Env, ManualClock, SeededEntropy};
use passerelle_kernel::journal::JournalKey;
use passerelle_kernel::{Db, Plugin, Registry, Uuid, WriteTx};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::access::{Authenticator, AuthenticatorEntry, SignedIn};
use passerelle_web::app::ContentHosts;
use passerelle_web::directory::{Body, Directory, DirectoryEntry, NewPerson, PersonCard, Space};
use passerelle_web::plugin::WebPlugin;
use passerelle_web::{App, Lang, Role, Settings};
use sea_orm::{ConnectionTrait, DbErr};
use tower::ServiceExt;

use crate::progress::{Whose, refresh_late_after};

const SPACE: Uuid = Uuid::from_u128(1);
const COHORT: Uuid = Uuid::from_u128(2);
const AMINA: Uuid = Uuid::from_u128(11);
const BASTIEN: Uuid = Uuid::from_u128(12);
const CHLOE: Uuid = Uuid::from_u128(13);
const OF_AMINA: Uuid = Uuid::from_u128(21);
const PAGE: Uuid = Uuid::from_u128(31);
const DECLARED: Uuid = Uuid::from_u128(32);
const MODULE: Uuid = Uuid::from_u128(33);
const LATER: Uuid = Uuid::from_u128(34);

/// Wednesday 4 November 2026, 12:00 in Paris: the first week is under way.
const NOW: i64 = 1_793_790_000_000_000;

/// Persons are told by their session: its token is their given name.
struct People;

impl People {
    fn card(id: Uuid) -> Option<PersonCard> {
        let (given, family) = match id {
            AMINA => ("Amina", "Benali"),
            BASTIEN => ("Bastien", "Roques"),
            CHLOE => ("Chloé", "Zola"),
            _ => return None,
        };
        let (given_name, family_name) = (given.to_owned(), family.to_owned());
        Some(PersonCard {
            id,
            given_name,
            family_name,
            email: Some("aide@exemple.fr".to_owned()),
            lang: Lang::Fr,
            organisation: None,
        })
    }

    fn space() -> Arc<Space> {
        Arc::new(Space {
            id: SPACE,
            slug: "centre".to_owned(),
            name: "Centre de ressources".to_owned(),
            zone: "Europe/Paris".to_owned(),
            lang: Lang::Fr,
            accent: None,
            body: Body::default(),
        })
    }
}

#[async_trait]
impl Directory for People {
    async fn space_by_slug(&self, _: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr> {
        Ok((slug == "centre").then(Self::space))
    }
    async fn space(&self, _: &Db, id: Uuid) -> Result<Option<Arc<Space>>, DbErr> {
        Ok((id == SPACE).then(Self::space))
    }
    async fn persons(
        &self,
        _: &Db,
        _: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, PersonCard>, DbErr> {
        Ok(ids
            .iter()
            .filter_map(|id| Some((*id, Self::card(*id)?)))
            .collect())
    }
    async fn search(&self, _: &Db, _: Uuid, _: &str, _: u64) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn with_role(&self, _: &Db, _: Uuid, _: Role) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn by_addresses(&self, _: &Db, _: Uuid, _: &[String]) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn find_or_create(&self, _: &WriteTx, _: Uuid, _: &NewPerson) -> Result<Uuid, DbErr> {
        Ok(AMINA)
    }
    async fn sign_in_link(
        &self,
        _: &WriteTx,
        _: Uuid,
        _: i64,
        _: &str,
    ) -> Result<Option<String>, DbErr> {
        Ok(None)
    }
}

#[async_trait]
impl Authenticator for People {
    async fn authenticate(&self, _: &Db, token: &str) -> Result<Option<SignedIn>, DbErr> {
        let person = match token {
            "amina" => AMINA,
            "bastien" => BASTIEN,
            "chloe" => CHLOE,
            "gestion" => Uuid::from_u128(14),
            _ => Uuid::from_u128(15),
        };
        let roles = if token == "gestion" {
            vec![(SPACE, Role::Manager)]
        } else {
            Vec::new()
        };
        let name = token.to_owned();
        Ok(Some(SignedIn {
            person,
            account: person,
            name,
            lang: Lang::Fr,
            roles,
            bare: false,
            session: Vec::new(),
        }))
    }
}

impl Plugin for People {
    fn name(&self) -> &'static str {
        "people"
    }
    fn register(&self, r: &mut Registry) {
        r.add(DirectoryEntry(Arc::new(People)))
            .add(AuthenticatorEntry(Arc::new(People)));
    }
}

struct Stage {
    app: App,
    clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

const FIXTURE: &str = "
INSERT INTO space (id, slug, name, zone, lang, body, created_at) VALUES ({1}, 'centre', 'Centre', 'Europe/Paris', 'fr', '{}', 0);
INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) VALUES ({11}, 'Amina', 'Benali', 'benali', 'fr', 0);
INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) VALUES ({12}, 'Bastien', 'Roques', 'roques', 'fr', 0);
INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) VALUES ({13}, 'Chloé', 'Zola', 'zola', 'fr', 0);
INSERT INTO course (id, space_id, slug, title, state, sheet, rule, revision, created_at, updated_at) VALUES ({3}, {1}, 'ecrit', 'Écrire', 'published', '{}', '{\"kind\":\"all\"}', 1, 0, 0);
INSERT INTO cohort (id, space_id, course_id, title, start_date, end_date, zone, capacity, state, rule, sheet, agreed_minutes, answer_hours, created_at) VALUES ({2}, {1}, {3}, 'Écrire, automne', '2026-11-02', '2026-11-15', 'Europe/Paris', 20, 'running', '{\"kind\":\"all\"}', '{}', 240, 24, 0);
INSERT INTO cohort_tutor (cohort_id, person_id) VALUES ({2}, {12});
INSERT INTO week (id, space_id, course_id, rank, title, summary) VALUES ({41}, {1}, {3}, 1, 'Lire', '');
INSERT INTO week (id, space_id, course_id, rank, title, summary) VALUES ({42}, {1}, {3}, 2, 'Écrire', '');
INSERT INTO cohort_week (cohort_id, rank, title, summary, opens_on, due_on) VALUES ({2}, 1, 'Lire', '', '2026-11-02', '2026-11-08');
INSERT INTO cohort_week (cohort_id, rank, title, summary, opens_on, due_on) VALUES ({2}, 2, 'Écrire', '', '2026-11-09', '2026-11-15');
INSERT INTO activity (id, space_id, course_id, week_id, rank, kind, title, minutes, optional, rule, objectives, content) VALUES ({31}, {1}, {3}, {41}, 1, 'page', 'Un texte à lire', 20, FALSE, '{\"kind\":\"viewed\"}', '[]', '{\"markdown\":\"Un **mot** juste\",\"attachments\":[]}');
INSERT INTO activity (id, space_id, course_id, week_id, rank, kind, title, minutes, optional, rule, objectives, content) VALUES ({32}, {1}, {3}, {41}, 2, 'link', 'Une visite', 40, FALSE, '{\"kind\":\"declared\"}', '[]', '{\"url\":\"https://exemple.fr/visite\",\"note\":\"Regardez.\"}');
INSERT INTO activity (id, space_id, course_id, week_id, rank, kind, title, minutes, optional, rule, objectives, content) VALUES ({33}, {1}, {3}, {41}, 3, 'scorm', 'Un module', 60, TRUE, '{\"kind\":\"completed\"}', '[]', '{}');
INSERT INTO activity (id, space_id, course_id, week_id, rank, kind, title, minutes, optional, rule, objectives, content) VALUES ({34}, {1}, {3}, {42}, 1, 'page', 'Plus tard', 30, FALSE, '{\"kind\":\"viewed\"}', '[]', '{\"markdown\":\"secret\",\"attachments\":[]}');
INSERT INTO cohort_activity (cohort_id, activity_id, week_rank, rank, kind, title, minutes, optional, rule) SELECT {2}, id, CASE WHEN week_id = {41} THEN 1 ELSE 2 END, rank, kind, title, minutes, optional, rule FROM activity;
INSERT INTO enrolment (id, space_id, cohort_id, person_id, state, source, enrolled_at, done_count, done_minutes, sort_name) VALUES ({21}, {1}, {2}, {11}, 'active', 'manager', 0, 0, 0, 'benali amina');
INSERT INTO enrolment (id, space_id, cohort_id, person_id, state, source, enrolled_at, done_count, done_minutes, sort_name) VALUES ({22}, {1}, {2}, {13}, 'active', 'manager', 0, 0, 0, 'zola chloe');
";

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(NOW));
        let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
        let url = format!("sqlite:{}", folder.path().join("base.db").display());
        let key = JournalKey::from_seeds([1; 32], &[2; 32]);
        let db = Db::connect(&url, PoolSizes::default(), env, key)
            .await
            .unwrap();
        Migrator::up(db.writer_for_schema(), None).await.unwrap();
        let tx = db.write().await.unwrap();
        for line in FIXTURE.lines().filter(|line| !line.is_empty()) {
            // `{12}` stands for an identifier.
            let mut sql = line.to_owned();
            for n in (1..60_u128).rev() {
                sql = sql.replace(&format!("{{{n}}}"), &format!("X'{n:032x}'"));
            }
            tx.execute_raw(statement(&*tx, sql, [])).await.unwrap();
        }
        let cohort = Whose::Cohort(COHORT);
        refresh_late_after(&tx, cohort).await.unwrap();
        tx.commit().await.unwrap();
        let registry = Registry::compose(
            &[&WebPlugin, &crate::CoursesPlugin, &People],
            &HashSet::new(),
        );
        let blobs = Blobs::in_folder(&folder.path().join("blobs")).unwrap();
        let settings = Settings {
            public_url: "http://127.0.0.1:3000".to_owned(),
            content_url: "http://127.0.0.1:3001".to_owned(),
            content_hosts: ContentHosts::Single,
            home_space: "centre".to_owned(),
            scratch: folder.path().to_owned(),
            dev: true,
            demo_accounts: Vec::new(),
        };
        let app = App::compose(db, blobs, settings, registry).unwrap();
        Self {
            app,
            clock,
            _folder: folder,
        }
    }

    async fn send(&self, method: &str, path: &str, who: &str, lang: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000")
            .header("origin", "http://127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", format!("session={who}; lang={lang}"))
            .body(HttpBody::empty())
            .unwrap();
        let answer = passerelle_web::serve::application(&self.app)
            .oneshot(request)
            .await
            .unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22)
            .await
            .unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn get(&self, path: &str, who: &str) -> (StatusCode, String) {
        self.send("GET", path, who, "fr").await
    }
}

fn activity(id: Uuid) -> String {
    format!("/formation/{OF_AMINA}/activite/{id}")
}

#[tokio::test]
async fn every_page_is_rendered_in_both_languages_without_a_missing_word() {
    let stage = Stage::new().await;
    let pages = [
        ("/accueil".to_owned(), "amina"),
        ("/accueil".to_owned(), "bastien"),
        ("/accueil".to_owned(), "gestion"),
        ("/accueil".to_owned(), "personne"),
        (format!("/formation/{OF_AMINA}"), "amina"),
        (activity(PAGE), "amina"),
        (activity(DECLARED), "amina"),
        (activity(MODULE), "amina"),
        (format!("/groupe/{COHORT}"), "bastien"),
        (format!("/groupe/{COHORT}?filtre=termine"), "gestion"),
        (format!("/groupe/{COHORT}?ouvert={OF_AMINA}"), "bastien"),
        (
            format!("/groupe/{COHORT}?ouvert={OF_AMINA}&activite={PAGE}"),
            "bastien",
        ),
        (format!("/groupe/{COHORT}/suivi.csv"), "bastien"),
        (format!("/suivi/{OF_AMINA}"), "bastien"),
        (format!("/suivi/{OF_AMINA}/activite/{PAGE}"), "bastien"),
        (format!("/suivi/{OF_AMINA}/activite/{MODULE}"), "bastien"),
    ];
    for lang in ["fr", "en"] {
        for (path, who) in &pages {
            let (status, html) = stage.send("GET", path, who, lang).await;
            assert_eq!(status, StatusCode::OK, "{path} as {who}: {html}");
            for prefix in ["learning-", "tutoring-"] {
                let at = html
                    .find(prefix)
                    .map(|at| html[at..].chars().take(40).collect::<String>());
                assert_eq!(at, None, "{path} as {who} in {lang}");
            }
        }
    }
}

#[tokio::test]
async fn home_continues_where_the_trainee_stopped() {
    let stage = Stage::new().await;
    let (_, html) = stage.get("/accueil", "amina").await;
    assert!(
        html.contains("Un texte à lire")
            && html.contains("Commencer")
            && html.contains("Bastien Roques"),
        "{html}"
    );
    stage.get(&activity(DECLARED), "amina").await;
    let (_, html) = stage.get("/accueil", "amina").await;
    let now = html
        .split("class=\"now\"")
        .nth(1)
        .unwrap()
        .split("</section>")
        .next()
        .unwrap();
    assert!(
        now.contains("Une visite") && now.contains("Continuer"),
        "{now}"
    );
}

#[tokio::test]
async fn opening_a_page_is_enough_when_its_rule_says_so() {
    let stage = Stage::new().await;
    let (_, html) = stage.get(&activity(PAGE), "amina").await;
    assert!(
        html.contains("<strong>mot</strong>") && html.contains("data-tone=\"done\""),
        "{html}"
    );
    let (_, board) = stage.get(&format!("/groupe/{COHORT}"), "bastien").await;
    assert!(
        board.contains("BENALI Amina") && board.contains("1 sur 3"),
        "{board}"
    );
    assert!(board.find("BENALI Amina") < board.find("ZOLA Chloé"));
}

#[tokio::test]
async fn what_is_declared_done_is_done_and_nothing_else_can_be() {
    let stage = Stage::new().await;
    let (status, _) = stage
        .send(
            "POST",
            &format!("{}/fait", activity(DECLARED)),
            "amina",
            "fr",
        )
        .await;
    assert!(status.is_redirection(), "{status}");
    let (_, html) = stage.get(&activity(DECLARED), "amina").await;
    assert!(
        html.contains("data-tone=\"done\"") && !html.contains("Marquer comme fait"),
        "{html}"
    );
    let (status, _) = stage
        .send("POST", &format!("{}/fait", activity(PAGE)), "amina", "fr")
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_week_that_is_not_open_shows_its_date_and_nothing_of_its_content() {
    let stage = Stage::new().await;
    let (status, html) = stage.get(&activity(LATER), "amina").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        html.contains("novembre") && !html.contains("secret"),
        "{html}"
    );
    stage.clock.advance(6 * DAY);
    let (status, html) = stage.get(&activity(LATER), "amina").await;
    assert!(
        status == StatusCode::OK && html.contains("secret"),
        "{html}"
    );
}

#[tokio::test]
async fn after_the_last_day_all_is_read_again_and_nothing_is_counted() {
    let stage = Stage::new().await;
    stage.clock.advance(30 * DAY);
    let (status, _) = stage.get(&activity(PAGE), "amina").await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = stage
        .send(
            "POST",
            &format!("{}/fait", activity(DECLARED)),
            "amina",
            "fr",
        )
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let count = "SELECT COUNT(*) AS n FROM activity_state";
    let db = stage.app.db().read();
    let row = db
        .query_one_raw(statement(db, count, []))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0);
}

#[tokio::test]
async fn a_tutor_sees_who_is_late_and_who_never_came() {
    let stage = Stage::new().await;
    stage.get(&activity(PAGE), "amina").await;
    stage
        .send(
            "POST",
            &format!("{}/fait", activity(DECLARED)),
            "amina",
            "fr",
        )
        .await;
    stage.clock.advance(6 * DAY);
    let (_, home) = stage.get("/accueil", "bastien").await;
    assert!(home.contains("1 personne a besoin de vous"), "{home}");
    let (_, late) = stage
        .get(&format!("/groupe/{COHORT}?filtre=retard"), "bastien")
        .await;
    assert!(
        late.contains("ZOLA Chloé") && !late.contains("BENALI Amina"),
        "{late}"
    );
    let (_, never) = stage
        .get(&format!("/groupe/{COHORT}?filtre=jamais"), "bastien")
        .await;
    assert!(
        never.contains("ZOLA Chloé") && !never.contains("BENALI Amina"),
        "{never}"
    );
    let (_, kept) = stage
        .get(&format!("/groupe/{COHORT}?filtre=a-jour"), "bastien")
        .await;
    assert!(
        !kept.contains("ZOLA Chloé") && kept.contains("BENALI Amina"),
        "{kept}"
    );
    let (_, csv) = stage
        .get(&format!("/groupe/{COHORT}/suivi.csv"), "bastien")
        .await;
    let lines: Vec<&str> = csv.trim_end().lines().collect();
    assert!(
        csv.starts_with("\u{feff}Nom;Prénom;") && lines.len() == 3,
        "{csv}"
    );
    assert!(
        lines[1].starts_with("Benali;Amina;") && lines[2].starts_with("Zola;Chloé;"),
        "{csv}"
    );
}

#[tokio::test]
async fn nobody_sees_the_work_of_others() {
    let stage = Stage::new().await;
    for path in [
        format!("/formation/{OF_AMINA}"),
        activity(PAGE),
        format!("/groupe/{COHORT}"),
        format!("/suivi/{OF_AMINA}"),
    ] {
        let (status, _) = stage.get(&path, "chloe").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(
        stage
            .get(&format!("/formation/{OF_AMINA}"), "bastien")
            .await
            .0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        stage
            .get(&format!("/suivi/{OF_AMINA}/activite/{PAGE}"), "amina")
            .await
            .0,
        StatusCode::FORBIDDEN
    );
}
