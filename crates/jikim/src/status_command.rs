//! `jikim status`.

use std::process::ExitCode;

use hyper::Method;

use crate::arguments::StatusArguments;
use crate::status::{Status, VaultPart};
use crate::{Told, give, sentence, socket_client};

/// Shows the state of the running recorder.
pub(crate) async fn status(arguments: StatusArguments) -> Told<ExitCode> {
    let path = match &arguments.gaps_since {
        Some(since) => {
            let since: domain::WallTime = since.parse().map_err(sentence)?;
            format!("/status?gaps_since={since}")
        }
        None => "/status".into(),
    };
    let document =
        socket_client::ask_running(&arguments.place.data, Method::GET, &path, None).await?;
    if arguments.place.json {
        give(&document.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    let status: Status = serde_json::from_value(document).map_err(sentence)?;
    for camera in &status.cameras {
        let age = camera.last_durable_frame_age_ms.map_or("-".into(), |ms| format!("{ms} ms"));
        give(&format!(
            "{:<12} {:>12} frames {:>6} lost  last durable {:>8}  {}  {}",
            camera.state, camera.frames_recorded, camera.frames_lost, age, camera.name, camera.id
        ));
        if let Some(suspicion) = &camera.suspicion {
            give(&format!(
                "             look at the picture: {} since {}, {} % sure",
                suspicion.what, suspicion.since, suspicion.sure_percent
            ));
        }
    }
    give(&format!(
        "ledger {} entries, root {}; {} reels, {} bytes; vault key epoch {}",
        status.ledger.size,
        status.ledger.root,
        status.vault.reels,
        status.vault.bytes,
        status.vault.root_epoch
    ));
    if let Some(age_s) = status.ledger.uncosigned_age_s {
        let cosigned = status.ledger.cosigned_size.unwrap_or(0);
        give(&format!(
            "witnesses: {cosigned} entries cosigned, the oldest that is not is {age_s} s old"
        ));
    }
    for path in &status.ledger.evidence {
        give(&format!("a witness contradicted the ledger: what it cosigned is kept as {path}"));
    }
    say_vault(&status.vault);
    Ok(ExitCode::SUCCESS)
}

fn say_vault(vault: &VaultPart) {
    for volume in &vault.volumes {
        let state = match (volume.is_failed, volume.is_full) {
            (true, _) => "failed",
            (false, true) => "full",
            (false, false) => "works",
        };
        let free = volume.free_bytes.map_or("-".into(), |bytes| bytes.to_string());
        let left = volume.days_left.map_or("lasts".into(), |days| format!("full in {days} days"));
        give(&format!("volume {}: {state}, {free} bytes free, {left}", volume.id));
    }
    let scrub = &vault.scrub;
    give(&format!(
        "scrub: last whole pass {}, {} reels, {} bytes; {} damaged now",
        scrub.last_ended_at.as_deref().unwrap_or("never"),
        scrub.last_reels,
        scrub.last_bytes,
        scrub.damaged
    ));
    if let (Some(rule), Some(from)) = (&vault.early.rule, &vault.early.in_force_from) {
        give(&format!("early destruction when the disk is full: proposal {rule}, from {from}"));
    }
    if let (Some(act), Some(at)) = (&vault.early.last_act, &vault.early.last_at) {
        give(&format!("footage was destroyed before its time: entry {act}, {at}"));
    }
}
