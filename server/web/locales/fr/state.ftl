### L’état du serveur : qui ne suit plus le journal, quels fichiers sont abîmés.

state-nav = État du serveur
state-title = État du serveur
state-lead = Ce qui demande votre attention sur le serveur, pour tous les espaces.
state-followers = Suites données aux faits du journal
state-followers-none = Chaque fait inscrit dans le journal a eu ses suites.
state-followers-text = Une suite n’a pas pu être donnée. Rien n’est perdu : elle est réessayée, de plus en plus rarement, et ce qui vient après l’attend.
state-follower-entry = Fait (et sa position)
state-follower-error = Ce qui a été répondu
state-follower-since = Depuis
state-follower-attempts = Essais
state-follower-next = Prochain essai
state-follower-mended = Cette suite n’est plus en échec à cet endroit. Rien n’a été changé.
state-again = Réessayer maintenant
state-again-asked = L’essai va être refait. Rouvrez cette page dans un instant.
state-aside-open = Écarter ce fait…
state-aside-text = Le fait reste dans le journal, mais cette suite ne lui sera pas donnée : une note ne partira pas, un oubli ne sera pas planifié. Ce qui vient après reprend. Votre motif est inscrit dans le journal.
state-aside-reason = Motif
state-aside-no-reason = Dites pourquoi en quelques mots : le motif est inscrit dans le journal. Rien n’a été changé.
state-aside = Écarter ce fait
state-aside-done = Le fait est écarté pour cette suite, et la raison est inscrite dans le journal. La suite reprend après lui.
state-files = Fichiers conservés
state-files-none = Aucun fichier manquant ou modifié n’a été trouvé.
state-files-text = Ces fichiers manquent, ou ne sont plus ceux qui ont été déposés. Remettez-les d’après une sauvegarde, au même endroit, puis vérifiez de nouveau.
state-files-never = Les fichiers sont relus chaque nuit. Ils ne l’ont pas encore été.
state-files-checked = { $count ->
    [one] 1 fichier relu ({ $size }), fini le { $at }.
   *[other] { $count } fichiers relus ({ $size }), fini le { $at }.
  }
state-files-checking = { $count ->
    [one] Vérification en cours depuis le { $at } : 1 fichier relu ({ $size }).
   *[other] Vérification en cours depuis le { $at } : { $count } fichiers relus ({ $size }).
  }
state-files-check = Vérifier maintenant
state-files-asked = La vérification va commencer. Elle se fait par petites parts : rouvrez cette page plus tard.
state-files-goes-on = Une vérification est déjà en cours.
state-file-name = Fichier
state-file-kind = Ce que c’est
state-file-what = Ce qui ne va pas
state-file-found = Trouvé le
state-file-missing = Il manque
state-file-altered = Il a été modifié
stored-mail-subject = { $count ->
    [one] 1 fichier abîmé sur le serveur
   *[other] { $count } fichiers abîmés sur le serveur
  }
stored-mail-text = { $count ->
    [one] La vérification de cette nuit a trouvé un fichier qui manque, ou qui n’est plus celui qui a été déposé.
   *[other] La vérification de cette nuit a trouvé { $count } fichiers qui manquent, ou qui ne sont plus ceux qui ont été déposés.
  }
stored-mail-do = Remettez ce qui manque d’après une sauvegarde. La liste est sur cette page :
stored-mail-open = Voir les fichiers
