"""What only solvers and readers of tables need is not loaded with the pages."""

import subprocess
import sys

import pytest

SOLVERS = ("faiss", "highspy", "numba", "ortools", "pandas", "polars", "pyarrow", "pysat", "onnxruntime")
PROGRAM = """
import sys
from serai.expo.site.operation.domain.instance import open_instance
open_instance()
import serai.expo.wsgi
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("package", SOLVERS)
def test_the_pages_load_no(package: str, loaded: set[str]) -> None:
    assert "django" in loaded
    assert package not in loaded
