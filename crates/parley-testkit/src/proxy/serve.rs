//! Port, threads and the way of one request through the script. What a fault or a lie is, is decided
//! elsewhere.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::fault::{ELSEWHERE, Fault};
use super::http::{Request, Response, Way};
use super::lie::Lie;
use super::link::{Fate, Link};
use super::node::{Node, Questions};
use super::script::Script;
use super::seen::Seen;
use super::tell::World;
use crate::clock::Stopwatch;
use crate::process::LOOK;

/// What the threads of a proxy share.
pub(super) struct Shared {
    port: u16,
    node: Node,
    watch: Stopwatch,
    script: Mutex<Script>,
    seen: Mutex<Seen>,
    world: Mutex<World>,
    link: Mutex<Option<Link>>,
    talks: Mutex<Vec<Talk>>,
    door: Mutex<Door>,
    changed: Condvar,
}

/// A connection of a client. Its thread alone holds it, so that it is closed when that ends.
struct Talk {
    stream: Weak<TcpStream>,
    thread: JoinHandle<()>,
}

/// Whether clients are let in.
#[derive(Clone, Copy)]
struct Door {
    wanted: bool,
    open: bool,
    ended: bool,
}

/// Begins to accept.
pub(super) fn start(shared: Arc<Shared>, listener: TcpListener) -> JoinHandle<()> {
    spawn(shared.port, move || accept(&shared, listener))
}

fn spawn(port: u16, work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let named = Builder::new().name(format!("proxy-{port}"));
    named.spawn(work).expect("a thread")
}

fn accept(shared: &Arc<Shared>, mut listener: TcpListener) {
    loop {
        let door = shared.door();
        if door.ended {
            break;
        }
        if door.wanted {
            if let Ok((stream, _)) = listener.accept() {
                shared.let_in(stream);
            }
            continue;
        }
        drop(listener);
        match shared.closed() {
            Some(again) => listener = again,
            None => break,
        }
    }
    shared.cut();
    let talks = std::mem::take(&mut *shared.talks.lock().unwrap());
    for talk in talks {
        let _ = talk.thread.join();
    }
}

impl Shared {
    pub(super) fn new(node_url: &str, seed: u64, port: u16) -> Self {
        let node = Node::new(node_url);
        Self {
            port,
            watch: Stopwatch::start(),
            script: Mutex::new(Script::new(seed)),
            seen: Mutex::default(),
            world: Mutex::new(World::new(node.clone(), seed)),
            node,
            link: Mutex::default(),
            talks: Mutex::default(),
            door: Mutex::new(Door {
                wanted: true,
                open: true,
                ended: false,
            }),
            changed: Condvar::new(),
        }
    }

    pub(super) fn script(&self, write: impl FnOnce(&mut Script)) {
        let wanted = {
            let mut script = self.script.lock().unwrap();
            write(&mut script);
            !script.is_off()
        };
        let mut door = self.door.lock().unwrap();
        if door.wanted != wanted {
            door.wanted = wanted;
            self.knock();
            self.changed.notify_all();
        }
        while door.open != wanted {
            door = self.changed.wait(door).unwrap();
        }
    }

