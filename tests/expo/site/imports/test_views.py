"""The import in the browser, tried by its organiser, by that of another fair, by a stranger and by nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Session
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]
type Rows = list[tuple[str, ...]]


def address(name: str, edition: Edition, *arguments: object) -> str:
    return reverse(name, args=[edition.slug, *arguments])


def send(client: Client, edition: Edition, path: Path, *, follow: bool = True, **fields: str) -> HttpResponse:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(address("import-upload", edition), {"file": file, **fields}, follow=follow)


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


PAGES = {
    "import-list": ("get", ()),
    "import-upload": ("get", ()),
    "import-template": ("get", ("firms", "en")),
    "import-detail": ("get", (1,)),
    "import-mapping": ("post", (1,)),
    "import-apply": ("post", (1,)),
    "import-undo": ("get", (1,)),
}


@pytest.mark.parametrize("name", PAGES)
def test_only_the_organiser_of_the_fair_comes_in(
    name: str,
    edition: Edition,
    previewed: Make,
    firms: Rows,
    organiser_client: Client,
    other_organiser_client: Client,
    member_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    made = previewed(firms)
    method, arguments = PAGES[name]
    url = address(name, edition, *(made.pk if argument == 1 else argument for argument in arguments))

    def status(client: Client) -> int:
        return int(getattr(client, method)(url).status_code)

    assert [status(client) for client in (other_organiser_client, member_client, stranger_client)] == [403] * 3
    refused = getattr(anonymous_client, method)(url)
    assert refused.status_code == 302
    assert reverse("sign-in") in refused["Location"]
    with scope(edition=edition):
        assert not Participation.objects.exclude(firm__legal_name="Member Materials Ltd").exists()
    assert status(organiser_client) == (200 if method == "get" else 302)


def test_an_import_of_another_fair_is_not_found(
    edition: Edition, other_edition: Edition, previewed: Make, firms: Rows, organiser_client: Client
) -> None:
    there = previewed(firms, other_edition)
    for name in ("import-detail", "import-undo"):
        assert organiser_client.get(address(name, edition, there.pk)).status_code == 404
    assert organiser_client.post(address("import-apply", edition, there.pk)).status_code == 404


def test_what_changes_something_is_not_done_by_following_a_link(
    edition: Edition, previewed: Make, firms: Rows, organiser_client: Client
) -> None:
    made = previewed(firms)
    for name in ("import-mapping", "import-apply"):
        assert organiser_client.get(address(name, edition, made.pk)).status_code == 405


def test_from_the_file_to_the_fair_and_back(
    edition: Edition, book: Callable[..., Path], firms: Rows, organiser: User, organiser_client: Client
) -> None:
    response = send(organiser_client, edition, book([*firms, ("", "China"), ("Salt", "Atlantis")]), follow=False)
    assert response.status_code == 302
    with scope(edition=edition):
        made = Import.objects.get()
    assert made.made_by == organiser
    detail = address("import-detail", edition, made.pk)
    assert organiser_client.get(response["Location"])["Location"] == detail
    shown = page(organiser_client, detail)
    assert "The row has no name. Fill the name, or delete the row." in shown
    shown = page(organiser_client, f"{detail}?state=new")
    assert "Wuxi Separator Co., Ltd." in shown
    assert not Firm.objects.exists()

    applied = organiser_client.post(address("import-apply", edition, made.pk), follow=True)
    assert "The import has been applied" in applied.content.decode()
    assert Firm.objects.count() == 3

    question = page(organiser_client, address("import-undo", edition, made.pk))
    assert "Take the import back?" in question
    assert Firm.objects.count() == 3
    undone = organiser_client.post(address("import-undo", edition, made.pk), follow=True)
    assert "The import has been taken back" in undone.content.decode()
    assert not Firm.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "list.xlsx", "The file is empty."),
        (b"%PDF-1.7", "list.xlsx", "The file is a PDF."),
        (b"Name,Country\n", "list.csv", "The file has a header and no row below it."),
        (b"PK\x03\x04 cut", "list.xlsx", "The file is damaged"),
        (b"<html></html>", "list.xlsx", "The file is a web page"),
    ],
)
def test_a_wrong_file_brings_the_form_back_with_the_reason(
    content: bytes, name: str, sentence: str, edition: Edition, text: Callable[..., Path], organiser_client: Client
) -> None:
    shown = send(organiser_client, edition, text(content, name)).content.decode()
    assert sentence in shown
    assert 'type="file"' in shown
    with scope(edition=edition):
        assert not Import.objects.exists()


def test_no_file_brings_the_form_back(edition: Edition, organiser_client: Client) -> None:
    response = organiser_client.post(address("import-upload", edition), {})
    assert response.status_code == 400
    assert "Choose a file." in response.content.decode()


def test_a_sheet_is_chosen_in_the_form_or_on_the_preview(
    edition: Edition, book: Callable[..., Path], firms: Rows, organiser_client: Client
) -> None:
    path = book(sheets={"First": firms, "Second": firms[:2]})
    assert "no sheet &#x27;Third&#x27;" in send(organiser_client, edition, path, sheet="Third").content.decode()
    send(organiser_client, edition, path, sheet="Second")
    with scope(edition=edition):
        second = Import.objects.get()
        assert (second.sheet, second.rows.count()) == ("Second", 1)
        organiser_client.post(address("import-mapping", edition, second.pk), {"sheet": "First"})
        first = Import.objects.get(sheet="First")
        assert first.rows.count() == 3
        assert first.file_name == second.file_name


def test_the_mapping_is_corrected_and_guessed_again(
    edition: Edition, previewed: Make, organiser_client: Client
) -> None:
    made = previewed([("Name", "Country", "Remark"), ("Tea", "Kenya", "Black tea")])
    url = address("import-mapping", edition, made.pk)
    shown = page(organiser_client, address("import-detail", edition, made.pk))
    assert '<select name="column-2"' in shown
    organiser_client.post(url, {"column-0": "name", "column-1": "country", "column-2": "offers"})
    made.refresh_from_db()
    assert made.mapping == {"0": "name", "1": "country", "2": "offers"}
    organiser_client.post(url, {"column-0": "name", "column-1": "nonsense"})
    made.refresh_from_db()
    assert made.mapping == {"0": "name", "1": "country", "2": "offers"}
    organiser_client.post(url, {"column-0": "name", "guess": "1"})
    made.refresh_from_db()
    assert made.mapping == {"0": "name", "1": "country", "2": "own"}  # what no field takes is kept


def test_a_mapping_without_a_country_says_so_and_is_not_applied(
    edition: Edition, previewed: Make, organiser_client: Client
) -> None:
    made = previewed([("Name", "Ort"), ("Tea", "Mombasa")])
    shown = page(organiser_client, address("import-detail", edition, made.pk))
    assert "No column holds the country or region of the firm." in shown
    assert address("import-apply", edition, made.pk) not in shown
    applied = organiser_client.post(address("import-apply", edition, made.pk), follow=True)
    assert "No column holds the country" in applied.content.decode()
    assert not Firm.objects.exists()


def test_rows_held_back_are_decided_on_the_page(
    edition: Edition, previewed: Make, organiser_client: Client, a_firm: Callable[..., Firm]
) -> None:
    known = a_firm("Longwell Separator", country="CN")
    made = previewed([("Name", "Country"), ("Longwel Separator", "China")])
    url = address("import-detail", edition, made.pk)
    shown = page(organiser_client, url)
    assert "The same firm as Longwell Separator" in shown
    assert "1 row is held back" in shown
    assert address("import-apply", edition, made.pk) not in shown
    decided = organiser_client.post(url, {"row-2": str(known.pk), "row-nonsense": "x"}, follow=True).content.decode()
    assert "1 row is decided." in decided
    assert f'value="{known.pk}" checked' in decided
    organiser_client.post(address("import-apply", edition, made.pk))
    with scope(edition=edition):
        assert Participation.objects.get().firm == known


def test_a_file_that_is_there_already_says_so_and_has_nothing_to_apply(
    edition: Edition, previewed: Make, imported: Make, firms: Rows, organiser_client: Client
) -> None:
    first, second = imported(firms), previewed(firms)
    shown = page(organiser_client, address("import-detail", edition, second.pk))
    assert address("import-detail", edition, first.pk) in shown
    assert "There is nothing to change" in shown
    assert address("import-apply", edition, second.pk) not in shown


def test_a_preview_is_discarded_after_a_question(
    edition: Edition, previewed: Make, firms: Rows, organiser_client: Client
) -> None:
    made = previewed(firms)
    url = address("import-undo", edition, made.pk)
    assert "Discard the preview?" in page(organiser_client, url)
    assert organiser_client.post(url)["Location"] == address("import-list", edition)
    assert organiser_client.get(url).status_code == 404


def test_an_undo_that_is_refused_says_what_stands_in_the_way(
    edition: Edition, imported: Make, firms: Rows, organiser_client: Client
) -> None:
    made = imported(firms)
    Firm.objects.filter(country="KE").update(website="https://since.example")
    shown = organiser_client.post(address("import-undo", edition, made.pk), follow=True).content.decode()
    assert "firm “Nairobi Tea Exporters” has been changed since" in shown
    assert Firm.objects.count() == 3


def test_notes_of_rows_are_shown_with_their_place(edition: Edition, previewed: Make, organiser_client: Client) -> None:
    made = previewed([("Name", "Country", "Website"), ("Tea <b>", "Kenya", "ask us")])
    shown = page(organiser_client, address("import-detail", edition, made.pk) + "?state=noted")
    assert "Column C (Website), “ask us”: this is no address of a website." in shown
    assert "Tea &lt;b&gt;" in shown
    assert "<b>" not in shown.partition("<main")[2]


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_template_is_downloaded_in_each_language(language: str, edition: Edition, organiser_client: Client) -> None:
    assert address("import-template", edition, "firms", language) in page(
        organiser_client, address("import-upload", edition)
    )
    response = organiser_client.get(address("import-template", edition, "firms", language))
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response.content.startswith(b"PK")


def test_there_is_no_template_in_an_unknown_language(edition: Edition, organiser_client: Client) -> None:
    assert organiser_client.get(address("import-template", edition, "firms", "xx")).status_code == 404


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_takes_the_same_number_of_queries_for_one_and_three_imports(
    edition: Edition, imported: Make, firms: Rows, organiser: User, organiser_client: Client
) -> None:
    url = address("import-list", edition)
    imported(firms[:2], user=organiser)
    one = queries(organiser_client, url)
    imported(firms[:3], user=organiser)
    imported(firms, user=organiser)
    assert page(organiser_client, url).count('<th scope="row">') == 3
    assert queries(organiser_client, url) == one


@pytest.mark.parametrize("state", ["new", "possible", "rejected", "noted"])
def test_an_import_takes_the_same_number_of_queries_for_one_and_three_rows(
    state: str, edition: Edition, previewed: Make, organiser_client: Client, a_firm: Callable[..., Firm]
) -> None:
    a_firm("Longwell Separator", country="CN")
    row = {
        "new": ("Tea {}", "Kenya", ""),
        "possible": ("Longwel Separator", "China", ""),
        "rejected": ("Tea {}", "Atlantis", ""),
        "noted": ("Tea {}", "Kenya", "ask us"),
    }[state]

    def count(rows: int) -> int:
        lines = [tuple(cell.format(number) for cell in row) for number in range(rows)]
        made = previewed([("Name", "Country", "Website"), *lines])
        url = address("import-detail", edition, made.pk) + f"?state={state}"
        assert page(organiser_client, url).count('<th scope="row" class="number">') == rows
        return queries(organiser_client, url)

    assert count(1) == count(3)


def test_the_rows_come_in_pages(edition: Edition, previewed: Make, organiser_client: Client) -> None:
    made = previewed([("Name", "Country"), *[(f"Firm {number}", "Kenya") for number in range(60)]])
    url = address("import-detail", edition, made.pk) + "?state=new"
    assert page(organiser_client, url).count('<th scope="row" class="number">') == 50
    assert page(organiser_client, f"{url}&page=2").count('<th scope="row" class="number">') == 10


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
def test_the_pages_are_shown_in_other_languages(
    language: str, edition: Edition, previewed: Make, firms: Rows, organiser_client: Client
) -> None:
    made = previewed([*firms, ("", "China")])
    for name, arguments in (("import-list", ()), ("import-upload", ()), ("import-detail", (made.pk,))):
        url = address(name, edition, *arguments).replace("/en/", f"/{language}/", 1)
        assert f'<html lang="{language}"' in page(organiser_client, url)


def test_counts_sum_to_the_rows(edition: Edition, imported: Make, firms: Rows) -> None:
    made = imported([*firms, ("", "China")])
    with scope(edition=edition):
        assert sum(domain.counts(made).values()) == 4


def test_a_programme_is_sent_previewed_and_applied_in_the_browser(
    edition: Edition, organiser_client: Client, book: Callable[..., Path]
) -> None:
    rows = [
        ("Programm",),
        ("Datum", "Beginn", "Ende", "Titel", "Catering"),
        ("28.11.2026", "10:00", "11:00", "Recycling", "ja"),
        ("28.11.2026", "zehn", "11:00", "Kupfer", "nein"),
    ]
    response = send(organiser_client, edition, book(rows, "programm.xlsx"), subject="sessions")
    text = response.content.decode()
    assert "Sessions and speakers" in text
    assert "No field of this kind of list takes it: it is left out." in text
    assert "this is no time." in text
    with scope(edition=edition):
        made = Import.objects.get()
    organiser_client.post(address("import-apply", edition, made.pk))
    with scope(edition=edition):
        assert [session.title for session in Session.objects.all()] == [{"en": "Recycling"}]


def test_a_list_that_says_nothing_of_trades_or_kinds_is_previewed_with_a_warning(
    edition: Edition, previewed: Make, organiser_client: Client
) -> None:
    bare = previewed([("Firm", "Country"), ("Nairobi Foods", "KE")])
    shown = page(organiser_client, address("import-detail", edition, bare.pk))
    assert "No column tells what these firms do" in shown
    assert "Nothing in the list says otherwise" in shown
    telling = previewed([("采购商名称", "Country", "Products"), ("Nairobi Foods", "KE", "Tea")])
    shown = page(organiser_client, address("import-detail", edition, telling.pk))
    assert "No column tells what these firms do" not in shown
    assert "Nothing in the list says otherwise" not in shown
    assert "The name of the list says so" in shown


def test_the_preview_says_of_each_column_what_it_became(
    edition: Edition, organiser_client: Client, book: Callable[..., Path]
) -> None:
    rows = [("Name", "Country", "Crew"), ("Tea Ltd", "Kenya", 4)]
    text = send(organiser_client, edition, book(rows)).content.decode()
    assert "Kept as a field of your own, which only organisers read until you choose otherwise." in text
    assert '<option value="own" selected>– a field of your own –</option>' in text
