use passerelle_kernel::Micros;
use passerelle_kernel::env::{DAY, MINUTE, token_hash};
use passerelle_web::access::Authenticator;

use super::{PASSWORD, START, Stage, visitor};
use crate::PasswordCost;
use crate::accounts::Hasher;
use crate::accounts::authenticator::Sessions;
use crate::accounts::model::{ASKED_LINK_LIFETIME, LINK_LIFETIME};
use crate::accounts::sessions::Client;
use crate::accounts::sign_in::{self, Attempt, Changed, Chosen, Outcome};
use crate::accounts::store::{self, NewLink, Purpose};

const AMINA: &str = "amina@exemple.fr";

fn hasher() -> Hasher {
    Hasher::new(PasswordCost::TEST)
}

async fn attempt(
    stage: &Stage,
    hasher: &Hasher,
    identifier: &str,
    password: &str,
    client: &Client,
) -> Outcome {
    let attempt = Attempt {
        identifier,
        password,
        client,
    };
    sign_in::with_password(&stage.db, hasher, &attempt)
        .await
        .expect("answers")
}

async fn signed_in(stage: &Stage) -> String {
    match attempt(stage, &hasher(), AMINA, PASSWORD, &visitor(1)).await {
        Outcome::In(token) => token,
        other => panic!("{other:?}"),
    }
}

async fn link(stage: &Stage, token: &str, purpose: Purpose, lifetime: Micros) {
    let account = store::by_identifier(stage.db.read(), AMINA)
        .await
        .expect("reads")
        .expect("an account");
    let tx = stage.write().await;
    let link = NewLink {
        token,
        account: account.id,
        purpose,
        next: Some("/ma-formation"),
        lifetime,
    };
    store::insert_link(&tx, link).await.expect("writes");
    tx.commit().await.expect("commits");
}

#[tokio::test]
async fn a_password_opens_a_session_whose_token_is_not_in_the_database() {
    let stage = Stage::new().await;
    let token = signed_in(&stage).await;
    assert_eq!(token.len(), 64);
    let who = Sessions
        .authenticate(&stage.db, &token)
        .await
        .expect("reads")
        .expect("signed in");
    assert_eq!(
        (who.person, who.name.as_str()),
        (stage.amina, "Amina Benali")
    );
    assert_eq!(
        who.roles,
        [(stage.centre, passerelle_web::Role::Administrator)]
    );
    assert_eq!(who.session, token_hash(&token));
    let mine = store::sessions(stage.db.read(), who.account, START)
        .await
        .expect("reads");
    assert_eq!(
        mine.iter()
            .map(|session| &session.token_hash)
            .collect::<Vec<_>>(),
        [&who.session]
    );
    assert!(
        Sessions
            .authenticate(&stage.db, &"0".repeat(64))
            .await
            .expect("reads")
            .is_none()
    );
    assert!(
        Sessions
            .authenticate(&stage.db, "'; --")
            .await
            .expect("reads")
            .is_none()
    );
}

#[tokio::test]
async fn somebody_unknown_costs_the_same_work_and_the_same_answer() {
    let stage = Stage::new().await;
    let hasher = hasher();
    assert_eq!(
        attempt(
            &stage,
            &hasher,
            "personne@exemple.fr",
            PASSWORD,
            &visitor(1)
        )
        .await,
        Outcome::Refused
    );
    assert_eq!(hasher.runs(), 1, "an unknown identifier is hashed for");
    assert_eq!(
        attempt(&stage, &hasher, AMINA, "autre chose que cela", &visitor(1)).await,
        Outcome::Refused
    );
    assert_eq!(hasher.runs(), 2);
    assert_eq!(
        attempt(&stage, &hasher, AMINA, &PASSWORD.repeat(200), &visitor(1)).await,
        Outcome::Refused
    );
    assert_eq!(
        hasher.runs(),
        3,
        "a password that is too long is worked for as well"
    );
}

