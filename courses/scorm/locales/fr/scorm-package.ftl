# Import of SCORM packages: what is said about a package. One message a code of
# `passerelle_scorm::problem::Code`; variables: `line` and `column` (numbers, 0 where
# unknown) and those that the code lists.

scorm-refused = Ce paquet n’a pas été importé. Rien n’a été modifié. Voici pourquoi :
scorm-unreadable = Le fichier reçu n’a pas pu être relu par le serveur. Rien n’a été modifié. Réessayez ; si le problème persiste, prévenez l’administrateur·rice de la plateforme.
scorm-stopped = L’import a été arrêté à votre demande. Rien n’a été modifié.
scorm-severity-refused = Refusé
scorm-severity-warning = À vérifier
scorm-severity-note = Pour information
scorm-where = { $line ->
    [0] imsmanifest.xml
   *[other] imsmanifest.xml, ligne { $line }
  }

## L’archive

scorm-not-a-zip = Ce fichier n’est pas une archive ZIP. Choisissez le paquet tel que l’outil auteur l’exporte (« SCORM 1.2 » ou « SCORM 2004 », fichier .zip), sans le décompresser.
scorm-zip-truncated = L’archive est incomplète : la fin du fichier manque. L’envoi ou l’enregistrement a sans doute été interrompu. Exportez-la ou téléchargez-la de nouveau, puis recommencez.
scorm-zip-damaged = Le répertoire de l’archive est illisible. Exportez de nouveau le paquet depuis l’outil auteur.
scorm-zip-encrypted = L’archive est protégée par un mot de passe (fichier « { $path } »). Exportez-la sans mot de passe.
scorm-zip-multi-disk = L’archive est découpée en plusieurs volumes. Réunissez-la en un seul fichier ZIP.
scorm-zip-slip = Le chemin « { $path } » sort du paquet (« .. »). Un paquet sain n’en contient pas : demandez un nouvel export à l’auteur·rice.
scorm-zip-absolute-path = Le chemin « { $path } » est absolu (il commence par « / » ou par une lettre de lecteur). Recréez l’archive avec des chemins relatifs.
scorm-zip-backslash = Les dossiers de l’archive sont séparés par des barres obliques inversées (« { $path } »). Elles ont été lues comme des séparateurs ; il n’y a rien à faire.
scorm-zip-control-character = Le nom « { $path } » contient un caractère de commande ou d’inversion du sens d’écriture. Renommez ce fichier, puis recréez l’archive.
scorm-zip-empty-name = L’archive contient une entrée sans nom. Exportez de nouveau le paquet depuis l’outil auteur.
scorm-zip-name-encoding = Le nom « { $path } » est annoncé en UTF-8 et ne l’est pas. Renommez ce fichier sans accents, ou recréez l’archive avec un outil récent.
scorm-zip-path-too-long = Le chemin « { $path } » est trop long (au plus { $limit } octets). Raccourcissez les noms des dossiers et des fichiers.
scorm-zip-path-too-deep = Le chemin « { $path } » compte trop de dossiers (au plus { $limit } niveaux). Rapprochez le fichier de la racine.
scorm-zip-special-file = « { $path } » n’est pas un fichier ordinaire (lien symbolique, périphérique ou dossier qui contient des données). Recréez l’archive avec les fichiers eux-mêmes.
scorm-zip-duplicate-name = Le fichier « { $path } » est présent deux fois dans l’archive. Gardez-en un seul exemplaire.
scorm-zip-name-collision = « { $path } » et « { $other } » ne diffèrent que par les majuscules ou les accents, ou l’un est un fichier et l’autre un dossier. Certains systèmes les confondent : renommez l’un des deux.
scorm-zip-overlap = Dans l’archive, « { $path } » et « { $other } » occupent la même place. Ce n’est pas l’œuvre d’un outil auteur : demandez un nouvel export.
scorm-zip-too-many-files = L’archive contient trop de fichiers ({ $count }, pour { $limit } au plus). Découpez le cours en plusieurs paquets, ou demandez à l’administrateur·rice de relever la limite.
scorm-zip-too-large = Une fois décompressé, le paquet dépasse { $limit } Mio. Allégez les vidéos et les images, ou demandez à l’administrateur·rice de relever la limite.
scorm-zip-ratio = « { $path } » grossirait { $ratio } fois à la décompression (au plus { $limit } fois). Un contenu réel ne se comprime pas autant : vérifiez ce fichier.
scorm-zip-total-ratio = Le paquet grossirait { $ratio } fois à la décompression (au plus { $limit } fois). Un contenu réel ne se comprime pas autant : vérifiez l’origine du paquet.
scorm-zip-method = « { $path } » est comprimé par la méthode { $method }, que les navigateurs et les plateformes ne lisent pas. Recréez l’archive avec la compression ZIP ordinaire (« deflate »).
scorm-zip-header-mismatch = L’archive se contredit au sujet de « { $path } » : son répertoire et l’en-tête du fichier diffèrent. Exportez de nouveau le paquet depuis l’outil auteur.
scorm-zip-content-damaged = Le contenu de « { $path } » est abîmé. Exportez ou téléchargez de nouveau le paquet, puis recommencez.
scorm-zip-size-mismatch = « { $path } » n’a pas la taille que l’archive annonce. Exportez de nouveau le paquet depuis l’outil auteur.

