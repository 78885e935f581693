use std::collections::HashSet;
use std::sync::Arc;

use passerelle_kernel::journal::Actor;
use passerelle_web::access::{SignedIn, Who};
use passerelle_web::directory::Space;
use passerelle_web::{Action, Allowed, Lang, Role};

use super::{Stage, person};
use crate::accounts::AccountError;
use crate::accounts::model::LINK_LIFETIME;
use crate::accounts::store as accounts;
use crate::persons::model::{AccountState, Filter, PersonDraft};
use crate::persons::policy::{EditPerson, ManageAccount, PersonInSpace};
use crate::persons::{PersonError, commands, store};
use crate::spaces::SpaceError;
use crate::spaces::commands::{EditSpace, edit_space};
use crate::spaces::model::SpaceSettings;
use crate::{NewAccount, NewSpace};

const SYSTEM: Actor = Actor::System("test");

async fn find_or_create(
    stage: &Stage,
    space: passerelle_kernel::Uuid,
    given: &str,
    family: &str,
    email: Option<&str>,
) -> passerelle_kernel::Uuid {
    let tx = stage.write().await;
    let id = stage
        .app
        .directory()
        .find_or_create(&tx, space, &person(given, family, email))
        .await
        .expect("finds");
    tx.commit().await.expect("commits");
    id
}

async fn space(stage: &Stage, slug: &str) -> Arc<Space> {
    stage
        .app
        .directory()
        .space_by_slug(&stage.db, slug)
        .await
        .expect("reads")
        .expect("a space")
}

async fn target(stage: &Stage, slug: &str, id: passerelle_kernel::Uuid) -> PersonInSpace {
    let space = space(stage, slug).await;
    let record = store::record(stage.db.read(), space.id, id)
        .await
        .expect("reads")
        .expect("a person");
    PersonInSpace { space, record }
}

fn who(person: passerelle_kernel::Uuid, roles: &[(passerelle_kernel::Uuid, Role)]) -> Who {
    let signed_in = SignedIn {
        person,
        account: person,
        name: String::new(),
        lang: Lang::Fr,
        roles: roles.to_vec(),
        bare: false,
        session: Vec::new(),
    };
    Who(Some(Arc::new(signed_in)))
}

#[tokio::test]
async fn the_same_address_and_the_same_name_are_the_same_person() {
    let stage = Stage::new().await;
    let first = find_or_create(
        &stage,
        stage.centre,
        "Élodie",
        "Durand",
        Some("accueil@exemple.fr"),
    )
    .await;
    let again = find_or_create(
        &stage,
        stage.centre,
        "elodie",
        "DURAND",
        Some("Accueil@Exemple.fr"),
    )
    .await;
    assert_eq!(first, again);
    let colleague = find_or_create(
        &stage,
        stage.centre,
        "Farid",
        "Durand",
        Some("accueil@exemple.fr"),
    )
    .await;
    assert_ne!(first, colleague, "an address alone finds nobody");
    let namesake = find_or_create(
        &stage,
        stage.centre,
        "Élodie",
        "Durand",
        Some("elodie@exemple.fr"),
    )
    .await;
    assert_ne!(first, namesake, "a name alone finds nobody");
    let nowhere = find_or_create(&stage, stage.centre, "Élodie", "Durand", None).await;
    let nowhere_else = find_or_create(&stage, stage.centre, "Élodie", "Durand", None).await;
    assert_ne!(nowhere, nowhere_else, "without an address everybody is new");
}

#[tokio::test]
async fn the_first_to_bring_an_address_signs_in_with_it() {
    let stage = Stage::new().await;
    let first = find_or_create(
        &stage,
        stage.centre,
        "Élodie",
        "Durand",
        Some("accueil@exemple.fr"),
    )
    .await;
    let second = find_or_create(
        &stage,
        stage.centre,
        "Farid",
        "Durand",
        Some("accueil@exemple.fr"),
    )
    .await;
    let account = accounts::by_person(stage.db.read(), first)
        .await
        .expect("reads")
        .expect("an account");
    assert_eq!(
        (account.identifier.as_str(), account.password_hash),
        ("accueil@exemple.fr", None)
    );
    assert!(
        accounts::by_person(stage.db.read(), second)
            .await
            .expect("reads")
            .is_none()
    );
}