#[tokio::test]
async fn the_sixth_attempt_waits_whether_the_identifier_exists_or_not() {
    for identifier in [AMINA, "personne@exemple.fr"] {
        let stage = Stage::new().await;
        let hasher = hasher();
        for place in 0..5 {
            let from = visitor(place);
            assert_eq!(
                attempt(&stage, &hasher, identifier, "faux faux faux", &from).await,
                Outcome::Refused
            );
        }
        let outcome = attempt(&stage, &hasher, identifier, PASSWORD, &visitor(9)).await;
        assert_eq!(outcome, Outcome::Wait(START + MINUTE));
        assert_eq!(hasher.runs(), 5, "whoever waits is not worked for");
        stage.clock.advance(MINUTE);
        let known = identifier == AMINA;
        let outcome = attempt(&stage, &hasher, identifier, PASSWORD, &visitor(9)).await;
        assert_eq!(matches!(outcome, Outcome::In(_)), known);
    }
}

#[tokio::test]
async fn one_place_cannot_try_many_identifiers() {
    let stage = Stage::new().await;
    let hasher = hasher();
    for n in 0..40 {
        let identifier = format!("personne{n}@exemple.fr");
        assert_eq!(
            attempt(&stage, &hasher, &identifier, "faux faux faux", &visitor(1)).await,
            Outcome::Refused
        );
    }
    assert!(matches!(
        attempt(&stage, &hasher, AMINA, PASSWORD, &visitor(1)).await,
        Outcome::Wait(_)
    ));
    assert!(matches!(
        attempt(&stage, &hasher, AMINA, PASSWORD, &visitor(2)).await,
        Outcome::In(_)
    ));
}

#[tokio::test]
async fn many_attempts_at_once_are_not_all_the_first() {
    let stage = std::sync::Arc::new(Stage::new().await);
    let hasher = hasher();
    let mut tasks = Vec::new();
    for place in 0..12 {
        let (stage, hasher) = (stage.clone(), hasher.clone());
        tasks.push(tokio::spawn(async move {
            attempt(&stage, &hasher, AMINA, "faux faux faux", &visitor(place)).await
        }));
    }
    for task in tasks {
        task.await.expect("ends");
    }
    assert_eq!(hasher.runs(), 5);
}

