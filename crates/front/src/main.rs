//! `jikim-front`: the running form until it is told to stop.

mod arguments;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use front::{Desk, HttpLimits, LONGEST_SETTINGS, Limits, PublicKey, Settings, Store};
use host::{Disk, Fs as _, SystemClock};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use arguments::Arguments;

/// Bytes of the longest key file.
const LONGEST_KEY: usize = 1024;

/// What went wrong, as one sentence that says what to do.
type Told<T> = Result<T, String>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            tell(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Told<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("the operating system gives no threads: {error}"))?;
    let result = runtime.block_on(run_until_told(arguments));
    // A form that waits for a disk that hangs must not keep the program.
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}

async fn run_until_told(arguments: &Arguments) -> Told<()> {
    let key = text(&arguments.key, LONGEST_KEY)?;
    let key: PublicKey = key.parse().map_err(|error| at(&arguments.key, error))?;
    let settings = text(&arguments.settings, LONGEST_SETTINGS)?;
    let settings = Settings::read(&settings).map_err(|error| at(&arguments.settings, error))?;
    let store = Store::open(Arc::new(Disk), &arguments.dir, arguments.most_waiting);
    let store = store.map_err(sentence)?;
    let limits = Limits { taken_of_all: arguments.most_in_an_hour, ..Limits::default() };
    let desk = Arc::new(Desk::new(settings, key, store, Arc::new(SystemClock), limits));
    let tls = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificate), Some(key)) => Some(Arc::new(tls(certificate, key)?)),
        _ => None,
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let limits = HttpLimits { is_behind_proxy: arguments.behind_proxy, ..HttpLimits::default() };
    let server = front::serve(arguments.listen, tls, desk, limits).await.map_err(sentence)?;
    // The first line on standard output: a promise to scripts.
    give(&json!({ "address": format!("{scheme}://{}", server.address()) }).to_string());
    wait_for_the_end().await;
    tracing::info!("stopping");
    server.shutdown().await;
    Ok(())
}

fn text(path: &Path, limit_bytes: usize) -> Told<String> {
    let bytes = Disk.read(path, limit_bytes).map_err(sentence)?;
    String::from_utf8(bytes).map_err(|_| at(path, "it is not UTF-8: save it as such"))
}

fn at(path: &Path, what: impl std::fmt::Display) -> String {
    format!("{}: {what}", path.display())
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
    eprintln!("jikim-front: {sentence}");
}

/// Gives a result to the person or script that asked. One who has hung up is no mistake.
fn give(result: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{result}").and_then(|()| out.flush());
}

/// Diagnostics go to standard error: `JIKIM_LOG` says how much. Only our own: what a library says of a
/// connection may have an address or a form in it.
fn log_to_stderr() {
    let wanted = std::env::var("JIKIM_LOG").unwrap_or_else(|_| "info".into());
    let level = wanted.parse().unwrap_or(tracing::level_filters::LevelFilter::INFO);
    let filter =
        tracing_subscriber::EnvFilter::new(format!("off,front={level},jikim_front={level}"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}
