//! What a manifest may say, what it may not, and where it is told.

use crate::archive::{Archive, MANIFEST};
use passerelle_scorm::manifest::{
    Edition, Kind, LmsControl, Manifest, TimeLimitAction, decimal_text, parse,
};
use passerelle_scorm::package::Limits;
use passerelle_scorm::problem::{Code, Problem, Refusal};

fn read(text: &str) -> Manifest {
    parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[track_caller]
fn refused(text: &str, code: Code) -> Problem {
    refused_bytes(text.as_bytes(), code)
}

#[track_caller]
fn refused_bytes(bytes: &[u8], code: Code) -> Problem {
    let refusal: Refusal = parse(bytes, &Limits::default()).expect_err("refused");
    let found = refusal
        .problems()
        .iter()
        .find(|problem| problem.code == code);
    found
        .unwrap_or_else(|| panic!("wanted {code:?}: {refusal}"))
        .clone()
}

fn codes(manifest: &Manifest) -> Vec<Code> {
    manifest
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

/// A SCORM 1.2 manifest around these items and resources.
fn scorm12(items: &str, resources: &str) -> String {
    format!(
        r#"<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schemaversion>1.2</schemaversion></metadata>
<organizations><organization identifier="o"><title>T</title>{items}</organization></organizations>
<resources>{resources}</resources></manifest>"#
    )
}

/// A SCORM 2004 4th edition manifest around an organisation's content.
fn scorm2004(organization: &str, after: &str) -> String {
    format!(
        r#"<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
 xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations><organization identifier="o"><title>T</title>{organization}</organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="a.html"/></resources>
{after}</manifest>"#
    )
}

const SCO: &str =
    r#"<resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="a.html"/>"#;
const ITEM: &str = r#"<item identifier="i" identifierref="r"><title>I</title></item>"#;

#[test]
fn everything_that_scorm_1_2_says_of_an_item_is_read() {
    let manifest = read(&scorm12(
        r#"<item identifier="f" isvisible="false"><title> Module  </title>
  <item identifier="i" identifierref="r" parameters="?unit=2&amp;mode=1"><title>Leçon &#233;</title>
    <adlcp:prerequisites type="aicc_script">a&amp;~b</adlcp:prerequisites>
    <adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>
    <adlcp:timelimitaction>exit,no message</adlcp:timelimitaction>
    <adlcp:datafromlms><![CDATA[a<b & c]]></adlcp:datafromlms>
    <adlcp:masteryscore>82.5</adlcp:masteryscore>
  </item></item>"#,
        r#"<resource identifier="r" adlcp:scormtype="SCO" href="a b.html?x=1#top"/>"#,
    ));
    assert_eq!(manifest.edition, Edition::Scorm12);
    assert_eq!(codes(&manifest), []);
    let [folder, line] = &manifest.launchable()[..] else {
        panic!("two lines")
    };
    assert_eq!(
        (folder.kind, folder.depth, folder.visible),
        (Kind::Folder, 0, false)
    );
    assert_eq!((folder.title.as_str(), &folder.href), ("Module", &None));
    assert_eq!(
        (line.kind, line.depth, line.title.as_str()),
        (Kind::Sco, 1, "Leçon é")
    );
    assert_eq!(
        line.href.as_deref(),
        Some("a%20b.html?x=1&unit=2&mode=1#top")
    );
    assert_eq!(line.path.as_deref(), Some("a b.html"));
    let prerequisites = line.prerequisites.as_ref().unwrap();
    assert_eq!(
        (prerequisites.kind.as_str(), prerequisites.script.as_str()),
        ("aicc_script", "a&~b")
    );
    assert_eq!(line.max_time.as_deref(), Some("00:30:00"));
    assert_eq!(line.time_limit_action, Some(TimeLimitAction::ExitNoMessage));
    assert_eq!(line.time_limit_action.unwrap().as_str(), "exit,no message");
    assert_eq!(line.launch_data.as_deref(), Some("a<b & c"));
    assert_eq!(
        line.mastery_score.map(decimal_text).as_deref(),
        Some("82.5")
    );
}

#[test]
fn everything_that_scorm_2004_says_of_an_item_is_read() {
    let manifest = read(&scorm2004(
        r#"<item identifier="i" identifierref="r"><title>I</title>
    <adlcp:timeLimitAction>continue,message</adlcp:timeLimitAction>
    <adlcp:dataFromLMS>hello</adlcp:dataFromLMS>
    <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75" progressWeight="0.5"/>
    <adlcp:data><adlcp:map targetID="store" writeSharedData="false"/></adlcp:data>
    <adlnav:presentation><adlnav:navigationInterface>
      <adlnav:hideLMSUI>continue</adlnav:hideLMSUI><adlnav:hideLMSUI>suspendAll</adlnav:hideLMSUI>
    </adlnav:navigationInterface></adlnav:presentation>
    <imsss:sequencing IDRef="shared">
      <imsss:limitConditions attemptAbsoluteDurationLimit="PT1H"/>
      <imsss:objectives>
        <imsss:primaryObjective objectiveID="main" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective>
        <imsss:objective objectiveID="second"/>
      </imsss:objectives>
      <adlseq:objectives><adlseq:objective objectiveID="main"/></adlseq:objectives>
    </imsss:sequencing></item>"#,
        r#"<imsss:sequencingCollection><imsss:sequencing ID="shared">
      <imsss:limitConditions attemptAbsoluteDurationLimit="PT9H"/>
      <imsss:controlMode choice="false"/></imsss:sequencing></imsss:sequencingCollection>"#,
    ));
    assert_eq!(manifest.edition, Edition::Scorm2004Fourth);
    assert_eq!(codes(&manifest), [Code::SequencingNotPlayed]);
    let line = manifest.launchable().remove(0);
    assert_eq!(line.max_time.as_deref(), Some("PT1H"));
    assert_eq!(line.launch_data.as_deref(), Some("hello"));
    assert_eq!(line.scaled_passing_score, Some(6_000));
    assert_eq!(line.objectives, ["main", "second"]);
    assert_eq!(
        line.hide_lms_ui,
        [LmsControl::Continue, LmsControl::SuspendAll]
    );
    let threshold = line.completion_threshold.unwrap();
    assert_eq!(
        (threshold.effective(), threshold.progress_weight),
        (Some(7_500), 5_000)
    );
    let map = &line.data_maps[0];
    assert_eq!(
        (map.target.as_str(), map.read, map.write),
        ("store", true, false)
    );
    // What the item says itself wins over what it refers to.
    let rules = manifest.organization().unwrap().items[0]
        .sequencing
        .as_ref()
        .unwrap();
    let limit = rules.child("limitConditions").unwrap();
    assert_eq!(
        limit.attribute("attemptAbsoluteDurationLimit"),
        Some("PT1H")
    );
    assert_eq!(
        rules.child("controlMode").unwrap().attribute("choice"),
        Some("false")
    );
    assert_eq!(rules.all("objectives").count(), 2, "of two vocabularies");
}

#[test]
fn the_threshold_of_the_earlier_editions_is_a_text() {
    let text = scorm2004(
        r#"<item identifier="i" identifierref="r"><title>I</title>
           <adlcp:completionThreshold>0.4</adlcp:completionThreshold></item>"#,
        "",
    );
    let manifest = read(&text.replace("4th", "3rd"));
    assert_eq!(manifest.edition, Edition::Scorm2004Third);
    assert_eq!(
        manifest.launchable()[0]
            .completion_threshold
            .unwrap()
            .effective(),
        Some(4_000)
    );
}

#[test]
fn the_edition_is_read_from_every_way_of_writing_it() {
    for (version, edition) in [
        ("1.2", Edition::Scorm12),
        ("SCORM 1.2", Edition::Scorm12),
        ("CAM 1.3", Edition::Scorm2004Second),
        ("2004 2nd Edition", Edition::Scorm2004Second),
        ("2004 3rd Edition", Edition::Scorm2004Third),
        (" 2004 4th edition ", Edition::Scorm2004Fourth),
    ] {
        let base = if edition.is_2004() {
            scorm2004(ITEM, "")
        } else {
            scorm12(ITEM, SCO)
        };
        let text = base
            .replace(">1.2<", &format!(">{version}<"))
            .replace(">2004 4th Edition<", &format!(">{version}<"));
        let manifest = read(&text);
        assert_eq!(
            (manifest.edition, codes(&manifest)),
            (edition, vec![]),
            "{version}"
        );
    }
}

#[test]
fn without_a_version_the_namespaces_decide() {
    let manifest = read(&scorm12(ITEM, SCO).replace("<schemaversion>1.2</schemaversion>", ""));
    assert_eq!(
        (manifest.edition, codes(&manifest)),
        (Edition::Scorm12, vec![Code::VersionGuessed])
    );
    let bare = scorm2004(ITEM, "").replace("2004 4th Edition", "");
    assert_eq!(read(&bare).edition, Edition::Scorm2004Third);
    let fourth = bare.replace(
        "<title>I</title>",
        r#"<title>I</title><adlcp:data><adlcp:map targetID="t"/></adlcp:data>"#,
    );
    assert_eq!(read(&fourth).edition, Edition::Scorm2004Fourth);
    let conflict = read(&scorm2004(ITEM, "").replace("2004 4th Edition", "1.2"));
    assert_eq!(
        (conflict.edition, codes(&conflict)),
        (Edition::Scorm12, vec![Code::VersionConflict])
    );
    let cartridge = r#"<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/x"><metadata>
<schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion></metadata></manifest>"#;
    let problem = refused(cartridge, Code::UnsupportedVersion);
    assert_eq!(
        (problem.arg("version"), problem.line),
        (Some("1.1.0"), Some(1))
    );
}

#[test]
fn metadata_are_read_in_both_spellings() {
    let old = scorm12(ITEM, SCO).replace(
        "<metadata>",
        r#"<metadata><imsmd:lom xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><imsmd:general>
<imsmd:title><imsmd:langstring xml:lang="en-GB">Beekeeping</imsmd:langstring>
<imsmd:langstring xml:lang="fr">Apiculture</imsmd:langstring></imsmd:title>
<imsmd:description><imsmd:langstring>Des abeilles</imsmd:langstring></imsmd:description>
<imsmd:language>fr</imsmd:language>
<imsmd:keyword><imsmd:langstring>miel</imsmd:langstring></imsmd:keyword></imsmd:general>
<imsmd:educational><imsmd:typicallearningtime><imsmd:datetime>0000-00-00T01:30</imsmd:datetime></imsmd:typicallearningtime></imsmd:educational>
</imsmd:lom>"#,
    );
    let metadata = read(&old).metadata;
    assert_eq!(metadata.title.best("fr"), Some("Apiculture"));
    assert_eq!(metadata.title.best("en"), Some("Beekeeping"));
    assert_eq!(metadata.description.best("fr"), Some("Des abeilles"));
    assert_eq!(metadata.language.as_deref(), Some("fr"));
    assert_eq!(metadata.keywords[0].best("fr"), Some("miel"));
    assert_eq!(
        metadata.typical_learning_time.as_deref(),
        Some("0000-00-00T01:30")
    );
    let new = scorm2004(ITEM, "").replace(
        "<metadata>",
        r#"<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string language="fr-FR">Miel</string></title></general>
<lifeCycle><version><string>2.1</string></version></lifeCycle>
<educational><typicalLearningTime><duration>PT1H30M</duration></typicalLearningTime></educational></lom>"#,
    );
    let metadata = read(&new).metadata;
    assert_eq!(metadata.title.best("fr"), Some("Miel"));
    assert_eq!(metadata.version.best("fr"), Some("2.1"));
    assert_eq!(metadata.typical_learning_time.as_deref(), Some("PT1H30M"));
}

#[test]
fn bases_apply_at_every_level() {
    let text = scorm12(ITEM, &SCO.replace("href=", r#"xml:base="c/" href="#))
        .replace("<manifest ", r#"<manifest xml:base="a" "#)
        .replace("<resources>", r#"<resources xml:base="b/">"#);
    assert_eq!(
        read(&text).launchable()[0].path.as_deref(),
        Some("a/b/c/a.html")
    );
}

#[test]
fn every_encoding_gives_the_same_manifest() {
    let text = MANIFEST.replace("<?xml version=\"1.0\"?>", "");
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>{text}");
    let single: Vec<u8> = declared("ISO-8859-1").chars().map(|c| c as u8).collect();
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = declared("UTF-16");
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(order)
            .collect()
    };
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for bytes in [
        single,
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        marked,
    ] {
        let package = Archive::manifest(&bytes, &["index.html"]).read();
        assert_eq!(package.manifest.launchable()[0].title, "Leçon");
        assert_eq!(package.problems, []);
    }
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_place() {
    for (text, line, column) in [
        ("<manifest>\n  <a>\n</manifest>", 3, 1),
        ("<manifest>\n<a", 2, 1),
        ("<manifest>\n é<a b=1/></manifest>", 2, 3),
        ("<manifest a='1'\n a='2'/>", 1, 1),
        ("<manifest/>\n<manifest/>", 2, 1),
        ("<manifest/>\n text", 1, 12),
        ("<manifest>\n<a>", 2, 1),
        ("<manifest>\n\u{1}</manifest>", 2, 1),
        ("<manifest>\n&#0;</manifest>", 2, 1),
        ("<manifest>\n&#1;</manifest>", 2, 1),
        ("<manifest a='&#2;'/>", 1, 1),
        ("", 1, 1),
    ] {
        let problem = refused(text, Code::ManifestNotWellFormed);
        assert_eq!(
            (problem.line, problem.column),
            (Some(line), Some(column)),
            "{text:?}: {problem}"
        );
    }
}

#[test]
fn document_types_and_entities_are_refused() {
    let laughs = r#"<?xml version="1.0"?>
<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><manifest>&b;</manifest>"#;
    assert_eq!(refused(laughs, Code::ManifestDtd).line, Some(2));
    refused(
        "<!DOCTYPE manifest SYSTEM 'file:///etc/passwd'><manifest/>",
        Code::ManifestDtd,
    );
    let problem = refused(
        "<manifest>\n<a>&eacute;</a></manifest>",
        Code::ManifestEntity,
    );
    assert_eq!(
        (problem.arg("name"), problem.line),
        (Some("eacute"), Some(2))
    );
    refused("<manifest a='&xxe;'/>", Code::ManifestEntity);
}

#[test]
fn a_manifest_without_measure_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    refused(
        &format!("<manifest>{deep}</manifest>"),
        Code::ManifestTooDeep,
    );
    refused(
        &format!("<manifest>{}</manifest>", "<a/>".repeat(60_001)),
        Code::ManifestTooManyElements,
    );
    refused(
        &format!("<manifest a='{}'/>", "x".repeat(70_000)),
        Code::ManifestValueTooLong,
    );
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
    refused(
        &format!("<manifest{attributes}/>"),
        Code::ManifestTooManyAttributes,
    );
    let crowded = format!(
        "<a{}/>",
        (0..100).map(|n| format!(" a{n}=''")).collect::<String>()
    );
    refused(
        &format!("<manifest>{}</manifest>", crowded.repeat(4_000)),
        Code::ManifestTooManyElements,
    );
    let limits = Limits {
        manifest_size: 100,
        ..Limits::default()
    };
    let refusal = parse(MANIFEST.as_bytes(), &limits).expect_err("refused");
    assert!(refusal.has(Code::ManifestTooLarge));
    let base = format!(r#"<resources xml:base="{}">"#, "b/".repeat(10_000));
    refused(
        &scorm12(ITEM, SCO).replace("<resources>", &base),
        Code::ManifestValueTooLong,
    );
}

#[test]
fn shared_rules_cannot_be_multiplied_without_bound() {
    let rules: String = "<imsss:x/>".repeat(2_000);
    let items: String = (0..500)
        .map(|n| format!(r#"<item identifier="i{n}" identifierref="r"><title>I</title><imsss:sequencing IDRef="s"/></item>"#))
        .collect();
    let text = scorm2004(
        &items,
        &format!(
            r#"<imsss:sequencingCollection><imsss:sequencing ID="s">{rules}</imsss:sequencing></imsss:sequencingCollection>"#
        ),
    );
    refused(&text, Code::SequencingTooLarge);
}

#[test]
fn encodings_that_cannot_be_read_are_refused() {
    refused_bytes(
        b"<?xml version='1.0' encoding='EBCDIC-FR'?><manifest/>",
        Code::ManifestEncoding,
    );
    refused_bytes(b"<manifest>caf\xe9</manifest>", Code::ManifestEncoding);
}

#[test]
fn references_that_lead_nowhere_are_refused_where_they_stand() {
    let missing = scorm12(
        "\n<item identifier=\"i\" identifierref=\"zz\"><title>I</title></item>",
        SCO,
    );
    let problem = refused(&missing, Code::ResourceMissing);
    assert_eq!(
        (problem.arg("id"), problem.arg("item"), problem.line),
        (Some("zz"), Some("I"), Some(4))
    );
    refused(
        &scorm12(ITEM, r#"<resource identifier="r"/>"#),
        Code::ResourceWithoutHref,
    );
    refused(
        &scorm12(ITEM, &SCO.replace("a.html", "../../a.html")),
        Code::HrefOutside,
    );
    refused(
        &scorm12(r#"<item identifier="i"><title>I</title></item>"#, SCO),
        Code::NothingToLaunch,
    );
    refused(&scorm12("", ""), Code::NothingToLaunch);
    refused(&format!("<html>{ITEM}</html>"), Code::ManifestRoot);
    refused(&scorm12(&ITEM.repeat(2), SCO), Code::DuplicateItem);
}

#[test]
fn dependencies_that_go_round_or_on_for_ever_are_refused() {
    let chain = |length: usize, last: &str| {
        let links: String = (0..length)
            .map(|n| {
                let next = if n + 1 == length {
                    last.to_owned()
                } else {
                    format!("d{}", n + 1)
                };
                format!(
                    r#"<resource identifier="d{n}"><dependency identifierref="{next}"/></resource>"#
                )
            })
            .collect();
        scorm12(ITEM, &format!("{SCO}{links}"))
    };
    refused(&chain(3, "d0"), Code::DependencyLoop);
    refused(&chain(1, "d0"), Code::DependencyLoop);
    refused(&chain(20_000, "r"), Code::DependencyTooDeep);
    assert_eq!(codes(&read(&chain(50, "r"))), []);
    assert_eq!(
        codes(&read(&chain(2, "nowhere"))),
        [Code::DependencyMissing]
    );
    // Many ways to the same resource are not a circle, and are walked once.
    let diamond: String = (0..30)
        .map(|n| {
            let next = n + 1;
            format!(r#"<resource identifier="d{n}"><dependency identifierref="d{next}"/><dependency identifierref="d{next}"/></resource>"#)
        })
        .collect();
    assert_eq!(
        codes(&read(&scorm12(
            ITEM,
            &format!(r#"{SCO}{diamond}<resource identifier="d30"/>"#)
        ))),
        []
    );
}

#[test]
fn a_file_to_launch_must_be_in_the_package() {
    let with = |href: &str, files: &[&str]| {
        Archive::manifest(
            scorm12(ITEM, &SCO.replace("a.html", href)).as_bytes(),
            files,
        )
    };
    let problem = &with("b.html", &["a.html"])
        .refused(Code::LaunchFileMissing)
        .problems()[0]
        .clone();
    assert_eq!(
        (problem.arg("path"), problem.arg("id"), problem.line),
        (Some("b.html"), Some("r"), Some(4))
    );
    for (href, file, repaired) in [
        ("a.html", "a.html", false),
        ("./x/../a.html?p=1#q", "a.html", false),
        ("mes%20fichiers/%C3%A9.html", "mes fichiers/é.html", false),
        ("mes fichiers/e\u{301}.html", "mes fichiers/é.html", false),
        ("A.HTM", "a.htm", true),
        ("a%20b.html", "a%20b.html", true),
        ("a#b.html", "a#b.html", true),
        ("Sub\\A.html", "sub/a.html", true),
    ] {
        let package = with(href, &[file]).read();
        let line = package.manifest.launchable().remove(0);
        assert_eq!(line.path.as_deref(), Some(file), "{href}");
        let codes: Vec<Code> = package
            .problems
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(
            codes.contains(&Code::HrefRepaired),
            repaired,
            "{href}: {codes:?}"
        );
    }
}

#[test]
fn files_that_are_only_listed_may_be_missing() {
    let resource = SCO.replace(
        "/>",
        "><file href=\"A.html\"/>\n<file href=\"img.png\"/></resource>",
    );
    let package = Archive::manifest(scorm12(ITEM, &resource).as_bytes(), &["a.html"]).read();
    let [problem] = &package.problems[..] else {
        panic!("{:?}", package.problems)
    };
    assert_eq!(
        (problem.code, problem.arg("path"), problem.line),
        (Code::FileMissing, Some("img.png"), Some(5))
    );
    let files: Vec<&str> = package.manifest.resources[0]
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(files, ["a.html", "img.png"]);
}

#[test]
fn content_on_another_site_is_told_and_kept() {
    let text = scorm12(
        &ITEM.replace("<item ", r#"<item parameters="a=1" "#),
        &SCO.replace("a.html", "https://example.org/x y?z=1"),
    );
    let manifest = read(&text);
    assert_eq!(codes(&manifest), [Code::HrefExternal]);
    let line = manifest.launchable().remove(0);
    assert_eq!((line.external, line.path.as_deref()), (true, None));
    assert_eq!(
        line.href.as_deref(),
        Some("https://example.org/x%20y?z=1&a=1")
    );
}

#[test]
fn small_faults_are_repaired_and_told() {
    let told = |text: &str| codes(&read(text));
    let item = r#"<item identifierref="r"/>"#;
    assert_eq!(
        told(&scorm12(item, SCO)),
        [Code::MissingIdentifier, Code::MissingTitle]
    );
    assert_eq!(
        told(&scorm12(ITEM, &SCO.repeat(2))),
        [Code::DuplicateResource]
    );
    assert_eq!(
        told(&scorm12(ITEM, &SCO.replace("\"sco\"", "\"module\""))),
        [Code::BadValue, Code::ScormTypeMissing]
    );
    assert_eq!(
        told(&scorm12(
            ITEM,
            r#"<resource identifier="r" href="a.html"/>"#
        )),
        [Code::ScormTypeMissing]
    );
    let default = scorm12(ITEM, SCO).replace("<organizations>", r#"<organizations default="zz">"#);
    assert_eq!(told(&default), [Code::DefaultOrganization]);
    let value = ITEM.replace(
        "</item>",
        "<adlcp:masteryscore>a lot</adlcp:masteryscore></item>",
    );
    assert_eq!(told(&scorm12(&value, SCO)), [Code::BadValue]);
    let prefix = scorm12(ITEM, SCO).replace(
        r#"xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2""#,
        "",
    );
    assert_eq!(told(&prefix), [Code::ManifestUndeclaredPrefix]);
    let inner = scorm12(ITEM, SCO).replace("</manifest>", "<manifest/></manifest>");
    assert_eq!(told(&inner), [Code::SubManifest]);
    let rules = scorm2004(
        &ITEM.replace("</item>", r#"<imsss:sequencing IDRef="zz"/></item>"#),
        "",
    );
    assert_eq!(
        told(&rules),
        [Code::SequencingMissing, Code::SequencingNotPlayed]
    );
}

#[test]
fn a_package_without_a_table_of_contents_gets_one_from_its_resources() {
    let text = scorm12(
        "",
        &format!(r#"{SCO}<resource identifier="page" href="b.html"/>"#),
    )
    .replace(
        r#"<organization identifier="o"><title>T</title></organization>"#,
        "",
    );
    let manifest = read(&text);
    assert_eq!(codes(&manifest), [Code::NoOrganization]);
    let lines = manifest.launchable();
    assert_eq!(
        (lines.len(), lines[0].identifier.as_str()),
        (1, "r"),
        "the SCO only"
    );
}

#[test]
fn the_second_organisation_is_played_if_it_is_the_default() {
    let second = ITEM.replace("\"i\"", "\"other\"");
    let text = scorm12(ITEM, SCO)
        .replace("<organizations>", r#"<organizations default="p">"#)
        .replace("</organizations>", &format!(r#"<organization identifier="p"><title>P</title>{second}</organization></organizations>"#));
    let manifest = read(&text);
    assert_eq!(
        (
            manifest.title(),
            manifest.launchable()[0].identifier.as_str()
        ),
        ("P", "other")
    );
    assert_eq!(manifest.organizations.len(), 2);
}

#[test]
fn the_deepest_manifest_can_be_stored_and_read_back() {
    let open: String = (0..46)
        .map(|n| format!(r#"<item identifier="i{n}" identifierref="r"><title>I</title>"#))
        .collect();
    let items = format!("{open}{}", "</item>".repeat(46));
    let manifest = read(&scorm12(&items, SCO));
    assert_eq!(manifest.launchable().len(), 46);
    let text = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
    // Rules are elements within elements.
    let rules = format!("{}{}", "<imsss:a>".repeat(45), "</imsss:a>".repeat(45));
    let item = ITEM.replace(
        "</item>",
        &format!("<imsss:sequencing>{rules}</imsss:sequencing></item>"),
    );
    let text = scorm2004(&item, "");
    let manifest = read(&text);
    let stored = serde_json::to_string(&manifest).unwrap();
    let back = serde_json::from_str::<Manifest>(&stored).unwrap();
    assert_eq!(back.organizations, manifest.organizations);
}

#[test]
fn one_line_of_many_elements_is_read_in_good_time() {
    // Counting the columns of a long line from its start for each element would take
    // minutes; the limit of elements bounds the rest.
    let files: String = (0..55_000)
        .map(|n| format!("<file href=\"{n}\"/>"))
        .collect();
    let text = scorm12(ITEM, &SCO.replace("/>", &format!(">{files}</resource>")));
    assert_eq!(read(&text).resources[0].files.len(), 55_000);
}
