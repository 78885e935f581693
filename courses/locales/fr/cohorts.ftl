### Groupes : dates, places, tuteur·ices, inscriptions, convocations.

cohort-nav = Groupes
cohort-back = Revenir au groupe
cohort-cancel-form = Revenir sans enregistrer
cohort-person-unknown = Personne inconnue dans cet espace
cohort-no-address = Sans adresse e-mail

## États

cohort-state-planned = À venir
cohort-state-running = En cours
cohort-state-ended = Terminé
cohort-state-certified = Certifié
cohort-state-cancelled = Annulé
cohort-states-planned = À venir
cohort-states-running = En cours
cohort-states-ended = Terminés
cohort-states-certified = Certifiés
cohort-states-cancelled = Annulés
cohort-person-active = Inscrit·e
cohort-person-waiting = En liste d’attente
cohort-person-left = Parti·e
cohort-source-hand = Inscription à la main
cohort-source-csv = Inscription par une liste
cohort-source-link = Inscription par le lien
cohort-source-move = Venu·e d’un autre groupe
cohort-source-platform = Venu·e d’une autre plateforme
cohort-source-system = Inscription automatique
cohort-cause-work = Emploi ou autre formation
cohort-cause-time = Manque de temps
cohort-cause-personal = Raison personnelle
cohort-cause-technical = Difficulté de connexion ou de matériel
cohort-cause-unsuited = La formation ne convient pas
cohort-cause-never-came = N’est jamais venu·e
cohort-cause-no-news = Plus de nouvelles
cohort-cause-mistake = Inscription par erreur
cohort-cause-other = Autre raison, à préciser dans la note
cohort-cause-moved = Changement de groupe

## Nombres

cohort-places = { $taken } sur { $places }
cohort-free-count = { $count ->
    [0] aucune place libre
    [one] 1 place libre
   *[other] { $count } places libres
  }
cohort-waiting-count = { $count ->
    [one] 1 personne attend
   *[other] { $count } personnes attendent
  }
cohort-done = { $count ->
    [0] Rien encore
    [one] 1 activité, { $time }
   *[other] { $count } activités, { $time }
  }
cohort-extended-to = Jusqu’au { $date }
cohort-answer-days = { $count ->
    [one] sous 1 jour
   *[other] sous { $count } jours
  }
cohort-answer-hours = { $count ->
    [one] sous 1 heure
   *[other] sous { $count } heures
  }
cohort-unit-hours = heures
cohort-course-weeks = { $count ->
    [one] { $title } (1 semaine)
   *[other] { $title } ({ $count } semaines)
  }

## Liste des groupes

cohort-list-title = Groupes
cohort-list-lead = Un groupe suit une formation ensemble, aux mêmes dates, avec ses tuteur·ices.
cohort-list-caption = Groupes de l’espace
cohort-list-search = Chercher un groupe
cohort-list-filter = État :
cohort-list-all = Tous
cohort-list-empty-title = Aucun groupe pour l’instant
cohort-list-empty-text = Vos groupes seront ici, avec leurs dates et leurs places. Il faut une formation publiée pour ouvrir le premier.
cohort-list-none-title = Aucun groupe ne correspond
cohort-list-none-text = Changez les mots cherchés ou choisissez un autre état.
cohort-create-button = Ouvrir un groupe
cohort-column-title = Groupe
cohort-column-dates = Dates
cohort-column-state = État
cohort-column-places = Places prises
cohort-column-tutors = Tuteur·ices
cohort-column-person = Personne
cohort-column-action = Action
cohort-column-enrolled = Inscription
cohort-column-told = Convocation
cohort-column-rank = Rang
cohort-column-cause = Raison du départ
cohort-column-done = Travail fait

## Ouvrir un groupe, réglages

