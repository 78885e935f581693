### Le catalogue : fiches, semaines, activités, publication.

catalogue-nav = Formations
catalogue-title = Formations
catalogue-lead = Les formations de cet espace, en préparation et publiées.
catalogue-caption = Formations de cet espace
catalogue-search = Chercher une formation
catalogue-filter = Montrer
catalogue-filter-current = En cours
catalogue-filter-draft = Brouillons
catalogue-filter-published = Publiées
catalogue-filter-archived = Archivées
catalogue-state-draft = Brouillon
catalogue-state-published = Publiée
catalogue-state-archived = Archivée
catalogue-column-title = Titre
catalogue-column-state = État
catalogue-column-duration = Durée
catalogue-column-changed = Modifiée
catalogue-not-told = à préciser
catalogue-empty-title = Aucune formation pour l’instant
catalogue-empty-text = Les formations que vous écrirez seront ici. Commencez par un titre : le reste peut attendre.
catalogue-none-title = Rien ne correspond
catalogue-none-text = Essayez avec moins de mots, ou avec un autre filtre.
catalogue-new = Écrire une formation
catalogue-new-title = Écrire une formation
catalogue-new-lead = Un titre suffit pour commencer. Rien n’est public tant que vous ne publiez pas.
catalogue-new-submit = Créer la formation
catalogue-created = La formation est créée. Complétez sa fiche et ses semaines, dans l’ordre que vous voulez.
catalogue-cancel = Annuler

## Catalogue public

catalogue-public-title = Nos formations
catalogue-public-lead = { $space } : choisissez une formation, voyez pour qui elle est, combien de temps elle dure et quand elle commence.
catalogue-public-description = Les formations de { $space } : pour qui, combien de temps, prochaines dates.
catalogue-public-search = Chercher une formation
catalogue-public-empty-title = Aucune formation publiée pour l’instant
catalogue-public-empty-text = Les prochaines formations seront annoncées ici.
catalogue-public-none-title = Aucune formation ne correspond
catalogue-public-none-text = Essayez avec moins de mots.
catalogue-fresh-title = Bienvenue sur Passerelle
catalogue-fresh-text = Cette plateforme vient d’être installée : aucun espace n’est encore ouvert. L’administrateur·rice peut se connecter pour commencer.
catalogue-fresh-sign-in = Se connecter
catalogue-weeks = { $count ->
    [one] 1 semaine
   *[other] { $count } semaines
  }
catalogue-next-date = Prochaine session : { $date }
catalogue-no-date = Prochaine date à venir
catalogue-places = { $count } places libres
catalogue-places-few = { $count ->
    [one] Plus qu’une place
   *[other] Plus que { $count } places
  }
catalogue-places-none = Complet : liste d’attente
catalogue-fact-duration = Durée
catalogue-fact-next = Prochaine date
catalogue-fact-answer = Réponse de l’équipe
catalogue-fact-nature = Nature de l’action
catalogue-answer = { $hours ->
    [one] sous 1 heure
   *[other] sous { $hours } heures
  }
catalogue-section-dates = Prochaines sessions
catalogue-section-objectives = Objectifs
catalogue-section-objectives-lead = À l’issue de la formation, vous saurez :
catalogue-section-weeks = Semaine par semaine
catalogue-section-audience = Pour qui
catalogue-section-prerequisites = Prérequis
catalogue-section-programme = Programme
catalogue-section-modalities = Déroulement
catalogue-section-methods = Méthodes
catalogue-section-assessment = Évaluation
catalogue-section-access = S’inscrire : comment et dans quel délai
catalogue-section-price = Tarif
catalogue-section-contact = Contact
catalogue-section-accessibility = Accessibilité aux personnes en situation de handicap
catalogue-section-results = Résultats
catalogue-published-on = Fiche publiée le

## La fiche

