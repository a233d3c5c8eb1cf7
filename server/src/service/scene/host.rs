//! Brings a scene what it asks for, and lets it draw.

use std::collections::BTreeMap;
use std::sync::Arc;

use gis_data::{Error, Kind, Result};
use renderer::fetch::Ask;
use renderer::frame::Painter;
use renderer::scene::{Scene, Step};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

use super::Source;

/// Tells whoever waits that something came.
type Wake = Arc<dyn Fn() + Send + Sync>;

/// Steps in a row for which nothing was asked, after which a scene is no longer expected to become whole.
const MOST_IDLE: u32 = 10_000;

/// Times that a picture asks for the same thing before it is drawn without it.
const PATIENCE: u32 = 3;

/// A scene and where its tiles come from. Answers are made on other threads; drawing happens where [`Host::step`] is called.
pub(crate) struct Host<S> {
    /// What is looked at.
    pub(crate) scene: Scene,
    source: Arc<S>,
    workers: Handle,
    wake: Wake,
    send: UnboundedSender<Came>,
    came: UnboundedReceiver<Came>,
    under_way: BTreeMap<u64, (Ask, AbortHandle)>,
    failures: Vec<(Ask, u32)>,
    given_up: Vec<Error>,
    is_patient: bool,
}

/// What came of a request.
type Came = (u64, Result<Vec<u8>>);

impl<S: Source> Host<S> {
    /// `workers` is where answers are made.
    pub(crate) fn new(scene: Scene, source: Arc<S>, workers: Handle) -> Self {
        let (send, came) = unbounded_channel();
        Self {
            scene,
            source,
            workers,
            wake: Arc::new(|| ()),
            send,
            came,
            under_way: BTreeMap::new(),
            failures: Vec::new(),
            given_up: Vec::new(),
            is_patient: true,
        }
    }

    /// Calls `wake`, on any thread, whenever an answer came: for who waits for other things too.
    pub(crate) fn waking(mut self, wake: impl Fn() + Send + Sync + 'static) -> Self {
        self.wake = Arc::new(wake);
        self
    }

    /// What was left out of a picture, because it could not be had: why, each once.
    pub(crate) fn given_up(&self) -> &[Error] {
        &self.given_up
    }

    /// Takes what came, asks for what is wanted, and draws if something changed. Never waits.
    pub(crate) fn step(&mut self, painter: &mut dyn Painter) -> Result<Step> {
        while let Ok(came) = self.came.try_recv() {
            self.take(came);
        }
        self.ask();
        let step = self.scene.step(painter)?;
        // Which characters are needed is known only once tiles are built.
        self.ask();
        Ok(step)
    }

    /// Draws until everything in view is there. What fails again and again is left out ([`Host::given_up`] tells it).
    ///
    /// All answers are awaited, and taken in the order in which they were asked for, before anything is built of them: so the picture
    /// depends on what is drawn alone, never on which thread was faster.
    pub(crate) async fn finish(&mut self, painter: &mut dyn Painter) -> Result<()> {
        self.is_patient = false;
        let mut idle = 0;
        loop {
            let step = self.step(painter)?;
            if step.complete {
                return Ok(());
            }
            if !self.under_way.is_empty() {
                idle = 0;
                self.gather().await;
            } else if step.again && idle < MOST_IDLE {
                idle += 1;
            } else {
                // Neither comes anything nor is anything to be done: what is missing has no room, or cannot be built.
                tracing::warn!(again = step.again, "a picture is not whole");
                self.given_up.push(Error::new(
                    Kind::TooLarge,
                    "画面内容太多，没有画全；请放大地图",
                    "there is too much in view, so the picture is not whole; zoom in",
                ));
                return Ok(());
            }
        }
    }

    /// Waits for all that is under way.
    async fn gather(&mut self) {
        let mut all = BTreeMap::new();
        while all.len() < self.under_way.len() {
            // The channel cannot close: this end holds a sender.
            let Some((id, got)) = self.came.recv().await else { break };
            if self.under_way.contains_key(&id) {
                all.insert(id, got);
            }
        }
        for came in all {
            self.take(came);
        }
    }

