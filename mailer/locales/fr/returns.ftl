returns-title = Ce qui revient
returns-lead = Adresses qui ne marchent plus, plaintes et réponses reviennent dans la boîte des retours. Elles sont lues et classées toutes seules ; ce qui n’est pas reconnu reste dans la boîte, à lire par une personne.
returns-door-imap = Boîte lue par IMAP
returns-door-lmtp = Remise par LMTP
returns-door-read = Messages lus
returns-door-counts = { $taken ->
    [one] { $taken } reconnu
   *[other] { $taken } reconnus
}, { $unknown ->
    [one] { $unknown } laissé dans la boîte
   *[other] { $unknown } laissés dans la boîte
}
returns-door-closed = Non configurée
returns-door-never = Pas encore lue
returns-door-trouble = La boîte n’a pas pu être lue : « { $said } ». Vérifiez le serveur, le nom et le mot de passe dans la configuration. Un nouvel essai a lieu chaque minute.
returns-door-page = Si votre prestataire d’envoi prévient par une page (webhook), donnez-lui cette adresse. Elle est secrète : qui la connaît peut signaler des retours.
returns-mails-title = Courriels revenus
returns-none-title = Rien n’est revenu
returns-none-text = Les derniers courriels sont arrivés, ou leur retour n’a pas encore été lu.
returns-contact-title = Messages revenus
returns-when = Date
returns-what = Ce qui s’est passé
returns-said = Réponse du serveur
returns-kind-hard = Adresse inconnue ou fermée
returns-kind-soft = Boîte pleine ou serveur absent
returns-kind-policy = Message refusé, adresse valable
returns-kind-complaint = Signalé comme indésirable
returns-answers-link = Réponses : { $count } ({ $open } à traiter)
returns-answers-title = Réponses reçues
returns-answers-empty = Aucune réponse
returns-answers-empty-text = Les réponses des personnes qui reçoivent cette lettre s’affichent ici quand la lettre n’indique pas d’autre adresse de réponse.
returns-answers-term = Les réponses sont gardées douze mois, puis effacées.
returns-answer-write = Répondre
returns-answer-close = Marquer comme traitée
returns-answer-reopen = Remettre à traiter
returns-answer-closed = traitée
returns-answer-closed-now = La réponse est marquée comme traitée.
returns-answer-reopened = La réponse est de nouveau à traiter.
returns-answer-bare = Des fichiers joints à ce message n’ont pas été gardés.
returns-error-events = Les événements ne sont pas lisibles : un objet JSON, ou un tableau d’objets, est attendu.
contact-how-mail = par courriel
contact-how-complaint = signalement
returns-kind-sender = Notre serveur est refusé, adresse valable
returns-refused-title = Des serveurs de courrier refusent le nôtre
returns-refused-lead = Ces refus visent l’adresse de ce serveur, son débit ou sa réputation. Ils ne comptent contre aucune personne : personne ne perd son abonnement. Une lettre qu’une même messagerie refuse se met en pause. Vérifiez le domaine de l’expéditeur, demandez à la messagerie de lever le blocage, puis reprenez la lettre.
returns-refused-mail-subject = Un serveur de courrier refuse le nôtre
returns-refused-mail-text = Un serveur de courrier a refusé un message à cause de l’adresse de notre serveur, de son débit ou de sa réputation. Voici sa réponse :
returns-refused-mail-do = Personne ne perd son abonnement. Une lettre refusée par une même messagerie se met en pause. Vérifiez le domaine de l’expéditeur et demandez à cette messagerie de lever le blocage, puis reprenez la lettre.
returns-refused-mail-button = Voir ce qui revient
