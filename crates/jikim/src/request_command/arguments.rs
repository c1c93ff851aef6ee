//! What `jikim request` is told.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::front_command::TakeArguments;

#[derive(Args)]
pub(crate) struct RequestArguments {
    #[command(subcommand)]
    pub(crate) command: RequestCommand,
}

#[derive(Subcommand)]
pub(crate) enum RequestCommand {
    /// Take a request in from a file (docs/formats/request.md). What it is about is held at once.
    Add(AddArguments),
    /// List the requests, without names, those first that are due first.
    List(ListArguments),
    /// Show one request with who asks and why. That it was read is entered in the ledger.
    Show(ShowArguments),
    /// Take in the sealed files of the public form (docs/guide/front.md). Exit code 1 if one was left.
    Take(TakeArguments),
}

#[derive(Args)]
pub(crate) struct AddArguments {
    /// The request as a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct ListArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct ShowArguments {
    /// The number of receipt: 2026-17.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Write the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