#[tokio::test]
async fn somebody_known_elsewhere_by_identifier_and_name_joins_the_space() {
    let stage = Stage::new().await;
    let joined = find_or_create(
        &stage,
        stage.voisine,
        "Amina",
        "Benali",
        Some("amina@exemple.fr"),
    )
    .await;
    assert_eq!(joined, stage.amina);
    let stranger = find_or_create(
        &stage,
        stage.voisine,
        "Mallory",
        "Benali",
        Some("amina@exemple.fr"),
    )
    .await;
    assert_ne!(stranger, stage.amina);
    assert_eq!(
        find_or_create(
            &stage,
            stage.voisine,
            "Amina",
            "Benali",
            Some("amina@exemple.fr")
        )
        .await,
        stage.amina
    );
}

#[tokio::test]
async fn a_space_sees_its_own_persons_only() {
    let stage = Stage::new().await;
    let here = find_or_create(
        &stage,
        stage.centre,
        "Zoé",
        "Commune",
        Some("zoe@exemple.fr"),
    )
    .await;
    let there = find_or_create(
        &stage,
        stage.voisine,
        "Zacharie",
        "Commune",
        Some("zacharie@exemple.fr"),
    )
    .await;
    let directory = stage.app.directory();
    let search = async |space, text: &str| -> HashSet<_> {
        directory
            .search(&stage.db, space, text, 20)
            .await
            .expect("searches")
            .into_iter()
            .map(|card| card.id)
            .collect()
    };
    assert_eq!(search(stage.centre, "commune").await, HashSet::from([here]));
    assert_eq!(
        search(stage.voisine, "commune").await,
        HashSet::from([there])
    );
    assert!(search(stage.centre, "zacharie").await.is_empty());
    let cards = directory
        .persons(&stage.db, stage.centre, &[here, there])
        .await
        .expect("reads");
    assert_eq!(cards.keys().copied().collect::<Vec<_>>(), [here]);
    assert!(
        store::record(stage.db.read(), stage.centre, there)
            .await
            .expect("reads")
            .is_none()
    );
    let tx = stage.write().await;
    let refused = commands::grant(&tx, stage.centre, there, Role::Manager, SYSTEM).await;
    assert!(matches!(refused, Err(PersonError::Elsewhere)));
    let (_, total) = store::list(stage.db.read(), stage.centre, &Filter::default(), 50)
        .await
        .expect("reads");
    assert_eq!(total, 2);
}

