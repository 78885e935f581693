### Les contacts, leurs listes, leurs segments

contact-nav = Contacts
contact-title = Contacts
contact-tabs = Contacts et listes
contact-tab-contacts = Contacts
contact-tab-lists = Listes
contact-tab-segments = Segments
contact-tab-import = Importer
contact-name = Nom
contact-organisation = Structure
contact-department = Département
contact-tags = Réseaux et thèmes
contact-status = État
contact-add = Ajouter un contact
contact-import = Importer un fichier
contact-export = Exporter en CSV
contact-search = Chercher un nom, une adresse, une structure
contact-filter = Montrer
contact-of-list = Contacts qui reçoivent « { $name } ».
contact-count = { $count ->
    [0] Aucun contact
    [one] 1 contact
   *[other] { $count } contacts
}
contact-none-title = Aucun contact trouvé
contact-none-text = Essayez un autre mot, ou retirez le filtre.
contact-empty-title = Aucun contact
contact-empty-text = Les personnes à qui vous écrivez seront ici. Commencez par importer votre fichier, ou ajoutez un contact à la main.
contact-status-all = Tous
contact-status-enabled = Actif
contact-status-unconfirmed = À confirmer
contact-status-blocked = Ne veut rien recevoir
contact-status-bounced = Adresse en échec
contact-why-unconfirmed = Cette personne a demandé à s’abonner, mais n’a pas cliqué dans le message qui le confirme. Rien ne lui est envoyé.
contact-why-blocked = Cette personne ne veut plus rien recevoir. Aucune lettre ne lui est envoyée.
contact-why-bounced = Les messages envoyés à cette adresse reviennent. Aucune lettre ne lui est plus envoyée.
contact-add-title = Ajouter un contact
contact-add-lead = Dites d’où vient l’adresse et pourquoi vous la gardez : la loi le demande.
contact-add-do = Ajouter le contact
contact-added = Le contact est ajouté. Choisissez ce qu’il reçoit.
contact-cancel = Revenir sans rien changer
contact-field-email = Adresse e-mail
contact-field-given_name = Prénom
contact-field-family_name = Nom
contact-field-organisation = Structure
contact-field-job = Fonction
contact-field-department = Département
contact-field-networks = Réseaux
contact-field-themes = Thèmes
contact-field-lang = Langue
contact-field-basis = Base légale
contact-field-source = Origine de l’adresse
contact-field-purpose = Finalité
contact-field-tags-help = Séparés par des virgules.
contact-field-basis-help = Une personne privée doit avoir dit oui. Une adresse professionnelle peut être utilisée tant que la personne ne s’y oppose pas.
contact-field-source-help = Exemples : inscription au salon de mars 2026, annuaire des structures.
contact-field-purpose-help = Exemple : envoi de la lettre d’information.
contact-purpose-default = Envoi des lettres d’information
contact-basis-consent = Consentement
contact-basis-professional = Adresse professionnelle
contact-tag-theme = Thème
contact-tag-network = Réseau
contact-save = Enregistrer la fiche
contact-saved = C’est enregistré.
contact-since = Ajouté le
contact-account = Compte sur la plateforme
contact-account-yes = Oui
contact-account-no = Non
contact-lists-title = Ce que cette personne reçoit
contact-lists-none = Il n’y a pas encore de liste.
contact-lists = Listes
contact-lists-help = Décocher arrête tout de suite, même pour un envoi en cours.
contact-lists-save = Enregistrer les listes
contact-standing-subscribed = Depuis le { $date } ({ $how })
contact-standing-unconfirmed = Demandé le { $date }, pas encore confirmé ({ $how })
contact-standing-unsubscribed = A quitté la liste le { $date } ({ $how })
contact-how-hand = par l’équipe
contact-how-import = par un fichier
contact-how-form = par le formulaire public
contact-how-page = par sa page de choix
contact-how-one-click = par sa messagerie
contact-fields-title = Fiche
contact-stop-title = Ne plus écrire à cette personne
contact-block = Ne plus rien lui envoyer
contact-block-sentence = Ne plus rien envoyer à cette personne ?
contact-blocked = Plus rien ne lui sera envoyé.
contact-unblock = Lui écrire de nouveau
contact-unblock-sentence = Cette personne vous l’a-t-elle demandé, ou l’adresse est-elle réparée ?
contact-unblocked = Cette personne peut de nouveau recevoir vos lettres.
contact-forget = Effacer ce contact
contact-forget-sentence = Effacer ce contact et tout ce que vous savez de lui ?
contact-forget-consequence = Son adresse disparaît aussi des envois passés. Cela ne peut pas être annulé.
contact-forgotten = Le contact est effacé.
mail-error-source = Dites d’où vient cette adresse.
mail-error-purpose = Dites pourquoi vous gardez cette adresse.
mail-error-taken = Il y a déjà un contact avec cette adresse.

