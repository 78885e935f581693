//! Whom may be called, and what is read of an answer.

use super::*;

#[test]
fn only_addresses_of_the_internet_are_called() {
    for private in [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001::1",
        "3fff::1",
        "::7f00:1",
    ] {
        assert!(!is_public(private.parse().expect(private)), "{private}");
    }
    for public in [
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "64:ff9b::101:101",
        "::ffff:1.1.1.1",
    ] {
        assert!(is_public(public.parse().expect(public)), "{public}");
    }
}

/// A member's name with NUL made the whole list of a platform's course fail on PostgreSQL.
#[test]
fn nul_is_taken_out_of_an_answer_and_nothing_else_is() {
    let taken = |text: &str| without_nul(text.to_owned());
    assert_eq!(taken(r#"{"a":"x\u0000y"}"#), r#"{"a":"xy"}"#);
    assert_eq!(taken(r#""\\\u0000""#), r#""\\""#);
    assert_eq!(taken("a\0b"), "ab");
    for same in [r#""\\u0000""#, r#""é\n\u0001\"""#, r"\", ""] {
        assert_eq!(taken(same), same);
    }
}

#[tokio::test]
async fn what_is_not_secure_or_not_public_is_not_called() {
    let careful = Outgoing::new(false).expect("a client");
    let call = async |text: &str| careful.get(&Url::parse(text).expect(text), None, 10).await;
    assert_eq!(
        call("http://example.org/keys").await,
        Err(OutgoingError::NotSecure)
    );
    for private in [
        "https://127.0.0.1/keys",
        "https://[::1]/keys",
        "https://0x7f.1/keys",
        "https://2130706433/",
    ] {
        assert_eq!(
            call(private).await,
            Err(OutgoingError::Private),
            "{private}"
        );
    }
    // A name that leads home is refused when it is resolved.
    let refused = call("https://localhost/keys").await;
    let Err(OutgoingError::Unreachable(why)) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!(why, "the name has no public address");
}

#[tokio::test]
async fn redirections_are_not_followed_and_answers_are_bounded() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut buffer = [0; 1024];
            let n = socket.read(&mut buffer).await.unwrap_or(0);
            let asked = String::from_utf8_lossy(&buffer[..n]).into_owned();
            let answer = if asked.starts_with("GET /moved") {
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
            } else {
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\n{}",
                    "x".repeat(50)
                )
            };
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    let near = Outgoing::new(true).expect("a client");
    let url =
        |path: &str| Url::parse(&format!("http://127.0.0.1:{port}{path}")).expect("an address");
    assert_eq!(
        near.get(&url("/moved"), None, 100).await,
        Err(OutgoingError::Status(302))
    );
    assert_eq!(
        near.get(&url("/"), None, 49).await,
        Err(OutgoingError::TooLarge)
    );
    assert_eq!(
        near.get(&url("/"), None, 50).await.map(|text| text.len()),
        Ok(50)
    );
}

/// With a proxy in the environment, names were resolved by the proxy: the guard on private
/// addresses looked at nothing. The test runs itself once more with such an environment.
#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    const INSIDE: &str = "PASSERELLE_TEST_PROXIED";
    if std::env::var_os(INSIDE).is_some() {
        let careful = Outgoing::new(false).expect("a client");
        let home = Url::parse("https://localhost/keys").expect("an address");
        assert_eq!(
            careful.get(&home, None, 10).await,
            Err(OutgoingError::Unreachable(
                "the name has no public address".to_owned()
            ))
        );
        let near = Outgoing::new(true).expect("a client");
        for text in ["http://127.0.0.1:1/keys", "https://127.0.0.1:1/keys"] {
            let nobody = Url::parse(text).expect("an address");
            let refused = near.get(&nobody, None, 10).await;
            assert!(
                matches!(refused, Err(OutgoingError::Unreachable(_))),
                "{refused:?}"
            );
        }
        return;
    }
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    proxy.set_nonblocking(true).expect("a listener");
    let address = format!("http://{}", proxy.local_addr().expect("an address"));
    let this = std::env::current_exe().expect("this program");
    let mut inside = tokio::process::Command::new(this);
    inside
        .args(["--exact", "tests::a_proxy_of_the_environment_is_not_used"])
        .env(INSIDE, "1")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
        inside
            .env(name, &address)
            .env(name.to_lowercase(), &address);
    }
    let told = inside.output().await.expect("it ran");
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
    let asked = proxy.accept().map(|(_, from)| from);
    assert!(asked.is_err(), "the proxy was asked: {asked:?}");
}
