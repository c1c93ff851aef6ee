//! Recorded footage: a tile for each camera of the grant, all in step, a little ahead of the viewer.

use std::pin::pin;
use std::time::Duration;

use catalog::Catalog;
use domain::WallTime;
use ledger::Grant;
use ledger::act::PlayFootage;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use vault::{FootageReader, Opener};

use crate::cursor::FootageTile;
use crate::error::{PlaybackError, Stop};
use crate::served::Served;
use crate::{MediaEvent, PlayCommand};

/// How far beyond the viewer's clock footage is sent.
const AHEAD: Duration = Duration::from_secs(20);
/// The grant is asked this often even where nothing is opened.
const ASK_EVERY: Duration = Duration::from_millis(200);
/// The most events of one chunk: a gap, `Tile`, `Init`, `Fragment`, a state, another gap, `End`.
const MOST_EVENTS: usize = 8;

/// Shows what was recorded of the cameras of a grant in its time, from `start` on, until the grant
/// ends, nobody receives any more, or the future is dropped. At the end of the footage it waits for
/// another seek.
///
/// On each tile's media timeline the first moment of the grant stands at 0, so that a seek needs no
/// new buffers. `out` needs room for at least 8 events; where it is full, this waits.
///
/// # Errors
/// When the grant ends, or footage cannot be looked up.
pub async fn play(
    opener: &Opener,
    catalog: &Catalog,
    grant: &Grant<PlayFootage>,
    start: WallTime,
    commands: mpsc::Receiver<PlayCommand>,
    served: Served<'_>,
    out: mpsc::Sender<MediaEvent>,
) -> Result<(), PlaybackError> {
    grant.check()?;
    let reader = opener.footage(grant);
    let (from, _) = reader.time();
    let tiles = (0_u16..)
        .zip(grant.cameras())
        .map(|(tile, &camera)| FootageTile::new(tile, camera, from, served))
        .collect();
    let mut player =
        Player { reader, catalog, tiles, position: from, commands: Some(commands), out };
    let viewer = player.out.clone();
    player.go_to(start);
    let playing = pin!(player.run());
    let ended = pin!(async {
        loop {
            sleep(ASK_EVERY).await;
            if let Err(ended) = grant.check() {
                return Stop::from(ended);
            }
        }
    });
    let stop = tokio::select! {
        biased;
        stop = ended => stop,
        () = viewer.closed() => Stop::ViewerGone,
        stop = playing => stop,
    };
    stop.into_result()
}

struct Player<'a> {
    reader: FootageReader<'a>,
    catalog: &'a Catalog,
    tiles: Vec<FootageTile<'a>>,
    position: WallTime,
    /// None when the viewer says nothing any more.
    commands: Option<mpsc::Receiver<PlayCommand>>,
    out: mpsc::Sender<MediaEvent>,
}

/// What there is to do.
enum Turn {
    Told(PlayCommand),
    Room,
    Later,
}

impl Player<'_> {
    async fn run(&mut self) -> Stop {
        loop {
            if let Err(stop) = self.turn().await {
                return stop;
            }
        }
    }

    async fn turn(&mut self) -> Result<(), Stop> {
        let (next, retry_at) = (self.next_tile(), self.retry_at());
        let room = MOST_EVENTS.min(self.out.max_capacity());
        // A command comes before more footage: what is sent after a seek was asked is thrown away.
        let turn = tokio::select! {
            biased;
            command = told(&mut self.commands) => Turn::Told(command),
            room = self.out.reserve_many(room), if next.is_some() => {
                room.map_err(|_| Stop::ViewerGone)?;
                Turn::Room
            }
            () = sleep_until(retry_at), if next.is_none() => Turn::Later,
        };
        match (turn, next) {
            (Turn::Told(PlayCommand::Position(at)), _) => {
                self.position = at;
                Ok(())
            }
            (Turn::Told(PlayCommand::Seek(at)), _) => {
                let to = self.go_to(at);
                self.out.send(MediaEvent::Sought { to }).await.map_err(|_| Stop::ViewerGone)
            }
            (Turn::Room, Some(tile)) => self.step(tile).await,
            (Turn::Room | Turn::Later, _) => Ok(()),
        }
    }

    /// Begins anew at the moment nearest to `at` that the grant opens.
    fn go_to(&mut self, at: WallTime) -> WallTime {
        let (from, to) = self.reader.time();
        let at = at.max(from).min(to);
        self.position = at;
        self.tiles.iter_mut().for_each(|tile| tile.seek(at));
        at
    }

    /// The tile that is furthest behind, if the viewer's clock lets it go on.
    fn next_tile(&self) -> Option<usize> {
        let now = Instant::now();
        let horizon = self.position + AHEAD;
        let ready = self.tiles.iter().enumerate();
        ready
            .filter(|(_, tile)| tile.is_ready(now, self.position, horizon))
            .min_by_key(|(_, tile)| tile.at())
            .map(|(index, _)| index)
    }

    fn retry_at(&self) -> Instant {
        let soon = Instant::now() + Duration::from_secs(1);
        self.tiles.iter().filter_map(FootageTile::retry_at).fold(soon, Instant::min)
    }

    async fn step(&mut self, index: usize) -> Result<(), Stop> {
        let (reader, tile) = (&self.reader, &mut self.tiles[index]);
        let mut events = Vec::with_capacity(MOST_EVENTS);
        off_the_loop(|| tile.step(reader, &mut events))?;
        for event in &mut events {
            if let MediaEvent::Gap { from, to, cause, .. } = event {
                *cause = tile.cause_of(self.catalog, *from, to.unwrap_or(reader.time().1)).await;
            }
        }
        for event in events {
            self.out.send(event).await.map_err(|_| Stop::ViewerGone)?;
        }
        Ok(())
    }
}

/// The viewer's next command; never, once the viewer says nothing any more.
async fn told(commands: &mut Option<mpsc::Receiver<PlayCommand>>) -> PlayCommand {
    if let Some(receiver) = commands {
        if let Some(command) = receiver.recv().await {
            return command;
        }
        *commands = None;
    }
    std::future::pending().await
}

/// Reads from a disk without holding up the other tasks of this thread. The grant is borrowed, so
/// the work cannot go to another thread; where there is but one, it is done in place.
fn off_the_loop<T>(read: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => read(),
        _ => tokio::task::block_in_place(read),
    }
}
