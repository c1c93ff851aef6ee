//! The pages and what every answer carries.

use domain::Role;

use crate::browser::Ask;
use crate::recorder::Recorder;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_come_whole_and_run_nothing_else() {
    let recorder = Recorder::new().await;
    let index = recorder.browser.ask(Ask::new("GET", "/")).await;
    assert_eq!(index.status, 200);
    assert_eq!(index.header("content-type"), Some("text/html; charset=utf-8"));
    let host = recorder.browser.address;
    let policy = format!(
        "default-src 'self'; connect-src 'self' wss://{host}; media-src blob:; object-src 'none'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    assert_eq!(index.header("content-security-policy"), Some(policy.as_str()));
    assert_eq!(index.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(index.header("referrer-policy"), Some("no-referrer"));

    let html = String::from_utf8(index.body).unwrap();
    let assets = html.split('"').filter(|text| text.starts_with("/assets/"));
    let mut kinds: Vec<String> = Vec::new();
    for asset in assets {
        let reply = recorder.browser.ask(Ask::new("GET", asset)).await;
        assert_eq!(reply.status, 200, "{asset}");
        kinds.push(reply.header("content-type").unwrap().into());
        let tag = reply.header("etag").unwrap();
        let again = Ask::new("GET", asset).header("If-None-Match", tag);
        let again = recorder.browser.ask(again).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    kinds.sort();
    assert_eq!(kinds, ["text/css; charset=utf-8", "text/javascript; charset=utf-8"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_not_there() {
    let recorder = Recorder::new().await;
    for path in ["/api/v1/nothing", "/../Cargo.toml", "/assets/", "/index.html/x"] {
        let reply = recorder.browser.ask(Ask::new("GET", path)).await;
        assert_eq!((reply.status, reply.code().as_deref()), (404, Some("not-found")), "{path}");
    }
    let reply = recorder.browser.ask(Ask::new("DELETE", "/api/v1/cameras").marked()).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_the_api_is_kept_by_anybody() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Contractor).await.expose();
    for path in ["/api/v1/session", "/api/v1/cameras", "/api/v1/health", "/api/v1/live"] {
        let reply = recorder.browser.ask(Ask::new("GET", path).session(&session)).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_are_answered() {
    let recorder = Recorder::new().await;
    let list = format!("/ledger-public/companion/{}", "a".repeat(64));
    for (path, body) in [
        ("/healthz", "ok\n"),
        ("/readyz", "ready\n"),
        ("/metrics", "jikim_up 1\n"),
        ("/ledger-public/2026/checkpoint", "bytes"),
        ("/ledger-public/2026/cosigned", "bytes"),
        ("/ledger-public/2026/tile/0/000", "bytes"),
        (&list, "bytes"),
    ] {
        let reply = recorder.browser.ask(Ask::new("GET", path)).await;
        assert_eq!((reply.status, reply.body), (200, body.as_bytes().to_vec()), "{path}");
    }
    for path in [
        "/ledger-public/2026/tile/../../key.slots",
        "/ledger-public/x/checkpoint",
        "/ledger-public/companion/key.slots",
    ] {
        assert_eq!(recorder.browser.ask(Ask::new("GET", path)).await.status, 404, "{path}");
    }
}
