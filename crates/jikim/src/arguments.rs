//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::doctor::DoctorArguments;
use crate::export_command::ExportArguments;
use crate::front_command::FrontArguments;
use crate::login::{LoginArguments, LogoutArguments};
use crate::mask_command::MaskArguments;
use crate::register_command::RegisterArguments;
use crate::request_command::RequestArguments;

/// Jikim: the CCTV system that keeps its published promises.
#[derive(Parser)]
#[command(name = "jikim", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Start the recorder.
    Run(RunArguments),
    /// Start the recorder with simulated cameras, to try it out.
    Demo(DemoArguments),
    /// Add, list, replace, retire cameras of the running recorder.
    Camera(CameraArguments),
    /// Show the state of the running recorder.
    Status(StatusArguments),
    /// Check ledger, reels and catalog, of a running or a stopped recorder.
    Check(CheckArguments),
    /// Show what an outsider needs to verify the ledger.
    Ledger(LedgerArguments),
    /// Attack what Jikim claims of itself, on a running recorder.
    Doctor(DoctorArguments),
    /// Have it certified what was destroyed.
    Destruction(DestructionArguments),
    /// Show the rules of the law that hold on a day.
    Law(LawArguments),
    /// Make the published policy as a file, or look what stands against a description.
    Policy(PolicyArguments),
    /// Show whether the promises of the policy in force are kept.
    Promises(PromisesArguments),
    /// Write the policy, its earlier versions and its promises as a site of plain files.
    Publish(PublishArguments),
    /// Sign in at the running recorder, for the commands that are a person's act.
    Login(LoginArguments),
    /// Persons' requests about footage of themselves: add, list, show, take.
    Request(RequestArguments),
    /// A register that the law asks for, as a file.
    Register(RegisterArguments),
    /// Seal what two people agreed to let out for a case, as one file.
    Export(ExportArguments),
    /// The public form for such requests: its key, its status files; with --listen the form itself.
    Front(FrontArguments),
    /// Sign out again.
    Logout(LogoutArguments),
    /// Cover the people in a clip, so that it can leave the house.
    Mask(MaskArguments),
}

#[derive(Args)]
pub(crate) struct PublishArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Where the files are written.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct PolicyArguments {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Make the policy as a file: of a sample, of a description, or as it is in force.
    Render(RenderArguments),
    /// Make the sign that hangs where people are filmed.
    Sign(SignArguments),
    /// Make a form, blank or filled.
    Form(FormArguments),
    /// Look what is wrong with a policy: the text that an agency publishes, or a description.
    Check(PolicyCheckArguments),
    /// Make the draft of a description from a published text.
    Import(PolicyImportArguments),
}

/// Whose documents are made.
#[derive(Args)]
pub(crate) struct PolicySource {
    /// A sample.
    #[arg(long, value_name = "NAME")]
    pub(crate) institution: Option<InstitutionName>,
    /// A description of an institution (docs/formats/institution.md).
    #[arg(long, value_name = "FILE", conflicts_with = "institution")]
    pub(crate) description: Option<PathBuf>,
    /// The data folder of a running recorder: the policy in force.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["institution", "description"])]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct RenderArguments {
    #[command(flatten)]
    pub(crate) source: PolicySource,
    /// The form of the file.
    #[arg(long)]
    pub(crate) format: Format,
    /// Where it is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct SignArguments {
    #[command(flatten)]
    pub(crate) source: PolicySource,
    /// For which unit of the description; may be left out where there is one sign only.
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
    /// Under the law of which day; today if left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<String>,
    /// The form of the file: html, pdf or json.
    #[arg(long)]
    pub(crate) format: Format,
    /// Where it is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct FormArguments {
    /// Which form.
    #[arg(value_name = "FORM")]
    pub(crate) form: FormName,
    #[command(flatten)]
    pub(crate) source: PolicySource,
    /// What is filled in beforehand (docs/guide/documents.md); blank if left out.
    #[arg(long, value_name = "FILE")]
    pub(crate) fill: Option<PathBuf>,
    /// The form of the file.
    #[arg(long)]
    pub(crate) format: Format,
    /// Where it is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// The forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FormName {
    /// 개인영상정보(존재확인·열람) 청구서.
    AccessRequest,
    /// 통제구역 출입 기록부, with consent to the collection of personal data.
    Consent,
}

