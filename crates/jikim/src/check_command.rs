//! `jikim check`: ledger, reels and catalog held against each other.

use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::Arc;

use access::{Asker, Grant, Request, Target, act};
use domain::Action;
use host::{MemoryLock, SystemClock};
use hyper::Method;
use serde::{Deserialize, Serialize};

use crate::arguments::CheckArguments;
use crate::config::HostConfig;
use crate::exports::MASK_SOCKET;
use crate::house::{House, HouseConfig};
use crate::press_line::PRESS_SOCKET;
use crate::socket_client::{Reply, ask};
use crate::{Told, give, sentence};

/// What was found: the document of `jikim check --json` (`docs/formats/status.md`).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CheckReport {
    pub(crate) ok: bool,
    pub(crate) ledger_entries: u64,
    pub(crate) reels: u64,
    pub(crate) open_reels: u64,
    pub(crate) records: u64,
    pub(crate) bytes: u64,
    pub(crate) listed_reels: u64,
    pub(crate) faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) place: String,
    pub(crate) what: String,
}

/// Checks a running recorder over its socket, or a stopped one by itself.
pub(crate) async fn check(arguments: CheckArguments) -> Told<ExitCode> {
    let place = &arguments.place;
    let path = format!("/check?rebuild={}", arguments.rebuild);
    let document = match ask(&place.data, Method::POST, &path, None).await? {
        Reply::Done(document) => document,
        Reply::NobodyThere => check_stopped(&arguments).await?,
    };
    let report: CheckReport = serde_json::from_value(document.clone()).map_err(sentence)?;
    if place.json {
        give(&document.to_string());
    } else {
        say(&report);
    }
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(report: &CheckReport) {
    for fault in &report.faults {
        give(&format!("{}: {}", fault.place, fault.what));
    }
    give(&format!(
        "{}: {} ledger entries, {} reels ({} open), {} records, {} bytes, {} reels listed",
        if report.ok { "all is well" } else { "NOT well" },
        report.ledger_entries,
        report.reels,
        report.open_reels,
        report.records,
        report.bytes,
        report.listed_reels,
    ));
}

/// The house without cameras: opening it completes what a crash left, and lists what is not listed.
async fn check_stopped(arguments: &CheckArguments) -> Told<serde_json::Value> {
    let data = &arguments.place.data;
    if !data.join("recorder.id").is_file() {
        return Err(format!("{} is not a data folder of Jikim", data.display()));
    }
    let config = HostConfig::read(arguments.config.as_deref())?;
    let house = House::open(HouseConfig {
        data: data.clone(),
        volumes: Vec::new(),
        holders: config.holders(Vec::new()),
        clock_is_confirmed: false,
        is_demo: false,
        memory: Some(MemoryLock::take().map_err(sentence)?),
        time_servers: Vec::new(),
        access_life: ledger::AccessLife::TwoYears,
        records: false,
        press: data.join(PRESS_SOCKET),
        mask: data.join(MASK_SOCKET),
        clock: Arc::new(SystemClock),
    })
    .await?;
    let asker = Asker::os(rustix::process::getuid().as_raw());
    let request = Request::new(Action::Check, Target::House);
    let effect =
        async |grant: &Grant<act::Check>| check_running(&house, grant, arguments.rebuild).await;
    let report = house.access.perform(&asker, request, effect).await.map_err(sentence);
    house.close().await;
    serde_json::to_value(report?).map_err(sentence)
}

/// Checks a house that is open.
pub(crate) async fn check_running(
    house: &House,
    grant: &Grant<act::Check>,
    rebuild: bool,
) -> Told<CheckReport> {
    grant.check().map_err(sentence)?;
    if rebuild {
        rebuild_catalog(house).await?;
    }
    let mut faults = Vec::new();
    let mut fault = |place: &str, what: String| faults.push(Fault { place: place.into(), what });
    let ledger_entries = match tokio::task::block_in_place(|| house.ledger.check()) {
        Ok(entries) => entries,
        Err(what) => {
            fault("ledger", what);
            0
        }
    };
    let vault = tokio::task::block_in_place(|| {
        // What was just closed is entered before it is looked for in the ledger.
        house.vault.settle();
        house.vault.check()
    });
    for found in &vault.faults {
        fault(&found.path.display().to_string(), found.what.clone());
    }
    let catalog = house.catalog.check().await.map_err(sentence)?;
    for what in &catalog.problems {
        fault("catalog", what.clone());
    }
    let listed = house.catalog.reels().await.map_err(sentence)?.len() as u64;
    let closed = vault.reels - vault.open;
    if listed < closed {
        fault(
            "catalog",
            format!("{listed} of {closed} closed reels are listed; run jikim check --rebuild"),
        );
    }
    Ok(CheckReport {
        ok: faults.is_empty(),
        ledger_entries,
        reels: vault.reels,
        open_reels: vault.open,
        records: vault.records,
        bytes: vault.bytes,
        listed_reels: listed,
        faults,
    })
}

/// Every closed reel is listed again; destruction is frozen until that is complete.
async fn rebuild_catalog(house: &House) -> Told<()> {
    house.catalog.rebuild_begin().await.map_err(sentence)?;
    house.vault.freeze_destruction(Some("the catalog is being rebuilt from the reels"));
    let listed: HashSet<_> =
        house.catalog.reels().await.map_err(sentence)?.into_iter().map(|row| row.reel).collect();
    let again = tokio::task::block_in_place(|| {
        house.vault.list_again(&listed).map(|()| house.vault.settle())
    });
    again?;
    house.catalog.rebuild_finish().await.map_err(sentence)?;
    house.vault.freeze_destruction(None);
    Ok(())
}
