//! Cameras, as side records say them.

use serde::{Deserialize, Serialize};

use crate::AssetRecord;

/// A camera as it is from this entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameraRecord {
    /// Id.
    pub camera: String,
    /// Id of the spot.
    pub spot: String,
    /// What people call it.
    pub name: String,
    /// Where it hangs, in words.
    pub spot_name: String,
    /// The line of the policy that it belongs to: the id of a spot of the institution's description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_spot: Option<String>,
    /// Seconds a statute asks at least.
    pub retention_minimum_s: u64,
    /// Seconds that were promised at most.
    pub retention_maximum_s: u64,
    /// Since when it is in the register, RFC 3339.
    pub added_at: String,
    /// Since when it is retired, RFC 3339.
    pub retired_at: Option<String>,
    /// Why it was retired.
    #[serde(default)]
    pub retired_reason: Option<String>,
    /// The devices that hung there, the present one last.
    pub devices: Vec<DeviceRecord>,
}

/// One device at a camera's spot.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceRecord {
    /// Id.
    pub device: String,
    /// Address of the main feed, without name and password.
    pub url: String,
    /// Address of the sub feed, without name and password.
    pub sub_url: Option<String>,
    /// Name and password for the camera.
    pub credentials: Option<(String, String)>,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Why it came, if it replaced another.
    pub reason: Option<String>,
    /// When its one test picture was taken, RFC 3339.
    pub seen_at: Option<String>,
    /// SHA-256 of the certificate that it showed at first sight, in hexadecimal; none without TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// What it is as a thing that was bought; none while nobody said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetRecord>,
}

impl std::fmt::Debug for DeviceRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the credentials: this may end in a log.
        f.debug_struct("DeviceRecord").field("device", &self.device).finish_non_exhaustive()
    }
}
