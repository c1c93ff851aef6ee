//! Floor plans: which floors there are, and where cameras hang on them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ErrorBody, Id, Time};

/// The floors of all buildings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plans {
    /// By site, building and level.
    pub floors: Vec<Floor>,
}

/// One floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Floor {
    /// The floor.
    pub id: Id,
    /// The site that its building stands on.
    pub site: String,
    /// Its building.
    pub building: String,
    /// Its name.
    pub name: String,
    /// Where it stands among the floors of its building: 1 is the ground floor, -1 the first below.
    pub level: i16,
    /// Its newest entry in the ledger: who changes the floor says which state he saw.
    pub revision: String,
    /// When it was changed last.
    pub changed_at: Time,
    /// The entry of the picture of its plan; null if there is none.
    pub picture: Option<String>,
    /// The cameras that have a place on it; retired ones are left out.
    pub cameras: Vec<CameraPlace>,
}

/// A camera's place on a floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameraPlace {
    /// The camera.
    pub camera: Id,
    /// From the left, in ten-thousandths of the plan's width.
    #[schema(maximum = 10_000)]
    pub x_permyriad: u16,
    /// From the top, in ten-thousandths of the plan's height.
    #[schema(maximum = 10_000)]
    pub y_permyriad: u16,
    /// Whither it looks: 0 is to the top of the plan, 90 to the right; null if nobody said.
    #[schema(maximum = 359)]
    pub direction_deg: Option<u16>,
    /// How wide it sees; null if nobody said.
    #[schema(minimum = 1, maximum = 360)]
    pub angle_deg: Option<u16>,
    /// How far it sees, in ten-thousandths of the plan's width; null if nobody said.
    #[schema(minimum = 1, maximum = 10_000)]
    pub reach_permyriad: Option<u16>,
}

/// Adds a floor; with it its site and building, if no other floor has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFloor {
    /// The site: 1 to 64 characters on one line.
    #[schema(min_length = 1, max_length = 64)]
    pub site: String,
    /// The building: 1 to 64 characters on one line.
    #[schema(min_length = 1, max_length = 64)]
    pub building: String,
    /// The floor: 1 to 64 characters on one line; no other of the building has the name.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// Where it stands among the floors of its building.
    #[schema(minimum = -20, maximum = 200)]
    pub level: i16,
}

/// What a floor is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorChange {
    /// The newest entry of the floor as it was seen; refused if somebody changed it since.
    pub revision: String,
    /// As in [`NewFloor`].
    #[schema(min_length = 1, max_length = 64)]
    pub site: String,
    /// As in [`NewFloor`].
    #[schema(min_length = 1, max_length = 64)]
    pub building: String,
    /// As in [`NewFloor`].
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// As in [`NewFloor`].
    #[schema(minimum = -20, maximum = 200)]
    pub level: i16,
    /// All cameras that are to have a place on it: at most 500, none twice, none that another floor
    /// has.
    #[schema(max_items = 500)]
    pub cameras: Vec<CameraPlace>,
}

/// Sets the picture of a floor's plan, or takes it away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanPicture {
    /// As in [`FloorChange`].
    pub revision: String,
    /// JPEG or PNG in standard base64, at most 512 KiB before and 4096 pixels on a side; null takes the
    /// picture away.
    #[schema(max_length = 699_052)]
    pub picture_base64: Option<String>,
}

/// Removes a floor; cameras on it then have no place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorRemoval {
    /// As in [`FloorChange`].
    pub revision: String,
}

/// The picture of a floor's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanPicture {
    /// JPEG or PNG in standard base64.
    pub picture_base64: String,
}

/// The floors of all buildings, with the cameras that have a place on them.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    responses((status = 200, body = Plans), (status = "default", body = ErrorBody)))]
pub fn read_plans() {}

/// Adds a floor, at most 200.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans", request_body = NewFloor,
    responses((status = 201, body = Floor), (status = "default", body = ErrorBody)))]
pub fn add_floor() {}

/// Changes a floor's names and the places of cameras on it.
#[utoipa::path(patch, path = "/api/v1/plans/{id}", tag = "plans", request_body = FloorChange,
    params(("id" = Id, Path, description = "The floor.")),
    responses((status = 200, body = Floor), (status = "default", body = ErrorBody)))]
pub fn change_floor() {}

/// Removes a floor, and answers with it as it was.
#[utoipa::path(post, path = "/api/v1/plans/{id}/remove", tag = "plans", request_body = FloorRemoval,
    params(("id" = Id, Path, description = "The floor.")),
    responses((status = 200, body = Floor), (status = "default", body = ErrorBody)))]
pub fn remove_floor() {}

/// The picture of a floor's plan.
#[utoipa::path(get, path = "/api/v1/plans/{id}/picture", tag = "plans",
    params(("id" = Id, Path, description = "The floor.")),
    responses((status = 200, body = PlanPicture), (status = "default", body = ErrorBody)))]
pub fn read_plan_picture() {}

/// Sets the picture of a floor's plan, or takes it away.
#[utoipa::path(post, path = "/api/v1/plans/{id}/picture", tag = "plans",
    request_body = NewPlanPicture, params(("id" = Id, Path, description = "The floor.")),
    responses((status = 200, body = Floor), (status = "default", body = ErrorBody)))]
pub fn set_plan_picture() {}
