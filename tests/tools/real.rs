//! The tools people test, package and build with, as their registries have them, on Pythons they never chose.
//!
//! In each case the second minor is installed and not selected: it has to be found by its name, `python3.9`.

use super::Bench;
use crate::support::pages::Page;

/// Runs in every interpreter a tool starts.
const SAY: &str = "import sys; print('ran', *sys.version_info[:2], sys.prefix != sys.base_prefix)";

/// 3.12 selected, 3.9 only installed, and a tool.
fn bench(tools: &[&str]) -> Bench {
    let bench = Bench::with(&["3.12", "3.9"]);
    bench.sh(&format!("pyman global {}", bench.versions[0]));
    bench.tools(tools);
    bench.sandbox.write("work/say.py", SAY);
    bench
}

/// What the recipes run in a project of somebody's.
const UNITTEST: &str = "python -m unittest";

/// The block of the manual's recipes that begins with this name as a comment.
fn recipe(name: &str) -> String {
    let page = Page::named("docs/recipes.md");
    let mut blocks = page.languages().into_iter().flat_map(|language| page.blocks(&language));
    let head = format!("# {name}\n");
    let block = blocks.find(|block| block.starts_with(&head));
    block.unwrap_or_else(|| panic!("{} has no block of {name}", page.name))
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|one| one.trim() == *line), "{line:?} in\n{text}");
    }
}

#[test]
#[ignore = "asks a package registry"]
fn tox_finds_each_python_of_its_list() {
    let bench = bench(&["tox"]);
    let recipe = recipe("tox.ini").replace("[testenv]", "skipsdist = true\n[testenv]");
    bench.sandbox.write("work/tox.ini", recipe.replace(UNITTEST, "python {toxinidir}/say.py"));
    let said = bench.sh("tox run -q");
    has(&said, &["ran 3 9 True", "ran 3 12 True"]);
}

