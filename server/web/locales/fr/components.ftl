### Mots des composants. Ce que dit une page reste dans les fichiers de la page.

## Formulaires

component-required = (obligatoire)
component-no-choice = Aucun choix
component-error-word = Erreur :
component-errors-title = Il reste quelque chose à corriger
component-errors-kept = Rien n’est perdu : ce que vous avez écrit est toujours là.
component-password-show = Afficher
component-password-hide = Masquer
component-search = Chercher

## Messages

component-notice-info = À savoir :
component-notice-success = C’est fait :
component-notice-warn = Attention :
component-notice-error = Erreur :

## États d’une activité

component-status-done = Fait
component-status-in-progress = En cours
component-status-late = En retard
component-status-not-started = Pas commencé
component-status-locked = Pas encore ouvert

## Formation

component-now = À faire maintenant
component-now-nothing = Rien à faire pour l’instant
component-optional = facultatif
component-training-audience = Pour qui :
component-training-duration = Durée :
component-training-date = Prochaine date :

## Tableaux et listes

component-sort = (trier)
component-sorted-up = (trié du plus petit au plus grand ; inverser)
component-sorted-down = (trié du plus grand au plus petit ; inverser)
component-board-keys = Les flèches du clavier déplacent d’une case à l’autre. Entrée ouvre le détail, Échap le ferme.
component-pager = Pages de la liste
component-pager-range = { $from } à { $to } sur { $total }
component-pager-previous = Précédente
component-pager-next = Suivante
component-pager-page = Page
component-chart-table = Voir les chiffres en tableau
component-roles = Rôles

## Actions

component-close = Fermer
component-cancel = Revenir sans rien faire
component-type-name = Pour confirmer, écrivez le nom : { $name }
component-move-up = Monter : { $name }
component-move-down = Descendre : { $name }

## Repères

component-breadcrumb = Vous êtes ici
component-step = Étape { $current } sur { $total }
component-step-done = (fait)

## Envoi d’un fichier et enregistrement

component-upload-label = Avancée de l’envoi
component-upload-sending = Envoi : %percent %. Vous pouvez attendre ici.
component-upload-checking = Le fichier est arrivé. Vérification en cours…
component-upload-failed = L’envoi s’est interrompu. Rien n’a été changé. Vérifiez votre connexion, puis envoyez de nouveau.
component-upload-stopped = Envoi arrêté. Rien n’a été changé.
component-upload-stop = Arrêter l’envoi
component-saved = Enregistré
component-saved-at = Enregistré à { $at }
component-saving = Enregistrement…
component-saved-waiting = Gardé sur votre appareil, envoyé dès que la connexion revient
component-saved-failed = Pas encore enregistré : ce que vous avez écrit est toujours là
