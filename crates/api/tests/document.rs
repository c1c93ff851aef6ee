//! The committed OpenAPI document is what the code says, and says what the route table says.

use std::collections::BTreeSet;
use std::path::Path;

use api::{ROUTES, openapi};

#[test]
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/openapi.json");
    let mut document = openapi().to_pretty_json().unwrap();
    document.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == document,
        "docs/formats/openapi.json is not what the code says: run UPDATE=1 cargo test -p api, \
         then npm run types in web/, and look at the difference"
    );
}

#[test]
fn every_route_is_documented_and_nothing_else() {
    let document = serde_json::to_value(openapi()).unwrap();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            documented.insert((method.to_uppercase(), path.clone()));
        }
    }
    let listed = ROUTES
        .iter()
        .map(|route| (route.method.to_string(), route.path.replace("{*", "{")))
        .collect::<BTreeSet<_>>();
    assert_eq!(documented, listed);
}