#[test]
#[ignore = "asks a package registry"]
fn nox_finds_each_python_of_its_sessions() {
    let bench = bench(&["nox"]);
    let recipe = recipe("noxfile.py").replace(r#""-m", "unittest""#, r#""say.py""#);
    bench.sandbox.write("work/noxfile.py", recipe);
    let said = bench.sh("nox -s tests --error-on-missing-interpreters 2>&1");
    has(&said, &["ran 3 9 True", "ran 3 12 True"]);
}

#[test]
#[ignore = "asks a package registry"]
fn a_hook_of_pre_commit_runs_in_the_python_it_names() {
    let bench = bench(&["pre-commit"]);
    let hook = "repos:\n- repo: local\n  hooks:\n  - id: say\n    name: say\n    entry: python say.py\n    \
         language: python\n    pass_filenames: false\n    verbose: true\n";
    let recipe = recipe(".pre-commit-config.yaml");
    bench.sandbox.write("work/.pre-commit-config.yaml", format!("{recipe}{hook}"));
    let said = bench
        .sh("git init -q . && git add . && pre-commit install >&2 && pre-commit run --all-files");
    has(&said, &["ran 3 9 True"]);
    bench.sh("git -c user.name=a -c user.email=a@b.example commit -qm first 2>&1");
}

#[test]
#[ignore = "asks a package registry"]
fn pipx_installs_with_the_python_it_is_told() {
    // pipx shares one pip among its environments, and the newest no longer runs on 3.9.
    let bench = Bench::with(&["3.12", "3.11"]);
    bench.sh(&format!("pyman global {}", bench.versions[0]));
    bench.tools(&["pipx"]);
    bench.sandbox.write("work/say.py", SAY);
    let said = bench.sh(
        "export PIPX_HOME=$HOME/pipx PIPX_BIN_DIR=$HOME/bin\n\
         pipx install -q --python 3.11 pycowsay >&2; pipx install -q --suffix=-default pycowsay >&2\n\
         $PIPX_HOME/venvs/pycowsay/bin/python say.py\n\
         $PIPX_HOME/venvs/pycowsay-default/bin/python say.py\n\
         $PIPX_BIN_DIR/pycowsay moo",
    );
    has(&said, &["ran 3 11 True", "ran 3 12 True"]);
    assert!(said.contains("moo"), "{said}");
}

#[test]
#[ignore = "asks a package registry"]
fn poetry_makes_environments_of_the_pin_and_of_what_it_is_told() {
    let bench = bench(&["poetry"]);
    bench.sandbox.write(
        "work/pyproject.toml",
        "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n[tool.poetry]\npackage-mode = false\n",
    );
    let said = bench.sh(&format!(
        "export POETRY_VIRTUALENVS_IN_PROJECT=false\n\
         poetry env use 3.9 >&2; poetry run python say.py\n\
         poetry env use 3.12 >&2; poetry run python say.py\n\
         poetry env remove --all >&2\n\
         pyman local {}; export POETRY_VIRTUALENVS_USE_POETRY_PYTHON=false\n\
         poetry run python say.py",
        bench.versions[1]
    ));
    has(&said, &["ran 3 9 True", "ran 3 12 True"]);
    assert_eq!(said.matches("ran 3 9 True").count(), 2, "{said}");
}

#[test]
#[ignore = "asks a package registry"]
fn pdm_uses_what_it_is_told_by_version() {
    let bench = bench(&["pdm"]);
    bench.sandbox.write(
        "work/pyproject.toml",
        "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n",
    );
    let said = bench.sh("export PDM_CHECK_UPDATE=false\n\
         pdm use -f 3.9 >&2; pdm run python say.py; pdm use -f 3.12 >&2; pdm run python say.py");
    has(&said, &["ran 3 9 True", "ran 3 12 True"]);
}

#[test]
#[ignore = "asks a package registry"]
fn hatch_makes_its_environment_of_the_python_it_names() {
    let bench = bench(&["hatch"]);
    let recipe = recipe("pyproject.toml of hatch");
    bench.sandbox.write(
        "work/pyproject.toml",
        format!(
            "[project]\nname = \"a\"\nversion = \"1\"\n{recipe}skip-install = true\n\
             [tool.hatch.envs.default]\nskip-install = true\n"
        ),
    );
    let said = bench.sh("hatch run python say.py; hatch run old:python say.py");
    has(&said, &["ran 3 9 True", "ran 3 12 True"]);
}

#[test]
#[ignore = "asks a package registry"]
fn virtualenv_makes_environments_of_every_spelling() {
    let bench = bench(&["virtualenv"]);
    for wish in ["3.9", "python3.9", "cpython3.9"] {
        let said = bench.sh(&format!("rm -rf v; virtualenv -q -p {wish} v && v/bin/python say.py"));
        has(&said, &["ran 3 9 True"]);
    }
    has(&bench.sh("rm -rf v; virtualenv -q v && v/bin/python say.py"), &["ran 3 12 True"]);
    // `-p python` is virtualenv's own interpreter, whatever is pinned; so is no `-p` at all.
    let pinned = format!("pyman local {}; rm -rf v", bench.versions[1]);
    let said = bench.sh(&format!(
        "{pinned}; virtualenv -q -p \"$(pyman which python)\" v; v/bin/python say.py"
    ));
    has(&said, &["ran 3 9 True"]);
    assert!(bench.sh("cat v/pyvenv.cfg").contains("/versions/3.9."), "not through a shim");
}

#[test]
#[ignore = "asks a package registry"]
fn pipenv_finds_the_python_it_is_told_also_where_pyman_answers_for_pyenv() {
    let bench = bench(&["pipenv"]);
    for pyenv in ["", "PYENV_ROOT=$PYMAN_ROOT"] {
        let said = bench.sh(&format!(
            "rm -rf .venv Pipfile*; export PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_VENV_IN_PROJECT=1 {pyenv}\n\
             pipenv --python 3.9 run python say.py 2>&1"
        ));
        has(&said, &["ran 3 9 True"]);
        assert!(bench.sh("cat .venv/pyvenv.cfg").contains("/versions/3.9."), "not through a shim");
    }
}

#[test]
#[ignore = "asks a package registry"]
fn uv_finds_what_is_installed_and_downloads_nothing() {
    let bench = bench(&["uv"]);
    let said = bench.sh("export UV_PYTHON_DOWNLOADS=never\n\
         uv venv -q -p 3.9 v && v/bin/python say.py; uv venv -q w && w/bin/python say.py\n\
         uv run -q -p 3.9 --no-project python say.py");
    has(&said, &["ran 3 9 True", "ran 3 12 True"]);
    let found = bench.sh("uv python find 3.9; cat v/pyvenv.cfg");
    assert!(found.contains("/versions/3.9."), "not through a shim: {found}");
}

#[test]
#[ignore = "asks a package registry"]
fn cmake_finds_the_selected_python_and_its_library() {
    let bench = bench(&["cmake"]);
    bench.sandbox.write(
        "work/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.15)\nproject(x C)\n\
         find_package(Python3 COMPONENTS Interpreter Development)\n\
         message(\"FOUND ${Python3_VERSION} ${Python3_LIBRARIES}\")\n",
    );
    let newer = &bench.versions[0];
    let (older, minor) = (&bench.versions[1], "3.9");
    bench.sh(&format!("pyman global {older}"));
    let found = |version: &str, minor: &str| {
        let library = format!("[SANDBOX]/pyman/versions/{version}/lib/libpython{minor}.so");
        format!("FOUND {version} {library}")
    };
    let script = |prefix: &str| format!("rm -rf b; {prefix} cmake -S . -B b 2>&1");
    has(&bench.sh(&script("pyman exec")), &[&found(older, minor)]);
    // Its own environment has a python3.12 too, and is left off PATH.
    let program = "../tools/cmake/lib/python3.12/site-packages/cmake/data/bin";
    let refusing = "env PYMAN_UNSELECTED=refuse PATH=\"$PYMAN_ROOT/shims:/usr/bin:/bin\"";
    let refusing = script(refusing).replace(" cmake ", &format!(" {program}/cmake "));
    has(&bench.sh(&refusing), &[&found(older, minor)]);
    // CMake asks for the newest by its name; that it is installed and not selected is not its business.
    has(&bench.sh(&script("")), &[&found(newer, "3.12")]);
}

#[test]
#[ignore = "asks a package registry"]
fn direnv_lays_out_the_selected_python_and_any_other() {
    let bench = bench(&[]);
    let (newer, older) = (bench.versions[0].clone(), bench.versions[1].clone());
    // The distribution's package, unpacked beside and not installed.
    let package = bench.sandbox.path().join("tools/direnv");
    bench.sandbox.write("home/.config/direnv/direnvrc", recipe("~/.config/direnv/direnvrc"));
    bench.sh(&format!(
        "mkdir -p {0}; cd {0}; apt-get download -q direnv >&2; dpkg -x direnv_*.deb .; ln -s usr/bin bin",
        package.display()
    ));
    let laid_out = |rc: &str| {
        bench.sandbox.write("work/.envrc", rc);
        bench.sh("direnv allow . 2>&1; direnv exec . python say.py")
    };
    has(&laid_out("layout python\n"), &["ran 3 12 True"]);
    has(&laid_out("layout python python3.9\n"), &["ran 3 9 True"]);
    has(&laid_out("use pyman 3.9\n"), &["ran 3 9 False"]);
    bench.sh(&format!("pyman local {older}"));
    has(&laid_out("layout python\n"), &["ran 3 9 True"]);
    let pyenv = format!("layout_pyenv {newer}\n");
    bench.sandbox.write("work/.envrc", &pyenv);
    crate::support::sandbox::Sandbox::script(
        &package.join("usr/bin/pyenv"),
        &format!("exec {} \"$@\"", crate::support::program()),
    );
    has(&laid_out(&pyenv), &["ran 3 12 True"]);
}
