//! Other people's tools, opened from our courses.

use axum::http::StatusCode;
use passerelle_courses::catalogue::{ActivityKind, NewActivity, activity_add};
use passerelle_courses::content::ToolContent;
use passerelle_courses::progress::model::ActivityRule;
use passerelle_kernel::env::{DAY, HOUR, MINUTE, SECOND};
use passerelle_kernel::{Engine, Uuid};
use passerelle_lti_protocol::{
    KeySet, SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULTS, SCOPE_SCORES,
};
use passerelle_tests::scene::{Cohort, Course};
use passerelle_tests::tool::{Tool, call, claim, claims, hidden, query, register, registered};
use passerelle_tests::{Answer, Browser, TestApp, on_both_engines};
use passerelle_web::context::urlencode;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

/// What is wrong with claims that are otherwise right.
type Change<'a> = &'a dyn Fn(&mut Value);

const TOOLS: &str = "/e/centre/gestion/outils";

/// A space with a tool that registered itself, an activity of it, and a cohort.
struct Scene {
    app: TestApp,
    tool: Tool,
    administrator: Browser,
    course: Course,
    cohort: Cohort,
    activity: Uuid,
    id: Uuid,
}

/// Pastes the registration address; where the tool is sent, with the secret.
async fn paste(administrator: &Browser, address: &str) -> String {
    let page = administrator
        .post(&format!("{TOOLS}/adresse"), &[("address", address)])
        .await
        .ok()
        .text();
    let at = page.find("openid_configuration").expect("an address");
    let start = page[..at].rfind('"').expect("its beginning") + 1;
    let address = page[start..].split('"').next().expect("its end");
    address.replace("&amp;", "&").replace("&#x3D;", "=")
}

fn tool_activity(tool: Uuid, week: Uuid, url: &str) -> NewActivity {
    let content = ToolContent {
        tool,
        url: url.to_owned(),
        custom: "niveau=B1\nnom=$Person.name.full".to_owned(),
        framed: false,
        lowers: false,
        column: None,
    };
    NewActivity {
        week_id: week,
        kind: ActivityKind::Tool,
        title: "S’exercer".to_owned(),
        minutes: 20,
        optional: false,
        rule: ActivityRule::Score { at_least: 5_000 },
        objectives: Vec::new(),
        content: json!(content),
        package_id: None,
    }
}

async fn with_activity(app: &TestApp, tool: Uuid, url: &str) -> (Course, Cohort, Uuid) {
    let course = app.course("Lire").await;
    let tx = app.write().await;
    let activity = activity_add(&tx, course.id, tool_activity(tool, course.weeks[0], url))
        .await
        .expect("an activity");
    tx.commit().await.expect("committed");
    let cohort = app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
    app.run_jobs().await;
    (course, cohort, activity)
}

impl Scene {
    async fn new(engine: Engine) -> Self {
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let tool = Tool::start().await;
        let administrator = app.as_administrator().await;
        let go = paste(&administrator, &tool.at("/register")).await;
        assert!(go.starts_with(&tool.at("/register?")), "{go}");
        let sent = query(&go);
        assert_eq!(
            sent["openid_configuration"],
            "http://127.0.0.1:3000/lti/configuration"
        );
        let (status, answer) =
            register(&app, &sent["registration_token"], &tool.registration()).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let id = registered(&app).await;
        assert_eq!(answer["client_id"], id.to_string());
        let (course, cohort, activity) = with_activity(&app, id, "").await;
        Self {
            app,
            tool,
            administrator,
            course,
            cohort,
            activity,
            id,
        }
    }

    fn enrolment(&self) -> Uuid {
        self.cohort.trainees[0].1
    }

    fn path(&self) -> String {
        format!("/formation/{}/activite/{}", self.enrolment(), self.activity)
    }

    async fn trainee(&self) -> Browser {
        self.app.as_person(&self.cohort.trainees[0].0).await
    }

    async fn begin(&self, browser: &Browser) -> Answer {
        let begun = browser.get(&format!("{}/outil", self.path())).await;
        begun.expect(StatusCode::SEE_OTHER)
    }

    /// A whole launch; the message.
    async fn launch(&self, browser: &Browser) -> Value {
        let begun = self.begin(browser).await;
        let page = self.tool.authenticate(browser, &begun, |_| ()).await.ok();
        claims(&hidden(&page, "id_token"))
    }

    async fn token(&self, scope: &str) -> String {
        self.tool
            .token(&self.app, &self.id.to_string(), scope)
            .await
    }

    async fn share(&self, pairs: &[(&str, &str)]) {
        let path = format!("{TOOLS}/{}/partage", self.id);
        self.administrator
            .post(&path, pairs)
            .await
            .expect(StatusCode::SEE_OTHER);
    }

    fn score(&self, subject: &Value, given: f64, seconds: i64) -> Value {
        let at = jiff_text(self.app.now() / SECOND + seconds);
        json!({
            "userId": subject, "timestamp": at, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "scoreGiven": given, "scoreMaximum": 10,
            "comment": "Bravo",
        })
    }

    async fn is_done(&self) -> bool {
        let sql = "SELECT COUNT(*) FROM activity_state WHERE enrolment_id = $1 AND activity_id = $2 AND status = 'done'";
        let values = [self.enrolment().into(), self.activity.into()];
        self.app.count(sql, values).await == 1
    }
}

fn jiff_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .expect("an instant")
        .to_string()
}

/// Follows a login from a platform of ours to a tool of ours and back, then posts the message.
async fn cross(here: &Browser, there: &Browser, begun: &Answer) -> Answer {
    let public = |browser: &Browser| browser.app().app().settings().public_url.clone();
    let login = begun.location().strip_prefix(&public(there));
    let back = there.get(login.expect("the tool's login")).await;
    let back = back.expect(StatusCode::SEE_OTHER);
    let authorize = back.location().strip_prefix(&public(here));
    let page = here.get(authorize.expect("the platform")).await.ok();
    let (state, token) = (hidden(&page, "state"), hidden(&page, "id_token"));
    let body = format!("state={}&id_token={}", urlencode(&state), urlencode(&token));
    posted(there, "/lti/lancement", &public(here), body).await
}