cohort-create-title = Ouvrir un groupe
cohort-create-lead = Une date de début suffit : les ouvertures et les dates limites de chaque semaine en découlent.
cohort-create-submit = Ouvrir le groupe
cohort-create-empty-title = Aucune formation publiée
cohort-create-empty-text = Un groupe suit une formation publiée qui a au moins une semaine. Publiez-en une, puis revenez ici.
cohort-create-empty-button = Voir les formations
cohort-field-course = Formation suivie
cohort-field-course-none = Choisissez une formation
cohort-field-course-error = Choisissez une formation publiée.
cohort-field-start = Premier jour
cohort-field-start-help = La première semaine ouvre ce jour-là. Ce n’est pas forcément un lundi.
cohort-field-start-frozen = Le groupe a commencé : ses dates ne changent plus.
cohort-field-start-error = Donnez une date, par exemple 23/11/2026.
cohort-field-capacity = Nombre de places
cohort-field-capacity-help = Quand toutes sont prises, les personnes suivantes vont sur la liste d’attente.
cohort-field-title = Nom du groupe
cohort-field-title-help = Laissez vide pour reprendre le titre de la formation.
cohort-field-title-error = Donnez un nom de 150 lettres au plus.
cohort-field-answer = Délai de réponse annoncé
cohort-field-answer-help = Laissez vide pour reprendre celui de la formation.
cohort-field-answer-error = Donnez un nombre d’heures entre 1 et 672.
cohort-settings-title = Réglages
cohort-settings-lead = Changer le premier jour déplace toutes les ouvertures et toutes les dates limites.
cohort-settings-button = Changer les réglages
cohort-settings-submit = Enregistrer les réglages

## Page d’un groupe

cohort-manage-title = Gérer le groupe { $title }
cohort-manage-lead = { $course }, { $range }
cohort-tabs = Pages du groupe
cohort-tab-manage = Gestion
cohort-tab-board = Suivi
cohort-tab-end = Bilan
cohort-gaps-title = Il reste à faire
cohort-gap-tutor = Confier le groupe à un·e tuteur·ice
cohort-gap-tutor-why = Personne ne suit encore ce groupe
cohort-gap-trainee = Inscrire les premières personnes
cohort-gap-trainee-why = Le groupe est vide
cohort-gap-waiting = Donner une place à qui attend
cohort-gap-waiting-why = { $count ->
    [one] 1 personne peut avoir une place
   *[other] { $count } personnes peuvent avoir une place
  }
cohort-gap-convene = Envoyer les convocations
cohort-gap-convene-why = { $count ->
    [one] 1 personne ne l’a pas reçue
   *[other] { $count } personnes ne l’ont pas reçue
  }
cohort-gap-address = Prévenir autrement
cohort-gap-address-why = { $count ->
    [one] 1 personne n’a pas d’adresse e-mail
   *[other] { $count } personnes n’ont pas d’adresse e-mail
  }
cohort-fact-places = Places prises
cohort-fact-duration = Durée prévue
cohort-fact-answer = Réponse des tuteur·ices
cohort-fact-zone = Fuseau horaire
cohort-fact-frozen = Programme figé
cohort-fact-source = Origine
cohort-fact-extended = A jusqu’au
cohort-fact-left = Départ
cohort-calendar-title = Calendrier
cohort-calendar-download = Télécharger le calendrier
cohort-week-number = Semaine { $number }
cohort-week-ahead = À venir
cohort-week-now = En cours
cohort-week-past = Passée
cohort-week-opens = Ouvre { $date }
cohort-week-due = À finir { $date } avant 23 h 59 ({ $zone })
cohort-week-content = { $count ->
    [0] Aucune activité
    [one] 1 activité, { $time }
   *[other] { $count } activités, { $time }
  }
cohort-cancel-title = Annuler ce groupe
cohort-cancel-button = Annuler le groupe…
cohort-cancel-sentence = Annuler le groupe { $title } ?
cohort-cancel-consequence-people = Plus personne ne peut s’y inscrire, et son lien est fermé. Les personnes inscrites ne sont pas prévenues : écrivez-leur.
cohort-cancel-consequence-undo = Rien n’est effacé. Vous pourrez le rétablir.
cohort-cancel-submit = Annuler le groupe
cohort-cancelled-title = Ce groupe est annulé
cohort-cancelled-text = Rien n’a été effacé. Vous pouvez le rétablir tel qu’il était ; son lien d’inscription sera à rouvrir.
cohort-restore-button = Rétablir le groupe

