### Ce que les gens apportent : tableaux et adresses.

## Lire un tableau

table-error-empty = Ce tableau est vide, ou n’a que la ligne des titres. Choisissez un fichier, ou collez des lignes.
table-error-large = Ce fichier est trop lourd. Coupez-le en plusieurs.
table-error-rows = Ce tableau a trop de lignes. Coupez-le en plusieurs.
table-error-old = Ce classeur est à l’ancien format d’Excel (.xls), ou protégé par un mot de passe. Enregistrez-le en .xlsx sans mot de passe, ou en CSV, puis envoyez-le de nouveau.
table-error-ods = Ce classeur est au format de LibreOffice (.ods). Enregistrez-le en .xlsx ou en CSV, puis envoyez-le de nouveau.
table-error-pdf = Ce fichier est un PDF. Envoyez le tableau dont il vient, en .xlsx ou en CSV.
table-error-hidden = Toutes les feuilles de ce classeur sont masquées. Affichez celle qui est à lire, enregistrez, puis envoyez-le de nouveau.
table-error-unreadable = Nous n’arrivons pas à lire ce fichier. Enregistrez-le en CSV ou en .xlsx, puis envoyez-le de nouveau.
table-read-sheet = Feuille lue : « { $name } ». Les autres ne sont pas lues.
table-read-encoding = Ce fichier ne dit pas comment ses lettres sont écrites. Elles ont été lues en { $name } : vérifiez les accents.
table-read-not-kept = Colonnes reconnues, que la plateforme ne garde pas : { $columns }.
table-titles = La première ligne du fichier
table-titles-yes = Contient les titres des colonnes
table-titles-no = Est déjà une personne

## Adresses

address-problem-empty = L’adresse e-mail manque.
address-problem-at = L’adresse e-mail doit avoir un nom, une arobase (@) et un domaine.
address-problem-ats = L’adresse e-mail a plusieurs arobases (@).
address-problem-several = Il y a plusieurs adresses e-mail. N’en gardez qu’une.
address-problem-space = Il y a une espace dans l’adresse e-mail.
address-problem-accent = Avant l’arobase, une adresse e-mail n’a ni accent ni lettre spéciale.
address-problem-sign = Il y a dans l’adresse e-mail un signe qui ne peut pas y être, par exemple une virgule.
address-problem-dots = Dans l’adresse e-mail, un point est en trop.
address-problem-long = L’adresse e-mail est trop longue : 64 signes au plus avant l’arobase.
address-problem-domain = Ce qui suit l’arobase n’est pas un domaine, comme exemple.fr.
