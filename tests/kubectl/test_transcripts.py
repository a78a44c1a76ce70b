"""Each transcript in topics/ is played on a real API server and on Canaria's own, with the same unmodified kubectl.

Compared are exit codes, output, and for every request its path, its status code and the shape of the JSON answer. What differs
is kept in build/kubectl/, one file for each topic.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import time

import pytest

from comparison import differences
from transcript import parse_transcript

HERE = pathlib.Path(__file__).parent
KEPT = HERE.parents[1] / "build" / "kubectl"
TOPICS = sorted(path.stem for path in (HERE / "topics").glob("*.txt"))
played = {}


def namespace_of(topic):
    return topic if not os.environ.get("CANARIA_KUBECTL_DIRS") else f"{topic}-{int(time.time())}"


def report(topic, commands, unexpected):
    lines = []
    for command, found in zip(commands, unexpected):
        if found:
            lines.append(f"topics/{topic}.txt:{command.line}: $ {command.text}")
            lines += [f"    {where:9}{line}" for where, line in found]
    return "\n".join(lines)


@pytest.mark.parametrize("topic", TOPICS)
def test_transcript(topic, sides, expected_differences):
    commands = parse_transcript((HERE / "topics" / f"{topic}.txt").read_text())
    with concurrent.futures.ThreadPoolExecutor() as pool:
        namespace = namespace_of(topic)
        real, embedded = pool.map(lambda side: side.play(namespace, commands, HERE / "manifests"), sides)
    compared = [(command, *pair) for command, *pair in zip(commands, real, embedded) if command.is_compared]
    played[topic] = (len(compared), sum(len(answer.exchanges) for _, *pair in compared for answer in pair))
    unexpected = [expected_differences.unexpected(topic, differences(one, other)) for _, one, other in compared]
    text = report(topic, [command for command, _, _ in compared], unexpected)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{topic}.txt").write_text(text + "\n" if text else "")
    assert not text, f"the embedded server differs (-real +embedded):\n{text}"


def test_no_expected_difference_is_gone(expected_differences):
    if set(played) != set(TOPICS):
        pytest.skip("not all transcripts were played")
    commands, requests = (sum(numbers) for numbers in zip(*played.values()))
    (KEPT / "numbers").write_text(f"{len(TOPICS)} topics, {commands} commands on each side, {requests} requests together\n")
    if os.environ.get("CANARIA_KUBECTL"):
        pytest.skip("another kubectl need not come upon all of them")
    gone = [f"{entry.topic} {entry.where} {entry.pattern.pattern}" for entry in expected_differences.unused()]
    assert not gone, "take these out of expected_differences.txt, nothing differs there any more:\n" + "\n".join(gone)
