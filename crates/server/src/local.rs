//! The socket of the command line: the same house behind the same door, for whoever the kernel says
//! is at the other end. The file's mode (0600) and place are its maker's business.

use std::sync::Arc;
use std::time::Duration;

use access::{Access, Asker, Request, Target};
use api::ErrorCode;
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Action, CameraId};
use serde::Deserialize;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::edge::{Edge, Limits, Sockets};
use crate::listen::{converse, stop};
use crate::refusal::{Nothing, Refused};
use crate::request::{Asked, Input, LONGEST_BODY, Named};
use crate::{House, cameras, destruction, routes, words};

/// Claims of one attack on them.
const MOST_CLAIMS: usize = 64;
/// Versions, days and pages of a public site.
const MOST_SITE_FILES: usize = 4096;
/// Bytes of the list of as many.
const LONGEST_SITE: usize = MOST_SITE_FILES * 200;
/// Commands at once.
const MOST_COMMANDS: usize = 32;
/// After a connection could not be taken: the next attempt.
const BREATHE: Duration = Duration::from_millis(100);

/// The socket while it is answered.
pub struct SocketServer {
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl SocketServer {
    /// Takes no further command and lets running ones come to their end, at most 2.5 s.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.accepting.await {
            tracing::error!(%error, "the socket's loop had broken");
        }
    }
}

/// Answers the command line on a socket that its maker has bound, with mode 0600, in the data
/// directory.
///
/// `GET /status?gaps_since=TIME`, `GET /cameras`, `POST /cameras`, `POST /cameras/{id}/replace`,
/// `POST /cameras/{id}/retire`, `POST /check?rebuild=BOOL`, `POST /doctor` (a list of claims),
/// `POST /destruction/certificate`, `GET /policy`, `GET /promises`,
/// `GET /publication`, `POST /publication` (a list of files); bodies and errors as in `api`.
#[must_use]
pub fn serve_socket(
    listener: UnixListener,
    house: Arc<dyn House>,
    access: Arc<Access>,
) -> SocketServer {
    let (stop, stopping) = watch::channel(false);
    let sockets = Arc::new(Sockets::new());
    let (idle_limit, limits) = (Duration::ZERO, Limits::default());
    let edge = Arc::new(Edge { house, access, idle_limit, limits, stopping, sockets });
    SocketServer { stop, accepting: tokio::spawn(accept(listener, edge)) }
}

async fn accept(listener: UnixListener, edge: Arc<Edge>) {
    let router = router(Arc::clone(&edge));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = edge.stopping() => break,
        };
        while connections.try_join_next().is_some() {}
        let asker = match accepted.and_then(|(stream, _)| Ok((asker_of(&stream)?, stream))) {
            Ok(asker) => asker,
            Err(error) => {
                tracing::warn!(%error, "a command could not be taken");
                sleep(BREATHE).await;
                continue;
            }
        };
        if connections.len() < MOST_COMMANDS {
            let ((asker, stream), router) = (asker, router.clone());
            let edge = Arc::clone(&edge);
            connections.spawn(async move { converse(stream, router, asker, &edge).await });
        }
    }
    drop(listener);
    stop(connections, &edge.sockets).await;
}

/// Who the kernel says is at the other end.
fn asker_of(stream: &UnixStream) -> std::io::Result<Asker> {
    Ok(Asker::os(stream.peer_cred()?.uid()))
}

fn router(edge: Arc<Edge>) -> Router {
    Router::new()
        .route("/status", get(status))
        .route("/cameras", get(list).post(add))
        .route("/cameras/{id}/replace", post(replace))
        .route("/cameras/{id}/retire", post(retire))
        .route("/check", post(check))
        .route("/doctor", post(doctor))
        .route("/destruction/certificate", post(certify))
        .route("/policy", get(policy))
        .route("/promises", get(promises))
        .route(
            "/publication",
            get(publication).post(enter_site).layer(DefaultBodyLimit::max(LONGEST_SITE)),
        )
        .fallback(async || Refused::from(ErrorCode::NotFound))
        .with_state(edge)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(routes::note))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusQuery {
    gaps_since: Option<api::Time>,
}

