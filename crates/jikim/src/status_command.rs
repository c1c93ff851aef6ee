//! `jikim status`.

use std::process::ExitCode;

use hyper::Method;

use crate::arguments::StatusArguments;
use crate::status::Status;
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
    }
    give(&format!(
        "ledger {} entries, root {}; {} reels, {} bytes; vault key epoch {}",
        status.ledger.size,
        status.ledger.root,
        status.vault.reels,
        status.vault.bytes,
        status.vault.root_epoch
    ));
    Ok(ExitCode::SUCCESS)
}
