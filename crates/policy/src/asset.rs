//! What is due of devices: a certificate that ends, firmware that is not the one that was certified.
//!
//! What is bought for a public body is certified: by the TTA since 2023-03-20, by the function test of the
//! NIS since 2024-04-01, each for a version of the firmware. Whether a device has that firmware is the
//! word of whoever entered it.

use domain::Role;
use time::{Date, Duration};

use crate::tasks::{Place, Task, TaskKind};

/// So many days ahead it is said that a certificate ends.
pub const CERTIFICATE_AHEAD_DAYS: i64 = 60;

/// A device of which somebody said what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetFact {
    /// What people call its camera.
    pub camera: String,
    /// The version of its firmware.
    pub firmware: Option<String>,
    /// The version that was certified.
    pub certified_firmware: Option<String>,
    /// The last day of its certificate.
    pub certified_until: Option<Date>,
}

pub(crate) fn due(asset: &AssetFact, today: Date) -> Vec<Task> {
    let camera = &asset.camera;
    let task = |due, ko, en| Task {
        kind: TaskKind::Asset,
        due,
        who: Role::Administrator,
        article: "Safe 6, Safe 11".into(),
        ko,
        en,
        place: Place::Cameras,
    };
    let mut tasks = Vec::new();
    let soon = today.saturating_add(Duration::days(CERTIFICATE_AHEAD_DAYS));
    if let Some(ends) = asset.certified_until.filter(|day| *day <= soon) {
        tasks.push(task(
            ends,
            format!("{camera} 기기의 보안 인증이 {ends}에 끝납니다. 다시 인증된 것을 확인하여 적거나 기기를 바꾸십시오."),
            format!("The certificate of {camera} ends on {ends}. Enter the new one, or replace the device."),
        ));
    }
    if let (Some(firmware), Some(certified)) = (&asset.firmware, &asset.certified_firmware)
        && firmware != certified
    {
        tasks.push(task(
            today,
            format!("{camera} 기기의 펌웨어 {firmware}은(는) 인증받은 {certified}이(가) 아닙니다. 인증받은 것으로 되돌리거나 새 인증을 적으십시오."),
            format!("The firmware {firmware} of {camera} is not the certified {certified}. Put the certified one on, or enter the new certificate."),
        ));
    }
    tasks
}