async fn status(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Asked(query): Asked<StatusQuery>,
) -> Result<Response, Refused> {
    edge.access.look::<Nothing>(&asker, Action::ReadHealth, Target::House).await?;
    let since = query.gaps_since.as_ref().map(words::moment).transpose()?;
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((kind, edge.house.status(since).await?).into_response())
}

async fn policy(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
) -> Result<Json<api::PolicyView>, Refused> {
    edge.access.look::<Nothing>(&asker, Action::ReadPolicy, Target::House).await?;
    Ok(Json(edge.house.policy(None).await?))
}

async fn publication(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
) -> Result<Json<serde_json::Value>, Refused> {
    edge.access.look::<Nothing>(&asker, Action::ReadPolicy, Target::House).await?;
    Ok(Json(edge.house.publication().await?))
}

async fn promises(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
) -> Result<Json<api::Promises>, Refused> {
    edge.access.look::<Nothing>(&asker, Action::ReadPolicy, Target::House).await?;
    Ok(Json(edge.house.promises().await?))
}

async fn list(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
) -> Result<Json<api::Cameras>, Refused> {
    cameras::list_for(&edge, &asker).await.map(Json)
}

async fn add(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Input(input): Input<api::NewCamera>,
) -> Result<(StatusCode, Json<api::Camera>), Refused> {
    Ok((StatusCode::CREATED, Json(cameras::add_for(&edge, &asker, input).await?)))
}

async fn replace(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::ReplaceDevice>,
) -> Result<Json<api::Camera>, Refused> {
    cameras::replace_for(&edge, &asker, camera, input).await.map(Json)
}

async fn retire(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::Reason>,
) -> Result<Json<api::Camera>, Refused> {
    cameras::retire_for(&edge, &asker, camera, input).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckQuery {
    #[serde(default)]
    rebuild: bool,
}

async fn check(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Asked(query): Asked<CheckQuery>,
) -> Result<Json<serde_json::Value>, Refused> {
    let request = Request::new(Action::Check, Target::House);
    let effect = async |grant: &_| edge.house.check(grant, query.rebuild).await;
    Ok(Json(edge.access.perform(&asker, request, effect).await?))
}

async fn doctor(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Input(claims): Input<Vec<api::DoctorClaim>>,
) -> Result<Json<serde_json::Value>, Refused> {
    let is_word = |text: &str| {
        (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    if claims.is_empty()
        || claims.len() > MOST_CLAIMS
        || !claims.iter().all(|it| is_word(&it.claim))
    {
        return Err(ErrorCode::BadRequest.into());
    }
    let request = Request::new(Action::Doctor, Target::House);
    let effect = async |grant: &_| edge.house.keep_doctor(grant, claims).await;
    edge.access.perform(&asker, request, effect).await?;
    Ok(Json(serde_json::json!({})))
}

async fn enter_site(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Input(files): Input<Vec<api::SiteFile>>,
) -> Result<Json<api::SiteEntry>, Refused> {
    if files.is_empty() || files.len() > MOST_SITE_FILES || !files.iter().all(api::SiteFile::is_fit)
    {
        return Err(ErrorCode::BadRequest.into());
    }
    let request = Request::new(Action::PublishSite, Target::House);
    let effect = async |grant: &_| edge.house.enter_site(grant, files).await;
    edge.access.perform(&asker, request, effect).await.map(Json).map_err(Into::into)
}

async fn certify(
    State(edge): State<Arc<Edge>>,
    Extension(asker): Extension<Asker>,
    Input(input): Input<destruction::Span>,
) -> Result<Json<api::DestructionCertificate>, Refused> {
    destruction::certify_for(&edge, &asker, input, None).await.map(Json)
}
