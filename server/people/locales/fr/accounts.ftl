### Comptes : connexion, liens, invitations, mon compte.

account-nav = Mon compte
account-identifier = Identifiant
account-identifier-help = C’est souvent votre adresse électronique.
account-identifier-yours = Notez-le : c’est lui que vous écrirez pour vous connecter.
account-password = Mot de passe

## Se connecter

account-sign-in-title = Se connecter
account-sign-in = Se connecter
account-no-password-title = Pas de mot de passe, ou oublié ?
account-no-password-text = Nous pouvons vous envoyer un lien par courriel. Il vous connecte en une fois, sans mot de passe.
account-no-password-link = Recevoir un lien de connexion
account-error-missing = Écrivez votre identifiant et votre mot de passe. Si vous n’avez pas de mot de passe, demandez un lien de connexion.
account-error-refused = Cet identifiant et ce mot de passe ne vont pas ensemble, ou le compte est fermé. Vérifiez les majuscules, ou demandez un lien de connexion.
account-error-wait = { $minutes ->
    [one] Il y a eu trop d’essais. Pour protéger ce compte, attendez 1 minute, ou demandez un lien de connexion.
   *[other] Il y a eu trop d’essais. Pour protéger ce compte, attendez { $minutes } minutes, ou demandez un lien de connexion.
}
account-signed-out = Vous êtes déconnecté·e.
account-signed-out-everywhere = Vous êtes déconnecté·e de tous vos appareils.
account-demo-title = Comptes de la démonstration
account-demo-text = Tout est inventé et tout sera effacé. Entrez avec l’un de ces comptes.
account-demo-role = Rôle
account-demo-enter = Entrer

## Lien de connexion

account-link-title = Recevoir un lien de connexion
account-link-lead = Écrivez votre identifiant. Nous vous enverrons un lien valable { $minutes } minutes.
account-link-send = Envoyer le lien
account-link-back = Revenir à la page de connexion
account-error-identifier-missing = Écrivez votre identifiant.
account-link-sent = Si un compte correspond à cet identifiant, un courriel vient de partir. Regardez aussi dans les indésirables.
account-link-enter-title = Confirmer la connexion
account-link-enter-text = Vous allez vous connecter en tant que { $name }.
account-link-enter = Me connecter
account-link-enter-once = Ce lien sert une seule fois. Si ce n’est pas vous, fermez cette page : rien ne se passera.
account-link-gone-title = Ce lien n’est plus valable
account-link-gone-text = Il a déjà servi, ou il a expiré. Rien n’est perdu : demandez-en un nouveau, cela prend une minute.
account-link-gone-invitation = Si c’était une invitation, demandez un lien de connexion : vous choisirez votre mot de passe ensuite, dans « Mon compte ».
account-link-again = Demander un nouveau lien

## Invitation

account-invitation-title = Choisir votre mot de passe
account-invitation-lead = Bonjour { $name }. Choisissez un mot de passe pour ouvrir votre compte.
account-password-choose = Choisir ce mot de passe et entrer
account-password-chosen = Votre mot de passe est enregistré et vous êtes connecté·e.

## Mots de passe

account-password-title = Mot de passe
account-password-current = Mot de passe actuel
account-password-new = Nouveau mot de passe
account-password-again = Le même, encore une fois
account-password-rule = Au moins { $least } caractères. Une courte phrase se retient bien : les espaces et les accents sont permis.
account-password-change = Changer le mot de passe
account-password-consequence = Vos autres appareils seront déconnectés.
account-password-saved = Votre mot de passe est changé. Vos autres appareils sont déconnectés.
account-password-forgotten = Vous ne savez plus votre mot de passe actuel ? Recevez un lien pour en choisir un autre.
account-password-none = Vous n’avez pas de mot de passe : vous entrez par un lien reçu par courriel. Vous pouvez en choisir un.
account-password-link = Recevoir un lien pour choisir un mot de passe
account-password-link-sent = Un courriel vient de partir avec un lien pour choisir votre mot de passe.
account-error-current = Ce n’est pas votre mot de passe actuel. Rien n’a été changé.
account-error-password-short = Ce mot de passe est trop court. Écrivez au moins 12 caractères.
account-error-password-long = Ce mot de passe est trop long. Écrivez moins de 1 000 caractères.
account-error-password-repeated = Ce mot de passe se devine trop facilement : il répète ou suit les mêmes caractères. Choisissez-en un autre.
account-error-password-name = Ce mot de passe ressemble trop à votre nom ou à votre identifiant. Choisissez-en un autre.
account-error-password-differ = Les deux mots de passe sont différents. Écrivez deux fois le même.