## Tuteur·ices

cohort-tutors-title = Tuteur·ices du groupe
cohort-tutors-caption = Tuteur·ices
cohort-tutors-lead = Leurs noms et leur délai de réponse figurent dans la convocation et sur la page de chaque stagiaire.
cohort-tutors-button = Choisir les tuteur·ices
cohort-tutors-add-title = Ajouter une personne
cohort-tutors-empty-title = Personne pour l’instant
cohort-tutors-empty-text = Aucun·e tuteur·ice pour l’instant.
cohort-tutor-add = Confier le groupe
cohort-tutor-remove = Retirer
cohort-found-caption = Personnes trouvées
cohort-found-none-title = Personne de ce nom
cohort-found-none-text = Vérifiez l’orthographe. La personne doit d’abord être connue de cet espace.

## Personnes du groupe

cohort-people-title = Personnes
cohort-people-filter = Liste :
cohort-people-search = Chercher une personne
cohort-people-active = Inscrites
cohort-people-waiting = Liste d’attente
cohort-people-left = Parties
cohort-people-address = Sans adresse
cohort-people-active-empty-title = Personne dans cette liste
cohort-people-active-empty-text = Les personnes inscrites seront ici, avec leur convocation et le travail fait.
cohort-people-waiting-empty-title = Personne n’attend
cohort-people-waiting-empty-text = Quand le groupe est complet, les personnes suivantes sont ici, dans l’ordre.
cohort-people-left-empty-title = Personne n’est parti
cohort-people-left-empty-text = Les départs seront ici, avec leur raison.
cohort-told-yes = Envoyée
cohort-told-no = Pas envoyée
cohort-seat-button = Donner la place libre à qui attend depuis le plus longtemps
cohort-convene-button = Envoyer les convocations qui manquent
cohort-export-button = Télécharger la liste (CSV)
cohort-export-family = Nom
cohort-export-given = Prénom
cohort-export-email = Adresse e-mail
cohort-export-organisation = Structure
cohort-export-state = État
cohort-export-source = Origine
cohort-export-enrolled = Inscription
cohort-export-convened = Convocation
cohort-export-extended = Délai accordé
cohort-export-done = Activités faites
cohort-export-minutes = Minutes réalisées
cohort-export-completed = Formation terminée
cohort-export-left = Départ
cohort-export-cause = Raison du départ

## Inscrire

cohort-enrol-title = Inscrire une personne
cohort-enrol-button = Inscrire une personne
cohort-enrol-lead = { $count ->
    [one] Il reste 1 place dans ce groupe.
   *[other] Il reste { $count } places dans ce groupe.
  }
cohort-enrol-lead-full = Le groupe est complet ({ $count } place libre) : la personne ira sur la liste d’attente.
cohort-enrol-known-title = Une personne déjà connue
cohort-enrol-search = Chercher par nom ou par adresse
cohort-enrol-this = Inscrire
cohort-enrol-none-text = Vérifiez l’orthographe, ou inscrivez une nouvelle personne ci-dessous.
cohort-enrol-new-title = Une nouvelle personne
cohort-enrol-submit = Inscrire cette personne
cohort-enrol-submit-waiting = Mettre en liste d’attente
cohort-enrol-many-title = Plusieurs personnes
cohort-enrol-many-text = Une liste venue d’un tableur inscrit tout le monde en une fois, après vérification.
cohort-field-given = Prénom
cohort-field-given-error = Donnez le prénom.
cohort-field-family = Nom
cohort-field-family-error = Donnez le nom.
cohort-field-email = Adresse e-mail
cohort-field-email-help = Elle sert à envoyer la convocation et à se connecter. Plusieurs personnes peuvent partager la même.
cohort-field-organisation = Structure ou employeur

