//! What may not enter as text enters nowhere, on no route, on either engine.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::StatusCode;
use passerelle_tests::on_both_engines;

use crate::routes::{Scene, lines};

/// Names of fields that pages read, and one that none reads.
const FIELDS: [&str; 6] = ["title", "given_name", "name", "email", "text", "autre"];

/// A body of each kind that holds NUL in the value, and one in the name, of a field.
fn bodies() -> Vec<(String, Vec<u8>)> {
    let mut bodies = Vec::new();
    let form = "application/x-www-form-urlencoded";
    for field in FIELDS {
        bodies.push((form.to_owned(), format!("{field}=a%00b").into_bytes()));
    }
    bodies.push((form.to_owned(), b"a=1&b%00=2".to_vec()));
    bodies.push((form.to_owned(), b"title=a\0b".to_vec()));
    let json = "{\"label\": \"a\\u0000b\", \"event\": \"a\\u0000\"}";
    for kind in ["application/json", "application/vnd.ims.lis.v1.score+json"] {
        bodies.push((kind.to_owned(), json.as_bytes().to_vec()));
    }
    let kind = "multipart/form-data; boundary=limit".to_owned();
    for field in FIELDS {
        let mut text = String::new();
        let _ = write!(
            text,
            "--limit\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\na\0b\r\n--limit--\r\n"
        );
        bodies.push((kind.clone(), text.into_bytes()));
    }
    bodies
}

/// Routes that take forms with files.
fn takes_files(path: &str) -> bool {
    path.ends_with("/importer") || path.ends_with("/image") || path.ends_with("/liste")
}

on_both_engines! {
    /// NUL in a name, a title, a search, an address gave « erreur interne » on PostgreSQL, which keeps
    /// it in no column, and was kept on SQLite. Every route, as who may most, with it in the path, in
    /// the query, in forms of both kinds and in JSON: refused, and never an error of ours.
    async fn nul_is_refused_on_every_route(engine) {
        let scene = Scene::new(engine).await;
        let administrator = scene.browser("administrator").await;
        let mut wrong = Vec::new();
        let mut refused = 0;
        for (method, path, _) in lines() {
            // The last part that has a name, and the query.
            let mut addresses = vec![format!("{}?q=a%00b", scene.address(path)), format!("{}?a%00=1", scene.address(path))];
            for (at, _) in path.match_indices('{') {
                let end = at + path[at..].find('}').unwrap() + 1;
                addresses.push(scene.address(&format!("{}a%00b{}", &path[..at], &path[end..])));
            }
            for address in addresses {
                let request = administrator.request(method, &address).header("sec-fetch-site", "same-origin");
                let status = administrator.send(request, Body::empty()).await.status;
                if status != StatusCode::BAD_REQUEST {
                    wrong.push(format!("{method} {address}: {status}"));
                }
            }
        }
        for (method, path, _) in lines() {
            if method == "GET" || method == "DELETE" {
                continue;
            }
            for (kind, body) in bodies() {
                let request = administrator
                    .request(method, &scene.address(path))
                    .header("origin", scene.app.app().settings().public_url.clone())
                    .header("sec-fetch-site", "same-origin")
                    .header("content-type", &kind);
                let status = administrator.send(request, Body::from(body)).await.status;
                let must = kind.starts_with("multipart") && takes_files(path);
                if status.is_server_error() || (must && status != StatusCode::BAD_REQUEST && status != StatusCode::NOT_FOUND) {
                    wrong.push(format!("{method} {path} ({kind}): {status}"));
                }
                refused += usize::from(status == StatusCode::BAD_REQUEST);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(refused > 300, "{refused}");
    }
}
