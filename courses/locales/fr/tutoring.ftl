### Le suivi d’un groupe par son tuteur ou sa tutrice.

tutoring-unknown = Personne effacée
tutoring-caption = Suivi du groupe { $group } : une ligne par stagiaire, une colonne par activité
tutoring-trainee = Stagiaire
tutoring-progress = Avancement
tutoring-last = Dernière activité
tutoring-none = Aucune
tutoring-never = Jamais venu·e
tutoring-due = pour le { $day }
tutoring-done = { $done } sur { $needed }
tutoring-expected = Rythme attendu aujourd’hui : { $share } du temps de formation.
tutoring-pace-finished = Tout est fait
tutoring-pace-kept = Dans le rythme
tutoring-pace-below = Sous le rythme, rien en retard
tutoring-pace-late = { $count ->
    [one] 1 activité en retard
   *[other] { $count } activités en retard
  }
tutoring-filter = Montrer
tutoring-filter-all = Tout le monde
tutoring-filter-never = Jamais venu·es
tutoring-filter-late = En retard
tutoring-filter-on-track = À jour
tutoring-filter-finished = Terminé
tutoring-empty-title = Personne n’est encore inscrit
tutoring-empty-text = Les stagiaires apparaîtront ici dès leur inscription, avec leur avancement par activité.
tutoring-empty-filter-title = Personne dans ce cas
tutoring-empty-filter-text = Aucun·e stagiaire du groupe ne correspond à ce filtre.
tutoring-see-all = Voir tout le monde
tutoring-csv = Télécharger le suivi (CSV)
tutoring-manage = Gérer le groupe
tutoring-write = Écrire un message
tutoring-late-list = En retard

## À côté du tableau

tutoring-trainee-detail = Voir tout son suivi
tutoring-cell-detail = Voir le détail
tutoring-time = Fait
tutoring-first-seen = Première venue
tutoring-extended = Délai accordé jusqu’au
tutoring-completed = Formation terminée
tutoring-week = Semaine
tutoring-estimate = Durée estimée
tutoring-score = Score
tutoring-spent = Temps passé
tutoring-started = Première ouverture
tutoring-last-opened = Dernière ouverture
tutoring-done-at = Fait le

## Une personne

tutoring-trainee-title = Suivi de { $name }
tutoring-left = Cette personne a quitté la formation. Son travail est gardé.
tutoring-realised = Temps de formation reconnu
tutoring-realised-of = { $time } sur { $total }
tutoring-spent-all = Temps passé dans les activités (indicatif)
tutoring-missing = Ce qui manque
tutoring-nothing-missing = Rien : la formation est terminée.
tutoring-work = Son travail
tutoring-activities = Toutes les activités
tutoring-activity = Activité
tutoring-state = État
tutoring-attempts = Essais
tutoring-no-activity-title = Aucune activité
tutoring-no-activity-text = Les activités de la formation apparaîtront ici dès qu’elles seront prêtes.
tutoring-corrections-title = Corrections d’heures
tutoring-corrections = Heures corrigées, la plus récente d’abord
tutoring-no-correction = Aucune correction.
tutoring-corrected-at = Date
tutoring-corrected-to = Heures retenues
tutoring-reason = Motif
tutoring-corrected-by = Par

## Une activité d’une personne

tutoring-cell-title = { $title } : { $name }
tutoring-tool-open = Ouvrir l’outil dans un nouvel onglet
tutoring-never-opened = Jamais ouverte
tutoring-attempt = Essai { $number }
tutoring-attempt-began = Début de l’essai
tutoring-attempt-last = Dernière ouverture de l’essai
tutoring-attempt-ended = Remplacé par un nouvel essai
tutoring-launches = Nombre d’ouvertures
tutoring-no-attempt = Cette activité n’a pas encore été ouverte. Les réponses et les scores apparaîtront ici.
tutoring-no-part = L’activité a été ouverte, mais rien n’a encore été enregistré.
tutoring-unsaid = Non précisé
tutoring-passed = Réussi
tutoring-failed = Non réussi
tutoring-advance = Avancement
tutoring-updated = enregistré { $at }
tutoring-answers = Réponses données
tutoring-question = Question
tutoring-kind = Type
tutoring-answer = Réponse
tutoring-result = Résultat
tutoring-expected-answer = Réponse attendue
tutoring-latency = Temps de réponse
tutoring-answered-at = Répondu
tutoring-or = { " ou " }
tutoring-correct = Juste
tutoring-incorrect = Faux
tutoring-neutral = Sans note
tutoring-unanticipated = Réponse non prévue
tutoring-kind-true-false = Vrai ou faux
tutoring-kind-choice = Choix
tutoring-kind-fill-in = Texte à compléter
tutoring-kind-long-fill-in = Texte long
tutoring-kind-matching = Association
tutoring-kind-performance = Mise en pratique
tutoring-kind-sequencing = Mise en ordre
tutoring-kind-likert = Échelle d’opinion
tutoring-kind-numeric = Nombre
tutoring-kind-other = Autre
tutoring-objectives = Objectifs
tutoring-objective = Objectif
tutoring-success = Réussite
tutoring-late-notice = Du travail a été fait sur un autre appareil après l’ouverture ici : il est gardé et montré, mais non repris dans le résultat.
tutoring-late-title = Travail fait sur un autre appareil, non repris
tutoring-late-work = Enregistrements non repris
tutoring-late-received = Reçu
tutoring-late-part = Partie
tutoring-late-values = Valeurs
tutoring-after-end = Reçu après la fin
tutoring-after-end-note = reçu après la fin, non compté : { $at }
tutoring-after-end-title = Travail reçu après la fin, non compté
tutoring-after-end-text = Il est gardé et montré tel quel. Pour en tenir compte, corrigez les heures dans le bilan de fin, en disant pourquoi.
tutoring-after-end-work = Enregistrements reçus après la fin
tutoring-calls = Journal technique de l’essai
tutoring-calls-open = Voir le journal technique
tutoring-calls-none = Aucun échange n’a été noté.
tutoring-calls-left-out = { $count ->
    [one] 1 échange plus ancien n’est pas montré.
   *[other] { $count } échanges plus anciens ne sont pas montrés.
  }
tutoring-call-received = Reçu
tutoring-call-ms = Instant (ms)
tutoring-call-name = Appel
tutoring-call-element = Élément
tutoring-call-value = Valeur
tutoring-call-result = Résultat
tutoring-call-error = Erreur
tutoring-back = Retour au suivi de cette personne

## Fichier de suivi

tutoring-csv-family = Nom
tutoring-csv-given = Prénom
tutoring-csv-email = Adresse
tutoring-csv-state = Situation
tutoring-csv-active = Inscrit·e
tutoring-csv-left = A quitté la formation
tutoring-csv-done = Activités faites
tutoring-csv-needed = Activités demandées
tutoring-csv-minutes = Minutes estimées faites
tutoring-csv-share = Avancement (%)
tutoring-csv-late = Activités en retard
tutoring-csv-first = Première venue
tutoring-csv-last = Dernière activité
tutoring-csv-completed = Formation terminée
tutoring-csv-activity = S{ $rank } { $title }
tutoring-csv-score = Score (%) { $title }
