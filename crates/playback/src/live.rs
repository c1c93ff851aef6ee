//! A live wall: each tile by itself, all in one future, none waiting for another.
//!
//! A viewer who is slow loses whole groups of pictures of the tile that found no room; nobody waits
//! for that viewer, neither the other tiles nor the camera.

use std::sync::Arc;
use std::time::Duration;

use domain::{CameraId, Feed, FeedKind, WallTime};
use futures::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use ledger::Grant;
use ledger::act::WatchLive;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use vault::{CodecConfig, Frame, LiveFeed, OpenFootageError, Opener};

use crate::error::{PlaybackError, Stop};
use crate::served::{HOLE, Sent, Served};
use crate::track::{Sample, Track};
use crate::{FeedChoice, MediaEvent, TileState};

/// A camera without a picture is looked for again after this.
const RETRY: Duration = Duration::from_secs(1);
/// A camera that sends nothing for so long has no picture.
const SILENT: Duration = Duration::from_secs(5);
/// The grant is asked this often even where no frame comes.
const ASK_EVERY: Duration = Duration::from_millis(200);
/// Frames of the running group that go out as one fragment when a viewer comes.
const BATCH_FRAMES: usize = 1024;
const BATCH_BYTES: usize = 48 << 20;

/// Shows the cameras of a grant as they are now, until the grant ends, nobody receives any more, or
/// the future is dropped.
///
/// Tiles begin with the group of pictures that is running, as one fragment; then comes a fragment
/// for each frame. `out` needs room for at least 4 events, better 16 for each tile; where it is
/// full, the tile goes on at the next keyframe with a new `Tile`.
///
/// # Errors
/// When the grant ends.
pub async fn watch(
    opener: &Opener,
    grant: &Grant<WatchLive>,
    choice: FeedChoice,
    served: Served<'_>,
    out: mpsc::Sender<MediaEvent>,
) -> Result<(), PlaybackError> {
    grant.check()?;
    let mut tiles: FuturesUnordered<_> = (0_u16..)
        .zip(grant.cameras())
        .map(|(tile, &camera)| {
            let tile = LiveTile {
                tile,
                camera,
                opener,
                grant,
                choice,
                out: out.clone(),
                sent: Sent::new(camera, served),
                track: None,
                shown: None,
                state: None,
                last: None,
            };
            tile.run()
        })
        .collect();
    let ended = async {
        loop {
            sleep(ASK_EVERY).await;
            if let Err(ended) = grant.check() {
                return Stop::from(ended);
            }
        }
    };
    let stop = tokio::select! {
        Some(stop) = tiles.next() => stop,
        stop = ended => stop,
        () = out.closed() => Stop::ViewerGone,
    };
    stop.into_result()
}

type LiveFrame = (Frame, Arc<CodecConfig>);

struct LiveTile<'a> {
    tile: u16,
    camera: CameraId,
    opener: &'a Opener,
    grant: &'a Grant<WatchLive>,
    choice: FeedChoice,
    out: mpsc::Sender<MediaEvent>,
    sent: Sent<'a>,
    track: Option<Track>,
    /// What the viewer's decoder was told last; none while it must be told anew, at a keyframe.
    shown: Option<(Arc<CodecConfig>, u32)>,
    state: Option<TileState>,
    /// When the last frame was filmed, and how long it stood at least.
    last: Option<WallTime>,
}

impl<'a> LiveTile<'a> {
    async fn run(mut self) -> Stop {
        loop {
            if let Err(stop) = self.run_feed().await {
                return stop;
            }
            sleep(RETRY).await;
        }
    }

