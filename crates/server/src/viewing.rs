//! Long viewing over a WebSocket: one socket, one act. The grant lives with the media; closing the
//! socket ends the act, and the end of the right closes the socket within a second.

use std::sync::Arc;
use std::time::Duration;

use access::{Asker, Grant, GrantEnded, PerformError, RefusalReason, Request, Served, Target, act};
use api::{CloseReason, ErrorCode};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use domain::{Action, CameraId};
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::edge::{Edge, Place};
use crate::house::Answer;
use crate::media::{act_id, text};
use crate::person::Person;
use crate::pump::{Pump, Socket};
use crate::refusal::Refused;
use crate::{HouseError, words};

/// Bytes of the longest message of a page.
const LONGEST_MESSAGE: usize = 16 * 1024;
/// Events on their way to the page: for each tile, and for all.
const EVENTS_PER_TILE: usize = 16;
const EVENTS: usize = 16;
/// Events of footage on their way to the page, whatever the number of tiles: playback waits until
/// the page took all of them before it opens more, so a session holds two or three chunks.
const FOOTAGE_EVENTS: usize = 8;
/// Commands on their way to playback.
const COMMANDS: usize = 64;
/// When somebody's rights are taken away the session ends first, then the grant: within this time
/// both have, and the page is told the graver reason.
const SETTLE: Duration = Duration::from_millis(30);

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

pub(crate) async fn live(
    State(edge): State<Arc<Edge>>,
    person: Person,
    upgrade: Upgrade,
) -> Result<Response, Refused> {
    let (upgrade, place) = enter(&edge, &person, upgrade)?;
    Ok(upgrade.on_upgrade(async move |socket| {
        let _place = place;
        let mut socket = Socket::new(socket, edge.limits.send_within);
        watch_live(&edge, &person.asker, &mut socket).await;
        socket.close().await;
    }))
}

pub(crate) async fn footage(
    State(edge): State<Arc<Edge>>,
    person: Person,
    upgrade: Upgrade,
) -> Result<Response, Refused> {
    let (upgrade, place) = enter(&edge, &person, upgrade)?;
    Ok(upgrade.on_upgrade(async move |socket: WebSocket| {
        let _place = place;
        let mut socket = Socket::new(socket, edge.limits.send_within);
        play_footage(&edge, &person.asker, &mut socket).await;
        socket.close().await;
    }))
}

fn enter(
    edge: &Edge,
    person: &Person,
    upgrade: Upgrade,
) -> Result<(WebSocketUpgrade, Place), Refused> {
    let upgrade = upgrade.map_err(|_no_upgrade| ErrorCode::BadRequest)?;
    let session = person.asker.session().ok_or(ErrorCode::NotSignedIn)?;
    let place = edge.sockets.enter(session, &edge.limits).ok_or(ErrorCode::Busy)?;
    Ok((upgrade.max_message_size(LONGEST_MESSAGE).max_frame_size(LONGEST_MESSAGE), place))
}

async fn watch_live(edge: &Edge, asker: &Asker, socket: &mut Socket) {
    let opening = socket.opening::<api::LiveOpen>(edge.limits.head_within).await;
    let Some(open) = opening else { return refuse(socket, ErrorCode::BadRequest.into()).await };
    let Some(cameras) = cameras_of(&open.cameras) else {
        return refuse(socket, ErrorCode::BadRequest.into()).await;
    };
    let feed = words::feed(open.feed);
    let request = Request::new(Action::WatchLive, Target::Live { cameras });
    let effect = async |grant: &Grant<act::WatchLive>, served: &Served| {
        let note = |camera, from, to| served.note(camera, from, to);
        let (out, events) = mpsc::channel(EVENTS + EVENTS_PER_TILE * grant.cameras().len());
        let source = edge.house.watch(grant, feed, &note, out);
        let pump = Pump::live(&*edge.house, grant.cameras(), events);
        show(edge, socket, grant, served, source, pump).await
    };
    let done = edge.access.perform_while(asker, request, effect).await;
    finish(socket, done, open.cameras.len() > api::MAX_LIVE_CAMERAS).await;
}

async fn play_footage(edge: &Edge, asker: &Asker, socket: &mut Socket) {
    let opening = socket.opening::<api::FootageOpen>(edge.limits.head_within).await;
    let Some(open) = opening else { return refuse(socket, ErrorCode::BadRequest.into()).await };
    let (request, start) = match footage_request(&open) {
        Ok(fit) => fit,
        Err(refused) => return refuse(socket, refused).await,
    };
    let effect = async |grant: &Grant<act::PlayFootage>, served: &Served| {
        let note = |camera, from, to| served.note(camera, from, to);
        let (out, events) = mpsc::channel(FOOTAGE_EVENTS);
        let (commands, told) = mpsc::channel(COMMANDS);
        let source = edge.house.play(grant, start, told, &note, out);
        show(edge, socket, grant, served, source, Pump::footage(events, commands)).await
    };
    let done = edge.access.perform_while(asker, request, effect).await;
    finish(socket, done, open.cameras.len() > api::MAX_FOOTAGE_CAMERAS).await;
}

