### Les contenus : paquets importés, fichiers joints.

content-nav = Contenus
content-title = Contenus
content-lead = Les modules prêts à l’emploi que vous avez importés. Un même module peut servir dans plusieurs formations.
content-caption = Contenus de cet espace
content-search = Chercher un contenu
content-import = Importer un contenu
content-empty-title = Aucun contenu pour l’instant
content-empty-text = Les modules que vous importerez seront ici. Commencez par le fichier .zip que donne votre outil auteur.
content-none-title = Rien ne correspond
content-none-text = Essayez avec moins de mots, ou avec une partie du titre.
content-column-title = Titre
content-column-standard = Norme
content-column-size = Taille
content-column-imported = Importé
content-column-uses = Utilisations
content-column-problems = Vérification
content-edition-12 = SCORM 1.2
content-edition-2004 = SCORM 2004, { $number }e édition
content-fine = Rien à signaler
content-to-check = { $count ->
    [one] 1 point à vérifier
   *[other] { $count } points à vérifier
  }

## Importer

content-upload-title = Importer un contenu
content-upload-lead = Choisissez le fichier tel que votre outil auteur l’exporte : SCORM 1.2 ou SCORM 2004, un seul fichier .zip, sans le décompresser.
content-upload-field = Fichier du contenu
content-upload-help = Un fichier .zip de { $size } au plus, avec { $files } fichiers au plus. Les gros fichiers prennent quelques minutes.
content-upload-submit = Importer ce contenu
content-upload-back = Revenir à la formation
content-upload-none = Choisissez d’abord un fichier .zip, puis recommencez.
content-upload-too-large = Ce fichier dépasse { $limit }. Rien n’a été enregistré. Allégez les vidéos et les images, ou demandez à l’administrateur·rice de relever la limite.
content-upload-broken = L’envoi s’est interrompu avant la fin. Rien n’a été enregistré. Recommencez quand le réseau est stable.
content-refused-page = Le contenu n’a pas été importé
content-refused-title = « { $file } » : rien n’a été enregistré.
content-refused-again = Envoyer un autre fichier
content-import-state-title = Import de « { $file } »
content-steps = Avancement de l’import
content-step-receiving = Réception
content-step-checking = Vérification
content-step-storing = Enregistrement
content-stage-receiving = Réception du fichier…
content-stage-checking = Vérification : { $percent } %
content-stage-storing = Enregistrement…
content-import-leave = Vous pouvez quitter cette page : l’import continue, et le contenu sera dans la liste dès qu’il est prêt.
content-import-refresh = Voir où en est l’import
content-import-unknown = Cet import n’est plus suivi. S’il a réussi, le contenu est dans la liste ; sinon, rien n’a été enregistré et vous pouvez recommencer.
content-imported = Le contenu est importé.

## Un contenu

content-files = Fichiers
content-file-name = Fichier reçu
content-learning-time = Durée indiquée par l’auteur·rice
content-preview = Essayer ce contenu
content-problems-title = Ce que la vérification a trouvé
content-problems-text = Le contenu a été importé. Voici ce qui mérite votre attention.
content-problems-none = Rien à signaler : tout ce que le contenu annonce est présent et lisible.
content-hosts-title = Autres sites mentionnés
content-hosts-text = Ce contenu mentionne les sites ci-dessous. Par sécurité, il ne peut pas les joindre, sauf si vous l’autorisez dans l’activité qui l’utilise.
content-hosts-none = Ce contenu ne semble faire appel à aucun autre site.
content-toc-title = Sommaire
content-toc-more = { $count ->
    [one] Et 1 autre ligne.
   *[other] Et { $count } autres lignes.
  }
content-line-sco = module suivi
content-line-asset = page sans suivi
content-line-folder = rubrique
content-line-hidden = masqué dans le sommaire
content-line-dead = indisponible
content-line-elsewhere = sur un autre site, sans suivi
content-dead-title = Ce qui ne peut pas s’ouvrir
content-dead-text = Ces éléments mènent à un contenu absent ou interdit. Ils sont montrés comme indisponibles, et ne sont pas demandés pour terminer, sauf si vous le décidez.
content-dead-left = Non demandé
content-dead-wanted = Demandé : personne ne peut terminer
content-dead-want = Le demander quand même
content-dead-leave = Ne plus le demander
content-dead-now-wanted = L’élément est demandé : tant qu’il est indisponible, personne ne peut terminer ce contenu.
content-dead-now-left = L’élément n’est plus demandé pour terminer. Cela compte dès que chacun·e y revient.
content-rules-title = Ce que le contenu décide lui-même
content-rules-text = Son auteur·rice a fixé les règles ci-dessous. Elles s’ajoutent à celle que vous choisissez dans l’activité.
content-rules-help = Ce contenu décide lui-même : { $rules }
content-rule-mastery = « { $item } » : à la fin, réussi à partir de { $points } points, sinon non réussi.
content-rule-passing = « { $item } » : réussi à partir de { $share } du score, sinon non réussi.
content-rule-progress = « { $item } » : terminé à partir de { $share } d’avancement.
content-rule-before = « { $item } » devrait venir après : { $script }. Ce n’est pas imposé : chacun·e choisit l’ordre.
content-uses-title = Où il est utilisé
content-uses-line = { $course } : { $activity }
content-uses-none = Aucune formation ne l’utilise.
content-uses-removed = (activité retirée)
content-delete = Supprimer ce contenu…
content-delete-sentence = Supprimer « { $title } » de cet espace ?
content-delete-consequence = Le fichier et son sommaire seront effacés du serveur. Cela ne peut pas être annulé.
content-delete-submit = Supprimer ce contenu
content-delete-used = Ce contenu est utilisé par une activité, même retirée, ou par le travail de quelqu’un : il n’a pas été supprimé.
content-deleted = Le contenu est supprimé.
stored-kind-documents = Certificat ou attestation
stored-kind-packages = Module importé
stored-kind-package-indexes = Sommaire d’un module
stored-kind-attachments = Fichier d’une formation
