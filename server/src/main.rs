//! The `passerelle` binary; everything is in the library beside it.

use std::process::ExitCode;

/// Gives back what it no longer needs: with the C library's allocator each thread
/// that hashed a password or inflated a file kept its share for good.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    passerelle::cli::main()
}
