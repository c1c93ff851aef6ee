//! Signing in from the command line, for the commands that are a person's act.
//!
//! `jikim login` signs a person in at the running recorder as the pages do, over HTTPS, and keeps the
//! session in a file of that person's own; `jikim logout` ends it. A command that needs a person's right
//! asks so, and needs nothing else of this module:
//!
//! ```text
//! let person = SignedIn::open(&data).await?;
//! let list: api::Requests = person.get("/api/v1/requests").await?;
//! let made: api::RequestCase = person.post("/api/v1/requests", &form).await?;
//! let file: bytes::Bytes = person.bytes("/api/v1/…").await?;
//! ```
//!
//! Every error is one sentence for the person, Korean first. What was refused for want of a session says
//! `jikim login`. The recorder decides what the person may do and enters it, exactly as from a page: nothing
//! is decided here. A command is a touch of the controls, so the session locks 15 minutes after the last one,
//! and ends 12 hours after the login.

mod arguments;
mod command;
mod connection;
pub(crate) mod door;
mod session_file;
mod terminal;

use std::path::Path;

use api::ErrorCode;
use hyper::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use self::arguments::{LoginArguments, LogoutArguments};
pub(crate) use self::command::{login, logout};
use self::connection::{Answer, Connection};
use self::session_file::SessionFile;
use crate::{Told, sentence};

/// A person who signed in with `jikim login`, at the recorder of a data folder.
pub(crate) struct SignedIn {
    connection: Connection,
    file: SessionFile,
    cookie: api::Secret,
    data: String,
}

impl SignedIn {
    /// The person of the session that is kept for this recorder, if the session still holds.
    ///
    /// # Errors
    /// Nobody signed in, the session is over or locked, no recorder runs, or it is another one than at the
    /// login: a sentence that says what to do.
    pub(crate) async fn open(data: &Path) -> Told<Self> {
        let file = SessionFile::of(data)?;
        let told = || nobody(&data.display().to_string());
        let kept = file.read()?.ok_or_else(told)?;
        let connection = Connection::to(data)?;
        // What was kept for one recorder is never shown to another.
        if !connection.is_certified_by(&kept.certificate) {
            return Err(told());
        }
        let data = data.display().to_string();
        let person = Self { connection, file, cookie: kept.cookie, data };
        let session: api::Session =
            person.json(Method::POST, "/api/v1/session/touch", None).await?;
        match session.state {
            api::SessionState::Active => Ok(person),
            api::SessionState::Locked => Err(locked(&person.data)),
        }
    }

    /// Reads something.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Told<T> {
        self.json(Method::GET, path, None).await
    }

    /// Does something.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Told<T> {
        let body = serde_json::to_string(body).map_err(sentence)?;
        self.json(Method::POST, path, Some(body)).await
    }

    /// Reads what is no JSON, at most 400 MiB: what leaves the building.
    pub(crate) async fn bytes(&self, path: &str) -> Told<bytes::Bytes> {
        self.done(Method::GET, path, None).await
    }

    async fn json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Told<T> {
        let bytes = self.done(method, path, body).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            format!(
                "녹화기의 답을 읽을 수 없습니다. 같은 판의 jikim을 쓰십시오. · The recorder's answer cannot be read ({error}): use the jikim of its version."
            )
        })
    }

    async fn done(&self, method: Method, path: &str, body: Option<String>) -> Told<bytes::Bytes> {
        let answer = self.connection.ask(method, path, body, Some(&self.cookie)).await?;
        if answer.is_done() {
            return Ok(answer.body);
        }
        Err(match answer.code() {
            Some(ErrorCode::NotSignedIn) => {
                // It is worth nothing any more.
                self.file.remove()?;
                over(&self.data)
            }
            Some(ErrorCode::Locked) => locked(&self.data),
            _ => refused(&answer),
        })
    }
}

/// Why the recorder did not do it, in its own words.
fn refused(answer: &Answer) -> String {
    match answer.error() {
        Some(error) => format!("{} · {}", error.message_ko, error.message_en),
        None => format!(
            "녹화기가 {0}로 답했습니다. 녹화기의 기록을 보십시오. · The recorder answered {0}; look into its log.",
            answer.status
        ),
    }
}

fn nobody(data: &str) -> String {
    format!(
        "로그인한 사람이 없습니다. 먼저 로그인하십시오. · Nobody is signed in. Sign in first: jikim login --data {data}"
    )
}

fn over(data: &str) -> String {
    format!(
        "로그인한 시간이 끝났습니다. 다시 로그인하십시오. · Your session has ended. Sign in again: jikim login --data {data}"
    )
}

fn locked(data: &str) -> String {
    format!(
        "15분 넘게 쓰지 않아 잠겼습니다. 다시 로그인하십시오. · Not used for 15 minutes, so it is locked. Sign in again: jikim login --data {data}"
    )
}
