//! Recorded footage: a tile for each camera of the grant, all in step, a little ahead of the viewer.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use catalog::Catalog;
use domain::{CameraId, WallTime};
use ledger::Grant;
use ledger::act::PlayFootage;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use vault::{FootageReader, Opener};

use crate::change::ChangeAnswer;
use crate::cursor::FootageTile;
use crate::error::{PlaybackError, Stop};
use crate::served::Served;
use crate::{ChangeQuestion, MediaEvent, Pace, PlayCommand};

/// The grant is asked this often even where nothing is opened.
const ASK_EVERY: Duration = Duration::from_millis(200);
/// The most events of one chunk: a gap, `Tile`, `Init`, `Fragment`, a state, another gap, `End`.
const MOST_EVENTS: usize = 8;
/// Questions that wait at once; beyond that the oldest is not answered.
const MOST_QUESTIONS: usize = 32;

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
    let mut player = Player {
        reader,
        catalog,
        cameras: grant.cameras(),
        tiles,
        position: from,
        pace: Pace::TRUE,
        questions: VecDeque::new(),
        commands: Some(commands),
        out,
    };
    let viewer = player.out.clone();
    player.go_to(start, Pace::TRUE);
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
    cameras: &'a [CameraId],
    tiles: Vec<FootageTile<'a>>,
    position: WallTime,
    pace: Pace,
    /// How much the pictures changed: looked up while no picture is wanted.
    questions: VecDeque<ChangeAnswer>,
    /// None when the viewer says nothing any more.
    commands: Option<mpsc::Receiver<PlayCommand>>,
    out: mpsc::Sender<MediaEvent>,
}

/// What there is to do.
enum Turn {
    Told(PlayCommand),
    Room,
    /// Room for one answer, and time to look for it.
    Leisure,
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
            room = self.out.reserve(), if next.is_none() && !self.questions.is_empty() => {
                room.map_err(|_| Stop::ViewerGone)?;
                Turn::Leisure
            }
            () = sleep_until(retry_at), if next.is_none() => Turn::Later,
        };
        match (turn, next) {
            (Turn::Told(PlayCommand::Position(at)), _) => {
                self.position = at;
                Ok(())
            }
            (Turn::Told(PlayCommand::Seek(at, pace)), _) => {
                let to = self.go_to(at, pace);
                self.say(MediaEvent::Sought { to, pace }).await
            }
            (Turn::Told(PlayCommand::Changes(question)), _) => {
                self.ask(question);
                Ok(())
            }
            (Turn::Room, Some(tile)) => self.step(tile).await,
            (Turn::Leisure, _) => self.look().await,
            (Turn::Room | Turn::Later, _) => Ok(()),
        }
    }

    async fn say(&self, event: MediaEvent) -> Result<(), Stop> {
        self.out.send(event).await.map_err(|_| Stop::ViewerGone)
    }

    /// Begins anew at the moment nearest to `at` that the grant opens.
    fn go_to(&mut self, at: WallTime, pace: Pace) -> WallTime {
        let (from, to) = self.reader.time();
        let at = at.max(from).min(to);
        (self.position, self.pace) = (at, pace);
        self.tiles.iter_mut().for_each(|tile| tile.seek(at, pace));
        at
    }

    fn ask(&mut self, question: ChangeQuestion) {
        if let Some(&camera) = self.cameras.get(usize::from(question.tile)) {
            if self.questions.len() == MOST_QUESTIONS {
                self.questions.pop_front();
            }
            self.questions.push_back(ChangeAnswer::new(question, camera));
        }
    }

    /// The tile that is furthest behind, if the viewer's clock lets it go on.
    fn next_tile(&self) -> Option<usize> {
        let now = Instant::now();
        let tiles = self.tiles.iter().enumerate();
        let ready = tiles.filter(|(_, tile)| tile.is_ready(now, self.position));
        let furthest = if self.pace.is_backwards() {
            ready.min_by_key(|(_, tile)| Reverse(tile.at()))
        } else {
            ready.min_by_key(|(_, tile)| tile.at())
        };
        furthest.map(|(index, _)| index)
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
            self.say(event).await?;
        }
        Ok(())
    }

    /// Looks a little further how much the pictures changed.
    async fn look(&mut self) -> Result<(), Stop> {
        let Some(question) = self.questions.front_mut() else { return Ok(()) };
        let reader = &self.reader;
        if let Some(answer) = off_the_loop(|| question.step(reader))? {
            self.questions.pop_front();
            self.say(answer).await?;
        }
        // A look is short, and never waits: between two of them others have their turn.
        tokio::task::yield_now().await;
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
pub(crate) fn off_the_loop<T>(read: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => read(),
        _ => tokio::task::block_in_place(read),
    }
}
