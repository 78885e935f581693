//! `test-postgres start|stop`: the server that integration tests share.
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("start") => passerelle_tests::postgres::start(),
        _ => passerelle_tests::postgres::stop(),
    }
}