    fn take(&mut self, (id, got): Came) {
        // What was dropped meanwhile is no longer of use.
        let Some((ask, _)) = self.under_way.remove(&id) else { return };
        let got = match got {
            Err(error) if !self.is_patient && self.tries(&ask) >= PATIENCE => {
                tracing::warn!(%error, ?ask, "a picture is drawn without this");
                self.given_up.push(error);
                Ok(Vec::new())
            }
            got => got,
        };
        self.scene.answer(id, got);
    }

    /// How often this failed, now included.
    fn tries(&mut self, ask: &Ask) -> u32 {
        if let Some((_, times)) = self.failures.iter_mut().find(|(known, _)| known == ask) {
            *times += 1;
            return *times;
        }
        self.failures.push((ask.clone(), 1));
        1
    }

    fn ask(&mut self) {
        for id in self.scene.dropped() {
            if let Some((_, task)) = self.under_way.remove(&id) {
                task.abort();
            }
        }
        for request in self.scene.requests() {
            let (source, ask) = (Arc::clone(&self.source), request.ask.clone());
            let answer = Answer { id: request.id, got: None, send: self.send.clone(), wake: Arc::clone(&self.wake) };
            let task = self.workers.spawn(async move { answer.is(source.answer(ask).await) });
            self.under_way.insert(request.id, (request.ask, task.abort_handle()));
        }
    }
}

impl<S> Drop for Host<S> {
    fn drop(&mut self) {
        for (_, task) in self.under_way.values() {
            task.abort();
        }
    }
}

/// An answer in the making. However its task ends, something comes of it.
struct Answer {
    id: u64,
    got: Option<Result<Vec<u8>>>,
    send: UnboundedSender<Came>,
    wake: Wake,
}

impl Answer {
    /// Takes the whole answer into its task, to the end of it.
    fn is(mut self, got: Result<Vec<u8>>) {
        self.got = Some(got);
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let ended =
            || Err(Error::new(Kind::Unavailable, "取数任务中止；请重试", "the task that answers ended; try again"));
        // Nobody listens where the host is gone already.
        let _ = self.send.send((self.id, self.got.take().unwrap_or_else(ended)));
        (self.wake)();
    }
}

#[cfg(test)]
mod tests {
    use renderer::frame::Size;
    use renderer::null::Null;
    use renderer::scene::Options;
    use renderer::view::View;
    use tokio::runtime::Runtime;

    use super::*;
    use crate::service::scene::sheet;

    /// Answers as it is told to.
    struct Made(fn(Ask) -> Result<Vec<u8>>);

    impl Source for Made {
        async fn answer(&self, ask: Ask) -> Result<Vec<u8>> {
            (self.0)(ask)
        }
    }

    /// What was left out of a picture of whatever the source gives, and how often it was drawn.
    fn finished(answer: fn(Ask) -> Result<Vec<u8>>) -> (Vec<String>, u64) {
        let runtime = Runtime::new().unwrap();
        let mut painter = Null::default();
        let scene = Scene::new(sheet("city").unwrap(), Options::default());
        let mut host = Host::new(scene, Arc::new(Made(answer)), runtime.handle().clone());
        let view = View { lon: 120.65, lat: 28.0, zoom: 15.0, bearing: 10.0, pitch: 45.0 };
        host.scene.look(view, Size { width: 640, height: 480, ratio: 1.0 });
        runtime.block_on(host.finish(&mut painter)).unwrap();
        (host.given_up().iter().map(|e| e.en().to_owned()).collect(), painter.frames)
    }

    #[test]
    fn a_picture_of_nothing_is_whole() {
        let (given_up, frames) = finished(|_| Ok(Vec::new()));
        assert!(given_up.is_empty(), "{given_up:?}");
        assert!(frames > 0);
    }

    #[test]
    fn what_never_comes_is_left_out_and_told() {
        let (given_up, frames) = finished(|_| Err(Error::invalid("没有", "no such luck")));
        assert!(!given_up.is_empty() && given_up.iter().all(|e| e == "no such luck"), "{given_up:?}");
        assert!(frames > 0);
    }

    #[test]
    fn a_source_that_breaks_holds_nothing_up() {
        let (given_up, _) = finished(|_| panic!("on purpose"));
        assert!(given_up.iter().any(|e| e.contains("ended")), "{given_up:?}");
    }

    #[test]
    fn tiles_that_are_none_hold_nothing_up() {
        let (given_up, frames) = finished(|_| Ok(b"this is no tile".to_vec()));
        assert!(frames > 0, "{given_up:?}");
    }
}
