"""An instance of version 0.1 is brought up to date by the first command, and works on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

OLD = Path(__file__).with_name("instance_0_1.py")
ASKED = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "serai.expo.settings"
django.setup()
from django.test import Client
for page in ("firms/?q=tea", "firms/CN20260000000/"):
    answer = Client(headers={"host": "localhost"}).get(f"/en/fair/{page}")
    print(answer.status_code, "Tea" in answer.text)
"""


@pytest.mark.slow
@pytest.mark.django_db
def test_rows_of_the_first_schema_stay_and_are_worked_with(
    tmp_path: Path, program: Callable[..., str], serai: Callable[..., str], new_database: Callable[[], str]
) -> None:
    home, url = tmp_path / "home", new_database()
    program(home, OLD, url=url)
    firms = tmp_path / "firms.csv"
    firms.write_text("Name,Country,Offers\nTea Ltd,KE,Black tea\nCocoa GmbH,DE,Cocoa\n")
    said = json.loads(serai(home, "import", firms, "--json", url=url))
    assert (said["counts"]["new"], said["counts"]["matched"]) == (1, 1)
    assert program(home, "-c", ASKED, url=url).splitlines() == ["200 True", "200 True"]
