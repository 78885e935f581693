//! Who connects and keeps silent, drips, or comes with many, stops nobody else.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use passerelle_kernel::Engine;
use passerelle_tests::app::{Served, TestApp};
use passerelle_web::listening::seats::Seats;
use passerelle_web::listening::{Patience, Reception};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// Less patience than a server has, so that a test is short; enough for a busy machine.
const SHORT: Patience = Patience {
    head: Duration::from_secs(1),
    idle: Duration::from_secs(4),
    silence: Duration::from_secs(2),
    reserve: Duration::from_secs(3),
    bytes_per_second: 512,
    reading: Duration::from_secs(5),
};

async fn received(seats: Seats, patience: Patience, proxies: usize) -> (TestApp, Served) {
    let app = TestApp::new(Engine::Sqlite).await;
    let reception = Reception {
        seats,
        patience,
        proxies,
    };
    let served = app.receive(reception).await;
    (app, served)
}

async fn connect(at: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(at).await.expect("connected");
    stream.write_all(text.as_bytes()).await.expect("sent");
    stream
}

/// What is answered until the other end closes; nothing when it just closes.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    let read = tokio::time::timeout(Duration::from_secs(30), read).await;
    // Closed in the middle of what we send is closed.
    let _ = read.expect("the other end closes in time");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn ask(at: SocketAddr, more: &str) -> String {
    let text = format!("GET /health/live HTTP/1.1\r\nHost: x\r\n{more}Connection: close\r\n\r\n");
    answer(&mut connect(at, &text).await).await
}

const HALF: &str = "POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Le";

/// 1,120 requests that never ended took every file of the server, for as long as they liked: headers
/// had no time limit. Whoever asks meanwhile is answered, on pages and on contents.
#[tokio::test]
async fn many_half_sent_requests_stop_nobody() {
    let patience = Patience {
        head: Duration::from_secs(60),
        ..SHORT
    };
    let (_app, served) = received(Seats::new(100, 100), patience, 0).await;
    let mut half = Vec::new();
    for n in 0..300 {
        let at = [served.pages, served.content][n % 2];
        half.push(connect(at, HALF).await);
    }
    let begun = Instant::now();
    assert!(ask(served.pages, "").await.starts_with("HTTP/1.1 200"));
    assert!(ask(served.content, "").await.starts_with("HTTP/1.1 404"));
    assert!(begun.elapsed() < Duration::from_secs(10));
    // Those who waited longest gave way; the last are still waited for.
    assert_eq!(answer(&mut half[0]).await, "");
    let rest = b"ngth: 0\r\nConnection: close\r\n\r\n";
    let last = half.last_mut().expect("a connection");
    last.write_all(rest).await.expect("still connected");
    assert!(answer(last).await.starts_with("HTTP/1.1 404"));
}

/// A head that drips, one that stops, and a connection that says nothing all end; a connection
/// between two requests is kept longer.
#[tokio::test]
async fn a_head_has_its_time_and_a_kept_connection_has_more() {
    let (_app, served) = received(Seats::new(100, 100), SHORT, 0).await;
    for text in ["", HALF] {
        let begun = Instant::now();
        let mut stream = connect(served.pages, text).await;
        assert_eq!(answer(&mut stream).await, "");
        let waited = begun.elapsed();
        assert!(waited < Duration::from_secs(8), "{waited:?}");
    }
    let mut dripping = connect(served.pages, "GET / HTTP/1.1\r\nX: ").await;
    let begun = Instant::now();
    while dripping.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it still drips");
        sleep(Duration::from_millis(50)).await;
    }
    let text = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut kept = connect(served.pages, text).await;
    let mut buffer = [0; 4096];
    assert!(kept.read(&mut buffer).await.expect("an answer") > 0);
    sleep(Duration::from_millis(1_600)).await;
    kept.write_all(text.as_bytes()).await.expect("sent again");
    assert!(kept.read(&mut buffer).await.expect("an answer") > 0);
    let begun = Instant::now();
    assert_eq!(answer(&mut kept).await, "");
    assert!(begun.elapsed() < Duration::from_secs(12));
}

