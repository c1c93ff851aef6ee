//! The register of cameras: the same sentences for a person at a browser and for the command line.

use std::sync::Arc;

use access::{Asker, Request, Target};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Action, CameraId};

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::{Input, Named};
use crate::words;

/// Characters of the longest name, spot and reason, as the wire's documents say.
const LONGEST_NAME: usize = 64;
const LONGEST_SPOT: usize = 128;
const LONGEST_REASON: usize = 200;

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Cameras>, Refused> {
    list_for(&edge, &person.asker).await.map(Json)
}

pub(crate) async fn add(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewCamera>,
) -> Result<(StatusCode, Json<api::Camera>), Refused> {
    Ok((StatusCode::CREATED, Json(add_for(&edge, &person.asker, input).await?)))
}

pub(crate) async fn change(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::CameraChange>,
) -> Result<Json<api::Camera>, Refused> {
    input.name.iter().try_for_each(|name| check_line(name, 1, LONGEST_NAME))?;
    input.spot.iter().try_for_each(|spot| check_line(spot, 1, LONGEST_SPOT))?;
    let request = Request::new(Action::ChangeCamera, Target::Camera(camera));
    let effect = async |grant: &_| edge.house.change_camera(grant, input).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

pub(crate) async fn replace(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::ReplaceDevice>,
) -> Result<Json<api::Camera>, Refused> {
    replace_for(&edge, &person.asker, camera, input).await.map(Json)
}

pub(crate) async fn retire(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::Reason>,
) -> Result<Json<api::Camera>, Refused> {
    retire_for(&edge, &person.asker, camera, input).await.map(Json)
}

/// The masked picture of what a camera films.
pub(crate) async fn range(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
) -> Result<Json<api::RangePicture>, Refused> {
    let target = Target::Camera(camera);
    edge.access.look::<Nothing>(&person.asker, Action::ReadRange, target).await?;
    Ok(Json(edge.house.range_picture(camera).await?))
}

pub(crate) async fn set_range(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::NewRangePicture>,
) -> Result<Json<api::Camera>, Refused> {
    let request = Request::new(Action::ChangeRange, Target::Camera(camera));
    let effect = async |grant: &_| edge.house.set_range_picture(grant, input).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

/// One still, to see where a camera points.
pub(crate) async fn still(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::StillRequest>,
) -> Result<Json<api::Still>, Refused> {
    let purpose = Some(words::purpose(&input.purpose)?);
    let target = Target::Camera(camera);
    let request = Request { purpose, ..Request::new(Action::TakeStill, target) };
    let effect = async |grant: &_| edge.house.still(grant).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

/// Whether this person may see the pattern; the page draws it by itself.
pub(crate) async fn pattern(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
) -> Result<StatusCode, Refused> {
    let target = Target::Camera(camera);
    edge.access.look::<Nothing>(&person.asker, Action::SeePattern, target).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn list_for(edge: &Edge, asker: &Asker) -> Result<api::Cameras, Refused> {
    edge.access.look::<Nothing>(asker, Action::ReadCameras, Target::House).await?;
    Ok(api::Cameras { cameras: edge.house.cameras().await? })
}

pub(crate) async fn add_for(
    edge: &Edge,
    asker: &Asker,
    input: api::NewCamera,
) -> Result<api::Camera, Refused> {
    check_line(&input.name, 1, LONGEST_NAME)?;
    check_line(&input.spot, 0, LONGEST_SPOT)?;
    let target = Target::Camera(edge.house.new_camera_id());
    let effect = async |grant: &_| edge.house.add_camera(grant, input).await;
    Ok(edge.access.perform(asker, Request::new(Action::AddCamera, target), effect).await?)
}

pub(crate) async fn replace_for(
    edge: &Edge,
    asker: &Asker,
    camera: CameraId,
    input: api::ReplaceDevice,
) -> Result<api::Camera, Refused> {
    check_line(&input.reason, 1, LONGEST_REASON)?;
    let request = Request::new(Action::ReplaceDevice, Target::Camera(camera));
    let effect = async |grant: &_| edge.house.replace_device(grant, input).await;
    Ok(edge.access.perform(asker, request, effect).await?)
}

pub(crate) async fn retire_for(
    edge: &Edge,
    asker: &Asker,
    camera: CameraId,
    input: api::Reason,
) -> Result<api::Camera, Refused> {
    check_line(&input.reason, 1, LONGEST_REASON)?;
    let request = Request::new(Action::RetireCamera, Target::Camera(camera));
    let effect = async |grant: &_| edge.house.retire_camera(grant, input).await;
    Ok(edge.access.perform(asker, request, effect).await?)
}

fn check_line(text: &str, least: usize, most: usize) -> Result<(), Refused> {
    let text = text.trim();
    let fits = (least..=most).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) { Ok(()) } else { Err(Refused::unfit_line()) }
}
