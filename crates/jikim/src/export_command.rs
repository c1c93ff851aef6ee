//! `jikim export`: seals what two people agreed to let out for a case, by one of the two, who signed in with
//! `jikim login`.

use std::path::PathBuf;
use std::process::ExitCode;

use api::{ExportCaseKind, ExportCopy, ExportSealed, Exports, ProposalState};
use clap::Args;
use serde_json::json;

use crate::login::SignedIn;
use crate::register_command::write_private;
use crate::request_command::receipt;
use crate::{Told, give};

const PATH: &str = "/api/v1/exports";

#[derive(Args)]
pub(crate) struct ExportArguments {
    /// The number of receipt of the request, 2026-17.
    #[arg(long, value_name = "ID")]
    case: String,
    /// It is the number of a disclosure to another body.
    #[arg(long)]
    disclosure: bool,
    /// The file to write; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Say it as JSON, for scripts.
    #[arg(long)]
    json: bool,
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

/// Runs the command.
pub(crate) async fn export(arguments: ExportArguments) -> Told<ExitCode> {
    let id = receipt(&arguments.case)?;
    let kind = match arguments.disclosure {
        true => ExportCaseKind::Disclosure,
        false => ExportCaseKind::Request,
    };
    let person = SignedIn::open(&arguments.data).await?;
    let exports: Exports = person.get(PATH).await?;
    let copy = agreed(&exports, kind, id)?;
    let path = format!("{PATH}/copies/{}/seal", copy.copy);
    let sealed: ExportSealed = person.post(&path, &json!({})).await?;
    // Told first: it is told this once, and the file can be fetched again.
    let passphrase = sealed.passphrase.reveal();
    let export = format!("{}/{}", sealed.export.year, sealed.export.number);
    if arguments.json {
        let told = json!({
            "export": export, "sha256": sealed.export.sha256, "file": arguments.out,
            "passphrase": passphrase,
        });
        give(&told.to_string());
    } else {
        give(&format!(
            "봉인했습니다. 원장 {export}\n여는 암호: {passphrase}\n암호는 지금 한 번만 보입니다. 파일과 다른 길로 전하십시오.\n\
             Sealed: ledger entry {export}. The passphrase is shown this once; give it another way than the file."
        ));
    }
    let file = person.bytes(&format!("{PATH}/{export}")).await?;
    write_private(&arguments.out, &file)
        .map_err(|error| format!("{}: {error}", arguments.out.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The copy that was approved; else what stands in the way.
fn agreed<'a>(exports: &'a Exports, kind: ExportCaseKind, id: &str) -> Told<&'a ExportCopy> {
    let of_case = || exports.copies.iter().filter(|copy| copy.kind == kind && copy.id == id);
    let can_be = |copy: &&ExportCopy| copy.proposal.as_ref().is_some_and(|it| it.can_seal);
    if let Some(copy) = of_case().rfind(can_be) {
        return Ok(copy);
    }
    let state = of_case().filter_map(|copy| copy.proposal.as_ref()).next_back().map(|it| it.state);
    Err(match state {
        Some(ProposalState::Open) => {
            "다른 사람의 승인을 기다립니다. · It waits for another person's approval."
        }
        Some(ProposalState::Approved) => {
            "올린 사람이나 승인한 사람이 봉인합니다. 그 사람으로 로그인하십시오. · One of the two seals it: sign in as that person."
        }
        _ if of_case().next().is_some() => {
            "반출 화면에서 작업본을 확인하고 승인을 올리십시오. · Look at the working copy on the page of exports and propose it."
        }
        _ => {
            "이 건의 작업본이 없습니다. 반출 화면에서 만드십시오. · There is no working copy for this case: prepare one on the page of exports."
        }
    }
    .into())
}
