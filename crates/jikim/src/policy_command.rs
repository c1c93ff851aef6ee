//! `jikim policy` and `jikim promises`: the documents of the policy (`paper`), what stands against
//! a draft, and whether what is promised is kept.

mod paper;
mod press;

use std::process::ExitCode;

use hyper::Method;
use policy::{Description, Severity};
use serde_json::{Value, json};

use self::paper::{form, law_day, read, render, sign};
use crate::arguments::{PolicyCheckArguments, PolicyCommand, PromisesArguments};
use crate::socket_client::ask_running;
use crate::{Told, give, sentence, tell};

/// Does what was asked of the policy.
pub(crate) async fn policy(command: PolicyCommand) -> Told<ExitCode> {
    match command {
        PolicyCommand::Render(arguments) => render(arguments).await,
        PolicyCommand::Sign(arguments) => sign(arguments).await,
        PolicyCommand::Form(arguments) => form(arguments).await,
        PolicyCommand::Check(arguments) => check(&arguments),
    }
}

/// What stands against publishing a description.
fn check(arguments: &PolicyCheckArguments) -> Told<ExitCode> {
    let described = Description::read(&read(&arguments.description)?).map_err(sentence)?;
    let findings = described.findings(law::korea().on(law_day(arguments.on.as_deref())?));
    if arguments.json {
        let list: Vec<Value> = findings.iter().map(as_json).collect();
        give(&serde_json::to_string_pretty(&list).map_err(sentence)?);
    } else if findings.is_empty() {
        give("nothing stands against publishing it");
    }
    for it in findings.iter().filter(|_| !arguments.json) {
        let word = severity(it.severity);
        give(&format!("{word} [{}] {}: {} / {} ({})", it.rule, it.at, it.ko, it.en, it.article));
    }
    let blocked = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if blocked { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn as_json(it: &policy::Finding) -> Value {
    json!({
        "severity": severity(it.severity), "rule": it.rule, "at": it.at,
        "text_ko": it.ko, "text_en": it.en, "article": it.article,
    })
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
