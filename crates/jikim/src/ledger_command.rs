//! `jikim ledger`: what an outsider needs to verify the ledger, and nothing that is secret.

use std::process::ExitCode;

use host::{Disk, Fs};
use hyper::Method;

use crate::arguments::{LedgerArguments, LedgerCommand};
use crate::status::Status;
use crate::witnesses::POLICY_FILE;
use crate::{Told, give, sentence, socket_client};

/// Prints the log's verifier key, or the policy of an outsider who trusts it and the witnesses.
pub(crate) async fn ledger(arguments: LedgerArguments) -> Told<ExitCode> {
    let (LedgerCommand::Key { data } | LedgerCommand::Policy { data }) = &arguments.command;
    let document = socket_client::ask_running(data, Method::GET, "/status", None).await?;
    let status: Status = serde_json::from_value(document).map_err(sentence)?;
    let (key, second) = (status.ledger.key, status.ledger.second_key);
    if let LedgerCommand::Key { .. } = arguments.command {
        give(&key);
        give(&second);
        return Ok(ExitCode::SUCCESS);
    }
    give(&format!("log {key}"));
    give(&format!("log {second}"));
    let path = data.join(POLICY_FILE);
    if !Disk.exists(&path).map_err(sentence)? {
        give("quorum none");
        return Ok(ExitCode::SUCCESS);
    }
    let bytes = Disk.read(&path, tlog::policy::MAX_POLICY_BYTES).map_err(sentence)?;
    let text = String::from_utf8_lossy(&bytes);
    let is_log = |line: &str| line.split_ascii_whitespace().next() == Some("log");
    text.lines().filter(|line| !is_log(line)).for_each(give);
    Ok(ExitCode::SUCCESS)
}
