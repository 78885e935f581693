### Le courrier sortant : ce qui attend, ce qui est parti, ce qui a échoué.

delivery-nav = Courrier
delivery-outbox-title = Courrier sortant
delivery-outbox-lead = Les messages que le service envoie, pour tous les espaces. Un message qui ne part pas est réessayé tout seul pendant près de trois heures. Après, il reste ici jusqu’à ce que vous le renvoyiez.

delivery-count-failed = En échec
delivery-count-waiting = En attente
delivery-count-running = En cours d’envoi
delivery-count-done = Envoyés

delivery-failures-caption = Messages en échec
delivery-failures-empty-title = Aucun message en échec
delivery-failures-empty-text = Tout ce qui devait partir est parti, ou va être réessayé. Vous n’avez rien à faire.
delivery-failures-more = Seuls les plus récents sont affichés. Les autres apparaîtront quand vous aurez renvoyé ceux-ci.
delivery-deferred-caption = Messages qui seront réessayés
delivery-deferred-text = Un premier envoi n’a pas marché. Rien n’est perdu : le service recommence à l’heure indiquée.

delivery-column-recipient = Destinataire
delivery-column-why = Motif
delivery-column-attempts = Essais
delivery-column-failed-at = Échec le
delivery-column-next = Prochain essai
delivery-column-action = Action
delivery-unknown-recipient = Inconnu

delivery-why-settings = Les réglages du courrier ne sont pas utilisables. Vérifiez-les avec la personne qui gère le serveur.
delivery-why-address = L’adresse n’est pas valable. Corrigez-la dans la fiche de la personne ; un nouveau message partira à la bonne adresse.
delivery-why-message = Le message n’a pas pu être composé. Signalez-le à la personne qui gère le serveur.
delivery-why-refused = Le serveur de courrier a refusé ce message. L’adresse n’existe peut-être plus.
delivery-why-deferred = Le serveur de courrier demande d’attendre.
delivery-why-credentials = Le serveur de courrier n’a pas accepté notre identifiant. Vérifiez les réglages avec la personne qui gère le serveur.
delivery-why-unreachable = Le serveur de courrier n’a pas répondu.
delivery-why-folder = Le fichier n’a pas pu être écrit. Vérifiez la place sur le disque.
delivery-why-other = Une erreur est survenue de notre côté.

delivery-retry = Renvoyer
delivery-secret = Ce message portait un lien personnel : il n’a pas été gardé. Refaites la demande, ou renvoyez la convocation depuis le groupe.
delivery-retry-all-open = Tout renvoyer…
delivery-retry-all-sentence = { $count ->
    [one] Renvoyer le message affiché ?
   *[other] Renvoyer les { $count } messages affichés ?
}
delivery-retry-all = { $count ->
    [one] Renvoyer ce message
   *[other] Renvoyer ces { $count } messages
}
delivery-retried = C’est reparti dans la file d’envoi. Revenez dans une minute pour voir le résultat.
delivery-nothing-to-retry = Rien n’a été renvoyé : il n’y avait plus d’échec ici. Quelqu’un s’en est peut-être déjà occupé.

## Le message d’essai

delivery-test-subject = Essai d’envoi
delivery-test-text = Si vous lisez ce message, le courrier part bien. Vous n’avez rien à faire.

## Le dossier de courrier, sur un poste de développement

delivery-mails-title = Courrier de démonstration
delivery-mails-lead = Aucun de ces messages n’est parti : le service les écrit dans un dossier.
delivery-mails-empty-title = Aucun message
delivery-mails-empty-text = Les messages apparaîtront ici dès que le service en écrira un.
delivery-mail-from = De
delivery-mail-to = À
delivery-mail-reply-to = Répondre à
delivery-mail-subject = Objet
delivery-mail-date = Date
delivery-mail-html = Message mis en forme
delivery-mail-text = Message en texte seul
delivery-mail-attachments = Pièces jointes
delivery-mail-headers = En-têtes

## La signature

delivery-signature-title = Signature DKIM
delivery-signature-text = Ce serveur signe ce qu’il envoie. Pour que les autres le vérifient, publiez cet enregistrement dans le DNS de votre domaine.
delivery-signature-name = Nom
delivery-signature-kind = Type
delivery-signature-record = Valeur
