//! Speaking to the running recorder over its socket.

use std::path::Path;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use crate::run::socket_path;
use crate::{Told, sentence};

const MAX_ANSWER_BYTES: usize = 256 << 20;

/// What the recorder said.
pub(crate) enum Reply {
    /// A document.
    Done(serde_json::Value),
    /// No recorder runs on this folder.
    NobodyThere,
}

/// Asks the recorder that runs on a data folder.
pub(crate) async fn ask(
    data: &Path,
    method: Method,
    path: &str,
    body: Option<&serde_json::Value>,
) -> Told<Reply> {
    let Ok(stream) = UnixStream::connect(socket_path(data)).await else {
        return Ok(Reply::NobodyThere);
    };
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(sentence)?;
    tokio::spawn(connection);
    let bytes = body.map(ToString::to_string).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "jikim")
        .header("content-type", "application/json")
        .header(api::REQUEST_HEADER, "1")
        .body(Full::new(bytes::Bytes::from(bytes)))
        .map_err(sentence)?;
    let answer = sender.send_request(request).await.map_err(sentence)?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MAX_ANSWER_BYTES).collect().await;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    let document = serde_json::from_slice(&body).unwrap_or(serde_json::Value::Null);
    if status == StatusCode::OK || status == StatusCode::CREATED {
        return Ok(Reply::Done(document));
    }
    let told: Result<api::ErrorBody, _> = serde_json::from_value(document);
    Err(match told {
        Ok(error) => error.error.message_en,
        Err(_) => format!("the recorder answered {status}; look into its log"),
    })
}

/// As [`ask`], where a recorder must run.
pub(crate) async fn ask_running(
    data: &Path,
    method: Method,
    path: &str,
    body: Option<&serde_json::Value>,
) -> Told<serde_json::Value> {
    match ask(data, method, path, body).await? {
        Reply::Done(document) => Ok(document),
        Reply::NobodyThere => Err(format!(
            "no recorder runs on {}; start it with: jikim run --data {0}",
            data.display()
        )),
    }
}
