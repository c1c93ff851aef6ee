//! Reading many cameras on few threads: every connection is looked at in turn, some times a second.
//!
//! A wake-up for each packet, or for each picture, costs more than the packets themselves: measured,
//! 200 cameras read five times a second cost half of what they cost read at each arrival. The
//! kernel keeps what comes between; what is watched live is read more often.
//!
//! Invariant: a panic or an error in one connection ends that one and no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::camera::{CameraConnection, CameraSink, Polled, ReceiveError, Scratch};

/// How often a connection is read that nobody watches.
const CALM: Duration = Duration::from_millis(200);
/// And one that somebody watches.
const WATCHED: Duration = Duration::from_millis(20);
/// And one whose datagrams wait in little room: what a camera sends over its 100 Mbit/s in this time
/// is half of what a system gives that allows no more than usual.
const URGENT: Duration = Duration::from_millis(10);
/// What reading later than it arrives adds to a picture's uncertainty.
pub(crate) const LATEST_READ: Duration = CALM;

/// Who takes what a connection brings.
pub(crate) trait Player: CameraSink + Send {
    /// Whether somebody waits for its pictures now.
    fn is_watched(&self) -> bool;
}

/// Why a connection ended; it is handed back, so that it can be closed well.
pub(crate) enum Ended {
    HungUp(CameraConnection),
    Failed(CameraConnection, ReceiveError),
    /// It, or what took its pictures, panicked.
    Panicked,
}

struct Seat {
    connection: CameraConnection,
    player: Box<dyn Player>,
    done: oneshot::Sender<Ended>,
    next: Instant,
}

/// Threads that read connections.
pub(crate) struct Rooms {
    doors: Vec<Sender<Seat>>,
}

impl Rooms {
    /// So many threads, which end when this is dropped.
    ///
    /// # Panics
    /// If the system gives no thread.
    pub(crate) fn open(threads: usize) -> Self {
        let open = |number| {
            let (door, inbox) = channel();
            thread::Builder::new()
                .name(format!("cameras-{number}"))
                .spawn(move || Room { inbox, seats: Vec::new() }.run())
                .expect("the system gives a thread at start");
            door
        };
        Self { doors: (0..threads.max(1)).map(open).collect() }
    }

    /// Reads a connection until it ends. Dropping the future ends it within [`CALM`].
    pub(crate) async fn read(
        &self,
        number: usize,
        connection: CameraConnection,
        player: Box<dyn Player>,
    ) -> Ended {
        let (done, ended) = oneshot::channel();
        let door = &self.doors[number % self.doors.len()];
        // Spread over the time between two readings, so that each round has as much to do.
        let spread = CALM * u32::try_from(number % 16).unwrap_or(0) / 16;
        let seat = Seat { connection, player, done, next: Instant::now() + spread };
        if door.send(seat).is_err() {
            return Ended::Panicked;
        }
        ended.await.unwrap_or(Ended::Panicked)
    }
}

struct Room {
    inbox: Receiver<Seat>,
    seats: Vec<Seat>,
}

impl Room {
    fn run(mut self) {
        let mut scratch = Scratch::default();
        loop {
            if self.seats.is_empty() {
                match self.inbox.recv() {
                    Ok(seat) => self.seats.push(seat),
                    Err(_) => return,
                }
            }
            loop {
                match self.inbox.try_recv() {
                    Ok(seat) => self.seats.push(seat),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            self.read_due(&mut scratch);
            let next = self.seats.iter().map(|seat| seat.next).min();
            let now = Instant::now();
            // Who comes in waits as long as a watched one at most.
            let most =
                WATCHED.min(next.map_or(WATCHED, |next| next.saturating_duration_since(now)));
            // Not for each connection by itself: to wake up costs as much as to read.
            thread::sleep(most.max(URGENT));
        }
    }

    fn read_due(&mut self, scratch: &mut Scratch) {
        let mut index = 0;
        while index < self.seats.len() {
            let seat = &mut self.seats[index];
            let now = Instant::now();
            if seat.next > now {
                index += 1;
                continue;
            }
            if seat.done.is_closed() {
                drop(self.seats.swap_remove(index));
                continue;
            }
            let read = catch_unwind(AssertUnwindSafe(|| {
                seat.connection.poll(scratch, now, &mut *seat.player)
            }));
            match read {
                Ok(Ok(Polled::Open)) => {
                    let pause = pause(&seat.connection, &*seat.player);
                    seat.next = (seat.next + pause).max(now);
                    index += 1;
                }
                ended => {
                    let seat = self.seats.swap_remove(index);
                    seat.end(ended.ok());
                }
            }
        }
    }
}

fn pause(connection: &CameraConnection, player: &dyn Player) -> Duration {
    if connection.is_urgent() {
        URGENT
    } else if player.is_watched() {
        WATCHED
    } else {
        CALM
    }
}

impl Seat {
    fn end(self, read: Option<Result<Polled, ReceiveError>>) {
        let Self { connection, player, done, .. } = self;
        drop(player);
        let ended = match read {
            None => Ended::Panicked,
            Some(Ok(_)) => Ended::HungUp(connection),
            Some(Err(error)) => Ended::Failed(connection, error),
        };
        // Nobody waits any more: then it hangs up by itself.
        let _ = done.send(ended);
    }
}
