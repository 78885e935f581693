watch-nav = Veille
watch-title = Veille
watch-lead = Triez ce qui arrive : ce que vous retenez peut être repris dans une lettre, et part en alerte aux personnes qui suivent ses thèmes.
watch-tab-items = Nouvelles
watch-tab-feeds = Sources
watch-filter = Filtrer les nouvelles
watch-items-new = À trier
watch-items-kept = Retenues
watch-items-dropped = Écartées
watch-empty-new = Rien à trier
watch-empty-new-text = Les nouvelles de vos sources arrivent ici chaque heure. Vous pouvez aussi en ajouter une vous-même.
watch-empty-kept = Rien de retenu
watch-empty-kept-text = Retenez une nouvelle pour la retrouver ici et la faire connaître.
watch-empty-dropped = Rien d’écarté
watch-empty-dropped-text = Ce que vous écartez reste ici, au cas où.
watch-more = Afficher les suivantes
watch-item-add = Ajouter une nouvelle
watch-item-title = Nouvelle de la veille
watch-item-keep = Retenir
watch-item-drop = Écarter
watch-item-back = Remettre à trier
watch-item-change = Modifier
watch-item-save = Enregistrer
watch-item-themes = Thèmes : { $themes }
watch-item-kept = La nouvelle est retenue.
watch-item-dropped = La nouvelle est écartée.
watch-item-put-back = La nouvelle est de nouveau à trier.
watch-item-told = Cette nouvelle est déjà retenue : la corriger ne l’envoie pas une seconde fois.
watch-item-will-be-told = Une fois retenue, elle part dans la prochaine alerte des personnes qui suivent un de ses thèmes.
watch-offers = Veille
watch-feeds-title = Sources suivies
watch-feeds-lead = Une source est un flux RSS ou Atom : elle est lue chaque heure, et ses nouvelles attendent que vous les triiez.
watch-feeds-empty = Aucune source
watch-feeds-empty-text = Collez ci-dessous l’adresse d’un site ou de son flux.
watch-feeds-stop-title = Ne plus suivre une source
watch-feed = Source
watch-feed-add = Suivre une source
watch-feed-added = La source est suivie.
watch-feed-read = Lire maintenant
watch-feed-was-read = La source a été lue.
watch-feed-was-not-read = La source n’a pas pu être lue. La raison est indiquée à côté d’elle.
watch-feed-stop = Ne plus suivre « { $feed } »
watch-feed-stop-sentence = Les nouvelles retenues restent. Celles qui attendaient d’être triées disparaissent.
watch-feed-stopped = La source n’est plus suivie.
watch-feed-good = Lue
watch-feed-new = Pas encore lue
watch-themes = Thèmes
watch-state = État
watch-action = Action
watch-field-address = Adresse du site ou du flux
watch-field-address-help = Par exemple https://www.exemple.fr/actualites.xml. Avec l’adresse du site, nous cherchons son flux.
watch-field-found = Flux trouvés sur cette page
watch-field-found-help = Choisissez celui que vous voulez suivre, puis validez de nouveau.
watch-field-themes = Thèmes
watch-field-themes-help = Séparés par des virgules. Les personnes qui suivent un de ces thèmes seront prévenues.
watch-field-title = Titre
watch-field-link = Adresse de la page
watch-field-summary = Résumé
watch-field-summary-help = Deux ou trois phrases simples, sans mise en forme.
watch-field-source = Qui le dit
watch-field-departments = Départements
watch-field-departments-help = Séparés par des virgules, par exemple 31, 81. Laissez vide si cela concerne tout le monde.
watch-error-title = Écrivez un titre.
watch-error-link = L’adresse doit commencer par https:// ou http://.
watch-error-themes = Indiquez au moins un thème : c’est lui qui dit qui sera prévenu.
watch-trouble-address = Ce n’est pas une adresse. Elle commence par https://.
watch-trouble-unreachable = Le site ne répond pas. Vérifiez l’adresse, ou réessayez plus tard.
watch-trouble-insecure = L’adresse n’est pas sécurisée : il faut qu’elle commence par https://.
watch-trouble-private = Cette adresse est celle d’un réseau privé : elle ne peut pas être suivie.
watch-trouble-large = Ce flux est trop volumineux pour être lu (4 Mo au plus).
watch-trouble-forbidden = Ce flux contient des déclarations dangereuses : il n’est pas lu.
watch-trouble-unreadable = Ce n’est pas un flux RSS ou Atom lisible.
watch-trouble-gone = Il n’y a plus rien à cette adresse.
watch-trouble-status = Le site a répondu par une erreur. Réessayez plus tard.
watch-trouble-hops = Le site renvoie sans fin d’une adresse à une autre.
watch-trouble-page = Cette page n’annonce aucun flux. Cherchez « RSS » sur le site, et collez l’adresse du flux.
watch-trouble-choose = Cette page annonce un flux : vérifiez le choix ci-dessous, puis validez de nouveau.
watch-trouble-known = Vous suivez déjà cette source.
watch-trouble-many = Vous suivez déjà 200 sources, c’est le maximum.
alert-title = Alertes
alert-lead = Recevez ce qui est nouveau dans les thèmes que vous choisissez, et rien quand il n’y a rien de nouveau.
alert-name = les alertes
alert-field-rhythm = À quel rythme ?
alert-field-rhythm-help = Les alertes regroupées partent le lundi, ou le premier du mois, à 8 heures.
alert-field-themes = Sur quels thèmes ?
alert-field-departments = Pour quels départements ?
alert-field-departments-help = Séparés par des virgules, par exemple 31, 81. Laissez vide pour tous.
alert-rhythm-never = Aucune alerte
alert-rhythm-once = Dès que c’est publié
alert-rhythm-weekly = Chaque semaine
alert-rhythm-fortnightly = Toutes les deux semaines
alert-rhythm-monthly = Chaque mois
alert-mail-themes = Thèmes : { $themes }
alert-mail-why = { $space } vous écrit parce que vous suivez ces thèmes.
alert-mail-choices = Changer mes thèmes ou mon rythme
alert-mail-stop = Ne plus recevoir d’alertes
letter-offers = Reprendre des formations, des sessions, la veille…
letter-offers-title = Reprendre des contenus
letter-offers-lead = Cochez ce que la lettre doit annoncer. Chaque choix devient un bloc déjà rempli, à la fin de la lettre ; vous pouvez ensuite le modifier et le déplacer.
letter-offers-choose = Cochez au moins un contenu.
letter-offers-none = Rien à reprendre
letter-offers-none-text = Les formations ouvertes, les sessions à venir et les nouvelles gardées dans la veille depuis 90 jours s’affichent ici.
letter-offers-back = Revenir à la lettre
letter-offers-taken = Les contenus sont à la fin de la lettre.
letter-offers-some = Une partie n’a pas pu être reprise : la lettre est pleine, ou un contenu n’est plus proposé.
letter-take = Ajouter à la lettre
alert-mail-subject = { $count ->
    [one] Une nouvelle pour vous
   *[other] { $count } nouvelles pour vous
} – { $space }
alert-mail-lead = { $count ->
    [one] Voici ce qui est nouveau dans vos thèmes : une nouvelle.
   *[other] Voici ce qui est nouveau dans vos thèmes : { $count } nouvelles.
}
watch-feed-unread = { $count ->
    [one] un article laissé de côté (sans titre, répété ou au-delà de 200)
   *[other] { $count } articles laissés de côté (sans titre, répétés ou au-delà de 200)
}
watch-feed-old = { $count ->
    [one] un article de plus de 60 jours
   *[other] { $count } articles de plus de 60 jours
}