catalogue-sheet-title = Fiche de la formation
catalogue-sheet-save = Enregistrer la fiche
catalogue-sheet-saved = La fiche est enregistrée.
catalogue-sheet-whole = La fiche dit tout ce qu’elle doit dire pour être publiée.
catalogue-sheet-published = Cette formation est publiée : le public continue de lire la dernière version publiée, jusqu’à ce que vous publiiez de nouveau.
catalogue-gaps-title = Il manque des informations obligatoires
catalogue-gaps-text = La formation pourra être publiée quand la fiche les donnera. Vous pouvez enregistrer sans attendre.
catalogue-missing-summary = Présentez la formation en une ou deux phrases.
catalogue-missing-audience = Dites pour qui elle est faite.
catalogue-missing-prerequisites = Indiquez les prérequis, ou « aucun ».
catalogue-missing-objectives = Écrivez au moins un objectif.
catalogue-missing-programme = Décrivez le programme.
catalogue-missing-modalities = Expliquez comment elle se déroule.
catalogue-missing-methods = Décrivez les méthodes.
catalogue-missing-assessment = Expliquez comment les acquis sont évalués.
catalogue-missing-access = Expliquez comment s’inscrire et dans quel délai on peut commencer.
catalogue-missing-price = Indiquez le tarif, ou « gratuit ».
catalogue-missing-contact = Dites à qui s’adresser.
catalogue-missing-accessibility = Dites ce qui est prévu pour les personnes en situation de handicap, et à qui s’adresser.
catalogue-missing-results = Donnez les résultats des sessions passées.
catalogue-missing-duration = Indiquez la durée convenue.
catalogue-missing-answer = Indiquez le délai de réponse annoncé.
catalogue-group-presentation = Présentation
catalogue-group-objectives = Objectifs
catalogue-group-length = Durée et délai de réponse
catalogue-group-teaching = Pédagogie
catalogue-group-practical = Informations pratiques
catalogue-markdown-note = Vous pouvez mettre en forme : une ligne vide sépare les paragraphes, « - » commence une liste, « ** » entoure ce qui est important.
catalogue-field-title = Titre de la formation
catalogue-help-title = Celui que le public lira et que portera le certificat.
catalogue-field-weeks = Nombre de semaines
catalogue-help-weeks = Vous pourrez en ajouter ou en retirer.
catalogue-field-summary = En une ou deux phrases
catalogue-help-summary = Ce que la formation apporte. Sans mise en forme.
catalogue-field-audience = Pour qui
catalogue-help-audience = Métiers, situations, expérience des personnes que vous attendez.
catalogue-field-prerequisites = Prérequis
catalogue-help-prerequisites = Ce qu’il faut savoir ou avoir avant de commencer. S’il n’y en a pas, écrivez « Aucun ».
catalogue-field-objectives = Objectifs
catalogue-help-objectives = Ce que la personne saura faire, avec un verbe d’action que l’on peut évaluer. Chaque objectif devrait être évalué par au moins une activité.
catalogue-objective-number = Objectif { $number }
catalogue-objective-add = Ajouter un objectif
catalogue-objective-up = Monter
catalogue-objective-down = Descendre
catalogue-objective-remove = Retirer
catalogue-field-programme = Programme
catalogue-help-programme = Les contenus, dans leur ordre. Les semaines s’y ajoutent d’elles-mêmes.
catalogue-field-modalities = Déroulement
catalogue-help-modalities = À distance ou non, accompagnement, rythme, temps en commun, matériel nécessaire, assistance technique et pédagogique.
catalogue-field-methods = Méthodes
catalogue-help-methods = Exemples : études de cas, exercices, échanges entre pairs.
catalogue-field-assessment = Évaluation
catalogue-help-assessment = Comment et quand les acquis sont évalués, et ce qui est délivré à la fin.
catalogue-field-access = S’inscrire : comment et dans quel délai
catalogue-help-access = La démarche, et le délai entre la demande et le début de la formation.
catalogue-field-price = Tarif
catalogue-help-price = Prix par personne, prises en charge possibles, ou « gratuit ».
catalogue-field-contact = Contact
catalogue-help-contact = Nom ou service, adresse électronique, téléphone.
catalogue-field-accessibility = Accessibilité
catalogue-help-accessibility = Ce qui est prévu pour les personnes en situation de handicap, et le nom de la personne référente.
catalogue-field-results = Résultats
catalogue-help-results = Satisfaction, taux de réponse, abandons et leurs causes, avec la période et la méthode. À remplir dès la première session terminée.
catalogue-field-hours = Durée convenue, heures
catalogue-help-hours = La durée annoncée et certifiée. Le temps réalisé ne la dépasse jamais.
catalogue-field-minutes = Durée convenue, minutes
catalogue-field-answer-hours = Délai de réponse annoncé
catalogue-help-answer-hours = Sous combien d’heures l’équipe répond. Dimanches et jours fériés ne comptent pas.
catalogue-unit-hours = heures
catalogue-unit-minutes = minutes
catalogue-field-nature = Nature de l’action
catalogue-help-nature = Au sens de l’article L.6313-1 du code du travail ; elle figure sur le certificat de réalisation.
catalogue-nature-training = Action de formation
catalogue-nature-skills-assessment = Bilan de compétences
catalogue-nature-prior-learning = Validation des acquis de l’expérience
catalogue-nature-apprenticeship = Action de formation par apprentissage

