//! `jikim policy` and `jikim promises`: the published policy as a file, what stands against a draft, and
//! whether what it promises is kept.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use host::{Clock as _, Disk, Fs, SystemClock};
use hyper::Method;
use papers::Document;
use policy::{Description, MAX_DESCRIPTION_BYTES, Severity};
use serde_json::{Value, json};

use crate::arguments::{
    Format, InstitutionName, PolicyCheckArguments, PolicyCommand, PromisesArguments,
    RenderArguments,
};
use crate::policy_desk::{day_of, policy_of};
use crate::publication::write_public;
use crate::socket_client::ask_running;
use crate::{Told, give, sentence, tell};

/// The program that sets a document in type, beside this one.
const PRESS: &str = "jikim-press";

impl InstitutionName {
    /// The sample's description.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Patent => include_str!("../../../samples/institutions/patent.toml"),
            Self::Smes => include_str!("../../../samples/institutions/smes.toml"),
            Self::Customs => include_str!("../../../samples/institutions/customs.toml"),
            Self::Gunsan => include_str!("../../../samples/institutions/gunsan.toml"),
            Self::Labor => include_str!("../../../samples/institutions/labor.toml"),
        }
    }
}

/// Does what was asked of the policy.
pub(crate) async fn policy(command: PolicyCommand) -> Told<ExitCode> {
    match command {
        PolicyCommand::Render(arguments) => render(arguments).await,
        PolicyCommand::Check(arguments) => check(&arguments),
    }
}

async fn render(arguments: RenderArguments) -> Told<ExitCode> {
    let document = match (&arguments.institution, &arguments.description, &arguments.data) {
        (Some(name), _, _) => document_of(name.description())?,
        (None, Some(path), _) => document_of(&read(path)?)?,
        (None, None, Some(data)) => in_force(data).await?,
        (None, None, None) => {
            return Err("name --institution NAME, --description FILE or --data DIR".into());
        }
    };
    match arguments.format {
        Format::Html => write_public(&arguments.out, &papers::html(&document, ""))?,
        Format::Json => write_public(&arguments.out, &document.to_json())?,
        Format::Pdf => press(&document, "pdf", &arguments.out)?,
        Format::Hwpx => press(&document, "hwpx", &arguments.out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn document_of(text: &str) -> Told<Document> {
    let described = Description::read(text).map_err(sentence)?;
    Ok(policy_of(&described, day_of(SystemClock.wall())).document())
}

/// The text that the running recorder shows.
async fn in_force(data: &Path) -> Told<Document> {
    let view = ask_running(data, Method::GET, "/policy", None).await?;
    match view.get("document") {
        Some(document) if !document.is_null() => {
            Document::read(document.to_string().as_bytes()).map_err(sentence)
        }
        _ => {
            Err("no policy was announced yet: a manager does that on the page of the policy".into())
        }
    }
}

fn read(path: &Path) -> Told<String> {
    let bytes = Disk.read(path, MAX_DESCRIPTION_BYTES).map_err(sentence)?;
    String::from_utf8(bytes).map_err(|_| format!("{} is no UTF-8", path.display()))
}

/// Has a document set in type.
fn press(document: &Document, format: &str, out: &Path) -> Told<()> {
    let beside = std::env::current_exe().ok().map(|program| program.with_file_name(PRESS));
    let program = beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(PRESS));
    let child = Command::new(&program)
        .args(["--format", format, "--out"])
        .arg(out)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| {
        format!(
            "PDF and HWPX are made by {PRESS}, which is not there ({error}); choose html or json"
        )
    })?;
    let mut to = child.stdin.take().ok_or("the press takes nothing")?;
    let text = document.to_json();
    // One that stops reading says why itself.
    let _ = to.write_all(text.as_bytes());
    drop(to);
    let ended = child.wait_with_output().map_err(sentence)?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!("{PRESS} failed: {}", String::from_utf8_lossy(&ended.stderr).trim()))
}

/// What stands against publishing a description.
fn check(arguments: &PolicyCheckArguments) -> Told<ExitCode> {
    let described = Description::read(&read(&arguments.description)?).map_err(sentence)?;
    let on = match &arguments.on {
        Some(day) => law::date(day).map_err(|_| format!("{day} is no day like 2026-11-22"))?,
        None => day_of(SystemClock.wall()),
    };
    let findings = described.findings(law::korea().on(on));
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
