### Votre formation : l’accueil, les semaines, les activités.

learning-nav-home = Accueil
learning-home-title = Votre accueil

## À faire maintenant

learning-continue = Continuer
learning-begin = Commencer
learning-review = Relire
learning-place = { $course }, { $week }
learning-due = À faire avant la fin du { $day }
learning-was-due = C’était à faire avant la fin du { $day } : vous pouvez encore le faire
learning-optional-now = Facultatif : il n’y a pas de date limite
learning-stopped = Vous y étiez { $when }. Vous reprenez là où vous vous êtes arrêté·e.
learning-ends = Votre formation se termine le { $day }.
learning-now-first-week = Votre formation commence le { $day }
learning-now-next-week = Tout est fait. La suite ouvre le { $day }
learning-now-all-done = Vous avez tout fait, bravo !
learning-now-completed = Votre formation est terminée, bravo !
learning-now-over = Votre formation est terminée

## Semaines

learning-this-week = Votre semaine
learning-weeks = Semaine par semaine
learning-no-weeks = Le programme n’est pas encore prêt. Il apparaîtra ici semaine par semaine.
learning-week = Semaine { $rank }
learning-week-titled = Semaine { $rank } : { $title }
learning-week-opens = Ouvre le { $day }
learning-week-progress = Avancement de la semaine
learning-course-progress = Avancement de la formation
learning-remains = { $count ->
    [0] Tout ce qui est demandé cette semaine est fait.
    [one] Il reste { $count } activité cette semaine, environ { $time }.
   *[other] Il reste { $count } activités cette semaine, environ { $time }.
  }
learning-sum = { $needed ->
    [0] Rien n’est demandé
    [one] { $done } activité sur { $needed }, { $time } sur { $total }
   *[other] { $done ->
        [one] { $done } activité sur { $needed }, { $time } sur { $total }
       *[other] { $done } activités sur { $needed }, { $time } sur { $total }
    }
  }
learning-late-still = à rattraper, c’est encore possible
learning-late-work = Du travail fait sur un autre appareil est arrivé après que vous avez continué ici : il est gardé, et votre tuteur ou tutrice peut le voir, mais il ne compte pas dans votre résultat.
learning-late-kept = travail reçu après la fin, gardé à part
learning-late-after = Du travail est arrivé après la date de fin (le dernier le { $at }). Il est gardé à part, et votre tuteur ou tutrice peut le voir, mais il ne compte ni dans votre résultat ni dans vos heures.
learning-score = Score : { $score }

## La formation

learning-where = Où vous en êtes
learning-realised = Temps de formation reconnu : { $time } sur { $total } prévus. Il compte la durée estimée de chaque activité faite.
learning-documents = Vos documents
learning-missing = Ce qu’il reste à faire
learning-complete = Vous avez terminé votre formation, bravo !
learning-over = La date de fin est passée. Vous pouvez tout relire, mais plus rien n’est compté.
learning-calendar = Dates
learning-next-date = Prochaine date
learning-next-due = Fin de la semaine en cours : { $day }
learning-next-opens = Ouverture de la suite : { $day }
learning-next-ends = Fin de la formation : { $day }
learning-dates = Votre formation
learning-ics = Mettre les dates dans votre agenda
learning-ics-help = Votre agenda suit alors les changements de date. Cette adresse est personnelle : ne la partagez pas.
learning-tutor = Pour vous accompagner
learning-tutor-delay = { $hours ->
    [one] Répond sous 1 heure
   *[other] Répond sous { $hours } heures
  }
learning-tutor-write = Écrire un message
learning-whole-course = Voir toute la formation
learning-help = Besoin d’aide ?

## Activité

learning-kind-scorm = Module
learning-kind-page = Page
learning-kind-file = Fichier
learning-kind-link = Lien
learning-kind-tool = Outil externe
learning-closed = Cette activité ouvre le { $day }. Vous n’avez rien à faire avant.
learning-late-notice = C’était à faire avant la fin du { $day }. Vous pouvez encore le faire.
learning-own-window = Ouvrir dans une fenêtre
learning-package-help = Vous pouvez vous arrêter quand vous voulez : votre travail est enregistré et vous reprendrez au même endroit.
learning-review-help = Vous pouvez relire cette activité : rien de ce qui est enregistré ne change.
learning-never-opened = Vous n’aviez pas ouvert cette activité : il n’y a rien à relire.
learning-package-missing = Cette activité n’est pas encore prête. Rien ne vous est demandé pour l’instant.
learning-attempts = { $count ->
    [one] { $count } essai jusqu’ici.
   *[other] { $count } essais jusqu’ici.
  }
learning-last-opened = Dernière ouverture : { $when }.
learning-file-download = Télécharger le fichier
learning-file-missing = Le fichier n’est pas disponible. Prévenez votre tuteur ou votre tutrice.
learning-link-open = Ouvrir le lien dans un nouvel onglet
learning-link-where = Adresse : { $url }
learning-link-missing = L’adresse n’est pas disponible. Prévenez votre tuteur ou votre tutrice.
learning-tool-help = Cette activité se fait dans « { $name } », qui vous reconnaît sans mot de passe et renvoie ici vos résultats.
learning-tool-open = Ouvrir { $name } dans un nouvel onglet
learning-tool-window = Ouvrir l’outil dans un nouvel onglet
learning-tool-missing = L’outil n’est pas disponible. Prévenez votre tuteur ou votre tutrice.
learning-declare = Marquer comme fait
learning-declared = L’activité est marquée comme faite.
learning-around = Activités voisines
learning-previous = Précédente
learning-next = Suite :
learning-back = Retour à votre formation
learning-error-not-open = Cette activité n’est pas encore ouverte. Rien n’a été changé. Revenez à la date indiquée dans votre formation.
learning-error-over = La date de fin de la formation est passée : plus rien n’est compté. Ce que vous aviez fait est gardé.
learning-error-not-declared = Cette activité se termine d’elle-même quand vous la faites : rien n’est à marquer. Rien n’a été changé.

## Autres rubriques de l’accueil

learning-enrolments = Vos formations
learning-others = Vos autres formations
learning-phase-waiting = Sur liste d’attente
learning-phase-running = En cours
learning-phase-upcoming = À venir
learning-phase-completed = Terminée
learning-phase-over = Date de fin passée
learning-groups = Les groupes que vous suivez
learning-groups-none = Aucun groupe
learning-groups-none-text = Les groupes dont vous êtes tuteur ou tutrice apparaîtront ici.
learning-group-why = { $trainees ->
    [0] Personne n’est inscrit
    [one] 1 stagiaire, en retard : { $late }, jamais venu·e : { $never }
   *[other] { $trainees } stagiaires, en retard : { $late }, jamais venu·es : { $never }
  }
learning-group-needs = { $count ->
    [one] 1 personne a besoin de vous
   *[other] { $count } personnes ont besoin de vous
  }
learning-group-nobody = Tout va bien
learning-spaces = Vos espaces
learning-space-groups = Groupes
learning-space-courses = Formations
learning-space-contents = Contenus
learning-space-people = Personnes
learning-space-catalogue = Catalogue public
learning-empty-title = Aucune formation pour l’instant
learning-empty-text = Vos formations apparaîtront ici dès votre inscription. Vous pouvez déjà voir celles qui sont proposées.
learning-empty-catalogue = Voir les formations
