"""Fixtures of the kubectl transcripts: a real control plane and `canaria up` beside it, both with kwok as the kubelets.

CANARIA_BIN           the program under test (default: build/release/canaria)
CANARIA_KUBECTL_DIRS  "REAL:EMBEDDED": folders of running clusters to use and to leave running (default: new ones)
CANARIA_KUBECTL       another kubectl (default: that of tools/cluster)
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from comparison import ExpectedDifferences  # noqa: E402
from recorder import Recorder  # noqa: E402
from transcript import Side  # noqa: E402

FLAVORS = {"real": "kubernetes", "embedded": "machine"}


def cluster_command(flavor, *words):
    environment = {**os.environ, "CANARIA_CLUSTER_FLAVOR": flavor}
    done = subprocess.run([ROOT / "tools/cluster", *words], capture_output=True, text=True, timeout=1800, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"tools/cluster {' '.join(map(str, words))}: {done.stderr}")
    return done.stdout.strip()


def start_cluster(name, folder, kubectl):
    """With our kinds, once discovery names them: it is told by a real server some time after they are established."""
    cluster_command(FLAVORS[name], "up", folder)
    base = [kubectl, "--kubeconfig", folder / "kubeconfig", "--cache-dir", folder / "data/discovery"]
    done = subprocess.run([*base, "apply", "-f", ROOT / "deploy/crds"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    kinds, end = [], time.monotonic() + 30
    while len(kinds) < len(list((ROOT / "deploy/crds").glob("*.yaml"))):
        assert time.monotonic() < end, f"{name}: discovery names only {kinds}"
        listed = subprocess.run([*base, "api-resources", "--cached=false", "--api-group=argoproj.io", "-o", "name"],
                                capture_output=True, text=True, timeout=60)
        kinds = listed.stdout.split()


def side_of(name, folder, kubectl, work_folder):
    text = (folder / "kubeconfig").read_text()
    port = int(re.search(r"127\.0\.0\.1:(\d+)", text).group(1))
    recorder = Recorder(port, folder / "tls/apiserver.crt", folder / "tls/apiserver.key")
    return Side(name, recorder, re.search(r"token: (\S+)", text).group(1), folder / "tls/ca.crt", kubectl, work_folder)


@pytest.fixture(scope="session")
def sides():
    """The real side and the embedded one."""
    kubectl = os.environ.get("CANARIA_KUBECTL") or cluster_command("kubernetes", "binary", "kubectl")
    given = os.environ.get("CANARIA_KUBECTL_DIRS")
    folders = [pathlib.Path(folder) for folder in given.split(":")] if given else \
        [pathlib.Path(tempfile.mkdtemp(prefix=f"canaria-kubectl-{name}-")) for name in FLAVORS]
    work_folder = pathlib.Path(tempfile.mkdtemp(prefix="canaria-kubectl-"))
    clusters = dict(zip(FLAVORS, folders))
    made = []
    try:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: start_cluster(name, clusters[name], kubectl), clusters))
        for name, folder in clusters.items():
            (work_folder / name).mkdir()
            made.append(side_of(name, folder, kubectl, work_folder / name))
        yield made
    finally:
        for side in made:
            side.recorder.stop()
        if not given:
            for name, folder in clusters.items():
                cluster_command(FLAVORS[name], "down", folder)
        shutil.rmtree(work_folder, ignore_errors=True)


@pytest.fixture(scope="session")
def expected_differences():
    return ExpectedDifferences((pathlib.Path(__file__).parent / "expected_differences.txt").read_text())
