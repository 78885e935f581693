### Mentions légales, confidentialité, accessibilité, aide.

legal-title = Mentions légales
legal-description = Qui publie et qui héberge ce site de formation.
legal-missing = Non renseigné
legal-publisher-title = Qui publie ce site
legal-name = Organisme
legal-address = Adresse
legal-siret = SIRET
legal-declaration = Déclaration d’activité
legal-declaration-text = Enregistrée sous le numéro { $number } auprès du préfet de région : { $region }. Cet enregistrement ne vaut pas agrément de l’État.
legal-director = Direction de la publication
legal-email = Adresse électronique
legal-phone = Téléphone
legal-host-title = Qui l’héberge
legal-host = Hébergeur
legal-rights-title = Textes, images et contenus
legal-rights-text = Les contenus des formations appartiennent à leurs auteur·rices. Vous pouvez les consulter pour vous former. Pour les réutiliser autrement, demandez-le à l’organisme.
legal-software-title = Logiciel
legal-software-text = Ce site fonctionne avec Passerelle, un logiciel libre sous licence publique de l’Union européenne (EUPL 1.2).
legal-more-title = À lire aussi

## Confidentialité

privacy-title = Données personnelles
privacy-description = Quelles données sont gardées, pourquoi, combien de temps, et quels sont vos droits.
privacy-lead = Nous gardons ce qu’il faut pour vous former et pour prouver que la formation a eu lieu. Rien n’est vendu, rien ne sert à la publicité.
privacy-controller-title = Qui est responsable
privacy-controller = Responsable du traitement
privacy-officer = Délégué·e à la protection des données
privacy-data-title = Ce que nous gardons
privacy-data-text = Ces données viennent de vous, de la structure qui vous inscrit, et de ce que vous faites ici.
privacy-data-identity = Votre nom, votre langue et, si vous les donnez, votre adresse électronique et votre structure.
privacy-data-training = Vos inscriptions, les activités ouvertes et faites, leurs résultats, les durées retenues, les attestations délivrées.
privacy-data-exchanges = Les courriels que le service vous envoie au sujet de votre formation.
privacy-data-letters = Si vous recevez nos lettres : votre adresse, d’où elle vient et pourquoi nous l’avons, vos thèmes et vos listes, ce que chaque lettre est devenue (partie, revenue, plainte) et vos réponses. Nous n’enregistrons pas qui ouvre une lettre ni qui suit un lien ; un espace peut seulement en compter le nombre.
privacy-data-technical = Vos connexions : date, navigateur et système de l’appareil. L’adresse de votre connexion sert à freiner les essais de mots de passe.
privacy-data-never = Nous ne demandons ni religion, ni opinion, ni état de santé. Votre mot de passe n’est jamais gardé : seule une empreinte l’est, d’où l’on ne peut pas le retrouver.
privacy-readers-title = Qui les lit
privacy-readers-text = Votre tuteur ou tutrice voit votre avancée dans votre groupe. Les personnes qui gèrent les formations et qui administrent l’espace voient les inscriptions et les résultats. Une personne chargée d’un audit peut les lire sans rien changer.
privacy-readers-outside = Les financeurs et les services de contrôle reçoivent les preuves que la loi prévoit. Les contenus de formation s’affichent à part et ne voient ni votre compte ni vos autres données.
privacy-retention-title = Combien de temps
privacy-retention-text = Une convention de financement, un litige ou un contrôle peut obliger à garder des preuves plus longtemps ; vous pouvez demander ce qu’il en est pour vous. Les archives d’un organisme public ne sont détruites qu’avec l’accord des archives départementales.
privacy-retention-caption = Durées de conservation
privacy-what = Données
privacy-why = Pourquoi
privacy-how-long = Durée
privacy-then = Ensuite
privacy-duration = { $long } { $from }
privacy-days = { $count ->
    [one] 1 jour
   *[other] { $count } jours
}
privacy-months = { $count ->
    [one] 1 mois
   *[other] { $count } mois
}
privacy-years = { $count ->
    [one] 1 an
   *[other] { $count } ans
}
privacy-class-account = Compte et identité
privacy-class-proofs = Preuves de réalisation, attestations, journal
privacy-class-tracking = Suivi des activités, résultats, durées
privacy-class-content = Réponses et textes écrits dans les activités
privacy-class-session = Connexion d’un appareil
privacy-class-link = Liens de connexion et invitations
privacy-class-attempt = Essais de connexion
privacy-class-log = Journaux techniques de sécurité
privacy-class-letter-unconfirmed = Adresse donnée pour recevoir une lettre et jamais confirmée
privacy-class-letter-answer = Réponses à une lettre, messages revenus, signalements
privacy-class-letter-post = Messages à une liste de discussion en attente ou refusés
privacy-class-letter-import = Fiches de contact telles qu’elles étaient avant un import
privacy-basis-public-task = Mission de formation
privacy-basis-legal-duty = Obligation légale de prouver
privacy-basis-security = Sécurité du service
privacy-basis-consent = Votre accord
privacy-from-last-sign-in = après la dernière connexion
privacy-from-last-payment-year = après la fin de l’année du dernier paiement
privacy-from-training-end = après la fin de la formation
privacy-from-last-visit = après la dernière visite
privacy-from-sending = au plus après l’envoi
privacy-from-attempt = après l’essai
privacy-from-recording = au plus après l’enregistrement
privacy-from-asking = après la demande
privacy-from-reception = au plus après leur arrivée
privacy-from-import = après l’import
privacy-then-erased = Effacement
privacy-then-disposal = Proposition d’élimination, puis effacement
privacy-version = Durées en vigueur depuis le { $date }.
privacy-cookies-title = Témoins de connexion (« cookies »)
privacy-cookies-text = Trois témoins, tous nécessaires : votre connexion, votre langue, le message affiché après une action. Si vous arrivez d’une autre plateforme ou avec un compte extérieur, un autre relie, pendant une heure au plus, votre départ et votre retour. Aucun ne vous suit ailleurs ; aucun accord n’est donc demandé.
privacy-rights-title = Vos droits
privacy-rights-text = Vous pouvez voir vos données, les faire corriger, en recevoir une copie, demander leur effacement ou vous opposer à un usage. Écrivez à l’organisme ou à son ou sa délégué·e : la réponse vient en un mois au plus.
privacy-rights-locked = Ce qui prouve une formation financée ne peut pas être effacé avant la fin de sa durée ; le reste peut l’être.
privacy-rights-cnil = Si la réponse ne vous convient pas, vous pouvez adresser une plainte à la CNIL :

