"""What a process of the web server has done before it answers."""

import gc
import os
import subprocess
import sys
from pathlib import Path


def test_a_page_does_not_wait_while_all_that_is_loaded_is_looked_through_for_garbage() -> None:
    from serai.expo.wsgi import application  # what is frozen by it is let go below

    try:
        assert callable(application)
        assert gc.get_freeze_count() > 50_000
    finally:
        gc.unfreeze()


def test_the_first_search_does_not_wait_for_what_compares_texts_to_be_loaded(tmp_path: Path) -> None:
    serving = """
from serai.expo.wsgi import application
import threading
warming = [one for one in threading.enumerate() if one.name == "warm-up"]
[one.join() for one in warming]
from serai.match import vectors
print(vectors._made.cache_info().currsize)
"""
    environment = os.environ | {"SERAI_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", serving], env=environment, check=True, stdout=subprocess.PIPE)
    assert done.stdout.split() == [b"1"]
