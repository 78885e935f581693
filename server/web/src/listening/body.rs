//! Bodies that arrive, in their time, and bodies that leave, with whose request they answer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::BoxError;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::Patience;
use super::socket::Credit;
use super::turn::{Turn, Turns};

/// The body of a request does not come.
#[derive(Debug, thiserror::Error)]
#[error("the rest of the request does not come")]
struct TooSlow;

/// A body that is waited for as long as it comes.
pub(super) struct Arriving {
    body: Incoming,
    turns: Arc<Turns>,
    patience: Patience,
    credit: Credit,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Arriving {
    pub fn new(body: Incoming, turns: Arc<Turns>, patience: Patience) -> Self {
        Self {
            body,
            turns,
            patience,
            credit: Credit::new(&patience),
            waiting: None,
        }
    }

    fn too_slow(&self) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.turns.note_too_slow();
        Poll::Ready(Some(Err(Box::new(TooSlow))))
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            let time = this.patience.silence.min(this.credit.left());
            let begin = || (Instant::now(), Box::pin(sleep(time)));
            let (_, timer) = this.waiting.get_or_insert_with(begin);
            this.turns.seat.waits();
            return match timer.as_mut().poll(cx) {
                Poll::Ready(()) => this.too_slow(),
                Poll::Pending => Poll::Pending,
            };
        };
        if let Some((since, _)) = this.waiting.take() {
            this.credit.spend(since.elapsed());
            this.turns.seat.works();
        }
        if let Some(Ok(frame)) = &frame {
            this.credit.earn(frame.data_ref().map_or(0, Bytes::len));
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer; the turn of its request ends with it.
pub(super) struct Leaving {
    body: Body,
    _turn: Turn,
}

impl Leaving {
    pub fn new(body: Body, turn: Turn) -> Self {
        Self { body, _turn: turn }
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