## Mon compte

account-mine-title = Mon compte
account-mine-lead = Vous vous connectez avec l’identifiant { $identifier }.
account-profile-title = Nom et langue
account-name-help = Ce nom est écrit sur vos attestations.
account-profile-save = Enregistrer
account-profile-saved = Vos informations sont enregistrées.
account-sessions-title = Appareils connectés
account-sessions-text = Un appareil reste connecté 30 jours après votre dernière visite. Si vous n’en reconnaissez pas un, déconnectez-vous partout et changez de mot de passe.
account-sessions-caption = Appareils connectés à votre compte
account-session-device = Appareil
account-session-seen = Dernière visite
account-session-since = Connecté depuis
account-session-here = Cet appareil
account-device-unknown = Appareil inconnu
account-everywhere = Se déconnecter partout…
account-everywhere-sentence = Se déconnecter de tous les appareils, celui-ci compris ?
account-everywhere-consequence = Vous devrez vous connecter de nouveau sur chacun. Ce que vous avez enregistré est conservé.
account-everywhere-do = Se déconnecter partout
account-error-no-address = Nous n’avons pas d’adresse sûre où vous écrire. Demandez à la personne qui s’occupe de votre formation.

## Gestion

account-error-identifier = Cet identifiant ne convient pas : 3 caractères au moins, sans espace.
account-error-identifier-taken = Quelqu’un se connecte déjà avec cet identifiant. Choisissez-en un autre, par exemple prénom.nom.
account-error-state = Ce compte a changé entre-temps. Rien n’a été écrasé. Rouvrez la page, puis recommencez.
account-error-shared = Cette personne appartient aussi à un autre espace : son compte ne peut pas être changé depuis celui-ci. Rien n’a été changé.

## Courriels

account-mail-hello = Bonjour { $name },
account-mail-copy = Si le bouton ne marche pas, copiez cette adresse dans votre navigateur :
account-mail-sign-in-subject = Votre lien de connexion – { $space }
account-mail-sign-in-text = Voici votre lien pour vous connecter à « { $space } ». Il est valable { $minutes } minutes.
account-mail-sign-in-button = Me connecter
account-mail-sign-in-once = Il sert une seule fois.
account-mail-not-asked = Vous n’avez rien demandé ? Ignorez ce message : personne ne peut entrer sans ce lien.
account-mail-invitation-subject = Votre compte est prêt – { $space }
account-mail-invitation-text = Un compte vous est ouvert sur « { $space } ».
account-mail-invitation-identifier = Votre identifiant : { $identifier }
account-mail-invitation-do = Il vous reste à choisir un mot de passe. Ce lien est valable { $days } jours et sert une seule fois :
account-mail-invitation-button = Choisir mon mot de passe
account-mail-invitation-late = Trop tard ? Demandez un nouveau lien sur { $address }/connexion/lien.
account-mail-password-subject = Choisir un nouveau mot de passe – { $space }
account-mail-password-text = Voici le lien demandé pour choisir un nouveau mot de passe sur « { $space } ».
account-mail-password-button = Choisir un nouveau mot de passe
account-mail-password-kept = Votre mot de passe actuel reste valable tant que vous n’en avez pas choisi un autre. Vous n’avez rien demandé ? Ignorez ce message.

account-elsewhere-title = Avec un autre compte
account-elsewhere-text = Si vous avez déjà relié ce compte au vôtre, ou pour le relier.
account-elsewhere-with = Se connecter avec { $name }
account-elsewhere-mine = Vous pouvez vous connecter ici avec un compte que vous avez ailleurs, sans mot de passe de plus.
account-elsewhere-manage = Voir mes comptes reliés