## La page d’une formation

catalogue-links = Voir
catalogue-edit-sheet = Compléter la fiche
catalogue-see-preview = Aperçu de la page publique
catalogue-see-public = Page publique
catalogue-see-versions = Versions publiées
catalogue-fact-agreed = Durée convenue
catalogue-fact-planned = Total des activités
catalogue-fact-published = Dernière publication
catalogue-publish = Publier la formation
catalogue-publish-again = Publier les modifications
catalogue-published = La formation est publiée : sa page publique est à jour.
catalogue-unpublished = Des modifications ne sont pas encore publiques. Publiez-les quand elles sont prêtes.
catalogue-incomplete = La formation n’a pas été publiée : sa fiche ne dit pas encore tout. Rien n’est perdu ; voyez ci-dessous ce qui manque.
catalogue-duplicate = Dupliquer la formation
catalogue-duplicated = Voici la copie : un brouillon que vous pouvez modifier sans toucher à l’original.
catalogue-copy-title = Copie de { $title }
catalogue-archive = Archiver la formation…
catalogue-archive-sentence = Archiver « { $title } » ?
catalogue-archive-public = Elle disparaîtra du catalogue public.
catalogue-archive-cohorts = Les groupes déjà ouverts continuent, et les preuves restent.
catalogue-archive-submit = Archiver la formation
catalogue-archived = La formation est archivée. Vous la retrouverez dans la liste, avec le filtre « Archivées ».
catalogue-unarchive = Reprendre la formation
catalogue-unarchived = La formation est de nouveau un brouillon.
catalogue-advice-title = Avant de publier, regardez aussi
catalogue-advice-no-activity = Il n’y a encore aucune activité.
catalogue-advice-minutes = Les activités obligatoires durent { $planned } en tout, et la durée convenue est de { $agreed }.
catalogue-advice-objective = Aucune activité n’évalue l’objectif « { $objective } ».
catalogue-stale = La formation a changé entre-temps : rien n’a été fait. Voici où elle en est ; recommencez si besoin.
catalogue-conflict-title = Quelqu’un d’autre a modifié cette formation pendant que vous écriviez.
catalogue-conflict-text = Rien n’a été écrasé, et ce que vous avez écrit est ci-dessous. Regardez ce qui a changé, puis enregistrez de nouveau.
catalogue-conflict-fields = Rien n’a été écrasé, et ce que vous avez écrit est ci-dessous. Diffèrent de ce qui est enregistré : { $fields }. Si vous enregistrez de nouveau, votre version remplace l’autre.
catalogue-conflict-same = Ce que vous avez écrit est identique à ce qui est enregistré. Vous n’avez rien à faire.
catalogue-preview-title = Aperçu.
catalogue-preview-text = Voici la page telle que le public la lirait si vous publiiez maintenant.
catalogue-preview-back = Revenir à la formation
catalogue-version-text = Voici la page telle qu’elle a été publiée { $date }.
catalogue-versions = Versions publiées

## Semaines