## Le paquet

scorm-manifest-missing = Le fichier imsmanifest.xml est absent : ce n’est pas un paquet SCORM. Dans l’outil auteur, choisissez l’export « SCORM », et non « Web » ou « HTML ».
scorm-manifest-misplaced = Le fichier imsmanifest.xml n’est pas à la racine de l’archive, mais ici : « { $path } ». Comprimez le contenu de ce dossier, et lui seul.
scorm-inner-package = Cette archive contient une autre archive, « { $path } », et pas de manifeste. Décompressez-la une fois, puis importez « { $path } ».
scorm-other-format = C’est un paquet { $format }, et non un paquet SCORM. Dans l’outil auteur, choisissez l’export « SCORM 1.2 » ou « SCORM 2004 ».
scorm-manifest-too-large = Le fichier imsmanifest.xml dépasse { $limit } Mio. Découpez le cours en plusieurs paquets, ou demandez à l’administrateur·rice de relever la limite.
scorm-manifest-name-case = Le manifeste s’appelle « { $path } » et non imsmanifest.xml. Il a été lu, mais d’autres plateformes peuvent le refuser : renommez-le en minuscules.
scorm-top-folder = Tout le paquet se trouve dans le dossier « { $folder } ». Ce dossier a été pris pour la racine ; il n’y a rien à faire.
scorm-nested-archive = « { $path } » est une archive dans le paquet. Elle est proposée telle quelle et n’est jamais ouverte.
scorm-name-guessed = L’encodage du nom « { $path } » n’est pas déclaré et a été deviné. Si ce nom est illisible, recréez l’archive avec un outil récent.

## Le manifeste : XML

scorm-manifest-not-well-formed = { scorm-where } : le XML est mal formé ({ $detail }). Exportez de nouveau le paquet ; si vous avez modifié ce fichier à la main, corrigez cette ligne.
scorm-manifest-encoding = Le fichier imsmanifest.xml ne peut pas être lu dans l’encodage « { $encoding } ». Enregistrez-le en UTF-8.
scorm-manifest-encoding-ignored = Le fichier imsmanifest.xml se dit en « { $encoding } », mais il est en UTF-8. Il a été lu en UTF-8 ; corrigez la première ligne pour les autres plateformes.
scorm-manifest-dtd = { scorm-where } : une déclaration de type de document (DOCTYPE) est présente. Elle est refusée par sécurité : supprimez-la.
scorm-manifest-entity = { scorm-where } : l’entité « &{ $name }; » est inconnue. Remplacez-la par le caractère lui-même.
scorm-manifest-too-deep = { scorm-where } : les éléments sont imbriqués sur plus de { $limit } niveaux. Simplifiez la table des matières.
scorm-manifest-too-many-elements = { scorm-where } : le manifeste contient plus de { $limit } éléments. Découpez le cours en plusieurs paquets.
scorm-manifest-too-many-attributes = { scorm-where } : un élément porte plus de { $limit } attributs. Exportez de nouveau le paquet depuis l’outil auteur.
scorm-manifest-value-too-long = { scorm-where } : la valeur de « { $name } » est trop longue (au plus { $limit } octets). Raccourcissez-la.
scorm-manifest-undeclared-prefix = { scorm-where } : le préfixe « { $name } » n’est pas déclaré. Il a été compris d’après son nom ; vérifiez la table des matières.

## Le manifeste : SCORM

