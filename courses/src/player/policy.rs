//! The policies of the content hosts, computed per launch.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use passerelle_web::Settings;
use passerelle_web::app::ContentHosts;

/// Which attempt's host was asked; none in single-host mode or when it is another host altogether.
pub(super) fn label_of(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    let host = headers.get("host")?.to_str().ok()?;
    let parent = settings.content_url.split_once("://")?.1;
    let label = host.strip_suffix(parent)?.strip_suffix('.')?;
    (!label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric()))
        .then(|| label.to_owned())
}

/// Whether the attempt with this label may be served on the host that was asked.
pub(super) fn host_fits(settings: &Settings, headers: &HeaderMap, label: &str) -> bool {
    match settings.content_hosts {
        ContentHosts::Wildcard => label_of(settings, headers).as_deref() == Some(label),
        ContentHosts::Single => true,
    }
}

/// Whether the request is for the script of a service worker, which would outlive the attempt.
fn is_service_worker(headers: &HeaderMap) -> bool {
    headers
        .get("service-worker")
        .is_some_and(|v| v.as_bytes() == b"script")
        || headers
            .get("sec-fetch-dest")
            .is_some_and(|v| v.as_bytes() == b"serviceworker")
}

/// Policy of the player's page: framed by the application, which pages of `ancestors` may hold in
/// turn; every one of them is checked.
pub(super) fn player_policy(settings: &Settings, own_window: bool, ancestors: &str) -> String {
    let ancestors = if own_window {
        "'none'".to_owned()
    } else {
        format!("{} {ancestors}", settings.public_url)
    };
    let sandbox = if own_window {
        "; sandbox allow-scripts allow-same-origin allow-forms allow-popups allow-modals \
        allow-downloads allow-top-navigation-by-user-activation"
    } else {
        ""
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
         frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}{sandbox}"
    )
}

/// Policy of a package's files. `external` are hosts that the check-up found and a manager allowed,
/// `ancestors` the origins whose pages hold ours in a frame.
pub(super) fn content_policy(settings: &Settings, external: &[String], ancestors: &str) -> String {
    let hosts: String = external
        .iter()
        .filter(|h| is_host(h))
        .map(|h| format!(" https://{h}"))
        .collect();
    let ours = &settings.public_url;
    format!(
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:{hosts}; connect-src 'self' data: blob:{hosts}; \
         form-action 'self'; base-uri 'self'; frame-ancestors 'self' {ours} {ancestors}"
    )
}

fn is_host(text: &str) -> bool {
    text.contains('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
}

/// What everything of a content host that is not a page of its own may do: nothing. A
/// package can frame any answer of its origin and reach into it: one without a policy
/// would be a way around that of the package.
const NOTHING: &str =
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";

/// Around every answer of the content hosts: headers, the policy that nothing goes
/// without, and no script of a service worker, which would outlive the attempt.
pub(super) async fn around(request: Request, next: Next) -> Response {
    let mut response = if is_service_worker(request.headers()) {
        StatusCode::FORBIDDEN.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    base_headers(headers);
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(NOTHING),
        );
    }
    response
}

/// Headers of every answer of the content hosts.
fn base_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("origin-agent-cluster", "?1"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(hosts: ContentHosts) -> Settings {
        Settings {
            public_url: "https://app.example.net".into(),
            content_url: "https://contenu.example.org".into(),
            content_hosts: hosts,
            home_space: "accueil".into(),
            scratch: "scratch".into(),
            dev: false,
            demo_accounts: Vec::new(),
        }
    }

    fn host(name: &str) -> HeaderMap {
        HeaderMap::from_iter([(
            axum::http::header::HOST,
            HeaderValue::from_str(name).expect("host"),
        )])
    }

    #[test]
    fn an_attempt_is_served_on_its_own_host_only() {
        let wild = settings(ContentHosts::Wildcard);
        assert!(host_fits(&wild, &host("abc.contenu.example.org"), "abc"));
        for other in [
            "def.contenu.example.org",
            "contenu.example.org",
            "abc.evil.org",
            "x.abc.contenu.example.org",
        ] {
            assert!(!host_fits(&wild, &host(other), "abc"), "{other}");
        }
        assert!(host_fits(
            &settings(ContentHosts::Single),
            &host("contenu.example.org"),
            "abc"
        ));
    }

    #[test]
    fn hosts_that_are_not_hosts_never_reach_a_policy() {
        let external = [
            "cdn.example.com".to_owned(),
            "evil.com; script-src *".to_owned(),
            "localhost".to_owned(),
        ];
        let policy = content_policy(&settings(ContentHosts::Single), &external, "");
        assert!(
            policy.contains("https://cdn.example.com")
                && !policy.contains("evil.com")
                && !policy.contains("localhost")
        );
    }
}
