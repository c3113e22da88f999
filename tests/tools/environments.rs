//! Where Python is found from, as people really start it: a notebook's kernel, a submodule, a service.

use std::path::Path;

use super::Bench;
use crate::support::prebuilt::Prebuilt;
use crate::support::sandbox::Sandbox;

fn whole() -> Bench {
    Bench::of(std::slice::from_ref(Prebuilt::whole()))
}

#[test]
fn a_service_may_call_a_shim_by_another_name_and_path() {
    let bench = whole();
    let shim = bench.sandbox.root().join("shims/python3");
    let said = format!("Python {}\n", bench.versions[0]);
    for name in ["@python3", "my-service", "-python3", "/usr/bin/python3", "python2"] {
        let script = format!("exec -a {name} {} --version", shim.display());
        let mut service = bench.sandbox.command("bash");
        service.env("PATH", "/usr/bin:/bin").args(["-c", &script]);
        let ran = bench.sandbox.ran(&mut service);
        assert_eq!((ran.stdout.as_str(), ran.status), (said.as_str(), Some(0)), "{name} {ran:?}");
    }
}

#[test]
fn git_submodule_works_while_a_conda_that_has_gettext_sh_is_not_selected() {
    let bench = whole();
    let conda = bench.sandbox.root().join("versions/miniforge3/bin");
    for name in ["python", "gettext.sh", "gettext"] {
        Sandbox::script(&conda.join(name), "echo conda's >&2; exit 9");
    }
    bench.sh("pyman rehash");
    let said = bench.sh(
        "git init -q sub; cd sub; git -c user.name=a -c user.email=a@b.example commit -q --allow-empty -m x; cd ..\n\
         git init -q super; cd super; git -c protocol.file.allow=always submodule --quiet add ../sub sub\n\
         git submodule status | wc -l",
    );
    assert_eq!(said, "1\n");
}

#[test]
#[ignore = "asks a package registry"]
fn kernels_of_jupyter_start_in_a_clone_and_after_a_move() {
    let bench = Bench::with(&["3.12"]);
    let kernel = |place: &str| {
        let said = bench.sh(&format!(
            "./{place}/bin/jupyter kernelspec list --json; cat {place}/share/jupyter/kernels/python3/kernel.json"
        ));
        let work = bench.sandbox.work();
        assert!(said.contains(&format!("[SANDBOX]/work/{place}/")), "{said}");
        // The client starts the kernel as a notebook does, and asks it where it is.
        let client = format!(
            "from jupyter_client.manager import start_new_kernel\n\
             manager, client = start_new_kernel(kernel_name='python3')\n\
             said = []\n\
             client.execute_interactive('import sys; print(sys.prefix)', output_hook=lambda message: said.append(message['content'].get('text', '')))\n\
             client.stop_channels(); manager.shutdown_kernel(now=True)\n\
             print(''.join(said).strip() == '{}')\n",
            work.join(place).display()
        );
        bench.sandbox.write("work/client.py", client);
        assert_eq!(bench.sh(&format!("{place}/bin/python client.py")), "True\n");
    };
    bench.sh("pyman venv create -i ipykernel -i jupyter_client ./one 2>&1");
    kernel("one");
    bench.sh("pyman venv clone ./one ./two 2>&1; pyman venv move ./one ./three 2>&1");
    assert!(!Path::new(&bench.sandbox.work().join("one")).exists());
    kernel("two");
    kernel("three");
}
