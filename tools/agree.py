#!/usr/bin/env python3
"""Shows whether the verifiers agree: on a good bundle, and on every kind of damage that tools/damage.py knows.

    tools/agree.py BUNDLE [--key VKEY] [--signer FILE] [--page] [--decoder own] [--daybook PROGRAM]

Runs verify.py, with --page also verify.html in Chromium, with --daybook also `PROGRAM verify BUNDLE --format json`, on each
damaged bundle, twice where a key is given: without it and with it. Each must give the verdict and the failed checks that
damage.py expects. Prints what differs. Exit status: 0 if nothing does, 1 if something does.
"""
from __future__ import annotations

import argparse
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any, Callable

sys.dont_write_bytecode = True  # beside the sources there is nothing but sources

import page  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
VERIFIERS = os.path.join(HERE, "../Sources/Audit/Verifiers")
Verifier = Callable[[str, "str | None"], dict[str, Any]]


def run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        result = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return {"verdict": "no result: " + (said[-1] if said else f"status {done.returncode}"), "checks": {}}
    wanted = {"sound": 0, "not sound": 1, "unreadable": 3}.get(result["verdict"])
    return result if done.returncode == wanted else {**result, "verdict": f"{result['verdict']}, status {done.returncode}"}


def by_python(decoder: str) -> Verifier:
    """verify.py inside this process, which is quicker than a process for each bundle."""
    specification = importlib.util.spec_from_file_location("bundle_verifier", os.path.join(VERIFIERS, "verify.py"))
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    sys.setrecursionlimit(10_000)

    def verify(path: str, key: str | None) -> dict[str, Any]:
        pinned = module.read_vkey(key) if key else None
        return module.Verification(path, pinned, decoder).report.result()
    return verify


def by_daybook(program: str) -> Verifier:
    def verify(path: str, key: str | None) -> dict[str, Any]:
        return run([program, "verify", path, "--format", "json"] + (["--key", key] if key else []))
    return verify


def by_page(browser: page.Browser) -> Verifier:
    def verify(path: str, key: str | None) -> dict[str, Any]:
        browser.value(f"document.getElementById('key').value = {json.dumps(key or '')}")
        return page.verify(browser, path)["result"]
    return verify


def failed(result: dict[str, Any]) -> list[str]:
    return sorted(name for name, state in result["checks"].items() if state == "failed")


def cases(bundle: str, folder: str, key: str | None) -> list[tuple[str, str | None, str, list[str]]]:
    """Path, key, verdict and failed checks of each case."""
    found: list[tuple[str, str | None, str, list[str]]] = [(bundle, None, "sound", [])]
    if key:
        found.append((bundle, key, "sound", []))
    with open(os.path.join(folder, "expected.json")) as file:
        expected = json.load(file)
    for name, each in sorted(expected.items()):
        path = os.path.join(folder, name)
        found.append((path, None, each["verdict"], each["checks"]))
        if key and each["with_key"] != each["checks"]:
            found.append((path, key, "not sound", each["with_key"]))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", help="a good bundle, with bodies")
    parser.add_argument("--key", metavar="VKEY", help="the ledger's first key")
    parser.add_argument("--signer", metavar="FILE", help="the ledger's private key, for tools/damage.py")
    parser.add_argument("--page", action="store_true", help="also verify.html, in Chromium")
    parser.add_argument("--decoder", default="auto", choices=["auto", "module", "program", "own"], help="of verify.py")
    parser.add_argument("--daybook", metavar="PROGRAM", help="also this program")
    arguments = parser.parse_args()
    verifiers = {"verify.py": by_python(arguments.decoder)}
    browser = None
    if arguments.daybook:
        verifiers["daybook"] = by_daybook(os.path.abspath(arguments.daybook))
    wrong = count = 0
    try:
        if arguments.page:
            browser = page.Browser("chromium")
            browser.open(pathlib.Path(VERIFIERS, "verify.html").resolve().as_uri())
            verifiers["verify.html"] = by_page(browser)
        with tempfile.TemporaryDirectory() as folder:
            signer = ["--signer", arguments.signer] if arguments.signer else []
            subprocess.run([sys.executable, "-B", os.path.join(HERE, "damage.py"), arguments.bundle, folder, *signer], check=True)
            for path, key, verdict, checks in cases(arguments.bundle, folder, arguments.key):
                for name, verify in verifiers.items():
                    result, count = verify(path, key), count + 1
                    if (result["verdict"], failed(result)) != (verdict, checks):
                        wrong += 1
                        print(f"DIFFERS  {os.path.basename(path)}{' with the key' if key else ''}: {name} says {result['verdict']} "
                              f"{failed(result)}, expected {verdict} {checks}", flush=True)
    except page.NoBrowser as problem:
        print(problem, file=sys.stderr)
        return 2
    finally:
        if browser:
            browser.close()
    print(f"{count - wrong} of {count} results by {', '.join(verifiers)} are as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
