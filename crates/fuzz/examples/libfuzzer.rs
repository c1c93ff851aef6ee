//! The targets under libFuzzer: `./x fuzz` builds and starts it, and says which by the environment.
#![no_main]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for whoever develops")]

use std::path::Path;
use std::sync::LazyLock;

use fuzz::Target;
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = std::env::var("JIKIM_FUZZ_TARGET").unwrap_or_default();
    let names: Vec<_> = fuzz::TARGETS.iter().map(|target| target.name).collect();
    if name == "list" {
        println!("{}", names.join("\n"));
        std::process::exit(0);
    }
    fuzz::target(&name).unwrap_or_else(|| panic!("there is no target {name:?}, but {names:?}"))
});

/// Writes seeds and words to where libFuzzer is told to look for them.
fn prepare() {
    LazyLock::force(&TARGET);
    let Ok(folder) = std::env::var("JIKIM_FUZZ_FOLDER") else { return };
    let folder = Path::new(&folder);
    let corpus = folder.join("corpus");
    std::fs::create_dir_all(&corpus).unwrap();
    for (number, seed) in (TARGET.seeds)().iter().enumerate() {
        std::fs::write(corpus.join(format!("seed-{number:02}")), seed).unwrap();
    }
    let line = |word: &&str| {
        let bytes: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        format!("\"{bytes}\"\n")
    };
    let words: String = TARGET.words.iter().map(line).collect();
    // libFuzzer takes no empty file.
    std::fs::write(folder.join("words"), format!("# {}\n{words}", TARGET.name)).unwrap();
}

fuzz_target!(init: prepare(), |bytes: &[u8]| (TARGET.run)(bytes));
