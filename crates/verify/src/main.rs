//! `jikim-verify`: the program around the library. See `docs/guide/verify.md`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tlog::policy::Policy;
use verify::disk::{Form, Options};
use verify::{Report, bundle, certificate, checkpoint, destruction, disk, ledger, receipt, source};

/// 지킴 녹화기의 약속을 비밀 없이 확인합니다. · Verifies a Jikim recorder's promises without any secret.
#[derive(Parser)]
#[command(name = "jikim-verify", version)]
struct Arguments {
    /// 결과를 JSON으로 · The result as one JSON document
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 원장 전체 · A whole ledger: signatures, witnesses, every entry
    Ledger {
        /// https://녹화기:8443 또는 폴더 · The recorder's address, or a folder
        ledger: String,
        #[command(flatten)]
        trust: Trust,
        /// 전에 받아 둔 체크포인트 · A checkpoint that was kept from an earlier visit
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
    },
    /// 영수증(tlog-proof) · A receipt: one entry is in the ledger
    Receipt {
        /// The proof file
        file: PathBuf,
        #[command(flatten)]
        trust: Trust,
        /// 기록의 바이트 · The bytes of the entry
        #[arg(long, value_name = "FILE")]
        entry: Option<PathBuf>,
    },
    /// 반출된 영상 파일 · A bundle of footage: the one that was sealed, and not revoked
    Bundle {
        /// The file that was received
        file: PathBuf,
        #[command(flatten)]
        trust: Trust,
        /// 취소되었는지 볼 원장 · The ledger, to see whether it was revoked
        #[arg(long, value_name = "URL|DIR")]
        ledger: Option<String>,
    },
    /// 체크포인트 하나 · One checkpoint: who signed, and whether it continues an earlier one
    Checkpoint {
        /// The signed checkpoint
        file: PathBuf,
        #[command(flatten)]
        trust: Trust,
        /// 앞선 체크포인트 · An earlier one
        #[arg(long, value_name = "FILE", requires = "ledger")]
        old: Option<PathBuf>,
        /// 타일을 읽을 원장 · The ledger whose tiles prove it
        #[arg(long, value_name = "URL|DIR", requires = "old")]
        ledger: Option<String>,
    },
    /// 디스크 이미지에서 파기된 열쇠 찾기 · Looks for destroyed keys on the image of a disk
    Disk {
        /// A raw image or a block device
        image: PathBuf,
        /// The ledger with the commitments
        #[arg(long, value_name = "URL|DIR")]
        ledger: String,
        #[command(flatten)]
        trust: Trust,
        /// 멈췄다가 이어 갈 파일 · A file in which progress is kept
        #[arg(long, value_name = "FILE")]
        resume: Option<PathBuf>,
        /// 열쇠로 시험할 자리의 수 · Windows tried as keys on each piece of destroyed footage
        #[arg(long, value_name = "N", default_value_t = 20_000)]
        sample: u64,
        /// 찾을 꼴 · Forms to look for; without `reversed` it takes half as long
        #[arg(long, value_delimiter = ',', default_values_t = Form::ALL.map(Form::text).map(str::to_owned))]
        forms: Vec<String>,
        /// 스레드 · Threads; as many as there are cores, if not given
        #[arg(long, value_name = "N")]
        threads: Option<usize>,
    },
    /// 기간 안의 파기, 또는 파기 증명서 · What the ledger says was destroyed in a span, or a certificate
    Destruction {
        /// The ledger; of a certificate, to see that nothing was left out of it
        #[arg(long, value_name = "URL|DIR", required_unless_present = "certificate")]
        ledger: Option<String>,
        #[command(flatten)]
        trust: Trust,
        /// 2026-11-01..2026-11-30
        #[arg(long, required_unless_present = "certificate")]
        span: Option<destruction::Span>,
        /// 파기 증명서 · A certificate of destruction
        #[arg(long, value_name = "FILE", conflicts_with = "span")]
        certificate: Option<PathBuf>,
    },
}

#[derive(Args)]
struct Trust {
    /// 믿는 열쇠와 증인(C2SP tlog-policy) · Whom you trust: logs, witnesses, quorum
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
}

