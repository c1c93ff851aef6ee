//! Media to the page, commands from the page, over one socket.

use std::time::Duration;

use api::CloseReason;
use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use domain::CameraId;
use playback::{ChangeQuestion, MediaEvent, Pace, PlayCommand};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::media::{Messages, text};
use crate::{House, words};

/// How often cameras' states are looked at.
const TICK: Duration = Duration::from_secs(1);
/// Ticks between two questions whether the page is still there.
const PING_EVERY: u32 = 20;
/// A page that said nothing for so many ticks, not even to that question, is gone.
const GONE_AFTER: u32 = 60;
/// The longest stretch of which a page asks how much the pictures changed.
const LONGEST_STRIP: Duration = Duration::from_secs(24 * 3600);
/// For the last words.
const LAST_WORDS_WITHIN: Duration = Duration::from_millis(250);

/// One WebSocket, with patience for each message.
pub(crate) struct Socket {
    socket: WebSocket,
    send_within: Duration,
}

/// What the page said.
enum Heard {
    Text(String),
    /// That it is there.
    Sign,
    /// That it goes, or nothing more ever.
    Gone,
}

impl Socket {
    pub(crate) fn new(socket: WebSocket, send_within: Duration) -> Self {
        Self { socket, send_within }
    }

    /// The first message, which opens the act; none if it does not come or does not fit.
    pub(crate) async fn opening<T: DeserializeOwned>(&mut self, within: Duration) -> Option<T> {
        let first = async {
            loop {
                match self.hear().await {
                    Heard::Text(text) => return serde_json::from_str(&text).ok(),
                    Heard::Sign => {}
                    Heard::Gone => return None,
                }
            }
        };
        timeout(within, first).await.ok().flatten()
    }

    /// Sends a message; `false` if the page does not take it in time.
    pub(crate) async fn send(&mut self, message: Message) -> bool {
        matches!(timeout(self.send_within, self.socket.send(message)).await, Ok(Ok(())))
    }

    pub(crate) async fn say_closed(&mut self, reason: CloseReason) {
        let message = text(&api::ServerMessage::Closed { reason });
        let _unless_it_is_gone = timeout(LAST_WORDS_WITHIN, self.socket.send(message)).await;
    }

    pub(crate) async fn close(mut self) {
        let _unless_it_is_gone =
            timeout(LAST_WORDS_WITHIN, self.socket.send(Message::Close(None))).await;
    }

    async fn hear(&mut self) -> Heard {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) => Heard::Text(text.as_str().to_owned()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Gone,
            Some(Ok(_)) => Heard::Sign,
        }
    }
}

/// What goes to and fro.
pub(crate) struct Pump<'a> {
    events: mpsc::Receiver<MediaEvent>,
    messages: Messages,
    /// Of footage.
    commands: Option<mpsc::Sender<PlayCommand>>,
    /// Of a live wall: its cameras, and the states that the page was told.
    states: Option<States<'a>>,
    ticks: u32,
    heard_at: u32,
}

struct States<'a> {
    house: &'a dyn House,
    tiles: Vec<(CameraId, Option<api::CameraState>)>,
}

impl<'a> Pump<'a> {
    pub(crate) fn live(
        house: &'a dyn House,
        cameras: &[CameraId],
        events: mpsc::Receiver<MediaEvent>,
    ) -> Self {
        let tiles = cameras.iter().map(|&camera| (camera, None)).collect();
        Self { states: Some(States { house, tiles }), ..Self::of(events) }
    }

    pub(crate) fn footage(
        events: mpsc::Receiver<MediaEvent>,
        commands: mpsc::Sender<PlayCommand>,
    ) -> Self {
        Self { commands: Some(commands), ..Self::of(events) }
    }

    fn of(events: mpsc::Receiver<MediaEvent>) -> Self {
        let messages = Messages::default();
        Self { events, messages, commands: None, states: None, ticks: 0, heard_at: 0 }
    }

