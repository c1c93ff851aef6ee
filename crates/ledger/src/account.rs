//! Accounts and appointments, as side records hold them.

use serde::{Deserialize, Serialize};

/// An account as it is from this entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRecord {
    /// Id.
    pub account: String,
    /// The name to sign in with; empty until the person chose it by the one-time link.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// Words; empty when the appointment has ended.
    pub roles: Vec<String>,
    /// Camera ids, or none for all.
    pub scope: Option<Vec<String>>,
    /// SHA-256 of the one-time link's secret that is open, hexadecimal.
    pub link_sha256: Option<String>,
    /// Until when the link can be used, RFC 3339.
    pub link_until: Option<String>,
    /// Since when it is there, RFC 3339, if this is no longer its first record: it was sealed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<String>,
    /// To what it is appointed; none of the first accounts, until somebody says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentRecord>,
}

/// To what somebody is appointed. Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppointmentRecord {
    /// The post of the institution's description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The number of the document that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The account that it stands in for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy_of: Option<String>,
    /// From when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// When the person is on duty, from and until; empty for the whole of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duty: Vec<(String, String)>,
    /// When the person signed a pledge of secrecy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pledged_at: Option<String>,
    /// When the person was trained last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trained_at: Option<String>,
}
