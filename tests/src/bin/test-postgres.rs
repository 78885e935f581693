//! `test-postgres start|stop`: the server that integration tests share.
//! `test-postgres serve FOLDER NAME…`: another one, on the disk of that folder, with
//! empty databases of those names, whose addresses it prints; it runs until its
//! standard input ends.
#![expect(clippy::print_stdout, reason = "its caller reads the addresses")]

use std::io::Read;
use std::path::Path;

use passerelle_tests::postgres::{self, Cluster};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["start"] => postgres::start(),
        ["stop"] => postgres::stop(),
        ["serve", folder, names @ ..] => {
            // As much as the peer was given when it was measured.
            let cluster = Cluster::start(Path::new(folder), "-c shared_buffers=512MB");
            for name in names {
                println!("{}", cluster.create(name));
            }
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            cluster.stop();
        }
        _ => eprintln!("usage: test-postgres start | stop | serve FOLDER NAME…"),
    }
}
