### Personnes d’un espace.

person-nav = Personnes
person-list-title = Personnes
person-add = Ajouter une personne
person-search = Chercher un nom ou une adresse
person-count = { $count ->
    [0] Aucune personne
    [one] 1 personne
   *[other] { $count } personnes
}
person-filter-role = Rôle :
person-filter-account = Compte :
person-everybody = Toutes
person-name = Nom
person-email = Adresse électronique
person-roles = Rôles
person-account = Compte
person-last-sign-in = Dernière connexion
person-last-sign-in-at = Dernière connexion : { $at }
person-none-title = Personne ici pour l’instant
person-none-text = Les personnes inscrites à une formation apparaîtront dans cette liste. Vous pouvez aussi en ajouter une.
person-none-found-title = Aucune personne ne correspond
person-none-found-text = Essayez avec moins de lettres, ou retirez un filtre.
person-show-all = Voir toutes les personnes

## États d’un compte

person-account-active = Actif
person-account-waiting = Jamais connecté·e
person-account-none = Sans compte
person-account-disabled = Fermé

## Rôles

person-role-administrator = Administration
person-role-administrator-help = Règle l’espace, ses personnes et leurs rôles ; fait aussi tout ce que fait la gestion.
person-role-manager = Gestion des formations
person-role-manager-help = Crée les formations et les groupes, inscrit, délivre les attestations.
person-role-auditor = Audit
person-role-auditor-help = Lit tout, ne change rien.
person-roles-text = Un rôle vaut pour cet espace seulement. Les tuteur·rices et les stagiaires n’en ont pas besoin : ils et elles le sont par leur groupe.
person-role-give = Donner un rôle
person-role-give-do = Donner ce rôle
person-role-given = Le rôle est donné.
person-role-revoke = Retirer le rôle « { $role } »…
person-role-revoke-sentence = Retirer à { $name } le rôle « { $role } » ?
person-role-revoke-consequence = Cette personne n’aura plus accès aux pages de ce rôle, tout de suite. Vous pourrez le lui redonner.
person-role-revoke-do = Retirer ce rôle
person-role-revoked = Le rôle est retiré.
person-error-role = Choisissez un rôle. Rien n’a été changé.
person-error-last-administrator = C’est la dernière personne qui administre cet espace : donnez d’abord ce rôle à quelqu’un d’autre. Rien n’a été changé.

## Fiche

person-given-name = Prénom
person-family-name = Nom de famille
person-email-help = Facultative. Plusieurs personnes peuvent avoir la même.
person-organisation = Structure ou employeur
person-organisation-help = Facultatif. Écrit sur le certificat de réalisation.
person-lang = Langue
person-lang-help = Celle des pages et des courriels.
person-since = Dans cet espace depuis
person-not-given = Non renseigné
person-edit = Modifier la fiche
person-edit-title = Modifier la fiche de { $name }
person-save = Enregistrer la fiche
person-saved = La fiche est enregistrée.
person-cancel = Revenir sans enregistrer
person-shared = Cette personne appartient aussi à un autre espace. Son nom et son compte lui appartiennent : elle les change elle-même dans « Mon compte ».
person-shared-names = Cette personne appartient aussi à un autre espace : vous pouvez changer ici ce que le vôtre sait d’elle. Elle change son nom elle-même dans « Mon compte ».
person-error-name = Écrivez un nom avec au moins une lettre.
person-error-long = Ce texte est trop long. Écrivez moins de 120 caractères.
person-error-here = Une personne de ce nom, avec cette adresse, est déjà dans l’espace. Cherchez-la dans la liste.

## Ajouter

person-new-title = Ajouter une personne
person-new-do = Ajouter cette personne
person-created = La personne est ajoutée.
person-created-invited = La personne est ajoutée et l’invitation vient de partir.
person-created-unreachable = La personne est ajoutée. L’invitation n’a pas pu partir : il manque une adresse.
person-identifier-new-help = Facultatif. Sans identifiant, l’adresse électronique sert à se connecter, si personne d’autre ne l’utilise.
person-invite-now = Envoyer une invitation tout de suite
person-invite-help = Un courriel avec un lien pour choisir son mot de passe, si la personne a un compte.

## Compte

person-account-title = Compte
person-identifier-help = Unique sur ce serveur : une adresse, ou par exemple prénom.nom.
person-account-create = Ouvrir un compte
person-account-created = Le compte est ouvert. Vous pouvez envoyer l’invitation.
person-invite = Envoyer l’invitation
person-invite-again = Envoyer un lien pour choisir un mot de passe
person-invite-to = Le courriel partira à { $address }.
person-invited = Le courriel vient de partir.
person-unreachable = Nous ne pouvons pas écrire à cette personne : ajoutez une adresse à sa fiche.
person-error-unreachable = Aucune adresse sûre pour cette personne. Rien n’a été envoyé.
person-account-close = Fermer le compte…
person-account-close-sentence = Fermer le compte de { $name } ?
person-account-close-sessions = Cette personne sera déconnectée tout de suite et ne pourra plus entrer.
person-account-close-kept = Ses résultats et ses preuves sont conservés. Vous pourrez rouvrir le compte.
person-account-close-do = Fermer le compte
person-account-closed = Le compte est fermé.
person-account-reopen = Rouvrir le compte
person-account-reopened = Le compte est de nouveau ouvert.
person-error-own-account = Vous ne pouvez pas fermer votre propre compte. Demandez à quelqu’un d’autre. Rien n’a été changé.