scorm-manifest-root = { scorm-where } : l’élément principal est « { $name } » et non « manifest ». Ce n’est pas le manifeste d’un paquet SCORM : exportez de nouveau le cours au format SCORM.
scorm-unsupported-version = { scorm-where } : la version « { $version } » n’est pas prise en charge. Exportez le cours en SCORM 1.2 ou en SCORM 2004 (2ᵉ, 3ᵉ ou 4ᵉ édition).
scorm-version-guessed = { scorm-where } : la version de SCORM n’est pas indiquée, ou pas comme il faut. Le paquet a été lu comme { $version } ; essayez le cours avant de l’ouvrir.
scorm-version-conflict = { scorm-where } : la version indiquée et les espaces de noms du manifeste se contredisent. Le paquet a été lu comme { $version } ; essayez le cours avant de l’ouvrir.
scorm-sub-manifest = { scorm-where } : un manifeste est inclus dans le manifeste. Il n’a pas été lu ; vérifiez que la table des matières est complète.
scorm-no-organization = { scorm-where } : il n’y a pas de table des matières. Elle a été faite à partir des ressources ; vérifiez l’ordre et les titres.
scorm-nothing-to-launch = { scorm-where } : la table des matières ne mène à aucun contenu. Exportez de nouveau le cours depuis l’outil auteur.
scorm-default-organization = { scorm-where } : la table des matières par défaut, « { $id } », n’existe pas. La première a été prise ; vérifiez que c’est la bonne.
scorm-resource-missing = { scorm-where } : l’élément « { $item } » renvoie à la ressource « { $id } », qui n’existe pas. Il est montré comme indisponible et n’est pas demandé pour terminer.
scorm-resource-without-href = { scorm-where } : l’élément « { $item } » renvoie à la ressource « { $id } », qui n’a pas de fichier à lancer. Il est montré comme indisponible et n’est pas demandé pour terminer.
scorm-launch-file-missing = { scorm-where } : le fichier à lancer « { $path } » (ressource « { $id } ») n’est pas dans le paquet. L’élément qui l’ouvre est montré comme indisponible et n’est pas demandé pour terminer.
scorm-href-outside = { scorm-where } : l’adresse « { $href } » mène hors du paquet. L’élément qui l’ouvre est montré comme indisponible et n’est pas demandé pour terminer.
scorm-href-refused = { scorm-where } : l’adresse « { $href } » ne peut pas s’ouvrir depuis un cours (script, données ou fichier d’un ordinateur). L’élément qui l’ouvre est montré comme indisponible et n’est pas demandé pour terminer.
scorm-href-external = { scorm-where } : le contenu « { $href } » se trouve sur un autre site. Il s’ouvre dans un nouvel onglet et n’est pas suivi : il est compté comme fait dès qu’il est ouvert. Préférez un contenu inclus dans le paquet.
scorm-href-repaired = { scorm-where } : « { $href } » n’existe pas sous ce nom exact. Le fichier « { $path } » a été pris ; vérifiez que c’est le bon.
scorm-file-missing = { scorm-where } : le fichier « { $path } » est annoncé, mais absent du paquet. Essayez le cours : il peut y manquer une image ou une page.
scorm-dependency-missing = { scorm-where } : une ressource dépend de « { $id } », qui n’existe pas. Essayez le cours : il peut y manquer des fichiers.
scorm-dependency-loop = { scorm-where } : les dépendances de la ressource « { $id } » tournent en rond. Exportez de nouveau le cours depuis l’outil auteur.
scorm-dependency-too-deep = { scorm-where } : la ressource « { $id } » dépend d’une suite de plus de { $limit } ressources. Simplifiez les dépendances.
scorm-duplicate-item = { scorm-where } : l’identifiant « { $id } » désigne deux éléments de la table des matières. Le suivi les confondrait : donnez à chacun le sien.
scorm-duplicate-resource = { scorm-where } : l’identifiant « { $id } » désigne deux ressources. La première a été prise ; vérifiez que c’est la bonne.
scorm-missing-identifier = { scorm-where } : un élément « { $name } » n’a pas d’identifiant. Il en a reçu un ; n’en changez pas l’ordre dans une version suivante du paquet, ou donnez-lui un identifiant.
scorm-missing-title = { scorm-where } : l’élément « { $id } » n’a pas de titre. Son identifiant est affiché à la place.
scorm-type-missing = { scorm-where } : il n’est pas dit si la ressource « { $id } » communique avec la plateforme. Elle a été prise pour une simple page, sans suivi ; si elle doit être suivie, indiquez « sco ».
scorm-bad-value = { scorm-where } : la valeur « { $value } » de « { $name } » n’est pas valable. Elle a été ignorée ; corrigez-la si le cours en dépend.
scorm-sequencing-missing = { scorm-where } : les règles de séquencement « { $id } » n’existent pas. L’élément a gardé les siennes.
scorm-sequencing-too-large = { scorm-where } : les règles de séquencement communes « { $id } » sont reprises trop souvent. Simplifiez-les, ou découpez le cours en plusieurs paquets.
scorm-sequencing-not-played = Ce paquet contient des règles de séquencement. Elles sont conservées, mais pas encore appliquées : la personne en formation choisit l’ordre.
scorm-more-problems = { $count ->
    [one] Un autre problème n’est pas affiché.
   *[other] { $count } autres problèmes ne sont pas affichés.
  }
