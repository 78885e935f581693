//! How many launches a core checks in a second: signature, envelope and message.
#![expect(clippy::expect_used, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Forge, honest};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use passerelle_lti_protocol::validate;

fn launches(criterion: &mut Criterion) {
    let forge = Forge::new();
    let token = forge.key.sign(&honest()).expect("signed");
    let (platform, expected) = (forge.platform(), forge.expected());
    let mut group = criterion.benchmark_group("launch");
    group.throughput(Throughput::Elements(1));
    group.bench_function("validate", |bencher| {
        bencher.iter(|| validate(&token, &forge.keys, &platform, &expected).expect("accepted"));
    });
    group.finish();
}

criterion_group!(benches, launches);
criterion_main!(benches);
