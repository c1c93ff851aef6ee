//! The register of cameras.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CameraSound, CameraState, CameraTransport, Id, Purpose, Secret, Suspicion, Time};

/// All cameras.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cameras {
    /// Those that record first, in the order of their adding.
    pub cameras: Vec<Camera>,
}

/// One camera: a place that is watched, whatever device hangs there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Camera {
    /// The camera.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The spot where it hangs (설치 위치), in words.
    pub spot: String,
    /// The line of the policy that it belongs to, if it belongs to one.
    pub policy_spot: Option<String>,
    /// What its connection is doing.
    pub state: CameraState,
    /// What may be wrong with its picture, though it comes; null if nothing is.
    pub suspicion: Option<Suspicion>,
    /// What it does with sound; null before its first connection.
    pub sound: Option<CameraSound>,
    /// `h264`, `h265`, or null until the first frame.
    pub codec: Option<String>,
    /// Width of the picture.
    pub width: Option<u32>,
    /// Height of the picture.
    pub height: Option<u32>,
    /// The longest that a frame is kept.
    pub retention_max_s: u32,
    /// The longest that the policy in force lets a frame be kept; null without one.
    pub retention_policy_s: Option<u32>,
    /// The shortest that a statute asks.
    pub retention_min_s: u32,
    /// Whether a smaller feed is recorded beside the main one.
    pub has_sub: bool,
    /// When it was added.
    pub added_at: Time,
    /// When it was retired, if it was.
    pub retired_at: Option<Time>,
    /// Its address without name and password.
    pub url_masked: String,
    /// How its packets travel.
    pub transport: CameraTransport,
    /// Since when the present device hangs there.
    pub device_since: Time,
    /// When the masked picture of what it films was entered; null while there is none.
    pub range_at: Option<Time>,
    /// Every device that ever hung there, the present one last.
    pub devices: Vec<Device>,
}

/// A device that hangs or hung at a camera's spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Device {
    /// The device.
    pub id: Id,
    /// Since when.
    pub from: Time,
    /// Until when; null for the present one.
    pub to: Option<Time>,
    /// Its address without name and password.
    pub url_masked: String,
    /// What it is as a thing that was bought; null while nobody said it.
    pub asset: Option<Asset>,
}

/// What a device is, each part at most 64 characters on one line; null while nobody said it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Asset {
    /// Who made it.
    #[schema(max_length = 64)]
    pub maker: Option<String>,
    /// Which model.
    #[schema(max_length = 64)]
    pub model: Option<String>,
    /// Its own number.
    #[schema(max_length = 64)]
    pub serial: Option<String>,
    /// The version of its firmware.
    #[schema(max_length = 64)]
    pub firmware: Option<String>,
    /// What certifies its security: TTA, or the function test of the NIS.
    #[schema(max_length = 64)]
    pub certified_by: Option<String>,
    /// The number of the certificate.
    #[schema(max_length = 64)]
    pub certificate: Option<String>,
    /// The firmware that was certified.
    #[schema(max_length = 64)]
    pub certified_firmware: Option<String>,
    /// The last day of the certificate, `2027-03-01`.
    #[schema(max_length = 10)]
    pub certified_until: Option<String>,
}

/// The picture of what a camera films, with nobody to be known on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RangePicture {
    /// JPEG or PNG in standard base64.
    pub picture_base64: String,
    /// When it was entered.
    pub entered_at: Time,
    /// The entry that holds it, as `2026/17`.
    pub ledger_entry: String,
}

/// Keeps the picture of what a camera films, or takes it away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRangePicture {
    /// JPEG or PNG in standard base64, at most 512 KiB before and 4096 pixels on a side, masked before it
    /// is sent; null takes the picture away.
    #[schema(max_length = 699_052)]
    pub picture_base64: Option<String>,
}

/// Adds a camera.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCamera {
    /// Its name: 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// The spot where it hangs, in words: at most 128 characters.
    #[schema(max_length = 128)]
    pub spot: String,
    /// The line of the policy that it belongs to: the id of a spot of the description.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub policy_spot: Option<String>,
    /// `rtsp://…` of the feed that is kept. May hold name and password.
    pub url: Secret,
    /// `rtsp://…` of a smaller feed of the same picture.
    #[serde(default)]
    pub sub_url: Option<Secret>,
    /// The camera's sign-in name, if not in the address.
    #[serde(default)]
    pub username: Option<String>,
    /// The camera's password, if not in the address.
    #[serde(default)]
    pub password: Option<Secret>,
    /// How its packets travel.
    pub transport: CameraTransport,
    /// The longest that a frame is kept: `90s`, `2h`, `30d`.
    pub retention: String,
    /// The shortest that a statute asks, in the same words; nothing if left out.
    #[serde(default)]
    pub retention_minimum: Option<String>,
}

/// Changes what a camera is called. What is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameraChange {
    /// Its name: 1 to 64 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    pub name: Option<String>,
    /// The spot where it hangs, in words.
    #[serde(default)]
    #[schema(max_length = 128)]
    pub spot: Option<String>,
    /// The line of the policy that it belongs to; an empty one: none.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub policy_spot: Option<String>,
    /// What the device that hangs there is, whole.
    #[serde(default)]
    pub asset: Option<Asset>,
}

/// Puts another device at a camera's spot; the camera keeps its id and its footage.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceDevice {
    /// `rtsp://…` of the feed that is kept. May hold name and password.
    pub url: Secret,
    /// `rtsp://…` of a smaller feed of the same picture.
    #[serde(default)]
    pub sub_url: Option<Secret>,
    /// The camera's sign-in name, if not in the address.
    #[serde(default)]
    pub username: Option<String>,
    /// The camera's password, if not in the address.
    #[serde(default)]
    pub password: Option<Secret>,
    /// How its packets travel.
    pub transport: CameraTransport,
    /// Why, in a few words: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Why something is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In a few words: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Asks for one still of a camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StillRequest {
    /// What it is for.
    pub purpose: Purpose,
}

/// One still: a single keyframe as a film of one frame, shown in a `<video>`. Never cached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Still {
    /// The act under which it was taken.
    pub act: Id,
    /// The ledger entry that holds the act, as `2026/17`.
    pub ledger_entry: String,
    /// When the frame was taken.
    pub taken_at: Time,
    /// For example `video/mp4; codecs="avc1.64001f"`.
    pub media_type: String,
    /// Initialisation and one fragment, in standard base64.
    pub data_base64: String,
}

/// The masked picture of what a camera films.
#[utoipa::path(get, path = "/api/v1/cameras/{id}/range", tag = "cameras",
    params(("id" = Id, Path, description = "The camera.")),
    responses((status = 200, body = RangePicture), (status = "default", body = crate::ErrorBody)))]
pub fn read_range() {}

/// Keeps the masked picture of what a camera films, or takes it away.
#[utoipa::path(post, path = "/api/v1/cameras/{id}/range", tag = "cameras",
    request_body = NewRangePicture, params(("id" = Id, Path, description = "The camera.")),
    responses((status = 200, body = Camera), (status = "default", body = crate::ErrorBody)))]
pub fn set_range() {}
