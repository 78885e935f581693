//! A connection whose other end may not keep silent: a head comes within its time, an idle
//! connection ends, an answer is read.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::Patience;
use super::turn::Turns;

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// The rest of a head, from its first byte; from the connection on for the first one.
    Head,
    /// The next request.
    Next,
}

pub(super) struct Socket {
    stream: TcpStream,
    turns: Arc<Turns>,
    patience: Patience,
    /// Requests seen; another number begins a new wait.
    seen: u64,
    /// Whether bytes of the next head have come.
    begun: bool,
    reading: Option<(For, Pin<Box<Sleep>>)>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub fn new(stream: TcpStream, turns: Arc<Turns>, patience: Patience) -> Self {
        Self {
            stream,
            turns,
            patience,
            seen: 0,
            begun: true,
            reading: None,
            writing: None,
        }
    }

    /// Nothing came: for how long is it waited?
    fn wait_to_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if self.turns.in_request() {
            // Times of bodies are those of `Arriving`.
            self.reading = None;
            return Poll::Pending;
        }
        self.turns.seat.waits();
        let what = if self.begun { For::Head } else { For::Next };
        let known = self.reading.take().filter(|(known, _)| *known == what);
        let (_, timer) = self.reading.insert(known.unwrap_or_else(|| {
            let time = match what {
                For::Head => self.patience.head,
                For::Next => self.patience.idle,
            };
            (what, Box::pin(sleep(time)))
        }));
        timer.as_mut().poll(cx).map(|()| Err(late()))
    }

    /// Nothing is taken: for how long is it waited?
    fn wait_to_write<T>(&mut self, cx: &mut Context<'_>) -> Poll<Result<T>> {
        self.turns.seat.waits();
        let time = self.patience.reading;
        let timer = self.writing.get_or_insert_with(|| Box::pin(sleep(time)));
        timer.as_mut().poll(cx).map(|()| Err(late()))
    }

    fn wrote<T>(&mut self, cx: &mut Context<'_>, poll: Poll<Result<T>>) -> Poll<Result<T>> {
        if poll.is_pending() {
            return self.wait_to_write(cx);
        }
        if self.writing.take().is_some() {
            self.turns.seat.works();
        }
        poll
    }
}

fn late() -> Error {
    Error::new(ErrorKind::TimedOut, "the other end kept us waiting")
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = self.get_mut();
        let requests = this.turns.requests();
        if this.seen != requests {
            this.seen = requests;
            this.begun = false;
            this.reading = None;
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buf);
        if read.is_pending() {
            return this.wait_to_read(cx);
        }
        if buf.filled().len() > before && !this.turns.in_request() {
            this.begun = true;
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let poll = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.wrote(cx, poll)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let poll = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.wrote(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// How a slow body is told from one that does not come: each byte earns time, up to a reserve that
/// waiting uses up. Only time spent waiting counts, not what we take to write things down.
#[derive(Debug)]
pub(super) struct Credit {
    left: Duration,
    most: Duration,
    bytes_per_second: u32,
}

impl Credit {
    pub fn new(patience: &Patience) -> Self {
        Self {
            left: patience.reserve,
            most: patience.reserve,
            bytes_per_second: patience.bytes_per_second,
        }
    }

    pub fn left(&self) -> Duration {
        self.left
    }

    pub fn spend(&mut self, time: Duration) {
        self.left = self.left.saturating_sub(time);
    }

    pub fn earn(&mut self, bytes: usize) {
        let earned = bytes as f64 / f64::from(self.bytes_per_second);
        let earned = Duration::from_secs_f64(earned.min(self.most.as_secs_f64()));
        self.left = (self.left + earned).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A telephone on a bad line, 1 KiB a second with half a minute in a tunnel now and then, is
    /// waited for as long as it takes; a byte every twenty seconds is not.
    #[test]
    fn a_slow_body_has_its_time_and_one_that_drips_has_not() {
        let mut phone = Credit::new(&Patience::default());
        for second in 0..20_000 {
            let tunnel = second % 300 < 29;
            phone.spend(Duration::from_secs(1));
            phone.earn(if tunnel { 0 } else { 1024 });
            assert!(phone.left() > Duration::ZERO, "{second}");
        }
        let mut drip = Credit::new(&Patience::default());
        drip.earn(1 << 30);
        let mut seconds = 0;
        loop {
            drip.spend(Duration::from_secs(20));
            seconds += 20;
            if drip.left() == Duration::ZERO {
                break;
            }
            drip.earn(1);
        }
        assert!(
            seconds <= 80,
            "{seconds}: a large piece before earns nothing"
        );
    }
}
