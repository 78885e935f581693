//! The sockets of the application and of the content hosts: nobody who connects, from however many
//! places, stops the server by keeping it waiting.
//!
//! A head has its time, a body has its own as long as it comes, answers are read or given up, idle
//! connections end; so many may be connected from one place and in all ([`seats`]). The library that
//! speaks HTTP counts no time by itself.

mod body;
pub mod seats;
mod socket;
mod turn;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::place;
use body::{Arriving, Leaving};
use seats::Seats;
use socket::Socket;
use turn::{Turn, Turns};

/// Bytes at most of a head.
const MAX_HEAD: usize = 64 * 1024;
/// Bytes at most that a connection holds in memory for a request or an answer.
const MAX_BUFFER: usize = 256 * 1024;
/// How long requests under way have once the server stops.
const LEAVING: Duration = Duration::from_secs(20);
/// Pause after a connection that could not be accepted: files are all taken.
const PAUSE: Duration = Duration::from_millis(50);
/// What is said to who finds no seat.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How long somebody may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a whole head, from the connection or its first byte.
    pub head: Duration,
    /// For the next request; longer than proxies keep a connection to us.
    pub idle: Duration,
    /// For the next piece of a body.
    pub silence: Duration,
    /// For a body that comes slower than [`Self::bytes_per_second`], in all.
    pub reserve: Duration,
    /// What a body brings at least once the reserve is used up.
    pub bytes_per_second: u32,
    /// For a piece of an answer to be taken.
    pub reading: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(20),
            idle: Duration::from_secs(130),
            silence: Duration::from_secs(30),
            reserve: Duration::from_mins(1),
            bytes_per_second: 512,
            reading: Duration::from_mins(2),
        }
    }
}

/// How a listener receives people; those of one server share their seats.
#[derive(Clone, Debug)]
pub struct Reception {
    /// How many at a time.
    pub seats: Seats,
    /// How long they may keep us waiting.
    pub patience: Patience,
    /// Proxies of ours in front.
    pub proxies: usize,
}

/// Answers on `listener` until `stop` becomes true, then ends what is under way.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    reception: Reception,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    while !*stop.borrow() {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(turns) = sit(&reception, peer, &stream) {
                        let router = router.clone();
                        let patience = reception.patience;
                        let held = Held { turns, peer, patience, proxies: reception.proxies };
                        connections.spawn(hold(stream, router, held, stop.clone()));
                    }
                }
                Err(error) => rest(&error).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// A seat for a connection; who finds none is told so.
fn sit(reception: &Reception, peer: SocketAddr, stream: &TcpStream) -> Option<Arc<Turns>> {
    // Through a proxy of ours the place is that of each request.
    let proxied = reception.proxies > 0 && place::is_near(peer.ip());
    // Nor is this machine a place: what comes from it comes through something of its own.
    let own = peer.ip().to_canonical().is_loopback();
    let place = (!proxied && !own).then(|| peer.ip());
    if let Some(seat) = reception.seats.take(place) {
        // The library writes whole pieces; a small one that is held back costs 40 ms.
        let _ = stream.set_nodelay(true);
        return Some(Turns::new(seat, proxied));
    }
    let _ = stream.try_write(FULL);
    None
}

async fn rest(error: &std::io::Error) {
    // Whoever went away before they were received is no trouble of ours.
    let theirs = [
        ErrorKind::ConnectionRefused,
        ErrorKind::ConnectionAborted,
        ErrorKind::ConnectionReset,
    ];
    if !theirs.contains(&error.kind()) {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a connection's requests share.
#[derive(Clone)]
struct Held {
    turns: Arc<Turns>,
    peer: SocketAddr,
    patience: Patience,
    proxies: usize,
}

async fn hold(stream: TcpStream, router: Router, held: Held, mut stop: watch::Receiver<bool>) {
    let turns = held.turns.clone();
    let socket = Socket::new(stream, turns.clone(), held.patience);
    let answering = service_fn(move |request| answer(router.clone(), held.clone(), request));
    let mut builder = http1::Builder::new();
    builder
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_BUFFER)
        // Counted by the socket, which tells a head from an idle connection.
        .header_read_timeout(None);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(socket), answering));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = turns.seat.asked_to_leave() => return,
        () = stopped(&mut stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    // Who has asked for nothing yet is not waited for.
    let time = if turns.in_request() {
        LEAVING
    } else {
        Duration::from_secs(1)
    };
    let _ = tokio::time::timeout(time, connection).await;
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    while !*stop.borrow() && stop.changed().await.is_ok() {}
}

async fn answer(
    router: Router,
    held: Held,
    request: Request<Incoming>,
) -> Result<Response<Leaving>, Infallible> {
    let turn = Turn::begin(&held.turns);
    let turns = held.turns;
    if turns.proxied {
        let place = place::from(request.headers(), held.peer.ip(), held.proxies);
        if !turns.seat.sit_with(Some(place)) {
            let full = [(header::RETRY_AFTER, HeaderValue::from_static("5"))];
            let full = (StatusCode::TOO_MANY_REQUESTS, full).into_response();
            return Ok(full.map(|body| Leaving::new(body, turn)));
        }
    }
    let mut request =
        request.map(|body| Body::new(Arriving::new(body, turns.clone(), held.patience)));
    request.extensions_mut().insert(ConnectInfo(held.peer));
    let Ok(mut response) = router.oneshot(request).await;
    if turns.is_too_slow() {
        // Whatever the page made of half a request.
        let close = [(header::CONNECTION, HeaderValue::from_static("close"))];
        response = (StatusCode::REQUEST_TIMEOUT, close).into_response();
    }
    Ok(response.map(|body| Leaving::new(body, turn)))
}