/// The form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    Html,
    Pdf,
    Hwpx,
    Json,
}

/// The samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum InstitutionName {
    /// 한국특허기술진흥원: 9 cameras.
    Patent,
    /// 중소벤처기업부: 2 cameras.
    Smes,
    /// 관세인재개발원: 171 cameras.
    Customs,
    /// 군산시: 12 cameras, assumed.
    Gunsan,
    /// 중부지방고용노동청: 60 cameras.
    Labor,
}

#[derive(Args)]
pub(crate) struct PolicyCheckArguments {
    /// A published policy (text or HWPX), or a description of an institution (docs/formats/institution.md).
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Under the law of which day; today if left out.
    #[arg(long, alias = "on", value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<String>,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct PolicyImportArguments {
    /// A published policy: text or HWPX.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where the draft goes.
    #[arg(long, value_name = "DRAFT")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct PromisesArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct LawArguments {
    /// On which day; today if left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<String>,
    /// Only what is about this: refusal-ground, deadline, sign-content, …
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct DestructionArguments {
    #[command(subcommand)]
    pub(crate) command: DestructionCommand,
}

#[derive(Subcommand)]
pub(crate) enum DestructionCommand {
    /// Write a certificate of what became of a camera's footage of a span; jikim-verify reads it.
    Certificate(CertificateArguments),
}

#[derive(Args)]
pub(crate) struct CertificateArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Which camera.
    #[arg(long, value_name = "ID")]
    pub(crate) camera: String,
    /// The first moment of the span (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub(crate) from: String,
    /// The first moment after it, at most 31 days later.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: String,
    /// Where the certificate is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct LedgerArguments {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

#[derive(Subcommand)]
pub(crate) enum LedgerCommand {
    /// Print the verifier key of the running recorder's log: for witnesses, and for the published
    /// policy.
    Key {
        /// The recorder's data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Print the policy with which jikim-verify trusts this log and its witnesses (C2SP tlog-policy).
    Policy {
        /// The recorder's data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

#[derive(Args, Clone)]
pub(crate) struct Place {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct RunArguments {
    /// The recorder's data folder; or `data` in the configuration.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Write results as JSON (the first line always is).
    #[arg(long)]
    pub(crate) json: bool,
    /// Address and port of the pages; or `listen` in the configuration.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// The host's configuration (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// I have looked at this machine's clock and it is right: let destruction go on.
    #[arg(long)]
    pub(crate) confirm_clock: bool,
    /// This holder of the vault key is lost for good (its name as the alarm says it): destruction
    /// goes on without it, and what it keeps is not destroyed in it.
    #[arg(long, value_name = "HOLDER")]
    pub(crate) give_up_holder: Vec<String>,
}

#[derive(Args)]
pub(crate) struct DemoArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Play a sample institution, with its cameras and its policy.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["cameras", "retention"])]
    pub(crate) institution: Option<InstitutionName>,
    /// How many simulated cameras.
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) cameras: u16,
    /// Address and port of the pages.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    pub(crate) listen: SocketAddr,
    /// How long footage is kept: 90s, 2h, 30d.
    #[arg(long, default_value = "30d", value_parser = length)]
    pub(crate) retention: Duration,
    /// Where the clips are that the simulated cameras play; or `JIKIM_CLIPS` in the environment.
    #[arg(long, value_name = "DIR")]
    pub(crate) clips: Option<PathBuf>,
    /// Play this one clip on every camera.
    #[arg(long, value_name = "FILE")]
    pub(crate) clip: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct CameraArguments {
    #[command(subcommand)]
    pub(crate) command: CameraCommand,
}

#[derive(Subcommand)]
pub(crate) enum CameraCommand {
    /// Add a camera and record it from now on.
    Add(AddArguments),
    /// List the cameras.
    List(Place),
    /// Hang another device at a camera's spot; its history stays.
    Replace(ReplaceArguments),
    /// Stop recording a camera for good; what is kept expires in its time.
    Retire(RetireArguments),
}

#[derive(Args)]
pub(crate) struct DeviceArguments {
    /// Address of the main feed: rtsp://HOST:PORT/PATH.
    #[arg(long, required_unless_present = "url_file", conflicts_with = "url_file")]
    pub(crate) url: Option<String>,
    /// A file that holds the address, for one with a password: rtsp://NAME:PASSWORD@HOST/PATH.
    #[arg(long, value_name = "FILE")]
    pub(crate) url_file: Option<PathBuf>,
    /// Address of the sub feed.
    #[arg(long, value_name = "URL")]
    pub(crate) sub_url: Option<String>,
    /// How packets travel.
    #[arg(long, default_value = "tcp", value_parser = ["tcp", "udp"])]
    pub(crate) transport: String,
}

#[derive(Args)]
pub(crate) struct AddArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// What people call it.
    #[arg(long)]
    pub(crate) name: String,
    /// Where it hangs, in words; the name if not given.
    #[arg(long)]
    pub(crate) spot: Option<String>,
    /// The line of the policy that it belongs to: the id of a spot of the description.
    #[arg(long, value_name = "WORD")]
    pub(crate) policy_spot: Option<String>,
    #[command(flatten)]
    pub(crate) device: DeviceArguments,
    /// How long footage is kept at most: 90s, 2h, 30d.
    #[arg(long, default_value = "30d", value_parser = length)]
    pub(crate) retention: Duration,
    /// How long a statute asks it to be kept at least.
    #[arg(long, default_value = "0s", value_parser = length)]
    pub(crate) retention_minimum: Duration,
}

#[derive(Args)]
pub(crate) struct ReplaceArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Which camera.
    #[arg(long, value_name = "ID")]
    pub(crate) id: String,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) device: DeviceArguments,
}