## Inscrire une liste

cohort-csv-title = Inscrire une liste
cohort-csv-button = Inscrire une liste
cohort-csv-lead = Vous verrez d’abord ce qui arrivera à chaque ligne. Rien n’est enregistré avant votre confirmation.
cohort-csv-file = Fichier CSV ou Excel
cohort-csv-file-help = { $lines } lignes et { $size } au plus. CSV ou .xlsx, tel que votre tableur l’enregistre.
cohort-csv-paste = Ou collez la liste ici
cohort-csv-paste-help = Avec sa première ligne, celle des titres de colonnes. Le fichier, s’il y en a un, passe avant.
cohort-csv-check = Vérifier la liste
cohort-csv-model-title = Un modèle
cohort-csv-model-text = Le prénom et le nom sont nécessaires. L’adresse et la structure sont facultatives. Les colonnes peuvent être séparées par des points-virgules, des virgules ou des tabulations.
cohort-csv-model-header = Prénom;Nom;Courriel;Structure
cohort-csv-error-changed = Quelque chose a changé depuis la vérification. Rien n’a été enregistré. Vérifiez la liste de nouveau.
cohort-csv-line-given = Le prénom manque.
cohort-csv-line-family = Le nom manque.
cohort-csv-line-long = Une valeur est trop longue.
cohort-csv-line-unreadable = La ligne ne peut pas être lue : vérifiez ses guillemets.
cohort-csv-preview-title = Vérifier la liste
cohort-csv-preview-lead = Rien n’est encore enregistré. Voici ce qui arrivera à chaque ligne.
cohort-csv-changed = Quelque chose a changé depuis la première vérification. Rien n’a été enregistré. Voici ce qui arriverait maintenant.
cohort-csv-wrong = { $count ->
    [one] 1 ligne est à corriger. Corrigez-la dans votre fichier, puis envoyez-le de nouveau. Rien n’a été enregistré.
   *[other] { $count } lignes sont à corriger. Corrigez-les dans votre fichier, puis envoyez-le de nouveau. Rien n’a été enregistré.
  }
cohort-csv-nothing = Toutes les personnes de cette liste sont déjà dans le groupe. Il n’y a rien à faire.
cohort-csv-ignored = Colonnes laissées de côté : { $columns }.
cohort-csv-caption = Ce qui arrivera à chaque ligne
cohort-csv-column-line = Ligne
cohort-csv-column-email = Adresse
cohort-csv-column-fate = Ce qui arrivera
cohort-csv-sum-place = Auront une place
cohort-csv-sum-waiting = Iront en liste d’attente
cohort-csv-sum-new = Nouvelles personnes
cohort-csv-sum-left-out = Lignes sans effet
cohort-csv-sum-shared = Adresses partagées
cohort-csv-sum-wrong = Lignes à corriger
cohort-csv-more = { $count ->
    [one] 1 autre ligne n’est pas montrée ici.
   *[other] { $count } autres lignes ne sont pas montrées ici.
  }
cohort-csv-confirm = { $count ->
    [one] Inscrire 1 personne
   *[other] Inscrire { $count } personnes
  }
