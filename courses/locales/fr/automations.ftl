automation-nav = Messages
automation-title = Messages automatiques
automation-lead = Écrits une fois, ces messages partent d’eux-mêmes vers les stagiaires de chaque groupe, aux dates du groupe.
automation-tab-messages = Messages
automation-tab-calendar = Calendrier
automation-column-message = Message
automation-column-when = Départ
automation-column-state = État
automation-column-next = Prochain départ
automation-column-action = Action
automation-empty-title = Aucun message automatique
automation-empty-text = Commencez avec quatre messages prêts : bienvenue, ouverture de semaine, rappel, enquête. Rien ne part tant que vous ne les avez pas activés.
automation-empty-read = Personne n’en a encore écrit.
automation-begin = Ajouter les quatre messages
automation-add = Écrire un message
automation-new = Nouveau message automatique
automation-change = Modifier le message
automation-save = Enregistrer
automation-on = Activé
automation-off = Désactivé
automation-switch-on = Activer
automation-switch-off = Désactiver
automation-no-next = Aucun
automation-every-course = Toutes les formations
automation-course-gone = Formation supprimée
automation-every-group = Tous les groupes
automation-remove-title = Supprimer un message
automation-remove = Supprimer « { $subject } »
automation-remove-sentence = Le message ne partira plus pour aucun groupe. Ce qui est déjà parti reste dans le journal.
automation-when-start-same = Le premier jour, à { $time }
automation-when-start-before =
    { $days ->
        [one] La veille du premier jour, à { $time }
       *[other] { $days } jours avant le premier jour, à { $time }
    }
automation-when-start-after =
    { $days ->
        [one] Le lendemain du premier jour, à { $time }
       *[other] { $days } jours après le premier jour, à { $time }
    }
automation-when-week-opens-same = À l’ouverture de chaque semaine, à { $time }
automation-when-week-opens-before =
    { $days ->
        [one] La veille de l’ouverture de chaque semaine, à { $time }
       *[other] { $days } jours avant l’ouverture de chaque semaine, à { $time }
    }
automation-when-week-opens-after =
    { $days ->
        [one] Le lendemain de l’ouverture de chaque semaine, à { $time }
       *[other] { $days } jours après l’ouverture de chaque semaine, à { $time }
    }
automation-when-week-due-same = Le dernier jour de chaque semaine, à { $time }
automation-when-week-due-before =
    { $days ->
        [one] La veille du dernier jour de chaque semaine, à { $time }
       *[other] { $days } jours avant le dernier jour de chaque semaine, à { $time }
    }
automation-when-week-due-after =
    { $days ->
        [one] Le lendemain du dernier jour de chaque semaine, à { $time }
       *[other] { $days } jours après le dernier jour de chaque semaine, à { $time }
    }
automation-when-end-same = Le dernier jour du groupe, à { $time }
automation-when-end-before =
    { $days ->
        [one] La veille du dernier jour du groupe, à { $time }
       *[other] { $days } jours avant le dernier jour du groupe, à { $time }
    }
automation-when-end-after =
    { $days ->
        [one] Le lendemain du dernier jour du groupe, à { $time }
       *[other] { $days } jours après le dernier jour du groupe, à { $time }
    }