#[tokio::test]
async fn a_person_is_found_by_any_word_in_any_order() {
    let stage = Stage::new().await;
    let id = find_or_create(
        &stage,
        stage.centre,
        "Maëlle",
        "Nguyễn-Cœur",
        Some("m.nguyen@exemple.fr"),
    )
    .await;
    let directory = stage.app.directory();
    for text in [
        "maelle",
        "NGUYEN maë",
        "coeur",
        "maelle nguyen",
        "m.nguyen@",
    ] {
        let found = directory
            .search(&stage.db, stage.centre, text, 20)
            .await
            .expect("searches");
        assert_eq!(
            found.iter().map(|card| card.id).collect::<Vec<_>>(),
            [id],
            "{text}"
        );
    }
    for text in ["maelle benali", "m_nguyen", "100%"] {
        let found = directory
            .search(&stage.db, stage.centre, text, 20)
            .await
            .expect("searches");
        assert!(found.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn a_list_is_filtered_and_cut_into_pages() {
    let stage = Stage::new().await;
    for n in 0..7 {
        find_or_create(
            &stage,
            stage.centre,
            "Stagiaire",
            &format!("Numéro{n}"),
            Some(&format!("s{n}@exemple.fr")),
        )
        .await;
    }
    find_or_create(&stage, stage.centre, "Sans", "Compte", None).await;
    let page = async |filter: Filter| {
        store::list(stage.db.read(), stage.centre, &filter, 5)
            .await
            .expect("reads")
    };
    let (first, total) = page(Filter::default()).await;
    assert_eq!((first.len(), total), (5, 9));
    assert_eq!(first[0].id, stage.amina, "sorted by family name");
    assert_eq!(first[0].roles, [Role::Administrator]);
    let (beyond, _) = page(Filter {
        page: 99,
        ..Filter::default()
    })
    .await;
    assert_eq!(beyond.len(), 4, "a page beyond the last is the last");
    let (administrators, total) = page(Filter {
        role: Some(Role::Administrator),
        ..Filter::default()
    })
    .await;
    assert_eq!((administrators[0].id, total), (stage.amina, 1));
    let counts = [
        (AccountState::Waiting, 8),
        (AccountState::None, 1),
        (AccountState::Active, 0),
        (AccountState::Disabled, 0),
    ];
    for (account, expected) in counts {
        let (_, total) = page(Filter {
            account: Some(account),
            ..Filter::default()
        })
        .await;
        assert_eq!(total, expected, "{account:?}");
    }
    let (_, total) = page(Filter {
        text: "stagiaire".into(),
        account: Some(AccountState::Waiting),
        ..Filter::default()
    })
    .await;
    assert_eq!(total, 7);
}

#[tokio::test]
async fn a_role_is_given_once_and_the_last_administrator_keeps_theirs() {
    let stage = Stage::new().await;
    let zoe = find_or_create(&stage, stage.centre, "Zoé", "Marin", Some("zoe@exemple.fr")).await;
    let tx = stage.write().await;
    let revoke =
        async |person, role| commands::revoke(&tx, stage.centre, person, role, SYSTEM).await;
    assert!(matches!(
        revoke(stage.amina, Role::Administrator).await,
        Err(PersonError::LastAdministrator)
    ));
    assert!(
        commands::grant(&tx, stage.centre, zoe, Role::Administrator, SYSTEM)
            .await
            .expect("grants")
    );
    assert!(
        !commands::grant(&tx, stage.centre, zoe, Role::Administrator, SYSTEM)
            .await
            .expect("has it")
    );
    assert!(
        revoke(stage.amina, Role::Administrator)
            .await
            .expect("revokes")
    );
    assert!(
        !revoke(stage.amina, Role::Administrator)
            .await
            .expect("has it no more")
    );
    assert!(
        commands::grant(&tx, stage.centre, stage.amina, Role::Administrator, SYSTEM)
            .await
            .expect("grants again")
    );
    tx.commit().await.expect("commits");
    assert_eq!(
        stage
            .count("SELECT COUNT(*) FROM journal_entry WHERE kind = 'role.granted.v1'")
            .await,
        3
    );
    assert_eq!(
        stage
            .count("SELECT COUNT(*) FROM journal_entry WHERE kind = 'role.revoked.v1'")
            .await,
        1
    );
    let administrators = stage
        .app
        .directory()
        .with_role(&stage.db, stage.centre, Role::Administrator)
        .await
        .expect("reads");
    assert_eq!(
        administrators
            .iter()
            .map(|card| card.id)
            .collect::<Vec<_>>(),
        [stage.amina, zoe]
    );
}

#[tokio::test]
async fn a_manager_does_not_touch_who_has_a_role() {
    let stage = Stage::new().await;
    let zoe = find_or_create(&stage, stage.centre, "Zoé", "Marin", Some("zoe@exemple.fr")).await;
    let manager = who(zoe, &[(stage.centre, Role::Manager)]);
    let administrator = target(&stage, "centre", stage.amina).await;
    let trainee = target(&stage, "centre", zoe).await;
    assert!(
        !EditPerson::allows(&manager, &administrator)
            && !ManageAccount::allows(&manager, &administrator)
    );
    assert!(EditPerson::allows(&manager, &trainee) && ManageAccount::allows(&manager, &trainee));
    let elsewhere = who(zoe, &[(stage.voisine, Role::Administrator)]);
    assert!(!EditPerson::allows(&elsewhere, &trainee));
    let auditor = who(zoe, &[(stage.centre, Role::Auditor)]);
    assert!(!EditPerson::allows(&auditor, &trainee));
}

#[tokio::test]
async fn a_space_changes_neither_the_name_nor_the_account_of_a_person_of_several() {
    let stage = Stage::new().await;
    find_or_create(
        &stage,
        stage.voisine,
        "Amina",
        "Benali",
        Some("amina@exemple.fr"),
    )
    .await;
    let there = target(&stage, "voisine", stage.amina).await;
    let draft = PersonDraft {
        given_name: "Mallory".into(),
        family_name: "Autre".into(),
        email: Some("mallory@exemple.fr".into()),
        ..PersonDraft::default()
    };
    let tx = stage.write().await;
    let allowed = Allowed::<EditPerson>::system("test", there.clone());
    commands::edit_person(&tx, &allowed, &draft)
        .await
        .expect("changes");
    let allowed = Allowed::<ManageAccount>::system("test", there);
    let refused =
        crate::accounts::commands::disable(&tx, &allowed, &passerelle_kernel::Registry::default())
            .await;
    assert!(matches!(refused, Err(AccountError::Shared)));
    tx.commit().await.expect("commits");
    let after = target(&stage, "voisine", stage.amina).await.record;
    assert_eq!(
        (after.name().as_str(), after.email.as_deref()),
        ("Amina Benali", Some("mallory@exemple.fr"))
    );
    assert_eq!(after.trusted_address().as_deref(), Some("amina@exemple.fr"));
    let tx = stage.write().await;
    let link = stage
        .app
        .directory()
        .sign_in_link(&tx, stage.amina, 24, "/")
        .await
        .expect("answers");
    assert_eq!(
        link, None,
        "no link travels to an address that another space put there"
    );
}

#[tokio::test]
async fn a_link_of_the_directory_signs_in_and_leads_on() {
    let stage = Stage::new().await;
    let nobody = find_or_create(&stage, stage.centre, "Sans", "Compte", None).await;
    let tx = stage.write().await;
    let directory = stage.app.directory();
    assert_eq!(
        directory
            .sign_in_link(&tx, nobody, 24, "/")
            .await
            .expect("answers"),
        None
    );
    let link = directory
        .sign_in_link(&tx, stage.amina, 24 * 365, "/ma-formation")
        .await
        .expect("answers");
    tx.commit().await.expect("commits");
    let link = link.expect("a link");
    let token = link.strip_prefix("/connexion/lien/").expect("its page");
    stage.clock.advance(LINK_LIFETIME - 1);
    let entered = crate::accounts::sign_in::with_link(&stage.db, token, &super::visitor(1))
        .await
        .expect("answers");
    assert_eq!(
        entered.expect("signed in").1.as_deref(),
        Some("/ma-formation")
    );
}

#[tokio::test]
async fn an_identifier_is_unique_and_a_person_has_one_account() {
    let stage = Stage::new().await;
    let zoe = find_or_create(&stage, stage.centre, "Zoé", "Marin", None).await;
    let tx = stage.write().await;
    let give = async |identifier: &str| {
        let new = NewAccount {
            identifier: identifier.into(),
            password_hash: None,
        };
        crate::create_account(&tx, stage.centre, zoe, new, SYSTEM).await
    };
    assert!(matches!(
        give("AMINA@exemple.fr").await,
        Err(AccountError::IdentifierTaken(_))
    ));
    assert!(matches!(
        give("zoé marin").await,
        Err(AccountError::Identifier(_))
    ));
    give("zoe.marin").await.expect("makes");
    assert!(matches!(give("zoe.autre").await, Err(AccountError::Exists)));
}

#[tokio::test]
async fn settings_of_a_space_are_seen_once_the_cache_forgets() {
    let stage = Stage::new().await;
    let before = space(&stage, "centre").await;
    let settings = SpaceSettings {
        name: "Nouveau nom".into(),
        ..SpaceSettings::of(&before)
    };
    let tx = stage.write().await;
    edit_space(
        &tx,
        &Allowed::<EditSpace>::system("test", before),
        &settings,
    )
    .await
    .expect("changes");
    tx.commit().await.expect("commits");
    stage.clock.advance(31_000_000);
    assert_eq!(space(&stage, "centre").await.name, "Nouveau nom");
    assert_eq!(
        stage
            .count("SELECT COUNT(*) FROM journal_entry WHERE kind = 'space.changed.v1'")
            .await,
        1
    );
    let tx = stage.write().await;
    let taken = crate::create_space(&tx, NewSpace::new("centre", "Autre"), SYSTEM).await;
    assert!(matches!(taken, Err(SpaceError::SlugTaken(_))));
}

#[tokio::test]
async fn the_journal_names_people_by_identifier_only() {
    let stage = Stage::new().await;
    find_or_create(&stage, stage.centre, "Zoé", "Marin", Some("zoe@exemple.fr")).await;
    let rows = sea_orm::ConnectionTrait::query_all_raw(
        stage.db.read(),
        passerelle_kernel::db::statement(stage.db.read(), "SELECT body FROM journal_body", []),
    )
    .await
    .expect("reads");
    assert_eq!(rows.len(), 7);
    for row in rows {
        let body: Vec<u8> = row.try_get("", "body").expect("bytes");
        let body = String::from_utf8(body).expect("text");
        assert!(
            !["Zoé", "Marin", "Amina", "exemple"]
                .iter()
                .any(|word| body.contains(word)),
            "{body}"
        );
    }
}
