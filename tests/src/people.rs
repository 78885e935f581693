//! Persons with accounts and roles.

use passerelle_kernel::Uuid;
use passerelle_kernel::journal::Actor;
use passerelle_people::{NewAccount, create_account, create_person, grant};
use passerelle_web::directory::NewPerson;
use passerelle_web::{Lang, Role};

use crate::app::TestApp;
use crate::browser::Browser;

const ACTOR: Actor = Actor::System("test");

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub id: Uuid,
    /// Given name.
    pub given_name: String,
    /// What they sign in with, also their address.
    pub identifier: String,
}

impl TestApp {
    /// A person of a space with an account, whose address comes from the name.
    pub async fn person_in(&self, space: Uuid, name: &str, roles: &[Role]) -> Person {
        let tx = self.write().await;
        let identifier = format!("{}@exemple.fr", name.to_lowercase());
        let new = NewPerson {
            given_name: name.to_owned(),
            family_name: "Test".to_owned(),
            email: Some(identifier.clone()),
            organisation: None,
        };
        let id = create_person(&tx, space, &new, Lang::Fr, ACTOR)
            .await
            .expect("a person");
        let account = NewAccount {
            identifier: identifier.clone(),
            password_hash: Some(self.password_hash()),
        };
        create_account(&tx, space, id, account, ACTOR)
            .await
            .expect("an account");
        for role in roles {
            grant(&tx, space, id, *role, ACTOR).await.expect("a role");
        }
        tx.commit().await.expect("committed");
        Person {
            id,
            given_name: name.to_owned(),
            identifier,
        }
    }

    /// A person of `centre` without a role.
    pub async fn person(&self, name: &str) -> Person {
        self.person_in(self.space(), name, &[]).await
    }

    /// A browser in which that person is signed in.
    pub async fn as_person(&self, person: &Person) -> Browser {
        self.visitor().sign_in(person).await
    }

    /// A browser of an administrator of `centre`.
    pub async fn as_administrator(&self) -> Browser {
        self.with_role("Alice", Role::Administrator).await
    }
    /// A browser of a training manager of `centre`.
    pub async fn as_manager(&self) -> Browser {
        self.with_role("Marc", Role::Manager).await
    }
    /// A browser of an auditor of `centre`.
    pub async fn as_auditor(&self) -> Browser {
        self.with_role("Ines", Role::Auditor).await
    }

    async fn with_role(&self, name: &str, role: Role) -> Browser {
        let person = self.person_in(self.space(), name, &[role]).await;
        self.as_person(&person).await
    }
}