## Accessibilité

accessibility-title = Accessibilité
accessibility-description = Déclaration d’accessibilité : partiellement conforme, d’après une auto-évaluation.
accessibility-body = L’organisme qui publie ce site
accessibility-lead = { $name } s’engage à rendre ce service accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.
accessibility-scope = Cette déclaration s’applique à { $address } : pages publiques, espace de formation et pages de gestion.
accessibility-state-title = État de conformité
accessibility-state = Partiellement conforme au { $referential }, d’après une auto-évaluation.
accessibility-state-how = Aucun audit par une personne extérieure n’a encore été fait : il n’y a donc pas de taux de conformité à publier. Cette page dira ses résultats.
accessibility-done-title = Ce qui a été vérifié
accessibility-done-keyboard = Le parcours principal de chaque rôle (stagiaire, tutorat, gestion, administration, audit) est fait en entier au clavier seul, dans un navigateur (Chromium), avec un repère visible à chaque arrêt ; l’envoi de fichiers et les autres pages restent à vérifier.
accessibility-done-contrast = Les textes ont un contraste d’au moins 7 pour 1, en clair comme en sombre ; rien n’est dit par la couleur seule.
accessibility-done-zoom = Les pages se lisent à 360 pixels de large et avec un texte à 200 %.
accessibility-done-script = Les formulaires fonctionnent sans script (les modules interactifs en ont besoin) ; les erreurs sont dites à côté du champ et rassemblées en haut.
accessibility-done-tests = Des contrôles automatiques passent sur nos pages à chaque changement. Ils ne trouvent qu’une partie des défauts.
accessibility-not-title = Ce qui ne l’est pas, ou pas encore
accessibility-not-packages = Les contenus de formation importés viennent de nombreux outils : leur accessibilité dépend de leurs auteur·rices et n’est pas garantie.
accessibility-not-files = Les fichiers déposés par les équipes (textes, images, vidéos) peuvent manquer de sous-titres ou de descriptions.
accessibility-not-tested = Les essais avec des personnes qui utilisent un lecteur d’écran, une loupe ou une commande vocale restent à faire.
accessibility-made-title = Établissement de cette déclaration
accessibility-made = Elle a été établie le { $date }.
accessibility-technologies = Technologies utilisées : HTML, CSS, SVG, JavaScript, PDF.
accessibility-contact-title = Signaler un obstacle
accessibility-contact-text = Si vous n’arrivez pas à lire ou à utiliser une page, écrivez ou téléphonez. Nous vous donnerons l’information ou l’activité sous une autre forme.
accessibility-disability = Référent·e handicap : { $who }
accessibility-remedy-title = Voies de recours
accessibility-remedy-text = Si vous avez signalé un défaut qui vous empêche d’accéder à un contenu ou à un service et que vous n’avez pas obtenu de réponse satisfaisante, vous pouvez :
accessibility-remedy-form = écrire un message au Défenseur des droits ;
accessibility-remedy-delegate = contacter le ou la délégué·e du Défenseur des droits dans votre région ;
accessibility-remedy-post = envoyer un courrier, gratuit et sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.

