//! `jikim ledger`: what an outsider needs to verify the ledger, and nothing that is secret.

use std::path::Path;
use std::process::ExitCode;

use host::{Disk, Fs};
use hyper::Method;

use crate::arguments::{LedgerArguments, LedgerCommand};
use crate::status::Status;
use crate::witnesses::POLICY_FILE;
use crate::{Told, give, sentence, socket_client};

/// Prints the log's verifier key, or the policy of an outsider who trusts it and the witnesses.
pub(crate) async fn ledger(arguments: LedgerArguments) -> Told<ExitCode> {
    match arguments.command {
        LedgerCommand::Key { data } => {
            let (key, second) = keys(&data).await?;
            give(&key);
            give(&second);
        }
        LedgerCommand::Policy { data } => give(trust(&data).await?.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The verifier keys of the open year's log.
async fn keys(data: &Path) -> Told<(String, String)> {
    let document = socket_client::ask_running(data, Method::GET, "/status", None).await?;
    let status: Status = serde_json::from_value(document).map_err(sentence)?;
    Ok((status.ledger.key, status.ledger.second_key))
}

/// The policy (C2SP tlog-policy) of an outsider who trusts the log and its witnesses.
pub(crate) async fn trust(data: &Path) -> Told<String> {
    let (key, second) = keys(data).await?;
    let mut text = format!("log {key}\nlog {second}\n");
    let path = data.join(POLICY_FILE);
    if !Disk.exists(&path).map_err(sentence)? {
        text.push_str("quorum none\n");
        return Ok(text);
    }
    let bytes = Disk.read(&path, tlog::policy::MAX_POLICY_BYTES).map_err(sentence)?;
    let told = String::from_utf8_lossy(&bytes);
    let is_log = |line: &&str| line.split_ascii_whitespace().next() == Some("log");
    for line in told.lines().filter(|line| !is_log(line)) {
        text.push_str(line);
        text.push('\n');
    }
    Ok(text)
}
