//! The registers of personal video data, as rows or as a file.

use std::sync::Arc;
use std::time::Duration;

use access::{Grant, Request, Target, act};
use api::{ErrorCode, RegisterFormat};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::{Action, RegisterName, WallTime};
use serde::Deserialize;

use crate::edge::Edge;
use crate::house::Answer;
use crate::person::Person;
use crate::refusal::Refused;
use crate::request::{Asked, Named};

const DAY: Duration = Duration::from_secs(86_400);
/// Days of which a register speaks if none are named, the last one not counted.
const USUAL_DAYS: u32 = 29;
/// Korea is so far ahead of UTC.
const KOREA_AHEAD: Duration = Duration::from_secs(9 * 3600);

/// Where registers are made.
pub trait RegisterDesk {
    /// The register of the grant as rows.
    fn register<'a>(&'a self, grant: &'a Grant<act::ReadRegister>) -> Answer<'a, api::Register>;
    /// The same as a file of that format.
    fn register_file<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRegister>,
        format: RegisterFormat,
    ) -> Answer<'a, Vec<u8>>;
}

/// Which rows, and in which form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterQuery {
    from: Option<String>,
    until: Option<String>,
    camera: Option<String>,
    format: Option<RegisterFormat>,
}

pub(crate) async fn read(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(name): Named<String>,
    Asked(query): Asked<RegisterQuery>,
) -> Result<Response, Refused> {
    let register = RegisterName::from_word(&name).ok_or(ErrorCode::NotFound)?;
    let (from, to) = days(&query, edge.house.now())?;
    let camera = query.camera.as_deref().map(str::parse).transpose();
    let cameras = camera.map_err(|_unfit| ErrorCode::NotFound)?.into_iter().collect();
    let target = Target::Register { register, cameras, from, to };
    let request = Request::new(Action::ReadRegister, target);
    let format = query.format.unwrap_or(RegisterFormat::Json);
    if format == RegisterFormat::Json {
        let effect = async |grant: &_| edge.house.register(grant).await;
        let rows = edge.access.perform(&person.asker, request, effect).await?;
        return Ok(Json(rows).into_response());
    }
    let effect = async |grant: &_| edge.house.register_file(grant, format).await;
    let file = edge.access.perform(&person.asker, request, effect).await?;
    Ok((headers(register, format, from, to), file).into_response())
}

/// It is kept as a file, never shown as a page of ours.
fn headers(
    register: RegisterName,
    format: RegisterFormat,
    from: WallTime,
    to: WallTime,
) -> HeaderMap {
    let kind = match format {
        RegisterFormat::Json => "application/json",
        RegisterFormat::Html => "text/html; charset=utf-8",
        RegisterFormat::Pdf => "application/pdf",
        RegisterFormat::Hwpx => "application/hwp+zip",
        RegisterFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let (from, until) = (day_in_korea(from), day_in_korea(to - DAY));
    let name =
        format!("attachment; filename=\"{}-{from}-{until}.{}\"", register.word(), format.word());
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = HeaderValue::from_str(&name).expect("words and days are plain ASCII");
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers
}

/// The first moment, and the first after the last.
fn days(query: &RegisterQuery, now: WallTime) -> Result<(WallTime, WallTime), Refused> {
    let until = query.until.clone().unwrap_or_else(|| day_in_korea(now));
    let last = start_of(&until)?;
    let from = match &query.from {
        Some(day) => start_of(day)?,
        None => last - DAY * USUAL_DAYS,
    };
    // The rules hold how long it may be; how it may not be written is said here.
    if last < from || last.since(from) >= DAY * 366 {
        return Err(ErrorCode::RegisterUnfit.into());
    }
    Ok((from, last + DAY))
}

fn day_in_korea(at: WallTime) -> String {
    let text = (at + KOREA_AHEAD).to_string();
    text.chars().take(10).collect()
}

/// When a day begins in Korea.
fn start_of(day: &str) -> Result<WallTime, Refused> {
    let unfit = || Refused::from(ErrorCode::RegisterUnfit);
    if day.len() != 10 {
        return Err(unfit());
    }
    format!("{day}T00:00:00+09:00").parse().map_err(|_unfit| unfit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: Option<&str>, until: Option<&str>) -> RegisterQuery {
        let [from, until] = [from, until].map(|day| day.map(str::to_owned));
        RegisterQuery { from, until, camera: None, format: None }
    }

    #[test]
    fn days_are_those_of_korea_and_the_last_counts() {
        // In Korea it is the 24th already.
        let now = "2026-11-23T15:30:00Z".parse().unwrap();
        let of = |from, until| {
            days(&query(from, until), now).ok().map(|(from, to)| {
                (from.to_string()[..16].to_owned(), to.to_string()[..16].to_owned())
            })
        };
        let moments = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(of(None, None), moments("2026-10-25T15:00", "2026-11-24T15:00"));
        let one = of(Some("2026-11-01"), Some("2026-11-01"));
        assert_eq!(one, moments("2026-10-31T15:00", "2026-11-01T15:00"));
        assert_eq!(of(Some("2026-11-02"), Some("2026-11-01")), None);
        assert_eq!(of(Some("2025-11-01"), Some("2026-11-02")), None, "more than a year");
        assert!(of(Some("2025-11-01"), Some("2026-11-01")).is_some());
        for day in ["2026-13-01", "2026-1-1", "20261101", "", "2026-11-01T"] {
            assert_eq!(of(Some(day), None), None, "{day}");
        }
    }
}
