### Le cadre de toutes les pages, et les pages d’erreur.

shell-skip = Aller au contenu
shell-home = Accueil
shell-menu = Menu
shell-main-nav = Navigation principale
shell-account-menu = Votre compte
shell-account = Mon compte
shell-sign-in = Se connecter
shell-sign-out = Se déconnecter
shell-help = Besoin d’aide ?
shell-language = Langue
shell-verify = Vérifier un document
shell-legal = Mentions légales
shell-privacy = Données personnelles
shell-accessibility = Accessibilité
shell-footer-nav = Informations sur ce service

## Gardé par le navigateur

shell-unsaved = Vous n’avez pas encore enregistré ce que vous avez écrit.
shell-draft-found = Nous avons gardé ce que vous aviez écrit ici sans l’enregistrer.
shell-draft-restore = Reprendre ce que j’avais écrit
shell-draft-discard = L’effacer

## Erreurs : ce qui s’est passé, ce qui n’est pas perdu, ce qu’on peut faire

error-reference = Référence à donner si vous nous écrivez : { $reference }
error-home = Revenir à l’accueil
error-help = Demander de l’aide
error-bad-request-title = Nous n’avons pas compris cette demande
error-bad-request-text = L’adresse ou le formulaire est incomplet. Rien n’a été changé. Revenez à la page précédente et recommencez.
error-sign-in-title = Connectez-vous pour continuer
error-sign-in-text = Cette page est réservée, ou votre connexion a expiré. Rien n’est perdu : vous reviendrez ici juste après.
error-sign-in-do = Se connecter
error-back = Revenir
error-forbidden-title = Cette page ne vous est pas ouverte
error-forbidden-text = Votre compte ne donne pas accès à cette page. Si vous pensez que c’est une erreur, écrivez à la personne qui s’occupe de votre formation.
error-not-found-title = Cette page n’existe pas
error-not-found-text = L’adresse est peut-être incomplète, ou la page a été retirée. Revenez à l’accueil pour retrouver votre chemin.
error-conflict-title = Cela a changé entre-temps
error-conflict-text = Quelqu’un d’autre a changé la même chose. Rien n’a été écrasé. Rouvrez la page pour voir ce qui a changé, puis recommencez.
error-too-large-title = C’est trop lourd
error-too-large-text = Rien n’a été enregistré. Choisissez un fichier plus léger, ou demandez de l’aide.
error-too-many-title = Trop d’essais en peu de temps
error-too-many-text = Pour protéger les comptes, nous attendons un peu. Rien n’est perdu. Recommencez dans quelques minutes.
error-internal-title = Quelque chose n’a pas marché de notre côté
error-internal-text = Ce que vous aviez déjà enregistré est en sûreté. Essayez de nouveau. Si cela recommence, écrivez-nous avec la référence ci-dessous.
error-damaged-title = Ce fichier est abîmé
error-damaged-text = Il manque sur le serveur, ou n’est plus celui qui y a été déposé : nous préférons ne pas vous le donner. Ce qui a été enregistré d’autre est en sûreté. Écrivez-nous avec la référence ci-dessous, pour qu’il soit remis d’après une sauvegarde.
error-text = Ce qui a été envoyé contient un caractère qui ne s’écrit pas (NUL). Rien n’a été enregistré. Revenez à la page précédente, retirez ce caractère, puis envoyez de nouveau.
error-form = Le formulaire est arrivé incomplet. Rien n’a été enregistré. Revenez à la page précédente : ce que vous avez écrit y est sans doute encore. Puis recommencez.
error-origin = Cette demande vient d’un autre site : par prudence, nous ne l’avons pas suivie. Rien n’a été changé. Rouvrez la page ici et recommencez.

## La page de tous les composants

look-title = Composants