#[derive(Args)]
pub(crate) struct RetireArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Which camera.
    #[arg(long, value_name = "ID")]
    pub(crate) id: String,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Only gaps that end after this moment (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub(crate) gaps_since: Option<String>,
}

#[derive(Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Build the catalog anew from reels and ledger, on a stopped recorder.
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Of a stopped recorder whose configuration names holders of the vault key: that file.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// A length of time as people write it: `90s`, `15m`, `2h`, `30d`.
pub(crate) fn length(text: &str) -> Result<Duration, String> {
    let told = || "write a length of time as 90s, 15m, 2h or 30d".to_owned();
    let unit_at = text.len().checked_sub(1).ok_or_else(told)?;
    let (number, unit) = text.split_at_checked(unit_at).ok_or_else(told)?;
    let number: u64 = number.parse().map_err(|_| told())?;
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(told()),
    };
    number.checked_mul(unit_s).map(Duration::from_secs).ok_or_else(told)
}

/// As people write it back.
pub(crate) fn write_length(length: Duration) -> String {
    let seconds = length.as_secs();
    match seconds {
        s if s > 0 && s % 86_400 == 0 => format!("{}d", s / 86_400),
        s if s > 0 && s % 3600 == 0 => format!("{}h", s / 3600),
        s => format!("{s}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_read_as_people_write_it() {
        for (text, seconds) in [("90s", 90), ("2h", 7200), ("30d", 2_592_000), ("15m", 900)] {
            assert_eq!(length(text), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "s", "30", "-1d", "1.5h", "30 d", "99999999999999999999d", "1일"] {
            assert!(length(text).is_err(), "{text}");
        }
        assert_eq!(write_length(Duration::from_secs(2_592_000)), "30d");
        assert_eq!(write_length(Duration::from_secs(90)), "90s");
    }
}
