//! `jikim camera add | list | replace | retire`.

use std::process::ExitCode;

use hyper::Method;
use serde_json::{Value, json};

use crate::arguments::{
    AddArguments, CameraArguments, CameraCommand, DeviceArguments, Place, ReplaceArguments,
    RetireArguments, write_length,
};
use crate::{Told, give, socket_client, tell};

const MAX_ADDRESS_BYTES: u64 = 4096;

/// Runs the subcommand.
pub(crate) async fn camera(arguments: CameraArguments) -> Told<ExitCode> {
    match arguments.command {
        CameraCommand::Add(add) => self::add(add).await,
        CameraCommand::List(place) => list(place).await,
        CameraCommand::Replace(replace) => self::replace(replace).await,
        CameraCommand::Retire(retire) => self::retire(retire).await,
    }
}

async fn add(arguments: AddArguments) -> Told<ExitCode> {
    let body = json!({
        "name": arguments.name,
        "spot": arguments.spot.unwrap_or_default(),
        "policy_spot": arguments.policy_spot,
        "url": address(&arguments.device)?,
        "sub_url": arguments.device.sub_url,
        "transport": arguments.device.transport,
        "retention": write_length(arguments.retention),
        "retention_minimum": write_length(arguments.retention_minimum),
    });
    let place = &arguments.place;
    let camera =
        socket_client::ask_running(&place.data, Method::POST, "/cameras", Some(&body)).await?;
    show(place, &camera, "added");
    Ok(ExitCode::SUCCESS)
}

async fn list(place: Place) -> Told<ExitCode> {
    let cameras = socket_client::ask_running(&place.data, Method::GET, "/cameras", None).await?;
    if place.json {
        give(&cameras.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    for camera in cameras["cameras"].as_array().into_iter().flatten() {
        let word = |key: &str| camera[key].as_str().unwrap_or("-").to_owned();
        give(&format!("{}  {:<12}  {}", word("id"), word("state"), word("name")));
    }
    Ok(ExitCode::SUCCESS)
}

async fn replace(arguments: ReplaceArguments) -> Told<ExitCode> {
    let body = json!({
        "url": address(&arguments.device)?,
        "sub_url": arguments.device.sub_url,
        "transport": arguments.device.transport,
        "reason": arguments.reason,
    });
    let path = format!("/cameras/{}/replace", id(&arguments.id)?);
    let place = &arguments.place;
    let camera = socket_client::ask_running(&place.data, Method::POST, &path, Some(&body)).await?;
    show(place, &camera, "has another device");
    Ok(ExitCode::SUCCESS)
}

async fn retire(arguments: RetireArguments) -> Told<ExitCode> {
    let body = json!({ "reason": arguments.reason });
    let path = format!("/cameras/{}/retire", id(&arguments.id)?);
    let place = &arguments.place;
    let camera = socket_client::ask_running(&place.data, Method::POST, &path, Some(&body)).await?;
    show(place, &camera, "retired");
    Ok(ExitCode::SUCCESS)
}

/// What goes into a path is an id and nothing else.
fn id(text: &str) -> Told<domain::CameraId> {
    text.parse().map_err(|error: domain::IdError| error.to_string())
}

fn show(place: &Place, camera: &Value, what: &str) {
    let word = |key: &str| camera[key].as_str().unwrap_or_default().to_owned();
    if place.json {
        give(&camera.to_string());
    } else {
        give(&format!("{} {} {what}", word("id"), word("name")));
    }
    if word("state") == "unreachable" {
        tell(
            "the camera cannot be reached yet; check its power, its cable, its address and the port. It is recorded as soon as it answers",
        );
    }
}

/// The address; from a file when it has a password, so that no other user of this machine reads it
/// in the list of processes.
fn address(device: &DeviceArguments) -> Told<String> {
    let Some(path) = &device.url_file else { return Ok(device.url.clone().unwrap_or_default()) };
    let unreadable = |what: &dyn std::fmt::Display| {
        format!("the address in {} cannot be read: {what}", path.display())
    };
    let length = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if length > MAX_ADDRESS_BYTES {
        return Err(unreadable(&"the file is longer than an address"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    Ok(text.trim().to_owned())
}
