"""Where two sides differ, line by line, and which differences are known with their reason."""
import dataclasses
import difflib
import re


def differing(real, embedded):
    """Lines that only one side has: with - the real server's, with + ours."""
    lines = difflib.ndiff(real, embedded, charjunk=None)
    return [line[0] + line[2:] for line in lines if line[0] in "+-"]


def request_lines(exchanges):
    """The requests in order. What kubectl repeats while it waits counts once: how often depends on time alone."""
    lines = []
    for exchange in exchanges:
        # Whether a document is still the one that kubectl keeps depends on what the cluster did meanwhile.
        line = exchange.line if not exchange.is_discovery else exchange.line.replace(" 304", " 200")
        if not lines or lines[-1] != line:
            lines.append(line)
    return lines


def shape_lines(exchanges, others):
    """The shape of all answers to equal requests, as far as the other side was asked and answered the same."""
    answered = {answer_line(exchange) for exchange in others}
    return sorted({f"{exchange.request.split('?')[0]} {part}"
                   for exchange in exchanges if answer_line(exchange) in answered for part in exchange.shape})


def answer_line(exchange):
    return f"{exchange.request.split('?')[0]} {exchange.status}"


def differences(real, embedded):
    """All of one command, as (where, line)."""
    found = []
    if real.code != embedded.code:
        found += [("code", f"-{real.code}"), ("code", f"+{embedded.code}")]
    pairs = [("stdout", real.stdout, embedded.stdout), ("stderr", real.stderr, embedded.stderr),
             ("requests", request_lines(real.exchanges), request_lines(embedded.exchanges)),
             ("shape", shape_lines(real.exchanges, embedded.exchanges), shape_lines(embedded.exchanges, real.exchanges))]
    for where, one, other in pairs:
        found += [(where, line) for line in differing(one, other)]
    return found


@dataclasses.dataclass
class Expected:
    """A line of expected_differences.txt; one that depends on time need not be seen in every run."""
    topic: str
    where: str
    pattern: re.Pattern
    reason: str
    is_certain: bool
    is_used: bool = False

    def is_for(self, topic):
        return self.topic == "*" or topic in self.topic.split(",")


class ExpectedDifferences:
    def __init__(self, text):
        self.entries, reason = [], []
        for line in text.splitlines():
            if line.startswith("#") or not line.strip():
                reason = [] if not line.strip() else reason + [line[1:].strip()]
                continue
            topic, where, pattern = line.split(None, 2)
            self.entries.append(Expected(topic, where.rstrip("?"), re.compile(pattern), " ".join(reason), not where.endswith("?")))

    def unexpected(self, topic, found):
        """Those that no entry explains."""
        left = []
        for where, line in found:
            known = [entry for entry in self.entries
                     if entry.is_for(topic) and entry.where == where and entry.pattern.fullmatch(line)]
            for entry in known:
                entry.is_used = True
            if not known:
                left.append((where, line))
        return left

    def unused(self):
        return [entry for entry in self.entries if entry.is_certain and not entry.is_used]
