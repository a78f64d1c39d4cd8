#!/usr/bin/env python3
"""Drives verify.html in a headless Chromium, and prints the result that the page gives of each bundle, one a line.

    tools/page.py PAGE BUNDLE… [--key VKEY] [--shots FOLDER] [--chromium PROGRAM] [--eval SCRIPT]

Python's standard library only: the browser is spoken to by the DevTools protocol over two pipes. With --shots each report
is saved as FOLDER/NAME-light.png and -dark.png. With --eval SCRIPT runs in the page instead, and what it gives is printed.
Each line is {"bundle":…,"result":…,"seconds":…,"longest":…}: longest is the longest time in milliseconds during which the
page could not answer. Exit status: 0 if the page gave a result for each, 2 if the browser cannot be run or does not answer.
"""
from __future__ import annotations

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

PATIENCE = 300  # seconds for one bundle

# Measures how long the page cannot answer, from inside it.
WATCH = """
globalThis.longest = 0;
(() => { let last = performance.now(); setInterval(() => {
  const now = performance.now(); globalThis.longest = Math.max(globalThis.longest, now - last); last = now; }, 5); })();
"""


class NoBrowser(Exception):
    pass


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, program: str) -> None:
        self.folder = tempfile.mkdtemp(prefix="daybook-page-")
        to_browser, self.commands = os.pipe()
        self.answers, from_browser = os.pipe()

        def place() -> None:
            # The browser reads from 3 and writes to 4; through high numbers, since these may be taken.
            os.dup2(os.dup2(to_browser, 103), 3)
            os.dup2(os.dup2(from_browser, 104), 4)

        try:
            self.process = subprocess.Popen(
                [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.folder}", "about:blank"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
                preexec_fn=place)
        except OSError as error:
            raise NoBrowser(f"cannot run {program}: {error.strerror}")
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.session, self.rest = 0, None, b""
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)
        self.watchdog.start()

    def call(self, method: str, **params: Any) -> Any:
        """Sends a command and gives its result."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        try:
            os.write(self.commands, json.dumps(message).encode() + b"\0")
            while True:
                answer = json.loads(self.read())
                if answer.get("id") == self.number:
                    break
        except (OSError, ValueError):
            raise NoBrowser("the browser ended or does not answer")
        if "error" in answer:
            raise NoBrowser(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def read(self) -> bytes:
        while b"\0" not in self.rest:
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                raise OSError
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\0")
        return message

    def open(self, address: str) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=1100, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def value(self, script: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise NoBrowser(str(details.get("exception", {}).get("description", details)))
        return answer["result"].get("value")

    def wait(self, script: str) -> None:
        self.watchdog.cancel()
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)
        self.watchdog.start()
        while not self.value(script):
            time.sleep(0.02)

    def choose(self, selector: str, path: str) -> None:
        """Chooses a file in a file input."""
        found = self.call("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")
        self.call("DOM.setFileInputFiles", files=[os.path.abspath(path)], objectId=found["result"]["objectId"])

    def shoot(self, path: str, scheme: str) -> None:
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": 1100, "height": min(size["height"], 6000), "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def close(self) -> None:
        self.watchdog.cancel()
        self.process.kill()
        self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        shutil.rmtree(self.folder, ignore_errors=True)


def verify(browser: Browser, bundle: str) -> dict[str, Any]:
    began = time.monotonic()
    browser.value("document.getElementById('result').textContent = ''; globalThis.longest = 0")
    browser.choose("#file", bundle)
    browser.wait("document.getElementById('result').textContent !== ''")
    seconds = round(time.monotonic() - began, 2)
    result = json.loads(browser.value("document.getElementById('result').textContent"))
    return {"bundle": os.path.basename(bundle), "result": result, "seconds": seconds,
            "longest": round(browser.value("globalThis.longest"))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", help="verify.html")
    parser.add_argument("bundles", nargs="*", metavar="BUNDLE")
    parser.add_argument("--key", metavar="VKEY", help="what to put into the page's field for a key")
    parser.add_argument("--shots", metavar="FOLDER", help="where to save what the page looks like")
    parser.add_argument("--chromium", default="chromium", metavar="PROGRAM")
    parser.add_argument("--eval", metavar="SCRIPT", help="a JavaScript expression; a promise is waited for")
    arguments = parser.parse_args()
    browser = None
    try:
        browser = Browser(arguments.chromium)
        browser.open(pathlib.Path(arguments.page).resolve().as_uri())
        if arguments.eval:
            print(json.dumps(browser.value(arguments.eval)))
        if arguments.key:
            browser.value(f"document.getElementById('key').value = {json.dumps(arguments.key)}")
        for bundle in arguments.bundles:
            print(json.dumps(verify(browser, bundle), ensure_ascii=False, sort_keys=True), flush=True)
            if arguments.shots:
                os.makedirs(arguments.shots, exist_ok=True)
                name = os.path.basename(bundle).removesuffix(".tar.zst")
                for scheme in ("light", "dark"):
                    browser.shoot(os.path.join(arguments.shots, f"{name}-{scheme}.png"), scheme)
    except NoBrowser as problem:
        print(problem, file=sys.stderr)
        return 2
    finally:
        if browser:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
