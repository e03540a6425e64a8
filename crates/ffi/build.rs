//! Gives the shared library its name for the linker, and keeps it in memory once it is loaded.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is_linux = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    if is_linux {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libguerdon_ffi.so.1");
        // Unloading a library whose threads still have values to drop brings hosts down.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
