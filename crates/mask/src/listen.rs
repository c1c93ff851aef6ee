//! Covering clips for the recorder, which starts no process: it asks at a Unix socket.
//!
//! One clip is worked on at a time, a few wait in line, and nothing is kept. The originals lie in memory only
//! (`scratch`), and what parses them is a child that can be killed (`work`).

use std::collections::VecDeque;
use std::fs::Permissions;
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use host::{MemoryLock, Swap};
use nix::sys::signal::{SigSet, Signal};

use crate::answer::{House, answer, has_hung_up, refuse};
use crate::arguments::ListenArguments;
use crate::places;
use crate::scratch::{Scratch, ScratchError};

/// How many clips wait in line beside the one that is worked on.
const MOST_WAITING: usize = 4;
/// How many are told at once that there is no room in it.
const MOST_REFUSED: usize = 8;

/// Why nobody listens.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    /// Something that is needed for covering is missing.
    #[error("{0}")]
    Missing(String),
    /// There is no place for clips.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The socket cannot be made.
    #[error("nobody can ask at {}: {source}", path.display())]
    Socket { path: PathBuf, source: io::Error },
    /// Core dumps stay on, or signals or threads are not to be had.
    #[error("the system does not let it listen: {0}")]
    System(#[source] Box<dyn std::error::Error>),
}

/// Listens until a signal ends it, and leaves nothing then.
pub(crate) fn listen(asked: &ListenArguments) -> Result<(), ListenError> {
    let system = |error: Box<dyn std::error::Error>| ListenError::System(error);
    // Before any thread: each has the mask of the one that began it.
    let ends: SigSet = [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP].into_iter().collect();
    ends.thread_block().map_err(|error| system(error.into()))?;
    let memory = MemoryLock::take().map_err(|error| system(error.into()))?;
    let needed = places::models(&asked.finding).map(drop);
    let needed = needed.and_then(|()| places::beside("jikim-cage").map(drop));
    let needed = needed.and_then(|()| places::installed("ffmpeg").map(drop));
    needed.map_err(ListenError::Missing)?;
    let scratch = Scratch::make(asked.scratch.as_deref())?;
    if memory.swap() != Swap::NoneInPlain {
        // A tmpfs is swapped like other memory, whatever this process locks.
        let _ = writeln!(
            io::stderr(),
            "jikim-mask: this machine swaps to a disk in plain: unless MemorySwapMax=0 holds for this service, \
             originals of clips may come to lie there"
        );
    }
    let told = |source| ListenError::Socket { path: asked.socket.clone(), source };
    let listener = bound(&asked.socket).map_err(told)?;
    let (finding, most_seconds) = (asked.finding.clone(), asked.most_seconds);
    let house = Arc::new(House { scratch, finding, most_seconds });
    let line = Arc::new(Line::default());
    let (in_house, in_line) = (Arc::clone(&house), Arc::clone(&line));
    begin("work", move || work(&in_line, &in_house)).map_err(|error| system(error.into()))?;
    begin("line", move || accept(&listener, &line)).map_err(|error| system(error.into()))?;
    let ended = ends.wait().map_err(|error| system(error.into()));
    // The leash of a running work ends with this process.
    let _ = std::fs::remove_file(&asked.socket);
    house.scratch.remove();
    ended.map(drop)
}

fn begin(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.into()).spawn(work).map(drop)
}

fn bound(socket: &Path) -> io::Result<UnixListener> {
    // One that a dead listener left behind; another that listens keeps its own, and what is no socket stays.
    let is_socket = std::fs::symlink_metadata(socket).is_ok_and(|it| it.file_type().is_socket());
    if is_socket && UnixStream::connect(socket).is_err() {
        let _ = std::fs::remove_file(socket);
    }
    let listener = UnixListener::bind(socket)?;
    // Its owner and its group may ask; who that is, is the folder's matter.
    std::fs::set_permissions(socket, Permissions::from_mode(0o660))?;
    Ok(listener)
}

/// Who waits, first come first.
#[derive(Debug, Default)]
struct Line {
    state: Mutex<State>,
    comes: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<UnixStream>,
    works: bool,
}

impl Line {
    /// Lets one in, or gives it back if there is no room. Who has hung up meanwhile takes none.
    fn join(&self, stream: UnixStream) -> Result<(), UnixStream> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting.retain(|one| !has_hung_up(one));
        if state.waiting.len() >= MOST_WAITING + usize::from(!state.works) {
            return Err(stream);
        }
        state.waiting.push_back(stream);
        self.comes.notify_one();
        Ok(())
    }

    fn next(&self) -> UnixStream {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.works = false;
        loop {
            if let Some(stream) = state.waiting.pop_front() {
                state.works = true;
                return stream;
            }
            state = self.comes.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn work(line: &Line, house: &House) {
    loop {
        let stream = line.next();
        // Who asked no longer listens, for the most part; nothing of the clip is left either way.
        if let Err(error) = answer(&stream, house) {
            let _ = writeln!(io::stderr(), "jikim-mask: an answer could not be given: {error}");
        }
    }
}

fn accept(listener: &UnixListener, line: &Line) {
    let refused = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Too many open files, for the most part: they will be fewer.
            std::thread::sleep(Duration::from_millis(100));
            continue;
        };
        let Err(stream) = line.join(stream) else { continue };
        if refused.fetch_add(1, Ordering::Relaxed) >= MOST_REFUSED {
            refused.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let count = Arc::clone(&refused);
        let tell = move || {
            let patience = Some(Duration::from_secs(5));
            let _ = stream.set_read_timeout(patience).and(stream.set_write_timeout(patience));
            let _ = refuse(&stream, &format!("busy: {MOST_WAITING} clips wait; ask again later"));
            count.fetch_sub(1, Ordering::Relaxed);
        };
        if begin("busy", tell).is_err() {
            refused.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
