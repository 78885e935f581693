//! Tracking commits: 2 KB of suspend data, and commits that also change what
//! the activity shows; against the bare target with the same bodies.

use serde_json::{Value, json};

use super::load::{Measured, Work, closed_loop, middle};
use super::report::Report;
use super::scene::{Played, Scene, open_module};
use super::server::Server;
use super::{BenchError, Plan};
use crate::bench::client::Browser;
use crate::demo::PASSWORD;

const SUSPENDED: usize = 2048;

/// A player that commits again and again.
pub(super) struct Player {
    played: Played,
    completes: bool,
}

impl Player {
    fn elements(&self) -> Value {
        let seq = self.played.seq;
        let data = format!("{seq:08}{}", "d".repeat(SUSPENDED - 8));
        let minutes = seq % 60;
        if self.played.launch["standard"] == "2004" {
            let mut set = json!({"cmi.suspend_data": data, "cmi.location": seq.to_string(),
                "cmi.session_time": format!("PT{minutes}M")});
            if self.completes {
                set["cmi.completion_status"] = "completed".into();
                set["cmi.success_status"] = "passed".into();
                set["cmi.score.scaled"] = format!("0.{:02}", 10 + seq % 90).into();
            }
            set
        } else {
            let mut set = json!({"cmi.suspend_data": data, "cmi.core.lesson_location": seq.to_string(),
                "cmi.core.session_time": format!("00:{minutes:02}:00")});
            if self.completes {
                set["cmi.core.lesson_status"] = "passed".into();
                set["cmi.core.score.raw"] = (10 + seq % 90).to_string().into();
            }
            set
        }
    }
}

impl Work for Player {
    async fn once(&mut self) -> Result<(), BenchError> {
        let set = self.elements();
        match self.played.commit(&set).await? {
            204 => Ok(()),
            other => Err(BenchError(format!("a commit was answered {other}"))),
        }
    }
}

/// Measures commits at 16 and 64 connections.
pub(super) async fn measure(
    plan: &Plan,
    scene: &Scene,
    server: &Server,
    target: &Server,
    report: &mut Report,
) -> Result<(), BenchError> {
    let works = [
        (16, false, "commit, 2 KB, 16 connections", Some(90.0)),
        (
            16,
            true,
            "commit that changes the score, 16 connections",
            Some(65.0),
        ),
        (64, false, "commit, 2 KB, 64 connections", None),
    ];
    let wanted = if plan.short { 2 } else { works.len() };
    for (connections, completes, name, moodle) in works.into_iter().take(wanted) {
        // The bare target's players first: those opened last hold the attempts.
        let bare = players(scene, server, connections, completes).await?;
        let bare = bare
            .into_iter()
            .map(|p| Player {
                played: p.played.aimed_at(target.pages),
                ..p
            })
            .collect();
        let own = players(scene, server, connections, completes).await?;
        let (real, compared) = alternate(plan, (own, server), (bare, target)).await?;
        report.row(name, real, Some(compared), moodle);
    }
    Ok(())
}

pub(super) async fn players(
    scene: &Scene,
    server: &Server,
    count: usize,
    completes: bool,
) -> Result<Vec<Player>, BenchError> {
    let mut made = Vec::with_capacity(count);
    for (enrolment, identifier) in scene.players.iter().take(count) {
        let mut browser = Browser::sign_in(server.pages, identifier, PASSWORD).await?;
        let played = open_module(&mut browser, server.content, *enrolment, scene.activity).await?;
        made.push(Player { played, completes });
    }
    Ok(made)
}

/// Rounds of one and the other in turn, after a short one of each to warm up.
pub(super) async fn alternate<A: Work, B: Work>(
    plan: &Plan,
    (mut own, server): (Vec<A>, &Server),
    (mut bare, target): (Vec<B>, &Server),
) -> Result<(Measured, Measured), BenchError> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    own = closed_loop(own, plan.lasting / 4, server).await?.0;
    bare = closed_loop(bare, plan.lasting / 4, target).await?.0;
    for _ in 0..plan.rounds {
        let (back, measured) = closed_loop(own, plan.lasting, server).await?;
        own = back;
        ours.push(measured);
        let (back, measured) = closed_loop(bare, plan.lasting, target).await?;
        bare = back;
        theirs.push(measured);
    }
    Ok((middle(ours), middle(theirs)))
}
