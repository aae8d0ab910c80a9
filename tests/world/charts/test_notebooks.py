"""The notebooks of docs/notebooks run, and what they show is what the code of today gives."""

import re
import runpy
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
ROUNDING = re.compile(r"-?\d+(\.\d+)?e-(1[2-9]|[2-9]\d)")
"""What is nothing but the order in which a processor adds; now and then it is nothing at all."""
SPACES = re.compile(" +")


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")  # Jupyter's own, about its event loop and its sockets
def test_a_notebook_shows_what_it_computes(
    path: Path, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    executed = runpy.run_path(str(ROOT / "scripts" / "notebooks.py"))["executed"]
    stored = nbformat.read(path, as_version=4)
    assert said(executed(nbformat.read(path, as_version=4))) == said(stored)


def said(notebook: nbformat.NotebookNode) -> list[str]:
    """The text of every output; pictures and pages are drawn anew by each version of their library."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    texts = [output.get("text") or output["data"]["text/plain"] for output in outputs]
    return [SPACES.sub(" ", ROUNDING.sub("0.0", text)) for text in texts]
