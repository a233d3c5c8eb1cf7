//! Waiting without a runtime.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

/// How long anything may take before a check fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// Both at once; the first is begun first.
pub(crate) async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut a, mut b) = (None, None);
    std::future::poll_fn(|context| {
        step(first.as_mut(), &mut a, context);
        step(second.as_mut(), &mut b, context);
        match (a.take(), b.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (x, y) => {
                (a, b) = (x, y);
                Poll::Pending
            }
        }
    })
    .await
}

fn step<T>(future: Pin<&mut impl Future<Output = T>>, slot: &mut Option<T>, context: &mut Context<'_>) {
    if slot.is_none()
        && let Poll::Ready(value) = future.poll(context)
    {
        *slot = Some(value);
    }
}

/// The output of `future`, or a panic that says what did not come.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let late = Arc::new(AtomicBool::new(false));
    let mut is_set = false;
    std::future::poll_fn(|context| {
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(value);
        }
        assert!(!late.load(Ordering::Acquire), "{what} did not come within {PATIENCE:?}");
        if !is_set {
            is_set = true;
            let (late, waker) = (Arc::clone(&late), context.waker().clone());
            std::thread::spawn(move || {
                std::thread::sleep(PATIENCE);
                late.store(true, Ordering::Release);
                waker.wake();
            });
        }
        Poll::Pending
    })
    .await
}
