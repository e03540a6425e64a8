//! The header is the one that the crate gives, and compiles as what it says it is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn made() -> String {
    let mut builder = cbindgen::Builder::new()
        .with_config(cbindgen::Config::from_file(root().join("cbindgen.toml")).unwrap())
        .with_src(root().join("src/types.rs"))
        .with_src(root().join("src/status.rs"));
    for api in [
        "version", "error", "plan", "builder", "arrow", "report", "session",
    ] {
        let path = root().join(format!("src/api/{api}.rs"));
        builder = builder.with_src(path);
    }
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    for_c(&String::from_utf8(text).unwrap())
}

/// Leaves out what the documentation says to writers of Rust only.
fn for_c(header: &str) -> String {
    let mut lines = Vec::new();
    let mut is_safety = false;
    for line in header.lines() {
        is_safety |= line.trim() == "* # Safety";
        is_safety &= line.trim() != "*/";
        if !is_safety {
            lines.push(line.trim_end());
        }
    }
    let mut text = lines.join("\n");
    // The structs of Arrow are declared and not defined, so that any definition of the host's fits.
    for arrow in ["ArrowSchema *", "ArrowArray *", "ArrowArrayStream *"] {
        text = text.replace(&format!(" {arrow}"), &format!(" struct {arrow}"));
        text = text.replace(&format!("({arrow}"), &format!("(struct {arrow}"));
    }
    format!("{}\n", text.replace(" *\n */", " */").trim_end())
}

#[test]
fn the_header_is_up_to_date() {
    let path = root().join("include/guerdon.h");
    let made = made();
    if std::env::var_os("GUERDON_WRITE_HEADER").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap();
    assert!(
        there == made,
        "include/guerdon.h is stale; run GUERDON_WRITE_HEADER=1 cargo test -p guerdon-ffi --test header"
    );
}

#[test]
fn the_header_compiles_as_c_and_as_cpp_without_a_warning() {
    let folder = std::env::temp_dir().join(format!("guerdon-header-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let wanted = [
        ("cc", "-std=c99", "c", "guerdon.h"),
        ("cc", "-std=c11", "c", "guerdon.h"),
        ("c++", "-std=c++17", "cpp", "guerdon.h"),
        ("c++", "-std=c++17", "cpp", "guerdon.hpp"),
    ];
    for (compiler, standard, ending, header) in wanted {
        let unit = folder.join(format!("unit.{ending}"));
        let main = format!(
            "#include <{header}>\nint main(void) {{ return guerdon_abi_version() == GUERDON_ABI_VERSION ? 0 : 1; }}\n"
        );
        std::fs::write(&unit, main).unwrap();
        let compiled = Command::new(compiler)
            .args([
                standard,
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-fsyntax-only",
                "-I",
            ])
            .arg(root().join("include"))
            .arg(&unit)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&compiled.stderr);
        assert!(
            compiled.status.success(),
            "{compiler} {standard} {header}: {told}"
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
