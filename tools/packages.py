"""Installs Python packages for the tools that need some."""
import glob, os, subprocess, sys, venv
from typing import NoReturn


def stop(problem: str) -> NoReturn:
    """Ends the tool: it could not be tried."""
    print(problem, file=sys.stderr)
    sys.exit(2)


def install(folder: str, packages: list[str]) -> bool:
    """Installs packages where this process finds them first; False if they cannot be fetched."""
    try:
        venv.create(folder, with_pip=True)
    except (ImportError, subprocess.CalledProcessError):
        stop("no virtual environment can be made here; tools/setup python3-venv installs what is missing")
    pip = subprocess.run([os.path.join(folder, "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                          *packages], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if pip.returncode:
        if "connection broken" in pip.stderr or "Could not fetch URL" in pip.stderr:
            return False
        stop(f"pip cannot install {', '.join(packages)}: {pip.stderr.strip()}")
    sys.path[:0] = glob.glob(os.path.join(folder, "lib/python*/site-packages"))
    return True
