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
error-retry = Essayer de nouveau
error-help = Demander de l’aide
error-400-title = Nous n’avons pas compris cette demande
error-400-text = L’adresse ou le formulaire est incomplet. Rien n’a été changé. Revenez à la page précédente et recommencez.
error-401-title = Connectez-vous pour continuer
error-401-text = Cette page est réservée, ou votre connexion a expiré. Rien n’est perdu : vous reviendrez ici juste après.
error-403-title = Cette page ne vous est pas ouverte
error-403-text = Votre compte ne donne pas accès à cette page. Si vous pensez que c’est une erreur, écrivez à la personne qui s’occupe de votre formation.
error-404-title = Cette page n’existe pas
error-404-text = L’adresse est peut-être incomplète, ou la page a été retirée. Revenez à l’accueil pour retrouver votre chemin.
error-405-title = Cette action n’est pas possible ici
error-405-text = Rien n’a été changé. Revenez à la page précédente et utilisez ses boutons.
error-409-title = Quelqu’un d’autre a changé cela en même temps
error-409-text = Rien n’a été écrasé. Rouvrez la page pour voir ce qui a changé, puis recommencez.
error-410-title = Ce lien n’est plus valable
error-410-text = Il a déjà servi ou il a expiré. Demandez-en un nouveau : cela prend une minute.
error-413-title = Ce fichier est trop lourd
error-413-text = Rien n’a été envoyé ni changé. Choisissez un fichier plus léger, ou demandez de l’aide.
error-429-title = Trop d’essais en peu de temps
error-429-text = Pour protéger les comptes, nous attendons un peu. Rien n’est perdu. Recommencez dans quelques minutes.
error-500-title = Quelque chose n’a pas marché de notre côté
error-500-text = Ce que vous aviez déjà enregistré est en sûreté. Essayez de nouveau. Si cela recommence, écrivez-nous avec la référence ci-dessous.
error-503-title = Le service revient dans un instant
error-503-text = Une mise à jour est en cours, ou il y a beaucoup de monde. Ce que vous aviez enregistré est en sûreté. Essayez de nouveau dans une minute.