cohort-csv-again = Envoyer une autre liste
cohort-csv-fate-wrong = À corriger
cohort-csv-fate-left-out = Sans effet
cohort-csv-fate-duplicate = Même personne qu’à la ligne { $line }
cohort-csv-fate-enrolled = Déjà dans le groupe
cohort-csv-fate-waiting = Déjà en liste d’attente
cohort-csv-fate-left = A quitté le groupe, comme le dit le fichier
cohort-csv-fate-place = Aura une place
cohort-csv-fate-waiting-list = Liste d’attente
cohort-csv-fate-back = Revient dans le groupe
cohort-csv-fate-known = Personne déjà connue
cohort-csv-fate-new = Nouvelle personne
cohort-csv-shared-line = Même adresse qu’à la ligne { $line }, sous un autre nom : ce sont deux personnes, et une seule se connectera avec cette adresse.
cohort-csv-shared-person = Cette adresse est déjà celle de { $name } : ce sont deux personnes, et une seule se connectera avec cette adresse.
cohort-csv-columns-title = Dire ce que sont les colonnes
cohort-csv-columns-lead = La première ligne ne dit pas où sont le prénom et le nom. Rien n’est enregistré.
cohort-csv-columns-missing = Dites quelle colonne contient le prénom, et laquelle le nom.
cohort-csv-column = Colonne { $number }
cohort-csv-kind-phone = Téléphone
cohort-csv-kind-birth = Date de naissance

## Une inscription

cohort-enrolment-title = Inscription de { $name }
cohort-enrolment-follow = Voir son travail
cohort-convene-one = Envoyer la convocation
cohort-convene-again = Envoyer de nouveau la convocation
cohort-extend-title = Donner plus de temps
cohort-extend-text = Le groupe se termine { $date }. Cette personne pourra avoir plus longtemps, pour toutes ses activités.
cohort-extend-submit = Enregistrer ce délai
cohort-field-to = A jusqu’au
cohort-field-to-help = Laissez vide pour revenir aux dates du groupe.
cohort-move-title = Changer de groupe
cohort-move-text = Le travail déjà fait vient avec la personne. Ses dates deviennent celles du nouveau groupe.
cohort-move-submit = Changer de groupe
cohort-field-cohort = Nouveau groupe
cohort-field-cohort-error = Choisissez le nouveau groupe.
cohort-leave-title = Noter un départ
cohort-leave-text = La personne n’aura plus accès à la formation. Son travail est gardé, et vous pourrez revenir sur ce départ.
cohort-leave-submit = Noter le départ
cohort-field-cause = Raison
cohort-field-cause-error = Choisissez une raison.
cohort-field-note = Note
cohort-field-note-help = Pour votre équipe seulement. Pas de détail sur la santé ni la vie privée.
cohort-field-note-error = Précisez la raison, en 1 000 lettres au plus.
cohort-undo-title = Revenir sur ce départ
cohort-undo-text = La personne retrouve sa place et tout ce qu’elle avait fait.
cohort-undo-button = Rendre sa place

## Lien d’inscription

cohort-link-title = Lien d’inscription
cohort-link-closed-text = Il est fermé : personne ne peut s’inscrire sans vous.
cohort-link-open-text = Qui reçoit ce lien peut s’inscrire. Quand le groupe est complet, les personnes suivantes attendent.
cohort-link-field = Adresse à donner
cohort-link-open = Ouvrir un lien
cohort-link-close = Fermer le lien
cohort-link-renew = Changer le lien…
cohort-link-renew-sentence = Remplacer ce lien par un nouveau ?
cohort-link-renew-consequence = L’adresse déjà donnée ne marchera plus.
cohort-link-renew-submit = Changer le lien
cohort-join-eyebrow = Vous êtes invité·e à rejoindre un groupe
cohort-join-title = Rejoindre { $title }
cohort-join-lead = Donnez votre nom et votre adresse. Nous vous écrivons aussitôt pour confirmer.
cohort-join-email-help = Nous y envoyons un lien pour entrer, sans mot de passe.
cohort-join-submit = Recevoir le lien
cohort-join-known = Vous avez déjà un compte ?
cohort-join-sign-in = Se connecter
cohort-join-button = Rejoindre ce groupe
cohort-join-button-waiting = M’inscrire sur la liste d’attente
cohort-join-full = Toutes les places sont prises. Vous pouvez vous inscrire sur la liste d’attente : nous vous dirons si une place se libère.
cohort-join-sent = Nous avons écrit à { $email }. Ouvrez ce message et suivez son lien : il marche pendant 24 heures. Il peut être dans les indésirables.
cohort-join-mine-active = Vous êtes dans ce groupe.
cohort-join-mine-button = Aller à ma formation
cohort-join-mine-waiting = Vous êtes sur la liste d’attente. Nous vous écrirons si une place se libère.
cohort-join-mine-left = Vous aviez quitté ce groupe. Vous pouvez y revenir.
cohort-join-closed-title = Ce lien n’est plus ouvert
cohort-join-closed-text = Les inscriptions par ce lien sont fermées. Demandez un nouveau lien à la personne qui vous l’a donné.
cohort-join-closed-home = Revenir à l’accueil