    pub(super) fn link(&self, link: Option<Link>) {
        *self.link.lock().unwrap() = link;
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// Ends every wait and every connection.
    pub(super) fn end(&self) {
        self.door.lock().unwrap().ended = true;
        self.changed.notify_all();
        self.knock();
        self.cut();
    }

    fn door(&self) -> Door {
        *self.door.lock().unwrap()
    }

    /// Wakes the thread that accepts.
    fn knock(&self) {
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }

    /// Stays closed until the script says otherwise; `None` at the end.
    fn closed(&self) -> Option<TcpListener> {
        self.cut();
        self.opened(false);
        let mut door = self.door.lock().unwrap();
        while !door.wanted && !door.ended {
            door = self.changed.wait(door).unwrap();
        }
        drop(door);
        while !self.door().ended {
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)) {
                self.opened(true);
                return Some(listener);
            }
            // Somebody else's connection has the port for a moment.
            self.pause(LOOK);
        }
        None
    }

    fn opened(&self, open: bool) {
        self.door.lock().unwrap().open = open;
        self.changed.notify_all();
    }

    fn cut(&self) {
        let talks = self.talks.lock().unwrap();
        for stream in talks.iter().filter_map(|talk| talk.stream.upgrade()) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn let_in(self: &Arc<Self>, stream: TcpStream) {
        let stream = Arc::new(stream);
        let mut talks = self.talks.lock().unwrap();
        talks.retain(|talk| !talk.thread.is_finished());
        let (shared, weak) = (Arc::clone(self), Arc::downgrade(&stream));
        talks.push(Talk {
            stream: weak,
            thread: spawn(self.port, move || shared.talk(&stream)),
        });
    }

    /// One request after another; a client that goes away in the middle is no fault.
    fn talk(&self, stream: &TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut reader = BufReader::new(stream);
        while let Ok(Some(request)) = Request::read(&mut reader) {
            let Some(way) = self.carried(&request) else {
                return;
            };
            let count = |octets| self.seen.lock().unwrap().octets_out += octets;
            if !matches!(way.go(stream, &|time| self.pause(time), &count), Ok(true)) {
                return;
            }
        }
    }

    /// Waits; `false` when the proxy ends meanwhile.
    fn pause(&self, time: Duration) -> bool {
        let door = self.door.lock().unwrap();
        let waited = self
            .changed
            .wait_timeout_while(door, time, |door| !door.ended);
        !waited.unwrap().0.ended
    }

    /// The request there and its answer back over the link; `None` where either is lost.
    fn carried(&self, request: &Request) -> Option<Way> {
        let fate = self.link.lock().unwrap().as_mut().map(Link::fate);
        self.pass(request.octets)?;
        if fate == Some(Fate::LostBefore) {
            return None;
        }
        // Without the node there is no answer either.
        let way = self.way(request).unwrap_or(Way::Close);
        if fate == Some(Fate::LostAfter) {
            return None;
        }
        self.pass(way.octets()).map(|()| way)
    }

    /// Waits as long as so many octets take over the link.
    fn pass(&self, octets: u64) -> Option<()> {
        let now = u64::try_from(self.watch.elapsed().as_millis()).ok()?;
        let arrives = match self.link.lock().unwrap().as_mut() {
            Some(link) => link.pass(now, octets)?,
            None => return Some(()),
        };
        let waited = self.pause(Duration::from_millis(arrives.saturating_sub(now)));
        waited.then_some(())
    }

    /// What the script makes of a request.
    fn way(&self, request: &Request) -> io::Result<Way> {
        let questions = Questions::read(&request.body);
        self.seen.lock().unwrap().note(&questions, request.octets);
        if request.path == ELSEWHERE {
            self.seen.lock().unwrap().followed += 1;
            return self.handed_on(request).map(Way::Whole);
        }
        let fault = self.script.lock().unwrap().fault_for(&questions);
        let Some(fault) = fault else {
            return self.response(request, &questions).map(Way::Whole);
        };
        self.seen.lock().unwrap().faults += 1;
        let answer = match fault.reaches_node() {
            true => self.response(request, &questions)?,
            false => Response::json(""),
        };
        Ok(Fault::done_to(fault, answer))
    }

    /// The node's answer, with the lies that belong to it.
    fn response(&self, request: &Request, questions: &Questions) -> io::Result<Response> {
        let lies: Vec<Vec<Lie>> = {
            let mut script = self.script.lock().unwrap();
            let calls = questions.calls.iter();
            calls.map(|call| script.lies_for(call)).collect()
        };
        let told = lies.iter().filter(|lies| !lies.is_empty()).count();
        if told == 0 {
            return self.handed_on(request);
        }
        self.seen.lock().unwrap().lies += told as u64;
        let body = self.world.lock().unwrap().answer(questions, &lies)?;
        Ok(Response::json(body))
    }

    fn handed_on(&self, request: &Request) -> io::Result<Response> {
        let said = self.node.post(&request.body)?;
        Ok(Response::new(said.status, &said.kind, said.body))
    }
}
