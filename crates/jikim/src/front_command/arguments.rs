//! What `jikim front` and `jikim request take` are told.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct FrontArguments {
    #[command(subcommand)]
    pub(crate) command: Option<FrontCommand>,
    #[command(flatten)]
    pub(crate) listen: ListenArguments,
}

#[derive(Subcommand)]
pub(crate) enum FrontCommand {
    /// Write the key to which the form seals; made the first time. Its private half stays here.
    Key(KeyArguments),
    /// Write what the form's status page says of each request that came from it (after jikim login).
    Status(StatusArguments),
}

/// The form itself; each goes to jikim-front.
#[derive(Args)]
pub(crate) struct ListenArguments {
    /// Address and port of the form.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// What `jikim front key` wrote.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The form's folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// What the agency says of itself (docs/guide/front.md).
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// The certificate, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A proxy of the agency stands before it.
    #[arg(long)]
    pub(crate) behind_proxy: bool,
}

#[derive(Args)]
pub(crate) struct KeyArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Where the public key is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Where the status files are written; of these, what is of no use any more is removed.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct TakeArguments {
    /// The folder of sealed files that was carried from the form.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Remove from the folder what was taken.
    #[arg(long)]
    pub(crate) remove: bool,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