## Listes

list-title = Listes
list-lead = Une liste est ce que l’on reçoit ou non : la lettre mensuelle, la revue de presse, l’actualité d’un réseau. On quitte chacune d’un clic.
list-name = Liste
list-kind = Qui s’abonne
list-count = Abonné·es
list-state = État
list-since = Créée le
list-empty-title = Aucune liste
list-empty-text = Créez une première liste ci-dessous, par exemple « Flash Info ».
list-open = Ouverte
list-closed = Fermée
list-public-page = Voir la page d’abonnement
list-add-title = Créer une liste
list-add = Créer la liste
list-added = La liste est créée.
list-field-name = Nom
list-field-name-help = Les lecteur·rices le voient.
list-field-description = Ce que l’on reçoit
list-field-description-help = Une phrase, avec le rythme. Exemple : une fois par mois, l’actualité du réseau.
list-field-kind = Qui s’abonne
list-kind-public = Tout le monde
list-kind-public-help = Sur une page publique, avec un message de confirmation.
list-kind-private = L’équipe
list-kind-private-help = Vous ajoutez les personnes ; elles peuvent partir à tout moment.
list-kind-discussion = Les membres s’écrivent
list-kind-discussion-help = Les membres s’écrivent par mail à l’adresse de la liste. Vous ajoutez les personnes ; elles peuvent partir à tout moment.
list-error-name = Donnez un nom à cette liste.
list-error-taken = Une liste porte déjà ce nom.
list-save = Enregistrer la liste
list-saved = La liste est enregistrée.
list-close-title = Fermer la liste
list-close-text = Une liste fermée ne reçoit plus de lettre et n’est plus proposée. Elle garde ses abonné·es.
list-close = Fermer cette liste
list-close-sentence = Fermer cette liste ?
list-closed-told = La liste est fermée.
list-reopen = Rouvrir cette liste
list-reopened = La liste est de nouveau ouverte.

## Segments

segment-title = Segments
segment-lead = Un segment réunit les contacts qui remplissent des conditions. Il se met à jour tout seul.
segment-name = Segment
segment-count = Contacts
segment-enabled = À qui l’on peut écrire
segment-add = Créer un segment
segment-add-title = Nouveau segment
segment-empty-title = Aucun segment
segment-empty-text = Créez-en un pour n’écrire qu’à une partie d’une liste, par exemple un département.
segment-field-name = Nom du segment
segment-error-name = Donnez un nom à ce segment.
segment-any = Il faut remplir
segment-any-all = toutes les conditions
segment-any-any = au moins une condition
segment-condition = Condition { $number } : { $name }
segment-how = Comparaison
segment-how-contains = contient
segment-how-is = est
segment-how-is_not = n’est pas
segment-how-empty = n’est pas renseigné
segment-days = Dans les derniers jours
segment-remove = Retirer
segment-add-condition = Ajouter une condition
segment-field-organisation = Structure
segment-field-job = Fonction
segment-field-department = Département
segment-field-source = Origine de l’adresse
segment-field-email = Adresse e-mail
segment-field-lang = Langue
segment-field-tag = Réseau ou thème
segment-field-list = Liste
segment-field-added = Ajouté récemment
segment-field-sent = A reçu une lettre récemment
segment-field-account = A un compte ici
segment-tag = { $kind } : { $name }
segment-sentence = { $all ->
    [0] Aucun contact ne remplit ces conditions.
    [one] Un contact remplit ces conditions ; on peut écrire à { $enabled }.
   *[other] { $all } contacts remplissent ces conditions ; on peut écrire à { $enabled }.
}
segment-recount = Compter de nouveau
segment-save = Enregistrer le segment
segment-saved = Le segment est enregistré.
segment-delete = Supprimer ce segment
segment-delete-sentence = Supprimer ce segment ? Les contacts restent.
segment-deleted = Le segment est supprimé.

