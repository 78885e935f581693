//! Packages that others made. They are not part of the repository: they lie in a folder
//! `shared/packages` beside the checkout, or where `PASSERELLE_PACKAGES` says.

use passerelle_scorm::manifest::{Edition, Kind};
use passerelle_scorm::package::{EntryReader, Limits, Package, find, inspect, verify_content};
use passerelle_scorm::problem::Severity;
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;

fn folder() -> PathBuf {
    let folder = std::env::var_os("PASSERELLE_PACKAGES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/packages"),
        PathBuf::from,
    );
    assert!(
        folder.is_dir(),
        "the sample packages are not in {}: put them there, or set PASSERELLE_PACKAGES to their folder",
        folder.display()
    );
    folder
}

struct Expected {
    file: &'static str,
    edition: Edition,
    title: &'static str,
    scos: usize,
    assets: usize,
    folders: usize,
    files: usize,
}

const EXPECTED: [Expected; 7] = [
    Expected {
        file: "ContentPackagingOneFilePerSCO_SCORM12.zip",
        edition: Edition::Scorm12,
        title: "Golf Explained - CP One File Per SCO",
        scos: 0,
        assets: 18,
        folders: 4,
        files: 44,
    },
    Expected {
        file: "ContentPackagingSingleSCO_SCORM12.zip",
        edition: Edition::Scorm12,
        title: "Golf Explained - CP Single SCO",
        scos: 1,
        assets: 0,
        folders: 0,
        files: 44,
    },
    Expected {
        file: "ContentPackagingSingleSCO_SCORM20042ndEdition.zip",
        edition: Edition::Scorm2004Second,
        title: "Golf Explained - CP Single SCO",
        scos: 1,
        assets: 0,
        folders: 0,
        files: 79,
    },
    Expected {
        file: "RunTimeAdvancedCalls_SCORM20043rdEdition.zip",
        edition: Edition::Scorm2004Third,
        title: "Golf Explained - Run-time Advanced Calls",
        scos: 1,
        assets: 0,
        folders: 0,
        files: 69,
    },
    Expected {
        file: "RuntimeBasicCalls_SCORM12.zip",
        edition: Edition::Scorm12,
        title: "Golf Explained - Run-time Basic Calls",
        scos: 1,
        assets: 0,
        folders: 0,
        files: 44,
    },
    Expected {
        file: "RuntimeBasicCalls_SCORM20043rdEdition.zip",
        edition: Edition::Scorm2004Third,
        title: "Golf Explained - Run-time Basic Calls",
        scos: 1,
        assets: 0,
        folders: 0,
        files: 69,
    },
    Expected {
        file: "SequencingPostTestRollup4thEd_SCORM20044thEdition.zip",
        edition: Edition::Scorm2004Fourth,
        title: "Golf Explained - 4th Edition Features",
        scos: 5,
        assets: 0,
        folders: 0,
        files: 59,
    },
];

fn open(file: &str) -> (File, Package) {
    let path = folder().join(file);
    let opened = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let package =
        inspect(&opened, &Limits::default()).unwrap_or_else(|refusal| panic!("{file}: {refusal}"));
    (opened, package)
}

#[test]
fn every_sample_package_is_known_here() {
    let mut found: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            PathBuf::from(name)
                .extension()
                .is_some_and(|extension| extension == "zip")
        })
        .collect();
    found.sort();
    let known: Vec<&str> = EXPECTED.iter().map(|expected| expected.file).collect();
    assert_eq!(
        found, known,
        "add what is expected of a new package to this test"
    );
}

#[test]
fn every_sample_package_is_read_whole() {
    for expected in EXPECTED {
        let (opened, package) = open(expected.file);
        let manifest = &package.manifest;
        let lines = manifest.launchable();
        let count = |kind: Kind| lines.iter().filter(|line| line.kind == kind).count();
        let read = (
            manifest.edition,
            manifest.title(),
            count(Kind::Sco),
            count(Kind::Asset),
            count(Kind::Folder),
        );
        let wanted = (
            expected.edition,
            expected.title,
            expected.scos,
            expected.assets,
            expected.folders,
        );
        assert_eq!(read, wanted, "{}", expected.file);
        assert_eq!(package.files.len(), expected.files, "{}", expected.file);
        let reserved: Vec<_> = package
            .problems
            .iter()
            .filter(|problem| problem.severity > Severity::Note)
            .collect();
        assert!(reserved.is_empty(), "{}: {reserved:?}", expected.file);
        for line in lines.iter().filter(|line| line.kind != Kind::Folder) {
            let path = line.path.as_deref().expect("a file to launch");
            let entry = find(&package.files, path).expect("in the package");
            let mut page = Vec::new();
            EntryReader::new(&opened, entry)
                .unwrap()
                .read_to_end(&mut page)
                .unwrap();
            let page = String::from_utf8_lossy(&page);
            assert!(page.to_lowercase().contains("<html"), "{path}");
            assert!(line.href.as_deref().unwrap().starts_with(path), "{line:?}");
        }
        verify_content(&opened, &package.files, &Limits::default(), &mut |_, _| {
            ControlFlow::Continue(())
        })
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", expected.file));
    }
}

#[test]
fn the_parameters_of_the_quizzes_are_part_of_their_addresses() {
    let (_, package) = open("ContentPackagingOneFilePerSCO_SCORM12.zip");
    let lines = package.manifest.launchable();
    let quiz = lines
        .iter()
        .find(|line| line.identifier == "playing_quiz_item")
        .unwrap();
    assert_eq!(quiz.depth, 1);
    assert_eq!(
        quiz.href.as_deref(),
        Some("shared/assessmenttemplate.html?questions=Playing")
    );
}

#[test]
fn the_rules_of_the_fourth_edition_are_kept_and_resolved() {
    let (_, package) = open("SequencingPostTestRollup4thEd_SCORM20044thEdition.zip");
    let organization = package.manifest.organization().unwrap();
    assert!(
        !organization.objectives_global_to_system && !organization.shared_data_global_to_system
    );
    let control = organization
        .sequencing
        .as_ref()
        .unwrap()
        .child("controlMode")
        .unwrap();
    assert_eq!(control.attribute("flow"), Some("true"));
    let rules = organization.items[1].sequencing.as_ref().unwrap();
    // Its own, and those of the shared set.
    assert!(rules.child("sequencingRules").is_some());
    let delivery = rules.child("deliveryControls").unwrap();
    assert_eq!(delivery.attribute("completionSetByContent"), Some("true"));
    assert_eq!(package.manifest.sequencing_collection.len(), 1);
    let lines = package.manifest.launchable();
    let weights: Vec<i64> = lines
        .iter()
        .map(|line| line.completion_threshold.unwrap().progress_weight)
        .collect();
    assert_eq!(weights, [5_000, 3_000, 4_000, 3_000, 1_000]);
    assert_eq!(
        lines[1].objectives,
        ["ettiquette_completed", "previous_sco_completed"]
    );
    assert!(lines.iter().all(|line| line.data_maps.len() == 1));
    assert_eq!(
        lines[0].href.as_deref(),
        Some("shared/launchpage.html?content=playing")
    );
}
