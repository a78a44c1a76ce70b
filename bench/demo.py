"""The demo from nothing to its first answer, and what `canaria up` costs while nothing happens.

The start is measured from outside: from the start of the process to the line that tells the address, which is printed after
the first answer has come. Idle are memory and CPU of Canaria's own process, with the example applied and nobody visiting;
its application and HAProxy are told beside it.
"""
import argparse
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

from machine import Machine
from measure import ROOT, announce, cpu_seconds, load_average, resident_mib, spread, table, verdict

EXAMPLE = ROOT / "examples/flask-app-canary"
START_MAX, RESIDENT_MAX, CPU_MAX = 3, 30, 0.5


def seconds_to_answer(program):
    began = time.monotonic()
    demo = subprocess.Popen([str(program), "demo", "--seconds", "1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = []
    try:
        for line in demo.stdout:
            told.append(line)
            if " answers " in line:
                return time.monotonic() - began
        raise SystemExit("demo: it ended without an answer:\n" + "".join(told))
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def idle(program, folder, seconds):
    """Resident MiB and percent of a core, of Canaria itself; resident MiB of HAProxy."""
    work = folder / "example"
    shutil.copytree(EXAMPLE, work)
    folder.chmod(0o755)  # the example does not run as root
    machine = Machine(str(program), folder / "machine", work, flags=["--quiet"])
    try:
        machine.start("gateway")
        machine.wait_phase("Healthy", name="flask-app")
        time.sleep(min(25, seconds))  # what the start has left behind is given back after 20 s
        pid = machine.process.pid
        before, began = cpu_seconds(pid), time.monotonic()
        time.sleep(seconds)
        used = (cpu_seconds(pid) - before) / (time.monotonic() - began) * 100
        return resident_mib(pid), used, resident_mib(*machine.haproxies())
    finally:
        machine.end()


def arguments(words):
    parser = argparse.ArgumentParser(prog="bench/run.py demo", description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=str(ROOT / "build/release"), help="where canaria is")
    parser.add_argument("--rounds", type=int, default=5, help="starts of the demo")
    parser.add_argument("--idle", type=float, default=60, help="seconds of looking at an idle machine (60)")
    parser.add_argument("--check", action="store_true", help="one start, and no waiting")
    given = parser.parse_args(words)
    if given.check:
        given.rounds, given.idle = 1, 1
    return given


def main(words):
    given = arguments(words)
    program = pathlib.Path(given.build).resolve() / "canaria"
    before = load_average()
    starts = []
    for number in range(given.rounds):
        announce(f"start {number + 1} of the demo")
        starts.append(seconds_to_answer(program))
    announce("idle")
    with tempfile.TemporaryDirectory(prefix="canaria-bench-") as place:
        resident, used, of_haproxy = idle(program, pathlib.Path(place), given.idle)
    start = statistics.median(starts)
    print(table([["", "measured", "bound", ""],
                 ["from the start of the demo to its first answer (s)", spread(starts), str(START_MAX), verdict(start, START_MAX)],
                 ["idle: resident (MiB)", f"{resident:.1f}", str(RESIDENT_MAX), verdict(resident, RESIDENT_MAX)],
                 ["idle: CPU (% of a core)", f"{used:.2f}", str(CPU_MAX), verdict(used, CPU_MAX)],
                 ["idle: resident of HAProxy (MiB)", f"{of_haproxy:.1f}", "-", ""]]))
    print(f"\n{given.rounds} starts, {given.idle:g} s idle; load average {before:.1f} to {load_average():.1f}")
