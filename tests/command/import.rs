//! `pyman import`: what other tools have, taken over by links.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::sandbox::Sandbox;

#[test]
fn pyenvs_versions_aliases_and_global_version_are_taken_over() {
    let sandbox = Sandbox::new();
    let pyenv = sandbox.home().join(".pyenv");
    for tree in ["3.12.1", "3.9.18", "3.12.1/envs/web"] {
        Sandbox::script(&pyenv.join("versions").join(tree).join("bin/python"), "echo \"$0\"");
    }
    symlink(pyenv.join("versions/3.12.1/envs/web"), pyenv.join("versions/web")).unwrap();
    fs::write(pyenv.join("version"), "3.12.1\n3.9.18\n").unwrap();
    sandbox.fake_version("3.9.18", &["python"]);

    let home = "[SANDBOX]/home/.pyenv/versions";
    let all = |did: &str, set: &str| {
        format!(
            "{did} 3.12.1 -> {home}/3.12.1\nleft 3.9.18: the name is taken\n\
             {did} web -> {home}/3.12.1/envs/web\n{set} global 3.12.1 3.9.18\n"
        )
    };
    sandbox.run(&["import", "--dry-run", "pyenv"]).succeeds(&all("would link", "would set"));
    sandbox.run(&["versions", "--bare"]).succeeds("3.9.18\n");
    sandbox.run(&["import", "pyenv"]).succeeds(&all("linked", "set"));
    sandbox.run(&["versions", "--bare"]).succeeds("3.9.18\n3.12.1\n3.12.1/envs/web\nweb\n");
    sandbox.run(&["global"]).succeeds("3.12.1\n3.9.18\n");
    let shim = sandbox.root().join("shims/python");
    sandbox
        .ran(&mut sandbox.command(shim))
        .succeeds("[SANDBOX]/pyman/versions/3.12.1/bin/python\n");
    sandbox.run(&["import", "pyenv"]).succeeds(
        "left 3.12.1: linked already\nleft 3.9.18: the name is taken\nleft web: linked already\n\
         left the global version: it is set already\n",
    );
}

#[test]
fn uvs_interpreters_get_the_names_they_say_themselves() {
    let sandbox = Sandbox::new();
    let kept = sandbox.home().join(".local/share/uv/python");
    fs::create_dir_all(&kept).unwrap();
    let real = "import sys; print(sys.base_prefix); print('%d.%d.%d' % sys.version_info[:3])";
    let mut python = sandbox.command("python3");
    let told = sandbox.ran(python.args(["-I", "-c", real])).stdout;
    let mut told = told.lines();
    let (prefix, version) = (told.next().unwrap(), told.next().unwrap());
    let tree = kept.join(format!("cpython-{version}-linux-x86_64-gnu"));
    // A tree of its own, since what stands at /usr is shared: a base that is linked piece by piece.
    fs::create_dir_all(tree.join("bin")).unwrap();
    symlink(format!("{prefix}/lib"), tree.join("lib")).unwrap();
    let minor = version.rsplit_once('.').unwrap().0;
    let run = format!("exec {prefix}/bin/python{minor} \"$@\"");
    Sandbox::script(&tree.join("bin/python3"), &run);
    symlink(&tree, kept.join(format!("cpython-{minor}-linux-x86_64-gnu"))).unwrap();
    sandbox.write("home/.config/uv/.python-version", version);
    sandbox.run(&["import", "uv"]).succeeds(&format!(
        "linked {version} -> [SANDBOX]/home/.local/share/uv/python/cpython-{version}-linux-x86_64-gnu\n\
         set global {version}\n"
    ));
}

#[test]
fn mises_pins_are_written_where_they_count() {
    let sandbox = Sandbox::new();
    let installs = sandbox.home().join(".local/share/mise/installs/python");
    Sandbox::script(&installs.join("3.11.9/bin/python"), "echo \"$0\"");
    symlink("./3.11.9", installs.join("3.11")).unwrap();
    sandbox.write("home/.config/mise/config.toml", "[tools]\npython = [\"3.11\", \"3.9\"]\n");
    sandbox.write("work/.tool-versions", "nodejs 20\npython 3.11.9 # of this project\n");
    sandbox.run(&["import", "mise"]).succeeds(
        "linked 3.11.9 -> [SANDBOX]/home/.local/share/mise/installs/python/3.11.9\n\
         set global 3.11 3.9\nwrote [SANDBOX]/work/.python-version: 3.11.9\n",
    );
    sandbox.run(&["version"]).succeeds("3.11.9 (set by [SANDBOX]/work/.python-version)\n");
}

#[test]
fn condas_trees_and_environments_become_selectable() {
    let sandbox = Sandbox::new();
    for tree in ["miniforge3", "miniforge3/envs/inner", "elsewhere/outer"] {
        let tree = sandbox.home().join(tree);
        fs::create_dir_all(tree.join("conda-meta")).unwrap();
        Sandbox::script(&tree.join("bin/python"), "echo \"$0\"");
    }
    let listed = ["miniforge3", "miniforge3/envs/inner", "elsewhere/outer", "gone"];
    let listed = listed.map(|tree| sandbox.home().join(tree).display().to_string()).join("\n");
    sandbox.write("home/.conda/environments.txt", listed);
    sandbox.run(&["import", "conda"]).succeeds(
        "linked miniforge3 -> [SANDBOX]/home/miniforge3\n\
         linked outer -> [SANDBOX]/home/elsewhere/outer\n",
    );
    sandbox.run(&["versions", "--bare"]).succeeds("miniforge3\nminiforge3/envs/inner\nouter\n");
}

#[test]
fn virtualenvwrappers_environments_stay_where_they_are() {
    let sandbox = Sandbox::new();
    sandbox.write("home/.virtualenvs/web/bin/activate", "");
    sandbox.write("home/.virtualenvs/web/bin/pip", "");
    sandbox.write("home/.virtualenvs/hook", "");
    sandbox
        .run(&["import", "virtualenvwrapper"])
        .succeeds("linked web -> [SANDBOX]/home/.virtualenvs/web\n");
}

#[test]
fn a_tool_that_is_not_here_is_an_error() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["import", "pyenv"]);
    ran.fails("pyman: pyenv has nothing at [SANDBOX]/home/.pyenv/versions\n", 1);
}
