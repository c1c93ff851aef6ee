//! `jikim policy` and `jikim promises`: the documents of the policy (`paper`), what is wrong with a
//! published text or a draft (`check`), the draft that follows from a text (`import`), and whether what is promised is kept.

mod check;
mod import;
mod paper;
mod press;

use std::process::ExitCode;

use hyper::Method;
use serde_json::Value;

use self::check::check;
use self::import::import;
use self::paper::{form, render, sign};
use crate::arguments::{PolicyCommand, PromisesArguments};
use crate::socket_client::ask_running;
use crate::{Told, give, sentence, tell};

/// Does what was asked of the policy.
pub(crate) async fn policy(command: PolicyCommand) -> Told<ExitCode> {
    match command {
        PolicyCommand::Render(arguments) => render(arguments).await,
        PolicyCommand::Sign(arguments) => sign(arguments).await,
        PolicyCommand::Form(arguments) => form(arguments).await,
        PolicyCommand::Check(arguments) => Ok(check(&arguments)),
        PolicyCommand::Import(arguments) => import(&arguments),
    }
}

/// The promises of the policy in force, on the running recorder.
pub(crate) async fn promises(arguments: PromisesArguments) -> Told<ExitCode> {
    let told = ask_running(&arguments.data, Method::GET, "/promises", None).await?;
    let list = told.get("promises").cloned().unwrap_or(Value::Array(Vec::new()));
    if arguments.json {
        give(&serde_json::to_string_pretty(&list).map_err(sentence)?);
        return Ok(ExitCode::SUCCESS);
    }
    let list: Vec<api::Promise> = serde_json::from_value(list).map_err(sentence)?;
    if list.is_empty() {
        tell("no policy is in force");
    }
    for it in list {
        give(&format!("{:<9} {:<24} {}", it.state.word(), it.id, it.evidence_en));
    }
    Ok(ExitCode::SUCCESS)
}
