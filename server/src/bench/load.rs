//! A closed loop: as many requests under way as there are connections, each
//! connection sending its next one when it has the answer to the last.

use std::time::{Duration, Instant};

use super::BenchError;
use super::server::{Server, cpu_of_postgres};

/// What a connection does again and again.
pub trait Work: Send + 'static {
    /// Once.
    fn once(&mut self) -> impl Future<Output = Result<(), BenchError>> + Send;
}

/// What was measured in one round.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// Requests answered per second.
    pub rate: f64,
    /// Milliseconds, the median.
    pub median: f64,
    /// Milliseconds, 99 of 100 were faster.
    pub p99: f64,
    /// Milliseconds of the server's processor time for one request.
    pub cpu: f64,
    /// The same of the database's processes, when it has its own.
    pub engine_cpu: f64,
}

/// Runs until the time is over; gives the workers back for the next round.
pub async fn closed_loop<W: Work>(
    workers: Vec<W>,
    lasting: Duration,
    server: &Server,
) -> Result<(Vec<W>, Measured), BenchError> {
    let (cpu, engine) = (server.cpu(), cpu_of_postgres());
    let begun = Instant::now();
    let until = begun + lasting;
    let tasks: Vec<_> = workers
        .into_iter()
        .map(|mut worker| {
            tokio::spawn(async move {
                let mut times = Vec::with_capacity(4096);
                while Instant::now() < until {
                    let sent = Instant::now();
                    worker.once().await?;
                    times.push(sent.elapsed());
                }
                Ok::<_, BenchError>((worker, times))
            })
        })
        .collect();
    let (mut back, mut times) = (Vec::new(), Vec::new());
    for task in tasks {
        let (worker, own) = task.await.map_err(BenchError::doing("a connection"))??;
        back.push(worker);
        times.extend(own);
    }
    let lasted = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let count = times.len().max(1);
    let at = |share: f64| {
        let place = ((count as f64 * share) as usize).min(count - 1);
        times.get(place).map_or(0.0, |t| t.as_secs_f64() * 1e3)
    };
    let each = |spent: Duration| spent.as_secs_f64() * 1e3 / count as f64;
    let measured = Measured {
        rate: count as f64 / lasted,
        median: at(0.5),
        p99: at(0.99),
        cpu: each(server.cpu().saturating_sub(cpu)),
        engine_cpu: each(cpu_of_postgres().saturating_sub(engine)),
    };
    Ok((back, measured))
}

/// The round in the middle, by rate.
pub fn middle(mut rounds: Vec<Measured>) -> Measured {
    rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let place = rounds.len() / 2;
    rounds.get(place).copied().unwrap_or_default()
}
