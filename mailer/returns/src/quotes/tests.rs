use super::without;

fn own(text: &str) -> String {
    without(text).text
}

#[test]
fn words_above_a_quotation_cut_what_follows() {
    for mark in [
        "Le jeu. 12 mars 2026 à 10:03, Réseau <r@exemple.fr> a écrit :\n\nLettre",
        "Le jeu. 12 mars 2026 à 10:03, Réseau Exemple de la Haute-Savoie\n<r@exemple.fr> a écrit\u{202f}:\n\nLettre",
        "Le jeudi 12 mars 2026 à 10h03, Réseau a écrit\u{a0}:\nLettre",
        "On Thu, Mar 12, 2026 at 10:03 AM Réseau <r@exemple.fr> wrote:\nLettre",
        "Am 12.03.2026 um 10:03 schrieb Réseau Exemple:\nLettre",
        "Am Do., 12. März 2026 um 10:03 Uhr schrieb Réseau <r@exemple.fr>:\nLettre",
        "El jue, 12 mar 2026 a las 10:03, Réseau (<r@exemple.fr>) escribió:\nLettre",
        "Il giorno gio 12 mar 2026 alle ore 10:03 Réseau ha scritto:\nLettre",
        "-----Message d'origine-----\nDe : Réseau\nLettre",
        "-----Original Message-----\nLettre",
        "-------- Message original --------\nLettre",
        "-----Ursprüngliche Nachricht-----\nLettre",
        "----- Mail original -----\nLettre",
        "---------- Forwarded message ---------\nLettre",
        "De : R\nEnvoyé : jeudi\nÀ : Z\nObjet : Lettre\n\nLettre",
        "________________________________\nFrom: R\nSent: Thursday\nTo: Z\nSubject: Lettre\n\nLettre",
        "Von: R\nGesendet: Donnerstag\nAn: Z\nBetreff: Lettre\nLettre",
        "*De:* R\n*Enviado el:* jueves\n*Para:* Z\n*Asunto:* Lettre\nLettre",
        "Début du message réexpédié :\n\nLettre",
    ] {
        let kept = without(&format!("Bonjour,\n\nMerci.\n\n{mark}\nde mars\n"));
        assert_eq!(kept.text, "Bonjour,\n\nMerci.", "{mark}");
        assert!(kept.had_quote, "{mark}");
    }
}

#[test]
fn answers_between_quotations_are_kept() {
    let text = "X a écrit :\n> un\n> deux\nOui.\n\n> trois\n\nNon.\n-- \nZ\n> quatre\nPeut-être.";
    assert_eq!(own(text), "Oui.\n\n\nNon.\nPeut-être.");
    let text = "Le 12/03/2026 à 10:03, X a écrit :\n\n> un\nOui.";
    assert_eq!(own(text), "Oui.");
    assert_eq!(own("-----Original Message-----\n> un\nOui."), "Oui.");
}

#[test]
fn a_letter_that_looks_like_a_quotation_is_kept() {
    for text in [
        "Comme Molière a écrit :\nil faut manger pour vivre.",
        "Le 12 mars à 10h30 le directeur nous a écrit :\nvenez.",
        "Le directeur m'a écrit :\nvenez.",
        "On the 12th she wrote:\ncome.",
        "De : Annecy\nje pars à midi.",
        "Envoyé par la poste hier.",
        "Von meinem Chef habe ich nichts gehört.",
        "a -- b\n---\nc",
    ] {
        let kept = without(text);
        assert_eq!(kept.text, text);
        assert!(!kept.had_quote, "{text}");
    }
}

#[test]
fn signatures_are_taken_out() {
    for signature in [
        "-- \nZoé\nDirection",
        "--\nZoé",
        "Envoyé de mon iPhone",
        "Envoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.",
        "Envoyé à partir de Outlook pour Android<https://aka.exemple.test/x>",
        "Sent from my Galaxy",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Obtenez Outlook pour iOS",
    ] {
        assert_eq!(
            own(&format!("Merci.\n\n{signature}")),
            "Merci.",
            "{signature}"
        );
    }
    let long = format!("un\n--\n{}", "deux\n".repeat(13));
    assert!(own(&long).ends_with("deux"));
}

#[test]
fn something_is_always_left_of_what_was_written() {
    assert_eq!(own("> un\n> deux"), "> un\n> deux");
    assert_eq!(own("-- \nZoé"), "-- \nZoé".replace("-- ", "--"));
    assert_eq!(
        own("-----Original Message-----\nun"),
        "-----Original Message-----\nun"
    );
    assert_eq!(own(" \n\n"), "");
}

#[test]
fn what_is_left_is_tidy_and_bounded() {
    assert_eq!(own("\n\na  \n\n\n\n\n b\n\n"), "a\n\n\n b");
    assert_eq!(own(&"é".repeat(30_000)).chars().count(), 20_000);
    assert_eq!(own(&"é\n".repeat(30_000)).chars().count(), 19_999);
}

#[test]
fn many_marks_take_no_more_time() {
    for unit in [
        "--\n",
        "Le 1\n",
        "De :\n",
        "\n",
        ">\n\n",
        "--\n\n\n",
        "-- \n",
        "a écrit :\n",
    ] {
        let _ = own(&unit.repeat(400_000 / unit.len()));
    }
}
