//! The vectors that the adapter in the browser passes too.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use passerelle_scorm::model::{Limits, Standard, State};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    standard: Standard,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    state: BTreeMap<String, String>,
    steps: Vec<(Verb, String, Value, u16)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verb {
    Get,
    Set,
}

/// `["x", 4001]` stands for that letter, so many times.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Written(String),
    Repeated(String, usize),
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        match value {
            Value::Written(text) => text,
            Value::Repeated(unit, times) => unit.repeat(times),
        }
    }
}

fn run(file: &str) -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(file);
    let vectors: Vectors = serde_json::from_str(&fs::read_to_string(path)?)?;
    let mut steps = 0;
    for case in vectors.cases {
        let mut state = State::restore(vectors.standard, case.state);
        for (verb, element, value, code) in case.steps {
            let value = String::from(value);
            let shown: String = value.chars().take(60).collect();
            let expected = if code == 0 {
                Ok(value.clone())
            } else {
                Err(code)
            };
            let found = match verb {
                Verb::Set => state.write(&element, &value).map(|()| value),
                Verb::Get => state.read(&element),
            };
            assert_eq!(found, expected, "{}: {element} {shown:?}", case.name);
            steps += 1;
        }
    }
    assert!(steps > 300, "{file} is nearly empty");
    Ok(())
}

#[test]
fn the_model_of_1_2_answers_the_shared_vectors() -> Result<(), Box<dyn Error>> {
    run("scorm12.json")
}

#[test]
fn the_model_of_2004_answers_the_shared_vectors() -> Result<(), Box<dyn Error>> {
    run("scorm2004.json")
}

#[test]
fn a_state_never_grows_past_its_limits() {
    let limits = Limits {
        bytes: 100,
        elements: 3,
        items: 2,
    };
    let mut state = State::new(Standard::Scorm2004).with_limits(limits);
    assert_eq!(state.write("cmi.suspend_data", &"x".repeat(90)), Err(351));
    assert_eq!(state.write("cmi.suspend_data", &"é".repeat(42)), Ok(()));
    assert_eq!(state.write("cmi.location", "page"), Err(351));
    assert_eq!(state.write("cmi.suspend_data", ""), Ok(()));
    assert_eq!(state.write("cmi.location", ""), Ok(()));
    assert_eq!(state.write("cmi.objectives.0.id", "a"), Ok(()));
    assert_eq!(state.write("cmi.objectives.1.id", "b"), Err(351));
}
