"""Make the site of all documentation: ``python tools/make_site.py [FOLDER]``, into build/site by default.

Notebooks are run, and any warning is an error. It needs the packages of ``kapteam[docs]`` and no network.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Pages stand where they do in the repository, so the first of them is not at the top.
_FIRST = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>kapteam</title><meta http-equiv="refresh" content="0; url=docs/index.html"></head>
<body><a href="docs/index.html">kapteam</a></body>
</html>
"""


def main() -> int:
    """Make the site; the exit status is Sphinx's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    folder = parser.parse_args().folder
    kept = folder.with_name(f"{folder.name}-doctrees")
    options = ["--quiet", "--fresh-env", "--fail-on-warning", "--jobs", "2", "--doctree-dir", kept]
    sphinx = [sys.executable, "-m", "sphinx", "--builder", "html", "--conf-dir", ROOT / "docs"]
    ended = subprocess.run([*sphinx, *options, ROOT, folder], check=False)
    if not ended.returncode:
        (folder / "index.html").write_text(_FIRST, encoding="utf-8")
        print(f"open {folder / 'index.html'}")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