/// Posts a form that a page of another origin sends.
async fn posted(browser: &Browser, path: &str, origin: &str, body: String) -> Answer {
    let request = browser
        .request("POST", path)
        .header("origin", origin)
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-dest", "document")
        .header("content-type", "application/x-www-form-urlencoded");
    browser.send(request, axum::body::Body::from(body)).await
}

fn grades(message: &Value) -> &Value {
    &message[claim("lti-ags/claim/endpoint")]
}

on_both_engines! {
    async fn a_tool_registers_itself_is_opened_and_its_results_count(engine) {
        let scene = Scene::new(engine).await;
        let ada = scene.trainee().await;
        ada.get(&scene.path()).await.ok().says(&["Exercices", "dans un nouvel onglet"]);
        let begun = scene.begin(&ada).await;
        let sent = query(begun.location());
        assert_eq!((sent["iss"].as_str(), sent["lti_deployment_id"].as_str()), ("http://127.0.0.1:3000", "1"));
        assert_eq!(sent["target_link_uri"], scene.tool.at("/"));
        let page = scene.tool.authenticate(&ada, &begun, |_| ()).await.ok();
        assert_eq!(hidden(&page, "state"), "state-1");
        let policy = page.header("content-security-policy");
        let origin = scene.tool.at("");
        assert!(policy.contains(&origin) && policy.contains("frame-ancestors 'none'"), "{policy}");
        // What was signed is verified with the keys that we publish, and says no name that was not shared.
        let token = hidden(&page, "id_token");
        let keys = ada.get("/lti/cles").await.ok().text();
        let keys = KeySet::parse(&keys).expect("our keys");
        assert!(keys.knows(&passerelle_lti_protocol::key_id(&token).expect("a name")));
        let message = claims(&token);
        assert_eq!(message["nonce"], "nonce-1");
        assert_eq!(message[claim("lti/claim/custom")]["niveau"], "B1");
        assert_eq!(message[claim("lti/claim/custom")]["qui"], message["sub"]);
        assert_eq!(message[claim("lti/claim/custom")]["nom"], "$Person.name.full");
        assert!(message.get("name").is_none() && message.get("email").is_none(), "{message}");
        assert!(message.get(claim("lti-nrps/claim/namesroleservice")).is_none());
        assert!(!scene.is_done().await, "opening is not doing");
        // A score too low, then one that meets the rule.
        let item = grades(&message)["lineitem"].as_str().expect("a line item");
        let token = scene.token(&format!("{SCOPE_SCORES} {SCOPE_RESULTS}")).await;
        let scores = format!("{item}/scores");
        call(&scene.app, "POST", &scores, &token, Some(&scene.score(&message["sub"], 4.0, 1))).await.ok();
        assert!(!scene.is_done().await);
        call(&scene.app, "POST", &scores, &token, Some(&scene.score(&message["sub"], 8.0, 2))).await.ok();
        assert!(scene.is_done().await);
        ada.get(&scene.path()).await.ok().says(&["Score", "80"]);
        let results = call(&scene.app, "GET", &format!("{item}/results"), &token, None).await.ok();
        let results: Value = serde_json::from_slice(&results.body).expect("results");
        assert_eq!((&results[0]["resultScore"], &results[0]["resultMaximum"]), (&json!(80.0), &json!(100.0)));
        assert_eq!(results[0]["comment"], "Bravo");
        // An older score changes nothing.
        let older = scene.score(&message["sub"], 1.0, 0);
        call(&scene.app, "POST", &scores, &token, Some(&older)).await.expect(StatusCode::CONFLICT);
        let page = scene.administrator.get(&format!("{TOOLS}/{}", scene.id)).await.ok();
        page.says(&["Inscription", "Ouverture", "Résultat", "Une note plus récente est déjà là"]);
        let facts = scene.app.facts().await;
        assert_eq!(facts["lti.tool.registered.v1"], 1);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A mark that a tool sends after the last day is kept and shown, and counts nowhere.
    async fn a_score_that_comes_after_the_end_is_kept_apart(engine) {
        let scene = Scene::new(engine).await;
        let ada = scene.trainee().await;
        let message = scene.launch(&ada).await;
        let scores = format!("{}/scores", grades(&message)["lineitem"].as_str().expect("a line item"));
        scene.app.clock().advance(14 * DAY);
        let token = scene.token(SCOPE_SCORES).await;
        call(&scene.app, "POST", &scores, &token, Some(&scene.score(&message["sub"], 9.0, -2))).await.ok();
        call(&scene.app, "POST", &scores, &token, Some(&scene.score(&message["sub"], 8.0, -1))).await.ok();
        assert!(!scene.is_done().await);
        assert_eq!(scene.app.count("SELECT score FROM late_result", []).await, 9_000, "the better of both");
        let enrolment = scene.enrolment();
        assert_eq!(scene.app.count("SELECT done_minutes FROM enrolment WHERE id = $1", [enrolment.into()]).await, 0);
        ada.get(&scene.path()).await.ok().says(&["arrivé après la date de fin"]);
        let marc = scene.app.as_manager().await;
        marc.get(&format!("/suivi/{enrolment}/activite/{}", scene.activity)).await.ok().says(&["Reçu après la fin", "90"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn what_a_tool_learns_is_what_was_ticked(engine) {
        let scene = Scene::new(engine).await;
        scene.share(&[("name", "true"), ("email", "true"), ("grades", "true"), ("members", "true")]).await;
        let ada = scene.trainee().await;
        let message = scene.launch(&ada).await;
        assert_eq!(message["given_name"], "Ada");
        assert_eq!(message[claim("lti/claim/custom")]["nom"], message["name"]);
        assert!(message["email"].as_str().is_some_and(|email| email.contains('@')));
        let service = &message[claim("lti-nrps/claim/namesroleservice")];
        let address = service["context_memberships_url"].as_str().expect("an address");
        let token = scene.token(SCOPE_MEMBERSHIPS).await;
        let tutor = scene.app.person("Tilda").await;
        scene.app.tutor(scene.cohort.id, &tutor).await;
        // Three members, two a page, in pages that follow each other.
        let first = call(&scene.app, "GET", &format!("{address}?limit=2"), &token, None).await.ok();
        let link = first.header("link").to_owned();
        let next = link.split(['<', '>']).nth(1).expect("a next page").to_owned();
        let first: Value = serde_json::from_slice(&first.body).expect("members");
        let second = call(&scene.app, "GET", &next, &token, None).await.ok();
        assert!(second.headers.get("link").is_none());
        let second: Value = serde_json::from_slice(&second.body).expect("members");
        let all: Vec<&Value> = [&first, &second].iter().flat_map(|page| page["members"].as_array().expect("rows")).collect();
        assert_eq!(all.len(), 3);
        assert!(all[0]["roles"][0].as_str().is_some_and(|role| role.ends_with("#Instructor")));
        assert!(all.iter().any(|member| member["user_id"] == message["sub"] && member["given_name"] == "Ada"));
        let learners = call(&scene.app, "GET", &format!("{address}?role=Learner"), &token, None).await.ok();
        let learners: Value = serde_json::from_slice(&learners.body).expect("members");
        assert_eq!(learners["members"].as_array().map(Vec::len), Some(2));
        // Their tutor opens the tool as one, from where they follow the trainee.
        let tilda = scene.app.as_person(&tutor).await;
        let page = format!("/suivi/{}/activite/{}", scene.enrolment(), scene.activity);
        tilda.get(&page).await.ok().says(&["Ouvrir l’outil"]);
        let begun = tilda.get(&format!("{page}/outil")).await.expect(StatusCode::SEE_OTHER);
        let page = scene.tool.authenticate(&tilda, &begun, |_| ()).await.ok();
        let watching = claims(&hidden(&page, "id_token"));
        assert!(watching[claim("lti/claim/roles")][0].as_str().is_some_and(|role| role.ends_with("#Instructor")));
        assert_eq!((&watching["given_name"], watching["sub"] != message["sub"]), (&json!("Tilda"), true));
        // Ticked no more: the token is over, and no other is given.
        scene.share(&[("grades", "true")]).await;
        call(&scene.app, "GET", address, &token, None).await.expect(StatusCode::UNAUTHORIZED);
        let asked = scene.tool.assertion(&scene.app, &scene.id.to_string());
        let refused = scene.tool.ask_token(&scene.app, &asked, SCOPE_MEMBERSHIPS).await;
        refused.expect(StatusCode::BAD_REQUEST).says(&["invalid_scope"]);
        assert!(scene.launch(&ada).await.get("given_name").is_none());
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_tool_keeps_columns_of_its_own_which_do_not_count(engine) {
        let scene = Scene::new(engine).await;
        let ada = scene.trainee().await;
        let message = scene.launch(&ada).await;
        let items = grades(&message)["lineitems"].as_str().expect("line items").to_owned();
        let token = scene.token(&format!("{SCOPE_LINE_ITEM} {SCOPE_SCORES}")).await;
        let wish = json!({"label": "Dictée", "scoreMaximum": 20, "tag": "dictee", "resourceId": "7", "resourceLinkId": scene.activity});
        let made = call(&scene.app, "POST", &items, &token, Some(&wish)).await.expect(StatusCode::CREATED);
        let made: Value = serde_json::from_slice(&made.body).expect("a line item");
        let own = made["id"].as_str().expect("its address").to_owned();
        let listed = call(&scene.app, "GET", &format!("{items}?tag=dictee"), &token, None).await.ok();
        let listed: Value = serde_json::from_slice(&listed.body).expect("line items");
        assert_eq!((listed.as_array().map(Vec::len), &listed[0]["resourceId"]), (Some(1), &json!("7")));
        let all = call(&scene.app, "GET", &format!("{items}?resource_link_id={}", scene.activity), &token, None).await.ok();
        let all: Value = serde_json::from_slice(&all.body).expect("line items");
        assert_eq!(all.as_array().map(Vec::len), Some(2));
        call(&scene.app, "POST", &format!("{own}/scores"), &token, Some(&scene.score(&message["sub"], 10.0, 1))).await.ok();
        assert!(!scene.is_done().await, "only the activity's own column counts");
        let change = json!({"label": "Dictée corrigée", "scoreMaximum": 40, "resourceLinkId": scene.activity});
        let changed = call(&scene.app, "PUT", &own, &token, Some(&change)).await.ok();
        let changed: Value = serde_json::from_slice(&changed.body).expect("a line item");
        assert_eq!((&changed["label"], &changed["scoreMaximum"]), (&json!("Dictée corrigée"), &json!(40.0)));
        call(&scene.app, "DELETE", &own, &token, None).await.expect(StatusCode::NO_CONTENT);
        call(&scene.app, "GET", &own, &token, None).await.expect(StatusCode::NOT_FOUND);
        let main = grades(&message)["lineitem"].as_str().expect("a line item");
        call(&scene.app, "DELETE", main, &token, None).await.expect(StatusCode::FORBIDDEN);
        for wrong in [json!({}), json!({"label": "", "scoreMaximum": 1}), json!({"label": "x", "scoreMaximum": 0}), json!({"label": "x", "scoreMaximum": -1})] {
            call(&scene.app, "POST", &items, &token, Some(&wrong)).await.expect(StatusCode::BAD_REQUEST);
        }
        let elsewhere = json!({"label": "x", "scoreMaximum": 1, "resourceLinkId": scene.course.page});
        call(&scene.app, "POST", &items, &token, Some(&elsewhere)).await.expect(StatusCode::NOT_FOUND);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_launch_that_was_not_begun_here_by_that_person_is_refused(engine) {
        let scene = Scene::new(engine).await;
        let (ada, bao) = (scene.trainee().await, scene.app.as_person(&scene.cohort.trainees[1].0).await);
        // Somebody else's activity is not theirs to open.
        bao.get(&format!("{}/outil", scene.path())).await.expect(StatusCode::FORBIDDEN);
        // A hint is good once, for the tool and the person that it was made for, for five minutes.
        let begun = scene.begin(&ada).await;
        scene.tool.authenticate(&ada, &begun, |_| ()).await.ok();
        scene.tool.authenticate(&ada, &begun, |_| ()).await.expect(StatusCode::CONFLICT).says(&["déjà servi"]);
        let begun = scene.begin(&ada).await;
        scene.tool.authenticate(&bao, &begun, |_| ()).await.expect(StatusCode::CONFLICT).says(&["Une autre personne"]);
        let begun = scene.begin(&ada).await;
        scene.app.clock().advance(6 * MINUTE);
        scene.tool.authenticate(&ada, &begun, |_| ()).await.expect(StatusCode::CONFLICT).says(&["trop de temps"]);
        // What is asked is asked as the specification says, and answered nowhere else.
        let asks: [(&str, &str); 6] = [
            ("redirect_uri", "https://voleur.example/launch"), ("scope", "profile"), ("response_type", "code"),
            ("response_mode", "query"), ("nonce", ""), ("client_id", "inconnu"),
        ];
        for (name, value) in asks {
            let begun = scene.begin(&ada).await;
            let refused = scene.tool.authenticate(&ada, &begun, |asked| {
                asked.insert(name.to_owned(), value.to_owned());
            }).await;
            let page = refused.expect(StatusCode::CONFLICT).text();
            assert!(!page.contains("name=\"id_token\""), "{name}");
        }
        let page = scene.administrator.get(&format!("{TOOLS}/{}", scene.id)).await.ok();
        page.says(&["redirect_uri", "response_mode", "Le nombre unique manque", "a pris trop de temps"])
            .never_says(&["is not registered", "must be", "is missing"]);
        // Who has left, and a tool that is closed.
        let begun = scene.begin(&ada).await;
        let sql = "UPDATE enrolment SET state = 'left' WHERE id = $1";
        let tx = scene.app.write().await;
        tx.execute_raw(passerelle_kernel::db::statement(&*tx, sql, [scene.enrolment().into()])).await.expect("left");
        tx.commit().await.expect("committed");
        scene.tool.authenticate(&ada, &begun, |_| ()).await.expect(StatusCode::CONFLICT).says(&["plus disponible"]);
        scene.administrator.post(&format!("{TOOLS}/{}/fermer", scene.id), &[]).await.expect(StatusCode::SEE_OTHER);
        let path = format!("/formation/{}/activite/{}", scene.cohort.trainees[1].1, scene.activity);
        bao.get(&path).await.ok().says(&["n’est pas disponible"]);
        bao.get(&format!("{path}/outil")).await.expect(StatusCode::CONFLICT);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_token_is_given_to_its_tool_only_and_opens_its_groups_only(engine) {
        let scene = Scene::new(engine).await;
        let (app, tool, client) = (&scene.app, &scene.tool, scene.id.to_string());
        let message = scene.launch(&scene.trainee().await).await;
        let ask = async |change: &dyn Fn(&mut Value)| {
            let mut asked = tool.assertion(app, &client);
            change(&mut asked);
            tool.ask_token(app, &asked, SCOPE_SCORES).await
        };
        let now = app.now() / SECOND;
        let wrong: [(&str, Change<'_>); 9] = [
            ("unknown", &|c| c["iss"] = json!("inconnu")),
            ("sub is not", &|c| c["sub"] = json!("autre")),
            ("aud is not", &|c| c["aud"] = json!("https://ailleurs.example/token")),
            ("expired", &|c| c["exp"] = json!(now - 120)),
            ("does not expire", &|c| c["exp"] = Value::Null),
            ("longer than an hour", &|c| c["exp"] = json!(now + 10_000)),
            ("3000 s in the future", &|c| c["iat"] = json!(now + 3_000)),
            ("3000 s in the future", &|c| c["nbf"] = json!(now + 3_000)),
            ("jti", &|c| c["jti"] = json!("")),
        ];
        for (words, change) in wrong {
            ask(change).await.expect(StatusCode::UNAUTHORIZED).says(&["invalid_client", words]);
        }
        let once = tool.assertion(app, &client);
        tool.ask_token(app, &once, SCOPE_SCORES).await.ok();
        tool.ask_token(app, &once, SCOPE_SCORES).await.expect(StatusCode::UNAUTHORIZED).says(&["used before"]);
        // Signed by another key under the same name.
        let thief = Tool::start().await;
        let stolen = tool.assertion(app, &client);
        thief.ask_token(app, &stolen, SCOPE_SCORES).await.expect(StatusCode::UNAUTHORIZED).says(&["invalid_client"]);
        // A token of scores posts scores, of this tool, in groups that opened it, of people who are there.
        let token = scene.token(SCOPE_SCORES).await;
        let item = grades(&message)["lineitem"].as_str().expect("a line item").to_owned();
        let score = scene.score(&message["sub"], 5.0, 0);
        let scores = format!("{item}/scores");
        call(app, "GET", &item, &token, None).await.expect(StatusCode::FORBIDDEN);
        call(app, "POST", &scores, "autre", Some(&score)).await.expect(StatusCode::UNAUTHORIZED);
        let other = app.cohort(&scene.course, "2026-11-09", &["Cléo"]).await;
        let elsewhere = scores.replace(&scene.cohort.id.to_string(), &other.id.to_string());
        call(app, "POST", &elsewhere, &token, Some(&score)).await.expect(StatusCode::NOT_FOUND);
        let another = scores.replace(&client, &Uuid::nil().to_string());
        call(app, "POST", &another, &token, Some(&score)).await.expect(StatusCode::UNAUTHORIZED);
        let faults = [
            ("userId", json!("personne"), StatusCode::NOT_FOUND), ("userId", json!(""), StatusCode::BAD_REQUEST),
            ("timestamp", json!("hier"), StatusCode::BAD_REQUEST), ("scoreGiven", json!(-1), StatusCode::BAD_REQUEST),
            ("scoreMaximum", json!(0), StatusCode::BAD_REQUEST), ("activityProgress", json!("Fini"), StatusCode::BAD_REQUEST),
            ("gradingProgress", Value::Null, StatusCode::BAD_REQUEST), ("comment", json!("x".repeat(20_000)), StatusCode::BAD_REQUEST),
        ];
        for (name, value, status) in faults {
            let mut wrong = score.clone();
            wrong[name] = value;
            call(app, "POST", &scores, &token, Some(&wrong)).await.expect(status);
        }
        app.clock().advance(2 * HOUR);
        call(app, "POST", &scores, &token, Some(&score)).await.expect(StatusCode::UNAUTHORIZED);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn what_is_picked_in_a_tool_becomes_activities(engine) {
        let scene = Scene::new(engine).await;
        let manager = scene.app.as_manager().await;
        let base = format!("/e/centre/gestion/formations/{}", scene.course.id);
        let week = scene.course.weeks[1];
        manager.get(&format!("{base}?ajouter=tool&semaine={week}")).await.ok().says(&["Choisir dans Exercices"]);
        let begin = format!("{base}/outils/{}?semaine={week}", scene.id);
        let begun = manager.get(&begin).await.expect(StatusCode::SEE_OTHER);
        assert_eq!(query(begun.location())["target_link_uri"], scene.tool.at("/pick"));
        let page = scene.tool.authenticate(&manager, &begun, |_| ()).await.ok();
        let request = claims(&hidden(&page, "id_token"));
        assert_eq!(request[claim("lti/claim/message_type")], "LtiDeepLinkingRequest");
        let items = json!([
            {"type": "ltiResourceLink", "title": "Dictée 1", "url": scene.tool.at("/d/1"), "custom": {"n": "1"}, "lineItem": {"scoreMaximum": 10}},
            {"type": "ltiResourceLink", "title": "Lecture", "url": scene.tool.at("/l/1")},
            {"type": "html", "html": "<script>alert(1)</script>"},
        ]);
        let client = scene.id.to_string();
        let mut answer = scene.tool.picked(&request, &client, &items);
        let post = async |claims: &Value| {
            let token = scene.tool.key().sign(claims).expect("signed");
            let request = manager.request("POST", "/lti/choix")
                .header("origin", scene.tool.at("")).header("sec-fetch-site", "cross-site")
                .header("content-type", "application/x-www-form-urlencoded");
            let body = format!("JWT={}", urlencode(&token));
            manager.send(request, axum::body::Body::from(body)).await
        };
        let wrong: [(&str, Value); 5] = [
            ("aud", json!("https://ailleurs.example")), ("exp", json!(1)),
            (&claim("lti/claim/message_type"), json!("Autre")), (&claim("lti/claim/deployment_id"), json!("9")),
            (&claim("lti-dl/claim/data"), json!("rien")),
        ];
        for (name, value) in &wrong {
            let kept = std::mem::replace(&mut answer[*name], value.clone());
            post(&answer).await.expect(StatusCode::CONFLICT).says(&["n’a pas pu être accepté"]);
            answer[*name] = kept;
        }
        let kept = answer[claim("lti-dl/claim/content_items")].take();
        answer[claim("lti-dl/claim/content_items")] = json!([{"type": "ltiResourceLink", "url": "javascript:alert(1)"}]);
        post(&answer).await.expect(StatusCode::CONFLICT);
        let page = scene.administrator.get(&format!("{TOOLS}/{}", scene.id)).await.ok();
        page.says(&["ne peut pas devenir une activité", "url"]).never_says(&["is refused"]);
        answer[claim("lti-dl/claim/content_items")] = kept;
        let place = post(&answer).await.leads();
        // Only whoever asked sees it, and says how long it takes.
        scene.administrator.get(&place).await.expect(StatusCode::GONE);
        manager.get(&place).await.ok().says(&["Dictée 1", "Lecture", "L’outil notera"]);
        let wrong = [("keep_0", "true"), ("minutes_0", "0"), ("keep_1", "true"), ("minutes_1", "10")];
        manager.post(&place, &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["de 1 à 6"]);
        let right = [("keep_0", "true"), ("minutes_0", "25"), ("minutes_1", "10")];
        manager.post(&place, &right).await.expect(StatusCode::SEE_OTHER);
        manager.get(&base).await.ok().says(&["Dictée 1"]);
        let sql = "SELECT COUNT(*) FROM activity WHERE kind = 'tool' AND course_id = $1";
        assert_eq!(scene.app.count(sql, [scene.course.id.into()]).await, 2, "one was there, one was kept");
        manager.get(&place).await.expect(StatusCode::GONE);
        post(&answer).await.expect(StatusCode::CONFLICT);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_tool_registers_with_its_secret_once_and_says_all_of_itself(engine) {
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let tool = Tool::start().await;
        let administrator = app.as_administrator().await;
        let go = paste(&administrator, &tool.at("/register?a=b")).await;
        let secret = query(&go)["registration_token"].clone();
        assert_eq!(query(&go)["a"], "b");
        let good = tool.registration();
        assert_eq!(register(&app, "inconnu", &good).await.0, StatusCode::UNAUTHORIZED);
        let lti = claim("lti-tool-configuration");
        for (name, value) in [
            ("initiate_login_uri", json!("javascript:alert(1)")), ("jwks_uri", json!("ftp://x")), ("jwks_uri", Value::Null),
            ("redirect_uris", json!([])), ("redirect_uris", json!(["https://a:b@x.example/"])), (lti.as_str(), json!({})),
        ] {
            let mut wrong = good.clone();
            wrong[name] = value;
            assert_eq!(register(&app, &secret, &wrong).await.0, StatusCode::BAD_REQUEST, "{name}");
        }
        assert_eq!(register(&app, &secret, &good).await.0, StatusCode::OK, "what was wrong could be mended");
        assert_eq!(register(&app, &secret, &good).await.0, StatusCode::UNAUTHORIZED, "once");
        let late = query(&paste(&administrator, &tool.at("/register")).await)["registration_token"].clone();
        app.clock().advance(2 * HOUR);
        assert_eq!(register(&app, &late, &good).await.0, StatusCode::UNAUTHORIZED, "within an hour");
        let wrong = administrator.post(&format!("{TOOLS}/adresse"), &[("address", "outil")]).await;
        wrong.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["adresse complète"]);
        // By hand, field by field.
        let keys = tool.at("/keys");
        let pairs = [
            ("name", "À la main"), ("target_url", "https://outil.example.org/"), ("login_url", "https://outil.example.org/login"),
            ("redirects", "https://outil.example.org/a\r\nhttps://outil.example.org/b"), ("jwks_uri", keys.as_str()),
        ];
        administrator.post(&format!("{TOOLS}/nouvel"), &pairs[..3]).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["une adresse complète par ligne"]);
        let page = administrator.post(&format!("{TOOLS}/nouvel"), &pairs).await.leads();
        administrator.get(&page).await.ok().says(&["https://outil.example.org/a, https://outil.example.org/b", "/lti/jeton"]);
        administrator.post(&format!("{page}/essai"), &[]).await.ok().says(&["1"]);
        administrator.get(TOOLS).await.ok().says(&["Exercices", "À la main"]);
        app.close().await;
    }
}

on_both_engines! {
    async fn two_servers_are_each_others_platform_and_tool(engine) {
        // The school opens a group of the centre as an activity of its own course.
        let (school, centre) = (TestApp::listening(engine).await, TestApp::listening(engine).await);
        let theirs = centre.course("Écrire").await;
        let group = centre.cohort(&theirs, "2026-11-02", &[]).await;
        centre.run_jobs().await;
        let (of_school, of_centre) = (school.as_administrator().await, centre.as_administrator().await);
        // The centre's address to paste is the tool's registration address.
        let page = of_centre.post("/e/centre/gestion/plateformes/adresse", &[]).await.ok().text();
        let at = page.find("/lti/inscription/").expect("an address");
        let offer = page[at..].split('"').next().expect("its end").to_owned();
        let public = |app: &TestApp| app.app().settings().public_url.clone();
        let go = paste(&of_school, &format!("{}{offer}", public(&centre))).await;
        let visitor = centre.visitor();
        let path = go.strip_prefix(&public(&centre)).expect("at the centre");
        visitor.get(path).await.ok().says(&["Relier 127.0.0.1"]);
        let sent = query(&go);
        let pairs: Vec<(&str, &str)> = ["openid_configuration", "registration_token"].iter().map(|name| (*name, sent[*name].as_str())).collect();
        visitor.post(&offer, &pairs).await.ok().says(&["La plateforme est reliée"]);
        let tool = registered(&school).await;
        of_school.post(&format!("{TOOLS}/{tool}/partage"), &[("name", "true"), ("grades", "true")]).await.expect(StatusCode::SEE_OTHER);
        // Somebody who makes the school's course picks there what it opens.
        let course = school.course("Lire").await;
        let manager = school.as_manager().await;
        let there = centre.visitor();
        let begin = format!("/e/centre/gestion/formations/{}/outils/{tool}?semaine={}", course.id, course.weeks[0]);
        let begun = manager.get(&begin).await.expect(StatusCode::SEE_OTHER);
        // Nothing is offered there but what somebody has opened to it, by the name of its course.
        let none = cross(&manager, &there, &begun).await.ok();
        none.says(&["Aucun groupe n’est ouvert à votre plateforme"]).never_says(&["Groupe du 2026-11-02"]);
        let platform = centre.id("SELECT id FROM lti_platform", []).await;
        let opened = [("cohort", group.id.to_string()), ("opened", "true".to_owned())];
        let opened: Vec<(&str, &str)> = opened.iter().map(|(name, value)| (*name, value.as_str())).collect();
        of_centre.post(&format!("/e/centre/gestion/plateformes/{platform}/groupe"), &opened).await.leads();
        let begun = manager.get(&begin).await.expect(StatusCode::SEE_OTHER);
        let groups = cross(&manager, &there, &begun).await.ok().says(&["Écrire – Groupe du 2026-11-02"]);
        let policy = groups.header("content-security-policy");
        assert!(policy.contains(&format!("frame-ancestors {}", public(&school))), "{policy}");
        let text = groups.text();
        let at = text.find("/lti/choisir/").expect("a group");
        let place = text[at..].split('"').next().expect("its end").to_owned();
        there.get(&place).await.ok().says(&["Toute la formation", "Semaine 1", "Le module"]);
        there.post(&place, &[]).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["Choisissez ce que le lien ouvrira"]);
        let wanted = theirs.page.to_string();
        let page = there.post(&place, &[("what", "cours"), ("what", &wanted)]).await.ok();
        let body = format!("JWT={}", urlencode(&hidden(&page, "JWT")));
        let picked = posted(&manager, "/lti/choix", &public(&centre), body).await.leads();
        manager.get(&picked).await.ok().says(&["L’outil notera"]);
        let kept = [("keep_0", "true"), ("minutes_0", "40"), ("minutes_1", "10")];
        manager.post(&picked, &kept).await.expect(StatusCode::SEE_OTHER);
        there.post(&place, &[("what", "cours")]).await.expect(StatusCode::GONE);
        let activity = school.id("SELECT id FROM activity WHERE kind = 'tool'", []).await;
        let cohort = school.cohort(&course, "2026-11-02", &["Ada"]).await;
        school.run_jobs().await;
        // Ada of the school opens it: both servers are asked by the same browser, as browsers do.
        let ada = school.as_person(&cohort.trainees[0].0).await;
        let there = centre.visitor();
        let path = format!("/formation/{}/activite/{activity}/outil", cohort.trainees[0].1);
        let begun = ada.get(&path).await.expect(StatusCode::SEE_OTHER);
        let course = cross(&ada, &there, &begun).await.leads();
        there.get(&course).await.ok().says(&["Écrire"]);
        // What is done at the centre reaches the school, as it is done.
        there.get(&format!("{course}/activite/{}", theirs.page)).await.ok();
        centre.run_jobs().await;
        let sql = "SELECT score FROM activity_state WHERE enrolment_id = $1 AND activity_id = $2";
        let score = school.count(sql, [cohort.trainees[0].1.into(), activity.into()]).await;
        assert_eq!(score, 3_333, "one activity of three");
        let page = of_centre.get(&format!("/groupe/{}", group.id)).await.ok();
        page.says(&["Ada"]);
        school.close().await;
        centre.close().await;
    }
}

on_both_engines! {
    /// A score dated far ahead, by a tool whose clock is wrong, was kept and stood before every later
    /// one: all of them were refused.
    async fn a_score_dated_in_the_future_does_not_block_the_next(engine) {
        let scene = Scene::new(engine).await;
        let message = scene.launch(&scene.trainee().await).await;
        let item = grades(&message)["lineitem"].as_str().expect("a line item").to_owned();
        let token = scene.token(&format!("{SCOPE_SCORES} {SCOPE_RESULTS}")).await;
        let scores = format!("{item}/scores");
        let far = scene.score(&message["sub"], 2.0, 10 * 365 * 86_400);
        call(&scene.app, "POST", &scores, &token, Some(&far)).await.ok();
        scene.app.clock().advance(MINUTE);
        let next = scene.score(&message["sub"], 8.0, 0);
        call(&scene.app, "POST", &scores, &token, Some(&next)).await.ok();
        assert!(scene.is_done().await);
        // One that was kept before gives way too.
        let kept = "UPDATE lti_result SET scored_at = $1";
        scene.app.run(kept, [(scene.app.now() + 1_000 * HOUR).into()]).await;
        let last = scene.score(&message["sub"], 9.0, 0);
        call(&scene.app, "POST", &scores, &token, Some(&last)).await.ok();
        let results = call(&scene.app, "GET", &format!("{item}/results"), &token, None).await.ok();
        let results: Value = serde_json::from_slice(&results.body).expect("results");
        assert_eq!(results[0]["resultScore"], json!(90.0));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A tool could not correct a mark downwards: the best one stayed for ever, whoever had given it
    /// by mistake. It may where who makes the course says so; what was done stays done.
    async fn a_tool_corrects_a_mark_downwards_where_the_course_lets_it(engine) {
        let scene = Scene::new(engine).await;
        let ada = scene.trainee().await;
        let message = scene.launch(&ada).await;
        let item = grades(&message)["lineitem"].as_str().expect("a line item").to_owned();
        let token = scene.token(SCOPE_SCORES).await;
        let give = async |given: f64| {
            scene.app.clock().advance(MINUTE);
            let score = scene.score(&message["sub"], given, 0);
            call(&scene.app, "POST", &format!("{item}/scores"), &token, Some(&score)).await.ok();
            let sql = "SELECT score FROM activity_state WHERE enrolment_id = $1 AND activity_id = $2";
            scene.app.count(sql, [scene.enrolment().into(), scene.activity.into()]).await
        };
        assert_eq!((give(9.0).await, give(3.0).await), (9_000, 9_000));
        // The manager says so, in the form of the activity; what the tool wished for stays.
        let manager = scene.app.as_manager().await;
        let sql = "UPDATE activity SET content = $1 WHERE id = $2";
        let content = json!({"tool": scene.id, "custom": "", "column": {"scoreMaximum": 20}}).to_string();
        scene.app.run(sql, [content.into(), scene.activity.into()]).await;
        let base = format!("/e/centre/gestion/formations/{}", scene.course.id);
        let tool = scene.id.to_string();
        let page = manager.get(&format!("{base}?modifier={}", scene.activity)).await.ok().says(&["L’outil peut baisser une note"]);
        let revision = page.field("revision");
        let form = [
            ("revision", revision.as_str()),
            ("title", "S’exercer"), ("minutes", "20"), ("rule", "score"), ("score", "50"), ("tool", tool.as_str()), ("lowers", "true"),
        ];
        manager.post(&format!("{base}/activite/{}", scene.activity), &form).await.leads();
        let content = scene.app.text("SELECT content FROM activity WHERE id = $1", [scene.activity.into()]).await.expect("its content");
        let content: ToolContent = serde_json::from_str(&content).expect("a tool");
        assert!(content.lowers);
        assert_eq!(content.column, Some(json!({"scoreMaximum": 20})));
        assert_eq!((give(3.0).await, give(7.0).await, give(7.0).await), (3_000, 7_000, 7_000));
        assert!(scene.is_done().await);
        assert_eq!(scene.app.facts().await["activity.corrected.v1"], 1);
        // 4.9996 of 10 is below 50: never rounded up across what is asked.
        assert_eq!(give(4.999_96).await, 4_999);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The largest score that a tool wishes for what is picked (Deep Linking 2.0, `lineItem`) was
    /// forgotten: its column had 100 all the same.
    async fn the_column_that_a_tool_wishes_is_the_one_that_it_gets(engine) {
        let scene = Scene::new(engine).await;
        let sql = "UPDATE activity SET content = $1 WHERE id = $2";
        let column = json!({"label": "Dictée", "scoreMaximum": "20.0", "resourceId": "d-1", "tag": "dictee"});
        let content = json!({"tool": scene.id, "column": column}).to_string();
        scene.app.run(sql, [content.into(), scene.activity.into()]).await;
        let message = scene.launch(&scene.trainee().await).await;
        let address = grades(&message)["lineitem"].as_str().expect("a line item").to_owned();
        let token = scene.token(&format!("{SCOPE_LINE_ITEM} {SCOPE_SCORES} {SCOPE_RESULTS}")).await;
        let item = call(&scene.app, "GET", &address, &token, None).await.ok();
        let item: Value = serde_json::from_slice(&item.body).expect("a line item");
        assert_eq!((&item["scoreMaximum"], &item["label"]), (&json!(20.0), &json!("Dictée")));
        assert_eq!((&item["resourceId"], &item["tag"]), (&json!("d-1"), &json!("dictee")));
        let score = scene.score(&message["sub"], 5.0, 0);
        call(&scene.app, "POST", &format!("{address}/scores"), &token, Some(&score)).await.ok();
        let results = call(&scene.app, "GET", &format!("{address}/results"), &token, None).await.ok();
        let results: Value = serde_json::from_slice(&results.body).expect("results");
        assert_eq!((&results[0]["resultScore"], &results[0]["resultMaximum"]), (&json!(10.0), &json!(20.0)));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A tool that was registered with an address mistyped could not be corrected: registered again,
    /// it was another one, and the activities kept to the first.
    async fn a_tool_whose_addresses_were_mistyped_is_corrected(engine) {
        let scene = Scene::new(engine).await;
        let ada = scene.trainee().await;
        scene.launch(&ada).await;
        let token = scene.token(SCOPE_SCORES).await;
        scene.app.run("UPDATE lti_tool SET jwks_uri = 'http://127.0.0.1:1/keys', redirects = 'http://127.0.0.1:1/x'", []).await;
        let asked = scene.tool.assertion(&scene.app, &scene.id.to_string());
        scene.tool.ask_token(&scene.app, &asked, SCOPE_SCORES).await.expect(StatusCode::UNAUTHORIZED);
        let begun = scene.begin(&ada).await;
        scene.tool.authenticate(&ada, &begun, |_| ()).await.expect(StatusCode::CONFLICT).says(&["Revenir à mes formations"]);
        let page = format!("{TOOLS}/{}", scene.id);
        scene.administrator.get(&page).await.ok().says(&["le serveur ne répond pas", "redirect_uri"]);
        let form = scene.administrator.get(&format!("{page}/modifier")).await.ok();
        assert_eq!(form.field("jwks_uri"), "http://127.0.0.1:1/keys");
        scene.administrator.post(&format!("{page}/modifier"), &[("name", "x")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let (target, login, launch) = (scene.tool.at("/"), scene.tool.at("/login"), scene.tool.at("/launch"));
        let (keys, picker) = (scene.tool.at("/keys"), scene.tool.at("/pick"));
        let right = [
            ("name", "Exercices"), ("target_url", target.as_str()), ("login_url", login.as_str()), ("redirects", launch.as_str()),
            ("jwks_uri", keys.as_str()), ("picker_url", picker.as_str()),
        ];
        scene.administrator.post(&format!("{page}/modifier"), &right).await.leads_to(&page);
        // The tokens that were out are over; the activity opens, with the parameters that the tool had.
        let message = scene.launch(&ada).await;
        assert_eq!(message[claim("lti/claim/custom")]["qui"], message["sub"]);
        let item = grades(&message)["lineitem"].as_str().expect("a line item");
        let score = scene.score(&message["sub"], 9.0, 0);
        call(&scene.app, "POST", &format!("{item}/scores"), &token, Some(&score)).await.expect(StatusCode::UNAUTHORIZED);
        let token = scene.token(SCOPE_SCORES).await;
        call(&scene.app, "POST", &format!("{item}/scores"), &token, Some(&score)).await.ok();
        assert!(scene.is_done().await);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A tool that gave a mark after the person had been moved to another group was told that it knew
    /// nobody of that name.
    async fn a_score_finds_the_person_in_the_group_that_they_were_moved_to(engine) {
        let scene = Scene::new(engine).await;
        let message = scene.launch(&scene.trainee().await).await;
        let item = grades(&message)["lineitem"].as_str().expect("a line item").to_owned();
        let other = scene.app.cohort(&scene.course, "2026-11-02", &[]).await.id;
        scene.app.run_jobs().await;
        let manager = scene.app.as_manager().await;
        manager.post(&format!("/inscription/{}/deplacer", scene.enrolment()), &[("cohort", &other.to_string())]).await.leads();
        let token = scene.token(SCOPE_SCORES).await;
        let score = scene.score(&message["sub"], 9.0, 0);
        call(&scene.app, "POST", &format!("{item}/scores"), &token, Some(&score)).await.ok();
        let sql = "SELECT COUNT(*) FROM activity_state s JOIN enrolment e ON e.id = s.enrolment_id WHERE e.cohort_id = $1 AND s.score = 9000";
        assert_eq!(scene.app.count(sql, [other.into()]).await, 1);
        scene.app.close().await;
    }
}