catalogue-week-number = Semaine { $number }
catalogue-week-heading = { $number } : { $title }
catalogue-week-sum = { $time } d’activités
catalogue-week-optional-sum = { $time } facultatives en plus
catalogue-week-empty = Aucune activité pour l’instant.
catalogue-week-edit = Modifier le titre
catalogue-week-save = Enregistrer la semaine
catalogue-week-saved = La semaine est enregistrée.
catalogue-week-new = Ajouter une semaine
catalogue-week-add = Ajouter cette semaine
catalogue-week-added = La semaine est ajoutée.
catalogue-week-remove = Retirer la semaine
catalogue-week-removed = La semaine est retirée.
catalogue-week-kept = La semaine n’a pas été retirée : elle contient encore des activités, ou c’est la seule. Déplacez d’abord ses activités.
catalogue-field-week-title = Titre de la semaine
catalogue-field-week-summary = Ce que l’on y fait
catalogue-help-week-summary = Une ou deux phrases, que liront le public et les personnes en formation.
catalogue-moved = Le nouvel ordre est enregistré.

## Activités

catalogue-add = Ajouter :
catalogue-add-to = Ajouter une activité : { $week }
catalogue-kind-scorm = Module
catalogue-kind-page = Page
catalogue-kind-file = Fichier
catalogue-kind-link = Lien
catalogue-kind-tool = Outil externe
catalogue-rule-viewed = faite quand elle a été ouverte
catalogue-rule-completed = faite quand elle est terminée
catalogue-rule-passed = faite quand elle est réussie
catalogue-rule-declared = faite quand la personne le déclare
catalogue-rule-score = faite à partir de { $score }
catalogue-activity-edit = Modifier
catalogue-activity-remove = Retirer
catalogue-activity-add = Ajouter l’activité
catalogue-activity-added = L’activité est ajoutée.
catalogue-activity-save = Enregistrer l’activité
catalogue-activity-saved = L’activité est enregistrée.
catalogue-removed = L’activité est retirée. Ce qui en a déjà été fait est gardé.
catalogue-restore = Remettre l’activité
catalogue-restored = L’activité est revenue, à la fin de sa semaine.
catalogue-field-activity-title = Titre de l’activité
catalogue-field-package = Module de la bibliothèque
catalogue-no-package = Aucun module importé pour l’instant : importez-en un d’abord.
catalogue-import = Importer un nouveau module
catalogue-field-hosts = Sites que ce module peut joindre
catalogue-help-hosts = Laissez tout décoché si le module fonctionne sans. Chaque site coché saura que quelqu’un l’utilise.
catalogue-field-markdown = Texte de la page
catalogue-help-markdown = Une ligne vide sépare les paragraphes. « # » commence un titre, « - » une liste, « ** » entoure ce qui est important.
catalogue-see-page = Voir l’aperçu
catalogue-page-preview = Aperçu de la page
catalogue-attach-title = Ajouter une image ou un fichier à cette page
catalogue-field-attach = Image ou fichier
catalogue-attach = Joindre à la page
catalogue-picture-words = Décrivez l’image
catalogue-files-text = Fichiers déjà joints à cette formation. Pour montrer l’un d’eux ici, recopiez sa ligne dans le texte.
catalogue-field-file = Fichier
catalogue-field-other-file = Remplacer par un autre fichier
catalogue-help-file = { $limit } au plus. Un PDF, une image, un son ou une vidéo s’ouvrent dans le navigateur ; le reste se télécharge.
catalogue-field-url = Adresse
catalogue-help-url = Exemple : https://exemple.fr/article
catalogue-field-note = Que faire à cette adresse
catalogue-help-note = Ce qu’il faut lire, regarder ou faire, et ce qu’il faut en retenir.
catalogue-field-tool = Outil
catalogue-help-tool = Le service qui s’ouvrira. L’administration de l’espace les relie à la page « Outils externes ».
catalogue-no-tool = Aucun outil n’est relié pour l’instant : l’administration de l’espace en relie un à la page « Outils externes ».
catalogue-tool-pick = Choisir dans { $tool }
catalogue-tool-pick-text = Le plus simple : choisissez dans l’outil ce qu’il faut faire. Vous direz ensuite le temps que cela prend. Sinon, décrivez l’activité ci-dessous.
catalogue-field-tool-url = Adresse dans l’outil
catalogue-help-tool-url = Ce qu’il ouvre. Laissez vide pour son entrée habituelle.
catalogue-field-custom = Paramètres
catalogue-help-custom = Ce que l’outil demande parfois, un par ligne : nom=valeur. Laissez vide sinon.
catalogue-field-framed = Montrer l’outil dans la page
catalogue-help-framed = Sinon il s’ouvre dans un nouvel onglet, ce qui marche avec tous.
catalogue-field-lowers = L’outil peut baisser une note
catalogue-help-lowers = Une note plus basse remplace alors celle d’avant. Ce qui est fait reste fait.
catalogue-field-estimate = Durée estimée
catalogue-help-estimate = Le temps que prend l’activité à la plupart des personnes. C’est lui qui compte dans le temps réalisé.
catalogue-field-optional = Activité facultative
catalogue-help-optional = Elle ne compte pas pour terminer la formation ; faite, son temps compte une fois.
catalogue-field-rule = Quand l’activité est-elle faite ?
catalogue-choice-viewed = Quand elle a été ouverte
catalogue-choice-completed = Quand le module la dit terminée
catalogue-choice-completed-tool = Quand l’outil la dit terminée
catalogue-choice-passed = Quand le module la dit réussie
catalogue-choice-score = Quand la note atteint un minimum
catalogue-choice-declared = Quand la personne déclare l’avoir faite
catalogue-field-score = Note minimale
catalogue-help-score = Seulement si vous avez choisi la note.
catalogue-field-assessed = Objectifs évalués
catalogue-help-assessed = Cochez les objectifs que cette activité permet de vérifier.