/// The longest policy, checkpoint, proof or entry that is read.
const MAX_INPUT_BYTES: u64 = 1 << 20;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(report) => {
            let text =
                if arguments.json { format!("{:#}\n", report.to_json()) } else { report.to_text() };
            // Whoever closed the pipe has what they wanted; the exit code still says the result.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::from(report.word().class().exit_code())
        }
        Err(message) => {
            let _ = writeln!(io::stderr(), "jikim-verify: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<Report, String> {
    match command {
        Command::Ledger { ledger, trust, since } => {
            let (source, policy) = (open(&ledger)?, trust.read()?);
            let since = since.map(|since| read(&since)).transpose()?;
            Ok(ledger::audit("ledger", &*source, &policy, since.as_deref()).report)
        }
        Command::Receipt { file, trust, entry } => {
            let entry = entry.map(|entry| read(&entry)).transpose()?;
            Ok(receipt::verify(&read(&file)?, &trust.read()?, entry.as_deref()))
        }
        Command::Bundle { file, trust, ledger } => {
            let source = ledger.map(|it| open(&it)).transpose()?;
            let file = read_at_most(&file, bundle::MAX_BYTES)?;
            Ok(bundle::verify(&file, &trust.read()?, source.as_deref()))
        }
        Command::Checkpoint { file, trust, old, ledger } => {
            let old = old.map(|old| read(&old)).transpose()?;
            let source = ledger.map(|ledger| open(&ledger)).transpose()?;
            let earlier = old.as_deref().zip(source.as_deref());
            let earlier = earlier.map(|(note, source)| checkpoint::Earlier { note, source });
            Ok(checkpoint::verify(&read(&file)?, &trust.read()?, earlier.as_ref()))
        }
        Command::Disk { image, ledger, trust, resume, sample, forms, threads } => {
            let forms = forms.iter().map(|form| form.parse::<Form>()).collect::<Result<_, _>>()?;
            let cores = || std::thread::available_parallelism().map_or(1, usize::from);
            let threads = threads.unwrap_or_else(cores);
            let options = Options { image, resume, sample, forms, threads };
            scan(&ledger, &trust, &options)
        }
        Command::Destruction { ledger, trust, span, certificate } => {
            let (source, policy) = (ledger.map(|it| open(&it)).transpose()?, trust.read()?);
            if let Some(file) = certificate {
                let bytes = read_at_most(&file, certificate::MAX_BYTES as u64)?;
                return Ok(certificate::verify(&bytes, &policy, source.as_deref()));
            }
            let source = source.ok_or("name the ledger with --ledger")?;
            let span = span.ok_or("name the span with --span")?;
            let audit = ledger::audit("destruction", &*source, &policy, None);
            Ok(destruction::report(audit, span))
        }
    }
}

fn scan(ledger: &str, trust: &Trust, options: &Options) -> Result<Report, String> {
    let audit = ledger::audit("disk", &*open(ledger)?, &trust.read()?, None);
    let mut told = u64::MAX;
    let mut tell = |done: u64, all: u64| {
        let percent = done.saturating_mul(100) / all.max(1);
        if percent != told {
            told = percent;
            let _ = writeln!(io::stderr(), "{percent} % ({done} / {all})");
        }
    };
    disk::verify(audit, options, &mut tell).map_err(|error| with_causes(&error))
}

impl Trust {
    fn read(&self) -> Result<Policy, String> {
        Policy::parse(&read(&self.policy)?).map_err(|error| with_causes(&error))
    }
}

fn open(ledger: &str) -> Result<Box<dyn source::Source>, String> {
    source::open(ledger).map_err(|error| with_causes(&error))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    read_at_most(path, MAX_INPUT_BYTES)
}

fn read_at_most(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, String> {
    let wrong = |error: io::Error| format!("{} could not be read: {error}", path.display());
    let file = std::fs::File::open(path).map_err(wrong)?;
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, limit_bytes + 1), &mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > limit_bytes {
        return Err(format!("{} is longer than such a file can be", path.display()));
    }
    Ok(bytes)
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}