fn footage_request(open: &api::FootageOpen) -> Result<(Request, domain::WallTime), Refused> {
    let cameras = cameras_of(&open.cameras).ok_or(ErrorCode::BadRequest)?;
    let (from, to) = (words::moment(&open.from)?, words::moment(&open.to)?);
    let start = open.start.as_ref().map(words::moment).transpose()?.unwrap_or(from);
    let purpose = Some(words::purpose(&open.purpose)?);
    let target = Target::Footage { cameras, from, to };
    let request = Request { purpose, ..Request::new(Action::PlayFootage, target) };
    Ok((request, start.clamp(from, to.max(from))))
}

/// The cameras of an opening; none if there is none, or one is no camera.
fn cameras_of(ids: &[api::Id]) -> Option<Vec<CameraId>> {
    let cameras: Result<Vec<_>, _> = ids.iter().map(|id| id.0.parse()).collect();
    cameras.ok().filter(|cameras| !cameras.is_empty())
}

/// Shows what the source gives until either side ends it; says to the page how it ended.
async fn show<A: act::Act>(
    edge: &Edge,
    socket: &mut Socket,
    grant: &Grant<A>,
    served: &Served,
    source: Answer<'_, ()>,
    mut pump: Pump<'_>,
) -> Result<CloseReason, HouseError> {
    let opened = api::ServerMessage::Opened {
        act: words::id(act_id(grant)),
        ledger_entry: grant.number().to_string(),
        until: words::time(grant.usable_until()),
        now: words::time(edge.house.now()),
    };
    let shown = async {
        if !socket.send(text(&opened)).await {
            return Ok(CloseReason::Ended);
        }
        let mut pumped = std::pin::pin!(pump.run(socket));
        tokio::select! {
            reason = &mut pumped => Ok(reason),
            result = source => match result {
                // What it gave before it ended is still on its way to the page.
                Ok(()) => Ok(pumped.await),
                Err(error) => Err(error),
            },
        }
    };
    let shown = tokio::select! {
        shown = shown => shown,
        () = edge.stopping() => Ok(CloseReason::Stopping),
        () = served.ended() => {
            sleep(SETTLE).await;
            Ok(reason_of(grant))
        }
    };
    let reason = match shown {
        Ok(reason) => reason,
        Err(_ended) if grant.check().is_err() || served.is_ended() => reason_of(grant),
        Err(error) => return Err(error),
    };
    socket.say_closed(reason).await;
    Ok(reason)
}

/// Why an act whose time is over is over.
fn reason_of<A: act::Act>(grant: &Grant<A>) -> CloseReason {
    match grant.check() {
        Err(GrantEnded::Revoked) => CloseReason::Revoked,
        Err(GrantEnded::Expired) => CloseReason::GrantOver,
        Err(GrantEnded::LedgerBroken | GrantEnded::Unwitnessed | GrantEnded::NotCosigned) => {
            CloseReason::LedgerUnavailable
        }
        // The grant would still be good: the session is over, or was handed over.
        Ok(()) => CloseReason::SignedOut,
    }
}

async fn finish(
    socket: &mut Socket,
    done: Result<CloseReason, PerformError<HouseError>>,
    too_many: bool,
) {
    match done {
        // The page was told when it ended.
        Ok(_reason) => {}
        Err(PerformError::Cut) => socket.say_closed(CloseReason::Revoked).await,
        Err(PerformError::Refused(RefusalReason::TooMuch)) if too_many => {
            refuse(socket, ErrorCode::TooManyCameras.into()).await;
        }
        Err(error @ PerformError::Refused(_)) => refuse(socket, error.into()).await,
        Err(error @ PerformError::Ledger(_)) => {
            refuse(socket, error.into()).await;
            socket.say_closed(CloseReason::LedgerUnavailable).await;
        }
        Err(error @ PerformError::Effect(_)) => {
            refuse(socket, error.into()).await;
            socket.say_closed(CloseReason::Failed).await;
        }
    }
}

async fn refuse(socket: &mut Socket, refused: Refused) {
    let api::ErrorDetail { code, message_ko, message_en, .. } = refused.detail();
    socket.send(text(&api::ServerMessage::Error { code, message_ko, message_en })).await;
}