## Quand la formation est terminée

catalogue-rule-title = Quand la formation est-elle terminée ?
catalogue-rule-change = Changer cette règle
catalogue-rule-save = Enregistrer la règle
catalogue-rule-saved = La règle est enregistrée.
catalogue-course-rule-all = Quand toutes les activités obligatoires sont faites.
catalogue-course-rule-count = { $count ->
    [one] Quand au moins 1 activité obligatoire est faite.
   *[other] Quand au moins { $count } activités obligatoires sont faites.
  }
catalogue-course-rule-share = Quand les activités faites représentent au moins { $share } du temps estimé.
catalogue-field-course-rule = La formation est terminée
catalogue-choice-course-all = quand toutes les activités obligatoires sont faites
catalogue-choice-course-count = quand un nombre d’activités est fait
catalogue-choice-course-share = quand une part du temps est faite
catalogue-field-count = Nombre d’activités, au moins
catalogue-field-share = Part du temps estimé, au moins

## Erreurs

catalogue-error-title = Donnez un titre.
catalogue-error-title-long = Ce titre est trop long : 200 caractères au plus.
catalogue-error-text-long = Ce texte est trop long. Rien n’est perdu : raccourcissez-le, puis enregistrez.
catalogue-error-hours = Écrivez un nombre entier d’heures, 2 000 au plus.
catalogue-error-rest = Écrivez un nombre entier de minutes, de 0 à 59.
catalogue-error-answer = Écrivez un nombre entier d’heures, 720 au plus.
catalogue-error-week-count = Choisissez de 1 à { $most } semaines.
catalogue-error-weeks = Un groupe déjà prévu ne peut pas compter autant de semaines. Rien n’a été changé.
catalogue-error-activity-title = Donnez un titre à l’activité.
catalogue-error-minutes = Indiquez la durée estimée, de 1 à 6 000 minutes.
catalogue-error-rule = Choisissez quand l’activité est faite.
catalogue-error-score = Indiquez la note minimale, de 1 à 100 %.
catalogue-error-package = Choisissez un module de la bibliothèque, ou importez-en un.
catalogue-error-hosts = L’un de ces sites n’est pas une adresse valable.
catalogue-error-markdown = Écrivez le texte de la page.
catalogue-error-file = Choisissez un fichier.
catalogue-error-file-large = Ce fichier dépasse { $limit } : il n’a pas été gardé. Le reste est là. Choisissez-en un plus léger.
catalogue-error-url = Écrivez une adresse complète, qui commence par https:// ou http://.
catalogue-error-tool = Choisissez un outil relié à cet espace.
catalogue-error-custom = Écrivez un paramètre par ligne, sous la forme nom=valeur, cinquante au plus.
catalogue-error-course-rule = Choisissez une règle et donnez son nombre : au moins 1 activité, ou de 1 à 100 % du temps.
course-offers = Formation
course-session-offers = Session
