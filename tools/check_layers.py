#!/usr/bin/env python3
"""Checks that src/ keeps to docs/layers.txt: who includes whom, and which libraries are known where.

  check_layers.py                   every #include below src/
  check_layers.py --archives DIR    the pure folders' archives in a build folder: none may need a symbol that
                                    reaches the world (sockets, files, clocks, randomness, environment, threads)

The first catches a forbidden dependency where it is written, the second one that came in through somebody else's header.
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
PURE = ["base", "json", "lang", "api", "plan"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# Headers of the standard library and the system that bring the world into a folder that has to be pure.
WORLDLY_HEADERS = re.compile(
    r"^(thread|mutex|shared_mutex|condition_variable|future|atomic|random|fstream|iostream|filesystem|csignal|ctime"
    r"|unistd\.h|fcntl\.h|time\.h|sys/.*|netinet/.*|netdb\.h|pthread\.h|boost/asio.*|boost/uuid/random.*)$")

WORLDLY_SYMBOLS = re.compile(
    r"^(socket|connect|bind|listen|accept4?|sendto|sendmsg|recvfrom|recvmsg|getaddrinfo"
    r"|open(at)?(64)?|fopen(64)?|creat(64)?|read|write|unlink|rename|mkdir|opendir|stat(64)?"
    r"|clock_gettime|gettimeofday|time|localtime(_r)?|nanosleep|usleep|sleep"
    r"|s?rand(om)?(_r)?|getrandom|getentropy|arc4random.*|(secure_)?getenv|setenv"
    r"|pthread_create|fork|vfork|posix_spawnp?|exec[lv]p?e?|system|popen)$"
    r"|chrono.*(system|steady)_clock.*now|random_device|basic_[io]?f(stream|ilebuf)|_ZNSt10filesystem|_ZNSt6thread")


class Layers:
    """docs/layers.txt. A line is `folder: folders`, `folder test: folders` (more for its tests) or `<header>: folders`
    (the only folders that may include the third-party headers that start so)."""

    def __init__(self, text):
        self.allowed = {}
        self.for_tests = collections.defaultdict(list)
        self.libraries = []
        for line in text.splitlines():
            line = line.split("#")[0].strip()
            if not line:
                continue
            left, right = (part.strip() for part in line.split(":", 1))
            if left.startswith("<"):
                self.libraries.append((left.strip("<>"), right.split()))
            elif left.endswith(" test"):
                self.for_tests[left.removesuffix(" test")] = right.split()
            else:
                self.allowed[left] = right.split()

    def may_include(self, folder, target, is_test):
        other = target.split("/", 1)[0]
        if other in (folder, "base") or "*" in self.allowed[folder]:
            return True
        allowed = self.allowed[folder] + (self.for_tests[folder] if is_test else [])
        return other in allowed or target in allowed

    def owners(self, header):
        """The folders that may include this third-party header; None when every folder may."""
        matching = [(prefix, folders) for prefix, folders in self.libraries if header.startswith(prefix)]
        return max(matching, key=lambda entry: len(entry[0]))[1] if matching else None


def is_test(path, text):
    return path.name.endswith("_test.cc") or text.startswith("// For tests only")


def include_problems(layers):
    for path in sorted([*SRC.rglob("*.h"), *SRC.rglob("*.cc")]):
        folder = path.relative_to(SRC).parts[0]
        text = path.read_text()
        test = is_test(path, text)
        if folder not in layers.allowed:
            yield f"{path.relative_to(ROOT)}: src/{folder} is not in docs/layers.txt"
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            place = f"{path.relative_to(ROOT)}:{number}"
            kind, target = found.groups()
            if kind == '"':
                if not (SRC / target).exists():
                    yield f'{place}: "{target}" does not exist below src/: include from there, third-party headers with <>'
                elif not layers.may_include(folder, target, test):
                    yield f"{place}: {folder} may not include {target} (docs/layers.txt)"
                continue
            owners = layers.owners(target)
            if owners is not None and "*" not in owners and folder not in owners:
                yield f"{place}: <{target}> belongs to {' and '.join(owners) or 'nobody'} (docs/layers.txt)"
            if folder in PURE and not test and WORLDLY_HEADERS.match(target):
                yield f"{place}: {folder} is pure: no <{target}>; let the caller hand in what it would read"


def cycles(layers):
    """Folders that reach themselves: the list itself must have no cycle."""
    def reaches(start, folder, seen):
        for other in (need.split("/")[0] for need in layers.allowed.get(folder, []) if need != "*"):
            if other == start:
                return True
            if other not in seen and reaches(start, other, seen | {other}):
                return True
        return False

    return [f"docs/layers.txt: {folder} depends on itself" for folder in layers.allowed if reaches(folder, folder, {folder})]


def symbol_problems(build):
    for folder in PURE:
        archive = build / f"libcanaria_{folder}.a"
        if not archive.exists():
            yield f"{archive} does not exist: build canaria_{folder} first"
            continue
        listed = subprocess.run(["nm", "-u", "--no-demangle", archive], capture_output=True, text=True, check=True).stdout
        member = ""
        for line in listed.splitlines():
            if line.endswith(".o:"):
                member = line.rstrip(":")
            symbol = line.split()[-1].split("@")[0] if line.strip() else ""
            if line.startswith(" ") and WORLDLY_SYMBOLS.search(symbol):
                yield f"{archive.name}({member}): needs {symbol}, which reaches the world; {folder} is pure"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archives", type=pathlib.Path, metavar="DIR", help="check the archives in this build folder")
    arguments = parser.parse_args()
    if arguments.archives:
        problems = list(symbol_problems(arguments.archives))
    else:
        layers = Layers((ROOT / "docs/layers.txt").read_text())
        problems = [*cycles(layers), *include_problems(layers)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