async fn body(at: SocketAddr, length: usize) -> TcpStream {
    let head = format!(
        "POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    connect(at, &head).await
}

/// Bodies had no time limit either. One that stops and one that drips are told so and end; one that
/// comes slowly, as from a telephone on a bad line, is read to its end however long it takes.
#[tokio::test]
async fn a_body_that_comes_slowly_is_read_and_one_that_does_not_come_is_not() {
    let (_app, served) = received(Seats::new(100, 100), SHORT, 0).await;
    let mut silent = body(served.pages, 1000).await;
    silent.write_all(b"identifier=").await.expect("sent");
    let answered = answer(&mut silent).await;
    assert!(answered.starts_with("HTTP/1.1 408"), "{answered}");

    let mut dripping = body(served.pages, 1000).await;
    let begun = Instant::now();
    while dripping.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it still drips");
        sleep(Duration::from_millis(100)).await;
    }

    let pieces = 30;
    let mut slow = body(served.pages, pieces * 100).await;
    for _ in 0..pieces {
        slow.write_all(&[b'x'; 100]).await.expect("still read");
        sleep(Duration::from_millis(100)).await;
    }
    let mut buffer = [0; 4096];
    let read = slow.read(&mut buffer).await.expect("an answer");
    let answered = String::from_utf8_lossy(&buffer[..read]);
    assert!(answered.starts_with("HTTP/1.1 "), "{answered}");
    assert!(!answered.contains(" 408 "), "{answered}");
}

/// Behind a proxy of ours connections are the proxy's: each request counts for the place that it
/// comes from, and the place that is full gives way, not its neighbours.
#[tokio::test]
async fn behind_a_proxy_places_are_those_of_requests() {
    let patience = Patience {
        silence: Duration::from_secs(20),
        reserve: Duration::from_secs(20),
        ..SHORT
    };
    let (_app, served) = received(Seats::new(200, 5), patience, 1).await;
    let begin = |place: u8| {
        format!(
            "POST /connexion HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.{place}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n"
        )
    };
    let mut many = Vec::new();
    let mut one = connect(served.pages, &begin(9)).await;
    for _ in 0..12 {
        many.push(connect(served.pages, &begin(1)).await);
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(answer(&mut many[0]).await, "", "it gave way");
    for (stream, whose) in [(&mut one, "a neighbour"), (&mut many[11], "the last")] {
        stream.write_all(b"xxxxxxxxxx").await.expect(whose);
        let mut buffer = [0; 64];
        let read = stream.read(&mut buffer).await.expect(whose);
        assert!(buffer[..read].starts_with(b"HTTP/1.1 "), "{whose}");
    }
}

/// Who reads nothing of an answer, or never ends a request, does not keep the server from stopping.
#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_who_says_nothing() {
    let (_app, served) = received(Seats::new(100, 100), Patience::default(), 0).await;
    let _half = connect(served.pages, HALF).await;
    let _silent = connect(served.content, "").await;
    sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    served.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(15));
}

/// Twenty mail servers that said nothing kept every other one waiting, two minutes each time.
#[tokio::test]
async fn silent_conversations_by_lmtp_give_way() {
    let app = TestApp::with(Engine::Sqlite, |config| {
        config.mail_lmtp = "127.0.0.1:0".to_owned();
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let (_stop, stopped) = watch::channel(false);
    let receiving = passerelle_mailer::returns::receive(app.app().clone(), listener, stopped);
    tokio::spawn(receiving);
    let mut silent = Vec::new();
    for _ in 0..60 {
        silent.push(connect(at, "LHLO x\r\nMAIL FROM:<").await);
    }
    let mut honest = connect(at, "QUIT\r\n").await;
    let said = answer(&mut honest).await;
    assert!(said.starts_with("220 ") && said.contains("221 "), "{said}");
}

/// A header from a private address, which anybody of the same network can write, took its sender out
/// of the limit per place: passwords could be tried without end, over many accounts.
#[tokio::test]
async fn a_forwarded_address_takes_nobody_out_of_the_limit() {
    let app = TestApp::new(Engine::Sqlite).await;
    let near = app.visitor().from([10, 0, 0, 7]);
    let mut last = 0;
    for n in 0..200_u8 {
        let request = near
            .request("POST", "/connexion")
            .header("origin", app.app().settings().public_url.clone())
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", format!("203.0.113.{n}"));
        let body = format!("identifier=personne{n}%40exemple.fr&password=x");
        last = near.send(request, body.into()).await.status.as_u16();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "never limited");
}