## Importer

import-title = Importer des contacts
import-lead = Un fichier CSV ou Excel, avec les noms des colonnes sur la première ligne. Vous verrez ce qui va se passer avant que rien ne change, et vous pourrez l’annuler après.
import-file = Fichier
import-file-help = CSV ou XLSX, { $size } au plus, 20 000 lignes au plus.
import-read = Lire le fichier
import-error-large = Le fichier est trop lourd. Coupez-le en plusieurs.
import-error-none = Choisissez un fichier.
import-gone = Ce fichier n’est plus là : un autre a été envoyé depuis. Recommencez.
import-preview-title = Vérifier l’import
import-preview-lead = Rien n’a encore changé. Vérifiez les colonnes, puis importez.
import-mapping = Colonnes du fichier
import-no-email = Dites quelle colonne contient l’adresse e-mail, puis recalculez.
import-column = Colonne { $number }
import-sample = Exemple : { $value }
import-common = Pour toutes les lignes
import-merge = Si le contact existe déjà
import-merge-fill = Ne compléter que ce qui manque
import-merge-replace = Remplacer par ce que dit le fichier
import-list = Abonner à la liste
import-list-help = Les personnes qui ont quitté cette liste n’y reviennent pas.
import-fates = Ce qui va se passer
import-count-added = Contacts ajoutés
import-count-changed = Contacts changés
import-count-same = Contacts déjà à jour
import-count-refused = Lignes refusées
import-lines = Premières lignes, les refusées d’abord
import-line = Ligne
import-content = Contenu
import-fate = Ce qui se passe
import-fate-add = Ajouté
import-fate-change = Changé
import-fate-same = Déjà à jour
import-line-email = Refusée : { $reason }
import-line-twice = Refusée : adresse déjà dans le fichier, à la ligne { $line }
import-line-shared = Refusée : même adresse que la ligne { $line }, sous un autre nom. Une adresse est un seul contact.
import-known-as = Cette adresse est connue sous le nom de { $name }.
import-again = Recalculer
import-do = { $count ->
    [0] Importer
    [one] Importer un contact
   *[other] Importer { $count } contacts
}
import-done = L’import est fait.
import-past = Derniers imports
import-past-empty = Aucun import
import-past-empty-text = Vos imports seront ici, et vous pourrez les annuler.
import-file-name = Fichier
import-result = Résultat
import-counts = { $added ->
    [one] { $added } ajouté
   *[other] { $added } ajoutés
}, { $changed ->
    [one] { $changed } changé
   *[other] { $changed } changés
}, { $refused ->
    [one] { $refused } ligne refusée
   *[other] { $refused } lignes refusées
}
import-undo = Annuler l’import de « { $file } »
import-undo-sentence = Annuler cet import ?
import-undo-consequence = Les contacts ajoutés sont effacés, les autres reprennent leur fiche d’avant, sauf ceux qui ont changé ou reçu une lettre depuis.
import-undone = Annulé le { $date }
import-undone-told = L’import est annulé.
import-undone-part = L’import est annulé, sauf pour des contacts qui ont changé ou reçu une lettre depuis.
import-undone-already = Cet import est déjà annulé.
import-still-running = Cet import n’est pas terminé. Attendez sa fin pour l’annuler.
import-begun = L’import a commencé. Vous pouvez quitter cette page, il continue.
import-undo-begun = L’annulation a commencé. Vous pouvez quitter cette page, elle continue.
import-running = Import de « { $file } »
import-running-words = { $gone ->
    [one] { $gone } ligne sur { $lines }
   *[other] { $gone } lignes sur { $lines }
}
import-undoing = Annulation de l’import de « { $file } »
import-undoing-words = { $gone ->
    [one] { $gone } contact sur { $lines }
   *[other] { $gone } contacts sur { $lines }
}
import-refresh = Actualiser
import-under-way = en cours
import-undone-but = { $kept ->
    [one] Annulé le { $date }, sauf { $kept } contact qui a changé ou reçu une lettre depuis
   *[other] Annulé le { $date }, sauf { $kept } contacts qui ont changé ou reçu une lettre depuis
}
import-cut = { $left ->
    [one] { $left } ligne n’a pas été importée. Importez le fichier de nouveau : ce qui est déjà là ne sera pas doublé.
   *[other] { $left } lignes n’ont pas été importées. Importez le fichier de nouveau : ce qui est déjà là ne sera pas doublé.
}
import-undo-late = Cet import date de plus de trente jours : ce qu’étaient les fiches avant lui n’est plus gardé, il ne peut plus être annulé. Corrigez les contacts un par un, ou importez un fichier corrigé.
import-undo-term = Un import peut être annulé pendant trente jours.

