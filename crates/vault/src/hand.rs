//! The hand that writes for a volume's writer: while it waits for the disk, the next is sealed.
//!
//! The writer waits for it before anything is synced, counted or shown, so nothing but the sealing
//! of the same look goes on beside a write.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use host::{Blocks, File, FsError, FsResult};

use crate::stop::StopOnPanic;

/// Written at once: what a processor's cache holds, so that it is still there when it is written. With
/// the chunk that goes beyond it, it is mostly one request to the disk (254 pages of memory).
pub(crate) const WRITE_BYTES: usize = 832 << 10;
/// Room of the memory that is written from: a chunk more, as most are.
const ROOM_BYTES: usize = WRITE_BYTES + (448 << 10);
/// That wait while one is being written. With the one that is being filled, memory for three.
const WAITING: usize = 1;

struct Job {
    file: Arc<dyn File>,
    blocks: Blocks,
}

struct Done {
    blocks: Blocks,
    result: FsResult<()>,
}

/// Writes, until a write fails: the volume is fenced then, until the next start.
#[derive(Default)]
struct Pen {
    has_failed: bool,
}

impl Pen {
    fn write(&mut self, Job { file, mut blocks }: Job) -> Done {
        let result = if self.has_failed { Err(failed()) } else { file.write_blocks(&mut blocks) };
        self.has_failed |= result.is_err();
        Done { blocks, result }
    }
}

enum Way {
    Thread(SyncSender<Job>),
    /// Done when the call returns.
    Here(Pen, Sender<Done>),
}

pub(crate) struct Hand {
    way: Way,
    done: Receiver<Done>,
    /// Given to the hand, and not come back yet.
    given: usize,
    spare: Vec<Blocks>,
}

impl Hand {
    /// Begins a thread, which ends with this.
    pub(crate) fn new(name: String) -> Self {
        let (jobs, inbox) = sync_channel::<Job>(WAITING);
        let (answers, done) = channel();
        let write = move || {
            let _stops = StopOnPanic("the hand of a writer");
            let mut pen = Pen::default();
            for job in inbox {
                if answers.send(pen.write(job)).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name(name)
            .spawn(write)
            .expect("the operating system gives a thread");
        Self { way: Way::Thread(jobs), done, given: 0, spare: Vec::new() }
    }

    /// Without a thread, for simulations: nothing may happen beside them.
    pub(crate) fn here() -> Self {
        let (answers, done) = channel();
        Self { way: Way::Here(Pen::default(), answers), done, given: 0, spare: Vec::new() }
    }

    /// Memory to put together what a file takes next.
    pub(crate) fn blocks(&mut self) -> Blocks {
        self.spare.pop().unwrap_or_else(|| Blocks::with_capacity(ROOM_BYTES))
    }

    /// Has it written, and puts memory for what follows in its place. Waits while another one waits
    /// already.
    ///
    /// # Errors
    /// What a write before it met.
    pub(crate) fn write(&mut self, file: &Arc<dyn File>, blocks: &mut Blocks) -> FsResult<()> {
        // Memory that came back is used again: it is still in the processor's cache, perhaps.
        let mut result = Ok(());
        while let Ok(done) = self.done.try_recv() {
            result = result.and(self.take_back(done));
        }
        let mut next = self.blocks();
        next.follow(blocks);
        let blocks = std::mem::replace(blocks, next);
        let job = Job { file: Arc::clone(file), blocks };
        match &mut self.way {
            Way::Thread(jobs) => jobs.send(job).expect("the hand lives"),
            Way::Here(pen, answers) => {
                answers.send(pen.write(job)).expect("its other end is ours");
            }
        }
        self.given += 1;
        result
    }

    /// Returns when all is written.
    ///
    /// # Errors
    /// What the first write that failed met.
    pub(crate) fn wait(&mut self) -> FsResult<()> {
        let mut result = Ok(());
        while self.given > 0 {
            let done = self.done.recv().expect("the hand lives");
            result = result.and(self.take_back(done));
        }
        result
    }

    /// Memory of a reel that is written no more.
    pub(crate) fn keep(&mut self, blocks: Blocks) {
        // What grew beyond its room lies no more where a disk wants it.
        if self.spare.len() <= WAITING && blocks.has_kept(ROOM_BYTES) {
            self.spare.push(blocks);
        }
    }

    fn take_back(&mut self, done: Done) -> FsResult<()> {
        self.given -= 1;
        self.keep(done.blocks);
        done.result
    }
}

fn failed() -> FsError {
    let source = io::Error::other("a write before it failed");
    FsError { doing: "write", path: Path::new("a reel").to_owned(), source }
}
