//! `jikim destruction certificate`: the running recorder makes it, and the act is entered.

use std::process::ExitCode;

use host::{Disk, Fs};
use hyper::Method;
use serde_json::json;

use crate::arguments::{CertificateArguments, DestructionArguments, DestructionCommand};
use crate::{Told, give, sentence, socket_client};

/// Runs the subcommand.
pub(crate) async fn destruction(arguments: DestructionArguments) -> Told<ExitCode> {
    let DestructionCommand::Certificate(asked) = arguments.command;
    let CertificateArguments { data, camera, from, to, out } = asked;
    let body = json!({ "camera": camera, "from": from, "to": to });
    let path = "/destruction/certificate";
    let answer = socket_client::ask_running(&data, Method::POST, path, Some(&body)).await?;
    let answer: api::DestructionCertificate = serde_json::from_value(answer).map_err(sentence)?;
    Disk.replace(&out, answer.file.as_bytes()).map_err(sentence)?;
    give(&format!("{}: verify it with jikim-verify destruction --certificate", out.display()));
    Ok(ExitCode::SUCCESS)
}