    /// Shows a feed until it ends or a better one is there.
    async fn run_feed(&mut self) -> Result<(), Stop> {
        let Some(mut live) = self.choose()? else { return self.say(TileState::NoPicture) };
        self.shown = None;
        self.say(if live.is_showing() { TileState::Waiting } else { TileState::NoPicture })?;
        loop {
            match timeout(SILENT, next_frames(&mut live)).await {
                Ok(Ok(frames)) => {
                    for run in frames.chunk_by(follows) {
                        self.show(run)?;
                    }
                }
                Ok(Err(OpenFootageError::FeedEnded)) => return self.say(TileState::NoPicture),
                Ok(Err(error)) => return Err(error.into()),
                Err(_silent) => {
                    self.say(TileState::NoPicture)?;
                    // Asked anew only for another feed: this one would begin with old pictures.
                    if self.choose()?.is_some_and(|other| other.feed() != live.feed()) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// The feed to be shown; none if the camera has none.
    fn choose(&self) -> Result<Option<LiveFeed<'a>>, PlaybackError> {
        let main = || self.open(FeedKind::Main);
        let sub = || self.open(FeedKind::Sub);
        match self.choice {
            FeedChoice::Main => main(),
            FeedChoice::Sub => sub(),
            FeedChoice::Auto => match sub()? {
                Some(sub) if sub.is_showing() => Ok(Some(sub)),
                sub => Ok(main()?.or(sub)),
            },
        }
    }

    fn open(&self, kind: FeedKind) -> Result<Option<LiveFeed<'a>>, PlaybackError> {
        match self.opener.live(self.grant, Feed { camera: self.camera, kind }) {
            Ok(live) => Ok(Some(live)),
            Err(OpenFootageError::NoPicture { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends frames of one configuration and one connection, without a hole between them.
    fn show(&mut self, run: &[LiveFrame]) -> Result<(), Stop> {
        let Some((frame, config)) = run.first() else { return Ok(()) };
        let begins = !self.shown.as_ref().is_some_and(|(shown, connection)| {
            *connection == frame.connection && (Arc::ptr_eq(shown, config) || shown == config)
        });
        let skipped =
            if begins { run.iter().position(|(frame, _)| frame.keyframe) } else { Some(0) };
        let Some(run) = skipped.map(|skipped| &run[skipped..]) else { return Ok(()) };
        let (first, last) = (&run[0].0, &run[run.len() - 1].0);
        let samples = self.samples(run);
        let track =
            self.track.get_or_insert_with(|| Track::new(self.tile, self.camera, first.wall));
        let mut events = Vec::with_capacity(4);
        let made = (|| {
            if begins {
                events.extend(track.begin(first.wall, config)?);
            }
            events.push(track.fragment(&samples)?);
            Ok::<(), PlaybackError>(())
        })();
        if let Err(error) = made {
            tracing::warn!(camera = %self.camera, %error, "a live picture cannot be played");
            self.shown = None;
            return self.say(TileState::Unplayable);
        }
        if self.state != Some(TileState::Playing) {
            events.push(MediaEvent::State { tile: self.tile, state: TileState::Playing });
        }
        if self.post(events)? {
            self.state = Some(TileState::Playing);
            self.shown = Some((Arc::clone(config), first.connection));
            let stood = Duration::from_micros(last.duration_us.into());
            self.sent.add(first.wall, last.wall + stood);
        } else {
            self.shown = None;
        }
        Ok(())
    }

    /// A frame stands as long as its camera said, or as the one before it did if that was longer:
    /// players throw away a group of pictures when a frame comes much later than was said.
    fn samples(&mut self, run: &[LiveFrame]) -> Vec<Sample> {
        run.iter()
            .map(|(frame, _)| {
                let since_us = self.last.replace(frame.wall).map_or(0, |last| {
                    let since = frame.wall.since(last);
                    if since <= HOLE { u32::try_from(since.as_micros()).unwrap_or(0) } else { 0 }
                });
                Sample {
                    bytes: frame.bytes.clone(),
                    wall: frame.wall,
                    presentation_offset_us: frame.presentation_offset_us,
                    keyframe: frame.keyframe,
                    duration_us: frame.duration_us.max(since_us),
                }
            })
            .collect()
    }

    /// Says how the tile stands, if that is news; where there is no room, next time.
    fn say(&mut self, state: TileState) -> Result<(), Stop> {
        let is_news = self.state != Some(state);
        if is_news && self.post(vec![MediaEvent::State { tile: self.tile, state }])? {
            self.state = Some(state);
        }
        Ok(())
    }

    /// Sends all of it or, where there is no room for all, nothing.
    fn post(&self, events: Vec<MediaEvent>) -> Result<bool, Stop> {
        match self.out.try_reserve_many(events.len()) {
            Ok(room) => {
                room.zip(events).for_each(|(place, event)| place.send(event));
                Ok(true)
            }
            Err(mpsc::error::TrySendError::Full(())) => Ok(false),
            Err(mpsc::error::TrySendError::Closed(())) => Err(Stop::ViewerGone),
        }
    }
}

/// The next frame, and with it all that are there already. Cancel safe: it waits for the first only.
async fn next_frames(live: &mut LiveFeed<'_>) -> Result<Vec<LiveFrame>, OpenFootageError> {
    let first = live.next().await?;
    let mut bytes = first.0.bytes.len();
    let mut frames = vec![first];
    while frames.len() < BATCH_FRAMES && bytes < BATCH_BYTES {
        let Some(next) = live.next().now_or_never() else { break };
        let next = next?;
        bytes += next.0.bytes.len();
        frames.push(next);
    }
    Ok(frames)
}

/// Whether a frame can stand in one fragment with the one before it.
fn follows((one, config): &LiveFrame, (next, next_config): &LiveFrame) -> bool {
    let end = one.wall + Duration::from_micros(one.duration_us.into());
    one.connection == next.connection
        && Arc::ptr_eq(config, next_config)
        && one.wall < next.wall
        && next.wall <= end + HOLE
}