## Messages

cohort-notice-created = Le groupe est ouvert. Choisissez ses tuteur·ices, puis inscrivez les personnes.
cohort-notice-saved = Les réglages sont enregistrés.
cohort-notice-cancelled = Le groupe est annulé. Rien n’a été effacé.
cohort-notice-restored = Le groupe est rétabli.
cohort-notice-tutor-added = Le groupe est confié à cette personne.
cohort-notice-tutor-removed = Cette personne ne suit plus le groupe.
cohort-notice-enrolled = La personne est inscrite. Pensez à envoyer sa convocation.
cohort-notice-waiting = Le groupe est complet : la personne est sur la liste d’attente.
cohort-notice-already = Cette personne est déjà dans le groupe. Rien n’a changé.
cohort-notice-imported = Toute la liste est inscrite. Pensez à envoyer les convocations.
cohort-notice-imported-waiting = La liste est inscrite. Les dernières personnes sont en liste d’attente.
cohort-notice-seated = La personne qui attendait depuis le plus longtemps a une place. Pensez à envoyer sa convocation.
cohort-notice-nobody-waits = Personne n’attend plus.
cohort-notice-convened = Les convocations partent. Chaque envoi est noté.
cohort-notice-convened-some = Les convocations partent, sauf aux personnes sans adresse : prévenez-les autrement.
cohort-notice-convened-none = Toutes les personnes inscrites ont déjà leur convocation.
cohort-notice-convened-no-address = Aucun envoi : il n’y a pas d’adresse e-mail. Prévenez autrement.
cohort-notice-convened-one = La convocation part. L’envoi est noté.
cohort-notice-extended = Le nouveau délai est enregistré.
cohort-notice-extension-removed = La personne suit de nouveau les dates du groupe.
cohort-notice-moved = La personne a changé de groupe, avec son travail.
cohort-notice-left = Le départ est noté. Son travail est gardé.
cohort-notice-returned = La personne a retrouvé sa place.
cohort-notice-link-open = Le lien est ouvert.
cohort-notice-link-closed = Le lien est fermé.
cohort-notice-joined = Vous êtes dans le groupe. Bienvenue !
cohort-notice-join-waiting = Vous êtes sur la liste d’attente.
cohort-notice-join-already = Vous étiez déjà dans ce groupe. Rien n’a changé.
cohort-notice-join-moved = Vous avez changé de groupe : votre formation continue ici.

## Erreurs

cohort-error-not-published = Cette formation n’est pas publiée. Publiez-la, puis ouvrez le groupe.
cohort-error-no-week = Cette formation n’a pas de semaine. Ajoutez-en une, puis ouvrez le groupe.
cohort-error-capacity = Donnez un nombre de places entre 1 et 20 000.
cohort-error-too-few-places = Il y a déjà plus de personnes inscrites. Rien n’a été changé : donnez un nombre plus grand.
cohort-error-started = Le groupe a commencé : ses dates ne changent plus. Rien n’a été changé.
cohort-error-closed = Ce groupe est terminé ou annulé : il ne prend plus personne. Rien n’a été changé.
cohort-error-full = Il n’y a plus de place. Rien n’a été changé : augmentez le nombre de places, ou choisissez un autre groupe.
cohort-error-other-course = Ce groupe ne suit pas la même formation. Rien n’a été changé.
cohort-error-changed = Cette inscription a changé entre-temps. Rien n’a été écrasé : rouvrez la page.
cohort-error-date = Donnez une date à partir d’aujourd’hui, et pas dans plus de deux ans.
cohort-error-weeks = Une formation a de 1 à 208 semaines.

