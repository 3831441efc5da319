//! Time, chance and network of the device, out of the world. Each question to the outside is a place
//! where the program can die, as by a power cut.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use parley_chain::{Carried, Carrier, Carrying, ReadFailure};
use parley_engine::Outside;
use tokio::time::sleep;

use crate::world::{Passage, World};

/// The world, as the device has it.
#[derive(Clone)]
pub(crate) struct Sim(Arc<Mutex<World>>);

/// The program died.
struct Death;

/// How long HTTP waits for an answer that never comes.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long it takes to learn that an exchange is lost: the radio says so.
const RESET: Duration = Duration::from_millis(200);

impl Sim {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Here the program dies, if it is its turn.
    fn point(&self) {
        let mut world = self.world();
        if !world.running {
            return;
        }
        match world.dies_in {
            None => return,
            Some(0) => {}
            Some(left) => {
                world.dies_in = Some(left - 1);
                return;
            }
        }
        (world.dies_in, world.died) = (None, true);
        world.note("the program dies");
        drop(world);
        // Without the hook, which would write about it.
        resume_unwind(Box::new(Death));
    }
}

impl Outside for Sim {
    fn now(&self) -> u64 {
        self.point();
        self.world().now()
    }

    fn roll(&self) -> u64 {
        self.point();
        self.world().rolls.number()
    }

    fn carrier(&self, _proxy: Option<&str>) -> Option<Arc<dyn Carrier>> {
        Some(Arc::new(self.clone()))
    }

    fn room(&self, _dir: &Path) -> Option<u64> {
        Some(1 << 40)
    }
}

impl Carrier for Sim {
    fn carry<'a>(&'a self, url: &'a parley_chain::Url, body: Vec<u8>) -> Carrying<'a> {
        let url = url.as_str().to_owned();
        Box::pin(async move {
            if self.world().link.is_some() {
                return self.over_link(&body).await;
            }
            let began = self.world().ms();
            let sent = body.len() as u64 + 200;
            let answer = self.exchange(&url, &body).await;
            let received = answer
                .as_ref()
                .map_or(0, |answer| answer.len() as u64 + 200);
            let ms = self.world().ms() - began;
            let body = answer.ok_or(ReadFailure::Unreachable);
            Carried {
                body,
                sent,
                received,
                ms,
            }
        })
    }
}

impl Sim {
    async fn over_link(&self, body: &[u8]) -> Carried {
        let began = self.world().ms();
        let (passage, sent) = self.world().over_link(body);
        let (answer, received) = match passage {
            Passage::Arrives {
                answer,
                at_ms,
                received,
            } => {
                sleep(Duration::from_millis(at_ms - began)).await;
                (Ok(answer), received)
            }
            Passage::Lost => {
                sleep(RESET).await;
                (Err(ReadFailure::Unreachable), 0)
            }
        };
        let ms = self.world().ms() - began;
        Carried {
            body: answer,
            sent,
            received,
            ms,
        }
    }

    async fn exchange(&self, url: &str, body: &[u8]) -> Option<Vec<u8>> {
        self.point();
        let (end, fate) = {
            let mut world = self.world();
            let end = world.end(url);
            let asked = String::from_utf8_lossy(body);
            world.note(&format!("to {end}: {asked}"));
            (end, world.fate(end))
        };
        sleep(Duration::from_millis(fate.there_ms)).await;
        if !fate.up {
            self.world().note("nobody answers");
            return None;
        }
        if fate.lost_before {
            sleep(DEADLINE).await;
            self.world().note("lost on the way there");
            return None;
        }
        let answer = {
            let mut world = self.world();
            let answer = world.answer(end, body);
            let said = String::from_utf8_lossy(&answer).into_owned();
            world.note(&format!("from {end}: {said}"));
            answer
        };
        self.point();
        sleep(Duration::from_millis(fate.back_ms)).await;
        if fate.lost_after {
            sleep(DEADLINE).await;
            self.world().note("lost on the way back");
            return None;
        }
        Some(answer)
    }
}

/// A program that runs until it dies.
pub(crate) struct Mortal<'a> {
    sim: Sim,
    program: Pin<Box<dyn Future<Output = ()> + 'a>>,
}

impl<'a> Mortal<'a> {
    pub(crate) fn new(sim: &Sim, program: impl Future<Output = ()> + 'a) -> Self {
        Self {
            sim: sim.clone(),
            program: Box::pin(program),
        }
    }
}

impl Future for Mortal<'_> {
    type Output = ();

    /// Ready when the program died.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.sim.world().running = true;
        let polled = catch_unwind(AssertUnwindSafe(|| self.program.as_mut().poll(cx)));
        let mut world = self.sim.world();
        world.running = false;
        let died = std::mem::take(&mut world.died);
        drop(world);
        match polled {
            Ok(polled) if !died => polled,
            Ok(_) => Poll::Ready(()),
            Err(why) if !died => resume_unwind(why),
            Err(_) => Poll::Ready(()),
        }
    }
}
