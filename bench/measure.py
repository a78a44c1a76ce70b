"""What the parts of the benchmark have in common: processes of /proc, the load programs, medians, one kind of table."""
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "machine"))
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*pids):
    """User and system time of all these processes."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_mib(*pids):
    total = 0
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


def load_average():
    """Of the last minute: what else runs on the machine is part of every number, so it is printed beside them."""
    return os.getloadavg()[0]


def announce(text):
    print(f"bench: {text} ... (load average {load_average():.1f})", file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


def sync_millis(folder, times=50):
    """How long this disk takes to make 4 KiB durable, in the middle: the floor under every durable write."""
    path = pathlib.Path(folder) / "sync-trial"
    took = []
    with open(path, "wb") as trial:
        for _ in range(times):
            began = time.perf_counter()
            trial.write(b"x" * 4096)
            trial.flush()
            os.fdatasync(trial.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return statistics.median(took)


class LoadFailed(Exception):
    pass


def load(program, *words, token=None):
    """Runs a load program to its end; its numbers. Fails when it says that requests have failed."""
    environment = {**os.environ, "CANARIA_TOKEN": token or ""}
    done = subprocess.run([str(program), *map(str, words)], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise LoadFailed(f"{program.name} {' '.join(map(str, words))}: exit code {done.returncode}: {done.stderr.strip()} {done.stdout.strip()}")
    return json.loads(done.stdout)


def shown(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def spread(values):
    """ "median (smallest to largest)" """
    middle = statistics.median(values)
    return shown(middle) if len(values) == 1 else f"{shown(middle)} ({shown(min(values))} to {shown(max(values))})"


def verdict(value, target, at_least=False):
    if target is None:
        return ""
    reached = value >= target if at_least else value <= target
    return "reached" if reached else "missed"


def table(rows):
    rows = [[shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
