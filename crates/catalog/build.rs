//! Builds the crate again when a migration is added: the compiler sees only those it already knows.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
