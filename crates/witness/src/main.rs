//! `jikim-witness`: the commands, and the running witness until it is told to stop.

mod arguments;

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use host::{Clock, Disk, SystemClock};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use witness::{Added, Alarm, HttpLimits, Report, Settings, Witness};

use arguments::{AddLogArguments, Arguments, Command, Place, RunArguments, StatusArguments};

/// How often a running witness looks who is silent.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often it looks whether the list of logs has changed.
const REFRESH_EVERY: Duration = Duration::from_secs(3);

/// The exit code of `status` when a person should look.
const ALARM: u8 = 2;

/// What went wrong, as one sentence that says what to do.
type Told<T> = Result<T, String>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    let result = match arguments.command {
        Command::Init(init) => create(&init.place.data, &init.name),
        Command::Key(place) => key(&place),
        Command::AddLog(add) => add_log(&add),
        Command::Run(arguments) => run(&arguments),
        Command::Status(status) => show_status(&status),
    };
    result.unwrap_or_else(|sentence| {
        tell(&sentence);
        ExitCode::FAILURE
    })
}

fn create(data: &Path, name: &str) -> Told<ExitCode> {
    let key = witness::create(&Disk, data, name).map_err(sentence)?;
    give(&key.to_string());
    Ok(ExitCode::SUCCESS)
}

fn key(place: &Place) -> Told<ExitCode> {
    let key = witness::verifier_key(&Disk, &place.data).map_err(sentence)?;
    give(&key.to_string());
    Ok(ExitCode::SUCCESS)
}

fn add_log(arguments: &AddLogArguments) -> Told<ExitCode> {
    let data = &arguments.place.data;
    witness::verifier_key(&Disk, data).map_err(sentence)?;
    let added = witness::add_log(&Disk, data, &arguments.vkey).map_err(sentence)?;
    let name = arguments.vkey.split('+').next().unwrap_or_default();
    let years = if tlog::recorder_of(name).is_some() { " and later years" } else { "" };
    give(&match added {
        Added::New => format!("added: {name}{years}"),
        Added::Earlier => format!("now from an earlier year on: {name}{years}"),
        Added::Known => format!("known already: {name}; nothing was changed"),
    });
    Ok(ExitCode::SUCCESS)
}

fn show_status(arguments: &StatusArguments) -> Told<ExitCode> {
    let (data, silence) = (&arguments.place.data, arguments.silence);
    let report = witness::read_report(&Disk, &SystemClock, data, silence).map_err(sentence)?;
    if arguments.json {
        give(&format!("{:#}", report.to_json()));
    } else {
        give(&told(&report));
    }
    Ok(if report.is_alarm() { ExitCode::from(ALARM) } else { ExitCode::SUCCESS })
}

/// A report as a person reads it.
fn told(report: &Report) -> String {
    let running = if report.running { "runs" } else { "DOES NOT RUN" };
    let mut lines = vec![format!("witness   {}", report.witness), format!("          {running}")];
    for log in &report.logs {
        lines.push(format!("log       {}", log.origin));
        lines.push(match log.cosigned_at_s {
            Some(_) => format!("          {} entries, last new {} s ago", log.size, log.quiet_s),
            None => "          nothing cosigned yet".to_owned(),
        });
        if log.silent {
            lines.push("          SILENT".to_owned());
        }
        if log.forks > 0 {
            lines.push(format!("          FORK: {} proofs in evidence/", log.forks));
        }
        if log.unproven > 0 {
            lines.push(format!("          {} requests without a good proof", log.unproven));
        }
    }
    if report.logs.is_empty() {
        lines.push("          no logs: jikim-witness add-log adds one".to_owned());
    }
    if report.clock_is_behind() {
        lines.push("CLOCK     behind the last cosignatures: set this machine's clock".to_owned());
    }
    lines.extend(report.damaged.iter().map(|text| format!("DAMAGED   {text}")));
    lines.join("\n")
}

fn run(arguments: &RunArguments) -> Told<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("the operating system gives no threads: {error}"))?;
    let result = runtime.block_on(run_until_told(arguments));
    // A request that waits for a disk that hangs must not keep the program.
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}

async fn run_until_told(arguments: &RunArguments) -> Told<ExitCode> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let settings = Settings { silence: arguments.silence };
    let data = &arguments.place.data;
    let opened = Witness::open(data, Arc::new(Disk), Arc::clone(&clock), settings);
    let witness = Arc::new(opened.map_err(sentence)?);
    let tls = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificate), Some(key)) => Some(Arc::new(tls(certificate, key)?)),
        _ => None,
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let limits = HttpLimits::default();
    let server = witness::serve(arguments.listen, tls, Arc::clone(&witness), clock, limits);
    let server = server.await.map_err(sentence)?;
    say_first_line(scheme, server.address(), &witness);
    let watching = tokio::spawn(watch(Arc::clone(&witness)));
    let refreshing = tokio::spawn(refresh(Arc::clone(&witness)));
    wait_for_the_end().await;
    tracing::info!("stopping");
    watching.abort();
    refreshing.abort();
    server.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// The first line on standard output: a promise to scripts.
fn say_first_line(scheme: &str, address: SocketAddr, witness: &Witness) {
    let line = json!({
        "address": format!("{scheme}://{address}"),
        "witness": witness.verifier_key().to_string(),
    });
    give(&line.to_string());
}

/// Looks who is silent, until the end. It waits for no disk: one that hangs is when it is needed.
async fn watch(witness: Arc<Witness>) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        for alarm in witness.alarms() {
            match alarm {
                Alarm::Silent { origin, quiet } => tracing::error!(
                    log = %origin, quiet_s = quiet.as_secs(),
                    "SILENT: nothing new from this log; see whether the recorder runs and reaches us"
                ),
                Alarm::Back { origin } => tracing::info!(log = %origin, "grows again"),
            }
        }
    }
}

/// Looks whether the list of logs has changed, until the end.
async fn refresh(witness: Arc<Witness>) {
    let mut ticks = tokio::time::interval(REFRESH_EVERY);
    loop {
        ticks.tick().await;
        let witness = Arc::clone(&witness);
        let read = tokio::task::spawn_blocking(move || witness.refresh()).await;
        if let Ok(Err(error)) = read {
            tracing::error!(%error, "the list of logs cannot be read; the old one stays");
        }
    }
}

/// Certificate and key as they are served.
fn tls(certificate: &Path, key: &Path) -> Told<rustls::ServerConfig> {
    let unreadable = |path: &Path, what: &str| {
        format!("{} is not a {what} in PEM form that can be read", path.display())
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|_| unreadable(certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|_| unreadable(key, "private key"))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(sentence)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| format!("certificate and key do not belong together: {error}"))
}

/// Until somebody asks for the end: SIGTERM, or Ctrl-C.
async fn wait_for_the_end() {
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be heard");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be heard");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Says something to the person at the terminal.
#[allow(clippy::print_stderr)]
fn tell(sentence: &str) {
    eprintln!("jikim-witness: {sentence}");
}

/// Gives a result to the person or script that asked. One who has read enough and hung up (`| head`)
/// is no mistake.
fn give(result: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{result}").and_then(|()| out.flush());
}

/// Diagnostics go to standard error: `JIKIM_LOG` says how much.
fn log_to_stderr() {
    let wanted = std::env::var("JIKIM_LOG").unwrap_or_else(|_| "info".into());
    let filter = tracing_subscriber::EnvFilter::try_new(wanted)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .init();
}