#[tokio::test]
async fn a_link_works_once() {
    let stage = Stage::new().await;
    link(&stage, "secret", Purpose::SignIn, ASKED_LINK_LIFETIME).await;
    let seen = store::link(stage.db.read(), "secret", START)
        .await
        .expect("reads");
    assert!(seen.is_some(), "looking at it does not use it");
    let (token, next) = sign_in::with_link(&stage.db, "secret", &visitor(1))
        .await
        .expect("answers")
        .expect("signed in");
    assert_eq!(next.as_deref(), Some("/ma-formation"));
    assert!(
        Sessions
            .authenticate(&stage.db, &token)
            .await
            .expect("reads")
            .is_some()
    );
    assert!(
        sign_in::with_link(&stage.db, "secret", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
    assert!(
        sign_in::with_link(&stage.db, "autre", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
}

#[tokio::test]
async fn a_link_expires_after_twenty_minutes_and_never_lasts_more_than_a_week() {
    let stage = Stage::new().await;
    link(&stage, "secret", Purpose::SignIn, ASKED_LINK_LIFETIME).await;
    link(&stage, "long", Purpose::SignIn, 90 * DAY).await;
    stage.clock.advance(20 * MINUTE);
    assert!(
        sign_in::with_link(&stage.db, "secret", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
    stage.clock.set(START + LINK_LIFETIME);
    assert!(
        sign_in::with_link(&stage.db, "long", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
}

#[tokio::test]
async fn a_link_of_one_purpose_does_not_serve_another() {
    let stage = Stage::new().await;
    link(&stage, "entrer", Purpose::SignIn, ASKED_LINK_LIFETIME).await;
    link(&stage, "choisir", Purpose::Invitation, LINK_LIFETIME).await;
    assert!(
        sign_in::with_link(&stage.db, "choisir", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
    assert!(
        sign_in::invited(&stage.db, "choisir")
            .await
            .expect("reads")
            .is_some(),
        "the wrong page does not use it up"
    );
    assert!(
        sign_in::invited(&stage.db, "entrer")
            .await
            .expect("reads")
            .is_none()
    );
}

#[tokio::test]
async fn an_invitation_survives_a_weak_password_and_ends_with_a_good_one() {
    let stage = Stage::new().await;
    let old = signed_in(&stage).await;
    link(&stage, "choisir", Purpose::Invitation, LINK_LIFETIME).await;
    let choose = async |password: &str| {
        sign_in::choose_password(&stage.db, &hasher(), "choisir", password, &visitor(1))
            .await
            .expect("answers")
    };
    assert_eq!(
        choose("court").await,
        Chosen::Password("account-error-password-short")
    );
    let Chosen::In(token, next) = choose("un autre mot bien long").await else {
        panic!("not signed in")
    };
    assert_eq!(next.as_deref(), Some("/ma-formation"));
    assert!(
        Sessions
            .authenticate(&stage.db, &token)
            .await
            .expect("reads")
            .is_some()
    );
    assert!(
        Sessions
            .authenticate(&stage.db, &old)
            .await
            .expect("reads")
            .is_none(),
        "older sessions end"
    );
    assert_eq!(choose("un autre mot bien long").await, Chosen::Gone);
    let outcome = attempt(
        &stage,
        &hasher(),
        AMINA,
        "un autre mot bien long",
        &visitor(1),
    )
    .await;
    assert!(matches!(outcome, Outcome::In(_)));
}

#[tokio::test]
async fn the_command_line_can_give_an_invitation() {
    let stage = Stage::new().await;
    let tx = stage.write().await;
    let path = crate::invitation_link(&tx, stage.amina)
        .await
        .expect("writes")
        .expect("a link");
    assert!(
        crate::invitation_link(&tx, stage.centre)
            .await
            .expect("answers")
            .is_none()
    );
    tx.commit().await.expect("commits");
    let token = path.strip_prefix("/invitation/").expect("its page");
    let account = sign_in::invited(&stage.db, token)
        .await
        .expect("reads")
        .expect("an account");
    assert_eq!(account.person_id, stage.amina);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_link() {
    let stage = Stage::new().await;
    let (here, there) = (signed_in(&stage).await, signed_in(&stage).await);
    link(&stage, "secret", Purpose::SignIn, ASKED_LINK_LIFETIME).await;
    let account = store::by_identifier(stage.db.read(), AMINA)
        .await
        .expect("reads")
        .expect("an account")
        .id;
    let tx = stage.write().await;
    assert_eq!(store::end_all(&tx, account, None).await.expect("ends"), 2);
    tx.commit().await.expect("commits");
    for token in [here, there] {
        assert!(
            Sessions
                .authenticate(&stage.db, &token)
                .await
                .expect("reads")
                .is_none()
        );
    }
    assert!(
        sign_in::with_link(&stage.db, "secret", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
}

#[tokio::test]
async fn a_session_slides_for_thirty_days_and_is_written_every_ten_minutes_only() {
    let stage = Stage::new().await;
    let token = signed_in(&stage).await;
    let seen = async || stage.count("SELECT seen_at FROM sign_in_session").await;
    stage.clock.advance(9 * MINUTE);
    Sessions
        .authenticate(&stage.db, &token)
        .await
        .expect("reads");
    assert_eq!(seen().await, START);
    stage.clock.advance(MINUTE);
    Sessions
        .authenticate(&stage.db, &token)
        .await
        .expect("reads");
    assert_eq!(seen().await, START + 10 * MINUTE);
    stage.clock.advance(30 * DAY - MINUTE);
    assert!(
        Sessions
            .authenticate(&stage.db, &token)
            .await
            .expect("reads")
            .is_some()
    );
    stage.clock.advance(30 * DAY);
    assert!(
        Sessions
            .authenticate(&stage.db, &token)
            .await
            .expect("reads")
            .is_none()
    );
    signed_in(&stage).await;
    assert_eq!(
        stage.count("SELECT COUNT(*) FROM sign_in_session").await,
        1,
        "expired ones are erased"
    );
}

#[tokio::test]
async fn a_closed_account_neither_enters_nor_stays() {
    let stage = Stage::new().await;
    let token = signed_in(&stage).await;
    link(&stage, "secret", Purpose::SignIn, ASKED_LINK_LIFETIME).await;
    let account = store::by_identifier(stage.db.read(), AMINA)
        .await
        .expect("reads")
        .expect("an account")
        .id;
    let tx = stage.write().await;
    assert!(
        store::set_disabled(&tx, account, Some(START))
            .await
            .expect("writes")
    );
    assert!(
        !store::set_disabled(&tx, account, Some(START))
            .await
            .expect("writes")
    );
    tx.commit().await.expect("commits");
    assert!(
        Sessions
            .authenticate(&stage.db, &token)
            .await
            .expect("reads")
            .is_none()
    );
    assert_eq!(
        attempt(&stage, &hasher(), AMINA, PASSWORD, &visitor(1)).await,
        Outcome::Refused
    );
    assert!(
        sign_in::with_link(&stage.db, "secret", &visitor(1))
            .await
            .expect("answers")
            .is_none()
    );
    assert!(
        sign_in::reachable(&stage.db, AMINA)
            .await
            .expect("reads")
            .is_empty()
    );
}

#[tokio::test]
async fn changing_a_password_asks_for_the_current_one_and_keeps_this_session_only() {
    let stage = Stage::new().await;
    let (here, there) = (signed_in(&stage).await, signed_in(&stage).await);
    let client = visitor(1);
    let change = async |current: &str, new: &str| {
        let attempt = Attempt {
            identifier: AMINA,
            password: current,
            client: &client,
        };
        sign_in::change_password(&stage.db, &hasher(), &attempt, new, &token_hash(&here))
            .await
            .expect("answers")
    };
    assert_eq!(
        change("faux faux faux", "un autre mot bien long").await,
        Changed::Wrong
    );
    assert_eq!(
        change(PASSWORD, "123456789012").await,
        Changed::Password("account-error-password-repeated")
    );
    assert_eq!(
        change(PASSWORD, "un autre mot bien long").await,
        Changed::Done(1)
    );
    assert!(
        Sessions
            .authenticate(&stage.db, &here)
            .await
            .expect("reads")
            .is_some()
    );
    assert!(
        Sessions
            .authenticate(&stage.db, &there)
            .await
            .expect("reads")
            .is_none()
    );
}

#[tokio::test]
async fn a_shared_address_reaches_those_who_can_be_written_to_there() {
    let stage = Stage::new().await;
    for (given, identifier) in [("Bastien", "bastien"), ("Chloé", "chloe")] {
        let id = stage
            .account(stage.centre, given, "Roques", identifier)
            .await;
        let tx = stage.write().await;
        let sql = "UPDATE space_person SET email = 'accueil@exemple.fr' WHERE person_id = $1";
        let statement = passerelle_kernel::db::statement(&*tx, sql, [id.into()]);
        sea_orm::ConnectionTrait::execute_raw(&*tx, statement)
            .await
            .expect("writes");
        tx.commit().await.expect("commits");
    }
    let reached = sign_in::reachable(&stage.db, "accueil@exemple.fr")
        .await
        .expect("reads");
    let reached: Vec<_> = reached
        .iter()
        .map(|(account, to)| (account.identifier.as_str(), to.as_str()))
        .collect();
    assert_eq!(
        reached,
        [
            ("bastien", "accueil@exemple.fr"),
            ("chloe", "accueil@exemple.fr")
        ]
    );
    let alone = sign_in::reachable(&stage.db, "chloe").await.expect("reads");
    assert_eq!(alone.len(), 1);
    assert!(
        sign_in::reachable(&stage.db, "personne")
            .await
            .expect("reads")
            .is_empty()
    );
}