## Aide

help-title = Besoin d’aide ?
help-description = À qui s’adresser, et que faire quand quelque chose ne marche pas.
help-lead = Personne ne reste bloqué·e seul·e. Voici à qui écrire, et ce que vous pouvez essayer.
help-contact-title = L’organisme de formation
help-disability = Référent·e handicap
help-tutor-title = Votre tuteur ou tutrice
help-tutor-text = Pour une question sur le contenu, le rythme ou un exercice, écrivez à votre tuteur ou tutrice. Son nom et le délai de réponse sont sur la page de votre formation.
help-sign-in-title = Vous n’arrivez pas à vous connecter
help-sign-in-text = Le mot de passe n’est pas indispensable : demandez un lien par courriel, il vous connecte en une fois. S’il n’arrive pas, regardez dans les indésirables, puis vérifiez l’identifiant.
help-link-link = Recevoir un lien de connexion
help-account-link = Ouvrir « Mon compte »
help-content-title = Une activité ne s’ouvre pas
help-content-reload = Rechargez la page. Vous reviendrez où vous étiez.
help-content-browser = Essayez avec un navigateur récent : Firefox, Chrome, Edge ou Safari.
help-content-window = Si l’activité s’ouvre dans une autre fenêtre, autorisez les fenêtres pour ce site.
help-content-write = Si cela ne suffit pas, écrivez à votre tuteur ou tutrice avec le nom de l’activité.
help-saved-title = Ce que vous faites est-il gardé ?
help-saved-text = Oui, au fur et à mesure. La page de l’activité dit « Enregistré » avec l’heure. Si votre connexion se coupe, laissez la page ouverte : l’envoi reprend tout seul.
help-needs-title = Ce qu’il faut pour suivre
help-needs-text = Un ordinateur, une tablette ou un téléphone de moins de huit ans, un navigateur à jour et une connexion. Du son pour certaines activités.
help-access-title = Besoin d’un aménagement
help-access-text = Plus de temps, un autre support, une autre façon de répondre : demandez, c’est prévu.
privacy-readers-connected = Cet espace est relié à d’autres serveurs :
