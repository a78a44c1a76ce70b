"""Fixtures of the end-to-end tests: one real cluster and one controller for all, one namespace for each test.

CANARIA_BIN             the program under test (default: build/release/canaria)
CANARIA_CLUSTER_FLAVOR  kubernetes (default), or machine: the same tests on Canaria's own API server
CANARIA_E2E_DIR         use the cluster in this folder and leave it running (default: a new one that ends with the tests)

When a test fails its report holds the end of the controller's log; all logs are kept in build/e2e/ or build/e2e-machine/.
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from api_server import path_of  # noqa: E402
from cluster import ROOT, Cluster  # noqa: E402
from controller import Controller  # noqa: E402
from world import World  # noqa: E402

FLAVOR = os.environ.get("CANARIA_CLUSTER_FLAVOR", "kubernetes")
KEPT = ROOT / "build" / ("e2e" if FLAVOR == "kubernetes" else f"e2e-{FLAVOR}")
SYSTEM_NAMESPACE = "canaria-system"


@pytest.fixture(scope="session")
def program():
    path = pathlib.Path(os.environ.get("CANARIA_BIN", ROOT / "build/release/canaria")).resolve()
    assert path.exists(), f"{path} does not exist: build it (cmake --build --preset release) or set CANARIA_BIN"
    return str(path)


@pytest.fixture(scope="session")
def cluster():
    """A cluster with the CRDs, applied as users do it: plain kubectl apply."""
    given = os.environ.get("CANARIA_E2E_DIR")
    folder = pathlib.Path(given) if given else pathlib.Path(tempfile.mkdtemp(prefix="canaria-e2e-"))
    made = Cluster(folder)
    try:
        made.kubectl("apply", "-f", ROOT / "deploy/crds")
        made.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        if made.kubectl("get", "namespace", SYSTEM_NAMESPACE, check=False).returncode != 0:
            made.kubectl("create", "namespace", SYSTEM_NAMESPACE)
        yield made
    finally:
        if (folder / "log").exists():
            shutil.copytree(folder / "log", KEPT / "cluster", dirs_exist_ok=True)
        if not given:
            made.down()


@pytest.fixture(scope="session")
def new_controller(cluster, program):
    """Makes controllers that are not started yet; whatever still runs at the end is killed."""
    made = []
    KEPT.mkdir(parents=True, exist_ok=True)

    def make(name, *flags):
        log_path = KEPT / f"{name}.log"
        log_path.unlink(missing_ok=True)
        made.append(Controller(program, cluster.controller_kubeconfig, log_path, *flags, namespace=SYSTEM_NAMESPACE))
        return made[-1]

    yield make
    for controller in made:
        controller.kill()


@pytest.fixture(scope="session")
def shared_controller(new_controller):
    return new_controller("controller", "--leader-elect=false", "--loglevel=debug")


@pytest.fixture
def controller(shared_controller):
    """The controller, running. A test may kill or restart it."""
    if not shared_controller.is_running():
        shared_controller.start()
    return shared_controller


@pytest.fixture
def no_controller(shared_controller):
    """For tests that bring their own: the shared one does not run meanwhile."""
    shared_controller.kill()
    return shared_controller


@pytest.fixture
def world(cluster, program, request):
    """A new namespace, called after the test. Its deletion is not waited for."""
    name = re.sub("[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:50].strip("-")
    if os.environ.get("CANARIA_E2E_DIR"):
        name += f"-{os.getpid()}"  # that of an earlier run may still be there
    made = World(cluster, name, program)
    yield made
    # Rollouts first: a namespace controller that misses its custom resources, as it does when the API server restarts
    # meanwhile, would leave them behind.
    cluster.api.request("DELETE", path_of("Rollout", name))
    cluster.api.request("DELETE", f"/api/v1/namespaces/{name}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    controller, world = item.funcargs.get("shared_controller"), item.funcargs.get("world")
    if report.failed and controller is not None and controller.process is not None:
        report.sections.append(("controller log", controller.log(40, world.name if world else "")))
