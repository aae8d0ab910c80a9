"""Execute the notebooks of docs/notebooks in place, so that what they show is what the code of today gives.

    python scripts/notebooks.py

They read real tables from the folder that SERAI_DATA names (where that isn't set, ../shared/data).
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"


def main() -> int:
    os.environ.setdefault("SERAI_DATA", str(SHARED_DATA))
    if not Path(os.environ["SERAI_DATA"]).is_dir():
        print("The notebooks need real tables: set SERAI_DATA to their folder.")
        return 1
    for path in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        nbformat.write(executed(nbformat.read(path, as_version=4)), path)
        print(path.relative_to(ROOT))
    return 0


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the outputs of today's code, and nothing that names this machine or this hour."""
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


if __name__ == "__main__":
    sys.exit(main())