    /// Until the source has ended, or the page goes or does not keep up.
    pub(crate) async fn run(&mut self, socket: &mut Socket) -> CloseReason {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let ended = tokio::select! {
                _ = tick.tick() => self.tick(socket).await,
                heard = socket.hear() => self.heard(&heard),
                event = self.events.recv() => match event {
                    Some(event) => self.event(socket, event).await,
                    None => Some(CloseReason::Ended),
                },
            };
            if let Some(reason) = ended {
                return reason;
            }
        }
    }

    async fn event(&mut self, socket: &mut Socket, event: MediaEvent) -> Option<CloseReason> {
        if matches!(event, MediaEvent::State { .. }) {
            return self.tell_states(socket).await;
        }
        let message = self.messages.of(event)?;
        (!socket.send(message).await).then_some(CloseReason::TooSlow)
    }

    fn heard(&mut self, heard: &Heard) -> Option<CloseReason> {
        self.heard_at = self.ticks;
        match (heard, &self.commands) {
            (Heard::Gone, _) => Some(CloseReason::Ended),
            (Heard::Text(text), Some(commands)) => {
                let Ok(command) = serde_json::from_str(text) else {
                    return Some(CloseReason::Failed);
                };
                obey(command, &mut self.messages, commands)
            }
            _ => None,
        }
    }

    async fn tick(&mut self, socket: &mut Socket) -> Option<CloseReason> {
        self.ticks += 1;
        if self.ticks - self.heard_at > GONE_AFTER {
            return Some(CloseReason::TooSlow);
        }
        if self.ticks.is_multiple_of(PING_EVERY) && !socket.send(Message::Ping(Bytes::new())).await
        {
            return Some(CloseReason::TooSlow);
        }
        self.tell_states(socket).await
    }

    /// Says which cameras' states changed.
    async fn tell_states(&mut self, socket: &mut Socket) -> Option<CloseReason> {
        let states = self.states.as_mut()?;
        for (tile, (camera, told)) in (0_u16..).zip(&mut states.tiles) {
            let state = states.house.camera_state(*camera);
            if *told == Some(state) {
                continue;
            }
            *told = Some(state);
            if !socket.send(text(&api::ServerMessage::State { tile, state })).await {
                return Some(CloseReason::TooSlow);
            }
        }
        None
    }
}

fn obey(
    command: api::FootageCommand,
    messages: &mut Messages,
    commands: &mpsc::Sender<PlayCommand>,
) -> Option<CloseReason> {
    match command {
        api::FootageCommand::Position { at } => {
            let Ok(at) = words::moment(&at) else { return Some(CloseReason::Failed) };
            // One that finds no room is followed by another within a second.
            let _ = commands.try_send(PlayCommand::Position(at));
            None
        }
        api::FootageCommand::Seek { to, number, speed_percent, keyframes_only } => {
            let pace = Pace::new(speed_percent, keyframes_only);
            let (Ok(to), Some(pace)) = (words::moment(&to), pace) else {
                return Some(CloseReason::Failed);
            };
            let seek = PlayCommand::Seek(to, pace);
            let obeyed = messages.seeks(number) && commands.try_send(seek).is_ok();
            (!obeyed).then_some(CloseReason::TooSlow)
        }
        api::FootageCommand::Changes { number, tile, from, to, columns } => {
            let (Ok(from), Ok(to)) = (words::moment(&from), words::moment(&to)) else {
                return Some(CloseReason::Failed);
            };
            let fits = from < to && to.since(from) <= LONGEST_STRIP;
            if !fits || columns == 0 || columns > api::MAX_CHANGE_COLUMNS {
                return Some(CloseReason::Failed);
            }
            let question = ChangeQuestion { number, tile, from, to, columns };
            // One that finds no room gets no answer: the page asks again when it needs to.
            let _ = commands.try_send(PlayCommand::Changes(question));
            None
        }
    }
}
