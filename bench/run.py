#!/usr/bin/env python3
"""The benchmarks: each part measures the release build and prints a table with its targets; README.md tells how to read them.

usage: bench/run.py [PART] [FLAGS]      bench/run.py PART --help

  controller  the Rollout controller on a test cluster, beside the incumbent's figures (the default)
  api         the embedded API server beside kube-apiserver with etcd
  traffic     HAProxy as Canaria drives it: exact shares, lost requests during releases, throughput beside plain HAProxy
  demo        how long `canaria demo` takes until it answers, and what `canaria up` costs when nothing happens
  check       api, traffic and demo with tiny numbers: fails when a request fails, and measures nothing
"""
import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PARTS = ("controller", "api", "traffic", "demo")


def main():
    sys.path.insert(0, str(HERE))
    words = sys.argv[1:]
    if words[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return
    part = words.pop(0) if words and not words[0].startswith("-") else "controller"
    if part == "check":
        for name in ("api", "traffic", "demo"):
            importlib.import_module(name).main(["--check", *words])
        return
    if part not in PARTS:
        raise SystemExit(f'bench: unknown part "{part}": one of {", ".join(PARTS)}, check')
    # A part is named before its modules are found: `measure` knows where the tests' modules lie.
    importlib.import_module("measure")
    importlib.import_module(part).main(words)


if __name__ == "__main__":
    main()
