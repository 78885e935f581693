//! The player's side of a launch, as the content host sees it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use passerelle_kernel::Uuid;
use passerelle_web::context::urlencode;
use serde_json::{Value, json};

use crate::app::{CONTENT, TestApp};
use crate::browser::{Answer, Browser};

/// A player that was given its token.
pub struct Player {
    app: TestApp,
    /// Host of the attempt.
    pub host: String,
    /// What the page of the player was given.
    pub data: Value,
    seq: i64,
}

impl Browser {
    /// Opens an activity: the code, and the address to send it to.
    pub async fn open(&self, enrolment: Uuid, activity: Uuid, form: &[(&str, &str)]) -> Code {
        let path = format!("/formation/{enrolment}/activite/{activity}/ouvrir");
        let page = self.post(&path, form).await.ok();
        let text = page.text();
        let action = text.split("action=\"").find(|t| t.starts_with("http://"));
        let action = action.expect("the address of the content host");
        let host = action.trim_start_matches("http://").split('/').next();
        Code {
            app: self.app().clone(),
            host: host.expect("a host").to_owned(),
            code: page.field("code"),
        }
    }

    /// Opens an activity and hands its code over.
    pub async fn launch(&self, enrolment: Uuid, activity: Uuid) -> Player {
        self.open(enrolment, activity, &[]).await.redeem().await
    }
}

/// A one-time code on its way to the content host.
#[derive(Clone)]
pub struct Code {
    app: TestApp,
    /// Host of the attempt.
    pub host: String,
    /// The code.
    pub code: String,
}

impl Code {
    /// Posts the code to that host.
    pub async fn send_to(&self, host: &str) -> Answer {
        let body = format!("code={}&lang=fr", urlencode(&self.code));
        let request = Request::post("/launch")
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let sent = Answer::of(self.app.content(), request, "POST /launch".to_owned());
        // The content hosts measure nothing themselves.
        let (mut answer, cost) = passerelle_kernel::stats::measure(sent).await;
        answer.statements = cost.statements;
        answer
    }

    /// Exchanges it for a player.
    pub async fn redeem(&self) -> Player {
        let page = self.send_to(&self.host).await.ok().text();
        let data = page.split("id=\"launch\">").nth(1).expect("launch data");
        let data = data.split("</script>").next().expect("its end");
        Player {
            app: self.app.clone(),
            host: self.host.clone(),
            data: serde_json::from_str(data).expect("launch data is JSON"),
            seq: 0,
        }
    }
}

impl Player {
    /// Identifier of the launch.
    pub fn launch(&self) -> Uuid {
        let text = self.data["launch"].as_str();
        text.and_then(|t| t.parse().ok()).expect("a launch")
    }

    /// The next commit of a SCO, not sent yet.
    pub fn next(&mut self, sco: &str, set: &[(&str, &str)], end: bool) -> Value {
        self.seq += 1;
        let set: serde_json::Map<String, Value> = set
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        json!({"token": self.data["token"], "launch": self.data["launch"], "seq": self.seq, "sco": sco,
            "session": 1, "set": set, "end": end,
            "calls": [[1, "LMSSetValue", "cmi.core.lesson_status", "…", "true", 0]]})
    }

    /// Sends a body to the address of commits.
    pub async fn send(&self, body: &Value) -> Answer {
        let request = Request::post("/t/commit")
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        Answer::of(self.app.content(), request, "POST /t/commit".to_owned()).await
    }

    /// Makes a commit and sends it.
    pub async fn commit(&mut self, sco: &str, set: &[(&str, &str)], end: bool) -> StatusCode {
        let body = self.next(sco, set, end);
        self.send(&body).await.status
    }

    /// Passes a SCO with that score and half an hour of work, and leaves it.
    pub async fn pass(&mut self, sco: &str, score: &str) {
        let set = [
            ("cmi.core.lesson_status", "passed"),
            ("cmi.core.score.raw", score),
            ("cmi.core.score.min", "0"),
            ("cmi.core.score.max", "100"),
            ("cmi.core.session_time", "00:30:00"),
        ];
        assert_eq!(self.commit(sco, &set, true).await, StatusCode::NO_CONTENT);
    }

    /// A file of the package.
    pub async fn file(&self, path: &str, host: &str) -> Answer {
        let request = Request::get(path)
            .header(header::HOST, host)
            .body(Body::empty())
            .expect("a request");
        Answer::of(self.app.content(), request, format!("GET {path}")).await
    }
}

/// A host of the content that belongs to no attempt.
pub fn stray_host() -> String {
    format!("0123456789abcdef0123.{CONTENT}")
}