## Ce que font les lecteur·rices

reader-title = Choisir ce que je reçois
reader-lead = Ces choix valent pour { $address }, auprès de { $space }.
reader-lists = Je veux recevoir
reader-save = Enregistrer mes choix
reader-saved = Vos choix sont enregistrés.
reader-blocked = Vous ne recevez plus rien de nous. Cochez une liste pour en recevoir de nouveau.
reader-stop-all = Ne plus rien recevoir
reader-stop-all-sentence = Ne plus recevoir aucun message de nos listes ?
reader-stopped-all = C’est fait : vous ne recevrez plus rien de nos listes.
reader-contact = Pour toute question sur vos données : { $address }
reader-nobody-title = Copie d’essai
reader-nobody-text = Ce lien vient d’une copie d’essai : il n’y a rien à changer ici. Dans la lettre envoyée, chaque personne a le sien.
reader-stop-title = Ne plus recevoir
reader-stop-sentence = { $address } ne recevra plus « { $list } ». Confirmez en appuyant sur le bouton.
reader-stop-done = { $address } ne reçoit plus « { $list } ». Il n’y a rien d’autre à faire.
reader-stop = Ne plus recevoir
reader-choices = Voir tout ce que je reçois
subscribe-title = S’abonner
subscribe-lead = Choisissez ce que vous voulez recevoir de { $space }. C’est gratuit, et vous arrêtez quand vous voulez.
subscribe-none = Il n’y a pas de liste ouverte pour l’instant.
subscribe-lists = Je veux recevoir
subscribe-given-name = Prénom (facultatif)
subscribe-family-name = Nom (facultatif)
subscribe-rights = Votre adresse sert seulement à vous envoyer ce que vous cochez. { $space } ne la donne à personne.
subscribe-do = M’abonner
subscribe-error-list = Cochez au moins une liste.
subscribe-source = Formulaire public d’abonnement
subscribe-asked-title = Regardez votre messagerie
subscribe-asked = Nous avons envoyé un message à { $address }. Appuyez sur le bouton qu’il contient pour confirmer.
subscribe-asked-help = Rien n’arrive ? Regardez dans les indésirables. Si vous êtes déjà abonné·e, aucun message ne part.
subscribe-confirm-title = Confirmer l’abonnement
subscribe-confirm-sentence = { $address } va recevoir « { $list } ».
subscribe-confirm = Confirmer mon abonnement
subscribe-confirmed = C’est fait : { $address } reçoit « { $list } ».
confirm-mail-subject = Confirmez votre abonnement à « { $list } »
confirm-mail-hello = Bonjour,
confirm-mail-text = Vous avez demandé à recevoir « { $list } » de { $space }.
confirm-mail-do = Confirmer mon abonnement
confirm-mail-term = Ce lien sert pendant trente jours.
confirm-mail-not = Si vous n’avez rien demandé, ne faites rien : vous ne recevrez pas d’autre message.
subscribe-gone = Ce lien ne sert plus : la demande a été effacée. Vous pouvez vous abonner de nouveau ici.
archive-title = Lettres publiées
archive-lead = Les dernières lettres, telles qu’elles ont été envoyées.
archive-subject = Lettre
archive-date = Date
archive-empty = Aucune lettre publiée
archive-empty-text = Les prochaines lettres apparaîtront ici.
archive-feed = Suivre par un flux Atom