automation-moment-start = Le premier jour du groupe
automation-moment-week-opens = L’ouverture de chaque semaine
automation-moment-week-due = Le dernier jour de chaque semaine
automation-moment-end = Le dernier jour du groupe
automation-audience-all = Tout le monde
automation-audience-absent = Qui n’a jamais ouvert la formation
automation-audience-behind = Qui n’a pas tout fait
automation-audience-done = Qui a tout fait
automation-side-after = Ce jour-là, ou après
automation-side-before = Avant
automation-field-subject = Objet
automation-field-body = Texte
automation-field-body-help = Une ligne vide sépare les paragraphes. Vous pouvez écrire **en gras** et des listes avec des tirets. Les mots entre accolades sont remplacés pour chaque personne.
automation-field-moment = Compter les jours à partir de
automation-field-days = Nombre de jours
automation-field-days-help = 0 pour le jour même.
automation-field-side = Avant ou après ce jour
automation-field-time = Heure de départ
automation-field-time-help = À l’heure du groupe.
automation-field-audience = Pour qui
automation-field-audience-help = Un message lié à une semaine regarde ce qui est fait dans cette semaine ; les autres, dans toute la formation.
automation-field-course = Pour quelle formation
automation-field-button = Texte du bouton
automation-field-button-help = Sans texte : « Ouvrir ma formation ».
automation-field-link = Adresse du bouton
automation-field-link-help = Celle de votre questionnaire, par exemple. Sans adresse, le bouton ouvre la formation de la personne.
automation-field-group = Groupe
automation-filter = Afficher
automation-error-subject = Écrivez l’objet du message.
automation-error-body = Écrivez le texte du message.
automation-error-long = C’est trop long : { $most } caractères au plus.
automation-error-days = Écrivez un nombre de jours, de 0 à { $most }.
automation-error-time = Écrivez une heure, par exemple 08:00.
automation-error-link = L’adresse doit commencer par https:// ou http://.
automation-error-needs-link = Ce message a un bouton à lui : dites où il mène.
automation-error-variable = Ces mots entre accolades n’existent pas : { $names }. La liste est sous le formulaire.
automation-error-variable-week = Ces mots entre accolades n’existent pas ici : { $names }. Ceux de la semaine ne valent que pour un message lié à une semaine.
automation-error-many = Il y a déjà { $most } messages : supprimez-en un.
automation-ready-title = Partir d’un message prêt
automation-preset-welcome = Bienvenue
automation-preset-opening = Ouverture de semaine
automation-preset-reminder = Rappel
automation-preset-survey = Enquête
automation-variables = Mots remplacés pour chaque personne
automation-variable-prenom = son prénom
automation-variable-nom = son nom
automation-variable-formation = le nom de son groupe
automation-variable-debut = le premier jour du groupe
automation-variable-fin = le dernier jour du groupe
automation-variable-tuteurs = les personnes qui l’accompagnent
automation-variable-semaine = le numéro de la semaine
automation-variable-titre-semaine = le titre de la semaine
automation-variable-echeance = le dernier jour de la semaine
automation-notice-begun = Quatre messages sont ajoutés. Relisez-les, puis activez-les.
automation-notice-on = Le message partira de lui-même, à partir de maintenant.
automation-notice-off = Le message ne part plus.
automation-notice-link = Ce message a un bouton à lui : dites d’abord où il mène.
automation-notice-saved = Le message est enregistré. Il partira de lui-même.
automation-notice-saved-off = Le message est enregistré. Activez-le pour qu’il parte.
automation-notice-removed = Le message est supprimé.
automation-notice-skipped = Le message ne partira pas ce jour-là.
automation-notice-back = Le message partira ce jour-là.
automation-notice-gone = Rien n’a changé : le message est déjà parti, ou c’était déjà décidé.
automation-notice-tested = L’essai vous est envoyé.
automation-notice-no-address = Votre compte n’a pas d’adresse dans cet espace : l’essai ne peut pas partir.
automation-calendar-title = Calendrier des messages
automation-calendar-empty = Rien ne part ce mois-ci
automation-calendar-empty-text = Activez des messages, ou regardez un autre mois.
automation-months = Changer de mois
automation-previous = Mois précédent
automation-next = Mois suivant
automation-week = semaine { $week }
automation-fate-planned = Prévu
automation-fate-skipped = Écarté
automation-fate-sent = Parti
automation-fate-missed = Ne part pas
automation-is-off = Ce message est désactivé.
automation-fact-when = Départ
automation-fact-group = Groupe
automation-fact-week = Semaine
automation-fact-audience = Pour qui
automation-fact-today = Aujourd’hui
automation-fact-sent = Envoi
automation-fact-without = Sans adresse
automation-today = { $count } sur { $places } le recevraient.
automation-sent =
    { $count ->
        [one] 1 mail, le { $at }
       *[other] { $count } mails, à partir du { $at }
    }
automation-without =
    { $count ->
        [one] 1 personne à prévenir autrement
       *[other] { $count } personnes à prévenir autrement
    }
automation-skip = Ne pas envoyer cette fois
automation-unskip = Envoyer finalement
automation-test = M’envoyer un essai
automation-test-subject = [essai] { $subject }
automation-preview = Ce que la personne reçoit
automation-preview-text = Montré avec une personne du groupe ; les liens sont les siens.
automation-example-given = Amina
automation-example-family = Exemple
automation-mail-open = Ouvrir ma formation
automation-mail-open-link = Ouvrir la page
automation-mail-why = Vous recevez ce message parce que vous suivez « { $course } » avec { $space }.
