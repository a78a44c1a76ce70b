#!/usr/bin/env python3
"""Adds up JUnit files and prints what failed and how many passed, as the last words of a test run.

usage: test_summary.py FILE...     a file that is missing counts as one failure: its tests did not run
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def count(path):
    """(passed, failed, skipped, names of the failed)"""
    if not path.exists():
        return 0, 1, 0, ["did not run to its end"]
    passed, skipped, names = 0, 0, []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = case.get("name", "?")
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            names.append(name)
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, len(names), skipped, names


def line(passed, failed, skipped):
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def main():
    totals = [0, 0, 0]
    print()
    for path in map(pathlib.Path, sys.argv[1:]):
        *numbers, names = count(path)
        for name in names:
            print(f"failed: {path.stem}: {name}")
        print(f"{path.stem}: {line(*numbers)}")
        totals = [total + number for total, number in zip(totals, numbers)]
    print(line(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
