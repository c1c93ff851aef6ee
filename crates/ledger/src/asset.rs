//! A camera's device as a thing that was bought, as side records hold it.

use serde::{Deserialize, Serialize};

/// What a device is. Each part is left out while nobody said it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AssetRecord {
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Which model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The version of its firmware.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// What certifies its security: TTA, or the function test of the NIS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified_by: Option<String>,
    /// The number of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The firmware that was certified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified_firmware: Option<String>,
    /// The last day of the certificate, `2027-03-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified_until: Option<String>,
}