## Calendrier

cohort-ics-week = Semaine { $number } : { $title }
cohort-ics-due = À finir avant 23 h 59 ({ $zone }), semaine { $number } : { $title }
cohort-zone-europe-paris = heure de Paris
cohort-zone-america-guadeloupe = heure de la Guadeloupe
cohort-zone-america-martinique = heure de la Martinique
cohort-zone-america-cayenne = heure de Cayenne
cohort-zone-america-miquelon = heure de Saint-Pierre-et-Miquelon
cohort-zone-indian-reunion = heure de La Réunion
cohort-zone-indian-mayotte = heure de Mayotte
cohort-zone-pacific-noumea = heure de Nouméa
cohort-zone-pacific-tahiti = heure de Tahiti
cohort-zone-pacific-wallis = heure de Wallis
cohort-zone-europe-brussels = heure de Bruxelles
cohort-zone-europe-luxembourg = heure de Luxembourg
cohort-zone-europe-zurich = heure de Zurich
cohort-zone-utc = temps universel
cohort-zone-other = fuseau { $zone }
cohort-ics-extended = Votre date limite
cohort-ics-file = formation.ics

## Convocation et lien

cohort-mail-subject = Convocation : { $course }
cohort-mail-hello = Bonjour { $name },
cohort-mail-hello-plain = Bonjour,
cohort-mail-intro = Vous êtes inscrit·e à la formation « { $course } », { $range }. Elle se suit à distance, à votre rythme dans la semaine.
cohort-mail-when = Début :
cohort-mail-length = { $count ->
    [one] Durée : 1 semaine, { $duration } de travail en tout.
   *[other] Durée : { $count } semaines, { $duration } de travail en tout.
  }
cohort-mail-access-link = Pour entrer la première fois, suivez ce lien. Il sert une fois et marche pendant { $days } jours :
cohort-mail-access = Pour entrer dans votre formation, connectez-vous ici :
cohort-mail-button = Entrer dans ma formation
cohort-mail-later = Ensuite, connectez-vous ici : { $href }
cohort-mail-tutors = Pour vous accompagner : { $names }.
cohort-mail-answer = À vos questions, une réponse { $delay }.
cohort-mail-needs = Il vous faut un ordinateur, une tablette ou un téléphone, et une connexion à internet. Rien n’est à installer.
cohort-mail-calendar = Les dates de chaque semaine sont dans le fichier joint, à ouvrir avec votre agenda.
cohort-mail-calendar-link = Ou abonnez votre agenda à cette adresse, qui n’est qu’à vous :
cohort-mail-help = Besoin d’aide pour vous connecter ?
cohort-mail-contact-email = Par écrit :
cohort-mail-contact-phone = Par téléphone :
cohort-mail-disability = En situation de handicap, pour aménager la formation : { $contact }.
cohort-mail-join-subject = Votre lien pour rejoindre { $course }
cohort-mail-join-text = Vous avez demandé à rejoindre « { $course } ». Ce lien vous fait entrer ; il sert une fois et marche pendant { $hours } heures.
cohort-mail-join-button = Rejoindre le groupe
cohort-mail-join-known-subject = Rejoindre { $course } : connectez-vous
cohort-mail-join-known-text = Vous avez demandé à rejoindre « { $course } ». Un compte existe déjà à cette adresse, sous un autre nom : connectez-vous avec lui, puis rejoignez le groupe. Si vous partagez cette adresse, écrivez à la personne qui vous a donné le lien.
cohort-mail-join-known-button = Me connecter et rejoindre
cohort-mail-not-asked = Si vous n’avez rien demandé, ne faites rien : personne n’est inscrit sans suivre ce lien.
cohort-within = Groupe de formation
cohort-messages-button = Messages automatiques
