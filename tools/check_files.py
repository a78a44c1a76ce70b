#!/usr/bin/env python3
"""Checks what every file has to keep to: size, line length, a first comment, a name that says something.

Tables (src/api/schema) and tests may be longer than other files; everything else that outgrows the limit holds two concepts.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LINES_MAX = 400
LINES_MAX_TESTS_AND_TABLES = 800
COLUMNS_MAX = 160  # what clang-format cannot break; it breaks the rest at 130
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "data", "info", "impl", "manager", "handler", "handle"}
CODE = {".cc", ".h"}
TEXT = CODE | {".py", ".sh", ".txt", ".md", ".yaml", ".json", ".cmake"}
OPEN_ISSUE = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b(?!\(#\d+\))")


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def is_test_or_table(path, text):
    return (path.name.endswith("_test.cc") or text.startswith("// For tests only") or "tests" in path.parts
            or path.name.endswith("_table.cc"))


def has_first_comment(path, text):
    """A .cc beside its header needs no second introduction; a test beside its subject neither."""
    if text.startswith("//"):
        return True
    subject = path.name.removesuffix("_test.cc") if path.name.endswith("_test.cc") else path.stem
    return path.suffix == ".cc" and (path.with_name(subject + ".h").exists() or path.with_name(subject + ".cc") != path)


def code_problems(path, text):
    lines = text.splitlines()
    long_form = is_test_or_table(path, text)
    lines_max = LINES_MAX_TESTS_AND_TABLES if long_form else LINES_MAX
    if len(lines) > lines_max:
        yield f"{len(lines)} lines, at most {lines_max}: split it by concept"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX and not long_form:
            yield f"line {number} has {len(line)} columns, at most {COLUMNS_MAX}"
    if not has_first_comment(path, text):
        yield "starts without a comment that says what it is for"
    words = set(re.split(r"[_.]", path.name))
    if words & VAGUE:
        yield f"vague word in the name: {', '.join(sorted(words & VAGUE))}"
    if path.suffix == ".h" and "#pragma once" not in text:
        yield "header without #pragma once"


def text_problems(text):
    if text and not text.endswith("\n"):
        yield "does not end with a newline"
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip():
            yield f"line {number} ends with white space"
        if OPEN_ISSUE.search(line):
            yield f"line {number}: what is left to do names its issue, in brackets: (#123)"


def main():
    failed = False
    for path in tracked_files():
        if path.suffix not in TEXT or "seeds" in path.parts or path.name == "LICENSE":
            continue
        text = path.read_text()
        problems = list(text_problems(text))
        if path.suffix in CODE:
            problems += code_problems(path, text)
        for problem in problems:
            print(f"{path.relative_to(ROOT)}: {problem}")
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
