"""Fixtures of the tests of `canaria up`: one machine for each test, with real processes, HAProxy and kubectl.

CANARIA_BIN    the program under test (default: build/release/canaria)
CANARIA_KILLS  how often the kill -9 test kills it (default: 20)
"""
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from machine import Machine  # noqa: E402


@pytest.fixture(scope="session")
def program():
    path = pathlib.Path(os.environ.get("CANARIA_BIN", ROOT / "build/release/canaria")).resolve()
    assert path.exists(), f"{path} does not exist: build it (cmake --build --preset release) or set CANARIA_BIN"
    return str(path)


@pytest.fixture
def new_machine(program, tmp_path):
    """Makes machines that are not started yet; whatever still runs at the end is stopped."""
    made = []

    def make(name="data", **options):
        made.append(Machine(program, tmp_path / name, tmp_path, **options))
        return made[-1]

    yield make
    for machine in made:
        machine.end()


@pytest.fixture
def machine(new_machine):
    return new_machine().start()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    folder = item.funcargs.get("tmp_path")
    if report.failed and folder is not None:
        for log in sorted(folder.glob("*.log")):
            report.sections.append((log.name, "\n".join(log.read_text(errors="replace").splitlines()[-40:])))
