//! The demo's own witness, so that cosigning can be seen. It runs in the recorder's own program and
//! under the same hand, so it proves nothing to anybody: a real one is `jikim-witness`, elsewhere.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use domain::WallTime;
use host::{Clock, Disk, Fs, SystemClock};
use witness::{HttpLimits, Server, Settings, Witness};

use crate::house::{lock_data, open_ledger, recorder_id};
use crate::witnesses::POLICY_FILE;
use crate::{Told, sentence};

const FOLDER: &str = "demo-witness";
const NAME: &str = "witness.demo.invalid";

/// Starts it and writes the policy that names it. One that somebody else wrote is left alone.
pub(crate) async fn start(data: &Path) -> Told<Option<Server>> {
    let (fs, clock): (Arc<dyn Fs>, Arc<dyn Clock>) = (Arc::new(Disk), Arc::new(SystemClock));
    let folder = data.join(FOLDER);
    let policy = data.join(POLICY_FILE);
    let is_known = Disk.exists(&folder).map_err(sentence)?;
    if Disk.exists(&policy).map_err(sentence)? {
        let text = std::fs::read_to_string(&policy).map_err(sentence)?;
        // Whoever named witnesses of his own keeps them.
        if !is_known || !text.contains(&format!(" {NAME}+")) {
            return Ok(None);
        }
    }
    if !is_known {
        // The log has a key only once it was opened.
        let key = tokio::task::block_in_place(|| log_key(data, &fs, &clock))?;
        witness::create(&*fs, &folder, NAME).map_err(sentence)?;
        witness::add_log(&*fs, &folder, &key).map_err(sentence)?;
    }
    let opened = Witness::open(&folder, Arc::clone(&fs), Arc::clone(&clock), Settings::default());
    let witness = Arc::new(opened.map_err(sentence)?);
    let key = witness.verifier_key().to_string();
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = witness::serve(listen, None, witness, clock, HttpLimits::default());
    let server = server.await.map_err(sentence)?;
    let text = format!("witness demo {key} http://{}\nquorum demo\n", server.address());
    Disk.replace(&policy, text.as_bytes()).map_err(sentence)?;
    Ok(Some(server))
}

fn log_key(data: &Path, fs: &Arc<dyn Fs>, clock: &Arc<dyn Clock>) -> Told<String> {
    let _lock = lock_data(data)?;
    let ledger = open_ledger(data, recorder_id(data)?, fs, clock)?;
    let now: WallTime = clock.wall();
    let key = ledger.verifier_key(now.year());
    ledger.close();
    Ok(key)
}
