//! Rule: the tables of settings in the README and in docs/operations.md have a row for each setting of the server, with
//! its environment variable and its default as they are in `server/src/config.rs`.

use crate::sources::{Source, fault, none, read};

const CONFIG: &str = "server/src/config.rs";
const DOCUMENTS: [&str; 2] = ["README.md", "docs/operations.md"];

#[derive(Debug, PartialEq, Eq)]
struct Setting {
    flag: String,
    variable: String,
    /// None if the setting has no default.
    default: Option<String>,
}

#[test]
fn the_documents_list_every_setting_with_its_default() {
    let settings = settings(&read(CONFIG).expect("the server has settings").text);
    assert!(settings.len() >= 10, "only {} settings were found: this test can't read the file", settings.len());
    let mut faults = Vec::new();
    for path in DOCUMENTS {
        let document = read(path).unwrap_or_else(|| panic!("{path} is missing"));
        faults.extend(settings.iter().filter_map(|setting| missing(&document, setting)));
        faults.extend(unknown(&document, &settings));
    }
    none(&faults);
}

/// Returns what is wrong with a document's row for a setting.
fn missing(document: &Source, setting: &Setting) -> Option<String> {
    let Setting { flag, variable, default } = setting;
    let row = rows(document).find(|(_, cells)| flag_of(cells) == Some(flag.as_str()));
    let Some((line, cells)) = row else {
        return Some(fault(&document.path, 1, &format!("`--{flag}` has no row"), "Add it to the table of settings."));
    };
    let expected = [format!("`{variable}`"), default.as_ref().map_or("none".to_owned(), |value| format!("`{value}`"))];
    let given: Vec<&str> = cells.iter().skip(1).take(2).copied().collect();
    let rule = format!("`--{flag}` has {given:?}, not {expected:?}");
    (given != expected).then(|| fault(&document.path, line, &rule, &format!("Copy it from {CONFIG}.")))
}

/// Returns the rows for settings that don't exist.
fn unknown(document: &Source, settings: &[Setting]) -> Vec<String> {
    let known = |flag: &str| settings.iter().any(|setting| setting.flag == flag);
    let rows = rows(document).filter(|(_, cells)| flag_of(cells).is_some_and(|flag| !known(flag)));
    rows.map(|(line, _)| fault(&document.path, line, "there is no such setting", "Remove the row.")).collect()
}

/// Returns the rows of tables with their lines and cells.
fn rows(document: &Source) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let lines = document.text.lines().enumerate();
    lines.filter_map(|(i, line)| {
        let inner = line.strip_prefix("| ")?.strip_suffix(" |")?;
        Some((i + 1, inner.split(" | ").collect()))
    })
}

/// Returns `listen` for a row that begins with `` `--listen ADDRESS:PORT` ``.
fn flag_of<'a>(cells: &[&'a str]) -> Option<&'a str> {
    cells.first()?.strip_prefix("`--")?.split([' ', '`']).next()
}

/// Returns the settings in the order of the file.
fn settings(config: &str) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut lines = config.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(mut attribute) = line.strip_prefix("#[arg(").map(str::to_owned) else { continue };
        while !attribute.ends_with(")]") {
            attribute.push_str(lines.next().expect("an attribute ends"));
        }
        let field = lines.by_ref().find_map(|line| line.strip_prefix("pub ")?.split(':').next()).expect("a field");
        let quoted = |key: &str| Some(attribute.split_once(&format!("{key} = \""))?.1.split('"').next()?.to_owned());
        let bare = || Some(attribute.split_once("default_value_t = ")?.1.split([',', ')']).next()?.to_owned());
        settings.push(Setting {
            flag: quoted("long").unwrap_or_else(|| field.replace('_', "-")),
            variable: quoted("env").expect("every setting has a variable"),
            // A value of an enum is written as its variant is: `LogFormat::Text` as `text`.
            default: quoted("default_value").or_else(|| Some(bare()?.rsplit("::").next()?.to_lowercase())),
        });
    }
    settings
}

#[test]
fn settings_are_read_as_clap_reads_them() {
    let config = "    /// Text\n    #[arg(long, env = \"HUBBUB_DATA\", default_value = \"./data\")]\n    pub data: PathBuf,\n\
                  #[arg(\nlong = \"trusted-proxy\",\nenv = \"HUBBUB_P\"\n)]\npub proxies: Vec<IpAddr>,\n\
                  #[arg(long, env = \"HUBBUB_LOG_FORMAT\", value_enum, default_value_t = LogFormat::Text)]\npub log_format: LogFormat,";
    let setting = |flag: &str, variable: &str, default: Option<&str>| Setting {
        flag: flag.to_owned(),
        variable: variable.to_owned(),
        default: default.map(str::to_owned),
    };
    assert_eq!(
        settings(config),
        [
            setting("data", "HUBBUB_DATA", Some("./data")),
            setting("trusted-proxy", "HUBBUB_P", None),
            setting("log-format", "HUBBUB_LOG_FORMAT", Some("text")),
        ]
    );
}
